"""``prai-match brief``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden

ON = ("--on", "2007-09-03")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_help_is_as_it_is_known(prai: Callable[..., Result], golden: Golden, lang: str) -> None:
    golden(f"help_brief_{lang}.txt", prai("brief", "--help", "--lang", lang).stdout)


def test_brief_writes_a_page_of_what_is_held_together(prai: Callable[..., Result], faulty: Path) -> None:
    shown = prai("brief", faulty, *ON, "--out", "fiches.html", "--lang", "fr")
    assert shown.exit_code == 1
    assert shown.stdout == ""
    assert "Écrit : fiches.html" in shown.stderr
    page = Path("fiches.html").read_text("utf-8")
    assert '<html lang="fr">' in page
    assert page.count("<h1>Fiche de préparation – ") == page.count("<article") >= 1


def test_brief_prints_those_of_some_territories(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("brief", small, *ON, "--territory", "T2", "--lang", "en")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("Brief – ")
    assert shown.stdout.count("\nBrief – ") == 0
    assert "5. What the relay prepares" in shown.stdout
    every = prai("brief", small, *ON, "--territory", "T1", "--territory", "T2").stdout
    assert every.count("Fiche de préparation – ") == 2
    assert "refonte du site" not in prai("brief", small, *ON, "--public").stdout
