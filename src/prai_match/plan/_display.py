"""What notebooks show of a plan and of what changed since another: names where data have codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.plan import _names
from prai_match.plan._difference import PlanDifference
from prai_match.plan._plan import Plan
from prai_match.plan._sentences import names
from prai_match.text import Frame, Items, Section, day, display, messages, number, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.model import Lang
    from prai_match.text import Block

_COLUMNS = ("session", "date", "host", "axis", "territories", "elected", "technicians", "partner", "trainer", "cost")
_SHOWN = 20
_BROKEN = 10
"""Sentences of conditions broken that are shown."""


@shown.register(Plan)
def plan(found: Plan, lang: Lang) -> str:
    """Show what a plan comes to, what it breaks if anything, its sessions, and what would serve the other demands."""
    title, *sentences = found.summary(lang)
    said = messages("prai_match.plan", "exports", lang)
    columns = {name: said["sessions"][name] for name in (*_COLUMNS, "status")}
    frame = Frame(said["display"]["sessions"], _titled(found, lang), columns, _SHOWN, ".to_polars()")
    blocks = [*_broken(found, lang), *([frame] if found.sessions.height else []), *_unserved(found, lang)]
    return display(title, *sentences, *blocks, lang=lang)


@shown.register(PlanDifference)
def difference(found: PlanDifference, lang: Lang) -> str:
    """Show the sessions that changed from a plan to another."""
    said = messages("prai_match.plan", "exports", lang)
    words = said["difference"]
    heading = words["title"].format(start=day(found.after.start, lang), end=day(found.after.end, lang))
    first = found.text(lang).partition("\n")[0]
    if not found:
        return display(heading, first, lang=lang)
    known = names(found.before.inputs.programme, lang) | names(found.after.inputs.programme, lang)
    days = pl.col("date_before", "date_after").dt.to_string({"fr": "%d/%m/%Y", "en": "%Y-%m-%d"}[lang])
    frame = found.sessions.with_columns(
        days, pl.col("^(session|host|trainer|partner).*$").replace(known), pl.col("joined", "left").replace(0, None)
    ).with_columns(
        change=pl.col("change").replace(said["changes"]),
        date=pl.coalesce(_passed("date"), "date_before"),
        trainer=_passed("trainer"),
        partner=_passed("partner"),
    )
    columns = {name: text for name, text in words.items() if name in frame.columns}
    return display(heading, Frame(words["caption"], frame, columns, _SHOWN, ".sessions"), lang=lang)


def _passed(name: str) -> pl.Expr:
    """What was before and what is after, where they differ."""
    before, after = pl.col(f"{name}_before"), pl.col(f"{name}_after")
    return pl.when(before.ne_missing(after)).then(pl.concat_str(before, after, separator=" → ", ignore_nulls=True))


def _titled(found: Plan, lang: Lang) -> pl.DataFrame:
    """Return the sessions with their kind before their name."""
    colon = messages("prai_match.plan", "exports", lang)["colon"]
    return _names.sessions(found, lang).with_columns(session=pl.concat_str("kind", pl.lit(colon), "session"))


def _broken(found: Plan, lang: Lang) -> Iterator[Block]:
    said: dict[str, Any] = messages("prai_match.plan", "exports", lang)["display"]
    sentences = found.check(lang)["sentence"]
    if sentences.len():
        more = sentences.len() - _BROKEN
        rest = [said["more"].format(count=number(more, 0, lang))] if more > 0 else []
        yield Section(said["broken"], (Items((*sentences.head(_BROKEN), *rest)),))


def _unserved(found: Plan, lang: Lang) -> Iterator[Block]:
    """Tell what would serve the demands that aren't, the most frequent first."""
    said: dict[str, Any] = messages("prai_match.plan", "exports", lang)["display"]
    counts = found.unserved(lang).group_by("sentence").len("count").sort("count", "sentence", descending=[True, False])
    items = tuple(
        said["times"].format(count=number(count, 0, lang), sentence=sentence) for sentence, count in counts.iter_rows()
    )
    if items:
        yield Section(said["unserved"], (Items(items),))
