"""A policy from a stranger can't read files, hang or exhaust memory: what would is refused before it is computed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, strategies as st

from prai_match import Policy, PolicyError
from prai_match.policy import Values

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'id = "mine"\nname = { fr = "Ma politique", en = "My policy" }\n'
TOO_MANY = "words and signs, expected an expression of at most 400"
COLUMNS = "".join(
    f'[[column]]\nname = "{name}"\ntype = "{kind}"\nfr = "f"\nen = "e"\n'
    for name, kind in (("select", "number"), ("date", "text"), ("interval", "number"))
)


def rule(condition: str, number: int = 0) -> str:
    lines = ["[[rule]]", f'id = "r{number}"', 'stage = "session"', f'require = "{condition}"', 'fr = "f"', 'en = "e"']
    return "\n".join(lines) + "\n"


def refused(text: str) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        Policy.from_toml(text)
    return caught.value


@pytest.mark.parametrize(
    "condition",
    [
        "read_csv('/etc/passwd') = people",
        "people IN (SELECT people FROM read_csv('/etc/passwd'))",
        "people IN (read_parquet('/etc/passwd'))",
        "EXISTS (SELECT 1)",
        "REPEAT('a', 1000000000) = kind",
        "LPAD(kind, 1000000000) = kind",
        "kind || kind = kind",
        "kind LIKE '%a%'",
        "kind ~ '(a+)+$'",
        "REGEXP_LIKE(kind, '(a+)+$')",
        "CAST(people AS DECIMAL) > 1",
        "people::int > 1",
        "SUM(people) OVER () > 1",
        "people > 1; DROP TABLE people",
        "people > 1 -- more",
        "people > /* more */ 1",
        "people > $1",
        "people[1] > 1",
        "kind = E'\\\\x00'",
    ],
)
def test_nothing_but_the_listed_functions_and_signs_is_read(condition: str) -> None:
    assert "found" in str(refused(HEAD + rule(condition)))


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("'" * 100_000, "100000 characters, expected an expression of at most 2000"),
        ("(" * 900 + "people > 1" + ")" * 900, "more than 40 levels"),
        ("NOT " * 450 + "people > 1", TOO_MANY),
        ("people > " + "- " * 900 + "1", TOO_MANY),
        ("1" + "+1" * 900 + " > people", TOO_MANY),
        (" OR ".join(["people > 1"] * 140), TOO_MANY),
        ("(" * 15 + "people" + " BETWEEN 1 AND 2)" * 15, "BETWEEN takes a number, not a condition"),
        ("(" * 60 + "people > 1" + ")" * 60, "a correct SQL expression"),
        (
            "people IN (" + ", ".join(["needs"] * 200) + ")",
            "IN is followed by a list of texts or numbers",
        ),
        ("people IN needs", "IN needs: IN is followed by a list of texts or numbers"),
        ("NOT kind", "a correct SQL expression"),
        ("people > " + "9" * 1_900, "this one never is"),
        ("people > 1e" + "9" * 1_900, "this one never is"),
    ],
)
def test_an_expression_that_would_cost_too_much_is_refused(condition: str, said: str) -> None:
    error = refused(HEAD + rule(condition))
    assert said in str(error)
    assert all(problem.where == "policy:3 (r0)" for problem in error.problems)


class Columns(dict[str, Values]):
    """Columns that keep which of them are read."""

    reads: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Values:
        self.reads += (name,)
        return super().__getitem__(name)


@pytest.mark.parametrize(
    "condition",
    [
        "people BETWEEN 2 AND 3",
        "NULLIF(" * 30 + "people" + ", 0)" * 30 + " > 1",
        "CASE " * 30 + "people" + " WHEN 1 THEN 2 WHEN 2 THEN 1 END" * 30 + " > 1",
    ],
)
def test_each_part_is_evaluated_once(condition: str) -> None:
    columns = Columns(people=Values(np.array([1.0, 2.0])))
    policy = Policy.from_toml(HEAD + rule(condition))
    assert policy.requirement("r0").holds(columns).tolist() == [False, True]
    assert columns.reads == ("people",)


def test_unknown_words_are_told_up_to_a_bound() -> None:
    assert len(refused(HEAD + rule(" ".join(f"a{number}" for number in range(400)))).problems) == 20


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" " * 262_145, "found more than 262144 bytes, expected at most 262144 bytes"),
        ("é" * 131_073, "more than 262144 bytes"),
        ("a." * 20_000 + "a = 1", "found 20000 points on line 1, expected at most 100 on a line"),
        ("id = " + "[" * 100_000, "more than 20 levels"),
        ("id = " + "[" * 50 + "]" * 50, "more than 20 levels, expected at most 20 nested tables or lists"),
        ("[" + ".".join("a" * 50) + "]\n" + "b = 1", "more than 20 levels"),
        ("id = 0x" + "f" * 100_000, "found an integer that is too large, expected integers of at most 64 bits"),
        ("id = " + "9" * 100_000, "expected a TOML file"),
        (HEAD + "".join(rule("people > 1", number) for number in range(101)), "101 [[rule]], expected at most 100"),
        (
            HEAD + "".join(rule(" OR ".join([f"people > {number}"] * 20), number) for number in range(60)),
            "policy: found 4740 words and signs, expected at most 2000",
        ),
        (HEAD + rule("people > 1").replace('"f"', f'"{"f" * 2_001}"'), "at most 2000 characters"),
    ],
)
def test_a_file_that_would_cost_too_much_is_refused(text: str, said: str) -> None:
    assert said in str(refused(text))


def test_the_limit_is_told_in_french_too() -> None:
    assert refused(" " * 300_000).problems[0].text("fr") == (
        "policy : plus de 262144 octets ; il faut au plus 262144 octets"
    )
    assert (
        refused(HEAD + rule("NOT " * 450 + "people > 1"))
        .problems[0]
        .text("fr")
        .endswith("453 mots et signes ; il faut une expression d’au plus 400")
    )


def test_a_file_is_not_read_past_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a terabyte of zeros, of which none is on the disk
    with pytest.raises(PolicyError, match="more than 262144 bytes"):
        Policy.load(path)


def test_a_column_named_as_a_word_of_sql_is_a_column() -> None:
    policy = Policy.from_toml(HEAD + COLUMNS + rule("select > 1 OR date = '2020' OR interval IN (-1, 2.5)"))
    assert policy.requirement("r0").condition.columns == ("date", "interval", "select")
    assert "expected" in str(refused(HEAD + COLUMNS + rule("(select select) > 1")))
    assert "expected" in str(refused(HEAD + COLUMNS + rule("date '2020-01-01' = date")))


@pytest.mark.parametrize("name", ["case", "not", "end"])
def test_a_column_is_not_named_as_a_word_of_conditions(name: str) -> None:
    said = str(refused(HEAD + COLUMNS.replace("select", name) + rule("people > 1")))
    assert f"column '{name}', expected another name" in said


WORDS = [
    "people",
    "needs",
    "kind",
    "follows",
    "'buffet'",
    "1",
    "-2.5",
    "NULL",
    "TRUE",
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS",
    "BETWEEN",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "ABS(",
    "COALESCE(",
    "EXP(",
    "LN(",
    "NULLIF(",
    "POW(",
    "SQRT(",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "=",
    "<>",
    "<",
    ">=",
]
SMALL = Policy.from_toml(HEAD + rule("people > 1"))


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join) | st.text(max_size=60))
def test_any_text_is_a_condition_or_is_refused(condition: str) -> None:
    with suppress(PolicyError):
        assert SMALL.require(condition, id="mine", fr="f", en="e").requirement("mine").condition.steps <= 400
