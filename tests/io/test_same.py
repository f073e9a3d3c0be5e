"""Rows that are equal, and identifiers and names that people take for the same, are told; both stay what they are."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from folder_by_hand import append, records, settings, tables
from prai_match import io
from prai_match.io._writing import encoded
from prai_match.model import ProgrammeData
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.model import Lang

NEED = {"collectivity": "31555", "date": "2007-01-10", "text": "Un site", "people": "4"}
CAME = {"collectivity": "31555", "session": "decouverte", "date": "2006-11-20", "elected": "3", "technicians": "1"}
DAYS = {"trainer": "f1", "start": "2007-02-12", "end": "2007-02-14", "free": "no"}


def told(kind: str, report: io.LoadReport, lang: Lang = "en") -> list[tuple[str, int, int, str]]:
    """What is told of a kind: the file, how many, of how many, in words."""
    return report.notices(lang).filter(kind=kind).drop("kind").rows()


def loaded(**others: Any) -> io.LoadReport:
    return io.load_tables(settings(), tables(**others), ProgrammeData).report


@pytest.mark.parametrize("suffix", ["csv", "tsv", "xlsx", "ods", "parquet", "json", "frame", "records"])
def test_equal_rows_are_told_with_their_places(tmp_path: Path, suffix: str) -> None:
    rows = [NEED, {**NEED, "people": "5"}, {**NEED, "collectivity": "Toulouse", "date": "10/01/2007"}, NEED]
    given: Any = rows
    if suffix == "frame":
        given = pl.DataFrame(rows)
    elif suffix != "records":
        given = tmp_path / f"needs.{suffix}"
        given.write_bytes(encoded(pl.DataFrame(rows), suffix, sheet="needs"))
    report = loaded(needs=given)
    ((file, count, whole, said),) = told("twice", report)
    first = int(said.rsplit(":", 1)[1]) - 1
    assert (count, whole) == (2, 4)
    assert said == (
        "2 rows of 4 (needs expressed) are identical to an earlier one in every column that is read, "
        f"{file}:{first}, {file}:{first + 1}"
    )
    assert told("twice", report, "fr")[0][3].startswith(
        "2 lignes sur 4 (besoins exprimés) sont identiques à une ligne précédente"
    )
    assert report.accepted == report.read
    assert report.consequences() == []
    assert said in report.text("en")
    assert said in report.html("en")


@pytest.mark.parametrize(("table", "row"), [("attendances", CAME), ("trainer_days", DAYS)])
def test_so_are_those_of_other_tables(table: str, row: dict[str, str]) -> None:
    report = loaded(**{table: [row, row]})
    assert [count for _, count, _, _ in told("twice", report)] == [1]
    assert report.rejected == 0


def test_of_equal_rows_what_isnt_read_may_differ() -> None:
    assert told("twice", loaded(needs=[{**NEED, "Contact": "a"}, {**NEED, "Contact": "b"}]))
    assert not told("twice", loaded(needs=[NEED, {**NEED, "text": "un site"}]))


def test_equal_rows_of_two_files_are_told(folder: Path) -> None:
    text = "collectivity;date;text\n31555;2007-04-01;Un site\n"
    (folder / "needs.2007.csv").write_text(text, "utf-8")
    append(folder, "needs.csv", "31555;2007-04-01;other;Un site;;;\n")
    ((file, count, rows, said),) = told("twice", io.load(folder).report)
    assert (file, count, rows) == ("needs.2007.csv, needs.csv", 1, 4)
    assert said.endswith("needs.csv:6")


def test_many_are_told_by_the_first() -> None:
    ((_, count, _, said),) = told("twice", loaded(needs=[NEED] * 40))
    assert count == 39
    assert said.count("needs:") == 5
    assert said.endswith(", …")


DAY = st.dates(dt.date(2007, 1, 1), dt.date(2007, 1, 2))
ROW = st.fixed_dictionaries(
    {"collectivity": st.sampled_from(["31555", "31149"]), "date": DAY, "people": st.sampled_from([None, 1, 2])}
)


@examples(60)
@given(st.lists(ROW, max_size=9))
def test_they_are_told_where_rows_are_equal_and_nowhere_else(rows: list[dict[str, Any]]) -> None:
    needs = [{**row, "date": row["date"].isoformat(), "text": "x"} for row in rows]
    report = loaded(needs=needs) if needs else loaded()
    again = len(rows) - len({frozenset(row.items()) for row in rows})
    assert sum(count for _, count, _, _ in told("twice", report)) == again
    assert report.rejected == 0


def twins(table: str, key: str, one: str, other: str, **changes: str) -> list[dict[str, Any]]:
    first = records(table)[0]
    return [{**first, key: one}, {**first, key: other, **changes}]


def test_identifiers_that_differ_by_case_are_told() -> None:
    led = [{"trainer": trainer, "session": "decouverte", "axes": ""} for trainer in ("f1", "F1")]
    others = {"trainers": twins("trainers", "id", "f1", "F1"), "expertise": led, "sessions": [], "attendances": []}
    report = loaded(**others)
    said = "id (trainers): values that differ only by case, accents or spaces, f1 (trainers:1) / F1 (trainers:2)"
    assert told("alike", report) == [("trainers", 2, 2, said)]
    french = "id (intervenants) : valeurs qui ne diffèrent que par les majuscules, les accents ou les espaces, f1 (trainers:1)"
    assert told("alike", report, "fr")[0][3].startswith(french)
    assert report.consequences() == []
    assert report.rejected == 0


def test_so_are_those_of_partners_territories_and_sessions() -> None:
    partners = twins("partners", "id", "adm31", "ADM31", name="Autre")
    assert len(told("alike", loaded(partners=partners))) == 1
    held = twins("sessions", "id", "s1", "S1")
    assert len(told("alike", loaded(sessions=held))) == 1
    first, second = records("territories")
    report = loaded(territories=[first, {**second, "id": "t1"}])
    assert [file for file, _, _, _ in told("alike", report)] == ["territories"]


@pytest.mark.parametrize("name", ["adm 31", "Adm  31", "ADM31", "ÀDM 31", "ADM\xa031", "ADM 31"])
def test_names_of_partners_that_are_the_same_are_told(name: str) -> None:
    report = loaded(partners=twins("partners", "id", "adm31", "cg31", name=name))
    ((_, count, rows, said),) = told("alike", report)
    assert (count, rows) == (2, 2)
    assert said.startswith("name (relay partners): values that differ only by case, accents or spaces")


@pytest.mark.parametrize("name", ["ADM 32", "ADM-31", "ADM"])
def test_names_that_differ_by_more_are_not_told(name: str) -> None:
    assert told("alike", loaded(partners=twins("partners", "id", "adm31", "cg31", name=name))) == []


def test_identifiers_and_names_of_the_catalogue_are_told(folder: Path) -> None:
    text = (folder / "programme.toml").read_text("utf-8")
    more = """
[[catalogue.workshops]]
id = "Site"
name = { fr = "SITE", en = "Other" }
core = { fr = "Tronc", en = "Core" }
theme = "web"
axes = [
  { id = "a", name = { fr = "Équipe", en = "Team" } },
  { id = "A", name = { fr = "equipe", en = "Squad" } },
]

[[catalogue.follow_ups]]"""
    (folder / "programme.toml").write_text(text.replace("[[catalogue.follow_ups]]", more.lstrip(), 1), "utf-8")
    said = [said for _, _, _, said in told("alike", io.load(folder).report)]
    assert [words.partition(" ")[0] for words in said] == ["id", "name.fr", "id", "name.fr"]
    assert "site (programme.toml:27.catalogue.workshops[1].id) / Site (programme.toml:" in said[0]
    assert "Équipe (programme.toml:" in said[3]


FOLD = {"é": "e", "É": "e", "E": "e", "A": "a"}
WORD = st.text("aAeéÉ 1\xa0", min_size=1, max_size=4).filter(lambda text: text.strip() != "")


@examples(60)
@given(st.lists(WORD, min_size=1, max_size=5))
def test_names_are_told_where_they_are_alike_and_nowhere_else(names: list[str]) -> None:
    first = records("partners")[0]
    partners = [{**first, "id": f"p{number}", "name": name} for number, name in enumerate(names)]
    partners = [{**first, "name": "unlike"}, *partners]
    report = loaded(partners=partners)
    plain = ["".join(FOLD.get(letter, letter) for letter in name if letter not in " \xa0") for name in names]
    alike = sum(plain.count(word) > 1 for word in plain)
    assert sum(count for _, count, _, _ in told("alike", report)) == alike


def test_names_of_collectivities_may_be_those_of_others() -> None:
    rows = [*records("collectivities"), {"code": "01385"}, {"code": "12242"}]
    assert told("alike", loaded(collectivities=rows)) == []
