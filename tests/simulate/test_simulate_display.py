"""What outcomes of simulations say of themselves: names, numbers and signs as they are written, and no markup but ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from hostile import ATTACK, hostile_programme
from markup import OURS, OWN, Markup
from outcomes_by_hand import by_hand, sensitivity_by_hand
from prai_match import UnknownCodeError
from prai_match.model import Text

if TYPE_CHECKING:
    from pathlib import Path

    from goldens import Golden
    from prai_match.simulate import Outcomes

MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return by_hand(tmp_path_factory.mktemp("outcomes"))


def content(html: str) -> str:
    """The fragment without its style and its script."""
    return re.sub(r"<(style|script)\b.*?</\1>\n?", "", html, flags=re.DOTALL) + "\n"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_text_is_as_it_was(found: Outcomes, golden: Golden, lang: Any) -> None:
    golden(f"outcomes_{lang}.txt", found.text(lang) + "\n")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_display_is_as_it_was(found: Outcomes, golden: Golden, lang: Any) -> None:
    golden(f"outcomes_{lang}.html", content(found.html(lang)))


@pytest.mark.french
def test_differences_have_signs(found: Outcomes) -> None:
    cells = {cell for row in Markup(found.html()).cells for cell in row}
    assert {f"{MINUS}3,0 [{MINUS}3,0 ; {MINUS}3,0]", "0,0 [0,0 ; 0,0]"} <= cells
    assert "+0,008 [+0,007 ; +0,009]" in cells
    assert not any(re.search(r"-\d", cell) for cell in cells)


@pytest.mark.french
def test_the_reference_is_called_so_unless_it_has_a_name(found: Outcomes, tmp_path: Path) -> None:
    assert "Écarts avec le scénario de référence, réplication" in found.text()
    assert "baseline" not in found.text() + found.html()
    first = by_hand(tmp_path)
    named = first.scenarios[0].model_copy(update={"label": Text(fr="Sans changement", en="No change")})
    object.__setattr__(first, "scenarios", (named, *first.scenarios[1:]))
    assert "Écarts avec le scénario de référence (« Sans changement »), réplication" in first.text()
    assert "Differences from the reference scenario (“No change”), replication" in first.text("en")


def test_one_scenario_is_compared_with_nothing(tmp_path: Path) -> None:
    one = by_hand(tmp_path, count=1)
    assert "Écarts" not in one.text()
    assert len(re.findall("<table", one.html())) == 1


@pytest.mark.french
def test_what_is_not_known_is_a_dash(tmp_path: Path) -> None:
    outcomes = by_hand(tmp_path, count=1)
    for file in tmp_path.glob("*.parquet"):
        pl.read_parquet(file).filter(pl.col("measure") != "ratings").write_parquet(file)
    assert ["Note moyenne des ateliers, sur 4", "–"] in Markup(outcomes.html()).cells
    assert re.search(r"^Note moyenne des ateliers, sur 4 +–$", outcomes.text(), flags=re.MULTILINE)


def test_columns_stay_narrow(found: Outcomes) -> None:
    for lang in ("fr", "en"):
        widest = max(map(len, found.text(lang).split("\n")[4:]))
        assert widest <= 36 + 3 * 22


def test_hostile_names_stay_texts(tmp_path: Path) -> None:
    html = by_hand(tmp_path, hostile_programme()).html()
    shown = Markup(html)
    assert {*shown.tags} <= OURS
    assert shown.attributes <= OWN
    assert "<script>attacked()</script>" in shown.text
    assert ATTACK[:30] in shown.text


@pytest.mark.parametrize(("lang", "said"), [("fr", "hypothèse"), ("en", "assumption")])
def test_a_sensitivity_has_its_parameters(lang: Any, said: str) -> None:
    cells = Markup(sensitivity_by_hand().html(lang)).cells
    assert len(cells) == 1 + 4
    assert said in cells[2]


def test_no_language_but_two(found: Outcomes) -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        found.text("de")  # type: ignore[arg-type]
