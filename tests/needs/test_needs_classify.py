"""What is answered: the frame and its columns, the words shown, the reasons and their sentences."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, strategies as st

from needs.jardin import lexicon, said
from prai_match import UnknownCodeError
from prai_match.needs import REASONS, Lexicon, classify, reason_sentence
from prai_match.testing import NeedText, need_texts
from thorough import examples

SCHEMA = {
    "text": pl.String, "workshop": pl.String, "axis": pl.String, "score": pl.Float64, "terms": pl.List(pl.String),
    "reason": pl.String,
}  # fmt: skip


@pytest.mark.parametrize("texts", [[], [None], ["x"], ["télescope"], ["télescope", None, "x"], pl.Series([1, None])])
def test_the_columns_are_the_same_whatever_is_read(texts: list[str | None] | pl.Series) -> None:
    assert dict(classify(texts, lexicon()).schema) == SCHEMA


def test_a_row_a_text_in_the_order_given() -> None:
    texts = ["marmite", None, "télescope", "marmite", "", "x"]
    assert classify(iter(texts), lexicon()).rows() == [
        ("marmite", "cuisine", None, 93.7, ["marmite"], None),
        (None, None, None, 0.0, [], "empty"),
        ("télescope", "astronomie", "lune", 93.7, ["télescope"], None),
        ("marmite", "cuisine", None, 93.7, ["marmite"], None),
        ("", None, None, 0.0, [], "empty"),
        ("x", None, None, 0.0, [], "no_term"),
    ]


@pytest.mark.parametrize("texts", [pl.Series(["marmite", None]), pl.Series(["marmite", None], dtype=pl.Categorical)])
def test_a_series_is_read_as_text(texts: pl.Series) -> None:
    assert classify(texts, lexicon())["workshop"].to_list() == ["cuisine", None]


def test_without_a_lexicon_the_bundled_one_is_read() -> None:
    assert classify(["marmite", "un SIG"])["workshop"].to_list() == [None, "sig"]
    assert classify(["marmite", "un SIG"], lexicon())["workshop"].to_list() == ["cuisine", None]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("le TÉLESCOPE de la mairie", "TÉLESCOPE"),
        ("Télescope, télescope", "Télescope + télescope"),
        ("marmite. marmite", "marmite"),
        ("Pain  complet", "Pain complet"),
        ("arrosoir de la cave et grand tuyau", "arrosoir … tuyau + cave … tuyau"),
        # Words that a longer stretch shows aren't shown again; the parts of a combination are.
        ("bol", "bol"),
        ("bol bleu", "bol bleu"),
        ("grand bol percé", "grand bol percé + bol … percé"),
        ("bol chat", "no_term"),
        ("bol chien", "no_term"),
    ],
)
def test_the_words_that_decided_are_shown(text: str, shown: str) -> None:
    assert said(text) == shown


def test_each_reason_has_its_sentences() -> None:
    assert {reason: (reason_sentence(reason), reason_sentence(reason, "en")) for reason in REASONS} == {
        "empty": ("Aucun texte n’a été saisi.", "No text was given."),
        "no_term": (
            "Le texte ne contient aucun mot du lexique : la demande ne concerne aucun atelier.",
            "The text has no word of the lexicon: the request concerns no workshop.",
        ),
        "excluded_context": (
            "Le lieu ou l’objet de la demande ne relève d’aucun atelier (école, fibre, vidéosurveillance…).",
            "No workshop covers the place or the subject of the request (school, fibre, video surveillance…).",
        ),
        "negated": ("Le texte indique l’absence de besoin.", "The text says that there is no need."),
        "already_has": (
            "Le texte indique que la collectivité est déjà équipée.",
            "The text says that the collectivity is already equipped.",
        ),
        "too_weak": (
            "Les mots trouvés sont trop vagues pour désigner un atelier.",
            "The words found are too vague to name a workshop.",
        ),
        "unlike": (
            "Les mots du texte sont plutôt ceux de demandes qui ne relèvent d’aucun atelier.",
            "The words of the text are rather those of requests that no workshop covers.",
        ),
        "no_lexicon": (
            "Le lexique fourni ne correspond pas à ce catalogue : sans lexique propre au programme, les textes ne sont pas lus.",
            "The bundled lexicon does not fit this catalogue: without a lexicon of its own, the programme's texts are not read.",
        ),
        "not_offered": (
            "Le texte demande un atelier absent du catalogue.",
            "The text asks for a workshop that the catalogue doesn't have.",
        ),
    }


def test_a_reason_that_is_not_known_is_told_in_both_languages() -> None:
    with pytest.raises(UnknownCodeError) as caught:
        reason_sentence("negate")
    assert (caught.value.kind, caught.value.value, caught.value.suggestions) == ("reason", "negate", ("negated",))
    assert caught.value.text("fr") == "motif inconnu : « negate » ; vouliez-vous dire negated ?"
    assert caught.value.text("en") == "unknown reason: 'negate'; did you mean negated?"


TEXTS = ("refonte du site internet", "extranet pour les délégués", "un SIG", "cadastre numérisé", "marmite", "", None)


@examples(60)
@given(
    st.dictionaries(
        st.sampled_from([*sorted(Lexicon.bundled().workshops), "drones", "SIG"]),
        st.lists(st.sampled_from(["refonte", "cadastre", "extranet", "fablab"]), unique=True),
    ),
    need_texts(),
)
def test_the_bundled_lexicon_answers_only_what_the_catalogue_has(
    offered: dict[str, list[str]], asked: NeedText
) -> None:
    whole, found = (classify([asked.text, *TEXTS], used) for used in (Lexicon.bundled(), Lexicon.bundled_for(offered)))
    another = not offered or not offered.keys() <= Lexicon.bundled().workshops.keys()
    for full, row in zip(whole.iter_rows(named=True), found.iter_rows(named=True), strict=True):
        if not full["text"]:
            assert row == full
        elif another:
            assert (row["workshop"], row["axis"], row["reason"]) == (None, None, "no_lexicon")
        elif full["workshop"] in offered:
            known = offered[full["workshop"]]
            assert row == full | {"axis": full["axis"] if full["axis"] in known else None}
        else:
            assert (row["workshop"], row["axis"]) == (None, None)
            assert row["reason"] == (full["reason"] or "not_offered")


def test_the_bundled_lexicon_for_its_own_catalogue_is_itself() -> None:
    assert Lexicon.bundled_for(Lexicon.bundled().workshops) is Lexicon.bundled()
    assert "0 workshops" in repr(Lexicon.bundled_for({"drones": []}))
