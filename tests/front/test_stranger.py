"""A stranger's script: a database in, and all that a region knows of its own, without any file."""

import datetime as dt
import pickle
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from prai_match import Programme, Record, reproduce
from prai_match.demo._demo import table
from prai_match.errors import PolicyError, ProgrammeError
from prai_match.simulate import Scenario

if TYPE_CHECKING:
    from prai_match.io import Format

DAY = dt.date(2026, 3, 2)
SPLITS = [dt.date(2025, month, 10) for month in (2, 4, 6, 7)]


def both(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}


SETTINGS: dict[str, Any] = {
    "name": both("Vallées"),
    "period": {"start": "2025-01-01", "end": "2027-12-31"},
    "catalogue": {
        "themes": [{"id": "water", "name": both("Water")}],
        "buffets": [
            {
                "id": "buffet",
                "name": both("Buffet of the water"),
                "core": both("core"),
                "themes": ["water"],
                "cost": 100,
            }
        ],
        "workshops": [
            {
                "id": "maps",
                "name": both("Maps of networks"),
                "core": both("core"),
                "theme": "water",
                "cost": 100,
                "min_seats": 5,
                "kind": "walk",
                "attributes": {"outdoors": True},
            }
        ],
        "kinds": [
            {"of": "workshops", "id": "walk", "name": {"fr": "Visite de terrain", "en": "Walk on site"}},
            {"of": "partners", "id": "chamber", "name": both("Chamber of trades"), "synonyms": ["CMA"]},
            {"of": "channels", "id": "counter", "name": both("At the counter")},
        ],
        "follow_ups": [{"source": "buffet", "target": "maps", "prior": 0.5, "lag_days": 30}],
    },
    "attributes": [
        {"of": "territories", "name": "zone_blanche", "type": "boolean", **both("Zone blanche")},
        {"of": "collectivities", "name": "france_services", "type": "boolean", **both("France Services")},
        {"of": "trainers", "name": "speaks_occitan", "type": "boolean", **both("Speaks Occitan")},
        {"of": "trainers", "name": "certified", "type": "date", **both("Certified on")},
        {"of": "sessions", "name": "outdoors", "type": "boolean", **both("Outdoors")},
    ],
    "lexicon": {"terme": [{"atelier": "maps", "niveau": "fort", "mots": ["cartographie", "plan des réseaux"]}]},
}

SCHEMA = """
CREATE TABLE collectivities (
  code TEXT, name TEXT, kind TEXT, departement TEXT, population INTEGER, france_services INTEGER
);
CREATE TABLE territories (
  id TEXT, name TEXT, departement TEXT, members TEXT, population INTEGER, latitude REAL, longitude REAL,
  zone_blanche INTEGER
);
CREATE TABLE partners (id TEXT, name TEXT, kind TEXT, departements TEXT, sessions_a_year INTEGER);
CREATE TABLE trainers (
  id TEXT, organisation TEXT, role TEXT, home TEXT, latitude REAL, longitude REAL, reach_km REAL,
  sessions_a_month INTEGER, fee REAL, rating REAL, speaks_occitan INTEGER, certified DATE
);
CREATE TABLE expertise (trainer TEXT, session TEXT);
CREATE TABLE needs (collectivity TEXT, date TEXT, text TEXT, people INTEGER, channel TEXT);
CREATE TABLE attendances (collectivity TEXT, session TEXT, date TEXT, elected INTEGER, technicians INTEGER, rating REAL);
INSERT INTO partners VALUES ('adm', 'ADM', 'chamber', '09', 30);
INSERT INTO trainers VALUES
  ('anne', 'Agence', 'Formatrice', '09001', 43.2, 1.5, 80, 6, 400, 2.4, 1, '2020-01-01'),
  ('bob', 'Agence', 'Formateur', '09001', 43.2, 1.5, 80, 6, 100, 3.9, 0, NULL);
INSERT INTO expertise SELECT id, 'buffet' FROM trainers UNION SELECT id, 'maps' FROM trainers;
"""


@pytest.fixture
def database() -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(":memory:") as connection:
        connection.row_factory = sqlite3.Row
        connection.executescript(SCHEMA)
        for n in range(1, 13):
            values = (f"090{n:02}", f"Commune {n}", n == 7)
            connection.execute("INSERT INTO collectivities VALUES (?, ?, 'commune', '09', 1000, ?)", values)
            connection.execute(
                "INSERT INTO needs VALUES (?, ?, 'un plan des réseaux', 8, 'counter')", (values[0], f"2025-{n:02}-05")
            )
            if n % 2 or n < 7:
                came = ("buffet" if n % 2 else "maps", f"2025-{n:02}-20")
                connection.execute("INSERT INTO attendances VALUES (?, ?, ?, 5, 1, 3.4)", (values[0], *came))
        for n in range(1, 7):
            row = (f"T{n}", f"Territory {n}", f"090{2 * n - 1:02} 090{2 * n:02}", 43 + 0.1 * n, n == 5)
            connection.execute("INSERT INTO territories VALUES (?, ?, '09', ?, 2000, ?, 1.5, ?)", row)
        yield connection
    connection.close()


def tables(database: sqlite3.Connection) -> dict[str, Any]:
    """Cursors of some tables, rows of others."""
    names = ("collectivities", "territories", "partners", "trainers", "expertise", "needs", "attendances")
    cursors = {name: database.execute(f"SELECT * FROM {name}") for name in names}  # noqa: S608 - names from above
    return {**cursors, "territories": cursors["territories"].fetchall(), "needs": cursors["needs"].fetchall()}


@pytest.fixture
def prog(database: sqlite3.Connection) -> Programme:
    prog = Programme.from_tables(SETTINGS, tables(database), strict=True)
    policy = (
        prog.policy.require("speaks_occitan", id="occitan", stage="trainer", fr="Parle occitan.", en="Speaks Occitan.")
        .prefer("zone_blanche", id="zone_blanche_first", kind="workshop", weight=10)
        .prefer("france_services AND own_place", id="with_france_services", weight=4, stage="place")
        .prefer("1 - certified / 10000.0", id="certified_lately", weight=2, stage="trainer")
        .prefer("outdoors", id="out_of_the_room", weight=2)
        .require("people >= 3", id="few_walk", kind="walk")
        .prefer("partner_kind = 'chamber'", id="chamber_first", weight=2, stage="partner")
    )
    return prog.with_policy(policy)


def answers(prog: Programme) -> dict[str, Any]:
    """What the programme recommends, plans, simulates and explains."""
    recs = prog.recommend(on=DAY)
    rec = recs["T5"]
    plan = prog.plan(DAY, dt.date(2026, 5, 29), time_limit=0)
    outcomes = prog.simulate(Scenario(name="now"), DAY, dt.date(2026, 3, 31), replications=2)
    return {
        "recommendations": recs.to_polars("en").rows(),
        "spreadsheet": recs.spreadsheet("en").rows(),
        "why": rec.why("en").to_json(),
        "why not": rec.why_not(session="buffet", lang="en").text("en"),
        "without anne": rec.why_not(trainer="bob", lang="en").to_json(),
        "what if": rec.what_if(without_trainers=["anne"]).text("en"),
        "notice": rec.notice("en").text(),
        "plan": (plan.sessions.rows(), plan.seats.rows(), plan.check().rows()),
        "simulation": outcomes.summary().rows(),
        "backtest": prog.backtest(SPLITS, precision=0.49, replications=100).to_polars().rows(),
        "record": rec.record().to_json(),
    }


def test_a_database_is_read_without_a_word(database: sqlite3.Connection) -> None:
    prog = Programme.from_tables(SETTINGS, tables(database), strict=True)
    assert prog.trainers[0].attributes == {"speaks_occitan": True, "certified": dt.date(2020, 1, 1)}
    assert prog.trainers[1].attributes == {"speaks_occitan": False}
    assert [territory.attributes["zone_blanche"] for territory in prog.territories] == [False] * 4 + [True, False]
    assert prog.load_report is not None
    assert (prog.load_report.rejected, prog.load_report.repaired) == (0, 0)


def test_what_the_region_knows_decides(prog: Programme) -> None:
    rec = prog.recommend(on=DAY)["T5"]
    points = rec.why().contributions
    assert points["zone_blanche_first"] > 0 == points["with_france_services"]
    assert rec.trainer == "anne"
    assert prog.recommend(on=DAY)["T4"].why().contributions["with_france_services"] > 0
    assert [finding.rule for finding in rec.why_not(trainer="bob").refuting] == ["occitan"]
    assert {*prog.plan(DAY, dt.date(2026, 5, 29), time_limit=0).sessions["trainer"]} == {"anne"}
    assert "Zone blanche, France Services, Speaks Occitan, Certified on, Outdoors" in rec.notice("en").text()


def test_own_kinds_are_those_of_rules_and_of_people(prog: Programme) -> None:
    recs = prog.recommend(on=DAY)
    assert recs["T5"].kind == "walk"
    assert recs.spreadsheet("en").filter(pl.col("Territory code") == "T5")["Kind"].item() == "Walk on site"
    assert "Visite de terrain\xa0: Maps of networks" in recs.html("fr")
    why = recs["T5"].why()
    assert {"few_walk", "buffet_or_need_first"} <= {condition.rule for condition in why.conditions}
    assert why.contributions["chamber_first"] > 0
    assert (prog.partners[0].kind, set(prog.needs.to_polars()["channel"])) == ("chamber", {"counter"})
    exported = prog.plan(DAY, dt.date(2026, 5, 29), time_limit=0).invitations("fr")
    assert "Visite de terrain" in exported["kind"].to_list()


def test_kinds_of_two_regions_never_mix(prog: Programme) -> None:
    other = Programme.example()
    with pytest.raises(PolicyError, match="unknown partner_kind 'chamber', expected a known partner_kind"):
        other.recommend(on=dt.date(2007, 9, 3), policy=prog.policy)
    with pytest.raises(PolicyError, match="walk"):
        other.policy.require("people >= 3", id="few_walk", kind="walk")
    with pytest.raises(ProgrammeError, match="a known kind of relay partner"):
        other.with_partners([prog.partners[0].model_copy(update={"departements": ["09"]})])


def test_all_of_it_is_data(database: sqlite3.Connection, prog: Programme) -> None:
    policy = prog.policy.data.model_dump()
    assert Programme.from_tables({**SETTINGS, "policy": policy}, tables(database)) == prog


def test_a_record_is_reproduced(prog: Programme) -> None:
    record = Record.from_json(prog.recommend(on=DAY)["T5"].record().to_json())
    again = reproduce(record, prog)
    assert (again.same_inputs, again.same_answer) == (True, True)
    fluent = [*prog.trainers[:1], prog.trainers[1].model_copy(update={"attributes": {"speaks_occitan": True}})]
    other = reproduce(record, prog.with_trainers(fluent))
    assert (other.changed, other.same_answer) == (("trainers",), False)


def test_rows_of_a_database_are_added(database: sqlite3.Connection, prog: Programme) -> None:
    """A cursor, and rows with more than the database has: attributes stand in columns of their own."""
    database.execute("UPDATE collectivities SET france_services = 1 WHERE code = '09010'")
    after = prog.with_collectivities(database.execute("SELECT * FROM collectivities WHERE code = '09010'"))
    assert after.collectivities[9].attributes == {"france_services": True}
    assert after.recommend(on=DAY)["T5"].why().contributions["with_france_services"] > 0
    (bob,) = database.execute("SELECT * FROM trainers WHERE id = 'bob'")
    fluent = {**dict(bob), "speaks_occitan": 1, "expertise": prog.trainers[1].expertise}
    assert prog.with_trainers([fluent]).trainers[1].attributes == {"speaks_occitan": True}
    with pytest.raises(ProgrammeError) as caught:
        prog.with_trainers([{**fluent, "certified": "2020-02-31"}])
    assert [problem.where for problem in caught.value.problems] == ["trainers[2].attributes.certified"]


@pytest.mark.parametrize("way", ["json", "pickle", "folder", "xlsx"])
def test_the_answers_are_the_same_there_and_back(prog: Programme, way: str, tmp_path: Path) -> None:
    match way:
        case "json":
            back = Programme.model_validate_json(prog.model_dump_json())
        case "pickle":
            back = pickle.loads(pickle.dumps(prog))  # noqa: S301 - our own
        case _:
            form: Format = "csv" if way == "folder" else "xlsx"
            prog.save(tmp_path / "saved", form)
            back = Programme.load(tmp_path / "saved", strict=True)
    assert back == prog
    assert answers(back) == answers(prog)


def test_own_kinds_are_shown_by_whatever_shows_an_answer(prog: Programme) -> None:
    recs = prog.recommend(on=DAY)
    assert "Walk on site:" in table(recs, "en", 200)
    assert "walk" in recs["T5"].record().html("en")
