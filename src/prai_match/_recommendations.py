"""What `Programme.recommend` answers: one recommendation a territory, and the frame of them all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match import explain, recommend
from prai_match._recommendation import Offer, Recommendation
from prai_match.errors import UnknownCodeError, nearest
from prai_match.policy import number as written
from prai_match.policy.reasons import STAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from prai_match.explain import Why
    from prai_match.followups import FollowUps
    from prai_match.model import Lang, ProgrammeData
    from prai_match.policy import Policy, Stage

_NOTHING = {"fr": "{territory} : {reason}", "en": "{territory}: {reason}"}

_TITLES = {
    "fr": "{territory} : {session} ; relais : {partner} ; intervenant : {trainer} ; au plus tôt le {day} ;"
    " {cost} € (score : {score} sur 100)",
    "en": "{territory}: {session}; relay: {partner}; trainer: {trainer}; from {day}; €{cost} (score: {score} of 100)",
}


class Recommendations:
    """The recommendations of a programme on a day: a mapping by territory, and a frame.

    Reads as a frame wherever Arrow is spoken: ``pandas.DataFrame.from_arrow(recs)``, ``polars.DataFrame(recs)``…
    """

    def __init__(
        self,
        programme: ProgrammeData,
        snapshot: recommend.Snapshot,
        policy: Policy,
        ranking: recommend.Ranking,
        chosen: pl.DataFrame,
    ) -> None:
        """Made by `Programme.recommend`; not meant to be built by hand."""
        self._programme, self._snapshot, self._ranking, self._chosen = programme, snapshot, ranking, chosen
        self.policy = policy

    @property
    def on(self) -> dt.date:
        """The day of the recommendations."""
        return self._snapshot.on

    @property
    def follow_ups(self) -> FollowUps:
        """The follow-up graph that was used."""
        return self._snapshot.follow_ups

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
        if territory not in self._numbers:
            raise UnknownCodeError("territory", territory, nearest(str(territory), self._numbers))
        number = self._numbers[territory]
        offers, frame = self._offers_of(number)
        return Recommendation(
            territory=territory,
            name=str(self._snapshot.frames.territories["territory_name"][number]),
            next=offers[0] if offers else None,
            alternatives=offers[1:],
            reason=self._reasons.get(number),
            _explain=partial(self._why, number, frame),
        )

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
        policy, reason = self.policy, self._reasons.get(number)
        said = "" if reason is None else explain.reason_sentence(reason, policy, lang)
        if frame is None:
            name = self._snapshot.frames.territories["territory_name"][number]
            return explain.Why(
                lang, _NOTHING[lang].format(territory=name, reason=said), (), self._stopping(number, lang)
            )
        row = frame.row(0, named=True)
        title = f"{said} {self._title(row, lang)}".lstrip()
        details = explain.contributions(row, frame[0], policy, lang)
        return explain.Why(lang, title, details, explain.conditions(row, frame[0], policy, lang, STAGES))

    def _stopping(self, number: int, lang: Lang) -> tuple[explain.Condition, ...]:
        """Return for each session of a territory the requirements that stop it, or the reason given further on."""
        chosen = pl.DataFrame({"t": [number]}, schema={"t": pl.UInt32})
        frame = recommend.stopped(self._snapshot, chosen)
        colon = " : " if lang == "fr" else ": "
        found: list[explain.Condition] = []
        for index, row in enumerate(frame.iter_rows(named=True)):
            name = self._names[lang][row["session"]] + colon
            refused = [
                condition
                for condition in explain.conditions(row, frame[index], self.policy, lang, ("session",))
                if not condition.holds
            ]
            if not refused:
                reason = self._reasons[number]
                stage: Stage = next(
                    (rule.stage for rule in self.policy.requirements if rule.reason == reason), "trainer"
                )
                sentence = explain.reason_sentence(reason, self.policy, lang)
                refused = [explain.Condition(reason, stage, "refuted", holds=False, sentence=sentence)]
            found += [replace(condition, sentence=name + condition.sentence) for condition in refused]
        return tuple(found)

    def _pathway(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Follow the most probable next session that the territory hasn't attended, as far as it goes."""
        way = [row["session"]]
        done = self._attended.get(row["t"], set()) | set(way)
        while following := [step for step in self.follow_ups.next_sessions([way[-1]]) if step.session not in done]:
            way.append(following[0].session)
            done.add(way[-1])
        return tuple(way)

    def _title(self, row: Mapping[str, Any], lang: Lang) -> str:
        """Say one offer in a sentence."""
        names = self.names(lang)
        day = row["day"]
        return _TITLES[lang].format_map(
            {
                "territory": row["territory_name"],
                "session": names[row["session"]],
                "partner": names[row["partner"]],
                "trainer": names[row["trainer"]],
                "day": f"{day:%d/%m/%Y}" if lang == "fr" else day.isoformat(),
                "cost": written(row["cost"], 2, lang),
                "score": written(row["score"], 1, lang),
            }
        )

    def names(self, lang: Lang) -> dict[str, str]:
        """Return the names of sessions, relay partners and trainers, by identifier."""
        return self._names[lang]

    @cached_property
    def _names(self) -> dict[Lang, dict[str, str]]:
        p = self._programme
        actors = {partner.id: partner.name for partner in p.partners}
        actors |= {trainer.id: f"{trainer.organisation} ({trainer.role})" for trainer in p.trainers}
        return {lang: actors | {s.id: s.name.get(lang) for s in p.catalogue.sessions} for lang in ("fr", "en")}

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
            self._tables[lang] = self._table(lang)
        return self._tables[lang]

    @cached_property
    def _tables(self) -> dict[Lang, pl.DataFrame]:
        return {}

    def _table(self, lang: Lang) -> pl.DataFrame:
        best = self._offers.filter(rank=1)
        money = pl.Decimal(12, 2)
        because = best.select(
            "t", because=pl.Series(explain.main_reasons(best, self.policy, lang), dtype=pl.String)
        ).filter(~best["postponed"])
        reasons = pl.DataFrame(
            [
                (number, code, explain.reason_sentence(code, self.policy, lang))
                for number, code in self._reasons.items()
            ],
            schema={"t": pl.UInt32, "reason": pl.String, "sentence": pl.String},
            orient="row",
        )
        now = [
            pl.when(~pl.col("postponed")).then(name).alias(name)
            for name in ("kind", "session", "axis", "partner", "trainer", "score")
        ]
        offers = best.select(
            "t",
            *now,
            pl.when(~pl.col("postponed")).then(pl.col("cost").cast(money)).alias("cost"),
            pl.col("day").alias("earliest"),
        )
        return (
            self._chosen.select("t", "territory", pl.col("territory_name").alias("name"), "departement")
            .join(offers, on="t", how="left", maintain_order="left")
            .join(reasons, on="t", how="left", maintain_order="left")
            .join(because, on="t", how="left", maintain_order="left")
            .with_columns(because=pl.coalesce("sentence", "because"))
            .drop("t", "sentence")
        )

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
