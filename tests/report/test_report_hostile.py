"""Whatever users write stays text."""

from __future__ import annotations

import pytest

from hostile import hostile_policy, hostile_programme
from made import ON, programme
from page import Page
from prai_match import report


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_hostile_texts_add_nothing_to_the_page(lang: str) -> None:
    tame = Page(report.html(programme().recommend(on=ON), lang=lang, service="x"))  # type: ignore[arg-type]
    recs = hostile_programme().recommend(on=ON, policy=hostile_policy())
    html = report.html(recs, lang=lang, service='"><script>attacked()</script>\u202e{{ page }}')  # type: ignore[arg-type]
    page = Page(html)
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert page.hidden == tame.hidden
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in tame.elements} | {"clippath", "defs"}
    for _, attributes in page.elements:
        assert not any(name.startswith("on") for name in attributes)
        assert "javascript:" not in str(attributes.get("href", ""))
    assert not {"\u202e", "\u2067", "\u200f"} & set(html)
    assert "<script>attacked()" in page.content["cards"]
    assert "{{7*7}}" in page.content["cards"]
    assert "49" not in page.content["t-T1-title"]
