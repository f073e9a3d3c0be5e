"""The result of `Programme.recommend`: one recommendation per territory, and the collection of them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Unpack, cast, overload

from prai_match import _arguments as given, _later
from prai_match._front._next import OffersNext
from prai_match._front._record import Answer, Record, inputs_of
from prai_match.errors import PraiError
from prai_match.model import SUBJECTS, Lang
from prai_match.text import Shown, Tabular, current_language

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    import polars as pl

    from prai_match import explain, followups, io, packing, plan, recommend, report
    from prai_match._front._programme import Programme
    from prai_match.policy import Policy
else:
    modules = (".explain", ".io", ".packing", ".plan", ".recommend", ".report")
    explain, io, packing, plan, recommend, report = map(_later.Later, modules)

DefaultT = TypeVar("DefaultT")
_COSTS = given.optional(given.by_name(given.between(0, but=(0.0,))))


@dataclass(frozen=True, slots=True, repr=False)
class Recommendation(OffersNext, Shown):
    """The next offer for one territory, or the reason why nothing can be offered.

    Attributes:
        territory: Identifier of the territory.
        name: Its name.
        next: The best offer; None if nothing can be offered within the horizon.
        alternatives: The next best sessions, best first.
        reason: Code of the reason if nothing can be offered within the horizon, or None.
        replacement: What an officer chose in place of an offer, if that choice still stands, or None.
        priority: 0 to 100: who is served first (see ``why().priority``).
        on: The day of the recommendation.

    Example:
        >>> from prai_match import Programme
        >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
        >>> rec.name, rec.session, rec.partner, rec.trainer
        ("CC des Portes d'Ariège Pyrénées", 'dematerialisation', 'adm09', 'marches_montauban')
        >>> print(rec.why("en").main)  # doctest: +NORMALIZE_WHITESPACE
        3 of your officials and staff came to the buffet “Making procedures paperless” on 30 January 2007.
        Of the territories that came to this buffet, 32 could then attend the session offered here; 13 attended it
        within 4 months.
    """

    territory: str
    name: str
    next: recommend.Offer | None
    alternatives: tuple[recommend.Offer, ...]
    reason: str | None
    replacement: recommend.Replacement | None
    priority: float
    on: dt.date = field(compare=False)
    _answers: recommend.Answers | None = field(compare=False)
    _later: recommend.Offer | None = field(default=None, compare=False)
    _booked: tuple[recommend.Booking, ...] = field(default=(), compare=False)

    @property
    def answers(self) -> recommend.Answers:
        """All answers of the day, including this one.

        Raises:
            PraiError: It was read from a pickle, which holds only this recommendation.
        """
        if self._answers is None:
            raise PraiError.of("prai_match._front", "no_answers", name=self.name)
        return self._answers

    def __reduce__(self) -> tuple[type[Recommendation], tuple[object, ...]]:
        """Leave the answers of the day out of a pickle: they hold those of all territories."""
        state = (self.territory, self.name, self.next, self.alternatives, self.reason, self.replacement, self.priority)
        return Recommendation, (*state, self.on, None, self.later, self.booked)

    def __copy__(self) -> Recommendation:  # it is immutable, and a copy keeps the answers
        return self

    def __deepcopy__(self, _: dict[int, object]) -> Recommendation:
        return self

    @property
    def later(self) -> recommend.Offer | None:
        """The first offer beyond the horizon if there is none within it, or None."""
        return self._later if self._answers is None else self._answers.later_of(self.territory)

    @property
    def booked(self) -> tuple[recommend.Booking, ...]:
        """Booked sessions that it hosts or is registered for, soonest first; they are listed, not offered."""
        return self._booked if self._answers is None else self._answers.booked_of(self.territory)

    @property
    def equivalent(self) -> tuple[recommend.Offer, ...]:
        """The equivalent offers: alternatives whose score is within one point of the best."""
        return recommend.equivalent(self.next, self.alternatives)

    @property
    def fingerprint(self) -> explain.Fingerprint:
        """Fingerprint of the inputs, in named parts; the same for all territories of a day."""
        return io.fingerprint_of(self.answers)

    @property
    def needs(self) -> pl.DataFrame:
        """The needs that its collectivities expressed up to the day, newest first; names of persons are masked.

        Columns: ``date``, ``territory``, ``collectivity``, ``name`` (of the collectivity), ``channel``, ``text``,
        ``workshop`` and ``axis`` (as stated or read; null if none), ``people``, ``score`` (0 to 100), ``state`` and
        ``since`` (see `Programme.needs_on`) and ``behind``: whether the need supports the offer, that is, it is open or
        to confirm, and asks for the workshop offered or for a workshop that the offered buffet leads to.

        Example:
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
            >>> rec.needs["date", "channel", "workshop", "state", "behind"].rows()
            [(datetime.date(2007, 2, 26), 'buffet', 'organisation_interne', 'open', False)]
        """
        return explain.needs_behind(self.answers, self.territory, current_language(None))

    @property
    def history(self) -> pl.DataFrame:
        """The sessions that it attended up to the day, newest first; names of persons are masked.

        Columns, one row per session and day: ``date``, ``territory``, ``session``, ``name`` (of the session), ``host``
        (the territory where it was held; null if unknown) and ``place`` (its name), ``elected``, ``technicians`` and
        ``people`` (how many attended; null if unknown), ``rating`` (the mean, out of 4) and ``held`` (its identifier
        among the sessions held).

        Example:
            >>> from prai_match import Programme
            >>> rec = Programme.example().recommend("2007-09-03")["200066231"]
            >>> rec.history["date", "session", "people"].row(0)
            (datetime.date(2007, 6, 14), 'teleservices', 3)
        """
        return explain.history_of(self.answers.programme, self.on, [self.territory], current_language(None))

    @given.takes(public=given.yes)
    def why(self, lang: Lang | None = None, *, public: bool = False) -> explain.Why:
        """Return the contributions and conditions that led to this answer, and the facts behind them.

        Args:
            lang: Language of the sentences.
            public: Whether it is meant for others: the words of needs are then left out (persons are always masked).

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.why(self.answers, self.territory, current_language(lang), public=public)

    @given.takes(day=given.optional(given.day))
    def why_not(  # noqa: PLR0913 - what is asked, by keyword
        self,
        *,
        session: str | None = None,
        host: str | None = None,
        partner: str | None = None,
        trainer: str | None = None,
        axis: str | None = None,
        day: dt.date | None = None,
        lang: Lang | None = None,
    ) -> explain.WhyNot:
        """Return why a candidate isn't recommended, or that it is.

        Parts of the candidate that aren't given are chosen: the best for the session or, if none is possible, the one
        that passes most rules. With a day, the candidate is judged as on that day, under the council in office then:
        whether the day is open at the host, the lag is over and the trainer is free. If such a session is already
        booked there and can be joined, the candidate is a seat at it.

        Args:
            session: Identifier of a session; by default, the one that is recommended.
            host: Identifier of the territory where it would be held; by default, one where it is possible.
            partner: Identifier of a relay partner.
            trainer: Identifier of a trainer.
            axis: Identifier of an axis of the session; by default, the one that the needs ask for.
            day: The day on which it would be held; by default, the first possible day.
            lang: Language of ``str()``; ``text(lang)`` gives either language.

        Raises:
            UnknownCodeError: A code is unknown.
            ValueError: None of session, host, partner and trainer is given.
        """
        candidate = {"session": session, "host": host, "partner": partner, "trainer": trainer, "axis": axis}
        return explain.why_not(self.answers, self.territory, day, lang=current_language(lang), **candidate)

    @given.takes()
    def notice(self, lang: Lang | None = None, service: str = "") -> explain.Notice:
        """Return the notice that the law requires when an algorithm contributes to a decision (CRPA, R. 311-3-1-2).

        Args:
            lang: Language of the text.
            service: The service that requests are sent to; if empty, the service that takes the decision.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.notice(
            self.answers, self.territory, self.fingerprint, lang=current_language(lang), service=service
        )

    @given.takes(public=given.yes)
    def brief(self, lang: Lang | None = None, *, public: bool = False) -> explain.Brief:
        """Return the preparation sheet of the offered session: its content, participants, their needs, and deadlines.

        Args:
            lang: Language of the text.
            public: Whether the words of needs are left out.

        Raises:
            PraiError: Nothing can be offered within the horizon.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.brief(current_language(lang), explain.of_offer(self.answers, self.territory), public=public)

    def what_if(self, /, **changes: Unpack[explain.ChangeFields]) -> explain.Difference[Recommendations]:
        """Recommend again for this territory only (see `Recommendations.what_if`), and return the difference."""
        return _again(Recommendations(self.answers.among([self.territory])), changes)

    @given.takes(costs=_COSTS, never=given.keys)
    def what_would_it_take(  # noqa: PLR0913 - what is asked, by keyword
        self,
        *,
        session: str | None = None,
        partner: str | None = None,
        trainer: str | None = None,
        costs: Mapping[str, float] | None = None,
        never: Iterable[str] = (),
        lang: Lang | None = None,
    ) -> explain.Needed:
        """Return the cheapest sets of feasible changes that would make a candidate the recommendation, each verified.

        The changes are those that people can make: express, confirm or withdraw a need, choose another axis, hold the
        recommended session first, go to a neighbour, add a relay or trainer or let a known one do more, and wait until
        a day. ``rec.what_if(**answer.applied)`` applies the changes of an answer.

        Args:
            session: Identifier of a session; without it, any session.
            partner: Identifier of a relay partner; without it, any relay.
            trainer: Identifier of a trainer; without it, any trainer.
            costs: Cost of each kind of change (see `prai_match.explain.MoveKind`), above 0; 1 if not given. Sets that
                cost at least twice as much as the cheapest are left out.
            never: Kinds of changes that are never proposed.
            lang: Language of ``str()``; ``text(lang)`` gives either language.

        Raises:
            UnknownCodeError: A code, a kind of change or the language is unknown.
            ValueError: None of session, partner and trainer is given, or a cost isn't above 0.
        """
        candidate = {"session": session, "partner": partner, "trainer": trainer}
        own = current_language(lang)
        return explain.what_it_takes(self.answers, self.territory, candidate, own, costs=costs, never=never)

    @given.takes(public=given.yes)
    def to_json(self, lang: Lang | None = None, *, public: bool = True) -> dict[str, Any]:
        """Return its row of `Recommendations.to_polars` as data that JSON can hold: dates and amounts are texts.

        The format is in ``docs/reference/schemas/recommendation.json``. With ``public``, the default since JSON goes to
        other services, the words of needs are left out.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.rows_of(explain.table(self.answers, current_language(lang), self.territory, public=public))[0]

    def record(self, *, keep: Literal["answer", "inputs"] = "answer") -> Record:
        """Return the record to keep so that the answer can be reproduced later (`prai_match.reproduce`).

        Args:
            keep: ``inputs`` also keeps all inputs of the answer, with the programme as known on the day, so that the
                answer can be reproduced without the programme.

        Raises:
            ArgumentError: ``keep`` has another value.
        """
        given.choice(keep, "keep", ("answer", "inputs"))
        answer = Answer.of(self.next, self.reason, self.why().contributions)
        inputs = inputs_of(self.answers) if keep == "inputs" else None
        return Record(self.territory, self.name, self.on, self.answers.top, answer, self.fingerprint, inputs)

    def __repr__(self) -> str:
        answer = f"session={self.session!r}, score={self.score:.1f}" if self.offer else f"reason={self.reason!r}"
        return f"<Recommendation {self.territory!r} {answer}>"


@dataclass(frozen=True, eq=False, repr=False)
class Recommendations(Shown, Tabular):
    """The recommendations of a programme on a day: a mapping by territory, and a data frame.

    Libraries that read Arrow make a data frame of it: ``polars.DataFrame(recs)``, ``pandas.DataFrame(recs)``… Iterating
    gives the recommendations, and ``dict(recs)`` maps each territory to its recommendation.

    Example:
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend("2007-09-03")
        >>> len(recs), "200066231" in recs
        (101, True)
        >>> recs.without()
        {'all_attended': 1}
        >>> recs.to_polars("en").columns[:6]
        ['territory', 'name', 'departement', 'kind', 'session', 'axis']
    """

    answers: recommend.Answers

    @property
    def programme(self) -> Programme:
        """The programme that the recommendations are for."""
        return cast("Programme", self.answers.programme)

    @property
    def policy(self) -> Policy:
        """The rules and weights that were used."""
        return self.answers.policy

    @property
    def top(self) -> int:
        """Number of sessions kept for each territory."""
        return self.answers.top

    @property
    def on(self) -> dt.date:
        """The day of the recommendations."""
        return self.answers.on

    @property
    def follow_ups(self) -> followups.FollowUps:
        """The follow-up graph that was used."""
        return self.answers.snapshot.follow_ups

    @cached_property
    def fingerprint(self) -> explain.Fingerprint:
        """Fingerprint of the inputs, in named parts; computing it takes half a second per million attendances."""
        return io.fingerprint_of(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __iter__(self) -> Iterator[Recommendation]:
        return (self[code] for code in self.answers.territories["territory"])

    def __contains__(self, territory: object) -> bool:
        return isinstance(territory, str) and territory in self.answers.numbers

    def __getitem__(self, territory: str) -> Recommendation:
        """Return the recommendation of a territory, by its identifier.

        Raises:
            UnknownCodeError: The territory isn't among these recommendations.
        """
        code = given.key(territory, "territory")
        return Recommendation(*self.answers.choice(code), self.answers.snapshot.on, self.answers)

    @given.takes()
    def together(self, until: dt.date | None = None) -> plan.Plan:
        """Return a set of offers that can all be carried out, though each offer alone may use what others need.

        No trainer, relay, day or budget is used twice. In order of priority, each territory keeps its first-choice
        offer (session, axis and host) if possible, with relays and trainers within one point of the best; otherwise it
        attends that session elsewhere, or gets its best offer that still fits. A session that opens is filled first
        with territories whose first-choice offer it is; if it needs more people, with other territories that can be
        offered it, each at most once. `Plan.compare` shows what became of each first-choice offer, and which
        territories had precedence.

        Args:
            until: Last day of its sessions; None means ``offer_horizon_days`` after the day, or the programme's end.

        Returns:
            A plan with the status ``by_priority``; no solver is needed.

        Raises:
            ValueError: The period ends before it starts.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> season = recs.together()
            >>> season.status, season.check().height, season.seats["territory"].n_unique()
            ('by_priority', 0, 98)
        """
        return plan.together(self.answers, until)

    def contention(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return the resources that first-choice offers compete for: each can serve some of these offers, but not all.

        Columns, one row per territory and resource: ``territory``, ``resource`` (``trainer``: on the offer's day;
        ``relay``: its room over a year; ``team``: the sessions of that day that the pace allows; ``seats``: of a booked
        session that is joined), ``code`` (of the trainer, the relay or the booked session; null for the team), ``day``
        (null for a relay), ``wanted`` (how many first-choice sessions need it; for seats, how many territories),
        ``left`` (how many it can still take) and, if a language is given, ``sentence``.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> recs.contention().filter(resource="team")["day", "wanted", "left"].unique().rows()
            [(datetime.date(2007, 9, 24), 79, 2)]
            >>> recs.where(territory="200066231").contention().height
            0
        """
        return packing.contention(self.answers, None if lang is None else current_language(lang))

    def why_not(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row per territory and session that isn't recommended to it, with the reason.

        Columns: ``territory``, ``session``, ``axis``, ``host``, ``joins``, ``partner`` and ``trainer`` (the best or, if
        none is possible, those that pass most rules), ``verdict`` (``outscored`` or ``refused``), ``stage`` and
        ``rule`` (the first that refuses it; if it is outscored, the one that explains most of the difference),
        ``reason`` (code), ``found`` (JSON: the values of the columns that the rule reads), ``score`` and ``gap``
        (points by which the recommendation is ahead) and, if a language is given, ``sentence``.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03", territories="200066231")
            >>> recs.why_not("en").filter(session="teleservices")["verdict", "rule", "reason"].rows()
            [('refused', 'not_attended', 'all_attended')]
        """
        lang = None if lang is None else current_language(lang)
        return explain.losers(self.answers.snapshot, self.policy, self.answers.furthest, self.answers.best, lang)

    @given.takes(costs=_COSTS, never=given.keys)
    def what_would_it_take(
        self, lang: Lang | None = None, *, costs: Mapping[str, float] | None = None, never: Iterable[str] = ()
    ) -> dict[str, explain.Needed]:
        """Return what it would take to recommend the best alternative of each territory, by territory identifier.

        The best alternative is the session of rank 2 or, if there is none, the session that passes most rules apart
        from the one offered. Each answer equals that of `Recommendation.what_would_it_take` for this session; computing
        all together is much faster.

        Args:
            lang: Language of ``str()``; ``text(lang)`` gives either language.
            costs: Cost of each kind of change, above 0; 1 if not given.
            never: Kinds of changes that are never proposed.

        Raises:
            UnknownCodeError: A kind of change or the language is unknown.
            ValueError: A cost isn't above 0.
        """
        return explain.what_each_takes(self.answers, current_language(lang), costs=costs, never=never)

    def names(self, lang: Lang) -> dict[str, str]:
        """Return the names of territories, sessions, relay partners and trainers, by identifier."""
        return self.answers.names[current_language(lang)]

    def __sub__(self, before: Recommendations) -> explain.Difference[Recommendations]:
        """Return what changed since ``before``, which may be of another day, policy or programme."""
        if not isinstance(before, Recommendations):
            return NotImplemented
        return explain.Difference(before, self, (before.answers, self.answers))

    def keys(self) -> KeysView[str]:
        """Return the identifiers of the territories, in order; this lets ``dict(recs)`` map by territory."""
        return self.answers.numbers.keys()

    def values(self) -> list[Recommendation]:
        """Return the recommendations, in the order of the territories' identifiers."""
        return list(self)

    def items(self) -> list[tuple[str, Recommendation]]:
        """Return each territory's identifier with its recommendation, in order."""
        return [(rec.territory, rec) for rec in self]

    @overload
    def get(self, territory: str) -> Recommendation | None: ...
    @overload
    def get(self, territory: str, default: DefaultT) -> Recommendation | DefaultT: ...
    def get(self, territory: str, default: object = None) -> object:
        """Return the recommendation of a territory, by its identifier, or ``default`` if there is none."""
        return self[code] if (code := given.key(territory, "territory")) in self else default

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.keys())

    def where(self, *conditions: pl.Expr, **columns: object) -> Recommendations:
        """Return the recommendations for which all conditions hold, as if only these territories had been asked for.

        Args:
            *conditions: Expressions over the columns of `to_polars`; an unknown (null) condition doesn't hold.
            **columns: The value that a column must have, or a list of accepted values; None accepts null.

        Returns:
            The recommendations that remain, in the same order; possibly none.

        Raises:
            TypeError: An expression isn't a condition, or a value has another type than its column.
            UnknownCodeError: A column doesn't exist.

        Example:
            >>> import polars as pl
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> len(recs.where(session="sig")), len(recs.where(departement=["09", "31"]))
            (19, 25)
            >>> [rec.territory for rec in recs.where(pl.col("score") > 60, departement="32")]
            ['243200409', '243200425', '243200508']
        """
        return Recommendations(self.answers.among(explain.where(self.to_polars(), conditions, columns)["territory"]))

    def what_if(self, /, **changes: Unpack[explain.ChangeFields]) -> explain.Difference[Recommendations]:
        """Recommend again with changes, and return the difference; ``difference.after`` holds the new recommendations.

        Territories, ``top`` and extra columns stay the same, as do the day and the policy unless changed. The follow-up
        graph is learned again, unless one was given.

        Args:
            changes: The fields of `explain.Changes`: ``with_needs``, ``without_trainers``, ``on``, ``weights``…

        Raises:
            ProgrammeError: A change is unknown or invalid, or the resulting programme contradicts itself.
            PolicyError: A weight names no preference of the policy.
            UnknownCodeError: Something to remove isn't in the programme.

        Example:
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend("2007-09-03")
            >>> difference = recs.what_if(without_trainers=["web_toulouse"])
            >>> {recs[changed.territory].trainer for changed in difference}
            {'web_toulouse'}
        """
        return _again(self, changes)

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, most frequent first."""
        return self.answers.without()

    @given.takes(public=given.yes)
    def to_polars(self, lang: Lang | None = None, *, public: bool = False) -> pl.DataFrame:
        """Return one row per territory, sorted by decreasing priority, then by identifier.

        Columns: ``territory``, ``name``, ``departement``, ``kind``, ``session``, ``axis``, ``host`` (where it is held),
        ``joins`` (the booked session to join, by its identifier), ``partner``, ``trainer``, ``score`` (0 to 100),
        ``cost`` (€), ``day``, ``priority`` (0 to 100), ``equivalent`` (kept sessions within one point of the one
        offered), ``reason`` (code, if there is no offer) and ``because`` (the main reason, in ``lang``, see
        `Why.main`). With ``public``, the words of needs aren't quoted.
        """
        if (key := (current_language(lang), public)) not in self._tables:
            self._tables[key] = explain.table(self.answers, key[0], public=public)
        return self._tables[key]

    @given.takes(public=given.yes)
    def to_json(self, lang: Lang | None = None, *, public: bool = True) -> list[dict[str, Any]]:
        """Return the rows of `to_polars` as data that JSON can hold: dates and amounts are texts.

        The format of a row is in ``docs/reference/schemas/recommendation.json``. With ``public``, the default since
        JSON goes to other services, the words of needs are left out.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.rows_of(self.to_polars(current_language(lang), public=public))

    @cached_property
    def _tables(self) -> dict[tuple[Lang, bool], pl.DataFrame]:
        return {}

    @given.takes(public=given.yes)
    def spreadsheet(self, lang: Lang | None = None, *, public: bool = False) -> pl.DataFrame:
        """Return one row per territory, with names and codes and column headings in ``lang``, to hand to people.

        ``io.write(recs.spreadsheet(), "recommandations.xlsx")`` writes it as a workbook, ``io.write_csv`` as CSV. With
        ``public``, the words of needs aren't quoted.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        lang = current_language(lang)
        table = self.to_polars(lang, public=public)
        return explain.spreadsheet(table, self.names(lang), self.programme.catalogue, lang)

    @given.takes(event=given.one_of(SUBJECTS["territory"]))
    def decisions(self, event: str = "made") -> pl.DataFrame:
        """Return the offers as decisions of their day, to record in one line that they were sent, or the answers.

        One row per territory with an offer, for `Programme.with_decisions`: ``date``, ``event``, ``territory``,
        ``session``, ``host`` (where it is held), ``partner``, ``trainer`` and ``day``.

        Raises:
            ArgumentError: ``event`` isn't ``made``, ``accepted``, ``declined``, ``unanswered`` or ``replaced``.

        Example:
            >>> from prai_match import Programme
            >>> programme = Programme.example()
            >>> sent = programme.recommend("2007-09-03").where(departement="09").decisions("made")
            >>> len(programme.with_decisions(sent).decisions) - len(programme.decisions) == len(sent)
            True
        """
        return explain.decisions(self.to_polars(), self.on, event)

    def ranking(self) -> pl.DataFrame:
        """Return every offer kept, alternatives included, one row per territory and ``rank`` (from 1)."""
        return explain.ranking(self.answers.offers)

    def to_pandas(self, lang: Lang | None = None) -> pd.DataFrame:
        """Return the table of `to_polars` as a pandas data frame: days are ``datetime.date``, amounts ``Decimal``.

        ``pandas.DataFrame(recs)`` and ``pandas.DataFrame.from_arrow(recs)`` give the French table.

        Raises:
            PraiError: The extra ``pandas`` is not installed.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
        """
        return explain.to_pandas(self.to_polars(current_language(lang)))

    def __array__(self, dtype: object = None, copy: bool | None = None) -> npt.NDArray[Any]:  # noqa: FBT001 - NumPy's own
        """Return the rows of the table as an array of objects, from which pandas makes a data frame; NumPy casts it."""
        return explain.rows_in_array(self.to_polars())

    def __repr__(self) -> str:
        missing = sum(self.without().values())
        return f"<Recommendations on {self.on}: {len(self)} territories, {len(self) - missing} with an offer>"

    @given.takes(public=given.yes)
    def report(
        self,
        path: str | os.PathLike[str],
        lang: Lang | None = None,
        service: str = "",
        plan: plan.Plan | None = None,
        *,
        public: bool = False,
    ) -> Path:
        """Write a page for a meeting: the season, a card for each territory, and folded annexes.

        It is one HTML file that opens offline. On A4 the season takes two sheets and each territory one; the annexes
        (summary, charts, notice, rules) follow if a box is ticked. The same recommendations give the same bytes.

        Args:
            path: The file; an existing file is replaced once the page is complete.
            lang: Language of the page.
            service: The service for requests about the algorithm; if empty, the one that takes the decision.
            plan: A plan of the same programme for the season (calendar, map, sessions, territories not served); cards
                then show what became of first-choice offers. None uses `together`, for all territories.
            public: Whether it is meant for others: the words of needs are then left out (persons are always masked).

        Returns:
            The path.

        Raises:
            PraiError: The extra ``report`` is not installed.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
            OSError: The folder doesn't exist, or the file can't be written.
        """
        return report.write(self, path, lang=current_language(lang), service=service, plan=plan, public=public)


def _again(before: Recommendations, changes: explain.ChangeFields) -> explain.Difference[Recommendations]:
    valid_changes = explain.Changes.of(**changes)
    after = explain.again(before.answers, explain.after_changes(before.programme, valid_changes), valid_changes)
    return Recommendations(after) - before
