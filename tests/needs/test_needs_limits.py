"""A lexicon from a stranger can't hang or exhaust memory: what would is refused before it is computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prai_match import LexiconError
from prai_match.needs import Lexicon

if TYPE_CHECKING:
    from pathlib import Path

TERM = "[[terme]]\natelier = 'sig'\nniveau = 'fort'\nmots = ['{}']\n"


def groups(depth: int, *, width: int) -> str:
    lines = [f"g{number} = ['{f'{{g{number + 1}}} ' * width}', 'a{number}']\n" for number in range(depth)]
    return "[groupes]\n" + "".join(lines) + f"g{depth} = ['fin']\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("a." * 20_000 + "a = 1", "20000 points on line 1, expected at most 100 on a line", id="points"),
        pytest.param("x = " + "[" * 100_000, "more than 20 levels", id="levels"),
        pytest.param("x = " + "9" * 100_000, "expected a TOML file", id="digits"),
        pytest.param(TERM.format("a-b " * 49), "expected phrases that yield at most 100000 sequences of words in all", id="hyphens"),
        pytest.param(TERM.format("{g0}") + groups(9, width=4), "sequences of words in all", id="groups that multiply"),
        pytest.param(TERM.format("{g0}") + groups(5_000, width=1), "at most 10 nested groups", id="deep groups"),
        pytest.param(TERM.format("a") * 1_001, "at most 1000 items", id="terms"),
        pytest.param(TERM.format("a" * 201), "at most 200 characters", id="long words"),
    ],
)  # fmt: skip
def test_a_lexicon_that_would_cost_too_much_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "lexique.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 100_000


def test_what_costs_as_much_as_is_allowed_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lexique.toml"
    path.write_text(TERM.format("a-b c-d"), "utf-8")  # each as one word and as two: four runs
    monkeypatch.setattr("prai_match.needs._lexicon._MOST_RUNS", 4)
    assert list(Lexicon.load(path).workshops) == ["sig"]
    monkeypatch.setattr("prai_match.needs._lexicon._MOST_RUNS", 3)
    with pytest.raises(LexiconError, match="at most 3 sequences"):
        Lexicon.load(path)


def test_no_more_than_a_hundred_problems_are_told(tmp_path: Path) -> None:
    path = tmp_path / "lexique.toml"
    path.write_text("".join(TERM.format(f"{{g{number}}}") for number in range(500)), "utf-8")
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path)
    assert len(caught.value.problems) == 100


def test_a_file_is_not_read_past_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "lexique.toml"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of zeros, of which none is on the disk
    with pytest.raises(LexiconError) as caught:
        Lexicon.load(path)
    assert caught.value.problems[0].where == str(path)
    assert caught.value.problems[0].text("fr").endswith("plus de 524288 octets ; il faut au plus 524288 octets")
