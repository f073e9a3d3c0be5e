"""What `Programme.recommend` answers: one recommendation a territory, and the frame of them all."""

from __future__ import annotations

from collections import Counter
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from prai_match import explain, report
from prai_match._front._recommendation import Recommendation
from prai_match._front._record import fingerprint
from prai_match._front._table import answers, ranking, rows_of, spreadsheet, why
from prai_match.errors import UnknownCodeError, nearest
from prai_match.explain._notice_made import notice
from prai_match.explain._what_if import again
from prai_match.explain._what_it_takes._search import what_each_takes
from prai_match.text import Shown, language

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from prai_match._front._programme import Programme
    from prai_match._front._ranked import Ranked
    from prai_match.explain import Fingerprint, Notice, Why
    from prai_match.explain._what_it_takes._needed import Needed
    from prai_match.followups import FollowUps
    from prai_match.model import Lang
    from prai_match.plan import Plan
    from prai_match.policy import Policy


class Recommendations(Shown):
    """The recommendations of a programme on a day: a mapping by territory, and a frame.

    Reads as a frame wherever Arrow is spoken: ``pandas.DataFrame.from_arrow(recs)``, ``polars.DataFrame(recs)``…

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> len(recs), "200066231" in recs
        (101, True)
        >>> recs.without()
        {'no_trainer': 5, 'all_attended': 1, 'no_relay': 1}
        >>> recs.to_polars("en").columns[:6]
        ['territory', 'name', 'departement', 'kind', 'session', 'axis']
    """

    def __init__(self, programme: Programme, ranked: Ranked, *, top: int, given: FollowUps | None) -> None:
        """Made by `Programme.recommend`; not meant to be built by hand."""
        self._programme, self._ranked = programme, ranked
        self.policy: Policy = ranked.policy
        self.top = top
        self._given = given

    @property
    def programme(self) -> Programme:
        """The programme that was asked."""
        return self._programme

    @property
    def on(self) -> dt.date:
        """The day of the recommendations."""
        return self._ranked.snapshot.on

    @property
    def follow_ups(self) -> FollowUps:
        """The follow-up graph that was used."""
        return self._ranked.snapshot.follow_ups

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What the recommendations were computed from, in named parts; it costs half a second a million attendances."""
        return fingerprint(self._programme, self.policy, self._ranked.snapshot, self.top)

    def __len__(self) -> int:
        """Number of territories."""
        return self._ranked.chosen.height

    def __iter__(self) -> Iterator[Recommendation]:
        """Recommendations in the order of the territories' identifiers."""
        return (self[code] for code in self._ranked.chosen["territory"])

    def __contains__(self, territory: object) -> bool:
        """Whether a territory is among them."""
        return territory in self._ranked.numbers

    def __getitem__(self, territory: str) -> Recommendation:
        """Return the recommendation of a territory, by its identifier.

        Raises:
            UnknownCodeError: There is no such territory here.
        """
        number = self._number(territory)
        offers, frame = self._ranked.offers_of(number)
        return Recommendation(
            territory=territory,
            name=str(self._ranked.snapshot.frames.territories["territory_name"][number]),
            next=offers[0] if offers else None,
            alternatives=offers[1:],
            reason=self._ranked.reasons.get(number),
            _explain=partial(self._why, number, frame),
            _among=self,
        )

    def _number(self, territory: str) -> int:
        if territory not in self._ranked.numbers:
            raise UnknownCodeError("territory", territory, nearest(str(territory), self._ranked.numbers))
        return self._ranked.numbers[territory]

    def _why(self, number: int, frame: pl.DataFrame | None, lang: Lang) -> Why:
        """Explain the best offer of a territory, or what stops its sessions."""
        reason, names = self._ranked.reasons.get(number), self.names(lang)
        return why(self._ranked.snapshot, self.policy, number, offers=frame, reason=reason, names=names, lang=lang)

    def why_not_of(self, territory: str, *, lang: Lang, **candidate: str | None) -> explain.WhyNot:
        """Explain one candidate of a territory (see `Recommendation.why_not`).

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> any_other = {"axis": None, "partner": None, "trainer": None}
            >>> recs.why_not_of("200066231", lang="en", session="teleservices", **any_other).verdict
            'refused'
        """
        number = self._ranked.numbers[territory]
        case = explain.Case(
            self._programme,
            self._ranked.snapshot,
            self.policy,
            self._ranked.furthest.filter(t=number),
            self._ranked.best.filter(t=number),
            self._ranked.reasons.get(number),
            self._names,
        )
        return explain.why_not(case, lang=lang, **candidate)

    def why_not(self, lang: Lang | None = None) -> pl.DataFrame:
        """Return one row a territory and session that is not recommended to it, with what stands in its way.

        Columns: ``territory``, ``session``, ``axis``, ``partner`` and ``trainer`` (the best there are or, where none
        passes, those that come furthest), ``verdict`` (``outscored``, ``postponed`` or ``refused``), ``stage`` and
        ``rule`` (the first that stops it; where it is outscored, the one that makes most of the difference), ``reason``
        (code), ``found`` (JSON: the values of the columns that the rule reads), ``score`` and ``gap`` (points by which
        the recommendation is ahead), and ``sentence`` where a language is asked for.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> recs.why_not("en").filter(session="teleservices")["verdict", "rule", "sentence"].rows()
            [('refused', 'not_attended', 'The territory has not attended this session since its council was renewed.')]
        """
        return explain.losers(self._ranked.snapshot, self.policy, self._ranked.furthest, self._ranked.best, lang)

    def what_would_it_take(self, lang: Lang = "fr") -> dict[str, Needed]:
        """Return what it would take for the best alternative of each territory, by its identifier.

        That is the session of rank 2 or, where there is none, the one that comes furthest beside the one offered. Each
        answer is that of `Recommendation.what_would_it_take` for this session; together they are found much sooner.

        Args:
            lang: Language of ``str()``; ``text(lang)`` reads in the other.

        Raises:
            UnknownCodeError: The language isn't known.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories=["200066231"])
            >>> needed = recs.what_would_it_take("en")["200066231"]
            >>> needed.session == recs["200066231"].alternatives[0].session
            True
        """
        return what_each_takes(self, lang)

    def notice_of(self, rec: Recommendation, lang: Lang, service: str) -> Notice:
        """Return the notice of one of them (see `Recommendation.notice`).

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> notice = recs.notice_of(recs["200066231"], "en", "Training office")
            >>> "Training office" in notice.text()
            True
        """
        return notice(rec, self, self._programme, self._ranked.snapshot, lang=lang, service=service)

    def names(self, lang: Lang) -> dict[str, str]:
        """Return the names of sessions, relay partners and trainers, by identifier.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> recs.names("en")["dematerialisation"]
            'Paperless procedures'
        """
        return self._names[lang]

    @cached_property
    def _names(self) -> dict[Lang, dict[str, str]]:
        p = self._programme
        actors = {partner.id: partner.name for partner in p.partners}
        actors |= {trainer.id: f"{trainer.organisation} ({trainer.role})" for trainer in p.trainers}
        return {lang: actors | {s.id: s.name.get(lang) for s in p.catalogue.sessions} for lang in ("fr", "en")}

    def __sub__(self, before: Recommendations) -> explain.Difference[Recommendations]:
        """Return what changed since ``before``: another day, policy or programme."""
        if not isinstance(before, Recommendations):
            return NotImplemented
        return explain.Difference(before, self, (before._side, self._side))

    @cached_property
    def _side(self) -> explain.Side:
        return explain.Side(
            self._programme,
            self._ranked.snapshot,
            self.policy,
            self._ranked.first,
            self._ranked.reasons,
            self._ranked.chosen,
            self._names,
        )

    def only(self, territory: str) -> Recommendations:
        """Return the recommendation of one territory, as if it had been asked for alone.

        Raises:
            UnknownCodeError: There is no such territory here.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> both = ["200066231", "200034023"]
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories=both)
            >>> len(recs), len(recs.only("200066231"))
            (2, 1)
        """
        return Recommendations(
            self._programme, self._ranked.only(self._number(territory)), top=self.top, given=self._given
        )

    def what_if(self, /, **changes: Any) -> explain.Difference[Recommendations]:  # noqa: ANN401 - checked by `Changes`
        """Recommend again with changes, and return the difference; ``difference.after`` has the recommendations.

        The same territories are answered for, with the same ``top`` and joined columns and, unless changed, the same
        day and policy. The follow-up graph is learned again where none was given.

        Args:
            changes: The fields of `explain.Changes`: ``add_needs``, ``remove_trainers``, ``on``, ``weights``…

        Raises:
            ProgrammeError: A change isn't known or isn't valid, or the programme that results contradicts itself.
            PolicyError: A weight is of no preference of the policy.
            UnknownCodeError: Something to take away isn't there.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
            >>> difference = recs.what_if(remove_trainers=["web_toulouse"])
            >>> {recs[changed.territory].trainer for changed in difference}
            {'web_toulouse'}
        """
        same = {
            "top": self.top,
            "territories": self._ranked.chosen["territory"].to_list(),
            "follow_ups": self._given,
            "extra": self._ranked.extra,
        }
        asked = explain.Changes.of(**changes)
        return again(self._programme, asked, on=self.on, policy=self.policy, **same) - self

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
            >>> sum(recs.without().values()) == sum(rec.offer is None for rec in recs)
            True
        """
        chosen = set(self._ranked.chosen["t"])
        found = Counter(reason for number, reason in self._ranked.reasons.items() if number in chosen)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def to_polars(self, lang: Lang = "fr") -> pl.DataFrame:
        """Return one row a territory, in the order of the identifiers.

        Columns: ``territory``, ``name``, ``departement``, ``kind``, ``session``, ``axis``, ``partner``, ``trainer``,
        ``score`` (0 to 100), ``cost`` (€), ``earliest``, ``reason`` (code, where there is no offer) and ``because``
        (the main reason as a sentence in ``lang``). In a blackout ``session`` and what goes with it are null and
        ``earliest`` is the day from which the next one can be held.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> recs.to_polars("en")["session", "partner", "earliest"].row(0)
            ('dematerialisation', 'adm09', datetime.date(2007, 9, 24))
        """
        if lang not in self._tables:
            best = self._ranked.first
            self._tables[lang] = answers(self._ranked.chosen, best, self._ranked.reasons, self.policy, lang)
        return self._tables[lang]

    def to_json(self, lang: Lang = "fr") -> list[dict[str, Any]]:
        """Return the rows of `to_polars` as data that JSON can hold: dates and amounts are texts.

        Each row is as ``docs/reference/schemas/recommendation.json`` says.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> [(row["session"], row["cost"], row["earliest"]) for row in recs.to_json()]
            [('dematerialisation', '956.92', '2007-09-24')]
        """
        return rows_of(self.to_polars(language(lang)))

    def row_of(self, territory: str, lang: Lang) -> dict[str, Any]:
        """Return the row of one of them (see `Recommendation.to_json`).

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> recs.row_of("200066231", "en")["partner"]
            'adm09'
        """
        return rows_of(self.to_polars(language(lang)).filter(territory=territory))[0]

    @cached_property
    def _tables(self) -> dict[Lang, pl.DataFrame]:
        return {}

    def spreadsheet(self, lang: Lang = "fr") -> pl.DataFrame:
        """Return one row a territory with names beside codes, under labels in ``lang``, to hand to people.

        ``io.write(recs.spreadsheet(), "recommandations.xlsx")`` makes a workbook of it, ``io.write_csv`` a CSV.

        Raises:
            UnknownCodeError: The language is neither ``fr`` nor ``en``.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> recs.spreadsheet("en")["Session", "Relay partner"].row(0)
            ('Paperless procedures', "Association des maires de l'Ariège")
        """
        return spreadsheet(self.to_polars(lang), self.names(lang), lang)

    def ranking(self) -> pl.DataFrame:
        """Return every offer kept, alternatives included, one row a territory and rank.

        Example:
            >>> import datetime as dt
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> recs.ranking()["rank", "session"].rows()
            [(1, 'dematerialisation'), (2, 'sig')]
        """
        return ranking(self._ranked.offers)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table over as an Arrow stream, without a copy."""
        return self.to_polars().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        """How many territories, and how many have an offer."""
        missing = sum(self.without().values())
        return f"<Recommendations on {self.on}: {len(self)} territories, {len(self) - missing} with an offer>"

    def report(
        self, path: str | os.PathLike[str], lang: Lang = "fr", service: str = "", plan: Plan | None = None
    ) -> Path:
        """Write a page for a meeting: summary, map, table, a card for each territory, notice and rules.

        It is one HTML file that opens offline, prints on A4, and needs nothing else. The same recommendations give the
        same bytes.

        Args:
            path: The file; what stood there is replaced once the page is whole.
            lang: Language of the page.
            service: To whom requests about the algorithm are addressed; empty: the service that takes the decision.
            plan: A plan of the same programme, for a section on the season: calendar, map, sessions, what isn't served.

        Returns:
            The path.

        Raises:
            PraiError: The extra ``report`` is not installed.
            UnknownCodeError: The language is neither ``fr`` nor ``en``.
            OSError: The folder doesn't exist, or the file can't be written.

        Example:
            >>> import datetime as dt, tempfile
            >>> from prai_match import Programme
            >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     path = recs.report(f"{folder}/report.html", "en")
            ...     "<h1>Training recommendations on 3 September 2007</h1>" in path.read_text("utf-8")
            True
        """
        return report.write(self, path, lang=lang, service=service, plan=plan)
