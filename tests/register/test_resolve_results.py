"""What the answers are to those who call."""

from __future__ import annotations

import pickle

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from prai_match.errors import UnknownCodeError
from prai_match.register import Resolution, Resolutions, resolve

NAMES = ["Foix", None, "Saint-Rémy", "SIVOM de Foix", "Foix", "<b>Toulouze</b>"]


@pytest.fixture(scope="module")
def found() -> Resolutions:
    return resolve(NAMES)


def test_a_sequence(found: Resolutions) -> None:
    assert len(found) == len(NAMES)
    assert [answer.text for answer in found] == NAMES
    assert isinstance(found[0], Resolution)
    assert found[0] == found[4] == found[-2]
    assert isinstance(found[1:3], Resolutions)
    assert [answer.status for answer in found[1:3]] == ["unknown", "ambiguous"]
    with pytest.raises(IndexError):
        found[99]


@pytest.mark.french
def test_a_frame(found: Resolutions) -> None:
    frame = found.to_polars()
    assert frame.columns[:8] == ["text", "status", "code", "name", "kind", "departement", "score", "reason"]
    assert frame["text"].to_list() == NAMES
    assert frame["because"][0] == "C’est le nom officiel."
    assert found.to_polars("en")["because"][0] == "This is the official name."
    assert frame.schema["candidates"] == pl.List(pl.String)
    assert pl.DataFrame(found).equals(frame)
    assert pa.table(found).num_rows == len(NAMES)


def test_counts(found: Resolutions) -> None:
    assert found.counts() == {
        "exact": 2, "alias": 0, "fuzzy": 0, "ambiguous": 1, "unknown": 2, "not_a_collectivity_here": 1,
    }  # fmt: skip
    assert repr(found) == "<Resolutions: 6 texts; 2 exact, 1 ambiguous, 2 unknown, 1 not_a_collectivity_here>"
    assert repr(resolve([])) == "<Resolutions: 0 texts; nothing>"


def test_html_is_escaped(found: Resolutions) -> None:
    html = found._repr_html_()
    assert "&lt;b&gt;Toulouze&lt;/b&gt;" in html
    assert "<b>" not in html


def test_answers_can_be_pickled_and_hashed(found: Resolutions) -> None:
    assert pickle.loads(pickle.dumps(found[0])) == found[0]  # noqa: S301 (our own bytes)
    assert len(set(found)) == 5


def test_names_of_several_columns_are_combined() -> None:
    frame = pl.DataFrame(
        {
            "type": ["Mairie de", "CC", None, None],
            "name": ["Foix", "Arize Lèze", "Saint-Rémy", None],
            "postal": ["09000", None, "71100", None],
        }
    )
    for table in (frame, frame.to_pandas(), frame.to_arrow()):
        answers = resolve(table)
        assert [answer.code for answer in answers] == ["09122", "200066223", "71475", None]
        assert answers[0].text == "Mairie de Foix 09000"


def test_names_come_as_anything() -> None:
    expected = ["09122", "31555"]
    names = ["Foix", "Toulouse"]
    for given in (names, tuple(names), iter(names), pl.Series(names), pd.Series(names), pl.DataFrame({"n": names})):
        assert [answer.code for answer in resolve(given)] == expected
    assert [answer.status for answer in resolve([1, 2.5, b"x", None])] == ["unknown"] * 4
    assert len(resolve(pl.Series([None, None]))) == 2


def test_departements_come_as_anything() -> None:
    names = ["Montgaillard", "Montgaillard"]
    for given in (["9", "65"], pl.Series([9, 65]), pd.Series([9.0, 65.0]), (9, "Hautes-Pyrénées"), iter(["09", "65"])):
        assert [answer.code for answer in resolve(names, given)] == ["09207", "65320"]


def test_as_many_departements_as_names() -> None:
    with pytest.raises(UnknownCodeError, match="1 départements for 2 texts"):
        resolve(["Foix", "Toulouse"], ["09"])


def test_two_spellings_of_one_place_have_one_code() -> None:
    spellings = ["SAINT BEAT LEZ", "St-Béat-Lès", "saint béat lez (31)", "Mairie de St Béat Lez"]
    assert {answer.code for answer in resolve(spellings)} == {"31471"}
