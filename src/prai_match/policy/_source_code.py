"""A policy as code: how it is made from the default one or, where that can't be said so, the whole of it as TOML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from prai_match.policy._rows import PreferRow, RequireRow
from prai_match.policy._tokens import PACKAGE
from prai_match.text import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.model import Lang, Model
    from prai_match.policy._rows import PolicyRows

Call = tuple[str, tuple[str, ...], dict[str, Any]]
"""A method of a policy, with its arguments."""


def code(rows: PolicyRows, source: str, calls: list[Call] | None = None) -> str:
    """Return code that makes an equal policy: what is called on the default one, else the whole as TOML."""
    if calls is not None:
        return "Policy.default()" + "".join(map(_call_code, calls))
    text = _toml(rows)
    literal = repr(text) if "'''" in text else f"r'''\n{text}'''"
    return f"Policy.from_toml({literal}, source={source!r})"


def steps(default: PolicyRows, rows: PolicyRows) -> Iterator[Call]:
    """Give what makes a policy from the default one, if anything does."""
    before = {row.id: row for row in default.rule}
    rules = {row.id: row for row in rows.rule}
    same = {
        name: row for name, row in rules.items() if name in before and _unweighted(row) == _unweighted(before[name])
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


def _unweighted(row: Model) -> dict[str, Any]:
    return row.model_dump(exclude={"weight"})


def _addition(row: RequireRow | PreferRow) -> Call:
    if isinstance(row, RequireRow):
        usual: dict[str, Any] = {"stage": "session", "kind": None, "unknown": "refuse", "reason": row.id}
        condition = row.require
    else:
        usual = {"weight": None, "stage": "session", "unknown": 0.0}
        condition = row.prefer
    options = _unusual({**usual, "fr": condition, "en": condition}, row)
    return "require" if isinstance(row, RequireRow) else "prefer", (condition,), {"id": row.id, **options}


def _unusual(usual: dict[str, Any], row: Model) -> dict[str, Any]:
    return {name: value for name in usual if (value := getattr(row, name)) != usual[name]}


def _call_code(call: Call) -> str:
    name, values, options = call
    arguments = [*map(repr, values), *(f"{key}={value!r}" for key, value in options.items())]
    return f".{name}({', '.join(arguments)})"


def file(rows: PolicyRows, lang: Lang) -> str:
    """Return a policy as a TOML file that tells its reader what the fields mean."""
    return f"{messages(PACKAGE, 'describe', lang)['file']}\n{_toml(rows)}"


def _toml(rows: PolicyRows) -> str:
    head = [f"id = {_value(rows.id)}", "", "[name]", *_lines(rows.name)]
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
