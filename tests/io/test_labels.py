"""Headers as offices write them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from folder_by_hand import records, settings, tables
from prai_match import io
from prai_match.io import _labels
from prai_match.io._schema import TABLES
from prai_match.model import ProgrammeData
from thorough import examples


def taken(table: str, labels: list[str], **chosen: str) -> dict[str, tuple[str | None, str]]:
    """What each label of a table was taken for, and how."""
    frame = pl.DataFrame({label: ["31555"] for label in labels})
    (one,) = [one for one in TABLES if one.name == table]
    return {match.label: (match.column, match.how) for match in _labels.matched(one, frame.columns, chosen)}


def load(needs: list[dict[str, Any]], **options: Any) -> io.Loaded[ProgrammeData]:
    return io.load_tables(settings(), tables(needs=needs), ProgrammeData, **options)


@pytest.mark.parametrize(
    "labels",
    [
        ["collectivity", "date", "text", "people"],
        ["Collectivité", "Date de la demande", "Besoin exprimé", "Nb personnes"],
        ["Nom de la commune", "Date du buffet", "Libellé", "Nombre de participants"],
        ["COMMUNES", "Jour", "BESOINS", "PERSONNES"],
        ["code_insee", "date-de-saisie", "description", "effectif"],
        [" Mairie ", "Date du recueil :", "Verbatim", "Personnes (intéressées)"],
        ["Colectivité", "Date de la demmande", "Besoin exprimmé", "Nombre de personne"],
        ["collectivite", "Date", "Texte\nlibre", "participant"],
    ],
)
def test_labels_are_recognised_by_usual_words_and_in_spite_of_slips(labels: list[str]) -> None:
    if labels[2].startswith("Texte"):
        labels = [*labels[:2], "Texte", labels[3]]
    cells = [["31555", "2007-01-10", "Un site", "4"], ["31149", "2007-02-11", "Un SIG", "3"]]
    loaded = load([dict(zip(labels, row, strict=True)) for row in cells], strict=True)
    assert [(need.collectivity, need.text, need.people) for need in loaded.programme.needs] == [
        ("31555", "Un site", 4),
        ("31149", "Un SIG", 3),
    ]
    headers = loaded.report.headers().filter(pl.col("file") == "needs")
    assert headers["label"].to_list() == labels
    assert headers["column"].to_list() == ["collectivity", "date", "text", "people"]


def test_how_a_label_was_recognised_is_told() -> None:
    assert taken("needs", ["collectivity", "Jour", "Persones", "couleur"]) == {
        "collectivity": ("collectivity", "name"),
        "Jour": ("date", "synonym"),
        "Persones": ("people", "alike"),
        "couleur": (None, "unused"),
    }
    assert taken("attendances", ["Nb élus", "Nb d'agents", "Œuvre"]) == {
        "Nb élus": ("elected", "synonym"),
        "Nb d'agents": ("technicians", "alike"),
        "Œuvre": (None, "unused"),
    }


def test_the_surer_label_has_the_column() -> None:
    assert taken("needs", ["commune", "collectivity"]) == {
        "commune": (None, "unused"),
        "collectivity": ("collectivity", "name"),
    }
    assert taken("needs", ["commune", "code insee"])["code insee"] == (None, "unused")
    assert taken("needs", ["commune", "mairie"], mairie="collectivity") == {
        "commune": (None, "unused"),
        "mairie": ("collectivity", "chosen"),
    }


def test_a_label_as_near_to_two_columns_is_neither() -> None:
    found = taken("attendances", ["Nb élu ou agents", "Nombre d'"])
    assert {column for column, _ in found.values()} == {None}
    # "dat" is near "date" only; "lon" and "lat" are one letter from each other and both known.
    assert taken("territories", ["lat", "lon", "lot"])["lot"] == (None, "unused")


def test_what_the_user_says_goes_first_whatever_its_case_and_accents() -> None:
    found = taken("needs", ["Date", "Élaboré le", "Zone"], **{"elabore LE": "date", "date": "", "zone": "text"})
    assert found == {"Date": (None, "unused"), "Élaboré le": ("date", "chosen"), "Zone": ("text", "chosen")}


def test_a_column_of_reasons_is_passed_over() -> None:
    for label in ("motif", "Reason", "Motif du rejet", "Motifs"):
        assert taken("needs", ["collectivity", label])[label] == (None, "unused")


def test_two_columns_of_one_label_are_the_first(tmp_path: Any) -> None:
    path = tmp_path / "needs.csv"
    path.write_text("commune;date;texte;texte\n31555;2007-01-10;Un site;autre\n", "utf-8")
    loaded = io.load_tables(settings(), tables(needs=path), ProgrammeData)
    assert loaded.programme.needs[0].text == "Un site"
    rows = loaded.report.headers().filter(pl.col("file") == "needs.csv").select("label", "column").rows()
    assert rows == [("commune", "collectivity"), ("date", "date"), ("texte", "text"), ("texte", None)]


@pytest.mark.french
def test_columns_not_used_are_told_in_the_text() -> None:
    report = load([{**records("needs")[0], "Couleur préférée": "vert"}]).report
    assert "Colonnes non utilisées\xa0:\n  needs\xa0: Couleur préférée" in report.text()
    assert "Columns not used:\n  needs: Couleur préférée" in report.text("en")


def test_every_column_and_every_synonym_names_what_it_says() -> None:
    words = _labels._data()["columns"]  # noqa: SLF001 - the data are what is tested
    for table in TABLES:
        for column in (*table.columns, *table.hints):
            assert taken(table.name, [column.name])[column.name] == (column.name, "name")
        own = words.get(table.name, {})
        assert set(own) <= {column.name for column in (*table.columns, *table.hints)}
        for name, synonyms in own.items():
            for synonym in synonyms:
                found, how = taken(table.name, [synonym])[synonym]
                assert how in {"name", "synonym"}, (table.name, synonym)
                assert found == name, (table.name, synonym)
    names = {column.name for table in TABLES for column in (*table.columns, *table.hints)}
    assert set(words) - {"any"} <= {table.name for table in TABLES}
    assert set(words["any"]) <= names


def test_a_usual_word_of_a_table_names_no_other() -> None:
    names = _labels._data()["tables"]  # noqa: SLF001
    assert set(names) == {table.name for table in TABLES}
    keys = [(_labels.key(word), name) for name, words in names.items() for word in (name, *words)]
    owners: dict[str, set[str]] = {}
    for word, name in keys:
        owners.setdefault(word, set()).add(name)
    assert {word: names for word, names in owners.items() if len(names) > 1} == {}


@examples(30)
@given(st.lists(st.text(max_size=12) | st.sampled_from(["date", "Dates", "commune", "texte", "motif"]), max_size=8))
def test_each_column_is_taken_once_and_each_label_told(labels: list[str]) -> None:
    for table in TABLES:
        matches = _labels.matched(table, labels, {})
        assert [match.label for match in matches] == labels
        columns = [match.column for match in matches if match.column]
        assert len(columns) == len(set(columns))
        assert all((match.column is None) == (match.how == "unused") for match in matches)
