"""The marimo notebook of examples/ runs whole; `tests/heavy/test_marimo.py` moves its sliders."""

from __future__ import annotations

import runpy
from pathlib import Path

NOTEBOOK = Path(__file__).parents[2] / "examples" / "season.py"
SET = {"lang": "fr", "weeks": 8, "budget": 15_000, "seconds": 0, "equity": 30, "needs": 19, "follow_ups": 28}


def test_it_runs_whole() -> None:
    outputs, names = runpy.run_path(str(NOTEBOOK))["app"].run()
    assert {name: names[name].value for name in SET} == SET
    assert names["plan"].check().is_empty()
    assert 0 < names["plan"].sessions.filter(booked=False)["cost"].sum() <= SET["budget"]
    assert (names["recs"] - names["usual"]).changes() == {}, "the sliders begin where the policy is"
    assert names["territory"].value == "200066231"
    assert "Plan du 3 septembre 2007" in "\n".join(output.text for output in outputs if hasattr(output, "text"))
