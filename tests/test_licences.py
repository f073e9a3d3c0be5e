"""The page of the licences is what the installed distributions say, and all of them are free."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, PathDistribution, version
from typing import TYPE_CHECKING

import pytest
from packaging.utils import canonicalize_name

import build_licences
import build_outlines
import build_words
from build_licences import FREE, ROOT, Licence, licence

if TYPE_CHECKING:
    from pathlib import Path

LOCKED = {
    canonicalize_name(name): number
    for name, _, number in (
        line.partition("==") for line in (build_licences.ROOT / "constraints.txt").read_text("utf-8").splitlines()
    )
}
PAGE = build_licences.PAGE.read_text("utf-8")
ROWS = {
    canonicalize_name(line.split("|")[1].strip()): line
    for line in PAGE.split("## Data")[0].splitlines()
    if re.match(r"\| [\w-]+ \| (core|[a-z, ]+) \| [\w., -]+ \| (expression|field|classifier|text) \|$", line)
}


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


AS_LOCKED = sorted(name for name, number in LOCKED.items() if _installed(name) == number)
"""Distributions that are here in the version that the page is about."""


def test_the_page_is_up_to_date() -> None:
    needed = build_licences.dependencies()
    written = {name: build_licences.row(name, users) for name, users in needed.items() if name in AS_LOCKED}
    assert {name: row for name, row in ROWS.items() if name in written} == written, "run: scripts/build_licences.py"
    assert ROWS.keys() <= LOCKED.keys()
    assert len(ROWS) == PAGE.count("\n| ", 0, PAGE.index("## Data")) - 2


def test_the_core_is_what_the_project_says() -> None:
    core = {name for name, row in ROWS.items() if "| core |" in row}
    assert {"networkx", "numpy", "polars", "pydantic", "rapidfuzz", "snowballstemmer"} <= core
    assert core.isdisjoint({"click", "highspy", "tqdm", "hypothesis"})


def test_every_licence_is_free() -> None:
    for row in ROWS.values():
        identifiers = Licence(row.split("|")[3].strip(), "").identifiers
        assert identifiers, row
        assert identifiers <= FREE, row


def test_the_notices_of_those_whose_data_we_have_are_in_the_wheel() -> None:
    kept = {path.stem: " ".join(path.read_text("utf-8").split()) for path in (ROOT / "licenses").iterdir()}
    told = re.findall(r"package `([\w-]+)` \| .*MIT, copyright ([\w ]+) \|", PAGE)
    assert kept.keys() == {name for name, _ in told} == {build_outlines.SOURCE, build_words.SOURCE, "holidays"}
    for name, holder in told:
        assert f"Copyright (c) {holder}" in kept[name]
        assert "shall be included in all copies or substantial portions of the Software" in kept[name]
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license-files"]
    carried = {path.stem for pattern in patterns for path in ROOT.glob(pattern)}
    assert carried == {"LICENSE", *kept}


BSD = "Redistribution and use in source and binary\nforms, with or without modification, are permitted."
THIRD = "Neither the name of the\ncopyright holder nor the names of its contributors"


@pytest.mark.parametrize(
    ("metadata", "text", "expected"),
    [
        ("License-Expression: mit AND bsd-3-clause", "", Licence("MIT AND BSD-3-Clause", "expression")),
        ("License-Expression: MIT\nLicense: Apache", "", Licence("MIT", "expression")),
        ("License: GPL-3.0-only", "", Licence("GPL-3.0-only", "field")),
        ("License: mine\nClassifier: License :: OSI Approved :: MIT License", "", Licence("MIT", "classifier")),
        ("Classifier: License :: OSI Approved :: BSD License", BSD, Licence("BSD-2-Clause", "text")),
        ("License: BSD", BSD + THIRD, Licence("BSD-3-Clause", "text")),
        ("License: BSD", "All rights reserved.", Licence("", "text")),
        ("Classifier: License :: Other/Proprietary License", "", Licence("", "classifier")),
    ],
)
def test_what_the_metadata_say(tmp_path: Path, metadata: str, text: str, expected: Licence) -> None:
    folder = tmp_path / "made-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(f"Metadata-Version: 2.4\nName: made\nVersion: 1.0\n{metadata}\n")
    (folder / "RECORD").write_text("made-1.0.dist-info/LICENSE,,\n")
    (folder / "LICENSE").write_text(text)
    assert licence(PathDistribution(folder)) == expected
