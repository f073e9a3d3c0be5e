"""A plan in calendars, spreadsheets and notebooks: what others read there is what was planned."""

from __future__ import annotations

import datetime as dt
import inspect
import re
import sys
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import python_calamine
import vobject
from hypothesis import given, strategies as st

from _french import spaced
from hostile import hostile_programme
from markup import OURS, OWN, Markup
from plan import plans
from prai_match import Programme
from prai_match.errors import PraiError, UnknownCodeError
from prai_match.plan import CONDITIONS, Weights, plan, replan
from prai_match.text import messages, plain
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.plan import Plan

PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "planning.md"
MOVED = dt.date(2007, 11, 15)


@pytest.fixture(scope="module")
def made() -> Plan:
    return _planned()


@pytest.fixture(scope="module")
def moved(made: Plan) -> Plan:
    """The plan with its workshop on sites on another day, and without its buffet."""
    rows = made.sessions.filter(pl.col("session") != "b_geo")
    return made.with_sessions(
        rows.with_columns(date=pl.when(session="site_internet").then(pl.lit(MOVED)).otherwise("date")),
        made.seats.filter(pl.col("session").is_in(rows["id"].implode())),
    )


@pytest.fixture(scope="module")
def hostile() -> Plan:
    return hostile_programme().plan(plans.START, plans.END, time_limit=0)


@cache
def _planned() -> Plan:
    return plans.planned(gap=0)


def events(data: bytes) -> dict[str, Any]:
    """The events of a calendar as another library reads them, by summary."""
    return {event.summary.value: event for event in vobject.readOne(data.decode()).vevent_list}


# The front door


def test_a_programme_plans_as_the_function_does(made: Plan) -> None:
    own, function = ([*inspect.signature(one).parameters.values()][1:] for one in (Programme.plan, plan))
    assert [(each.name, each.kind, each.default) for each in own] == [
        (each.name, each.kind, each.default) for each in function
    ]
    asked: dict[str, Any] = {
        "budget": 700,
        "on": dt.date(2007, 9, 1),
        "weights": Weights(km=1),
        "each": 1,
        "time_limit": 0,
    }
    programme = made.inputs.programme
    assert isinstance(programme, Programme)
    by_method = programme.plan(plans.START, plans.END, **asked)
    assert by_method.sessions.equals(plan(programme, plans.START, plans.END, **asked).sessions)
    assert (by_method.weights, by_method.inputs.request.each, by_method.inputs.budget) == (Weights(km=1), 1, 700)


# Frames


@pytest.mark.french
def test_invitations_name_territories_and_tell_numbers_only(made: Plan) -> None:
    frame = made.invitations()
    assert frame.columns == [
        *("id", "date", "kind", "session", "host", "territory", "name", "departement", "axis"),
        *("elected", "technicians", "km"),
    ]
    assert (
        frame.select("id", "territory", "elected", "technicians")
        .sort(pl.all())
        .equals(made.seats.select(pl.col("session").alias("id"), "territory", "elected", "technicians").sort(pl.all()))
    )
    first = frame.filter(kind="Buffet des savoirs").row(0, named=True)
    assert (first["kind"], first["session"], first["host"], first["name"], first["departement"]) == (
        *("Buffet des savoirs", "Buffet geo", "Territoire 2", "Territoire 1", "Ariège"),
    )
    assert frame["axis"].drop_nulls().to_list() == ["refonte"]
    assert frame["date"].is_sorted()


def test_a_session_that_nobody_knows_is_in_the_frames_as_it_is(made: Plan) -> None:
    odd = made.with_sessions(
        made.sessions.with_columns(
            session=pl.lit("ceramics"), host=pl.lit("T9"), date=pl.when("booked").then(None).otherwise("date")
        )
    )
    assert set(odd.invitations()["session"]) == {"ceramics"}
    assert odd.invitations()["kind"].null_count() == odd.seats.height
    assert b"ceramics" in odd.to_icalendar()
    assert "ceramics" in odd.html()


# iCalendar


@pytest.mark.parametrize(("lang", "kind"), [("fr", "Atelier de projets : "), ("en", "Workshop: ")])
def test_another_library_reads_each_session_as_a_day(made: Plan, lang: Any, kind: str) -> None:
    read = events(made.to_icalendar(lang))
    assert len(read) == made.sessions.height
    site = read[f"{kind}Site – Territoire 1"]
    date = plans.session(made, "site_internet")["date"]
    assert (site.dtstart.value, site.dtend.value) == (date, date + dt.timedelta(days=1))
    assert (site.location.value, site.status.value) == ("Territoire 1 (Ariège)", "TENTATIVE")
    assert site.categories.value == [kind.rstrip(" :"), "Site"]
    seat = {"fr": "- Territoire 1 : 4 élus, 2 techniciens", "en": "- Territoire 1: 4 elected officials, 2 technicians"}
    assert seat[lang] in site.description.value.split("\n")
    assert read[f"{kind}Téléservices – Territoire 3"].status.value == "CONFIRMED"


def test_a_calendar_is_well_formed(made: Plan) -> None:
    data = made.to_icalendar()
    assert data == plans.planned().to_icalendar()
    lines = data.split(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    calendar = vobject.readOne(data.decode())
    calendar.validate(raiseException=True)
    assert calendar.vtimezone.tzid.value == "Europe/Paris"
    uids = [event.uid.value for event in calendar.vevent_list]
    assert len(set(uids)) == len(uids)
    assert b"method" not in data.lower()


@pytest.mark.french
def test_a_changed_plan_updates_and_cancels(made: Plan, moved: Plan) -> None:
    first = made.to_icalendar()
    before, after = events(first), events(moved.to_icalendar(previous=first))
    assert moved.to_icalendar(previous=made) == moved.to_icalendar(previous=first)
    assert {event.uid.value for event in after.values()} == {event.uid.value for event in before.values()}

    was, now = (read["Atelier de projets : Site – Territoire 1"] for read in (before, after))
    assert was.uid.value == now.uid.value
    assert (int(now.sequence.value), now.dtstart.value) == (int(was.sequence.value) + 1, MOVED)
    assert now.last_modified.value > was.last_modified.value

    gone = after["Annulée – Buffet des savoirs : Buffet geo – Territoire 2"]
    assert gone.status.value == "CANCELLED"
    assert int(gone.sequence.value) > int(before["Buffet des savoirs : Buffet geo – Territoire 2"].sequence.value)

    same = "Atelier de projets : SIG – Territoire 1"
    assert after[same].serialize() == before[same].serialize()


@pytest.mark.french
def test_what_was_cancelled_stays_so_until_it_is_planned_again(made: Plan, moved: Plan) -> None:
    second = moved.to_icalendar(previous=made)
    assert moved.to_icalendar(previous=second) == second
    back = events(made.to_icalendar(previous=second))
    buffet = back["Buffet des savoirs : Buffet geo – Territoire 2"]
    assert buffet.status.value == "TENTATIVE"
    first = events(made.to_icalendar())["Buffet des savoirs : Buffet geo – Territoire 2"]
    assert int(buffet.sequence.value) == int(first.sequence.value) + 2


def test_a_plan_made_later_has_a_higher_sequence_by_itself(made: Plan) -> None:
    later = replan(made, on=made.start + dt.timedelta(days=20), time_limit=0)
    old, new = events(made.to_icalendar()), events(later.to_icalendar())
    for name in old.keys() & new.keys():
        assert int(new[name].sequence.value) > int(old[name].sequence.value)
        assert new[name].dtstamp.value > old[name].dtstamp.value


def test_sessions_of_another_season_stay_as_they_are(made: Plan) -> None:
    spring = plans.planned(start=dt.date(2008, 6, 2), end=dt.date(2008, 7, 31))
    both = events(spring.to_icalendar(previous=made))
    assert both.keys() == events(made.to_icalendar()).keys() | events(spring.to_icalendar()).keys()
    assert not [name for name in both if name.startswith("Annulée")]


@pytest.mark.parametrize(
    "data",
    [
        b"hello",
        b"BEGIN:VCALENDAR\r\nPRODID:-//other//\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCALENDAR\r\nPRODID:-//prai_match//plan//FR\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    ],
)
def test_a_calendar_that_is_not_ours_is_refused(made: Plan, data: bytes) -> None:
    with pytest.raises(PraiError, match="the previous calendar"):
        made.to_icalendar(previous=data)


def test_hostile_names_stay_texts_in_a_calendar(hostile: Plan) -> None:
    data = hostile.to_icalendar()
    assert max(map(len, data.split(b"\r\n"))) <= 75
    read = vobject.readOne(data.decode())
    assert len(read.vevent_list) == hostile.sessions.height
    for event in read.vevent_list:
        assert "<script>attacked()</script>" in event.summary.value
        assert "\u202e" not in event.description.value
        assert set(event.contents) == {
            *("summary", "dtstart", "dtend", "dtstamp", "uid", "sequence", "categories", "description"),
            *("last-modified", "location", "status", "transp"),
        }


@examples(60)
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_any_name_is_read_back(name: str) -> None:
    made = _planned()
    places = tuple(one.model_construct(**{**dict(one), "name": name}) for one in made.inputs.programme.territories)
    inputs = replace(made.inputs, programme=made.inputs.programme.model_copy(update={"territories": places}))
    data = replace(made, inputs=inputs).to_icalendar()
    assert max(map(len, data.split(b"\r\n"))) <= 75
    (location,) = {event.location.value for event in vobject.readOne(data.decode()).vevent_list}
    assert location == f"{plain(name)} (Ariège)"


def test_a_missing_library_is_named(made: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(PraiError, match=r"prai-match\[plan\]"):
        made.to_icalendar()


# Files


@pytest.mark.french
def test_a_workbook_has_sessions_and_invitations(made: Plan, tmp_path: Path) -> None:
    (path,) = made.save(tmp_path / "plan.xlsx")
    assert path.read_bytes() == made.save(tmp_path / "other.xlsx")[0].read_bytes()
    book = python_calamine.CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["Sessions", "Invitations"]
    header, *rows = book.get_sheet_by_name("Sessions").to_python()
    assert header[:5] == ["Date", "Type", "Session", "Axe", "Territoire d’accueil"]
    assert [row[0] for row in rows] == made.sessions["date"].to_list()
    assert [row[header.index("Coût (€)")] for row in rows] == [float(cost) for cost in made.sessions["cost"]]
    assert [row[header.index("Statut")] for row in rows].count("programmée") == 1
    header, *rows = book.get_sheet_by_name("Invitations").to_python()
    assert len(rows) == made.seats.height
    assert [row[header.index("Élus")] for row in rows] == made.invitations()["elected"].to_list()


@pytest.mark.parametrize(("lang", "label"), [("fr", "Élus"), ("en", "Technicians")])
def test_two_csv_have_the_same(made: Plan, tmp_path: Path, lang: Any, label: str) -> None:
    held, invited = made.save(tmp_path / "plan.csv", lang)
    assert (held.name, invited.name) == ("plan.csv", "plan-invitations.csv")
    sessions, seats = (pl.read_csv(path, separator=";", encoding="utf8") for path in (held, invited))
    assert (sessions.height, seats.height) == (made.sessions.height, made.seats.height)
    assert label in seats.columns


def test_a_calendar_file_is_the_calendar(made: Plan, moved: Plan, tmp_path: Path) -> None:
    (path,) = moved.save(tmp_path / "plan.ics", "en", previous=made)
    assert path.read_bytes() == moved.to_icalendar("en", made)


@pytest.mark.french
def test_hostile_names_are_never_formulas(tmp_path: Path) -> None:
    data = plans.data()
    data["territories"] = [{**one, "name": f"=1+{n}"} for n, one in enumerate(data["territories"])]
    plan = plans.planned(plans.programme(**data))
    held, invited = plan.save(tmp_path / "plan.csv")
    assert ";=1+" not in held.read_text("utf-8-sig") + invited.read_text("utf-8-sig")
    (path,) = plan.save(tmp_path / "plan.xlsx")
    header, *rows = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name("Sessions").to_python()
    assert {row[header.index("Territoire d’accueil")] for row in rows} <= {"=1+0", "=1+1", "=1+2"}


@pytest.mark.french
def test_an_empty_plan_is_exported_too(tmp_path: Path) -> None:
    empty = plans.planned(plans.programme(trainers=[], sessions=[], attendances=[]))
    assert empty.sessions.is_empty()
    for name in ("plan.xlsx", "plan.csv", "plan.ics"):
        assert all(path.stat().st_size for path in empty.save(tmp_path / name))
    assert vobject.readOne(empty.to_icalendar().decode()).vtimezone
    shown = Markup(empty.html())
    assert "Aucune session ne peut être tenue." in shown.text
    assert "Demandes non satisfaites" in shown.text


def test_other_suffixes_are_refused(made: Plan, tmp_path: Path) -> None:
    with pytest.raises(PraiError, match=r"\.xlsx, \.csv, \.ics, not as 'plan\.xls'; did you mean xlsx"):
        made.save(tmp_path / "plan.xls")
    with pytest.raises(UnknownCodeError):
        made.save(tmp_path / "plan.csv", "de")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


# Notebooks


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_displays_have_our_markup_only_whatever_names_say(hostile: Plan, lang: Any) -> None:
    again = replan(hostile, lost=[hostile.sessions["date"][0]], time_limit=0)
    for shown in (hostile.html(lang), (again - hostile).html(lang), (hostile - hostile).html(lang)):
        read = Markup(shown)
        assert set(read.tags) <= OURS
        assert read.attributes <= OWN
        assert "\u202e" not in shown
    assert hostile.html(lang) == hostile.html(lang)


@pytest.mark.french
def test_a_plan_is_shown_with_names_and_words(made: Plan) -> None:
    read = Markup(made._repr_html_())
    assert read.text.count("Plan du 3 septembre 2007 au 31 janvier 2008")
    assert "Établi immédiatement, sans recherche, à " in read.text
    assert "prévoir un temps de calcul" in read.text
    header, *rows = read.cells
    site = next(row for row in rows if "Site" in row[0])
    cells = dict(zip(header, site, strict=True))
    assert cells["Session"] == "Atelier de projets : Site"
    assert (cells["Territoire d’accueil"], cells["Axe"], cells["Statut"]) == ("Territoire 1", "refonte", "à confirmer")
    assert not {"site_internet", "adm09", "T1"} & set(read.text.split())


def test_a_plan_shows_what_it_breaks_and_how_much_more(made: Plan) -> None:
    late = made.with_sessions(
        made.sessions.with_columns(date=dt.date(2007, 12, 25)), made.seats.with_columns(technicians=0)
    )
    broken = late.check("en")["sentence"].to_list()
    read = Markup(late.html("en")).text
    assert "Conditions not met" in read
    assert all(sentence in read for sentence in broken[:10])
    assert f"and {len(broken) - 10} more" in read


@pytest.mark.french
def test_a_difference_tells_what_was_and_what_is(made: Plan, moved: Plan) -> None:
    header, *rows = Markup((moved - made)._repr_html_()).cells
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    was = plans.session(made, "site_internet")["date"]
    assert {row["Session"]: row["Changement"] for row in cells} == {"Buffet geo": "supprimée", "Site": "modifiée"}
    (site,) = (row for row in cells if row["Session"] == "Site")
    assert site["Date"] == f"{was:%d/%m/%Y} → 15/11/2007"
    same = Markup((made - made).html("en")).text
    assert "Both plans have the same sessions" in same


# The page


def test_the_page_has_every_condition(golden: Golden) -> None:
    text = PAGE.read_text("utf-8")
    start, end = text.index("| --- | --- | --- |\n") + len("| --- | --- | --- |\n"), text.index("\n<!-- end -->")
    english, french = (messages("prai_match.plan", "conditions", lang) for lang in ("en", "fr"))
    asks = {one.label: (english[one.label]["asks"], french[one.label]["asks"]) for one in CONDITIONS}
    rows = spaced("".join(f"| `{label}` | {en} | {fr} |\n" for label, (en, fr) in asks.items()))
    golden(PAGE, text[:start] + rows + text[end:])


def test_the_page_has_every_weight() -> None:
    told = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8").partition("| weight | points |")[2], re.MULTILINE)
    assert told[: len(fields(Weights))] == [field.name for field in fields(Weights)]
