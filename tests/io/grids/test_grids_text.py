"""Delimited text to a grid: the cells, their lines, and what was mended."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match.errors import ProgrammeError
from prai_match.io._grids import Grid, Repair, grids

if TYPE_CHECKING:
    from pathlib import Path

KNOWN = {"Commune", "Élus", "Date"}.__contains__
TEXT = "Commune;Élus;Date\nFoix;3;03/09/2007\nL'Hospitalet;;2007-09-03\n"
ROWS = [("Foix", "3", "03/09/2007"), ("L'Hospitalet", None, "2007-09-03")]


def read(text: str | bytes, name: str = "besoins.csv") -> Grid:
    (grid,) = grids(text.encode() if isinstance(text, str) else text, name=name, known=KNOWN)
    return grid


@pytest.mark.parametrize(
    ("encoding", "repairs"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("cp1252", (Repair("encoding", 1, "cp1252"),)),
        ("utf-16", (Repair("encoding", 1, "utf-16"),)),
        ("utf-16-le", (Repair("encoding", 1, "utf-16"),)),
        ("utf-16-be", (Repair("encoding", 1, "utf-16"),)),
    ],
)
def test_every_encoding_gives_the_same_cells(encoding: str, repairs: tuple[Repair, ...]) -> None:
    grid = read(TEXT.encode(encoding))
    assert (grid.header, grid.cells.rows(), grid.lines.to_list()) == (("Commune", "Élus", "Date"), ROWS, [2, 3])
    assert grid.repairs == repairs


def test_marked_big_endian_is_read() -> None:
    assert read(b"\xfe\xff" + TEXT.encode("utf-16-be")).cells.rows() == ROWS


def test_lines_of_two_encodings_are_each_read_as_they_are() -> None:
    grid = read("Commune;Date\nForêt;1\n".encode() + "Pré;2\n".encode("cp1252") + b"x\x81;3\n")
    assert grid.cells["0"].to_list() == ["Forêt", "Pré", "x\x81"]
    assert grid.repairs == (Repair("encoding", 2, "utf-8, cp1252"),)


def test_a_file_cut_within_a_character_keeps_what_comes_before() -> None:
    assert read("Commune;Date\nForêt;Forê".encode()[:-1]).cells.rows() == [("Forêt", "ForÃ")]
    cut = read("Commune;Date\nForêt;1".encode("utf-16")[:-1])
    assert cut.cells.rows() == [("Forêt", "\ufffd")]
    assert Repair("encoding", 1, "U+FFFD") in cut.repairs


@pytest.mark.parametrize(("separator", "name"), [(",", "comma"), ("\t", "tab"), ("|", "pipe")])
def test_the_separator_is_found_and_told(separator: str, name: str) -> None:
    grid = read(TEXT.replace(";", separator))
    assert grid.cells.rows() == ROWS
    assert grid.repairs == (Repair("separator", 1, name),)


def test_a_tsv_has_tabs_without_being_told() -> None:
    grid = read(TEXT.replace(";", "\t"), "besoins.tsv")
    assert (grid.format, grid.cells.rows(), grid.repairs) == ("tsv", ROWS, ())


def test_decimal_commas_are_no_separators() -> None:
    (grid,) = grids(b"a;b\n1,5;2,5\n3,5;4,5\n", name="x.csv")
    assert grid.header == ("a", "b")


def test_commas_in_a_list_of_names_are_no_separators() -> None:
    (grid,) = grids(b"noms\nFoix\nEscarene, L'\nCahors\nAlbi\n", name="x.csv")
    assert grid.header == ("noms",)
    assert grid.cells["0"].to_list() == ["Foix", "Escarene, L'", "Cahors", "Albi"]


def test_the_separator_a_spreadsheet_says_is_taken() -> None:
    grid = read("sep=,\nCommune,Date\nA;B,1\n")
    assert grid.cells.rows() == [("A;B", "1")]
    assert (grid.lines.to_list(), grid.set_aside.rows()) == ([3], [(1, "title", "sep=,")])


@pytest.mark.parametrize("said", ["sep=é", 'sep="', "sep=x", "sep="])
def test_what_can_separate_nothing_is_a_title(said: str) -> None:
    grid = read(f"{said}\nCommune;Date\nFoix;1\n")
    assert (grid.cells.rows(), grid.lines.to_list()) == ([("Foix", "1")], [3])


def test_a_tab_can_be_said() -> None:
    assert read("sep=\t\nCommune\tDate\nFoix\t1,5\n").cells.rows() == [("Foix", "1,5")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_within_cells_count_as_lines(end: str) -> None:
    text = 'Commune;Date\n"deux\nlignes";1\nFoix;"trois\n\nlignes"\nAlbi;2\n'
    grid = read(text.replace("\n", end))
    assert grid.cells.rows() == [(f"deux{end}lignes", "1"), ("Foix", f"trois{end}{end}lignes"), ("Albi", "2")]
    # A carriage return alone ends a line, but within a cell it is a character.
    assert grid.lines.to_list() == ([2, 3, 4] if end == "\r" else [2, 4, 7])


def test_titles_blanks_and_totals_are_set_aside() -> None:
    grid = read("Saison 2007;;\n\nCommune;Élus;Date\nFoix;1;\n ; ;\nTOTAL :;1;\n;Sous-total;\nTotalement;2;\n\n")
    assert grid.set_aside.rows() == [
        (1, "title", "Saison 2007;;"),
        (2, "blank", ""),
        (5, "blank", ""),
        (6, "total", "TOTAL :;1;"),
        (7, "total", ";Sous-total;"),
        (9, "blank", ""),
    ]
    assert grid.cells["0"].to_list() == ["Foix", "Totalement"]
    assert grid.repairs == (Repair("title_rows", 1),)


def test_short_rows_are_filled_and_long_rows_are_faults() -> None:
    grid = read("Commune;Élus;Date\nFoix\nAlbi;1;2;\nPau;1;2;3\nAuch;1;2\n")
    assert grid.cells.rows() == [("Foix", None, None), ("Albi", "1", "2"), ("Auch", "1", "2")]
    assert grid.faults.rows() == [(4, "Pau;1;2;3", "too_many_cells")]
    assert grid.repairs == (Repair("short_rows", 1),)


def test_an_unclosed_quote_loses_nothing_in_silence() -> None:
    grid = read('Commune;Date\nFoix;1\nAlbi;"2\n\nPau;3\n')
    assert grid.cells.rows() == [("Foix", "1")]
    assert grid.faults.rows() == [(3, 'Albi;"2', "unclosed_quote"), (5, "Pau;3", "unclosed_quote")]
    assert grid.set_aside.rows() == [(4, "blank", "")]


def test_a_quote_closed_within_a_cell_is_a_fault() -> None:
    grid = read('Commune;Date\n"Foix" sud;1\n12" de pluie;2\n')
    assert grid.faults.rows() == [(2, '"Foix" sud;1', "stray_quote")]
    assert grid.cells.rows() == [('12" de pluie', "2")]


def test_a_cell_too_long_for_a_spreadsheet_is_a_fault() -> None:
    longest = "é" * 32_767
    grid = read(f'Commune;Date\n{"x" * 140_000};1\nFoix;{longest}\n{longest}é;2\n"{longest}";3\n"{longest}é";4\n')
    assert grid.faults.select("line", "reason").rows() == [(2, "huge_cell"), (4, "huge_cell"), (6, "huge_cell")]
    assert grid.cells["0"].to_list() == ["Foix", longest]


def test_characters_that_show_nothing_and_odd_line_ends_stay_in_cells() -> None:
    grid = read("Commune;Date\na\0b;x\u2028y\u0085z\n")
    assert grid.cells.rows() == [("a\0b", "x\u2028y\u0085z")]


def test_duplicate_and_empty_labels_stay() -> None:
    assert read("Commune;;Commune;Élus\n1;2;3;4\n").header == ("Commune", "", "Commune", "Élus")


def test_the_header_is_the_row_with_the_most_known_labels() -> None:
    grid = read("Commune;liste\nnotes;des;services\nÉlus;Commune;autre\n1;2;3\n")
    assert grid.header == ("Élus", "Commune", "autre")
    assert read("Titre\nCommune\nFoix\n").header == ("Commune",)
    assert read("Commune;2023;2024\n1;2;3\n").header == ("Commune", "2023", "2024")


@pytest.mark.parametrize("text", ["1;2\n3;4\n", "\n\n", '"never closed;1\n2;3\n', "12,5 €;03/09/2007\n"])
def test_without_labels_there_is_no_grid(text: str) -> None:
    with pytest.raises(ProgrammeError, match="no row of column headings") as caught:
        grids(text.encode(), name="x.csv")
    (problem,) = caught.value.problems
    assert problem.text("fr").startswith("x.csv : aucune ligne d’en-tête")


def test_a_file_that_would_become_a_huge_grid_is_refused() -> None:
    with pytest.raises(ProgrammeError, match="columns"):
        grids(b"a;b" * 20_000 + b"\n1\n", name="x.csv")
    with pytest.raises(ProgrammeError, match="columns"):
        grids(b"a;b" * 8_000 + b"\n" + b"1\n" * 4_000, name="x.csv")


def test_a_path_is_read_by_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "Besoins.TXT").write_text(TEXT, "utf-8")
    (grid,) = grids(tmp_path / "Besoins.TXT")
    assert (grid.name, grid.file, grid.format, grid.cells.rows()) == ("Besoins", "Besoins.TXT", "csv", ROWS)
    assert grids(str(tmp_path / "Besoins.TXT"), name="needs")[0].name == "needs"


@pytest.mark.parametrize("name", ["absent.csv", ".", "vide.csv", "table.doc", "table", "nul\0.csv"])
def test_a_file_that_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "vide.csv").touch()
    (tmp_path / "table.doc").write_bytes(b"x")
    with pytest.raises(ProgrammeError) as caught:
        grids(tmp_path / name)
    (problem,) = caught.value.problems
    assert problem.expected_fr


def test_a_file_too_large_to_be_a_table_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "besoins.csv"
    path.touch()
    os.truncate(path, (1 << 30) + 1)
    with pytest.raises(
        ProgrammeError, match="expected at most 1000000000 bytes in all: a smaller file, or a higher max_memory"
    ):
        grids(path)


def record(lines: list[str], start: int) -> tuple[list[str] | str, int]:
    """RFC 4180 read a character at a time, for comparison: cells or the fault, and the line after."""
    cells, line, at, end = [], lines[start], 0, start
    while True:
        if line[at : at + 1] == '"':
            cell, at = "", at + 1
            while line[at : at + 2] == '""' or line[at : at + 1] != '"':
                if at == len(line):
                    end += 1
                    if end == len(lines):
                        return "unclosed_quote", end
                    line, at, cell = lines[end], 0, cell + "\n"
                else:
                    cell, at = cell + line[at], at + (2 if line[at] == '"' else 1)
            at += 1
            if at < len(line) and line[at] != ";":
                return "stray_quote", end + 1
        else:
            cell = line[at:].partition(";")[0]
            at += len(cell)
        cells.append(cell)
        if at >= len(line):
            return cells, end + 1
        at += 1


def reference(text: str) -> dict[str, list[object]]:
    """What a grid of a text below ``Commune;Élus`` must hold."""
    lines = re.split("\r\n|\r|\n", text)
    lines = lines if lines[-1] else lines[:-1]
    found: dict[str, list[object]] = {"rows": [], "faults": [], "aside": []}
    at = 0
    while at < len(lines):
        read, end = record(lines, at)
        if isinstance(read, str):
            for number in range(at, end):
                found["faults" if lines[number].strip() else "aside"].append(number + 2)
        elif not any(cell.strip() for cell in read) or next(c for c in read if c.strip()).strip().lower() == "total":
            found["aside"].append(at + 2)
        elif any(cell.strip() for cell in read[2:]):
            found["faults"].append(at + 2)
        else:
            cells = [cell or None for cell in [*read, ""][:2]]
            found["rows"].append((at + 2, *cells))
        at = end
    return found


REGULAR = st.lists(
    st.lists(st.sampled_from(["Foix", "", "3", '"oui"', '"a;b"', '""', '"dit ""le vieux"""']), min_size=2, max_size=2)
)
PIECES = st.lists(
    st.sampled_from(
        [
            "Foix",
            "é",
            " ",
            "Total",
            ";",
            ";",
            "\n",
            "\n",
            '"',
            '"',
            '""',
            "\r\n",
            "\r",
            ';"',
            '";',
            '"\n',
            "\u2028",
            "x;1\n",
        ]
    ),
    max_size=40,
)


@given(REGULAR.map(lambda rows: "\n".join(map(";".join, rows))) | PIECES.map("".join))
def test_the_fast_way_gives_what_reading_each_character_gives(text: str) -> None:
    grid = read("Commune;Élus\n" + text)
    # The reference knows one kind of line end only.
    ends = pl.col("0", "1").str.replace_all("\r\n?", "\n")
    rows = [(line, *row) for line, row in zip(grid.lines, grid.cells.with_columns(ends).iter_rows(), strict=True)]
    found = {"rows": rows, "faults": grid.faults["line"].to_list(), "aside": grid.set_aside["line"].to_list()}
    assert found == reference(text)
    assert grid.lines.dtype == pl.UInt32
    assert grid.cells.dtypes == [pl.String, pl.String]
