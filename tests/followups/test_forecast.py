"""What territories attend, forecast from a history alone."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match import PraiError, Programme
from prai_match.followups import Forecast, attended
from prai_match.model import READINGS, Blackout, Reading, Text
from thorough import examples

FIRST, ON, HORIZON = dt.date(2020, 1, 1), dt.date(2021, 6, 1), 60
TERRITORIES, SESSIONS = [*"abcdef"], [*"wxyz"]
SCHEMA = {"territory": pl.String, "session": pl.String, "date": pl.Date}
Came = list[tuple[str, str, dt.date]]

_came = st.lists(
    st.tuples(st.sampled_from(TERRITORIES), st.sampled_from(SESSIONS), st.dates(FIRST, ON + dt.timedelta(days=90))),
    max_size=60,
)
_reading: st.SearchStrategy[Reading] = st.sampled_from(READINGS)


def frame(came: Came) -> pl.DataFrame:
    return pl.DataFrame(came, SCHEMA, orient="row")


def learned(came: Came, reading: Reading = "eventually", strength: float = 3) -> Forecast:
    asked = frame(came), ON
    return Forecast.learned(
        *asked, territories=TERRITORIES, sessions=SESSIONS, horizon_days=HORIZON, reading=reading, strength=strength
    )


def probabilities(came: Came, forecast: Forecast) -> pl.DataFrame:
    return forecast.probabilities(frame(came), ON, territories=TERRITORIES)


def chain(organisations: int, steps: str, seed: int = 1) -> pl.DataFrame:
    """Organisations that take steps in their order, each some weeks after the one before."""
    dice, rows = np.random.default_rng(seed), []
    for number in range(organisations):
        day = FIRST + dt.timedelta(days=int(dice.integers(0, 700)))
        for step in steps:
            rows.append((f"{number:04}", step, day))
            day += dt.timedelta(days=int(dice.integers(10, 50)))
    return frame(rows)


@given(_came, _reading, st.randoms())
@examples(60)
def test_a_row_each_whose_probability_is_one_whatever_the_order_and_the_future(
    came: Came, reading: Reading, random: object
) -> None:
    forecast = learned(came, reading)
    every = probabilities(came, forecast)
    assert every.select("territory", "session").rows() == [(t, s) for t in TERRITORIES for s in SESSIONS]
    assert every["probability"].is_between(0, 1, closed="left").all()
    mixed = [*came]
    random.shuffle(mixed)  # type: ignore[attr-defined]
    past = [row for row in mixed if row[2] <= ON]
    assert probabilities(past, learned(past, reading)).equals(every)
    assert learned([*past, *past], reading).arrows().equals(forecast.arrows())


@given(_came, _reading)
@examples(60)
def test_arrows_count_what_is_attended_after_what_at_landmarks(came: Came, reading: Reading) -> None:
    past = {row for row in came if row[2] <= ON}
    counts: Counter[tuple[str, str]] = Counter()
    for number in range(1, 40):
        end = ON - dt.timedelta(days=HORIZON * (number - 1))
        landmark = end - dt.timedelta(days=HORIZON)
        for territory in TERRITORIES:
            own = [(day, session) for who, session, day in past if who == territory]
            before = [each for each in own if each[0] <= landmark]
            after = [each for each in own if landmark < each[0] <= end]
            if reading == "next":
                before_day, after_day = max(before, default=None), min(after, default=None)
                last, first = (each and each[0] for each in (before_day, after_day))
                after = [each for each in after if each[0] == first]
                sources = {session for day, session in before if day == last}
            else:
                sources = {session for _, session in before}
            new = {session for _, session in after} - {session for _, session in before}
            counts.update((source, target) for source in sources for target in new)
    found = learned(came, reading).arrows().filter(pl.col("observed") > 0)
    assert dict(zip(found.select("source", "target").rows(), found["observed"], strict=True)) == dict(counts)


def test_learned_on_next_a_chain_is_proposed_step_by_step() -> None:
    steps, on = "pqrstu", dt.date(2022, 1, 1)
    log = chain(200, steps)
    forecast = Forecast.learned(log, on, horizon_days=HORIZON, reading="next")
    for done in range(len(steps)):
        asked = frame(
            [("new", step, on - dt.timedelta(days=40 * (done - place))) for place, step in enumerate(steps[:done])]
        )
        best = forecast.probabilities(asked, on, territories=["new"]).sort("probability")["session"][-1]
        assert best == steps[done]


def test_who_has_attended_nothing_begins_as_those_that_began_of_late() -> None:
    began = [(f"{n:03}", "old" if n < 60 else "late", FIRST + dt.timedelta(days=8 * n)) for n in range(100)]
    after = [(who, "after", day + dt.timedelta(days=7)) for who, _, day in began]
    log, on = frame(began + after), FIRST + dt.timedelta(days=800)
    forecast = Forecast.learned(log, on, territories=["new"], horizon_days=100, reading="next")
    row = forecast.probabilities(log, on, territories=["new"]).filter(territory="new")
    chances = dict(row.select("session", "probability").rows())
    assert chances["late"] > 2 * max(chances["old"], chances["after"])
    assert row["source"].null_count() == row["days"].null_count() == 3


def test_what_is_repeated_is_forecast_again_by_how_long_ago_it_was() -> None:
    years = [(f"{n:03}", "yearly", dt.date(year, 1 + n % 12, 1)) for n in range(60) for year in range(2015, 2021)]
    once = [(f"{n:03}", "once", dt.date(2015, 1 + n % 12, 10)) for n in range(60)]
    log, on = frame(years + once), dt.date(2020, 12, 31)
    each = Forecast.learned(log, on, horizon_days=60).probabilities(log, on)
    repeats = dict(
        each.filter(session="yearly", source="yearly").group_by("days").agg(pl.col("probability").first()).rows()
    )
    assert repeats[max(repeats)] > 0.45
    assert repeats[min(repeats)] < 0.1
    assert each.filter(session="once")["probability"].max() < 0.05  # type: ignore[operator]


def test_what_is_attended_again_and_after_how_long() -> None:
    day = dt.timedelta(days=1)
    rows = [("a", "x", FIRST), ("a", "x", FIRST + 100 * day), ("a", "x", FIRST + 160 * day), ("b", "x", FIRST)]
    rows += [("a", "y", FIRST), ("a", "y", FIRST), ("b", "y", ON + day)]
    freeze = Blackout(start=FIRST + 10 * day, end=FIRST + 29 * day, reason=Text(fr="gel", en="freeze"))
    found = Forecast.learned(frame(rows), ON, sessions=SESSIONS, blackouts=[freeze]).repeats()
    assert found.rows() == [("w", 0, 0, None), ("x", 2, 1, 70), ("y", 1, 0, None), ("z", 0, 0, None)]


def test_doubling_every_history_leaves_ratios_and_narrows_their_intervals() -> None:
    prog = Programme.example()
    came, on = attended(prog), dt.date(2008, 9, 1)
    twice = pl.concat([came, came.with_columns(pl.col("territory") + "'")])
    alone, doubled = (
        Forecast.learned(log, on, strength=strength).arrows() for log, strength in ((came, 3), (twice, 6))
    )
    assert doubled["observed"].to_list() == (2 * alone["observed"]).to_list()
    assert np.allclose(doubled["ratio"], alone["ratio"], rtol=0.06)
    width = pl.col("high") / pl.col("low")
    assert (doubled.select(width).to_series() < alone.select(width).to_series()).all()


def test_days_of_blackouts_do_not_count() -> None:
    log, start, days = chain(80, "pqrs"), dt.date(2020, 10, 1), 45
    freeze = Blackout(start=start, end=start + dt.timedelta(days=days - 1), reason=Text(fr="gel", en="freeze"))
    moved = pl.when(pl.col("date") >= start).then(pl.col("date") + dt.timedelta(days=days)).otherwise("date")
    on = dt.date(2022, 1, 1)
    later, then = log.with_columns(date=moved), on + dt.timedelta(days=days)
    plain = Forecast.learned(log, on, horizon_days=HORIZON)
    frozen = Forecast.learned(later, then, horizon_days=HORIZON, blackouts=[freeze])
    assert frozen.arrows().equals(plain.arrows())
    assert frozen.probabilities(later, then).equals(plain.probabilities(log, on))


def test_a_programme_forecasts_for_all_its_territories_without_its_blackouts() -> None:
    prog, on = Programme.example(), dt.date(2008, 12, 1)
    alone = Forecast.learned(attended(prog), on, territories=[each.id for each in prog.territories])
    own = prog.forecast(on)
    assert own.arrows().height == alone.arrows().height == 8 * 7
    every = own.probabilities()
    assert not every.equals(alone.probabilities())  # the freeze of 2008 stops the clock
    assert every.height == 8 * len(prog.territories)
    earlier = own.probabilities(on=dt.date(2007, 9, 3))
    assert earlier.height == every.height
    assert earlier["source"].null_count() > every["source"].null_count()
    assert own.probabilities(attended(prog), on, territories=[each.id for each in prog.territories]).equals(every)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_shown_has_the_names_of_sessions_and_what_is_more_often_than_usual(lang: Literal["fr", "en"]) -> None:
    prog = Programme.example("occitanie_2026")
    forecast = prog.forecast(dt.date(2026, 9, 1), reading="next")
    shown, workshop = forecast.html(lang), prog.catalogue.workshops[0]
    first = {each.id: each.name.get(lang) for each in prog.catalogue.sessions}
    best = forecast.arrows().filter(pl.col("observed") > 0).sort("ratio").row(-1, named=True)
    assert first[best["target"]] in shown
    assert f">{workshop.id}<" not in shown
    rows = forecast.arrows().filter(pl.col("observed") > 0, pl.col("ratio") > 1).height
    assert shown.count("<tr>") == min(rows, 30) + 1


def test_what_is_attended_later_for_the_first_time_is_not_known_yet() -> None:
    rows = [("a", "x", FIRST), ("b", "y", ON + dt.timedelta(days=1))]
    forecast = Forecast.learned(frame(rows), ON)
    assert forecast.sessions == ("x",)
    assert forecast.probabilities()["territory"].to_list() == ["a"]


def test_nothing_is_learned_of_nothing() -> None:
    forecast = Forecast.learned(frame([]), ON, territories=["a"], sessions=["x", "y"])
    assert forecast.probabilities(frame([]), ON, territories=["a"])["probability"].to_list() == [0, 0]
    assert Forecast.learned(frame([]), ON).probabilities(frame([]), ON).is_empty()
    assert repr(forecast) == "<Forecast: 2 sessions, eventually, within 120 days>"


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(PraiError, match="reading"):
        Forecast.learned(frame([]), ON, reading="soon")  # type: ignore[arg-type]
    with pytest.raises(PraiError, match="strength"):
        Forecast.learned(frame([]), ON, strength=0)
    with pytest.raises(PraiError, match="'q'"):
        learned([]).probabilities(frame([("a", "q", ON)]), ON)
