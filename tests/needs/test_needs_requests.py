"""How texts are cut in a column: each as by itself, whatever stands at its ends or in the other texts."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import example, given, strategies as st

from prai_match.needs import classify, read_needs
from prai_match.needs._requests import READ, request_of, token_columns
from prai_match.needs._text import cut

PIECES = (
    *(
        "site",
        "internet",
        "l'école",
        "S.I.G.",
        "@CTES",
        "12",
        "a",
        "cantine,",
        "(SIG)",
        "ÉCOLE",
        "αβγ",
        "²",
        "x_y",
        "…",
    ),
    *("-", "–", "*", "1)", "b.", "07/", "2°", "٣)", "fin.", "quoi ?", "«", "»", "&", "+", ":", "'1)", "1)."),
    *(" ", "  ", "\n", "\n- ", "\t", "\x1c", "\u00a0", "\u202f", "\u2028", "e\u0301", "co\u00admmune", "\u200b"),
    *("\uffff", "\ufffe", "\ufeff", "İ", "ſite", "ı"),
    *("Bonjour,", "Chère collègue,", "Cordialement", "bien à vous", "merci d'avance", "> ", "--", "Le Maire", "mme"),
)
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=8).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda between: between.join(pieces))
)


@given(st.lists(texts, max_size=6))
@example(["- site", "site -", "site - ", " - site", "1) site", "site 1)", "site 1) ", "-", "", " ", "1)  \n"])
def test_a_text_of_a_column_is_cut_as_by_itself(column: list[str]) -> None:
    tokens, token, firsts = token_columns(column)
    found = [[tokens[each] for each in token[first:last]] for first, last in pairwise(firsts.tolist())]
    assert found == [cut(request_of(text)) for text in column], (column, found)


def test_what_follows_four_pages_is_left_out() -> None:
    column = ["site " * (READ - 1), "site, " * READ, "site\n" * READ]
    assert [last - first for first, last in pairwise(token_columns(column).firsts.tolist())] == [READ - 1, READ, READ]


def test_half_of_a_character_is_no_letter() -> None:
    halves = ["site\ud800 internet", None, "\udfff"]
    assert classify(halves)["text"].to_list() == ["site\ufffd internet", None, "\ufffd"]
    assert read_needs(halves).select("text", "start", "end", "workshop", "reason").rows() == [
        (0, 0, 14, "site_internet", None),
        (1, None, None, None, "empty"),
        (2, None, None, None, "empty"),
    ]
