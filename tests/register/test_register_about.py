"""What the register says of itself, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from prai_match import register
from prai_match.errors import UnknownCodeError


def test_about_names_sources_licences_and_vintage() -> None:
    about = register.about()
    assert (about.source, about.version, about.vintage) == ("@etalab/decoupage-administratif", "6.0.0", "2026")
    assert about.counts["commune"] == 34_969
    assert sum(about.precision.values()) == 34_969
    assert any("Licence Ouverte" in licence for licence in about.licences)
    assert any("CC BY 4.0" in licence for licence in about.licences)
    assert "GeoNames" in about.attribution
    assert hash(about) == hash(register.about())


def test_about_names_the_versions_of_the_earlier_years() -> None:
    about = register.about()
    assert list(about.vintages) == [str(year) for year in range(2019, 2026)]
    assert about.vintages["2019"] == about.earlier
    assert about.vintages["2020"] == about.history
    assert about.others["dissolved"] == 18
    assert f"{about.others['aliases']:,} other names of communes" in str(about)


def test_about_reads_in_both_languages() -> None:
    about = register.about()
    assert str(about) == about.text() == about.text("en")
    assert "34,969 communes" in str(about)
    assert "34\N{NARROW NO-BREAK SPACE}969 communes" in about.text("fr")
    assert len(str(about).splitlines()) == len(about.text("fr").splitlines())
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
        about.text("de")  # type: ignore[arg-type]


def test_importing_reads_nothing() -> None:
    code = (
        "import prai_match.register\n"
        "from prai_match.register import _data\n"
        "tables = _data._file, _data.table, _data.aliases, _data.dissolved_epcis, _data.epci_names\n"
        "print(sum(table.cache_info().currsize for table in tables))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"]
