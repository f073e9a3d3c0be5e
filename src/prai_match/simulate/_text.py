"""Outcomes of simulations in words and tables."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.simulate._summary import measures
from prai_match.text import Frame, counted, day, euros, messages, number, plain, signed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from prai_match.model import Lang
    from prai_match.simulate._outcomes import Outcomes
    from prai_match.text import Block

SHOWN = (
    *("buffets", "workshops", "called_off", "frozen", "served", "reached", "elected", "technicians", "elected_share"),
    *("rating", "after_buffet_share", "needs", "unmet", "spent", "cost_per_person"),
)
"""Measures shown, in order; all of them are in the frames."""


_LARGE = 1000
"""From here on, tenths say nothing."""

_HEAD, _LABEL = 18, 36
"""Characters of a line at the head of a column, and in the column of measures."""


def text(outcomes: Outcomes, lang: Lang) -> str:
    """Say what each scenario comes to, and how it differs from the first."""
    texts = words(lang)
    lines = [title(outcomes, lang), f"{counted(outcomes.replications, texts['replications'], lang)}. {texts['draws']}"]
    lines += [texts["intervals"], *assumptions(outcomes, lang), ""]
    lines += _align(_summary(outcomes, lang), {"measure": "", **titles(outcomes, lang)})
    if len(outcomes.scenarios) > 1:
        lines += ["", _caption(outcomes, lang), ""]
        lines += _align(_differences(outcomes, lang), {"measure": "", **_others(outcomes, lang)})
    return "\n".join(lines)


def assumptions(outcomes: Outcomes, lang: Lang) -> tuple[str, ...]:
    """Tell what is assumed of trainers and costs that aren't known."""
    texts, programme = words(lang)["assumed"], outcomes.programme
    fees = sum(trainer.fee is None for trainer in programme.trainers)
    months = sum(trainer.sessions_a_month is None for trainer in programme.trainers)
    costs = programme.sessions.to_polars()["cost"].null_count()
    fee, with_limit = programme.assume_fee, programme.budget is not None
    key = "fee" if fee is not None else "not_held" if with_limit else "not_counted"
    counts = {key: fees, "month": months, "held": costs}
    amount = "" if fee is None else euros(fee, lang)
    return tuple(counted(count, texts[name], lang).replace("{fee}", amount) for name, count in counts.items() if count)


def tables(outcomes: Outcomes, lang: Lang) -> list[Block]:
    """Return what each scenario comes to, and the differences from the first."""
    texts = words(lang)
    summary, differences = texts["summary"], texts["differences"]
    columns = {"measure": summary["measure"], **titles(outcomes, lang)}
    blocks: list[Block] = [Frame(summary["caption"], _summary(outcomes, lang), columns, len(SHOWN), ".summary()")]
    if len(outcomes.scenarios) > 1:
        others = {"measure": differences["measure"], **_others(outcomes, lang)}
        blocks.append(
            Frame(_caption(outcomes, lang), _differences(outcomes, lang), others, len(SHOWN), ".differences()")
        )
    return blocks


def titles(outcomes: Outcomes, lang: Lang) -> dict[str, str]:
    """Return what each scenario is called, by name; the first is the reference where it isn't called otherwise."""
    first, *others = outcomes.scenarios
    reference = words(lang)["reference"] if first.label is None else first.title(lang)
    return {first.name: reference, **{scenario.name: scenario.title(lang) for scenario in others}}


def _others(outcomes: Outcomes, lang: Lang) -> dict[str, str]:
    return dict(list(titles(outcomes, lang).items())[1:])


def _caption(outcomes: Outcomes, lang: Lang) -> str:
    """Return the caption of the differences: to what they are."""
    caption, first = words(lang)["differences"], outcomes.scenarios[0]
    return str(caption["caption"] if first.label is None else caption["named"].format(baseline=first.title(lang)))


def _summary(outcomes: Outcomes, lang: Lang) -> pl.DataFrame:
    return _table(outcomes.summary(), [scenario.name for scenario in outcomes.scenarios], number, lang)


def _differences(outcomes: Outcomes, lang: Lang) -> pl.DataFrame:
    return _table(outcomes.differences(), [scenario.name for scenario in outcomes.scenarios[1:]], signed, lang)


def _table(
    rows: pl.DataFrame, scenarios: Sequence[str], write: Callable[[float, int, Lang], str], lang: Lang
) -> pl.DataFrame:
    """Return a row a measure, with an interval in the column of each scenario."""
    cells = {
        (scenario, measure): values
        for scenario, measure, of, *values in rows.select(
            "scenario", "measure", "of", "mean", "low", "high"
        ).iter_rows()
        if of is None
    }
    names = [name for name in SHOWN if any((scenario, name) in cells for scenario in scenarios)]
    columns = {
        scenario: [interval(cells.get((scenario, name)), measures()[name].decimals, write, lang) for name in names]
        for scenario in scenarios
    }
    labels = [
        f"{measure.meaning(lang)} ({measure.unit})" if measure.unit else measure.meaning(lang)
        for measure in map(measures().__getitem__, names)
    ]
    return pl.DataFrame({"measure": labels, **columns})


def interval(
    values: Sequence[float | None] | None, decimals: int, write: Callable[[float, int, Lang], str], lang: Lang
) -> str:
    """Write a mean and its interval; large numbers are round."""
    if values is None or None in values:
        return "–"
    numbers = [value for value in values if value is not None]
    digits = 0 if max(map(abs, numbers)) >= _LARGE else decimals
    mean, low, high = (write(round(value, digits) + 0.0, digits, lang) for value in numbers)
    return str(words(lang)["interval"].format(mean=mean, low=low, high=high))


def _align(frame: pl.DataFrame, labels: dict[str, str]) -> list[str]:
    """Return a table as lines of text: numbers at the right, intervals under their means."""
    heads = [wrap(plain(label), _HEAD) or [""] for label in labels.values()]
    depth = max(map(len, heads))
    blocks = [[[""] * (depth - len(head)) + head for head in heads]]
    for label, *cells in frame.iter_rows():
        lines = [wrap(label, _LABEL), *(cell.split(" ", 1) for cell in cells)]
        most = max(map(len, lines))
        blocks.append([cell + [""] * (most - len(cell)) for cell in lines])
    rows = [row for block in blocks for row in zip(*block, strict=True)]
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [
        "  ".join(
            [row[0].ljust(first), *(cell.rjust(width) for cell, width in zip(row[1:], others, strict=True))]
        ).rstrip()
        for row in rows
    ]


def title(outcomes: Outcomes, lang: Lang) -> str:
    """Return the period as a heading."""
    return str(words(lang)["title"].format(start=day(outcomes.start, lang), end=day(outcomes.end, lang)))


def words(lang: Lang) -> dict[str, Any]:
    """Return the texts of this package in ``lang``."""
    return messages("prai_match.simulate", "display", lang)
