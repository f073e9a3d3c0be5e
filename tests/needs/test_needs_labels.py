"""What an officer says of texts: examples of the second reader, terms to add, and what counted in each reader."""

from __future__ import annotations

from math import log
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match import LexiconError, Programme, UnknownCodeError
from prai_match.errors import ArgumentError
from prai_match.needs import Lexicon, classify, read_needs
from prai_match.needs._understanding import chances

BUNDLED = Lexicon.bundled()
WORKSHOPS = sorted(BUNDLED.workshops)
TEXT = "Il nous faut un relevé des puits"
TERM = "[[terme]]\natelier = 'cuisine'\nniveau = 'fort'\nmots = ['four']\n"


def load(folder: Path, text: str, catalogue: dict[str, tuple[str, ...]] | None = None) -> Lexicon:
    path = folder / "lexique.toml"
    path.write_text(text, "utf-8")
    return Lexicon.load(path, catalogue)


def test_a_label_becomes_an_example_that_reads_the_text() -> None:
    assert classify(TEXT)["workshop"].to_list() != ["sig"]
    learned = BUNDLED.learn([(TEXT, "sig"), ("un nouveau site", None)])
    assert classify([TEXT, "un nouveau site"], learned)["workshop"].to_list()[0] == "sig"
    assert dict(learned.data.exemples) == {"sig": (TEXT,), "aucun": ("un nouveau site",)}
    assert learned.data.reprend == ("tout",)
    assert BUNDLED.data.exemples == {}
    again = learned.learn([(TEXT, "teleservices")])
    assert dict(again.data.exemples) == {"aucun": ("un nouveau site",), "teleservices": (TEXT,)}


@pytest.mark.parametrize(
    "labels",
    [
        [(TEXT, "sig"), ("rien", None)],
        iter([(TEXT, "sig"), ["rien", None]]),
        pl.DataFrame({"text": [TEXT, "rien", " "], "workshop": ["sig", None, "sig"]}),
        {"workshop": ["sig", None], "text": [TEXT, "rien"]},
        [{"text": TEXT, "workshop": "sig"}, {"text": "rien", "workshop": None}],
    ],
)
def test_labels_are_pairs_or_a_frame(labels: Any) -> None:
    assert dict(BUNDLED.learn(labels).data.exemples) == {"sig": (TEXT,), "aucun": ("rien",)}


def test_labels_that_are_none_are_refused() -> None:
    with pytest.raises(UnknownCodeError, match="sgi"):
        BUNDLED.learn([(TEXT, "sgi")])
    with pytest.raises(ArgumentError):
        BUNDLED.suggest([(1, "sig")])
    with pytest.raises(ArgumentError, match="workshop"):
        BUNDLED.learn(pl.DataFrame({"text": [TEXT]}))


def test_a_text_with_several_workshops_is_no_example_and_long_ones_are_cut() -> None:
    long = "a " * 2_000
    learned = BUNDLED.learn([(TEXT, "sig"), (TEXT, "teleservices"), (long, "sig")])
    assert dict(learned.data.exemples) == {"sig": (long[:2_000],)}


def test_what_takes_over_everything_is_the_bundled_lexicon(tmp_path: Path) -> None:
    whole = load(tmp_path, "reprend = ['tout']\n", dict(BUNDLED.workshops))
    assert whole.workshops == BUNDLED.workshops
    assert whole.compiled.runs is BUNDLED.compiled.runs
    learned = BUNDLED.learn([(TEXT, "sig")])
    again = Lexicon.of(learned.data, BUNDLED.workshops)
    assert again.compiled.table == learned.compiled.table
    assert again.compiled.runs is BUNDLED.compiled.runs


def test_own_words_are_added_to_all_of_the_bundled_ones(tmp_path: Path) -> None:
    whole = load(
        tmp_path, f"reprend = ['tout']\n{TERM}[tournures]\ndeja = ['livré']\n", {"cuisine": ("pain",), "sig": ()}
    )
    assert set(whole.workshops) == {"cuisine", "sig"}
    assert classify(["un four", "un SIG", "pas besoin de four", "SIG livré"], whole)["workshop"].to_list() == [
        "cuisine", "sig", None, None,
    ]  # fmt: skip
    other = load(tmp_path, "reprend = ['tout']\n", {"cuisine": ()})
    assert other.workshops == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "lexique.toml.terme: found nothing, expected the key 'terme'"),
        ("[exemples]\nsig = ['un SIG']\n" + TERM, "(exemples): 'sig' is not a known name"),
        ("reprend = ['tout']\n[exemples]\nsgi = ['un SIG']\n", "(exemples): 'sgi' is not a known name; did you mean sig?"),
        ("reprend = ['tout']\n[[terme]]\natelier = 'sig'\nniveau = 'fort'\nmots = ['site internet']\n", "already names 'sig'"),
    ],
)  # fmt: skip
def test_problems_of_examples_and_of_what_is_taken_over(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(LexiconError) as caught:
        load(tmp_path, text)
    assert problem in "\n".join(each.text("en") for each in caught.value.problems)


def test_a_saved_programme_keeps_what_it_learned(tmp_path: Path) -> None:
    programme = Programme.example()
    learned = programme.with_lexicon(programme.lexicon.learn([(TEXT, "sig")]))
    learned.save(tmp_path / "a")
    again = Programme.load(tmp_path / "a")
    assert again == learned
    assert again.classify(TEXT)["workshop"].to_list() == ["sig"]
    more = again.with_lexicon(again.lexicon.learn([("rien", None)]))
    more.save(tmp_path / "a")
    assert (tmp_path / "a" / "lexicon.toml").read_text("utf-8").count("[exemples]") == 1
    assert Programme.load(tmp_path / "a") == more


@pytest.mark.parametrize("name", ["midi_pyrenees", "occitanie_2026"])
def test_a_bundled_region_learns(name: str) -> None:
    programme = Programme.example(name)
    workshop = programme.catalogue.workshops[0].id
    learned = programme.with_lexicon(programme.lexicon.learn([(TEXT, workshop)]))
    assert learned.classify(TEXT)["workshop"].to_list() == [workshop]


def test_a_term_is_suggested_that_mends_texts_and_breaks_none() -> None:
    labels = [("recenser les puits", "sig"), ("un puits", None), ("un nouveau site internet", "site_internet")]
    (row, *_) = found = BUNDLED.suggest(labels).to_dicts()
    assert row == {"term": "recenser", "workshop": "sig", "mended": 1, "texts": ["recenser les puits"], "worse": []}
    with_term = BUNDLED.data.model_copy(
        update={"terme": (*BUNDLED.data.terme, BUNDLED.data.terme[0].model_copy(update=_term(row)))}
    )
    read = classify([text for text, _ in labels], Lexicon.of(with_term, BUNDLED.workshops))
    assert read["workshop"].to_list() == ["sig", None, "site_internet"]
    assert all(each["mended"] > len(each["worse"]) for each in found)


def _term(row: dict[str, Any]) -> dict[str, Any]:
    return {"atelier": row["workshop"], "axe": None, "niveau": "fort", "mots": (row["term"],), "ensembles": ()}


def test_what_a_term_breaks_is_told_and_examples_count_too() -> None:
    labels = [("recenser les puits", "sig"), ("recenser les sources sur le terrain", "sig"), ("recenser", None)]
    best, *others = BUNDLED.suggest(labels).to_dicts()
    assert (best["term"], best["mended"], best["worse"]) == ("recenser", 2, ["recenser"])
    assert [each["mended"] - len(each["worse"]) for each in (best, *others)] == [1] * (1 + len(others))
    learned = BUNDLED.learn([("un relevé", None)])
    assert all("un relevé" not in each["texts"] for each in learned.suggest(labels[:2]).to_dicts())


def test_nothing_is_suggested_where_all_is_read_right() -> None:
    assert BUNDLED.suggest([("un nouveau site internet", "site_internet")]).height == 0
    assert BUNDLED.suggest([]).columns == ["term", "workshop", "mended", "texts", "worse"]


def test_the_points_of_both_readers_add_up_to_what_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def kept(*of: Any) -> Any:
        seen.append(chances(*of))
        return seen[-1]

    monkeypatch.setattr("prai_match.needs._understanding.chances", kept)
    for text in ("un nouveau site internet", "réfection du toit", TEXT, "SIG"):
        seen.clear()
        rows = BUNDLED.weigh(text)
        best = sorted(seen[0][0])  # of the text as a whole
        assert rows["points"].sum() == pytest.approx(log(best[-1] / best[-2]))
        assert set(rows["workshop"]) == {read_needs(text)["workshop"][0]}


def test_each_part_of_a_text_with_several_needs_has_its_words() -> None:
    text = "1) un SIG, 2) payer la cantine en ligne"
    rows = BUNDLED.weigh(text)
    assert {each for each in rows["workshop"] if each} == {"sig", "teleservices"}
    words = rows.filter(pl.col("workshop") == "teleservices", pl.col("points") > 0)["word"].to_list()
    assert "cantine" in words
    assert "SIG" not in words
    assert set(rows["reader"]) == {"lexicon", "examples"}


def test_nothing_counts_in_an_empty_text() -> None:
    assert BUNDLED.weigh("").height == 0


@given(text=st.text(st.sampled_from("SIG site cantine en ligne pas de déjà, . \n")))
def test_any_text_can_be_weighed(text: str) -> None:
    rows = BUNDLED.weigh(text)
    assert rows["points"].is_finite().all()
    assert (rows["workshop"].is_null() | rows["workshop"].is_in(WORKSHOPS)).all()
