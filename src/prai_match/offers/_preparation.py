"""Frames from tables by code, and from those of the programme that another was made from."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from prai_match.calendar import SessionDays
from prai_match.model import ProgrammeData, Rows, rooms, substitute
from prai_match.needs import lexicon_of
from prai_match.offers import _geography
from prai_match.offers._columns import LIMITS
from prai_match.offers._facts import Memo
from prai_match.offers._frames import Frames
from prai_match.offers._tables import (
    SCHEMAS,
    actor_tables,
    asked,
    decision_tables,
    euros,
    expected_at,
    needs_read,
    reading,
    tables_of,
)

_WORLD = pl.lit(0, pl.UInt32).alias("w")


def prepare(programme: ProgrammeData) -> Frames:
    money = {"euros_per_km": float(programme.euros_per_km), "assume_fee": euros(programme.assume_fee)}
    return from_tables(tables_of(programme), **_settings(programme), **money)


def _settings(programme: ProgrammeData) -> dict[str, Any]:
    return {
        "days": SessionDays.of(programme),
        "budget": programme.budget,
        "notice_days": programme.notice_days,
        "join_notice_days": programme.join_notice_days,
        "horizon_days": programme.offer_horizon_days,
        "lapse_months": programme.needs_lapse_months,
        "limits": {name: float(getattr(programme, name)) for name in LIMITS},
    }


def from_tables(tables: Mapping[str, pl.DataFrame], **settings: Any) -> Frames:  # noqa: ANN401 - fields of `Frames`
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
    actors = _actors(tables, sessions, axes, departements)
    numbers = (territories, sessions, actors["partners"], actors["trainers"])
    member = _number(tables["members"], "collectivity", "c").join(territories, on="territory")
    member = member.select("collectivity", "c", "t", "z")
    return Frames(
        territories=territories,
        departements=departements,
        sessions=sessions,
        axes=axes,
        **actors,
        needs=_needs(tables["needs"], member, axes),
        attendances=_attendances(tables["attendances"], member, tables["held"], axes, sessions),
        **_decided(tables, member, *numbers),
        held=_numbered(tables["held"], *numbers, departements).with_columns(_WORLD),
        expected=_expected(tables["expected"], territories, tables["held"]),
        near=_geography.near(territories, settings["limits"]["travel_km"]),
        reach=_geography.reach(territories, actors["trainers"]),
        members=member,
        collectivities=member.height,
        attributes={
            name: tuple(column for column in tables[name].columns if column not in SCHEMAS[name])
            for name in ("territories", "sessions", "partners", "trainers")
        },
        **settings,
    )


def follow(frames: Frames, before: ProgrammeData, after: ProgrammeData) -> Frames:
    """Return the frames of a programme from those of the one it was made from: what is the same isn't made again."""
    changes = {name for name in type(after).model_fields if getattr(before, name) != getattr(after, name)}
    changes -= {"name", "period", "policy_rows", "calendar", "pace", "budget", "decisions"}
    changes -= {"notice_days", "join_notice_days", "registrations", "offer_horizon_days", "needs_lapse_months"}
    changes -= {*LIMITS} - {"travel_km"}  # moves who is near
    settings = {name: value for name, value in _settings(after).items() if value != getattr(frames, name)}
    same = replace(frames, **settings)
    if before.decisions != after.decisions:
        numbers = (frames.territories, frames.sessions, frames.partners, frames.trainers)
        tables = _decided(decision_tables(after), frames.members, *numbers)
        same = replace(same, **{name: each for name, each in tables.items() if not each.equals(getattr(frames, name))})
    if before.registrations != after.registrations and before.sessions == after.sessions:
        held = frames.held.with_columns(rooms(after)["room"])
        same = replace(same, held=held, expected=_expected(expected_at(after), frames.territories, held))
    facts: dict[str, Rows[Any]] = {"needs": before.needs, "attendances": before.attendances}
    if changes <= facts.keys() and all(getattr(after, name)[: len(facts[name])] == facts[name] for name in changes):
        needs, attendances = (getattr(after, name)[len(rows) :].to_polars() for name, rows in facts.items())
        if needs.height:
            read = reading(needs, lexicon_of(after))
            below = read.with_columns(pl.col("cell") + len(before.needs))
            needs_read(after, lambda: needs_read(before).vstack(below))
            same = replace(same, needs=frames.needs.vstack(_placed(frames, read)))
        if attendances.height:
            attendances = _attendances(attendances, frames.members, frames.held, frames.axes, frames.sessions)
            same = replace(same, attendances=frames.attendances.vstack(attendances))
        return same
    if changes.isdisjoint({"needs", "catalogue", "lexicon_table", "territories", "collectivities"}):
        return replace(prepare(substitute(after, needs=after.needs[:0])), needs=frames.needs)
    return prepare(after)


def _actors(tables: Mapping[str, pl.DataFrame], *numbers: pl.DataFrame) -> dict[str, Any]:
    """Return the `actor_tables` by number: ``numbers`` are sessions, axes and départements."""
    sessions, axes, departements = numbers
    partners, trainers = (
        _number(tables[name].with_columns(_WORLD), name[:-1], number)
        for name, number in (("partners", "p"), ("trainers", "r"))
    )
    facts = {
        name: _numbered(tables[name], sessions, partners, trainers, departements)
        for name in ("covers", "carries", "hosted_before", "free", "taken")
    }
    expertise = _expertise(tables["expertise"], axes.select("session", "axis", "x"), trainers)
    known = {name: facts[name].drop_nulls() for name in ("covers", "hosted_before")}
    return {"partners": partners, "trainers": trainers, "expertise": expertise, **facts, **known}


def with_actors(frames: Frames, after: ProgrammeData) -> Frames:
    """Return the frames with the relays and trainers of a programme that has all of before, and more."""
    actors = _actors(actor_tables(after), frames.sessions, frames.axes, frames.departements)

    def again(facts: pl.DataFrame, *same: str) -> pl.DataFrame:
        """Number the actors of facts anew; those that aren't the same have no number."""
        for number, code in (("p", "partner"), ("r", "trainer")):
            if number in facts.columns:
                before, now = getattr(frames, f"{code}s"), actors[f"{code}s"].rename({number: "new"})
                new = before.select(code, *same).join(now, on=[code, *same], how="left", maintain_order="left")
                facts = facts.with_columns(new["new"].gather(facts[number]).alias(number))
        return facts

    place = ("latitude", "longitude", "reach_km")
    stay = again(frames.reach, *place).drop_nulls()
    moved = actors["trainers"].join(frames.trainers, on=["trainer", *place], how="anti")
    reach = pl.concat([stay, _geography.reach(frames.territories, moved)]).sort("t", "r")
    facts: dict[str, Any] = {name: again(getattr(frames, name)) for name in ("held", "replies", "answers")}
    return replace(frames, **actors, **facts, reach=reach, memo=Memo(frames.memo))


def with_facts(frames: Frames, members: pl.DataFrame, needs: pl.DataFrame, attendances: pl.DataFrame) -> Frames:
    """Return the frames with these facts, needs being read; ``members`` have ``collectivity``, ``c``, ``t``, ``z``."""
    return replace(
        frames,
        needs=_needs(asked(needs), members, frames.axes),
        attendances=_attendances(attendances, members, frames.held, frames.axes, frames.sessions),
        decisions=_decisions(frames.decisions, members, frames.sessions),
        members=members,
        collectivities=members.height,
    )


def _expected(expected: pl.DataFrame, territories: pl.DataFrame, held: pl.DataFrame) -> pl.DataFrame:
    rows = _numbered(expected, territories).join(held.select(held="id").with_row_index("h"), on="held")
    return rows.select("t", "h").unique().sort("t", "h")


def _needs(needs: pl.DataFrame, members: pl.DataFrame, axes: pl.DataFrame) -> pl.DataFrame:
    return (
        needs.lazy()
        .join(members.lazy(), on="collectivity")
        .join(axes.lazy(), on=["session", "axis"], nulls_equal=True)
        .select("c", "t", "z", "s", "x", "score", "date", "people", chosen=pl.col("axis").is_not_null())
        .collect(engine="in-memory")
    )


def _placed(frames: Frames, read: pl.DataFrame) -> pl.DataFrame:
    """Return the same of needs that are looked up one by one: those that a verb adds are few."""
    members, axes = frames.members["collectivity", "c", "t", "z"], frames.axes["session", "axis", "s", "x"]
    homes = frames.memo.once("homes", lambda: {code: own for code, *own in members.rows()}, frames.members)
    lessons = {(session, axis): own for session, axis, *own in axes.rows()}
    rows = [
        (*homes[code], *lessons[session, axis], *rest, axis is not None)
        for code, session, axis, *rest in read["collectivity", "workshop", "axis", "score", "date", "people"].rows()
        if (session, axis) in lessons
    ]
    return pl.DataFrame(rows, frames.needs.schema, orient="row")


def _attendances(
    attendances: pl.DataFrame, members: pl.DataFrame, held: pl.DataFrame, axes: pl.DataFrame, sessions: pl.DataFrame
) -> pl.DataFrame:
    return (
        attendances.lazy()
        .join(members.lazy(), on="collectivity")
        .join(sessions.lazy().select("session", "s"), on="session")
        .join(held.lazy().select("axis", held="id").drop_nulls().unique("held"), on="held", how="left")
        .join(axes.lazy().select("session", "axis", "x"), on=["session", "axis"], how="left")
        .select("c", "t", "z", "s", "x", "date", "elected", "technicians", "rating")
        .collect(engine="in-memory")
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
