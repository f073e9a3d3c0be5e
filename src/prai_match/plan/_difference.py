"""What changed from a plan to another: sessions added, taken away, moved, led or hosted by others, and who comes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.plan._conditions import names
from prai_match.text import Shown, counted, current_language, day, messages, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from prai_match.model import Lang
    from prai_match.plan._plan import Plan

_CHANGES = ("date", "trainer", "partner")


@dataclass(frozen=True, eq=False)
class PlanDifference(Shown):
    """What changed from a plan to another; true where anything did.

    Attributes:
        before: The plan before.
        after: The plan after.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> season = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 9, 28), time_limit=0)
        >>> fewer = season.with_sessions(season.sessions.head(1))
        >>> bool(fewer - season), bool(season - season)
        (True, False)
        >>> sorted((fewer - season).changes())
        ['added', 'changed', 'removed']
    """

    before: Plan
    after: Plan

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(self.sessions.height)

    @cached_property
    def sessions(self) -> pl.DataFrame:
        """The sessions that changed, by identifier.

        Columns: ``id``, ``session``, ``host``, ``change`` (``added``, ``removed`` or ``changed``), ``date_before``,
        ``date_after``, ``trainer_before``, ``trainer_after``, ``partner_before``, ``partner_after``, ``joined`` and
        ``left`` (territories invited that weren't, and no longer).
        """
        before, after = (
            plan.sessions.select("id", "session", "host", *(pl.col(name).alias(f"{name}_{side}") for name in _CHANGES))
            for plan, side in ((self.before, "before"), (self.after, "after"))
        )
        both = before.join(after, on="id", how="full", coalesce=True, suffix="_after")
        counts = self.seats.group_by(id="session").agg(
            joined=(pl.col("change") == "joined").sum().cast(pl.Int64),
            left=(pl.col("change") == "left").sum().cast(pl.Int64),
        )
        out, new = pl.col("host_after").is_null(), pl.col("host").is_null()
        other = pl.any_horizontal(*(pl.col(f"{name}_before").ne_missing(pl.col(f"{name}_after")) for name in _CHANGES))
        change = pl.when(new).then(pl.lit("added")).when(out).then(pl.lit("removed")).otherwise(pl.lit("changed"))
        return (
            both.join(counts, on="id", how="left")
            .with_columns(pl.col("joined", "left").fill_null(0))
            .filter(new | out | other | (pl.col("joined") + pl.col("left") > 0))
            .select(
                "id",
                pl.coalesce("session", "session_after"),
                pl.coalesce("host", "host_after"),
                change.alias("change"),
                *(f"{name}_{side}" for name in _CHANGES for side in ("before", "after")),
                "joined",
                "left",
            )
            .sort("id")
        )

    @cached_property
    def seats(self) -> pl.DataFrame:
        """The territories invited that weren't (``joined``), or no longer (``left``).

        Columns: ``session`` (its id), ``territory`` and ``change``.
        """
        keys = ["session", "territory"]
        sides = {"joined": (self.after, self.before), "left": (self.before, self.after)}
        return pl.concat(
            [
                one.seats.select(keys).join(other.seats, on=keys, how="anti").with_columns(change=pl.lit(change))
                for change, (one, other) in sides.items()
            ]
        ).sort(*keys)

    def changes(self) -> dict[str, int]:
        """How many sessions were ``added``, ``removed`` and ``changed``."""
        return {name: self.sessions.filter(change=name).height for name in ("added", "removed", "changed")}

    def text(self, lang: Lang | None = None) -> str:
        """Return what changed, one session a line."""
        lang = current_language(lang)
        words = messages("prai_match.plan", "difference", lang)
        if not self:
            return str(words["same"])
        return "\n".join([counted(self.sessions.height, words["title"], lang), *self._lines(words, lang)])

    def _lines(self, words: Mapping[str, Any], lang: Lang) -> Iterator[str]:
        codes = names(self.before.inputs.programme, lang) | names(self.after.inputs.programme, lang)
        for row in self.sessions.iter_rows(named=True):
            texts = {name: _text(value, codes, lang) for name, value in row.items()}
            what = ", ".join(_what(row, texts, words["what"]))
            yield "- " + words["change"][row["change"]].format(what=what, **texts)

    def __repr__(self) -> str:
        """How many sessions changed."""
        return f"<PlanDifference: {', '.join(f'{count} {name}' for name, count in self.changes().items())}>"


def _what(row: Mapping[str, Any], texts: Mapping[str, str], words: Mapping[str, str]) -> Iterator[str]:
    """Tell each thing that changed in a session."""
    for name in _CHANGES:
        if row[f"{name}_before"] != row[f"{name}_after"]:
            yield words[name].format(before=texts[f"{name}_before"], after=texts[f"{name}_after"])
    if row["joined"] or row["left"]:
        yield words["seats"].format(joined=row["joined"], left=row["left"])


def _text(value: Any, codes: Mapping[str, str], lang: Lang) -> str:  # noqa: ANN401 - a cell
    if value is None:
        return "-"
    if isinstance(value, str | int):
        return codes.get(str(value), plain(str(value)))
    return day(value, lang)
