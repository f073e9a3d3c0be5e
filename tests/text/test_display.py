"""Displays in notebooks: tables that sort, facts, parts that open, and texts that stay texts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, strategies as st
from polars.testing.parametric import dataframes

from markup import OURS, OWN, Markup
from prai_match import UnknownCodeError
from prai_match.text import LANGUAGES, Code, Details, Facts, Frame, Items, Section, Table, display, plain

ROWS = pl.DataFrame(
    {
        "name": ["Foix", "Pamiers", None],
        "people": [1234, None, 3],
        "score": [66.04, float("nan"), -0.01],
        "cost": pl.Series([Decimal("1470.79"), None, Decimal("3.00")]),
        "day": [dt.date(2007, 9, 3), dt.date(2008, 3, 1), None],
        "held": [True, False, None],
        "axes": [["a", "b"], [], None],
    }
)
LABELS = {name: name.title() for name in ROWS.columns}


def test_values_are_written_as_the_language_writes_them() -> None:
    french, english = (Markup(Frame("c", ROWS, LABELS).html(lang)) for lang in LANGUAGES)
    assert french.cells == [
        [*LABELS.values()],
        ["Foix", "1\u202f234", "66,0", "1\u202f470,79", "03/09/2007", "oui", "a, b"],
        ["Pamiers", "", "", "", "01/03/2008", "non", ""],
        ["", "3", "0,0", "3,00", "", "", ""],
    ]
    assert english.cells[1:3] == [
        ["Foix", "1,234", "66.0", "1,470.79", "2007-09-03", "yes", "a, b"],
        ["Pamiers", "", "", "", "2008-03-01", "no", ""],
    ]
    assert french.sorts[7:14] == [None, "1234", "66.04", "1470.79", "2007-09-03", "1", None]


def test_decimals_can_be_chosen() -> None:
    shown = Frame("c", ROWS, {"name": "n", "score": "s"}, decimals={"score": 2}).html("en")
    assert [row[1] for row in Markup(shown).cells] == ["s", "66.04", "", "-0.01"]


@pytest.mark.parametrize(
    ("lang", "shown", "said"),
    [
        ("fr", 1, "… et 2 autres lignes : .all()"),
        ("fr", 2, "… et 1 autre ligne : .all()"),
        ("en", 2, "… and 1 more row: .all()"),
    ],
)
def test_what_is_not_shown_is_told(lang: str, shown: int, said: str) -> None:
    html = Frame("c", ROWS, LABELS, shown, ".all()").html(lang)  # type: ignore[arg-type]
    assert Markup(html).text.strip().endswith(said)
    assert len(Markup(html).cells) == shown + 1
    assert "…" not in Frame("c", ROWS, LABELS, 3, ".all()").html("fr")
    assert "… et 97 autres lignes</p>" in Frame("c", ROWS, LABELS, rows=100).html("fr")


def test_columns_without_any_value_are_left_out() -> None:
    frame = pl.DataFrame({"a": ["", None], "b": [None, None], "c": ["", None], "d": [1, None]})
    labels = {name: name for name in frame.columns}
    assert Markup(Frame("c", frame, labels).html("fr")).cells[0] == ["a", "d"]
    assert Markup(Frame("c", frame.clear(), labels).html("fr")).cells == [["a", "b", "c", "d"]]


def test_long_texts_are_cut_and_long_words_may_break() -> None:
    cells = Markup(
        Frame("c", pl.DataFrame({"a": ["x" * 10_000], "b": ["y " * 5_000]}), {"a": "A", "b": "B"}).html("fr")
    )
    assert [len(cell) for cell in cells.cells[1]] == [300, 300]
    shown = Frame("c", pl.DataFrame({"a": ["x" * 40, "y"], "b": ["y " * 40, "y"]}), {"a": "A", "b": "B"}).html("fr")
    assert shown.count('class="prai-w"') == 3
    assert shown.count('class="prai-t"') == 3


def test_the_script_is_there_where_a_table_can_be_sorted() -> None:
    assert "<script" in display("t", Frame("c", ROWS, LABELS), lang="fr")
    assert "<script" not in display("t", Frame("c", ROWS[:1], LABELS), lang="fr")
    assert "<script" not in display("t", Table("c", ("a",), (("x",), ("y",))), lang="fr")


def test_tables_scroll_by_keyboard_and_have_a_name() -> None:
    for block in (Frame("A & b", ROWS, LABELS), Table("A & b", ("a",), (("x",),))):
        shown = display("", block, lang="fr")
        assert '<div class="prai-scroll" role="group" tabindex="0" aria-label="A &amp; b">' in shown
        assert "<caption>A &amp; b</caption>" in shown
        assert 'class="prai-title"' not in shown


def test_blocks() -> None:
    blocks = (
        "A paragraph",
        Facts((("Code", Code("a<b")), ("Nothing", ""))),
        Section("Part", (Items(("x",), numbered=True),)),
        Details("More", ("inside", Facts((("k", "v"),)))),
    )
    shown = display("Title", *blocks, lang="en").partition("</style>\n")[2]
    assert shown.splitlines() == [
        '<p class="prai-title">Title</p>',
        "<p>A paragraph</p>",
        "<dl>",
        "<dt>Code</dt><dd><code>a&lt;b</code></dd>",
        "</dl>",
        "<section>",
        '<p class="prai-title">Part</p>',
        "<ol>",
        "<li>x</li>",
        "</ol>",
        "</section>",
        "<details>",
        "<summary>More</summary>",
        "<p>inside</p>",
        "<dl>",
        "<dt>k</dt><dd>v</dd>",
        "</dl>",
        "</details>",
        "</div>",
    ]


def test_no_language_but_two() -> None:
    with pytest.raises(UnknownCodeError, match="unknown language: 'de'"):
        display("t", lang="de")  # type: ignore[arg-type]


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_any_text_stays_text(texts: list[str]) -> None:
    rows = pl.DataFrame({"a": pl.Series(texts).str.slice(0, 200), "b": texts})
    table = Frame(texts[0], rows, {"a": texts[0], "b": texts[-1]}, 2, texts[0])
    pairs = tuple((text, text or "x") for text in texts)
    shown = display(texts[0], table, Facts(pairs), Details(texts[0], (Items(tuple(texts)),)), texts[0], lang="fr")
    parsed = Markup(shown)
    assert {*parsed.tags} <= OURS
    assert parsed.attributes <= OWN
    assert parsed.text.count(plain(texts[0]).replace("\N{NO-BREAK SPACE}", " ")) >= 4


@given(dataframes(max_cols=5, max_size=12, allow_null=True, excluded_dtypes=[pl.Struct, pl.Object]))
def test_any_frame_is_shown_the_same_each_time(frame: pl.DataFrame) -> None:
    if frame.width:
        table = Frame("c", frame, {name: name for name in frame.columns}, 5)
        assert table.html("fr") == table.html("fr")
        parsed = Markup(table.html("fr"))
        assert len(parsed.cells) == 1 + min(5, frame.height)
        assert len({len(row) for row in parsed.cells}) == 1
