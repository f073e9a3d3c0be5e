"""The front door: what can be asked of a programme."""

from __future__ import annotations

import warnings
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from prai_match import explain, io, needs, offers, recommend
from prai_match._front._recommendations import Recommendations
from prai_match._words import catalogue, filled
from prai_match.errors import (
    InterruptedSaveWarning,
    RejectedRowsWarning,
    UnknownCodeError,
    UnknownFactsWarning,
    nearest,
)
from prai_match.files import read_settled
from prai_match.followups import STRENGTH, FollowUps
from prai_match.model import ProgrammeData
from prai_match.policy import policy_of
from prai_match.text import LANGUAGES, Shown

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    import polars as pl

    from prai_match.backtest import Backtest, BacktestOptions
    from prai_match.explain import Changes
    from prai_match.io import Format, LoadOptions, TableOptions
    from prai_match.needs import Lexicon
    from prai_match.plan import Plan, PlanOptions, Progress, RegionalPlan
    from prai_match.policy import Policy
    from prai_match.simulate import Outcomes, Scenario, SimulationOptions

_P = TypeVar("_P", bound="Programme")

_EXAMPLES = ("midi_pyrenees", "occitanie_2026")


class Programme(Shown, ProgrammeData):
    """A regional training programme, and what can be asked of it.

    Example:
        >>> import datetime as dt
        >>> programme = Programme.example()
        >>> recs = programme.recommend(on=dt.date(2007, 9, 3))
        >>> rec = recs["200066231"]
        >>> sum(rec.why().contributions.values()) == rec.score
        True
    """

    @classmethod
    def example(cls, name: str = "midi_pyrenees") -> Self:
        """Return a bundled region: real collectivities, made history.

        Args:
            name: ``midi_pyrenees`` (2006-2008) or ``occitanie_2026`` (season 2026-2027, with a lexicon and a policy of
                its own).

        Raises:
            UnknownCodeError: There is no bundled region of that name.

        Example:
            >>> from prai_match import Programme
            >>> len(Programme.example("occitanie_2026").territories)
            161
        """
        if name not in _EXAMPLES:
            raise UnknownCodeError("example", name, nearest(name, _EXAMPLES))
        read: Self = _example(cls, name)
        programme = read.model_copy()
        programme.loaded = read.loaded
        return programme

    @classmethod
    def load(cls, folder: str | Path, **options: Unpack[LoadOptions]) -> Self:
        """Read a programme from a folder of tables and its ``programme.toml``.

        Tables are read as offices have them (see `prai_match.io.load`). Rows that are wrong are left out, with a
        warning: `load_report` tells all of them, and saves them so that they can be mended. A save of the folder that
        was interrupted is finished or undone first, with a warning too.

        Args:
            folder: The folder.
            **options: By keyword, any of these.

                - ``strict``: Raise if any row is rejected.
                - ``columns``: For each table, columns by the labels of its file, where they aren't recognised.
                - ``tables``: Sources of tables that are not in the folder, by name of the table.
                - ``follow_links``: Whether a link in the folder may lead out of it; else such a file is refused.
                - ``max_memory``: The most bytes of memory that its files may take, as estimated before it is taken.

        Raises:
            ProgrammeError: The folder can't be read or, with ``strict``, rows are rejected; each with file and line.
            LexiconError: The lexicon that the catalogue names can't be read or has problems.
            PolicyError: The policy that the catalogue names can't be read or has problems.
            PraiError: ``max_memory`` is no number of bytes.

        Example:
            >>> import tempfile
            >>> from prai_match import Programme, io
            >>> with tempfile.TemporaryDirectory() as parent:
            ...     programme = Programme.load(io.template(f"{parent}/region", "en"), strict=True)
            >>> programme.load_report.rejected
            0
        """
        return _with_warnings(read_settled(folder, lambda save: io.read_whole(folder, cls, save, **options)))

    @classmethod
    def from_tables(
        cls, settings: str | Path | Mapping[str, Any], tables: Mapping[str, Any], **options: Unpack[TableOptions]
    ) -> Self:
        """Build a programme table by table: files, polars, pandas or Arrow frames, or records.

        Args:
            settings: A ``programme.toml``, or the same as a mapping.
            tables: The source of each table, by its name.
            **options: ``strict``, ``columns`` and ``max_memory``, as in `load`.

        Raises:
            ProgrammeError: A table can't be read or, with ``strict``, rows are rejected.
            PraiError: ``max_memory`` is no number of bytes.

        Example:
            >>> import tempfile
            >>> from prai_match import Programme, io
            >>> with tempfile.TemporaryDirectory() as parent:
            ...     folder = io.template(f"{parent}/region", "en")
            ...     tables = {path.stem: path for path in folder.glob("*.csv")}
            ...     Programme.from_tables(folder / "programme.toml", tables) == Programme.load(folder)
            True
        """
        return _with_warnings(io.load_tables(settings, tables, cls, **options))

    @property
    def load_report(self) -> io.LoadReport | None:
        """What became of the rows that were read; None for a programme that was not read from tables."""
        return io.report_of(self)

    def save(self, folder: str | Path, format: Format = "csv") -> None:  # noqa: A002 - as polars and pandas call it
        """Write the programme to a folder that `load` reads back as an equal programme: all of it, or nothing.

        The lexicon and the policy that the catalogue names are written too, where the programme was loaded with them.

        Args:
            folder: The folder; it is made where it doesn't exist.
            format: Of the tables: ``csv``, ``tsv``, ``xlsx``, ``ods``, ``parquet`` or ``json``.

        Raises:
            PraiError: The extra ``io`` is not installed, the folder has other files of the same tables, or somebody
                else is writing to it.
            OSError: The folder can't be written; the files that stood there are as they were.

        Example:
            >>> import tempfile
            >>> from prai_match import Programme
            >>> programme = Programme.example()
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     programme.save(folder)
            ...     Programme.load(folder) == programme
            True
        """
        io.save(self, folder, format, beside=self.beside.get("files"))

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon that reads the needs: the one that the catalogue names, in the folder, or the bundled one.

        The bundled one answers what the catalogue has, and nothing where the catalogue has a workshop that it doesn't
        know (see `Lexicon.bundled_for`).

        Raises:
            LexiconError: The catalogue names a file, and the programme was not loaded from its folder.
        """
        return needs.lexicon_of(self)

    @property
    def policy(self) -> Policy:
        """The rules and weights where none are given: those that the catalogue names, in the folder, or the default.

        Raises:
            PolicyError: The catalogue names a file, and the programme was not loaded from its folder.
        """
        return policy_of(self)

    def classify(self, texts: str | Iterable[str | None] | pl.Series) -> pl.DataFrame:
        """Read French texts of needs.

        Returns:
            One row a text, in order: ``text``, ``workshop`` (null where it abstains), ``axis``, ``score`` (0 to 100),
            ``terms`` (what matched) and ``reason`` (why it abstains).

        Example:
            >>> from prai_match import Programme
            >>> Programme.example().classify(["refonte du site internet"])["workshop"].item()
            'site_internet'
        """
        return needs.classify([texts] if isinstance(texts, str) else texts, self.lexicon)

    def follow_ups(self, on: dt.date, *, strength: float = STRENGTH) -> FollowUps:
        """Return the follow-up graph learned from the history until ``on``.

        Args:
            on: The day.
            strength: How many observed territories the declared probabilities are worth (see
                `prai_match.backtest.choose_strength`).

        Raises:
            ValueError: ``strength`` isn't above 0.

        Example:
            >>> import datetime as dt
            >>> graph = Programme.example().follow_ups(dt.date(2007, 9, 3))
            >>> graph.next_sessions(["buffet_communication"])[0].session
            'site_internet'
        """
        return offers.follow_ups_of(self, on, strength)

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

        Example:
            >>> import datetime as dt
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), top=2)
            >>> recs["200066231"].session, len(recs["200066231"].alternatives)
            ('dematerialisation', 1)
        """
        return Recommendations(recommend.recommend(self, on, **options))

    def plan(
        self,
        start: dt.date,
        end: dt.date,
        *,
        progress: Callable[[Progress], None] | None = None,
        **options: Unpack[PlanOptions],
    ) -> Plan:
        """Plan the sessions of a period: which to hold, where, on which day, with whom, and who comes to each.

        A plan made at once comes first; the solver then looks for a better one. Ctrl-C ends the search with the best
        plan so far. With ``time_limit=None`` the same inputs and version of the solver give the same plan; a time
        limit stops the search where the machine has come by then.

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
                - ``school_holidays``: The zone (``A``, ``B`` or ``C``) whose school holidays are closed; else none are.
                - ``time_limit``: Seconds of search; else 60. None: no limit. 0 gives the plan made at once.
                - ``node_limit``: Nodes of the search; else no limit.
                - ``gap``: Share of the bound that may be missing when the search ends; else 0.002.
                - ``seed``: Of the solver's choices; else 0.

        Raises:
            PraiError: The extra ``plan`` is not installed, the school holidays of the period aren't known, or the
                policy declares columns of one's own.
            PolicyError: The policy names a session that isn't in the catalogue.
            ValueError: The period ends before it starts, ``each`` is below 1, or the budget below 0.

        Example:
            >>> import datetime as dt
            >>> plan = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 10, 5), time_limit=0)
            >>> plan.sessions.height > 0, plan.check().height
            (True, 0)
        """
        from prai_match.plan import plan  # noqa: PLC0415 - it takes what most programmes never need

        return plan(self, start, end, progress=progress, **options)

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

        Example:
            >>> import datetime as dt
            >>> made = Programme.example().plan_by_region(dt.date(2007, 9, 3), dt.date(2007, 10, 5), time_limit=0)
            >>> made.regions["region"].to_list()
            ['76']
        """
        from prai_match.plan import plan_by_region  # noqa: PLC0415 - as above

        return plan_by_region(self, start, end, executor=executor, **options)

    def simulate(
        self,
        scenarios: Scenario | Iterable[Scenario],
        start: dt.date,
        end: dt.date,
        **options: Unpack[SimulationOptions],
    ) -> Outcomes[Self]:
        """Simulate it month by month under scenarios (see `prai_match.simulate.simulate`).

        Args:
            scenarios: One or several; the first is what the others are compared with.
            start: First day; what is known before it is where every replication begins.
            end: Last day.
            **options: By keyword, any of these.

                - ``replications``: Of each scenario, with the same draws for all scenarios; else 100.
                - ``seed``: Of all draws; else 0.
                - ``executor``: Any of `concurrent.futures`, or a Dask cluster's; else this process.
                - ``folder``: Where outcomes are written; the same call goes on where it stopped. Else nowhere for long.

        Raises:
            PraiError: The extra ``simulate`` is not installed, the folder is another simulation's, a worker died, or a
                policy declares columns of one's own.
            ProgrammeError: A scenario doesn't fit the programme.
            UnknownCodeError: A scenario cites what isn't in the programme.
            ValueError: The period, the replications or the names of the scenarios make no sense.

        Example:
            >>> import datetime as dt
            >>> from prai_match.simulate import Scenario
            >>> outcomes = Programme.example().simulate(
            ...     Scenario(name="now"), dt.date(2008, 1, 1), dt.date(2008, 1, 31), replications=2
            ... )
            >>> outcomes.replications
            2
        """
        from prai_match.simulate import simulate  # noqa: PLC0415 - it takes what most programmes never need

        return simulate(self, scenarios, start, end, **options)

    def backtest(
        self,
        splits: Iterable[dt.date],
        policies: Mapping[str, Policy] | None = None,
        **options: Unpack[BacktestOptions],
    ) -> Backtest:
        """Tell how well policies rank what territories attended next, on days of the past, beside baselines.

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
            BacktestError: The history is too small to tell, or has no past or no future of a split.
            PolicyError: A policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            ValueError: A number is out of its range, there is no split, or a policy has the name of a baseline.

        Example:
            >>> import datetime as dt
            >>> Programme.example().backtest([dt.date(2007, 5, 2), dt.date(2007, 9, 3)], replications=100)
            <Backtest: 2 splits, 97 cases of 71 territories>
        """
        from prai_match.backtest import backtest  # noqa: PLC0415 - as with plan

        return backtest(self, splits, policies, **options)

    def changed(self, changes: Changes) -> Self:
        """Return the programme with changes; the day, the policy and the weights are for `Recommendations.what_if`.

        Raises:
            UnknownCodeError: Something to take away isn't there.
            ProgrammeError: There is no such attendance or need, or what results contradicts itself.

        Example:
            >>> from prai_match.explain import Changes
            >>> programme = Programme.example()
            >>> programme.changed(Changes(notice_days=10)).notice_days, programme.notice_days
            (10, 21)
        """
        return explain.after_changes(self, changes)


@cache
def _example(kind: type[_P], name: str) -> _P:
    """Read a bundled region, once: its rows are frozen, and what is prepared from them is each copy's own."""
    with as_file(files("prai_match").joinpath("data", name)) as folder:
        return kind.load(folder, follow_links=True)  # some installers link to the files of a package


def _with_warnings(loading: io.Loaded[_P]) -> _P:
    """Warn whoever called the method that loads of rows left out, facts not known and an interrupted save."""
    report = loading.report
    texts = catalogue("prai_match._front", "warnings")

    def warn(
        kind: type[InterruptedSaveWarning | RejectedRowsWarning | UnknownFactsWarning], key: str, **values: object
    ) -> None:
        message = filled(texts[key], values)
        warnings.warn(kind(message["en"], message["fr"]), stacklevel=4)

    if report.save is not None and report.save.interrupted:
        what = {lang: io.interrupted(report.save, lang) for lang in LANGUAGES}
        warn(InterruptedSaveWarning, "interrupted", subject=report.subject, what=what)
    if report.rejected:
        warn(RejectedRowsWarning, "rejected", summary={lang: report.summary(lang) for lang in LANGUAGES})
    facts = {lang: texts["between"][lang].join(report.consequences(lang)) for lang in LANGUAGES}
    if any(facts.values()):
        warn(UnknownFactsWarning, "unknown", facts=facts)
    return loading.programme
