"""``prai-match plan``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
import python_calamine
import vobject

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden
    from region import Region

PERIOD = ("--start", "2007-09-03", "--end", "31/01/2008")
AT_ONCE = (*PERIOD, "--time-limit", "0")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_help_is_as_it_is_known(prai: Callable[..., Result], golden: Golden, lang: str) -> None:
    golden(f"help_plan_{lang}.txt", prai("plan", "--help", "--lang", lang).stdout)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_plan_writes_a_workbook_and_tells_what_it_comes_to(
    prai: Callable[..., Result], golden: Golden, faulty: Path, lang: str
) -> None:
    shown = prai("plan", faulty, *PERIOD, "--out", "plan.xlsx", "--lang", lang)
    assert shown.exit_code == 1
    assert shown.stdout == ""
    golden(f"plan_{lang}.txt", shown.stderr)
    book = python_calamine.CalamineWorkbook.from_path("plan.xlsx")
    assert book.sheet_names == ["Sessions", "Invitations"]


def test_plan_writes_two_csv(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("plan", small, *AT_ONCE, "--out", "plan.csv", "--on", "2007-09-01")
    assert shown.exit_code == 0
    assert shown.stderr.startswith("Écrit : plan.csv\nÉcrit : plan-invitations.csv\n")
    sessions = pl.read_csv("plan.csv", separator=";")
    assert sessions["Session"].to_list() == ["Site", "Buffet geo"]


def test_a_plan_made_at_once_says_how_to_search_for_a_better_one(
    prai: Callable[..., Result], small: Path, region: Region
) -> None:
    october = ("--start", "2007-10-01", "--end", "2007-10-31")
    at_once = prai("plan", region.folder, *october, "--time-limit", "0", "--out", "a.csv", "--budget", "5000")
    assert "Fait aussitôt, sans recherche, à " in at_once.stderr
    assert "Pour rechercher un meilleur plan pendant une minute : --time-limit 60\n" in at_once.stderr
    assert "--time-limit" not in prai("plan", small, *PERIOD, "--out", "b.csv").stderr


def test_plan_prints_the_plan(prai: Callable[..., Result], golden: Golden, small: Path) -> None:
    shown = prai("plan", small, *PERIOD, "--out", "-")
    assert shown.exit_code == 0
    golden("plan_printed_fr.txt", shown.stdout)
    assert "Demandes non satisfaites" in shown.stderr


def test_a_calendar_written_after_another_cancels_what_is_gone(prai: Callable[..., Result], small: Path) -> None:
    assert prai("plan", small, *AT_ONCE, "--out", "a.ics").exit_code == 0
    shown = prai("plan", small, *AT_ONCE, "--out", "b.ics", "--budget", "650,50", "--previous", "a.ics")
    assert shown.exit_code == 0
    first, second = (vobject.readOne(Path(name).read_text("utf-8")).vevent_list for name in ("a.ics", "b.ics"))
    assert len(first) == len(second) == 2
    assert sorted(event.status.value for event in second) == ["CANCELLED", "TENTATIVE"]


def test_a_plan_that_holds_nothing_says_what_blocks(prai: Callable[..., Result], small: Path) -> None:
    shown = prai("plan", small, *AT_ONCE, "--out", "p.csv", "--budget", "0", "--lang", "en")
    assert shown.exit_code == 0
    assert "No session can be held." in shown.stderr
    assert "Money: what is left is not enough for one more session." in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--out", "p.pdf"), 2, "« p.pdf » ne se termine par aucune des extensions .xlsx, .csv, .ics"),
        (("--out", "p.csv", "--budget", "-5"), 2, "« -5 » n’est pas un nombre positif ou nul"),
        (("--out", "p.csv", "--time-limit", "1e3"), 2, "« 1e3 » n’est pas un nombre positif ou nul"),
        (("--out", "p.csv", "--end", "2007-09-01"), 2, "la période se termine avant son début"),
        (("--out", "p.csv", "--previous", "a.ics"), 2, "--previous ne s’emploie qu’avec un fichier .ics pour --out"),
        (("--out", "p.ics", "--previous", "a.ics"), 3, "Erreur : a.ics : "),
        (("--out", "p.csv", "--school-holidays", "A"), 2, "option inconnue : --school-holidays"),
        (("--out", "p.csv", "--policy", "none.toml"), 3, "Erreur : "),
        (("--out", "nulle part/p.csv"), 3, "Erreur : "),
    ],
)
def test_plan_refuses_what_it_cant_do(
    prai: Callable[..., Result], small: Path, arguments: tuple[str, ...], code: int, said: str
) -> None:
    shown = prai("plan", small, *AT_ONCE, *arguments)
    assert shown.exit_code == code
    assert said in shown.stderr
    assert not list(Path().glob("p.*"))
