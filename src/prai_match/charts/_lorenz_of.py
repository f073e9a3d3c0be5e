"""How simulated attendances are spread over territories: a Lorenz curve a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match._spread import gini_of, lorenz_curve
from prai_match.charts._canvas import canvas, texts
from prai_match.charts._legend import Key, legend
from prai_match.charts._lorenz import Curve, drawn, told
from prai_match.charts._scenarios import attended, colours, names, subtitle
from prai_match.charts._theme import finished, library, texts_of
from prai_match.text import number

if TYPE_CHECKING:
    import altair as alt

    from prai_match.errors import Lang
    from prai_match.simulate import Outcomes

_EMPTY, _LEGEND = 440.0, 230.0


def lorenz_of(outcomes: Outcomes, lang: Lang = "fr") -> alt.HConcatChart:
    """Draw the Lorenz curves of the mean attendances of territories against their population, with their Gini indices.

    As `lorenz` does for what happened; attendances before the first day count too.

    Args:
        outcomes: Outcomes of simulations.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> from prai_match.simulate import Scenario
        >>> outcomes = Programme.example().simulate(
        ...     Scenario(name="baseline"), dt.date(2007, 1, 1), dt.date(2007, 2, 28), replications=2
        ... )
        >>> charts.lorenz_of(outcomes).to_dict()["title"]["text"]
        'Les participations simulées sont-elles réparties comme la population ?'
    """
    words, own = texts_of("shares", lang)["lorenz"], texts_of("outcomes", lang)
    said, titles, tones = own["lorenz"], names(outcomes, lang), colours(outcomes)
    places = outcomes.programme.territories
    means = {(name, code): mean for name, code, _, mean in attended(outcomes).iter_rows()}
    curves, keys = [], [Key(said["heading"])]
    for name, title in titles.items():
        amounts = [(float(place.population), means.get((name, place.id), 0.0)) for place in places]
        order, points = lorenz_curve(amounts)
        if not points:
            keys.append(Key(said["nothing"].format(name=title), heading=False))
            continue
        each = [
            f"{title}{said['of']}{line}" for line in told(points, [places[at].name for at in order], said["told"], lang)
        ]
        curves.append(Curve(points, each, tones[name]))
        gini = said["key"].format(name=title, gini=number(gini_of(points), 2, lang))
        keys.append(Key(gini, "", "circle", tones[name], tones[name], size=110))
    none = canvas(_EMPTY, 40, texts([{"x": 0, "y": 20, "text": words["none"]}]))
    drawing: alt.HConcatChart = library().hconcat(
        drawn(curves, said["y"], words) if curves else none,
        legend([*keys, Key(said["meaning"], heading=False)], _LEGEND),
        spacing=24,
    )
    return finished(drawing, said["title"], [*subtitle(outcomes, own, lang), said["note"]], lang)
