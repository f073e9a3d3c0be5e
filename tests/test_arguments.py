"""What any public callable answers to a wrong argument: a `PraiError` or a `TypeError`, and soon."""

from __future__ import annotations

import atexit
import datetime as dt
import inspect
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, get_origin, is_typeddict

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

import made
import prai_match as pm
from prai_match.errors import ArgumentError
from prai_match.explain import ChangeFields
from prai_match.model import Model
from prai_match.simulate._scenario import ScenarioFields

WRONG: dict[str, Callable[[], object]] = {
    "None": lambda: None,
    "0": lambda: 0,
    "-1": lambda: -1,
    "2.5": lambda: 2.5,
    "nan": lambda: float("nan"),
    "inf": lambda: float("inf"),
    "True": lambda: True,
    "empty text": lambda: "",
    "text": lambda: "x",
    "bytes": lambda: b"x",
    "empty list": list,
    "list of None": lambda: [None],
    "list of a list": lambda: [["x"]],
    "empty dictionary": dict,
    "dictionary": lambda: {1: "x"},
    "object": object,
    "set": lambda: {1.5},
    "date": lambda: dt.date(2007, 9, 3),
    "time": lambda: dt.datetime(2007, 9, 3, 12, tzinfo=dt.UTC),
    "first day": lambda: dt.date.min,
    "last day": lambda: dt.date.max,
    "huge": lambda: 10**400,
    "function": lambda: lambda: None,
    "class": lambda: int,
    "empty frame": pl.DataFrame,
    "frame": lambda: pl.DataFrame({"x": [1]}),
    "Decimal": lambda: Decimal("NaN"),
    "complex": lambda: 1j,
    "iterator": lambda: iter([object()]),
}

LATER: dict[str, str] = {
    r"prai_match\.testing\..*": "strategies and readings for tests; they check what they draw, when they draw it",
    r".*Error\.of|prai_match\.(errors\.)?Problem\.of": "the words of a catalogue, by its key: it is for the library itself",
    r"prai_match\.(cli\.main|demo\.run)": "the arguments of a command line, which argparse and Typer read",
}
"""What isn't tried, and why."""

FOLDERS = sorted(
    name for name in dir(pm) if inspect.ismodule(getattr(pm, name)) and hasattr(getattr(pm, name), "__all__")
)
ON, END = dt.date(2007, 9, 3), dt.date(2007, 9, 14)
_SECONDS = 10.0
"""Of a processor, that a call may take."""
_FORMAT = re.compile(r"Unpack\[(?:\w+\.)?(\w+)\]")


@cache
def _objects() -> dict[str, Any]:
    """Valid arguments, by name, and an object of each type that is made by a method."""
    programme = made.programme()
    recs = programme.recommend(ON, top=2)
    rec = recs["T1"]
    season = programme.plan(ON, END, time_limit=0)
    now = pm.simulate.Scenario(name="now")
    outcomes = programme.simulate([now, now.with_("other")], dt.date(2008, 1, 1), dt.date(2008, 1, 31), replications=2)
    example = pm.Programme.example()
    past = example.backtest([dt.date(2007, 5, 2)], replications=100, horizon_days=200)
    frame = pl.DataFrame({"x": [1]})
    return {
        "programme": programme,
        "recs": recs,
        "rec": rec,
        "plan": season,
        "regional": programme.plan_by_region(ON, END, time_limit=0),
        "now": now,
        "outcomes": outcomes,
        "example": example,
        "past": past,
        "frame": frame,
        "difference": recs.what_if(without_trainers=["web"]),
        "record": rec.record(),
        "dataset": _dataset(recs),
        "check": programme.check_policy(days=[ON]),
        "gaps": made.programme(partners=[made.small()["partners"][0] | {"carries": ["b_web"]}]).relay_gaps(ON, top=1),
        "strengths": pm.backtest.choose_strength(
            example, [dt.date(2007, 3, 1), dt.date(2007, 6, 1)], (1, 10), replications=100
        ),
    }


def _dataset(recs: pm.Recommendations) -> pm.RecommendationDataset:
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder)
    (folder / "recommendations").mkdir()
    recs.to_polars().write_parquet(folder / "recommendations" / "09.parquet")
    return pm.RecommendationDataset(folder, recs.on, recs.fingerprint, ("09",), ())


def _doctor() -> tuple[pm.doctor.Check, pm.doctor.Diagnosis]:
    check = pm.doctor.Check("viz", "skipped", "missing")
    return check, pm.doctor.Diagnosis("", "", "", (), (), (check,))


@cache
def _instances() -> dict[type, Any]:
    """An object of each public class that has methods."""
    o = _objects()
    heavier = pm.Policy.default().diff(pm.Policy.default().with_weights(equity=20))
    found = [
        heavier,
        heavier.rules[0],
        o["programme"],
        o["recs"],
        o["rec"],
        o["plan"],
        o["regional"],
        o["now"],
        o["outcomes"],
        o["past"],
    ]
    found += [o["difference"], o["record"], o["strengths"], o["record"].answer, o["record"].fingerprint]
    found += [o["programme"].policy, o["programme"].lexicon, o["programme"].follow_ups(ON), o["rec"].next]
    found += [o["programme"].open_days(ON), o["check"], o["gaps"]]
    found += [o["rec"].why(), o["rec"].notice(), o["rec"].why_not(session="sig"), o["rec"].notice().document]
    found += [o["rec"].why_not(session="sig").conditions[0]]
    found += [o["rec"].brief()]
    found += [o["rec"].what_would_it_take(session="sig"), pm.reproduce(o["record"], o["programme"])]
    found += [o["plan"] - o["plan"], pm.plan.Weights(), o["example"].load_report, o["programme"].policy.vocabulary]
    found += [
        pm.register.about(),
        pm.register.get("31555"),
        pm.register.resolve(["Toulouse"]),
        pm.register.resolve("Toulouse"),
    ]
    found += [pm.simulate.parameters()["comes"], pm.simulate.measures()["served"], o["programme"].needs]
    found += [
        pm.explain.Changes(),
        pm.explain.Departure(id="web"),
        pm.simulate.Behaviour(),
        pm.simulate.SeasonPlan(),
        pm.model.Text(fr="x", en="x"),
        pm.model.Kind(of="channels", id="x", name=pm.model.Text(fr="x", en="x")),
        pm.language("fr"),
    ]
    found += [pm.Problem("x", "y", "z"), pm.PraiError("x", "y"), pm.UnknownCodeError("x", "y"), pm.io.template]
    found += list(o["programme"].policy.requirements[:1]) + list(o["programme"].policy.preferences[:1])
    found += list(o["programme"].policy.vocabulary.all[:1])
    found += [
        pm.explain.SomeNeeds(collectivity="x"),
        pm.explain.SomeAttendances(collectivity="x"),
        o["difference"].facts[0],
    ]
    found += [pm.model.Attribute(name="own", type="integer", of="territories", fr="x", en="x")]
    found += [
        *_doctor(),
        o["dataset"],
    ]
    figure = {"figure": "rating", "status": "fitted", "published": 1.0, "least": None, "within": True}
    figure |= dict.fromkeys(("low", "median", "high"), 1.0)
    found += [_sensitivity(), pm.simulate.Replay(o["outcomes"], pl.DataFrame([figure]))]
    found += [next(iter(o["difference"])), *_models(o["example"]), o["programme"]]
    found += [pm.model.HostingRecord(departement="09", sessions=1), pm.Replacement("sig", "b_web", ON, "")]
    found += [pm.Booking("sig", ON, "T1", None, None, None)]
    found += [
        error("x", [pm.Problem("x", "y", "z")])
        for error in (pm.ProgrammeError, pm.PolicyError, pm.LexiconError, pm.BacktestError)
    ]
    found += [ArgumentError("x", "y"), pm.followups.Forecast.learned(_NOBODY, ON, sessions=["sig"])]
    found += [getattr(pm.errors, name)("x", "y") for name in pm.errors.__all__ if name.endswith("Warning")]
    return {type(thing): thing for thing in found}


def _models(of: Model) -> Iterator[Model]:
    """The models in a model."""
    for value in (getattr(of, name) for name in type(of).model_fields):
        for one in list(value)[:1] if isinstance(value, tuple | pm.model.Rows) else [value]:
            if isinstance(one, Model):
                yield from (one, *_models(one))


def _valid(folder: Path) -> dict[str, Any]:
    """Valid arguments, by the name of the parameter, or by that of the callable and the parameter."""
    o = _objects()
    programme = o["programme"]
    return {
        "programme": programme,
        "on": ON,
        "start": ON,
        "end": END,
        "day": ON,
        "since": ON,
        "lang": "fr",
        "trainer": "web",
        "partner": "adm09",
        "session": "sig",
        "territory": "T1",
        "rows": [],
        "calendar": programme.calendar,
        "budget": None,
        "policy": None,
        "lexicon": None,
        "texts": ["un SIG"],
        "splits": [dt.date(2007, 5, 2)],
        "changes": pm.explain.Changes(),
        "scenarios": o["now"],
        "scenario": o["now"],
        "measure": "served",
        "folder": folder / "folder",
        "path": folder / "file.csv",
        "settings": {},
        "tables": {},
        "recs": o["recs"],
        "rec": o["rec"],
        "found": o["past"],
        "outcomes": o["outcomes"],
        "plan": o["plan"],
        "gaps": o["gaps"],
        "structure": "adm09",
        "frame": o["frame"],
        "columns": {},
        "record": o["record"],
        "data": o["record"].to_json(),
        "rule": programme.policy.requirements[0].id,
        "condition": "population > 0",
        "value": "people > 0",
        "id": "mine",
        "weight": 1.0,
        "name": "mine",
        "type": "number",
        "rules": programme.policy.rows.rule,
        "catalogue": programme.catalogue,
        "attended": ["sig"],
        "target": "teleservices",
        "strength": 10.0,
        "code": "31555",
        "siren": "213105554",
        "epci": "243100518",
        "code_a": "31555",
        "code_b": "46042",
        "code_or_entry": "31555",
        "names": ["Toulouse"],
        "before": o["plan"],
        "sessions": o["plan"].sessions,
        "weights": pm.plan.Weights(),
        "replication": 0,
        "source": {"scenario": []},
        "text": programme.policy.to_toml(),
        "replications": 2,
        "time_limit": 0,
        "others": [],
        "row": pm.model.Need,
        "other": None,
        "executor": None,
        "key": "x",
        "package": "prai_match",
        "known": ["x"],
        "costs": {"need": 2},
        "never": ["wait"],
        "purpose": "charts",
        "extra": "viz",
        "where": "x",
        "purposes": (),
        "of": None,
        "stage": "session",
        "chart": pm.charts.calendar(programme),
        "sensitivity": _sensitivity(),
        "horizon_days": 100,
        "out": folder / "out",
        "history": folder,
        "reason": "x",
        "prai_match.FollowUps.learned.attended": _NOBODY,
        "prai_match.followups.Forecast.learned.attended": _NOBODY,
        "prai_match.followups.Forecast.probabilities.attended": _NOBODY,
        "prai_match.FollowUps.counted.counts": pm.FollowUps.declared(programme.catalogue).tally(_NOBODY, ON),
        "prai_match.Programme.example.name": "midi_pyrenees",
        "prai_match.Programme.backtest.policies": None,
        "prai_match.Policy.preference.rule": programme.policy.preferences[0].id,
        "prai_match.simulate.Outcomes.monthly.measure": "served",
        "prai_match.charts.performance.measure": "hit_1",
        "prai_match.Recommendation.what_would_it_take.session": "sig",
        "prai_match.recommend_dataset.extra": None,
        "prai_match.Programme.recommend.extra": None,
        "prai_match.reproduce.extra": None,
        "prai_match.needs.Lexicon.load.path": folder,
        "prai_match.simulate.sensitivity.only": ["comes"],
        "prai_match.simulate.sensitivity.end": ON,
        "prai_match.simulate.replay.programme": o["example"],
        "prai_match.simulate.replay.others": (),
        "prai_match.simulate.replay.replications": 1,
        "prai_match.Policy.of.data": programme.policy.rows,
        "prai_match.Policy.load.path": folder,
        "prai_match.Policy.load.programme": None,
        "prai_match.Policy.from_toml.programme": None,
    }


_NOBODY = pl.DataFrame(schema={"territory": pl.String, "session": pl.String, "date": pl.Date})


@cache
def _sensitivity() -> Any:
    frame = pl.DataFrame({"parameter": ["comes"], "low": [-2.0], "high": [1.0]})
    numbers = {name: pl.lit(1.0) for name in ("low_value", "high_value", "base", "low_error", "high_error")}
    return pm.simulate.Sensitivity("served", frame.with_columns(**numbers, given=pl.lit("assumed")))


@dataclass(frozen=True)
class Entry:
    """A public callable: its name, and how it is had once there are objects."""

    name: str
    get: Callable[[], Callable[..., Any]]
    parameters: tuple[inspect.Parameter, ...]


def _keywords(parameter: inspect.Parameter) -> Iterator[inspect.Parameter]:
    """The keywords that ``**options`` of a typed dictionary stands for."""
    typed = _FORMAT.match(str(parameter.annotation))
    for module in list(sys.modules.values()) if typed else ():
        options = getattr(module, typed[1], None) if module.__name__.startswith("prai_match") and typed else None
        if is_typeddict(options):
            for name in options.__annotations__:
                yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None)
            return


def _entry(name: str, get: Callable[[], Callable[..., Any]], function: Callable[..., Any], skip: int = 0) -> Entry:
    parameters: list[inspect.Parameter] = []
    for parameter in list(inspect.signature(function).parameters.values())[skip:]:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            parameters += _keywords(parameter)
        elif not parameter.name.startswith("_"):
            parameters.append(parameter)
    return Entry(name, get, tuple(parameters))


def _methods(kind: type, name: str) -> Iterator[Entry]:
    for attribute in dir(kind):
        method = inspect.getattr_static(kind, attribute)
        function = getattr(method, "__func__", method)
        if attribute.startswith("_") or not inspect.isfunction(function) or "prai_match" not in function.__module__:
            continue
        if isinstance(method, classmethod | staticmethod):
            skip = int(isinstance(method, classmethod))
            yield _entry(f"{name}.{attribute}", partial(getattr, kind, attribute), function, skip)
        else:
            yield _entry(f"{name}.{attribute}", partial(_bound, kind, attribute), function, 1)


def _bound(kind: type, attribute: str) -> Callable[..., Any]:
    thing = next(thing for made_of, thing in _instances().items() if issubclass(made_of, kind))
    method: Callable[..., Any] = getattr(thing, attribute)
    return method


def _model(kind: type[Model], name: str) -> Entry:
    fields = [
        inspect.Parameter(field, inspect.Parameter.KEYWORD_ONLY, default=None)
        for field in kind.model_fields
    ]  # fmt: skip
    return Entry(name, lambda: kind, tuple(fields))


def _itself(thing: Callable[..., Any]) -> Callable[..., Any]:
    return thing


def entries() -> dict[str, Entry]:
    found: dict[object, Entry] = {}
    for place in ("", *FOLDERS):
        module = getattr(pm, place) if place else pm
        for public in module.__all__:
            thing, name = getattr(module, public), f"{module.__name__}.{public}"
            if not callable(thing) or get_origin(thing) or thing in found or (thing, "text") in found:
                continue
            if inspect.isclass(thing):
                if issubclass(thing, Model):
                    found[thing] = _model(thing, name)
                elif not issubclass(thing, Exception | Mapping) and (
                    not is_dataclass(thing) or hasattr(thing, "__post_init__")
                ):
                    with_init = [thing] if "__init__" in vars(thing) else []
                    found |= {thing: _entry(name, partial(_itself, thing), thing) for thing in with_init}
                found |= {(thing, entry.name.rpartition(".")[2]): entry for entry in _methods(thing, name)}
            else:
                found[thing] = _entry(name, partial(_itself, thing), thing)
    return {entry.name: entry for entry in found.values()}


ENTRIES = entries()
TRIED = [name for name, entry in ENTRIES.items() if entry.parameters and not any(re.fullmatch(x, name) for x in LATER)]


def _given(entry: Entry, valid: Mapping[str, Any]) -> dict[str, Any]:
    """Valid arguments of what must be given."""
    given: dict[str, Any] = {}
    for parameter in entry.parameters:
        own = valid.get(f"{entry.name}.{parameter.name}", valid.get(parameter.name, ...))
        named = f"{entry.name}.{parameter.name}" in valid or parameter.name in {"time_limit", "replications"}
        if own is not ... and (parameter.default is inspect.Parameter.empty or named):
            given[parameter.name] = own
    return given


def _call(entry: Entry, arguments: dict[str, Any]) -> object:
    places = []
    arguments = dict(arguments)
    for parameter in entry.parameters:
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            places += [arguments.pop(parameter.name)] if parameter.name in arguments else []
        elif parameter.kind in {inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD}:
            if parameter.name not in arguments:
                break
            places.append(arguments.pop(parameter.name))
    result = entry.get()(*places, **arguments)
    return list(result) if inspect.isgenerator(result) else result


def _too_long(*_: object) -> None:
    raise RuntimeError


@pytest.mark.parametrize("name", TRIED)
@pytest.mark.filterwarnings("ignore")
def test_a_wrong_argument_is_refused_as_such(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    signal.signal(signal.SIGPROF, _too_long)
    entry, valid = ENTRIES[name], _valid(tmp_path)
    given = _given(entry, valid)
    faults = []
    for parameter in entry.parameters:
        for kind, wrong in WRONG.items():
            if parameter.default is wrong() is None:
                continue  # it is what is taken where nothing is given
            signal.setitimer(signal.ITIMER_PROF, _SECONDS)
            try:
                with pm.language("en"):
                    _call(entry, {**given, parameter.name: wrong()})
            except (pm.PraiError, TypeError):
                pass
            except OSError as error:
                if parameter.name not in {"path", "folder", "history", "out", "source", "settings"}:
                    faults.append(f"{parameter.name} = {kind}: {error!r}")
            except Exception as error:  # noqa: BLE001 - whatever it is
                faults.append(f"{parameter.name} = {kind}: {type(error).__name__}: {str(error)[:100]!r}")
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
    assert faults == []


def test_what_is_tried_is_all_but_what_is_named() -> None:
    assert len(TRIED) > 150
    for pattern in LATER:
        assert any(re.fullmatch(pattern, name) for name in ENTRIES)


@pytest.mark.parametrize(
    "day", ["2007-09-03", " 20070903", "2007-09-03T10:00:00+02:00", np.datetime64("2007-09-03T10")]
)
def test_a_day_is_a_day_however_it_is_written(day: Any) -> None:
    programme = made.programme()
    assert programme.recommend(day).on == ON
    assert programme.follow_ups(day).edges().equals(programme.follow_ups(ON).edges())
    again = programme.plan(day, END, time_limit=0)
    assert again.to_json() == programme.plan(ON, END, time_limit=0).to_json()


@pytest.mark.parametrize(
    ("wrong", "name"), [({"policy": {}}, "policy"), ({"top": 2.5}, "top"), ({"extra": 1}, "extra"), ({"on": "x"}, "on")]
)
def test_an_argument_that_is_refused_is_named_in_both_languages(wrong: dict[str, Any], name: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        made.programme().recommend(**{"on": ON, **wrong})
    assert caught.value.text("fr").startswith(f"{name} : ")
    assert caught.value.text("en").startswith(f"{name}: ")
    assert isinstance(caught.value, TypeError | ValueError)


def test_the_keywords_that_type_checkers_know_are_the_fields() -> None:
    changes, own = pm.explain.Changes.model_fields.keys(), pm.simulate.Scenario.model_fields.keys()
    assert changes == ChangeFields.__annotations__.keys()
    assert (own | changes | pm.simulate.Behaviour.model_fields.keys()) - {"name", "changes", "behaviour"} == (
        ScenarioFields.__annotations__.keys()
    )


@pytest.mark.parametrize(
    ("call", "near"),
    [
        (lambda: made.programme().recommend(ON, polcy=None), "policy"),  # type: ignore[call-arg]
        (lambda: made.programme().plan(ON, END, tme_limit=0), "time_limit"),  # type: ignore[call-arg]
        (lambda: made.programme().plan_by_region(ON, END, tme_limit=0), "time_limit"),  # type: ignore[call-arg]
        (lambda: made.programme().simulate([], ON, END, replication=1), "replications"),  # type: ignore[call-arg]
        (lambda: made.programme().backtest([ON], levell=1), "level"),  # type: ignore[call-arg]
        (lambda: pm.Programme.from_tables({}, {}, stict=True), "strict"),  # type: ignore[call-arg]
        (lambda: pm.Programme.load(".", stict=True), "strict"),  # type: ignore[call-arg]
        (lambda: pm.io.load(".", stict=True), "strict"),  # type: ignore[call-arg]
        (lambda: pm.plan.replan(_objects()["plan"], sed=1), "seed"),  # type: ignore[call-arg]
        (lambda: made.programme().recommend(ON).what_if(wieghts={}), "weights"),  # type: ignore[call-arg]
        (lambda: made.programme().recommend(ON)["T1"].what_if(wieghts={}), "weights"),  # type: ignore[call-arg]
        (lambda: pm.explain.Changes.of(wieghts={}), "weights"),  # type: ignore[call-arg]
        (lambda: pm.simulate.Scenario.of("x", come=1), "comes"),  # type: ignore[call-arg]
        (lambda: pm.simulate.Scenario(name="x").with_("y", come=1), "comes"),  # type: ignore[call-arg]
        (lambda: _objects()["recs"].where(sesion="sig"), "session"),
        (lambda: pm.Policy.default().with_weights(equty=1), "equity"),
    ],
)
def test_a_keyword_that_is_misspelt_is_refused_with_the_nearest(call: Callable[[], object], near: str) -> None:
    with pytest.raises(pm.PraiError) as caught:
        call()
    assert re.search(rf"did you mean .*\b{near}\b", caught.value.text("en"))
    assert re.search(rf"vouliez-vous dire .*\b{near}\b", caught.value.text("fr"))


def test_money_that_is_no_number_is_no_budget() -> None:
    with pytest.raises(ArgumentError, match="budget"):
        made.programme().plan(ON, END, budget=float("nan"), time_limit=0)


def test_one_text_is_one_need() -> None:
    assert pm.needs.classify("refonte du site internet").height == 1


def test_a_constructor_tells_its_problems_and_validation_keeps_its_own_error() -> None:
    with pytest.raises(pm.ProgrammeError) as caught:
        pm.model.Need(collectivity=1)  # type: ignore[arg-type, call-arg]
    assert [problem.where for problem in caught.value.problems] == ["collectivity", "date"]
    with pytest.raises(ValidationError):
        pm.model.Need.model_validate({})
