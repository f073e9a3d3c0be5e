"""Show where and how the answers of today's code differ from those of the reference (``tests/reference``).

Run ``python scripts/compare_reference.py``, or ``make reference``. It exits with 1 if anything differs; with
``--accounted``, only if a difference isn't accounted for. ``--write`` created the reference, which is never renewed.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from reference import archive, comparison, library, programmes, questions
from reference.accounts import Tally, accounts
from reference.causes import causes
from reference.questions import Source

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from reference.archive import Question, Tables
    from reference.comparison import Difference

_SHOWN = 40
_STEP = 100


def main(arguments: Sequence[str], answers: Callable[..., dict[dt.date, Tables]] = questions.answers) -> int:
    """Compare, or write.

    Args:
        arguments: Arguments of the command line.
        answers: The function that asks today's code.
    """
    asked = _parser().parse_args(arguments)
    sources = list(_sources(asked))
    with ExitStack() as stack:
        ask = partial(_asked, plans=asked.plans or asked.write, answers=answers)
        found: Iterable[dict[Question, Tables]] = map(ask, sources)
        if asked.jobs > 1:
            pool = ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn"))
            found = stack.enter_context(pool).map(ask, sources, chunksize=4)
        found = _counted(found, len(sources))
        return _write(asked.folder, sources, found) if asked.write else _compare(asked, sources, found)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("count", type=int, nargs="?", default=programmes.COUNT, help="drawn programmes, the first ones")
    parser.add_argument("--only", nargs="*", help="names of regions or programmes")
    parser.add_argument("--no-regions", action="store_true", help="drawn programmes only")
    parser.add_argument("--plans", action="store_true", help="plans too: the calendar that they read isn't what it was")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--shown", type=int, default=_SHOWN, help="differences shown")
    parser.add_argument("--all", type=Path, help="a file for all differences")
    parser.add_argument("--because", action="append", default=[], help="a cause for which a programme may differ")
    parser.add_argument("--accounted", action="store_true", help="territories may differ by what accounts for them")
    parser.add_argument("--folder", type=Path, default=questions.ANSWERS, help="where the answers are")
    parser.add_argument("--write", action="store_true", help="write the answers of today's code to a new folder")
    return parser


def _sources(asked: argparse.Namespace) -> Iterator[Source]:
    regions = () if asked.no_regions else tuple(questions.DAYS)
    every = [Source("regions", name) for name in regions]
    every += [Source("programmes", f"{number:04}") for number in range(asked.count)]
    yield from (source for source in every if asked.only is None or source.name in asked.only)


def _asked(source: Source, *, plans: bool, answers: Callable[..., dict[dt.date, Tables]]) -> dict[Question, Tables]:
    """Ask today's code; an error is an answer too, and differs from any other."""
    try:
        found = answers(source, source.days, plans=plans)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the others are asked
        told: Tables = {"error": [[f"{type(error).__name__}: {error}"]]}
        return {(source.name, day.isoformat()): told for day in source.days}
    return {(source.name, day.isoformat()): tables for day, tables in found.items()}


def _counted(found: Iterable[dict[Question, Tables]], total: int) -> Iterator[dict[Question, Tables]]:
    """Print progress, since everything takes minutes."""
    for number, answers in enumerate(found, 1):
        if number % _STEP == 0:
            print(f"{number} of {total} programmes asked", file=sys.stderr, flush=True)
        yield answers


def _write(folder: Path, sources: Sequence[Source], found: Iterable[dict[Question, Tables]]) -> int:
    if folder.exists():
        print(f"{folder} is there already: a reference is never renewed; another contract goes to a new folder")
        return 2
    folder.mkdir(parents=True)
    groups: dict[str, dict[Question, Tables]] = {group: {} for group in archive.GROUPS}
    for source, tables in zip(sources, found, strict=True):
        groups[source.group] |= tables
    for group, answers in groups.items():
        archive.write(folder, group, answers)
    return 0


def _compare(asked: argparse.Namespace, sources: Sequence[Source], found: Iterable[dict[Question, Tables]]) -> int:
    kept = archive.digests(asked.folder)
    suspects: dict[str, dict[Question, Tables]] = {group: {} for group in archive.GROUPS}
    held: dict[Question, frozenset[str]] = {}
    for source, answers in zip(sources, found, strict=True):
        files = source.files
        held |= {(source.name, day.isoformat()): causes(files, day) for day in source.days}
        for question, tables in answers.items():
            known = kept[source.group][question]
            other = {name: rows for name, rows in tables.items() if archive.digest(rows) != known.get(name)}
            if other:
                suspects[source.group][question] = other
    differences = [each for group in archive.GROUPS for each in _differences(asked.folder, group, suspects[group])]
    unexplained = {each.question for each in differences if not held[each.question] & set(asked.because)}
    if differences:
        tally, accounted = _accounts(sources, differences)
        unexplained -= accounted if asked.accounted else set()
        _tell(asked, differences, held, tally)
    print(f"{len({each.question for each in differences})} of {len(held)} questions differ", end="")
    print(f", {len(unexplained)} of them for no cause given" if asked.because or asked.accounted else "")
    return 1 if unexplained else 0


def _differences(folder: Path, group: str, suspects: dict[Question, Tables]) -> Iterator[Difference]:
    """Yield the differences of questions whose digests differ; rows are only read if any does."""
    for question, before in archive.read(folder, group, suspects) if suspects else ():
        if "error" in (now := suspects[question]):
            yield comparison.Difference(question, "error", (), comparison.ROW, None, now["error"][0][0])
        else:
            yield from comparison.differences(question, before, now, library.COLUMNS)


def _tell(
    asked: argparse.Namespace, found: list[Difference], held: dict[Question, frozenset[str]], tally: Tally
) -> None:
    parts: list[tuple[str, Iterable[Any]]] = [
        ("By table", comparison.by_table(found)),
        ("By cause, as questions", comparison.by_cause({each.question for each in found}, held)),
        ("First differences", found[: asked.shown]),
        ("By what accounts for territories", tally.lines()),
    ]
    for title, lines in parts:
        print(title, *(f"  {line}" for line in lines), "", sep="\n")
    if asked.all:
        asked.all.write_text("".join(f"{each}\n" for each in found), encoding="utf-8")


def _accounts(sources: Sequence[Source], found: list[Difference]) -> tuple[Tally, set[Question]]:
    """Account for the territories that differ; also return the questions that are fully accounted for."""
    tally = Tally()
    accounted: set[Question] = set()
    differing: dict[Question, set[str]] = {}
    for each in found:
        differing.setdefault(each.question, set()).add(each.key[0] if each.table in library.ANSWERS else each.table)
    for source in sources:
        with questions.folder(source) as folder:
            programme = library.load(folder)
        for day in source.days:
            question = source.name, day.isoformat()
            known = accounts(library.needs(programme, day), source.files, day)
            tally.add(known, differing.get(question, set()))
            if all(known.get(territory) for territory in differing.get(question, ())):
                accounted.add(question)
    return tally, accounted


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
