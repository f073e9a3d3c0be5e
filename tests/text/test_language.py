from __future__ import annotations

import pytest

from prai_match.text import accepted


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("en", "en"),
        ("EN-gb", "en"),
        ("de,en;q=0.5", "en"),
        ("en;q=0.1, fr;q=0.8", "fr"),
        ("fr;q=0.8, en", "en"),
        ("en, fr", "en"),
        ("fr;q=0, en;q=0.001", "en"),
        ("en;q=0", "fr"),
        ("*", "fr"),
        ("*;q=0.5, en;q=0.4", "fr"),
        ("english", "fr"),
        ("en;q=2;q=1", "fr"),
        ("en;q=-1", "fr"),
        ("en\n", "en"),
        ("<script>, en ; q = 1.000", "en"),
        (",;=" * 10_000 + "en", "fr"),
    ],
)
def test_the_language_a_browser_prefers(header: str, lang: str) -> None:
    assert accepted(header) == lang


def test_where_no_language_is_known_the_one_of_the_service() -> None:
    assert accepted("de;q=1, *;q=0.5", otherwise="en") == "en"
    assert accepted("", otherwise="en") == "en"
