"""Relay partners: structures of today's kinds, with invented limits and sessions."""

from __future__ import annotations

from prai_match.model import Audience, RelayPartner

NAMES = {
    "09": "de l'Ariège",
    "11": "de l'Aude",
    "12": "de l'Aveyron",
    "30": "du Gard",
    "31": "de la Haute-Garonne",
    "32": "du Gers",
    "34": "de l'Hérault",
    "46": "du Lot",
    "48": "de la Lozère",
    "65": "des Hautes-Pyrénées",
    "66": "des Pyrénées-Orientales",
    "81": "du Tarn",
    "82": "de Tarn-et-Garonne",
}
_BOTH: tuple[Audience, ...] = ("elected", "technicians")

_CENTRES = ("09", "30", "31", "32", "34", "65", "66")
_DEPARTEMENTS = ("11", "32", "46", "48", "81")
_DIGITAL = {
    "num46": ("Syndicat numérique du Lot (exemple)", ("46",)),
    "num48": ("Syndicat numérique de Lozère et d'Aveyron (exemple)", ("12", "48")),
    "num82": ("Syndicat numérique de Garonne (exemple)", ("31", "82")),
}
_EPCI = {
    "epci34": ("Montpellier Méditerranée Métropole", "34"),
    "epci65": ("CA Tarbes-Lourdes-Pyrénées", "65"),
}

_CARRIES: dict[str, tuple[str, ...]] = {
    "centre_de_gestion": ("buffet_nouveaux_elus", "buffet_ia", "donnees_personnelles", "administration", "ia_mairie"),
    "departement": ("buffet_services", "buffet_donnees", "inclusion_numerique", "donnees_ouvertes", "urbanisme"),
    "syndicat_numerique": (
        "buffet_cyber",
        "buffet_donnees",
        "cybersecurite",
        "donnees_personnelles",
        "administration",
        "presence_en_ligne",
        "urbanisme",
    ),
    "epci": ("buffet_donnees", "buffet_services", "donnees_ouvertes", "urbanisme"),
}
_FIRST: dict[str, tuple[str, ...]] = {
    "buffet_cyber": ("syndicat_numerique",),
    "buffet_donnees": ("departement", "epci", "syndicat_numerique"),
    "buffet_services": ("departement", "epci"),
    "cybersecurite": ("syndicat_numerique",),
    "donnees_personnelles": ("centre_de_gestion", "syndicat_numerique"),
    "ia_mairie": ("centre_de_gestion",),
    "donnees_ouvertes": ("epci", "departement"),
    "urbanisme": ("epci", "departement", "syndicat_numerique"),
    "inclusion_numerique": ("departement",),
    "administration": ("centre_de_gestion", "syndicat_numerique"),
    "presence_en_ligne": ("syndicat_numerique",),
}


def partners() -> tuple[RelayPartner, ...]:
    """Return the relays, by identifier."""
    found = [_relay(f"adm{code}", f"Association des maires {of}", "adm", (code,), 10) for code, of in NAMES.items()]
    found += [
        _relay(f"cdg{code}", f"Centre de gestion {NAMES[code]}", "centre_de_gestion", (code,), 6) for code in _CENTRES
    ]
    found += [_relay(f"dep{code}", f"Département {NAMES[code]}", "departement", (code,), 6) for code in _DEPARTEMENTS]
    found += [_relay(code, name, "syndicat_numerique", served, 9) for code, (name, served) in _DIGITAL.items()]
    found += [_relay(code, name, "epci", (served,), 4) for code, (name, served) in _EPCI.items()]
    return tuple(sorted(found, key=lambda relay: relay.id))


def relays_of(departement: str, session: str) -> tuple[str, ...]:
    """Return the relays that may carry a session of a département: those of its subject, then the mayors."""
    order = (*_FIRST.get(session, ()), "adm")
    able = [
        (order.index(relay.kind), relay.id)
        for relay in partners()
        if departement in relay.departements and session in (relay.carries or (session,)) and relay.kind in order
    ]
    return tuple(relay for _, relay in sorted(able))


def _relay(id: str, name: str, kind: str, codes: tuple[str, ...], most: int) -> RelayPartner:  # noqa: A002 - the name of the field
    return RelayPartner(
        id=id,
        name=name,
        kind=kind,
        departements=codes,
        carries=_CARRIES.get(kind, ()),
        sessions_a_year=most,
        brings=("elected",) if kind == "adm" else _BOTH,
    )
