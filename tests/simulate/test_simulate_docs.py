"""The tables of the simulation's page are those of the code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from _french import spaced
from prai_match.simulate import Behaviour, measures, parameters

if TYPE_CHECKING:
    from goldens import Golden

PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "simulation.md"


def _behaviour() -> list[str]:
    lines = [
        "| number | default | range | the default counts as | source | what it is | ce que c'est |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    defaults, schema = Behaviour(), Behaviour.model_json_schema()["properties"]
    for name, each in parameters().items():
        value = getattr(defaults, name)
        shown = "" if isinstance(value, dict) else ", ".join(map(str, value)) if isinstance(value, tuple) else value
        between = "" if each.low is None else f"{each.low:g} to {each.high:g}"
        weight = "" if each.weight is None else f"{each.weight:g} {each.counted}"
        said = schema[name]
        texts = (each.en, said["description"], said["description_fr"])
        lines.append(" | ".join([f"| `{name}`", str(shown), between, weight, *texts]) + " |")
    return lines


def _measures() -> list[str]:
    lines = ["| measure | kind | what it counts | ce qu'elle compte |", "| --- | --- | --- | --- |"]
    return lines + [f"| `{name}` | {each.kind} | {each.en} | {each.fr} |" for name, each in measures().items()]


def test_the_tables_are_those_of_the_code(golden: Golden) -> None:
    wanted = PAGE.read_text("utf-8")
    for mark, lines in (("<!-- behaviour:", _behaviour()), ("<!-- measures:", _measures())):
        start = wanted.index("\n", wanted.index(mark)) + 1
        end = wanted.index("<!-- end -->", start)
        wanted = wanted[:start] + "\n" + spaced("\n".join(lines)) + "\n\n" + wanted[end:]
    golden(PAGE, wanted)
