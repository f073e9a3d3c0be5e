"""How notebooks display reasons, differences and fingerprints: the title, then lines or tables."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

import polars as pl

from prai_match.explain import _difference, _fingerprint, _sides, _why, _why_not
from prai_match.explain._what_it_takes._result import Needed, NeededAnswer
from prai_match.model import Lang
from prai_match.text import Block, Code, Details, Facts, Frame, Items, Table, counted, display, messages, number, shown

_DIGEST = 64  # characters of a whole digest
_FACT = "•  "  # the mark of facts in the text of a difference, as in a list
_FIRST = pl.Enum(get_args(_sides.Change))  # kinds of change, those that matter most first


@shown.register(_why.Why)
def why(subject: _why.Why, _lang: Lang) -> str:
    return display(_texts(subject.lang)["titles"]["why"], subject.title, *why_blocks(subject), lang=subject.lang)


def why_blocks(subject: _why.Why) -> tuple[Block, ...]:
    """Return the facts, the points as a table, then the conditions, folded if there is something else to read."""
    lang, texts = subject.lang, _texts(subject.lang)
    labels = texts["conditions"]
    rows = tuple((condition.sentence, _state(condition, lang)) for condition in subject.conditions)
    conditions = (Table(labels["caption"], tuple(labels["header"]), rows),) if rows else ()
    priority = [(part.sentence, part.points, part.out_of) for part in subject.priority]
    first = (_points(priority, ("sentence", "points", "out_of"), texts["priority"]),) if priority else ()
    if not subject.details:
        return *conditions, *first
    facts = (Items(subject.facts),) if subject.facts else ()
    details = [(detail.sentence, detail.points, detail.out_of) for detail in subject.details]
    folded = (Details(_summary(subject.conditions, lang), conditions),) if conditions else ()
    return *facts, _points(details, ("sentence", "points", "out_of"), texts["points"]), *folded, *first


def _points(
    rows: Sequence[tuple[object, ...]], columns: tuple[str, ...], texts: Mapping[str, str], decimals: int = 1
) -> Frame:
    schema = {name: pl.String if name == "sentence" else pl.Float64 for name in columns}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return Frame(texts["caption"], frame, texts, frame.height, decimals=dict.fromkeys(columns, decimals))


@shown.register(_why_not.WhyNot)
def why_not(subject: _why_not.WhyNot, lang: Lang) -> str:
    texts = _texts(lang)
    table = _findings(sorted(subject.conditions, key=lambda finding: finding.holds), texts["conditions"], lang)
    columns = ("sentence", "points", "winner_points", "difference")
    rows = [(g.sentence[lang], g.points, g.winner_points, g.points - g.winner_points) for g in subject.gaps]
    blocks: list[Block] = [_points(rows, columns, texts["gaps"], 2)] if rows else []
    parts = [table, *blocks] if subject.refuting else [*blocks, Details(_summary(subject.conditions, lang), (table,))]
    return display(texts["titles"]["why_not"], subject.title[lang], *parts, lang=lang)


@shown.register(Needed)
def needed(subject: Needed, lang: Lang) -> str:
    answers = (Items(tuple(answer.text(lang) for answer in subject.answers)),) if subject.answers else ()
    return display(_texts(lang)["titles"]["needed"], subject.title[lang], *answers, lang=lang)


@shown.register(NeededAnswer)
def answer(subject: NeededAnswer, lang: Lang) -> str:
    return display(_texts(lang)["titles"]["answer"], subject.text(lang), lang=lang)


@shown.register(_fingerprint.Fingerprint)
def fingerprint(subject: _fingerprint.Fingerprint, lang: Lang) -> str:
    texts, parts = _texts(lang), messages("prai_match.explain", "reproduction", lang)["parts"]
    rows = tuple(
        (parts.get(name, name), Code(f"{value[: _fingerprint.DIGITS]}…" if len(value) == _DIGEST else value))
        for name, value in subject.parts.items()
    )
    return display(
        texts["titles"]["fingerprint"].format(short=subject.short),
        Facts(((texts["fingerprint"]["digest"], Code(subject.digest)),)),
        Table(texts["fingerprint"]["caption"], tuple(texts["fingerprint"]["header"]), rows),
        lang=lang,
    )


@shown.register(_difference.Difference)
def difference(subject: _difference.Difference[Any], lang: Lang) -> str:
    title, *counts = _difference.head(subject.sides, subject.changes(), lang).split("\n")
    parts = {
        "facts": [cause.sentence(lang) for cause in subject.facts],
        "causes": _difference.first_causes(subject.by_territory.values(), lang),
    }
    blocks: list[Block] = [Items(tuple(counts))] if counts else []
    blocks += [
        Details(_sides.sentence("texts", part, lang).rstrip(" :"), (Items(tuple(lines)),))
        for part, lines in parts.items()
        if lines
    ]
    if subject:
        sessions = [
            pl.col(f"session_{end}").replace(side.names[lang])
            for end, side in zip(_sides.SIDES, subject.sides, strict=True)
        ]
        frame = subject.to_polars(lang).sort(pl.col("change").cast(_FIRST), maintain_order=True).with_columns(sessions)
        labels = messages("prai_match.explain", "difference", lang)["columns"]
        blocks.append(Frame(_texts(lang)["difference"]["caption"], frame, labels, rest=".to_polars()"))
    return display(title, *blocks, lang=lang)


@shown.register(_difference.TerritoryDifference)
def territory_difference(subject: _difference.TerritoryDifference, lang: Lang) -> str:
    title, *lines = subject.text(lang).split("\n")
    causes = tuple(line.strip().removeprefix(_FACT) for line in lines)
    return display(title, *([Items(causes)] if causes else []), lang=lang)


def _texts(lang: Lang) -> dict[str, Any]:
    return messages("prai_match.explain", "display", lang)


def _summary(conditions: Sequence[_why.Condition | _why_not.Finding], lang: Lang) -> str:
    texts = _texts(lang)["conditions"]
    stops = sum(not condition.holds for condition in conditions)
    rest = counted(stops, texts["stopping"], lang) if stops else counted(len(conditions), texts["held"], lang)
    return f"{counted(len(conditions), texts['all'], lang)}, {rest}"


def _state(condition: _why.Condition | _why_not.Finding, lang: Lang) -> str:
    states = messages("prai_match.explain", "notice", lang)["states"]
    return f"{_why.MARKS[condition.state]} {states[_why.state_key(condition.state, holds=condition.holds)]}"


def _findings(findings: Sequence[_why_not.Finding], texts: Mapping[str, Any], lang: Lang) -> Table:
    rows = tuple(
        (
            finding.sentence[lang],
            _state(finding, lang),
            Code(", ".join(f"{name} = {_value(value, texts, lang)}" for name, value in finding.found.items())),
            Code(finding.wanted),
        )
        for finding in findings
    )
    return Table(texts["caption"], tuple(texts["header_found"]), rows)


def _value(value: _why_not.Value, texts: Mapping[str, Any], lang: Lang) -> str:
    if isinstance(value, float):
        return number(value, 0 if value.is_integer() else 2, lang)
    return repr(value) if isinstance(value, str) else str(texts[{None: "unknown", True: "yes", False: "no"}[value]])
