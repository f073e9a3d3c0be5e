"""Compare engine and oracle (`prai_match.testing`) on every field: ``python scripts/compare_oracle.py 5000``.

Programmes and policies are drawn, each with a day: in turn plain ones, ones with long histories and ones with sessions
that others may join. ``--regions`` instead compares both bundled regions, one day per fortnight, with a share of the
territories each day; ``--france 50`` compares some communes of the benchmarks' France, which takes an hour. If the two
disagree, the script prints where, and exits with 1; ``--seed`` with the printed seed draws the same again. Progress is
printed on the standard error.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from hypothesis import given, seed as seeded
from tqdm import tqdm

sys.path += [str(Path(__file__).parents[1] / name) for name in ("tests", "benchmarks")]

import _france
import agreement
from count_offers import YEARS, fortnights
from drawn import KINDS, Case, cases, drawing
from prai_match import Programme
from prai_match.testing import Oracle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prai_match import Policy

BATCH: Final = 100
"""Number of cases drawn from a seed."""
PART: Final = 10
"""Number of communes of France compared between progress messages."""
MINUTE: Final = 60.0
SAID: Final = ("compared", "territory-days", "joins", "disagreements")


class Question(NamedTuple):
    """A comparison: its sort, how to repeat it, the territories (None means all), and an existing oracle."""

    sort: str
    name: str
    programme: Programme
    on: dt.date
    policy: Policy | None = None
    territories: list[str] | None = None
    oracle: Oracle | None = None


def main(arguments: list[str] | None = None) -> int:
    """Print what was compared and each disagreement; return 1 if there is any."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("count", type=int, nargs="?", default=300, help="cases drawn (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help=f"the first one; {BATCH} cases are drawn from each")
    parser.add_argument("--regions", action="store_true", help="compare both bundled regions instead")
    parser.add_argument("--share", type=int, default=13, help="one territory in so many a day (default: %(default)s)")
    parser.add_argument("--france", type=int, default=0, help="compare so many communes of France instead")
    asked = parser.parse_args(arguments)
    questions: Iterable[Question]
    if asked.france:
        questions = list(france(_france.programme(_france.tables()), asked.france))
    else:
        questions = list(regions(asked.share)) if asked.regions else programmes(asked.seed)
    total = len(questions) if isinstance(questions, list) else asked.count
    every = count(tqdm(itertools.islice(questions, total), total=total, mininterval=MINUTE))
    for sort, counts in every.items():
        print(f"{sort}: " + ", ".join(f"{what} {counts[what]}" for what in SAID))
    return int(any(counts["disagreements"] for counts in every.values()))


def programmes(seed: int) -> Iterator[Question]:
    """Yield what is drawn from one seed after the other, of each kind in turn."""
    for number in itertools.count(seed):
        kind = KINDS[number % len(KINDS)]
        for row, case in enumerate(drawn(kind, number)):
            yield Question(kind, f"{kind}, seed {number}, case {row} on {case.on}", *case)


def drawn(kind: str, seed: int) -> list[Case]:
    """Return what is drawn of a kind from a seed: the same every time."""
    found: list[Case] = []

    @seeded(seed)
    @drawing(BATCH)
    @given(cases(kind))
    def draw(case: Case) -> None:
        found.append(case)

    draw()
    return found


def regions(share: int) -> Iterator[Question]:
    """Yield both bundled regions on one day per fortnight, each day with another share of the territories."""
    for region, (first, last) in YEARS.items():
        prog = Programme.example(region)
        codes = [each.id for each in prog.territories]
        for number, on in enumerate(fortnights(dt.date(first, 1, 1), dt.date(last, 12, 31))):
            yield Question(region, f"{region} on {on}", prog, on, None, codes[number % share :: share])


def france(prog: Programme, number: int) -> Iterator[Question]:
    """Yield the benchmarks' France in parts, with some evenly spread communes to compare."""
    codes, oracle = [each.id for each in prog.territories], Oracle(prog, _france.ON)
    some = codes[:: len(codes) // number][:number]
    for part in range(0, number, PART):
        name = f"France on {_france.ON}, {some[part]} and more"
        yield Question("france", name, prog, _france.ON, None, some[part : part + PART], oracle)


def count(questions: Iterable[Question]) -> dict[str, Counter[str]]:
    """Compare all, print each disagreement, and return the numbers of each sort."""
    counts: dict[str, Counter[str]] = {}
    for sort, name, programme, on, policy, territories, oracle in questions:
        try:
            found = agreement.compare(programme, on, policy, territories, oracle)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the others are compared
            found = agreement.Comparison(0, 0, (f"{type(error).__name__}: {error}",))
        counts.setdefault(sort, Counter()).update(
            dict(zip(SAID, (1, found.territories, found.joins, len(found.disagreements)), strict=True))
        )
        for each in found.disagreements:
            print(f"{name}: {each}", flush=True)
    return counts


if __name__ == "__main__":
    sys.exit(main())
