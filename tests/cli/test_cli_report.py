"""``prai-match report``."""

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
    golden(f"help_report_{lang}.txt", prai("report", "--help", "--lang", lang).stdout)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_report_writes_a_page_and_tells_how_many(
    prai: Callable[..., Result], golden: Golden, faulty: Path, lang: str
) -> None:
    shown = prai("report", faulty, *ON, "--out", "reunion.html", "--lang", lang, "--service", "Service <des> élus")
    assert shown.exit_code == 1
    assert shown.stdout == ""
    golden(f"report_{lang}.txt", shown.stderr)
    page = Path("reunion.html").read_text("utf-8")
    assert f'<html lang="{lang}">' in page
    assert "Service &lt;des&gt; élus" in page


def test_report_prints_the_page_of_some_territories(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("report", small, *ON, "--out", "-", "--territory", "T2", "--top", "1")
    assert shown.exit_code == 0
    assert shown.stdout.startswith("<!DOCTYPE html>")
    assert 'id="t-T2"' in shown.stdout
    assert 'id="t-T1"' not in shown.stdout


def test_report_shows_the_season_that_is_planned(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("report", small, *ON, "--out", "-", "--end", "2007-12-21", "--time-limit", "0", "--public")
    assert shown.exit_code == 0
    assert "Plan du 3 septembre 2007 au 21 décembre 2007" in shown.stdout
    shown = prai("report", small, *ON, "--out", "-", "--end", "2007-09-02")
    assert shown.exit_code == 2
    assert "--end doit suivre --on" in shown.stderr


def test_report_refuses_what_it_cant_do(prai: Callable[..., Result], small: Path) -> None:
    for out, code, said in (
        ("r.csv", 2, "« r.csv » ne se termine par aucune des extensions .html, .htm"),
        ("nulle part/r.html", 3, "Erreur : nulle part : "),
    ):
        shown = prai("report", small, *ON, "--out", out)
        assert shown.exit_code == code
        assert said in shown.stderr
    shown = prai("report", small, *ON, "--out", "r.html", "--territory", "T22")
    assert shown.exit_code == 2
    assert "territoire inconnu : « T22 » ; vouliez-vous dire T2" in shown.stderr
    assert prai("report", small, *ON, "--out", "r.html", "--policy", "none.toml").exit_code == 3
    assert not Path("r.html").exists()
