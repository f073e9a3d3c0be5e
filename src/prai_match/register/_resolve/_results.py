"""What `resolve` answers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args, overload

import polars as pl

from prai_match.text import LANGUAGES, Shown, current_language, messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.model import Lang

Status = Literal["exact", "alias", "fuzzy", "ambiguous", "unknown", "not_a_collectivity_here"]

STATUSES: tuple[Status, ...] = get_args(Status)

_COLUMNS = (
    "text", "status", "code", "name", "kind", "departement", "score", "reason", "because", "note", "candidates",
    "candidate_kinds", "candidate_names",
)  # fmt: skip


class Arrow(Protocol):
    """A table that can be read as an Arrow stream (pandas, pyarrow, DuckDB…)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@dataclass(frozen=True, slots=True)
class Resolution(Shown):
    """What one text stands for.

    Attributes:
        text: The text, as it was given; None where nothing was.
        status: ``exact`` (the official name, typography aside), ``alias`` (another legitimate form), ``fuzzy`` (typing
            errors), ``ambiguous`` (several, or not sure enough), ``unknown``, or ``not_a_collectivity_here`` (a
            syndicate, a public body, an association: the register doesn't hold it).
        code: Official code; None where none is accepted.
        name: Official name.
        kind: Kind of the register's entry.
        departement: Code of its département; None for a région.
        score: How near the text is to the name, 0-100; 0 where no code is accepted.
        reason: Why, as a short identifier.
        candidates: Codes to choose from where none is accepted, the likeliest first; at most five.
        candidate_kinds: The kind of each.
        candidate_names: The name of each, with its département.
        sentences: The reason as a sentence, in French and in English.
        notes: What must be known besides, in French and in English; None where there is nothing.

    Example:
        >>> from prai_match import register
        >>> found = register.resolve("Mairie de St-Girons", department="Ariège")
        >>> found.status, found.code, found.because("en")
        ('alias', '09261', 'The official name, with words around it.')
    """

    text: str | None
    status: Status
    code: str | None
    name: str | None
    kind: str | None
    departement: str | None
    score: float
    reason: str
    candidates: tuple[str, ...]
    candidate_kinds: tuple[str, ...]
    candidate_names: tuple[str, ...]
    sentences: tuple[str, str]
    notes: tuple[str | None, str | None]

    def because(self, lang: Lang | None = None) -> str:
        """The reason as a sentence."""
        return self.sentences[0 if current_language(lang) == "fr" else 1]

    def note(self, lang: Lang | None = None) -> str | None:
        """What must be known besides: the former commune, the service, the département not read; or None.

        Example:
            >>> from prai_match import register
            >>> register.resolve("CCAS de Foix").note("en")
            'The text names the CCAS or a service; the code is the commune’s.'
        """
        return self.notes[0 if current_language(lang) == "fr" else 1]

    def __str__(self) -> str:
        """Read as ``Foix (09122)``, or as the status."""
        return f"{self.name} ({self.code})" if self.code else self.status


class Resolutions(Shown):
    """The answers, one a text, in the order of the texts: a sequence of `Resolution`, and a frame.

    Reads as a frame wherever Arrow is spoken: ``pandas.DataFrame.from_arrow(found)``, ``polars.DataFrame(found)``…

    Example:
        >>> from prai_match import register
        >>> found = register.resolve(["Mairie de Foix", "SIVOM de la Vallée"])
        >>> [each.code for each in found]
        ['09122', None]
        >>> found.to_polars("en").columns[:4], found.counts()["alias"]
        (['text', 'status', 'code', 'name'], 1)
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        """Made by `resolve`; not meant to be built by hand."""
        self._frame = frame

    def to_polars(self, lang: Lang | None = None) -> pl.DataFrame:
        """One row a text.

        Columns: ``text``, ``status``, ``code``, ``name``, ``kind``, ``departement``, ``score`` (0-100), ``reason`` and
        ``because`` (its sentence in `lang`), ``note``, ``candidates`` (codes), ``candidate_kinds``,
        ``candidate_names``.
        """
        lang = current_language(lang)
        return self._frame.with_columns(because=_because(lang), note=_note(lang)).select(_COLUMNS)

    def counts(self) -> dict[Status, int]:
        """How many texts have each status, all six of them, in the order of `Resolution.status`."""
        counts = dict(self._frame.group_by("status").len().iter_rows())
        return {status: counts.get(status, 0) for status in STATUSES}

    def __len__(self) -> int:
        return self._frame.height

    @overload
    def __getitem__(self, place: int) -> Resolution: ...
    @overload
    def __getitem__(self, place: slice) -> Resolutions: ...
    def __getitem__(self, place: int | slice) -> Resolution | Resolutions:
        """The answer at a place, or the answers of a slice."""
        if isinstance(place, slice):
            return Resolutions(self._frame[place])
        return _resolution(self._both.row(range(len(self))[place], named=True))

    def __iter__(self) -> Iterator[Resolution]:
        return (_resolution(row) for row in self._both.iter_rows(named=True))

    @cached_property
    def _both(self) -> pl.DataFrame:
        sentences = {f"because_{lang}": _because(lang) for lang in LANGUAGES}
        return self._frame.with_columns(**sentences, **{f"note_{lang}": _note(lang) for lang in LANGUAGES})

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table over as an Arrow stream, without a copy unless pyarrow is in use."""
        frame = self.to_polars()
        if "pyarrow" in sys.modules:
            # Through pyarrow, pandas reads no list of polars' own kind of texts.
            table: Arrow = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            return table.__arrow_c_stream__(requested_schema)
        return frame.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {status}" for status, number in self.counts().items() if number)
        return f"<Resolutions: {len(self)} texts; {counts or 'nothing'}>"


def _resolution(row: dict[str, Any]) -> Resolution:
    values = {name: row[name] for name in ("text", "status", "code", "name", "kind", "departement", "score", "reason")}
    lists: dict[str, Any] = {name: tuple(row[name]) for name in ("candidates", "candidate_kinds", "candidate_names")}
    sentences, notes = (row["because_fr"], row["because_en"]), (row["note_fr"], row["note_en"])
    return Resolution(**values | lists, sentences=sentences, notes=notes)


def _texts(lang: Lang) -> dict[str, Any]:
    return messages("prai_match.register", "resolve", lang)


def _because(lang: Lang) -> pl.Expr:
    return pl.col("reason").replace_strict(_texts(lang)["reasons"], return_dtype=pl.String)


def _note(lang: Lang) -> pl.Expr:
    texts = _texts(lang)["notes"]
    parts = [
        pl.when(pl.col("part").is_not_null()).then(_format(texts["part"], "part", "name")),
        pl.when(pl.col("earlier").is_not_null()).then(_format(texts["earlier"], "earlier", "name")),
        pl.when("service").then(pl.lit(texts["service"])),
        pl.when(pl.col("status") == "unknown").then(
            pl.col("candidate_kinds")
            .list.first()
            .replace_strict({"epci": texts["area"], "region": texts["merged"]}, default=None, return_dtype=pl.String)
        ),
        pl.when(pl.col("unread").is_not_null()).then(_format(texts["unread"], "unread")),
    ]
    text = pl.concat_str(parts, separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _format(sentence: str, *names: str) -> pl.Expr:
    for name in names:
        sentence = sentence.replace(f"{{{name}}}", "{}")
    return pl.format(sentence, *names)
