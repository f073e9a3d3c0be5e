"""Notices on accepted rows: unknown facts, duplicates and near-duplicates; not errors, but worth reporting."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import Final

import polars as pl

from prai_match.followups import FollowUps
from prai_match.io._outcomes import Stack
from prai_match.io._schema import PROGRAMME
from prai_match.io._sources import ProgrammeToml, Sources
from prai_match.model import Axis, Buffet, Catalogue, Lang, ProgrammeData, Theme, Workshop, axes_of, items
from prai_match.needs import Lexicon
from prai_match.text import both, counted, messages, number

_MOST = 5  # maximum number of rows, or groups of values, named in a notice, besides their total number
# Tables whose rows are also known by name; collectivities with the same name have different official codes.
_WITH_NAMES = frozenset({"partners", "territories"})
# Kinds of notices about unknown or impossible facts: they cause a warning.
CONSEQUENCES: Final = frozenset({"unread", "unrecognised", "too_many"})
COLUMNS: Final = frozenset({"unrecognised", "unused"})  # kinds of notices that are about a column that wasn't read


@dataclass(frozen=True, slots=True)
class LoadNotice:
    """A notice on ``count`` of ``rows`` accepted rows, or on a column: see `LoadReport.notices`."""

    file: str
    kind: str
    count: int
    rows: int
    sentence: Mapping[Lang, str]

    def line(self, lang: Lang) -> str:
        return f"{self.file}{words(lang)['colon']}{self.sentence[lang]}"


words = partial(messages, "prai_match.io", "report")  # the texts of load reports, in a language


def lines_of(notices: Iterable[LoadNotice], lang: Lang, *, of_columns: bool) -> tuple[str, ...]:
    return tuple(notice.line(lang) for notice in notices if (notice.kind in COLUMNS) == of_columns)


def things_of(table: str, lang: Lang) -> str:
    return str(messages("prai_match.io", "display", lang)["named"][table])


def notices(
    tables: Mapping[str, Stack], programme: ProgrammeData, sources: Sources, of_columns: Iterable[LoadNotice]
) -> tuple[LoadNotice, ...]:
    """Return the notices on the tables of a programme, including columns that weren't read."""
    return (
        *(() if "lexicon" in sources.files else _unread(tables["needs"], programme)),
        *of_columns,
        *_too_many(tables["registrations"], programme),
        *_undeclared(programme),
        *_outranking(programme),
        *(note for table in tables.values() for tell in (_twice, _alike_rows) for note in tell(table)),
        *_alike_in_the_catalogue(programme.catalogue, sources.settings),
    )


def _unread(needs: Stack, programme: ProgrammeData) -> Iterator[LoadNotice]:
    """Report needs with only a text, if the library has no lexicon for the catalogue and none is named."""
    catalogue, rows = programme.catalogue, needs.rows
    if programme.lexicon_table is not None or "text" not in rows.columns:
        return
    silent = rows if "workshop" not in rows.columns else rows.filter(pl.col("workshop").is_null())
    count = silent["text"].drop_nulls().len()
    read = Lexicon.bundled().workshops if count else axes_of(catalogue)
    if not (strange := [workshop for workshop in axes_of(catalogue) if workshop not in read]):
        return
    yield _of_rows(needs, "unread", count, rows.height, lambda own: own["why"].format(workshops=", ".join(strange)))


def _too_many(table: Stack, programme: ProgrammeData) -> Iterator[LoadNotice]:
    """Report sessions with more registered people than seats, by the first row of each."""
    seats = {session.id: session.max_seats for session in programme.catalogue.sessions}
    most = {held.id: seats[held.session] for held in programme.sessions}
    by_session = programme.registrations.to_polars().with_row_index("at").group_by("session", maintain_order=True)
    rows = by_session.agg(pl.first("at"), people=pl.col("people").cast(pl.Int64).sum())
    full = [(code, at, people) for code, at, people in rows.rows() if people > most[code]]
    few = [f"{code} ({people} / {most[code]}, {table.place(table.at(at))})" for code, at, people in full[:_MOST]]
    if full:
        which = _few(few, len(full))
        yield _of_rows(table, "too_many", len(full), rows.height, lambda own: own["which"].format(sessions=which))


def _undeclared(programme: ProgrammeData) -> Iterator[LoadNotice]:
    """Report that no follow-up is declared, so that any session may lead to any other, or none if there are many."""
    count, edges = len(programme.catalogue.sessions), len(FollowUps.declared(programme.catalogue).edges())
    if not programme.catalogue.follow_ups and count > 1:
        which = "all" if edges else "none"
        yield LoadNotice(PROGRAMME, "undeclared", count, count, both(lambda lang: words(lang)["undeclared"][which]))


def _outranking(programme: ProgrammeData) -> Iterator[LoadNotice]:
    """Report follow-ups declared as more probable than a step in between."""
    catalogue = programme.catalogue
    ways = FollowUps.declared(catalogue, horizon_days=programme.offer_horizon_days).outranking()
    edges = ways.select("source", "target").n_unique()

    def sentence(lang: Lang) -> str:
        own, whole = words(lang)["notices"]["outranking"], number(len(catalogue.follow_ups), 0, lang)
        shown = [
            f"{source} → {target} ({number(chance, 2, lang)}) / {source} → {middle} ({number(step, 2, lang)})"
            for source, middle, target, chance, step in ways.head(_MOST).rows()
        ]
        told = counted(edges, {name: form.replace("{rows}", whole) for name, form in own.items()}, lang)
        return f"{told}{own['which']}".format(ways=_few(shown, ways.height, "; "))

    if edges:
        yield LoadNotice(PROGRAMME, "outranking", edges, len(catalogue.follow_ups), both(sentence))


def _twice(table: Stack) -> Iterator[LoadNotice]:
    """Report rows that equal an earlier one in all columns read, if the table has no identifier."""
    if table.table.key is not None or table.rows.height <= 1:
        return
    if not len(again := table.data().select(~pl.struct(pl.all()).is_first_distinct()).to_series().arg_true()):
        return
    places = _few([table.place(table.at(int(row))) for row in again.head(_MOST)], len(again))
    yield _of_rows(table, "twice", len(again), table.rows.height, lambda _: f", {places}")


def _of_rows(table: Stack, kind: str, count: int, rows: int, rest: Callable[[Mapping[str, str]], str]) -> LoadNotice:
    """Yield a notice for so many of so many rows of a table, then the ``rest``, which has the same text."""

    def sentence(lang: Lang) -> str:
        own = words(lang)["notices"][kind]
        whole, things = number(rows, 0, lang), things_of(table.name, lang)
        forms = {name: form.replace("{rows}", whole).replace("{things}", things) for name, form in own.items()}
        return counted(count, forms, lang) + rest(own)

    return LoadNotice(table.files, kind, count, rows, both(sentence))


def _alike_rows(table: Stack) -> Iterator[LoadNotice]:
    """Report identifiers, and names used as identifiers, that people would take for the same."""
    things = partial(things_of, table.name)
    for column in (table.table.key, "name" if table.name in _WITH_NAMES else None):
        if column in table.rows.columns:
            yield from _alike(table.files, things, column, table.rows[column], lambda row: table.place(table.at(row)))


def _alike_in_the_catalogue(catalogue: Catalogue, settings: ProgrammeToml) -> Iterator[LoadNotice]:
    """Report identifiers and names of sessions, themes and axes that people would take for the same."""
    workshops = [*items("catalogue.workshops", catalogue.workshops)]
    levels: list[Sequence[tuple[str, Axis | Buffet | Theme | Workshop]]] = [
        [*items("catalogue.themes", catalogue.themes)],
        [*items("catalogue.buffets", catalogue.buffets), *workshops],
        *([*items(f"{where}.axes", workshop.axes)] for where, workshop in workshops),
    ]
    groups = [
        (column, [f"{path}.{column}" for path, _ in level], [attrgetter(column)(item) for _, item in level])
        for level in levels
        for column in ("id", "name.fr", "name.en")
    ]
    texts = pl.Series("text", [text for *_, own in groups for text in own], pl.String)
    keys = iter(texts.to_frame().select(_key(pl.col("text"))).to_series())
    for column, paths, own in groups:
        if len({*islice(keys, len(own))}) < len(own):
            things = both(lambda lang: words(lang)["notices"]["catalogue"]).__getitem__
            yield from _alike(PROGRAMME, things, column, pl.Series(own), list(map(settings.place, paths)).__getitem__)


def _alike(
    file: str, things: Callable[[Lang], str], column: str, values: pl.Series, place: Callable[[int], str]
) -> Iterator[LoadNotice]:
    keys = values.to_frame("key").select(_key(pl.col("key")))
    if (there := keys["key"].drop_nulls()).n_unique() == len(there):
        return
    groups = keys.with_row_index("row").drop_nulls().group_by("key", maintain_order=True).agg("row", rows=pl.len())
    groups = groups.filter(pl.col("rows") > 1)
    few = [
        " / ".join(f"{' '.join(values[row].split())} ({place(row)})" for row in rows[:_MOST])
        for rows in groups["row"].head(_MOST).to_list()
    ]
    texts = _few(few, groups.height, "; ")
    sentence = both(
        lambda lang: words(lang)["notices"]["alike"].format(column=column, things=things(lang), groups=texts)
    )
    yield LoadNotice(file, "alike", int(groups["rows"].sum()), len(values), sentence)


def _key(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"[\p{M}\p{Z}\p{C}\s]+", "").str.to_lowercase()


def _few(texts: Sequence[str], count: int, between: str = ", ") -> str:
    return between.join([*texts, *(["…"] if count > len(texts) else [])])
