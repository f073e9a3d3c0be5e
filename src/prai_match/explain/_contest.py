"""The data by which candidates of a territory are judged on a day, and the names of candidates."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from prai_match import recommend
from prai_match.explain import _place, _why, _why_not
from prai_match.model import Lang
from prai_match.offers import NONE, AssessedOffer, Snapshot
from prai_match.text import day as day_text, number

# From how many points on the plural is used: English always uses it with a decimal.
_PLURAL: dict[Lang, float] = {"fr": 2.0, "en": 0.0}


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """One territory on a day (of the answers, or after moves), with all the data by which its candidates are judged.

    The winner is the recommendation (``s``, ``x``, ``h``, ``b``, ``p``, ``r``), in at most one row; if there is none,
    ``reason`` holds the code of the reason. If a day is asked about, the snapshot is of this day.
    """

    answers: recommend.Answers
    snapshot: Snapshot
    furthest: pl.DataFrame
    winner: pl.DataFrame
    reason: str | None = None
    day: dt.date | None = None


def place_of(case: Contest, row: AssessedOffer, lang: Lang) -> str:
    """Say where a candidate is held; empty if at the territory's own place."""
    if row["own_place"]:
        return ""
    name, b = case.answers.names[lang][str(row["host"])], row.number("b")
    there = _place.away(name, float(str(row["host_km"])), lang)
    return there if b == NONE else _place.booked(case.answers, there, case.snapshot.hosting.frames.held["id"][b], lang)


def axis_name(case: Contest, row: AssessedOffer, axis: str | None, lang: Lang) -> str:
    if axis is None:
        return str(_why_not.words(lang)["parts"]["core"])
    (workshop,) = (each for each in case.answers.programme.catalogue.workshops if each.id == row["session"])
    return next(each.name.get(lang) for each in workshop.axes if each.id == axis)


def name_of(case: Contest, row: AssessedOffer, lang: Lang, day: dt.date | None = None) -> str:
    parts, names = _why_not.words(lang)["parts"], case.answers.names[lang]
    own = row["axis"]
    axis = "" if own is None else parts["axis"].format(name=axis_name(case, row, str(own), lang))
    others = (
        parts[kind].format(name=names[str(row[kind])]) for kind in ("partner", "trainer") if row[kind] is not None
    )
    on = "" if day is None else parts["day"].format(day=day_text(day, lang))
    return names[str(row["session"])] + axis + _why.held_at(place_of(case, row, lang), lang) + "".join(others) + on


def title(
    case: Contest, offers: Sequence[AssessedOffer], sentence: str, scores: tuple[float | None, float | None], lang: Lang
) -> str:
    """Say the verdict on the first of ``offers``; the second is the winner, if there is one."""
    texts, asked = _why_not.words(lang), offers[0]
    values = {"territory": asked["territory_name"], "candidate": name_of(case, asked, lang, case.day)}
    score, winner_score = scores
    if score is not None:
        values["score"] = number(score, 1, lang)
    if score is not None and winner_score is not None:
        gap = winner_score - score
        point = texts["parts"]["point" if abs(round(gap, 1)) < _PLURAL[lang] else "points"]
        values |= {
            "winner": name_of(case, offers[1], lang),
            "winner_score": number(winner_score, 1, lang),
            "gap": point.format(n=_why_not.points(gap, lang)),
        }
    reason = "" if case.reason is None else _why.reason_sentence(case.reason, case.answers.policy, lang) + " "
    return reason + str(texts["verdicts"][sentence]).format_map(values)
