"""A programme in whose every text somebody is told: a name after a civility, a telephone number, an e-mail address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from made import POLICY, both, programme, small

if TYPE_CHECKING:
    from prai_match import Policy, Programme

PERSON = "M. Dupont, 06 12 34 56 78, m.dupont@exemple.fr"
TOLD = ("Dupont", "dupont", "12 34 56", "@exemple", "exemple.fr")
"""What others mustn't read."""
MASKED = {
    "fr": "M. [nom], [téléphone], [courriel]",
    "en": "M. [name], [telephone], [e-mail]",
}

_BEARERS = ("territories", "collectivities", "partners", "trainers", "sessions")
_TEXTS = frozenset(
    {"name", "core", "organisation", "role", "reason", "fr", "en", "text", "why", *(f"contact_{of}" for of in _BEARERS)}
)


def _told(value: Any, field: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _told(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_told(item, field) for item in value]
    return f"{value} {PERSON}" if isinstance(value, str) and field in _TEXTS else value


def data() -> dict[str, Any]:
    """The small programme as data, with a person in every text, those of attributes of a region's own included."""
    rows = small()
    catalogue = rows["catalogue"]
    rows["needs"] += [
        {"collectivity": "09002", "date": "2007-06-20", "text": "refonte du site internet", "people": 3},
        {"collectivity": "09004", "date": "2007-06-21", "text": "rappeler", "people": 2},
    ]
    rows["decisions"] = [
        {"date": "2007-07-01", "event": "withdrawn", "collectivity": "09003", "who": "territory", "why": "retiré"},
        {"date": "2007-07-02", "event": "declined", "territory": "T2", "session": "sig", "why": "refusé"},
    ]
    catalogue["kinds"] = [{"of": "workshops", "id": "atelier", "name": both("Atelier"), "synonyms": [PERSON]}]
    catalogue["workshops"][0]["kind"] = "atelier"
    for of in _BEARERS:
        for row in rows[of] if of != "sessions" else catalogue["buffets"] + catalogue["workshops"]:
            row["attributes"] = {f"contact_{of}": "contact"}
    attributes = [{"of": of, "name": f"contact_{of}", "type": "text", "fr": PERSON, "en": PERSON} for of in _BEARERS]
    return {**_told(rows), "attributes": attributes}


def telling_programme() -> Programme:
    """The programme of `data`, under a policy that tells persons too."""
    made = programme(**data())
    return made.with_policy(telling_policy())


def telling_policy() -> Policy:
    """The policy of the tests with a requirement and a preference whose sentences tell somebody."""
    policy = POLICY.require("people >= 0", id="telling_requirement", fr=PERSON, en=PERSON)
    return policy.prefer("people / 1000", id="telling_preference", weight=1, fr=PERSON, en=PERSON)
