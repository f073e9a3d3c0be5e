"""A letter, and a colour with a shape, stand for one session in every chart; on a dark page too, and on a phone."""

from __future__ import annotations

import datetime as dt
import re
import string
import xml.etree.ElementTree as ET
from collections import Counter
from contextlib import nullcontext
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

import made
from plan import plans
from prai_match import Programme, charts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SESSIONS, LETTERS = 14, string.ascii_uppercase
Look = tuple[str, str, str]
PAGE, LAND, FREE, FROZEN = "#ffffff", "#f4f1ea", "#f7f7f7", "#f3d3bd"
NIGHT = {
    light: dark for of, light, dark in re.findall(r'\[(\w+)="(#\w+)"\]\{\w+:(#\w+)\}', charts.dark("")) if of == "fill"
}
THEMES: dict[str, dict[str, str]] = {"light": {}, "dark": NIGHT}
NAMED = {"white": "#ffffff", "black": "#000000"}


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Programmes of so many sessions, each booked or held on some days of the plan's period, often with others."""
    forms = draw(st.lists(st.sampled_from(["buffets", "workshops"]), min_size=1, max_size=SESSIONS))
    forms.sort()
    common = {"core": made.both("core"), "cost": "0"}
    catalogue: dict[str, Any] = {"themes": made.CATALOGUE["themes"], "buffets": [], "workshops": [], "follow_ups": []}
    for place, form in enumerate(forms):
        theme = {"themes": ["web"]} if form == "buffets" else {"theme": "web"}
        catalogue[form].append({"id": f"s{place}", "name": made.both(f"Session {place}"), **common, **theme})
    names = [f"s{place}" for place in range(len(forms))]
    workshops = names[len(catalogue["buffets"]) :]
    catalogue["follow_ups"] = [
        {"source": source, "target": target, "prior": 0.3} for source, target in pairwise(names) if target in workshops
    ]
    days = st.integers(1, 100).map(lambda day: plans.START + dt.timedelta(days=day))
    held = draw(st.lists(st.tuples(st.sampled_from(names), days, st.sampled_from(["T1", "T2", "T3"])), max_size=30))
    sessions = [
        {"id": f"h{number}", "session": code, "date": str(day), "host": host, "booked_on": "2007-08-20"}
        for number, (code, day, host) in enumerate(held)
    ]
    nothing: dict[str, list[Any]] = {"attendances": [], "needs": [], "partners": [], "trainers": []}
    return made.programme(catalogue=catalogue, sessions=sessions, **nothing)


def drawn(programme: Programme) -> dict[str, Any]:
    plan = programme.plan(plans.START, plans.END, time_limit=0)
    recs = programme.recommend(on=plans.START)
    return {
        "calendar": charts.calendar(programme),
        "plan_calendar": charts.plan_calendar(plan),
        "plan_map": charts.plan_map(plan),
        "territory_map": charts.territory_map(recs),
        "follow_ups": charts.follow_ups(recs),
    }


def looks(chart: Any, rows_of: Callable[..., list[dict[str, Any]]]) -> dict[str, Look]:
    """How each letter of a chart looks: one look each."""
    found = {(row["letter"], look_of(row)) for row in rows_of(chart, "letter", "shape", "fill", "stroke")}
    assert len(dict(found)) == len(found)
    return dict(found)


def look_of(row: dict[str, Any]) -> Look:
    return row["shape"], row["fill"], row["stroke"]


def legend_of(spec: Any) -> Iterator[tuple[str, Look]]:
    """Each line of a legend with how its symbol looks."""
    if isinstance(spec, dict):
        channels = spec.get("encoding", {})
        scales = [channels.get(name, {}).get("scale") or {} for name in ("shape", "fill", "stroke")]
        if all("range" in scale for scale in scales):
            yield from zip(scales[0]["domain"], zip(*(scale["range"] for scale in scales), strict=True), strict=True)
        for name, part in spec.items():
            if name != "datasets":
                yield from legend_of(part)
    elif isinstance(spec, list):
        for part in spec:
            yield from legend_of(part)


@given(programme=programmes(), is_narrow=st.booleans())
def test_no_two_marks_look_alike_and_each_session_looks_alike_everywhere(
    programme: Programme, rows_of: Any, *, is_narrow: bool
) -> None:
    with charts.narrow() if is_narrow else nullcontext():
        every = drawn(programme)
    of_session: dict[str, Look] = {}
    legends = {name: list(legend_of(chart.to_dict(validate=False))) for name, chart in every.items()}
    for name, chart in every.items():
        own = looks(chart, rows_of)
        assert len(set(own.values())) == len(own)
        for letter, look in own.items():
            assert not letter.isalpha() or of_session.setdefault(letter, look) == look
        assert len({look for _, look in legends[name]}) == len(legends[name])
        for text, look in legends[name]:
            if re.match("[A-Z] · ", text):
                assert of_session.setdefault(text[0], look) == look
    sessions = [letter for letter in of_session if letter.isalpha()]
    assert len({of_session[letter] for letter in sessions}) == len(sessions)
    held = Counter(session.session for session in programme.sessions)
    letters = {LETTERS[place] for place, one in enumerate(programme.catalogue.sessions) if held[one.id]}
    for name in ("calendar", "plan_calendar", "plan_map"):  # legends list what is drawn
        assert {text[0] for text, _ in legends[name] if re.match("[A-Z] · ", text)} == letters
        assert not any("(0" in text for text, _ in legends[name])


def contrast(one: str, other: str) -> float:
    """Of two colours, as the Web Content Accessibility Guidelines count it."""
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = (int(NAMED.get(colour, colour)[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", THEMES)
def test_marks_and_letters_show_in_both_themes(theme: str, rows_of: Any, every_chart: Any) -> None:
    def seen(colour: str) -> str:
        return THEMES[theme].get(colour, colour)

    every = {**every_chart(made.programme()), "plan_map": charts.plan_map(plans.planned())}
    rows = [row for chart in every.values() for row in rows_of(chart, "fill", "stroke", "shape")]
    for row in rows:
        for page in (PAGE, LAND, FREE):
            assert max(contrast(seen(row[part]), seen(page)) for part in ("fill", "stroke")) >= 3
        assert contrast(seen(row["ink"]), seen(row["fill"])) >= 4.5
    assert rows
    for chart in every.values():
        for text in ET.fromstring(charts.svg(chart)).iter("{http://www.w3.org/2000/svg}text"):  # noqa: S314 - ours
            if (ink := text.get("fill", "")) not in NAMED:
                assert ink in NIGHT
                assert min(contrast(seen(ink), seen(page)) for page in (PAGE, FREE, FROZEN)) >= 4.5


def test_letters_of_sessions_show_on_their_colours(rows_of: Any) -> None:
    catalogue = made.CATALOGUE | {
        "workshops": [made.CATALOGUE["workshops"][1] | {"id": f"w{number}"} for number in range(12)],
        "follow_ups": [{"source": "b_web", "target": f"w{number}", "prior": 0.1} for number in range(12)],
    }
    nothing: dict[str, list[Any]] = {"attendances": [], "needs": [], "trainers": [], "sessions": []}
    graph = charts.follow_ups(made.programme(catalogue=catalogue, **nothing).recommend(on=made.ON))
    rows = rows_of(graph, "letter", "ink", "fill")
    assert len({row["fill"] for row in rows}) == 8
    assert {row["fill"] for row in rows}.isdisjoint(NIGHT)
    for row in rows:
        assert contrast(row["ink"], row["fill"]) >= 4.5


def test_a_dark_page_changes_what_is_within_a_selector_alone() -> None:
    rules = charts.dark(".drawing").split("}")[:-1]
    assert all(re.fullmatch(r'\.drawing \[(fill|stroke)="#[0-9a-f]{6}"\]\{\1:#[0-9a-f]{6}', rule) for rule in rules)
    assert len(set(rules)) == len(rules)


PHONE = 415  # pixels: what stands beside a drawing's 326 is air, so that nothing is cut in a wider font


def test_on_a_phone_drawings_are_narrow_and_say_the_same(every_chart: Any) -> None:
    wide = every_chart(Programme.example())
    with charts.narrow():
        small = every_chart(Programme.example())
    for name in (
        "contributions",
        "follow_ups",
        "session",
        "coverage",
        "people",
        "calendar",
        "shares",
        "lorenz",
        "needs",
        "fan",
        "relay_gaps",
    ):
        image = ET.fromstring(charts.svg(small[name]))  # noqa: S314 - ours
        assert float(image.get("width", "")) <= PHONE
        assert float(image.get("width", "")) < float(ET.fromstring(charts.svg(wide[name])).get("width", ""))  # noqa: S314
        sizes = [float(text.get("font-size", "0px")[:-2]) for text in image.iter("{http://www.w3.org/2000/svg}text")]
        assert min(size for size in sizes if size) >= 8
    assert charts.svg(wide["needs"]) == charts.svg(charts.need_counts(Programme.example(), lang="fr"))
