"""Registrations in a folder: what isn't one is rejected with its place and reason, and too many of them are warned of."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest

from folder_by_hand import FILES
from prai_match import Programme, io
from prai_match.errors import UnknownFactsWarning
from prai_match.model import Registration

if TYPE_CHECKING:
    from pathlib import Path

ROWS = """\
Session tenue;Commune;Nombre d'inscrits
s1;Toulouse;4
s2;31149;4
s1;Narbonne;4
s1;243100518;0
s1;243100518;-2
s1;243100518;2,5
s1;243100518;six
s1;Toulouse;4
s1;31149;
"""


def with_registrations(folder: Path, text: str) -> Path:
    for name, content in (FILES | {"registrations.csv": text}).items():
        (folder / name).write_bytes(content.encode())
    return folder


def test_what_is_no_registration_is_rejected_with_its_place_and_reason(tmp_path: Path) -> None:
    loaded = io.load(with_registrations(tmp_path, ROWS))
    assert [*loaded.programme.registrations] == [
        Registration(session="s1", collectivity="31555", people=4),
        Registration(session="s1", collectivity="31149", people=None),
    ]
    session, town, people = ROWS.splitlines()[0].split(";")
    english, french = (
        loaded.report.rejections(lang).select("line", "column", "reason").rows() for lang in ("en", "fr")
    )
    assert [(line, column) for line, column, _ in english] == [
        (3, session), (4, town), (5, people), (6, people), (7, people), (8, people), (9, town),
    ]  # fmt: skip
    reasons = {line: (said, dit) for (line, _, said), (_, _, dit) in zip(english, french, strict=True)}
    assert reasons[3] == (
        "'s2' is not a known held or booked session",
        "« s2 » n’est pas une session tenue ou programmée connue",
    )
    assert reasons[4] == (
        "found 'Narbonne', expected a collectivity of the programme (11262 is not one)",
        "« Narbonne » ne convient pas ; il faut une collectivité du programme (11262 n’en fait pas partie)",
    )
    assert reasons[5] == (
        "found 0, expected a value of at least 1", "0 ne convient pas ; il faut une valeur supérieure ou égale à 1",
    )  # fmt: skip
    assert reasons[7] == ("'2,5' is not a whole number", "« 2,5 » n’est pas un nombre entier")
    again = (
        "found '31555', expected a collectivity that isn't registered for this session yet: keep one row",
        "« 31555 » ne convient pas ; il faut une collectivité qui ne soit pas déjà inscrite à cette session : garder une seule ligne",
    )
    assert all(reason.startswith(start) for reason, start in zip(reasons[9], again, strict=True))


def test_more_people_than_seats_are_warned_of(tmp_path: Path) -> None:
    folder = with_registrations(tmp_path, "session;collectivity;people\ns1;Toulouse;20\ns1;Colomiers;41\n")
    with pytest.warns(UnknownFactsWarning, match="more people registered than seats"):
        prog = Programme.load(folder)
    assert len(prog.registrations) == 2
    report = io.load(folder).report
    assert report.consequences("en") == [
        (
            "registrations.csv: 1 session of 1 has more people registered than seats, and the data do not say who will be admitted: "
            "s1 (61 / 60, registrations.csv:2)"
        )
    ]
    assert report.consequences("fr") == [
        (
            "registrations.csv\xa0: 1 session sur 1 a plus d’inscrits que de places, et les données n’indiquent pas lesquels seront admis\xa0: "
            "s1 (61 / 60, registrations.csv:2)"
        )
    ]
    with_registrations(tmp_path, "session;collectivity;people\ns1;Toulouse;20\ns1;Colomiers;40\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(Programme.load(folder).registrations) == 2
