"""Outcomes of simulations in words and tables."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.simulate._counted import measures
from prai_match.text import Frame, counted, day, display, messages, month, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.model import Lang
    from prai_match.simulate._outcomes import Outcomes
    from prai_match.simulate._replay import Replay
    from prai_match.simulate._sensitivity import Sensitivity
    from prai_match.text import Block

SHOWN = (
    *("buffets", "workshops", "called_off", "frozen", "served", "reached", "elected", "technicians", "elected_share"),
    *("rating", "after_buffet_share", "needs", "unmet", "spent", "cost_per_person"),
)
"""Measures shown, in order; all of them are in the frames."""


def text(found: Outcomes, lang: Lang) -> str:
    """Say what each scenario comes to, and how it differs from the first."""
    said = _said(lang)
    lines = [_title(found, lang), f"{counted(found.replications, said['replications'], lang)}. {said['intervals']}", ""]
    lines += _aligned(_summary(found, lang), {"measure": "", **_names(found, lang)})
    if len(found.scenarios) > 1:
        caption = said["differences"]["caption"].format(baseline=found.scenarios[0].title(lang))
        lines += ["", caption, ""]
        names = dict(list(_names(found, lang).items())[1:])
        lines += _aligned(_differences(found, lang), {"measure": "", **names})
    return "\n".join(lines)


def outcomes(found: Outcomes, lang: Lang) -> str:
    """Show the same as tables."""
    said = _said(lang)
    count = f"{counted(found.replications, said['replications'], lang)}. {said['draws']} {said['intervals']}"
    return display(_title(found, lang), count, *_tables(found, lang), lang=lang)


def _tables(found: Outcomes, lang: Lang) -> list[Block]:
    """Return what each scenario comes to, and the differences from the first."""
    said = _said(lang)
    names = _names(found, lang)
    summary, differences = said["summary"], said["differences"]
    columns = {"measure": summary["measure"], **names}
    blocks: list[Block] = [Frame(summary["caption"], _summary(found, lang), columns, len(SHOWN), ".summary()")]
    if len(found.scenarios) > 1:
        caption = differences["caption"].format(baseline=found.scenarios[0].title(lang))
        others = {"measure": differences["measure"], **dict(list(names.items())[1:])}
        blocks.append(Frame(caption, _differences(found, lang), others, len(SHOWN), ".differences()"))
    return blocks


def sensitivity(found: Sensitivity, lang: Lang) -> str:
    """Show which parameters matter most."""
    said = _said(lang)
    words = said["sensitivity"]
    columns = {name: words[name] for name in ("parameter", "low_value", "high_value", "low", "high", "given")}
    frame = found.frame.with_columns(pl.col("given").replace(said["given"]))
    title = words["title"].format(measure=measures()[found.measure].meaning(lang))
    return display(title, Frame(title, frame, columns, 15, ".to_polars()", decimals={"low": 1, "high": 1}), lang=lang)


def replay(found: Replay, lang: Lang) -> str:
    """Show the published figures beside those simulated."""
    words = _said(lang)["replay"]
    frame = found.table(lang)
    columns = {name: words[name] for name in frame.columns}
    return display(
        words["title"], Frame(words["title"], frame, columns, frame.height), *_tables(found.outcomes, lang), lang=lang
    )


def figures(rows: pl.DataFrame, specs: Mapping[str, Any], lang: Lang) -> pl.DataFrame:
    """Return the published figures beside those simulated, for people."""
    said = _said(lang)
    found = []
    for row in rows.iter_rows(named=True):
        spec = specs[row["figure"]]
        published, simulated = _figure(row, spec, lang)
        met = said["met"]["true" if row["within"] else "false"]
        found.append((spec[lang], published, simulated, met, said["status"][row["status"]]))
    return pl.DataFrame(found, schema=["figure", "published", "simulated", "within", "status"], orient="row")


def _figure(row: Mapping[str, Any], spec: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """Return a published figure and the one simulated, as they are written."""
    said, spread = _said(lang), [row["median"], row["low"], row["high"]]
    if isinstance(spec.get("published"), str):
        published, *months = (
            month(dt.date(int(n // 12), int(n % 12) + 1, 1), lang) for n in [row["published"], *map(round, spread)]
        )
        return published, str(said["interval"].format(mean=months[0], low=months[1], high=months[2]))
    digits = spec["decimals"]
    if row["published"] is None:
        published = said["least"].format(least=number(row["least"], digits, lang))
    else:
        published = number(row["published"], digits, lang)
    return published, _interval(spread, digits, lang)


def _month(count: float, lang: Lang) -> str:
    """Return a month counted from the year 0."""
    year, number = divmod(round(count), 12)
    return month(dt.date(year, number + 1, 1), lang)


def _summary(found: Outcomes, lang: Lang) -> pl.DataFrame:
    return _table(found.summary(), [scenario.name for scenario in found.scenarios], lang)


def _differences(found: Outcomes, lang: Lang) -> pl.DataFrame:
    return _table(found.differences(), [scenario.name for scenario in found.scenarios[1:]], lang)


def _table(rows: pl.DataFrame, scenarios: Sequence[str], lang: Lang) -> pl.DataFrame:
    """Return a row a measure, with an interval in the column of each scenario."""
    known = {
        (scenario, measure): values
        for scenario, measure, of, *values in rows.select(
            "scenario", "measure", "of", "mean", "low", "high"
        ).iter_rows()
        if of is None
    }
    shown = [name for name in SHOWN if any((scenario, name) in known for scenario in scenarios)]
    columns = {
        scenario: [_interval(known.get((scenario, name)), measures()[name].decimals, lang) for name in shown]
        for scenario in scenarios
    }
    return pl.DataFrame({"measure": [_labelled(name, lang) for name in shown], **columns})


def _labelled(name: str, lang: Lang) -> str:
    measure = measures()[name]
    unit = f" ({measure.unit})" if measure.unit else ""
    return f"{measure.meaning(lang)}{unit}"


def _interval(values: Sequence[float | None] | None, decimals: int, lang: Lang) -> str:
    if values is None or None in values:
        return "–"
    mean, low, high = (number(round(value, decimals) + 0.0, decimals, lang) for value in values if value is not None)
    return str(_said(lang)["interval"].format(mean=mean, low=low, high=high))


def _aligned(frame: pl.DataFrame, labels: dict[str, str]) -> list[str]:
    """Return a table as lines of text, numbers at the right."""
    rows = [tuple(labels.values()), *frame.iter_rows()]
    first, *others = (max(map(len, column)) for column in zip(*rows, strict=True))
    return [
        "  ".join([row[0].ljust(first), *(cell.rjust(width) for cell, width in zip(row[1:], others, strict=True))])
        for row in rows
    ]


def _names(found: Outcomes, lang: Lang) -> dict[str, str]:
    return {scenario.name: scenario.title(lang) for scenario in found.scenarios}


def _title(found: Outcomes, lang: Lang) -> str:
    return str(_said(lang)["title"].format(start=day(found.start, lang), end=day(found.end, lang)))


def _said(lang: Lang) -> dict[str, Any]:
    return messages("prai_match.simulate", "display", lang)
