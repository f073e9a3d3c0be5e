"""The front door: what can be asked of a programme."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from prai_match import _arguments as given, _words, model
from prai_match._front._recommendations import Recommendations
from prai_match._later import Later
from prai_match.errors import InterruptedSaveWarning, Lang, RejectedRowsWarning, UnknownFactsWarning
from prai_match.files import read_settled
from prai_match.model import (
    EXPECTED,
    LONGEST_DAYS,
    READINGS,
    STRENGTH,
    Budget,
    Calendar,
    LexiconTable,
    PolicyRows,
    ProgrammeData,
    Reading,
)
from prai_match.text import LANGUAGES, Shown, both, current_language

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import polars as pl

    import prai_match.policy as rules
    from prai_match import backtest, calendar, explain, followups, gaps, io, needs, offers, plan, recommend, simulate
    from prai_match.backtest import Backtest, BacktestOptions, CheckOptions, PolicyCheck
    from prai_match.plan import Plan, PlanOptions, Progress, RegionalPlan
    from prai_match.simulate import Outcomes, Scenario, SimulationOptions
else:
    backtest, calendar, explain, followups = map(Later, (".backtest", ".calendar", ".explain", ".followups"))
    gaps, io, needs = map(Later, (".gaps", ".io", ".needs"))
    offers, plan, rules, recommend, simulate = map(Later, (".offers", ".plan", ".policy", ".recommend", ".simulate"))

_P = TypeVar("_P", bound="Programme")

_EXAMPLES = ("midi_pyrenees", "occitanie_2026")


class Programme(Shown, ProgrammeData):
    """A regional training programme, and what can be asked of it.

    Example:
        >>> programme = Programme.example()
        >>> recs = programme.recommend("2007-09-03")
        >>> rec = recs["200066231"]
        >>> sum(rec.why().contributions.values()) == rec.score
        True
    """

    @classmethod
    @given.takes()
    def example(cls, name: str = "midi_pyrenees") -> Self:
        """Return a bundled region: real collectivities, made history.

        Args:
            name: ``midi_pyrenees`` (2006-2008) or ``occitanie_2026`` (season 2026-2027, with a lexicon and a policy of
                its own).

        Raises:
            UnknownCodeError: There is no bundled region of that name.
        """
        read: Self = _example(cls, given.known_among("example", name, _EXAMPLES))
        programme = read.model_copy()
        programme.loaded = read.loaded
        return programme

    @classmethod
    @given.takes()
    def load(cls, folder: str | Path, **options: Unpack[io.LoadOptions]) -> Self:
        """Read a programme from a folder of tables and its ``programme.toml``.

        Tables are read as offices have them (see `prai_match.io.load`). Rows that are wrong are left out, with a
        warning: `load_report` tells all of them, and saves them so that they can be mended. A save of the folder that
        was interrupted is finished or undone first, with a warning too.

        Args:
            folder: The folder.
            **options: By keyword, any of these.

                - ``strict``: Raise if any row is rejected.
                - ``columns``: For each table, columns by the labels of its file, where they aren't recognised.
                - ``key``: The column that names a row where it comes from, such as ``id``, or one for each table:
                  problems tell its value too, and it needs no other meaning.
                - ``tables``: Sources of tables that are not in the folder, by name of the table.
                - ``follow_links``: Whether a link in the folder may lead out of it; else such a file is refused.
                - ``max_memory``: The most bytes of memory that its files may take, as estimated before it is taken.

        Raises:
            ProgrammeError: The folder can't be read or, with ``strict``, rows are rejected; each with file and line.
            LexiconError: The lexicon that the catalogue names can't be read or has problems.
            PolicyError: The policy that the catalogue names can't be read or has problems.

        Example:
            >>> import tempfile
            >>> from prai_match import Programme, io
            >>> with tempfile.TemporaryDirectory() as parent:
            ...     programme = Programme.load(io.template(f"{parent}/region", "en"), strict=True)
            >>> programme.load_report.rejected
            0
        """
        return _with_warnings(read_settled(folder, lambda save: io.read_folder(folder, cls, save, **options)))

    @classmethod
    @given.takes(settings=given.settings, tables=given.mapping)
    def from_tables(
        cls, settings: str | Path | Mapping[str, Any], tables: Mapping[str, Any], **options: Unpack[io.TableOptions]
    ) -> Self:
        """Build a programme table by table: files, polars, pandas or Arrow frames, or records.

        Args:
            settings: A ``programme.toml``, or the same as a mapping.
            tables: The source of each table, by its name.
            **options: ``strict``, ``columns``, ``key`` and ``max_memory``, as in `load`.

        Raises:
            ProgrammeError: A table can't be read or, with ``strict``, rows are rejected.
            PraiError: ``max_memory`` is no number of bytes.
        """
        return _with_warnings(io.load_tables(settings, tables, cls, **options))

    @property
    def load_report(self) -> io.LoadReport | None:
        """What became of the rows that were read; None for a programme that was not read from tables."""
        return io.report_of(self)

    @given.takes(format=given.text, public=given.yes)
    def save(self, folder: str | Path, format: io.Format = "csv", *, public: bool = False) -> None:  # noqa: A002 - as polars and pandas call it
        """Write the programme to a folder that `load` reads back as an equal programme: all of it, or nothing.

        The lexicon and the policy are written too, where it has its own: as they were read, where they are the same.

        Args:
            folder: The folder; it is made where it doesn't exist.
            format: Of the tables: ``csv``, ``tsv``, ``xlsx``, ``ods``, ``parquet`` or ``json``.
            public: Whether it is for others: e-mail addresses, telephone numbers and names after civilities are masked
                in every text. Needs keep what was read in them; words in which nothing was read are left out where any
                had to be masked, and comments of the lexicon's and the policy's files too.

        Raises:
            PraiError: The extra ``io`` is not installed, the folder has other files of the same tables, or somebody
                else is writing to it.
            OSError: The folder can't be written; the files that stood there are as they were.
        """
        io.save(self, folder, format, public=public)

    @property
    def lexicon(self) -> needs.Lexicon:
        """The lexicon that reads the needs: the programme's own, or the bundled one.

        The bundled one answers what the catalogue has, and nothing where the catalogue has a workshop that it doesn't
        know (see `Lexicon.bundled_for`).
        """
        return needs.lexicon_of(self)

    @property
    def policy(self) -> rules.Policy:
        """The rules and weights where none are given: the programme's own, or the default policy's."""
        return rules.policy_of(self)

    def with_needs(self, rows: Any) -> Self:  # noqa: ANN401 - models, dictionaries, a frame or a cursor
        """Return the programme with more needs.

        Args:
            rows: Needs as models or dictionaries, a frame of any library whose columns are named like their fields, or
                a cursor of a database; so for all that adds rows.

        Raises:
            ArgumentError: They are no rows.
            ProgrammeError: Rows have problems; each has its place among those given.

        Example:
            >>> from prai_match import Programme
            >>> prog = Programme.example()
            >>> after = prog.with_needs([{"collectivity": "09122", "date": "2007-09-01", "text": "un SIG"}])
            >>> len(after.needs) - len(prog.needs)
            1
        """
        return self._with("needs", rows)

    def with_attendances(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more attendances, given as to `with_needs`."""
        return self._with("attendances", rows)

    def with_decisions(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more decisions on needs, offers and booked sessions, given as to `with_needs`."""
        return self._with("decisions", rows)

    def with_registrations(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more registrations for booked sessions, given as to `with_needs`."""
        return self._with("registrations", rows)

    def with_sessions(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more sessions held or booked; one of a known identifier replaces the other."""
        return self._with("sessions", rows)

    def with_trainers(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more trainers; one of a known identifier replaces the other."""
        return self._with("trainers", rows)

    def with_partners(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more relay partners; one of a known identifier replaces the other."""
        return self._with("partners", rows)

    def with_collectivities(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more collectivities; one of a known code replaces the other."""
        return self._with("collectivities", rows)

    def with_territories(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more territories; one of a known identifier replaces the other."""
        return self._with("territories", rows)

    def _with(self, table: str, rows: object) -> Self:
        return offers.hand_on(self, model.with_rows(self, table, given.rows(rows, "rows")))

    def with_calendar(self, calendar: Calendar | Mapping[str, Any]) -> Self:
        """Return the programme with another calendar: a `prai_match.model.Calendar`, or its fields by name."""
        return self.model_copy(update={"calendar": calendar})

    def with_budget(self, budget: Budget | Decimal | float | None) -> Self:
        """Return the programme with another budget: a `prai_match.model.Budget`, a total in euros, or None."""
        if budget is not None and not isinstance(budget, Budget | Mapping):
            budget = Budget(total=given.amount(budget, "budget"))
        return self.model_copy(update={"budget": budget})

    def with_policy(self, policy: rules.Policy | PolicyRows | Mapping[str, Any] | None) -> Self:
        """Return the programme with other rules and weights: a policy, the same as data, or None for the default.

        Raises:
            PolicyError: The policy has problems, or doesn't fit the programme.
        """
        policy = rules.Policy.of(policy, self) if isinstance(policy, Mapping) else policy
        after = self.model_copy(update={"policy": policy})
        _ = after.policy  # what doesn't fit is told now
        return after

    def with_lexicon(self, lexicon: needs.Lexicon | LexiconTable | Mapping[str, Any] | None) -> Self:
        """Return the programme with other words for its workshops: a lexicon, the same as data, or None.

        Raises:
            LexiconError: The lexicon has problems, or names what isn't in the catalogue.
        """
        after = self.model_copy(update={"lexicon": lexicon})
        _ = after.lexicon  # as above
        return after

    def without_trainer(self, trainer: str, since: dt.date) -> Self:
        """Return the programme without a trainer from a day on; what it did before stays.

        Raises:
            UnknownCodeError: There is no such trainer.
        """
        return self._without("trainers", "trainer", trainer, since)

    def without_partner(self, partner: str, since: dt.date) -> Self:
        """Return the programme without a relay partner from a day on; what it did before stays.

        Raises:
            UnknownCodeError: There is no such relay partner.
        """
        return self._without("partners", "relay partner", partner, since)

    def _without(self, table: str, kind: str, code: str, since: dt.date) -> Self:
        actors = {actor.id: actor for actor in getattr(self, table)}
        actor = actors[given.code(code, actors, kind, kind)]
        return self._with(table, [actor.model_copy(update={"until": given.later(given.day(since, "since"), -1)})])

    def needs_on(self, day: dt.date, lang: Lang | None = None) -> pl.DataFrame:
        """Return the needs expressed by a day, in their order, each with its state on that day and why.

        A need counts from its day, or from the last time it was confirmed. It is ``met`` by the first later attendance
        of its territory at its workshop (of its axis, where both have one), ``lapsed`` after ``needs_lapse_months``,
        ``to_confirm`` where the council was renewed since, ``withdrawn`` for good once a decision says so; else
        ``open``. Nothing that comes later is seen.

        Columns: ``territory``, ``collectivity``, ``date``, ``workshop`` and ``axis`` (as stated or read; null: none),
        ``people``, ``score`` (0 to 100), ``state``, ``since`` (its first day), ``by`` (the collectivity that attended)
        and ``why`` (a sentence in ``lang``).

        Raises:
            ArgumentError: It is no day.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> from prai_match import Programme
            >>> needs = Programme.example().needs_on("2007-09-03", "en")
            >>> needs["state"].value_counts(sort=True).rows()[:2]
            [('open', 75), ('met', 8)]
        """
        return offers.needs_on(self, given.day(day, "day"), current_language(lang))

    def open_days(self, on: dt.date) -> calendar.OpenDays:
        """Return the days on which sessions can be held, as decided on a day, and why the others are closed.

        A day is open within the programme's period, outside blackouts, from the day for which people can be invited
        (``notice_days``), on weekdays that are no public holidays where the session is held and, where the calendar
        names a zone of ``school_holidays``, outside these. Recommendations, plans and simulations read the same.

        Raises:
            ArgumentError: It is no day.

        Example:
            >>> from prai_match import Programme
            >>> days = Programme.example().open_days("2007-04-03")
            >>> days.first(), days.why_closed("2007-05-08", lang="en")
            (datetime.date(2007, 4, 24), 'public holiday: Victory Day')
        """
        return calendar.OpenDays(self, given.day(on, "on"))

    def as_of(self, day: dt.date) -> Self:
        """Return the programme as it was known on a day: it answers for that day as the whole one does.

        Needs and attendances until then, sessions held or booked by then with who is registered for them, and the
        relays and trainers of the time.
        """
        return model.as_of(self, given.day(day, "day"))

    def forget(self, *, texts_before: dt.date) -> Self:
        """Return the programme without the words of needs expressed before a day; what was read in them is kept.

        Answers and fingerprints stay the same. What another lexicon would read in those words can't be known any more.

        Args:
            texts_before: The day; words of that day and later stay.

        Raises:
            ArgumentError: It is no day.
        """
        return offers.without_words(self, given.day(texts_before, "texts_before"))

    def classify(self, texts: str | Iterable[str | None] | pl.Series) -> pl.DataFrame:
        """Read French texts of needs.

        Returns:
            One row a text, in order: ``text``, ``workshop`` (null where it abstains), ``axis``, ``score`` (0 to 100),
            ``terms`` (what matched) and ``reason`` (why it abstains).
        """
        return needs.classify(texts, self.lexicon)

    @given.takes(horizon_days=given.optional(given.at_least(1, LONGEST_DAYS)), group_by=given.optional(given.text))
    def follow_ups(
        self,
        on: dt.date,
        *,
        strength: float = STRENGTH,
        horizon_days: int | None = None,
        group_by: str | None = None,
    ) -> followups.FollowUps:
        """Return the follow-up graph learned from the history until ``on``.

        Args:
            on: The day.
            strength: How many observed territories the declared probabilities are worth (see
                `prai_match.backtest.choose_strength`).
            horizon_days: Within how many days after its source a session follows; None: ``offer_horizon_days``.
            group_by: What territories that are alike have in common: ``departement``, ``size`` (the quarter of them
                that it is in by population) or one of their attributes. Each group then has estimates of its own,
                brought towards those of all by how few it has (`FollowUps.groups`). None: all are judged alike.

        Raises:
            ValueError: ``strength`` isn't above 0, or ``horizon_days`` isn't from 1 to 1,826.
            UnknownCodeError: Territories have no such attribute.
        """
        return followups.follow_ups_of(self, on, strength, horizon_days, group_by=group_by)

    @given.takes(horizon_days=given.optional(given.at_least(1, LONGEST_DAYS)), reading=given.one_of(READINGS))
    def forecast(
        self,
        on: dt.date,
        *,
        reading: Reading = "eventually",
        strength: float = EXPECTED,
        horizon_days: int | None = None,
    ) -> followups.Forecast:
        """Return what territories attend next, learned from the history until ``on`` alone, whatever is declared.

        Args:
            on: The day.
            reading: ``next``: what a territory attends the next time; ``eventually``: what it attends.
            strength: How many sessions the usual is worth beside those that were seen.
            horizon_days: Within how many days; None: ``offer_horizon_days``.

        Raises:
            ValueError: ``reading`` is neither of the two, ``strength`` isn't above 0, or ``horizon_days`` isn't from 1
                to 1,826.
        """
        return followups.forecast_of(self, on, reading, strength, horizon_days)

    def recommend(self, on: dt.date, **options: Unpack[recommend.RecommendationOptions]) -> Recommendations:
        """Recommend the next session, relay partner and trainer of every territory.

        Args:
            on: The day; nothing that comes later is looked at.
            **options: By keyword, any of these.

                - ``top``: Sessions kept for each territory, the recommendation and its alternatives; else 3.
                - ``policy``: Rules and weights; else those of the programme.
                - ``territories``: Identifiers to answer for; else all of them.
                - ``follow_ups``: The graph to use; else the one learned until ``on``.
                - ``extra``: A frame with ``territory`` and the columns that the policy declares.
                - ``executor``: Where départements are ranked side by side; else here, all at once. The answers are the
                  same, to the bit. Start workers of other processes with ``spawn`` or ``forkserver``, since the
                  computation uses threads.

        Raises:
            PraiError: Workers of the executor ended before their work.
            PolicyError: The policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            UnknownCodeError: A territory isn't in the programme.
            ValueError: ``top`` is below 1.
        """
        return Recommendations(recommend.recommend(self, on, **options))

    def relay_gaps(self, on: dt.date, *, top: int = 10) -> gaps.RelayGaps:
        """Return where relays are missing on a day, who waits, and the structures that could take these sessions.

        A gap is a session that no relay of a département covers, carries or has room for. Relays that cover the
        département but don't carry it or are full, those around that carry it, the largest EPCI and the kinds of relays
        that the programme names are each tried in its place: what they would serve is counted in the set of offers that
        can be carried out together with them (see `Recommendations.together`).

        Args:
            on: The day; nothing that comes later is looked at.
            top: Structures are tried for the départements of so many gaps, those with most people waiting.

        Raises:
            ArgumentError: It is no day.
            ValueError: ``top`` is below 1.

        Example:
            >>> from prai_match import Programme
            >>> gaps = Programme.example().relay_gaps("2007-09-03")
            >>> gaps.structures["structure", "changes", "sessions", "territories"].row(0)
            ('cg32', ['carries'], 2, 6)
        """
        return gaps.relay_gaps(self, on, top=top)

    def plan(
        self,
        start: dt.date,
        end: dt.date,
        *,
        progress: Callable[[Progress], None] | None = None,
        **options: Unpack[PlanOptions],
    ) -> Plan:
        """Plan the sessions of a period: which to hold, where, on which day, with whom, and who comes to each.

        A plan made at once comes first; parts of it are filled anew, and the solver looks for a better one. Ctrl-C ends
        the search with the best plan so far. With ``time_limit=None`` the same inputs and version of the solver give
        the same plan; a time limit stops the search where the machine has come by then.

        Args:
            start: First day of the period.
            end: Last day.
            progress: Called as the best plan or its bound changes; None: a line on the terminal, where the extra
                ``io`` is installed.
            **options: By keyword, any of these.

                - ``budget``: Most euros of the new sessions; else what the programme has left.
                - ``policy``: Rules and weights; else those of the programme.
                - ``on``: The day of planning; nothing that comes later is looked at. Else ``start``.
                - ``weights``: The objective; else the default weights.
                - ``each``: Most sessions of the plan to which one territory is invited; else 3.
                - ``extra``: Columns that the policy declares, as for `recommend`.
                - ``time_limit``: Seconds of search; else 60. None: no limit. 0 gives the plan made at once.
                - ``node_limit``: Nodes of the search; else no limit.
                - ``gap``: Share of the bound that may be missing when the search ends; else 0.002.
                - ``seed``: Of draws and of the solver's choices; else 0.

        Raises:
            PraiError: The extra ``plan`` is not installed, or the school holidays of the period aren't known.
            ProgrammeError: The extra columns don't fit.
            PolicyError: The policy names a session that isn't in the catalogue.
            ValueError: The period ends before it starts, ``each`` is below 1, or the budget below 0.
        """
        return plan.plan(self, start, end, progress=progress, **options)

    def plan_by_region(
        self, start: dt.date, end: dt.date, *, executor: Executor | None = None, **options: Unpack[PlanOptions]
    ) -> RegionalPlan:
        """Plan the sessions of a programme that covers several régions, each of them by itself.

        What would serve the whole best without whole numbers, dates and borders is computed first. It bounds every
        plan of the whole (`Plan.bound`), and says how money, trainers and relays are shared out (see
        `RegionalPlan.regions`): money in proportion to what each région spends in it, the months of a trainer and the
        room of a relay that several régions can use in proportion to the sessions that it has them lead or host there.
        The régions are then planned with nobody invited across a border. The plans are joined: a session whose relay
        hosts another of another région that day gets its next best day, then whoever can still come is seated and
        sessions are added with what is left, across borders too.

        The plan doesn't depend on the executor or its number of workers; like that of `plan`, it depends on the
        machine where a time limit stops a search. Ctrl-C ends it with the best so far: the régions that are finished
        as they were planned, the others planned at once.

        Args:
            start: First day of the period.
            end: Last day.
            executor: Where the régions are planned; None: here, one after the other. Workers of other processes get
                pickled inputs; start those with ``spawn`` or ``forkserver``, since the computation uses threads.
            **options: As for `plan`. ``time_limit`` and ``node_limit`` are those of each région; ``gap`` too, and the
                whole's for the plan to be called ``optimal``.

        Raises:
            PraiError: As for `plan`, with what follows.
            PolicyError: The policy names a session that isn't in the catalogue.
            ValueError: The period ends before it starts, ``each`` is below 1, or the budget below 0.
        """
        return plan.plan_by_region(self, start, end, executor=executor, **options)

    def simulate(
        self,
        scenarios: Scenario | Iterable[Scenario],
        start: dt.date,
        end: dt.date,
        **options: Unpack[SimulationOptions],
    ) -> Outcomes[Self]:
        """Simulate it month by month under scenarios, each many times, with the same draws for all of them.

        Every month the recommender answers for all territories on what happened so far, a planner decides on sessions,
        those that are due are held, people come or not and rate, needs are expressed, and money is spent. Results
        depend on nothing but the inputs and the seed: neither on the executor nor on the number of its workers. One
        simulation at a time writes to a folder, and what it has is verified.

        Args:
            scenarios: One or several; the first is what the others are compared with.
            start: First day; what is known before it is where every replication begins.
            end: Last day.
            **options: By keyword, any of these.

                - ``replications``: Of each scenario, with the same draws for all scenarios; else 100.
                - ``seed``: Of all draws; else 0.
                - ``executor``: Any of `concurrent.futures`, or a Dask cluster's; else this process.
                - ``folder``: Where outcomes are written; the same call goes on where it stopped. Else nowhere for long.
                - ``extra``: Columns that policies declare, as for `recommend`, the same in every month.

        Raises:
            PraiError: The extra ``simulate`` is not installed, the folder is another simulation's, or a worker died.
            ProgrammeError: A scenario doesn't fit the programme, or the extra columns don't.
            UnknownCodeError: A scenario cites what isn't in the programme.
            ValueError: The period, the replications or the names of the scenarios make no sense.
        """
        return simulate.simulate(self, scenarios, start, end, **options)

    def backtest(
        self,
        splits: Iterable[dt.date],
        policies: Mapping[str, rules.Policy] | None = None,
        **options: Unpack[BacktestOptions],
    ) -> Backtest:
        """Tell how well policies rank what territories attended next, on days of the past, beside baselines.

        A territory that attended none of what it could be offered is no case; a policy that offers it nothing missed.
        Where too few territories have a case, figures are descriptive: they have no intervals. Where there is no relay
        or no trainer, rules that read one are left out (`Backtest.stand_ins`).

        Args:
            splits: The days; on each only what was known then is seen.
            policies: The policies, by the name they shall have; None: that of the programme, as ``default``.
            **options: By keyword, any of these.

                - ``horizon_days``: Days after each split in which what territories attend is looked at; else 120.
                - ``until``: The day until which the history is complete; else that of the last attendance or need.
                - ``strength``: Of the smoothing of the follow-up graph.
                - ``extra``: Columns that policies declare, as for `recommend`, and that were known on every split.
                - ``seed``: Of the draws of territories; else 0.
                - ``replications``: Draws of territories, for intervals; else 1,000.
                - ``level``: Of the intervals; else 0.95.
                - ``precision``: Half the width of the widest interval of a share that still tells something; else 0.15.

        Raises:
            BacktestError: No territory has a case, or the history has no past or no future of a split.
            PolicyError: A policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            ValueError: A number is out of its range, there is no split, or a policy has the name of a baseline.
        """
        return backtest.backtest(self, splits, policies, **options)

    def check_policy(self, **options: Unpack[CheckOptions]) -> PolicyCheck:
        """Tell which rules of a policy can't change a ranking, and which didn't on days of the history.

        Each rule that could is left out in turn, and the ranking of all sessions of each territory compared, with whom
        they are offered; the points of the others stay what they are. Of the rules that change nothing alone, each two
        are left out together. Limits never are.

        Args:
            **options: By keyword, any of these.

                - ``policy``: Rules and weights; else those of the programme.
                - ``days``: Those on which rankings are compared; else the first of each month of the history.
                - ``extra``: Columns that the policy declares, as for `recommend`, the same on every day.
                - ``executor``: Where the days are compared side by side; else here, one after the other.

        Raises:
            PraiError: Workers of the executor ended before their work.
            PolicyError: The policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            ValueError: There is no day.
        """
        return backtest.check_policy(self, **options)

    @given.takes()
    def changed(self, changes: explain.Changes) -> Self:
        """Return the programme with changes; the day and the weights are for `Recommendations.what_if`.

        Raises:
            UnknownCodeError: Something to take away isn't there.
            ProgrammeError: There is no such attendance or need, or what results contradicts itself.
        """
        return explain.after_changes(self, changes)


@cache
def _example(kind: type[_P], name: str) -> _P:
    """Read a bundled region, once: its rows are frozen, and what is prepared from them is each copy's own."""
    with as_file(files("prai_match").joinpath("data", name)) as folder:
        return kind.load(folder, follow_links=True)  # some installers link to the files of a package


def _with_warnings(loading: io.Loaded[_P]) -> _P:
    """Warn the caller of the method that loads of rows left out, facts not known and an interrupted save."""
    report, texts = loading.report, _words.catalogue("prai_match._front", "warnings")

    def warn(
        kind: type[InterruptedSaveWarning | RejectedRowsWarning | UnknownFactsWarning], key: str, **values: object
    ) -> None:
        message = _words.filled(texts[key], values)
        warnings.warn(kind(message["en"], message["fr"]), stacklevel=5)

    if report.save is not None and report.save.interrupted:
        warn(InterruptedSaveWarning, "interrupted", subject=report.subject, what=both(io.interrupted, report.save))
    if report.rejected:
        warn(RejectedRowsWarning, "rejected", summary=both(report.summary))
    facts = {lang: texts["between"][lang].join(report.consequences(lang)) for lang in LANGUAGES}
    if any(facts.values()):
        warn(UnknownFactsWarning, "unknown", facts=facts)
    return loading.programme
