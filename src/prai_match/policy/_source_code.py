"""A policy as code: how it is made from the default one or, where that can't be said so, the whole of it as TOML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

from prai_match.errors import PolicyError
from prai_match.policy._rows import PreferRow, RequireRow
from prai_match.policy._tokens import PACKAGE
from prai_match.text import messages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.model import Lang, Model
    from prai_match.policy._rows import PolicyRows

Call = tuple[str, tuple[str, ...], dict[str, Any]]
"""A method of a policy, with its arguments."""


class Ruled(Protocol):
    """A policy as code is made of it: its rows, and what they are called in errors."""

    @property
    def rows(self) -> PolicyRows:
        """The rows."""

    @property
    def source(self) -> str:
        """Where they come from."""


def written(policy: Ruled, default: Ruled) -> str:
    """Return code that makes an equal policy."""
    calls = list(_calls(policy, default))
    if _after(default, calls) == policy:
        return "Policy.default()" + "".join(map(_shown, calls))
    text = toml(policy)
    quoted = repr(text) if "'''" in text else f"r'''\n{text}'''"
    return f"Policy.from_toml({quoted}, source={policy.source!r})"


def _after(policy: Ruled, calls: list[Call]) -> Ruled | None:
    try:
        for name, values, named in calls:
            policy = getattr(policy, name)(*values, **named)
    except PolicyError:
        return None
    return policy


def _calls(policy: Ruled, default: Ruled) -> Iterator[Call]:
    """Give what makes the policy from the default one, if anything does."""
    before = {row.id: row for row in default.rows.rule}
    rules = {row.id: row for row in policy.rows.rule}
    same = {name: row for name, row in rules.items() if name in before and _weighed(row) == _weighed(before[name])}
    for name in before:
        if name not in same:
            yield "without", (name,), {}
    weights = {
        name: row.weight for name, row in same.items() if isinstance(row, PreferRow) and row != before[name]
    }  # fmt: skip
    if weights:
        yield "with_weights", (), weights
    for column in policy.rows.column:
        if column not in default.rows.column:
            named = _without({"fr": column.name, "en": column.name, "unit": ""}, column)
            yield "with_column", (column.name, column.type), named
    for name, row in rules.items():
        if name not in same:
            yield _added(row)


def _weighed(row: Model) -> dict[str, Any]:
    """Return a rule without its weight."""
    return row.model_dump(exclude={"weight"})


def _added(row: RequireRow | PreferRow) -> Call:
    if isinstance(row, RequireRow):
        usual: dict[str, Any] = {"stage": "session", "kind": None, "unknown": "refuse", "reason": row.id}
        condition = row.require
    else:
        usual = {"weight": None, "stage": "session", "unknown": 0.0}
        condition = row.prefer
    named = _without({**usual, "fr": condition, "en": condition}, row)
    return "require" if isinstance(row, RequireRow) else "prefer", (condition,), {"id": row.id, **named}


def _without(usual: dict[str, Any], row: Model) -> dict[str, Any]:
    """Return the fields of a row that are not as usual."""
    return {name: value for name in usual if (value := getattr(row, name)) != usual[name]}


def _shown(call: Call) -> str:
    name, values, named = call
    arguments = [*map(repr, values), *(f"{key}={value!r}" for key, value in named.items())]
    return f".{name}({', '.join(arguments)})"


def file(policy: Ruled, lang: Lang) -> str:
    """Return the policy as a TOML file that tells its reader what the fields mean."""
    return f"{messages(PACKAGE, 'describe', lang)['file']}\n{toml(policy)}"


def toml(policy: Ruled) -> str:
    """Return the policy as TOML."""
    rows = policy.rows
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
