"""Typed names turned into official codes: what is asked and read, and what is answered; `verdict` decides."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, cast, get_args, overload

import polars as pl

from prai_match import _arguments as given
from prai_match.errors import UnknownCodeError, nearest
from prai_match.model import Lang
from prai_match.register._data import KINDS, Kind, table
from prai_match.register._resolve._reading import departement_of
from prai_match.register._resolve._verdicts import Answer, verdict
from prai_match.text import LANGUAGES, Shown, current_language

Status = Literal["exact", "alias", "fuzzy", "ambiguous", "unknown", "not_a_collectivity_here"]

STATUSES: tuple[Status, ...] = get_args(Status)

_VALUES = ("status", "code", "name", "kind", "departement", "score", "reason")
_LISTS = ("candidates", "candidate_kinds", "candidate_names")
_COLUMNS = ("text", *_VALUES, "because", "note", *_LISTS)
_TEXTS = (*_VALUES, *_LISTS, *(f"{name}_{lang}" for name in ("because", "note") for lang in LANGUAGES))
_SCHEMA = {
    name: pl.Float64() if name == "score" else pl.List(pl.String) if name in _LISTS else pl.String() for name in _TEXTS
}


class Arrow(Protocol):
    """A table that can be read as an Arrow stream (pandas, pyarrow, DuckDB…)."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


@dataclass(frozen=True, slots=True)
class Resolution(Shown):
    """The official entity that one text stands for.

    Attributes:
        text: The text as given; None if nothing was given.
        status: ``exact`` (the official name, apart from typography), ``alias`` (another legitimate form), ``fuzzy``
            (typos), ``ambiguous`` (several candidates, or not certain enough), ``unknown``, or
            ``not_a_collectivity_here`` (a syndicate, a public body, an association: not in the register).
        code: Official code; None if none is accepted.
        name: Official name.
        kind: Kind of the register's entry.
        departement: Code of its département; None for a région.
        score: Similarity of the text and the name, 0-100; 0 if no code is accepted.
        reason: The reason, as a short identifier.
        candidates: Codes to choose from if none is accepted, the most likely first, at most five.
        candidate_kinds: The kind of each.
        candidate_names: The name of each, with its département.
        sentences: The reason as a sentence, in French and in English.
        notes: A remark in French and in English, or None.

    Example:
        >>> from prai_match import register
        >>> found = register.resolve("Mairie de St-Girons", department="Ariège")
        >>> found.status, found.code, found.because("en")
        ('alias', '09261', 'This is the official name, with other words around it.')
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
        """Return the reason as a sentence."""
        return self.sentences[0 if current_language(lang) == "fr" else 1]

    def note(self, lang: Lang | None = None) -> str | None:
        """Return a remark: the former commune, the service, or the département that wasn't understood; or None.

        Example:
            >>> from prai_match import register
            >>> register.resolve("CCAS de Foix").note("en")
            'The text names the CCAS or a service; the code is that of the commune.'
        """
        return self.notes[0 if current_language(lang) == "fr" else 1]

    def __str__(self) -> str:
        """Return text such as ``Foix (09122)``, or the status."""
        return f"{self.name} ({self.code})" if self.code else self.status


class Resolutions(Shown):
    """The answers, one per text, in the order of the texts: a sequence of `Resolution`, and a data frame.

    Libraries that read Arrow make a data frame of it: ``pandas.DataFrame.from_arrow(found)``,
    ``polars.DataFrame(found)``…

    Example:
        >>> from prai_match import register
        >>> found = register.resolve(["Mairie de Foix", "SIVOM de la Vallée"])
        >>> [each.code for each in found]
        ['09122', None]
        >>> found.to_polars("en").columns[:4], found.counts()["alias"]
        (['text', 'status', 'code', 'name'], 1)
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        """Created by `resolve`; not meant to be built directly."""
        self._frame = frame

    def to_polars(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row per text.

        Columns: ``text``, ``status``, ``code``, ``name``, ``kind``, ``departement``, ``score`` (0-100), ``reason`` and
        ``because`` (its sentence in `lang`), ``note``, ``candidates`` (codes), ``candidate_kinds``,
        ``candidate_names``.
        """
        names = {f"{name}_{current_language(lang)}": name for name in ("because", "note")}
        return self._frame.rename(names).select(_COLUMNS)

    def counts(self) -> dict[Status, int]:
        """Return the number of texts by status, all six of them, in the order of `Resolution.status`."""
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
        return _resolution(self._frame.row(range(len(self))[place]))

    def __iter__(self) -> Iterator[Resolution]:
        return (_resolution(row) for row in self._frame.iter_rows())

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the table as an Arrow stream, without copying unless pyarrow is in use."""
        frame = self.to_polars()
        if "pyarrow" in sys.modules:
            # Through pyarrow, pandas reads no list of polars' own kind of texts.
            table: Arrow = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            return table.__arrow_c_stream__(requested_schema)
        return frame.__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {status}" for status, number in self.counts().items() if number)
        return f"<Resolutions: {len(self)} texts; {counts or 'nothing'}>"


def _resolution(row: Answer) -> Resolution:
    *values, codes, kinds, names, french, english, note, note_in_english = row
    both = ((french, english), (note, note_in_english))
    return Resolution(*(*values, tuple(codes), tuple(kinds), tuple(names), *both))


Department = str | float | None  # a département as people write it


def _names_given(value: object, name: str) -> object:
    if hasattr(value, "columns") or isinstance(value, dict | bytes):
        found = given.frame(value, name)
        if not found.columns:
            raise given.refused(name, value, "frame")
        return found
    return value if isinstance(value, str) or hasattr(value, "__arrow_c_stream__") else given.iterable(value, name)


def _departments_given(value: object, name: str) -> object:
    return value if value is None or isinstance(value, int | float) else _names_given(value, name)


@overload
def resolve(  # type: ignore[overload-overlap]  # a text is one text, not the sequence of its letters
    names: str, department: Department = None, kind: Kind | None = None
) -> Resolution: ...
@overload
def resolve(
    names: pl.Series | pl.DataFrame | Arrow | Iterable[object],
    department: Department | pl.Series | Iterable[Department] = None,
    kind: Kind | None = None,
) -> Resolutions: ...
@given.takes(names=_names_given, department=_departments_given)
def resolve(
    names: str | pl.Series | pl.DataFrame | Arrow | Iterable[object],
    department: Department | pl.Series | Iterable[Department] = None,
    kind: Kind | None = None,
) -> Resolution | Resolutions:
    """Turn the names that people type into official codes; if a text is ambiguous, choose nothing.

    Case, accents, hyphens, "St" and the position of the article don't matter. Words around the name are interpreted
    ("Mairie de", "CCAS de", "Com. Com.", "CG 46"), as is a département or postal code next to it. Former communes give
    the present one, with a note; so do other names in use. Typos are corrected (one edit in short names, two in long
    ones) if only one name is that close. A name alone means a commune first. If several collectivities have the name
    (in the département, if known), it is ambiguous. Syndicates and associations are recognised as such, whatever place
    their name ends with.

    Args:
        names: One text, or many: a sequence, a Series, or a table of any library that exports Arrow, whose columns are
            joined with a space (a type, a name, a postal code). None is a text without a name.
        department: The département of all texts, or of each: its number, its name, both, or a postal code. In a column,
            an unrecognised one is ignored, and the note says so.
        kind: The kind of entity wanted; with ``"former_commune"`` the code is the former one.

    Returns:
        A `Resolution` for one text, `Resolutions` for many, in their order. Answers don't depend on other texts.

    Raises:
        UnknownCodeError: The kind or the département doesn't exist, or the numbers of départements and texts differ.

    Example:
        >>> str(resolve("MAIRIE DE L'ESCARENE")), resolve("St Rémy").status
        ("L'Escarène (06057)", 'ambiguous')
        >>> answers = resolve(["Enchastrayes-le-Sauze", "SIVOM de Foix"], department=["4", "Ariège"])
        >>> [answer.status for answer in answers]
        ['alias', 'not_a_collectivity_here']
    """
    if kind is not None:
        given.known_among("kind", kind, KINDS, KINDS)
    if isinstance(names, str) and (department is None or isinstance(department, str | int | float)):
        text = _text(names)
        return _resolution((text, *_answer(text, _department(department), kind)))
    texts = _texts([names] if isinstance(names, str) else names)
    questions = pl.DataFrame({"text": texts, "department": _departments(department, len(texts))})
    unique = questions.unique(maintain_order=True)
    answers = [_answer(text, place, kind) for text, place in unique.rows()]
    beside = unique.hstack(pl.DataFrame(answers, _SCHEMA, orient="row"))
    frame = questions.join(beside, on=["text", "department"], how="left", nulls_equal=True, maintain_order="left")
    resolutions = Resolutions(frame.drop("department"))
    return resolutions[0] if isinstance(names, str) else resolutions


def _answer(text: str | None, department: str | None, kind: Kind | None) -> Answer:
    given = None if department is None else departement_of(department)
    unread = department if department and not given and department.strip() else None
    return verdict(text or "", given, kind, unread)


def _texts(names: pl.Series | pl.DataFrame | Arrow | Iterable[object]) -> pl.Series:
    if hasattr(names, "__arrow_c_stream__"):
        column = names.to_struct() if isinstance(names, pl.DataFrame) else pl.Series(names)
        if isinstance(column.dtype, pl.Struct):
            text = pl.concat_str(pl.all().cast(pl.String, strict=False), separator=" ", ignore_nulls=True)
            return column.struct.unnest().select(text=text).to_series()
        return column.cast(pl.String, strict=False).alias("text")
    return pl.Series("text", [_text(name) for name in cast("Iterable[object]", names)], dtype=pl.String)


def _text(value: object) -> str | None:
    """Return a value as text that can be encoded: unpaired surrogates become question marks."""
    return None if value is None else str(value).encode("utf-8", "replace").decode("utf-8")


def _department(department: Department) -> str | None:
    value = _text(department)
    if value is not None and departement_of(value) is None:
        departements = table().filter(kind="departement")
        alike = [code for column in ("name", "code") for code in nearest(value, departements[column].to_list())]
        raise UnknownCodeError("departement", department, tuple(alike[:3]))
    return value


def _departments(department: Department | pl.Series | Iterable[Department], size: int) -> pl.Series:
    if department is None or isinstance(department, str | int | float):
        return pl.Series("department", [_department(department)] * size, dtype=pl.String)
    values = _texts(department)
    if len(values) != size:
        raise UnknownCodeError("column", f"{len(values)} départements for {size} texts")
    return values.alias("department")
