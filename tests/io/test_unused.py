"""A column that isn't recognised is told with what isn't known therefore; one that nothing would use, as such."""

from __future__ import annotations

import csv
import datetime as dt
import io as streams
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from folder_by_hand import FILES, append, change, records, settings, tables
from prai_match import Programme, io
from prai_match.errors import UnknownFactsWarning
from prai_match.io._notices import COLUMNS
from prai_match.io._schema import TABLES
from prai_match.io._writing import encoded
from prai_match.model import ProgrammeData
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.model import Lang

FORMATS = ["csv", "tsv", "xlsx", "ods", "parquet", "json", "frame", "records"]
TRAINERS = [
    {"id": f"f{number}", "organisation": "Agence", "role": "Consultante", "home": "31555", "reach_km": "80", "fee": fee}
    for number, fee in ((1, "450,50"), (2, "600"), (3, ""))
]
RICH: dict[str, list[dict[str, Any]]] = {
    "collectivities": [
        {"code": "31555", "name": "Toulouse", "kind": "commune", "departement": "31", "population": "437715"},
        {"code": "31149", "name": "Colomiers", "kind": "commune", "departement": "31", "population": "30000"},
    ],
    "territories": [
        {
            "id": "243100518",
            "name": "Toulouse Métropole",
            "departement": "31",
            "members": "31555 31149",
            "population": "720000",
            "latitude": "43,6",
            "longitude": "1,44",
        }
    ],
    "partners": [
        {
            "id": "adm31",
            "name": "ADM 31",
            "kind": "adm",
            "departements": "31",
            "carries": "site",
            "sessions_a_year": "6",
            "hosted": "09=3 31=2",
            "brings": "elected technicians",
            "since": "2006-09-01",
            "until": "2008-12-31",
        }
    ],
    "trainers": [
        {
            "id": "f1",
            "organisation": "Agence",
            "role": "Consultante",
            "home": "31555",
            "latitude": "43,61",
            "longitude": "1,45",
            "reach_km": "80",
            "sessions_a_month": "3",
            "fee": "450,50",
            "rating": "3,6",
            "since": "2006-09-01",
            "until": "2008-12-31",
        }
    ],
    "expertise": [{"trainer": "f1", "session": "site", "axes": "commune epci"}],
    "trainer_days": [{"trainer": "f1", "start": "2007-01-01", "end": "2007-03-31", "free": "yes"}],
    "needs": [
        {
            "collectivity": "31555",
            "date": "2007-01-10",
            "channel": "mail",
            "text": "",
            "workshop": "site",
            "axis": "commune",
            "people": "4",
            "score": "62,5",
        },
        {
            "collectivity": "31149",
            "date": "2007-01-11",
            "channel": "phone",
            "text": "Un site",
            "workshop": "",
            "axis": "",
            "people": "5",
            "score": "",
        },
    ],
    "sessions": [
        {
            "id": "s1",
            "session": "site",
            "date": "2006-11-20",
            "booked_on": "2006-10-01",
            "host": "243100518",
            "axis": "commune",
            "partner": "adm31",
            "trainer": "f1",
            "cost": "700,25",
        }
    ],
    "attendances": [
        {
            "collectivity": "31555",
            "session": "site",
            "date": "2006-11-20",
            "elected": "3",
            "technicians": "1",
            "rating": "3,5",
            "held": "s1",
        }
    ],
    "decisions": [
        {
            "date": "2007-02-01",
            "event": "replaced",
            "who": "officer",
            "collectivity": "",
            "territory": "243100518",
            "held": "",
            "session": "site",
            "host": "243100518",
            "partner": "adm31",
            "trainer": "f1",
            "day": "2007-03-01",
            "replaced_by": "decouverte",
            "why": "Salle prise",
        },
        dict.fromkeys(("who", "territory", "host", "partner", "trainer", "day", "replaced_by", "held", "why"), "")
        | {"date": "2007-02-02", "event": "withdrawn", "collectivity": "31555", "session": "site"},
        dict.fromkeys(("who", "territory", "host", "partner", "trainer", "day", "replaced_by", "session", "why"), "")
        | {"date": "2006-10-02", "event": "asked", "held": "s1", "collectivity": ""},
    ],
    "registrations": [{"session": "s1", "collectivity": "31555", "people": 4}],
}
"""Every column of every table, each with something in it."""
OPTIONAL = [
    (table.name, column.name)
    for table in TABLES
    for column in table.columns
    if not column.required and column.name != "score"  # the library writes it, no office has it
]


def source(rows: list[dict[str, Any]], suffix: str, folder: Path, name: str = "trainers") -> Any:
    """Rows as a source of a table."""
    frame = pl.DataFrame(rows)
    if suffix == "frame":
        return frame
    if suffix == "records":
        return rows
    path = folder / f"{name}.{suffix}"
    path.write_bytes(encoded(frame, suffix, sheet=name))
    return path


def renamed(rows: list[dict[str, Any]], old: str, new: str) -> list[dict[str, Any]]:
    return [{new if name == old else name: value for name, value in row.items()} for row in rows]


def loaded(**others: Any) -> io.LoadReport:
    """What is known of a load of the folder by hand with other tables."""
    return io.load_tables(settings(), tables(**others), ProgrammeData).report


def led() -> list[dict[str, str]]:
    return [{"trainer": row["id"], "session": "decouverte", "axes": ""} for row in TRAINERS]


def trainers(rows: list[dict[str, Any]], **options: Any) -> io.LoadReport:
    others = tables(trainers=rows, expertise=led(), trainer_days=[], sessions=[], attendances=[])
    return io.load_tables(settings(), others, ProgrammeData, **options).report


def columns(report: io.LoadReport, lang: Lang = "en") -> list[tuple[str, int, int, str]]:
    """What is told of columns that weren't read."""
    told = report.notices(lang).filter(pl.col("kind").is_in(COLUMNS))
    return [(kind, count, rows, said) for _, kind, count, rows, said in told.iter_rows()]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.french
def test_a_fee_under_another_label_is_told_unknown(tmp_path: Path, suffix: str) -> None:
    given = source(renamed(TRAINERS, "fee", "Tarif journalier"), suffix, tmp_path)
    report = trainers(given)
    said = "Tarif journalier: column not recognised; fee is unknown for 3 of 3 trainers; did you mean fee?"
    dit = "colonne non reconnue ; « tarif » reste inconnu (intervenants : 3 sur 3) ; vouliez-vous dire tarif ?"
    assert columns(report) == [("unrecognised", 3, 3, said)]
    (file,) = report.tables().filter(table="trainers")["file"]
    assert report.consequences("en") == [f"{file}: {said}"]
    assert report.consequences() == [f"{file}\xa0: Tarif journalier\xa0: {dit}"]
    titles: dict[Lang, str] = {"en": "Columns not used", "fr": "Colonnes non utilisées"}
    for lang, title in titles.items():
        assert f"  {report.consequences(lang)[0]}\n" in report.text(lang)
        assert report.text(lang).count(title) == 1
        assert "Tarif journalier" in report.html(lang)


def test_it_is_warned_of_with_its_file(folder: Path) -> None:
    change(folder, "trainers.csv", (";fee;", ";Rémunération;"))
    with pytest.warns(UnknownFactsWarning, match=r"trainers\.csv: Rémunération: .* fee is unknown for 2 of 2 trainers"):
        Programme.load(folder)


@pytest.mark.parametrize(("table", "column"), OPTIONAL)
def test_any_column_under_nonsense_is_told_with_what_isnt_known(table: str, column: str) -> None:
    changed = {**RICH, table: renamed(RICH[table], column, "Zzxq")}
    (said,) = columns(io.load_tables(settings(), changed, ProgrammeData).report)
    assert said[0] == "unrecognised", said
    assert f"{column} " in said[3]


@examples(40)
@given(
    st.sampled_from(OPTIONAL),
    st.text("zxqk", min_size=5, max_size=9),
    st.sampled_from(["{}", "{} 2007", " {} (HT)", "« {} »", "{}\n{}"]),
)
def test_whatever_the_nonsense(fact: tuple[str, str], word: str, shape: str) -> None:
    table, column = fact
    changed = {**RICH, table: renamed(RICH[table], column, shape.format(word, word))}
    (said,) = columns(io.load_tables(settings(), changed, ProgrammeData).report)
    assert said[0] == "unrecognised"
    assert f"{column} " in said[3]


def test_nothing_is_told_where_all_is_recognised() -> None:
    report = io.load_tables(settings(), RICH, ProgrammeData, strict=True).report
    assert report.notices().is_empty()
    assert report.unused() == []


@pytest.mark.parametrize(
    ("label", "cells"),
    [
        ("Observations", ["450", "600", "700"]),
        ("Notes", ["3", "3,5", "4"]),
        ("Téléphone", ["05 61 00 00 00", "05 61 00 00 01", ""]),
        ("Téléphone", ["0561000000", "0561000001", ""]),
        ("SIRET", ["34012345600012", "34012345600020", ""]),
        ("Courriel", ["a@exemple.fr", "b@exemple.fr", ""]),
        ("Couleur préférée", ["vert", "", ""]),
        ("Mis à jour le", ["2007-01-10", "", ""]),
    ],
)
def test_what_nothing_would_use_is_told_without_a_warning(label: str, cells: list[str]) -> None:
    report = trainers([{**row, label: cell} for row, cell in zip(TRAINERS, cells, strict=True)])
    ((kind, count, rows, said),) = columns(report)
    assert (kind, count, rows) == ("unused", sum(cell != "" for cell in cells), 3)
    assert said == f"{label}: column not read, because nothing uses it"
    assert columns(report, "fr")[0][3] == f"{label}\xa0: colonne non lue, car aucune règle ni aucun calcul ne s’en sert"
    assert report.consequences() == []


def test_an_empty_column_is_not_told() -> None:
    assert columns(trainers([{**row, "Tarif journalier": ""} for row in TRAINERS])) == []


def test_a_column_left_out_is_left_out_as_asked() -> None:
    rows = renamed(TRAINERS, "fee", "Tarif journalier")
    report = trainers(rows, columns={"trainers": {"tarif JOURNALIER": ""}})
    assert columns(report) == [("unused", 2, 3, "Tarif journalier: column left out, as requested")]
    assert report.consequences() == []
    assert trainers(rows, columns={"trainers": {"Tarif journalier": "fee"}}).notices().is_empty()


def test_a_second_column_of_a_fact_is_told_by_what_the_first_leaves_open() -> None:
    full = trainers([{**row, "Tarif": "500", "fee": "400"} for row in TRAINERS])
    assert columns(full) == [("unused", 3, 3, "Tarif: column not read, because 'fee' is already read as fee")]
    open_ones = trainers([{**row, "Tarif": "500"} for row in TRAINERS])
    said = "Tarif: column not read, because 'fee' is already read as fee; fee is unknown for 1 of 3 trainers"
    assert columns(open_ones) == [("unrecognised", 1, 3, said)]


def test_a_label_speaks_before_the_cells() -> None:
    rows = [{**row, "Tarif journalier": "3"} for row in renamed(TRAINERS, "fee", "Zzxq")]
    first, second = sorted(said for _, _, _, said in columns(trainers(rows)))
    assert first.endswith("; did you mean fee?")
    assert second.startswith("Zzxq: column not recognised; ")
    several = columns(trainers([{**row, "Zzxq": "3"} for row in TRAINERS]))[0][3]
    assert several == (
        "Zzxq: column not recognised; sessions_a_month is unknown for 3 of 3 trainers, "
        "rating is unknown for 3 of 3 trainers; rename this column sessions_a_month or rating if that is what it holds"
    )


def test_a_label_alone_speaks_where_the_cells_cant_be_read() -> None:
    rows = [{**row, "Tarif journalier": "450 € par jour"} for row in TRAINERS]
    rows = [{name: value for name, value in row.items() if name != "fee"} for row in rows]
    assert columns(trainers(rows))[0][3].endswith("fee is unknown for 3 of 3 trainers; did you mean fee?")
    out_of_range = [{**row, "Note de frais": "120", "sessions_a_month": "3"} for row in TRAINERS]
    assert columns(trainers(out_of_range))[0][0] == "unused"


def test_needs_that_say_nothing_else_are_told_by_the_column_that_isnt_read() -> None:
    rows = [{"Commune": "Toulouse", "Date": "2007-01-10", "Souhait": "Refaire le site"}] * 2
    report = loaded(needs=rows)
    assert report.rejected == 2
    assert "text is unknown for 2 of 2 needs expressed" in report.consequences("en")[0]


def test_what_the_register_gives_instead_is_told() -> None:
    rows = [{"code": "31555", "Hab. 2007": "430000"}, {"code": "31149", "Hab. 2007": "32000"}]
    others = tables(collectivities=[*rows, {"code": "243100518", "Hab. 2007": "700000"}])
    report = io.load_tables(settings(), others, ProgrammeData).report
    assert "population is taken from the register for 3 of 3 collectivities" in report.consequences("en")[0]
    assert "« habitants » est pris dans le référentiel (collectivités : 3 sur 3)" in report.consequences("fr")[0]
    other = [{**row, "Superficie": "118"} for row in records("collectivities")]
    assert loaded(collectivities=other).consequences() == []


def test_rows_that_are_rejected_for_want_of_it_are_told_too() -> None:
    rows = [{"Commune": "Saint-Rémy", "Date": "2007-01-10", "Texte": "Un site", "Zzxq": "12"}] * 2
    report = loaded(needs=[*rows, {**rows[0], "Commune": "Toulouse", "Zzxq": "31"}])
    assert report.rejected == 2
    (said,) = report.consequences("en")
    assert "departement is unknown for 2 of 3 needs expressed" in said
    known = [{"Commune": "Toulouse", "Date": "2007-01-10", "Texte": "Un site", "Région": "Occitanie"}]
    assert loaded(needs=known).consequences() == []
    towns = [{"Nom": "Saint-Rémy", "Code officiel ancien": "01385"}, *records("collectivities")]
    towns = [{"Nom": row.get("name", row.get("Nom")), **row} for row in towns]
    towns = [{name: row.get(name) for name in ("Nom", "Zzxq", "code")} | {"Zzxq": "01"} for row in towns]
    assert "departement is unknown for 1 of 4 collectivities" in loaded(collectivities=towns).consequences("en")[0]


def test_territories_that_the_register_doesnt_know_are_told() -> None:
    first, _ = records("territories")
    own = [{**first, "id": "T1", "population": "", "Zzxq": "470000"}]
    report = loaded(territories=own, collectivities=records("collectivities")[:2], sessions=[], attendances=[])
    assert report.rejected > 0
    assert "population is unknown for 1 of 1 territories" in report.consequences("en")[0]


ODD = [
    pl.Series([dt.timedelta(days=1)] * 3),
    pl.Series([dt.time(9)] * 3),
    pl.Series([dt.datetime(2007, 1, 1, tzinfo=dt.UTC)] * 3),
    pl.Series([b"a"] * 3),
    pl.Series([[1, 2], [], None], dtype=pl.List(pl.Int64)),
    pl.Series([{"a": 1}, {"a": None}, None]),
    pl.Series([[{"a": 1}]] * 3),
    pl.Series([True, None, False]),
    pl.Series(["a", "b", None], dtype=pl.Categorical),
    pl.Series([float("inf"), float("nan"), -1e308]),
    pl.Series([2**63, 1, None], dtype=pl.UInt64),
    pl.Series([None] * 3),
    pl.Series([object()] * 3, dtype=pl.Object),
    pl.Series(["450", None, "x"], dtype=pl.String),
]


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_columns_of_any_type_are_told(table: str) -> None:
    names = [column.name for one in TABLES if one.name == table for column in one.columns if column.required] or [
        "code"
    ]
    rows = 3 if table in {"needs", "attendances", "decisions"} else 1
    frame = pl.DataFrame([{name: RICH[table][0][name] for name in names}] * rows)
    odd = [cells[:rows].alias(f"Zzxq {order}") for order, cells in enumerate(ODD)]
    told = columns(io.load_tables(settings(), {**RICH, table: frame.with_columns(odd)}, ProgrammeData).report)
    assert len(told) == sum(cells.count() > 0 for cells in odd)


def test_a_column_without_a_label_is_told_by_its_place(folder: Path) -> None:
    text = FILES["trainers.csv"].replace(";fee;", ";;")
    (folder / "trainers.csv").write_text(text, "utf-8")
    (told,) = io.load(folder).report.consequences("en")
    assert told.startswith("trainers.csv: column 9 (no heading): column not recognised; fee is unknown")


def test_every_file_of_a_table_has_its_own(folder: Path) -> None:
    rows = list(csv.reader(streams.StringIO(FILES["needs.csv"]), delimiter=";"))
    labels = ";".join(rows[0]).replace("people", "Combien")
    (folder / "needs.2.csv").write_text(f"{labels}\n31555;2007-04-01;mail;Un site;;;12\n", "utf-8")
    append(folder, "needs.csv", "31555;2007-05-01;mail;Un blog;;;\n")
    (told,) = io.load(folder).report.consequences("en")
    assert told.startswith("needs.2.csv: Combien: column not recognised; people is unknown for 1 of 1 needs")


def test_a_long_label_is_one_short_line() -> None:
    rows = [{**row, "a\n" * 300: "x"} for row in TRAINERS]
    ((_, _, _, said),) = columns(trainers(rows))
    assert "\n" not in said
    assert len(said) < 140


def test_no_column_is_asked_for_what_the_library_writes_itself() -> None:
    rows = [{"Commune": "Toulouse", "Date": "2007-01-10", "Demande": "Refaire le site", "Combien": 5}] * 2
    (said,) = loaded(needs=rows).consequences("en")
    assert said.endswith(
        "people is unknown for 2 of 2 needs expressed; rename this column people if that is what it holds"
    )
