"""The map of where simulations come: how often each territory comes at least once, or how that differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prai_match.charts._legend import Key
from prai_match.charts._looks import Look, Looks
from prai_match.charts._map import attribution
from prai_match.charts._scenarios import attended, names, subtitle
from prai_match.charts._territories import mapped
from prai_match.charts._theme import GREY, INK, finished, texts_of
from prai_match.errors import UnknownCodeError, nearest
from prai_match.text import counted, number, signed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Outcomes

    Values = Mapping[str, tuple[tuple[float, float], tuple[float, float]]]

_WHITE = "#ffffff"
_SHARES = {  # from which share on, in percent, and the colours in it and of its letters
    "none": (0.0, _WHITE, INK),
    "some": (1e-9, "#d5e6f3", INK),
    "half": (50.0, "#9ec9e2", INK),
    "most": (80.0, "#4a9bc9", _WHITE),
    "nearly": (95.0, "#1c6aa8", _WHITE),
    "always": (100.0 - 1e-9, "#08306b", _WHITE),
}
_CHANGES = {  # from which difference on, in points
    "far_less": (-100.0, "#e08214", INK),
    "less": (-30.0 + 1e-9, "#fdc98a", INK),
    "same": (-10.0 + 1e-9, _WHITE, INK),
    "more": (10.0 - 1e-9, "#b9d9ec", INK),
    "far_more": (30.0 - 1e-9, "#4a9bc9", INK),
}


def coverage(outcomes: Outcomes, lang: Lang = "fr", *, scenario: str | None = None) -> alt.HConcatChart:
    """Draw the map of where simulations come: the share of the replications in which each territory comes at all.

    Of another scenario than the first, it is the difference to the first, in percentage points.

    Args:
        outcomes: Outcomes of simulations.
        lang: Language of its texts.
        scenario: Name of a scenario; None: the first.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: There is no such scenario, or the language is neither ``fr`` nor ``en``.

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
    own, titles = texts_of("outcomes", lang), names(outcomes, lang)
    words, first = own["coverage"], outcomes.scenarios[0].name
    chosen = first if scenario is None else scenario
    if chosen not in titles:
        raise UnknownCodeError("scenario", chosen, nearest(chosen, titles))
    found = {(name, code): (100 * share, mean) for name, code, share, mean in attended(outcomes).iter_rows()}
    values = {
        place.id: (found.get((first, place.id), (0.0, 0.0)), found.get((chosen, place.id), (0.0, 0.0)))
        for place in outcomes.programme.territories
    }
    if chosen == first:
        looks, title = _shares(values, words, lang), words["title"]
        of = words["scenario"].format(name=titles[first])
    else:
        looks, title = _changes(values, words, lang), words["difference"]
        of = words["compared"].format(name=titles[chosen], baseline=titles[first])
    drawing = mapped(outcomes.programme.territories, looks, texts_of("territories", lang), lang)
    source = words["outlines"].format(attribution=attribution())
    return finished(drawing, title, [of, *subtitle(outcomes, own, lang), f"{words['before']} {source}"], lang)


def _shares(values: Values, words: Mapping[str, Any], lang: Lang) -> Looks:
    keys = _keys(_SHARES, words["classes"])
    looks = {}
    for code, ((share, mean), _) in values.items():
        written = number(share, 0, lang)
        said = words["said"].format(share=written, mean=number(mean, 1, lang))
        looks[code] = Look(keys[_class(share, _SHARES)], "" if share in {0, 100} else written, said)
    return _counted(looks, keys, words["share"], words, lang)


def _changes(values: Values, words: Mapping[str, Any], lang: Lang) -> Looks:
    keys = _keys(_CHANGES, words["changes"])
    looks = {}
    for code, ((before, _), (share, _)) in values.items():
        change = signed(share - before, 0, lang)
        said = words["changed"].format(share=number(share, 0, lang), before=number(before, 0, lang), change=change)
        looks[code] = Look(keys[_class(share - before, _CHANGES)], "" if share == before else change, said)
    return _counted(looks, keys, words["change"], words, lang)


def _class(value: float, classes: Mapping[str, tuple[float, str, str]]) -> str:
    return [name for name, (least, _, _) in classes.items() if value >= least][-1]


def _keys(classes: Mapping[str, tuple[float, str, str]], said: Mapping[str, str]) -> dict[str, Key]:
    return {
        name: Key(said[name], "", "circle", fill, GREY if fill == _WHITE else INK, ink)
        for name, (_, fill, ink) in classes.items()
    }


def _counted(
    looks: Mapping[str, Look], keys: Mapping[str, Key], heading: str, words: Mapping[str, Any], lang: Lang
) -> Looks:
    """Return the looks with a legend that says how many territories have each."""
    counts = Counter(look.key for look in looks.values())
    legend = [
        replace(
            key, text=words["key"].format(text=key.text, territories=counted(counts[key], words["territories"], lang))
        )
        for key in keys.values()
    ]
    return Looks(looks, [Key(heading), *legend])
