"""The second bundled region: another time, another catalogue, and nothing of the first in what it says."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prai_match import Programme, register
from prai_match.simulate import Scenario
from region import Region

if TYPE_CHECKING:
    from prai_match import Recommendations


SCRIPT = Path(__file__).parents[2] / "scripts" / "build_example.py"
FOLDER = Path(__file__).parents[2] / "src" / "prai_match" / "data" / "occitanie_2026"
DEPARTEMENTS = {"09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"}
ON = dt.date(2026, 11, 16)
RENEWED = dt.date(2026, 3, 22)
OF_THE_FIRST = re.compile(
    r"\bPRAI\b|\b200[678]\b|Midi-Pyrénées|[Cc]onseil [Gg]énéral|[Pp]olitique par défaut|[Dd]efault policy"
)


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme.example("occitanie_2026")


@pytest.fixture(scope="module")
def occitanie(programme: Programme) -> Region:
    return Region(FOLDER, programme)


@pytest.fixture(scope="module")
def recs(programme: Programme) -> Recommendations:
    return programme.recommend(ON)


def test_every_row_is_read_and_the_folder_is_small(programme: Programme) -> None:
    assert programme.load_report is not None
    assert not programme.load_report.problems
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 1_000_000


def test_territories_are_the_epci_of_the_thirteen_departements(programme: Programme) -> None:
    assert {territory.id for territory in programme.territories} == {
        epci.code for code in DEPARTEMENTS for epci in register.epcis(code)
    }
    for territory in programme.territories:
        entry = register.get(territory.id, kind="epci")
        assert (entry.name, entry.departement, entry.population) == (
            territory.name,
            territory.departement,
            territory.population,
        )
    for collectivity in programme.collectivities:
        entry = register.get(collectivity.code)
        assert (entry.name, entry.departement) == (collectivity.name, collectivity.departement)
    known = {collectivity.code for collectivity in programme.collectivities}
    left = {commune.code for code in DEPARTEMENTS for commune in register.communes(code)} - known
    assert f"{len(left)} communes" in (FOLDER / "README.md").read_text("utf-8")


def test_relays_are_of_today_and_cover_every_departement(programme: Programme) -> None:
    kinds = Counter(partner.kind for partner in programme.partners)
    assert kinds == {"adm": 13, "centre_de_gestion": 7, "departement": 5, "syndicat_numerique": 3, "epci": 2}
    assert {code for partner in programme.partners for code in partner.departements} == DEPARTEMENTS
    assert all("(exemple)" in partner.name for partner in programme.partners if partner.kind == "syndicat_numerique")


def test_the_history_keeps_to_the_pace_which_is_a_little_above_it(occitanie: Region) -> None:
    assert occitanie.busiest == {"team": [2, 4, 16], "relay": [1, 2, 4]}
    assert [*occitanie.data.pace.team.model_dump().values()] == [3, 5, 18]
    assert [*occitanie.data.pace.relay.model_dump().values()] == [1, 3, 5]


def test_trainers_live_in_the_region_and_are_not_named(programme: Programme) -> None:
    for trainer in programme.trainers:
        entry = register.get(trainer.home, kind="commune")
        assert entry.departement in DEPARTEMENTS
        assert (trainer.latitude, trainer.longitude) == pytest.approx(entry.position, abs=1e-4)
        assert not re.search(r"\b(M\.|Mme|Monsieur|Madame)\s", f"{trainer.organisation} {trainer.role}")


def test_every_axis_and_buffet_has_a_trainer(programme: Programme) -> None:
    for session in programme.catalogue.sessions:
        for axis in [None, *(axis.id for axis in session.axes)]:
            assert any(
                e.session == session.id and (axis is None or not e.axes or axis in e.axes)
                for trainer in programme.trainers
                for e in trainer.expertise
            )


def test_the_catalogue_shares_no_session_with_the_first_region_and_says_that_it_is_made(programme: Programme) -> None:
    first = Programme.example().catalogue
    assert {s.id for s in programme.catalogue.sessions}.isdisjoint(s.id for s in first.sessions)
    assert all(session.made for session in programme.catalogue.sessions)


def test_each_session_had_a_relay_and_a_trainer_who_could(occitanie: Region) -> None:
    trainers = {trainer.id: trainer for trainer in occitanie.data.trainers}
    relays = {partner.id: partner for partner in occitanie.data.partners}
    freeze = occitanie.data.calendar.blackouts[0]
    for session in occitanie.data.sessions:
        trainer, relay = trainers[session.trainer or ""], relays[session.partner or ""]
        assert any(
            e.session == session.session and (not session.axis or not e.axes or session.axis in e.axes)
            for e in trainer.expertise
        )
        assert register.distance_km(trainer.home, session.host) <= trainer.reach_km
        assert session.date not in trainer.taken
        assert occitanie.departement[session.host] in relay.departements
        assert not relay.carries or session.session in relay.carries
        assert not freeze.start <= session.date <= freeze.end
        assert session.date.weekday() < 5
        year = [s for s in occitanie.data.sessions if s.partner == relay.id and 0 <= (session.date - s.date).days < 365]
        assert len(year) <= (relay.sessions_a_year or 0)


def test_workshops_have_10_to_20_people_and_what_is_booked_has_none_yet(occitanie: Region) -> None:
    workshops = {workshop.id for workshop in occitanie.workshops}
    booked = [session for session in occitanie.data.sessions if session.date >= ON]
    assert 3 <= len(booked) <= 8
    for session in occitanie.data.sessions:
        people = sum((a.elected or 0) + (a.technicians or 0) for a in occitanie.people[session.id])
        if session in booked:
            assert people == 0
            assert session.booked_on is not None
            assert session.booked_on < ON
        else:
            assert 10 <= people <= (20 if session.id in workshops else 60)
    assert max(need.date for need in occitanie.data.needs) < ON


def test_only_what_the_new_councils_attended_counts(programme: Programme, occitanie: Region) -> None:
    attended = {(territory, session) for territory, session, day in occitanie.came if RENEWED < day <= ON}
    before = {(territory, session) for territory, session, day in occitanie.came if day < RENEWED}
    recs = programme.recommend(ON, top=len(programme.catalogue.sessions))
    offered = {(rec.territory, offer.session) for rec in recs for offer in rec.alternatives}
    offered |= {(rec.territory, rec.next.session) for rec in recs if rec.next}
    assert offered.isdisjoint(attended)
    assert offered & before


def test_the_day_has_answers_of_every_kind(programme: Programme, recs: Recommendations) -> None:
    assert recs.policy is programme.policy
    assert programme.policy.id == "occitanie_2026"
    first = Counter(rec.session for rec in recs if rec.next)
    assert len(first) >= 11
    assert max(first.values()) < 0.26 * len(recs)
    assert {rec.partner[:3] for rec in recs if rec.partner} == {"adm", "cdg", "dep", "num", "epc"}
    homes = {territory.id: territory.departement for territory in programme.territories}
    covered = {partner.id: partner.departements for partner in programme.partners}
    for rec in recs:
        if rec.host and rec.partner:
            assert homes[rec.host] in covered[rec.partner]
            assert rec.trainer in {trainer.id for trainer in programme.trainers}


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_that_is_said_is_of_another_time(recs: Recommendations, lang: str) -> None:
    rec = max((rec for rec in recs if rec.next), key=lambda rec: (rec.next.score if rec.next else 0, rec.territory))
    said = [
        str(rec.why(lang)),  # type: ignore[arg-type]
        rec.why_not(session="buffet_ia").text(lang),  # type: ignore[arg-type]
        str(rec.notice(lang)),  # type: ignore[arg-type]
        rec.html(lang),  # type: ignore[arg-type]
    ]
    assert not [OF_THE_FIRST.findall(text) for text in said if OF_THE_FIRST.search(text)]


def test_needs_are_read_with_its_own_lexicon(programme: Programme) -> None:
    needs = programme.needs.to_polars()
    found = programme.classify(needs["text"])
    assert set(found["workshop"].drop_nulls()) == {workshop.id for workshop in programme.catalogue.workshops}
    assert found["workshop"].null_count() / needs.height < 0.1
    assert programme.classify("Refaire le site internet")["workshop"].item() == "presence_en_ligne"
    stated = needs.with_columns(read=found["workshop"]).drop_nulls(["workshop", "read"])
    assert stated.height > 30
    assert (stated["read"] == stated["workshop"]).sum() / stated.height > 0.95


def test_it_plans_and_simulates(programme: Programme) -> None:
    few = programme.plan(dt.date(2027, 1, 4), dt.date(2027, 1, 8), on=ON, budget=10_000, time_limit=0)
    assert few.sessions.height > 0
    assert few.check().height == 0
    outcomes = programme.simulate(Scenario(name="now"), dt.date(2027, 1, 4), dt.date(2027, 1, 31), replications=1)
    assert outcomes.replications == 1


def test_it_is_saved_with_its_lexicon_and_policy(programme: Programme, tmp_path: Path) -> None:
    programme.save(tmp_path / "mine")
    again = Programme.load(tmp_path / "mine")
    assert again == programme
    assert again.policy.rows == programme.policy.rows


def test_the_script_gives_the_same_bytes_again(tmp_path: Path) -> None:
    pytest.importorskip("tomli_w", reason="saving needs the extra io")
    subprocess.run(
        [sys.executable, str(SCRIPT), "occitanie_2026", "--out", str(tmp_path / "same")],
        check=True,
        capture_output=True,
    )
    made = {path.name for path in (tmp_path / "same").iterdir()}
    by_hand = {"README.md", "lexique.toml", "politique.toml"}
    assert made == {path.name for path in FOLDER.iterdir()} - by_hand
    for name in made:
        assert (tmp_path / "same" / name).read_bytes() == (FOLDER / name).read_bytes(), name


def test_the_page_tells_the_figures(programme: Programme, occitanie: Region, recs: Recommendations) -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "occitanie_2026.md").read_text("utf-8")
    catalogue, sessions = programme.catalogue, occitanie.data.sessions
    communes = sum(collectivity.kind == "commune" for collectivity in programme.collectivities)
    read = programme.classify(programme.needs.to_polars()["text"])["workshop"].is_not_null().sum()
    for said in (
        f"{len(programme.territories)} territories",
        f"{communes:,} communes",
        f"{len(catalogue.buffets)} buffets, {len(catalogue.workshops)} workshops",
        f"with {sum(len(workshop.axes) for workshop in catalogue.workshops)} axes",
        f"{sum(len(session.modules) for session in catalogue.sessions)} modules",
        f"{len(programme.partners)} relays",
        f"{len(programme.trainers)} trainers",
        f"{len(sessions)} sessions",
        f"{sum(session.date < RENEWED for session in sessions)} before the elections",
        f"{sum(RENEWED < session.date < ON for session in sessions)} after",
        f"{sum(session.date >= ON for session in sessions)} booked",
        f"{len(programme.attendances):,} attendances",
        f"{len(programme.needs)} needs",
        f"the lexicon classifies {read}",
        f"all {sum(rec.next is not None for rec in recs)} territories have a recommendation",
        f"{len({rec.session for rec in recs})} of the {len(catalogue.sessions)} sessions come first",
    ):
        assert said in page, said
