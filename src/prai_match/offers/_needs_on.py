"""The needs of a programme on a day, each with its state and the reason."""

import datetime as dt

import polars as pl

from prai_match.followups import territory_of
from prai_match.model import Lang, ProgrammeData
from prai_match.needs import spells, states
from prai_match.offers._tables import needs_read
from prai_match.text import day, messages


def needs_by_state(programme: ProgrammeData, on: dt.date) -> pl.DataFrame:
    """Return the needs expressed by a day with their states, ``row`` among all, and reason of a withdrawal."""
    members = territory_of(programme)
    held = programme.sessions.to_polars().select("axis", held="id").unique("held")
    came = programme.attendances.to_polars().join(members, on="collectivity").join(held, on="held", how="left")
    said = programme.decisions.to_polars().filter(pl.col("collectivity").is_not_null())
    short = {"collectivity": "c", "territory": "t", "workshop": "s", "session": "s", "axis": "x"}
    needs = needs_read(programme).join(members, on="collectivity", how="left", maintain_order="left")
    asks, came, said = (table.rename(short, strict=False) for table in (needs, came, said))
    lives = spells(asks, came, said, programme.needs_lapse_months)
    return states(lives, on, programme.calendar.renewed_before(on)).select(
        *(pl.col("t").alias("territory"), pl.col("c").alias("collectivity"), "date", pl.col("s").alias("workshop")),
        *(pl.col("x").alias("axis"), "people", "score", "state", "since"),
        pl.col("cell").alias("row"),
        by=pl.when(state="met").then("by"),
        reason=pl.when(state="withdrawn").then("reason"),
    )


def needs_on(programme: ProgrammeData, on: dt.date, lang: Lang) -> pl.DataFrame:
    """Return the same, and why each is in its state, in a sentence (see `Programme.needs_on`)."""
    rows, texts = needs_by_state(programme, on), messages("prai_match.offers", "needs", lang)["states"]
    names = {collectivity.code: collectivity.name for collectivity in programme.collectivities}
    days = {each: day(each, lang) for each in rows["since"].unique()}
    known = {"months": programme.needs_lapse_months}
    why = [
        texts["withdrawn_because" if reason else state].format(day=days[since], who=names.get(by), why=reason, **known)
        for state, since, by, reason in rows.select("state", "since", "by", "reason").iter_rows()
    ]
    return rows.drop("reason", "row").with_columns(why=pl.Series(why, dtype=pl.String))
