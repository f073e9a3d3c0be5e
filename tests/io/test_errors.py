from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from folder_by_hand import FILES, append, change, name_lexicon
from prai_match import io
from prai_match.errors import ProgrammeError
from thorough import examples

if TYPE_CHECKING:
    from goldens import Golden
    from prai_match.model import ProgrammeData

NOISE = [b";", b"\n", b'"', b"\r", b"", b"\xff", b"0", b"-", b"=", b"[", b"x", "é".encode(), b"31555", b"f1"]


def problems(folder: Path) -> list[str]:
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, strict=True)
    assert caught.value.subject == str(folder)
    assert "unreadable" not in str(caught.value)
    return [str(problem) for problem in caught.value.problems]


def test_bad_cells_unknown_ids_and_duplicates_appear_together_in_the_order_of_the_files(folder: Path) -> None:
    change(folder, "programme.toml", ('theme = "web"', 'theme = "wep"'))
    change(folder, "collectivities.csv", ("31149;Colomiers;commune;31;", "31149;Colomiers;commune;31;12 habitants"))
    append(folder, "collectivities.csv", "31555;Toulouse bis;commune;31;\n")
    append(folder, "partners.csv", "cg09;CG 09;conseil_general;09;;;09-3;\n")
    change(folder, "expertise.csv", ("f2;decouverte", "f2;decouvert"))
    change(
        folder,
        "trainer_days.csv",
        ("f1;2007-01-01;2007-03-31;yes", "f1;2007-03-31;2007-01-01;yes\nf3;2007-01-01;2007-01-01;peut-être"),
    )
    change(folder, "needs.csv", ("31149;2007-02-11", "31149;31/02/2007"))
    change(folder, "sessions.csv", ("T1", "T9"), ("700,25", "-700,25"))
    change(folder, "attendances.csv", ("31555;", "31999;"), ("3,5", "5"))
    append(folder, "needs.csv", "31777;2007-03-01;phone;x;;;;\n")
    assert problems(folder) == [
        "programme.toml:30.catalogue.workshops[1].theme: 'wep' is not a known theme; did you mean web?",
        "collectivities.csv:3.population: '12 habitants' is not a whole number",
        "collectivities.csv:5.code: found '31555', expected a value used only once (it is already used in collectivities.csv:2)",
        "partners.csv:4.hosted: found '09-3', expected numbers of sessions by département, such as 09=3 31=2",
        "expertise.csv:3.session: 'decouvert' is not a known session; did you mean decouverte?",
        "trainer_days.csv:2.end: found 2007-01-01, expected a day on or after 2007-03-31",
        "trainer_days.csv:3.free: found 'peut-être', expected yes or no",
        "needs.csv:5.date: '31/02/2007' is not a valid date (write for example 2007-03-31)",
        "needs.csv:6.collectivity: '31777' is not a known collectivity of a territory",
        "sessions.csv:2.cost: found -700.25, expected a value of at least 0",
        "attendances.csv:2.rating: found 5.0, expected a value of at most 4",
    ]


def test_lines_are_those_of_the_file_after_quoted_line_ends(folder: Path) -> None:
    change(folder, "territories.csv", ("43.6;-1.44", "north;-181"))
    change(folder, "needs.csv", ("site;commune", "site;comune"))
    assert problems(folder) == [
        "territories.csv:3.latitude: 'north' is not a number (write for example 43,6)",
        "needs.csv:5.axis: 'comune' is not a known axis of site; did you mean commune?",
    ]


def test_lists_in_a_cell_have_the_place_of_the_cell(folder: Path) -> None:
    change(folder, "territories.csv", ("31555 31149", "31555 31148 31149 31555"))
    change(folder, "partners.csv", ("09:3 31:2", "31:3 31:2"))
    append(folder, "partners.csv", "adm9;ADM 9;adm;31;;;;elus maires\n")
    assert problems(folder) == [
        "territories.csv:2.members: '31148' is not a known collectivity; did you mean 31149?",
        "territories.csv:2.members: found '31555', expected a collectivity of one territory only (it is already in 'T1')",
        "partners.csv:2.hosted: found '31', expected a value used only once (it is already used in partners.csv:2.hosted)",
        "partners.csv:4.brings: found 'maires', expected one of elected, technicians",
    ]


def test_what_no_row_defines_is_told_once_every_row_is_sound_by_itself(folder: Path) -> None:
    change(folder, "territories.csv", (";243100518;", ";243100518 31999;"))
    change(folder, "partners.csv", ("31;;;;", "31;situ;;;"))
    change(folder, "sessions.csv", ("T1", "T9"))
    change(folder, "attendances.csv", ("31555;", "31777;"), (";s1", ";"))
    assert problems(folder) == [
        "territories.csv:3.members: '31999' is not a known collectivity; did you mean 31149?",
        "partners.csv:3.carries: 'situ' is not a known session; did you mean site?",
        "sessions.csv:2.host: 'T9' is not a known territory",
        "attendances.csv:2.collectivity: '31777' is not a known collectivity of a territory",
    ]


def test_what_only_a_wrong_row_defines_is_not_told_again(folder: Path) -> None:
    change(folder, "partners.csv", ("09:3 31:2", "09-3"))
    change(folder, "sessions.csv", ("T1", "T9"))  # of adm31, whose row is wrong
    change(folder, "trainers.csv", ("450,50", "gratuit"))
    assert problems(folder) == [
        "partners.csv:2.hosted: found '09-3', expected numbers of sessions by département, such as 09=3 31=2",
        "trainers.csv:2.fee: 'gratuit' is not an amount (write for example 1250,50)",
    ]


def test_what_a_trainer_can_lead_and_when_stand_in_their_own_tables(folder: Path) -> None:
    change(folder, "expertise.csv", ("f2;decouverte;", "f2;dé;"), ("f1;site;commune epci", "f1;site;commune x"))
    append(folder, "expertise.csv", "f1;decouverte;\nf4;site;\nf11;site;\n;site;\n")
    append(folder, "trainers.csv", "f3;A;B;46042;;;1\n")
    append(folder, "trainer_days.csv", "f1;2007-05-02;2007-05-01;no\nf1;2007-05-02;2107-05-01;no\n")
    found = problems(folder)
    assert found.pop(2) == "expertise.csv:3.session: 'dé' is not a known session"
    assert found == [
        "trainers.csv:4.id: found 'f3', expected at least one row for this trainer in the table of expertise",
        "expertise.csv:2.axes: 'x' is not a known axis of site",
        "expertise.csv:5.session: found 'decouverte', expected a value used only once (it is already used in expertise.csv:4)",
        "expertise.csv:6.trainer: 'f4' is not a known trainer",
        "expertise.csv:7.trainer: 'f11' is not a known trainer; did you mean f1?",
        "expertise.csv:8.trainer: found nothing, expected a code or an identifier",
        "trainer_days.csv:4.end: found 2007-05-01, expected a day on or after 2007-05-02, at most 3660 days later",
        "trainer_days.csv:5.end: found 2107-05-01, expected a day on or after 2007-05-02, at most 3660 days later",
    ]


def test_a_home_without_a_position(folder: Path) -> None:
    append(
        folder, "trainers.csv", "f3;A;B;31999;;;1\nf4;A;B;97501;43;;1\nf5;A;B;;;;1\nf6;A;B;x;;2;1\nf7;A;B;98411;;;1\n"
    )
    append(folder, "trainers.csv", "f8;A;B;Toulouze-Capitole;;;1\nf9;A;B;Paris 1er;;;1\n")
    append(folder, "expertise.csv", "".join(f"f{number};site\n" for number in range(3, 10)))
    commune = "expected the INSEE code of a commune, or a latitude and a longitude"
    nowhere = "the latitude and longitude in their columns: the register gives no position for this commune"
    found = problems(folder)
    assert found.pop(0).startswith(f"trainers.csv:4.home: found '31999', {commune}; did you mean ")
    assert found == [
        "trainers.csv:5.longitude: found nothing, expected a number: both coordinates, or neither (97501)",
        "trainers.csv:6.home: found nothing, expected a code or an identifier",
        "trainers.csv:7.latitude: found nothing, expected a number: both coordinates, or neither (x)",
        f"trainers.csv:8.home: found '98411', expected {nowhere}",
        f"trainers.csv:9.home: found 'Toulouze-Capitole', {commune}",
    ]


def test_headers(folder: Path) -> None:
    change(folder, "needs.csv", ("date;channel", "dat;zzzz"))
    change(folder, "sessions.csv", ("id;session;date", "ident;session;quand"))
    change(folder, "attendances.csv", ("elected;technicians", "elected;elected"))
    change(folder, "collectivities.csv", (";", ","))
    assert problems(folder) == [
        "sessions.csv:1: found no column 'id', expected a column with that name (not used: ident, quand)",
        "sessions.csv:1: found no column 'date', expected a column with that name (not used: ident, quand)",
    ]


def test_tables_of_the_trainers_without_the_column_that_joins_them(folder: Path) -> None:
    change(folder, "expertise.csv", ("trainer;", "zzz;"))
    change(folder, "trainer_days.csv", ("trainer;", "who;"))
    assert problems(folder) == [
        "expertise.csv:1: found no column 'trainer', expected a column with that name (not used: zzz)",
        "trainer_days.csv:1: found no column 'trainer', expected a column with that name (not used: who)",
    ]


def test_a_whole_table_that_cannot_be_used_lets_only_the_reading_speak(folder: Path) -> None:
    change(folder, "needs.csv", ("2007-01-10", "2007-13-10"), ("31149", "31150"))
    change(folder, "sessions.csv", ("cost", "x"), ("date", "quand"))
    (folder / "partners.csv").write_bytes(b"")
    assert problems(folder) == [
        "needs.csv:2.date: '2007-13-10' is not a valid date (write for example 2007-03-31)",
        "sessions.csv:1: found no column 'date', expected a column with that name (not used: quand, x)",
        "partners.csv: found an empty file, expected a table",
    ]


def test_rows_with_too_many_cells(folder: Path) -> None:
    append(folder, "needs.csv", "31555;2007-01-10;mail;un; deux;;;;\n31555;2007-01-10;mail;un;;;4;;x\n")
    assert problems(folder) == [
        "needs.csv:6.workshop: 'deux' is not a known workshop",
        "needs.csv:7: found '31555;2007-01-10;mail;un;;;4;;x', expected at most as many cells as in the header",
    ]


@pytest.mark.parametrize("cell", ["x" * 100, "9" * 5000, "1_000", "٣", "1e3", "4.5"])
def test_a_whole_number_is_digits(folder: Path, cell: str) -> None:
    change(folder, "needs.csv", (";;;4", f";;;{cell}"))
    (found,) = problems(folder)
    shown = repr(cell) if len(cell) < 78 else f"{repr(cell)[:80]}…"
    assert found == f"needs.csv:2.people: {shown} is not a whole number"


@pytest.mark.parametrize("cell", ["nan", "inf", "1 00", "1,2,3", "1.2.3", "0x1"])
def test_a_number_is_one(folder: Path, cell: str) -> None:
    change(folder, "attendances.csv", (";3,5;", f";{cell};"))
    assert problems(folder) == [f"attendances.csv:2.rating: {cell!r} is not a number (write for example 43,6)"]


@pytest.mark.parametrize("cell", ["20070110", "2007-W02-3", "07-1-2010x", "2007-02-30", "39092"])
def test_a_date_is_one(folder: Path, cell: str) -> None:
    change(folder, "needs.csv", ("2007-01-10", cell))
    assert problems(folder) == [f"needs.csv:2.date: {cell!r} is not a valid date (write for example 2007-03-31)"]


def test_files_that_cannot_be_read(folder: Path) -> None:
    (folder / "partners.csv").write_bytes(b"\xff\xfe")
    (folder / "territories.csv").unlink()
    (folder / "expertise.csv").unlink()
    (folder / "sessions.csv").write_bytes(b"")
    append(folder, "needs.csv", '31555;2007-01-10;mail;"never closed\n\n')
    append(folder, "trainers.csv", 'f3;"A"a";B\n')
    found = problems(folder)
    assert found.pop(2).startswith("partners.csv: found ")
    assert found == [
        'trainers.csv:4: found \'f3;"A"a";B\', expected quotes only around whole cells',
        "needs.csv:6: found '31555;2007-01-10;mail;\"never closed', expected a quoted cell that is closed",
        "sessions.csv: found an empty file, expected a table",
        "territories.csv: found no such file, expected a table with that name",
        "expertise.csv: found no such file, expected the list of the sessions that each trainer can lead",
    ]


def test_a_header_that_is_not_closed(folder: Path) -> None:
    (folder / "needs.csv").write_text('\n"collectivity;date\n')
    assert problems(folder) == [
        "needs.csv: found no row of column headings, expected a row that names the columns, above the data"
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("neds.csv", "needs.csv"),
        ("besoinss_.csv", "needs.csv"),
        ("Sesions.CSV", "sessions.csv"),
        ("needz.xlsx", "needs.xlsx"),
    ],
)
def test_a_misspelt_file_is_not_passed_over(folder: Path, name: str, said: str) -> None:
    change(folder, "attendances.csv", (";s1", ";"))
    lost = said.partition(".")[0]
    table = pl.read_csv(folder / f"{lost}.csv", separator=";")
    (folder / f"{lost}.csv").unlink()
    io.write(table, folder / name) if name.endswith("x") else table.write_csv(folder / name, separator=";")
    assert problems(folder) == [
        f"{name}: found a file that is not a table, expected another name; did you mean {said}?"
    ]


def test_other_files_are_no_matter(folder: Path) -> None:
    (folder / "needs.csv").rename(folder / "neds.csv")
    name_lexicon(folder, "neds.csv")
    (folder / "sessions_2005.csv").write_text("x")
    (folder / "notes.txt").write_text("x")
    loaded = io.load(folder, strict=True)
    assert loaded.programme.needs == ()
    assert loaded.report.passed_over == ("notes.txt", "sessions_2005.csv")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[budget]\ntotal = 1\n", "programme.toml:48: found Cannot declare ('budget',) twice"),
        ("x = [", "programme.toml:48: found Invalid value (at end of document)"),
        ("x = 1e99999999999999999999", "programme.toml:1: found 1e99999999999999999999 is out of range"),
    ],
)
def test_settings_that_cannot_be_read(folder: Path, text: str, expected: str) -> None:
    append(folder, "programme.toml", text)
    change(folder, "needs.csv", ("2007-01-10", "2007-13-10"), ("31149", "31150"))
    change(folder, "attendances.csv", ("3,5", "5"))
    found = problems(folder)
    assert found.pop(0).startswith(expected)
    # What the model would say of the rows (the rating, the unknown collectivity) waits for settings that can be read.
    assert found == ["needs.csv:2.date: '2007-13-10' is not a valid date (write for example 2007-03-31)"]


def test_settings_that_are_missing_or_not_utf_8(folder: Path) -> None:
    (folder / "programme.toml").write_bytes("# d\xe9but".encode("latin-1"))
    assert problems(folder) == ["programme.toml:1: found byte 0xe9, expected UTF-8 text"]
    (folder / "programme.toml").unlink()
    assert problems(folder) == [
        "programme.toml: found no such file, expected a file that gives the programme's name, period and catalogue"
    ]


def test_settings_that_are_a_folder(folder: Path) -> None:
    (folder / "programme.toml").unlink()
    (folder / "programme.toml").mkdir()
    assert problems(folder) == [
        "programme.toml: found a folder, expected an ordinary file with a copy of the data to read"
    ]


def test_problems_are_told_in_french(folder: Path, golden: Golden) -> None:
    change(folder, "programme.toml", ('theme = "web"', 'theme = "wep"'))
    change(folder, "collectivities.csv", ("31149;Colomiers;commune;31;", "31149;Colomiers;commune;31;12 habitants"))
    append(folder, "collectivities.csv", "31555;Toulouse bis;commune;31;\n")
    append(folder, "trainers.csv", "f3;A;B;46042;43;;1\n")
    append(folder, "expertise.csv", "f11;site;\nf3;site;\n")
    append(folder, "trainer_days.csv", "f1;2007-05-02;2007-05-01;no\n")
    append(folder, "needs.csv", "31555;31/02/2007;;x\n;2007-01-10;;x\nAtlantide;2007-01-10;;x\n")
    append(folder, "needs.csv", '31555;;;;;;;;x\n31555;"a"b\n')
    append(folder, "attendances.csv", "243100518;decouverte;2006-11-20;0;0;;\n")
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder, strict=True)
    golden("problems_fr.txt", caught.value.text("fr").replace(str(folder), "essai") + "\n")


def test_tables_that_cannot_be_used_are_told_in_french(folder: Path) -> None:
    change(folder, "sessions.csv", ("date", "quand"))
    (folder / "needs.csv").rename(folder / "neds.csv")
    (folder / "besoins.a.csv").write_bytes(b"")
    (folder / "partenaires.csv").write_text("id;name;kind;departements\n")
    (folder / "territories.csv").unlink()
    (folder / "expertise.csv").unlink()
    (folder / "programme.toml").write_bytes("# d\xe9but".encode("latin-1"))
    with pytest.raises(ProgrammeError) as caught:
        io.load(folder)
    assert [problem.text("fr") for problem in caught.value.problems] == [
        "programme.toml:1 : l’octet 0xe9 ; il faut un texte en UTF-8",
        "partners.csv : un second fichier pour partners ; il faut un seul fichier, partenaires.csv, ou des parties comme partners.2007.csv",
        "sessions.csv:1 : aucune colonne « date » ; il faut une colonne de ce nom ou d’un nom usuel (non utilisées : quand)",
        "besoins.a.csv : un fichier vide ; il faut un tableau",
        "territories.csv : aucun fichier de ce nom ; il faut une table de ce nom",
        "expertise.csv : aucun fichier de ce nom ; il faut la liste des sessions que chaque intervenant peut animer",
    ]


def test_settings_have_the_line_of_their_statement(folder: Path) -> None:
    change(
        folder,
        "programme.toml",
        ("[period]", '[extra]\nx = """\n\n[period]\n"""\n\n[period]'),
        ("prior = 0.35", "prior = 1.5"),
        ('id = "epci"', 'id = "a b"'),
        ("start = 2008-02-01\n", ""),
        ("total = 300000", "total = 300000.001"),
        ("travel_km = 45.5", "travel_km = inf\r\nneeds = []"),
    )
    found = [problem.partition(": found")[0] for problem in problems(folder)]
    assert found == [
        "programme.toml:1.travel_km",
        "programme.toml:2.needs",
        "programme.toml:9.extra",
        "programme.toml:38.catalogue.workshops[1].axes[2].id",
        "programme.toml:46.catalogue.follow_ups[1].prior",
        "programme.toml:48.calendar.blackouts[1].start",
        "programme.toml:53.budget.total",
    ]


@pytest.mark.parametrize("catalogue", ["catalogue = 3", "catalogue = { themes = [], lexicon = [] }", ""])
def test_settings_of_another_shape(folder: Path, catalogue: str) -> None:
    (folder / "programme.toml").write_text(catalogue)
    found = problems(folder)
    assert any(problem.startswith("programme.toml:1.name: found nothing") for problem in found)
    assert any(problem.startswith("programme.toml:1.catalogue") for problem in found)


def test_a_folder_that_is_none(folder: Path) -> None:
    expected = "expected a folder with programme.toml and its tables"
    assert problems(folder / "x") == [f"{folder / 'x'}: found no such folder, {expected}"]
    assert problems(folder / "needs.csv") == [f"{folder / 'needs.csv'}: found a file, {expected}"]


def loaded_or_refused(folder: Path) -> io.Loaded[ProgrammeData] | ProgrammeError:
    try:
        return io.load(folder)
    except ProgrammeError as error:
        return error


@examples(25)
@given(data=st.data())
def test_whatever_is_changed_it_loads_or_says_why(data: st.DataObject) -> None:
    files = FILES
    with tempfile.TemporaryDirectory() as name:
        for file, text in files.items():
            (Path(name) / file).write_text(text, encoding="utf-8")
        changed = data.draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=3, unique=True))
        for file in changed:
            content = bytearray(files[file].encode())
            for _ in range(data.draw(st.integers(1, 4))):
                place = data.draw(st.integers(0, len(content)))
                size = data.draw(st.integers(0, 8))
                content[place : place + size] = data.draw(st.sampled_from(NOISE) | st.binary(max_size=3))
            (Path(name) / file).write_bytes(content)
        loaded = loaded_or_refused(Path(name))
        if isinstance(loaded, ProgrammeError):
            assert loaded.problems
            assert {problem.where.partition(":")[0] for problem in loaded.problems} <= set(files)
            assert "unreadable" not in str(loaded)
        else:
            report, programme = loaded.report, loaded.programme
            assert report.read == report.accepted + report.rejected
            assert (report.rejected > 0) == bool(report.problems)
            for table, read, accepted, rejected in (
                report.tables().select("table", "read", "accepted", "rejected").iter_rows()
            ):
                assert read == accepted + rejected
                if table not in {"expertise", "trainer_days"}:
                    assert len(getattr(programme, table)) == accepted
            assert io.load(io.save(programme, f"{name}/again"), strict=True).programme == programme


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param("#" * (1 << 18), "found more than 262144 bytes, expected at most 262144 bytes", id="bytes"),
        pytest.param("a." * 20_000 + "a = 1", "found 20000 points on line 48, expected at most 100 on a line", id="points"),
        pytest.param("x = " + "[" * 100_000, "more than 20 levels", id="levels"),
        pytest.param("x = 0x" + "f" * 10_000, "found an integer that is too large, expected integers of at most 64 bits", id="integer"),
        pytest.param("x = " + "9" * 10_000, "expected a TOML file", id="digits"),
        pytest.param("x = [\n" + "1,\n" * 3_000 + "]", "programme.toml, budget.x: found [1, 1", id="lines of a list"),
    ],
)  # fmt: skip
def test_settings_that_would_cost_too_much_are_refused(folder: Path, more: str, said: str) -> None:
    append(folder, "programme.toml", more)
    (problem,) = problems(folder)
    assert said in problem
    assert len(problem) < 500
