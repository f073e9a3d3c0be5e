"""The parts of a programme, by département: each answers as the whole does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from lively import ON, day, lively, programme
from made import POLICY
from prai_match import offers
from prai_match.offers import Part, Slicer, Snapshot, beginnings

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = day()
TERRITORIES = WHOLE.frames.territories
FURTHER = POLICY.without("buffet_or_need_first").without("not_attended")

ANSWERS: dict[str, Callable[[Snapshot, pl.DataFrame], pl.DataFrame]] = {
    "columns": lambda day, chosen: offers.with_columns(
        day, offers.sessions_of(day, chosen["t"]), [name for name, level in day.levels.items() if "territory" in level]
    ),
    "furthest": lambda day, chosen: offers.furthest(day, FURTHER, chosen, alone=True).drop("h"),
}


def parts(chosen: pl.DataFrame = TERRITORIES, of: Snapshot = WHOLE) -> list[Part]:
    return list(Slicer(of, FURTHER).parts(chosen))


def codes(chosen: pl.DataFrame) -> list[str]:
    return chosen["territory"].to_list()


def test_parts_come_by_departement_the_largest_first_then_by_code() -> None:
    assert [(part.departement, codes(part.snapshot.frames.territories)) for part in parts()] == [
        ("09", ["A1", "A2", "D1"]), ("31", ["B1"]), ("65", ["C1"]),
    ]  # fmt: skip
    some = TERRITORIES.filter(pl.col("territory").is_in(["C1", "D1", "A2"]))
    assert [(part.departement, codes(part.snapshot.frames.territories)) for part in parts(some[::-1])] == [
        ("09", ["A2", "D1"]), ("65", ["C1"]),
    ]  # fmt: skip


@pytest.mark.parametrize("what", ANSWERS)
def test_each_part_answers_as_the_whole(what: str) -> None:
    for chosen in (TERRITORIES, TERRITORIES.filter(pl.col("territory").is_in(["A2", "B1", "D1"]))):
        expected = ANSWERS[what](WHOLE, chosen)
        found = []
        for part in parts(chosen):
            answer = ANSWERS[what](part.snapshot, part.snapshot.frames.territories)
            found.append(answer.with_columns(t=part.territories.gather(answer["t"])))
        assert pl.concat(found).sort(pl.all()).equals(expected.sort(pl.all()))


def test_a_part_with_those_within_travel_distance_answers_as_the_whole_elsewhere_too() -> None:
    found = []
    for part in Slicer(WHOLE, FURTHER).parts(TERRITORIES, with_hosts=True):
        answer = offers.furthest(part.snapshot, FURTHER, part.snapshot.frames.territories[part.own])
        found.append(answer.with_columns(part.territories.gather(answer[name]).alias(name) for name in "th"))
    expected = offers.furthest(WHOLE, FURTHER, TERRITORIES)
    assert pl.concat(found).sort("t", "s").equals(expected)
    departement = TERRITORIES["departement"]
    away = expected.filter(pl.col("stage").is_null(), pl.col("h") != pl.col("t"))
    assert (departement.gather(away["t"]) != departement.gather(away["h"])).any()


def test_a_part_numbers_its_squares_first_and_those_near_them_after() -> None:
    z = dict(TERRITORIES.select("territory", "z").iter_rows())
    ariege, garonne, pyrenees = parts()
    # A1 and A2 share a square; D1 and B1 have their own: B1 is within travel distance of the first.
    assert ariege.squares.to_list() == [*sorted({z["A1"], z["D1"]}), z["B1"]]
    assert garonne.squares.to_list() == [z["B1"], z["A1"]]
    assert pyrenees.squares.to_list() == [z["C1"]]
    assert ariege.territories.to_list() == [0, 1, 4]
    for part in (ariege, garonne, pyrenees):
        frames = part.snapshot.frames
        assert frames.territories["t"].to_list() == [*range(frames.territories.height)]
        assert frames.near["z_near"].max() == len(part.squares) - 1
        assert part.snapshot.around is not None
        assert part.snapshot.around.shape[1] == len(part.squares)


def test_a_part_has_its_own_facts_and_everybody_who_trains_or_hosts() -> None:
    ariege, garonne, _ = parts()
    for part, known in ((ariege, {"A1", "A2", "D1"}), (garonne, {"B1"})):
        frames, whole = part.snapshot.frames, WHOLE.frames
        numbers = [t for t, code in TERRITORIES.select("t", "territory").iter_rows() if code in known]
        for name in ("needs", "attendances", "reach"):
            table = getattr(frames, name)
            mine = getattr(whole, name).filter(pl.col("t").is_in(numbers))
            assert table.columns == mine.columns
            back = table.with_columns(t=part.territories.gather(table["t"]))
            if "z" in back.columns:
                back = back.with_columns(z=part.squares.gather(back["z"]))
            assert back.sort(pl.all()).equals(mine.sort(pl.all())), name
        assert frames.trainers.equals(whole.trainers)
        assert frames.partners.equals(whole.partners)
        assert frames.held.drop("d", "t").equals(whole.held.drop("d", "t"))
        hosts = whole.held.select("id", "t").filter(pl.col("t").is_in(numbers))
        mine = frames.held.select("id", "t").drop_nulls()
        assert mine.with_columns(t=part.territories.gather(mine["t"])).equals(hosts)
        assert set(frames.covers["d"]) | set(frames.hosted_before["d"]) == set(frames.departements["d"])
        assert frames.departements["departement"].to_list() == [part.departement]
        totals, of_all = part.snapshot.whole._asdict(), WHOLE.whole._asdict()
        assert all(totals[name] is of_all[name] for name in totals if name != "began")
        assert (totals["began"] == beginnings(WHOLE)).all()
        assert (part.snapshot.on, part.snapshot.follow_ups) == (WHOLE.on, WHOLE.follow_ups)


def test_the_user_s_columns_go_along_by_their_new_number() -> None:
    asked = POLICY.with_column("keen", "number").prefer("keen", id="keen", stage="territory", weight=9)
    extra = offers.extra_columns({"territory": ["D1", "B1"], "keen": [0.5, 1.0]}, asked, WHOLE.frames)
    snapshot = Snapshot(WHOLE.frames, ON, WHOLE.follow_ups, extra)
    found = [part.snapshot.extra for part in parts(of=snapshot)]
    assert [sorted(one.select("t", "keen").rows()) if one is not None else one for one in found] == [
        [(2, 0.5)], [(0, 1.0)], [],
    ]  # fmt: skip
    assert [part.snapshot.extra for part in parts()] == [None] * 3


def test_where_nothing_is_known_parts_are_cut_too() -> None:
    made = programme(needs=[], attendances=[], sessions=[], trainers=[], partners=[])
    found = parts(of=day(made))
    assert [part.departement for part in found] == ["09", "31", "65"]
    assert not any(part.snapshot.people_around.any() for part in found)
    alone = programme(territories=lively()["territories"][3:4], needs=[], attendances=[], sessions=[])
    assert [len(part.squares) for part in parts(day(alone).frames.territories, day(alone))] == [1]
