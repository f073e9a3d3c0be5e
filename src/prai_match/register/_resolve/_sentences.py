"""Reasons and notes in sentences, in French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from prai_match.model import Lang

__all__ = ["BECAUSE", "because", "note"]

BECAUSE: dict[str, tuple[str, str]] = {
    "official_name": ("C’est le nom officiel.", "This is the official name."),
    "spacing": (
        "C’est le nom officiel, écrit en un ou plusieurs mots.",
        "The official name, its words parted otherwise.",
    ),
    "wording": ("C’est le nom officiel, avec les mots qui l’entourent.", "The official name, with words around it."),
    "service": ("Le texte désigne un service de la commune.", "The text names a service of the commune."),
    "former_commune": ("C’est le nom d’une ancienne commune.", "This is the name of a former commune."),
    "part_of_commune": ("C’est un arrondissement de la commune.", "This is an arrondissement of the commune."),
    "other_name": ("C’est un autre nom de la commune.", "This is another name of the commune."),
    "earlier_name": (
        "C’est un nom antérieur de l’intercommunalité.",
        "This is an earlier name of the intercommunality.",
    ),
    "qualified": (
        "Le nom officiel est suivi d’un complément d’usage.",
        "The official name is followed by words of usage.",
    ),
    "cut_short": ("Un seul nom commence ainsi.", "Only one name begins like this."),
    "typo": (
        "Un seul nom est aussi proche, aux fautes de frappe près.",
        "Only one name is as near, typing errors aside.",
    ),
    "homonyms": ("Plusieurs collectivités portent ce nom.", "Several collectivities bear this name."),
    "several_near": ("Plusieurs noms sont proches de celui-ci.", "Several names are near to this one."),
    "not_sure": (
        "Un nom est proche, mais les mots écrits sont ceux d’un autre ou trop courts pour en être sûr.",
        "A name is near, but the words written are those of another or too short to be sure.",
    ),
    "elsewhere": (
        "Ce nom est celui d’une collectivité d’un autre département.",
        "This is the name of a collectivity of another département.",
    ),
    "other_kind": (
        "Une intercommunalité porte ce nom, mais sa nature n’est pas celle qui est écrite.",
        "An intercommunality bears this name, but is not of the kind written.",
    ),
    "departements_differ": (
        "Le département écrit dans le texte n’est pas celui de la ligne.",
        "The département in the text is not the one of the row.",
    ),
    "pays": (
        "Un pays ou une intercommunalité : le texte ne le dit pas.",
        "A ‘pays’ or an intercommunality: the text doesn’t say.",
    ),
    "dissolved": ("La collectivité a été dissoute ou fusionnée.", "The collectivity was dissolved or merged."),
    "unknown_epci": (
        "Aucune intercommunalité actuelle ne porte ce nom.",
        "No present intercommunality bears this name.",
    ),
    "no_such_name": ("Aucune collectivité ne porte ce nom.", "No collectivity bears this name."),
    "nothing_written": ("Aucun nom n’est écrit.", "No name is written."),
    "organisation": (
        "Syndicat, établissement ou association : hors du répertoire.",
        "A syndicate, public body or association: not in the register.",
    ),
}

_NOTES: dict[str, tuple[str, str]] = {
    "part": ("Ancienne commune : {part} ; commune actuelle : {name}.", "{part} is now part of {name}."),
    "earlier": (
        "Nom antérieur, ou nom d’une partie de la commune : {earlier} ; nom actuel : {name}.",
        "{earlier} is an earlier name of {name}, or that of a part of it.",
    ),
    "service": (
        "Le texte désigne le CCAS ou un service ; le code est celui de la commune.",
        "The text names the CCAS or a service; the code is the commune’s.",
    ),
    "unread": (
        "Département « {unread} » non reconnu : le nom a été cherché sans lui.",
        "Département ‘{unread}’ not recognised: the name was looked for without it.",
    ),
    "merged": ("La région actuelle est proposée.", "The present région is proposed."),
    "area": (
        "Les intercommunalités actuelles du secteur sont proposées.",
        "The present intercommunalities of the area are proposed.",
    ),
}


def because(lang: Lang) -> pl.Expr:
    """The sentence of the reason."""
    place = 0 if lang == "fr" else 1
    said = {reason: sentences[place] for reason, sentences in BECAUSE.items()}
    return pl.col("reason").replace_strict(said, return_dtype=pl.String)


def note(lang: Lang) -> pl.Expr:
    """What must be known besides, or null."""
    place = 0 if lang == "fr" else 1
    said = {name: sentences[place] for name, sentences in _NOTES.items()}
    parts = [
        pl.when(pl.col("part").is_not_null()).then(_filled(said["part"], "part", "name")),
        pl.when(pl.col("earlier").is_not_null()).then(_filled(said["earlier"], "earlier", "name")),
        pl.when("service").then(pl.lit(said["service"])),
        pl.when(pl.col("status") == "unknown").then(
            pl.col("candidate_kinds")
            .list.first()
            .replace_strict({"epci": said["area"], "region": said["merged"]}, default=None, return_dtype=pl.String)
        ),
        pl.when(pl.col("unread").is_not_null()).then(_filled(said["unread"], "unread")),
    ]
    text = pl.concat_str(parts, separator=" ", ignore_nulls=True)
    return pl.when(text != "").then(text)


def _filled(sentence: str, *names: str) -> pl.Expr:
    for name in names:
        sentence = sentence.replace(f"{{{name}}}", "{}")
    return pl.format(sentence, *names)
