"""Cross-checks of the history, a column at a time: what needs, sessions held and attendances cite exists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import polars as pl

from prai_match.errors import Problem
from prai_match.model._citations import PACKAGE, Citable, axes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from prai_match.model._fields import ProgrammeFields

_SOMETHING = r"[^\s\x1c-\x1f]"
"""A character that isn't a space to Python."""


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A condition on the rows of a frame.

    Attributes:
        field: The field that is at fault.
        broken: Where the condition doesn't hold; null where there is nothing to hold.
        problem: What to say at a place, from the values of the row.
    """

    field: str
    broken: pl.Expr
    problem: Callable[[str, Mapping[str, Any]], Problem]


def history_problems(programme: ProgrammeFields, also_known: AbstractSet[str]) -> Iterator[Problem]:
    """Return the contradictions of the history; ids in ``also_known`` count as existing."""
    known = Known.of(programme, also_known)
    needs, held = programme.needs.to_polars(), programme.sessions.to_polars()
    yield from _told("needs", needs.lazy(), [needs], needs_checks(known))
    yield from _told("sessions", held.lazy(), [held], _session_checks(known))
    attendances = programme.attendances.to_polars()
    # Many attendances are of few sessions: what these say is checked once.
    distinct = attendances.lazy().select("session", "date", "held").unique()
    attended = beside_held(distinct, held).collect(engine="in-memory")
    beside = beside_held(attendances.lazy(), held)
    yield from _told("attendances", beside, [attended, attendances], attendance_checks(known))


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the history of a programme may cite."""

    axes: Mapping[str, Citable]
    sessions: Citable
    workshops: Citable
    collectivities: Citable
    territories: Citable
    partners: Citable
    trainers: Citable
    held: Citable

    @classmethod
    def of(cls, programme: ProgrammeFields, also_known: AbstractSet[str] = frozenset()) -> Self:
        """Return what a programme knows; ids in ``also_known`` count as existing."""
        axes = axes_of(programme.catalogue)
        members = {member for territory in programme.territories for member in territory.members}
        return cls(
            axes,
            Citable("session", axes.keys() | also_known),
            Citable("workshop", {workshop.id for workshop in programme.catalogue.workshops} | also_known),
            Citable("collectivity of a territory", members | also_known),
            Citable("territory", {territory.id for territory in programme.territories} | also_known),
            Citable("relay partner", {partner.id for partner in programme.partners} | also_known),
            Citable("trainer", {trainer.id for trainer in programme.trainers} | also_known),
            Citable("session held", set(programme.sessions.to_polars()["id"]) | also_known),
        )


def needs_checks(known: Known) -> list[Check]:
    """Return what holds of each need."""
    return [
        _cited("collectivity", known.collectivities),
        _cited("workshop", known.workshops),
        Check("axis", pl.col("axis").is_not_null() & pl.col("workshop").is_null(), _no_workshop),
        _axis("workshop", known.axes),
        Check("text", pl.col("workshop").is_null() & ~pl.col("text").str.contains(_SOMETHING), _no_text),
    ]


def _session_checks(known: Known) -> list[Check]:
    return [
        _cited("session", known.sessions),
        _cited("host", known.territories),
        _cited("partner", known.partners),
        _cited("trainer", known.trainers),
        _axis("session", known.axes),
    ]


def attendance_checks(known: Known) -> list[Check]:
    """Return what holds of each attendance, `beside_held`."""
    return [
        _cited("collectivity", known.collectivities),
        _cited("session", known.sessions),
        _cited("held", known.held),
        Check("elected", pl.col("elected") + pl.col("technicians") == 0, _nobody),
        Check("held", _unlike("session") | _unlike("date"), _other_session),
    ]


def _told(field: str, rows: pl.LazyFrame, tried: Sequence[pl.DataFrame], checks: Sequence[Check]) -> Iterator[Problem]:
    """Problems row by row, and in a row in the order of the checks.

    Args:
        field: The field of the programme.
        rows: Its rows, with all that the checks read.
        tried: Frames on which a check can be tried for all of the rows at once, by the columns they have.
        checks: The checks.
    """
    numbered = rows.with_row_index("row")
    found = [
        (row["row"], order, check.problem(f"{field}[{row['row']}].{check.field}", row))
        for order, check in _broken(checks, tried)
        for row in numbered.filter(check.broken).collect(engine="in-memory").iter_rows(named=True)
    ]
    for _, _, problem in sorted(found, key=lambda place: place[:2]):
        yield problem


def _broken(checks: Sequence[Check], tried: Sequence[pl.DataFrame]) -> list[tuple[int, Check]]:
    """Return the checks that any row breaks, with their places: those of a frame are tried together."""
    reads = [set(check.broken.meta.root_names()) for check in checks]
    places = [next(place for place, frame in enumerate(tried) if read.issubset(frame.columns)) for read in reads]
    broken: dict[str, bool | None] = {}
    for place, frame in enumerate(tried):
        here = [check.broken.any().alias(str(order)) for order, check in enumerate(checks) if places[order] == place]
        broken |= frame.select(here).row(0, named=True)
    return [(order, check) for order, check in enumerate(checks) if broken[str(order)]]


def _cited(field: str, known: Citable) -> Check:
    def unknown(where: str, row: Mapping[str, Any]) -> Problem:
        return known.unknown(where, row[field])

    return Check(field, ~_among(pl.col(field), known.ids), unknown)


def _axis(session: str, axes: Mapping[str, Citable]) -> Check:
    """An axis is one of its session's; a session that isn't known is told by itself."""
    pair = pl.concat_str(session, pl.lit("/"), "axis")
    pairs = (f"{code}/{axis}" for code, known in axes.items() for axis in known.ids)

    def unknown(where: str, row: Mapping[str, Any]) -> Problem:
        return axes[row[session]].unknown(where, row["axis"])

    return Check("axis", _among(pl.col(session), axes) & ~_among(pair, pairs), unknown)


def _unlike(field: str) -> pl.Expr:
    return pl.col(field) != pl.col(f"its_{field}")


def _among(value: pl.Expr, ids: Iterable[str]) -> pl.Expr:
    return value.is_in(pl.Series(sorted(ids), dtype=pl.String).implode())


def beside_held(attendances: pl.LazyFrame, held: pl.DataFrame) -> pl.LazyFrame:
    """Attendances with the session and the day of the session held that they name."""
    named = held.lazy().unique("id", keep="last").select(held="id", its_session="session", its_date="date")
    return attendances.join(named, on="held", how="left", maintain_order="left")


def _no_workshop(where: str, row: Mapping[str, Any]) -> Problem:
    return Problem.of(PACKAGE, "axis_alone", where, repr(row["axis"]))


def _no_text(where: str, _row: Mapping[str, Any]) -> Problem:
    return Problem.of(PACKAGE, "no_text", where)


def _nobody(where: str, _row: Mapping[str, Any]) -> Problem:
    return Problem.of(PACKAGE, "nobody", where)


def _other_session(where: str, row: Mapping[str, Any]) -> Problem:
    names = ("session", "date", "its_session", "its_date", "held")
    return Problem.of(PACKAGE, "other_session", where, **{name: row[name] for name in names})
