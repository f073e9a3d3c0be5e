"""The main entry point: a programme and its methods."""

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
from prai_match.model import EXPECTED, STRENGTH, Budget, Calendar, LexiconTable, PolicyRows, ProgrammeData, Reading
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
_DAYS = given.optional(given.at_least(1, model.LONGEST_DAYS))

_EXAMPLES = ("midi_pyrenees", "occitanie_2026")


class Programme(Shown, ProgrammeData):
    """A regional training programme: load it, change it, and ask for recommendations, plans, simulations and backtests.

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
        """Return a bundled region: real collectivities, invented history.

        Args:
            name: ``midi_pyrenees`` (2006-2008) or ``occitanie_2026`` (2026-2027, with its own lexicon and policy).

        Raises:
            UnknownCodeError: No bundled region has that name.
        """
        read: Self = _example(cls, given.known_among("example", name, _EXAMPLES))
        programme = read.model_copy()
        programme.loaded = read.loaded
        return programme

    @classmethod
    @given.takes()
    def load(cls, folder: str | Path, **options: Unpack[io.LoadOptions]) -> Self:
        """Read a programme from a folder of tables and its ``programme.toml``.

        Tables are read in the formats that offices use (see `prai_match.io.load`). Invalid rows are left out, with a
        warning: `load_report` lists them all, and can save them to be corrected. If the last save of the folder was
        interrupted, it is first finished or undone, also with a warning.

        Args:
            folder: The folder.
            **options: By keyword, any of these.

                - ``strict``: Raise if any row is rejected.
                - ``columns``: For each table, the column for each heading of its file that isn't recognised.
                - ``key``: The column that identifies a row in the system that it comes from, such as ``id``, or one for
                  each table: problems then show its value. The library doesn't use it otherwise.
                - ``tables``: Sources of the tables that are not in the folder, by table name.
                - ``follow_links``: Whether links in the folder may point outside it; by default, such files are
                  refused.
                - ``max_memory``: Maximum memory for its files, in bytes, estimated before they are read.

        Raises:
            ProgrammeError: The folder can't be read or, with ``strict``, rows are rejected; problems give file and
                line.
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
            tables: The source of each table, by table name.
            **options: ``strict``, ``columns``, ``key`` and ``max_memory``, as in `load`.

        Raises:
            ProgrammeError: A table can't be read or, with ``strict``, rows are rejected.
            PraiError: ``max_memory`` isn't a number of bytes.
        """
        return _with_warnings(io.load_tables(settings, tables, cls, **options))

    @property
    def load_report(self) -> io.LoadReport | None:
        """Report on the rows that were read and rejected; None for a programme that was not read from tables."""
        return io.report_of(self)

    @given.takes(format=given.text, public=given.yes)
    def save(self, folder: str | Path, format: io.Format = "csv", *, public: bool = False) -> None:  # noqa: A002 - as polars and pandas call it
        """Write the programme to a folder that `load` reads back as an equal programme; nothing is written in part.

        If the programme has its own lexicon or policy, they are written too: unchanged ones exactly as they were read.

        Args:
            folder: The folder; it is created if it doesn't exist.
            format: Format of the tables: ``csv``, ``tsv``, ``xlsx``, ``ods``, ``parquet`` or ``json``.
            public: Whether the folder is meant for others. If so, e-mail addresses, telephone numbers and names that
                follow a title such as "Mme" are masked in every text. Needs keep the workshop that was read in them;
                the words of a need in which nothing was read are left out if any had to be masked. Comments in the
                lexicon and policy files are left out too.

        Raises:
            PraiError: The extra ``io`` is not installed, the folder has other files of these tables, or another process
                is writing to it.
            OSError: The folder can't be written; the files already there are unchanged.
        """
        io.save(self, folder, format, public=public)

    @property
    def lexicon(self) -> needs.Lexicon:
        """The lexicon that reads the needs: the programme's own, or the bundled one.

        The bundled lexicon recognises the workshops of the catalogue, and none at all if the catalogue has a workshop
        that it doesn't know (see `Lexicon.bundled_for`).
        """
        return needs.lexicon_of(self)

    @property
    def policy(self) -> rules.Policy:
        """The rules and weights used by default: the programme's own policy, or the library's default policy."""
        return rules.policy_of(self)

    def with_needs(self, rows: Any) -> Self:  # noqa: ANN401 - models, dictionaries, a frame or a cursor
        """Return the programme with more needs.

        Args:
            rows: Needs as models or dictionaries, a data frame of any library whose columns are named like their
                fields, or a database cursor. All methods that add rows accept the same.

        Raises:
            ArgumentError: ``rows`` aren't rows.
            ProgrammeError: Rows have problems; each problem gives the position of its row.

        Example:
            >>> from prai_match import Programme
            >>> prog = Programme.example()
            >>> after = prog.with_needs([{"collectivity": "09122", "date": "2007-09-01", "text": "un SIG"}])
            >>> len(after.needs) - len(prog.needs)
            1
        """
        return self._with("needs", rows)

    def with_attendances(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more attendances, given as in `with_needs`."""
        return self._with("attendances", rows)

    def with_decisions(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more decisions on needs, offers and booked sessions, given as in `with_needs`."""
        return self._with("decisions", rows)

    def with_registrations(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more registrations for booked sessions, given as in `with_needs`."""
        return self._with("registrations", rows)

    def with_sessions(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more sessions held or booked; a known identifier replaces the existing one."""
        return self._with("sessions", rows)

    def with_trainers(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more trainers; one with a known identifier replaces the existing one."""
        return self._with("trainers", rows)

    def with_partners(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more relay partners; one with a known identifier replaces the existing one."""
        return self._with("partners", rows)

    def with_collectivities(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more collectivities; one with a known code replaces the existing one."""
        return self._with("collectivities", rows)

    def with_territories(self, rows: Any) -> Self:  # noqa: ANN401 - as above
        """Return the programme with more territories; one with a known identifier replaces the existing one."""
        return self._with("territories", rows)

    def _with(self, table: str, rows: object) -> Self:
        return offers.hand_on(self, model.with_rows(self, table, given.rows(rows, "rows")))

    def with_calendar(self, calendar: Calendar | Mapping[str, Any]) -> Self:
        """Return the programme with another calendar: a `prai_match.model.Calendar`, or a mapping of its fields."""
        return self.model_copy(update={"calendar": calendar})

    def with_budget(self, budget: Budget | Decimal | float | None) -> Self:
        """Return the programme with another budget: a `prai_match.model.Budget`, a total in euros, or None."""
        if budget is not None and not isinstance(budget, Budget | Mapping):
            budget = Budget(total=given.amount(budget, "budget"))
        return self.model_copy(update={"budget": budget})

    def with_policy(self, policy: rules.Policy | PolicyRows | Mapping[str, Any] | None) -> Self:
        """Return the programme with another policy: a `Policy`, its data as a mapping, or None for the default policy.

        Raises:
            PolicyError: The policy has problems, or doesn't fit the programme.
        """
        policy = rules.Policy.of(policy, self) if isinstance(policy, Mapping) else policy
        after = self.model_copy(update={"policy": policy})
        _ = after.policy  # raises now if it doesn't fit
        return after

    def with_lexicon(self, lexicon: needs.Lexicon | LexiconTable | Mapping[str, Any] | None) -> Self:
        """Return the programme with another lexicon: a `Lexicon`, its data as a mapping, or None for the bundled one.

        Raises:
            LexiconError: The lexicon has problems, or names something that isn't in the catalogue.
        """
        after = self.model_copy(update={"lexicon": lexicon})
        _ = after.lexicon  # as above
        return after

    def without_trainer(self, trainer: str, since: dt.date) -> Self:
        """Return the programme without a trainer from the day ``since`` on; the history before that day stays.

        Raises:
            UnknownCodeError: The trainer isn't in the programme.
        """
        return self._without("trainers", "trainer", trainer, since)

    def without_partner(self, partner: str, since: dt.date) -> Self:
        """Return the programme without a relay partner from the day ``since`` on; the history before that day stays.

        Raises:
            UnknownCodeError: The relay partner isn't in the programme.
        """
        return self._without("partners", "relay partner", partner, since)

    def _without(self, table: str, kind: str, code: str, since: dt.date) -> Self:
        actors = {actor.id: actor for actor in getattr(self, table)}
        actor = actors[given.code(code, actors, kind, kind)]
        return self._with(table, [actor.model_copy(update={"until": given.later(given.day(since, "since"), -1)})])

    def needs_on(self, day: dt.date, lang: Lang | None = None) -> pl.DataFrame:
        """Return the needs expressed up to a day, in their order, each with its state on that day and the reason.

        A need counts from its day, or from the last time it was confirmed. It is ``met`` by the first later attendance
        of its territory at its workshop (and at its axis, if both have one), ``lapsed`` after ``needs_lapse_months``,
        ``to_confirm`` if the council was renewed since, ``withdrawn`` for good once a decision says so; otherwise
        ``open``. Events after the day are ignored.

        Columns: ``territory``, ``collectivity``, ``date``, ``workshop`` and ``axis`` (as stated or read; null if none),
        ``people``, ``score`` (0 to 100), ``state``, ``since`` (its first day), ``by`` (the collectivity that attended)
        and ``why`` (a sentence in ``lang``).

        Raises:
            ArgumentError: The argument isn't a day.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> from prai_match import Programme
            >>> needs = Programme.example().needs_on("2007-09-03", "en")
            >>> needs["state"].value_counts(sort=True).rows()[:2]
            [('open', 77), ('met', 6)]
        """
        return offers.needs_on(self, given.day(day, "day"), current_language(lang))

    def open_days(self, on: dt.date) -> calendar.OpenDays:
        """Return the days on which sessions can be held, as known on the day ``on``, and why the others are closed.

        A day is open within the programme's period, outside blackouts, at least ``notice_days`` after ``on`` so that
        people can be invited, on weekdays that aren't public holidays where the session is held and, if the calendar
        names a zone of ``school_holidays``, outside these. Recommendations, plans and simulations use the same days.

        Raises:
            ArgumentError: The argument isn't a day.

        Example:
            >>> from prai_match import Programme
            >>> days = Programme.example().open_days("2007-04-03")
            >>> days.first(), days.why_closed("2007-05-08", lang="en")
            (datetime.date(2007, 4, 24), 'public holiday: Victory Day')
        """
        return calendar.OpenDays(self, given.day(on, "on"))

    def as_of(self, day: dt.date) -> Self:
        """Return the programme as known on a day: for that day, it gives the same answers as the whole programme.

        It keeps the needs and attendances until then, the sessions held or booked by then with their registrations, and
        the relays and trainers of the time.
        """
        return model.as_of(self, given.day(day, "day"))

    def forget(self, *, texts_before: dt.date) -> Self:
        """Return the programme without the texts of needs expressed before a day; the workshops read in them are kept.

        Answers and fingerprints stay the same; reasons that quoted a text name its workshop. Another lexicon can no
        longer read these texts. Those that became examples of the lexicon stay in its `exemples`.

        Args:
            texts_before: The day; texts of that day and later stay.

        Raises:
            ArgumentError: The argument isn't a day.
        """
        return offers.without_words(self, given.day(texts_before, "texts_before"))

    def classify(self, texts: str | Iterable[str | None] | pl.Series) -> pl.DataFrame:
        """Read needs written in French, and find the workshop that each asks for.

        Returns:
            One row per text, in order: ``text``, ``workshop`` (null if the lexicon doesn't decide), ``axis``, ``score``
            (0 to 100), ``terms`` (the terms that matched) and ``reason`` (why it doesn't decide).
        """
        return needs.classify(texts, self.lexicon)

    def read_needs(self, texts: str | Iterable[str | None] | pl.Series) -> pl.DataFrame:
        """Read everything that texts name: what they ask for, what they refuse and what is there already.

        Returns:
            At least one row per text, in order: ``text`` (its place, from 0), ``start`` and ``end`` (the characters of
            the part), ``workshop``, ``axis``, ``polarity`` (``wanted``, ``question``, ``refused`` or
            ``there_already``), ``rank`` (of the needs of the text, the first one first; null for what isn't wanted),
            ``score`` (0 to 100: the probability that the row is right), ``words`` (those that counted), ``reader``
            (``lexicon``, ``examples`` or ``both``) and ``reason`` (why a text names nothing).

        Example:
            >>> from prai_match import Programme
            >>> text = "Nous avons déjà un site, c'est un SIG qui manque."
            >>> Programme.example().read_needs(text).select("workshop", "polarity", "rank").rows()
            [('site_internet', 'there_already', None), ('sig', 'wanted', 1)]
        """
        return needs.read_needs(texts, self.lexicon)

    def review(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the needs that an officer should look at: read with doubt (a score below 90), or naming nothing.

        They are grouped by the word that they share: one that many of them have, and few of the programme's other
        needs. The largest group comes first. Needs whose workshop an officer stated are not among them.

        Returns:
            A row for each workshop that a need asks for, or one if it asks for none: ``group`` (the word; null for a
            need that shares none), ``count`` (needs of the group), ``row`` (the place of the need in `needs`),
            ``collectivity``, ``date``, ``text``, ``workshop``, ``axis``, ``score``, ``words`` (those that counted) and
            ``reason`` (a sentence in ``lang``; null for a workshop that was read without doubt).

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> from prai_match import Programme
            >>> queue = Programme.example().review("en")
            >>> queue["group", "count", "text", "workshop"].row(-1)
            (None, 1, 'Nous cherchons un financement pour la salle des fêtes.', None)
        """
        return needs.review(self.needs.to_polars(), self.lexicon, current_language(lang))

    @given.takes(horizon_days=_DAYS, group_by=given.optional(given.text))
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
            strength: Weight of the declared probabilities, as a number of observed territories (see
                `prai_match.backtest.choose_strength`).
            horizon_days: Maximum number of days between a session and its follow-up; None means ``offer_horizon_days``.
            group_by: How to group similar territories: ``departement``, ``size`` (quartile of population) or one of
                their attributes. Each group then gets its own estimates, drawn towards the overall ones; the fewer
                observations it has, the more (`FollowUps.groups`). None means a single group.

        Raises:
            ValueError: ``strength`` isn't above 0, or ``horizon_days`` isn't from 1 to 1,826.
            UnknownCodeError: Territories don't have this attribute.
        """
        return followups.follow_ups_of(self, on, strength, horizon_days, group_by=group_by)

    @given.takes(horizon_days=_DAYS, reading=given.one_of(model.READINGS))
    def forecast(
        self,
        on: dt.date,
        *,
        reading: Reading = "eventually",
        strength: float = EXPECTED,
        horizon_days: int | None = None,
    ) -> followups.Forecast:
        """Return what territories attend next, learned from the history until ``on`` only, not from what is declared.

        Args:
            on: The day.
            reading: ``next`` counts only what a territory attends the next time; ``eventually`` all that it attends.
            strength: Weight of the overall frequencies, as a number of sessions added to those observed.
            horizon_days: Number of days looked ahead; None means ``offer_horizon_days``.

        Raises:
            ValueError: ``reading`` is invalid, ``strength`` isn't above 0, or ``horizon_days`` isn't from 1 to 1,826.
        """
        return followups.forecast_of(self, on, reading, strength, horizon_days)

    def recommend(self, on: dt.date, **options: Unpack[recommend.RecommendationOptions]) -> Recommendations:
        """Recommend the next session, relay partner and trainer of every territory.

        Args:
            on: The day; nothing later is used.
            **options: By keyword, any of these.

                - ``top``: Number of sessions kept for each territory, including alternatives; 3 by default.
                - ``policy``: Rules and weights; those of the programme by default.
                - ``territories``: Identifiers of the territories to answer for; all of them by default.
                - ``follow_ups``: The graph to use; by default, the one learned until ``on``.
                - ``extra``: A data frame with ``territory`` and the columns that the policy declares.
                - ``executor``: Ranks départements in parallel; by default, all are ranked in this process. The answers
                  are identical to the last bit. Start worker processes with ``spawn`` or ``forkserver``.

        Raises:
            PraiError: Workers of the executor stopped before they finished.
            PolicyError: The policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            UnknownCodeError: A territory isn't in the programme.
            ValueError: ``top`` is less than 1.
        """
        return Recommendations(recommend.recommend(self, on, **options))

    def relay_gaps(self, on: dt.date, *, top: int = 10) -> gaps.RelayGaps:
        """Return where relays are missing on a day, who is waiting, and which structures could organise these sessions.

        A gap is a session in a département for which no relay covers the département, carries the session and has room
        for it. Several structures are tried one by one as additional relays: those that cover the département but don't
        carry the session or are full, near ones that carry it, the largest EPCI, and the kinds of relays that the
        programme names. The result is what each would serve in the set of offers that can be carried out together with
        it (see `Recommendations.together`).

        Args:
            on: The day; nothing later is used.
            top: Number of gaps, those with most people waiting, for whose départements structures are tried.

        Raises:
            ArgumentError: The argument isn't a day.
            ValueError: ``top`` is less than 1.

        Example:
            >>> from prai_match import Programme
            >>> gaps = Programme.example().relay_gaps("2007-09-03")
            >>> gaps.structures["structure", "changes", "sessions", "territories"].row(0)
            ('cg32', ['carries'], 2, 7)
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
        """Plan the sessions of a period: what to hold, where, when, with which relay and trainer, and who attends.

        A first plan is built at once; parts of it are then rebuilt, and the solver looks for a better one. Ctrl-C ends
        the search with the best plan so far. With ``time_limit=None``, the same inputs and solver version give the same
        plan; with a time limit, the plan depends on the speed of the machine.

        Args:
            start: First day of the period.
            end: Last day.
            progress: Called when the best plan or its bound changes; None shows a line on the terminal (extra ``io``).
            **options: By keyword, any of these.

                - ``budget``: Maximum cost of the new sessions, in euros; by default, what the programme has left.
                - ``policy``: Rules and weights; those of the programme by default.
                - ``on``: The day of planning, ``start`` by default; nothing later is used.
                - ``weights``: Weights of the objective; the default weights if not given.
                - ``each``: Maximum number of sessions to which one territory is invited; 3 by default.
                - ``extra``: Columns that the policy declares, as for `recommend`.
                - ``time_limit``: Seconds of search; 60 by default. None means no limit; 0 gives the first plan.
                - ``node_limit``: Maximum number of nodes of the search; no limit by default.
                - ``gap``: Share of the bound that may be missing when the search ends; 0.002 by default.
                - ``seed``: Seed of the random draws and of the solver; 0 by default.

        Raises:
            PraiError: The extra ``plan`` is not installed, or the school holidays of the period are unknown.
            ProgrammeError: The extra columns don't fit.
            PolicyError: The policy names a session that isn't in the catalogue.
            ValueError: The period ends before it starts, ``each`` is less than 1, or the budget is negative.
        """
        return plan.plan(self, start, end, progress=progress, **options)

    def plan_by_region(
        self, start: dt.date, end: dt.date, *, executor: Executor | None = None, **options: Unpack[PlanOptions]
    ) -> RegionalPlan:
        """Plan the sessions of a programme that covers several régions, one région at a time.

        First, a relaxed plan of the whole programme is computed, without whole numbers, dates or borders. It gives an
        upper bound for every plan (`Plan.bound`) and decides how money, trainers and relays are shared out (see
        `RegionalPlan.regions`): money in proportion to what each région spends in the relaxed plan; the months of a
        trainer and the room of a relay that several régions can use in proportion to the sessions that they lead or
        host there. Each région is then planned without inviting territories from other régions. The plans are joined:
        if a relay would organise sessions of two régions on the same day, one of them moves to its next best day. Then
        remaining territories are seated and sessions are added with what is left, across borders too.

        The plan doesn't depend on the executor or its number of workers; as with `plan`, it depends on the machine if a
        time limit stops a search. Ctrl-C ends it with the best plan so far: finished régions keep their plan, the
        others get their first plan.

        Args:
            start: First day of the period.
            end: Last day.
            executor: Where the régions are planned; None plans them in this process, one after the other. Worker
                processes get pickled inputs; start them with ``spawn`` or ``forkserver``.
            **options: As for `plan`. ``time_limit``, ``node_limit`` and ``gap`` apply to each région; ``gap`` also
                decides whether the whole plan is called ``optimal``.

        Raises:
            PraiError: As for `plan`.
            PolicyError: The policy names a session that isn't in the catalogue.
            ValueError: The period ends before it starts, ``each`` is less than 1, or the budget is negative.
        """
        return plan.plan_by_region(self, start, end, executor=executor, **options)

    def simulate(
        self,
        scenarios: Scenario | Iterable[Scenario],
        start: dt.date,
        end: dt.date,
        **options: Unpack[SimulationOptions],
    ) -> Outcomes[Self]:
        """Simulate the programme month by month under scenarios, each many times, with the same random draws for all.

        Every month, recommendations are made for all territories from what happened so far, a planner decides on
        sessions, sessions that are due are held, people attend or not and rate them, needs are expressed, and money is
        spent. Results depend only on the inputs and the seed, not on the executor or the number of its workers. Only
        one simulation at a time writes to a folder, and outcomes already there are verified.

        Args:
            scenarios: One or several; the others are compared with the first.
            start: First day; every replication begins with what is known before it.
            end: Last day.
            **options: By keyword, any of these.

                - ``replications``: Number of replications of each scenario, with the same draws; 100 by default.
                - ``seed``: Seed of all random draws; 0 by default.
                - ``executor``: Any of `concurrent.futures`, or that of a Dask cluster; this process by default.
                - ``folder``: Where outcomes are written; the same call resumes where it stopped. By default, outcomes
                  are kept in a temporary place.
                - ``extra``: Columns that policies declare, as for `recommend`, the same in every month.

        Raises:
            PraiError: The extra ``simulate`` is not installed, the folder is another simulation's, or a worker died.
            ProgrammeError: A scenario or the extra columns don't fit the programme.
            UnknownCodeError: A scenario names something that isn't in the programme.
            ValueError: The period, the number of replications or the names of the scenarios are invalid.
        """
        return simulate.simulate(self, scenarios, start, end, **options)

    def backtest(
        self,
        splits: Iterable[dt.date],
        policies: Mapping[str, rules.Policy] | None = None,
        **options: Unpack[BacktestOptions],
    ) -> Backtest:
        """Measure how well policies rank what territories attended next, on past days, compared with baselines.

        A territory that attended none of what it could be offered isn't counted as a case; for a case, a policy that
        offers nothing counts as a miss. If too few territories have a case, figures are descriptive: they have no
        intervals. If the programme has no relay or no trainer, rules that read one are left out (`Backtest.stand_ins`).

        Args:
            splits: The days; for each, only what was known then is used.
            policies: The policies, by name; None means that of the programme, named ``default``.
            **options: By keyword, any of these.

                - ``horizon_days``: Number of days after each split in which attendances are counted; 120 by default.
                - ``until``: The day until which the history is complete; by default, the last attendance or need.
                - ``strength``: Strength of the smoothing of the follow-up graph.
                - ``extra``: Columns that policies declare, as for `recommend`; known on every split.
                - ``seed``: Seed of the draws of territories; 0 by default.
                - ``replications``: Number of draws of territories, for intervals; 1,000 by default.
                - ``level``: Confidence level of the intervals; 0.95 by default.
                - ``precision``: Half the width of the widest interval of a share that is informative; 0.15 by default.

        Raises:
            BacktestError: No territory has a case, or the history has no past or no future of a split.
            PolicyError: A policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            ValueError: A number is out of range, there is no split, or a policy has the name of a baseline.
        """
        return backtest.backtest(self, splits, policies, **options)

    def check_policy(self, **options: Unpack[CheckOptions]) -> PolicyCheck:
        """Show which rules of a policy can't change a ranking, and which didn't on past days.

        Each rule that could change a ranking is left out in turn, and the rankings of all sessions of each territory
        are compared, with their relays and trainers; the points of the other rules stay the same. Rules that change
        nothing alone are then left out in pairs. Limits are never left out.

        Args:
            **options: By keyword, any of these.

                - ``policy``: Rules and weights; those of the programme by default.
                - ``days``: Days on which rankings are compared; by default, the first of each month of the history.
                - ``extra``: Columns that the policy declares, as for `recommend`, the same on every day.
                - ``executor``: Compares days in parallel; by default, one after the other in this process.

        Raises:
            PraiError: Workers of the executor stopped before they finished.
            PolicyError: The policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            ValueError: There is no day.
        """
        return backtest.check_policy(self, **options)

    @given.takes()
    def changed(self, changes: explain.Changes) -> Self:
        """Return the programme with changes; changes of day and weights only apply in `Recommendations.what_if`.

        Raises:
            UnknownCodeError: Something to remove isn't in the programme.
            ProgrammeError: A named attendance or need doesn't exist, or the resulting programme contradicts itself.
        """
        return explain.after_changes(self, changes)


@cache
def _example(kind: type[_P], name: str) -> _P:
    """Read a bundled region, once: its frozen rows are shared, and each copy prepares its own derived data."""
    with as_file(files("prai_match").joinpath("data", name)) as folder:
        return kind.load(folder, follow_links=True)  # some installers link to the files of a package


def _with_warnings(loading: io.Loaded[_P]) -> _P:
    """Warn the caller of the loading method about rejected rows, unknown facts and an interrupted save."""
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
