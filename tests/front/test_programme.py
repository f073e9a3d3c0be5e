"""The front door."""

from __future__ import annotations

import datetime as dt
import pickle
import re
import tomllib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

import pytest

import made
from made import ON, both, programme, small
from prai_match import LexiconError, Policy, PolicyError, Programme, ProgrammeError, UnknownCodeError
from prai_match.errors import RejectedRowsWarning, UnknownFactsWarning
from prai_match.explain import Changes

if TYPE_CHECKING:
    from pathlib import Path


def test_the_bundled_region_answers_for_every_territory() -> None:
    region = Programme.example()
    recs = region.recommend(on=ON, top=3)
    assert len(recs) == len(region.territories) == 101
    rec = recs["200066231"]
    assert rec.name == "CC des Portes d'Ariège Pyrénées"
    assert rec.score is not None
    assert sum(rec.why().contributions.values()) == rec.score
    assert Programme.example("midi_pyrenees") == region


def test_threads_that_ask_at_once_share_a_programme_that_nobody_asked_before() -> None:
    made = programme()
    together = Barrier(8)

    def asked(number: int) -> list[dict[str, object]]:
        together.wait()
        recs = made.recommend(on=ON + dt.timedelta(number % 2))
        return [*recs.to_json("en"), *(rec.why("en").to_json() for rec in recs)]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(asked, range(8)))
    alone = programme()
    for number, answers in enumerate(found):
        recs = alone.recommend(on=ON + dt.timedelta(number % 2))
        assert answers == [*recs.to_json("en"), *(rec.why("en").to_json() for rec in recs)]


def test_another_example_is_unknown() -> None:
    with pytest.raises(UnknownCodeError, match="unknown example: 'midi-pyrenees'; did you mean midi_pyrenees"):
        Programme.example("midi-pyrenees")


def test_a_programme_is_saved_and_loaded_again(tmp_path: Path) -> None:
    programme().save(tmp_path / "mine")
    loaded = Programme.load(tmp_path / "mine")
    assert loaded == programme()
    assert isinstance(loaded, Programme)
    with pytest.raises(ProgrammeError):
        Programme.load(tmp_path / "none")


def test_rows_left_out_are_warned_of_and_kept_in_the_report(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    programme().save(folder)
    assert Programme.load(folder).load_report is not None
    with (folder / "needs.csv").open("a", encoding="utf-8") as file:
        file.write("09001;hier;;x;;;\r\n")
    with pytest.warns(RejectedRowsWarning, match=r"24 rows read.*1 rejected.*programme\.load_report") as caught:
        loaded = Programme.load(folder)
    assert caught[0].filename == __file__
    assert loaded == programme()
    assert loaded.load_report is not None
    assert [str(problem) for problem in loaded.load_report.problems] == [
        "needs.csv:5.date: 'hier' is not a valid date (write for example 2007-03-31)"
    ]
    with pytest.raises(ProgrammeError, match="hier"):
        Programme.load(folder, strict=True)


def test_needs_are_read_with_the_bundled_lexicon() -> None:
    read = programme().classify(["refonte du site internet de la mairie", None, "curage du plan d'eau"])
    assert read.columns == ["text", "workshop", "axis", "score", "terms", "reason"]
    assert read["workshop"].to_list() == ["site_internet", None, None]
    assert read["axis"][0] == "refonte"
    assert read["reason"].null_count() == 1


def test_the_bundled_lexicon_reads_nothing_for_another_catalogue() -> None:
    catalogue = small()["catalogue"]
    catalogue["workshops"].append({**catalogue["workshops"][1], "id": "drones"})
    need = {"collectivity": "09001", "date": "2007-05-02", "text": "refonte du site internet de la mairie"}
    other = programme(catalogue=catalogue, needs=[need])
    assert other.classify(need["text"])["workshop", "reason"].row(0) == (None, "no_lexicon")
    assert other.recommend(on=ON)["T1"].kind == "buffet"
    fewer = programme().classify(["un système d’information géographique", "dématérialisation des actes"])
    assert fewer["workshop"].to_list() == ["sig", None]
    assert fewer["reason"].to_list() == [None, "not_offered"]


def test_needs_that_nothing_reads_are_warned_of(tmp_path: Path) -> None:
    catalogue = small()["catalogue"]
    name = {"fr": "Drones", "en": "Drones"}
    catalogue["workshops"].append({**catalogue["workshops"][1], "id": "drones", "name": name})
    text = {"collectivity": "09001", "date": "2007-05-02", "text": "refonte du site internet de la mairie"}
    other = programme(catalogue=catalogue, needs=[text, *small()["needs"]])
    folder = tmp_path / "other"
    other.save(folder)
    with pytest.warns(UnknownFactsWarning, match=r"needs\.csv: 1 need of 4.*programme\.load_report") as caught:
        loaded = Programme.load(folder)
    assert caught[0].filename == __file__
    assert loaded.load_report is not None
    assert loaded.load_report.notices("en").rows() == [
        (
            "needs.csv",
            "unread",
            1,
            4,
            (
                "1 need of 4 has only a text, which is not read: the bundled lexicon doesn't know drones; "
                "give a lexicon for this catalogue (lexicon = `lexique.toml`), or state a workshop for each need"
            ),
        )
    ]
    french = "À savoir :\n  needs.csv : 1 besoin sur 4 n’a qu’un texte, qui n’est pas lu : le lexique fourni"
    assert french in loaded.load_report.text("fr").replace("\N{NO-BREAK SPACE}", " ")
    assert "1 besoin sur 4" in loaded.load_report.html("fr")
    assert "1 besoin sur 4" in loaded.html("fr")


def test_a_lexicon_of_another_catalogue_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "other"
    terms = "[[terme]]\natelier = 'teleservice'\nniveau = 'fort'\nmots = ['démarche en ligne']\n"
    programme().save(folder)
    (folder / "programme.toml").write_text(
        (folder / "programme.toml")
        .read_text("utf-8-sig")
        .replace("[catalogue]", '[catalogue]\nlexicon = "lexique.toml"'),
        "utf-8",
    )
    (folder / "lexique.toml").write_text(terms, "utf-8")
    with pytest.raises(LexiconError) as caught:
        Programme.load(folder)
    assert [problem.text("fr") for problem in caught.value.problems] == [
        (
            "lexique.toml:2 (terme[1].atelier) : « teleservice » n’est pas un atelier du catalogue ; "
            "vouliez-vous dire teleservices ?"
        )
    ]


def test_needs_without_a_workshop_are_read_from_their_text() -> None:
    need = {
        "collectivity": "09001",
        "date": "2007-05-02",
        "text": "refonte du site internet de la mairie",
        "people": 12,
    }
    rec = programme(needs=[need]).recommend(on=ON)["T1"]
    assert (rec.session, rec.axis) == ("site_internet", "refonte")
    silent = programme(needs=[{**need, "text": "curage du plan d'eau"}]).recommend(on=ON)["T1"]
    assert silent.kind == "buffet"


LEXICON = """
[[terme]]
atelier = "sig"
niveau = "fort"
mots = ["carte du ciel"]
"""


POLICY = """
id = "sig_only"
name = { fr = "SIG", en = "GIS" }

[[rule]]
id = "only"
stage = "session"
require = "session = 'sig'"
fr = "Le SIG seulement."
en = "GIS only."

[[rule]]
id = "any"
stage = "session"
prefer = "people / 100.0"
weight = 1
fr = "Personnes : {people}."
en = "People: {people}."
"""


def with_file(folder: Path, field: str, name: str) -> Path:
    """A folder whose settings name a file for the lexicon or the policy."""
    programme().save(folder)
    settings = folder / "programme.toml"
    text = re.sub(r"^policy = .*\n", "", settings.read_text("utf-8"), flags=re.MULTILINE)
    settings.write_text(f'{field} = "{name}"\n{text}', "utf-8")
    return folder


def test_a_programme_may_have_its_own_lexicon(tmp_path: Path) -> None:
    folder = with_file(tmp_path / "mine", "lexicon", "mine.toml")
    with pytest.raises(LexiconError, match=r"mine\.toml"):
        Programme.load(folder)
    (folder / "mine.toml").write_text(LEXICON.replace("sig", "sigg"), "utf-8")
    with pytest.raises(LexiconError, match="did you mean sig"):
        Programme.load(folder)
    (folder / "mine.toml").write_text(LEXICON, "utf-8")
    loaded = Programme.load(folder)
    assert loaded.classify(["la carte du ciel", "refonte du site internet"])["workshop"].to_list() == ["sig", None]
    made = programme().with_lexicon(tomllib.loads(LEXICON))
    assert made.lexicon_table == loaded.lexicon_table
    assert made.classify(["la carte du ciel"]).equals(loaded.classify(["la carte du ciel"]))
    with pytest.raises(LexiconError, match="did you mean sig") as caught:
        programme().with_lexicon(tomllib.loads(LEXICON.replace("sig", "sigg")))
    assert caught.value.problems[0].where == "lexicon.terme[1].atelier"
    assert made.with_lexicon(None).lexicon == programme().lexicon


def test_a_programme_may_have_its_own_policy(tmp_path: Path) -> None:
    folder, on = with_file(tmp_path / "mine", "policy", "mine.toml"), dt.date(2007, 6, 1)
    with pytest.raises(PolicyError, match=r"mine\.toml"):
        Programme.load(folder)
    (folder / "mine.toml").write_text(POLICY.replace("'sig'", "'sigg'"), "utf-8")
    with pytest.raises(PolicyError, match="did you mean sig"):
        Programme.load(folder)
    (folder / "mine.toml").write_text(POLICY, "utf-8")
    loaded = Programme.load(folder)
    recs = loaded.recommend(on)
    assert recs.policy is loaded.policy
    assert loaded.policy.id == "sig_only"
    assert {rec.session for rec in recs if rec.next} == {"sig"}
    assert recs.what_if(notice_days=10).after.policy.id == "sig_only"
    assert loaded.changed(Changes.of(notice_days=3)).policy is loaded.policy
    assert loaded.recommend(on, policy=Policy.default()).policy is Policy.default()
    made = programme().with_policy(tomllib.loads(POLICY))
    assert made == loaded
    assert made.recommend(on).to_json() == recs.to_json()
    with pytest.raises(PolicyError, match="did you mean sig"):
        programme().with_policy(tomllib.loads(POLICY.replace("'sig'", "'sigg'")))


def test_a_folder_of_the_first_version_names_its_files_in_the_catalogue(tmp_path: Path) -> None:
    folder = with_file(tmp_path / "new", "policy", "mine.toml")
    (folder / "mine.toml").write_text(POLICY, "utf-8")
    new = Programme.load(folder)
    settings = (folder / "programme.toml").read_text("utf-8")
    old = settings.replace('policy = "mine.toml"\n', "").replace("[catalogue]\n", '[catalogue]\npolicy = "mine.toml"\n')
    (folder / "programme.toml").write_text(old, "utf-8")
    assert Programme.load(folder) == new
    new.save(folder)
    assert 'policy = "mine.toml"\n' in (folder / "programme.toml").read_text("utf-8").partition("[")[0]


def test_files_are_saved_as_they_were_read_where_they_are_the_same(tmp_path: Path) -> None:
    folder = with_file(tmp_path / "one", "policy", "rules.toml")
    (folder / "rules.toml").write_text(f"# Ours.\n{POLICY}", "utf-8")
    read = Programme.load(folder)
    read.changed(Changes.of(notice_days=3)).save(tmp_path / "two", "json")
    assert (tmp_path / "two" / "rules.toml").read_bytes() == (folder / "rules.toml").read_bytes()
    changed = read.with_policy(read.policy.with_weights(any=2)).with_lexicon(tomllib.loads(LEXICON))
    changed.save(tmp_path / "three")
    assert "# Ours" not in (tmp_path / "three" / "rules.toml").read_text("utf-8")
    again = Programme.load(tmp_path / "three")
    assert (again.policy.preference("any").weight, again.lexicon.workshops) == (2, {"sig": ()})


def test_a_lexicon_is_a_file_of_the_folder_and_no_other(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeError, match=r"programme\.toml:1\.lexicon.*a file in the folder"):
        Programme.load(with_file(tmp_path / "one", "lexicon", "../other.toml"))


def test_the_follow_ups_are_those_of_the_day() -> None:
    made = programme()
    early, late = made.follow_ups(dt.date(2007, 1, 1)), made.follow_ups(dt.date(2008, 1, 1))
    assert early.graph.edges["b_web", "site_internet"]["support"] == 0
    assert late.graph.edges["b_web", "site_internet"]["support"] == 1
    recs = made.recommend(on=ON, follow_ups=early)
    assert recs.follow_ups is early


def test_a_territory_may_be_called_anything() -> None:
    assert programme(name=both("Ma région 🗺️")).name.fr == "Ma région 🗺️"


def test_a_programme_pickles_as_its_data_whatever_was_asked_of_it() -> None:
    made = programme().with_lexicon(tomllib.loads(LEXICON)).with_policy(tomllib.loads(POLICY))
    unasked = pickle.dumps(made)
    answers = made.recommend(ON).to_json()
    assert len(pickle.dumps(made)) < 1.1 * len(unasked)
    again = pickle.loads(unasked)  # noqa: S301 - our own bytes
    assert (again, again.recommend(ON).to_json()) == (made, answers)
    as_json = Programme.model_validate_json(made.model_dump_json())
    assert (as_json, as_json.recommend(ON).to_json(), hash(as_json)) == (made, answers, hash(made))


def test_a_copy_answers_from_its_own_data() -> None:
    programme = Programme.example()
    on = dt.date(2007, 9, 3)
    before = programme.recommend(on=on)
    copy = programme.model_copy(update={"needs": (), "notice_days": 40})
    scratch = Programme.model_validate(copy.model_dump())
    assert copy.recommend(on=on).to_polars().equals(scratch.recommend(on=on).to_polars())
    assert not copy.recommend(on=on).to_polars().equals(before.to_polars())
    assert copy.load_report is None


def test_two_programmes_of_one_process_never_mix() -> None:
    mine = Programme.example().with_policy(Policy.default().with_weights(equity=50))
    assert mine.model_copy().policy == mine.policy
    assert mine.model_copy(update={"notice_days": 3}).policy is mine.policy
    assert Programme.example().policy == Policy.default()


def test_a_copy_is_checked() -> None:
    with pytest.raises(ProgrammeError) as caught:
        programme().model_copy(update={"notice_days": -5, "colour": "red"})
    assert [problem.where for problem in caught.value.problems] == ["notice_days", "colour"]
    with pytest.raises(ProgrammeError, match=r"needs\[1\].collectivity"):
        programme().model_copy(update={"needs": [{"collectivity": "99999", "date": ON, "text": "un SIG"}]})


def test_programmes_are_equal_whatever_was_computed_for_them() -> None:
    one, other = (Programme.model_validate(made.programme().model_dump()) for _ in range(2))
    for each in (one, other):
        each.recommend(made.ON)
    assert one == other
    assert hash(one) == hash(other)
    assert one != other.with_budget(1)
