"""Catalogues of several shapes, each with the lexicon that reads its needs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from reference.formats import rows, toml
from reference.places import REGIONS
from reference.subjects import BUFFETS, EMPTY_WORDS, OTHER_WORDS, SUBJECTS

if TYPE_CHECKING:
    from reference.dice import Dice

_MODEL = tuple(SUBJECTS)[:5]
_FRAMES = ("{}", "Besoin : {}", "Nous souhaitons {}.", "Bonjour, {} pour la mairie. Merci.", "{}")


@dataclass(frozen=True)
class Catalogue:
    """What a programme offers.

    Attributes:
        data: As the settings have it.
        axes: The axes of each session; a buffet has none.
        workshops: Identifiers of the workshops.
        lexicon: The file that reads the needs; None: there is none, and every need must state its workshop.
        texts: Needs as people say them.
    """

    data: dict[str, Any]
    axes: dict[str, tuple[str, ...]]
    workshops: tuple[str, ...]
    lexicon: bytes | None
    texts: tuple[str, ...]


def both(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}


def catalogue(dice: Dice) -> Catalogue:
    """Draw a catalogue: that of the model case as it is, with other numbers, or an invented one."""
    if dice.chance(0.06):
        return _bundled()
    blank = dice.chance(0.25)  # some costs aren't given
    model = dice.chance(0.35)
    workshops = list(_MODEL) if model else dice.some(tuple(SUBJECTS), dice.whole(1, 5))
    buffets = dice.some(tuple(BUFFETS), 3 if model else dice.whole(0, 3))
    if not model and dice.chance(0.05):
        workshops, buffets = [], buffets or ["buffet_avenir"]
    axes = {name: tuple(SUBJECTS[name][1]) if model else _axes(dice, name) for name in workshops}
    data = {
        "follow_ups": _follow_ups(dice, buffets, workshops),
        "themes": [{"id": theme, "name": both(theme)} for theme in dict.fromkeys(BUFFETS.values())],
        "buffets": [_session(dice, name, (10, 25), blank=blank) | {"themes": [BUFFETS[name]]} for name in buffets],
        "workshops": [
            _session(dice, name, (2, 12), blank=blank)
            | {"theme": dice.one(tuple(BUFFETS.values())), "axes": [{"id": axis, "name": both(axis)} for axis in axes[name]]}
            for name in workshops
        ],
    }  # fmt: skip
    lexicon = _lexicon(axes) if workshops and not (dice.chance(0.1) and not model) else None
    words = [
        word for name in workshops for word in (*SUBJECTS[name][0], *(SUBJECTS[name][1][axis] for axis in axes[name]))
    ]
    texts = tuple(dice.one(_FRAMES).format(dice.one(words)) for _ in range(12)) if lexicon else ()
    every: dict[str, tuple[str, ...]] = dict.fromkeys(buffets, ()) | axes
    return Catalogue(data, every, tuple(workshops), lexicon, texts and (*texts, *OTHER_WORDS))


@cache
def _bundled() -> Catalogue:
    """Return the catalogue of the model case with its whole lexicon, and needs as its region has them."""
    folder = REGIONS / "midi_pyrenees"
    data = tomllib.loads((folder / "programme.toml").read_text("utf-8"))["catalogue"]
    axes = {
        each["id"]: tuple(axis["id"] for axis in each.get("axes", ())) for each in data["buffets"] + data["workshops"]
    }
    texts = tuple(row["text"] for row in rows((folder / "needs.csv").read_bytes()) if row["text"])
    workshops = tuple(each["id"] for each in data["workshops"])
    return Catalogue(data, axes, workshops, (folder / "lexique.toml").read_bytes(), texts)


def _axes(dice: Dice, name: str) -> tuple[str, ...]:
    return tuple(dice.some(tuple(SUBJECTS[name][1]), dice.whole(0, 3)))


def _session(dice: Dice, name: str, seats: tuple[int, int], *, blank: bool) -> dict[str, Any]:
    session: dict[str, Any] = {"id": name, "name": both(name), "core": both("Tronc commun")}
    if not (blank and dice.chance(0.5)):
        session["cost"] = dice.one([0, 90, 320, 850])
    if dice.chance(0.7):
        session["min_seats"] = dice.whole(*seats)
        session["max_seats"] = session["min_seats"] + dice.one([0, 4, 10, 30])
    return session


def _follow_ups(dice: Dice, buffets: list[str], workshops: list[str]) -> list[dict[str, Any]]:
    """Draw what leads to what: buffets to workshops, and now and then workshops to one another, in circles too."""
    pairs = [(buffet, workshop) for buffet in buffets for workshop in dice.some(workshops, dice.whole(0, 3))]
    if len(workshops) > 1:
        pairs += [(one, other) for one, other in [dice.some(workshops, 2) for _ in range(dice.whole(0, 2))]]
    found = []
    for source, target in dict.fromkeys(pairs):
        row: dict[str, Any] = {"source": source, "target": target, "prior": dice.one([0.05, 0.2, 0.42, 0.5, 0.8])}
        if dice.chance(0.8):
            row["lag_days"] = dice.one([0, 30, 60, 90, 120])
        found.append(row)
    return found


def _lexicon(axes: dict[str, tuple[str, ...]]) -> bytes:
    """Write the words of the workshops and of their axes, and no others."""
    terms: list[dict[str, Any]] = []
    for name, own in axes.items():
        words, by_axis = SUBJECTS[name]
        terms.append({"atelier": name, "niveau": "fort", "mots": list(words)})
        terms += [{"atelier": name, "axe": axis, "niveau": "moyen", "mots": [by_axis[axis]]} for axis in own]
    return toml({"mots_vides": [EMPTY_WORDS], "terme": terms})
