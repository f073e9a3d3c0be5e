"""The differences between two policies: rules, weights and columns, and their text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from prai_match._version import JSON_SCHEMA
from prai_match.model import ColumnRow, Lang, PolicyRows, PreferRow, RequireRow, descriptions
from prai_match.policy._sentences import unfilled, weight
from prai_match.policy._vocabulary import PACKAGE
from prai_match.text import Readable, Shown, counted, current_language, messages

RowChange = Literal["added", "removed", "changed", "weight"]


@dataclass(frozen=True, slots=True)
class RowDifference(Readable):
    """A rule or a column that differs between two policies.

    Attributes:
        table: ``rule`` or ``column``.
        id: Identifier of the rule, or name of the column.
        before: The row in the first policy; None if it has none.
        after: The row in the other policy; None if it has none.

    Example:
        >>> from prai_match import Policy
        >>> default = Policy.default()
        >>> (row,) = default.diff(default.with_weights(equity=20))
        >>> row.change, row.fields
        ('weight', {'weight': (30.0, 20.0)})
        >>> row.text("en")
        'Weight of "equity": 30 → 20.'
    """

    table: Literal["rule", "column"]
    id: str
    before: RequireRow | PreferRow | ColumnRow | None
    after: RequireRow | PreferRow | ColumnRow | None

    @property
    def change(self) -> RowChange:
        """The kind of change; ``weight`` if only the weight changes."""
        if self.before is None or self.after is None:
            return "removed" if self.before else "added"
        return "weight" if [*self.fields] == ["weight"] else "changed"

    @property
    def fields(self) -> dict[str, tuple[Any, Any]]:
        """The fields that differ, if both have the row, with both values; None if one lacks the field."""
        if self.before is None or self.after is None:
            return {}
        was, is_ = dict(self.before), dict(self.after)
        pairs = {name: (was.get(name), is_.get(name)) for name in {**was, **is_}}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def text(self, lang: Lang | None = None) -> str:
        """Say what changes in a line, in ``lang``."""
        lang = current_language(lang)
        row: Any = self.before if self.after is None else self.after
        before, after = (_cell(_weight_of(side), lang) for side in (self.before, self.after))
        text: str = _texts(lang)[self.table][self.change]
        return text.format(name=self.id, sentence=unfilled(getattr(row, lang)), before=before, after=after)


@dataclass(frozen=True, slots=True, repr=False)
class PolicyDifference(Shown, Readable):
    """The differences between two policies: ``before.diff(after)``.

    Iterates over the rules that differ, then over the columns, each in the order of its identifiers; empty, and false,
    if all are the same. The order in which rows are written and the names of policies don't matter.

    Attributes:
        before: The rows of the first policy.
        after: The rows of the other.

    Example:
        >>> from prai_match import Policy
        >>> default = Policy.default()
        >>> difference = default.diff(default.with_weights(equity=20).without("full_room"))
        >>> len(difference), bool(default.diff(default)), difference.weights
        (2, False, {'equity': (30.0, 20.0)})
    """

    before: PolicyRows
    after: PolicyRows

    @property
    def rules(self) -> tuple[RowDifference, ...]:
        """The rules that differ, by identifier."""
        return _rows("rule", *({row.id: row for row in side.rule} for side in (self.before, self.after)))

    @property
    def columns(self) -> tuple[RowDifference, ...]:
        """The declared columns that differ, by name."""
        return _rows("column", *({row.name: row for row in side.column} for side in (self.before, self.after)))

    @property
    def weights(self) -> dict[str, tuple[float, float]]:
        """The weights that change, by preference, before and after; without added or removed rules."""
        pairs = {row.id: (_weight_of(row.before), _weight_of(row.after)) for row in self.rules}
        return {
            name: (was, is_) for name, (was, is_) in pairs.items() if was is not None and is_ is not None and was != is_
        }

    def __len__(self) -> int:
        return len(self.rules) + len(self.columns)

    def __iter__(self) -> Iterator[RowDifference]:
        return iter((*self.rules, *self.columns))

    def text(self, lang: Lang | None = None) -> str:
        """Describe what changes, row by row and field by field, in ``lang``."""
        lang = current_language(lang)
        texts, lines = _texts(lang), [title(self, lang)]
        for row in self:
            lines.append(f"  {texts['marks'][row.change]} {row.text(lang)}")
            if row.change == "changed":
                lines += (texts["field"].format(what=what, was=was, now=now) for what, was, now in details(row, lang))
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Return both policies' names and each row that differs, as data that JSON can hold.

        The format is in ``docs/reference/schemas/policy_difference.json``.
        """
        sides = {"before": self.before, "after": self.after}
        return {
            "schema": JSON_SCHEMA,
            **{name: {"id": rows.id, "name": rows.name.model_dump()} for name, rows in sides.items()},
            "rules": [_row_json(row) for row in self.rules],
            "columns": [_row_json(row) for row in self.columns],
        }


def _rows(table: Literal["rule", "column"], old: dict[str, Any], new: dict[str, Any]) -> tuple[RowDifference, ...]:
    names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
    return tuple(RowDifference(table, name, old.get(name), new.get(name)) for name in names)


def _row_json(row: RowDifference) -> dict[str, Any]:
    before, after = (side and side.model_dump() for side in (row.before, row.after))
    return {"id": row.id, "change": row.change, "fields": [*row.fields], "before": before, "after": after}


def title(difference: PolicyDifference, lang: Lang) -> str:
    texts = _texts(lang)
    count = counted(len(difference), texts["count"], lang) if difference else texts["none"]
    sides = {
        side: texts["policy"].format(name=rows.name.get(lang), id=rows.id)
        for side, rows in (("before", difference.before), ("after", difference.after))
    }
    return str(texts["title"].format(count=count, **sides))


def details(row: RowDifference, lang: Lang) -> list[tuple[str, str, str]]:
    """Return each field that differs, for display: its label, its value before and its value after."""
    labels: dict[str, dict[Lang, str]] = {}
    for side in filter(None, (row.before, row.after)):
        labels |= descriptions(type(side))
    return [(labels[name][lang], _cell(was, lang), _cell(is_, lang)) for name, (was, is_) in row.fields.items()]


def _weight_of(row: RequireRow | PreferRow | ColumnRow | None) -> float | None:
    return row.weight if isinstance(row, PreferRow) else None


def _cell(value: str | float | bool | None, lang: Lang) -> str:  # noqa: FBT001 - one of the values of a field
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(messages(PACKAGE, "describe", lang)["values"]["yes" if value else "no"])
    return value if isinstance(value, str) else weight(value, lang)


def _texts(lang: Lang) -> dict[str, Any]:
    return messages(PACKAGE, "difference", lang)
