"""JSON Schemas of the results that are given as JSON: rows of tables, and single documents."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, get_args

from _schema_fields import (
    DAY,
    DEPARTEMENT,
    EUROS,
    ID,
    KIND,
    NUMBER,
    POINTS,
    SCORE,
    TEXT,
    WHOLE,
    Schema,
    field,
    one,
    or_null,
    several,
)
from prai_match._version import JSON_SCHEMA
from prai_match.errors import Lang
from prai_match.explain._brief._result import GuestState
from prai_match.explain._place import Absent
from prai_match.explain._what_it_takes._result import MoveKind, NoWay
from prai_match.explain._why import State
from prai_match.explain._why_not import Verdict
from prai_match.plan import Weights
from prai_match.plan._schedule import Status
from prai_match.policy import STAGES, TERRITORY
from prai_match.policy._difference import RowChange
from prai_match.simulate import measures

if TYPE_CHECKING:
    from collections.abc import Mapping

RESULT_TITLES: Mapping[str, tuple[str, str]] = {
    "recommendation": (
        "The session to offer to a territory, or the reason if there is none: a row of `Recommendations.to_polars()`",
        "La session à proposer à un territoire, ou le motif s’il n’y en a pas : ligne de `Recommendations.to_polars()`",
    ),
    "offer": (
        "A session that can be offered to a territory, best or alternative: a row of `Recommendations.ranking()`",
        "Une session proposable à un territoire, la meilleure ou une autre : une ligne de `Recommendations.ranking()`",
    ),
    "alternative": (
        "A session that can be offered to a territory, and its usual follow-ups: `Offer.to_json()`",
        "Une session proposable à un territoire, et ses suites habituelles : `Offer.to_json()`",
    ),
    "why": (
        "The reasons of a recommendation, or of its absence: `Why.to_json()`",
        "Les raisons d’une recommandation, ou de son absence : `Why.to_json()`",
    ),
    "error": (
        "The faults of a request: `PraiError.to_json()`",
        "Les erreurs d’une demande : `PraiError.to_json()`",
    ),
    "why_not": (
        "Why a candidate is not recommended, or that it is: `WhyNot.to_json()`",
        "Pourquoi une candidate n’est pas recommandée, ou qu’elle l’est : `WhyNot.to_json()`",
    ),
    "needed": (
        "What it would take for a candidate to be recommended: `Needed.to_json()`",
        "Ce qu’il faudrait pour qu’une candidate soit recommandée : `Needed.to_json()`",
    ),
    "notice": (
        "How the algorithm contributed to a recommendation, for the people concerned: `Notice.to_json()`",
        "Comment l’algorithme a contribué à une recommandation, pour les personnes concernées : `Notice.to_json()`",
    ),
    "brief": (
        "The preparation of a session: half-day, participants, their needs, tasks of the relay: `Brief.to_json()`",
        "La préparation d’une session : demi-journée, participants, leurs besoins, relais : `Brief.to_json()`",
    ),
    "record": (
        "A recommendation to be kept, and the inputs of its computation: `Record.to_json()`",
        "Une recommandation à conserver, et les données de son calcul : `Record.to_json()`",
    ),
    "reproduction": (
        "A recommendation computed again, compared with its record: `Reproduction.to_json()`",
        "Une recommandation recalculée, comparée à celle qui a été conservée : `Reproduction.to_json()`",
    ),
    "policy_difference": (
        "What one policy changes of another: `PolicyDifference.to_json()`",
        "Ce qu’une politique change à une autre : `PolicyDifference.to_json()`",
    ),
    "plan": (
        "Dated sessions and who comes to each, in codes: `Plan.to_json()`",
        "Des sessions datées et qui vient à chacune, par codes : `Plan.to_json()`",
    ),
    "regional_plan": (
        "A plan made région by région: `RegionalPlan.to_json()`",
        "Un plan fait région par région : `RegionalPlan.to_json()`",
    ),
    "relay_gaps": (
        "Where relays are missing, and the structures that could organise these sessions: `RelayGaps.to_json()`",
        "Les relais manquants, et les structures qui pourraient organiser ces sessions : `RelayGaps.to_json()`",
    ),
    "outcomes": (
        "The results of simulations, over the whole period: `Outcomes.to_json()`",
        "Les résultats de simulations, sur toute la période : `Outcomes.to_json()`",
    ),
}
"""The title of each result, in English and French."""
_TERRITORY = field(ID, "Identifier of the territory", "Identifiant du territoire")
_OFFERED = {
    "kind": field(KIND, "Buffet or workshop", "Buffet ou atelier"),
    "session": field(ID, "Identifier of the session", "Identifiant de la session"),
    "axis": or_null(field(ID, "Axis; null: the common core", "Axe ; null : le tronc commun")),
    "host": field(ID, "Territory where it is held", "Territoire d’accueil"),
    "joins": or_null(
        field(
            ID,
            "Booked session that the territory would join; null: a session of its own",
            "Session programmée que le territoire rejoindrait ; null : une session à lui",
        )
    ),
    "partner": or_null(
        field(
            ID,
            "Identifier of the relay partner; null: not known, of a session that is joined",
            "Identifiant du partenaire-relais ; null : inconnu, pour une session rejointe",
        )
    ),
    "trainer": or_null(
        field(
            ID,
            "Identifier of the trainer; null: not known, of a session that is joined",
            "Identifiant de l’intervenant ; null : inconnu, pour une session rejointe",
        )
    ),
    "score": field(SCORE, "Score, 0 to 100", "Score, de 0 à 100"),
    "cost": or_null(
        field(EUROS, "Cost, €; null: a part of it is unknown", "Coût, € ; null : une part en est inconnue")
    ),
    "day": field(
        DAY,
        "First open day on which it can be held; the day of the session that is joined",
        "Premier jour ouvert où elle peut se tenir ; le jour de la session rejointe",
    ),
}
_RECOMMENDATION = {
    "territory": _TERRITORY,
    "name": field(TEXT, "Name of the territory", "Nom du territoire"),
    "departement": field(DEPARTEMENT, "Département code", "Code du département"),
    **{name: kind if "anyOf" in kind else or_null(kind) for name, kind in _OFFERED.items()},
    "priority": field(SCORE, "Priority of the territory, 0 to 100", "Priorité du territoire, de 0 à 100"),
    "equivalent": or_null(
        field(
            TEXT,
            "Sessions within a point of the one offered, of those kept, by identifier; null: none",
            "Sessions à un point près de celle proposée, parmi les retenues, par identifiant ; null : aucune",
        )
    ),
    "reason": or_null(
        field(
            TEXT,
            "Code of the reason where nothing can be offered now; null: there is an offer",
            "Code du motif si rien ne peut être proposé ; null : il y a une proposition",
        )
    ),
    "because": or_null(field(TEXT, "The main reason, as a sentence", "La raison principale, en une phrase")),
    "replacement": or_null(
        field(
            ID,
            "Session that an officer chose in place of an offer, while it stands; null: none",
            "Session qu’un agent a retenue à la place d’une proposition, tant que ce choix vaut ; null : aucune",
        )
    ),
    "replacement_why": or_null(
        field(
            TEXT,
            "Why, as the officer wrote it; empty: nothing was written; null: nothing was chosen",
            "Pourquoi, tel que l’agent l’a écrit ; vide : rien n’est écrit ; null : aucun choix",
        )
    ),
}
_OFFER = {
    "territory": _TERRITORY,
    "rank": field({"type": "integer", "minimum": 1}, "Rank, the best being 1", "Rang, 1 pour la meilleure"),
    **_OFFERED,
}
_ALTERNATIVE = {
    **_OFFERED,
    "pathway": field(
        {"type": "array", "items": ID, "minItems": 1},
        "The session and its usual follow-ups, for this territory",
        "La session et ses suites habituelles, pour ce territoire",
    ),
}
_STAGE = {"type": "string", "enum": [TERRITORY, *STAGES]}
_OF_A_RULE = {
    "rule": field(TEXT, "Identifier of the rule", "Identifiant de la règle"),
    "stage": field(
        _STAGE,
        "Its subject: territory, session, place where it is held, relay partner or trainer",
        "Son objet : territoire, session, lieu d’accueil, partenaire-relais ou intervenant",
    ),
}
_SENTENCE = field(TEXT, "As a sentence, with the values filled in", "En une phrase, valeurs comprises")
_CONDITION = {
    **_OF_A_RULE,
    "state": field(
        {"type": "string", "enum": list(get_args(State))},
        "Its state; unknown if a value is missing",
        "Son état ; unknown s’il manque une valeur",
    ),
    "holds": field({"type": "boolean"}, "Whether it passes", "Remplie ou non"),
}
_FACT = field(
    TEXT,
    "The fact behind the points: who asked for what and when, or who came where; empty: none",
    "Le fait à l’origine des points : une demande ou une participation, avec sa date ; vide : aucun",
)
_SCHEMA = field({"const": JSON_SCHEMA}, "Version of the JSON", "Version du JSON")
_LANG = field({"type": "string", "enum": list(get_args(Lang))}, "Language", "Langue")
_WHY = {
    "schema": _SCHEMA,
    "lang": _LANG,
    "title": field(TEXT, "What is explained", "Ce qui est expliqué"),
    "main": field(TEXT, "The main reason", "La raison principale"),
    "details": several(
        {
            **_OF_A_RULE,
            "points": field(POINTS, "Points that it adds to the score", "Points ajoutés au score"),
            "out_of": field(POINTS, "Points that it could add at most", "Points qu’elle pouvait ajouter au plus"),
            "sentence": _SENTENCE,
            "fact": _FACT,
        },
        "What each preference adds to the score, the greatest first",
        "Ce que chaque préférence ajoute au score, la plus grande d’abord",
    ),
    "conditions": several(
        {
            **_CONDITION,
            "sentence": _SENTENCE,
        },
        "The requirements and their states",
        "Les exigences et leur état",
    ),
    "priority": several(
        {
            **_OF_A_RULE,
            "points": field(POINTS, "Points that it adds to the priority", "Points ajoutés à la priorité"),
            "out_of": field(POINTS, "Points that it could add at most", "Points qu’elle pouvait ajouter au plus"),
            "sentence": _SENTENCE,
            "fact": _FACT,
        },
        "What each preference adds to the priority of the territory, the greatest first",
        "Ce que chaque préférence ajoute à la priorité du territoire, la plus grande d’abord",
    ),
}
_APPLIED = {
    "rule": _OF_A_RULE["rule"],
    "sentence": _SENTENCE,
    "weight": field(POINTS, "Its weight", "Son poids"),
    "points": field(POINTS, "Points obtained", "Points obtenus"),
    "out_of": field(POINTS, "Points at most", "Points au plus"),
}
_ERROR = {
    "schema": _SCHEMA,
    "message": field(TEXT, "The whole text, to be shown to people", "Le texte entier, à afficher tel quel"),
    "problems": several(
        {
            "where": field(TEXT, "The field, or the file and line", "Le champ, ou le fichier et la ligne"),
            "found": field(TEXT, "The value found, as it was written", "La valeur trouvée, telle qu’écrite"),
            "expected": field(TEXT, "What is expected", "Ce qui est attendu"),
        },
        "Each fault of an input; empty if the message is enough",
        "Chaque défaut d’une entrée ; vide si le message suffit",
    ),
    "suggestions": field(
        {"type": "array", "items": TEXT},
        "Known values that look like the one asked for, the nearest first",
        "Valeurs connues qui ressemblent à celle demandée, la plus proche d’abord",
    ),
}
_SESSION = field(ID, "Identifier of the session", "Identifiant de la session")
_FLAG = {"type": "boolean"}
_NAME = field(TEXT, "Name of the territory", "Nom du territoire")


def _asked(what: str, quoi: str) -> Schema:
    return or_null(field(ID, what, quoi))


_WHY_NOT = {
    "schema": _SCHEMA,
    "lang": _LANG,
    "title": field(TEXT, "The verdict in a sentence", "Le verdict en une phrase"),
    "territory": _TERRITORY,
    "session": _SESSION,
    "axis": _OFFERED["axis"],
    "host": _OFFERED["host"],
    "joins": _OFFERED["joins"],
    "partner": _asked(
        "Identifier of the relay partner; null: its session is stopped before one is looked for, or none exists",
        "Identifiant du partenaire-relais ; null : la session est arrêtée avant, ou il n’y en a pas",
    ),
    "trainer": _asked("Identifier of the trainer; null: likewise", "Identifiant de l’intervenant ; null : de même"),
    "day": or_null(field(DAY, "Day asked about; null: none is", "Jour demandé ; null : aucun")),
    "verdict": field(
        {"type": "string", "enum": list(get_args(Verdict))},
        "What is recommended, possible with fewer points, or not possible",
        "Ce qui est recommandé, possible avec moins de points, ou impossible",
    ),
    "stage": or_null(
        field(
            _STAGE,
            "Where a refused candidate is stopped",
            "Où une candidate refusée est arrêtée",
        )
    ),
    "reason": or_null(
        field(
            TEXT,
            "Code of the reason of the first condition that stops the candidate; null: none does",
            "Code du motif de la première condition qui arrête la candidate ; null : aucune",
        )
    ),
    "score": or_null(
        field(
            SCORE,
            "Score of the candidate, 0 to 100; null: a condition doesn't hold",
            "Score de la candidate, de 0 à 100 ; null : une condition n’est pas remplie",
        )
    ),
    "winner_score": or_null(
        field(
            SCORE,
            "Score of what is recommended or comes next; null: nothing is",
            "Score de ce qui est recommandé ou vient ensuite ; null : rien ne l’est",
        )
    ),
    "gap": or_null(
        field(
            NUMBER,
            "Points by which what is recommended is ahead; null: a score is",
            "Points d’avance de ce qui est recommandé ; null : un score l’est",
        )
    ),
    "conditions": several(
        {
            **_CONDITION,
            "reason": field(TEXT, "Code of the reason that it gives", "Code du motif qu’elle donne"),
            "sql": field(TEXT, "What it asks for, in SQL", "Ce qu’elle demande, en SQL"),
            "values": field(
                {"type": "object", "additionalProperties": {"type": ["number", "boolean", "string", "null"]}},
                "Values of the columns that it reads; null: unknown",
                "Valeurs des colonnes qu’elle lit ; null : inconnue",
            ),
            "sentence": _SENTENCE,
        },
        "The requirements of the stages that the candidate comes to",
        "Les exigences des étapes où la candidate arrive",
    ),
    "gaps": several(
        {
            **_OF_A_RULE,
            "points": field(POINTS, "Points of the candidate", "Points de la candidate"),
            "winner_points": field(POINTS, "Points of what is recommended", "Points de ce qui est recommandé"),
            "difference": field(NUMBER, "The second less the first", "Les seconds moins les premiers"),
            "sentence": _SENTENCE,
            "winner_sentence": field(TEXT, "The same for what is recommended", "De même pour ce qui est recommandé"),
        },
        "Each preference, compared with the recommendation, the greatest difference first",
        "Chaque préférence, comparée à la recommandation, le plus grand écart d’abord",
    ),
}
_MOVES = {
    "moves": several(
        {
            "kind": field({"type": "string", "enum": list(get_args(MoveKind))}, "What kind of move", "Genre d’action"),
            "sentence": field(TEXT, "What to do, without a full stop", "Ce qu’il faut faire, sans point"),
        },
        "What can be done, in full",
        "Les actions possibles, en entier",
    ),
    "changes": field(
        {"$ref": "#/$defs/Changes"},
        "The same as changes, which what_if accepts",
        "Les mêmes, sous forme de changements qu’accepte what_if",
    ),
}
_NEEDED = {
    "schema": _SCHEMA,
    "lang": _LANG,
    "title": field(TEXT, "The answer, in a sentence or two", "La réponse, en une ou deux phrases"),
    "territory": _TERRITORY,
    "session": _asked("Session asked about; null: any", "Session demandée ; null : toutes"),
    "partner": _asked("Relay partner asked about; null: any", "Partenaire-relais demandé ; null : tous"),
    "trainer": _asked("Trainer asked about; null: any", "Intervenant demandé ; null : tous"),
    "no_way": or_null(
        field(
            {"type": "string", "enum": list(get_args(NoWay))},
            "Why there is no answer; null: there are answers",
            "Pourquoi il n’y a pas de réponse ; null : il y en a",
        )
    ),
    "tried": field(
        WHOLE, "How many sets of moves were tried on the engine", "Nombre d’ensembles d’actions essayés sur le moteur"
    ),
    "answers": several(
        {
            "score": field(SCORE, "Score that the recommendation would have", "Score qu’aurait la recommandation"),
            "cost": field(
                {"type": "number", "exclusiveMinimum": 0},
                "What the moves cost together: 1 each, unless costs were given",
                "Ce que coûtent ensemble les actions : 1 chacune, sauf coûts donnés",
            ),
            "sentence": field(TEXT, "What to do, and what it leads to", "Ce qu’il faut faire, et ce que cela donne"),
            **_MOVES,
        },
        "The cheapest sets of moves first, each verified; none of them can be left out",
        "Les ensembles d’actions, les moins coûteux d’abord, chacun vérifié ; aucune action n’est superflue",
    ),
    "nearest": or_null(
        field(
            one(
                {
                    "sentence": field(
                        TEXT,
                        "The closest moves, and what remains",
                        "Les actions les plus proches, et ce qui manquerait",
                    ),
                    **_MOVES,
                    "lacks": field(
                        {"type": "array", "items": TEXT},
                        "What would still be lacking",
                        "Ce qu’il manquerait encore",
                    ),
                }
            ),
            "The moves that came nearest, where nothing is enough; null: there are answers, or none came nearer",
            "Les actions qui s’en approchent le plus, si rien ne suffit ; null : il y a des réponses, ou aucune",
        )
    ),
}
_FINGERPRINT = field(
    one(
        {
            "parts": field(
                {"type": "object", "additionalProperties": TEXT},
                "Digest or version of each input, by its name",
                "Empreinte ou version de chaque donnée, par son nom",
            )
        }
    ),
    "Inputs of the computation",
    "Données du calcul",
)
_RECORD = {
    "territory": _TERRITORY,
    "name": _NAME,
    "on": field(DAY, "Day of the recommendation", "Jour de la recommandation"),
    "top": field({"type": "integer", "minimum": 1}, "Sessions for each territory", "Sessions par territoire"),
    "answer": field(
        one(
            {
                "reason": _RECOMMENDATION["reason"],
                **{name: _RECOMMENDATION[name] for name in _OFFERED},
                "contributions": field(
                    {"type": "object", "additionalProperties": POINTS},
                    "Points by rule; their sum is the score",
                    "Points par règle ; leur somme est le score",
                ),
            }
        ),
        "What was recommended",
        "Ce qui a été recommandé",
    ),
    "fingerprint": _FINGERPRINT,
    "inputs": or_null(
        field(
            one(
                {
                    "programme": field({"type": "object"}, "The programme as of the day", "Le programme à ce jour"),
                    "policy": or_null(
                        field(
                            {"type": "object"},
                            "The policy; null: it was the programme's",
                            "La politique ; null : celle du programme",
                        )
                    ),
                    "follow_ups": or_null(
                        field(
                            {"type": "object"},
                            "Data from which the follow-up graph was learned; null: the history, as usual",
                            "Données d’apprentissage du graphe des suites ; null : l’historique, comme d’ordinaire",
                        )
                    ),
                    "extra": or_null(
                        field(
                            {"type": "array", "items": {"type": "object"}},
                            "Columns joined by territory; null: there were none",
                            "Colonnes jointes par territoire ; null : il n’y en avait pas",
                        )
                    ),
                }
            ),
            "All the inputs of the answer; null: they were not kept",
            "Toutes les données du calcul de la réponse ; null : elles n’ont pas été conservées",
        )
    ),
    "schema": _SCHEMA,
}
_REPRODUCTION = {
    "schema": _SCHEMA,
    "record": field(one(_RECORD), "The recommendation as it was kept", "La recommandation telle que gardée"),
    "now": or_null(
        field(
            one(_RECORD),
            "The same computed now; null: the programme has no such territory any more",
            "La même, recalculée ; null : le programme n’a plus ce territoire",
        )
    ),
    "same_inputs": field(_FLAG, "Whether every input is the same", "Données toutes identiques ou non"),
    "same_answer": field(_FLAG, "Whether the answer is the same", "Réponse identique ou non"),
    "changed": field(
        {"type": "array", "items": TEXT}, "Inputs that are not the same", "Données qui ne sont pas identiques"
    ),
    "versions": field(
        {"type": "object", "additionalProperties": {"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2}},
        "What the versions that differ were and are",
        "Ce qu’étaient et ce que sont les versions qui diffèrent",
    ),
}
_POLICY = {
    "id": field(TEXT, "Identifier of the policy", "Identifiant de la politique"),
    "name": field(one({"fr": TEXT, "en": TEXT}), "Its name in each language", "Son nom dans chaque langue"),
}
_ROW_SIDE = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}
_ROW_DIFFERENCE = {
    "id": field(TEXT, "Identifier of the rule, or name of the column", "Identifiant de la règle, ou nom de la colonne"),
    "change": field(
        {"type": "string", "enum": [*get_args(RowChange)]},
        "How it changes; weight: in nothing else",
        "Comment elle change ; weight : en rien d’autre",
    ),
    "fields": field(
        {"type": "array", "items": TEXT},
        "Fields that differ, where both have it",
        "Champs qui diffèrent, si les deux l’ont",
    ),
    "before": or_null(
        field(_ROW_SIDE, "As the first has it; null: it hasn't", "Telle que l’a la première ; null : absente")
    ),
    "after": or_null(
        field(_ROW_SIDE, "As the other has it; null: it hasn't", "Telle que l’a l’autre ; null : absente")
    ),
}
_POLICY_DIFFERENCE = {
    "schema": _SCHEMA,
    "before": field(one(_POLICY), "The first policy", "La première politique"),
    "after": field(one(_POLICY), "The other policy", "L’autre politique"),
    "rules": several(_ROW_DIFFERENCE, "Rules that differ, by identifier", "Règles qui diffèrent, par identifiant"),
    "columns": several(_ROW_DIFFERENCE, "Columns that differ, by name", "Colonnes qui diffèrent, par nom"),
}
_BLOCKS = {
    "type": "array",
    "items": {
        "anyOf": [
            TEXT,
            one({"items": {"type": "array", "items": TEXT}, "numbered": _FLAG}),
            one(
                {
                    "caption": TEXT,
                    "header": {"type": "array", "items": TEXT},
                    "rows": {"type": "array", "items": {"type": "array", "items": TEXT}},
                }
            ),
        ]
    },
}
_DOCUMENT = one(
    {
        "lang": _LANG,
        "title": TEXT,
        "lead": _BLOCKS,
        "sections": {"type": "array", "items": one({"title": TEXT, "blocks": _BLOCKS})},
    }
)
_NOTICE = {
    "schema": _SCHEMA,
    "lang": _LANG,
    "territory": _TERRITORY,
    "name": _NAME,
    "programme": field(TEXT, "Name of the programme", "Nom du programme"),
    "policy": field(TEXT, "Name of the policy", "Nom de la politique"),
    "on": field(DAY, "Day of the recommendation", "Jour de la recommandation"),
    "service": field(
        TEXT,
        "To whom requests are addressed; empty: the service that takes the decision",
        "Destinataire des demandes ; vide : le service qui prend la décision",
    ),
    "result": field(TEXT, "What is recommended, or why nothing is", "Ce qui est recommandé, ou pourquoi rien ne l’est"),
    "inform": field(
        TEXT,
        "Relays of its own département to be informed of a session held in another, in a sentence; empty: none is",
        "Relais du département à informer d’une session qui se tient ailleurs, en une phrase ; vide : aucun",
    ),
    "replacement": field(
        TEXT,
        "What an officer chose instead, in a sentence; empty: nothing",
        "Ce qu’un agent a retenu à la place, en une phrase ; vide : rien",
    ),
    "booked": field(
        TEXT,
        "Sessions that it will host or is registered for, in a sentence; empty: none",
        "Sessions qu’il accueillera ou auxquelles il est inscrit, en une phrase ; vide : aucune",
    ),
    "action": field(
        TEXT,
        "Whether an official or a technician should also be invited, in a sentence; empty: no",
        "Invitation à ajouter, d’un élu ou d’un technicien, en une phrase ; vide : aucune",
    ),
    "sources": several(
        {
            "data": field(TEXT, "Name of the data", "Nom des données"),
            "used": field(TEXT, "What of them concerns the territory", "Ce qui y concerne le territoire"),
            "source": field(TEXT, "Their holder and date", "Leur détenteur et leur date"),
            "fingerprint": field(
                TEXT, "First digits of their digest, or their version", "Début de leur empreinte, ou leur version"
            ),
        },
        "Data processed and their sources",
        "Données traitées et leurs sources",
    ),
    "conditions": _WHY["conditions"],
    "parameters": several(
        _APPLIED,
        "Preferences as they were applied, the most points first",
        "Préférences telles qu’appliquées, par points décroissants",
    ),
    "priority": several(
        _APPLIED,
        "Preferences that make the priority of the territory, the most points first",
        "Préférences qui font la priorité du territoire, par points décroissants",
    ),
    "expressions": field(
        {"type": "object", "additionalProperties": TEXT},
        "What each of these rules computes, by identifier, as the policy writes it",
        "Ce que calcule chacune de ces règles, par identifiant, comme l’écrit la politique",
    ),
    "formulas": several(
        {
            "column": field(
                TEXT, "Name of the figure, as rules write it", "Nom de la donnée, comme l’écrivent les règles"
            ),
            "value": field(
                TEXT,
                "Its value, as it is written; where sessions that are refused have several, each with theirs",
                "Sa valeur, comme elle s’écrit ; si des sessions écartées en ont plusieurs, chacune avec la sienne",
            ),
            "formula": field(TEXT, "How it is computed", "Son calcul"),
            "inputs": field(
                {"type": "array", "items": TEXT},
                "What the formula names, each with its value",
                "Ce que le calcul nomme, avec sa valeur",
            ),
        },
        "How each figure that these rules read was computed, with its value",
        "Calcul et valeur de chaque donnée que lisent ces règles",
    ),
    "sessions": field(WHOLE, "Number of sessions examined", "Nombre de sessions examinées"),
    "kept": several(
        {
            "session": field(TEXT, "Name of the session", "Nom de la session"),
            "axis": field(TEXT, "Name of the axis; empty: the common core", "Nom de l’axe ; vide : le tronc commun"),
            "host": field(
                TEXT,
                "Other territory where it is held, how far away, and whether it is booked there; empty: its own place",
                "Autre territoire où elle se tient, sa distance, et si elle y est déjà programmée ; vide : sur place",
            ),
            "partner": field(TEXT, "Name of the relay partner", "Nom du partenaire-relais"),
            "trainer": field(TEXT, "Organisation and role of the trainer", "Organisme et rôle de l’intervenant"),
            **{name: _OFFERED[name] for name in ("score", "cost", "day")},
        },
        "Sessions kept, the best first",
        "Sessions retenues, la meilleure d’abord",
    ),
    "fingerprint": _FINGERPRINT,
    "document": field(
        _DOCUMENT,
        "The texts of the notice, in paragraphs, lists and tables",
        "Les textes de la notice, en paragraphes, listes et tableaux",
    ),
}
_PEOPLE = or_null(field(WHOLE, "How many people; null: not known", "Nombre de personnes ; null : inconnu"))
_KM = field({"type": "number", "minimum": 0}, "Kilometres to the host", "Kilomètres jusqu’au lieu d’accueil")
_TIMED_MODULE = {
    "title": field(TEXT, "What it is about", "Son sujet"),
    "minutes": field(WHOLE, "How long it takes", "Sa durée, en minutes"),
    "start": or_null(
        field(
            WHOLE,
            "Minutes from the opening; null: there is no time for it",
            "Minutes depuis l’ouverture ; null : le temps manque",
        )
    ),
    "axis": field(TEXT, "Name of its axis; empty: the common core", "Nom de son axe ; vide : le tronc commun"),
    "people": field(WHOLE, "Number of participants who want it", "Nombre de participants qui le demandent"),
    "material": field(TEXT, "Material needed; empty: none", "Matériel nécessaire ; vide : aucun"),
}
_BRIEF = {
    "schema": _SCHEMA,
    "lang": _LANG,
    "public": field(
        {"type": "boolean"}, "Whether the words of needs are left out", "Si les mots des besoins n’y figurent pas"
    ),
    "on": field(DAY, "Day on which it is written", "Jour où la fiche est établie"),
    "programme": field(TEXT, "Name of the programme", "Nom du programme"),
    "id": or_null(
        field(
            TEXT,
            "Identifier of a planned or booked session; null: it is an offer",
            "Identifiant d’une session planifiée ou programmée ; null : c’est une proposition",
        )
    ),
    "session": field(ID, "Identifier of the buffet or workshop", "Identifiant du buffet ou de l’atelier"),
    "name": field(TEXT, "Its kind and name", "Sa nature et son nom"),
    "core": field(TEXT, "What its common core is about", "Le sujet de son tronc commun"),
    "axes": field(
        {"type": "array", "items": TEXT},
        "Names of the axes that participants want, the most wanted first",
        "Noms des axes que demandent les participants, le plus demandé d’abord",
    ),
    "day": or_null(field(DAY, "When it is held; null: not known", "Sa date ; null : inconnue")),
    "booked": field({"type": "boolean"}, "Whether it is booked already", "Si elle est déjà programmée"),
    "host": field(TEXT, "Name of the territory where it is held", "Nom du territoire d’accueil"),
    "partner": field(TEXT, "Name of the relay partner", "Nom du partenaire-relais"),
    "trainer": field(TEXT, "Organisation and role of the trainer", "Organisme et rôle de l’intervenant"),
    "cost": _OFFERED["cost"],
    "minutes": field(WHOLE, "How long it lasts", "Sa durée, en minutes"),
    "seats": field(
        {"type": "array", "items": WHOLE, "minItems": 2, "maxItems": 2},
        "Minimum and maximum number of people",
        "Nombre minimal et nombre maximal de personnes",
    ),
    "modules": several(_TIMED_MODULE, "Modules of the half-day, in order", "Modules de la demi-journée, dans l’ordre"),
    "later": several(_TIMED_MODULE, "Modules for which there is no time", "Modules pour lesquels le temps manque"),
    "needs": several(
        {
            "subject": field(
                TEXT,
                "Name of the axis, of a buffet of the workshop; empty: no axis",
                "Nom de l’axe, pour un buffet de l’atelier ; vide : aucun axe",
            ),
            "words": field(
                TEXT,
                "As they were written, persons masked; empty: forgotten, or left out",
                "Tels qu’ils ont été écrits, personnes masquées ; vide : oubliés, ou non repris",
            ),
            "collectivity": field(TEXT, "Name of the collectivity", "Nom de la collectivité"),
            "day": field(DAY, "When", "Quand"),
            "state": field({"type": "string", "enum": ["open", "to_confirm"]}, "Its state", "Son état"),
            "since": field(DAY, "Since when it is so", "Depuis quand"),
        },
        "Needs of participants that wait for an answer",
        "Besoins des participants en attente de réponse",
    ),
    "guests": several(
        {
            "territory": _TERRITORY,
            "name": field(TEXT, "Its name", "Son nom"),
            "axis": field(TEXT, "Name of the axis chosen; empty: none", "Nom de l’axe choisi ; vide : aucun"),
            "people": _PEOPLE,
            "elected": or_null(
                field(WHOLE, "Elected officials among them; null: not known", "Élus parmi elles ; null : inconnu")
            ),
            "technicians": or_null(
                field(WHOLE, "Technicians among them; null: not known", "Techniciens parmi elles ; null : inconnu")
            ),
            "km": _KM,
            "state": field(
                {"type": "string", "enum": list(get_args(GuestState))}, "As what it comes", "À quel titre il vient"
            ),
            "missing": or_null(
                field(
                    {"type": "string", "enum": list(get_args(Absent))},
                    "Who has come to no session since the council was last elected; null: nobody, or unknown",
                    "Qui n’est venu à aucune session depuis le renouvellement du conseil ; null : personne, ou inconnu",
                )
            ),
        },
        "Territories that come, or could",
        "Territoires qui viennent, ou le pourraient",
    ),
    "radius": field(
        NUMBER, "Kilometres within which past sessions are listed", "Rayon, en km, des sessions passées qui sont citées"
    ),
    "past": several(
        {
            "day": field(DAY, "When", "Quand"),
            "place": field(TEXT, "Name of the territory that hosted it", "Nom du territoire d’accueil"),
            "km": _KM,
            "organisations": field(
                {"type": "array", "items": TEXT},
                "Relay partner and organisation of the trainer",
                "Partenaire-relais et organisme de l’intervenant",
            ),
            "people": _PEOPLE,
            "rating": or_null(
                field({"type": "number", "minimum": 1, "maximum": 4}, "Mean rating, of 4", "Note moyenne, sur 4")
            ),
        },
        "Sessions of the kind held near the host, the latest first",
        "Sessions de ce type tenues près du lieu d’accueil, la dernière d’abord",
    ),
    "tasks": several(
        {
            "what": field(TEXT, "What is to be done", "Ce qui est à faire"),
            "days": field(WHOLE, "How many days before, at least", "Combien de jours avant, au moins"),
            "by": or_null(field(DAY, "Last day for it; null: not known", "Dernier jour ; null : inconnu")),
        },
        "What the relay prepares, in order",
        "Ce que le relais prépare, dans l’ordre",
    ),
    "document": field(
        _DOCUMENT,
        "The texts of the brief, in paragraphs, lists and tables",
        "Les textes de la fiche, en paragraphes, listes et tableaux",
    ),
}
_FIRST_DAY = field(DAY, "First day", "Premier jour")
_LAST_DAY = field(DAY, "Last day, included", "Dernier jour, inclus")
_MONEY = or_null(
    field(EUROS, "Euros of the new sessions; null: no limit", "Euros des nouvelles sessions ; null : sans limite")
)
_BY_WEIGHT = one({each.name: NUMBER for each in fields(Weights)})
_SHARE = {"type": "number", "minimum": 0}
_PLAN = {
    "schema": _SCHEMA,
    "start": _FIRST_DAY,
    "end": _LAST_DAY,
    "on": field(DAY, "Day of planning", "Jour où le plan est fait"),
    "budget": _MONEY,
    "status": field(
        {"type": "string", "enum": list(get_args(Status))},
        "How it was made: proven optimal, ended by a limit, made at once, edited…",
        "Mode d’établissement : optimal prouvé, arrêté par une limite, immédiat, modifié…",
    ),
    "objective": field(NUMBER, "What it is worth, in points", "Ce qu’il vaut, en points"),
    "bound": or_null(
        field(
            NUMBER,
            "No plan from these inputs is worth more; null: unknown",
            "Aucun plan de ces données ne vaut davantage ; null : inconnu",
        )
    ),
    "gap": field(
        _SHARE,
        "Share of the bound that may be missing; 1: nothing is proven",
        "Part de la borne qui peut manquer ; 1 : rien n’est prouvé",
    ),
    "weights": field(_BY_WEIGHT, "The request that it answers", "La demande à laquelle il répond"),
    "parts": field(_BY_WEIGHT, "Parts of the objective, by weight, in points", "Parts de l’objectif, par poids"),
    "sessions": several(
        {
            "id": field(TEXT, "Identifier of the planned session", "Identifiant de la session planifiée"),
            "session": _SESSION,
            "axis": _OFFERED["axis"],
            "date": field(DAY, "Day", "Jour"),
            "host": field(ID, "Territory that hosts it", "Territoire d’accueil"),
            "partner": _asked("Relay partner; null: unknown", "Partenaire-relais ; null : inconnu"),
            "trainer": _asked("Trainer; null: unknown", "Intervenant ; null : inconnu"),
            "cost": _OFFERED["cost"],
            "booked": field(_FLAG, "Booked before, else new", "Déjà prévue, sinon nouvelle"),
        },
        "The sessions, by date",
        "Les sessions, par date",
    ),
    "seats": several(
        {
            "session": field(TEXT, "Identifier of the planned session", "Identifiant de la session planifiée"),
            "territory": _TERRITORY,
            "axis": or_null(field(ID, "Axis asked for; null: none", "Axe demandé ; null : aucun")),
            "elected": field(WHOLE, "Elected officials", "Élus"),
            "technicians": field(WHOLE, "Technicians", "Techniciens"),
            "km": or_null(field(_SHARE, "Distance to the host, km", "Distance au territoire d’accueil, km")),
            "value": or_null(field(NUMBER, "Points that it is worth", "Points que cela vaut")),
        },
        "The territories invited, by session",
        "Les territoires invités, par session",
    ),
}
_REGIONAL_PLAN = {
    **_PLAN,
    "regional_bound": field(
        NUMBER, "Sum of the bounds of the régions, as things were shared out", "Somme des bornes des régions"
    ),
    "shared_loss": field(
        _SHARE,
        "Share of the bound that sharing out may have cost, at most",
        "Part de la borne que le partage a pu coûter, au plus",
    ),
    "regions": several(
        {
            "region": field(TEXT, "Code of the région", "Code de la région"),
            "demands": field(WHOLE, "Sessions that may be offered", "Sessions proposables"),
            "budget": _MONEY,
            "sessions": field(WHOLE, "New sessions", "Nouvelles sessions"),
            "served": field(WHOLE, "Demands served", "Demandes servies"),
            "objective": field(NUMBER, "What its part is worth, in points", "Ce que vaut sa part, en points"),
            "bound": or_null(field(NUMBER, "Bound of its part; null: unknown", "Borne de sa part ; null : inconnue")),
            "status": _PLAN["status"],
        },
        "How each région was planned, with its part of what is shared",
        "Comment chaque région a été planifiée, avec sa part de ce qui est partagé",
    ),
}
_IN_DEPARTEMENT = field(DEPARTEMENT, "Département code", "Code du département")
_CODES = {"type": "array", "items": ID}
_RELAY_GAPS = {
    "schema": _SCHEMA,
    "on": field(DAY, "Day", "Jour"),
    "gaps": several(
        {
            "rank": field({"type": "integer", "minimum": 1}, "Rank: most people waiting first", "Rang"),
            "departement": _IN_DEPARTEMENT,
            "session": _SESSION,
            "cause": field(
                {"type": "string", "enum": ["covers", "carries", "room"]},
                "What is missing: a relay that covers the département, can organise the session or has room",
                "Ce qui manque : un relais qui couvre le département, porte la session ou a de la place",
            ),
            "partners": field(_CODES, "Relays concerned", "Relais concernés"),
            "territories": field(WHOLE, "Territories waiting", "Territoires en attente"),
            "needs": field(WHOLE, "Their needs, open or to be confirmed", "Leurs besoins, en cours ou à confirmer"),
            "people": field(WHOLE, "People announced by these needs", "Personnes annoncées par ces besoins"),
            "seated": field(WHOLE, "Territories that have a seat at it", "Territoires qui y ont une place"),
        },
        "The gaps, by rank",
        "Les manques, par rang",
    ),
    "structures": several(
        {
            "departement": _IN_DEPARTEMENT,
            "structure": field(ID, "Identifier of the relay that it would be", "Identifiant du relais qu’elle serait"),
            "name": field(TEXT, "Name; of a kind, the kind", "Nom ; d’une nature, la nature"),
            "kind": field(ID, "Kind of relay", "Nature du relais"),
            "changes": field(
                {"type": "array", "items": {"type": "string", "enum": ["covers", "carries", "room", "new"]}},
                "What a relay would do more; new: it would be one",
                "Ce qu’un relais ferait de plus ; new : elle en serait un",
            ),
            "takes": field(_CODES, "Sessions that it would take", "Sessions qu’elle prendrait"),
            "sessions_a_year": or_null(
                field(WHOLE, "Most sessions in a year; null: no limit", "Sessions par an au plus ; null : sans limite")
            ),
            "sessions": field(WHOLE, "Sessions held by it in the département", "Sessions qu’elle y tiendrait"),
            "territories": field(WHOLE, "Territories that these serve", "Territoires servis"),
            "waited": field(WHOLE, "Of which waiting without it", "Dont en attente sans elle"),
            "needs": field(WHOLE, "Their needs for these sessions", "Leurs besoins de ces sessions"),
            "people": field(WHOLE, "People who have a seat", "Personnes reçues"),
            "cost": _OFFERED["cost"],
            **{
                f"more_{name}": field(
                    {"type": "integer"}, f"{en} in the whole, beside the set without it", f"{fr} en tout, de plus"
                )
                for name, en, fr in (
                    ("territories", "Territories", "Territoires"),
                    ("seats", "Seats", "Places"),
                    ("people", "People", "Personnes"),
                )
            },
        },
        "The structures that could organise them, by département",
        "Les structures qui pourraient les organiser, par département",
    ),
}
_SPREAD = {
    "scenario": field(ID, "Name of the scenario", "Nom du scénario"),
    "measure": field({"type": "string", "enum": list(measures())}, "The measure", "La mesure"),
    "of": or_null(
        field(
            TEXT,
            "The session, département or territory that it is about; null: the whole",
            "La session, le département ou le territoire dont il s’agit ; null : le tout",
        )
    ),
    **{
        name: or_null(field(NUMBER, en, fr))
        for name, en, fr in (
            ("mean", "Mean over replications; null: unknown", "Moyenne des répétitions ; null : inconnue"),
            ("low", "Low end of the interval", "Bas de l’intervalle"),
            ("median", "Median", "Médiane"),
            ("high", "High end of the interval", "Haut de l’intervalle"),
            ("error", "Half the width of the interval of the mean", "Demi-largeur de l’intervalle de la moyenne"),
        )
    },
}
_OUTCOMES = {
    "schema": _SCHEMA,
    "start": _FIRST_DAY,
    "end": _LAST_DAY,
    "replications": field({"type": "integer", "minimum": 1}, "Of each scenario", "De chaque scénario"),
    "seed": field({"type": "integer"}, "Of all draws", "De tous les tirages"),
    "level": field(
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "Share of the replications between low and high",
        "Part des répétitions entre low et high",
    ),
    "scenarios": field(
        {"type": "array", "items": ID, "minItems": 1},
        "Names, in order; others are compared with the first",
        "Noms, dans l’ordre ; les autres sont comparés au premier",
    ),
    "summary": several(
        _SPREAD, "Each measure over the whole period, in its unit", "Chaque mesure sur toute la période, dans son unité"
    ),
    "differences": several(
        {
            **_SPREAD,
            "baseline": or_null(field(NUMBER, "Mean of the first scenario", "Moyenne du premier scénario")),
            "above": or_null(
                field(
                    {"type": "number", "minimum": 0, "maximum": 1},
                    "Share of the replications in which the scenario is above the first",
                    "Part des répétitions où le scénario est au-dessus du premier",
                )
            ),
        },
        "How each scenario differs from the first, replication by replication",
        "Écart de chaque scénario au premier, répétition par répétition",
    ),
}

RESULTS: Mapping[str, Mapping[str, Schema]] = {
    "recommendation": _RECOMMENDATION,
    "offer": _OFFER,
    "alternative": _ALTERNATIVE,
    "why": _WHY,
    "error": _ERROR,
    "why_not": _WHY_NOT,
    "needed": _NEEDED,
    "notice": _NOTICE,
    "brief": _BRIEF,
    "record": _RECORD,
    "reproduction": _REPRODUCTION,
    "policy_difference": _POLICY_DIFFERENCE,
    "plan": _PLAN,
    "regional_plan": _REGIONAL_PLAN,
    "relay_gaps": _RELAY_GAPS,
    "outcomes": _OUTCOMES,
}
"""The fields of each result."""
