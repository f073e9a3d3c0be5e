"""The language of what the library says where none is named."""

from __future__ import annotations

import pickle
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest

import prai_match as pm
from made import programme
from prai_match.errors import RejectedRowsWarning

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.french
def test_it_is_french_where_nothing_is_said() -> None:
    assert str(pm.PraiError("English", "français")) == "français"
    with pm.language("en"):
        assert str(pm.PraiError("English", "français")) == "English"
        with pm.language("fr"):
            assert str(pm.PraiError("English", "français")) == "français"
        assert str(pm.PraiError("English", "français")) == "English"
    assert str(pm.PraiError("English", "français")) == "français"


@pytest.mark.french
def test_a_language_that_is_named_goes_before() -> None:
    recs = programme().recommend(pm.Programme.example().period.start)
    with pm.language("en"):
        assert recs.html() == recs.html("en") != recs.html("fr")
        assert recs.to_polars().equals(recs.to_polars("en"))
    assert recs.html() == recs.html("fr")
    assert recs.to_polars().equals(recs.to_polars("fr"))


def test_an_error_from_elsewhere_is_read_in_the_language_of_its_reader() -> None:
    error = pickle.loads(pickle.dumps(pm.UnknownCodeError("commune", "Foie", ["Foix"])))  # noqa: S301 - our own bytes
    with pm.language("fr"):
        assert str(error) == "commune inconnue : « Foie » ; vouliez-vous dire Foix ?"
    assert str(error) == "unknown commune: 'Foie'; did you mean Foix?"


@pytest.mark.parametrize(("lang", "word"), [("fr", "rejetée"), ("en", "rejected")])
def test_a_warning_is_in_the_current_language(tmp_path: Path, lang: pm.errors.Lang, word: str) -> None:
    folder = tmp_path / "mine"
    programme().save(folder)
    with (folder / "needs.csv").open("a", encoding="utf-8") as file:
        file.write("09001;hier;;x;;;\r\n")
    with pm.language(lang), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        pm.Programme.load(folder)
        assert [word in str(each.message) for each in caught if each.category is RejectedRowsWarning] == [True]


def test_it_holds_in_its_context_alone() -> None:
    copy_context().run(pm.language, "fr")
    assert str(pm.PraiError("English", "français")) == "English"
    with ThreadPoolExecutor(1) as threads:
        assert threads.submit(str, pm.PraiError("English", "français")).result() == "français", (
            "as where nothing is said"
        )


def test_a_language_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(pm.UnknownCodeError, match="unknown language: 'de'; did you mean fr, en"):
        pm.language("de")  # type: ignore[arg-type]
