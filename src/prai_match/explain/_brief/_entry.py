"""Build the brief of a session and its participants: the modules that fit, needs, neighbours, tasks."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import polars as pl

from prai_match import packing
from prai_match._arguments import later
from prai_match.explain._brief._occasion import Occasion, kilometres
from prai_match.explain._brief._result import Brief, Guest, PastSession, QuotedNeed, Task, TimedModule
from prai_match.explain._place import absent
from prai_match.explain._sources import needs_in_words
from prai_match.model import Buffet, Lang, Module, Workshop, session_names
from prai_match.needs import WAITING
from prai_match.offers import head_count
from prai_match.recommend import names_of
from prai_match.text import masked, messages

_STATES = pl.Enum(["asked", "registered", "planned", "could_come"])  # as they are listed


def brief(lang: Lang, occasion: Occasion, *, public: bool) -> Brief:
    """Write the brief of a session; ``public`` leaves out the words of needs."""
    programme, session, on = occasion.programme, occasion.of_catalogue, occasion.snapshot.on
    km = kilometres(programme, occasion.host)
    guests = _known(occasion.guests, km)
    needs = _needs(occasion, guests)
    wants = _wants(occasion, guests, needs)
    kept, left = fitting(session, [*wants])
    axes = {axis.id: axis.name.get(lang) for axis in session.axes}
    nobody = messages("prai_match", "display", lang)["booking"]["nobody"]
    names = {each.id: each.name for each in programme.territories}  # an EPCI may be a relay of the same identifier
    actors = names_of(programme, lang)
    expected = int(guests["people"].sum())
    people = wants | {"": expected}  # everybody attends the common core
    words: dict[str, Any] = {
        "programme": programme.name.get(lang),
        "name": session_names(programme.catalogue, lang)[session.id, None],
        "core": session.core.get(lang),
        "axes": tuple(axes[axis] for axis in wants),
        "host": names[occasion.host],
        "partner": actors.get(occasion.partner or "", nobody),
        "trainer": actors.get(occasion.trainer or "", nobody),
        "modules": tuple(_timed(kept, axes, people, 0, lang)),
        "later": tuple(_timed(left, axes, people, None, lang)),
        "needs": tuple(_quoted(occasion, needs, [*wants], axes, lang, public=public)),
        "guests": tuple(_guests(occasion, guests, names, axes)),
        "past": tuple(_past(occasion, km, names)),
        "tasks": tuple(_tasks(occasion, kept, max(session.min_seats, expected), lang)),
    }
    return Brief(
        lang=lang,
        public=public,
        on=on,
        id=occasion.held,
        session=session.id,
        day=occasion.day,
        booked=occasion.booked,
        cost=occasion.cost,
        minutes=session.minutes,
        seats=(session.min_seats, session.max_seats),
        radius=programme.travel_km,
        **masked(words, lang),
    )


def fitting(session: Buffet | Workshop, axes: Sequence[str]) -> tuple[list[Module], list[Module]]:
    """Return the modules that fit in a half-day, first the common core, then ``axes``; and those that don't fit.

    The modules of an axis are taken in order up to the first one for which there is no time.
    """
    kept: list[Module] = []
    left: list[Module] = []
    for axis in (None, *axes):
        own = [module for module in session.modules if module.axis == axis]
        room = session.minutes - sum(module.minutes for module in kept)
        fits = sum(minutes <= room for minutes in accumulate(module.minutes for module in own))
        kept, left = [*kept, *own[:fits]], [*left, *own[fits:]]
    return kept, left


def _timed(
    modules: Sequence[Module], axes: Mapping[str, str], people: Mapping[str, int], start: int | None, lang: Lang
) -> Iterator[TimedModule]:
    for module in modules:
        material, axis = module.material.get(lang) if module.material else "", module.axis or ""
        title, minutes = module.title.get(lang), module.minutes
        yield TimedModule(title, minutes, start, axes.get(axis, ""), people[axis], material)
        start = None if start is None else start + minutes


def _known(guests: pl.DataFrame, km: Mapping[str, float]) -> pl.DataFrame:
    """Return the guests that are territories of the programme, each once, in the order in which they are listed."""
    rows = guests.filter(pl.col("territory").is_in([*km]))
    rows = rows.with_columns(
        pl.col("state").cast(_STATES), km=pl.col("territory").replace_strict(km, return_dtype=pl.Float64)
    )
    return rows.sort("state", "km", "territory", *guests.columns).unique("territory", keep="first", maintain_order=True)


def _needs(occasion: Occasion, guests: pl.DataFrame) -> pl.DataFrame:
    """Return the open or to-be-confirmed needs of the guests for the session or, for a buffet, for what it leads to."""
    steps = occasion.snapshot.follow_ups.next_sessions([occasion.session])
    is_buffet = occasion.of_catalogue.form == "buffet"
    return needs_in_words(occasion.programme, occasion.snapshot).filter(
        pl.col("territory").is_in(guests["territory"].implode()),
        pl.col("workshop").is_in([step.session for step in steps] if is_buffet else [occasion.session]),
        pl.col("state").is_in(WAITING),
    )


def _wants(occasion: Occasion, guests: pl.DataFrame, needs: pl.DataFrame) -> dict[str, int]:
    """Return how many guests want each axis, by their choice or needs: the one booked, then the most wanted first."""
    asked = needs.filter(workshop=occasion.session).select("territory", "axis")
    rows = pl.concat([guests.select("territory", "axis"), asked]).unique()
    rows = rows.join(guests.select("territory", pl.col("people").fill_null(0)), on="territory")
    each = rows.group_by("axis").agg(pl.col("people").sum(), pl.len())
    counts = {axis: (people, territories) for axis, people, territories in each.iter_rows()}
    first = occasion.axis if occasion.booked else None
    wanted = [axis.id for axis in occasion.of_catalogue.axes if axis.id in {first, *counts}]
    wanted.sort(key=lambda axis: (axis == first, *counts.get(axis, (0, 0))), reverse=True)
    return {axis: counts.get(axis, (0, 0))[0] for axis in wanted}


def _quoted(  # noqa: PLR0913 - what a need is told with
    occasion: Occasion, needs: pl.DataFrame, wants: Sequence[str], axes: Mapping[str, str], lang: Lang, *, public: bool
) -> Iterator[QuotedNeed]:
    if occasion.of_catalogue.form == "buffet":
        subjects = {each.id: each.name.get(lang) for each in occasion.programme.catalogue.workshops}
        needs = needs.with_columns(subject="workshop")
    else:
        subjects = {axis: axes[axis] for axis in wants}
        needs = needs.with_columns(subject="axis")
    for subject in (*subjects, None):
        for row in needs.filter(pl.col("subject").eq_missing(subject)).iter_rows(named=True):
            said = subjects[subject] if subject else "", "" if public else row["text"], row["name"]
            yield QuotedNeed(*said, row["date"], row["state"], row["since"])


def _guests(
    occasion: Occasion, guests: pl.DataFrame, names: Mapping[str, str], axes: Mapping[str, str]
) -> Iterator[Guest]:
    numbers = dict(occasion.snapshot.frames.territories["territory", "t"].iter_rows())
    for row in guests.iter_rows(named=True):
        code, axis = row["territory"], axes.get(row["axis"], "")
        people = {name: row[name] for name in ("people", "elected", "technicians", "state")}
        missing = absent(occasion.snapshot, numbers[code])
        yield Guest(territory=code, name=names[code], axis=axis, km=round(row["km"], 1), missing=missing, **people)


def _past(occasion: Occasion, km: Mapping[str, float], names: Mapping[str, str]) -> Iterator[PastSession]:
    """Yield the sessions of this kind held up to the day within travel distance, the latest first."""
    programme, on = occasion.programme, occasion.snapshot.on
    actors = {each.id: each.name for each in programme.partners}
    actors |= {each.id: each.organisation for each in programme.trainers}
    near = [code for code, distance in km.items() if distance <= programme.travel_km]
    came = programme.attendances.to_polars().filter(pl.col("date") <= on).group_by(id="held")
    known = pl.when(head_count().count() > 0).then(head_count().sum())
    held = (
        packing.record(programme, occasion.snapshot)
        .filter(pl.col("date") <= on, pl.col("host").is_in(near), session=occasion.session)
        .join(came.agg(people=known, rating=pl.col("rating").sort().mean()), on="id", how="left")
        .sort("date", "id", descending=[True, False])
    )
    for row in held.iter_rows(named=True):
        organisations = tuple(actors[row[name]] for name in ("partner", "trainer") if row[name] in actors)
        place, away = names[row["host"]], round(km[row["host"]], 1)
        yield PastSession(row["date"], place, away, organisations, row["people"], row["rating"])


def _tasks(occasion: Occasion, modules: Sequence[Module], seats: int, lang: Lang) -> Iterator[Task]:
    programme, texts = occasion.programme, messages("prai_match.explain", "brief", lang)["tasks"]
    material = dict.fromkeys(module.material.get(lang) for module in modules if module.material)
    first, last, day = programme.notice_days, programme.join_notice_days, occasion.day
    days = {"invite": first, "room": first, "participants": last, "material": last, "feedback": 0}
    for key in (key for key in days if material or key != "material"):
        # The day of the brief, if the deadline has passed.
        by = day and max(later(day, -days[key]), min(occasion.snapshot.on, day))
        yield Task(texts[key].format(seats=seats, material=texts["and"].join(material)), days[key], by)
