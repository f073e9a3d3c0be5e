"""What differences say: causes, and the texts of ``data/difference.toml``, filled in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from prai_match._words import catalogue, filled
from prai_match.explain._difference._frames import SIDES, Change
from prai_match.explain._why import reason_sentence
from prai_match.model import Lang
from prai_match.recommend import Answers
from prai_match.text import LANGUAGES, counted, current_language, day, messages, number, price, signed


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that moved.

    Attributes:
        kind: ``satisfied`` or ``refuted`` (a requirement that holds now, or no longer), ``points`` (a preference whose
            points moved) or ``fact`` (the data, the day or the policy differ).
        code: The rule, or what sort of fact (``trainer_removed``, ``need_added``, ``weight``…).
        subject: The session that the rule judges, or the identifier that the fact is about; None: the whole programme.
        before: The points, weight, setting or count before; None where there is none.
        after: The same after.
        fr: The sentence in French.
        en: The sentence in English.

    Example:
        >>> cause = Cause("points", "equity", "sig", 4.0, 6.5, "Le poids change.", "The weight changes.")
        >>> cause.moved, cause.sentence("en")
        (2.5, 'The weight changes.')
    """

    kind: Literal["satisfied", "refuted", "points", "fact"]
    code: str
    subject: str | None
    before: float | None
    after: float | None
    fr: str
    en: str

    @property
    def moved(self) -> float:
        """After less before."""
        return (self.after or 0.0) - (self.before or 0.0)

    def sentence(self, lang: Lang) -> str:
        """Return the sentence in ``lang``."""
        return self.fr if current_language(lang) == "fr" else self.en


def fact(
    code: str,
    subject: str | None,
    /,
    *,
    numbers: tuple[float | None, float | None] = (None, None),
    **parts: str | Mapping[Lang, str],
) -> Cause:
    """Return a fact, with the ``numbers`` before and after if it has any; its sentence is filled in with its parts."""
    sentence = filled(catalogue("prai_match.explain", "difference")["said"][code], parts)
    return Cause("fact", code, subject, *numbers, sentence["fr"], sentence["en"])


def sentence(part: str, key: str, lang: Lang, **values: object) -> str:
    """Fill in the text ``key`` of a part of the file; a value is never read as a format."""
    return str(messages("prai_match.explain", "difference", lang)[part][key]).format_map(values)


def several(part: str, key: str, count: int, lang: Lang) -> str:
    return counted(count, messages("prai_match.explain", "difference", lang)[part][key], lang)


def in_quotes(name: str, lang: Lang) -> str:
    return sentence("inside", "quoted", lang, value=name)


def under(name: str, text: str, lang: Lang) -> str:
    return sentence("inside", "headed", lang, name=name, sentence=text)


def both(write: Callable[..., str], *values: object) -> dict[Lang, str]:
    return {lang: write(*values, lang) for lang in LANGUAGES}


_WORTH_SAYING = 0.05  # points that are 0 once written with one decimal are left out of the text
_MARKS = {"satisfied": "✓", "refuted": "✗", "fact": "•"}


def head(sides: tuple[Answers, Answers], changes: Mapping[Change, int], lang: Lang) -> str:
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
    counts = Counter(_first(each, lang) for each in causes)
    return [f"{n} × {text}" for text, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def _first(causes: Sequence[Cause], lang: Lang) -> str:
    if not causes:
        return sentence("texts", "unknown", lang)
    part, key = ("named_facts", causes[0].code) if causes[0].kind == "fact" else ("first_causes", causes[0].kind)
    return sentence(part, key, lang, code=causes[0].code)


def territory_text(sides: tuple[Answers, Answers], row: Mapping[str, Any], causes: Iterable[Cause], lang: Lang) -> str:
    ends = dict(zip(SIDES, sides, strict=True))
    values = {end: _outcome(side, row, end, lang) for end, side in ends.items()}
    for name in ("partner", "trainer", "replacement"):
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
    return "–" if value is None else day(value, lang) if name == "earliest" else number(value, 1, lang)


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
