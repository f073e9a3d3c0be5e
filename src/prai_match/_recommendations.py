"""What `Programme.recommend` answers: one recommendation a territory, and the frame of them all."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import explain, recommend
from prai_match._answers import answers, why
from prai_match._notice import notice
from prai_match._recommendation import Offer, Recommendation
from prai_match._record import fingerprint
from prai_match._what_if import again
from prai_match.errors import UnknownCodeError, nearest

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from prai_match._programme import Programme
    from prai_match.explain import Fingerprint, Notice, Why
    from prai_match.followups import FollowUps
    from prai_match.model import Lang
    from prai_match.policy import Policy


class Recommendations:
    """The recommendations of a programme on a day: a mapping by territory, and a frame.

    Reads as a frame wherever Arrow is spoken: ``pandas.DataFrame.from_arrow(recs)``, ``polars.DataFrame(recs)``…
    """

    def __init__(  # noqa: PLR0913 - all that the answers are made of
        self,
        programme: Programme,
        snapshot: recommend.Snapshot,
        policy: Policy,
        ranking: recommend.Ranking,
        chosen: pl.DataFrame,
        *,
        top: int,
        given: FollowUps | None,
    ) -> None:
        """Made by `Programme.recommend`; not meant to be built by hand."""
        self._programme, self._snapshot, self._ranking, self._chosen = programme, snapshot, ranking, chosen
        self.policy, self.top, self._given = policy, top, given

    @property
    def on(self) -> dt.date:
        """The day of the recommendations."""
        return self._snapshot.on

    @property
    def follow_ups(self) -> FollowUps:
        """The follow-up graph that was used."""
        return self._snapshot.follow_ups

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What the recommendations were computed from, in named parts; it costs half a second a million attendances."""
        return fingerprint(self._programme, self.policy, self._snapshot, self.top)

    def __len__(self) -> int:
        """Number of territories."""
        return self._chosen.height

    def __iter__(self) -> Iterator[Recommendation]:
        """Recommendations in the order of the territories' identifiers."""
        return (self[code] for code in self._chosen["territory"])

    def __contains__(self, territory: object) -> bool:
        """Whether a territory is among them."""
        return territory in self._numbers

    def __getitem__(self, territory: str) -> Recommendation:
        """Return the recommendation of a territory, by its identifier.

        Raises:
            UnknownCodeError: There is no such territory here.
        """
        number = self._number(territory)
        offers, frame = self._offers_of(number)
        return Recommendation(
            territory=territory,
            name=str(self._snapshot.frames.territories["territory_name"][number]),
            next=offers[0] if offers else None,
            alternatives=offers[1:],
            reason=self._reasons.get(number),
            _explain=partial(self._why, number, frame),
            _among=self,
        )

    def _number(self, territory: str) -> int:
        if territory not in self._numbers:
            raise UnknownCodeError("territory", territory, nearest(str(territory), self._numbers))
        return self._numbers[territory]

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(self._chosen.select("territory", "t").iter_rows())

    @cached_property
    def _reasons(self) -> dict[int, str]:
        named = dict(enumerate(self.policy.reasons))
        reasons = {number: named[reason] for number, reason in self._ranking.stopped.iter_rows()}
        waiting = self._offers.filter(rank=1).filter("postponed")
        for rule in reversed([rule for rule in self.policy.requirements if rule.postpones]):
            reasons |= dict.fromkeys(waiting.filter(~rule.holds)["t"], rule.reason)
        return reasons

    @cached_property
    def _offers(self) -> pl.DataFrame:
        """Every offer with the columns that the rules read, in the order of territory and rank."""
        return recommend.with_columns(self._snapshot, self._ranking.ranked)

    @cached_property
    def _by_territory(self) -> dict[int, pl.DataFrame]:
        parts = self._offers.partition_by("t", maintain_order=True)
        return {part["t"][0]: part for part in parts}

    @cached_property
    def _attended(self) -> dict[int, set[str]]:
        sessions = self._snapshot.frames.sessions["session"]
        attended: dict[int, set[str]] = {}
        for number, session in self._snapshot.recent.select("t", "s").unique().iter_rows():
            attended.setdefault(number, set()).add(sessions[session])
        return attended

    def _offers_of(self, number: int) -> tuple[tuple[Offer, ...], pl.DataFrame | None]:
        """Return the offers of a territory, best first, and their columns."""
        frame = self._by_territory.get(number)
        if frame is None:
            return (), None
        offers = tuple(
            Offer(
                kind=row["kind"],
                session=row["session"],
                axis=row["axis"],
                partner=row["partner"],
                trainer=row["trainer"],
                score=row["score"],
                cost=Decimal(str(row["cost"])).quantize(Decimal("0.01")),
                earliest=row["day"],
                pathway=self._pathway(row),
            )
            for row in frame.iter_rows(named=True)
        )
        return offers, frame

    def _why(self, number: int, frame: pl.DataFrame | None, lang: Lang) -> Why:
        """Explain the best offer of a territory, or what stops its sessions."""
        reason, names = self._reasons.get(number), self.names(lang)
        return why(self._snapshot, self.policy, number, offers=frame, reason=reason, names=names, lang=lang)

    @cached_property
    def _furthest(self) -> pl.DataFrame:
        return recommend.furthest(self._snapshot, self.policy, self._chosen)

    def why_not_of(self, territory: str, *, lang: Lang, **candidate: str | None) -> explain.WhyNot:
        """Explain one candidate of a territory (see `Recommendation.why_not`)."""
        number = self._numbers[territory]
        case = explain.Case(
            self._programme,
            self._snapshot,
            self.policy,
            self._furthest.filter(t=number),
            self._ranking.ranked.filter(t=number, rank=1),
            self._reasons.get(number),
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
        """
        return explain.losers(self._snapshot, self.policy, self._furthest, self._ranking.ranked.filter(rank=1), lang)

    def _pathway(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Follow the most probable next session that the territory hasn't attended, as far as it goes."""
        way = [row["session"]]
        done = self._attended.get(row["t"], set()) | set(way)
        while following := [step for step in self.follow_ups.next_sessions([way[-1]]) if step.session not in done]:
            way.append(following[0].session)
            done.add(way[-1])
        return tuple(way)

    def notice_of(self, rec: Recommendation, lang: Lang, service: str) -> Notice:
        """Return the notice of one of them (see `Recommendation.notice`)."""
        return notice(rec, self, self._programme, self._snapshot, lang=lang, service=service)

    def names(self, lang: Lang) -> dict[str, str]:
        """Return the names of sessions, relay partners and trainers, by identifier."""
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
            self._snapshot,
            self.policy,
            self._offers.filter(rank=1),
            self._reasons,
            self._chosen,
            self._names,
        )

    def only(self, territory: str) -> Recommendations:
        """Return the recommendation of one territory, as if it had been asked for alone.

        Raises:
            UnknownCodeError: There is no such territory here.
        """
        number = pl.col("t") == self._number(territory)
        ranking = recommend.Ranking(self._ranking.ranked.filter(number), self._ranking.stopped.filter(number))
        made = (self._programme, self._snapshot, self.policy, ranking, self._chosen.filter(number))
        return Recommendations(*made, top=self.top, given=self._given)

    def what_if(self, **changes: Any) -> explain.Difference[Recommendations]:  # noqa: ANN401 - checked by `Changes`
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
            >>> recs.what_if(remove_trainers=["web_toulouse"]).changes()
            {'trainer': 6, 'session': 3}
        """
        same = {
            "top": self.top,
            "territories": self._chosen["territory"].to_list(),
            "follow_ups": self._given,
            "extra": self._extra,
        }
        asked = explain.Changes.of(**changes)
        return again(self._programme, asked, on=self.on, policy=self.policy, **same) - self

    @property
    def _extra(self) -> pl.DataFrame | None:
        """The joined columns, by the territory's identifier."""
        extra, codes = self._snapshot.extra, self._snapshot.frames.territories.select("t", "territory")
        return None if extra is None else extra.join(codes, on="t").drop("t")

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, the most frequent first."""
        chosen = set(self._chosen["t"])
        found = Counter(reason for number, reason in self._reasons.items() if number in chosen)
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def to_polars(self, lang: Lang = "fr") -> pl.DataFrame:
        """Return one row a territory, in the order of the identifiers.

        Columns: ``territory``, ``name``, ``departement``, ``kind``, ``session``, ``axis``, ``partner``, ``trainer``,
        ``score`` (0 to 100), ``cost`` (€), ``earliest``, ``reason`` (code, where there is no offer) and ``because``
        (the main reason as a sentence in ``lang``). In a blackout ``session`` and what goes with it are null and
        ``earliest`` is the day from which the next one can be held.
        """
        if lang not in self._tables:
            best = self._offers.filter(rank=1)
            self._tables[lang] = answers(self._chosen, best, self._reasons, self.policy, lang)
        return self._tables[lang]

    @cached_property
    def _tables(self) -> dict[Lang, pl.DataFrame]:
        return {}

    def ranking(self) -> pl.DataFrame:
        """Return every offer kept, alternatives included, one row a territory and rank."""
        return self._offers.select(
            "territory",
            "rank",
            "kind",
            "session",
            "axis",
            "partner",
            "trainer",
            "score",
            pl.col("cost").cast(pl.Decimal(12, 2)),
            pl.col("day").alias("earliest"),
        )

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table over as an Arrow stream, without a copy."""
        return self.to_polars().__arrow_c_stream__(requested_schema)

    def __repr__(self) -> str:
        """How many territories, and how many have an offer."""
        missing = sum(self.without().values())
        return f"<Recommendations on {self.on}: {len(self)} territories, {len(self) - missing} with an offer>"

    def _repr_html_(self) -> str:
        """The table, for notebooks."""
        return str(self.to_polars()._repr_html_())
