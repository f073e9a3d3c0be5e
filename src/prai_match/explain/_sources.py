"""The data behind an answer: the needs of some territories in their words, and the sessions that they attended."""

import datetime as dt
from collections.abc import Collection

import numpy as np
import polars as pl

from prai_match.followups import territory_of
from prai_match.model import Lang, ProgrammeData
from prai_match.needs import WAITING
from prai_match.offers import Snapshot, head_count, needs_by_state, workshops_behind
from prai_match.recommend import Answers
from prai_match.text import masked

_NEEDS = (
    *("date", "territory", "collectivity", "name", "channel", "text", "workshop", "axis", "people", "score"),
    *("state", "since"),
)
_CAME = ("elected", "technicians", "people")


def needs_in_words(programme: ProgrammeData, day: Snapshot) -> pl.DataFrame:
    """Return the needs expressed up to a day in their original words, newest first, with their state on that day."""

    def make() -> pl.DataFrame:
        names = {collectivity.code: collectivity.name for collectivity in programme.collectivities}
        needs = needs_by_state(programme, day.on)
        words = programme.needs.to_polars()["channel", "text"][needs["row"]]
        needs = needs.hstack(words).with_columns(name=pl.col("collectivity").replace(names)).select(_NEEDS)
        return needs.sort(_NEEDS, descending=[True, *[False] * (len(_NEEDS) - 1)])

    return day.memo.once("needs in words", make, programme)


def history_of(programme: ProgrammeData, on: dt.date, territories: Collection[str], lang: Lang) -> pl.DataFrame:
    """Return the sessions that territories attended up to a day, newest first, one row per territory, session, day.

    Columns: ``date``, ``territory``, ``session``, ``name`` (of the session), ``host`` (the territory where it was held;
    null if unknown) and ``place`` (its name), ``elected``, ``technicians`` and ``people`` (how many attended; null if
    unknown), ``rating`` (the mean, out of 4) and ``held`` (its identifier among the sessions held).
    """
    names = {session.id: session.name.get(lang) for session in programme.catalogue.sessions}
    places = {territory.id: territory.name for territory in programme.territories}
    known = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in _CAME]
    came = (
        programme.attendances.to_polars()
        .join(territory_of(programme), on="collectivity")
        .filter(pl.col("territory").is_in([*territories]), pl.col("date") <= on)
        .with_columns(people=head_count())
        .group_by("date", "territory", "session")
        .agg(*known, pl.col("rating").sort().mean(), pl.col("held").min())
        .join(programme.sessions.to_polars().select("host", held="id"), on="held", how="left")
        .with_columns(name=pl.col("session").replace(names), place=pl.col("host").replace(places))
        .sort("date", "territory", "session", descending=[True, False, False])
        .select("date", "territory", "session", "name", "host", "place", *_CAME, "rating", "held")
    )
    return came.with_columns(masked(came[name], lang) for name in ("name", "place"))


def needs_behind(answers: Answers, territory: str, lang: Lang) -> pl.DataFrame:
    """Return the needs of a territory, and whether each is ``behind`` its offer (see `Recommendation.needs`)."""
    first, day = answers.best.filter(t=answers.number(territory))["t", "s"], answers.snapshot
    t, s = first.to_numpy().astype(np.int64).T
    _, asked = np.nonzero(workshops_behind(day, t, s))
    workshops = day.frames.sessions["session"].gather(pl.Series(asked, dtype=pl.UInt32))
    behind = pl.col("workshop").is_in(workshops.implode()) & pl.col("state").is_in(WAITING)
    needs = needs_in_words(answers.programme, day).filter(territory=territory)
    texts = (masked(needs[name], lang) for name in ("name", "text"))
    return needs.with_columns(*texts, behind=behind.fill_null(value=False))
