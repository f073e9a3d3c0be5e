"""A difference in sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from prai_match.explain._difference._cause import in_quotes, sentence, several, under
from prai_match.explain._difference._frames import SIDES
from prai_match.explain._why import reason_sentence
from prai_match.text import day, number, price, signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.explain._difference._cause import Cause
    from prai_match.explain._difference._frames import Change
    from prai_match.model import Lang
    from prai_match.recommend import Answers

_WORTH_SAYING = 0.05
"""Points that are 0 once written with one decimal are left out of the text."""

_MARKS = {"satisfied": "✓", "refuted": "✗", "fact": "•"}


def head(sides: tuple[Answers, Answers], changes: Mapping[Change, int], lang: Lang) -> str:
    """Say between which days, and how many recommendations change in what way."""
    before, after = sides
    days = {"before": day(before.on, lang), "after": day(after.on, lang)}
    first = sentence("texts", "date" if before.on == after.on else "dates", lang, **days)
    if not changes:
        return first + sentence("texts", "none", lang)
    every = {*before.territories["territory"], *after.territories["territory"]}
    count = several("inside", "changed", sum(changes.values()), lang)
    first += sentence("texts", "head", lang, changed=count, all=len(every))
    return "\n".join([first, *(f"  {several('changes', change, n, lang)}" for change, n in changes.items())])


def first_causes(causes: Iterable[Sequence[Cause]], lang: Lang) -> list[str]:
    """Count the first causes of territories, the most frequent first."""
    counts = Counter(_first(each, lang) for each in causes)
    return [f"{n} × {text}" for text, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _first(causes: Sequence[Cause], lang: Lang) -> str:
    if not causes:
        return sentence("texts", "unknown", lang)
    first = causes[0]
    if first.kind == "fact":
        return sentence("named_facts", first.code, lang)
    return sentence("first_causes", first.kind, lang, code=first.code)


def territory_text(sides: tuple[Answers, Answers], row: Mapping[str, Any], causes: Iterable[Cause], lang: Lang) -> str:
    ends = dict(zip(SIDES, sides, strict=True))
    values = {end: _outcome(side, row, end, lang) for end, side in ends.items()}
    for name in ("partner", "trainer"):
        values |= {f"{name}_{end}": side.names[lang].get(row[f"{name}_{end}"], "–") for end, side in ends.items()}
    lines = [under(row["name"], sentence("titles", row["change"], lang, **values), lang)]
    if row["change"] not in {"entered", "left"}:
        for name in ("score", "cost", "earliest"):
            if row[f"{name}_before"] != row[f"{name}_after"]:
                details = {end: _detail(row, name, end, lang) for end in ends}
                lines.append(f"{' ' * 10}{sentence('details', name, lang, **details)}")
    for cause in causes:
        if cause.kind != "points" or abs(cause.moved) >= _WORTH_SAYING:
            mark = signed(cause.moved, 1, lang) if cause.kind == "points" else _MARKS[cause.kind]
            lines.append(f"  {mark:>6}  {cause.sentence(lang)}")
    return "\n".join(lines)


def _detail(row: Mapping[str, Any], name: str, end: str, lang: Lang) -> str:
    value = row[f"{name}_{end}"]
    if name == "cost" and row[f"session_{end}"] is not None:
        return price(value, lang)
    if value is None:
        return "–"
    return day(value, lang) if name == "earliest" else number(value, 1, lang)


def _outcome(side: Answers, row: Mapping[str, Any], end: str, lang: Lang) -> str:
    """Say what is recommended, or why nothing is; a dash where the territory isn't there."""
    reason, session, axis = row[f"reason_{end}"], row[f"session_{end}"], row[f"axis_{end}"]
    if reason is not None:
        return reason_sentence(reason, side.policy, lang).removesuffix(".")
    if session is None:
        return "–"
    name = in_quotes(side.names[lang][session], lang)
    if axis is None:
        return name
    axes = {a.id: a.name.get(lang) for s in side.programme.catalogue.sessions if s.id == session for a in s.axes}
    return sentence("texts", "axis", lang, session=name, axis=axes[axis])
