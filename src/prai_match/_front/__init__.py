"""The objects that tools and notebooks use: a programme, its recommendations, and the records kept of them."""

from prai_match._front._programme import Programme as Programme
from prai_match._front._recommendations import Recommendation as Recommendation, Recommendations as Recommendations
from prai_match._front._record import Answer as Answer, Record as Record
from prai_match._front._reproduction import Reproduction as Reproduction, reproduce as reproduce
