"""Relay gaps: sessions that no relay of a département can organise, who is waiting, and who could organise them.

Stability: provisional.
"""

from prai_match.gaps._entry import gaps_of as gaps_of, relay_gaps as relay_gaps
from prai_match.gaps._result import RelayGaps, document as document, table as table

__all__ = ["RelayGaps"]
