"""A programme as numbered tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from lively import ON, day, lively, programme
from prai_match import Programme, offers
from prai_match.calendar import SessionDays
from prai_match.offers import SCHEMAS, STATED, Memo, _frames, prepare

FRAMES = day().frames


def rows(table: pl.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return table.select(*columns).rows()


def changed(table: str, **fields: Any) -> dict[str, Any]:
    """The programme's rows with other fields in the first of one table."""
    first, *others = lively()[table]
    return {table: [{**first, **fields}, *others]}


@pytest.mark.parametrize(
    ("table", "number", "code", "codes"),
    [
        ("territories", "t", "territory", ["A1", "A2", "B1", "C1", "D1"]),
        ("departements", "d", "departement", ["09", "31", "65"]),
        ("sessions", "s", "session", ["b_geo", "b_web", "sig", "site_internet", "teleservices"]),
        ("partners", "p", "partner", ["adm09", "cdg31", "syn"]),
        ("trainers", "r", "trainer", ["anna", "bob", "carl", "dora", "eve"]),
    ],
)
def test_what_has_a_code_is_numbered_in_its_order(table: str, number: str, code: str, codes: list[str]) -> None:
    backwards = {name: value[::-1] for name, value in lively().items() if isinstance(value, list)}
    for made in (programme(), programme(**backwards)):
        frame = getattr(day(made).frames, table)
        assert frame[number].to_list() == list(range(len(codes)))
        assert frame[code].to_list() == codes
        assert frame.schema[number] == pl.UInt32


def test_each_session_has_its_axes_after_the_one_that_none_chose() -> None:
    assert rows(FRAMES.axes, "x", "session", "axis", "s") == [
        (0, "b_geo", None, 0), (1, "b_web", None, 1), (2, "sig", None, 2), (3, "site_internet", None, 3),
        (4, "site_internet", "creation", 3), (5, "site_internet", "refonte", 3), (6, "teleservices", None, 4),
    ]  # fmt: skip


def test_one_programme_is_one_world() -> None:
    for table in (FRAMES.territories, FRAMES.departements, FRAMES.partners, FRAMES.trainers):
        assert table.schema["w"] == pl.UInt32
        assert set(table["w"]) == {0}
    assert rows(FRAMES.territories, "territory", "d") == [("A1", 0), ("A2", 0), ("B1", 1), ("C1", 2), ("D1", 0)]


def test_a_trainer_knows_the_axes_named_or_all_and_always_that_none_chose() -> None:
    names = FRAMES.trainers["trainer"]
    known = {name: [x for r, x in FRAMES.expertise.rows() if names[r] == name] for name in names}
    assert known == {"anna": [1, 3, 4, 5, 6], "bob": [0, 2, 3, 4], "carl": [3, 5], "dora": [2, 6], "eve": [0, 1]}
    assert FRAMES.expertise.columns == ["r", "x"]
    assert FRAMES.expertise.equals(FRAMES.expertise.sort("r", "x"))


def test_facts_carry_numbers_alone() -> None:
    columns = {name: getattr(FRAMES, name).columns for name in ("covers", "carries", "hosted_before", "free", "taken")}
    assert {name: sorted(known) for name, known in columns.items()} == {
        "covers": ["d", "p"], "carries": ["p", "s"], "hosted_before": ["d", "p", "sessions"],
        "free": ["end", "r", "start"], "taken": ["date", "r"],
    }  # fmt: skip
    assert FRAMES.needs.columns == ["c", "t", "z", "s", "x", "score", "date", "people", "chosen"]
    assert FRAMES.attendances.columns == ["c", "t", "z", "s", "x", "date", "elected", "technicians", "rating"]
    assert sorted(FRAMES.held.columns) == ["axis", "cost", "d", "date", "id", "known", "p", "r", "room", "s", "t", "w"]
    assert sorted(rows(FRAMES.covers, "p", "d")) == [(0, 0), (1, 0), (1, 1), (2, 1)]
    assert sorted(rows(FRAMES.carries, "p", "s")) == [(0, s) for s in range(5)] + [(1, 0), (1, 2)] + [(2, s) for s in range(5)]  # fmt: skip
    assert sorted(rows(FRAMES.hosted_before, "p", "d", "sessions")) == [(0, 0, 4), (0, 1, 1)]


def test_needs_are_stated_or_read_from_their_words_or_left_out() -> None:
    asked = rows(FRAMES.needs, "c", "t", "s", "x", "chosen")
    assert len(asked) == len(lively()["needs"]) - 1, "what says nothing is left out"
    read = FRAMES.needs.filter(pl.col("score") != STATED)
    assert rows(read, "t", "s", "x", "chosen", "people") == [(1, 3, 5, True, 2)]
    assert 0 < read["score"].item() < STATED == 100
    assert (0, 0, 3, 5, True) in asked
    assert (5, 2, 4, 6, False) in asked


def test_collectivities_are_those_of_the_territories() -> None:
    assert FRAMES.collectivities == 7
    assert sorted({c for c, _ in rows(FRAMES.needs, "c", "t")}) == [0, 1, 2, 4, 5, 6]


def test_sessions_held_have_their_host_s_departement_and_the_day_from_which_they_are_known() -> None:
    held = {row["known"].isoformat(): row for row in FRAMES.held.iter_rows(named=True)}
    assert FRAMES.held.height == 9
    booked = held["2007-09-04"]
    assert (booked["date"].isoformat(), booked["d"], booked["p"], booked["r"], booked["cost"]) == (
        "2007-09-28", 1, 1, 0, 70.0,
    )  # fmt: skip
    first = held["2007-04-10"]
    assert (first["date"].isoformat(), first["d"], first["s"], first["cost"]) == ("2007-04-10", 0, 1, 600.1)


def test_what_concerns_no_territory_counts_for_nothing() -> None:
    hosted = [*lively()["partners"][0]["hosted"], {"departement": "2A", "sessions": 5}]
    made = programme(**changed("partners", departements=["09", "2A"], hosted=hosted))
    frames = day(made).frames
    assert frames.covers.sort(pl.all()).equals(FRAMES.covers.sort(pl.all()))
    assert frames.hosted_before.sort(pl.all()).equals(FRAMES.hosted_before.sort(pl.all()))


def test_what_is_said_twice_counts_once() -> None:
    made = programme(
        partners=[{**partner, **{name: partner[name] * 2 for name in ("departements", "carries", "brings") if name in partner}} for partner in lively()["partners"]],
        trainers=[{**trainer, "taken": trainer.get("taken", []) * 2} for trainer in lively()["trainers"]],
    )  # fmt: skip
    assert made.recommend(ON, top=9).ranking().equals(programme().recommend(ON, top=9).ranking())
    frames = day(made).frames
    for name in ("covers", "carries", "taken", "partners"):
        assert getattr(frames, name).height == getattr(FRAMES, name).height, name


def test_the_settings_are_those_of_the_programme() -> None:
    limits = {"strong_need": 70, "trainer_load_limit": 1.5, "trainer_wait_limit": 30}
    frames = day(programme(notice_days=9, euros_per_km="0.52", offer_horizon_days=99, **limits)).frames
    assert (frames.notice_days, frames.euros_per_km, frames.horizon_days) == (9, 0.52, 99)
    assert frames.limits == {**limits, "travel_km": programme().travel_km}
    assert frames.calendar == programme().calendar
    assert frames.budget == programme().budget


def test_other_facts_take_the_place_of_those_prepared() -> None:
    members = pl.DataFrame({"collectivity": ["31001"], "c": [0], "t": [2], "z": [5]}).cast(
        {"c": pl.UInt32, "t": pl.UInt32, "z": pl.UInt32}
    )
    made = programme()
    frames = offers.with_facts(FRAMES, members, offers.needs_read(made), made.attendances.to_polars())
    assert rows(frames.needs, "c", "t", "z", "s", "x") == [(0, 2, 5, 3, 3), (0, 2, 5, 3, 4)]
    assert rows(frames.attendances, "c", "t", "z", "s", "elected", "technicians", "rating") == [(0, 2, 5, 3, 1, 1, 3.0)]
    assert frames.collectivities == 1
    assert frames.trainers is FRAMES.trainers


def test_the_tables_that_frames_are_prepared_from_make_the_same_frames() -> None:
    """Tables have the columns and types of `SCHEMAS`, whoever makes them."""
    made = programme(needs=[], attendances=[], sessions=[], partners=[], trainers=[])
    empty = {name: pl.DataFrame(schema=schema) for name, schema in SCHEMAS.items()}
    known = {name: getattr(FRAMES, name).select(*SCHEMAS[name]) for name in ("territories", "sessions")}
    axes = FRAMES.axes.drop_nulls("axis").select(*SCHEMAS["axes"])
    members = pl.DataFrame([(code, one["id"]) for one in lively()["territories"] for code in one["members"]], schema=SCHEMAS["members"], orient="row")  # fmt: skip
    frames = offers.from_tables(
        {**empty, **known, "axes": axes, "members": members},
        days=SessionDays.of(made), budget=made.budget, notice_days=made.notice_days, join_notice_days=made.join_notice_days,
        horizon_days=made.offer_horizon_days, limits=prepare(made).limits,
        lapse_months=made.needs_lapse_months, euros_per_km=float(made.euros_per_km),
    )  # fmt: skip
    prepared = day(made).frames
    for name in ("territories", "departements", "sessions", "axes", "needs", "attendances", "decisions", "replies", "held", "near", "reach", "expertise"):  # fmt: skip
        one, two = getattr(frames, name), getattr(prepared, name)
        assert one.schema == two.schema, name
        assert one.equals(two), name


def test_people_around_are_as_many_among_few_squares_as_among_many(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = day(Programme.example()).frames
    people = np.random.default_rng(1).integers(0, 30, (frames.squares, 4)).astype(np.float64)
    few = frames.within_travel(people)
    here = pl.DataFrame(people).with_row_index("z_near")
    joined = frames.near.join(here, on="z_near").group_by("z").sum().sort("z").drop("z", "z_near")
    assert (few == joined.to_numpy()).all()
    monkeypatch.setattr(_frames, "_PRODUCT", 1000)  # products of two rows
    assert (frames.within_travel(people) == few).all()
    monkeypatch.setattr(_frames, "_FEW", 0)
    assert (replace(frames, memo=Memo()).within_travel(people) == few).all()
