"""Files of some kilobytes that would take all memory are refused with little of it; nothing ends the process."""

from __future__ import annotations

import io
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from workbooks import MAIN, at, book, ods, ods_row, text_cell, xlsx

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEGABYTES = 8 << 20
SHARED = '<c t="s"><v>0</v></c>'

PROGRAM = """
import resource, sys
from pathlib import Path
from prai_match.errors import ProgrammeError
from prai_match.io._grids import grids
import polars as pl, io
warm = io.BytesIO()
pl.DataFrame({"a": ["x"]}).write_parquet(warm)
grids(b"a;b\\n1;2\\n", name="x.csv"), grids(warm.getvalue(), name="x.parquet")
there = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (there + 1_000_000_000, resource.RLIM_INFINITY))
for name in sys.argv[1:]:
    try:
        grids(Path(name))
    except ProgrammeError as error:
        print(Path(name).name, error.problems[0].found, flush=True)
    else:
        print(Path(name).name, "READ", flush=True)
"""


def packed(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file)
    return file.getvalue()


def alike(count: int, dtype: Any = None, value: Any = 0) -> pl.DataFrame:
    return pl.select(pl.repeat(value, count, dtype=dtype).alias("Commune"))


def prefixed(rows: str) -> bytes:
    return f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'.encode()


KILLERS: dict[str, Callable[[], bytes]] = {
    "far_lower.xlsx": lambda: xlsx(at("xfd1048576")),
    "far_mixed.xlsx": lambda: xlsx(at("xFd1048576")),
    "far_upper.xlsx": lambda: xlsx(at("XFD1048576")),
    "no_such_row.xlsx": lambda: xlsx(at("A99999999")),
    "longest_row.xlsx": lambda: xlsx(at("A4294967297")),
    "no_such_column.xlsx": lambda: xlsx(at("aaa100000")),
    "no_such_row_of_cells.xlsx": lambda: xlsx('<row r="999999999"><c><v>1</v></c></row>'),
    "far_by_prefix.xlsx": lambda: xlsx(prefixed('<x:row r="3"><x:c r="xfd1048576"><x:v>1</x:v></x:c></x:row>')),
    "far_in_utf_16.xlsx": lambda: xlsx(
        f'<worksheet xmlns="{MAIN}"><sheetData>{at("xfd1048576")}</sheetData></worksheet>'.encode("utf-16")
    ),
    "long_text.xlsx": lambda: xlsx(at("A3", f"<is><t>{'x' * MEGABYTES}</t></is>", t="inlineStr")),
    "long_blanks.xlsx": lambda: xlsx(at("A3", f"<is><t>x{' ' * MEGABYTES}</t></is>", t="inlineStr")),
    "long_value.xlsx": lambda: xlsx(at("A3", f"<v>{'1' * MEGABYTES}</v>")),
    "long_shared.xlsx": lambda: xlsx(at("A3", "<v>0</v>", t="s"), f"<si><t>{'x' * (30 << 20)}</t></si>"),
    "one_shared_by_all.xlsx": lambda: xlsx(
        "".join(f'<row r="{row}">{SHARED * 9}</row>' for row in range(2, 3_000)),
        f"<si><t>{'x' * 30_000}</t></si>",
    ),
    "long_tag.xlsx": lambda: xlsx(f'<row r="3" note="{"x" * MEGABYTES}"/>'),
    "long_comment.xlsx": lambda: xlsx(f"<!--{'x' * MEGABYTES}-->"),
    "deep.xlsx": lambda: xlsx("<a>" * 10_000),
    "many_names.xlsx": lambda: xlsx("".join(f"<a{number}/>" for number in range(30_000))),
    "many_sheets.xlsx": lambda: xlsx(
        "",
        **{
            "xl/workbook.xml": book('<sheet name="B" r:id="r1"/>' * 20_000)
        },
    ),
    "twice.xlsx": lambda: xlsx("", **{"XL\\worksheets\\Sheet1.xml": "<worksheet/>"}),
    "cell_twice.xlsx": lambda: xlsx(at("A3") + at("A3")),
    "entities.xlsx": lambda: xlsx(b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><worksheet>&c;</worksheet>'),
    "many_blanks.ods": lambda: ods(ods_row(text_cell('a<text:s text:c="1000000000"/>'))),
    "many_times_blanks.ods": lambda: ods(ods_row(text_cell('<text:s text:c="30000"/>' * 20_000))),
    "long_text.ods": lambda: ods(ods_row(text_cell("x" * MEGABYTES))),
    "long_value.ods": lambda: ods(ods_row(f'<table:table-cell office:string-value="{"x" * MEGABYTES}"/>')),
    "repeated_columns.ods": lambda: ods(ods_row(text_cell("x", columns="999999999"))),
    "repeated_beyond.ods": lambda: ods(ods_row(text_cell("x", columns="9" * 30))),
    "repeated_rows.ods": lambda: ods(ods_row(text_cell("x" * 30_000), "1000000")),
    "repeated_both.ods": lambda: ods(ods_row(text_cell("x", columns="16000"), "1000000")),
    "blank_lines.csv": lambda: b"Commune;Date\n" + b"\n" * 1_500_000,
    "stray_quotes.csv": lambda: b"Commune;Date\n" + b'"a"b\n' * 1_500_000,
    "wide.csv": lambda: b"Commune;" + b";" * 16_000 + b"\n" + b"1\n" * 900_000,
    "separators.csv": lambda: b"Commune;Date\n" + b";" * (100 << 20),
    "objects.json": lambda: b"[" + b"{}," * 2_500_000 + b"{}]",
    "numbers.json": lambda: b"[" + b"1," * 4_000_000 + b"1]",
    "alike.parquet": lambda: packed(alike(1 << 26)),
    "alike_texts.parquet": lambda: packed(alike(1 << 15, pl.String, "x" * 30_000)),
    "alike_lists.parquet": lambda: packed(pl.select(pl.repeat([0] * 30_000, 1 << 12).alias("Commune"))),
}  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="limits of memory are those of Linux")
def test_each_is_refused_with_little_memory(tmp_path: Path) -> None:
    for name, make in KILLERS.items():
        (tmp_path / name).write_bytes(make())
    paths = [str(tmp_path / name) for name in KILLERS]
    done = subprocess.run([sys.executable, "-c", PROGRAM, *paths], capture_output=True, text=True, check=False)
    said = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert done.returncode == 0, (len(said), list(KILLERS)[len(said) : len(said) + 1], done.stderr[-500:])
    assert [name for name, found in said.items() if found == "READ"] == []
    assert list(said) == list(KILLERS)
