"""How well the lexicon of the second bundled region reads today's needs.

Both files were written after the lexicon, by the people who wrote it. The errors of ``occitanie_seen`` were mended in
it; ``occitanie_unseen`` was written then, measured (86.8 % right, 12.5 % abstentions, 1 wrong answer), and nothing was
mended from it. These are the figures of the lexicon alone, which still has to meet its bounds. With the examples, many
of its abstentions are answered: 94.1 % right and 3 wrong answers of 136 (2.2 %), all three named by the examples, which
name no axis: of 91 needs with an axis that are read right, 76 have it, one has another and 14 have none.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

import labelled
from _french import spaced
from prai_match import Programme
from prai_match.needs import Lexicon, classify

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "occitanie_2026.md"
LEXICON = Path(__file__).parents[2] / "src" / "prai_match" / "data" / "occitanie_2026" / "lexique.toml"


@pytest.fixture(scope="module")
def programme() -> Programme:
    return Programme.example("occitanie_2026")


def _read(programme: Programme, table: str) -> pl.DataFrame:
    rows = labelled.phrases(table)
    found = programme.classify([row.text for row in rows])
    return found.with_columns(
        workshop=pl.col("workshop").fill_null("none"),
        label=pl.Series([row.label for row in rows]),
        wanted=pl.Series([row.axis for row in rows]),
    )


@pytest.mark.parametrize(
    ("table", "least", "right", "wrong", "axes", "named"),
    [("occitanie_seen", 200, 0.97, 0.01, 0.95, 0.95), ("occitanie_unseen", 120, 0.93, 0.025, 0.95, 0.8)],
)
def test_todays_needs_are_read_or_left(  # noqa: PLR0913, PLR0917 - the bounds of a table
    programme: Programme, table: str, least: int, right: float, wrong: float, axes: float, named: float
) -> None:
    found = _read(programme, table)
    assert found.height >= least
    same = found.filter(pl.col("workshop") == pl.col("label"))
    assert same.height / found.height >= right
    mistaken = found.filter((pl.col("workshop") != pl.col("label")) & (pl.col("workshop") != "none"))
    assert mistaken.height / found.height <= wrong
    asked = same.drop_nulls(["wanted", "axis"])
    assert (asked["axis"] == asked["wanted"]).sum() / asked.height >= axes
    assert asked.height / same.drop_nulls("wanted").height >= named


def test_the_lexicon_alone_rarely_names_the_wrong_workshop_or_axis(programme: Programme) -> None:
    rows = labelled.phrases("occitanie_unseen")
    found = classify([row.text for row in rows], replace(programme.lexicon, is_alone=True))
    read = [(workshop or "none", axis) for workshop, axis in found.select("workshop", "axis").iter_rows()]
    right = [(axis, row.axis) for (workshop, axis), row in zip(read, rows, strict=True) if workshop == row.label]
    assert len(right) / len(rows) >= 0.85
    wrong = sum(workshop not in {row.label, "none"} for (workshop, _), row in zip(read, rows, strict=True))
    assert wrong / len(rows) <= 0.02
    asked = [axis == wanted for axis, wanted in right if wanted is not None]
    assert sum(asked) / len(asked) >= 0.9


@pytest.mark.parametrize("table", ["occitanie_seen", "occitanie_unseen"])
def test_the_page_tells_what_is_measured(programme: Programme, table: str) -> None:
    found = _read(programme, table)
    right = found.filter(pl.col("workshop") == pl.col("label")).height
    left = found.filter(pl.col("workshop") != pl.col("label"), pl.col("workshop") == "none").height
    shares = (right, left, found.height - right - left)
    row = " | ".join([str(found.height), *(f"{100 * share / found.height:.1f} %" for share in shares)])
    row += f" | {labelled.read(labelled.phrases(table), programme.lexicon).macro_f1:.3f}"
    assert spaced(f"| {row} |") in PAGE.read_text("utf-8")


@pytest.mark.parametrize("table", ["occitanie_seen", "occitanie_unseen"])
def test_every_workshop_is_asked_for_and_no_text_is_in_both(programme: Programme, table: str) -> None:
    found = _read(programme, table)
    asked = found.group_by("label").len()
    assert set(asked["label"]) == {"none", *(workshop.id for workshop in programme.catalogue.workshops)}
    assert asked["len"].min() >= 10  # type: ignore[operator]
    other = _read(programme, "occitanie_unseen" if table == "occitanie_seen" else "occitanie_seen")
    needs = programme.needs.to_polars()["text"]
    assert set(found["text"]).isdisjoint(other["text"])
    assert len(set(found["text"]) & set(needs)) / found.height < 0.05


def test_the_lexicon_names_what_the_catalogue_has(programme: Programme) -> None:
    axes = {workshop.id: tuple(sorted(axis.id for axis in workshop.axes)) for workshop in programme.catalogue.workshops}
    assert {name: tuple(found) for name, found in Lexicon.load(LEXICON, axes).workshops.items()} == axes


def test_the_bundled_lexicon_would_not_do(programme: Programme) -> None:
    texts = ["NIS 2", "chatgpt pour rédiger", "conseiller numérique", "Plat'AU"]
    found = programme.classify(texts)["workshop"].to_list()
    assert found == ["cybersecurite", "ia_mairie", "inclusion_numerique", "urbanisme"]
    assert set(Programme.example().classify(texts)["workshop"].drop_nulls()).isdisjoint(found)
