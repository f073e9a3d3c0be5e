"""Write docs/explanation/replay.md: the model case replayed, compared with published figures and other scenarios.

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

HEAD = """# The programme of 2006-2008 replayed · Le programme rejoué

The scenario "PRAI 2006-2008" starts from the register, the relays and trainers of the bundled region and the parameters
of the programme's final report. There is no history at the beginning: no territory has asked for or attended anything.
The scenario is simulated {count} times from September 2006 to December 2008.

At that time this library did not exist. Relays therefore answer requests as they come (`planner="requests"`), and the
freeze is known only when it begins. Each session is still possible by the rules, days and capacities of the
recommender, and respects the pace of the settings. `prai_match.simulate.replay` runs the simulation;
`scripts/build_replay.py` writes this page.

## Published figures · Chiffres publiés

The table compares each published figure with the interval of nine simulation runs in ten. *Given*: the figure is an
input of the model. *Fitted*: parameters were chosen to reproduce it. *By itself*: neither.

"""

FITTED = """
These parameters were set or fitted by hand. All others have their default, because there is no history to estimate them
from ([simulating a programme](../how_to/simulation.md)):

| parameter | value | what it is fitted to |
| --- | --- | --- |
"""

COULD = """
## What the programme could have done · Ce que le programme aurait pu faire

These scenarios have the same relays, trainers, budget and random numbers, but other decisions. Differences are computed
run by run; the interval is that of nine runs in ten.

| result · résultat | {names} |
| --- | {rule} |
"""

TAIL = """
How to read the table: in the order of priority, the same relays hold as many workshops and a few more buffets. Nearly
every territory attends at least once. Attendances grow by 40 %, spending by 2 %, so each participant costs less. The
number of strong needs left at the end may grow, because territories that attend a buffet then ask for workshops; but
its interval includes 0. Knowing the freeze in advance saves the session that it would stop, and changes little else.
All of this depends on the assumptions; [the sensitivity analysis](../how_to/simulation.md#what-is-assumed) shows which
of them matter.

Lecture des résultats. En servant les territoires par ordre de priorité, les mêmes relais accueillent autant
d’ateliers et quelques buffets de plus. Presque tous les territoires viennent au moins une fois. Les participations
augmentent d’environ 40 % et la dépense d’environ 2 % : le coût par participant diminue. Les besoins forts non
satisfaits à la fin peuvent aussi augmenter, car un territoire qui a suivi un buffet demande ensuite des ateliers ;
l’intervalle comprend des hausses et des baisses. Connaître le gel à l’avance évite d’annuler une session, et change
peu les autres résultats. Ces résultats dépendent des hypothèses ; l’[analyse de
sensibilité](../how_to/simulation.md#what-is-assumed) indique les plus importantes.
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
