"""Explanations as notebooks show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.explain._fingerprint import Fingerprint
from prai_match.explain._what_it_takes._result import Answer, Needed
from prai_match.explain._why import MARKS, Why
from prai_match.explain._why_not._why_not import WhyNot
from prai_match.text import Code, Details, Facts, Frame, Items, Table, counted, display, messages, number, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.explain._why import Condition
    from prai_match.explain._why_not._why_not import Finding, Value
    from prai_match.model import Lang
    from prai_match.text import Block

_DIGEST, _DIGITS = 64, 12
"""Characters of a whole digest, and how many of them are enough for people to compare."""


@shown.register(Why)
def why(found: Why, _lang: Lang) -> str:
    """Show the reasons of one recommendation, or of its absence, in the language of its sentences."""
    said = _said(found.lang)
    return display(said["titles"]["why"], found.title, *why_blocks(found), lang=found.lang)


def why_blocks(found: Why) -> tuple[Block, ...]:
    """Return the points as a table, then the conditions; these are folded where there are points to read first."""
    held = _conditions(found.conditions, found.lang)
    if not found.details:
        return held
    said = _said(found.lang)["points"]
    rows = [(detail.sentence, detail.points, detail.out_of) for detail in found.details]
    columns = ("sentence", "points", "out_of")
    frame = pl.DataFrame(
        rows, schema=dict(zip(columns, (pl.String, pl.Float64, pl.Float64), strict=True)), orient="row"
    )
    points = Frame(said["caption"], frame, {name: said[name] for name in columns}, frame.height)
    return (points, Details(_summary(found.conditions, found.lang), held)) if held else (points,)


@shown.register(WhyNot)
def why_not(found: WhyNot, lang: Lang) -> str:
    """Show why a candidate isn't recommended: the conditions that stop it first, then its points."""
    said = _said(lang)
    ordered = sorted(found.conditions, key=lambda finding: finding.holds)
    table = _findings(ordered, said["conditions"], lang)
    refused = bool(found.refuting)
    blocks: list[Block] = []
    if found.gaps:
        columns = ("sentence", "points", "winner_points", "difference")
        rows = [
            (gap.sentence[lang], gap.points, gap.winner_points, gap.points - gap.winner_points) for gap in found.gaps
        ]
        schema = {name: pl.Float64 if name != "sentence" else pl.String for name in columns}
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        labels = {name: said["gaps"][name] for name in columns}
        blocks.append(Frame(said["gaps"]["caption"], frame, labels, frame.height, decimals=dict.fromkeys(columns, 2)))
    folded = Details(_summary(found.conditions, lang), (table,))
    parts = [table, *blocks] if refused else [*blocks, folded]
    return display(said["titles"]["why_not"], found.title[lang], *parts, lang=lang)


@shown.register(Needed)
def needed(found: Needed, lang: Lang) -> str:
    """Show what it would take."""
    answers = (Items(tuple(answer.text(lang) for answer in found.answers)),) if found.answers else ()
    return display(_said(lang)["titles"]["needed"], found.title[lang], *answers, lang=lang)


@shown.register(Answer)
def answer(found: Answer, lang: Lang) -> str:
    """Show one set of moves."""
    return display(_said(lang)["titles"]["answer"], found.text(lang), lang=lang)


@shown.register(Fingerprint)
def fingerprint(found: Fingerprint, lang: Lang) -> str:
    """Show the parts of a fingerprint, each with the first digits of its digest or its value."""
    said, parts = _said(lang), messages("prai_match.explain", "reproduction", lang)["parts"]
    rows = tuple((parts.get(name, name), Code(_short(value))) for name, value in found.parts.items())
    return display(
        said["titles"]["fingerprint"].format(short=found.short),
        Facts(((said["fingerprint"]["digest"], Code(found.digest)),)),
        Table(said["fingerprint"]["caption"], tuple(said["fingerprint"]["header"]), rows),
        lang=lang,
    )


def _short(value: str) -> str:
    return f"{value[:_DIGITS]}…" if len(value) == _DIGEST else value


def _said(lang: Lang) -> dict[str, Any]:
    return messages("prai_match.explain", "display", lang)


def _summary(conditions: Sequence[Condition | Finding], lang: Lang) -> str:
    said = _said(lang)["conditions"]
    refused = sum(not condition.holds for condition in conditions)
    every = len(conditions)
    rest = counted(refused, said["stopping"], lang) if refused else counted(every, said["held"], lang)
    return f"{counted(every, said['all'], lang)}, {rest}"


def _state(condition: Condition | Finding, lang: Lang) -> str:
    states = messages("prai_match.explain", "notice", lang)["states"]
    refused = condition.state == "unknown" and not condition.holds
    return f"{MARKS[condition.state]} {states['unknown_refused' if refused else condition.state]}"


def _conditions(conditions: Sequence[Condition], lang: Lang) -> tuple[Block, ...]:
    said = _said(lang)["conditions"]
    rows = tuple((condition.sentence, _state(condition, lang)) for condition in conditions)
    return (Table(said["caption"], tuple(said["header"]), rows),) if rows else ()


def _findings(findings: Sequence[Finding], said: Mapping[str, Any], lang: Lang) -> Table:
    rows = tuple(
        (
            finding.sentence[lang],
            _state(finding, lang),
            Code(", ".join(f"{name} = {_value(value, said, lang)}" for name, value in finding.found.items())),
            Code(finding.wanted),
        )
        for finding in findings
    )
    return Table(said["caption"], tuple(said["header_found"]), rows)


def _value(value: Value, said: Mapping[str, Any], lang: Lang) -> str:
    match value:
        case None:
            return str(said["unknown"])
        case bool():
            return str(said["yes" if value else "no"])
        case float():
            return number(value, 0 if value.is_integer() else 2, lang)
        case _:
            return repr(value)
