"""The map of relay gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from made import ON, programme, small
from prai_match import charts

if TYPE_CHECKING:
    from collections.abc import Callable

    from prai_match import Programme

RELAY = small()["partners"][0]


def test_a_departement_that_lacks_relays_is_outlined_and_who_waits_is_filled(
    bundled: Programme, rows_of: Callable[..., list[dict[str, Any]]], written: Callable[[Any], list[str]]
) -> None:
    gaps = bundled.relay_gaps(ON, top=1)
    chart = charts.relay_gaps(gaps, "fr")
    (area,) = rows_of(chart, "geometry", "told")
    assert area["told"].startswith("Gers ; sessions du catalogue sans relais : 6 sur 8 ; les relais du département")
    waits = gaps.waiting.join(gaps.gaps, on=["departement", "session"], how="semi").filter(seated=False)
    places = rows_of(chart, "longitude", "told")
    assert len(places) == 101
    assert sum("qu’il attend" in each["told"] for each in places) == waits["territory"].n_unique() > 0
    said = " ".join(written(chart))
    assert "n’organisent pas la session (départements : 1)" in said
    assert f"dans leur département ({waits['territory'].n_unique()})" in said


def test_each_cause_has_a_look_of_its_own(written: Callable[[Any], list[str]]) -> None:
    relays: dict[str, list[dict[str, Any]]] = {
        "no relay covers": [],
        "don't carry the session": [{**RELAY, "carries": ["b_web"]}],
        "have no room left": [{**RELAY, "sessions_a_year": 0}],
    }
    dashes = set()
    for text, partners in relays.items():
        chart = charts.relay_gaps(programme(partners=partners, sessions=[], attendances=[]).relay_gaps(ON), "en")
        assert text in " ".join(written(chart))
        layers = chart.to_dict(validate=False)["hconcat"][0]["layer"]
        dashes |= {str(each["mark"].get("strokeDash")) for each in layers if each["mark"].get("strokeDash")}
    assert len(dashes) == 3


def test_without_a_gap_that_is_said(written: Callable[[Any], list[str]]) -> None:
    said = " ".join(written(charts.relay_gaps(programme().relay_gaps(ON), "en")))
    assert "every session has a relay" in said
    assert "What is missing" not in said
