"""Maps of the territories: what is recommended to each, what it attended so far, how often it comes in simulations."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from prai_match import register
from prai_match.charts._map import AT, attribution, maps, views
from prai_match.charts._marks import Key, legend, look, marks, symbols
from prai_match.charts._programme import people_trained, session_keys, sessions_attended
from prai_match.charts._scenarios import attended, names, subtitle
from prai_match.charts._theme import BLUES, GREY, INK, WHITE, finished, library, shown, texts_of
from prai_match.errors import UnknownCodeError, nearest
from prai_match.explain import table
from prai_match.text import counted, current_language, day, number, signed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import altair as alt

    from prai_match.charts._map import Drawn, View
    from prai_match.errors import Lang
    from prai_match.model import ProgrammeData
    from prai_match.recommend import Answered, Answers
    from prai_match.simulate import Outcomes

By = Literal["session", "coverage", "people"]

_LETTERED, _SMALLEST, _LARGEST = 7.0, 2.5, 14.0  # radius: of symbols that hold a letter, the smallest, the largest
_APART = 36.0  # pixels between territories: so far apart, all hold letters
_STEPS = tuple(value * power for power in (0.1, 1, 10, 100, 1000) for value in (1, 2, 5))
_SHARES = (0, 1e-9, 50, 80, 95, 100 - 1e-9)  # from which share on, in percent, the classes begin
_CHANGES = (-100, -30 + 1e-9, -10 + 1e-9, 10 - 1e-9, 30 - 1e-9)  # from which difference on, in points
_BOTH_WAYS = ("#e08214", "#fdc98a", WHITE, "#b9d9ec", "#5cacda")
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class _Look:
    """How a territory looks: its symbol as the legend has it, what stands in it, and what is told."""

    key: Key
    letter: str
    said: str


@dataclass(frozen=True, slots=True)
class _Looks:
    """How each territory looks, by its identifier, the legend by heading, and what is said below the title."""

    looks: Mapping[str, _Look]
    groups: Mapping[str, Sequence[Key]]
    notes: Sequence[str] = ()


def territory_map(recs: Answered, *, by: By = "session", lang: Lang | None = None) -> alt.HConcatChart:
    """Draw the map of the territories: each at its centre, with an area after its population.

    Territories overseas have maps of their own, below.

    Args:
        recs: Answered; their territories are shown, as of their day.
        by: What colours tell: ``session`` (the one recommended or, where there is none, the reason), ``coverage``
            (number of sessions attended so far) or ``people`` (attendances per 1,000 inhabitants so far).
        lang: Language of its texts.

    Raises:
        UnknownCodeError: ``by`` is none of these.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> charts.territory_map(recs, by="coverage").to_dict()["title"]["text"]
        'Sessions suivies par chaque territoire'
    """
    lang = current_language(lang)
    words, answers = texts_of("territories", lang), recs.answers
    if by not in _LOOKS:
        raise UnknownCodeError("map", by, tuple(_LOOKS))
    found = _LOOKS[by](answers, words, lang)
    on = words["on"].format(programme=answers.programme.name.get(lang), day=day(answers.on, lang))
    source = words["source"].format(attribution=attribution())
    drawing = _mapped(answers.programme, found, words, lang)
    return finished(drawing, words[f"{by}_title"], [on, *found.notes, source], lang)


def _by_session(answers: Answers, words: Mapping[str, Any], lang: Lang) -> _Looks:
    """Return the looks by recommended session; white where it is to be postponed, numbered where there is none."""
    keys, first = session_keys(answers.programme, lang), dict(answers.first.select("territory", "session").iter_rows())
    rows = table(answers, lang).select("territory", "reason", "because").rows()
    stopped = Counter(reason for territory, reason, _ in rows if reason and territory not in first)
    frequent = sorted(stopped, key=lambda reason: (-stopped[reason], reason))
    looks: dict[str, dict[str, _Look]] = {"offered": {}, "postponed": {}, "nothing": {}}
    for territory, reason, because in rows:
        if territory not in first:
            key = Key(because.removesuffix("."), str(1 + frequent.index(reason)), "diamond", stroke=GREY)
            looks["nothing"][territory] = _Look(key, key.letter, shown(because))
            continue
        key = keys[first[territory]]
        said = f"{key.text}. {because}" if reason else key.text
        key = replace(key, fill=WHITE, stroke=key.fill) if reason else key
        looks["postponed" if reason else "offered"][territory] = _Look(key, key.letter, shown(said))
    groups = {
        words[heading]: _counted(sorted({look.key for look in those.values()}, key=_order), those, words, lang)
        for heading, those in looks.items()
    }
    waiting = sorted({because for territory, reason, because in rows if reason and territory in first})
    kinds = [texts_of("programme", lang)["kinds"]] if looks["offered"] or looks["postponed"] else []
    return _Looks({code: look for those in looks.values() for code, look in those.items()}, groups, [*waiting, *kinds])


def _order(key: Key) -> tuple[int, str]:
    return len(key.letter), key.letter


def _by_coverage(answers: Answers, words: Mapping[str, Any], lang: Lang) -> _Looks:
    """Return the looks by number of sessions attended until the day of the recommendations."""
    found = sessions_attended(answers.programme, answers.on)
    counts = {code: found.get(code, 0) for code in answers.chosen["territory"]}
    values = {code: (count, str(count), counted(count, words["attended"], lang)) for code, count in counts.items()}
    return _classed(values, _classes(counts, words, lang, whole=True), words["sessions"], words, lang)


def _by_people(answers: Answers, words: Mapping[str, Any], lang: Lang) -> _Looks:
    """Return the looks by attendances per 1,000 inhabitants until the day of the recommendations."""
    found = people_trained(answers.programme, answers.on)
    inhabitants = {territory.id: territory.population for territory in answers.programme.territories}
    rates = {code: 1000 * found.get(code, 0) / max(inhabitants[code], 1) for code in answers.chosen["territory"]}
    values = {}
    for code, value in rates.items():
        rate = words["rate"].format(rate=number(value, 1, lang))
        written = number(value, 0 if value >= 10 or not value else 1, lang)  # noqa: PLR2004 - two digits
        values[code] = (value, written, f"{counted(found.get(code, 0), words['came'], lang)} ({rate})")
    return _classed(values, _classes(rates, words, lang, whole=False), words["people"], words, lang)


_LOOKS = {"session": _by_session, "coverage": _by_coverage, "people": _by_people}


def coverage(outcomes: Outcomes, lang: Lang | None = None, *, scenario: str | None = None) -> alt.HConcatChart:
    """Draw the map of where simulations come: the share of the replications in which each territory comes at all.

    Of another scenario than the first, it is the difference to the first, in percentage points.

    Args:
        outcomes: Outcomes of simulations.
        lang: Language of its texts.
        scenario: Name of a scenario; None: the first.

    Raises:
        UnknownCodeError: There is no such scenario.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     Scenario(name="baseline"), dt.date(2007, 1, 1), dt.date(2007, 2, 28), replications=2
        ... )
        >>> charts.coverage(outcomes).to_dict()["title"]["text"]
        'Part des réplications où chaque territoire vient au moins une fois'
    """
    lang = current_language(lang)
    own, titles = texts_of("outcomes", lang), names(outcomes, lang)
    words, first = own["coverage"], outcomes.scenarios[0].name
    chosen = first if scenario is None else scenario
    if chosen not in titles:
        raise UnknownCodeError("scenario", chosen, nearest(chosen, titles))
    found = {(name, code): (_HUNDRED * share, mean) for name, code, share, mean in attended(outcomes).iter_rows()}
    values = {}
    for place in outcomes.programme.territories:
        (share, mean), (before, _) = (found.get((name, place.id), (0.0, 0.0)) for name in (chosen, first))
        change, written = signed(share - before, 0, lang), number(share, 0, lang)
        said = {"share": written, "mean": number(mean, 1, lang), "before": number(before, 0, lang), "change": change}
        if chosen == first:
            values[place.id] = share, "" if share in {0, _HUNDRED} else written, words["said"].format_map(said)
        else:
            values[place.id] = share - before, "" if share == before else change, words["changed"].format_map(said)
    if chosen == first:
        classes, heading, title = zip(_SHARES, BLUES, words["classes"].values(), strict=True), "share", words["title"]
        of = words["scenario"].format(name=titles[first])
    else:
        classes, heading = zip(_CHANGES, _BOTH_WAYS, words["changes"].values(), strict=True), "change"
        of, title = words["compared"].format(name=titles[chosen], baseline=titles[first]), words["difference"]
    looks = _classed(values, list(classes), words[heading], words, lang)
    drawing = _mapped(outcomes.programme, looks, texts_of("territories", lang), lang)
    source = words["outlines"].format(attribution=attribution())
    return finished(drawing, title, [of, *subtitle(outcomes, own, lang), f"{words['before']} {source}"], lang)


def _classed(
    values: Mapping[str, tuple[float, str, str]],
    classes: Sequence[tuple[float, str, str]],
    heading: str,
    words: Mapping[str, Any],
    lang: Lang,
) -> _Looks:
    """Return the looks by the class that a value is in, with how many territories are in each.

    Args:
        values: Of each territory: the value, as it is written in the symbol, and as it is told.
        classes: From which value on, the colour, and what the legend says, from the least on.
        heading: Of the legend.
        words: Texts, with ``territories``.
        lang: Language of its texts.
    """
    keys = [Key(text, "", "circle", fill, GREY if fill == WHITE else INK) for _, fill, text in classes]
    looks = {
        code: _Look(keys[sum(value >= least for least, _, _ in classes) - 1], written, said)
        for code, (value, written, said) in values.items()
    }
    return _Looks(looks, {heading: _counted(keys, looks, words, lang)})


def _counted(keys: Sequence[Key], looks: Mapping[str, _Look], words: Mapping[str, Any], lang: Lang) -> list[Key]:
    """Return the keys with the number of territories that have each."""
    counts = Counter(look.key for look in looks.values())
    return [replace(key, text=f"{key.text} ({counted(counts[key], words['territories'], lang)})") for key in keys]


def _classes(
    values: Mapping[str, float], words: Mapping[str, Any], lang: Lang, *, whole: bool
) -> list[tuple[float, str, str]]:
    steps = thresholds(max(values.values(), default=0), whole=whole)

    def said(place: int) -> str:
        least, *more = (number(step, 0 if step >= 1 else 1, lang) for step in steps[place : place + 2])
        if not more:
            return str(words["above"].format(least=least))
        below = number(steps[place + 1] - 1, 0, lang) if whole else more[0]
        if steps[place] < _STEPS[0]:
            return str(words["below"].format(most=below))
        return least if below == least else str(words["between"].format(least=least, most=below))

    return [(0, WHITE, words["none"]), *((step, BLUES[place + 1], said(place)) for place, step in enumerate(steps))]


def thresholds(most: float, *, whole: bool) -> list[float]:
    """Return the least values of the classes above "none": five of them at most."""
    if whole:
        return list(range(1, int(most) + 1, math.ceil(most / 5) or 1))
    return [1e-9, *[step for step in _STEPS if step <= most][-4:]]


def _mapped(programme: ProgrammeData, found: _Looks, words: Mapping[str, Any], lang: Lang) -> alt.HConcatChart:
    """Draw territories as they look, each at its centre, the largest first, with the legend."""
    places = [territory for territory in programme.territories if territory.id in found.looks]
    vega, seen = library(), views(sorted(places, key=lambda territory: (-territory.population, territory.id)))
    # Smaller where they stand closer together; the area goes with the population, down to the smallest that shows.
    least = min(_LETTERED, max(_SMALLEST, _LETTERED * min((view.apart() for view in seen), default=_APART) / _APART))
    largest, most = max(4 * least, _LARGEST), max([1, *(territory.population for territory in places)])
    smallest = max(1.0, most * (least / largest) ** 2)
    scale = vega.Scale(domain=[smallest, most], range=[4 * least**2, 4 * largest**2], clamp=True)
    told = vega.Legend(
        title=words["population"],
        values=sorted({int(float(f"{value:.0e}")) for value in (smallest, (most * smallest) ** 0.5, most)}),
        labelExpr="(datum.index ? '' : '≤ ') + format(datum.value, ',')",
        symbolFillColor=WHITE,
    )
    size = vega.Size("population:Q", scale=scale, legend=None)
    sizes = marks([]).mark_point().encode(vega.Size("population:Q", scale=scale, legend=told))

    def drawn(view: View) -> Drawn:
        rows = []
        for one in view.places:
            place = {"name": shown(one.name), "departement": register.department(one.departement)}
            place["population"] = counted(one.population, words["inhabitants"], lang)
            shape, radius = found.looks[one.id], max(least, largest * math.sqrt(one.population / most))
            rows.append(
                look(shape.key, 4 * radius**2)
                | {"longitude": one.longitude, "latitude": one.latitude, "population": one.population}
                | {"letter": shape.letter if radius >= _LETTERED else ""}
                | {"told": words["told"].format(place=words["place"].format_map(place), said=shape.said)}
            )
        return [], symbols(rows, size, **AT), rows

    return maps(seen, words["empty"], drawn, legend(found.groups, sizes))
