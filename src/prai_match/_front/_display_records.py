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
def offer(shown_offer: Offer, lang: Lang) -> str:
    """Show an offer by itself."""
    return display("", _facts(shown_offer, lang), lang=lang)


@shown.register(Answer)
def answer(recorded: Answer, lang: Lang) -> str:
    """Show what was recommended, and the points."""
    return display("", _facts(recorded, lang), *_points(recorded, lang), lang=lang)


@shown.register(Record)
def record(rec: Record, lang: Lang) -> str:
    """Show what was rec of a rec."""
    labels = messages("prai_match", "display", lang)["record"]
    return display(
        labels["title"].format(name=rec.name, territory=rec.territory, day=day(rec.on, lang)),
        _facts(rec.answer, lang),
        Facts(((labels["fingerprint"], rec.fingerprint.short),)),
        *_points(rec.answer, lang),
        lang=lang,
    )


@shown.register(Reproduction)
def reproduction(result: Reproduction, lang: Lang) -> str:
    """Show what is the same and what isn't."""
    title, *lines = result.text(lang).split("\n")
    blocks: list[str | Items] = []
    for is_item, some in groupby(lines, key=lambda line: line.startswith(_ITEM)):
        group = tuple(line.removeprefix(_ITEM) for line in some)
        blocks += [Items(group)] if is_item else group
    return display(title, *blocks, lang=lang)


def _facts(answer: Offer | Answer, lang: Lang) -> Facts:
    labels = messages("prai_match.explain", "reproduction", lang)["answer"]
    values = {name: _value_text(getattr(answer, name, None), lang) for name in labels}
    if answer.session is not None and answer.cost is None:
        values["cost"] = price(None, lang)
    return Facts(tuple((label, values[name]) for name, label in labels.items()))


def _value_text(value: object, lang: Lang) -> str:
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


def _points(answer: Answer, lang: Lang) -> tuple[Frame, ...]:
    texts = messages("prai_match", "display", lang)["record"]
    rows = sorted(answer.contributions.items(), key=lambda item: (-item[1], item[0]))
    frame = pl.DataFrame(rows, schema={"rule": pl.String, "points": pl.Float64}, orient="row")
    labels = {name: texts[name] for name in frame.columns}
    return (Frame(texts["caption"], frame, labels, frame.height),) if rows else ()
