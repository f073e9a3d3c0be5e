"""Fingerprints: the same for the same content however it lies, another one for any other content."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import assume, given, strategies as st

import made
from prai_match import Programme
from prai_match.explain import Fingerprint, digest, frame_digest, unordered
from thorough import examples

if TYPE_CHECKING:
    import random

SCHEMA: dict[str, Any] = {
    "name": pl.String,
    "people": pl.Int64,
    "rating": pl.Float64,
    "date": pl.Date,
    "free": pl.Boolean,
    "cost": pl.Decimal(12, 2),
    "members": pl.List(pl.String),
}
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
    | st.sampled_from(["\x1f", "\x1e", "\x00", ""]),
    "people": st.integers(-5, 5),
    "rating": st.floats(allow_nan=False, allow_infinity=False),
    "date": st.dates(),
    "free": st.booleans(),
    "cost": st.decimals(0, 99, places=2),
    "members": st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True),
}
CELLS = {name: st.none() | values for name, values in VALUES.items()}
ROWS = st.lists(st.fixed_dictionaries(CELLS), max_size=6)


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_lists_means_nothing(rows: list[dict[str, Any]], dice: random.Random) -> None:
    shuffled = [{**row, "members": row["members"] and dice.sample(row["members"], len(row["members"]))} for row in rows]
    dice.shuffle(shuffled)
    in_pieces = pl.concat([table([]), *(table([row]) for row in shuffled)], rechunk=False)
    assert frame_digest(in_pieces) == frame_digest(table(rows))


@given(ROWS.filter(bool), st.data())
def test_any_other_value_gives_another_digest(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.sampled_from(sorted(SCHEMA)))
    value = data.draw(CELLS[column])
    was = rows[place][column]
    assume(value != was and unordered(value) != unordered(was))
    changed = [{**row, column: value} if n == place else row for n, row in enumerate(rows)]
    assert frame_digest(table(changed)) != frame_digest(table(rows))


@given(ROWS.filter(bool))
def test_a_row_more_or_twice_gives_another_digest(rows: list[dict[str, Any]]) -> None:
    digests = {frame_digest(table(some)) for some in (rows, [*rows, rows[0]], rows[1:])}
    assert len(digests) == 3


@given(st.tuples(*[st.text("a\x1b\x1e\x1f\x001234", max_size=3)] * 4))
def test_neighbouring_texts_never_run_together(texts: tuple[str, ...]) -> None:
    one = pl.DataFrame({"a": texts[:2], "b": texts[2:]})
    other = pl.DataFrame({"a": [texts[0] + texts[2], texts[1]], "b": ["", texts[3]]})
    assert (frame_digest(one) == frame_digest(other)) is one.sort("a", "b").equals(other.sort("a", "b"))


def test_equal_numbers_have_one_digest() -> None:
    zeros = [frame_digest(pl.DataFrame({"a": [one, other]})) for one in (0.0, -0.0) for other in (0.0, -0.0)]
    assert len(set(zeros)) == 1
    assert digest(Decimal("12.50")) == digest(Decimal("12.5"))


def test_columns_are_named() -> None:
    digests = {frame_digest(pl.DataFrame({name: []}, schema={name: pl.String})) for name in ("a", "b")}
    assert len({*digests, frame_digest(pl.DataFrame())}) == 3


def test_digests_are_those_of_every_machine_and_version() -> None:
    rows: list[dict[str, Any]] = [
        {
            "name": "Foix",
            "people": 3,
            "rating": 3.7,
            "date": dt.date(2007, 9, 3),
            "free": True,
            "cost": Decimal("12.50"),
            "members": ["b", "a"],
        },
        {"name": None, "people": 4, "rating": 1e-7, "date": None, "free": False, "cost": None, "members": None},
    ]
    assert frame_digest(table(rows)) == "be4188f529e757c516e162ce1507b89be6c56461e85e62580bb474494ae90ced"
    assert (
        digest({"b": [1, None], "a": "é", "c": Decimal("1.10"), "d": dt.date(2007, 9, 3)})
        == "7b4a9a64c09b0fe7b13dff3700e85b0b08b37ca97d5824034a019247f919c308"
    )


def test_what_is_no_data_has_no_digest() -> None:
    with pytest.raises(TypeError, match="no data"):
        digest(object())


def test_what_changed_is_named() -> None:
    was = Fingerprint({"needs": "1", "day": "2"})
    assert was.changed(was) == ()
    assert was.changed(Fingerprint({"needs": "1", "day": "3"})) == ("day",)
    assert was.changed(Fingerprint({"needs": "1", "day": "2", "extra": "4"})) == ("extra",)
    assert str(was) == was.digest
    assert was.digest.startswith(was.short)
    assert (len(was.digest), len(was.short)) == (64, 12)


def test_the_same_fingerprints_are_one_key() -> None:
    was, same, other = (Fingerprint({"day": day}) for day in ("2007-09-03", "2007-09-03", "2007-09-04"))
    assert {was: 1, other: 2}[same] == 1


def test_a_notebook_shows_the_first_digits_of_a_digest_and_values_whole() -> None:
    parts = {"needs": digest([1, 2]), "day": "2007-09-03"}
    shown = Fingerprint(parts).html("en")
    assert parts["needs"][:12] + "…" in shown
    assert parts["needs"] not in shown
    assert ">2007-09-03<" in shown


@examples(12)
@given(made.data(), st.randoms(use_true_random=False))
def test_the_order_of_a_programme_means_nothing(data: dict[str, Any], dice: random.Random) -> None:
    shuffled = {
        name: dice.sample(rows, len(rows)) if isinstance(rows, list) and name != "period" else rows
        for name, rows in data.items()
    }
    parts = [Programme.model_validate(some).recommend(on=made.ON).fingerprint for some in (data, shuffled)]
    assert parts[0] == parts[1]
