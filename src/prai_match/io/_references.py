"""References in cells: identifiers, and the names and labels that people write instead."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

import polars as pl

from prai_match import register
from prai_match.io import _labels
from prai_match.io._schema import TableColumn, TableSpec
from prai_match.model import Axis, Buffet, Catalogue, KindOf, Workshop

_CODE = r"^(?:[0-9][0-9AB][0-9]{3}|[0-9]{9})$"
# Columns of the result of `look_up`: texts, except the number of rows.
_ODD = ("value", "hint", "rows", "id", "status", "why_en", "why_fr", "candidates")


@dataclass(frozen=True, eq=False)
class Index:
    """What a column may refer to: identifiers with labels, some with a département; ``places`` adds the register."""

    pairs: tuple[tuple[str, str], ...] = ()
    places: bool = False
    departements: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def ids(self) -> frozenset[str]:
        return frozenset(identifier for identifier, _ in self.pairs)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """The identifier that each label stands for, by key; ambiguous labels are left out."""
        owners: dict[str, set[str]] = {}
        for identifier, label in dict.fromkeys(self.pairs):
            for word in (_labels.key(identifier), _labels.key(label)):
                owners.setdefault(word, set()).add(identifier)
        return {word: next(iter(owner)) for word, owner in owners.items() if len(owner) == 1 and word}


def of_catalogue(catalogue: Catalogue) -> dict[str, Index]:
    """Return what columns may refer to in the catalogue. A theme with one workshop stands for it."""
    themes = {theme.id: (theme.id, theme.name.fr, theme.name.en) for theme in catalogue.themes}
    counts = Counter(workshop.theme for workshop in catalogue.workshops)
    alone = [workshop for workshop in catalogue.workshops if counts[workshop.theme] == 1]
    by_theme = [(workshop.id, label) for workshop in alone for label in themes.get(workshop.theme, ())]
    return {
        "session": Index(_names(catalogue.sessions)),
        "workshop": Index((*_names(catalogue.workshops), *by_theme)),
        "axis": Index(_names(axis for session in catalogue.sessions for axis in session.axes)),
        "partners.kind": Index(_kinds(catalogue, "partners")),
        "needs.channel": Index(_kinds(catalogue, "channels")),
        "departement": departements(),
        "place": Index(places=True),
    }


def _kinds(catalogue: Catalogue, of: KindOf) -> tuple[tuple[str, str], ...]:
    own = [kind for kind in catalogue.kinds if kind.of == of]
    return tuple((kind.id, label) for kind in own for label in (kind.name.fr, kind.name.en, *kind.synonyms))


def _names(items: Iterable[Axis | Buffet | Workshop]) -> tuple[tuple[str, str], ...]:
    return tuple((item.id, label) for item in items for label in (item.name.fr, item.name.en))


@cache
def departements() -> Index:
    names = register.frame().select("code", "name", "kind").filter(kind="departement").drop("kind").rows()
    return Index(tuple(pair for code, name in names for pair in ((code, name), (code, f"{code} {name}"))))


def index_of(table: TableSpec, column: TableColumn, indexes: Mapping[str, Index]) -> Index | None:
    """Return what a column may refer to: its codes with their usual words, if any, else what its name implies."""
    if words := _labels.values(table.name, column.name):
        own = indexes.get(f"{table.name}.{column.name}", Index()).pairs
        return Index((*((code, word) for word, code in words.items()), *own))
    return indexes.get(column.cites or "")


def look_up(values: pl.Series, distinct: pl.Series, hints: pl.Series | None, index: Index) -> pl.DataFrame:
    """Return what values that aren't identifiers of the index stand for; ``hints`` are départements as written.

    One row for each distinct value (and hint): ``value``, ``hint``, ``rows``, ``id`` (null if none was found),
    ``status`` (``zero``, ``label``, a status of `register.resolve`, ``former``, or null if it looks like an unknown
    identifier), ``why_en``, ``why_fr``, ``candidates``.
    """
    strange = [value for value in distinct.to_list() if value is not None and value not in index.ids]
    schema = pl.Schema({name: pl.UInt32 if name == "rows" else pl.String for name in _ODD})
    if not strange:
        return pl.DataFrame(schema=schema)
    odd = (
        pairs(values, hints)
        .lazy()
        .filter(pl.col("value").is_in(strange))
        .group_by("value", "hint", maintain_order=True)
        .len("rows")
        .collect(engine="in-memory")
    )
    matches = [_match(value, hint, index) for value, hint, _ in odd.rows()]
    answers = pl.DataFrame(matches, {"id": pl.String, "status": pl.String}, orient="row")
    blank = {name: pl.lit(None, pl.String) for name in ("why_en", "why_fr", "candidates")}
    odd = odd.hstack(answers).with_columns(**blank)
    names = odd.filter(pl.col("id").is_null() & ~pl.col("value").str.contains(_CODE))
    if not index.places or not names.height:
        return odd
    rest = odd.join(names, on=["value", "hint"], how="anti", nulls_equal=True)
    return pl.concat([rest, _resolve(names).select(_ODD).cast(schema)])


def stands(value: str, index: Index) -> bool:
    """Return whether a value is an identifier of the index, or unambiguously stands for one."""
    return value in index.ids or _match(value, None, index)[0] is not None


def pairs(values: pl.Series, hints: pl.Series | None) -> pl.DataFrame:
    """Return the values with their hints, in the form of `look_up`: ``value`` and ``hint``."""
    return values.to_frame("value").with_columns(hint=pl.lit(None, pl.String) if hints is None else hints)


def names(odd: pl.DataFrame, label: str) -> pl.DataFrame:
    """Return how names of a column were resolved, for reports: ``column``, ``text``, ``status``, ``code``, ``rows``."""
    return (
        odd.filter(pl.col("status").is_not_null())
        .group_by("value", "status", "id", maintain_order=True)
        .agg(pl.col("rows").sum())
        .select(pl.lit(label).alias("column"), text="value", status="status", code="id", rows="rows")
    )


def replace(values: pl.Series, hints: pl.Series | None, odd: pl.DataFrame) -> pl.Series:
    """Return the identifiers that values stand for; other values are unchanged."""
    ids = odd.filter(pl.col("id").is_not_null())
    if hints is None:
        return values.replace(ids["value"], ids["id"])
    beside = pairs(values, hints).join(
        ids.select("value", "hint", "id"), on=["value", "hint"], how="left", nulls_equal=True, maintain_order="left"
    )
    return beside["id"].fill_null(beside["value"])


def _match(value: str, hint: str | None, index: Index) -> tuple[str | None, str | None]:
    """Return the identifier that a value unambiguously stands for, and how."""
    if f"0{value}" in index.ids:
        return f"0{value}", "zero"
    if (identifier := index.labels.get(_labels.key(value))) and _fits(identifier, hint, index):
        return identifier, "label"
    if index.places and (now := _present().get(value) or _present().get(f"0{value}")):
        return now, "former"
    return None, None


def _fits(identifier: str, hint: str | None, index: Index) -> bool:
    """Return whether the département given with a label is that of the identifier that it stands for."""
    departement = index.departements.get(identifier)
    return hint is None or departement is None or departements().labels.get(_labels.key(hint)) == departement


@cache
def _present() -> dict[str, str]:
    """Return the present commune for each code of the register that isn't a present commune itself."""
    places = register.frame().select("kind", "code", "present_code")
    former, communes = (places.filter(kind=kind) for kind in ("former_commune", "commune"))
    return dict(former.drop_nulls().join(communes, on="code", how="anti").drop("kind").iter_rows())


def _resolve(names: pl.DataFrame) -> pl.DataFrame:
    """Return the names with the answers of the register, each with its candidates and their codes."""
    answers = register.resolve(names["value"], department=None if names["hint"].is_null().all() else names["hint"])
    candidates = [
        ", ".join(f"{name} : {code}" for name, code in zip(answer.candidate_names, answer.candidates, strict=True))
        for answer in answers
    ]
    french, english = answers.to_polars("fr"), answers.to_polars("en")
    return names.with_columns(
        id=french["code"],
        status=french["status"],
        why_en=_inner(english["because"]),
        why_fr=_inner(french["because"]),
        candidates=pl.Series(candidates, dtype=pl.String),
    )


def _inner(sentences: pl.Series) -> pl.Series:
    return sentences.str.head(1).str.to_lowercase() + sentences.str.slice(1).str.strip_suffix(".")
