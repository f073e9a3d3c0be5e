"""``prai-match gaps``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from made import POLICY_FILE, programme, small as data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from goldens import Golden

ON = ("--on", "03/09/2007")


@pytest.fixture
def lacking(small: Path) -> Path:
    """The small programme whose only relay carries buffets alone."""
    programme(partners=[{**data()["partners"][0], "carries": ["b_web", "b_geo"]}]).save(small)
    return small


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_help_is_as_it_is_known(prai: Callable[..., Result], golden: Golden, lang: str) -> None:
    golden(f"help_gaps_{lang}.txt", prai("gaps", "--help", "--lang", lang).stdout)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_gaps_prints_what_is_missing(prai: Callable[..., Result], golden: Golden, lacking: Path, lang: str) -> None:
    shown = prai("gaps", lacking, *ON, "--out", "-", "--lang", lang)
    assert (shown.exit_code, shown.stderr) == (0, "")
    golden(f"gaps_{lang}.txt", shown.stdout)


def test_gaps_writes_a_table_in_words_or_in_codes(prai: Callable[..., Result], lacking: Path) -> None:
    words = prai("gaps", lacking, *ON, "--out", "manques.csv", "--top", "1")
    assert (words.exit_code, words.stdout, words.stderr) == (0, "", "Écrit : manques.csv\n")
    rows = pl.read_csv("manques.csv", separator=";")
    assert rows["Session"].to_list() == ["Site", "SIG", "Téléservices"]
    assert rows["Structures qui pourraient l’organiser"][0].startswith("ADM de l'Ariège, en organisant ces sessions : ")
    prai("gaps", lacking, *ON, "--out", "gaps.parquet")
    assert pl.read_parquet("gaps.parquet")["cause"].to_list() == ["carries"] * 3


def test_gaps_takes_other_rules_and_tells_of_rejected_rows(prai: Callable[..., Result], faulty: Path) -> None:
    shown = prai("gaps", faulty, *ON, "--out", "-", "--policy", POLICY_FILE)
    assert shown.exit_code == 1
    assert "chaque session a un relais" in shown.stdout
