"""Files that people and programs break, made from a seed: whatever reads tables must bear them all."""

from __future__ import annotations

import io
import json
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

LABELS = ("Commune", "Élus", "Date du buffet", "Montant", "Besoin", "N°", "", "Total")
CELLS = (
    *("Foix", "L'Hospitalet-près-l'Andorre", "Cœur d'Élus", "12,5", "3", "03/09/2007", "2007-09-03", "oui", "", "  "),
    *(
        "1 250,00 €",
        "total",
        "Sous-total :",
        '"',
        '""',
        '"oui"',
        '12" de pluie',
        'dit "le Vieux"',
        "a;b",
        "a,b",
        "a\tb",
    ),
    *("deux\nlignes", "trois\r\nlignes\r\nici", "\x00", "\u2028", "\ufeff", "=1+1", "\U0001f600", "é" * 40, "NaN", "€"),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "latin-1")
SUFFIXES = (".csv", ".csv", ".csv", ".tsv", ".txt", ".xlsx", ".ods", ".parquet", ".json")


def malformed(rng: Random) -> tuple[bytes, str]:
    """Return a file and its suffix: often broken, sometimes whole, never the same twice.

    Args:
        rng: What decides; the same state gives the same file.
    """
    suffix = rng.choice(SUFFIXES)
    if rng.random() < 0.03:
        return rng.randbytes(rng.randrange(400)), suffix
    data = _MAKERS[suffix](rng)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 5))):
        data = rng.choice(_BREAKS)(rng, data)
    return data, rng.choice(SUFFIXES) if rng.random() < 0.03 else suffix


def _rows(rng: Random) -> list[list[str]]:
    width = rng.randrange(1, 7)
    titles = [["Saison 2007"]] * rng.choice((0, 0, 0, 1, 3))
    header = [rng.choice(LABELS) for _ in range(width)]
    rows = [[rng.choice(CELLS) for _ in range(width)] for _ in range(rng.randrange(12))]
    for row in rows:
        if rng.random() < 0.1:
            del row[rng.randrange(width) :]
        if rng.random() < 0.1:
            row.append(rng.choice(CELLS))
    return [*titles, header, *rows]


def _text(rng: Random) -> bytes:
    separator = rng.choice(";;;,\t|")
    quoting = rng.random()

    def cell(text: str) -> str:
        if rng.random() < 0.02:
            return text  # as a careless program writes it
        special = any(char in text for char in f'{separator}"\n\r')
        return '"' + text.replace('"', '""') + '"' if special or rng.random() < quoting / 2 else text

    end = rng.choice(("\n", "\n", "\r\n", "\r"))
    text = end.join(separator.join(map(cell, row)) for row in _rows(rng)) + rng.choice(("", end, end * 3))
    return (rng.choice(("", "", "", f"sep={separator}{end}")) + text).encode(rng.choice(ENCODINGS), "replace")


def _json(rng: Random) -> bytes:
    rows = _rows(rng)
    values = (None, True, 3, 2.5, 10**20, float("nan"), float("inf"), ["a", "b"], [1, "b"], {"a": 1}, "\ud800")
    records = [
        dict(zip(rows[0], (rng.choice(values) if rng.random() < 0.3 else cell for cell in row), strict=False))
        for row in rows[1:]
    ]
    form = rng.random()
    if form < 0.3:
        return "\n".join(map(json.dumps, records)).encode()
    made = json.dumps(
        {"rows": records} if form < 0.5 else records, ensure_ascii=form < 0.8, indent=rng.choice((None, 1))
    )
    return made.encode("utf-8", "surrogatepass")


@cache
def _parquet_bytes(seed: int) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(
        {"Commune": ["Foix", None, "total"], "Élus": [seed, None, 3], "Besoins": [["a"], [], None]}
    ).write_parquet(file)
    return file.getvalue()


def _parquet(rng: Random) -> bytes:
    return _parquet_bytes(rng.randrange(3))


def _xlsx(rng: Random) -> bytes:
    far = rng.choice((None,) * 90 + ("XFD1048576", "ZZ99999", "A1048576"))
    cells = "".join(
        f'<row r="{number}">'
        + "".join(f'<c t="inlineStr"><is><t>{_xml(cell)}</t></is></c>' for cell in row)
        + f'<c r="{rng.choice("GHI")}{number}" t="{rng.choice("sbn")}"><v>{rng.randrange(2)}</v></c>'
        + (f'<c t="{rng.choice("sbed")}"><v>{rng.choice(("7", "#REF!", "x"))}</v></c>' if rng.random() < 0.03 else "")
        + "</row>"
        for number, row in enumerate(_rows(rng), 1)
    )
    if far:
        cells += f'<row><c r="{far}"><v>1</v></c></row>'
    sheet = f'<worksheet xmlns="{_MAIN}"><dimension ref="A1:{far or "G9"}"/><sheetData>{cells}</sheetData></worksheet>'
    shared = f'<sst xmlns="{_MAIN}"><si><t>Foix</t></si><si><t>{"é" * 1000}</t></si></sst>'
    return _zip(
        rng,
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
            "_rels/.rels": _relations({"officeDocument": "xl/workbook.xml"}),
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            '<sheet name="Besoins" sheetId="1" r:id="worksheet"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": _relations(
                {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
            ),
            "xl/sharedStrings.xml": shared,
            "xl/worksheets/sheet1.xml": sheet,
        },
    )


def _ods(rng: Random) -> bytes:
    far = rng.choice((1,) * 20 + (1_000, 10_000, 10**12))

    def cell(text: str) -> str:
        repeated = f' table:number-columns-repeated="{rng.choice((2, far))}"' if rng.random() < 0.03 else ""
        return (
            f'<table:table-cell office:value-type="string"{repeated}><text:p>{_xml(text)}</text:p></table:table-cell>'
        )

    rows = "".join(
        f'<table:table-row table:number-rows-repeated="{far if rng.random() < 0.05 else 1}">'
        f"{''.join(map(cell, row))}</table:table-row>"
        for row in _rows(rng)
    )
    content = (
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0"'
        f' xmlns:text="{_ODF}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Besoins">{rows}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _zip(rng, {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def _zip(rng: Random, members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for name, text in members.items():
            if rng.random() < 0.98:
                archive.writestr(name, text.encode("utf-8", "replace"))
    return file.getvalue()


def _xml(text: str) -> str:
    shown = "".join(char for char in text if char >= " " or char in "\t\n\r")
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace("\ufeff", "")


def _relations(targets: dict[str, str]) -> str:
    relations = "".join(
        f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>'


def _truncated(rng: Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _flipped(rng: Random, data: bytes) -> bytes:
    broken = bytearray(data)
    for _ in range(rng.randrange(1, 8) if data else 0):
        broken[rng.randrange(len(broken))] = rng.randrange(256)
    return bytes(broken)


def _inserted(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_INSERTIONS) + data[at:]


def _removed(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randrange(20) :]


def _doubled(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[max(0, at - rng.randrange(200)) :]


def _mixed(rng: Random, data: bytes) -> bytes:
    return data + "\nForêt;é;ç\n".encode(rng.choice(ENCODINGS))


def _huge(rng: Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return (
        data[:at]
        + rng.choice((b"x" * 140_000, b"x" * 9_000, b";" * 18_000, b'"' * 9_000, b"\n" * 9_000, b"\0" * 9_000))
        + data[at:]
    )


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_INSERTIONS = (
    b'"',
    b'"',
    b'""',
    b";",
    b"\n",
    b"\r",
    b"\0",
    b"\xe9",
    b"\xc3",
    b"\xff\xfe",
    b"\n\n;;\n",
    b"[",
    b"}",
    b"PK\x03\x04",
)
_BREAKS: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(_truncated, _flipped, _inserted, _inserted, _removed, _doubled, _mixed),
    _huge,
)
_MAKERS: dict[str, Callable[[Random], bytes]] = {
    ".csv": _text,
    ".tsv": _text,
    ".txt": _text,
    ".xlsx": _xlsx,
    ".ods": _ods,
    ".parquet": _parquet,
    ".json": _json,
}
