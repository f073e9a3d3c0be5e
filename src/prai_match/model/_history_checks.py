"""Cross-checks of the history, one column at a time: references of needs, sessions and attendances exist."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from typing import Any, NamedTuple, Self

import polars as pl

from prai_match._words import hint
from prai_match.errors import Lang, Problem, nearest
from prai_match.model._base import item
from prai_match.model._catalogue import Catalogue, kinds_of
from prai_match.model._fields import ProgrammeFields
from prai_match.model._history import SUBJECTS

# What fields refer to, if their name doesn't say it.
_CITED = {
    "collectivity": "collectivity of a territory",
    "partner": "relay partner",
    "host": "territory",
    "replaced_by": "session",
    "held": "session held",
}
_SOMETHING = r"[^\s\x1c-\x1f]"  # a character that isn't a space to Python


class HistoryCheck(NamedTuple):
    """A condition on the rows of a frame (null if it doesn't apply), and the problem to report if it is ``broken``."""

    field: str
    broken: pl.Expr
    problem: Callable[[str, Mapping[str, Any]], Problem]
    of_nothing: bool = False  # whether a null field may be the problem


Checks = Sequence[HistoryCheck]


def history_problems(programme: ProgrammeFields, other_ids: AbstractSet[str]) -> Iterator[Problem]:
    """Return the contradictions of the history; ids in ``other_ids`` count as existing."""
    citable, sessions = Known.of(programme, other_ids), programme.sessions.to_polars()
    for table, checks in CHECKS.items():
        yield from fact_problems(table, getattr(programme, table).to_polars(), checks(citable), sessions)


def fact_problems(table: str, facts: pl.DataFrame, checks: Checks, sessions: pl.DataFrame) -> Iterator[Problem]:
    """Return the contradictions of a table of the history other than held sessions: row by row, then by check."""
    rows, samples = facts.lazy(), [facts]
    if table == "attendances":  # many attendances name few sessions, which are checked once
        distinct = rows.select("session", "date", "held").unique()
        samples.insert(0, beside_held(distinct, sessions).collect(engine="in-memory"))
        rows = beside_held(rows, sessions)
    with_numbers = rows.with_row_index("row")
    problems = [
        (row["row"], order, check.problem(f"{item(table, row['row'])}.{check.field}", row))
        for order, check in _broken(checks, samples)
        for row in with_numbers.filter(check.broken).collect(engine="in-memory").iter_rows(named=True)
    ]
    yield from (problem for _, _, problem in sorted(problems, key=lambda place: place[:2]))


class Known(NamedTuple):
    axes: Mapping[str, "Citable"]
    codes: Mapping[str, "Citable"]  # by kind of identifier
    registered: Iterable[tuple[str, str]] = ()  # registrations (session and collectivity) besides the rows to check

    @classmethod
    def of(cls, programme: ProgrammeFields, other_ids: AbstractSet[str] = frozenset()) -> Self:
        """Return the identifiers of a programme; ids in ``other_ids`` count as existing."""
        axes = axes_of(programme.catalogue)
        codes = {
            "session": axes,
            "workshop": (workshop.id for workshop in programme.catalogue.workshops),
            "collectivity of a territory": (member for each in programme.territories for member in each.members),
            "territory": (territory.id for territory in programme.territories),
            "relay partner": (partner.id for partner in programme.partners),
            "trainer": (trainer.id for trainer in programme.trainers),
            "session held": programme.sessions.to_polars()["id"],
        }
        channels = Citable("channel", {*kinds_of(programme.catalogue, "channels")}, few=True)
        citable = {what: Citable(what, {*of, *other_ids}) for what, of in codes.items()}
        return cls(axes, {**citable, "channel": channels})


def _needs_checks(citable: Known) -> list[HistoryCheck]:
    silent, said = pl.col("workshop").is_null(), pl.col("text").str.contains(_SOMETHING)
    return [
        *_citations(citable, "collectivity", "channel", "workshop"),
        _check("axis", pl.col("axis").is_not_null() & pl.col("workshop").is_null(), "axis_alone"),
        _axis("workshop", citable.axes),
        _check("text", silent & ~said & pl.col("score").ne_missing(0.0), "no_text", is_shown=False),
        _check("score", silent & said & (pl.col("score") != 0), "score_alone"),
    ]


def _attendance_checks(citable: Known) -> list[HistoryCheck]:
    unlike = [pl.col(name) != pl.col(f"its_{name}") for name in ("session", "date")]
    return [
        *_citations(citable, "collectivity", "session", "held"),
        _check("elected", pl.col("elected") + pl.col("technicians") == 0, "nobody", is_shown=False),
        HistoryCheck("held", pl.any_horizontal(unlike), _other_session),
    ]


def _decision_checks(citable: Known) -> list[HistoryCheck]:
    """Return the checks of decisions: each is about one thing, and its event can happen to that thing."""
    subjects = [pl.col(name).is_not_null() for name in SUBJECTS]
    of_offer = pl.any_horizontal(pl.col("host", "partner", "trainer", "day").is_not_null())
    offered = pl.col("territory").is_not_null()
    return [
        *_citations(citable, *SUBJECTS, "session", "host", "partner", "trainer", "replaced_by"),
        HistoryCheck("collectivity", pl.sum_horizontal(subjects) != 1, _one_subject, of_nothing=True),
        *(
            HistoryCheck("event", pl.col(name).is_not_null() & ~_among(pl.col("event"), events), _other_event)
            for name, events in SUBJECTS.items()
        ),
        _check("session", offered & pl.col("session").is_null(), "no_offered_session", is_shown=False),
        _check("territory", of_offer & ~offered, "no_offer", is_shown=False),
        _check("replaced_by", pl.col("replaced_by").is_not_null() & (pl.col("event") != "replaced"), "no_replacement"),
    ]


def _registration_checks(citable: Known) -> list[HistoryCheck]:
    both = pl.concat_str("session", pl.lit("/"), "collectivity")
    again = ~both.is_first_distinct() | _among(both, map("/".join, citable.registered))
    return [
        _citation("session", citable.codes["session held"]),
        *_citations(citable, "collectivity"),
        _check("collectivity", again, "registered"),
    ]


# The checks of each table of the history, given the identifiers that may be cited.
CHECKS: dict[str, Callable[[Known], list[HistoryCheck]]] = {
    "needs": _needs_checks,
    "sessions": lambda of: [*_citations(of, "session", "host", "partner", "trainer"), _axis("session", of.axes)],
    "attendances": _attendance_checks,
    "decisions": _decision_checks,
    "registrations": _registration_checks,
}


def _check(field: str, broken: pl.Expr, key: str, *, is_shown: bool = True) -> HistoryCheck:
    """Return a check whose problem has a key of the catalogue, with the faulty cell if it is shown."""
    return HistoryCheck(
        *(field, broken),
        lambda where, row: Problem.of(PACKAGE, key, where, repr(row[field]) if is_shown else None),
        of_nothing=not is_shown,
    )


def _broken(checks: Checks, samples: Sequence[pl.DataFrame]) -> list[tuple[int, HistoryCheck]]:
    """Return the checks that any row violates, with their positions; checks of a frame are evaluated together."""
    reads = [set(check.broken.meta.root_names()) for check in checks]
    places = [next(place for place, frame in enumerate(samples) if read.issubset(frame.columns)) for read in reads]
    broken: dict[str, bool | None] = {}
    for place, frame in enumerate(samples):
        there = {name for name in frame.columns if frame[name].null_count() < frame.height}
        here = {
            str(order): check.broken.any()
            for order, check in enumerate(checks)
            if places[order] == place and (check.of_nothing or check.field in there)
        }
        broken |= frame.select(**here).row(0, named=True) if here else {}
    return [(order, check) for order, check in enumerate(checks) if broken.get(str(order))]


def _citations(citable: Known, *fields: str) -> Iterator[HistoryCheck]:
    return (_citation(field, citable.codes[_CITED.get(field, field)]) for field in fields)


def _citation(field: str, citable: "Citable") -> HistoryCheck:
    known = _among(pl.col(field), citable.ids)
    return HistoryCheck(field, ~known, lambda where, row: citable.unknown(where, row[field]))


def _axis(session: str, axes: Mapping[str, "Citable"]) -> HistoryCheck:
    """Check that an axis belongs to its session; unknown sessions are reported separately."""
    pair = pl.concat_str(session, pl.lit("/"), "axis")
    pairs = (f"{code}/{axis}" for code, citable in axes.items() for axis in citable.ids)

    broken = _among(pl.col(session), axes) & ~_among(pair, pairs)
    return HistoryCheck("axis", broken, lambda where, row: axes[row[session]].unknown(where, row["axis"]))


def _among(value: pl.Expr, ids: Iterable[str]) -> pl.Expr:
    return value.is_in(pl.Series(sorted(ids), dtype=pl.String).implode())


def beside_held(attendances: pl.LazyFrame, held_sessions: pl.DataFrame) -> pl.LazyFrame:
    """Return attendances with the buffet or workshop and the day of the held session that they name."""
    sessions = held_sessions.lazy().unique("id", keep="last").select(held="id", its_session="session", its_date="date")
    return attendances.join(sessions, on="held", how="left", maintain_order="left")


def _one_subject(where: str, row: Mapping[str, Any]) -> Problem:
    names = ", ".join(name for name in SUBJECTS if row[name] is not None)
    return Problem.of(PACKAGE, "one_subject" if names else "no_subject", where, names or None)


def _other_event(where: str, row: Mapping[str, Any]) -> Problem:
    name = next(name for name in SUBJECTS if row[name] is not None)
    return Problem.of(PACKAGE, f"event_{name}", where, repr(row["event"]), events=", ".join(SUBJECTS[name]))


def _other_session(where: str, row: Mapping[str, Any]) -> Problem:
    names = ("session", "date", "its_session", "its_date", "held")
    return Problem.of(PACKAGE, "other_session", where, **{name: row[name] for name in names})


PACKAGE = "prai_match.model"  # the package whose catalogue has the texts

# Number of distinct unknown values that get suggestions: nobody reads more, and each search costs time.
_SUGGESTED = 500


class Citable:
    def __init__(self, what: str, ids: AbstractSet[str], of: str = "", *, few: bool = False) -> None:
        """Store what the identifiers are of and, for axes, ``of`` which workshop; if ``few``, errors list them all."""
        self.ids = ids
        self._what, self._of = what, of
        self._sorted, self._told = sorted(ids), sorted(ids) if few else ()
        self._near: dict[str, dict[Lang, str]] = {}

    def unknown(self, where: str, value: str) -> Problem:
        if value not in self._near:
            self._near[value] = hint(nearest(value, self._sorted) if len(self._near) < _SUGGESTED else (), self._told)
        return Problem.of(PACKAGE, self._what, where, repr(value), of=self._of, near=self._near[value])

    def cited(self, where: str, value: str) -> Iterator[Problem]:
        if value not in self.ids:
            yield self.unknown(where, value)


def axes_of(catalogue: Catalogue) -> dict[str, Citable]:
    return {one.id: Citable("axis", {axis.id for axis in one.axes}, one.id) for one in catalogue.sessions}


def repeated(where: str, field: str, values: Iterable[object]) -> Iterator[Problem]:
    first: dict[object, int] = {}
    for index, value in enumerate(values):
        if value in first:
            before = item(where, first[value])
            yield Problem.of(PACKAGE, "again", f"{item(where, index)}.{field}", repr(value), before=before)
        first.setdefault(value, index)
