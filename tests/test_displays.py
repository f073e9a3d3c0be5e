"""What notebooks show of every public object: names, numbers as they are written, and no markup but ours."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hostile import ATTACK, hostile_policy, hostile_programme
from made import FREEZE, ON, POLICY, programme, small, with_policy
from markup import OURS, OWN, Markup
from prai_match import Policy, Programme, UnknownCodeError, explain, io, register, reproduce, text
from prai_match.needs import Lexicon
from prai_match.text import Shown, plain
from test_api import PUBLIC

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from goldens import Golden

pytestmark = pytest.mark.french

WORDS_OF_CODE = re.compile(r"\b(?:workshop|refuted|satisfied|outscored|b_web|adm09)\b")


def lacking(made: Programme) -> Programme:
    """The programme whose relays carry one buffet alone."""
    return made.with_partners([relay.model_copy(update={"carries": ("b_web",)}) for relay in made.partners])


def objects(made: Programme, policy: Policy) -> dict[str, Any]:
    """One of each object that is shown, in each of its states."""
    recs, freeze = made.recommend(ON, policy=policy), made.recommend(FREEZE, policy=policy)
    rec = recs["T1"]
    refused = rec.why_not(session="teleservices")
    needed = rec.what_would_it_take(session="sig")
    difference = freeze - recs
    reweighted = policy.with_weights(equity=30, need_strength=1)
    return {
        "programme": made,
        "recommendations": recs,
        "recommendations_freeze": freeze,
        "recommendation": rec,
        "recommendation_freeze": freeze["T1"],
        "offer": rec.next,
        "why": rec.why(),
        "why_not": rec.why_not(session="sig"),
        "why_not_refused": refused,
        "needed": needed,
        "needed_answer": needed.answers[0],
        "difference": difference,
        "difference_none": recs - recs,
        "territory_difference": difference["T1"],
        "follow_ups": recs.follow_ups,
        "forecast": made.forecast(ON),
        "policy": policy,
        "policy_difference": POLICY.diff(reweighted.require("people >= 3", id="some", fr="Du monde.", en="People.")),
        "policy_difference_none": policy.diff(policy),
        "fingerprint": rec.fingerprint,
        "record": rec.record(),
        "answer": rec.record().answer,
        "reproduction": reproduce(rec.record(), made, reweighted),
        "reproduction_same": reproduce(rec.record(), made, policy),
        "relay_gaps": lacking(made).relay_gaps(ON),
        "notice": rec.notice(),
        "brief": rec.brief(),
        "description": policy.describe(),
    }


SHOWN = objects(programme(), POLICY)
OTHERS: dict[str, Callable[[], Any]] = {
    "lexicon": Lexicon.bundled,
    "about": register.about,
    "resolutions": lambda: register.resolve(["Foix", "Saint-Martin", None, "<b>", "CC Tarn Agout"]),
    "resolution": lambda: register.resolve(["Foix"])[0],
    "resolution_unsure": lambda: register.resolve(["Saint-Martin"])[0],
    "resolution_nothing": lambda: register.resolve([None])[0],
}


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_every_result_that_is_exported_is_shown_in_a_way_of_its_own(name: str) -> None:
    module = importlib.import_module(name)
    register.about().html()  # what is shown first loads all displays
    exported = [value for public in module.__all__ if inspect.isclass(value := getattr(module, public))]
    results = [value for value in exported if hasattr(value, "_repr_html_")]
    apart = {Shown, explain.Brief, explain.Notice, text.Document}  # pages write themselves
    assert [value.__name__ for value in results if text.shown.dispatch(value) is text.shown.dispatch(object)] == [
        value.__name__ for value in results if value in apart
    ]


def test_what_nobody_registered_is_not_shown() -> None:
    class Thing(Shown):
        pass

    with pytest.raises(TypeError, match="nothing says how a Thing is shown in fr"):
        Thing().html()


def content(html: str) -> str:
    """The fragment without its style and its script, and without what other versions change."""
    bare = re.sub(r"<(style|script)\b.*?</\1>\n?", "", html, flags=re.DOTALL)
    return re.sub(r"\b[0-9a-f]{12}\b…?", "(empreinte)", bare) + "\n"


@pytest.mark.parametrize("name", [*SHOWN, *OTHERS])
def test_a_display_is_whole_and_the_same_each_time(name: str) -> None:
    shown = SHOWN[name] if name in SHOWN else OTHERS[name]()
    html = shown._repr_html_()
    assert html == shown._repr_html_()
    parsed = Markup(html)
    assert {*parsed.tags} <= OURS
    assert parsed.attributes <= OWN
    assert html.startswith('<div class="prai" lang="fr">')
    assert "None" not in parsed.text
    assert "http" not in html
    if name not in {"notice", "brief", "description", "why"}:
        assert html == shown.html("fr")
        assert shown.html("en").startswith('<div class="prai" lang="en">')
        with pytest.raises(UnknownCodeError, match="« de »"):
            shown.html("de")


@pytest.mark.parametrize(
    "name",
    [
        *("programme", "recommendations", "recommendations_freeze", "recommendation", "recommendation_freeze"),
        *("why", "why_not", "needed", "difference", "territory_difference", "follow_ups", "forecast", "reproduction"),
        *("policy_difference", "relay_gaps"),
    ],
)
def test_the_french_display_is_as_it_was_read(golden: Golden, name: str) -> None:
    html = content(SHOWN[name]._repr_html_())
    golden(f"display_{name}_fr.html", html)
    assert not WORDS_OF_CODE.search(re.sub(r"<code>.*?</code>", "", html))


def test_hostile_texts_stay_texts_everywhere() -> None:
    said: set[str] = set()
    for name, shown in objects(hostile_programme(), hostile_policy()).items():
        parsed = Markup(shown._repr_html_())
        assert {*parsed.tags} <= OURS, name
        assert parsed.attributes <= OWN, name
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f]", parsed.text), name
        said |= {name} if plain(ATTACK)[:60] in parsed.text else set()
    assert said >= {
        "programme",
        "recommendations",
        "recommendation",
        "why",
        "why_not",
        "difference",
        "policy",
        "notice",
        "relay_gaps",
        "brief",
    }


def test_long_texts_are_cut_in_tables_alone() -> None:
    made = hostile_programme()
    recs = made.recommend(ON)
    assert max(len(cell) for row in Markup(recs.html()).cells for cell in row) <= 300
    assert plain(made.name.fr) in Markup(made.html()).text


def test_names_are_shown_and_not_codes() -> None:
    english = Markup(SHOWN["recommendation"].html("en")).text
    assert "Territoire 1 (T1)" in english
    assert "ADM de l'Ariège" in english
    assert "Workshop: Site" in english
    cells = Markup(SHOWN["recommendations"].html("en")).cells
    assert cells[0][:5] == ["Territory", "Dép.", "Session", "Host", "Relay partner"]
    assert cells[1][:5] == ["Territoire 1", "09", "Workshop: Site (axis: refonte)", "on site", "ADM de l'Ariège"]


def test_where_no_day_is_open_what_comes_later_is_said() -> None:
    text = Markup(SHOWN["recommendation_freeze"]._repr_html_()).text
    assert "Le calendrier n’a aucun jour ouvert dans le délai de proposition." in text
    later = text.partition("Au-delà du délai de proposition :")[2]
    assert "Buffet : Buffet web" in later
    assert "2 juin 2008" in later


def test_where_a_candidate_is_possible_its_points_stand_beside_the_winners(region_programme: Programme) -> None:
    rec = region_programme.recommend(on=dt.date(2007, 9, 3))["200034031"]
    parsed = Markup(rec.why_not(session="organisation_interne").html())
    assert parsed.cells[0] == ["Préférence", "Candidat", "Recommandation", "Écart"]
    follows = "La session fait suite à ce que le territoire a suivi (probabilité : 0,05)."
    assert parsed.cells[1] == [follows, "1,19", "2,73", "-1,54"]
    assert "17 conditions, toutes remplies" in parsed.text


def test_an_axis_the_alternatives_and_the_usual_pathway_are_named(region_programme: Programme) -> None:
    recs = region_programme.recommend(on=dt.date(2007, 9, 3))
    rec = next(rec for rec in recs if rec.axis and rec.alternatives and len(rec.pathway) > 1)
    text = Markup(rec.html()).text
    names = recs.names("fr")
    assert "(axe : " in text
    assert " → ".join(names[session] for session in rec.pathway) in text
    assert f"{names[rec.alternatives[0].session]}" in text.partition("Solutions de rechange")[2]


def test_where_nothing_comes_next_the_reason_and_the_conditions_are_shown(region_programme: Programme) -> None:
    recs = region_programme.recommend(on=dt.date(2007, 9, 3))
    rec = next(rec for rec in recs if rec.next is None)
    shown = rec.html()
    assert "<details>" not in shown
    assert "✗ non remplie" in shown
    assert rec.record().html().count("<dt>") == 2


@pytest.fixture(scope="module")
def region_programme() -> Programme:
    return with_policy(Programme.example())


def test_only_the_first_rows_are_shown_and_the_way_to_the_others_is_told(region_programme: Programme) -> None:
    recs = region_programme.recommend(on=dt.date(2007, 9, 3))
    parsed = Markup(recs.html())
    assert len(parsed.cells) == 11
    assert "… et 91 autres lignes : .to_polars()" in parsed.text
    assert "101 territoires, 100 avec une proposition, 1 sans proposition." in parsed.text


def test_a_programme_counts_by_departement_and_tells_of_its_loading(
    region_programme: Programme, tmp_path: Path
) -> None:
    parsed = Markup(region_programme.html())
    assert ["Ariège (09)", "8", "155\u202f722", "1", "10", "23"] in parsed.cells
    assert "4\u202f975 lignes lues, toutes acceptées" in parsed.text
    region_programme.save(tmp_path)
    needs = (tmp_path / "needs.csv").read_text("utf-8").splitlines(keepends=True)
    (tmp_path / "needs.csv").write_text("".join([*needs[:-1], needs[-1].replace("200", "hier")]), "utf-8")
    with pytest.warns(UserWarning, match="rejetée"):
        loaded = Programme.load(tmp_path)
    assert "4,975 rows read, 1 rejected (reason: `load_report`)" in Markup(loaded.html("en")).text


def test_a_departement_of_no_register_is_shown_by_its_code() -> None:
    raw = small()
    for row in (*raw["territories"], *raw["collectivities"]):
        row["departement"] = "96"
    shown = Markup(programme(**raw).html())
    assert shown.cells[1][0] == "96"


def test_a_programme_made_by_hand_has_no_loading_and_may_have_no_budget() -> None:
    text = Markup(programme(budget=None, needs=[], sessions=[], attendances=[]).html()).text
    assert "Chargement" not in text
    assert "Budget" not in text
    assert "Besoins exprimés" in text


def test_weights_with_decimals_are_written_with_them() -> None:
    cells = Markup(POLICY.with_weights(equity=12.5).html()).cells
    assert {row[2] for row in cells if len(row) == 5 and row[4] == "equity"} == {"12,50"}


def test_a_policy_without_preferences_says_so_and_one_without_requirements_has_the_limits() -> None:
    text = 'id = "mine"\nname = { fr = "Ma politique", en = "Mine" }\n[[rule]]\nid = "a"\nstage = "session"\nfr = "f"\nen = "e"\n'
    assert "n’exprime aucune préférence" in Markup(Policy.from_toml(text + 'require = "population > 1"\n').html()).text
    bare = Policy.from_toml(text + 'prefer = "people / 10"\nweight = 1\n')
    limits = {rule.id for rule in POLICY.requirements if rule.limit}
    assert {rule.id for rule in bare.requirements} == limits
    assert {row[-1] for row in Markup(bare.html()).cells} & {rule.id for rule in POLICY.requirements} == limits


def test_an_answer_that_is_out_of_the_programme_is_reproduced_as_gone() -> None:
    record = SHOWN["record"]
    raw = small()
    raw["territories"] = raw["territories"][1:]
    raw["sessions"] = raw["attendances"] = raw["needs"] = []
    found = reproduce(record, programme(**raw))
    assert "Le territoire n’est plus dans le programme" in Markup(found.html()).text


def test_the_load_report_shows_what_was_rejected_mended_and_not_used(folder: Path) -> None:
    needs = (folder / "needs.csv").read_text("utf-8")
    (folder / "needs.csv").write_text(needs.replace("\n", ";Avis\n", 1) + "31555;hier;mail;x;;;\n" * 12, "utf-8")
    (folder / "notes.csv").write_text("a;b\n1;2\n", "utf-8")
    report = io.load(folder).report
    parsed = Markup(report.html())
    assert "Lignes rejetées" in parsed.text
    assert "besoins exprimés" in parsed.text
    assert "notes.csv" in parsed.text
    assert report.html("en") != report.html("fr")


def test_a_load_report_of_clean_files_shows_no_rows(region_programme: Programme) -> None:
    report = region_programme.load_report
    assert report is not None
    assert report.html().count("<table") == 1
    assert report.html().count("<details") == 1  # the files that are no table


def test_what_was_found_is_written_beside_what_was_wanted() -> None:
    why_not = SHOWN["why_not_refused"]
    found = {"rating": None, "kind": "workshop", "share": 1.5, "attended": True}
    changed = replace(why_not, conditions=(replace(why_not.conditions[0], found=found),))
    assert Markup(changed.html("fr")).cells[1][2] == "rating = inconnu, kind = 'workshop', share = 1,50, attended = oui"
    assert Markup(changed.html("en")).cells[1][2] == "rating = unknown, kind = 'workshop', share = 1.50, attended = yes"


def test_matches_have_words_for_statuses_and_kinds() -> None:
    parsed = Markup(register.resolve(["Foix", "CC Tarn Agout", "Saint-Martin"] * 5).html())
    assert "15 noms recherchés dans le référentiel" in parsed.text
    assert parsed.cells[1][:8] == [
        "Foix",
        "nom officiel",
        "Foix",
        "09122",
        "commune",
        "09",
        "100,0",
        "C’est le nom officiel.",
    ]
    assert "… et 5 autres lignes" in parsed.text
    assert register.resolve([]).html().count("<table") == 0


def test_names_in_tables_are_those_of_the_catalogue_in_the_language() -> None:
    raw = small()
    raw["catalogue"] = {
        **raw["catalogue"],
        "workshops": [{**w, "name": {"fr": "Fr", "en": "En"}} for w in raw["catalogue"]["workshops"]],
    }
    recs = programme(**raw).recommend(ON)
    assert any("Workshop: En" in row[2] for row in Markup(recs.html("en")).cells[1:])
    assert any("Atelier : Fr" in row[2] for row in Markup(recs.html("fr")).cells[1:])
