"""What catalogues are made of: workshops and axes, with the words by which people ask for them."""

from __future__ import annotations

from typing import Final

SUBJECTS: Final[dict[str, tuple[tuple[str, ...], dict[str, str]]]] = {
    "site_internet": (
        ("site internet", "page web"),
        {
            "creation": "premier portail",
            "refonte": "refonte graphique",
            "extranet": "extranet",
            "accessibilite": "malvoyants",
        },
    ),
    "dematerialisation": (
        ("dématérialisation", "zéro papier"),
        {
            "actes": "télétransmission des actes",
            "comptabilite": "factures",
            "marches": "marchés publics",
            "archivage": "archivage",
            "signature": "parapheur",
        },
    ),
    "sig": (
        ("cartographie", "géomatique"),
        {
            "cadastre": "cadastre",
            "reseaux": "canalisations",
            "urbanisme": "zonage",
            "adresse": "numérotation des rues",
        },
    ),
    "teleservices": (
        ("téléservices", "guichet numérique"),
        {
            "urbanisme_en_ligne": "permis de construire",
            "famille": "cantine",
            "paiement": "paiement",
            "demarches": "état civil",
        },
    ),
    "organisation_interne": (
        ("organisation informatique", "parc informatique"),
        {
            "equipement": "ordinateurs",
            "reseau_telephonie": "standard téléphonique",
            "logiciels_metier": "logiciels métier",
            "securite_rgpd": "mots de passe",
            "competences": "former les agents",
        },
    ),
    "cyber": (("piratage", "rançongiciel"), {"sauvegarde": "sauvegarde externalisée", "crise": "plan de continuité"}),
    "donnees_ouvertes": (
        ("open data", "données ouvertes"),
        {"licence": "licence ouverte", "format": "jeux de données"},
    ),
    "eau": (("compteurs communicants",), {"fuites": "recherche de fuites", "qualite": "analyses de potabilité"}),
    "energie": (
        ("bilan énergétique", "éclairage public"),
        {"solaire": "panneaux solaires", "chaleur": "chaufferie bois"},
    ),
    "mobilite": (
        ("covoiturage",),
        {"velo": "pistes cyclables", "demande": "transport à la demande", "bornes": "bornes"},
    ),
    "archives": (("archives anciennes", "versement"), {}),
    "funeraire": (("cimetière",), {}),
}
"""For each workshop the words that ask for it, and for each of its axes one that asks for that axis."""

BUFFETS: Final = {
    "buffet_communication": "communication",
    "buffet_demat": "procedures",
    "buffet_territoire": "territoire",
    "buffet_avenir": "services",
}
"""Buffets and their theme."""

OTHER_WORDS: Final = ("Rénover la salle des fêtes.", "Restaurer le lavoir.", "Trouver un médecin.", "À rappeler.")
"""What people say of no workshop."""

EMPTY_WORDS: Final = (
    "de du des la le les l un une pour nous notre et en à au aux bonjour merci besoin souhaitons voudrait mairie"
)
