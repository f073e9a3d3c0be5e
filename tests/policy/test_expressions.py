"""What a condition means: three-valued, in the order of SQL, and never a number that is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, event, given, reject, strategies as st

from conditions import BOOLEANS, NUMBERS, TEXTS, conditions, numbers, rows
from prai_match import Policy, PolicyError
from prai_match.policy import Expression, Values, columns_of
from thorough import examples

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conditions import Condition, Row, Value

COLUMNS = "".join(
    f'[[column]]\nname = "{name}"\ntype = "{kind}"\nfr = "f"\nen = "e"\n'
    for kind, names in (("number", NUMBERS), ("text", TEXTS), ("boolean", BOOLEANS))
    for name in names
)
HEAD = f'id = "mine"\nname = {{ fr = "Ma politique", en = "My policy" }}\n{COLUMNS}[[rule]]\nid = "a"\nstage = "session"\nfr = "f"\nen = "e"\n'
SCHEMA = {
    **dict.fromkeys(NUMBERS, pl.Float64),
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(BOOLEANS, pl.Boolean),
}
NO_ROW = dict.fromkeys(SCHEMA)


def required(sql: str) -> Policy:
    return Policy.from_toml(HEAD + f'require = """{sql}"""\n')


def states(sql: str, table: Sequence[Row]) -> list[Value]:
    frame = pl.DataFrame(table, schema=SCHEMA)
    return required(sql).requirement("a").state(columns_of(frame)).series("state").to_list()


def preferred(sql: str) -> Policy:
    return Policy.from_toml(HEAD.replace('"session"', '"territory"') + f'prefer = """{sql}"""\nweight = 1\n')


def value(sql: str, **known: Value) -> Value:
    policy = preferred(sql)
    frame = pl.DataFrame([{**NO_ROW, **known}], schema=SCHEMA)
    shown: Value = policy.preference("a").value.evaluate(columns_of(frame)).series("value")[0]
    return shown


def state(sql: str, **known: Value) -> Value:
    return states(sql, [{**NO_ROW, **known}])[0]


@given(conditions, st.lists(rows, min_size=1, max_size=8))
@examples(300, suppress_health_check=[HealthCheck.too_slow])
def test_a_condition_means_what_it_means_in_plain_python(condition: Condition, table: list[Row]) -> None:
    expected = [condition.of(row) for row in table]
    try:
        found = states(condition.sql, table)
    except PolicyError as error:
        event(problem := error.problems[0].expected)
        never = "this one never is" in problem
        assert never or "always has the same value" in problem or "an expression of at most" in problem
        found = [state for state in expected if not never or state is not True]
    assert found == expected, "and never is said where it is sure"


@given(numbers, st.lists(rows, min_size=1, max_size=8))
@examples(300, suppress_health_check=[HealthCheck.too_slow])
def test_a_number_is_the_one_of_plain_python_or_unknown(number: Condition, table: list[Row]) -> None:
    # With a column in it whatever is drawn, and met by any situation: neither is what is tried here.
    try:
        policy = preferred(f"CASE WHEN area = 77 THEN 1 ELSE {number.sql} END")
    except PolicyError as error:
        if "an expression of at most" not in error.problems[0].expected:
            raise
        reject()
    frame = pl.DataFrame(table, schema=SCHEMA)
    found = policy.preference("a").value.evaluate(columns_of(frame)).series("value").to_list()
    expected = [number.of(row) for row in table]
    assert [each is None for each in found] == [each is None for each in expected]
    assert [each for each in found if each is not None] == pytest.approx(
        [each for each in expected if each is not None]
    )


UNKNOWN = [
    "area / 0", "0 * area / 0", "area / (income - income)", "LN(area - area)", "LN(0 - area)", "SQRT(0 - area)",
    "EXP(area * 1000)", "POW(area, 1000)", "POW(0 - area, 0.5)", "POW(area - area, -1)", "area * 1e308 * 1e308",
    "1e308 * area + 1e308 * area", "1 / (area / 0)", "EXP(0 - 1 / (area - area))", "ABS(area / 0)",
    "POW(1 / (area - area), 0)", "POW(1, area / 0)", "area / 0 - area / 0",
]  # fmt: skip


@pytest.mark.parametrize("number", UNKNOWN)
def test_what_is_no_finite_number_is_unknown(number: str) -> None:
    assert value(f"({number}) / 1", area=3.0, income=2.0) is None
    assert state(f"{number} > 1000000", area=3.0, income=2.0) is None
    assert state(f"{number} IS NULL", area=3.0, income=2.0) is True
    assert state(f"NOT {number} IN (1, 2)", area=3.0, income=2.0) is None
    assert value(f"COALESCE({number}, 0.25)", area=3.0, income=2.0) == 0.25


@pytest.mark.parametrize("unknown", ["refuse", "accept"])
def test_a_requirement_that_computes_no_number_does_what_it_says_of_the_unknown(unknown: str) -> None:
    rule = required(f'income / area >= 0.5"""\nunknown = """{unknown}').requirement("a")
    columns = columns_of(pl.DataFrame([{**NO_ROW, "income": 0.0, "area": 0.0}], schema=SCHEMA))
    assert rule.state(columns).series("state").to_list() == [None]
    assert rule.holds(columns).tolist() == [unknown == "accept"]


ORDER = [
    ("label = 'a' IS NOT NULL", {"label": None}, False),
    ("label = 'a' IS NOT NULL", {"label": "b"}, True),
    ("NOT area = 1 AND rural", {"area": 2.0, "rural": True}, True),
    ("NOT area IS NULL", {"area": 2.0}, True),
    ("area > 1 OR income > 1 AND rural", {"area": 2.0, "income": 0.0, "rural": False}, True),
    ("area + 2 * income - 1 = 6", {"area": 1.0, "income": 3.0}, True),
    ("area / income / 2 = 2", {"area": 12.0, "income": 3.0}, True),
    ("area - income - 1 = 1", {"area": 5.0, "income": 3.0}, True),
    ("- area * 2 = -4", {"area": 2.0}, True),
    ("area - -1 = 3", {"area": 2.0}, True),
    ("area --1 = 3", {"area": 2.0}, True),
    ("area BETWEEN 1 AND 3 = rural", {"area": 2.0, "rural": True}, True),
    ("area NOT BETWEEN 1 AND 3 OR rural", {"area": 2.0, "rural": True}, True),
    ("rural IS NOT TRUE", {"rural": None}, True),
    ("area NOT IN (1, NULL) IS NULL", {"area": 2.0}, True),
    ("CASE WHEN area > 0 THEN 1 WHEN area > 1 THEN 2 END = 1", {"area": 2.0}, True),
    ("CASE label WHEN 'a' THEN area WHEN 'b' THEN income END > 1", {"label": "b", "area": 0.0, "income": 2.0}, True),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "known", "expected"), ORDER)
def test_operators_bind_as_in_sql(sql: str, known: dict[str, Value], expected: Value) -> None:
    assert state(sql, **known) is expected


@pytest.mark.parametrize(
    "sql",
    [
        "area > 1 > 2", "area = income = 2", "area > 'a'", "rural + 1 > 1", "rural > asked", "NOT area",
        "area AND rural", "CASE WHEN area THEN 1 END > 1", "CASE WHEN rural THEN 1 ELSE 'a' END = 1",
        "COALESCE(area, label) = 1", "NULLIF(area) = 1", "EXP(area, 2) > 1", "EXP() > 1", "area IN ()",
        "area IN ('a')", "area IN (1 + 1)", "area BETWEEN 1", "area IS 1", "(area > 1", "area > 1)", "area area",
        "CASE END", "CASE WHEN rural END", "area NOT 1", "rural BETWEEN FALSE AND TRUE", "area > ,",
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_both_languages(sql: str) -> None:
    with pytest.raises(PolicyError) as caught:
        required(sql)
    (problem,) = caught.value.problems
    assert problem.expected.startswith("a correct SQL expression (")
    assert problem.expected_fr.startswith("une expression SQL correcte (")


def test_a_condition_means_what_it_means_to_duckdb() -> None:
    # The order of operators and three-valued logic, by somebody else's reading; its arithmetic has errors of its own.
    table = pl.DataFrame(
        [
            {"area": area, "income": income, "height": 2.0, "zone": word, "label": "a", "rural": yes, "asked": None}
            for area in (None, 1.0, 3.0)
            for income in (1.0, 2.0)
            for word in (None, "09")
            for yes in (None, True, False)
        ],
        schema=SCHEMA,
    )  # fmt: skip
    assert table.height == 36
    with duckdb.connect() as database:
        database.register("table_of_candidates", table)
        for sql, _, _ in ORDER:
            if "--" not in sql:
                row = database.execute(f"SELECT {sql} FROM table_of_candidates").fetchall()  # noqa: S608 - ours
                assert [state for (state,) in row] == states(sql, table.to_dicts()), sql


@pytest.mark.parametrize(
    ("sql", "holds"),
    [
        ("zone < '20'", True),
        ("zone < ''", False),
        ("zone > '20' AND zone < '20a'", True),
        ("zone > '20' AND zone < '20'", False),
        ("zone < label AND label < zone", False),
        ("zone <> label AND zone < 'b' AND label < 'b' AND zone > 'a' AND label > 'a'", True),
        ("area < income AND income < height AND area > 1 AND height < 2", True),
        ("area < income AND income < area", False),
        ("area > 20 AND area < 10", False),
        ("area > -5 AND area < -4", True),
        ("area < -4 AND area > -4", False),
        ("area + 1 < area", True),  # nothing is claimed of what is computed
        ("area IN (1, 2) AND area > 2", False),
    ],
)
def test_never_is_said_where_it_is_sure(sql: str, *, holds: bool) -> None:
    if holds:
        assert required(sql).requirement("a").condition.sql == sql
    else:
        with pytest.raises(PolicyError, match="this one never is"):
            required(sql)


def test_of_many_rules_with_long_lists_each_pair_that_never_holds_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = "".join(
        f'[[rule]]\nid = "r{n}"\nstage = "session"\nrequire = "area IN ({", ".join(map(str, range(n, n + 15)))})"\nfr = "f"\nen = "e"\n'
        for n in range(90)
    )
    evaluated = 0
    evaluate = Expression.evaluate

    def counted(expression: Expression, columns: Mapping[str, Values]) -> Values:
        nonlocal evaluated
        evaluated += 1
        return evaluate(expression, columns)

    monkeypatch.setattr(Expression, "evaluate", counted)
    with pytest.raises(PolicyError, match="rules that can be met together: these never are") as caught:
        Policy.from_toml(HEAD.partition("[[rule]]")[0] + rules)
    never = sum(range(90 - 14))
    assert len(caught.value.problems) == never
    assert evaluated == 90 + 90 + 2 * never, "once alone and once for all pairs, and then those that never hold"


@pytest.mark.parametrize("values", [[None, None], [None, 1.0], [1.0, 2.0]])
@pytest.mark.parametrize(
    "choice",
    ["COALESCE(area, 0)", "CASE WHEN area > 0 THEN 1 ELSE 0 END", "NULLIF(1, area)", "CASE WHEN area > 0 THEN 1 END"],
)
def test_a_constant_is_compared_with_what_is_the_same_everywhere(choice: str, values: list[float | None]) -> None:
    table = [{**NO_ROW, "area": value} for value in values]
    for sign, exchanged in (("=", "="), ("<>", "<>"), ("<", ">"), ("<=", ">="), (">", "<"), (">=", "<=")):
        found = states(f"0.5 {sign} {choice} OR asked", table)
        assert found == states(f"{choice} {exchanged} 0.5 OR asked", table)
        assert len(found) == len(values)
    assert states(f"0.5 BETWEEN {choice} AND 2 OR asked", table) == states(f"{choice} <= 0.5 OR asked", table)


@pytest.mark.parametrize(
    "sql", ["NULLIF(1, area) > 0", "(area = NULL) IS NULL", "COALESCE(1, area) > 0", "area IN (NULL) IS NULL"]
)
def test_what_is_the_same_everywhere_is_so_for_each_row(sql: str) -> None:
    for values in ((None, 2.0, 3.0), (2.0, 3.0, 4.0)):
        assert states(sql, [{**NO_ROW, "area": value} for value in values]) == [True] * 3
