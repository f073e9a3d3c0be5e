"""The difference between two answers: what changed, territory by territory and by cause."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import polars as pl

from prai_match import _arguments as given
from prai_match.explain._causes import causes, facts
from prai_match.explain._place import place, where
from prai_match.explain._sides import SIDES, Cause, Change, differences, in_quotes, sentence, several
from prai_match.explain._why import MARKS, reason_sentence, under
from prai_match.model import Lang
from prai_match.recommend import Answers
from prai_match.text import Readable, Shown, Tabular, both, current_language, day, number, price, signed

AnswersT = TypeVar("AnswersT")
# Empty if nothing is recommended now.
_OUTCOME = ("session", "axis", "host", "joins", "partner", "trainer", "score", "cost")


@dataclass(frozen=True, slots=True)
class TerritoryDifference(Shown, Readable):
    """How the answer for one territory changed.

    Attributes:
        territory: Identifier of the territory.
        name: Its name.
        change: ``entered``, ``left``, ``gained``, ``lost``, ``reason``, ``session``, ``axis``, ``host``, ``joins``,
            ``partner``, ``trainer``, ``replacement``, ``details`` (only the score, the cost or the day) or ``priority``
            (only the priority).
        causes: The causes, the main one first. If the offer stays the same, points are its own; otherwise they are the
            lead of the new offer over the old one.

    Example:
        >>> from prai_match import Programme
        >>> prog = Programme.example()
        >>> changed = prog.recommend("2007-12-03") - prog.recommend("2007-09-03")
        >>> one = changed["200034023"]
        >>> one.name, one.change, len(one.causes) > 1
        ('CC Tarn-Agout', 'session', True)
    """

    territory: str
    name: str
    change: Change
    causes: tuple[Cause, ...]
    _text: Mapping[Lang, str]

    def text(self, lang: Lang | None = None) -> str:
        """Say what changed and why, in ``lang``."""
        return self._text[current_language(lang)]


@dataclass(frozen=True, eq=False, repr=False)
class Difference(Shown, Readable, Tabular, Generic[AnswersT]):
    """What changed between two answers: ``after - before``.

    Iterates over the territories that changed, in the order of their identifiers; empty, and false, if none did.
    Sessions, axes, hosts, relay partners, trainers, scores, costs, days and reasons are compared; alternatives aren't.

    Example:
        >>> from prai_match import Programme
        >>> programme = Programme.example()
        >>> autumn, winter = (programme.recommend(f"2007-{month}-03") for month in ("09", "12"))
        >>> difference = winter - autumn
        >>> len(difference), bool(autumn - autumn)
        (101, False)
        >>> difference["200034023"].change
        'session'
    """

    before: AnswersT
    after: AnswersT
    sides: tuple[Answers, Answers]

    @cached_property
    def _frame(self) -> pl.DataFrame:
        return differences(*self.sides)

    @cached_property
    def _rows(self) -> dict[str, dict[str, Any]]:
        return {row["territory"]: row for row in self._frame.iter_rows(named=True)}

    @cached_property
    def by_territory(self) -> dict[str, tuple[Cause, ...]]:
        """The causes for each territory that changed, by its identifier."""
        return causes(*self.sides, self._frame)

    @cached_property
    def facts(self) -> tuple[Cause, ...]:
        """The differences between the two inputs: the day, the policy, the settings, the actors, the history."""
        return tuple(facts(*self.sides))

    def __len__(self) -> int:
        return self._frame.height

    def __iter__(self) -> Iterator[TerritoryDifference]:
        return (self[territory] for territory in self._rows)

    def __contains__(self, territory: object) -> bool:
        return territory in self._rows

    def __getitem__(self, territory: str) -> TerritoryDifference:
        """Return what changed for a territory.

        Raises:
            UnknownCodeError: The territory is unknown, or nothing changed for it.
        """
        row = self._rows[given.known_among("changed territory", territory, self._rows)]
        own = self.by_territory[territory]
        return TerritoryDifference(
            territory, row["name"], row["change"], own, both(territory_text, self.sides, row, own)
        )

    def changes(self) -> dict[Change, int]:
        """Return the number of territories by kind of change, the most frequent first."""
        return dict(sorted(Counter(self._frame["change"]).items(), key=lambda item: (-item[1], item[0])))

    def to_polars(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row per territory that changed, in the order of the identifiers.

        Columns: ``territory``, ``name``, ``change`` (code), ``said`` (the change in words) and, before and after
        (``session_before``, ``session_after``…), ``session``, ``axis``, ``host``, ``partner``, ``trainer``, ``score``
        (0 to 100), ``cost`` (€), ``day``, ``reason`` (code, if there is no recommendation) and ``priority``;
        ``because`` is the first cause as a sentence, null if there is none.
        """
        lang = current_language(lang)
        outcomes = [
            pl.when(pl.col(f"reason_{side}").is_null()).then(f"{name}_{side}").alias(f"{name}_{side}")
            for name in _OUTCOME
            for side in SIDES
        ]
        reasons = [own[0].sentence(lang) if own else None for own in self.by_territory.values()]
        return self._frame.select(
            *("territory", "name", "change"),
            pl.Series("said", [sentence("named", change, lang) for change in self._frame["change"]], pl.String),
            *outcomes,
            *(f"{name}_{side}" for name in ("day", "reason", "priority") for side in SIDES),
            pl.Series("because", reasons, pl.String),
        )

    def causes(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row per cause.

        Columns: ``territory`` (null for the inputs as a whole), ``kind``, ``code``, ``subject``, ``before``, ``after``
        and ``sentence`` (see `Cause`).
        """
        lang = current_language(lang)
        texts, numbers = ("territory", "kind", "code", "subject"), ("before", "after")
        rows = [
            (territory, cause.kind, cause.code, cause.subject, cause.before, cause.after, cause.sentence(lang))
            for territory, own in ((None, self.facts), *self.by_territory.items())
            for cause in own
        ]
        schema = {**dict.fromkeys(texts, pl.String), **dict.fromkeys(numbers, pl.Float64), "sentence": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def text(self, lang: Lang | None = None) -> str:
        """Say what changed and why: how many territories, what differs, the first causes, then each territory."""
        lang = current_language(lang)
        lines = [head(self.sides, self.changes(), lang)]
        blocks = {
            "facts": [cause.sentence(lang) for cause in self.facts],
            "causes": first_causes(self.by_territory.values(), lang),
            "territories": [territory.text(lang).replace("\n", "\n  ") for territory in self],
        }
        for title, block in blocks.items():
            if block:
                lines += ["", sentence("texts", title, lang), *(f"  {line}" for line in block)]
        return "\n".join(lines)

    def __repr__(self) -> str:
        before, after = self.sides
        return f"<Difference {before.on} → {after.on}: {len(self)} territories changed>"


_WORTH_SAYING = 0.05  # points that are 0 once written with one decimal are left out of the text
_MARKS = {**MARKS, "fact": "•"}


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
    for end, side in ends.items():
        actors = ("partner", "trainer", "replacement")
        values |= {f"{name}_{end}": side.names[lang].get(row[f"{name}_{end}"], "–") for name in actors}
        host, joins = row[f"host_{end}"], row[f"joins_{end}"]
        values[f"host_{end}"] = "–" if host is None else where(side, row["territory"], host, lang, joins)
        values[f"joins_{end}"] = joins or "–"
    lines = [under(row["name"], sentence("titles", row["change"], lang, **values), lang)]
    if row["change"] not in {"entered", "left"}:
        for name in ("score", "cost", "day", "priority"):
            if row[f"{name}_before"] != row[f"{name}_after"]:
                details = {end: _detail(row, name, end, lang) for end in ends}
                lines.append(f"{' ' * 10}{sentence('details', name, lang, **details)}")
    for cause in causes:
        counts = cause.kind in {"points", "priority"}
        if not counts or abs(cause.moved) >= _WORTH_SAYING:
            mark = signed(cause.moved, 1, lang) if counts else _MARKS[cause.kind]
            lines.append(f"  {mark:>6}  {cause.sentence(lang)}")
    return "\n".join(lines)


def _detail(row: Mapping[str, Any], name: str, end: str, lang: Lang) -> str:
    value = row[f"{name}_{end}"]
    if name == "cost" and row[f"session_{end}"] is not None:
        return price(value, lang)
    return "–" if value is None else day(value, lang) if name == "day" else number(value, 1, lang)


def _outcome(side: Answers, row: Mapping[str, Any], end: str, lang: Lang) -> str:
    """Say what is recommended, or why nothing is; a dash if the territory isn't in this answer."""
    reason, session, axis = row[f"reason_{end}"], row[f"session_{end}"], row[f"axis_{end}"]
    if reason is not None:
        return reason_sentence(reason, side.policy, lang).removesuffix(".")
    if session is None:
        return "–"
    name = in_quotes(side.names[lang][session], lang)
    if axis is not None:
        axes = {a.id: a.name.get(lang) for s in side.programme.catalogue.sessions if s.id == session for a in s.axes}
        name = sentence("texts", "axis", lang, session=name, axis=axes[axis])
    at = place(side, row["territory"], row[f"host_{end}"], lang, row[f"joins_{end}"])
    return sentence("texts", "host", lang, offer=name, place=at) if at and row["change"] != "host" else name
