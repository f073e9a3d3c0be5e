"""The whole API with its types: each function is a subject, and ``assert_type`` says what a type checker knows.

It is for reading and for type checkers: ``make check-types`` reads it with mypy and pyright, both strict, against the
installed wheel. Most of it isn't meant to be run: it would simulate, write files and leave the program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, assert_type

import altair as alt
import polars as pl
from hypothesis.strategies import SearchStrategy

import prai_match as pm
from prai_match import (
    backtest,
    charts,
    cli,
    datasets,
    demo,
    doctor,
    errors,
    executors,
    explain,
    files,
    followups,
    io,
    model,
    needs,
    offers,
    plan,
    policy,
    recommend,
    register,
    report,
    simulate,
    spread,
    testing,
    text,
)

ON = dt.date(2007, 9, 3)
END = dt.date(2007, 12, 21)


def catalogue() -> model.Catalogue:
    """Describe what can be offered: themes, buffets, workshops with their axes, and what leads to what."""
    name = model.Text(fr="Communication", en="Communication")
    buffet = model.Buffet(id="buffet", name=name, core=name, themes=("communication",))
    axis = model.Axis(id="internet", name=name)
    workshop = model.Workshop(id="site", name=name, core=name, theme="communication", axes=(axis,))
    made = model.Catalogue(
        themes=(model.Theme(id="communication", name=name),),
        buffets=(buffet,),
        workshops=(workshop,),
        follow_ups=(model.FollowUp(source="buffet", target="site", prior=0.5),),
    )
    kind: model.SessionKind = buffet.kind
    assert_type(kind, Literal["buffet", "workshop"])
    assert_type(name.get("fr"), str)
    assert_type(made.sessions, tuple[model.Buffet | model.Workshop, ...])
    assert_type(workshop.axes, tuple[model.Axis, ...])
    return made


def programme_data() -> model.ProgrammeData:
    """Describe a whole programme: actors, history, calendar and budget, checked together."""
    collectivity: model.CollectivityKind = "epci"
    partner: model.PartnerKind = "adm"
    audience: model.Audience = "elected"
    channel: model.Channel = "survey"
    seat = model.Collectivity(code="200066231", name="CC", kind=collectivity, departement="09")
    territory = model.Territory(
        id="T1", name="CC", departement="09", members=(seat.code,), population=9_000, latitude=43.1, longitude=1.6
    )
    relay = model.RelayPartner(
        id="adm_09",
        name="ADM 09",
        kind=partner,
        departements=("09",),
        brings=(audience,),
        hosted=(model.Record(departement="09", sessions=3),),
    )
    trainer = model.Trainer(
        id="r1",
        organisation="Syndicat",
        role="chef de projet",
        expertise=(model.Expertise(session="site"),),
        home="09122",
        latitude=42.9,
        longitude=1.6,
        reach_km=80,
    )
    held = model.HeldSession(id="h1", session="buffet", date=ON, host=territory.id, partner=relay.id)
    calendar = model.Calendar(
        blackouts=(model.Blackout(start=END, end=END, reason=model.Text(fr="Fermé", en="Closed")),),
        elections=(model.Election(date=dt.date(2008, 3, 9), name=model.Text(fr="Municipales", en="Municipal")),),
    )
    made = model.ProgrammeData(
        name=model.Text(fr="Programme", en="Programme"),
        period=model.Period(start=ON, end=END),
        catalogue=catalogue(),
        collectivities=(seat,),
        territories=(territory,),
        partners=(relay,),
        trainers=(trainer,),
        needs=model.Rows(model.Need, [model.Need(collectivity=seat.code, date=ON, channel=channel, text="un site")]),
        sessions=model.Rows(model.HeldSession, [held]),
        attendances=model.Rows(
            model.Attendance, [model.Attendance(collectivity=seat.code, session="buffet", date=ON, elected=2)]
        ),
        calendar=calendar,
        budget=model.Budget(total=Decimal(50_000)),
    )
    assert_type(made.needs, model.Rows[model.Need])
    assert_type(made.needs.to_polars(), pl.DataFrame)
    assert_type(calendar.renewed_before(END), dt.date | None)
    assert_type(model.row_problems(made.needs.to_polars(), model.Need), list[errors.Problem])
    rows: list[model.Model] = [*made.collectivities, *made.territories, *made.partners, *made.trainers]
    assert_type(rows[0].model_dump(), dict[str, Any])
    return made


def look_up(code: str) -> register.Entry:
    """Find collectivities by code, SIREN and name, and measure distances."""
    entry = register.get(code)
    kind: register.Kind = entry.kind
    assert_type(entry.position, tuple[float, float] | None)
    assert_type(register.find("Foix", "09", kind), tuple[register.Entry, ...])
    assert_type(register.members(register.by_epci("200066231")), tuple[register.Entry, ...])
    assert_type(register.communes("09") + register.epcis("09"), tuple[register.Entry, ...])
    assert_type(register.by_siren("210901229").siren, str | None)
    assert_type(register.department(code), str)
    assert_type(register.distance_km(code, entry), float)
    assert_type(register.frame("epci"), pl.DataFrame)
    assert_type(register.haversine_km("lat", "lon", pl.col("lat2"), pl.col("lon2")), pl.Expr)
    assert_type(register.normalise("Saint-Girons"), str)
    assert_type(register.normalised(pl.col("name")), pl.Expr)
    about: register.About = register.about()
    assert_type(about.text("fr"), str)
    return register.present(entry)


def resolve(names: pl.Series) -> pl.DataFrame:
    """Turn typed names into codes: one text gives one answer, several give a frame of them."""
    one = register.resolve("mairie de Foix", "09")
    assert_type(one, register.Resolution)
    assert_type(one.code, str | None)
    assert_type(one.because("en"), str)
    several = register.resolve(names)
    assert_type(several, register.Resolutions)
    counts: dict[register.Status, int] = several.counts()
    assert_type(
        counts, dict[Literal["exact", "alias", "fuzzy", "ambiguous", "unknown", "not_a_collectivity_here"], int]
    )
    return several.to_polars()


def read_needs(programme: pm.Programme, path: Path) -> pl.DataFrame:
    """Read French needs with the programme's lexicon, the bundled one or one's own."""
    own: needs.Lexicon = pm.needs.Lexicon.load(path)
    assert_type(own.workshops, Mapping[str, tuple[str, ...]])
    assert_type(needs.classify(["un site internet", None], own), pl.DataFrame)
    assert_type(needs.reason_sentence(needs.REASONS[0], "en"), str)
    assert_type(needs.Lexicon.bundled().html("fr"), str)
    assert_type(needs.Lexicon.bundled_for({"sig": []}), needs.Lexicon)
    return programme.classify("dématérialiser les marchés publics")


def follow(programme: pm.Programme) -> pm.FollowUps:
    """Learn what leads to what."""
    attended = followups.attended(programme)
    graph = followups.FollowUps.learned(programme.catalogue, attended, ON, strength=followups.STRENGTH)
    assert_type(graph.edges(), pl.DataFrame)
    assert_type(graph.next_sessions(["buffet_communication"]), tuple[followups.NextSession, ...])
    assert_type(graph.pathway("sig"), followups.Pathway | None)
    assert_type(followups.tally(graph.edges(), attended, ON), pl.DataFrame)
    assert_type(followups.observed(graph.edges(), attended, ON, strength=5), pl.DataFrame)
    assert_type(followups.territory_of(programme), pl.DataFrame)
    assert_type(pm.FollowUps.declared(programme.catalogue), pm.FollowUps)
    return programme.follow_ups(ON, strength=5)


def rules() -> pm.Policy:
    """Change the default policy: each change gives another one."""
    changed = pm.Policy.default().require("population <= 20000", id="small_only").with_weights(equity=20)
    assert_type(changed, pm.Policy)
    assert_type(changed.requirements, tuple[policy.Requirement, ...])
    preference: policy.Preference = changed.preference("equity")
    assert_type(preference.contribution, pl.Expr)
    stage: policy.Stage = preference.stage
    kind: policy.ColumnType = "boolean"
    columns = policy.Vocabulary.standard().columns(stage)
    assert_type(columns, tuple[policy.Column, ...])
    by_name = {column.name: column for column in columns}
    assert_type(policy.fill("{people} people", {"people": 12}, by_name, "en"), str)
    assert_type(policy.fields("{people} people"), frozenset[str])
    assert_type(policy.unfilled("{people} people"), str)
    assert_type(policy.weight(preference.weight, "fr"), str)
    assert_type(policy.REASONS["no_trainer"], model.Text)
    assert_type(policy.GRID, float)
    loaded: policy.Policy = pm.policy.Policy.from_toml(changed.to_toml("en"))
    assert_type(loaded.describe("fr"), text.Document)
    return loaded.with_column("mayor_asked", kind).prefer("mayor_asked", id="asked", weight=5)


def ask(programme: pm.Programme) -> pm.Recommendation:
    """Recommend for every territory, and read the answer."""
    recs = programme.recommend(on=ON, top=3, policy=rules(), follow_ups=follow(programme))
    assert_type(recs, pm.Recommendations)
    assert_type(recs.to_polars(), pl.DataFrame)
    assert_type(recs.ranking(), pl.DataFrame)
    assert_type(recs.without(), dict[str, int])
    assert_type([rec.name for rec in recs], list[str])
    rec = recs["200066231"]
    assert_type(rec, pm.Recommendation)
    assert_type(rec.session, str | None)
    assert_type(rec.score, float | None)
    assert_type(rec.cost, Decimal | None)
    assert_type(rec.earliest, dt.date | None)
    assert_type(rec.next, pm.Offer | None)
    assert_type(rec.alternatives, tuple[pm.Offer, ...])
    return rec


def keep(programme: pm.Programme, rec: pm.Recommendation) -> dict[str, Any]:
    """Keep an answer as data, and compute it again from the same data."""
    record = rec.record()
    assert_type(record, pm.Record)
    assert_type(record.answer, pm.Answer)
    again = pm.reproduce(pm.Record.from_json(record.to_json()), programme)
    assert_type(again, pm.Reproduction)
    assert_type(again.same_answer, bool)
    return again.to_json()


def recommend_from_files(programme: pm.Programme, history: Path, out: Path) -> pl.LazyFrame:
    """Recommend from a history that doesn't fit in memory, to a folder of Parquet files."""
    dataset: datasets.RecommendationDataset = datasets.recommend_dataset(programme, history, out, on=ON)
    same: pm.RecommendationDataset = pm.recommend_dataset(programme, history, out, on=ON, lang="en")
    assert_type(same.without(), dict[str, int])
    return dataset.scan()


def columns(programme: pm.Programme, executor: Executor) -> recommend.Ranking:
    """Go down to the frames that the recommender works on."""
    frames = offers.prepare(programme, programme.lexicon)
    assert_type(frames, offers.Frames)
    assert_type(offers.SCHEMAS["needs"], dict[str, pl.DataType | type[pl.DataType]])
    extra = offers.joined({"territory": ["T1"], "mayor_asked": [True]}, rules(), frames)
    assert_type(extra, pl.DataFrame | None)
    snapshot = offers.Snapshot(frames, ON, programme.follow_ups(ON), extra)
    chosen = frames.territories.filter(pl.col("population") > offers.STATED)
    assert_type(offers.interested(snapshot), pl.DataFrame)
    assert_type(offers.rated(snapshot), pl.DataFrame)
    assert_type(offers.events(snapshot), pl.LazyFrame)
    assert_type(offers.Whole.of(snapshot).totals, pl.DataFrame)
    parts: list[offers.Part] = list(offers.Slicer(snapshot).parts(chosen))
    assert_type(parts[0].departement, str)
    assert_type(offers.stopped(snapshot, chosen), pl.DataFrame)
    assert_type(offers.WIDER, float)
    requirements = offers.in_order(rules(), "partner")
    assert_type(offers.first_refuted(requirements), pl.Expr)
    assert_type(offers.furthest(snapshot, rules(), chosen), pl.DataFrame)
    ranking = recommend.rank(snapshot, rules(), 1, chosen)
    assert_type(offers.with_columns(snapshot, ranking.ranked, {"population"}), pl.DataFrame)
    return recommend.rank_side_by_side(snapshot, rules(), 1, chosen, executor)


def other_facts(programme: pm.Programme, tables: Mapping[str, pl.DataFrame], members: pl.DataFrame) -> offers.Frames:
    """Prepare frames from tables, and give them other needs and attendances."""
    frames = offers.from_tables(
        tables,
        calendar=programme.calendar,
        budget=programme.budget,
        travel_km=programme.travel_km,
        notice_days=programme.notice_days,
        euros_per_km=float(programme.euros_per_km),
    )
    return offers.with_facts(
        frames, members, programme.needs.to_polars(), programme.attendances.to_polars(), programme.lexicon
    )


def explanations(rec: pm.Recommendation) -> str:
    """Say why, why not, and tell the person concerned."""
    why = rec.why("fr")
    assert_type(why, explain.Why)
    assert_type(why.contributions, dict[str, float])
    assert_type(why.details, tuple[explain.Contribution, ...])
    assert_type(why.conditions, tuple[explain.Condition, ...])
    state: explain.State = why.conditions[0].state
    assert_type(state, Literal["satisfied", "refuted", "unknown"])
    not_this = rec.why_not(session="sig")
    assert_type(not_this, explain.WhyNot)
    verdict: explain.Verdict = not_this.verdict
    assert_type(verdict, Literal["recommended", "outscored", "postponed", "refused"])
    assert_type(not_this.refuting, tuple[explain.Finding, ...])
    assert_type(not_this.gaps, tuple[explain.Gap, ...])
    notice = rec.notice("fr", service="Direction du numérique")
    assert_type(notice, explain.Notice)
    assert_type(notice.sources, tuple[explain.Source, ...])
    assert_type(notice.parameters, tuple[explain.Parameter, ...])
    assert_type(notice.kept, tuple[explain.Kept, ...])
    assert_type(explain.why_blocks(why), tuple[text.Block, ...])
    return notice.document.markdown()


def differences(programme: pm.Programme, recs: pm.Recommendations) -> pm.Programme:
    """Change the programme, and compare what is recommended."""
    changes = explain.Changes(
        remove_needs=(explain.SomeNeeds(collectivity="09122"),),
        remove_attendances=(explain.SomeAttendances(collectivity="09122"),),
        weights={"equity": 20},
    )
    difference = recs.what_if(weights={"equity": 20})
    assert_type(difference, explain.Difference[pm.Recommendations])
    assert_type(difference.after, pm.Recommendations)
    assert_type(difference.causes("en"), pl.DataFrame)
    one = difference["200066231"]
    assert_type(one, explain.TerritoryDifference)
    assert_type(one.causes, tuple[explain.Cause, ...])
    assert_type(explain.apply(programme, changes), pm.Programme)
    return programme.changed(changes)


def answered(recs: recommend.Answered, rec: recommend.AnsweredOne, options: recommend.Options) -> explain.Needed:
    """Read the answers of a day below the objects that hold them."""
    assert_type(recs.answers, recommend.Answers)
    choice = rec.answers.choice(rec.territory)
    assert_type(choice, recommend.Choice)
    assert_type(choice.offer, pm.Offer | None)
    again = pm.Programme.example().recommend(recs.answers.on, **options)
    return again[rec.territory].what_would_it_take(session="sig")


def below_explanations(case: explain.Case, answers: recommend.Answers, offers: pl.DataFrame) -> explain.Fingerprint:
    """Read explanations from the frames themselves."""
    row = offers.row(0, named=True)
    assert_type(explain.conditions(row, offers, case.policy, "en", ["session"]), tuple[explain.Condition, ...])
    assert_type(explain.contributions(row, offers, case.policy, "en"), tuple[explain.Contribution, ...])
    assert_type(explain.main_reasons(offers, case.policy, "en"), list[str])
    assert_type(explain.reason_sentence("no_trainer", answers.policy, "fr"), str)
    assert_type(explain.losers(case.snapshot, case.policy, case.furthest, case.winner, "fr"), pl.DataFrame)
    found = explain.why_not(case, session="sig", axis=None, partner=None, trainer=None, lang="fr")
    assert_type(found, explain.WhyNot)
    assert_type(explain.VERSIONS, tuple[str, ...])
    parts = {
        "day": str(answers.on),
        "offers": explain.frame_digest(offers),
        "x": explain.digest(explain.unordered([2, 1])),
    }
    return explain.Fingerprint(parts)


def seasons(programme: pm.Programme, executor: Executor) -> plan.PlanDifference:
    """Plan dated sessions, check them, and plan again after a change."""
    seen: list[plan.Progress] = []
    options: plan.Options = {"budget": 20_000, "weights": plan.Weights(equity=10), "time_limit": 30}
    before = programme.plan(ON, END, progress=seen.append, **options)
    assert_type(before, plan.Plan)
    assert_type(before.sessions, pl.DataFrame)
    assert_type(before.gap, float)
    assert_type(before.check("en"), pl.DataFrame)
    assert_type(before.to_icalendar("fr"), bytes)
    assert_type(before.save("plan.ics"), tuple[Path, ...])
    labels = [condition.label for condition in plan.CONDITIONS]
    assert_type(labels, list[str])
    condition: plan.Condition = plan.CONDITIONS[0]
    assert_type(condition.label, str)
    regional = plan.plan_by_region(programme, ON, END, executor=executor, time_limit=5)
    assert_type(regional, plan.RegionalPlan)
    assert_type(regional.shared_loss, float)
    after = plan.replan(plan.plan(programme, ON, END), on=ON, lost=[END])
    assert_type(after, plan.Plan)
    return after - before


def simulations(programme: pm.Programme, executor: Executor) -> simulate.Outcomes:
    """Play scenarios month by month, and find what matters."""
    behaviour = simulate.Behaviour(channels=simulate.CHANNELS)
    usual = simulate.Scenario.of("usual", behaviour=behaviour)
    assert_type(usual, simulate.Scenario)
    scenarios = [usual, *simulate.counterfactuals(), simulate.replayed(), *simulate.standard(programme).values()]
    assert_type(simulate.read("scenarios.toml"), dict[str, simulate.Scenario])
    outcomes = programme.simulate(scenarios, ON, END, replications=20, executor=executor)
    assert_type(outcomes.to_polars(), pl.DataFrame)
    assert_type(outcomes.scan(), pl.LazyFrame)
    assert_type(outcomes.differences(), pl.DataFrame)
    assert_type(outcomes.again(3, "usual"), pm.Programme)
    assert_type(simulate.measures(), dict[str, simulate.Measure])
    assert_type(simulate.parameters(), dict[str, simulate.Parameter])
    found = simulate.sensitivity(programme, usual, ON, END, measure="served")
    assert_type(found, simulate.Sensitivity)
    past = simulate.replay(simulate.beginning(programme))
    assert_type(past, simulate.Replay)
    return simulate.simulate(programme, usual, ON, END)


def judge(programme: pm.Programme) -> backtest.Backtest:
    """Judge recommendations on history, beside baselines."""
    strengths = backtest.choose_strength(programme, [ON], backtest.STRENGTHS)
    assert_type(strengths, backtest.Strengths)
    found = programme.backtest([ON], {"mine": rules()}, strength=strengths.chosen)
    assert_type(found, backtest.Backtest)
    assert_type(found.measures, pl.DataFrame)
    assert_type(backtest.BASELINES, tuple[str, ...])
    assert_type(backtest.rankings(programme, ON), pl.DataFrame)
    return backtest.backtest(programme, [ON])


def draw(recs: pm.Recommendations, rec: pm.Recommendation, season: plan.Plan) -> dict[str, str]:
    """Draw what is recommended and planned, as Altair charts."""
    programme = recs.programme
    assert_type(charts.contributions(rec, "en"), alt.LayerChart)
    drawn: dict[str, alt.TopLevelMixin] = {
        "calendar": charts.calendar(programme),
        "contributions": charts.contributions(rec),
        "follow_ups": charts.follow_ups(recs),
        "lorenz": charts.lorenz(programme, ON),
        "needs": charts.needs(programme),
        "plan_calendar": charts.plan_calendar(season),
        "plan_map": charts.plan_map(season),
        "shares": charts.shares(programme),
        "territories": charts.territories(recs, by="session"),
    }
    return {name: charts.svg(chart, "fr") for name, chart in drawn.items()}


def draw_studies(
    outcomes: simulate.Outcomes, found: backtest.Backtest, sensitivity: simulate.Sensitivity
) -> list[alt.LayerChart | alt.HConcatChart]:
    """Draw what simulations and backtests found."""
    return [
        charts.coverage(outcomes),
        charts.differences(outcomes, measures=["served", "spent"]),
        charts.fan(outcomes, "served", "en"),
        charts.lorenz_of(outcomes),
        charts.spend(outcomes),
        charts.measures(found, "hit_1"),
        charts.reliability(found),
        charts.tornado(sensitivity),
    ]


def publish(recs: pm.Recommendations, season: plan.Plan, folder: Path) -> Path:
    """Write the page for a meeting: one file that loads nothing."""
    assert_type(report.html(recs, lang="fr", service="Région"), str)
    assert_type(recs.report(folder / "reunion.html"), Path)
    return report.write(recs, folder / "meeting.html", lang="en", plan=season)


def tables_of_offices(folder: Path, tables: Mapping[str, pl.DataFrame]) -> pm.Programme:
    """Read the tables that offices have, and write one's own."""
    programme = pm.Programme.load(io.template(folder))
    assert_type(programme, pm.Programme)
    loaded: io.Loaded[Any] = io.load(folder, pm.Programme, strict=True, follow_links=True, max_memory=10**9)
    told: io.LoadReport = io.load_tables(folder / "programme.toml", tables).report
    assert_type(told.missing, tuple[str, ...])
    assert_type(told.problems, tuple[errors.Problem, ...])
    assert_type(told.rejections("fr"), pl.DataFrame)
    assert_type(told.notices("fr"), pl.DataFrame)
    assert_type(told.consequences("fr"), list[str])
    assert_type(loaded.report.summary("en"), str)
    assert_type(io.save(programme, folder / "copy"), Path)
    assert_type(io.write(programme.needs.to_polars(), folder / "needs.xlsx"), Path)
    assert_type(io.write_csv(programme.needs.to_polars(), folder / "needs.csv"), Path)
    return pm.Programme.from_tables(folder / "programme.toml", tables)


def catch(folder: Path, lang: errors.Lang) -> list[str]:
    """Catch what goes wrong: every error is a `PraiError` that says itself in two languages."""
    try:
        pm.Programme.load(folder)
    except (pm.ProgrammeError, pm.PolicyError, pm.LexiconError, pm.BacktestError) as error:
        assert_type(error.problems, tuple[pm.Problem, ...])
        return [problem.text(lang) for problem in error.problems]
    except pm.UnknownCodeError as error:
        assert_type(error.suggestions, tuple[str, ...])
        return [error.text(lang), errors.suggested(errors.nearest(error.kind, ["commune"]), lang)]
    except pm.PraiError as error:
        assert_type(error.to_json(lang), dict[str, Any])
        return [error.text(lang), errors.did_you_mean("fixo", ["foix"], lang)]
    same: tuple[type[errors.PraiError], ...] = (
        errors.ProgrammeError,
        errors.PolicyError,
        errors.LexiconError,
        errors.BacktestError,
        errors.UnknownCodeError,
    )
    warnings: tuple[type[Warning], ...] = (errors.RejectedRowsWarning, errors.UnknownFactsWarning)
    missing = errors.missing_extra("to plan", "pour planifier", "plan")
    assert_type(missing, errors.PraiError)
    return [*(each.__name__ for each in (*warnings, *same)), str(errors.Problem("a", "b", "c"))]


def side_by_side(executor: Executor | None) -> list[tuple[str, int]]:
    """Run tasks wherever an executor runs them."""
    executors.refuse_forks(executor)
    tasks = ((str(number), (number, 1)) for number in range(executors.IN_FLIGHT))
    try:
        return list(executors.side_by_side(executor, _added, tasks))
    except OSError as error:
        raise executors.workers_ended() from error


def _added(one: int, other: int) -> int:
    return one + other


def whole(folder: Path) -> list[str]:
    """Write files whole or not at all, and read them as one save left them."""
    with files.draft(folder / "note.txt") as beside:
        beside.write_text("bring the posters", "utf-8")
    files.put(folder / "run.json", files.record_bytes({"seed": 1}))
    assert_type(files.read_record(folder / "run.json"), dict[str, Any])
    files.put_all(folder / "season", {"needs.csv": b"collectivity;date"}, manifest=True)
    with files.lock(folder):
        assert_type(files.settle(folder), Literal["", "finished", "undone"])
    warning = errors.InterruptedSaveWarning("finished", "achevé")
    return [warning.text("fr"), *files.read_settled(folder / "season", _changed)]


def _changed(save: files.Save) -> tuple[str, ...]:
    return save.changed + save.missing


def spreads() -> float:
    """Say how evenly sessions are spread over people."""
    order, curve = spread.lorenz_curve([(10, 3), (30, 1)])
    assert_type(order, list[int])
    return spread.gini_of(curve)


def written(lang: model.Lang) -> list[str]:
    """Write numbers, days and amounts as they are written in French and in English."""
    assert_type(text.LANGUAGES, tuple[Literal["fr", "en"], ...])
    return [
        text.number(1234.5, 1, lang),
        text.signed(-0.5, 1, lang),
        text.euros(Decimal("1470.79"), lang),
        text.price(None, lang),
        text.total([Decimal("1470.79"), None], lang),
        text.day(ON, lang),
        text.short_day(ON, lang),
        text.month(ON, lang),
        text.counted(2, {"one": "{count} besoin", "other": "{count} besoins"}, lang),
        "one" if text.singular(1, lang) else "other",
        text.tied("Coût : 3 %"),
        text.plain("# title"),
        text.without_accents("Élève"),
        text.accepted("en-GB", otherwise=text.language(lang)),
    ]


def pages(frame: pl.DataFrame, lang: model.Lang) -> str:
    """Build a page and a notebook's display from the same parts."""
    table = text.Table("Weights", ("Rule", "Weight"), (("equity", "10"),))
    items = text.Items((text.Code("people >= min_seats"),), numbered=True)
    document = text.Document(lang, "Rules", (items,), (text.Section("Weights", (table,)),))
    facts = text.Facts((("Day", "2007-09-03"),))
    blocks: tuple[text.Block, ...] = (text.Details("How", (facts,)), text.Frame("Needs", frame, {"name": "Name"}))
    return document.html() + text.display("Rules", *blocks, lang=lang)


def data_files(path: Path) -> dict[str, Any]:
    """Read a bounded TOML file, and show how far a long task is."""
    try:
        read = text.toml(text.bounded(path, 1_000).decode(), 1_000)
    except text.TomlError as error:
        return {"problem": error.problem(path.name)}
    assert_type(read, dict[str, Any])
    assert_type(text.messages("prai_match.policy", "describe", "en"), dict[str, Any])
    if text.watched() and text.SECONDS > 0:
        tracked: Iterable[int] = text.tracked([1, 2])
        with text.bar(2) as done:
            advance: Callable[[int], object] = done
            for number in tracked:
                advance(number)
    return read


def drawn_actors(programme: pm.Programme) -> list[SearchStrategy[Any]]:
    """Draw programmes and their parts with Hypothesis."""
    case: testing.Case = testing.CASES[0]
    sizes: testing.Sizes = testing.SMALL
    assert_type(testing.programmes(case=case, sizes=sizes), SearchStrategy[pm.Programme])
    assert_type(testing.catalogues(), SearchStrategy[model.Catalogue])
    assert_type(testing.attendances(programme), SearchStrategy[model.Attendance])
    assert_type(testing.models(model.Period, start=testing.days()), SearchStrategy[model.Period])
    assert_type(testing.joined_columns(rules(), programme), SearchStrategy[pl.DataFrame | None])
    return [
        testing.behaviours(),
        testing.blackouts(),
        testing.budgets(),
        testing.calendars(),
        testing.commune_names(),
        testing.held_sessions(programme),
        testing.need_texts(),
        testing.needs(programme),
        testing.policies(),
        testing.relay_partners(programme),
        testing.scenarios(programme),
        testing.territories(),
        testing.trainers(programme),
    ]


class Life(testing.ProgrammeLife):
    """The life of a programme under one's own policy, as a state machine."""

    def policy(self) -> pm.Policy:
        """Give the policy whose requirements must always be kept."""
        return rules()


def laws(need: testing.NeedText) -> list[str]:
    """Hold a policy to the laws that every policy keeps."""
    direction: testing.Direction = testing.DIRECTIONS["need_score"]
    testing.assert_policy_laws(rules(), monotone={"need_score": direction})
    names: list[testing.NoisyName] = testing.noisy_names(10, seed=1)
    try:
        testing.expect("a name is read", names[0].text, need.text)
    except testing.BrokenLawError as error:
        return [error.law, error.told, error.rule]
    return [*testing.NOISES, testing.IMPORTS, testing.code(need), testing.unaccented(need.term)]


@testing.LAWS
def second_reading(programme: pm.Programme, rec: pm.Recommendation) -> bool:
    """Read the columns and the rules a second time, and compare."""
    reading = testing.Reading(programme, ON)
    candidates = testing.candidates(reading, rec.territory)
    assert_type(candidates, list[testing.Candidate])
    tried = testing.tried(reading, rules(), candidates)
    best: testing.Tried | None = testing.best(tried)
    assert_type(testing.kilometres(43.0, 1.6, 43.6, 1.4), float)
    return rec.next is None or (
        best is not None and best.candidate == testing.offered(rec.territory, rec.next) and best.possible
    )


def programs(arguments: list[str]) -> int:
    """Run the demonstration and the command line from Python."""
    lang = demo.language()
    recs = pm.Programme.example().recommend(on=demo.ON)
    print(demo.summary(recs, lang), demo.table(recs, lang, 100), sep="\n")
    cli.main(arguments)
    return demo.main(arguments)


def installation() -> str:
    """Check what is installed."""
    found = doctor.check()
    assert_type(found, doctor.Diagnosis)
    assert_type(found.core, tuple[doctor.Package, ...])
    assert_type(found.extras, tuple[doctor.Extra, ...])
    checks: tuple[doctor.Check, ...] = found.checks
    status: doctor.Status = checks[0].status
    return status + found.text("fr")


def main() -> None:
    """Run what is quick: the register, the needs, one recommendation and its explanations."""
    programme = pm.Programme.example()
    print(look_up("09122").name, pm.register.get("200066231").name)
    print(resolve(pl.Series(["mairie de Foix", "Pamiers"])))
    recs = programme.recommend(on=ON)
    print(explanations(recs["200066231"]))
    print(differences(programme, recs).name.en)
    print(columns(programme, ThreadPoolExecutor(1)).ranked)


if __name__ == "__main__":
    main()
