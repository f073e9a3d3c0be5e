"""A programme as columns, prepared once: nothing here depends on the day, the policy or the follow-up graph."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import polars as pl

from prai_match.model import Budget, Calendar, ProgrammeData, Rows, substitute
from prai_match.needs import Lexicon, spells
from prai_match.offers import _geography
from prai_match.offers._tables import SCHEMAS, asked, decision_tables, euros, needs_read, reading, tables_of

_WORLD = pl.lit(0, pl.UInt32).alias("w")


@dataclass(frozen=True, eq=False)
class Frames:
    """The prepared tables.

    Entities are numbered in the order of their codes: ``t`` territory, ``d`` département, ``s`` session, ``x`` axis
    (each session's own, the first being "none chosen"), ``p`` partner, ``r`` trainer, ``c`` collectivity, ``z`` square.
    Facts carry the numbers only. Territories, départements, partners and trainers live in a world ``w``: a programme is
    one, 0; in several, sessions and axes are the same, and nobody is near who lives in another.
    """

    territories: pl.DataFrame
    departements: pl.DataFrame
    sessions: pl.DataFrame
    axes: pl.DataFrame
    partners: pl.DataFrame
    covers: pl.DataFrame
    carries: pl.DataFrame
    hosted_before: pl.DataFrame
    trainers: pl.DataFrame
    expertise: pl.DataFrame
    free: pl.DataFrame
    taken: pl.DataFrame
    needs: pl.DataFrame
    attendances: pl.DataFrame
    decisions: pl.DataFrame
    replies: pl.DataFrame
    answers: pl.DataFrame
    bookings: pl.DataFrame
    held: pl.DataFrame
    near: pl.DataFrame
    reach: pl.DataFrame
    members: pl.DataFrame
    collectivities: int
    calendar: Calendar
    budget: Budget | None
    notice_days: int
    lapse_months: int
    euros_per_km: float
    assume_fee: float | None = None
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The columns of the programme's own attributes, by table."""

    @cached_property
    def pair(self) -> pl.Expr:
        """The number ``k`` of a territory and session: its row in the complete grid."""
        return (pl.col("t") * self.sessions.height + pl.col("s")).alias("k")

    @cached_property
    def lives(self) -> pl.DataFrame:
        """The spells of the needs, whatever the day."""
        needs = self.needs.with_columns(choice="x", x=pl.when("chosen").then("x"))
        return spells(needs, self.attendances, self.decisions, self.lapse_months)

    @cached_property
    def cost(self) -> pl.Expr:
        """Fee, travel there and back, room and material, in euros to the cent; null where one of them is unknown."""
        return self._sum(pl.col("fee")).alias("cost")

    @cached_property
    def counted_cost(self) -> pl.Expr:
        """The same with the fee that the programme assumes in place of an unknown one, if it assumes any."""
        return self._sum(pl.col("fee").fill_null(pl.lit(self.assume_fee, pl.Float64))).alias("counted")

    def codes(self, numbers: pl.DataFrame) -> list[pl.Series]:
        """Return the codes of what ``t``, ``s``, ``x``, ``p`` and ``r`` number, one column each."""
        tables = (self.territories, self.sessions, self.axes, self.partners, self.trainers)
        names = ("territory", "session", "axis", "partner", "trainer")
        return [table[name].gather(numbers[n]) for table, name, n in zip(tables, names, "tsxpr", strict=True)]

    def _sum(self, fee: pl.Expr) -> pl.Expr:
        return (fee + (pl.col("distance_km") * (2 * self.euros_per_km)) + pl.col("session_cost")).round(2)


def prepare(programme: ProgrammeData, lexicon: Lexicon) -> Frames:
    return from_tables(
        tables_of(programme, lexicon),
        programme.travel_km,
        calendar=programme.calendar,
        budget=programme.budget,
        notice_days=programme.notice_days,
        lapse_months=programme.needs_lapse_months,
        euros_per_km=float(programme.euros_per_km),
        assume_fee=euros(programme.assume_fee),
    )


def from_tables(tables: Mapping[str, pl.DataFrame], travel_km: float, **settings: Any) -> Frames:  # noqa: ANN401 - fields of `Frames`
    """Number the entities of ``tables`` (see `SCHEMAS`) and prepare what distances and orders there are."""
    departements = _number(tables["territories"].select("departement", _WORLD).unique(), "departement", "d")
    territories = _geography.with_squares(
        _number(tables["territories"], "territory", "t").join(departements, on="departement", maintain_order="left")
    )
    sessions = _number(tables["sessions"], "session", "s")
    cores = sessions.select("session", axis=pl.lit(None, pl.String))
    axes = _number(
        pl.concat([cores, tables["axes"]]).join(sessions.select("session", "s"), on="session"), "session", "x", "axis"
    )
    partners = _number(tables["partners"].with_columns(_WORLD), "partner", "p")
    trainers = _number(tables["trainers"].with_columns(_WORLD), "trainer", "r")
    collectivities = _number(tables["members"], "collectivity", "c").join(
        territories.select("territory", "t", "z"), on="territory"
    )

    def facts(name: str) -> pl.DataFrame:
        return _numbered(tables[name], territories, sessions, partners, trainers, departements)

    member = collectivities.select("collectivity", "c", "t", "z")
    return Frames(
        territories=territories,
        departements=departements,
        sessions=sessions,
        axes=axes,
        partners=partners,
        covers=facts("covers").drop_nulls(),
        carries=facts("carries"),
        hosted_before=facts("hosted_before").drop_nulls(),
        trainers=trainers,
        expertise=_expertise(tables["expertise"], axes.select("session", "axis", "x"), trainers),
        free=facts("free"),
        taken=facts("taken"),
        needs=_needs(tables["needs"], member, sessions, axes),
        attendances=_attendances(tables["attendances"], member, tables["held"], axes, sessions),
        **_decided(tables, member, territories, sessions, partners, trainers),
        held=facts("held").with_columns(_WORLD),
        near=_geography.near(territories, travel_km),
        reach=_geography.reach(territories, trainers),
        members=member,
        collectivities=collectivities.height,
        attributes={
            name: tuple(column for column in tables[name].columns if column not in SCHEMAS[name])
            for name in ("territories", "sessions", "partners", "trainers")
        },
        **settings,
    )


def follow(frames: Frames, before: ProgrammeData, after: ProgrammeData, lexicon: Lexicon) -> Frames:
    """Return the frames of a programme from those of the one it was made from: what is the same isn't made again."""
    changes = {name for name in type(after).model_fields if getattr(before, name) != getattr(after, name)}
    changes -= {"name", "period", "policy_rows"}
    same = replace(
        frames,
        calendar=after.calendar,
        budget=after.budget,
        notice_days=after.notice_days,
        lapse_months=after.needs_lapse_months,
    )
    if "decisions" in changes:
        numbers = (frames.territories, frames.sessions, frames.partners, frames.trainers)
        same = replace(same, **_decided(decision_tables(after), frames.members, *numbers))
    changes -= {"calendar", "budget", "notice_days", "needs_lapse_months", "decisions"}
    if not changes:
        return same
    if changes <= {"needs", "attendances"}:
        needs, attendances = (
            _rows_after(getattr(before, name), getattr(after, name)) for name in ("needs", "attendances")
        )
        if needs is not None and attendances is not None:
            read = reading(needs, lexicon)
            needs_read(after, lambda: pl.concat([needs_read(before), read]))
            more = with_facts(same, frames.members, read, attendances)
            return replace(
                more,
                needs=pl.concat([frames.needs, more.needs]),
                attendances=pl.concat([frames.attendances, more.attendances]),
            )
    if changes.isdisjoint({"needs", "catalogue", "lexicon_table", "territories", "collectivities"}):
        return replace(prepare(substitute(after, needs=after.needs[:0]), lexicon), needs=frames.needs)
    return prepare(after, lexicon)


def _rows_after(before: Rows[Any], after: Rows[Any]) -> pl.DataFrame | None:
    """The rows that were added at the end; None where others changed too."""
    earlier, rows = before.to_polars(), after.to_polars()
    return rows[earlier.height :] if (rows is earlier or rows.head(earlier.height).equals(earlier)) else None


def with_facts(frames: Frames, members: pl.DataFrame, needs: pl.DataFrame, attendances: pl.DataFrame) -> Frames:
    """Return the frames with these facts, needs being read; ``members`` have ``collectivity``, ``c``, ``t``, ``z``."""
    return replace(
        frames,
        needs=_needs(asked(needs), members, frames.sessions, frames.axes),
        attendances=_attendances(attendances, members, frames.held, frames.axes, frames.sessions),
        decisions=_decisions(frames.decisions, members, frames.sessions),
        members=members,
        collectivities=members.height,
    )


def _needs(needs: pl.DataFrame, members: pl.DataFrame, sessions: pl.DataFrame, axes: pl.DataFrame) -> pl.DataFrame:
    return (
        needs.join(members, on="collectivity")
        .join(axes.select("session", "axis", "x"), on=["session", "axis"], how="left", nulls_equal=True)
        .join(sessions.select("session", "s"), on="session")
        .select("c", "t", "z", "s", "x", "score", "date", "people", chosen=pl.col("axis").is_not_null())
    )


def _attendances(
    attendances: pl.DataFrame, members: pl.DataFrame, held: pl.DataFrame, axes: pl.DataFrame, sessions: pl.DataFrame
) -> pl.DataFrame:
    return (
        attendances.join(members, on="collectivity")
        .join(sessions.select("session", "s"), on="session")
        .join(held.select("axis", held="id").drop_nulls().unique("held"), on="held", how="left")
        .join(axes.select("session", "axis", "x"), on=["session", "axis"], how="left")
        .select("c", "t", "z", "s", "x", "date", "elected", "technicians", "rating")
    )


def _decided(tables: Mapping[str, pl.DataFrame], members: pl.DataFrame, *numbers: pl.DataFrame) -> dict[str, Any]:
    """Return the `decision_tables` by number: ``numbers`` are territories, sessions, relays and trainers."""
    return {
        "decisions": _decisions(tables["decisions"], members, numbers[1]),
        "replies": _numbered(tables["replies"], *numbers),
        "answers": _numbered(tables["answers"], *numbers).with_columns(_WORLD),
        "bookings": tables["bookings"],
    }


def _decisions(decisions: pl.DataFrame, members: pl.DataFrame, sessions: pl.DataFrame) -> pl.DataFrame:
    rows = decisions.select(SCHEMAS["decisions"].keys()).join(members.select("collectivity", "c"), on="collectivity")
    return rows.join(sessions.select("session", "s"), on="session", how="left")


def _number(frame: pl.DataFrame, code: str, number: str, *more: str) -> pl.DataFrame:
    """Sort by code and number from 0: the order of codes breaks every tie."""
    return frame.sort(code, *more, nulls_last=False).with_row_index(number)


def _numbered(frame: pl.DataFrame, *tables: pl.DataFrame) -> pl.DataFrame:
    """Put their numbers in the place of the codes of what ``tables`` number."""
    for table in tables:
        number, code = table.columns[:2]
        if code in frame.columns:
            frame = frame.join(table.select(code, number), on=code, how="left", maintain_order="left").drop(code)
    return frame


def _expertise(expertise: pl.DataFrame, axes: pl.DataFrame, trainers: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs (r, x): axes named, or every one where none is, and always "none chosen"."""
    by_axis = expertise.join(axes, on=["session", "axis"])
    whole = expertise.filter(pl.col("axis").is_null()).drop("axis").join(axes, on="session")
    core = expertise.select("trainer", "session").join(axes.filter(pl.col("axis").is_null()), on="session")
    return (
        pl.concat([frame.select("trainer", "x") for frame in (by_axis, whole, core)])
        .unique()
        .join(trainers.select("trainer", "r"), on="trainer")
        .select("r", "x")
        .sort("r", "x")
    )
