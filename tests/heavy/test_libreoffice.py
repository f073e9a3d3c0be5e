"""Recommendations as LibreOffice opens them in a French office: days, amounts, and texts that nothing computes."""

from __future__ import annotations

import re
import shutil
import subprocess
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pytest

from made import ON, programme, small
from prai_match import io

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl


SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
_PATIENCE = 180
_MOST = 50  # columns
_FRENCH = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop>
</item>
</oor:items>
"""
# What the import dialog asks: separator, quotes, UTF-8, first line, columns, French, quoted texts, special numbers (and
# four places more), formulas. Once as it proposes, once with all that can be ticked in a hurry.
_PROPOSED = "CSV:59,34,76,1,,1036,false,false,false,false,0,false"
_CARELESS = "CSV:59,34,76,1,,1036,false,true,false,false,0,true"
OPENED = {"xlsx": ("xlsx", ""), "csv": ("csv", _PROPOSED), "careless csv": ("csv", _CARELESS)}
# And by somebody who took other separators for those of the file, or has no quotes.
TORN = {
    "commas": ("csv", _CARELESS.replace("59,34", "44,34")),
    "all at once": ("csv", _CARELESS.replace("59,34", "59/44/9/124,34")),
    "no quotes": ("csv", _CARELESS.replace("59,34", "59/44/9/124,")),
}

HOSTILE = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org";"Voir")',
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "＝1+1",
    "'=1+1",
    "<script>alert(1)</script>",
    'Mairie ; "Foix"',
    "Foix,=1+1",
    "Foix;=1+1",
    'Foix, "=1+1',
]
_COMPUTED = r"(^|[,;])('*[ \"]*[-=+@＝])"
"""How a text, or what comes after another separator in it, begins that has an apostrophe before it in a CSV."""
_OFFICE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)


class Cell(NamedTuple):
    """A cell as LibreOffice understands it."""

    kind: str | None
    value: str
    formula: str | None


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    """Recommendations for territories, relays and trainers whose names attack a spreadsheet."""
    data = small()
    data["collectivities"] = [
        {"code": f"090{n:02}", "name": name, "kind": "commune", "departement": "09", "population": 1000}
        for n, name in enumerate(HOSTILE, 1)
    ]
    data["territories"] = [
        {**data["territories"][n % 3], "id": f"T{n}", "name": name, "members": [f"090{n:02}"]}
        for n, name in enumerate(HOSTILE, 1)
    ]
    data["partners"] = [{**partner, "name": f"=1+{partner['name']}"} for partner in data["partners"]]
    data["trainers"] = [{**trainer, "organisation": f"@{trainer['organisation']}"} for trainer in data["trainers"]]
    return programme(**data).recommend(on=ON).spreadsheet()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, table: pl.DataFrame) -> dict[str, list[list[Cell]]]:
    """The rows that LibreOffice sees in each file, by the way in which it is opened."""
    if SOFFICE is None:
        pytest.skip("no LibreOffice on this machine (Debian: apt-get install libreoffice-calc)")
    folder = tmp_path_factory.mktemp("office")
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_FRENCH, "utf-8")
    command = [SOFFICE, "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    found = {}
    for name, (suffix, options) in (OPENED | TORN).items():
        path = io.write(table, folder / f"recommandations.{suffix}")
        out = folder / name
        asked = [f"--infilter={options}"] if options else []
        run = [*command, *asked, "--convert-to", "fods", "--outdir", str(out), str(path)]
        subprocess.run(run, check=True, timeout=_PATIENCE, capture_output=True)
        found[name] = list(_rows(out / "recommandations.fods"))
    return found


def _rows(path: Path) -> Iterator[list[Cell]]:
    """The rows of a sheet that hold something."""
    for row in ET.parse(path).iter(f"{_TABLE}table-row"):  # noqa: S314 - made here
        cells = [cell for found in row.iter(f"{_TABLE}table-cell") for cell in _repeated(found)]
        while cells and cells[-1].kind is None:
            cells.pop()
        if cells:
            yield cells


def _repeated(cell: ET.Element) -> list[Cell]:
    kind = cell.get(f"{_OFFICE}value-type")
    value = cell.get(f"{_OFFICE}date-value") or cell.get(f"{_OFFICE}value")
    text = "\n".join("".join(paragraph.itertext()) for paragraph in cell.iter(f"{_TEXT}p"))
    # The last cell of a row stands for all the empty ones up to the edge of the sheet.
    times = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), _MOST)
    return [Cell(kind, text if value is None else value, cell.get(f"{_TABLE}formula"))] * times


def _column(opened: dict[str, list[list[Cell]]], way: str, name: str) -> list[Cell]:
    header, *rows = opened[way]
    place = [cell.value for cell in header].index(name)
    return [row[place] for row in rows]


@pytest.mark.parametrize("way", [*OPENED, *TORN])
def test_nothing_is_a_formula(opened: dict[str, list[list[Cell]]], table: pl.DataFrame, way: str) -> None:
    assert len(opened[way]) == table.height + 1
    width = max(map(len, opened[way]))
    assert width > table.width if way in {"all at once", "no quotes"} else width <= table.width
    assert not [cell for row in opened[way] for cell in row if cell.formula]


@pytest.mark.parametrize("way", OPENED)
def test_days_are_dates_and_amounts_are_numbers(
    opened: dict[str, list[list[Cell]]], table: pl.DataFrame, way: str
) -> None:
    days = [Cell("date", day.isoformat(), None) for day in table["Au plus tôt"]]
    assert _column(opened, way, "Au plus tôt") == days
    costs = _column(opened, way, "Coût (€)")
    assert {cell.kind for cell in costs} <= {"float", "currency"}
    assert [Decimal(cell.value) for cell in costs] == table["Coût (€)"].to_list()
    assert [float(cell.value) for cell in _column(opened, way, "Score")] == table["Score"].to_list()


@pytest.mark.parametrize("way", OPENED)
@pytest.mark.parametrize("column", ["Territoire", "Partenaire-relais", "Intervenant", "Raison principale"])
def test_texts_stay_texts(opened: dict[str, list[list[Cell]]], table: pl.DataFrame, way: str, column: str) -> None:
    marked = "" if way == "xlsx" else "'"
    texts = [re.sub(_COMPUTED, rf"\1{marked}\2", text) for text in table[column]]
    assert _column(opened, way, column) == [Cell("string", text, None) for text in texts]


def test_codes_keep_their_zero_in_a_workbook(opened: dict[str, list[list[Cell]]]) -> None:
    assert {cell.value for cell in _column(opened, "xlsx", "Département")} == {"09"}
