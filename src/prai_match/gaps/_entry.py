"""Entry points: the relay gaps, and who could take them, for a programme and a day or for the answers of a day."""

import datetime as dt

from prai_match import _arguments as given
from prai_match.gaps._missing import missing, waiting
from prai_match.gaps._result import RelayGaps
from prai_match.gaps._structures import structures
from prai_match.model import ProgrammeData
from prai_match.plan import Plan, together_of_all
from prai_match.recommend import Answers, recommend

TOP = 10


@given.takes(top=given.at_least(1))
def relay_gaps(programme: ProgrammeData, on: dt.date, *, top: int = TOP) -> RelayGaps:
    """Return where relays are missing on a day (see `Programme.relay_gaps`)."""
    return gaps_of(recommend(programme, on), top)


def gaps_of(answers: Answers, top: int = TOP, season: Plan | None = None) -> RelayGaps:
    """Return the relay gaps of all territories on a day; ``season`` is the set of offers held together, if known."""
    season = together_of_all(answers) if season is None else season
    left = waiting(season, answers)
    gaps = missing(season, answers, left)
    frame, partners = structures(season, answers, gaps, left, top)
    return RelayGaps(answers, gaps, left, frame, partners)
