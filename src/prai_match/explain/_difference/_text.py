"""A difference in sentences."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from prai_match.explain._difference import _words as words
from prai_match.explain._why import reason_sentence
from prai_match.text import day, price

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
    first = words.said("texts", "date" if before.on == after.on else "dates", lang, **days)
    if not changes:
        return first + words.said("texts", "none", lang)
    every = {*before.chosen["territory"], *after.chosen["territory"]}
    number = words.several("inside", "changed", sum(changes.values()), lang)
    first += words.said("texts", "head", lang, changed=number, all=len(every))
    return "\n".join([first, *(f"  {words.several('changes', change, n, lang)}" for change, n in changes.items())])


def first_causes(causes: Iterable[Sequence[Cause]], lang: Lang) -> list[str]:
    """Count the first causes of territories, the most frequent first."""
    counts = Counter(_first(found, lang) for found in causes)
    return [f"{n} × {said}" for said, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _first(found: Sequence[Cause], lang: Lang) -> str:
    if not found:
        return words.said("texts", "unknown", lang)
    first = found[0]
    if first.kind == "fact":
        return words.said("named_facts", first.code, lang)
    return words.said("first_causes", first.kind, lang, code=first.code)


def told(sides: tuple[Answers, Answers], row: Mapping[str, Any], found: Iterable[Cause], lang: Lang) -> str:
    """Say what became of one territory, and why."""
    before, after = sides
    values = {"before": _outcome(before, row, "before", lang), "after": _outcome(after, row, "after", lang)}
    values |= {
        f"{name}_{end}": side.names[lang].get(row[f"{name}_{end}"], "–")
        for name in ("partner", "trainer")
        for end, side in (("before", before), ("after", after))
    }
    lines = [words.headed(row["name"], words.said("titles", row["change"], lang, **values), lang)]
    if row["change"] not in {"entered", "left"}:
        for name in ("score", "cost", "earliest"):
            old, new = (row[f"{name}_{end}"] for end in ("before", "after"))
            if old != new:
                moved = {end: _detail(row, name, end, lang) for end in ("before", "after")}
                lines.append(f"{' ' * 10}{words.said('details', name, lang, **moved)}")
    for cause in found:
        if cause.kind != "points":
            lines.append(f"  {_MARKS[cause.kind]:>6}  {cause.sentence(lang)}")
        elif abs(cause.moved) >= _WORTH_SAYING:
            lines.append(f"  {words.moved(cause.moved, lang):>6}  {cause.sentence(lang)}")
    return "\n".join(lines)


def _detail(row: Mapping[str, Any], name: str, end: str, lang: Lang) -> str:
    """Write a detail of an offer; its cost may be unknown."""
    value = row[f"{name}_{end}"]
    if name == "cost" and value is None and row[f"session_{end}"] is not None:
        return price(None, lang)
    return words.detail(value, lang)


def _outcome(side: Answers, row: Mapping[str, Any], end: str, lang: Lang) -> str:
    """Say what is recommended, or why nothing is; a dash where the territory isn't there."""
    reason, session, axis = row[f"reason_{end}"], row[f"session_{end}"], row[f"axis_{end}"]
    if reason is not None:
        return reason_sentence(reason, side.policy, lang).removesuffix(".")
    if session is None:
        return "–"
    named = words.quoted(side.names[lang][session], lang)
    if axis is None:
        return named
    axes = {a.id: a.name.get(lang) for s in side.programme.catalogue.sessions if s.id == session for a in s.axes}
    return words.said("texts", "axis", lang, session=named, axis=axes[axis])
