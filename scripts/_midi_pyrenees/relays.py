"""Relay partners, according to the report."""

from __future__ import annotations

from prai_match.model import RelayPartner

# Département, name, sessions over twelve months.
_ADM = (
    ("09", "Association des maires de l'Ariège", 12),
    ("12", "Association des maires de l'Aveyron", 8),
    ("31", "Association des maires de la Haute-Garonne", 14),
    ("46", "Association des maires du Lot", 2),
    ("65", "Association des maires des Hautes-Pyrénées", 7),
    ("81", "Association des maires du Tarn", 12),
    ("82", "Association des maires de Tarn-et-Garonne", 6),
)
_BOTH = ("31", "81")
RELAY = {**{code: f"adm{code}" for code, *_ in _ADM}, "46": "cg46", "32": "cg32"}
"""The relay that carried the sessions of each département."""
GERS_CARRIES = ("buffet_communication", "site_internet")


def partners() -> tuple[RelayPartner, ...]:
    """Return the relays: mayors' associations everywhere but in Gers, and two Conseils Généraux."""
    associations = (
        RelayPartner(
            id=f"adm{code}",
            name=name,
            kind="adm",
            departements=(code,),
            sessions_a_year=most,
            brings=("elected", "technicians") if code in _BOTH else ("elected",),
        )
        for code, name, most in _ADM
    )
    lot = RelayPartner(
        id="cg46",
        name="Conseil Général du Lot",
        kind="conseil_general",
        departements=("46",),
        sessions_a_year=15,
        brings=("elected", "technicians"),
    )
    gers = RelayPartner(
        id="cg32",
        name="Conseil Général du Gers (hypothèse)",
        kind="conseil_general",
        departements=("32",),
        carries=GERS_CARRIES,
        sessions_a_year=4,
        brings=("technicians",),
    )
    return (*associations, gers, lot)
