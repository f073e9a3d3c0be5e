"""How territories look on a map, by what is asked: the session recommended, or what was attended so far."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from prai_match.charts._counts import people_trained, sessions_attended
from prai_match.charts._legend import Key
from prai_match.charts._theme import GREY, INK, colour, ink_on, letter, shown
from prai_match.explain import table
from prai_match.text import counted, number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from prai_match.errors import Lang
    from prai_match.recommend import Answers

_CLASSES = ("#ffffff", "#d5e6f3", "#9ec9e2", "#4a9bc9", "#1c6aa8", "#08306b")
_DARK = frozenset(_CLASSES[3:])
_STEPS = tuple(value * power for power in (0.1, 1, 10, 100, 1000) for value in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Look:
    """How one territory looks, and what is told of it.

    Attributes:
        key: Its symbol, as the legend has it.
        letter: What stands in the symbol.
        said: What is told of it.
    """

    key: Key
    letter: str
    said: str


@dataclass(frozen=True, slots=True)
class Looks:
    """How each territory looks, by its identifier, and the legend."""

    looks: Mapping[str, Look]
    keys: Sequence[Key]


def by_session(answers: Answers, words: Mapping[str, Any], lang: Lang) -> Looks:
    """Return the looks by recommended session; white where it is to be postponed, numbered where there is none."""
    sessions = answers.programme.catalogue.sessions
    places = {session.id: place for place, session in enumerate(sessions)}
    kinds = {session.id: session.kind for session in sessions}
    names = {session.id: session.name.get(lang) for session in sessions}
    first = dict(answers.first.select("territory", "session").iter_rows())
    rows = table(answers, lang).select("territory", "reason", "because").rows()
    stopped = Counter(reason for territory, reason, _ in rows if reason and territory not in first)
    numbers = {reason: str(place) for place, (reason, _) in enumerate(_frequent(stopped), 1)}
    looks = {}
    for territory, reason, because in rows:
        session = first.get(territory)
        if session is None:
            key = Key(because, numbers[reason], "diamond", stroke=GREY)
            looks[territory] = Look(key, key.letter, shown(because))
            continue
        place = places[session]
        shape = "square" if kinds[session] == "buffet" else "circle"
        key = Key(names[session], letter(place), shape, colour(place), INK, ink_on(colour(place)))
        if reason:
            key = replace(key, fill="#ffffff", stroke=colour(place), ink=INK)
        said = f"{names[session]}. {because}" if reason else names[session]
        looks[territory] = Look(key, key.letter, shown(said))
    waiting = sorted({because for territory, reason, because in rows if reason and territory in first})
    return Looks(looks, _grouped([look.key for look in looks.values()], waiting, words, lang))


def _frequent(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))


def _grouped(keys: Sequence[Key], waiting: Sequence[str], words: Mapping[str, Any], lang: Lang) -> list[Key]:
    """Return the keys under their headings, each once, with the number of territories that have it.

    ``waiting`` are the reasons why sessions are postponed.
    """
    counts = Counter(keys)
    ordered = sorted(counts, key=lambda key: (len(key.letter), key.letter))
    groups = {
        "offered": [key for key in ordered if key.shape != "diamond" and key.fill != "#ffffff"],
        "postponed": [key for key in ordered if key.shape != "diamond" and key.fill == "#ffffff"],
        "nothing": [key for key in ordered if key.shape == "diamond"],
    }
    legend: list[Key] = []
    for heading, members in groups.items():
        if members:
            legend.append(Key(words[heading]))
            legend += [Key(reason, heading=False) for reason in waiting if heading == "postponed"]
            for key in members:
                said = counted(counts[key], words["territories"], lang)
                legend.append(replace(key, text=f"{key.text.removesuffix('.')} ({said})"))
    if groups["offered"] or groups["postponed"]:
        legend.append(Key(words["kinds"], heading=False))
    return legend


@dataclass(frozen=True, slots=True)
class _Value:
    """What a territory received: the value, as it is written in the symbol, and as it is told."""

    value: float
    written: str
    said: str


def by_coverage(answers: Answers, words: Mapping[str, Any], lang: Lang) -> Looks:
    """Return the looks by number of sessions attended until the day of the recommendations."""
    found = sessions_attended(answers.programme, answers.on)
    values = {
        code: _Value(count, str(count), counted(count, words["attended"], lang))
        for code in answers.chosen["territory"]
        for count in [found.get(code, 0)]
    }
    return _classed(values, "sessions", words, lang)


def by_people(answers: Answers, words: Mapping[str, Any], lang: Lang) -> Looks:
    """Return the looks by attendances per 1,000 inhabitants until the day of the recommendations."""
    found = people_trained(answers.programme, answers.on)
    inhabitants = {territory.id: territory.population for territory in answers.programme.territories}
    values = {}
    for code in answers.chosen["territory"]:
        count = found.get(code, 0)
        value = 1000 * count / max(inhabitants[code], 1)
        rate = words["rate"].format(rate=number(value, 1, lang))
        said = f"{counted(count, words['came'], lang)} ({rate})"
        values[code] = _Value(value, number(value, 0 if value >= 10 or not value else 1, lang), said)  # noqa: PLR2004 - two digits
    return _classed(values, "people", words, lang)


def _classed(values: Mapping[str, _Value], heading: str, words: Mapping[str, Any], lang: Lang) -> Looks:
    most, whole = max((found.value for found in values.values()), default=0), heading == "sessions"
    steps = thresholds(most, whole=whole)
    keys = [_class_key(place, steps, words, lang) for place in range(len(steps) + 1)]
    looks = {
        code: Look(keys[sum(found.value >= step for step in steps)], found.written, found.said)
        for code, found in values.items()
    }
    counts = Counter(look.key for look in looks.values())
    legend = [
        replace(key, text=f"{key.text} ({counted(counts[key], words['territories'], lang)})")
        for key in keys
        if counts[key]
    ]
    return Looks(looks, [Key(words[heading]), *legend])


def thresholds(most: float, *, whole: bool) -> list[float]:
    """Return the least values of the classes above "none": five of them at most."""
    if whole:
        return list(range(1, int(most) + 1, math.ceil(most / 5) or 1))
    return [1e-9, *[step for step in _STEPS if step <= most][-4:]]


def _class_key(place: int, steps: Sequence[float], words: Mapping[str, Any], lang: Lang) -> Key:
    fill = _CLASSES[place]
    ink = "#ffffff" if fill in _DARK else INK
    if not place:
        return Key(words["none"], "", "circle", fill, GREY, ink)

    def written(value: float) -> str:
        return number(value, 0 if value >= 1 else 1, lang)

    least = steps[place - 1]
    if place == len(steps):
        text = words["above"].format(least=written(least))
    elif least < _STEPS[0]:
        text = words["below"].format(most=written(steps[place]))
    elif steps[0] == 1:
        below = steps[place] - 1
        text = written(least) if below == least else words["between"].format(least=written(least), most=written(below))
    else:
        text = words["between"].format(least=written(least), most=written(steps[place]))
    return Key(text, "", "circle", fill, INK, ink)
