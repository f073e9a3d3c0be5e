"""The brief of a session: what is prepared for its half-day, for whom, what they said, and what the relay does."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from made import FREEZE, ON, SMALL, both, programme, small
from prai_match import PraiError, Programme, UnknownCodeError
from prai_match.testing import need_texts, programmes
from schemas import wrong
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from goldens import Golden
    from prai_match import Recommendations
    from prai_match.errors import Lang
    from prai_match.explain import Brief

DAYS = st.dates(dt.date(2007, 1, 1), dt.date(2008, 12, 31))
REGIONS = {"midi_pyrenees": dt.date(2007, 9, 3), "occitanie_2026": dt.date(2026, 10, 5)}
WORDS = "Refaire le site, voir avec M. Durand au 05 61 00 00 00"


@cache
def region(name: str) -> Recommendations:
    return Programme.example(name).recommend(on=REGIONS[name])


def modules(*parts: tuple[str, int, str | None], material: str | None = None) -> list[dict[str, Any]]:
    own = {"material": None if material is None else both(material)}
    return [{"title": both(title), "minutes": minutes, "axis": axis, **own} for title, minutes, axis in parts]


def taught(*parts: tuple[str, int, str | None], minutes: int = 180, **changes: Any) -> Programme:
    """The small programme whose workshop on sites has modules."""
    catalogue = small()["catalogue"]
    catalogue["workshops"][0] |= {"minutes": minutes, "modules": modules(*parts, material="Des postes")}
    return programme(catalogue=catalogue, **changes)


def asked(**need: Any) -> list[dict[str, Any]]:
    return [{"collectivity": "09001", "date": "2007-05-02", "people": 6, "workshop": "site_internet", **need}]


def every(recs: Recommendations) -> Iterator[tuple[str | None, str]]:
    """The sessions that are held together, then the territories that are offered one."""
    yield from ((code, "") for code in recs.together().sessions["id"])
    yield from ((None, rec.territory) for rec in recs if rec.next)


def briefs(recs: Recommendations, lang: Lang, *, public: bool = False, step: int = 1) -> list[Brief]:
    season = recs.together()
    return [
        recs[territory].brief(lang, public=public) if code is None else season.brief(code, lang, public=public)
        for code, territory in [*every(recs)][::step]
    ]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    ("name", "territory", "session"),
    [
        ("midi_pyrenees", "200066231", "2007-09-20-09"),
        ("midi_pyrenees", "200034064", "2007-09-buffet_demat-200066371"),
        ("occitanie_2026", "243200417", "2026-10-06-11"),
        ("occitanie_2026", "200034023", "2026-10-13-48"),
    ],
)
def test_briefs_are_those_that_were_read_and_approved(
    golden: Golden, name: str, territory: str, session: str, lang: Lang
) -> None:
    recs = region(name)
    golden(f"brief_{name}_{territory}_{lang}.txt", recs[territory].brief(lang).text())
    golden(f"brief_{name}_{session}_{lang}.txt", recs.together().brief(session, lang).text())


def test_modules_are_those_of_the_core_then_of_the_axes_of_who_comes_as_far_as_there_is_time() -> None:
    needs = [
        *asked(axis="refonte"),
        {"collectivity": "09003", "date": "2007-06-01", "workshop": "site_internet", "axis": "creation", "people": 9},
    ]
    parts = (
        ("Créer", 40, "creation"), ("Le projet", 60, None), ("Refondre", 50, "refonte"), ("Migrer", 10, "refonte"),
        ("La loi", 30, None),
    )  # fmt: skip
    brief = taught(*parts, minutes=150, needs=needs, attendances=[]).recommend(ON)["T1"].brief("fr")
    assert [(module.title, module.start, module.people) for module in brief.modules] == [
        ("Le projet", 0, 15),
        ("La loi", 60, 15),
        ("Créer", 90, 9),
    ]
    assert [(module.title, module.start, module.axis) for module in brief.later] == [
        ("Refondre", None, "refonte"),
        ("Migrer", None, "refonte"),
    ]
    assert brief.axes == ("creation", "refonte")
    text = brief.text()
    assert "Horaire : 1\xa0h\xa030\xa0– 2\xa0h\xa010" in text
    assert "Temps restant pour le cas de chaque collectivité : 20\N{NO-BREAK SPACE}min." in text
    assert (
        "À traiter après la session, faute de temps : Refondre (axe « refonte », 50\N{NO-BREAK SPACE}min) ; Migrer"
        in text
    )


def test_an_axis_that_nobody_wants_has_no_place() -> None:
    brief = taught(("Le projet", 60, None), ("Créer", 40, "creation"), needs=asked(people=15)).recommend(ON)["T1"]
    assert [module.title for module in brief.brief().modules] == ["Le projet"]
    assert brief.brief().axes == ()


def test_a_session_without_modules_says_that_its_programme_is_to_be_made() -> None:
    brief = programme(needs=asked(people=15)).recommend(ON)["T1"].brief("en")
    assert (brief.modules, brief.later) == ((), ())
    assert "The catalogue describes no module of this session" in brief.text()


def test_the_axis_for_which_a_session_is_booked_comes_first() -> None:
    booked = {
        "id": "b1", "session": "site_internet", "axis": "creation", "date": "2007-10-02", "booked_on": "2007-08-20",
        "host": "T2", "partner": "adm09", "trainer": "web", "cost": "600",
    }  # fmt: skip
    made = taught(
        ("Créer", 40, "creation"),
        ("Refondre", 50, "refonte"),
        needs=asked(axis="refonte"),
        sessions=[*SMALL["sessions"], booked],
        registrations=[{"session": "b1", "collectivity": "09003", "people": 4}],
    )
    brief = made.recommend(ON).together().brief("b1", "fr")
    assert [(module.title, module.people) for module in brief.modules] == [("Créer", 0), ("Refondre", 6)]
    assert "axe « creation », déjà prévu" in brief.text()
    assert [(guest.territory, guest.state, guest.people, guest.elected) for guest in brief.guests] == [
        ("T2", "registered", 4, None),
        ("T1", "planned", 6, 4),
    ]
    assert (brief.day, brief.booked, brief.cost, brief.id) == (dt.date(2007, 10, 2), True, Decimal("600.00"), "b1")


def test_needs_are_quoted_with_who_said_them_and_persons_are_masked() -> None:
    made = programme(needs=asked(text=WORDS, axis="refonte", people=15))
    text = made.recommend(ON)["T1"].brief("fr").text()
    assert (
        "Sur « refonte » :\n\n- « Refaire le site, voir avec M. [nom] au [téléphone] » – Commune 1, le 2 mai 2007"
        in text
    )
    public = made.recommend(ON)["T1"].brief("fr", public=True)
    assert public.needs[0].words == ""
    assert "- Commune 1, le 2 mai 2007\n" in public.text()
    assert "Refaire" not in public.page() + json.dumps(public.to_json())


def test_a_need_of_the_council_before_is_said_to_be_confirmed() -> None:
    on = dt.date(2008, 6, 2)
    made = programme(needs=[*asked(text="Un site", people=15), *asked(text="Autre", date="2008-05-20", people=15)])
    needs = made.recommend(on)["T1"].brief("en").needs
    assert [(need.words, need.state) for need in needs] == [("Autre", "open"), ("Un site", "to_confirm")]
    assert "“Un site” – Commune 1, 2 May 2007 (to be confirmed" in made.recommend(on)["T1"].brief("en").text()


def test_a_need_that_the_new_council_confirmed_says_when() -> None:
    on, said = dt.date(2008, 6, 2), {"date": "2008-04-07", "event": "confirmed", "collectivity": "09001"}
    brief = programme(needs=asked(text="Un site", people=15), decisions=[said]).recommend(on)["T1"].brief("fr")
    assert [(need.state, need.since) for need in brief.needs] == [("open", dt.date(2008, 4, 7))]
    assert "« Un site » – Commune 1, le 2 mai 2007, confirmé le 7 avril 2008" in brief.text()


def test_of_a_buffet_the_needs_are_those_that_it_leads_to() -> None:
    needs = asked(text="Un site", people=None) + asked(text="Une carte", workshop="sig", people=None)
    rec = programme(needs=needs, attendances=[], sessions=[]).recommend(ON)["T1"]
    assert rec.session == "b_geo"
    assert [(need.subject, need.words) for need in rec.brief("en").needs] == [("SIG", "Une carte")]


def test_who_is_missing_of_the_pair_is_to_be_invited() -> None:
    came = [{**SMALL["attendances"][0], "collectivity": code, "elected": 2, "technicians": 0} for code in ("09003",)]
    made = programme(attendances=came, needs=[*asked(), *asked(collectivity="09003")])
    brief = made.recommend(ON)["T1"].brief("en")
    assert {guest.territory: guest.missing for guest in brief.guests} == {"T1": "both", "T2": "technician"}
    assert "invite the town clerk, the chief executive or the officer in charge: Territoire 2." in brief.text()
    assert "invite an elected official and a technician together: Territoire 1." in brief.text()


def test_those_around_who_could_come_are_named_as_far_as_there_are_seats() -> None:
    needs = [*asked(people=12), *asked(collectivity="09003", people=6), *asked(collectivity="09005", people=6)]
    brief = programme(needs=needs, attendances=[]).recommend(ON)["T1"].brief("en")
    assert [(guest.territory, guest.state, guest.people) for guest in brief.guests] == [
        ("T1", "asked", 12),
        ("T2", "could_come", 6),
    ]
    assert brief.guests[1].km == pytest.approx(22.2)
    assert "Total: 18 people, for 10 to 20 seats." in brief.text()


def test_sessions_held_nearby_are_told_by_organisations_and_never_by_who_led_them() -> None:
    held = {**SMALL["sessions"][0], "session": "site_internet"}
    came = [
        {**SMALL["attendances"][0], "session": "site_internet", "collectivity": code, "rating": rating}
        for code, rating in (("09005", 3.0), ("09006", 4.0))
    ]
    far = {**held, "id": "h2", "date": "2007-11-05", "booked_on": "2007-08-01"}
    brief = programme(sessions=[held, far], attendances=came).recommend(ON)["T1"].brief("en")
    (past,) = brief.past
    assert (past.place, past.km, past.people, past.rating) == (brief.host, 0, 12, 3.5)
    assert past.organisations == ("ADM de l'Ariège", "Agence web")
    assert "Formatrice" not in brief.text().partition("4. ")[2]


def test_what_the_relay_prepares_has_the_days_of_the_settings() -> None:
    made = taught(("Le projet", 60, None), needs=asked(people=15), notice_days=30, join_notice_days=10)
    rec = made.recommend(ON)["T1"]
    brief = rec.brief("en")
    assert brief.day is not None
    assert [task.by for task in brief.tasks] == [brief.day - dt.timedelta(days=days) for days in (30, 30, 10, 10, 0)]
    assert "gather the material: Des postes." in brief.text()
    soon = "Sans attendre : envoyer les invitations"
    assert soon in made.recommend(brief.day - dt.timedelta(days=30))["T1"].brief("fr").text()


def test_a_plan_without_a_date_or_actors_has_a_brief() -> None:
    season = programme().recommend(ON).together()
    rows = season.sessions.with_columns(date=pl.lit(None, pl.Date), partner=pl.lit(None, pl.String))
    brief = season.with_sessions(rows).brief(season.sessions["id"][0], "en")
    assert (brief.day, brief.partner) == (None, "not named")
    assert brief.document.title.endswith("date to be set")
    assert "At least 21 days before the session: send the invitations" in brief.text()


def test_what_isnt_known_is_refused() -> None:
    season = programme().recommend(ON).together()
    with pytest.raises(UnknownCodeError, match="unknown session of the plan: 'x'"):
        season.brief("x")
    for column in ("session", "host"):
        odd = season.with_sessions(season.sessions.with_columns(pl.lit("x").alias(column)))
        with pytest.raises(UnknownCodeError, match=r"unknown (session|territory): 'x'"):
            odd.brief(season.sessions["id"][0])
    nothing = programme().recommend(FREEZE)["T1"]
    with pytest.raises(PraiError, match="Territoire 1: no session can be offered"):
        nothing.brief()


def test_long_lists_are_cut_on_paper_and_whole_as_data() -> None:
    needs = [row for day in range(1, 21) for row in asked(date=f"2007-05-{day:02}", text=f"{day} {'site ' * 100}")]
    brief = programme(needs=needs, attendances=[]).recommend(ON)["T1"].brief("en")
    assert len(brief.needs) == 20
    text = brief.text()
    assert "And 10 more needs." in text
    assert max(map(len, text.splitlines())) < 300


def test_the_page_is_whole_and_loads_nothing() -> None:
    brief = region("midi_pyrenees")["200066231"].brief("fr")
    page = brief.page()
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">')
    assert brief.html(1) in page
    assert "size: A4" in page
    assert "src=" not in page
    assert "href=" not in page
    assert brief.html() in brief._repr_html_()
    assert str(brief) == brief.text()


@pytest.mark.parametrize("name", REGIONS)
def test_briefs_of_both_regions_keep_their_half_day_and_quote_needs_that_wait(name: str) -> None:
    recs = region(name)
    for brief in (*briefs(recs, "fr", step=9), *briefs(recs, "en", step=10)):
        holds(recs, brief)
        assert brief.modules


@examples(20)
@given(programmes(texts=need_texts()), DAYS, st.sampled_from(["fr", "en"]))
def test_briefs_of_drawn_programmes_keep_the_laws(made: Programme, on: dt.date, lang: Lang) -> None:
    recs = made.recommend(on)
    words = {text for text in made.needs.to_polars()["text"] if text}
    for brief, public in zip(briefs(recs, lang), briefs(recs, lang, public=True), strict=True):
        holds(recs, brief)
        assert all(need.words == "" for need in public.needs)
        said = public.text() + public.html() + json.dumps(public.to_json(), ensure_ascii=False)
        assert not any(text in said for text in words)
        assert [need.day for need in public.needs] == [need.day for need in brief.needs]


def holds(recs: Recommendations, brief: Brief) -> None:
    """What is true of every brief."""
    assert sum(module.minutes for module in brief.modules) <= brief.minutes
    clock = 0
    for module in brief.modules:
        assert module.start == clock
        clock += module.minutes
    prog = recs.programme
    names = {each.code: each.name for each in prog.collectivities}
    known = prog.needs_on(recs.on).filter(pl.col("state").is_in(["open", "to_confirm"]))
    waiting = {(names[code], day, state) for code, day, state in known["collectivity", "date", "state"].iter_rows()}
    assert {(need.collectivity, need.day, need.state) for need in brief.needs} <= waiting
    assert len({guest.territory for guest in brief.guests}) == len(brief.guests)
    assert all(held.day <= recs.on and held.km <= prog.travel_km for held in brief.past)
    assert all(task.by is not None and task.by <= (brief.day or task.by) for task in brief.tasks)
    assert wrong("brief", brief.to_json()) == []
    assert brief.document.title in brief.text()


@examples(20)
@given(programmes(texts=need_texts()), DAYS, st.randoms())
def test_the_order_of_rows_changes_nothing(made: Programme, on: dt.date, random: Any) -> None:
    fields = ("needs", "sessions", "attendances", "registrations", "decisions", "territories", "collectivities")
    rows = made.model_dump(include=set(fields))
    mixed = made.model_copy(update={name: random.sample(some, len(some)) for name, some in rows.items()})
    one, other = made.recommend(on), mixed.recommend(on)
    assert [brief.to_json() for brief in briefs(one, "fr")] == [brief.to_json() for brief in briefs(other, "fr")]
