"""The whole API with its types: one function per subject; ``assert_type`` states what a type checker infers.

It is for reading and for type checkers: ``make check-types`` checks it with mypy and pyright, both strict, against the
installed wheel. Most of it isn't meant to be run: it would simulate, write files and exit the program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, assert_type

import altair as alt
import polars as pl
from hypothesis.strategies import SearchStrategy

import prai_match as pm
from prai_match import (
    backtest,
    calendar,
    charts,
    cli,
    demo,
    doctor,
    errors,
    explain,
    files,
    followups,
    gaps,
    io,
    model,
    needs,
    plan,
    policy,
    register,
    report,
    simulate,
    testing,
    text,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

ON = dt.date(2007, 9, 3)
END = dt.date(2007, 12, 21)


def catalogue() -> model.Catalogue:
    """Describe what can be offered: themes, buffets, workshops with their parts (axes), and which may follow which."""
    name = model.Text(fr="Communication", en="Communication")
    buffet = model.Buffet(id="buffet", name=name, core=name, themes=("communication",))
    axis = model.Axis(id="internet", name=name)
    own = model.Kind(of="workshops", id="webinar", name=name, synonyms=("webinaire",))
    module = model.Module(title=name, minutes=60, material=name, axis="internet")
    workshop = model.Workshop(
        id="site",
        name=name,
        core=name,
        theme="communication",
        axes=(axis,),
        modules=(module,),
        kind="webinar",
    )
    made = model.Catalogue(
        themes=(model.Theme(id="communication", name=name),),
        buffets=(buffet,),
        workshops=(workshop,),
        follow_ups=(model.FollowUp(source="buffet", target="site", prior=0.5),),
        kinds=(own,),
    )
    assert_type(own.id, str)
    assert_type(buffet.form, Literal["buffet", "workshop"])
    assert_type(name.get("fr"), str)
    assert_type(made.sessions, tuple[model.Buffet | model.Workshop, ...])
    assert_type(workshop.axes, tuple[model.Axis, ...])
    assert_type(workshop.modules, tuple[model.Module, ...])
    assert_type(module.material, model.Text | None)
    assert_type(workshop.scope.covers, tuple[model.Text, ...])
    assert_type(workshop.refresh_after, int | None)
    decision = model.Decision(date=ON, event="withdrawn", who="territory", collectivity="09122")
    assert_type(decision.why, str)
    return made


def whole_programme() -> pm.Programme:
    """Describe a whole programme: actors, history, calendar and budget, checked together."""
    seat = model.Collectivity(code="200066231", name="CC", kind="epci", departement="09")
    territory = model.Territory(
        id="T1", name="CC", departement="09", members=(seat.code,), population=9_000, latitude=43.1, longitude=1.6
    )
    relay = model.RelayPartner(
        id="adm_09",
        name="ADM 09",
        kind="adm",
        departements=("09",),
        brings=("elected",),
        hosted=(model.HostingRecord(departement="09", sessions=3),),
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
    made = pm.Programme(
        name=model.Text(fr="Programme", en="Programme"),
        period=model.Period(start=ON, end=END),
        catalogue=catalogue(),
        collectivities=(seat,),
        territories=(territory,),
        partners=(relay,),
        trainers=(trainer,),
        needs=model.Rows(model.Need, [model.Need(collectivity=seat.code, date=ON, channel="survey", text="un site")]),
        sessions=model.Rows(model.HeldSession, [held]),
        attendances=model.Rows(
            model.Attendance, [model.Attendance(collectivity=seat.code, session="buffet", date=ON, elected=2)]
        ),
        registrations=model.Rows(model.Registration, [model.Registration(session=held.id, collectivity=seat.code)]),
        calendar=calendar,
        pace=model.Pace(team=model.TeamPace(per_month=8), relay=model.RelayPace(per_week=2)),
        budget=model.Budget(total=Decimal(50_000)),
    )
    assert_type(made.pace.relay.per_day, int)
    assert_type(made.pace.team.per_day, int | None)
    zone = model.Attribute(of="territories", name="zone_blanche", type="boolean", fr="Zone blanche", en="No coverage")
    assert_type(made.model_copy(update={"attributes": [zone]}).attributes, tuple[model.Attribute, ...])
    assert_type(made.needs, model.Rows[model.Need])
    assert_type(made.needs.to_polars(), pl.DataFrame)
    assert_type(calendar.renewed_before(END), dt.date | None)
    return made


def look_up(code: str) -> register.Entry:
    """Find collectivities by code, SIREN and name, and measure distances."""
    entry = register.get(code)
    assert_type(entry.position, tuple[float, float] | None)
    assert_type(register.find("Foix", "09", entry.kind), tuple[register.Entry, ...])
    assert_type(register.members(register.by_epci("200066231")), tuple[register.Entry, ...])
    assert_type(register.communes("09") + register.epcis("09"), tuple[register.Entry, ...])
    assert_type(register.by_siren("210901229").siren, str | None)
    assert_type(register.department(code), str)
    assert_type(register.distance_km(code, entry), float)
    assert_type(register.frame("epci"), pl.DataFrame)
    assert_type(register.normalise("Saint-Girons"), str)
    about: register.About = register.about()
    assert_type(about.text("fr"), str)
    return register.present(entry)


def resolve(names: pl.Series) -> pl.DataFrame:
    """Find the codes of names as people wrote them: of one name, or of several at once."""
    one = register.resolve("mairie de Foix", "09")
    assert_type(one, register.Resolution)
    assert_type(one.code, str | None)
    assert_type(one.because("en"), str)
    several = register.resolve(names)
    assert_type(several, register.Resolutions)
    assert_type(
        several.counts(),
        dict[Literal["exact", "alias", "fuzzy", "ambiguous", "unknown", "not_a_collectivity_here"], int],
    )
    return several.to_polars()


def read_needs(programme: pm.Programme, path: Path) -> pl.DataFrame:
    """Read French needs with one of three lexicons: the programme's, the bundled one or your own."""
    own: needs.Lexicon = pm.needs.Lexicon.load(path)
    assert_type(own.workshops, Mapping[str, tuple[str, ...]])
    assert_type(needs.classify(["un site internet", None], own), pl.DataFrame)
    labels = [("un plan des réseaux", "sig"), ("le toit", None)]
    assert_type(own.learn(labels), needs.Lexicon)
    assert_type(own.suggest(labels), pl.DataFrame)
    assert_type(own.weigh("un plan des réseaux"), pl.DataFrame)
    assert_type(programme.read_needs(["un site et un SIG", None]), pl.DataFrame)
    assert_type(programme.review("en"), pl.DataFrame)
    assert_type(needs.Lexicon.bundled().html("fr"), str)
    assert_type(needs.Lexicon.bundled_for({"sig": []}), needs.Lexicon)
    return programme.classify("dématérialiser les marchés publics")


def follow(programme: pm.Programme) -> pm.FollowUps:
    """Learn which session usually follows which, and forecast with it."""
    graph = programme.follow_ups(ON, strength=5)
    assert_type(graph.edges(), pl.DataFrame)
    assert_type(graph.next_sessions(["buffet_communication"]), tuple[followups.NextSession, ...])
    assert_type(graph.pathway("sig"), followups.Pathway | None)
    assert_type(pm.FollowUps.declared(programme.catalogue), pm.FollowUps)
    forecast = programme.forecast(ON, reading="next")
    assert_type(forecast, followups.Forecast)
    assert_type(forecast.arrows(), pl.DataFrame)
    assert_type(forecast.probabilities(), pl.DataFrame)
    assert_type(forecast.repeats(), pl.DataFrame)
    return graph


def rules() -> pm.Policy:
    """Change the default policy: each change returns a new policy."""
    changed = pm.Policy.default().require("population <= 20000", id="small_only").with_weights(equity=20)
    assert_type(changed, pm.Policy)
    assert_type(changed.requirements, tuple[policy.Requirement, ...])
    preference: policy.Preference = changed.preference("equity")
    assert_type(preference.points, float)
    columns = policy.Vocabulary.standard().columns(preference.stage)
    assert_type(columns, tuple[policy.Column, ...])
    loaded: pm.Policy = pm.Policy.from_toml(changed.to_toml("en"))
    assert_type(loaded.describe("fr"), text.Document)
    difference: policy.PolicyDifference = pm.Policy.default().diff(loaded)
    assert_type(difference.rules, tuple[policy.RowDifference, ...])
    assert_type(difference.weights, dict[str, tuple[float, float]])
    assert_type([row.text("en") for row in difference], list[str])
    return loaded.with_column("mayor_asked", "boolean").prefer("mayor_asked", id="asked", stage="territory", weight=5)


def find_relays(programme: pm.Programme) -> pm.Programme:
    """Find where relays are missing, and try the effect of organisations that could become a relay."""
    missing = programme.relay_gaps(ON, top=1)
    assert_type(missing, gaps.RelayGaps)
    assert_type(missing.to_polars(), pl.DataFrame)
    assert_type(missing.structures, pl.DataFrame)
    assert_type(missing.text("en"), str)
    assert_type(missing.partner("32", "cg32"), model.RelayPartner)
    charts.relay_gaps(missing, "en")
    return programme.with_partners([missing.partner("32", "cg32")])


def look_at_days(programme: pm.Programme) -> str | None:
    """See on which days sessions can be held, and what closes the others."""
    days = programme.open_days(ON)
    assert_type(days, calendar.OpenDays)
    assert_type(days.open(END, host="200066231"), bool)
    assert_type(days.first(), dt.date | None)
    return days.why_closed(END, lang="en")


def ask(programme: pm.Programme) -> pm.Recommendation:
    """Recommend for every territory, and read the answer."""
    recs = programme.recommend(on=ON, top=3, policy=rules(), follow_ups=follow(programme))
    assert_type(recs, pm.Recommendations)
    assert_type(recs.to_polars(), pl.DataFrame)
    assert_type(recs.ranking(), pl.DataFrame)
    assert_type(recs.without(), dict[str, int])
    assert_type([rec.name for rec in recs], list[str])
    assert_type(dict(recs), dict[str, pm.Recommendation])
    assert_type(recs.get("200066231"), pm.Recommendation | None)
    assert_type(recs.items(), list[tuple[str, pm.Recommendation]])
    assert_type(recs.where(pl.col("score").is_not_null(), departement=["09", "31"]), pm.Recommendations)
    rec = recs["200066231"]
    assert_type(rec, pm.Recommendation)
    assert_type(rec.session, str | None)
    assert_type(rec.score, float | None)
    assert_type(rec.cost, Decimal | None)
    assert_type(rec.day, dt.date | None)
    assert_type(rec.next, pm.Offer | None)
    assert_type(rec.later, pm.Offer | None)
    assert_type(rec.host, str | None)
    assert_type(rec.replacement, pm.Replacement | None)
    assert_type(rec.booked, tuple[pm.Booking, ...])
    assert_type(rec.priority, float)
    assert_type(rec.equivalent, tuple[pm.Offer, ...])
    if rec.offer is not None:
        assert_type(rec.offer.joins, str | None)
        assert_type(rec.offer.partner, str | None)
        assert_type(rec.offer.could_come, int)
    assert_type(rec.alternatives, tuple[pm.Offer, ...])
    if rec.replacement is not None:
        assert_type(rec.replacement.why, str)
    assert_type(recs.decisions("made"), pl.DataFrame)
    return rec


def keep(programme: pm.Programme, rec: pm.Recommendation) -> dict[str, Any]:
    """Keep a recommendation as a record, and compute the recommendation again from it."""
    record = rec.record()
    assert_type(rec.fingerprint, explain.Fingerprint)
    assert_type(record, pm.Record)
    assert_type(record.answer, pm.Answer)
    again = pm.reproduce(pm.Record.from_json(record.to_json()), programme)
    assert_type(again, pm.Reproduction)
    assert_type(again.same_answer, bool)
    assert_type(programme.forget(texts_before=ON), pm.Programme)
    whole = rec.record(keep="inputs")
    assert_type(whole.inputs, dict[str, Any] | None)
    assert_type(pm.reproduce(whole), pm.Reproduction)
    return again.to_json()


def recommend_from_files(programme: pm.Programme, history: Path, out: Path) -> pl.LazyFrame:
    """Recommend from a history that doesn't fit in memory, and write a folder of Parquet files."""
    dataset: pm.RecommendationDataset = pm.recommend_dataset(programme, history, out, on=ON, lang="en")
    assert_type(dataset.without(), dict[str, int])
    return dataset.scan()


def explanations(rec: pm.Recommendation) -> str:
    """Explain why and why not, and inform the people concerned."""
    why = rec.why("fr")
    assert_type(why, explain.Why)
    assert_type(why.contributions, dict[str, float])
    assert_type((why.main, why.facts, why.details[0].fact), tuple[str, tuple[str, ...], str])
    assert_type(why.details, tuple[explain.Contribution, ...])
    assert_type(why.conditions, tuple[explain.Condition, ...])
    assert_type(why.conditions[0].state, Literal["satisfied", "refuted", "unknown"])
    assert_type((rec.needs, rec.history), tuple[pl.DataFrame, pl.DataFrame])
    not_this = rec.why_not(session="sig")
    assert_type(not_this.to_json("en"), dict[str, Any])
    assert_type(not_this, explain.WhyNot)
    assert_type(not_this.verdict, Literal["recommended", "outscored", "refused"])
    assert_type(not_this.refuting, tuple[explain.Finding, ...])
    assert_type(not_this.gaps, tuple[explain.Gap, ...])
    seat = rec.why_not(session="sig", host=rec.territory, day=ON)
    assert_type((seat.possible, seat.joins, seat.day), tuple[bool, str | None, dt.date | None])
    notice = rec.notice("fr", service="Direction du numérique")
    assert_type(notice, explain.Notice)
    assert_type(notice.inform, str)
    assert_type(notice.sources, tuple[explain.DataSource, ...])
    assert_type(notice.parameters, tuple[explain.AppliedPreference, ...])
    assert_type(notice.formulas, tuple[explain.AppliedFormula, ...])
    assert_type(notice.kept, tuple[explain.NamedOffer, ...])
    kind: explain.MoveKind = "wait"
    assert_type(rec.what_would_it_take(session="sig", costs={"need": 2.0}, never=[kind]), explain.Needed)
    brief = rec.brief("fr", public=True)
    assert_type(brief, explain.Brief)
    assert_type((brief.modules, brief.later), tuple[tuple[explain.TimedModule, ...], tuple[explain.TimedModule, ...]])
    assert_type((brief.needs[0], brief.guests[0]), tuple[explain.QuotedNeed, explain.Guest])
    assert_type((brief.past[0], brief.tasks[0]), tuple[explain.PastSession, explain.Task])
    assert_type((brief.page(), brief.document.page(), notice.page()), tuple[str, str, str])
    assert_type(rec.what_would_it_take(session="sig").to_json(), dict[str, Any])
    return notice.document.markdown()


def differences(programme: pm.Programme, recs: pm.Recommendations) -> pm.Programme:
    """Change the programme, and compare what is recommended."""
    changes = explain.Changes(
        without_needs=(explain.SomeNeeds(collectivity="09122"),),
        without_attendances=(explain.SomeAttendances(collectivity="09122"),),
        without_trainers=(explain.Departure(id="web_toulouse", since=ON),),
        weights={"equity": 20},
    )
    difference = recs.what_if(weights={"equity": 20})
    assert_type(difference, explain.Difference[pm.Recommendations])
    assert_type(difference.after, pm.Recommendations)
    assert_type(difference.causes("en"), pl.DataFrame)
    one = difference["200066231"]
    assert_type(one, explain.TerritoryDifference)
    assert_type(one.causes, tuple[explain.Cause, ...])
    return programme.changed(changes)


def held_together(recs: pm.Recommendations) -> plan.Plan:
    """Build the set of offers that can take place together; show the resources for which first choices compete."""
    season = recs.together(until=END)
    assert_type(season, plan.Plan)
    assert_type(season.compare(recs, "fr"), pl.DataFrame)
    assert_type(recs.contention("en"), pl.DataFrame)
    assert_type(season.brief(season.sessions["id"][0], "fr"), explain.Brief)
    return season


def seasons(programme: pm.Programme, executor: Executor) -> plan.PlanDifference:
    """Plan dated sessions, check them, and plan again after a change."""
    seen: list[plan.Progress] = []
    weights = plan.Weights(priority=0.5)
    before = programme.plan(ON, END, progress=seen.append, budget=20_000, weights=weights, time_limit=30)
    assert_type(before, plan.Plan)
    assert_type(before.sessions, pl.DataFrame)
    assert_type(before.gap, float)
    assert_type(before.check("en"), pl.DataFrame)
    assert_type(before.replacements("en"), pl.DataFrame)
    assert_type(before.to_icalendar("fr"), bytes)
    assert_type(before.save("plan.ics"), tuple[Path, ...])
    regional = programme.plan_by_region(ON, END, executor=executor, time_limit=5)
    assert_type(regional, plan.RegionalPlan)
    assert_type(regional.to_json(), dict[str, Any])
    assert_type(regional.shared_loss, float)
    after = plan.replan(programme.plan(ON, END), on=ON, lost=[END])
    assert_type(after, plan.Plan)
    return after - before


def simulations(programme: pm.Programme, executor: Executor) -> simulate.Outcomes[pm.Programme]:
    """Simulate scenarios month by month, and find which assumptions matter."""
    behaviour = simulate.Behaviour(comes=0.6)
    usual = simulate.Scenario(name="usual", behaviour=behaviour).with_("usual", comes=0.7)
    assert_type(usual, simulate.Scenario)
    played = usual.with_("season", planner=simulate.SeasonPlan(programme.plan(ON, END)))
    scenarios = [usual, played, *simulate.standard(programme).values()]
    assert_type(simulate.read("scenarios.toml"), dict[str, simulate.Scenario])
    outcomes = programme.simulate(scenarios, ON, END, replications=20, executor=executor)
    assert_type(outcomes.to_polars(), pl.DataFrame)
    assert_type(outcomes.scan(), pl.LazyFrame)
    assert_type(outcomes.differences(), pl.DataFrame)
    assert_type(outcomes.parameters("en"), pl.DataFrame)
    assert_type(outcomes.against_history(), pl.DataFrame)
    assert_type(outcomes.to_json(), dict[str, Any])
    assert_type(outcomes.again(3, "usual"), pm.Programme)
    assert_type(simulate.measures(), dict[str, simulate.Measure])
    assert_type(simulate.parameters(), dict[str, simulate.Parameter])
    found = simulate.sensitivity(programme, usual, ON, END, measure="served")
    assert_type(found, simulate.Sensitivity)
    assert_type(simulate.replay(programme), simulate.Replay)
    return outcomes


def judge(programme: pm.Programme) -> backtest.Backtest:
    """Judge recommendations on the history, compared with baselines."""
    strengths = backtest.choose_strength(programme, [ON], (5, 10))
    assert_type(strengths, backtest.Strengths)
    found = programme.backtest([ON], {"mine": rules()}, strength=strengths.chosen)
    assert_type(found, backtest.Backtest)
    assert_type(found.measures, pl.DataFrame)
    assert_type(found.descriptive, bool)
    check = programme.check_policy(policy=rules(), days=[ON])
    assert_type(check, backtest.PolicyCheck)
    assert_type(check.rules, pl.DataFrame)
    return found


def draw(recs: pm.Recommendations, rec: pm.Recommendation, season: plan.Plan) -> dict[str, str]:
    """Draw what is recommended and planned, as Altair charts."""
    programme = recs.programme
    assert_type(charts.contributions(rec, "en"), alt.LayerChart)
    drawn: dict[str, alt.TopLevelMixin] = {
        "calendar": charts.calendar(programme),
        "contributions": charts.contributions(rec),
        "follow_ups": charts.follow_ups(recs),
        "lorenz": charts.lorenz(programme, ON),
        "needs": charts.need_counts(programme),
        "plan_calendar": charts.plan_calendar(season),
        "plan_map": charts.plan_map(season),
        "shares": charts.shares(programme),
        "territories": charts.territory_map(recs, by="session"),
    }
    return {name: charts.svg(chart, "fr") for name, chart in drawn.items()}


def draw_studies(
    outcomes: simulate.Outcomes, found: backtest.Backtest, sensitivity: simulate.Sensitivity
) -> list[alt.LayerChart | alt.ConcatChart | alt.HConcatChart]:
    """Draw what simulations and backtests found."""
    return [
        charts.coverage(outcomes),
        charts.differences(outcomes, measures=["served", "spent"]),
        charts.fan(outcomes, "served", "en"),
        charts.lorenz(outcomes),
        charts.spend(outcomes),
        charts.performance(found, "hit_1"),
        charts.reliability(found),
        charts.tornado(sensitivity),
    ]


def publish(recs: pm.Recommendations, season: plan.Plan, folder: Path) -> Path:
    """Write the page for a meeting: one self-contained file."""
    assert_type(report.html(recs, lang="fr", service="Région"), str)
    return recs.report(folder / "meeting.html", lang="en", plan=season)


def tables_of_offices(folder: Path, tables: Mapping[str, pl.DataFrame]) -> pm.Programme:
    """Load a programme from an office's tables, and write the programme's tables to files."""
    programme = pm.Programme.load(io.template(folder), strict=True, follow_links=True, max_memory=10**9)
    assert_type(programme, pm.Programme)
    told = programme.load_report
    assert_type(told, io.LoadReport | None)
    if told is None:
        return programme
    assert_type(told.missing, tuple[str, ...])
    assert_type(told.save, files.Save | None)
    assert_type(told.problems, tuple[errors.Problem, ...])
    assert_type(told.rejections("fr"), pl.DataFrame)
    assert_type(told.notices("fr"), pl.DataFrame)
    assert_type(told.consequences("fr"), list[str])
    assert_type(told.summary("en"), str)
    assert_type(io.write(programme.needs.to_polars(), folder / "needs.xlsx"), Path)
    assert_type(io.write_csv(programme.needs.to_polars(), folder / "needs.csv"), Path)
    return pm.Programme.from_tables(folder / "programme.toml", tables)


def catch(folder: Path, lang: errors.Lang) -> list[str]:
    """Catch errors: every one is a `PraiError` with its message in two languages."""
    pm.language(lang)
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
        errors.ArgumentError,
        errors.UnknownCodeError,
    )
    warnings: tuple[type[Warning], ...] = (
        errors.RejectedRowsWarning,
        errors.UnknownFactsWarning,
        errors.InterruptedSaveWarning,
    )
    assert_type(errors.excerpt("x" * 1_000), str)
    missing = errors.missing_extra("to plan", "pour planifier", "plan")
    assert_type(missing, errors.PraiError)
    return [*(each.__name__ for each in (*warnings, *same)), str(errors.Problem("a", "b", "c"))]


def drawn_actors(programme: pm.Programme) -> list[SearchStrategy[Any]]:
    """Generate random programmes and parts of programmes for tests, with Hypothesis."""
    case: testing.Case = testing.CASES[0]
    sizes: testing.Sizes = testing.SMALL
    assert_type(testing.programmes(case=case, sizes=sizes), SearchStrategy[pm.Programme])
    assert_type(testing.catalogues(), SearchStrategy[model.Catalogue])
    assert_type(testing.attendances(programme), SearchStrategy[model.Attendance])
    assert_type(testing.models(model.Period, start=testing.days()), SearchStrategy[model.Period])
    assert_type(testing.joined_columns(rules(), programme), SearchStrategy[pl.DataFrame | None])
    return [
        testing.attributes(),
        testing.behaviours(),
        testing.blackouts(),
        testing.budgets(),
        testing.calendars(),
        testing.commune_names(),
        testing.decisions(programme),
        testing.held_sessions(programme),
        testing.need_texts(),
        testing.needs(programme),
        testing.paces(),
        testing.policies(),
        testing.registrations(programme),
        testing.relay_partners(programme),
        testing.scenarios(programme),
        testing.territories(),
        testing.trainers(programme),
    ]


class Life(testing.ProgrammeLife):
    """The life of a programme under your own policy, as a state machine."""

    def policy(self) -> pm.Policy:
        """Return the policy whose requirements must always hold."""
        return rules()


def laws(need: testing.NeedText) -> list[str]:
    """Check the laws that hold for every policy."""
    direction: testing.Direction = testing.DIRECTIONS["need_score"]
    testing.assert_policy_laws(rules(), monotone={"need_score": direction})
    names: list[testing.NoisyName] = testing.noisy_names(10, seed=1)
    try:
        testing.expect("a name is read", names[0].text, need.text)
    except testing.BrokenLawError as error:
        return [error.law, error.told, error.rule]
    return [*testing.NOISES, testing.IMPORTS, testing.code(need), testing.unaccented(need.term)]


@testing.LAWS
def by_the_oracle(programme: pm.Programme, rec: pm.Recommendation) -> bool:
    """Compute the best offer a second time, in plain Python, and compare it with the recommendation."""
    oracle = testing.Oracle(programme, ON, policy=rules())
    best: testing.CandidateVerdict | None = next(iter(oracle.ranking(rec.territory)), None)
    return rec.next is None or (
        best is not None and best.candidate == testing.Candidate.of(rec.territory, rec.next) and not best.broken
    )


def programs(arguments: list[str]) -> int:
    """Run the demonstration and the command line from Python."""
    cli.main(arguments)
    return demo.run(arguments)


def installation() -> str:
    """Check what is installed."""
    found = doctor.check()
    assert_type(found, doctor.Diagnosis)
    assert_type(found.core, tuple[doctor.Package, ...])
    assert_type(found.extras, tuple[doctor.Extra, ...])
    checks: tuple[doctor.Check, ...] = found.checks
    return checks[0].status + found.text("fr")


def main() -> None:
    """Run the fast parts: names and codes, recommendations, the explanations of one, and a change."""
    programme = pm.Programme.example()
    print(look_up("09122").name, pm.register.get("200066231").name)
    print(resolve(pl.Series(["mairie de Foix", "Pamiers"])))
    recs = programme.recommend(on=ON)
    print(explanations(recs["200066231"]))
    print(differences(programme, recs).name.en)


if __name__ == "__main__":
    main()
