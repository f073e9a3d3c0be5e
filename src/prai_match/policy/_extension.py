"""Policies that build on another: from what is written to the rows that it comes to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from prai_match._words import catalogue, filled, hint
from prai_match.errors import PolicyError, Problem, nearest
from prai_match.model import PolicyRows, PreferRow, RequireRow
from prai_match.policy._rows import MOST_ROWS
from prai_match.policy._vocabulary import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def resolved(
    written: PolicyRows, base: Callable[[], PolicyRows], source: str, place: Callable[[str, int], str]
) -> tuple[PolicyRows, Callable[[str, int], str]]:
    """Return the rows that a policy comes to, and where each is written.

    Of the rules of the base, those left out and those with the identifier of an own one go; its own come after what
    is left; weights are set last.

    Raises:
        PolicyError: No rule is left, too many are, or what is left out or weighed isn't there.
    """
    problems: list[Problem] = []
    if written.extends is None:
        problems += [
            Problem.of(PACKAGE, "extends_nothing", place(table, 0), table)
            for table in ("without", "weights")
            if getattr(written, table)
        ]
        rows, own_place = written, place
    else:
        below = base()
        names = [row.id for row in below.rule]
        problems += unknown_rules("unknown_rule", written.without, names, lambda _: place("without", 0))
        gone = {*written.without, *(row.id for row in written.rule)}
        kept = [row for row in below.rule if row.id not in gone]
        rules = (*kept, *written.rule)
        preferences = [row.id for row in rules if isinstance(row, PreferRow)]
        problems += unknown_rules("weight", written.weights, preferences, lambda index: place("weights", index))
        rows = PolicyRows(
            id=written.id,
            name=written.name,
            column=(*below.column, *written.column),
            rule=tuple(
                row.model_copy(update={"weight": written.weights[row.id]})
                if isinstance(row, PreferRow) and row.id in written.weights
                else row
                for row in rules
            ),
        )
        before = {"rule": len(kept), "column": len(below.column)}

        def own_place(table: str, index: int) -> str:
            return source if index < before[table] else place(table, index - before[table])

    if not rows.rule:
        problems.append(Problem.of(PACKAGE, "no_rule", source))
    if len(rows.rule) > MOST_ROWS:
        problems.append(Problem.of(PACKAGE, "most", source, f"{len(rows.rule)} [[rule]]", most=MOST_ROWS))
    if problems:
        raise PolicyError(source, problems)
    return rows, own_place


def unknown_rules(key: str, names: Iterable[str], ids: Sequence[str], place: Callable[[int], str]) -> list[Problem]:
    """Refuse names of rules that aren't in a list: where some are like one, these are suggested, else all."""
    problems: list[Problem] = []
    for index, name in enumerate(names):
        if name not in ids:
            alike = nearest(name, ids)
            text = catalogue(PACKAGE, "errors")["of_policy" if alike else "among"]
            suggestion = filled(text, {"near": hint(alike), "names": ", ".join(ids)})
            problems.append(Problem.of(PACKAGE, key, place(index), name=name, of=suggestion))
    return problems


@cache
def presence() -> tuple[RequireRow, ...]:
    """The conditions that relays and trainers take part on the day."""
    rows = catalogue(PACKAGE, "presence").items()
    return tuple(RequireRow.model_validate({"id": name, **row}) for name, row in rows)
