"""How well needs are read: phrases as officials write them, with the workshop that each asks for."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from prai_match.needs import REASONS, Lexicon, classify

PHRASES = Path(__file__).parent / "data" / "dev_phrases.csv"


@pytest.fixture(scope="module")
def phrases() -> list[tuple[str, str]]:
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"]) for row in csv.DictReader(file, delimiter=";")]


def test_accuracy_and_macro_f1_over_the_six_classes(phrases: list[tuple[str, str]]) -> None:
    found = classify([text for text, _ in phrases])["workshop"].fill_null("none").to_list()
    pairs = Counter(zip([label for _, label in phrases], found, strict=True))
    classes = sorted({label for _, label in phrases})
    right = {name: pairs[name, name] for name in classes}
    said = {name: sum(count for (_, guess), count in pairs.items() if guess == name) for name in classes}
    true = {name: sum(count for (label, _), count in pairs.items() if label == name) for name in classes}
    scores = [2 * right[name] / (said[name] + true[name]) for name in classes]

    assert classes == sorted(["none", *Lexicon.bundled().workshops])
    assert min(true.values()) >= 100
    assert sum(right.values()) / len(phrases) >= 0.97
    assert sum(scores) / len(scores) >= 0.97
    assert min(scores) >= 0.95


def test_every_answer_is_whole(phrases: list[tuple[str, str]]) -> None:
    workshops = Lexicon.bundled().workshops
    for row in classify([text for text, _ in phrases]).iter_rows(named=True):
        if row["workshop"] is None:
            assert (row["axis"], row["score"], row["terms"]) == (None, 0.0, [])
            assert row["reason"] in REASONS
        else:
            assert row["axis"] is None or row["axis"] in workshops[row["workshop"]]
            assert 40 <= row["score"] <= 100
            assert row["terms"]
            assert row["reason"] is None


@pytest.mark.parametrize(
    ("text", "workshop", "axis"),
    [
        ("création d'un site internet", "site_internet", "creation"),
        ("refonte du site internet", "site_internet", "refonte"),
        ("extranet des communes", "site_internet", "extranet"),
        ("site internet conforme au RGAA", "site_internet", "accessibilite"),
        ("envoyer les actes à la préfecture par internet", "dematerialisation", "actes"),
        ("flux PES v2", "dematerialisation", "comptabilite"),
        ("profil acheteur", "dematerialisation", "marches"),
        ("numérisation des registres", "dematerialisation", "archivage"),
        ("i-parapheur", "dematerialisation", "signature"),
        ("la dématérialisation", "dematerialisation", None),
        ("cadastre numérisé", "sig", "cadastre"),
        ("PCRS", "sig", "reseaux"),
        ("PLU numérisé", "sig", "urbanisme"),
        ("base adresse locale", "sig", "adresse"),
        ("un SIG", "sig", None),
        ("permis de construire en ligne", "teleservices", "urbanisme_en_ligne"),
        ("portail famille", "teleservices", "famille"),
        ("PayFiP", "teleservices", "paiement"),
        ("rendez-vous en ligne pour les passeports", "teleservices", "demarches"),
        ("ordinateurs de la mairie", "organisation_interne", "equipement"),
        ("standard téléphonique", "organisation_interne", "reseau_telephonie"),
        ("logiciel de paie", "organisation_interne", "logiciels_metier"),
        ("RGPD", "organisation_interne", "securite_rgpd"),
        ("télétravail des agents", "organisation_interne", "competences"),
    ],
)
def test_axes(text: str, workshop: str, axis: str | None) -> None:
    assert classify([text]).select("workshop", "axis").row(0) == (workshop, axis)


@pytest.mark.parametrize(
    ("text", "workshop"),
    [
        ("site déjà refait, mais souhaite passer aux actes dématérialisés", "dematerialisation"),
        ("l'acquisition de matériel informatique destiné à la télétransmission des actes", "dematerialisation"),
        ("ordinateurs de l'école", None),
        ("ordinateurs de la mairie et de l'école", "organisation_interne"),
        ("l'école de la commune a besoin d'ordinateurs", None),
        ("équipement informatique de l'école et acquisition d'un photocopieur pour la mairie", "organisation_interne"),
        ("aménagement de la bibliothèque, achat de mobilier et de matériel informatique", None),
        ("informatisation et numérisation des écoles", None),
        ("l'achat de mobilier et son équipement informatique pour l'école", None),
        ("déjà un site internet mais il est vieillissant", "site_internet"),
        ("site internet déjà en place, à refondre", "site_internet"),
        ("nous avons déjà un site, souhaiterions mieux", "site_internet"),
        ("déjà un site internet. Nous voudrions autre chose", "site_internet"),
        ("site internet déjà fait mais refaire le reste, SIG", "site_internet"),
        ("souhaite un site internet qui fonctionne bien", "site_internet"),
        ("Il faut un site internet", "site_internet"),
        ("Faut-il numériser les registres ?", "dematerialisation"),
        ("Copieur neuf, ordinateurs neufs, rien de plus à demander", "organisation_interne"),
        ("Le PLU n'est opposable que numérisé", "sig"),
        ("le site internet n'est pas opérationnel", "site_internet"),
        ("pas besoin de site internet, SIG à prévoir", "sig"),
        ("pas besoin de site internet, ni de SIG", None),
        ("pas intéressé par le site internet, le SIG", None),
        ("ne souhaite pas de site internet, souhaite un SIG", "sig"),
        ("Site internet ? Pas besoin", None),
        ("Site internet ? Déjà fait", None),
        ("déjà équipés (SIG, GED, site internet)", None),
        ("déjà un site", None),
        ("nous n'avons pas encore de SIG", "sig"),
        ("Le téléphone portable ne passe pas au village", None),
        ("S.I.G.", "sig"),
        ("siteweb", "site_internet"),
        ("télé procédure", "teleservices"),
        ("Cadatre numérisé", "sig"),
        ("logiciel de paie, site internet", "site_internet"),
    ],
)
def test_what_stands_around_a_term_decides(text: str, workshop: str | None) -> None:
    assert classify([text])["workshop"][0] == workshop


@pytest.mark.parametrize(
    "text",
    [
        "portail du cimetière",
        "réseau d'eau",
        "borne incendie",
        "plan d'eau",
        "site de la déchetterie",
        "carte scolaire",
    ],
)
def test_a_homonym_is_not_computing(text: str) -> None:
    assert classify([text])["workshop"][0] is None


@pytest.mark.parametrize(
    "word", ["castre", "carte", "information", "relocalisation", "logique", "ordination", "sermon"]
)
def test_a_french_word_is_no_misspelt_term(word: str) -> None:
    assert classify([f"{word} pour la mairie"])["workshop"][0] is None


@pytest.mark.parametrize(
    ("table", "accuracy", "macro_f1"),
    [
        ("officials_seen", 0.97, 0.97),
        # Written and labelled by others; no phrase of these two was looked at while the lexicon was written.
        ("officials_unseen", 0.90, 0.90),
        ("grants_unseen", 0.95, 0.95),
    ],
)
def test_phrases_written_by_others_are_read(table: str, accuracy: float, macro_f1: float) -> None:
    with (PHRASES.parent / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file, delimiter=";")]
    found = classify([text for text, _ in rows])["workshop"].fill_null("none").to_list()
    pairs = Counter(zip([label for _, label in rows], found, strict=True))
    scores = [
        2 * pairs[name, name] / sum(count for pair, count in pairs.items() for side in pair if side == name)
        for name in {label for _, label in rows}
    ]
    assert sum(pairs[name, name] for name in {label for _, label in rows}) / len(rows) >= accuracy
    assert sum(scores) / len(scores) >= macro_f1
