"""The front door: a programme that loads itself, classifies needs, learns follow-ups and recommends."""

from __future__ import annotations

import datetime as dt
import warnings
from functools import cached_property
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, Unpack

import polars as pl

from prai_match import _displays_programme, io, needs, recommend
from prai_match._ranked import Ranked
from prai_match._recommendations import Recommendations
from prai_match._what_if import changed
from prai_match.errors import LexiconError, Problem, RejectedRowsWarning, UnknownCodeError, nearest
from prai_match.followups import STRENGTH, FollowUps, attended
from prai_match.model import ProgrammeData
from prai_match.needs import Lexicon
from prai_match.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor

    from prai_match.backtest import Backtest
    from prai_match.explain import Changes
    from prai_match.io.writing import Format
    from prai_match.model import Lang
    from prai_match.plan import Options, Plan, Progress, RegionalPlan
    from prai_match.simulate import Outcomes, Scenario

_EXAMPLES = ("midi_pyrenees",)


class Programme(ProgrammeData):
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

        Raises:
            UnknownCodeError: There is no bundled region of that name.
        """
        if name not in _EXAMPLES:
            raise UnknownCodeError("example", name, nearest(name, _EXAMPLES))
        with as_file(files("prai_match").joinpath("data", name)) as folder:
            return cls.load(folder)

    @classmethod
    def load(
        cls,
        folder: str | Path,
        *,
        strict: bool = False,
        columns: Mapping[str, Mapping[str, str]] | None = None,
        tables: Mapping[str, Any] | None = None,
    ) -> Self:
        """Read a programme from a folder of tables and its ``programme.toml``.

        Tables are read as offices have them (see `prai_match.io.load`). Rows that are wrong are left out, with a
        warning: `load_report` tells all of them, and saves them so that they can be mended.

        Args:
            folder: The folder.
            strict: Raise if any row is rejected.
            columns: For each table, columns by the labels of its file, where they aren't recognised.
            tables: Sources of tables that are not in the folder, by name of the table.

        Raises:
            ProgrammeError: The folder can't be read or, with ``strict``, rows are rejected; each with file and line.
            LexiconError: The lexicon that the catalogue names can't be read or has problems.
        """
        programme = cls._kept(io.load(folder, cls, strict=strict, columns=columns, tables=tables))
        catalogue = programme.catalogue
        if catalogue.lexicon is not None:
            axes = {workshop.id: [axis.id for axis in workshop.axes] for workshop in catalogue.workshops}
            # Kept where the cached property looks first; a field would count when programmes are compared.
            programme.__dict__["lexicon"] = Lexicon.load(Path(folder) / catalogue.lexicon, axes)
        return programme

    @classmethod
    def from_tables(
        cls,
        settings: str | Path | Mapping[str, Any],
        tables: Mapping[str, Any],
        *,
        strict: bool = False,
        columns: Mapping[str, Mapping[str, str]] | None = None,
    ) -> Self:
        """Build a programme table by table: files, polars, pandas or Arrow frames, or records.

        Args:
            settings: A ``programme.toml``, or the same as a mapping.
            tables: The source of each table, by its name.
            strict: Raise if any row is rejected.
            columns: For each table, columns by label, where they aren't recognised.

        Raises:
            ProgrammeError: A table can't be read or, with ``strict``, rows are rejected.
        """
        return cls._kept(io.load_tables(settings, tables, cls, strict=strict, columns=columns))

    @classmethod
    def _kept(cls, loaded: io.Loaded[Self]) -> Self:
        """Return the programme with its report, warning of rows that were left out."""
        report = loaded.report
        loaded.programme.__dict__["load_report"] = report
        if report.rejected:
            warnings.warn(f"{report.summary('en')} (see programme.load_report)", RejectedRowsWarning, stacklevel=3)
        return loaded.programme

    @cached_property
    def load_report(self) -> io.LoadReport | None:
        """What became of the rows that were read; None for a programme that was not read from tables."""
        return None

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy, with some fields replaced; what was prepared from the old fields is prepared again.

        The lexicon goes along unless the catalogue changes; the load report is that of the programme that was loaded.
        """
        copy = super().model_copy(update=update, deep=deep)
        derived = {"_frames", "load_report"} | ({"lexicon"} if "catalogue" in (update or {}) else set())
        for name in derived:
            copy.__dict__.pop(name, None)
        return copy

    def save(self, folder: str | Path, format: Format = "csv") -> None:  # noqa: A002 - as polars and pandas call it
        """Write the programme to a folder that `load` reads back as an equal programme.

        Args:
            folder: The folder; it is made where it doesn't exist.
            format: Of the tables: ``csv``, ``tsv``, ``xlsx``, ``ods``, ``parquet`` or ``json``.

        Raises:
            PraiError: The extra ``io`` is not installed, or the folder has other files of the same tables.
        """
        io.save(self, folder, format)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lexicon that reads the needs: the one that the catalogue names, in the folder, or the bundled one.

        Raises:
            LexiconError: The catalogue names a file, and the programme was not loaded from its folder.
        """
        if self.catalogue.lexicon is None:
            return Lexicon.bundled()
        problem = Problem("catalogue.lexicon", repr(self.catalogue.lexicon), "a programme loaded from its folder")
        raise LexiconError("lexicon", [problem])

    def classify(self, texts: str | Iterable[str | None] | pl.Series) -> pl.DataFrame:
        """Read French texts of needs.

        Returns:
            One row a text, in order: ``text``, ``workshop`` (null where it abstains), ``axis``, ``score`` (0 to 100),
            ``terms`` (what matched) and ``reason`` (why it abstains).

        Example:
            >>> Programme.example().classify(["refonte du site internet"])["workshop"].item()
            'site_internet'
        """
        return needs.classify([texts] if isinstance(texts, str) else texts, self.lexicon)

    @cached_property
    def _frames(self) -> recommend.Frames:
        return recommend.prepare(self, self.lexicon)

    def follow_ups(self, on: dt.date, *, strength: float = STRENGTH) -> FollowUps:
        """Return the follow-up graph learned from the history until ``on``.

        Args:
            on: The day.
            strength: How many observed territories the declared probabilities are worth (see
                `prai_match.backtest.choose_strength`).

        Raises:
            ValueError: ``strength`` isn't above 0.
        """
        return FollowUps.learned(self.catalogue, attended(self), on, strength=strength)

    def recommend(  # noqa: PLR0913 - all but the day by keyword
        self,
        on: dt.date,
        *,
        top: int = 3,
        policy: Policy | None = None,
        territories: str | Iterable[str] | None = None,
        follow_ups: FollowUps | None = None,
        extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
    ) -> Recommendations:
        """Recommend the next session, relay partner and trainer of every territory.

        Args:
            on: The day; nothing that comes later is looked at.
            top: Sessions kept for each territory: the recommendation and its alternatives.
            policy: Rules and weights; the default policy where none is given.
            territories: Identifiers to answer for; all of them where none are given.
            follow_ups: The graph to use; the one learned until ``on`` where none is given.
            extra: A frame with ``territory`` and the columns that the policy declares.

        Raises:
            PolicyError: The policy names a session that isn't in the catalogue.
            ProgrammeError: The extra columns don't fit.
            UnknownCodeError: A territory isn't in the programme.
            ValueError: ``top`` is below 1.
        """
        if top < 1:
            msg = f"top must be at least 1, not {top}"
            raise ValueError(msg)
        on = on.date() if isinstance(on, dt.datetime) else on
        used = (policy or Policy.default()).checked(self.catalogue)
        frames = self._frames
        snapshot = recommend.Snapshot(
            frames, on, follow_ups or self.follow_ups(on), recommend.joined(extra, used, frames)
        )
        chosen = self._chosen(territories)
        ranking = recommend.rank(snapshot, used, top, chosen)
        return Recommendations(self, Ranked(snapshot, used, ranking, chosen), top=top, given=follow_ups)

    def plan(
        self,
        start: dt.date,
        end: dt.date,
        *,
        progress: Callable[[Progress], None] | None = None,
        **options: Unpack[Options],
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
                - ``policy``: Rules and weights; else the default policy.
                - ``on``: The day of planning; nothing that comes later is looked at. Else ``start``.
                - ``weights``: The objective; else the default weights.
                - ``each``: Most sessions of the plan to which one territory is invited; else 3.
                - ``school_holidays``: The zone (``A``, ``B`` or ``C``) whose school holidays are closed; else none are.
                - ``time_limit``: Seconds of search; else 60. None: no limit. 0 gives the plan made at once.
                - ``node_limit``: Nodes of the search; else no limit.
                - ``gap``: Share of the bound that may be missing when the search ends; else 0.002.
                - ``seed``: Of the solver's choices; else 0.

        Raises:
            PraiError: The extra ``plan`` is not installed, or the school holidays of the period aren't known.
            PolicyError: The policy names a session that isn't in the catalogue.
            ValueError: The period ends before it starts, ``each`` is below 1, or the budget below 0.

        Example:
            >>> plan = Programme.example().plan(dt.date(2007, 9, 3), dt.date(2007, 10, 5), time_limit=0)
            >>> plan.sessions.height > 0, plan.check().height
            (True, 0)
        """
        from prai_match.plan import plan  # noqa: PLC0415 - it takes what most programmes never need

        return plan(self, start, end, progress=progress, **options)

    def plan_by_region(
        self, start: dt.date, end: dt.date, *, executor: Executor | None = None, **options: Unpack[Options]
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
            >>> made = Programme.example().plan_by_region(dt.date(2007, 9, 3), dt.date(2007, 10, 5), time_limit=0)
            >>> made.regions["region"].to_list()
            ['76']
        """
        from prai_match.plan import plan_by_region  # noqa: PLC0415 - as above

        return plan_by_region(self, start, end, executor=executor, **options)

    def simulate(  # noqa: PLR0913 - all but the period by keyword
        self,
        scenarios: Scenario | Iterable[Scenario],
        start: dt.date,
        end: dt.date,
        *,
        replications: int = 100,
        seed: int = 0,
        executor: Executor | None = None,
        folder: str | Path | None = None,
    ) -> Outcomes:
        """Simulate it month by month under scenarios (see `prai_match.simulate.simulate`).

        Args:
            scenarios: One or several; the first is what the others are compared with.
            start: First day; what is known before it is where every replication begins.
            end: Last day.
            replications: Of each scenario, with the same draws for all scenarios.
            seed: Of all draws.
            executor: Any of `concurrent.futures`, or a Dask cluster's; None: this process.
            folder: Where outcomes are written; the same call goes on where it stopped. None: nowhere for long.

        Raises:
            PraiError: The extra ``simulate`` is not installed, the folder is another simulation's, or a worker died.
            ProgrammeError: A scenario doesn't fit the programme.
            UnknownCodeError: A scenario cites what isn't in the programme.
            ValueError: The period, the replications or the names of the scenarios make no sense.

        Example:
            >>> from prai_match.simulate import Scenario
            >>> outcomes = Programme.example().simulate(
            ...     Scenario(name="now"), dt.date(2008, 1, 1), dt.date(2008, 1, 31), replications=2
            ... )
            >>> outcomes.replications
            2
        """
        from prai_match.simulate import simulate  # noqa: PLC0415 - it takes what most programmes never need

        return simulate(
            self, scenarios, start, end, replications=replications, seed=seed, executor=executor, folder=folder
        )

    def backtest(  # noqa: PLR0913 - all but the days by keyword
        self,
        splits: Iterable[dt.date],
        policies: Mapping[str, Policy] | None = None,
        *,
        horizon_days: int = 120,
        until: dt.date | None = None,
        strength: float = STRENGTH,
        extra: Any = None,  # noqa: ANN401 - whatever speaks Arrow
        seed: int = 0,
        replications: int = 1000,
        level: float = 0.95,
        precision: float = 0.15,
    ) -> Backtest:
        """Tell how well policies rank what territories attended next, on days of the past, beside baselines.

        Args:
            splits: The days; on each only what was known then is seen.
            policies: The policies, by the name they shall have; None: the default policy, as ``default``.
            horizon_days: Days after each split in which what territories attend is looked at.
            until: The day until which the history is complete; None: that of the last attendance or need.
            strength: Of the smoothing of the follow-up graph.
            extra: Columns that policies declare, as for `recommend`; they must have been known on every split.
            seed: Of the draws of territories.
            replications: Draws of territories, for intervals.
            level: Of the intervals.
            precision: Half the width of the widest interval of a share that still tells something.

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

        return backtest(
            self,
            splits,
            policies,
            horizon_days=horizon_days,
            until=until,
            strength=strength,
            extra=extra,
            seed=seed,
            replications=replications,
            level=level,
            precision=precision,
        )

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
        return changed(self, changes)

    def html(self, lang: Lang = "fr") -> str:
        """Return its name, its period, how much there is of everything and each département, as an HTML fragment."""
        return _displays_programme.programme(self, lang)

    def _repr_html_(self) -> str:
        """The same in French, for notebooks."""
        return self.html()

    def _chosen(self, territories: str | Iterable[str] | None) -> pl.DataFrame:
        known = self._frames.territories
        if territories is None:
            return known
        codes = [territories] if isinstance(territories, str) else list(territories)
        names = {territory.id for territory in self.territories}
        for code in codes:
            if code not in names:
                raise UnknownCodeError("territory", code, nearest(str(code), names))
        return known.filter(pl.col("territory").is_in(codes))
