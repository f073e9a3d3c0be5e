"""The program run as a person would, and the texts that it is known to print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from made import programme
from prai_match import text
from prai_match.cli._app import application
from prai_match.text import asked_language

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of its own and a terminal that names no language."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in ("PRAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def prai() -> Callable[..., Result]:
    """Run ``prai-match`` with arguments; anything but leaving with a code is a failure."""

    def run(*arguments: object) -> Result:
        asked = [str(argument) for argument in arguments]
        with text.language(asked_language(asked, os.environ)):
            return CliRunner(catch_exceptions=False).invoke(application(), asked)

    return run


@pytest.fixture
def small() -> Path:
    """The small programme with the policy of the tests, in the folder ``essai``."""
    programme().save("essai")
    return Path("essai")


@pytest.fixture
def faulty(small: Path) -> Path:
    """The small programme, with needs of which two can't be read."""
    (small / "needs.csv").write_text(
        "Collectivité;Date;Atelier;Nb personnes;Observations\n"
        "09001;02/05/2007;site_internet;6;\n"
        "09003;le 32 mai;site_internet;5;à rappeler\n"
        "09999;15/06/2007;sig;4;\n",
        "utf-8",
    )
    return small
