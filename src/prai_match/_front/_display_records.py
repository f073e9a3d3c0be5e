"""What notebooks show of answers that were kept, which know identifiers only, and of those computed again."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

import polars as pl

from prai_match._front._record import Answer, Record
from prai_match._front._reproduction import Reproduction
from prai_match.recommend import Offer
from prai_match.text import Facts, Frame, Items, day, display, euros, messages, number, price, shown

if TYPE_CHECKING:
    from prai_match.model import Lang

_ITEM = "  - "


@shown.register(Offer)
def offer(found: Offer, lang: Lang) -> str:
    """Show an offer by itself."""
    return display("", _facts(found, lang), lang=lang)


@shown.register(Answer)
def answer(found: Answer, lang: Lang) -> str:
    """Show what was recommended, and the points."""
    return display("", _facts(found, lang), *_points(found, lang), lang=lang)


@shown.register(Record)
def record(found: Record, lang: Lang) -> str:
    """Show what was kept of a recommendation."""
    said = messages("prai_match", "display", lang)["record"]
    return display(
        said["title"].format(name=found.name, territory=found.territory, day=day(found.on, lang)),
        _facts(found.answer, lang),
        Facts(((said["fingerprint"], found.fingerprint.short),)),
        *_points(found.answer, lang),
        lang=lang,
    )


@shown.register(Reproduction)
def reproduction(found: Reproduction, lang: Lang) -> str:
    """Show what is the same and what isn't."""
    title, *lines = found.text(lang).split("\n")
    blocks: list[str | Items] = []
    for listed, some in groupby(lines, key=lambda line: line.startswith(_ITEM)):
        group = tuple(line.removeprefix(_ITEM) for line in some)
        blocks += [Items(group)] if listed else group
    return display(title, *blocks, lang=lang)


def _facts(found: Offer | Answer, lang: Lang) -> Facts:
    said = messages("prai_match.explain", "reproduction", lang)["answer"]
    values = {name: _shown(getattr(found, name, None), lang) for name in said}
    if found.session is not None and found.cost is None:
        values["cost"] = price(None, lang)
    return Facts(tuple((label, values[name]) for name, label in said.items()))


def _shown(value: object, lang: Lang) -> str:
    match value:
        case None:
            return ""
        case dt.date():
            return day(value, lang)
        case Decimal():
            return euros(value, lang)
        case float():
            return number(value, 1, lang)
        case _:
            return str(messages("prai_match", "display", lang)["words"].get(value, value))


def _points(found: Answer, lang: Lang) -> tuple[Frame, ...]:
    said = messages("prai_match", "display", lang)["record"]
    rows = sorted(found.contributions.items(), key=lambda item: (-item[1], item[0]))
    frame = pl.DataFrame(rows, schema={"rule": pl.String, "points": pl.Float64}, orient="row")
    labels = {name: said[name] for name in frame.columns}
    return (Frame(said["caption"], frame, labels, frame.height),) if rows else ()
