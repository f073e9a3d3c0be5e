"""Rows of the history: a frame and a sequence of models say the same."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from decimal import Decimal
from typing import Any, get_args

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError

from made import programme, small
from prai_match import Programme, ProgrammeError
from prai_match.model import Attendance, HeldSession, Model, Need, ProgrammeData, Rows, row_problems
from prai_match.model._catalogue import Channel

FIELDS: dict[str, type[Model]] = {"needs": Need, "sessions": HeldSession, "attendances": Attendance}

ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,8}", fullmatch=True)
days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))
needs = st.builds(
    Need,
    collectivity=ids,
    date=days,
    channel=st.sampled_from(get_args(Channel)),
    text=st.text(max_size=9),
    workshop=st.none() | ids,
    axis=st.none() | ids,
    people=st.integers(1, 500),
)
held = st.builds(
    HeldSession,
    id=ids,
    session=ids,
    date=days,
    booked_on=st.none() | days,
    host=ids,
    partner=st.none() | ids,
    cost=st.decimals(0, 9_999_999_999, places=2) | st.sampled_from([Decimal("1E+4"), Decimal("-0.00"), Decimal("0.5")]),
)
attended = st.builds(
    Attendance,
    collectivity=ids,
    session=ids,
    date=days,
    elected=st.integers(0, 500),
    technicians=st.integers(0, 500),
    rating=st.none() | st.floats(1, 4),
    held=st.none() | ids,
)
_models: list[tuple[type[Model], st.SearchStrategy[Any]]] = [(Need, needs), (HeldSession, held), (Attendance, attended)]
sequences: st.SearchStrategy[tuple[type[Model], list[Model]]] = st.one_of(
    [st.tuples(st.just(row), st.lists(models, max_size=6)) for row, models in _models]
)


def read(row: type[Model], value: object) -> Rows[Any]:
    rows: Rows[Any] = TypeAdapter(Rows[row]).validate_python(value)  # type: ignore[valid-type]
    return rows


@given(sequences)
def test_rows_are_the_sequence_that_they_were_made_of(made: tuple[type[Model], list[Model]]) -> None:
    row, models = made
    rows = Rows(row, models)
    assert list(rows) == models
    assert [rows[place] for place in range(-len(models), 0)] == models
    assert rows[1:4] == models[1:4]
    assert rows[::-1] == tuple(reversed(models))
    assert len(rows) == len(models)
    assert rows == tuple(models)
    assert hash(rows) == hash(tuple(models))
    assert all(type(model) is row for model in rows)


@given(sequences)
def test_a_frame_is_read_as_the_models_are(made: tuple[type[Model], list[Model]]) -> None:
    row, models = made
    rows = Rows(row, models)
    records = [model.model_dump() for model in models]
    for value in (rows, models, records, rows.to_polars(), rows.to_polars().to_arrow(), rows[:].to_polars()):
        assert read(row, value) == rows
    assert TypeAdapter(Rows[row]).validate_json(TypeAdapter(Rows[row]).dump_json(rows)) == rows  # type: ignore[valid-type]
    assert pickle.loads(pickle.dumps(rows)) == rows  # noqa: S301 - our own bytes
    assert copy.deepcopy(rows) == rows


@given(sequences)
def test_rows_are_written_as_a_tuple_of_models_is(made: tuple[type[Model], list[Model]]) -> None:
    row, models = made
    ours, plain = TypeAdapter(Rows[row]), TypeAdapter(tuple[row, ...])  # type: ignore[valid-type]
    rows = Rows(row, models)
    assert ours.dump_python(rows) == plain.dump_python(tuple(models))
    assert ours.dump_python(rows, exclude={0: {"date"}}) == plain.dump_python(tuple(models), exclude={0: {"date"}})
    assert ours.json_schema() == plain.json_schema()
    assert ours.json_schema(mode="serialization") == plain.json_schema(mode="serialization")


def test_the_schema_of_a_programme_says_that_rows_may_be_left_out() -> None:
    schema = ProgrammeData.model_json_schema()
    assert [schema["properties"][name]["default"] for name in FIELDS] == [[], [], []]
    assert not set(FIELDS) & set(schema["required"])


def test_rows_are_equal_only_to_equal_sequences() -> None:
    rows = programme().needs
    assert rows != rows[:2]
    assert rows != list(rows)[:2]
    assert rows != [*rows[:2], rows[0]]
    assert rows != Rows(Attendance, programme().attendances)
    assert rows != "needs"
    assert repr(rows) == "<Rows of Need: 3>"
    with pytest.raises(IndexError):
        rows[3]


def test_the_frame_is_handed_over_as_it_is() -> None:
    made = programme()
    frame = made.attendances.to_polars()
    again = programme(attendances=frame).attendances
    assert again == made.attendances
    assert pl.DataFrame(pa.table(again)).equals(frame)
    assert (
        found({"needs": made.attendances})[0]
        == "needs.session: found 'session', expected another name: there is no such field"
    )
    assert made.attendances.to_polars() is frame


def test_a_stream_that_can_be_read_once_is_enough() -> None:
    table = programme().needs.to_polars().with_columns(people=pl.lit(0)).to_arrow()
    with pytest.raises(ProgrammeError) as caught:
        programme(needs=pa.RecordBatchReader.from_batches(table.schema, table.to_batches()))
    assert [problem.where for problem in caught.value.problems] == [f"needs[{place}].people" for place in range(1, 4)]


def test_columns_that_are_not_there_have_the_default() -> None:
    frame = pl.DataFrame({"collectivity": ["09001"], "date": [dt.date(2007, 1, 2)], "workshop": ["sig"]})
    assert programme(needs=frame).needs == (Need(collectivity="09001", date=dt.date(2007, 1, 2), workshop="sig"),)


@pytest.mark.parametrize(
    ("field", "column", "dtype"),
    [
        ("needs", "people", pl.Int8),
        ("needs", "people", pl.UInt64),
        ("needs", "people", pl.String),
        ("needs", "channel", pl.Categorical),
        ("needs", "channel", pl.Enum(["other"])),
        ("needs", "date", pl.String),
        ("needs", "date", pl.Datetime("us")),
        ("needs", "people", pl.Object),
        ("attendances", "rating", pl.Float32),
        ("attendances", "rating", pl.String),
        ("attendances", "elected", pl.Float64),
        ("sessions", "cost", pl.Decimal(38, 6)),
        ("sessions", "cost", pl.Float64),
        ("sessions", "cost", pl.Int64),
        ("sessions", "axis", pl.Null),
    ],
)
def test_columns_of_other_types_are_read_as_their_values_are(field: str, column: str, dtype: Any) -> None:
    made = programme()
    frame = getattr(made, field).to_polars()
    values = frame[column]
    other = pl.Series(column, values.to_list(), pl.Object) if dtype == pl.Object else values.cast(dtype)
    assert programme(**{field: frame.with_columns(other)}) == made


WRONG: list[Any] = [
    *(
        None,
        "",
        "é",
        "a b",
        "x" * 65,
        "2007-02-30",
        "2007-03-01",
        "2007-03-01T10:00",
        "03/09/2007",
        "sig",
        "buffet",
        "1",
    ),
    *(0, 1, -1, 501, 2**40, 0.5, 4.5, float("nan"), float("inf"), "1.234", True, dt.date(2007, 3, 1)),
    *(dt.datetime(2007, 3, 1, 1), Decimal("1.234"), Decimal("1E+11"), Decimal(-3), [1], {"x": 1}),  # noqa: DTZ001
]


@given(
    st.sampled_from([(field, column) for field, row in FIELDS.items() for column in row.model_fields]),
    st.lists(st.sampled_from(WRONG), min_size=1, max_size=3),
)
def test_a_frame_has_the_problems_that_records_have(place: tuple[str, str], values: list[Any]) -> None:
    field, column = place
    first = getattr(programme(), field)[0].model_dump()
    records = [{**first, column: value} for value in values]
    plain = pl.DataFrame([first] * len(values), schema=Rows(FIELDS[field]).to_polars().schema)
    frame = plain.with_columns(pl.Series(column, values, pl.Object))
    assert found({field: frame}) == found({field: records})
    assert [str(problem) for problem in row_problems(frame, FIELDS[field], field)] == by_themselves(field, records)


typed = st.one_of(
    st.tuples(
        st.just("collectivity"), st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3))
    ),
    st.tuples(st.just("held"), st.lists(st.none() | st.sampled_from(["a", "a\n", "-a", "à", "", "x" * 64, "x" * 65]))),
    st.tuples(st.just("elected"), st.lists(st.none() | st.integers(-2, 2) | st.integers(499, 502))),
    st.tuples(st.just("rating"), st.lists(st.none() | st.floats(allow_nan=False) | st.floats(0.9, 4.1))),
    st.tuples(st.just("date"), st.lists(st.none() | days)),
)


@given(typed)
def test_typed_columns_have_the_problems_that_records_have(made: tuple[str, list[Any]]) -> None:
    column, values = made
    first = programme().attendances[0].model_dump()
    schema = Rows(Attendance).to_polars().schema
    frame = pl.DataFrame([{**first, column: value} for value in values], schema=schema)
    told = [str(problem) for problem in row_problems(frame, Attendance, "attendances")]
    assert told == by_themselves("attendances", frame.to_dicts())


def found(changes: dict[str, Any]) -> list[str]:
    try:
        Programme.model_validate({**small(), **changes})
    except ProgrammeError as error:
        return [str(problem) for problem in error.problems]
    return []


def by_themselves(field: str, records: list[dict[str, Any]]) -> list[str]:
    """Places of what pydantic finds wrong with records, without the contradictions of the programme."""
    with_all = found({field: records})
    try:
        read(FIELDS[field], records)
    except ValidationError as error:
        return with_all[: error.error_count()]
    return []


def test_what_is_wrong_with_a_whole_column_is_told_once() -> None:
    frame = pl.DataFrame({"collectivity": ["09001", "09003"], "dates": ["2007-01-01"] * 2})
    assert [str(problem) for problem in row_problems(frame, Need, "needs")] == [
        "needs.dates: found 'dates', expected another name: there is no such field",
        "needs.date: found nothing, expected a value: the field is required",
    ]
    assert found({"needs": frame}) == [str(problem) for problem in row_problems(frame, Need, "needs")]


def test_days_that_python_cannot_hold_are_problems_like_the_others() -> None:
    needs = programme().needs.to_polars()
    days = needs.with_columns(date=pl.Series([1, 10**8, 2], dtype=pl.Int32).cast(pl.Date))
    times = needs.with_columns(date=pl.Series([0, 2**62, 0], dtype=pl.Int64).cast(pl.Datetime("ms")))
    for frame, far in ((days, "100000000"), (times, "53375995583")):
        (problem,) = row_problems(frame, Need, "needs")
        assert problem.where == "needs[2].date"
        assert problem.found == f"'{far} days after 1970-01-01'"


def test_bad_rows_of_a_frame_and_contradictions_of_its_good_rows_are_reported_together() -> None:
    made = programme()
    attendances = pl.concat([made.attendances.to_polars()] * 3).with_columns(
        elected=pl.Series([-1, 3, 4]), collectivity=pl.Series(["09003", "09003", "31"])
    )
    sessions = made.sessions.to_polars().with_columns(host=pl.lit("not a code"))
    assert found({"attendances": attendances}) == [
        "attendances[1].elected: found -1, expected a value of at least 0",
        "attendances[3].collectivity: '31' is not a known collectivity of a territory",
    ]
    # What a bad row defines is not told as unknown.
    assert [problem.partition(":")[0] for problem in found({"sessions": sessions})] == ["sessions[1].host"]


def test_contradictions_are_told_row_by_row() -> None:
    frame = pl.concat([programme().attendances.to_polars()] * 2).with_columns(
        session=pl.Series(["b_web", "b_wbe"]), collectivity=pl.lit("9003"), elected=0, technicians=0
    )
    assert [problem.partition(":")[0] for problem in found({"attendances": frame})] == [
        "attendances[1].collectivity",
        "attendances[1].elected",
        "attendances[2].collectivity",
        "attendances[2].session",
        "attendances[2].elected",
        "attendances[2].held",
    ]


def test_suggestions_stop_where_nobody_reads_them() -> None:
    frame = pl.concat([programme().attendances.to_polars()] * 600).with_columns(
        collectivity=pl.format("0900{}x", pl.int_range(pl.len()))
    )
    told = found({"attendances": frame})
    assert len(told) == 600
    assert "did you mean" in told[0]
    assert told[-1].endswith("is not a known collectivity of a territory")


def test_a_copy_takes_rows_as_models_or_as_they_are() -> None:
    made = programme()
    assert made.model_copy(update={"needs": list(made.needs)[:1]}) == made.model_copy(update={"needs": made.needs[:1]})
    assert isinstance(made.model_copy(update={"needs": ()}).needs, Rows)
    assert made.model_copy() == made
