"""E-mail addresses, telephone numbers and names after civilities are masked, and nothing else is."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, strategies as st

from prai_match.text import Code, Document, Items, masked
from thorough import examples

if TYPE_CHECKING:
    from prai_match.errors import Lang

NAMES = {
    "M. Jean-Pierre de La Tour souhaite un site": "M. [nom] souhaite un site",
    "Rappeler M. Lacoste, délégué communication": "Rappeler M. [nom], délégué communication",
    "Mme DUPONT-MARTIN": "Mme [nom]",
    "M Dupont demande": "M [nom] demande",
    "Mme. Dupont": "Mme. [nom]",
    "Territoire 1 M. Dupont": "Territoire 1 M. [nom]",
    "M.Dupont est venu": "M.[nom] est venu",
    "M. J.-P. Martin": "M. [nom]",
    "M. J.-M. Dupont": "M. [nom]",
    "M. le Maire M. Dupont": "M. le Maire M. [nom]",
    "Mlle Zoé Œil": "Mlle [nom]",
    "Mme Élodie Étienne.": "Mme [nom].",
    "Mme E\u0301lodie Durand": "Mme [nom]",  # its accent stands apart
    "Mme\N{NO-BREAK SPACE}Dupont": "Mme\N{NO-BREAK SPACE}[nom]",
    "Mme\nDurand": "Mme\n[nom]",
    "Monsieur O'Brien": "Monsieur [nom]",
    "Monsieur Le Gall": "Monsieur [nom]",
    "MONSIEUR LE GALL": "MONSIEUR [nom]",
    "M. d'Artagnan": "M. [nom]",
    "Mme d’Almeida": "Mme [nom]",
    "Mme L'Hermitte Durand": "Mme [nom]",
    "Mme La Tour Dupont": "Mme [nom]",
    "Cabinet de M. de Villepin": "Cabinet de M. [nom]",
    "Mme De La Tour d'Auvergne": "Mme [nom]",
    "M. DUPONT Jean-Claude": "M. [nom]",
    "Me Durand, avocat": "Me [nom], avocat",
    "le Dr Martin": "le Dr [nom]",
    "mr dupont": "mr [nom]",
    "mme marie durand souhaite un sig": "mme [nom] souhaite un sig",
    "monsieur dupont": "monsieur [nom]",
    "MME DURAND SOUHAITE UN SITE": "MME [nom] SOUHAITE UN SITE",
    "MME DURAND REFONTE SITE INTERNET": "MME [nom] SITE INTERNET",
    "M. et Mme Dupont": "M. et Mme [nom]",
    "Mme/M. Dupont": "Mme/M. [nom]",
    "Madame Durand et Monsieur Martin": "Madame [nom] et Monsieur [nom]",
    "Mme Durand Mme Dupont": "Mme [nom] Mme [nom]",
    "MM. Dupont et Durand ont demandé": "MM. [nom] ont demandé",
    "Messieurs Dupont, Durand et de Villepin": "Messieurs [nom]",
    "Mesdames DUPONT, DURAND, MARTIN et LE GALL": "Mesdames [nom]",
    "rencontre avec Mmes Dupont et Durand, adjointes": "rencontre avec Mmes [nom], adjointes",
    "M. le Maire Jean Dupont": "M. le Maire [nom]",
    "M. le premier adjoint Dupont": "M. le premier adjoint [nom]",
    "Mme la présidente Durand souhaite": "Mme la présidente [nom] souhaite",
    "Mme Dupont (Mairie de Foix)": "Mme [nom] (Mairie de Foix)",
}
NUMBERS = (
    "06 12 34 56 78", "06.12.34.56.78", "0612345678", "06-12-34-56-78", "06/12/34/56/78", "06. 12. 34. 56. 78",
    "06 - 12 - 34 - 56 - 78", "06.12 34 56 78", "06\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}34\N{NO-BREAK SPACE}56\N{NO-BREAK SPACE}78",
    "06\N{NARROW NO-BREAK SPACE}12\N{NARROW NO-BREAK SPACE}34\N{NARROW NO-BREAK SPACE}56\N{NARROW NO-BREAK SPACE}78",
    "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "+33(0)612345678", "+33612345678", "0033612345678", "00 33 6 12 34 56 78",
    "+33.6.12.34.56.78", "+262 692 12 34 56", "0561 123 456", "05 6112 3456", "0561 12 34 56", "0800 123 456", "0 800 123 456",
)  # fmt: skip
MAILS = (
    "jean.dupont@mairie-foix.fr", "mairie@foix.fr", "JD@FOIX.FR", "j_d+x@a.co.uk", "jean @ foix.fr", "jd (at) mairie.fr",
    "élu@préfecture.fr",
)  # fmt: skip
NOBODY = (
    "M. le maire", "M. le maire de Foix", "Madame la présidente", "Mme l'adjointe", "M. l'Adjoint", "Mme l’Adjointe au maire",
    "Monsieur Le Maire", "MME LA PRESIDENTE", "MONSIEUR LE MAIRE SOUHAITE UN SITE", "Mr le Président", "MM. les maires",
    "Mme la Sous-Préfète", "Mme la pre\u0301sidente", "Mme la DGS", "Mme la Secrétaire Générale", "M. le receveur municipal",
    "Mesdames et Messieurs les élus", "Madame, Monsieur, Je souhaite", "Madame, Monsieur,\nNous", "Messieurs les Conseillers",
    "Monsieur le Maire\nSuite à votre visite", "Madame souhaite un site", "madame aimerait", "il me faut un SIG",
    "Me former aux outils", "la M 57", "30 M€", "5 M Euros", "5 M. d'euros", "200 m. linéaires", "20 mm de pluie", "M.J.C. de Foix",
    "M.A.R.P.A. des Hauts de l'Abbaye", "M'TZAMBORO", "Bourg-Madame", "rue du Dr Roux", "place du Docteur Calmette",
    "SIRET 213 105 554 00015", "21310555400015", "SIREN 213105554", "09122", "09000 Foix", "départements 09, 12, 31, 32 et 46",
    "300 000,00 €", "1 234 567 890 €", "le 01/02/2007 à 10:30", "01/02/2007 10:30", "01.02.2007 08:30", "2007-02-06", "06 12 2007",
    "FR76 3000 6000 0112 3456 7890 189", "79.0892578125", "1,0612345678", "10 PC @ 500.00 EUR", "@mairie", "R. 311-3-1-2",
)  # fmt: skip


@pytest.mark.parametrize("written", NAMES)
def test_names_after_civilities_are_masked_and_functions_are_not(written: str) -> None:
    assert masked(written, "fr") == NAMES[written]


@pytest.mark.parametrize("number", NUMBERS)
def test_telephone_numbers_are_masked_in_every_usual_writing(number: str) -> None:
    assert masked(f"Tél. : {number}, poste 12", "fr") == "Tél. : [téléphone], poste 12"
    assert masked(f"{number} 31000 Toulouse", "fr") == "[téléphone] 31000 Toulouse"


@pytest.mark.parametrize("mail", MAILS)
def test_addresses_are_masked(mail: str) -> None:
    assert masked(f"écrire à {mail}.", "fr") == "écrire à [courriel]."


@pytest.mark.parametrize("said", NOBODY)
def test_what_tells_nobody_stays(said: str) -> None:
    assert masked(said, "fr") == said


def test_whatever_holds_texts_is_masked_but_code_and_the_words_are_of_the_language() -> None:
    page = Document("en", "Mme Durand", (Items(("06 12 34 56 78",)), "a@b.fr"), ())
    assert masked(page, "en") == dataclasses.replace(
        page, title="Mme [name]", lead=(Items(("[telephone]",)), "[e-mail]")
    )
    tree = {"M. Dupont": ["M. Dupont", 3, None], "code": Code("0612345678")}
    assert masked(tree, "fr") == {"M. Dupont": ["M. [nom]", 3, None], "code": "0612345678"}
    column = pl.Series("who", ["M. Dupont", None], pl.String)
    assert masked(column, "fr").equals(pl.Series("who", ["M. [nom]", None]), check_names=True)


def pieces() -> st.SearchStrategy[str]:
    """Texts of what is masked, what is nearly so, and what stands between."""
    told = st.sampled_from(
        [*NAMES, *NUMBERS, *MAILS, *NOBODY, "M.", "Mme", "MM.", "Dr", "Dupont", "LE", "d'", "J.", "06", "12"]
    )
    between = st.sampled_from([" ", "", ", ", ".", "-", "/", " et ", "\n", "@", ")", "+33"])
    return st.lists(st.one_of(told, between, st.text(max_size=3)), max_size=9).map("".join)


@examples(200)
@given(pieces(), st.sampled_from(["fr", "en"]))
def test_once_is_enough(text: str, lang: Lang) -> None:
    once = masked(text, lang)
    assert masked(once, lang) == once


@examples(100)
@given(
    st.lists(
        st.sampled_from(["un", "site", "pour", "la", "Mairie", "Foix,", "SIG", "2007", "09122", "300 000 €"]),
        max_size=9,
    ),
    st.sampled_from([*NUMBERS, *MAILS, "M. Dupont", "Mme DURAND-MARTIN", "mme durand"]),
    st.integers(0, 9),
)
def test_of_a_text_only_the_person_is_masked(words: list[str], person: str, place: int) -> None:
    text = " ".join(words)
    assert masked(text, "fr") == text
    before, after = " ".join(words[:place]), " ".join(words[place:])
    told = masked(f"{before} : {person} ; {after}", "fr")
    assert told.startswith(f"{before} : ")
    assert told.endswith(f"] ; {after}")
    assert person not in told
    assert told.count("[") == 1


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a@",
        "a@b.",
        "a.",
        "06 ",
        "06",
        "0612345678.",
        "M. ",
        "M. le maire ",
        "Mme D ",
        "De La ",
        "D-",
        "d'",
        "J.",
        " ",
        "[at]",
        "e\u0301",
    ],
)
def test_a_long_text_comes_back(text: str) -> None:
    once = masked(f"Mme {text * (100_000 // len(text))}", "fr")
    assert masked(once, "fr") == once
