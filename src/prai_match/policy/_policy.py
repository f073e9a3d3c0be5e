"""A policy: the rules and weights that decide recommendations, as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from prai_match import _arguments as given
from prai_match.errors import PolicyError, Problem
from prai_match.model import (
    READ_BY,
    Attribute,
    ColumnType,
    Kind,
    Lang,
    Model,
    PolicyRows,
    PreferRow,
    ProgrammeData,
    RequireRow,
    SessionForm,
    Stage,
    Text,
    kinds_of,
    once,
)
from prai_match.policy import _rows
from prai_match.policy._description import describe
from prai_match.policy._difference import PolicyDifference
from prai_match.policy._expression import Expression, unknown_value
from prai_match.policy._rows import places, resolved
from prai_match.policy._rules import STAGE_REASONS, Preference, Requirement, by_id, compile_rules, limits, reasons
from prai_match.policy._vocabulary import LEAST, PACKAGE, STAGES, TERRITORY, Column, Vocabulary, column_of, with_kinds
from prai_match.text import Document, Shown, TomlError, bounded, current_language


@dataclass(frozen=True, repr=False)
class Policy(Shown):
    """Rules and weights, checked against the vocabulary when they are loaded.

    Policies with the same rules are equal, regardless of where they were read from.

    Every way of making a policy raises `PolicyError` with all of its problems: an unknown column, session or field
    (with "did you mean"), an empty set of rules, an identifier used twice, a name that isn't an identifier, a negative
    weight, a rule that can never be met, or two that exclude each other.

    Attributes:
        rows: The rules, weights and columns, including those of the policy that it extends.
        source: Where it was read from, as shown in errors.
        vocabulary: The columns that its rules may read.
        requirements: What must hold, including the limits that every policy has, by identifier.
        preferences: Rules that add to the score of an offer, by identifier.
        priorities: Rules that add to the priority of a territory, by identifier.
        data: The policy as a programme stores it: as it was written, with what it extends, unless it was changed since.
        attributes: Attributes of the programme that it was read for, which its rules may read.
        kinds: Kinds of the programme that it was read for, which its rules may name.

    Example:
        >>> policy = Policy.default().with_weights(equity=20)
        >>> policy.preference("equity").weight
        20.0
        >>> sum(rule.points for rule in policy.priorities)
        100.0
        >>> small = policy.require("population <= 20000", id="small_only", fr="Petits territoires.", en="Small ones.")
        >>> len(small.requirements) - len(policy.requirements)
        1
    """

    rows: PolicyRows
    source: str = field(compare=False)
    vocabulary: Vocabulary = field(compare=False)
    requirements: tuple[Requirement, ...] = field(compare=False)
    preferences: tuple[Preference, ...] = field(compare=False)
    priorities: tuple[Preference, ...] = field(compare=False)
    data: PolicyRows = field(compare=False)
    attributes: tuple[Attribute, ...] = field(default=(), compare=False)
    kinds: tuple[Kind, ...] = field(default=(), compare=False)

    @classmethod
    @cache
    def default(cls) -> Policy:
        """Return the default policy of the library, which states the knowledge of the field."""
        text = files("prai_match.policy").joinpath("data/politique_prai.toml").read_text("utf-8")
        return cls.from_toml(text, source="politique_prai.toml")

    @classmethod
    @given.takes()
    def load(cls, path: str | Path, programme: ProgrammeData | None = None) -> Policy:
        """Read a policy from a TOML file.

        With ``programme``, rules may read its attributes, and may only name its sessions.

        Raises:
            PolicyError: The file can't be read, or the policy has problems; each gives its line.
        """
        try:
            text = bounded(Path(path), _rows.LARGEST).decode("utf-8-sig")
        except TomlError as error:
            raise PolicyError(str(path), [error.problem(str(path))]) from None
        except FileNotFoundError:
            problem = Problem.of(PACKAGE, "no_file", str(path))
        except OSError as error:
            problem = Problem.of(PACKAGE, "closed_file", str(path), message=str(error.strerror).lower())
        except UnicodeDecodeError as error:
            problem = Problem.of(PACKAGE, "no_text", str(path), byte=f"0x{error.object[error.start]:02x}")
        else:
            return cls.from_toml(text, source=str(path), programme=programme)
        raise PolicyError(str(path), [problem])

    @classmethod
    @given.takes(text=given.text)
    def from_toml(cls, text: str, source: str = "policy", programme: ProgrammeData | None = None) -> Policy:
        """Read a policy from TOML text, as `load` does; ``source`` names it in errors."""
        rows, place = _rows.rows_from_toml(text, source)
        return cls._of(rows, place, source) if programme is None else cls._of_programme(rows, place, source, programme)

    @classmethod
    @given.takes(data=given.a(PolicyRows, Mapping))
    def of(cls, data: PolicyRows | Mapping[str, Any], programme: ProgrammeData, source: str = "policy") -> Policy:
        """Return the policy described by data, as `load` reads it for a programme."""
        place = places(source)
        rows = _rows.read_rows(data, source, place) if isinstance(data, Mapping) else data
        return cls._of_programme(rows, place, source, programme)

    @classmethod
    def _of_programme(
        cls, rows: PolicyRows, place: Callable[[str, int], str], source: str, programme: ProgrammeData
    ) -> Policy:
        return cls._of(rows, place, source, programme.attributes, programme.catalogue.kinds).checked(programme)

    @classmethod
    def _of(
        cls,
        written: PolicyRows,
        place: Callable[[str, int], str],
        source: str,
        attributes: tuple[Attribute, ...] = (),
        kinds: tuple[Kind, ...] = (),
    ) -> Policy:
        rows, place = resolved(written, lambda: cls.default().rows, source, place)
        join: dict[str, Any] = {"stage": "session", "keys": frozenset({"territory"}), "low": LEAST, "nullable": True}
        own = [*map(column_of, attributes), *(Column(**dict(row), **join) for row in rows.column)]
        vocabulary = Vocabulary((*with_kinds(Vocabulary.standard().all, kinds), *own))
        names = [attribute.name for attribute in attributes]
        requirements, preferences = compile_rules(rows, vocabulary, source, place, names)
        every = sorted((*requirements, *limits()), key=attrgetter("id"))
        priorities, preferences = (
            tuple(rule for rule in preferences if (rule.stage == TERRITORY) == own) for own in (True, False)
        )
        return cls(rows, source, vocabulary, tuple(every), preferences, priorities, written, attributes, kinds)

    def _with(self, **tables: Iterable[Any]) -> Policy:
        tables = {"rule": self.rows.rule, "column": self.rows.column, **tables}
        rows = {table: list(map(dict, own)) for table, own in tables.items()}
        data = {"id": self.rows.id, "name": dict(self.rows.name), **rows}
        place = places(self.source)
        return self._of(_rows.read_rows(data, self.source, place), place, self.source, self.attributes, self.kinds)

    @property
    def id(self) -> str:
        """Identifier of the policy."""
        return self.rows.id

    @property
    def name(self) -> Text:
        """Name of the policy."""
        return self.rows.name

    @given.takes()
    def requirement(self, rule: str) -> Requirement:
        """Return the requirement with the identifier ``rule``.

        Raises:
            UnknownCodeError: There is no such rule.
        """
        return by_id(rule, self.requirements)

    @given.takes()
    def preference(self, rule: str) -> Preference:
        """Return the preference with the identifier ``rule``.

        Raises:
            UnknownCodeError: There is no such rule.
        """
        return by_id(rule, (*self.preferences, *self.priorities))

    @cached_property
    def extra(self) -> tuple[Column, ...]:
        """The columns that the user must provide by territory."""
        return self.vocabulary.all[len(Vocabulary.standard().all) + len(self.attributes) :]

    @cached_property
    def columns(self) -> dict[Stage, dict[str, Column]]:
        """The columns that the rules of each stage see, by name."""
        return {
            stage: {column.name: column for column in self.vocabulary.columns(stage)} for stage in (TERRITORY, *STAGES)
        }

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names of the columns that any rule reads."""
        return frozenset(name for _, expression in expressions(self) for name in expression.columns)

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Codes of the reasons that the requirements can give, in the order in which requirements are applied."""
        ranks = {code: rank for rank, code in enumerate(reasons("en"))}
        pairs = [(rule.stage, rule.reason) for rule in self.requirements] + list(STAGE_REASONS.items())
        pairs.sort(key=lambda pair: (STAGES.index(pair[0]), ranks.get(pair[1], len(ranks)), pair[1]))
        return tuple(dict.fromkeys(reason for _, reason in pairs))

    @given.takes()
    def checked(self, programme: ProgrammeData) -> Policy:
        """Return the policy after checking that a programme has all that it names and the attributes it reads.

        Raises:
            PolicyError: A rule names a session or a kind, or reads an attribute, that the programme doesn't have.
        """
        catalogue = programme.catalogue
        known = {
            "session": {session.id for session in catalogue.sessions},
            "kind": {*kinds_of(catalogue, "buffets"), *kinds_of(catalogue, "workshops")},
            "partner_kind": {*kinds_of(catalogue, "partners")},
        }
        problems = [
            Problem.of(PACKAGE, "other_attribute", self.source, attribute.name)
            for attribute in self.attributes
            if attribute.name in self.reads and attribute not in programme.attributes
        ]
        problems += [
            problem
            for rule, expression in expressions(self)
            for column, value in expression.compared
            if column in known
            for problem in unknown_value(column, value, known[column], f"{self.source} ({rule.id})")
        ]
        if problems:
            raise PolicyError(self.source, problems)
        return self

    def to_toml(self, lang: Lang | None = None) -> str:
        """Return the policy as the text of a file, for people to edit, which `load` reads back as an equal policy.

        It contains all rules, including those of a policy that this one extends, so that it doesn't change with
        versions of the library. A comment at the top, in ``lang``, explains the fields.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return _rows.file(self.rows, current_language(lang))

    def diff(self, other: Policy) -> PolicyDifference:
        """Return what another policy changes: rules, weights and columns; their order doesn't matter.

        Raises:
            ArgumentError: ``other`` isn't a policy.
        """
        return PolicyDifference(self.rows, given.instance(other, Policy, "other").rows)

    def describe(self, lang: Lang | None = None) -> Document:
        """Return the page that documents the algorithm for the public: purpose, stages, rules, weights, data, limits.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return describe(self, current_language(lang))

    def __repr__(self) -> str:
        """Code that makes an equal policy: calls on the default policy or, if not possible, its TOML."""
        copy = Policy.default()
        calls = list(_rows.steps(copy.rows, self.rows))
        with suppress(PolicyError):
            for method, values, options in calls:
                copy = getattr(copy, method)(*values, **options)
        written, _ = resolved(self.data, lambda: Policy.default().rows, self.source, places(self.source))
        rows = self.data if written == self.rows else self.rows
        return _rows.code(rows, self.source, calls if copy == self else None)

    def with_weights(self, **weights: float) -> Policy:
        """Return the policy with other weights; those not named stay. Points are scaled again to a total of 100.

        Raises:
            PolicyError: A name isn't a preference of this policy, or a weight is negative.
        """
        self._check("weight", weights, [rule.id for rule in (*self.preferences, *self.priorities)])
        rules = self.rows.rule
        new = {row.id: given.number(weights[row.id], row.id) for row in rules if row.id in weights}
        return self._with(rule=[{**dict(row), "weight": new[row.id]} if row.id in new else row for row in rules])

    def _check(self, key: str, names: Iterable[str], ids: list[str]) -> None:
        if problems := _rows.unknown_rules(key, names, ids, lambda _: self.source):
            raise PolicyError(self.source, problems)

    @given.takes(unknown=given.text)
    def require(  # noqa: PLR0913 - the fields of a rule, all but two by keyword
        self,
        condition: str,
        *,
        id: str,  # noqa: A002 - the name of the field in the file
        stage: Stage = "session",
        kind: str | None = None,
        unknown: Literal["accept", "refuse"] = "refuse",
        reason: str | None = None,
        fr: str | None = None,
        en: str | None = None,
    ) -> Policy:
        """Return the policy with one more requirement; without sentences, its condition is shown as written.

        With ``kind``, it applies only to sessions of this kind; "buffet" and "workshop" include all kinds of that form.
        """
        row = {"id": id, "stage": stage, "kind": kind, "require": condition, "unknown": unknown, "reason": reason or id}
        return self._with(rule=(*self.rows.rule, {**row, "fr": fr or condition, "en": en or condition}))

    @given.takes(value=given.text, weight=given.between(), unknown=given.between())
    def prefer(  # noqa: PLR0913 - the fields of a rule, all but two by keyword
        self,
        value: str,
        *,
        id: str,  # noqa: A002 - the name of the field in the file
        weight: float,
        stage: Stage = "session",
        kind: SessionForm | None = None,
        unknown: float = 0.0,
        fr: str | None = None,
        en: str | None = None,
    ) -> Policy:
        """Return the policy with one more preference; without sentences, its value is shown as written.

        A preference of the stage ``territory`` adds to the priority of territories, others add to the score of offers;
        with ``kind``, only of buffets or only of workshops.
        """
        row = {"id": id, "stage": stage, "kind": kind, "prefer": value, "unknown": unknown, "weight": weight}
        return self._with(rule=(*self.rows.rule, {**row, "fr": fr or value, "en": en or value}))

    @given.takes()
    def with_column(
        self,
        name: str,
        type: ColumnType,  # noqa: A002 - the name of the field in the file
        *,
        fr: str = "",
        en: str = "",
        unit: str = "",
    ) -> Policy:
        """Return the policy with one more column, which the user provides by territory when recommending.

        Example:
            >>> asked = Policy.default().with_column("mayor_asked", "boolean", en="The mayor asked for it")
            >>> asked.prefer("mayor_asked", id="asked", stage="territory", weight=5).preference("asked").weight
            5.0
        """
        row = {"name": name, "type": type, "fr": fr or name, "en": en or name, "unit": unit}
        return self._with(column=(*self.rows.column, row))

    @given.takes(rules=given.each(given.a(Model, Mapping)))
    def with_rules(self, rules: Iterable[RequireRow | PreferRow]) -> Policy:
        """Return the policy with these rules instead of its own."""
        return self._with(rule=rules)

    @given.takes()
    def without(self, rule: str) -> Policy:
        """Return the policy without the rule called ``rule``.

        Raises:
            PolicyError: The policy has no such rule, or no other.
        """
        self._check("unknown_rule", [rule], [row.id for row in self.rows.rule])
        return self._with(rule=[row for row in self.rows.rule if row.id != rule])


def expressions(policy: Policy) -> list[tuple[Requirement | Preference, Expression]]:
    """Return each rule with its expression: the condition of a requirement, the value of a preference."""
    return [
        *((rule, rule.condition) for rule in policy.requirements),
        *((rule, rule.value) for rule in (*policy.preferences, *policy.priorities)),
    ]


def policy_of(programme: ProgrammeData) -> Policy:
    """Return the policy of a programme, compiled with its attributes: its own, or the default one."""

    def compiled() -> Policy:
        own = programme.policy_rows
        if own is None and not programme.attributes and not programme.catalogue.kinds:
            return replace(Policy.default(), source="policy").checked(programme)  # has nothing of the programme
        return Policy.of(Policy.default().rows if own is None else own, programme)

    return once(programme, "policy", compiled, reads=READ_BY["policy"])
