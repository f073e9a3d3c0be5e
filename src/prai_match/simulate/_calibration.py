"""Calibration: estimates of the numbers of `Behaviour` from the history before a day, and its last months.

An estimate is the ratio of what happened to what could have happened, combined with the documented default, which
counts as ``weight`` observations. It is the same for every scenario; numbers that a scenario gives replace it, and a
scenario changes nothing that it doesn't name.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl

from prai_match import calendar, offers, plan
from prai_match.model import ProgrammeData, cancelled_on
from prai_match.simulate import _people
from prai_match.simulate._region import Arrays, Month, region
from prai_match.simulate._scenario import CHANNELS, Behaviour, Scenario, parameters

_DEFAULT = Behaviour()
_LAST = 6  # open months of the history with which a simulation is compared
_STEPS = 50  # more than it takes to converge to the rate of needs
_Estimate = tuple[str, str | None, float, float, int]  # name, what it is of, events, chances, observations
Told = dict[str, dict[str | None, tuple[float, int]]]  # values and observations, by name and by what each is of


def told(programme: ProgrammeData, start: dt.date) -> Told:
    """Return the numbers estimated from the months before that of ``start``."""
    past, found = _history(programme, start), Told()
    for name, of, *ratio, seen in () if past is None else (*_organised(*past), *_asked(*past), *_met(*past)):
        if ratio[1] > 0:
            found.setdefault(name, {})[of] = round(_value(name, of, *ratio), 6), seen
    return found


def calibrated(scenario: Scenario, programme: ProgrammeData, start: dt.date) -> Scenario:
    """Return a scenario whose behaviour takes the numbers that it doesn't give from the history."""
    values = {
        name: numbers[None][0] if None in numbers else {of: value for of, (value, _) in numbers.items()}
        for name, numbers in told(programme, start).items()
        if name not in scenario.behaviour.model_fields_set
    }
    return scenario.model_copy(update={"behaviour": scenario.behaviour.model_copy(update=values)})


def origins(scenario: Scenario, known: Told) -> Iterator[tuple[object, ...]]:
    """Yield, for each number of a scenario: name, what it is of, value, default, observations and origin."""
    given = scenario.behaviour.model_fields_set
    for name in parameters():
        if name in known and name not in given:
            for of, (value, seen) in known[name].items():
                yield name, of, value, _default(name, of), seen, "history"
        else:
            values, origin = getattr(scenario.behaviour, name), "scenario" if name in given else "default"
            for of, each in sorted(values.items()) if isinstance(values, dict) and values else [(None, values)]:
                yield name, of, _single(each), _default(name, of), None, origin


def _default(name: str, of: str | None) -> float | None:
    """Return the default of a number: a channel's share, 1 for a relay or workshop; None if it isn't one number."""
    return CHANNELS.get(of or "", 0.0) if name == "channels" else 1.0 if of else _single(getattr(_DEFAULT, name))


def _single(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _value(name: str, of: str | None, happened: float, possible: float) -> float:
    """Return the estimate from what happened, what could have and the default, within the bounds of the field."""
    weight = parameters()[name].weight or 0.0
    value = (weight * (_default(name, of) or 0.0) + happened) / (weight + possible)
    for bound in Behaviour.model_fields[name].metadata:
        value = min(max(value, getattr(bound, "ge", value)), getattr(bound, "le", value))
    return float(value)


def open_months(here: Arrays, behaviour: Behaviour) -> list[Month]:
    """Return the months in which sessions can be held and relays have time to host them."""
    days = here.start + np.arange(len(here.open))
    free = here.open & (days >= 0) & ~_people.within(days, here.blackouts)
    months = zip(here.months, np.add.reduceat(free, [each.first - here.start for each in here.months]), strict=True)
    return [each for each, some in months if some and _people.at_work(here, behaviour, each)]


_Past = dict[str, pl.DataFrame]  # tables of the history, with ``month`` (the stream of a `Month`)
_KNOWN = pl.all_horizontal(pl.col("elected", "technicians").is_not_null()).all()
_PEOPLE = pl.when(_KNOWN).then(pl.col("elected").sum() + pl.col("technicians").sum())  # null: unknown


def _history(programme: ProgrammeData, start: dt.date) -> tuple[Arrays, _Past] | None:
    """Return the history of the whole months before a day, by table, and the region in these months."""
    end, words = start.replace(day=1), programme.needs.to_polars()
    gone = cancelled_on(programme.decisions.to_polars(), start - dt.timedelta(days=1))
    booked = programme.sessions.to_polars().join(gone, on="id", how="anti")
    stated, asked = words["workshop"].is_not_null() & words["score"].is_null(), offers.needs_read(programme)
    asked = asked.with_columns(stated=stated[asked["cell"]])
    tables = (booked, asked, programme.attendances.to_polars(), booked.select(date=pl.coalesce("booked_on", "date")))
    month = pl.col("date").dt.year() * 12 + pl.col("date").dt.month()
    held, asked, rows, decided = (each.filter(pl.col("date") < end).with_columns(month=month) for each in tables)
    if not (days := [*held["date"], *asked["date"], *rows["date"]]):
        return None
    after = (max(days).replace(day=1) + dt.timedelta(days=31)).replace(day=1)
    here = region(programme, min(days).replace(day=1), after - dt.timedelta(days=1), _DEFAULT.quiet_months)
    homes = here.frames.members.select("collectivity", "t")
    kinds = here.frames.sessions.select("session", "form", pl.col("form").alias("channel"), number="s")
    rows = rows.join(homes, on="collectivity").join(kinds, on="session").rename({"number": "s"})
    visits = rows.group_by("t", "s", "form", "date", "month").agg(pl.col("elected").sum(), people=_PEOPLE)
    return here, {
        # Needs have the ``form`` of the sessions that raise such needs, or null.
        "needs": asked.join(kinds.select("form", "channel").unique(), on="channel", how="left"),
        "rows": rows,  # attendances of collectivities
        "visits": visits.sort("t", "s", "date"),  # those of territories
        "sessions": plan.with_numbers(here.frames, held).join(kinds, on="session"),
        "decided": decided,
        "registered": programme.registrations.to_polars().join(homes, on="collectivity").rename({"session": "held"}),
    }


def _organised(here: Arrays, past: _Past) -> Iterator[_Estimate]:
    """Estimate the pace: sessions held, relative to the time that relays had in open months since the first session."""
    first, actors, time = past["sessions"]["month"].min(), here.frames.partners, list[float]()
    months = [each for each in open_months(here, _DEFAULT) if isinstance(first, int) and each.stream >= first]
    held = past["sessions"].filter(pl.col("month").is_in([each.stream for each in months]))
    for since, until in actors.select("since", "until").iter_rows():
        span = (since or dt.date.min).toordinal(), (until or dt.date.max).toordinal()
        there = (each for each in months if span[0] <= each.last and span[1] >= each.first)
        time.append(sum(_people.at_work(here, _DEFAULT, each) for each in there))
    yield "sessions_a_month", None, held.height, sum(time), held.height
    count = Counter(held["p"].drop_nulls())
    for p, code in enumerate(actors["partner"]):
        yield "relay_weights", code, count[p], count.total() * time[p] / (sum(time) or 1), count[p]


def _asked(here: Arrays, past: _Past) -> Iterator[_Estimate]:
    """Estimate needs: spontaneous ones, by size of territories and what they heard, and those after sessions."""
    needs, visits, end = past["needs"], past["visits"], here.months[-1].last + 1
    own, days = needs.filter(pl.col("form").is_null()), visits["date"].to_physical().to_numpy() + calendar.EPOCH
    first = np.full(len(here.size), end)
    np.minimum.at(first, visits["t"].to_numpy(), days)
    chances = np.stack([_people.eagerness(here, _DEFAULT, each, first[None] <= each.last) for each in here.months])
    # At most one need per territory and month: the rate sought is that which expects as many as there were.
    rate, possible = _DEFAULT.asks_a_year, 0.0
    for _ in range(_STEPS if needs.height else 0):
        possible = float(-np.expm1(-rate * chances).sum()) / rate
        rate = _value("asks_a_year", None, own.height, possible)
    yield "asks_a_year", None, own.height, possible, own.height
    codes = here.frames.sessions.filter(form="workshop")["session"].to_list()
    channels, workshops = (Counter(own[name].drop_nulls()) for name in ("channel", "workshop"))
    for code in sorted({*CHANNELS, *channels}):
        yield "channels", code, channels[code], own.height, channels[code]
    for code in codes:
        yield "interest", code, workshops[code], workshops.total() / len(codes), workshops[code]
    for name, count in (("unclear", needs["workshop"].null_count()), ("stated", needs.filter("stated").height)):
        yield name, None, count, needs.height, needs.height
    # Recent attendances have so far raised only a part of their needs.
    raised = np.clip((end - days - _people.SOONEST) / (_people.LATEST - _people.SOONEST + 1), 0, 1)
    raised[here.prior[visits["s"]].sum(axis=1) <= 0] = 0
    for form in ("buffet", "workshop"):
        of = (visits["form"] == form).to_numpy()
        yield f"asks_after_{form}", None, needs.filter(form=form).height, raised[of].sum(), int(of.sum())


def _met(here: Arrays, past: _Past) -> Iterator[_Estimate]:
    """Estimate attendance (pairs or not, registered territories included) and ratings."""
    rows, visits = past["rows"], past["visits"].drop_nulls("people")
    people, elected = (visits[name].to_numpy().astype(np.float64) for name in ("people", "elected"))
    several, total, both = people[people > 1], people.sum(), ((elected > 0) & (elected < people)).sum()
    yield "usual_people", None, total, len(people), len(people)
    # Some delegations bring both by chance, and requiring both changes the share of elected officials.
    share = elected.sum() / max(total, 1)
    technicians, officials = ((1 - share) ** several).sum(), (share**several).sum()
    alike = technicians + officials
    yield "together", None, (pairs := both - len(several) + alike), alike, len(several)
    moved = _value("together", None, pairs, alike) * (technicians - officials)
    yield "elected", None, elected.sum() - moved, total, int(total)
    rated = rows.drop_nulls("rating").sort("rating")
    for name, form in (("rating", "workshop"), ("rating_buffet", "buffet")):
        ratings = rated.filter(form=form)["rating"].to_numpy()
        yield name, None, ratings.sum(), len(ratings), len(ratings)
    yield "rates", None, rated.height, rows.height if rated.height else 0, rows.height
    by, every = ["held", "t"], pl.col("people").is_not_null().all()
    attended = pl.col("id").is_in(rows["held"].implode())
    held = past["sessions"].filter(attended).select("date", held="id", host="t").drop_nulls()
    due = past["registered"].group_by(by).agg(pl.when(every).then(pl.col("people").sum())).drop_nulls()
    due = due.join(held, on="held").join(rows.group_by(by).agg(came=_PEOPLE.fill_null(-1)), on=by, how="left")
    due = due.fill_null(0).filter(pl.col("came") >= 0).sort(by)
    host, guest, people, came = (due[name].to_numpy() for name in ("host", "t", "people", "came"))
    # As for sessions at home: fewer attend from farther away and before an election.
    times = _people.willing(here, _DEFAULT, due["date"].to_physical().to_numpy() + calendar.EPOCH)
    near = np.exp(-here.km[host, guest] / _DEFAULT.distance_km) * times
    yield "comes", None, np.minimum(came, people).sum(), (people * near).sum(), int(people.sum())


def last_months(programme: ProgrammeData, start: dt.date) -> pl.DataFrame:
    """Return one row per ``measure``: its mean per month over the last open ``months`` of the ``history``."""
    past, counts = _history(programme, start), dict[str, Any]()
    months = [] if past is None else [each.stream for each in open_months(past[0], _DEFAULT)[-_LAST:]]
    if past is not None and months:
        tables = {
            name: past[1][name].filter(pl.col("month").is_in(months))
            for name in ("sessions", "decided", "needs", "visits")
        }
        known, forms = tables["visits"].drop_nulls("people"), Counter(tables["sessions"]["form"])
        counts = {"buffets": forms["buffet"], "workshops": forms["workshop"], "served": tables["visits"].height}
        counts |= {"decided": tables["decided"].height, "needs": tables["needs"].height}
        counts |= {"elected": known["elected"].sum(), "technicians": (known["people"] - known["elected"]).sum()}
    values = {name: count / len(months) for name, count in counts.items()}
    if people := values.get("elected", 0) + values.get("technicians", 0):
        values["elected_share"] = values["elected"] / people
    schema = {"measure": pl.String, "history": pl.Float64}
    return pl.DataFrame([*values.items()], schema, orient="row").with_columns(months=pl.lit(len(months), pl.Int64))
