"""From a session and those who come to it to its brief: the modules that fit, needs, neighbours, tasks."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import polars as pl

from prai_match import packing
from prai_match._arguments import later
from prai_match.explain._brief._occasion import Occasion, kilometres, of_offer
from prai_match.explain._brief._result import Brief, Guest, PastSession, QuotedNeed, Task, TimedModule
from prai_match.explain._place import absent
from prai_match.explain._sources import needs_in_words
from prai_match.model import Buffet, Lang, Module, Workshop, session_names
from prai_match.needs import WAITING
from prai_match.offers import head_count
from prai_match.recommend import Answers
from prai_match.text import masked, messages

_STATES = pl.Enum(["asked", "registered", "planned", "could_come"])  # as they are listed


def brief_of_offer(answers: Answers, territory: str, lang: Lang, *, public: bool) -> Brief:
    """Write the brief of the first offer of a territory; ``public`` leaves out the words of needs."""
    return brief(of_offer(answers, territory), lang, public=public)


def brief(occasion: Occasion, lang: Lang, *, public: bool) -> Brief:
    programme, session, on = occasion.programme, occasion.of_catalogue, occasion.snapshot.on
    km = kilometres(programme, occasion.host)
    guests = _known(occasion.guests, km)
    needs = _needs(occasion, guests)
    wants = _wants(occasion, guests, needs)
    kept, left = fitting(session, [*wants])
    axes = {axis.id: axis.name.get(lang) for axis in session.axes}
    nobody = messages("prai_match", "display", lang)["booking"]["nobody"]
    partners = {each.id: each.name for each in programme.partners}
    trainers = {each.id: f"{each.organisation} ({each.role})" for each in programme.trainers}
    expected = int(guests["people"].sum())
    people = wants | {"": expected}  # of the common core, all
    words: dict[str, Any] = {
        "programme": programme.name.get(lang),
        "name": session_names(programme.catalogue, lang)[session.id, None],
        "core": session.core.get(lang),
        "axes": tuple(axes[axis] for axis in wants),
        "host": next(each.name for each in programme.territories if each.id == occasion.host),
        "partner": partners.get(occasion.partner or "", nobody),
        "trainer": trainers.get(occasion.trainer or "", nobody),
        "modules": tuple(_timed(kept, axes, people, 0, lang)),
        "later": tuple(_timed(left, axes, people, None, lang)),
        "needs": tuple(_quoted(occasion, needs, [*wants], axes, lang, public=public)),
        "guests": tuple(_guests(occasion, guests, km, axes)),
        "past": tuple(_past(occasion, km)),
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
    """Return the modules of a half-day, those of the common core, then those of ``axes``; and what doesn't fit.

    Each axis has its place up to its first module for which there is no time.
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
    """Return the guests who are territories of the programme, each once, in the order in which they are listed."""
    rows = guests.filter(pl.col("territory").is_in([*km]))
    rows = rows.with_columns(
        pl.col("state").cast(_STATES), km=pl.col("territory").replace_strict(km, return_dtype=pl.Float64)
    )
    return rows.sort("state", "km", "territory", *guests.columns).unique("territory", keep="first", maintain_order=True)


def _needs(occasion: Occasion, guests: pl.DataFrame) -> pl.DataFrame:
    """Return what those who come asked for, of a buffet what it leads to, that is open or to be confirmed."""
    steps = occasion.snapshot.follow_ups.next_sessions([occasion.session])
    is_buffet = occasion.of_catalogue.form == "buffet"
    return needs_in_words(occasion.programme, occasion.snapshot).filter(
        pl.col("territory").is_in(guests["territory"].implode()),
        pl.col("workshop").is_in([step.session for step in steps] if is_buffet else [occasion.session]),
        pl.col("state").is_in(WAITING),
    )


def _wants(occasion: Occasion, guests: pl.DataFrame, needs: pl.DataFrame) -> dict[str, int]:
    """Return how many of those who come want each axis, as chosen or as asked for; the most wanted first.

    Before all others comes the axis for which a session is booked.
    """
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
    occasion: Occasion, guests: pl.DataFrame, km: Mapping[str, float], axes: Mapping[str, str]
) -> Iterator[Guest]:
    names = {each.id: each.name for each in occasion.programme.territories}
    numbers = dict(occasion.snapshot.frames.territories["territory", "t"].iter_rows())
    for row in guests.iter_rows(named=True):
        code, axis = row["territory"], axes.get(row["axis"], "")
        people = {name: row[name] for name in ("people", "elected", "technicians", "state")}
        missing = absent(occasion.snapshot, numbers[code])
        yield Guest(territory=code, name=names[code], axis=axis, km=round(km[code], 1), missing=missing, **people)


def _past(occasion: Occasion, km: Mapping[str, float]) -> Iterator[PastSession]:
    """Give the sessions of the kind that were held by the day within travel distance, the latest first."""
    programme, on = occasion.programme, occasion.snapshot.on
    names = {each.id: each.name for each in programme.territories}
    actors: dict[str | None, str] = {each.id: each.name for each in programme.partners}
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
    values = {"seats": seats, "material": texts["and"].join(material)}
    first, last = programme.notice_days, programme.join_notice_days
    days = {"invite": first, "room": first, "participants": last, "material": last, "feedback": 0}
    for key in (key for key in days if material or key != "material"):
        yield Task(texts[key].format_map(values), days[key], _by(occasion, days[key]))


def _by(occasion: Occasion, days: int) -> dt.date | None:
    """Return the last day for what is to be done so many days before; the day of the brief, where that has passed."""
    return None if occasion.day is None else max(later(occasion.day, -days), min(occasion.snapshot.on, occasion.day))
