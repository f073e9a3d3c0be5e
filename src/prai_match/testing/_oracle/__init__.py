"""A naive reference engine in plain Python, written from the formulas of the vocabulary."""

from prai_match.testing._oracle._columns import COLUMNS as COLUMNS, Candidate as Candidate
from prai_match.testing._oracle._oracle import CandidateVerdict as CandidateVerdict, Oracle as Oracle
