"""The second readers that are shipped: what they learned from, and that the same texts give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import build_readers
from _needs.learning import Labelled, learn_all
from build_readers import TABLES, known, main, target
from needs.jardin import lexicon
from prai_match import Programme
from prai_match.needs import _classification, classify, read_needs
from prai_match.needs._reader import ExampleReader

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SHIPPED = sorted(TABLES)
GARDEN = [
    Labelled("des outils pour la commune", (("outillage", "wanted"),), "a"),
    Labelled("une cuisine avec un four", (("cuisine", "wanted"),), "b"),
    Labelled("un four. pas de tomates", (("cuisine", "wanted"), ("jardin", "refused")), "b"),
    Labelled("planter des tomates au jardin", (("jardin", "wanted"),), "c"),
    Labelled("voir la lune. un four neuf", (("astronomie", "wanted"), ("cuisine", "wanted")), "d"),
    Labelled("la lune, on l'a déjà", (("astronomie", "has"),), "d"),
    Labelled("un toit qui fuit", (), "a"),
]


def test_the_shipped_readers_are_what_is_learned() -> None:
    learned = build_readers.built()
    assert {region: target(region).read_bytes() == data for region, data in learned.items()} == dict.fromkeys(
        TABLES, True
    ), "run scripts/build_readers.py"


@pytest.mark.parametrize("region", SHIPPED)
def test_a_shipped_reader_is_read_and_written_as_the_same_bytes(region: str) -> None:
    data = target(region).read_bytes()
    assert ExampleReader.unpacked(data).packed() == data
    assert len(data) < 700_000


def test_the_same_texts_give_the_same_bytes() -> None:
    first, second, other = (learn_all([(lexicon(), texts)])[0] for texts in (GARDEN, GARDEN, GARDEN[:-1]))
    assert first.packed() == second.packed() != other.packed()


def test_catalogues_share_what_tells_whether_something_is_wanted() -> None:
    both = learn_all([(lexicon(), GARDEN), (lexicon(), GARDEN[:4])])
    assert both[0].stances is both[1].stances
    assert both[0].topics.points.tobytes() == learn_all([(lexicon(), GARDEN)])[0].topics.points.tobytes()
    assert both[1].topics.points.tobytes() != both[0].topics.points.tobytes()


@pytest.mark.parametrize("region", SHIPPED)
def test_no_reader_learns_from_texts_that_only_measure(region: str) -> None:
    groups = {each.group for each in known(region)}
    assert len(groups) >= 12
    assert not [group for group in groups if "aside" in group or "unseen" in group]
    assert all(group.startswith((f"{region}_known_", *TABLES[region])) for group in groups)


def test_labels_are_read_with_their_stances(tmp_path: Path) -> None:
    table = tmp_path / "everyday.csv"
    rows = 'a;"sig/cadastre teleservices:question site_internet:refused";mail\nb;"";note\n'
    table.write_text(f"text;needs;register\n{rows}", "utf-8")
    phrases = tmp_path / "phrases.csv"
    phrases.write_text("text;label\nc;sig\nd;none\n", "utf-8")
    assert [*build_readers.texts(table), *build_readers.texts(phrases)] == [
        ("a", (("sig", "wanted"), ("teleservices", "wanted"), ("site_internet", "refused")), "everyday"),
        ("b", (), "everyday"),
        ("c", (("sig", "wanted"),), "phrases"),
        ("d", (), "phrases"),
    ]


def test_a_check_writes_nothing_and_fails_if_a_reader_would_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(build_readers, "target", lambda region: tmp_path / f"reader_{region}.bin")
    monkeypatch.setattr(build_readers, "built", lambda: {"here": b"1" * 2000})
    assert main(["--check"]) == 1
    assert not list(tmp_path.iterdir())
    assert main([]) == 0
    assert main(["--check"]) == 0
    told = capsys.readouterr().out
    assert told.count("reader_here.bin: 2 kB, changed\n") == 2
    assert told.count("reader_here.bin: 2 kB\n") == 1


def test_a_text_is_read_alike_alone_and_among_others() -> None:
    texts = [
        "Le site internet ne nous intéresse plus. Nous voulons le cadastre sur ordinateur.",
        "un SIG.",
        "Nous voulons le SIG et la signature électronique.",
        "pas de",
        "site internet",
    ]
    together = read_needs(texts)
    for place, text in enumerate(texts):
        assert read_needs(text).drop("text").rows() == together.filter(pl.col("text") == place).drop("text").rows()


@pytest.mark.parametrize("read", [classify, read_needs])
def test_texts_are_read_alike_in_one_batch_and_in_several(
    read: Callable[[list[str | None]], pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["un SIG", None, "Pas de site internet", "", "un SIG", "réfection du toit", "payer la cantine en ligne"]
    whole = read(texts)
    monkeypatch.setattr(_classification, "_BATCH", 2)
    assert read(texts).rows() == whole.rows()
    assert read([]).is_empty()


@pytest.mark.parametrize("region", SHIPPED)
def test_the_strong_terms_of_a_lexicon_are_read_alone(region: str) -> None:
    lexicon = Programme.example(region).lexicon
    strong = [term for term in lexicon.compiled.table.terme if term.niveau == "fort"]
    terms = [(phrase, term.atelier) for term in strong for phrase in term.mots if "{" not in phrase]
    named = classify([phrase for phrase, _ in terms], lexicon)["workshop"]
    missed = [phrase for (phrase, workshop), read in zip(terms, named, strict=True) if read != workshop]
    assert len(missed) <= 0.015 * len(terms), missed


@pytest.mark.parametrize("row", ["x" * 31, "x" * 100, "x" * 10_000])
def test_a_row_of_letters_does_not_outweigh_the_words(row: str) -> None:
    columns = ["workshop", "axis", "polarity", "score"]
    expected = read_needs(f"refonte du site internet {'x' * 30}").select(columns).rows()
    assert read_needs(f"refonte du site internet {row}").select(columns).rows() == expected
    assert expected[0][:3] == ("site_internet", "refonte", "wanted")
