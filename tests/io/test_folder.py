from __future__ import annotations

import csv
import datetime as dt
import os
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from folder_by_hand import change, name_lexicon
from prai_match import io, register
from prai_match.errors import Lang, PraiError, ProgrammeError
from prai_match.files import read_settled
from prai_match.model import Expertise, HostingRecord, Need, Pace, Period, ProgrammeData, RelayPace


def test_a_folder_written_by_hand_is_read(folder: Path) -> None:
    programme = io.load(folder).programme
    assert programme.euros_per_km == Decimal("0.41")
    assert programme.budget is not None
    assert programme.budget.total == 300_000
    assert programme.catalogue.buffets[0].cost == Decimal("650.10")
    assert programme.territories[0].members == ("31555", "31149")
    assert programme.territories[1].name == "La métropole; avec\nun retour"
    assert (programme.territories[1].latitude, programme.territories[1].longitude) == (43.6, -1.44)
    assert programme.partners[0].hosted == (
        HostingRecord(departement="09", sessions=3),
        HostingRecord(departement="31", sessions=2),
    )
    assert programme.partners[1].brings == ()
    assert programme.needs[0].text == 'Un site "clair"\n\npour les habitants'
    assert programme.needs[1] == Need(
        collectivity="31149", date=dt.date(2007, 2, 11), text="=1+1", workshop="site", axis="commune"
    )
    assert programme.sessions[0].cost == Decimal("700.25")
    assert programme.attendances[0].rating == 3.5


def test_trainers_come_from_three_tables_and_the_register(folder: Path) -> None:
    first, second = io.load(folder).programme.trainers
    assert first.expertise == (Expertise(session="site", axes=("commune", "epci")), Expertise(session="decouverte"))
    assert first.free == (Period(start=dt.date(2007, 1, 1), end=dt.date(2007, 3, 31)),)
    assert first.taken == (dt.date(2007, 2, 12), dt.date(2007, 2, 13), dt.date(2007, 2, 14))
    assert (first.latitude, first.longitude) == (43.61, 1.45)
    assert (second.latitude, second.longitude) == register.get("46042").position
    assert (second.sessions_a_month, second.fee, second.rating) == (None, None, None)


@pytest.mark.parametrize(
    ("code", "kind"), [("13201", "arrondissement_municipal"), ("01340", "former_commune"), ("31555", "commune")]
)
def test_a_home_may_be_a_part_of_a_commune(folder: Path, code: str, kind: register.Kind) -> None:
    path = folder / "trainers.csv"
    path.write_text(path.read_text("utf-8").replace("46042", code), "utf-8")
    trainer = io.load(folder).programme.trainers[1]
    assert (trainer.latitude, trainer.longitude) == register.get(code, kind).position


def test_optional_tables_columns_and_cells_may_be_missing(folder: Path) -> None:
    for name in ("partners", "trainers", "expertise", "trainer_days", "sessions", "attendances"):
        (folder / f"{name}.csv").unlink()
    # Columns in another order, a row cut short, a row without content, and empty cells too many.
    (folder / "needs.csv").write_text(
        "date;collectivity;text;people;\n2007-01-10;31555;Un site\n;;;;\n2007-01-11;31149;Un SIG;3;;\n"
    )
    programme = io.load(folder).programme
    assert not any((programme.partners, programme.trainers, programme.sessions, programme.attendances))
    assert [(need.text, need.people) for need in programme.needs] == [("Un site", None), ("Un SIG", 3)]


def test_an_empty_table_is_there(folder: Path) -> None:
    (folder / "needs.csv").write_text("collectivity;date;text\n")
    (folder / "sessions.csv").unlink()
    (folder / "attendances.csv").unlink()
    report = io.load(folder).report
    assert report.missing == ("sessions", "attendances", "decisions", "registrations")
    assert report.tables().filter(table="needs")["file", "read"].rows() == [("needs.csv", 0)]
    said: dict[Lang, tuple[str, str]] = {
        "fr": ("Tables absentes", "participations"),
        "en": ("Missing tables", "attendances"),
    }
    for lang, (title, name) in said.items():
        assert name in report.text(lang).partition(title)[2]
        assert title in report.html(lang).replace("&#39;", "'").replace("&#x27;", "'")


def test_a_pace_is_written_and_read_in_part(folder: Path, tmp_path: Path) -> None:
    change(folder, "programme.toml", ("[budget]", "[pace.relay]\nper_month = 3\n\n[budget]"))
    programme = io.load(folder, strict=True).programme
    assert programme.pace == Pace(relay=RelayPace(per_month=3))
    assert programme.pace.relay.per_day == 1
    assert io.load(io.save(programme, tmp_path / "again"), strict=True).programme == programme
    change(folder, "programme.toml", ("per_month = 3", "per_month = 3\nper_week = 4"))
    with pytest.raises(ProgrammeError, match=r"programme.toml:47.pace.relay.per_month: found 3, expected at least 4"):
        io.load(folder)


def test_a_column_left_out_takes_the_default_where_an_empty_list_is_empty(folder: Path) -> None:
    (folder / "partners.csv").write_text("id;name;kind;departements\nadm31;ADM 31;adm;31\n")
    assert io.load(folder).programme.partners[0].brings == ("elected",)


@pytest.mark.parametrize("name", ["programme.toml", "needs.csv", "collectivities.csv"])
def test_byte_order_marks_and_windows_line_ends_change_nothing(folder: Path, name: str) -> None:
    expected = io.load(folder).programme
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(b"\xef\xbb\xbf" + data)
    assert io.load(folder).programme == expected
    rows = data if name == "needs.csv" else data.replace(b"\n", b"\r\n")  # a need keeps its own line ends
    (folder / name).write_bytes(rows)
    assert io.load(folder).programme == expected


def test_the_class_asked_for_is_built(folder: Path) -> None:
    class Region(ProgrammeData):
        """A façade."""

    def read(path: Path) -> Region:
        return read_settled(path, lambda save: io.read_folder(path, Region, save)).programme

    programme = read(folder)
    assert type(programme) is Region
    assert read(io.save(programme, folder)) == programme


def test_tables_are_written_as_a_french_spreadsheet_opens_them(folder: Path, tmp_path: Path) -> None:
    saved = io.save(io.load(folder).programme, tmp_path / "saved" / "here")
    assert saved == tmp_path / "saved" / "here"
    data = (saved / "territories.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfid;name;")
    assert b"\r\nT1;Toulouse et Colomiers;31;31555 31149;470000;43,6;1,44\r\n" in data
    assert b";'=1+1;" in (saved / "needs.csv").read_bytes()
    assert (
        (saved / "partners.csv").read_text("utf-8-sig").splitlines()[1].endswith(";6;09=3 31=2;elected technicians;;")
    )
    assert "f1;2007-02-13;2007-02-13;no" in (saved / "trainer_days.csv").read_text("utf-8-sig")
    assert "f1;site;commune epci" in (saved / "expertise.csv").read_text("utf-8-sig")
    assert io.load(saved).programme == io.load(folder).programme


def test_no_cell_of_text_begins_as_a_formula(folder: Path) -> None:
    programme = io.load(folder).programme
    hostile = ["=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''", "'", "'a", "-"]
    needs = tuple(programme.needs[0].model_copy(update={"text": text}) for text in hostile)
    programme = programme.model_copy(update={"needs": needs})
    io.save(programme, folder)
    with (folder / "needs.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file, delimiter=";")]
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r\n＝＋－＠"]
    assert cells[-2] == "'a"
    assert [need.text for need in io.load(folder).programme.needs] == hostile


def test_saving_again_empties_tables_and_keeps_other_files(folder: Path) -> None:
    name_lexicon(folder, "needs_lexicon.csv")
    lexicon = (folder / "needs_lexicon.csv").read_text("utf-8")
    (folder / "notes.txt").write_text("site;web")
    emptied = io.load(folder).programme.model_copy(update={"needs": (), "attendances": (), "budget": None})
    io.save(emptied, folder)
    assert io.load(folder).programme == emptied
    assert (folder / "needs_lexicon.csv").read_text("utf-8") == lexicon
    assert (folder / "notes.txt").read_text() == "site;web"
    assert hidden(folder) == [".manifest.json"]


def test_an_interrupted_save_leaves_what_was_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = io.load(folder).programme
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    calls = []

    def full_disk(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) > 4:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        io.save(programme, folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with pytest.raises(OSError, match="No space"):
        io.save(programme, folder / "new")
    assert not (folder / "new").exists()
    assert {path.name for path in folder.iterdir()} == set(before)


def test_an_interruption_between_files_leaves_the_folder_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = io.load(folder).programme
    io.save(old, folder)
    new = old.model_copy(update={"needs": old.needs[:1], "travel_km": 10.0})
    replace, calls = Path.replace, []

    def stopped(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        io.save(new, folder)
    assert len(calls) >= 2
    assert io.load(folder).programme == old
    assert hidden(folder) == [".manifest.json"]


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_a_file_in_place_of_the_folder_is_kept(folder: Path) -> None:
    with pytest.raises(OSError, match="needs"):
        io.save(io.load(folder).programme, folder / "needs.csv")
    assert (folder / "needs.csv").is_file()


def test_the_missing_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programme = io.load(folder).programme
    monkeypatch.setitem(sys.modules, "tomli_w", None)
    with pytest.raises(PraiError, match=r'pip install "prai-match\[io\]"'):
        io.save(programme, folder / "new")
    assert not (folder / "new").exists()


def test_what_is_exported_is_sorted() -> None:
    assert io.__all__ == sorted(io.__all__)
