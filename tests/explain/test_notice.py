"""The notice that is owed when an algorithm contributes to a decision."""

from __future__ import annotations

import datetime as dt
import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from made import FREEZE, ON, POLICY, SMALL, both, programme, with_policy
from prai_match import Programme, UnknownCodeError
from prai_match.policy import DTYPES, GRID, columns_of

if TYPE_CHECKING:
    from goldens import Golden

EXAMPLE = with_policy(Programme.example()).recommend(on=ON)
HOSTILE = "<script>alert(1)</script> \"q\" 'q' &amp; \u202e\u200f 🎉 \x07\nétat </td> "
TAGS = {"article", "section", "h2", "h3", "p", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tr", "th", "td", "code"}  # fmt: skip


def stable(text: str) -> str:
    """The text without what another version of the library or of polars changes."""
    return re.sub(
        r"\b(?:[0-9a-f]{64}|[0-9a-f]{12})\b", "(empreinte)", re.sub(r"prai_match [\w.]+", "prai_match (version)", text)
    )


class Page(HTMLParser):
    """The elements of a fragment, each closed in its turn, and its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.scopes: list[str | None] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self._open.append(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_notice_of_a_territory_is_the_one_that_was_read_and_approved(golden: Golden, lang: Any) -> None:
    golden(f"notice_200066231_{lang}.txt", stable(EXAMPLE["200066231"].notice(lang).text()))


def test_the_notice_of_a_refused_territory_is_the_one_that_was_read(golden: Golden) -> None:
    golden("notice_200023737_fr.txt", stable(EXAMPLE["200023737"].notice("fr").text()))


def test_the_four_parts_are_numbered_as_in_the_law() -> None:
    for lang in ("fr", "en"):
        titles = [section.title for section in EXAMPLE["200066231"].notice(lang).document.sections]
        assert [title[:3] for title in titles] == ["1. ", "2. ", "3. ", "4. "]
    text = EXAMPLE["200066231"].notice("fr").text()
    for said in (
        "L. 311-3-1",
        "R. 311-3-1-2",
        "CADA",
        "La décision est prise par un agent",
        "Licence Ouverte",
        "CC BY 4.0",
    ):
        assert said in text


def test_data_come_first() -> None:
    rec = EXAMPLE["200066231"]
    notice = rec.notice("en")
    policy = POLICY
    assert (notice.territory, notice.name, notice.on, notice.lang) == ("200066231", rec.name, ON, "en")
    assert {p.rule: p.points for p in notice.parameters} == rec.why().contributions
    assert all(p.weight == policy.preference(p.rule).weight for p in notice.parameters)
    assert all(p.out_of == policy.preference(p.rule).points for p in notice.parameters)
    assert notice.conditions == rec.why("en").conditions
    assert [kept.score for kept in notice.kept] == [rec.score, *(offer.score for offer in rec.alternatives)]
    assert notice.fingerprint == EXAMPLE.fingerprint
    assert notice.fingerprint.digest in notice.text()


def test_every_notice_of_the_region_can_be_written() -> None:
    for rec in EXAMPLE:
        notice = rec.notice("fr")
        assert notice.text().count("\n") > 40
        assert set(Page(notice.html()).tags) <= TAGS


def test_json_holds_data_and_texts() -> None:
    notice = EXAMPLE["200066231"].notice("fr")
    data = json.loads(json.dumps(notice.to_json()))
    assert data == notice.to_json()
    assert (data["on"], data["kept"][0]["cost"]) == ("2007-09-03", "764.24")
    assert data["parameters"][0]["rule"] == notice.parameters[0].rule
    assert len(data["document"]["sections"]) == 4
    assert data["fingerprint"]["parts"]["day"] == "2007-09-03"


def test_html_is_an_accessible_fragment_without_anything_from_elsewhere() -> None:
    notice = EXAMPLE["200066231"].notice("en")
    page = Page(notice.html())
    assert page.tags[:2] == ["article", "h2"]
    assert page.tags.count("h3") == 4
    assert page.tags.count("table") == page.tags.count("caption") == 4
    assert set(page.scopes) == {"row", "col"}
    assert page.attributes == {"lang", "scope", "class"}
    assert notice.html() in notice._repr_html_()
    assert "<h4>" in notice.html(3)
    assert str(notice) == notice.text()


def read(value: str) -> object:
    """A value as it stands in an English notice."""
    words = {"yes": True, "no": False, "unknown": None}
    return float(value.replace(",", "")) if re.fullmatch(r"[\d,.]+|-[\d,.]+", value) else words.get(value, value)


@pytest.mark.parametrize("name", ["midi_pyrenees", "occitanie_2026"])
def test_what_the_notice_says_is_enough_to_redo_every_sum(name: str) -> None:
    made, seen = Programme.example(name), 0
    policy, on = made.policy, {"midi_pyrenees": ON, "occitanie_2026": dt.date(2026, 9, 14)}[name]
    types = {column.name: DTYPES[column.type] for column in policy.vocabulary.all}
    for rec in [*made.recommend(on)][::9]:
        if rec.next is None:
            continue
        notice, seen = rec.notice("en"), seen + 1
        told = {each.column: each for each in notice.formulas}
        given = {
            column: each.value if types[column] == pl.String else read(each.value) for column, each in told.items()
        }
        columns = columns_of(pl.DataFrame([given], schema={column: types[column] for column in given}))
        for part in (*notice.parameters, *notice.priority):
            rule = policy.preference(part.rule)
            assert notice.expressions[part.rule] == rule.value.sql
            assert rule.units(columns) / GRID == pytest.approx(part.points, abs=0.02)
        for condition in notice.conditions:
            assert bool(policy.requirement(condition.rule).holds(columns)) == condition.holds
        if "cost" in told:
            parts = dict(each.split(" = ") for each in told["cost"].inputs)
            fee, km, euros, own = (read(parts[name]) for name in ("fee", "distance_km", "euros_per_km", "session_cost"))
            if None not in (fee, own):
                assert fee + 2 * km * euros + own == pytest.approx(given["cost"], abs=0.01)  # type: ignore[operator]
    assert seen > 8


def test_where_sessions_are_refused_each_value_is_that_of_its_session() -> None:
    weak = {"collectivity": "09001", "date": "2007-05-02", "workshop": "sig", "score": 30}
    small = programme(needs=[weak]).recommend(on=FREEZE)["T1"].notice("en")
    told = {each.column: each.value for each in small.formulas}
    assert told["need_score"] == "30 (SIG); 0 (Site, Téléservices)"
    assert (told["open_days"], told["follows"]) == ("0", "no")
    notice = EXAMPLE["200023737"].notice("fr")
    assert {each.column: each.value for each in notice.formulas}["attended"] == "oui"
    assert {*notice.expressions} == {condition.rule for condition in notice.conditions}


@pytest.mark.french
def test_the_service_to_ask_is_named() -> None:
    assert "La demande est adressée au service qui prend la décision." in EXAMPLE["200066231"].notice().text()
    named = EXAMPLE["200066231"].notice(service="Région, direction du numérique")
    assert "La demande est adressée à : Région, direction du numérique." in named.text()


def test_without_an_offer_the_conditions_that_stop_each_session_are_said() -> None:
    rec = EXAMPLE["200023737"]
    notice = rec.notice("fr")
    assert rec.reason == "all_attended"
    assert rec.later is not None
    assert (notice.kept, notice.parameters) == ((), ())
    text = notice.text()
    assert "Le territoire a déjà suivi toutes les sessions" in text
    assert "État : non remplie" in text
    assert "Aucun score n’est calculé" in text
    assert "Aucune session n’est retenue." in text


def test_where_no_day_is_open_what_comes_later_is_said() -> None:
    rec = programme().recommend(on=FREEZE)["T1"]
    notice = rec.notice("en")
    assert "The calendar has no open day within the horizon of offers." in notice.result
    assert rec.later is not None
    assert notice.kept == ()


def test_plurals_amounts_and_days_are_those_of_the_language() -> None:
    small = programme().recommend(on=ON)
    asked, silent = small["T1"], small["T2"]
    french, english = asked.notice("fr").text(), asked.notice("en").text()
    assert "1 besoin, dont 1 rattaché à un atelier, le dernier du 2 mai 2007" in french
    assert "1 need, of which 1 is matched to a workshop, the latest of 2 May 2007" in english
    assert ": 0 participation\n" in french
    assert ": 0 attendances\n" in english
    assert "2\u202f000 habitants, 2 collectivités" in french
    assert "300\u202f000,00\xa0€ au total" in french
    assert "€300,000.00 in total" in english
    assert "1 participation, 4 élus, 2 techniciens, la dernière du 1er mars 2007" in silent.notice("fr").text()


def test_no_budget_an_own_lexicon_and_joined_columns_are_told() -> None:
    made = programme(budget=None).with_lexicon({"terme": [{"atelier": "sig", "niveau": "fort", "mots": ["carte"]}]})
    policy = POLICY.with_column("appetite", "number").prefer("appetite", id="appetite", stage="territory", weight=5)
    extra = {"territory": ["T1"], "appetite": [0.5]}
    notice = made.recommend(on=ON, policy=policy, extra=extra)["T1"].notice("en")
    told = {source.data: source for source in notice.sources}
    assert told["budget"].used == "not limited"
    assert told["extra"].used == "1 column"
    assert told["lexicon"].source == "tables of the programme “Essai”"


def test_an_unknown_condition_says_what_the_rule_makes_of_it() -> None:
    policy = POLICY.require("days_since_renewal > 0", id="renewed", unknown="accept", en="Renewed.")
    recs = programme(
        calendar={}, partners=[{**SMALL["partners"][0], "sessions_a_year": None}], sessions=[], attendances=[]
    )
    assert "State: unknown, accepted by the rule" in recs.recommend(on=ON, policy=policy)["T1"].notice("en").text()
    refusing = POLICY.require("days_since_renewal > 0", id="renewed", unknown="refuse", en="Renewed.")
    assert "State: unknown, refused by the rule" in recs.recommend(on=ON, policy=refusing)["T1"].notice("en").text()


def test_the_conditions_of_a_policy_that_requires_nothing_are_the_limits_of_every_policy() -> None:
    policy = POLICY
    preferring = policy.with_rules(row for row in policy.rows.rule if hasattr(row, "prefer"))
    notice = programme().recommend(on=ON, policy=preferring)["T1"].notice("en")
    limits = [rule.id for rule in policy.requirements if rule.limit and rule.stage != "place"]  # it is its own place
    assert sorted(condition.rule for condition in notice.conditions) == sorted(limits)
    assert "buffet_or_need_first" not in notice.text()
    assert "Rule: within_budget" in notice.text()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_hostile_names_are_inert(lang: Any) -> None:
    name = (HOSTILE * 60)[:2000].strip()
    changed = {
        "name": both(name),
        "territories": [{**territory, "name": name} for territory in SMALL["territories"]],
        "partners": [{**partner, "name": name} for partner in SMALL["partners"]],
        "trainers": [{**trainer, "organisation": name, "role": name} for trainer in SMALL["trainers"]],
        "catalogue": {
            **SMALL["catalogue"],
            "workshops": [{**workshop, "name": both(name)} for workshop in SMALL["catalogue"]["workshops"]],
        },
    }
    notice = programme(**changed).recommend(on=ON)["T1"].notice(lang, service="x" * 10_000 + HOSTILE)
    html, text = notice.html(), notice.text()
    page = Page(html)
    assert set(page.tags) <= TAGS
    assert page.attributes == {"lang", "scope", "class"}
    assert any("<script>alert(1)</script>" in found for found in page.texts)
    for written in (html, text):
        assert "🎉" in written
        assert not re.search("[\u202e\u200f\x07]", written)
    assert not any(line.startswith("état") for line in text.splitlines())
    assert json.loads(json.dumps(notice.to_json()))["name"] == name


def test_no_language_but_two() -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
        EXAMPLE["200066231"].notice("de")  # type: ignore[arg-type]
