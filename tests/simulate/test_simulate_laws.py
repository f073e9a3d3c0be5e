"""What holds in every simulation: people, seats and euros are conserved, and no rule of a season is broken."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

import made
from prai_match import Programme
from prai_match.register import haversine_km
from prai_match.simulate import Outcomes, Scenario
from thorough import examples

START, END = dt.date(2007, 9, 1), dt.date(2008, 9, 30)
_BUSY: dict[str, Any] = {
    "overhead_spread": 0.0,
    "sessions_a_month": 3.0,
    "asks_a_year": 12.0,
    "quiet_months": (8,),
    "comes": 1.0,
}


@st.composite
def simulated(draw: st.DrawFn) -> tuple[Programme, Outcomes[Programme]]:
    """A made programme in which much happens, and what a scenario of it comes to."""
    programme = Programme.model_validate(draw(made.crowded()))
    scenario = Scenario.of(
        "busy",
        **_BUSY,
        planner=draw(st.sampled_from(["priority", "points", "requests"])),
        freeze_known_days=draw(st.sampled_from([None, 0])),
        cancellation=draw(st.sampled_from([0.0, 0.25])),
        together=draw(st.sampled_from([0.0, 1.0])),
        usual_people=draw(st.sampled_from([3.0, 8.0])),
    )
    seed = draw(st.integers(0, 5))
    return programme, programme.simulate(scenario, START, END, replications=1, seed=seed)


@given(simulated())
@examples(15)
def test_conservation_and_rules(case: tuple[Programme, Outcomes[Programme]]) -> None:
    before, outcomes = case
    after = outcomes.again(0)
    sessions = after.sessions.to_polars().filter(pl.coalesce("booked_on", "date") >= START)
    held = sessions.filter(pl.col("date") <= END)
    came = after.attendances.to_polars().filter(pl.col("date") >= START)
    totals = {(m, of): value for m, of, value in outcomes.totals().select("measure", "of", "value").iter_rows()}
    people = sum(came["elected"]) + sum(came["technicians"])

    assert totals["elected", None] + totals["technicians", None] == people
    assert totals["buffets", None] + totals["workshops", None] == held.height
    assert totals["served", None] == came.height
    needs = after.needs.to_polars().filter(pl.col("date") >= START)
    assert totals["needs", None] == needs.height
    _money(before, totals, after)
    _seats(after, held, came)
    _days(after, sessions)
    _distances(after, held, came)
    _once(after, came)
    _follows(after, sessions, came)


def _money(before: Programme, totals: dict[Any, Any], after: Programme) -> None:
    """What is spent is what sessions cost, what was lost on sessions called off, and the other spending."""
    if before.budget is None or after.budget is None:
        return
    cost = sum(float(s.cost or 0) for s in after.sessions if (s.booked_on or s.date) >= START)
    lost = float(after.budget.other_spending - before.budget.other_spending)
    overhead = _overhead(before)
    assert abs(totals["spent", None] - cost - lost - overhead) < 1e-6
    spent = sum(float(s.cost or 0) for s in after.sessions) + lost
    money = float(before.budget.total - before.budget.other_spending)
    earlier = sum(float(s.cost or 0) for s in before.sessions if (s.booked_on or s.date) < START)
    assert spent <= max(money, earlier) + lost


def _overhead(programme: Programme) -> float:
    """What is spent on other things in the thirteen months simulated, out of the months of the programme."""
    assert programme.budget is not None
    start, end = programme.period.start, programme.period.end
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    return float(programme.budget.other_spending) / months * 13


def _seats(after: Programme, held: pl.DataFrame, came: pl.DataFrame) -> None:
    bounds = {each.id: (each.min_seats, each.max_seats) for each in after.catalogue.sessions}
    people = Counter[str]()
    for row in came.iter_rows(named=True):
        people[row["held"]] += row["elected"] + row["technicians"]
    assert set(people) <= set(held["id"])
    for row in held.filter(pl.col("booked_on").is_not_null()).iter_rows(named=True):
        least, most = bounds[row["session"]]
        assert least <= people[row["id"]] <= most
    workshops = {each.id for each in after.catalogue.workshops}
    sizes = {people[row["id"]] for row in held.iter_rows(named=True) if row["session"] in workshops}
    assert all(10 <= size <= 20 for size in sizes)


def _days(after: Programme, sessions: pl.DataFrame) -> None:
    """No weekend, no blackout, no quiet month, notice and pace kept, trainers free and within their month."""
    known = {each.id: each for each in after.trainers}
    assert sessions.select("trainer", "date").is_unique().all()
    led = Counter((row["trainer"], row["date"].year, row["date"].month) for row in sessions.iter_rows(named=True))
    for (trainer, _, _), count in led.items():
        most = known[trainer].sessions_a_month
        assert most is None or count <= most
    for row in sessions.iter_rows(named=True):
        day, trainer = row["date"], known[row["trainer"]]
        assert day.weekday() < 5
        assert day.month != 8
        assert day >= row["booked_on"] + dt.timedelta(days=after.notice_days)
        assert not any(b.start <= day <= b.end for b in after.calendar.blackouts) or day > END
        assert day not in trainer.taken
        assert not trainer.free or any(p.start <= day <= p.end for p in trainer.free)
        assert row["session"] in {each.session for each in trainer.expertise}
    relays = {each.id: each for each in after.partners}
    for relay, hosted in Counter(sessions["partner"]).items():
        limit = relays[relay].sessions_a_year
        assert limit is None or hosted <= 2 * limit  # over thirteen months, in two windows of twelve


def _distances(after: Programme, held: pl.DataFrame, came: pl.DataFrame) -> None:
    places = {t.id: (t.latitude, t.longitude) for t in after.territories}
    of = {member: t.id for t in after.territories for member in t.members}
    hosts = dict(held.select("id", "host").iter_rows())
    pairs = [(*places[of[row["collectivity"]]], *places[hosts[row["held"]]]) for row in came.iter_rows(named=True)]
    frame = pl.DataFrame(pairs, schema=dict.fromkeys(("a", "b", "c", "d"), pl.Float64), orient="row")
    assert (frame.select(km=haversine_km("a", "b", "c", "d"))["km"] <= after.travel_km + 1e-9).all()


def _once(after: Programme, came: pl.DataFrame) -> None:
    """Nobody is invited again to what was attended since the council was renewed."""
    of = {member: t.id for t in after.territories for member in t.members}
    seen: Counter[Any] = Counter()
    for row in came.iter_rows(named=True):
        renewed = after.calendar.renewed_before(row["date"])
        seen[of[row["collectivity"]], row["session"], renewed] += 1
    assert max(seen.values(), default=1) == 1


def _follows(after: Programme, sessions: pl.DataFrame, came: pl.DataFrame) -> None:
    """No workshop before its buffet, with the lag that is usual, but for a strong need: as known when it was decided."""
    of = {member: t.id for t in after.territories for member in t.members}
    decided = dict(sessions.select("id", "booked_on").iter_rows())
    graphs = {day: after.follow_ups(day - dt.timedelta(days=1)).edges() for day in set(decided.values())}
    workshops = {each.id for each in after.catalogue.workshops}
    needs = after.needs.to_polars()
    read = after.classify(needs["text"])
    asked = needs.select(
        pl.col("collectivity").replace_strict(of, return_dtype=pl.String).alias("territory"),
        pl.coalesce("workshop", read["workshop"]).alias("session"),
        pl.when(pl.col("workshop").is_not_null()).then(100.0).otherwise(read["score"]).alias("score"),
        "date",
    )
    attended = [(of[row.collectivity], row.session, row.date) for row in after.attendances]
    for row in came.filter(pl.col("session").is_in(workshops)).iter_rows(named=True):
        territory, day = of[row["collectivity"]], decided[row["held"]]
        renewed = after.calendar.renewed_before(day) or dt.date.min
        last = {what: at for who, what, at in sorted(attended, key=str) if who == territory and renewed < at < day}
        leads = graphs[day].filter(target=row["session"]).select("source", "lag_days").iter_rows()
        sooner = [last[source] + dt.timedelta(days=lag) for source, lag in leads if source in last]
        strong = asked.filter(pl.col("date") <= day, pl.col("score") >= 60, territory=territory, session=row["session"])
        assert sooner or strong.height, f"{territory} came to {row['session']}, decided on {day}, before it asked"
        assert min(sooner, default=row["date"]) <= row["date"]


def test_the_same_seed_gives_the_same_bytes(outcomes: Outcomes, example: Programme) -> None:
    again = example.simulate(outcomes.scenarios[-1], outcomes.start, outcomes.end, replications=4)
    files = sorted(path.name for path in again.folder.glob("*.parquet"))
    assert files
    for name in files:
        assert (again.folder / name).read_bytes() == (outcomes.folder / name).read_bytes()


def test_replications_do_not_depend_on_how_many_run_together(outcomes: Outcomes, example: Programme) -> None:
    alone = example.simulate(outcomes.scenarios[0], outcomes.start, outcomes.end, replications=1)
    first = outcomes.to_polars().filter(pl.col("replication") == 0, pl.col("scenario") == "baseline")
    assert alone.to_polars().equals(first)
    assert outcomes.seeds["seed"].n_unique() == 4


def test_a_scenario_equal_to_the_baseline_differs_by_nothing(outcomes: Outcomes) -> None:
    same = outcomes.differences().filter(scenario="same")
    assert same.height
    assert same.select(pl.col("mean", "low", "high").fill_null(0).abs().max()).row(0) == (0.0, 0.0, 0.0)
    assert (same["above"].fill_null(0) == 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_sums_do_not_depend_on_the_order_in_which_rows_are_read(
    outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    rows, totals, ratings = outcomes.to_polars(), outcomes.totals(), outcomes.monthly("rating")
    monkeypatch.setattr(Outcomes, "scan", lambda _: rows.sample(fraction=1, shuffle=True, seed=seed).lazy())
    assert outcomes.totals().equals(totals)
    assert outcomes.monthly("rating").equals(ratings)


def test_another_seed_gives_other_outcomes(outcomes: Outcomes, example: Programme) -> None:
    other = example.simulate(outcomes.scenarios[0], outcomes.start, outcomes.end, replications=1, seed=1)
    assert not other.to_polars().equals(outcomes.to_polars().filter(scenario="baseline", replication=0))


def test_a_relay_that_covers_nobody_changes_nothing(example: Programme) -> None:
    relay = {"id": "adm01", "name": "ADM de la Lozère", "kind": "adm", "departements": ["48"]}
    scenarios = [Scenario(name="now"), Scenario.of("more", with_partners=[relay])]
    outcomes = example.simulate(scenarios, dt.date(2007, 9, 1), dt.date(2007, 12, 31), replications=2)
    assert outcomes.differences().select(pl.col("mean", "low", "high").abs().max()).row(0) == (0.0, 0.0, 0.0)
