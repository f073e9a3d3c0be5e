"""Maps of the territories: recommendations, attendances so far, attendances in simulations."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from prai_match import _arguments as given, explain, register
from prai_match.charts import _programme
from prai_match.charts._map import AT, Drawing, View, attribution, maps, views
from prai_match.charts._marks import Key, legend, look, marks, symbols
from prai_match.charts._theme import GREY, INK, SHADES, WHITE, ChartWords, alt, safe, words_of
from prai_match.errors import Lang, UnknownCodeError
from prai_match.model import ProgrammeData
from prai_match.text import signed

if TYPE_CHECKING:
    from prai_match.recommend import Answered, Answers
    from prai_match.simulate import Outcomes

By = Literal["session", "coverage", "people"]
_Class = tuple[float, str, str]

_LETTERED, _SMALLEST, _LARGEST = 7.0, 2.5, 14.0  # radius: of symbols that hold a letter, the smallest, the largest
_APART = 36.0  # pixels between territories: so far apart, all hold letters
_STEPS = tuple(value * power for power in (0.1, 1, 10, 100, 1000) for value in (1, 2, 5))
_SHARES = (0, 1e-9, 50, 80, 95, 100 - 1e-9)  # from which share on, in percent, the classes begin
_CHANGES = (-100, -30 + 1e-9, -10 + 1e-9, 10 - 1e-9, 30 - 1e-9)  # from which difference on, in points
_BOTH_WAYS = ("#9a8a1a", "#d9d196", WHITE, "#cdbdf0", "#9473d9")
_HUNDRED = 100


class _Look(NamedTuple):
    """The look of a territory: its symbol as in the legend, the text inside it, and its hover text."""

    key: Key
    letter: str
    hint: str


# The look of each territory, by identifier, the legend by heading, and the subtitle.
_Looks = tuple[dict[str, _Look], dict[str, list[Key]], list[str]]


@given.takes()
def territory_map(recs: Answered, *, by: By = "session", lang: Lang | None = None) -> alt.HConcatChart:
    """Draw the map of the territories: each at its centre, with an area by population.

    Overseas territories have separate maps, below.

    Args:
        recs: The recommendations; their territories are shown, as of their day.
        by: What colours show: ``session`` (the one recommended or, if there is none, the reason), ``coverage`` (number
            of sessions attended so far) or ``people`` (attendances per 1,000 inhabitants so far).
        lang: Language of its texts.

    Raises:
        UnknownCodeError: ``by`` isn't one of these.

    Example:
        >>> from prai_match import Programme, charts
        >>> recs = Programme.example().recommend(on="2007-09-03")
        >>> charts.territory_map(recs, by="coverage").to_dict()["title"]["text"]
        'Sessions suivies par chaque territoire'
    """
    words, answers = words_of("territories", lang), recs.answers
    if by not in _LOOKS:
        raise UnknownCodeError("map", by, tuple(_LOOKS))
    looks, groups, notes = _LOOKS[by](answers, words)
    on = words("on", programme=answers.programme.name, day=answers.on)
    source = words("source", attribution=attribution())
    return words.finish(_map(answers.programme, looks, groups, words), words[f"{by}_title"], on, *notes, source)


def _by_session(answers: Answers, words: ChartWords) -> _Looks:
    """Return the looks by recommended session; hollow if it lies beyond the horizon, numbered if there is none."""
    keys = _programme.session_keys(answers.programme, words.lang)
    first = {code: tuple(held) for code, *held in answers.first["territory", "session", "host", "joins"].rows()}
    codes = answers.snapshot.frames.territories["territory"]
    first |= {codes[number]: (offer.session, offer.host, offer.joins) for number, offer in answers.later.items()}
    rows = explain.table(answers, words.lang).select("territory", "reason", "because").rows()
    stops = Counter(reason for territory, reason, _ in rows if reason and territory not in first)
    frequent = sorted(stops, key=lambda reason: (-stops[reason], reason))
    looks: dict[str, dict[str, _Look]] = {"offered": {}, "later": {}, "nothing": {}}
    for territory, reason, because in rows:
        if territory not in first:
            key = Key(because.removesuffix("."), str(1 + frequent.index(reason)), "diamond", stroke=GREY)
            looks["nothing"][territory] = _Look(key, key.letter, safe(because))
            continue
        session, host, joins = first[territory]
        key, at = keys[session], explain.place(answers, territory, host, words.lang, joins)
        told = words("at", session=key.text, place=at) if at else key.text
        hint = f"{told}. {because}" if reason else told
        key = key.hollow() if reason else key
        looks["later" if reason else "offered"][territory] = _Look(key, key.letter, safe(hint))
    groups = {}
    for heading, own in looks.items():
        order = sorted({look.key for look in own.values()}, key=lambda key: (len(key.letter), key.letter))
        groups[words[heading]] = _with_counts(order, own, words)
    waiting = sorted({because for territory, reason, because in rows if reason and territory in first})
    kinds = _programme.kinds((keys[session] for session, *_ in first.values()), words.lang)
    return {code: look for own in looks.values() for code, look in own.items()}, groups, [*waiting, kinds]


def _by_coverage(answers: Answers, words: ChartWords) -> _Looks:
    sessions = _programme.sessions_by_territory(answers.programme, answers.on)
    counts = {code: sessions.get(code, 0) for code in answers.territories["territory"]}
    values = {code: (count, str(count), words.count("attended", count)) for code, count in counts.items()}
    return _by_class(values, _classes(counts, words, whole=True), words["sessions"], words)


def _by_people(answers: Answers, words: ChartWords) -> _Looks:
    people = _programme.people_by_territory(answers.programme, answers.on)
    inhabitants = {territory.id: territory.population for territory in answers.programme.territories}
    rates = {code: 1000 * people.get(code, 0) / max(inhabitants[code], 1) for code in answers.territories["territory"]}
    values = {}
    for code, value in rates.items():
        rate = words("rate", rate=words.number(value, 1))
        label = words.number(value, 0 if value >= 10 or not value else 1)  # noqa: PLR2004 - two digits
        values[code] = (value, label, f"{words.count('came', people.get(code, 0))} ({rate})")
    return _by_class(values, _classes(rates, words, whole=False), words["people"], words)


_LOOKS = {"session": _by_session, "coverage": _by_coverage, "people": _by_people}


@given.takes(scenario=given.optional(given.text))
def coverage(outcomes: Outcomes, lang: Lang | None = None, *, scenario: str | None = None) -> alt.HConcatChart:
    """Draw the map of attendance in simulations: the share of replications in which each territory attends at all.

    It shows the first scenario or, if one is named, its difference from the first, in percentage points.

    Raises:
        UnknownCodeError: The scenario doesn't exist.

    Example:
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(Scenario(name="now"), "2007-01-01", "2007-02-28", replications=2)
        >>> charts.coverage(outcomes).to_dict()["title"]["text"]
        'Part des réplications où chaque territoire vient au moins une fois'
    """
    own = words_of("outcomes", lang)
    lang, words, first = own.lang, own.part("coverage"), outcomes.scenarios[0].name
    titles, name = _programme.names(outcomes, lang), first if scenario is None else scenario
    given.known_among("scenario", name, titles)
    shares = {
        (one, of): (_HUNDRED * share, mean)
        for one, of, share, mean in _programme.attendance_shares(outcomes).iter_rows()
    }
    values = {}
    for place in outcomes.programme.territories:
        (share, mean), (before, _) = (shares.get((one, place.id), (0.0, 0.0)) for one in (name, first))
        change, label = signed(share - before, 0, lang), words.number(share)
        texts = {"share": label, "mean": words.number(mean, 1), "before": words.number(before), "change": change}
        if name == first:
            values[place.id] = share, "" if share in {0, _HUNDRED} else label, words("said", **texts)
        else:
            values[place.id] = share - before, "" if share == before else change, words("changed", **texts)
    if name == first:
        classes, heading, title = zip(_SHARES, SHADES, words["classes"].values(), strict=True), "share", words["title"]
        of = words("scenario", name=titles[first])
    else:
        classes, heading = zip(_CHANGES, _BOTH_WAYS, words["changes"].values(), strict=True), "change"
        of, title = words("compared", name=titles[name], baseline=titles[first]), words["difference"]
    looks, groups, _ = _by_class(values, list(classes), words[heading], words)
    drawing = _map(outcomes.programme, looks, groups, words_of("territories", lang))
    source = words("outlines", attribution=attribution())
    return own.finish(drawing, title, of, *_programme.subtitle(outcomes, own), f"{words['before']} {source}")


def _by_class(values: Mapping[str, _Class], classes: Sequence[_Class], heading: str, words: ChartWords) -> _Looks:
    """Return the looks by class of values, with the number of territories in each.

    ``values`` has, for each territory, the value, its text in the symbol, and its hover text; ``classes`` has, in
    increasing order, the lower bound, the colour, and the text of the legend.
    """
    keys = [Key(text, "", "circle", fill, GREY if fill == WHITE else INK) for _, fill, text in classes]
    looks = {
        code: _Look(keys[sum(value >= least for least, _, _ in classes) - 1], label, hint)
        for code, (value, label, hint) in values.items()
    }
    return looks, {heading: _with_counts(keys, looks, words)}, []


def _with_counts(keys: Sequence[Key], looks: Mapping[str, _Look], words: ChartWords) -> list[Key]:
    counts = Counter(look.key for look in looks.values())
    return [replace(key, text=f"{key.text} ({words.count('territories', counts[key])})") for key in keys if counts[key]]


def _classes(values: Mapping[str, float], words: ChartWords, *, whole: bool) -> list[_Class]:
    steps = thresholds(max(values.values(), default=0), whole=whole)

    def text(place: int) -> str:
        least, *more = (words.number(step, 0 if step >= 1 else 1) for step in steps[place : place + 2])
        if not more:
            return words("above", least=least)
        below = words.number(steps[place + 1] - 1) if whole else more[0]
        if steps[place] < _STEPS[0]:
            return words("below", most=below)
        return least if below == least else words("between", least=least, most=below)

    return [(0, WHITE, words["none"]), *((step, SHADES[place + 1], text(place)) for place, step in enumerate(steps))]


def thresholds(most: float, *, whole: bool) -> list[float]:
    """Return the lower bounds of the classes above "none", at most five."""
    if whole:
        return list(range(1, int(most) + 1, math.ceil(most / 5) or 1))
    return [1e-9, *[step for step in _STEPS if step <= most][-4:]]


def _map(
    programme: ProgrammeData, looks: Mapping[str, _Look], groups: Mapping[str, Sequence[Key]], words: ChartWords
) -> alt.HConcatChart:
    """Draw territories with their looks, each at its centre, the largest first, with the legend."""
    places = [territory for territory in programme.territories if territory.id in looks]
    frames = views(sorted(places, key=lambda territory: (-territory.population, territory.id)))
    # Smaller if they are close together; the area is proportional to population, down to the smallest visible size.
    least = min(_LETTERED, max(_SMALLEST, _LETTERED * min((view.apart() for view in frames), default=_APART) / _APART))
    largest, most = max(4 * least, _LARGEST), max([1, *(territory.population for territory in places)])
    smallest = max(1.0, most * (least / largest) ** 2)
    scale = alt.Scale(domain=[smallest, most], range=[4 * least**2, 4 * largest**2], clamp=True)
    areas = alt.Legend(
        title=words["population"],
        values=sorted({int(float(f"{value:.0e}")) for value in (smallest, (most * smallest) ** 0.5, most)}),
        labelExpr="(datum.index ? '' : '≤ ') + format(datum.value, ',')",
        symbolFillColor=WHITE,
    )
    size, keys = (alt.Size("population:Q", scale=scale, legend=legend) for legend in (None, areas))

    def draw(view: View) -> Drawing:
        rows = []
        for one in view.places:
            people = words.count("inhabitants", one.population)
            place = words("place", name=one.name, departement=register.department(one.departement), population=people)
            symbol, radius = looks[one.id], max(least, largest * math.sqrt(one.population / most))
            rows.append(
                look(symbol.key, 4 * radius**2)
                | {"longitude": one.longitude, "latitude": one.latitude, "population": one.population}
                | {"letter": symbol.letter if radius >= _LETTERED else ""}
                | {"told": words("told", place=place, said=symbol.hint)}
            )
        return [], symbols(rows, size, **AT), rows

    return maps(frames, words["empty"], draw, legend(groups, marks([]).mark_point().encode(keys)))
