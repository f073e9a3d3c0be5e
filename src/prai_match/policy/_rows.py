"""The written form of a policy: its rows, read from TOML or data, resolved, and written again."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from pydantic import ValidationError

from prai_match._words import catalogue, filled, hint
from prai_match.errors import PolicyError, Problem, nearest
from prai_match.model import ColumnRow, Lang, Model, PolicyRows, PreferRow, RequireRow, path_of, problem
from prai_match.policy._vocabulary import PACKAGE
from prai_match.text import TomlError, messages, toml

LARGEST: Final = 1 << 18  # maximum size of a policy file, in bytes
MOST_ROWS: Final = 100  # maximum number of rules, and of columns, of a policy
Call = tuple[str, tuple[str, ...], dict[str, Any]]  # a method of a policy, with its arguments


def rows_from_toml(text: str, source: str) -> tuple[PolicyRows, Callable[[str, int], str]]:
    """Read the rows of a policy file; also return the function that locates a row."""
    try:
        data = toml(text, LARGEST)
    except TomlError as error:
        raise PolicyError(source, [error.problem(source)]) from None
    lines = _lines_of(text)

    def place(table: str, index: int) -> str:
        at = 0 if table == "without" else index  # a list is located by its first line
        return f"{source}:{lines[table][at]}" if at < len(lines[table]) else f"{source}, {table} {index + 1}"

    return read_rows(data, source, place), place


def _lines_of(text: str) -> dict[str, list[int]]:
    lines: dict[str, list[int]] = {"rule": [], "column": [], "without": [], "weights": []}
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*(\w+)\s*\]", line):
            inside = header[1]
            if inside in {"rule", "column"}:
                lines[inside].append(number)
        elif inside == "weights" and re.match(r"\s*[\w\"']+\s*=", line):
            lines["weights"].append(number)
        elif not inside and (key := re.match(r"\s*(without|weights)\s*[.=]", line)):
            lines[key[1]].append(number)
    return lines


def read_rows(data: Mapping[str, object], source: str, place: Callable[[str, int], str]) -> PolicyRows:
    problems: list[Problem] = []
    for table in ("rule", "column"):
        rows = data.get(table, [])
        if not isinstance(rows, list | tuple) or not all(isinstance(row, dict) for row in rows):
            problems.append(Problem.of(PACKAGE, "tables", f"{source}, {table}", repr(rows)[:80], table=table))
        elif len(rows) > MOST_ROWS:
            problems.append(Problem.of(PACKAGE, "most", source, f"{len(rows)} [[{table}]]", most=MOST_ROWS))
        else:
            for index, row in enumerate(rows):
                rule = PreferRow if "prefer" in row and "require" not in row else RequireRow
                problems += _shape(ColumnRow if table == "column" else rule, row, place(table, index))
    head = {key: value for key, value in data.items() if key not in {"rule", "column"}}
    problems += _shape(PolicyRows, {**head, "rule": (), "column": ()}, source, partial(_place_of, head, source, place))
    if problems:
        raise PolicyError(source, problems)
    return PolicyRows.model_validate(data)


def _shape(
    model: type[Model],
    row: Mapping[str, object],
    where: str,
    place: Callable[[tuple[int | str, ...]], str] | None = None,
) -> Iterator[Problem]:
    own = f"{where} ({row['id']})" if isinstance(row.get("id"), str) and model is not PolicyRows else where
    try:
        model.model_validate(row)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            yield _problem(details, model, place(details["loc"]) if place else own)


def _place_of(
    head: Mapping[str, Any], source: str, place: Callable[[str, int], str], field: tuple[int | str, ...]
) -> str:
    """Return where a field at the head of a policy is written: weights and excluded rules have lines."""
    match field:
        case "weights", name, *_ if name in (names := [*head["weights"]]):
            return place("weights", names.index(name))
        case "without", int(index):
            return place("without", index)
        case "without" | "weights" as table, *_:
            return place(table, 0)
    return source


def _problem(details: Mapping[str, Any], model: type[Model], place: str) -> Problem:
    field = path_of(details["loc"])
    match details["type"]:
        case "extra_forbidden":
            near = hint(nearest(field, model.model_fields), model.model_fields)
            return Problem.of(PACKAGE, "unknown_field", place, field=field, near=near)
        case "missing":
            return Problem.of(PACKAGE, "no_field", place, field=field)
        case "string_pattern_mismatch":
            return Problem.of(PACKAGE, "identifier", f"{place}.{field}", problem(details).found)
        case _:
            return replace(problem(details), where=f"{place}.{field}")


def code(rows: PolicyRows, source: str, calls: list[Call] | None = None) -> str:
    """Return code that makes an equal policy: calls on the default policy, or the whole as TOML."""
    if calls is not None:
        return "Policy.default()" + "".join(map(_call_code, calls))
    text = _toml(rows)
    literal = repr(text) if "'''" in text else f"r'''\n{text}'''"
    return f"Policy.from_toml({literal}, source={source!r})"


def steps(default: PolicyRows, rows: PolicyRows) -> Iterator[Call]:
    """Yield the calls that make a policy from the default one, if possible."""
    before, rules = {row.id: row for row in default.rule}, {row.id: row for row in rows.rule}
    same = {
        name: row
        for name, row in rules.items()
        if name in before and {**dict(row), "weight": 0} == {**dict(before[name]), "weight": 0}
    }
    for name in before:
        if name not in same:
            yield "without", (name,), {}
    weights = {name: row.weight for name, row in same.items() if isinstance(row, PreferRow) and row != before[name]}
    if weights:
        yield "with_weights", (), weights
    for column in rows.column:
        if column not in default.column:
            options = _unusual({"fr": column.name, "en": column.name, "unit": ""}, column)
            yield "with_column", (column.name, column.type), options
    for name, row in rules.items():
        if name not in same:
            yield _addition(row)


def _addition(row: RequireRow | PreferRow) -> Call:
    if isinstance(row, RequireRow):
        method, condition = "require", row.require
        usual: dict[str, Any] = {"stage": "session", "kind": None, "unknown": "refuse", "reason": row.id}
    else:
        method, condition = "prefer", row.prefer
        usual = {"weight": None, "stage": "session", "kind": None, "unknown": 0.0}
    return method, (condition,), {"id": row.id, **_unusual({**usual, "fr": condition, "en": condition}, row)}


def _unusual(usual: dict[str, Any], row: Model) -> dict[str, Any]:
    return {name: value for name in usual if (value := getattr(row, name)) != usual[name]}


def _call_code(call: Call) -> str:
    name, values, options = call
    arguments = [*map(repr, values), *(f"{key}={value!r}" for key, value in options.items())]
    return f".{name}({', '.join(arguments)})"


def file(rows: PolicyRows, lang: Lang) -> str:
    """Return a policy, as written or resolved, as a TOML file with comments that explain the fields."""
    return f"{messages(PACKAGE, 'describe', lang)['file']}\n{_toml(rows)}"


def _toml(rows: PolicyRows) -> str:
    head = [f"id = {_value(rows.id)}"]
    if rows.extends:
        head.append(f"extends = {_value(rows.extends)}")
    if rows.without:
        head.append(f"without = [{', '.join(map(_value, rows.without))}]")
    head += ["", "[name]", *_lines(rows.name)]
    if rows.weights:
        head += ["", "[weights]", *(f"{name} = {_value(weight)}" for name, weight in rows.weights.items())]
    tables = [("column", row) for row in rows.column] + [("rule", row) for row in rows.rule]
    return "\n".join([*head, *(line for name, row in tables for line in ("", f"[[{name}]]", *_lines(row)))]) + "\n"


def _lines(row: Model) -> Iterator[str]:
    for name, value in row.model_dump().items():
        if value is not None:
            yield f"{name} = {_value(value)}"


def _value(value: str | float | bool) -> str:  # noqa: FBT001 - one of the values of a field
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()


def places(source: str) -> Callable[[str, int], str]:
    """Return the function that locates a row of data, which has no lines."""
    return lambda table, index: f"{source}, {table} {index + 1}"


def resolved(
    written: PolicyRows, base: Callable[[], PolicyRows], source: str, place: Callable[[str, int], str]
) -> tuple[PolicyRows, Callable[[str, int], str]]:
    """Return the resolved rows of a policy, with weights applied last, and the place of each."""
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
        problems += unknown_rules("unknown_rule", written.without, names, partial(place, "without"))
        kept = [row for row in below.rule if row.id not in {*written.without, *(row.id for row in written.rule)}]
        rules = (*kept, *written.rule)
        preferences = [row.id for row in rules if isinstance(row, PreferRow)]
        problems += unknown_rules("weight", written.weights, preferences, partial(place, "weights"))
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
    """Refuse names of rules that aren't in a list, and suggest similar ones or, if none, all."""
    problems: list[Problem] = []
    for index, name in enumerate(names):
        if name not in ids:
            text = catalogue(PACKAGE, "errors")["of_policy" if (alike := nearest(name, ids)) else "among"]
            suggestion = filled(text, {"near": hint(alike), "names": ", ".join(ids)})
            problems.append(Problem.of(PACKAGE, key, place(index), name=name, of=suggestion))
    return problems
