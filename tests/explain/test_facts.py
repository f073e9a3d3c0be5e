"""What an officer says first: a fact that a mayor recognises, with its source."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Literal

from hypothesis import given, strategies as st

import prai_match as pm
from hostile import ATTACK, hostile_programme
from made import ON, POLICY, both, programme
from prai_match import Programme
from prai_match.testing import programmes
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden

LANGUAGES: tuple[Literal["fr", "en"], ...] = ("fr", "en")
DAYS = st.dates(dt.date(2006, 11, 1), dt.date(2009, 6, 1))
MARK = "xqz"
EXAMPLES = {"midi_pyrenees": ("2007-09-03", "2008-06-20"), "occitanie_2026": ("2026-10-05",)}


def asks(day: str, **others: Any) -> dict[str, Any]:
    return {"collectivity": "09001", "date": day, "workshop": "sig", "text": "Un SIG pour la commune.", **others}


def facts(rule: str, on: Any = ON, *, public: bool = False, stage: Any = "session", **changes: Any) -> dict[str, str]:
    """What is told of T1 by a preference that reads a column, in both languages."""
    policy = POLICY.prefer(rule, id="asked", weight=900, stage=stage, fr="La règle.", en="The rule.")
    rec = programme(**changes).recommend(on, policy=policy)["T1"]
    told = {lang: rec.why(lang, public=public) for lang in LANGUAGES}
    return {
        lang: next(p.fact for p in (*why.details, *why.priority) if p.rule == "asked") for lang, why in told.items()
    }


def test_facts_of_both_regions_are_those_that_were_read(golden: Golden) -> None:
    """Ten territories a region, known by the columns that rules read and whatever the policy is called."""
    for name, days in EXAMPLES.items():
        for lang in LANGUAGES:
            lines = []
            for on in days:
                recs = Programme.example(name).recommend(dt.date.fromisoformat(on))
                for rec in list(recs)[:: len(recs) // 10]:
                    why = rec.why(lang)
                    lines += [
                        f"{rec.name}, {on}: {rec.session}",
                        f"  {why.main}",
                        *(f"  • {fact}" for fact in why.facts),
                    ]
            golden(f"facts_{name}_{lang}.txt", "\n".join(lines) + "\n")


def test_the_main_reason_of_most_territories_is_a_fact() -> None:
    for name, days in EXAMPLES.items():
        for on in days:
            whys = [rec.why("fr") for rec in Programme.example(name).recommend(dt.date.fromisoformat(on)) if rec.next]
            told = [why for why in whys if why.main in why.facts]
            assert len(told) >= 0.8 * len(whys), (name, on, len(told), len(whys))


def test_a_need_is_told_by_who_asked_when_how_and_in_which_words() -> None:
    need = [asks("2007-06-09", channel="mail", people=12)]
    assert facts("need_served / 100", needs=need) == {
        "fr": "Commune 1, demande du 9 juin 2007, par courrier : « Un SIG pour la commune ».",
        "en": "Commune 1 asked on 9 June 2007 by mail: “Un SIG pour la commune”.",
    }
    without = {
        "fr": "Commune 1, demande du 9 juin 2007, par courrier : atelier « SIG ».",
        "en": "Commune 1 asked for the workshop “SIG” on 9 June 2007 by mail.",
    }
    assert facts("need_served / 100", needs=need, public=True) == without
    assert facts("need_served / 100", needs=[{**need[0], "text": ""}]) == without


def test_words_are_cut_to_a_line_and_persons_masked() -> None:
    text = "Appeler M. Dupont\nau 06 12 34 56 78 : " + "il faut un SIG " * 20
    told = facts("need_served / 100", needs=[asks("2007-06-09", people=12, text=text)])["en"]
    assert told.startswith("Commune 1 asked on 9 June 2007: “Appeler M. [name] au [telephone] : il faut un SIG ")
    assert told.endswith("…”.")
    assert len(told) < 200


def test_a_need_that_was_confirmed_or_is_to_confirm_says_so() -> None:
    need = [asks("2007-06-09", people=12)]
    after: dict[str, Any] = {"needs": need, "on": "2008-06-20"}
    assert facts("need_to_confirm / 100", **after) == {
        "fr": "Commune 1, demande du 9 juin 2007 : « Un SIG pour la commune » ; ce buffet prépare à l’atelier « SIG » ; "
        "le nouveau conseil ne l’a pas encore confirmée.",
        "en": "Commune 1 asked on 9 June 2007: “Un SIG pour la commune”; this buffet prepares for the workshop “SIG”; "
        "the new council has not confirmed it yet.",
    }
    again = [{"collectivity": "09001", "date": "2008-04-02", "event": "confirmed"}]
    assert facts("need_served / 100", **after, decisions=again)["fr"] == (
        "Commune 1, demande du 9 juin 2007, confirmée le 2 avril 2008 : « Un SIG pour la commune »."
    )
    assert facts("need_to_confirm / 100", needs=need, on="2008-02-26")["fr"].endswith(
        "; le conseil à élire le 16 mars 2008 aura à la confirmer."
    )
    assert (
        facts("days_since_renewal / 365", **after, stage="territory")["fr"]
        == "Votre conseil est élu depuis le 16 mars 2008."
    )


def test_own_channels_are_called_as_the_programme_calls_them() -> None:
    kind = {"of": "channels", "id": "salon", "name": both("Salon des maires"), "synonyms": []}
    catalogue = {**json.loads(programme().catalogue.model_dump_json()), "kinds": [kind]}
    told = facts("need_served / 100", needs=[asks("2007-06-09", channel="salon", people=12)], catalogue=catalogue)
    assert told["fr"].startswith("Commune 1, demande du 9 juin 2007 (Salon des maires) : ")


def came(day: str, **others: Any) -> dict[str, Any]:
    return {"collectivity": "09001", "session": "b_geo", "date": day, **others}


def test_a_follow_up_is_told_by_who_came_and_how_many_went_on() -> None:
    own = [came("2007-03-12", elected=3, technicians=2), came("2007-03-12", collectivity="09002", elected=1)]
    went = [
        came("2007-01-15", collectivity="09003", elected=1),
        {**came("2007-05-02", collectivity="09003", elected=1), "session": "sig"},
    ]
    rule: dict[str, Any] = {
        "rule": "follow_probability",
        "attendances": [*own, *went],
        "needs": [asks("2007-06-09", people=12)],
    }
    assert facts(**rule) == {
        "fr": "6 de vos élus et agents sont venus au buffet « Buffet geo » du 12 mars 2007. "
        "Parmi les territoires venus à ce buffet, 2 pouvaient ensuite suivre la session proposée ici ; 1 l’a suivie, "
        "dans un délai de 4 mois au plus.",
        "en": "6 of your officials and staff came to the buffet “Buffet geo” on 12 March 2007. "
        "Of the territories that came to this buffet, 2 could then attend the session offered here; "
        "1 attended it within 4 months.",
    }
    assert facts(**{**rule, "attendances": own[:1]})["fr"] == (
        "5 de vos élus et agents sont venus au buffet « Buffet geo » du 12 mars 2007."
    )
    assert "dans un délai d’un an au plus" in facts(**rule, offer_horizon_days=365)["fr"]
    quick = [went[0], {**went[1], "date": "2007-01-30"}]
    assert "within 30 days" in facts(**{**rule, "attendances": [*own, *quick]}, offer_horizon_days=30)["en"]
    unknown = [came("2007-03-12")]
    assert facts(**{**rule, "attendances": unknown})["fr"].startswith("Vous avez participé au buffet « Buffet geo »")


def test_follow_ups_by_groups_say_that_others_are_alike() -> None:
    prog, on = Programme.example(), dt.date(2007, 9, 3)
    alike = prog.recommend(on, follow_ups=prog.follow_ups(on, group_by="departement"))
    told = [fact for rec in alike for fact in rec.why("fr").facts if "suivre la session proposée" in fact]
    assert told
    assert all("comme le vôtre" in fact for fact in told)
    assert not any("comme le vôtre" in fact for rec in prog.recommend(on) for fact in rec.why("fr").facts)


def test_what_was_received_is_told_in_words() -> None:
    rule: dict[str, Any] = {"rule": "1 / (1 + sessions_received)", "stage": "territory"}
    assert facts(**rule, attendances=[]) == {
        "fr": "Vous n’avez encore participé à aucune session.",
        "en": "You have not attended any session yet.",
    }
    assert facts(**rule, attendances=[came("2006-10-02", elected=1)], on="2008-12-01") == {
        "fr": "Aucune session depuis 25 mois : votre dernière participation remonte au buffet « Buffet geo » du 2 octobre 2006.",
        "en": "No session for 25 months: you last attended the buffet “Buffet geo” on 2 October 2006.",
    }
    assert facts(**rule, attendances=[came("2007-08-01")])["en"] == (
        "You last attended the buffet “Buffet geo” on 1 August 2007."
    )


def test_neither_a_free_trainer_nor_another_need_is_a_reason_to_say_first() -> None:
    policy = POLICY.prefer("1 - wait_days / 120", id="soon", stage="trainer", weight=900, fr="Tôt.", en="Soon.")
    policy = policy.prefer("needs_waiting / 10", id="waits", stage="territory", weight=900, fr="Attend.", en="Waits.")
    need = asks("2007-06-09", text="un SIG", people=1)
    rec = programme(needs=[need], attendances=[came("2007-06-20")], strong_need=100).recommend(ON, policy=policy)["T1"]
    why = rec.why("en")
    assert rec.session == "b_web"
    assert why.facts[-2:] == (
        "Commune 1 asked on 9 June 2007: “un SIG”.",
        "The trainer is available from the first possible day.",
    )
    assert why.main not in why.facts


@examples(25)
@given(programmes(case="busy"), DAYS)
def test_what_is_public_quotes_no_need_and_what_is_quoted_counts_on_the_day(prog: pm.Programme, on: dt.date) -> None:
    needs = [need.model_copy(update={"text": f"Il faut {MARK}{n}."}) for n, need in enumerate(prog.needs)]
    recs = prog.model_copy(update={"needs": needs}).recommend(on)
    for lang in LANGUAGES:
        outside = [recs.to_polars(lang, public=True), recs.spreadsheet(lang, public=True)]
        assert MARK not in "".join([recs.to_json(lang).__str__(), *(frame.write_ndjson() for frame in outside)])
        assert recs.to_polars(lang)["because"].to_list() == [
            recs[territory].why(lang).main if recs[territory].next else because
            for territory, because in recs.to_polars(lang).select("territory", "because").iter_rows()
        ]
    for rec in recs:
        public = rec.why("fr", public=True)
        assert MARK not in f"{public}{public.to_json()}{public.html()}{rec.to_json()}{rec.notice('fr')}"
        told, known = rec.why("fr").facts, rec.needs
        for text, state in known.select("text", "state").iter_rows():
            quoted = [fact for fact in told if f"{text.removesuffix('.')} »" in fact]
            assert not quoted or state in {"open", "to_confirm"}
            assert state == "open" or all("confirm" in fact for fact in quoted)
        assert any("aucune session." in fact for fact in told) <= rec.history.is_empty()
        came = {int(fact.split()[0]) for fact in told if "de vos élus" in fact}
        assert came <= {*rec.history["people"]}


def test_a_page_for_the_public_quotes_no_need() -> None:
    recs = Programme.example().recommend(ON, territories=["200066231", "200034023", "243200409"])
    quoted = [text for rec in recs for text in rec.needs.filter("behind")["text"]]
    told = pm.report.html(recs, lang="fr")
    assert quoted
    assert any(text.removesuffix(".")[:60] in told for text in quoted)
    page = pm.report.html(recs, lang="fr", public=True)
    assert not any(text.removesuffix(".")[:60] in page for text in quoted)


def test_hostile_words_are_escaped() -> None:
    recs = hostile_programme().recommend(ON)
    whys = [rec.why("fr") for rec in recs]
    assert any("refonte du site internet" in fact for why in whys for fact in why.facts)
    for why in whys:
        assert "<script>" not in why.html()
        assert "onerror=attacked()>" not in why.html()
    assert ATTACK not in "".join(fact for why in whys for fact in why.facts) or "&lt;script&gt;" in whys[0].html()
