"""Cells as offices write them: what each kind of column takes, and what it refuses."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, strategies as st

from folder_by_hand import records, settings, tables
from prai_match import io
from prai_match.model import ProgrammeData
from thorough import examples

NARROW, THIN, HARD = "\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{NARROW NO-BREAK SPACE}"
NEED = {"collectivity": "31555", "date": "2007-01-10", "text": "Un site"}
NONE = {name: pl.DataFrame(records(name)).clear() for name in ("sessions", "attendances")}
SESSION = {"session": "decouverte", "date": "2006-11-20", "host": "T1"}


def read(table: str, column: str, rows: list[dict[str, Any]]) -> tuple[list[Any], io.LoadReport]:
    """What each row of a table has in a column; None where the row was rejected."""
    loaded = io.load_tables(settings(), tables(attendances=NONE["attendances"]) | {table: rows}, ProgrammeData)
    lines = set(loaded.report.rejections()["line"])
    accepted = iter(getattr(loaded.programme, table))
    values = [None if line in lines else getattr(next(accepted), column) for line in range(1, len(rows) + 1)]
    assert next(accepted, None) is None
    return values, loaded.report


def dates(*cells: Any) -> list[Any]:
    return read("needs", "date", [NEED | {"date": cell} for cell in cells])[0]


def amounts(*cells: Any) -> list[Any]:
    rows = [SESSION | {"id": f"s{number}", "cost": cell} for number, cell in enumerate(cells)]
    return read("sessions", "cost", rows)[0]


def integers(*cells: Any) -> list[Any]:
    return read("needs", "people", [NEED | {"people": cell} for cell in cells])[0]


def test_french_and_iso_dates() -> None:
    third = dt.date(2007, 9, 3)
    written = ["2007-09-03", "03/09/2007", "3/9/2007", "03-09-2007", "03.09.2007", "03 09 2007", " 03/09/2007 "]
    written += ["3 septembre 2007", "3 Septembre 2007", "3 sept. 2007", "3-sept-07", "lundi 3 septembre 2007"]
    written += ["lun. 3 sept. 2007", "Lundi 3 SEPTEMBRE 2007", "2007-09-03T00:00:00", "2007-09-03 00:00:00.000000"]
    written += ["03/09/2007 00:00", "2007-9-3"]
    assert dates(*written) == [third] * len(written)
    assert dates("1er mars 2007", "dimanche 1er avril 2007") == [dt.date(2007, 3, 1), dt.date(2007, 4, 1)]
    assert dates("15 août 2007", "15 AOÛT 2007", "15 aout 2007") == [dt.date(2007, 8, 15)] * 3
    assert dates("2 fév. 2007", "2 déc 2007", "2 juil. 2007") == [
        dt.date(2007, 2, 2),
        dt.date(2007, 12, 2),
        dt.date(2007, 7, 2),
    ]


def test_years_of_two_digits_are_of_this_century_below_69() -> None:
    assert dates("3-9-07", "3/9/07", "03.09.07", "3 sept 07") == [dt.date(2007, 9, 3)] * 4
    assert dates("03/09/68", "03/09/69", "03/09/99") == [
        dt.date(2068, 9, 3),
        dt.date(1969, 9, 3),
        dt.date(1999, 9, 3),
    ]


def test_impossible_days_and_other_texts_are_no_dates() -> None:
    wrong = ["31/02/2007", "2007-02-30", "31/13/2007", "03/31/2007", "30 février 2007", "20070903", "39092", "2007"]
    wrong += ["septembre 2007", "09/2007", "3 foo 2007", "2007-W36-1", "demain", "0/0/0000", ""]
    assert dates(*wrong) == [None] * len(wrong)


def test_the_hour_beside_a_day_is_left_out() -> None:
    day = dt.date(2007, 3, 12)
    written = ["12/03/2007 14:30", "12/03/2007 14h30", "2007-03-12T10:00:00", "2007-03-12 00:00:00+01:00"]
    assert dates(*written) == [day] * len(written)


@examples(10)
@given(st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31)))
def test_a_day_is_read_the_same_however_it_is_written(day: dt.date) -> None:
    iso, slash, long = (
        day.isoformat(),
        f"{day.day}/{day.month:02}/{day.year:04}",
        f"{day.day} {MONTHS[day.month - 1]} {day.year:04}",
    )
    assert dates(iso, slash, long, day, dt.datetime.combine(day, dt.time())) == [day] * 5


MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre"]
MONTHS += ["décembre"]


def test_amounts_with_separators_and_euros() -> None:
    written = [
        "1250,5",
        "1250.50",
        "1 250,50",
        f"1{NARROW}250,50",
        f"1{THIN}250,50",
        f"1{HARD}250,50 €",
        "1 250,50 EUR",
    ]
    written += ["1250,50€", f"1250,5{HARD}€", "1250,5 euros", "1.250,50", "1,250.50", "+1250,5"]
    assert amounts(*written) == [Decimal("1250.50")] * len(written)
    assert amounts("1.234.567", "1 234 567 €", "1,234,567") == [Decimal(1_234_567)] * 3
    assert amounts("0", "0,125", "0.30000000000000004", "") == [0, Decimal("0.12"), Decimal("0.30"), None]


def test_what_may_be_a_thousand_or_one_is_no_amount() -> None:
    assert amounts("1.250", "1,250", "1.250 €", "12,345", "1 250") == [None, None, None, None, 1250]


def test_other_texts_are_no_amounts() -> None:
    wrong = ["gratuit", "1e3", "1 25", "12 00,5", "k€", "€", "1_000", "٣", "inf", "nan", "9" * 50, "1,2,3", "12 €/j"]
    assert amounts(*wrong) == [None] * len(wrong)


def test_whole_numbers() -> None:
    assert integers("12", "12,0", "12.0", "12,00", " 12 ", "012", "+12") == [12] * 7
    places = [
        territory | {"population": cell}
        for territory, cell in zip(records("territories"), ["1 200", f"1{HARD}200,0"], strict=True)
    ]
    assert read("territories", "population", places)[0] == [1200, 1200]
    assert integers("") == [None]
    wrong = ["1,000", "1.000", "12,5", "12 habitants", "douze", "1e3", "٣", "9" * 30]
    assert integers(*wrong) == [None] * len(wrong)


@pytest.mark.parametrize("value", [3, 3.0, "3", Decimal("3.00"), "3,0"])
def test_whole_numbers_of_other_types(value: Any) -> None:
    assert integers(value) == [3]


def test_yes_and_no() -> None:
    days: list[tuple[Any, int | None]] = [
        ("yes", 1),
        ("oui", 1),
        ("Oui", 1),
        ("X", 1),
        ("x", 1),
        ("1", 1),
        ("vrai", 1),
        (True, 1),
        ("O", 1),
    ]
    days += [("no", 0), ("non", 0), ("NON", 0), ("0", 0), ("faux", 0), (False, 0), ("n", 0)]
    days += [("peut-être", None), ("", None), ("✓", None), ("2", None)]
    for cell, expected in days:
        row = {"trainer": "f1", "start": "2007-01-01", "end": "2007-01-02", "free": cell}
        loaded = io.load_tables(settings(), tables(trainer_days=[row]), ProgrammeData)
        trainer = loaded.programme.trainers[0]
        assert (len(trainer.free), len(trainer.taken)) == {1: (1, 0), 0: (0, 2), None: (0, 0)}[expected], cell
        assert loaded.report.rejected == (expected is None)


@pytest.mark.parametrize(
    "cell", ["31 09", "31, 09", "31;09", "31|09", "31\n09", " 31 ,, 9 ", "Haute-Garonne; Ariège", ["31", "09"]]
)
def test_lists(cell: Any) -> None:
    partner = {"id": "p", "name": "P", "kind": "adm", "departements": cell}
    loaded = io.load_tables(
        settings(),
        tables(partners=[partner], sessions=NONE["sessions"], attendances=NONE["attendances"]),
        ProgrammeData,
    )
    assert loaded.programme.partners[0].departements == ("31", "09")
    assert not loaded.report.rejected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("09=3", [("09", 3)]),
        ("09:3", [("09", 3)]),
        ("09=3 31=2", [("09", 3), ("31", 2)]),
        ("09 : 3, 2A:12", [("09", 3), ("2A", 12)]),
        ("971=1; 31=0", [("971", 1), ("31", 0)]),
        ([{"departement": "09", "sessions": 3}], [("09", 3)]),
        ("", []),
        ("09-3", None),
        ("09=3 et 31=2", None),
        ("09=", None),
    ],
)
def test_sessions_by_departement(cell: Any, expected: list[tuple[str, int]] | None) -> None:
    partner = {"id": "p", "name": "P", "kind": "adm", "departements": "31", "hosted": cell}
    loaded = io.load_tables(
        settings(),
        tables(partners=[partner], sessions=NONE["sessions"], attendances=NONE["attendances"]),
        ProgrammeData,
    )
    hosted = [[(one.departement, one.sessions) for one in partner.hosted] for partner in loaded.programme.partners]
    assert hosted == ([] if expected is None else [expected])


def test_what_was_mended_is_counted_with_an_example() -> None:
    rows = [NEED | {"date": "2007-09-03"}, NEED | {"date": "03/09/2007"}, NEED | {"date": "4/9/07", "people": "12,0"}]
    report = read("needs", "date", rows)[1]
    mine = report.repairs("en").filter(pl.col("file") == "needs")
    assert mine.rows() == [
        ("needs", "date", "dates not written as 2007-03-31", 2, "03/09/2007 → 2007-09-03"),
        ("needs", "people", "whole numbers written differently", 1, "12,0 → 12"),
    ]


@examples(15)
@given(
    st.lists(
        st.text(max_size=12) | st.sampled_from(["3/9/07", "12,0", "1 250 €", "oui", "x", "31555"]),
        min_size=1,
        max_size=6,
    )
)
def test_any_text_in_any_column_is_read_or_rejected(cells: list[str]) -> None:
    rows = [
        NEED | dict.fromkeys(("date", "people", "channel", "axis", "workshop", "collectivity"), cell) for cell in cells
    ]
    held = [SESSION | {"id": f"s{n}", "cost": cell, "partner": cell, "booked_on": cell} for n, cell in enumerate(cells)]
    days = [{"trainer": "f1", "start": "2007-01-01", "end": cell, "free": cell} for cell in cells]
    partner = [
        {"id": f"p{n}", "name": "P", "kind": cell, "departements": cell, "hosted": cell} for n, cell in enumerate(cells)
    ]
    given = tables(needs=rows, sessions=held, trainer_days=days, partners=partner, attendances=NONE["attendances"])
    report = io.load_tables(settings(), given, ProgrammeData).report
    assert report.read == report.accepted + report.rejected
    assert report.read + report.set_aside().height == sum(len(rows) for rows in given.values())
