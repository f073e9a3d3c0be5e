"""A programme is refused with all of its problems at once, each with its place."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from made import both, programme, small
from prai_match import Programme, ProgrammeError, model
from prai_match.explain import Changes
from prai_match.model import Period, ProgrammeData
from prai_match.simulate import Behaviour, Scenario


def problems(data: dict[str, Any]) -> list[str]:
    with pytest.raises(ProgrammeError) as caught:
        Programme.model_validate(data)
    assert all(problem.expected_fr for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


def changed(path: str, value: object) -> dict[str, Any]:
    """The small programme with the value at ``path`` (``needs.0.date``) replaced."""
    data = small()
    place: Any = data
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    for part in parents:
        place = place[part]
    place[last] = value
    return data


def added(field: str, *rows: dict[str, Any]) -> dict[str, Any]:
    data = small()
    data[field] = [*data[field], *rows]
    return data


def module(minutes: int, axis: str | None = None) -> dict[str, Any]:
    return {"title": both("module"), "minutes": minutes, "axis": axis}


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("needs.0.collectivity", "99999", "needs[1].collectivity: '99999' is not a known collectivity of a territory"),
        ("needs.0.workshop", "site_internt", "needs[1].workshop: 'site_internt' is not a known workshop; did you mean site_internet"),
        ("needs.0.workshop", "b_web", "needs[1].workshop: 'b_web' is not a known workshop"),
        ("needs.0.axis", "refont", "needs[1].axis: 'refont' is not a known axis of site_internet; did you mean refonte"),
        ("needs.0.workshop", None, "needs[1].axis: found 'refonte', expected a workshop stated with the axis"),
        ("needs.0.date", "03/09/2007", "needs[1].date: '03/09/2007' is not a valid date"),
        ("needs.0.people", 0, "needs[1].people: found 0, expected a value of at least 1"),
        ("needs.0.channel", "pigeon", "needs[1].channel: 'pigeon' is not a known channel: one of buffet, mail"),
        ("attendances.0.session", "b_wbe", "attendances[1].session: 'b_wbe' is not a known session; did you mean b_web"),
        ("attendances.0.collectivity", "x", "attendances[1].collectivity: 'x' is not a known collectivity"),
        ("attendances.0.held", "h9", "attendances[1].held: 'h9' is not a known held or booked session"),
        ("attendances.0.date", "2007-03-02", "attendances[1].held: found 'b_web' on 2007-03-02, expected 'b_web' on 2007-03-01, as session 'h1' says"),
        ("attendances.0.rating", 5, "attendances[1].rating: found 5, expected a value of at most 4"),
        ("attendances.0.elected", -1, "attendances[1].elected: found -1, expected a value of at least 0"),
        ("sessions.0.session", "b_xyz", "sessions[1].session: 'b_xyz' is not a known session"),
        ("sessions.0.host", "T9", "sessions[1].host: 'T9' is not a known territory"),
        ("sessions.0.partner", "adm", "sessions[1].partner: 'adm' is not a known relay partner; did you mean adm09"),
        ("sessions.0.trainer", "webb", "sessions[1].trainer: 'webb' is not a known trainer; did you mean web"),
        ("sessions.0.axis", "creation", "sessions[1].axis: 'creation' is not a known axis of b_web"),
        ("sessions.0.cost", "-3", "sessions[1].cost: found '-3'"),
        ("partners.0.carries", ["sigg"], "partners[1].carries[1]: 'sigg' is not a known session; did you mean sig"),
        ("partners.0.departements", ["9"], "partners[1].departements[1]: found '9', expected a code"),
        ("partners.0.kind", "adn", "partners[1].kind: 'adn' is not a known kind of relay partner; did you mean adm?"),
        ("partners.0.hosted", [{"departement": "09", "sessions": 1}] * 2, "partners[1].hosted[2].departement: found '09', expected a value used only once"),
        ("trainers.0.expertise.0.session", "b_wen", "trainers[1].expertise[1].session: 'b_wen' is not a known session"),
        ("trainers.0.expertise.1.axes", ["creatoin"], "trainers[1].expertise[2].axes[1]: 'creatoin' is not a known axis of site_internet; did you mean creation"),
        ("trainers.0.expertise.1.session", "b_web", "trainers[1].expertise[2].session: found 'b_web', expected a value used only once (it is already used in trainers[1].expertise[1])"),
        ("trainers.0.free", [{"start": "2007-02-01", "end": "2007-01-01"}], "trainers[1].free[1].end: found 2007-01-01, expected a day on or after 2007-02-01"),
        ("trainers.0.latitude", 100, "trainers[1].latitude: found 100"),
        ("trainers.0.id", "geo", "trainers[2].id: found 'geo', expected a value used only once (it is already used in trainers[1])"),
        ("partners.1.id", "adm09", "partners[2].id: found 'adm09', expected a value used only once"),
        ("territories.1.id", "T1", "territories[2].id: found 'T1', expected a value used only once"),
        ("territories.0.members", [], "territories[1].members: found [], expected"),
        ("territories.0.members", ["09009"], "territories[1].members[1]: '09009' is not a known collectivity"),
        ("territories.0.members", ["09003"], "territories[2].members[1]: found '09003', expected a collectivity of one territory only (it is already in 'T1')"),
        ("territories.0.surname", "x", "territories[1].surname: found 'x', expected another name: there is no such field"),
        ("collectivities.1.code", "09001", "collectivities[2].code: found '09001', expected a value used only once"),
        ("catalogue.buffets.0.themes", ["wbe"], "catalogue.buffets[1].themes[1]: 'wbe' is not a known theme; did you mean web"),
        ("catalogue.workshops.0.theme", "geoo", "catalogue.workshops[1].theme: 'geoo' is not a known theme; did you mean geo"),
        ("catalogue.workshops.0.id", "b_web", "catalogue.workshops[1].id: found 'b_web', expected an id that is not that of a buffet"),
        ("catalogue.workshops.0.scope", {"covers": [both("x"), both(" ")]}, "catalogue.workshops[1].scope.covers[2].fr: found ' ', expected"),
        ("catalogue.workshops.0.scope", {"excludes": [{"fr": "x"}]}, "catalogue.workshops[1].scope.excludes[1].en: found nothing, expected"),
        ("catalogue.workshops.0.scope", {"covers": "x"}, "catalogue.workshops[1].scope.covers: 'x' is not"),
        ("catalogue.workshops.0.scope", {"cover": []}, "catalogue.workshops[1].scope.cover: found [], expected another name"),
        ("catalogue.buffets.0.scope", {}, "catalogue.buffets[1].scope: found {}, expected another name"),
        ("catalogue.workshops.0.kind", "buffet", "catalogue.workshops[1].kind: 'buffet' is not a known kind of session: one of workshop"),
        ("catalogue.kinds", [{"of": "partners", "id": "adm", "name": both("adm")}], "catalogue.kinds[1].id: found 'adm', expected an id that is not that of a bundled kind"),
        ("catalogue.kinds", [{"of": "buffets", "id": "workshop", "name": both("x")}], "catalogue.kinds[1].id: found 'workshop', expected an id that is not that of a bundled kind"),
        ("catalogue.kinds", [{"of": of, "id": "visit_on_site", "name": both("x")} for of in ("buffets", "workshops")], "catalogue.kinds[2].id: found ('sessions', 'visit_on_site'), expected a value used only once"),
        ("catalogue.workshops.0.max_seats", 9, "catalogue.workshops[1]: found"),
        ("catalogue.workshops.1.id", "site_internet", "catalogue.workshops[2].id: found 'site_internet', expected a value used only once"),
        ("catalogue.workshops.0.axes", [{"id": "a", "name": both("a")}] * 2, "catalogue.workshops[1].axes[2].id: found 'a', expected a value used only once"),
        ("catalogue.workshops.0.modules", [module(60), module(20, "refont")], "catalogue.workshops[1].modules[2].axis: 'refont' is not a known axis of site_internet; did you mean refonte"),
        ("catalogue.buffets.0.modules", [module(60, "refonte")], "catalogue.buffets[1].modules[1].axis: found 'refonte', expected no axis: a buffet has no axes"),
        ("catalogue.buffets.0.modules", [module(100), module(81)], "catalogue.buffets[1].modules: found 181 min of common core, expected at most 180 min"),
        ("catalogue.workshops.0.modules", [module(0)], "catalogue.workshops[1].modules[1].minutes: found 0, expected a value of at least 1"),
        ("catalogue.workshops.0.minutes", 481, "catalogue.workshops[1].minutes: found 481, expected a value of at most 480"),
        ("catalogue.themes.1.id", "web", "catalogue.themes[2].id: found 'web', expected a value used only once"),
        ("catalogue.follow_ups.0.target", "site", "catalogue.follow_ups[1].target: 'site' is not a known session"),
        ("catalogue.follow_ups.0.target", "b_web", "catalogue.follow_ups[1].target: found 'b_web', expected a session other than the source"),
        ("catalogue.follow_ups.1.target", "site_internet", "catalogue.follow_ups[2].target: found ('b_web', 'site_internet'), expected a value used only once"),
        ("catalogue.follow_ups.0.prior", 1, "catalogue.follow_ups[1].prior: found 1, expected a value below 1"),
        ("calendar.blackouts.0.end", "2008-01-01", "calendar.blackouts[1].end: found 2008-01-01, expected a day on or after 2008-02-01"),
        ("period.end", "2006-01-01", "period.end: found 2006-01-01, expected a day on or after 2006-09-01"),
        ("budget.total", "-1", "budget.total: found '-1'"),
        ("pace", {"team": {"per_day": 0}}, "pace.team.per_day: found 0, expected a value of at least 1"),
        ("pace", {"relay": {"per_year": 6}}, "pace.relay.per_year: found 6, expected another name: there is no such field"),
        ("name", "PRAI", "name: 'PRAI' is not a set of fields (Text)"),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_place(path: str, value: object, said: str) -> None:
    found = problems(changed(path, value))
    assert any(problem.startswith(said) for problem in found), found


def test_the_common_core_fits_with_each_axis_but_not_with_all() -> None:
    """An axis that is unknown is said to be so, and not that it takes too long."""
    fits = [module(100), module(80, "refonte"), module(80, "creation")]
    assert Programme.model_validate(changed("catalogue.workshops.0.modules", fits))

    over = [*fits, module(1, "creation"), module(200, "refont")]
    unknown, creation = problems(changed("catalogue.workshops.0.modules", over))
    assert unknown.startswith("catalogue.workshops[1].modules[5].axis: 'refont' is not")
    assert creation.startswith("catalogue.workshops[1].modules: found 181 min for the common core and axis 'creation'")


def test_a_core_that_is_too_long_is_told_once() -> None:
    (problem,) = problems(changed("catalogue.workshops.0.modules", [module(181), module(80, "refonte")]))
    assert problem.startswith("catalogue.workshops[1].modules: found 181 min of common core")


def test_a_need_says_something() -> None:
    need = {"collectivity": "09001", "date": "2007-01-01", "text": "  "}
    assert problems(added("needs", need)) == ["needs[4].text: found nothing, expected a text or a workshop"]


def test_an_attendance_has_someone() -> None:
    row = {"collectivity": "09001", "session": "b_web", "date": "2007-01-01", "elected": 0, "technicians": 0}
    (problem,) = problems(added("attendances", row))
    assert problem == "attendances[2].elected: found nobody, expected at least one elected official or technician"


@pytest.mark.parametrize("numbers", [{}, {"elected": 0}, {"technicians": 0}, {"elected": None, "technicians": None}])
def test_of_an_attendance_it_may_be_unknown_how_many_came(numbers: dict[str, int | None]) -> None:
    row = {"collectivity": "09001", "session": "b_web", "date": "2007-01-01", **numbers}
    came = ProgrammeData.model_validate(added("attendances", row)).attendances[-1]
    assert None in {came.elected, came.technicians}


def test_a_catalogue_offers_something() -> None:
    data = {**small(), "catalogue": {"themes": []}, "needs": [], "attendances": [], "sessions": [], "trainers": []}
    assert problems(data) == ["catalogue: found no session, expected at least one buffet or workshop"]


def test_bad_rows_and_contradictions_of_good_rows_are_reported_together() -> None:
    data = small()
    data["needs"].insert(0, {"collectivity": "09001", "date": "never", "workshop": "sig"})
    data["needs"].append({"collectivity": "09001", "date": "2007-01-01", "workshop": "sigg"})
    data["attendances"].append({"session": "b_web"})
    found = problems(data)
    assert [problem.split(":")[0] for problem in found] == [
        "needs[1].date", "attendances[2].collectivity", "attendances[2].date", "needs[5].workshop",
    ]  # fmt: skip


def test_what_a_bad_row_defines_is_not_reported_as_unknown() -> None:
    data = changed("trainers.0.latitude", "north")
    assert [problem.split(":")[0] for problem in problems(data)] == ["trainers[1].latitude"]


def test_something_that_is_no_programme_at_all() -> None:
    assert problems([]) == ["programme: [] is not a set of fields (Programme)"]  # type: ignore[arg-type]
    assert "name: found nothing, expected a value: the field is required" in problems({})
    assert any(problem.startswith("trainers: 3 is not a list") for problem in problems({**small(), "trainers": 3}))
    assert any(
        problem.startswith("trainers[1]: 3 is not a set of fields")
        for problem in problems({**small(), "trainers": [3]})
    )


def test_the_error_keeps_its_problems_across_processes() -> None:
    with pytest.raises(ProgrammeError) as caught:
        Programme.model_validate({})
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert copy.problems == caught.value.problems


def test_a_programme_does_not_change_in_place() -> None:
    made = programme()
    with pytest.raises(Exception, match="frozen"):
        made.travel_km = 3
    assert made == programme()
    assert made != programme(travel_km=61)


def test_every_field_of_a_model_is_described_in_french_and_english() -> None:
    public = [found for found in vars(model).values() if isinstance(found, type) and issubclass(found, model.Model)]
    models: list[type[model.Model]] = [*public, Changes, Behaviour, Scenario]
    for found in models:
        texts = model.descriptions(found)
        assert texts.keys() == found.model_fields.keys(), found.__name__
        assert all(text.strip() for both in texts.values() for text in both.values())


def test_the_schema_of_a_programme_has_the_descriptions() -> None:
    needs = ProgrammeData.model_json_schema()["$defs"]["Need"]["properties"]["date"]
    assert (needs["description"], needs["description_fr"]) == ("Day", "Date")


def test_a_field_that_others_add_has_no_description() -> None:
    class Own(model.Need):
        urgent: bool = False

    assert "urgent" not in model.descriptions(Own)
    assert "description" not in Own.model_json_schema()["properties"]["urgent"]


def test_dates_of_elections() -> None:
    calendar = programme().calendar
    election = calendar.elections[0].date
    assert calendar.renewed_before(election) is None
    assert calendar.renewed_before(Period(start="2008-03-17", end="2008-03-17").start) == election  # type: ignore[arg-type]
