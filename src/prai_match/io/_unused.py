"""Columns of a file that weren't read: what isn't known therefore, or that nothing would use them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match import register
from prai_match.errors import suggested
from prai_match.io import _labels
from prai_match.io._kinds import LIST, TEXT, WORD, as_text
from prai_match.io._notice import Notice
from prai_match.io._reads import ROW
from prai_match.io._references import Index, stands
from prai_match.io._report_words import COLON, NO_LABEL
from prai_match.text import messages, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from prai_match.io._labels import Match
    from prai_match.io._reads import Read
    from prai_match.io._schema import Column
    from prai_match.io._stacked import Stacked
    from prai_match.model import Lang

_TRIED = 200
"""Cells of a column that are tried: what half of them can be, the column can hold."""
_GUESSED = 100
"""Columns of a file whose cells are tried; of a file with more of them, the others are known by their labels alone."""
_SHOWN = 80
"""Characters of a label that are shown."""

_LANGS: Final[tuple[Lang, ...]] = ("fr", "en")
_COMPLETED = frozenset({"collectivities", "territories"})
"""Tables of which the register gives what a row leaves empty; of trainers it gives the position."""
_POSITION = frozenset({"latitude", "longitude"})
_MOST: Final[Mapping[str, int]] = {"sessions_a_month": 100, "sessions_a_year": 366, "fee": 100_000, "cost": 100_000}
"""Beyond that a number is a year, a telephone or a SIREN, though the model would take it."""

_UNKNOWN: Final[Mapping[Lang, str]] = {
    "fr": "« {fact} » inconnu pour {count} des {rows} {things}",
    "en": "{fact} unknown for {count} of {rows} {things}",
}
_OF_REGISTER: Final[Mapping[Lang, str]] = {
    "fr": "« {fact} » pris dans le référentiel pour {count} des {rows} {things}",
    "en": "{fact} taken from the register for {count} of {rows} {things}",
}
_ASSUMED: Final[Mapping[str, Mapping[Lang, str]]] = {
    "carries": {"fr": "toutes supposées", "en": "all assumed"},
    "axes": {"fr": "tous supposés", "en": "all assumed"},
    "hosted": {"fr": "aucune supposée", "en": "none assumed"},
    "brings": {"fr": "élus supposés", "en": "elected assumed"},
    "channel": {"fr": "autre supposé", "en": "other assumed"},
}
"""What stands for a fact that isn't given, where it isn't unknown."""
_UNRECOGNISED: Final[Mapping[Lang, str]] = {
    "fr": "colonne non reconnue, donc {facts}{meant}",
    "en": "column not recognised, therefore {facts}{meant}",
}
_SECOND: Final[Mapping[Lang, str]] = {
    "fr": "colonne non lue, puisque « {label} » est lue comme « {fact} » ; {facts}",
    "en": "column not read, since {label!r} is read as {fact}; {facts}",
}
_TAKEN: Final[Mapping[Lang, str]] = {
    "fr": "colonne non lue, puisque « {label} » est lue comme « {fact} »",
    "en": "column not read, since {label!r} is read as {fact}",
}
_HARMLESS: Final[Mapping[Lang, str]] = {
    "fr": "colonne non lue, rien ne s'en sert",
    "en": "column not read, nothing uses it",
}
_LEFT_OUT: Final[Mapping[Lang, str]] = {
    "fr": "colonne laissée de côté, comme demandé",
    "en": "column left out, as asked",
}
_NAME_IT: Final[Mapping[Lang, str]] = {
    "fr": " ; la nommer {names} si c'est ce qu'elle contient",
    "en": "; name it {names} if that is what it holds",
}
_OR: Final[Mapping[Lang, str]] = {"fr": " ou ", "en": " or "}


@dataclass(frozen=True, slots=True, eq=False)
class _Fact:
    """What rows of a file leave empty, and a column that wasn't read may hold.

    Attributes:
        column: The column of the table.
        label: Label of the column that is read as it; empty: there is none, or nothing in it.
        empty: For each row of the file, whether it doesn't give it.
        count: How many rows leave it open.
        rows: Of how many that stand.
        known: What the register gives instead, for each row that stands; None: nothing.
    """

    column: Column
    label: str
    empty: pl.Series
    count: int
    rows: int
    known: pl.Series | None

    def name(self, table: str, lang: Lang) -> str:
        """How offices call it."""
        return self.column.name if lang == "en" else _labels.usual_label(table, self.column.name)

    def said(self, table: str, lang: Lang) -> str:
        """That it isn't known, and for how many."""
        told = (_UNKNOWN if self.known is None else _OF_REGISTER)[lang].format(
            fact=self.name(table, lang),
            count=number(self.count, 0, lang),
            rows=number(self.rows, 0, lang),
            things=messages("prai_match.io", "display", lang)["named"][table],
        )
        assumed = None if self.known is not None else _ASSUMED.get(self.column.name)
        return f"{told} ({assumed[lang]})" if assumed else told


def unused(table: Stacked, indexes: Mapping[str, Index], left_out: Collection[str]) -> Iterator[Notice]:
    """Tell each column that holds something and wasn't read, file by file.

    Args:
        table: The files of a table.
        indexes: What their columns may cite, by what they cite.
        left_out: Labels that the caller leaves out.
    """
    out = {_labels.key(label) for label in left_out}
    for read in table.reads:
        matches = list(_unread(read))
        facts = list(_facts(read)) if matches else []
        for order, match in enumerate(matches):
            label, guessed = _labels.key(match.label), order < _GUESSED
            if label in out:
                yield _notice(read, match, _LEFT_OUT)
            elif meant := _meant(read, match, facts, indexes, guessed=guessed):
                yield _unrecognised(read, match, meant)
            elif (column := _labels.named(read.table, match.label)) and not _labels.never(match.label):
                yield _notice(
                    read, match, {lang: _taken(_TAKEN, read, column, read.label(column), lang) for lang in _LANGS}
                )
            else:
                yield _notice(read, match, _HARMLESS)


def _unread(read: Read) -> Iterator[Match]:
    """The columns that hold something and aren't read, but for the reasons of rejected rows."""
    for match in read.matches:
        cells = read.grid.cells[str(match.place)]
        if match.column is None and _labels.key(match.label) not in _labels.REASON and cells.count():
            yield match


def _facts(read: Read) -> Iterator[_Fact]:
    """What rows that stand don't give; where none stands, what none of them gives."""
    cells, labels = read.grid.cells, {match.column: match for match in read.matches if match.column}
    every = pl.repeat(value=True, n=cells.height, dtype=pl.Boolean, eager=True)
    standing = pl.int_range(cells.height, dtype=pl.UInt32, eager=True).is_in(read.rows[ROW].implode())
    standing = standing if standing.any() else every

    def empty(column: str) -> pl.Series:
        match = labels.get(column)
        return every if match is None else cells[str(match.place)].is_null()

    for column in read.table.columns:
        if column.required:
            continue
        # A text is read where there is no workshop; a need with neither is rejected.
        text = column.name == "text"
        nothing = empty(column.name) & empty("workshop") if text else empty(column.name)
        within = every if text else standing
        if count := int((nothing & within).sum()):
            whole = empty(column.name).all()
            label = "" if whole else labels[column.name].label
            yield _Fact(column, label, nothing, count, int(within.sum()), _known(read, column))


def _known(read: Read, column: Column) -> pl.Series | None:
    """What the register gives for a column, for each row that stands."""
    if read.table.name in _COMPLETED:
        known = read.rows[column.name]
    elif column.name in _POSITION:
        places = register.frame().select(column.name, home="code").unique("home", keep="first", maintain_order=True)
        known = read.rows.select("home").join(places, on="home", how="left", maintain_order="left")[column.name]
    else:
        return None
    return known if known.count() else None


def _meant(
    read: Read, match: Match, facts: Iterable[_Fact], indexes: Mapping[str, Index], *, guessed: bool
) -> list[_Fact]:
    """The facts that a column may hold: those that its label and its cells speak for, else those that either does."""
    if _labels.never(match.label):
        return []
    cells = read.grid.cells[str(match.place)]
    near = _labels.near(read.table, match.label)
    kinds = _labels.kinds(match.label)
    both, either = [], []
    for fact in facts:
        column = fact.column
        if not (fact.empty & cells.is_not_null()).any():
            continue
        named = column.name in near
        foreign = bool(kinds) and column.kind.id not in kinds
        if not named and (fact.label or foreign or not guessed):
            continue
        fits = _fits(read, fact, cells, indexes)
        if named and fits:
            both.append(fact)
        elif fits or (named and fits is None and fact.known is None):
            either.append(fact)
    return both or either


def _fits(read: Read, fact: _Fact, cells: pl.Series, indexes: Mapping[str, Index]) -> bool | None:
    """Whether a column holds what the fact could be; None: it can't be read as such."""
    column = fact.column
    words = _labels.values(read.table.name, column.name)
    index = Index(tuple((code, word) for word, code in words.items())) if words else indexes.get(column.cites or "")
    if fact.known is not None and (index is None or column.kind not in {WORD, LIST}):
        return _as_known(column, fact.known, cells[read.rows[ROW].to_list()])
    tried = cells.drop_nulls().head(_TRIED)
    values = column.kind.parse(tried).values
    if column.kind in {WORD, LIST}:
        cited = (values.explode() if values.dtype == pl.List else values).drop_nulls().to_list()
        return (index is not None and _half(stands(value, index) for value in cited)) or None
    if column.kind is TEXT:
        return _half(as_text(tried).str.contains(r"\p{L}{2}")) or None
    if not _half(values.is_not_null()):
        return None
    if not values.dtype.is_numeric():
        return True
    most = min(limit for limit in (column.most, _MOST.get(column.name), float("inf")) if limit is not None)
    within = values.cast(pl.Float64).is_between(float("-inf") if column.least is None else column.least, most)
    return _half(within.fill_null(value=False))


def _as_known(column: Column, known: pl.Series, cells: pl.Series) -> bool:
    """Whether cells hold about what the register says: the place, numbers half to twice as large, the same words."""
    beside = pl.DataFrame({"known": known, "cell": cells}).drop_nulls().head(_TRIED)
    values = column.kind.parse(beside["cell"]).values
    if not values.dtype.is_numeric():
        pairs = zip(as_text(beside["known"]).to_list(), as_text(values).to_list(), strict=True)
        return _half(_labels.key(known) == _labels.key(value or "") for known, value in pairs)
    one, other = values.cast(pl.Float64), beside["known"].cast(pl.Float64)
    near = 1.0 if column.name in _POSITION else pl.select(pl.max_horizontal(one.abs(), other.abs())).to_series() / 2
    return _half(((one - other).abs() <= near).fill_null(value=False))


def _half(answers: Iterable[bool]) -> bool:
    """Whether half of the answers are yes; of none, no."""
    given = list(answers)
    return bool(given) and 2 * sum(given) >= len(given)


def _unrecognised(read: Read, match: Match, meant: Sequence[_Fact]) -> Notice:
    """Tell a column that may hold facts that aren't known."""
    table = read.table.name
    near = _labels.near(read.table, match.label)
    named = [fact for fact in meant if fact.column.name in near]
    second = next((fact for fact in meant if fact.label), None)
    said: dict[Lang, str] = {}
    for lang in _LANGS:
        facts = ", ".join(fact.said(table, lang) for fact in meant)
        if second:
            said[lang] = _taken(_SECOND, read, second.column.name, second.label, lang, facts=facts)
            continue
        names = _OR[lang].join(fact.name(table, lang) for fact in meant)
        ask = suggested([fact.name(table, lang) for fact in named], lang) or _NAME_IT[lang].format(names=names)
        said[lang] = _UNRECOGNISED[lang].format(facts=facts, meant=ask)
    count = max(fact.count for fact in meant)
    return _notice(read, match, said, kind="unrecognised", count=count, rows=max(fact.rows for fact in meant))


def _taken(  # noqa: PLR0913 - what is read, as what, from where
    words: Mapping[Lang, str], read: Read, column: str, label: str, lang: Lang, *, facts: str = ""
) -> str:
    fact = column if lang == "en" else _labels.usual_label(read.table.name, column)
    return words[lang].format(label=_short(label), fact=fact, facts=facts)


def _notice(  # noqa: PLR0913 - what a notice tells
    read: Read,
    match: Match,
    why: Mapping[Lang, str],
    *,
    kind: str = "unused",
    count: int | None = None,
    rows: int | None = None,
) -> Notice:
    filled = read.grid.cells[str(match.place)].count()
    said: dict[Lang, str] = {}
    for lang in _LANGS:
        label = _short(match.label) or NO_LABEL[lang].format(place=match.place + 1)
        said[lang] = f"{label}{COLON[lang]}{why[lang]}"
    return Notice(
        read.grid.file,
        kind,
        filled if count is None else count,
        read.grid.cells.height if rows is None else rows,
        said,
    )


def _short(label: str) -> str:
    """A label on one line, and no longer than a line."""
    label = " ".join(label[: 2 * _SHOWN].split())
    return label if len(label) <= _SHOWN else f"{label[:_SHOWN]}…"
