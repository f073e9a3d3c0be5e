"""The front door: what can be asked of a programme."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, Unpack

import polars as pl

from prai_match import recommend
from prai_match._front._programme_read import ReadProgramme
from prai_match._front._ranked import Ranked
from prai_match._front._recommendations import Recommendations
from prai_match.errors import UnknownCodeError, nearest
from prai_match.explain._what_if import changed
from prai_match.followups import STRENGTH, FollowUps, attended
from prai_match.text import Shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    from prai_match.backtest import Backtest
    from prai_match.explain import Changes
    from prai_match.plan import Options, Plan, Progress, RegionalPlan
    from prai_match.policy import Policy
    from prai_match.recommend import Snapshot
    from prai_match.simulate import Outcomes, Scenario


class Programme(Shown, ReadProgramme):
    """A regional training programme, and what can be asked of it.

    Example:
        >>> import datetime as dt
        >>> programme = Programme.example()
        >>> recs = programme.recommend(on=dt.date(2007, 9, 3))
        >>> rec = recs["200066231"]
        >>> sum(rec.why().contributions.values()) == rec.score
        True
    """

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
        executor: Executor | None = None,
    ) -> Recommendations:
        """Recommend the next session, relay partner and trainer of every territory.

        Args:
            on: The day; nothing that comes later is looked at.
            top: Sessions kept for each territory: the recommendation and its alternatives.
            policy: Rules and weights; those of the programme where none are given.
            territories: Identifiers to answer for; all of them where none are given.
            follow_ups: The graph to use; the one learned until ``on`` where none is given.
            extra: A frame with ``territory`` and the columns that the policy declares.
            executor: Where départements are ranked side by side; None: here, all at once. The answers are the same, to
                the bit. Start workers of other processes with ``spawn`` or ``forkserver``, since the computation uses
                threads.

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
        if top < 1:
            msg = f"top must be at least 1, not {top}"
            raise ValueError(msg)
        on = on.date() if isinstance(on, dt.datetime) else on
        used = (policy or self.policy).checked(self.catalogue)
        joined = recommend.joined(extra, used, self._frames)
        if follow_ups is None and joined is None:
            snapshot = self._day(on)
        else:
            snapshot = recommend.Snapshot(self._frames, on, follow_ups or self.follow_ups(on), joined)
        chosen = self._chosen(territories)
        ranking = (
            recommend.rank(snapshot, used, top, chosen)
            if executor is None
            else recommend.rank_side_by_side(snapshot, used, top, chosen, executor)
        )
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
            PraiError: The extra ``simulate`` is not installed, the folder is another simulation's, a worker died, or a
                policy declares columns of one's own.
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
            policies: The policies, by the name they shall have; None: that of the programme, as ``default``.
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

    @cached_property
    def _days(self) -> dict[dt.date, Snapshot]:
        """What is known on the day that was asked about last: it is asked about again and again."""
        return {}

    def _day(self, on: dt.date) -> Snapshot:
        """What is known on a day."""
        known = self._days.get(on)
        if known is None:
            known = recommend.Snapshot(self._frames, on, self.follow_ups(on), None)
            self._days.clear()
            self._days[on] = known
        return known

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
