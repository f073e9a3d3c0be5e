"""A policy: the rules and weights that decide, as data."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from prai_match._words import catalogue as words
from prai_match._words import filled, hint
from prai_match.errors import PolicyError, Problem, UnknownCodeError, nearest
from prai_match.model import named
from prai_match.policy._description import describe
from prai_match.policy._expression import unknown_value
from prai_match.policy._rows import LARGEST, code, file, read_rows, rows_from_toml, steps
from prai_match.policy._rules import STAGE_REASONS, compile_rules, reasons
from prai_match.policy._vocabulary import PACKAGE, STAGES, Column, Vocabulary
from prai_match.text import Shown, TomlError, bounded, current_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prai_match.model import Catalogue, Lang, ProgrammeData, SessionKind, Text
    from prai_match.policy._expression import Expression
    from prai_match.policy._rows import PolicyRows, PreferRow, RequireRow
    from prai_match.policy._rules import Preference, Requirement
    from prai_match.policy._vocabulary import ColumnType, Stage
    from prai_match.text import Document


@dataclass(frozen=True, repr=False)
class Policy(Shown):
    """Rules and weights, checked against the vocabulary when they are loaded.

    Policies with the same rules are equal, wherever they were read from.

    Every way of making a policy raises `PolicyError` with all of its problems: an unknown column, session or field
    (with "did you mean"), an empty set of rules, an identifier used twice, a name that is no identifier, a weight
    below 0, a rule that can never hold, two that never hold together.

    Example:
        >>> policy = Policy.default().with_weights(equity=20)
        >>> policy.preference("equity").weight
        20.0
        >>> round(sum(rule.points for rule in policy.preferences), 6)
        100.0
        >>> small = policy.require("population <= 20000", id="small_only", fr="Petits territoires.", en="Small ones.")
        >>> len(small.requirements) - len(policy.requirements)
        1
    """

    rows: PolicyRows
    source: str = field(compare=False)
    vocabulary: Vocabulary
    requirements: tuple[Requirement, ...]
    """What must hold, by identifier."""
    preferences: tuple[Preference, ...]
    """What adds to the score, by identifier."""

    @classmethod
    @cache
    def default(cls) -> Policy:
        """Return the policy that the library ships, the field's knowledge."""
        text = files("prai_match.policy").joinpath("data/politique_prai.toml").read_text("utf-8")
        return cls.from_toml(text, source="politique_prai.toml")

    @classmethod
    def load(cls, path: str | Path, catalogue: Catalogue | None = None) -> Policy:
        """Read a policy from a TOML file; with ``catalogue``, the sessions that rules name must be in it.

        Raises:
            PolicyError: The file can't be read, or the policy has problems; each has its line.
        """
        try:
            text = bounded(Path(path), LARGEST).decode("utf-8-sig")
        except TomlError as error:
            raise PolicyError(str(path), [error.problem(str(path))]) from None
        except FileNotFoundError:
            problem = Problem.of(PACKAGE, "no_file", str(path))
        except OSError as error:
            problem = Problem.of(PACKAGE, "closed_file", str(path), message=str(error.strerror).lower())
        except UnicodeDecodeError as error:
            problem = Problem.of(PACKAGE, "no_text", str(path), byte=f"0x{error.object[error.start]:02x}")
        else:
            return cls.from_toml(text, source=str(path), catalogue=catalogue)
        raise PolicyError(str(path), [problem])

    @classmethod
    def from_toml(cls, text: str, source: str = "policy", catalogue: Catalogue | None = None) -> Policy:
        """Read a policy from TOML text; ``source`` names it in errors.

        Raises:
            PolicyError: The policy has problems; each has its line.
        """
        policy = cls._of(*rows_from_toml(text, source), source)
        return policy if catalogue is None else policy.checked(catalogue)

    @classmethod
    def _of(cls, rows: PolicyRows, place: Callable[[str, int], str], source: str) -> Policy:
        join: dict[str, Any] = {"stage": "session", "keys": frozenset({"territory"}), "low": -1e12, "nullable": True}
        vocabulary = Vocabulary.standard().with_extra(Column(**dict(row), **join) for row in rows.column)
        return cls(rows, source, vocabulary, *compile_rules(rows, vocabulary, source, place))

    def _with(self, **tables: Iterable[Any]) -> Policy:
        tables = {"rule": self.rows.rule, "column": self.rows.column, **tables}
        rows = {table: list(map(dict, tables[table])) for table in tables}
        data = {"id": self.rows.id, "name": dict(self.rows.name), **rows}

        def place(table: str, index: int) -> str:
            return f"{self.source}, {table} {index + 1}"

        return self._of(read_rows(data, self.source, place), place, self.source)

    @property
    def id(self) -> str:
        """Identifier of the policy."""
        return self.rows.id

    @property
    def name(self) -> Text:
        """Name of the policy."""
        return self.rows.name

    def requirement(self, rule: str) -> Requirement:
        """Return the requirement called ``rule``.

        Raises:
            UnknownCodeError: There is none.
        """
        return _by_id(rule, self.requirements)

    def preference(self, rule: str) -> Preference:
        """Return the preference called ``rule``.

        Raises:
            UnknownCodeError: There is none.
        """
        return _by_id(rule, self.preferences)

    @cached_property
    def extra(self) -> tuple[Column, ...]:
        """The columns that the user must join by territory."""
        return self.vocabulary.all[len(Vocabulary.standard().all) :]

    @cached_property
    def columns(self) -> dict[Stage, dict[str, Column]]:
        """The columns that the rules of each stage see, by name."""
        return {stage: {column.name: column for column in self.vocabulary.columns(stage)} for stage in STAGES}

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names of the columns that any rule reads."""
        return frozenset(name for _, condition in self._conditions for name in condition.columns)

    @cached_property
    def _conditions(self) -> tuple[tuple[str, Expression], ...]:
        conditions = ((rule.id, rule.condition) for rule in self.requirements)
        return (*conditions, *((rule.id, rule.value) for rule in self.preferences))

    @cached_property
    def reasons(self) -> tuple[str, ...]:
        """Codes of the reasons that the requirements can give, in the order in which candidates are sifted."""
        ranks = {code: rank for rank, code in enumerate(reasons("en"))}
        pairs = [(rule.stage, rule.reason) for rule in self.requirements] + list(STAGE_REASONS.items())
        pairs.sort(key=lambda pair: (STAGES.index(pair[0]), ranks.get(pair[1], len(ranks)), pair[1]))
        return tuple(dict.fromkeys(reason for _, reason in pairs))

    def checked(self, catalogue: Catalogue) -> Policy:
        """Return the policy once the sessions that it names are known to be in ``catalogue``.

        Raises:
            PolicyError: A rule names a session that is not in the catalogue.
        """
        sessions = {session.id for session in catalogue.sessions}
        problems = [
            problem
            for rule, condition in self._conditions
            for column, value in condition.compared
            if column == "session"
            for problem in unknown_value(column, value, sessions, f"{self.source} ({rule})")
        ]
        if problems:
            raise PolicyError(self.source, problems)
        return self

    def to_toml(self, lang: Lang | None = None) -> str:
        """Return the policy as the text of a file that `load` reads back as an equal policy, to be changed by hand.

        A comment at the top, in ``lang``, tells what the fields mean.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> policy = Policy.default().with_weights(equity=20)
            >>> Policy.from_toml(policy.to_toml()) == policy
            True
        """
        return file(self.rows, current_language(lang))

    def describe(self, lang: Lang | None = None) -> Document:
        """Return the page that documents the algorithm for the public: purpose, stages, rules, weights, data, limits.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> print(Policy.default().describe("en").markdown().splitlines()[0])
            # Rules of the recommendation algorithm: Default policy of the programme
        """
        return describe(self, current_language(lang))

    def __repr__(self) -> str:
        """Code that makes an equal policy: what it changes of the default one or, where that is all, its TOML."""
        copy = Policy.default()
        calls = list(steps(copy.rows, self.rows))
        with suppress(PolicyError):
            for method, values, options in calls:
                copy = getattr(copy, method)(*values, **options)
        return code(self.rows, self.source, calls if copy == self else None)

    def with_weights(self, **weights: float) -> Policy:
        """Return the policy with other weights; those not named stay. Points are again brought to a total of 100.

        Raises:
            PolicyError: A name is no preference of this policy, or a weight is below 0.
        """
        self._check("weight", weights, [rule.id for rule in self.preferences])
        return self._with(
            rule=[{**dict(row), "weight": weights[row.id]} if row.id in weights else row for row in self.rows.rule]
        )

    def _check(self, key: str, names: Iterable[str], ids: list[str]) -> None:
        """Refuse names of rules that aren't in a list: where some are like one, these are suggested, else all."""
        problems: list[Problem] = []
        for name in names:
            if name not in ids:
                alike = nearest(name, ids)
                text = words(PACKAGE, "errors")["of_policy" if alike else "among"]
                suggestion = filled(text, {"near": hint(alike), "names": ", ".join(ids)})
                problems.append(Problem.of(PACKAGE, key, self.source, name=name, of=suggestion))
        if problems:
            raise PolicyError(self.source, problems)

    def require(  # noqa: PLR0913 - the fields of a rule, all but two by keyword
        self,
        condition: str,
        *,
        id: str,  # noqa: A002 - the name of the field in the file
        stage: Stage = "session",
        kind: SessionKind | None = None,
        unknown: Literal["accept", "refuse"] = "refuse",
        reason: str | None = None,
        fr: str | None = None,
        en: str | None = None,
    ) -> Policy:
        """Return the policy with one more condition that must hold; without sentences, it is shown as written.

        With ``kind``, sessions of the other kind need not meet it.
        """
        row = {"id": id, "stage": stage, "kind": kind, "require": condition, "unknown": unknown, "reason": reason or id}
        return self._with(rule=(*self.rows.rule, {**row, "fr": fr or condition, "en": en or condition}))

    def prefer(  # noqa: PLR0913 - the fields of a rule, all but two by keyword
        self,
        value: str,
        *,
        id: str,  # noqa: A002 - the name of the field in the file
        weight: float,
        stage: Stage = "session",
        unknown: float = 0.0,
        fr: str | None = None,
        en: str | None = None,
    ) -> Policy:
        """Return the policy with one more preference; without sentences, it is shown as written.

        Example:
            >>> Policy.default().prefer("needs >= 2", id="asked_twice", weight=5).preference("asked_twice").weight
            5.0
        """
        row = {"id": id, "stage": stage, "prefer": value, "unknown": unknown, "weight": weight}
        return self._with(rule=(*self.rows.rule, {**row, "fr": fr or value, "en": en or value}))

    def with_column(
        self,
        name: str,
        type: ColumnType,  # noqa: A002 - the name of the field in the file
        *,
        fr: str = "",
        en: str = "",
        unit: str = "",
    ) -> Policy:
        """Return the policy with one more column, which the user joins by territory when recommending.

        Example:
            >>> asked = Policy.default().with_column("mayor_asked", "boolean", en="The mayor asked for it")
            >>> asked.prefer("mayor_asked", id="mayor_asked", weight=5).preference("mayor_asked").weight
            5.0
        """
        row = {"name": name, "type": type, "fr": fr or name, "en": en or name, "unit": unit}
        return self._with(column=(*self.rows.column, row))

    def with_rules(self, rules: Iterable[RequireRow | PreferRow]) -> Policy:
        """Return the policy with these rules instead of its own."""
        return self._with(rule=rules)

    def without(self, rule: str) -> Policy:
        """Return the policy without the rule called ``rule``.

        Raises:
            PolicyError: There is no such rule, or it is the last one.
        """
        self._check("unknown_rule", [rule], [row.id for row in self.rows.rule])
        return self._with(rule=[row for row in self.rows.rule if row.id != rule])


_Rule = TypeVar("_Rule", "Requirement", "Preference")


def _by_id(name: str, rules: tuple[_Rule, ...]) -> _Rule:
    for rule in rules:
        if rule.id == name:
            return rule
    raise UnknownCodeError("rule", name, nearest(name, [rule.id for rule in rules]))


def policy_of(programme: ProgrammeData) -> Policy:
    """Return the policy that the catalogue names, in the folder, or the default one."""
    return named(programme, "policy", Policy.default, PolicyError)
