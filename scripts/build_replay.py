"""Write docs/explanation/replay.md: the model case replayed, beside the published figures and what could have been.

Run from the root of the repository: ``python scripts/build_replay.py`` (two processes, some minutes; needs the extra
``simulate``). The same seed gives the same page.
"""

from __future__ import annotations

import argparse
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from _french import spaced
from prai_match import Programme
from prai_match.simulate import measures, parameters, replay, replayed

if TYPE_CHECKING:
    from prai_match.simulate import Replay

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "replay.md"

HEAD = """# The model case replayed · Le programme rejoué

The scenario "PRAI 2006-2008" starts from the register, the relays and trainers of the bundled region and the parameters
of the programme's final report, without any history: nobody has asked or attended anything. It is played {count} times
from September 2006 to December 2008. Then, nobody had this library: relays answer requests as they come
(`planner="requests"`), and the freeze is known only as it begins. Each session is possible by the rules, days and
capacities of the recommender all the same, and keeps the pace of the settings. `prai_match.simulate.replay` does it
again; `scripts/build_replay.py` writes this page.

## Published figures · Chiffres publiés

Each published figure beside the interval of nine replications of ten. *Given*: told to the model. *Fitted*: parameters
were chosen so that it comes out. *By itself*: neither.

"""

FITTED = """
What was set or fitted, by hand, is this; all else has its default, as there is no history to tell otherwise
([simulating](../how_to/simulation.md)):

| parameter | value | what it is fitted to |
| --- | --- | --- |
"""

COULD = """
## What the programme could have done · Ce que le programme aurait pu faire

The same relays, trainers, money and draws, decided otherwise. Differences are replication by replication; the interval
is that of nine replications of ten.

| | {names} |
| --- | {rule} |
"""

TAIL = """
How to read it. In the order of priority, the same relays hold as many workshops and some buffets more. Nearly every
territory comes at least once, attendances grow by four in ten, spending by two in a hundred, so that each participant
costs less. Strong needs left at the end may grow too, since those who attend a buffet then ask for workshops: the
interval has both signs. Knowing the freeze in advance saves the session that it would stop, and changes little else.
All of this rests on the assumptions, and [sensitivity](../how_to/simulation.md#what-is-assumed) tells which of them
matter.

Ce que cela montre. Par ordre de priorité, les mêmes relais tiennent autant d’ateliers et quelques buffets de plus.
Presque tous les territoires viennent au moins une fois, les participations augmentent de quatre dixièmes, la dépense
de deux centièmes : chaque participant coûte donc moins. Les besoins forts qui restent à la fin augmentent peut-être
aussi, car ceux qui suivent un buffet demandent ensuite des ateliers : l’intervalle contient les deux signes. Connaître
le gel à l’avance sauve la session qu’il annulerait, et change peu le reste. Tout repose sur les hypothèses ; l’analyse
de sensibilité dit lesquelles comptent.
"""

SHOWN = (
    *("buffets", "workshops", "frozen", "served", "reached", "elected", "technicians", "unmet", "spent"),
    *("cost_per_person", "after_buffet_share", "rating"),
)


def page(found: Replay) -> str:
    """Return the page."""
    lines = [HEAD.format(count=found.outcomes.replications)]
    english, french = found.table("en"), found.table("fr")
    lines.append("| Figure · Chiffre | Published · Publié | Simulated: median [interval] | Met | How |\n")
    lines.append("| --- | --- | --- | --- | --- |\n")
    for en, fr in zip(english.iter_rows(), french.iter_rows(), strict=True):
        lines.append(f"| {en[0]} · {fr[0]} | {en[1]} | {en[2]} | {en[3]} | {en[4]} |\n")
    lines.append(FITTED)
    for name in sorted(replayed().behaviour.model_fields_set):
        value = getattr(replayed().behaviour, name)
        said = ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else value
        lines.append(f"| `{name}` | {said} | {parameters()[name].en} |\n")
    lines.append(_differences(found))
    lines.append(TAIL)
    return "".join(lines)


def _differences(found: Replay) -> str:
    first, *others = found.outcomes.scenarios
    names = " | ".join(
        [f"{first.title('en')} · {first.title('fr')}", *(f"{s.title('en')} · {s.title('fr')}" for s in others)]
    )
    text = COULD.format(names=names, rule=" | ".join(["---"] * (1 + len(others))))
    rows = found.outcomes.differences().filter(pl.col("of").is_null())
    for name in SHOWN:
        measure = measures()[name]
        cells: list[str] = []
        for other in others:
            row = rows.filter(scenario=other.name, measure=name).row(0, named=True)
            if not cells:
                cells.append(f"{row['baseline']:,.{measure.decimals}f}")
            mean, low, high = (f"{row[part]:+,.{measure.decimals}f}" for part in ("mean", "low", "high"))
            cells.append(f"{mean} [{low}; {high}]")
        text += f"| {measure.en} · {measure.fr}{' (€)' if measure.unit else ''} | {' | '.join(cells)} |\n"
    return text


def main() -> None:
    """Replay, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replications", type=int, default=200)
    parser.add_argument("--out", type=Path, default=PAGE, help="file to write")
    arguments = parser.parse_args()
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        found = replay(Programme.example(), replications=arguments.replications, executor=executor)
    arguments.out.write_text(spaced(page(found)), "utf-8")


if __name__ == "__main__":
    main()
