"""The catalogue: three buffets, five workshops with their axes, their modules and scopes, and follow-ups."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path

from prai_match.model import Axis, Buffet, Catalogue, FollowUp, Text, Theme, Workshop

_THEMES = {
    "communication": ("Communication et information", "Communication and information"),
    "procedures": ("Procédures et échanges avec l’État", "Procedures and exchanges with the State"),
    "territoire": ("Connaissance et gestion du territoire", "Knowing and managing the territory"),
    "services": ("Services aux habitants", "Services to inhabitants"),
    "organisation": ("Fonctionnement interne", "Internal organisation"),
}

_BUFFETS = {
    "buffet_communication": (
        ("Communiquer et informer sur internet", "Communicating and informing on the internet"),
        (
            "À quoi sert la présence de la collectivité sur internet : exemples de communes voisines, coûts, pièges.",
            "What a presence on the internet is for: examples of neighbouring communes, costs, pitfalls.",
        ),
        ("communication", "services"),
    ),
    "buffet_demat": (
        ("Dématérialiser ses procédures", "Making procedures paperless"),
        (
            "Ce que la loi demande, ce que l’État propose, ce que les collectivités y gagnent.",
            "What the law asks, what the State offers, what collectivities gain.",
        ),
        ("procedures", "organisation", "services"),
    ),
    "buffet_territoire": (
        ("Connaître et gérer son territoire avec le numérique", "Knowing and managing one's territory digitally"),
        (
            "Cadastre, réseaux et urbanisme sur une carte : usages, données disponibles, mutualisation.",
            "Cadastre, networks and planning on a map: uses, available data, pooling.",
        ),
        ("territoire", "organisation"),
    ),
}

_WORKSHOPS = {
    "site_internet": (
        ("Site internet et extranet", "Website and extranet"),
        (
            "Du besoin au cahier des charges : contenus, arborescence, hébergement, mise à jour.",
            "From the need to the specification: contents, structure, hosting, updating.",
        ),
        "communication",
        {
            "creation": ("Création d’un site", "Creating a site"),
            "refonte": ("Refonte d’un site", "Redesigning a site"),
            "extranet": ("Extranet", "Extranet"),
            "accessibilite": ("Accessibilité", "Accessibility"),
        },
    ),
    "dematerialisation": (
        ("Dématérialisation des procédures", "Paperless procedures"),
        (
            "Du courrier papier à la télétransmission : étapes, conventions, outils.",
            "From paper to electronic transmission: steps, agreements, tools.",
        ),
        "procedures",
        {
            "actes": ("Actes et contrôle de légalité", "Acts and review of legality"),
            "comptabilite": ("Comptabilité", "Accounting"),
            "marches": ("Marchés publics", "Public procurement"),
            "archivage": ("Archivage et numérisation", "Archiving and scanning"),
            "signature": ("Signature électronique", "Electronic signature"),
        },
    ),
    "sig": (
        ("Système d’information géographique (SIG)", "Geographic information system (GIS)"),
        (
            "Choisir un périmètre, des données et un mode de gestion, et commencer par une couche utile.",
            "Choosing a perimeter, data and a way of managing, and beginning with one useful layer.",
        ),
        "territoire",
        {
            "cadastre": ("Cadastre", "Cadastre"),
            "reseaux": ("Réseaux", "Networks"),
            "urbanisme": ("Urbanisme", "Planning"),
            "adresse": ("Adresse", "Addresses"),
        },
    ),
    "teleservices": (
        ("Téléservices aux habitants", "Online services to inhabitants"),
        (
            "Choisir un service à ouvrir en ligne, l’organiser derrière le guichet, le faire connaître.",
            "Choosing a service to open online, organising it behind the counter, making it known.",
        ),
        "services",
        {
            "urbanisme_en_ligne": ("Urbanisme en ligne", "Planning permission online"),
            "famille": ("Famille et enfance", "Family and children"),
            "paiement": ("Paiement en ligne", "Online payment"),
            "demarches": ("Démarches administratives", "Administrative procedures"),
        },
    ),
    "organisation_interne": (
        ("Organisation interne et informatique", "Internal organisation and computing"),
        (
            "État des lieux de l’informatique, priorités, achats groupés, continuité.",
            "Taking stock of the computing, priorities, pooled purchases, continuity.",
        ),
        "organisation",
        {
            "equipement": ("Équipement", "Equipment"),
            "reseau_telephonie": ("Réseau et téléphonie", "Network and telephony"),
            "logiciels_metier": ("Logiciels métier", "Business software"),
            "securite_rgpd": ("Sécurité et protection des données", "Security and data protection"),
            "competences": ("Compétences", "Skills"),
        },
    ),
}

MADE_WORKSHOPS = ("teleservices", "organisation_interne")
BUFFET_COST, WORKSHOP_COST = Decimal(850), Decimal(320)

# Session, session that follows, declared probability, usual lag in days.
FOLLOW_UPS = (
    ("buffet_communication", "site_internet", 0.42, 80),
    ("buffet_communication", "teleservices", 0.15, 100),
    ("buffet_demat", "dematerialisation", 0.4, 80),
    ("buffet_demat", "organisation_interne", 0.2, 110),
    ("buffet_demat", "teleservices", 0.1, 110),
    ("buffet_territoire", "sig", 0.45, 80),
    ("buffet_territoire", "organisation_interne", 0.1, 120),
    ("site_internet", "teleservices", 0.15, 120),
    ("dematerialisation", "organisation_interne", 0.15, 120),
    ("sig", "teleservices", 0.1, 120),
)
AXES = {workshop: tuple(axes) for workshop, (*_, axes) in _WORKSHOPS.items()}


def build() -> Catalogue:
    """Return the catalogue."""
    parts = tomllib.loads(Path(__file__).with_name("sessions.toml").read_text("utf-8"))
    return Catalogue(
        themes=tuple(Theme(id=theme, name=_text(names)) for theme, names in _THEMES.items()),
        buffets=tuple(
            Buffet(
                id=buffet,
                name=_text(names),
                core=_text(core),
                themes=themes,
                cost=BUFFET_COST,
                made=True,
                **parts[buffet],
            )
            for buffet, (names, core, themes) in _BUFFETS.items()
        ),
        workshops=tuple(
            Workshop(
                id=workshop,
                name=_text(names),
                core=_text(core),
                theme=theme,
                axes=tuple(Axis(id=axis, name=_text(axis_names)) for axis, axis_names in axes.items()),
                cost=WORKSHOP_COST,
                made=workshop in MADE_WORKSHOPS,
                **parts[workshop],
            )
            for workshop, (names, core, theme, axes) in _WORKSHOPS.items()
        ),
        follow_ups=tuple(FollowUp(source=s, target=t, prior=prior, lag_days=lag) for s, t, prior, lag in FOLLOW_UPS),
    )


def _text(names: tuple[str, str]) -> Text:
    return Text(fr=names[0], en=names[1])
