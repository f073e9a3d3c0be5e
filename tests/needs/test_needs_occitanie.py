"""How well the lexicon of the second bundled region reads today's needs.

Both files were written after the lexicon, by the people who wrote it. The errors of ``occitanie_seen`` were mended in
it; ``occitanie_unseen`` was written then, measured (86.8 % right, 12.5 % abstentions, 1 wrong answer), and nothing was
mended from it.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import labelled
from _french import spaced
from prai_match import Programme
from prai_match.needs import Lexicon

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
    ("table", "least", "right", "wrong", "axes"),
    [("occitanie_seen", 200, 0.97, 0.01, 0.95), ("occitanie_unseen", 120, 0.85, 0.02, 0.9)],
)
def test_todays_needs_are_read_or_left(  # noqa: PLR0913, PLR0917 - the bounds of a table
    programme: Programme, table: str, least: int, right: float, wrong: float, axes: float
) -> None:
    found = _read(programme, table)
    assert found.height >= least
    same = found.filter(pl.col("workshop") == pl.col("label"))
    assert same.height / found.height >= right
    mistaken = found.filter((pl.col("workshop") != pl.col("label")) & (pl.col("workshop") != "none"))
    assert mistaken.height / found.height <= wrong
    asked = same.drop_nulls("wanted")
    assert (asked["axis"] == asked["wanted"]).sum() / asked.height >= axes


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
