"""Why a territory has no recommendation: the codes, in the order in which candidates are sifted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.model import Text

if TYPE_CHECKING:
    from prai_match.policy._vocabulary import Stage

REASONS: dict[str, Text] = {
    "all_attended": Text(
        fr="Le territoire a déjà suivi toutes les sessions qui lui seraient utiles.",
        en="The territory has already attended every session that would be of use to it.",
    ),
    "no_need_and_no_buffet": Text(
        fr="Aucun besoin assez marqué n'est exprimé et aucun buffet ne mène à un atelier encore utile.",
        en="No need is strong enough, and no buffet leads to a workshop that is still useful.",
    ),
    "too_few_people": Text(
        fr="Trop peu de personnes intéressées à distance de déplacement pour remplir un atelier.",
        en="Too few interested people within travel distance to fill a workshop.",
    ),
    "no_relay": Text(
        fr="Aucun partenaire-relais du département ne peut accueillir une session utile à ce territoire.",
        en="No relay partner of the département can host a session that is of use to this territory.",
    ),
    "no_trainer": Text(
        fr="Aucun intervenant compétent n'est à la fois à portée et disponible.",
        en="No qualified trainer is both within reach and free.",
    ),
    "over_budget": Text(
        fr="Les crédits restants ne couvrent le coût d'aucune session.",
        en="The money left does not cover the cost of any session.",
    ),
    "blackout": Text(
        fr="Aucune session ne se tient pendant cette période de gel.",
        en="No session is held during this blackout.",
    ),
}
"""Codes of the library's own reasons, the earliest sieve first."""

STAGE_REASONS: dict[Stage, str] = {
    "session": "no_need_and_no_buffet",
    "partner": "no_relay",
    "trainer": "no_trainer",
}
"""The reason of a requirement that states none."""

STAGES: tuple[Stage, ...] = ("session", "partner", "trainer")
