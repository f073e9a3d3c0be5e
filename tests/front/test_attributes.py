"""Attributes of a region's own are read by rules everywhere, with the same points, and kept in every form."""

from __future__ import annotations

import copy
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, get_args

import polars as pl
import pytest
from click.testing import CliRunner

from datasets.histories import TABLES, by_departement, without_history, written
from made import ON, SMALL
from prai_match import Programme, charts, recommend_dataset
from prai_match.cli._app import application
from prai_match.errors import PolicyError, ProgrammeError
from prai_match.io import Format
from prai_match.simulate import Scenario
from testing.test_testing_attributes import reading_rules

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match.policy import Stage

VALUES: dict[str, tuple[Any, ...]] = {
    "boolean": (True, None, False),
    "integer": (30, 5, None),
    "decimal": ("2.5", "20.25", None),
    "text": ("oui", "non", None),
    "date": ("2007-01-01", "2007-12-01", None),
}


def known() -> dict[str, Any]:
    """The small programme's data, with an attribute of each type of all that has any."""
    data = copy.deepcopy(SMALL)
    catalogue = data["catalogue"]
    tables = {name: data[name] for name in ("territories", "collectivities", "partners", "trainers")}
    tables["sessions"] = [*catalogue["buffets"], *catalogue["workshops"]]
    data["attributes"] = [
        {"of": of, "name": f"{of}_{kind}", "type": kind, "fr": f"Français {of} {kind}", "en": f"English {of} {kind}"}
        for of in tables
        for kind in VALUES
    ]
    for of, rows in tables.items():
        for place, row in enumerate(rows):
            row["attributes"] = {f"{of}_{kind}": values[place % 3] for kind, values in VALUES.items()}
    return data


@pytest.fixture(scope="module")
def prog() -> Programme:
    made = Programme.model_validate(known())
    return made.with_policy(reading_rules(made))


def test_each_rule_has_its_points(prog: Programme) -> None:
    rec = prog.recommend(on=ON)["T1"]
    points = rec.why().contributions
    assert sum(points.values()) == rec.score
    assert all(points[f"own_territories_{kind}_{stage}"] > 0 for kind in VALUES for stage in ("session", "place"))
    assert points["own_collectivities_text_place"] == pytest.approx(
        points["own_territories_text_place"] / 4, rel=1e-4
    )  # its members differ: unknown
    assert rec.trainer == "web"
    assert all(points[f"own_trainers_{kind}_trainer"] > 0 for kind in VALUES)


def test_the_points_are_the_same_wherever_they_are_asked_for(prog: Programme, tmp_path: Path) -> None:
    recs = prog.recommend(on=ON)
    rec = recs["T1"]
    with ThreadPoolExecutor(1) as executor:
        assert prog.recommend(on=ON, executor=executor).to_polars().equals(recs.to_polars())
    (bars, *_) = charts.contributions(rec).to_dict()["datasets"].values()
    heights = sorted(round(bar["to"] - bar["from"], 9) for bar in bars if bar["to"] != bar["from"])
    assert heights == sorted(round(points, 9) for points in rec.why().contributions.values() if points)
    tables = {name: getattr(prog, name).to_polars() for name in TABLES}
    folder = written(tmp_path / "history", tables, by_departement(prog))
    recommend_dataset(without_history(prog), folder, tmp_path / "out", on=ON)
    ranking = pl.scan_parquet(tmp_path / "out" / "ranking" / "*.parquet").collect().sort("territory", "rank")
    assert ranking.equals(recs.ranking())
    need = {"collectivity": "09002", "date": "2007-08-01", "workshop": "sig", "people": 9}
    changed = rec.what_if(with_needs=[need]).after["T1"]
    assert changed.why().contributions == prog.with_needs([need]).recommend(on=ON)["T1"].why().contributions


def test_what_it_would_take_is_verified_with_them() -> None:
    region = Programme.example()
    declared = {"of": "territories", "name": "asked", "type": "boolean", "fr": "Demande", "en": "Asked"}
    rows = [each.model_copy(update={"attributes": {"asked": True}}) for each in region.territories]
    made = region.model_copy(update={"attributes": [declared], "territories": rows})
    made = made.with_policy(made.policy.prefer("asked AND session = 'teleservices'", id="asked", weight=0.1))
    rec = made.recommend(on=ON, territories="200034064")["200034064"]
    needed = rec.what_would_it_take(session="teleservices")
    assert needed.answers
    for answer in needed:
        after = rec.what_if(**answer.applied).after[rec.territory]
        assert (after.session, after.score) == ("teleservices", answer.score)
        assert after.why().contributions["asked"] > 0


def test_the_command_line_reads_them(prog: Programme, tmp_path: Path) -> None:
    prog.save(tmp_path / "folder")
    run = CliRunner(catch_exceptions=False).invoke(
        application(),
        ["recommend", str(tmp_path / "folder"), "--on", str(ON), "--out", str(tmp_path / "out.parquet")],
    )
    assert run.exit_code == 0, run.output


def test_plans_and_simulations_read_them() -> None:
    data = known()
    data["catalogue"]["buffets"] = [{**row, "min_seats": 8} for row in data["catalogue"]["buffets"]]
    prog = Programme.model_validate(data)
    prog = prog.with_policy(reading_rules(prog))
    plan = prog.plan(ON, dt.date(2007, 12, 21), time_limit=0)
    regional = prog.plan_by_region(ON, dt.date(2007, 12, 21), time_limit=0)
    assert (plan.check().height, regional.check().height) == (0, 0)
    nobody = prog.policy.require("trainers_integer > 1000", id="nobody", stage="trainer")
    assert prog.plan(ON, dt.date(2007, 12, 21), policy=nobody, time_limit=0).sessions.height < plan.sessions.height
    wishes = Programme.model_validate(known()).policy.prefer(
        "territories_boolean", id="wish", kind="workshop", weight=5
    )
    nothing = wishes.require("sessions_date > 9000", id="nothing", unknown="refuse")
    scenarios = [Scenario.of("now", with_policy=wishes), Scenario.of("other", with_policy=nothing)]
    totals = prog.simulate(scenarios, ON, dt.date(2007, 12, 31), replications=2).summary()
    planned = {row["scenario"]: row["mean"] for row in totals.filter(measure="planned").iter_rows(named=True)}
    assert planned["now"] > planned["other"] == 0


def test_an_attribute_of_a_territory_is_what_extra_joins() -> None:
    """The shorthand and the attribute: the same recommendations, and the same plan."""
    rules: dict[str, tuple[str, Stage]] = {
        "cond": ("asked OR session = 'sig'", "session"),
        "more": ("asked AND own_place", "place"),
        "most": ("asked AND host_km < 30", "place"),
    }
    data = copy.deepcopy(SMALL)
    plain = Programme.model_validate(data)
    data["attributes"] = [{"of": "territories", "name": "asked", "type": "boolean", "fr": "Demande", "en": "Asked"}]
    for place, row in enumerate(data["territories"]):
        row["attributes"] = {"asked": place != 1}
    declared = Programme.model_validate(data)
    joined = plain.policy.with_column("asked", "boolean")
    own = declared.policy
    for id_, (value, stage) in rules.items():
        joined, own = (each.prefer(value, id=id_, weight=9, stage=stage) for each in (joined, own))
    joined, own = (each.require("asked", id="only_asked") for each in (joined, own))
    extra = {"territory": ["T1", "T2", "T3"], "asked": [True, False, True]}
    left = plain.recommend(on=ON, policy=joined, extra=extra).ranking()
    assert left.equals(declared.recommend(on=ON, policy=own).ranking())
    period = (ON, dt.date(2007, 12, 21))
    for method in ("plan", "plan_by_region"):
        one = getattr(plain, method)(*period, policy=joined, extra=extra, time_limit=0)
        other = getattr(declared, method)(*period, policy=own, time_limit=0)
        assert one.sessions.equals(other.sessions), method
        assert one.seats.equals(other.seats), method
        assert "T2" not in one.seats["territory"]
    with pytest.raises(ProgrammeError, match="asked"):
        plain.plan(*period, policy=joined, time_limit=0)


@pytest.mark.parametrize(
    ("table", "kind", "value"),
    [
        ("territories", "boolean", False),
        ("collectivities", "integer", 31),
        ("partners", "text", "non"),
        ("trainers", "date", dt.date(2007, 1, 2)),
    ],
)
def test_another_value_is_another_fingerprint(prog: Programme, table: str, kind: str, value: object) -> None:
    first, *rest = getattr(prog, table)
    other = first.model_copy(update={"attributes": {**first.attributes, f"{table}_{kind}": value}})
    after = prog.model_copy(update={table: [other, *rest]})
    recs = prog.recommend(on=ON)
    assert recs.fingerprint.changed(after.recommend(on=ON).fingerprint) == (table,)
    assert recs.fingerprint == Programme.model_validate_json(prog.model_dump_json()).recommend(on=ON).fingerprint


@pytest.mark.parametrize("form", get_args(Format))
def test_every_format_keeps_them(prog: Programme, form: Format, tmp_path: Path) -> None:
    prog.save(tmp_path, form)
    back = Programme.load(tmp_path, strict=True)
    assert back == prog
    assert back.trainers[0].attributes == prog.trainers[0].attributes
    assert [type(value) for value in back.trainers[0].attributes.values()] == [
        type(value) for value in prog.trainers[0].attributes.values()
    ]
    assert back.load_report is not None
    assert back.load_report.notices().is_empty()


@pytest.mark.parametrize("label", ["trainers_boolean", "Français trainers boolean", "english TRAINERS Boolean"])
def test_a_column_is_known_by_the_name_or_the_meaning(prog: Programme, label: str, tmp_path: Path) -> None:
    prog.save(tmp_path)
    table = tmp_path / "trainers.csv"
    table.write_text(table.read_text("utf-8-sig").replace("trainers_boolean", label).replace("yes", "Oui"), "utf-8")
    back = Programme.load(tmp_path, strict=True)
    assert back == prog
    assert back.load_report is not None
    assert back.load_report.unused() == []


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("boolean", "peut-être", "peut-être"),
        ("integer", "2,5", "2,5"),
        ("decimal", "beaucoup", "beaucoup"),
        ("date", "le 32 mai", "le 32 mai"),
        ("integer", "9999999999999999", "9999999999999999"),
    ],
)
def test_a_wrong_value_is_told_with_its_file_line_and_column(
    prog: Programme, column: str, cell: str, said: str, tmp_path: Path
) -> None:
    prog.save(tmp_path)
    rows = pl.read_csv(tmp_path / "trainers.csv", separator=";", infer_schema=False)
    name = f"trainers_{column}"
    worse = rows.with_columns(pl.when(pl.int_range(pl.len()) == 1).then(pl.lit(cell)).otherwise(name).alias(name))
    worse.write_csv(tmp_path / "trainers.csv", separator=";")
    with pytest.raises(ProgrammeError) as caught:
        Programme.load(tmp_path, strict=True)
    (problem,) = [each for each in caught.value.problems if each.where == f"trainers.csv:3.{name}"]
    assert said in problem.found


def test_frames_have_them_as_columns(prog: Programme) -> None:
    data = known()
    settings: dict[str, Any] = {name: data[name] for name in ("name", "period", "catalogue", "attributes")}
    flat = {
        name: pl.DataFrame(
            [
                {key: value for key, value in row.items() if key != "attributes"} | row.get("attributes", {})
                for row in data[name]
            ],
            infer_schema_length=None,
        )
        for name in ("territories", "collectivities", "partners", "needs", "sessions", "attendances")
    }
    trainers = [{**row, **row["attributes"]} for row in data["trainers"]]
    left = ("attributes", "expertise")
    flat["trainers"] = pl.DataFrame([{key: row[key] for key in row if key not in left} for row in trainers])
    flat["expertise"] = pl.DataFrame(
        [{"trainer": row["id"], "session": one["session"]} for row in trainers for one in row["expertise"]]
    )
    made = Programme.from_tables(settings, flat, strict=True)
    for name in ("territories", "collectivities", "partners", "trainers"):
        assert [row.attributes for row in getattr(made, name)] == [
            {key: value for key, value in row.attributes.items() if value is not None} for row in getattr(prog, name)
        ]


@pytest.mark.parametrize(
    ("table", "values", "where"),
    [
        ("trainers", {"trainers_integer": "many"}, "trainers[1].attributes.trainers_integer"),
        ("territories", {"unheard": 1}, "territories[1].attributes.unheard"),
        ("partners", {"partners_decimal": "1234567890.1234567"}, "partners[1].attributes.partners_decimal"),
    ],
)
def test_what_is_not_declared_or_not_of_the_type_is_refused(table: str, values: dict[str, object], where: str) -> None:
    data = known()
    data[table][0]["attributes"] = values
    with pytest.raises(ProgrammeError) as caught:
        Programme.model_validate(data)
    assert [problem.where for problem in caught.value.problems] == [where]


def test_a_policy_of_another_programme_is_refused(prog: Programme) -> None:
    other = Programme.model_validate(SMALL)
    with pytest.raises(PolicyError, match="territories_boolean"):
        other.recommend(on=ON, policy=prog.policy)
