"""The facts behind the points, as a mayor knows them: who asked for what, who attended, time since a session.

The columns that a rule reads decide which fact is shown, whatever the rule: a need for columns of needs, a follow-up
for columns of follow-ups, the last session for columns of past sessions.
"""

import datetime as dt
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any, Final

import numpy as np
import polars as pl

from prai_match.calendar import EPOCH, NEVER
from prai_match.explain._sources import needs_in_words
from prai_match.model import Lang
from prai_match.needs import WAITING
from prai_match.offers import NONE, Array, Assessment, Snapshot, follow_ups_behind, workshops_behind
from prai_match.policy import Preference
from prai_match.recommend import Answers
from prai_match.text import day, masked, messages, number, plain, singular

_LONG = 120  # characters of the words of a need that are quoted
_QUIET = 6  # months without a session from which this is a fact worth stating
_YEAR, _MONTH, _FEW = 12, 365.25 / 12, 45  # of a year, of a month, and days up to which they are shown as days

Need = dict[str, Any]


@dataclass(frozen=True, eq=False)
class OfferFacts:
    """The facts behind the points of offers or territories; with ``public``, the words of needs aren't quoted."""

    answers: Answers
    assessed: Assessment
    lang: Lang
    public: bool = False

    def of(self, rule: Preference, place: int) -> str:
        """Return the fact behind the points of a rule at a place; empty if it gave no points, or they have no fact."""
        if self.assessed.units[rule.id][place] <= 0:
            return ""
        facts = (tell(self, place) for names, tell in _TOLD if not names.isdisjoint(rule.value.columns))
        fact = next(filter(None, facts), "")
        return f"{fact}." if fact else ""

    def main(self, place: int) -> str:
        """Return the fact behind the most points at a place; empty if there is none.

        Facts about the trainer, or needs for any session, don't count: they are no reason to offer this session.
        """
        ranked = sorted(self.assessed.preferences, key=lambda rule: (-self.assessed.units[rule.id][place], rule.id))
        own = (rule for rule in ranked if rule.stage != "trainer" and _WAITING.isdisjoint(rule.value.columns))
        return next(filter(None, (self.of(rule, place) for rule in own)), "")

    def need(self, place: int) -> str:
        """Describe the strongest open need behind an offer."""
        needs = self._behind_offer(self._open(place), place)
        return self._leading(max(needs, key=itemgetter("score")), place) if needs else ""

    def latest_need(self, place: int) -> str:
        needs = self._behind_offer(self._open(place), place)
        return self._leading(max(needs, key=itemgetter("since")), place) if needs else ""

    def to_confirm(self, place: int) -> str:
        needs, elected = self._behind_offer(self._open(place, of_council=False), place), self._elected(place)
        if not needs or elected is None:
            return ""
        fact = self._leading(max(needs, key=itemgetter("score")), place)
        return self._say(
            "to_confirm" if elected < self.answers.on else "to_come", fact=fact, day=day(elected, self.lang)
        )

    def waiting(self, place: int) -> str:
        """Describe the open need that has waited longest."""
        needs = self._open(place)
        return self._asked(min(needs, key=itemgetter("since"))) if needs else ""

    def council(self, place: int) -> str:
        elected = self._elected(place)
        return "" if elected is None else self._say("elected", day=day(elected, self.lang))

    def follow_up(self, place: int) -> str:
        source, first, count, support = self._followed[:, place].tolist()
        if source == NONE:
            return ""
        people, where = self._people(place, source, first), self._at(source, first)
        came = self._some("came", people, where=where) if people else self._say("attended", where=where)
        alike = self._words["alike"] if self._day.follow_ups.groups.get(self._territory(place)) else ""
        able = self._some("able", support, it=self._say(f"this_{self._form(source)}"), alike=alike)
        others = self._some("others", count)
        return self._say("went_on", came=came, able=able, others=others, within=self._within()) if count else came

    def received(self, place: int) -> str:
        """Describe the last session, under whichever council."""
        visits = self._visits(place)
        if not len(visits["date"]):
            return self._say("never")
        last = int(visits["date"].max())
        session = int(visits["s"][visits["date"] == last].min())
        on, since = self.answers.on, _date(last)
        months = (on.year - since.year) * _YEAR + on.month - since.month - (on.day < since.day)
        values = {"where": self._at(session, last), "months": number(months, 0, self.lang)}
        return self._say("quiet" if months >= _QUIET else "last", **values)

    def soon(self, place: int) -> str:
        waits, joins = (self.assessed[place][name] for name in ("trainer_wait_days", "joins_booked"))
        return self._say("soon") if waits == 0 and not joins else ""

    # The columns that these are computed from.

    @cached_property
    def _needs(self) -> Mapping[str, list[Need]]:
        """The needs that count on the day, newest first, by territory."""

        def make() -> dict[str, list[Need]]:
            needs = needs_in_words(self.answers.programme, self._day).drop_nulls(["territory", "workshop"])
            return needs.filter(pl.col("state").is_in(WAITING)).rows_by_key("territory", named=True, include_key=True)

        return self._day.memo.once("needs by territory", make, self.answers.programme)

    def _open(self, place: int, *, of_council: bool = True) -> list[Need]:
        """Return the needs that the council of an offer expressed or confirmed, or those that it has to confirm."""
        elected, needs = self._elected(place), self._needs.get(self._territory(place), ())
        own = [need["state"] == "open" and (elected is None or need["since"] > elected) for need in needs]
        return [need for need, is_own in zip(needs, own, strict=True) if is_own == of_council]

    def _behind_offer(self, needs: list[Need], place: int) -> list[Need]:
        codes = self._sessions.filter(self._behind[place]).to_list()
        return [need for need in needs if need["workshop"] in codes]

    @cached_property
    def _behind(self) -> Array:
        return workshops_behind(self._day, *map(self.assessed.rows.number, "ts"))

    @cached_property
    def _followed(self) -> Array:
        return follow_ups_behind(self._day, *map(self.assessed.rows.number, "ts"))

    def _leading(self, need: Need, place: int) -> str:
        """Describe a need and, for a buffet, that it leads to what the need asks for."""
        fact, offered = self._asked(need), self._sessions[int(self.assessed.rows.number("s")[place])]
        if offered == need["workshop"]:
            return fact
        workshop = self._name(need["workshop"])
        return self._say("leads_to" if self._quoted(need) else "leads", fact=fact, workshop=workshop)

    def _asked(self, need: Need) -> str:
        """Describe who asked for what, when and how: in their words or, if there are none, by the workshop."""
        kinds = self.answers.programme.catalogue.kinds
        own = {kind.id: kind.name.get(self.lang) for kind in kinds if kind.of == "channels"}
        channel, again = need["channel"], need["state"] == "open" and need["since"] > need["date"]
        words = self._quoted(need)
        return self._say(
            "asked" if words else "asked_for",
            who=masked(need["name"], self.lang),
            day=day(need["date"], self.lang),
            how=self._say("own_channel", name=own[channel])
            if channel in own
            else self._words["channels"].get(channel, ""),
            again=self._say("again", day=day(need["since"], self.lang)) if again else "",
            words=words,
            workshop=self._name(need["workshop"]),
        )

    def _quoted(self, need: Need) -> str:
        """Return the words of a need on one line, persons masked; empty if there are none, or if they aren't public."""
        words = "" if self.public else textwrap.shorten(plain(masked(need["text"], self.lang)), _LONG, placeholder="…")
        return self._say("quoted", words=words.removesuffix(".")) if words.strip("….") else ""

    def _name(self, session: str) -> str:
        return self._say("quoted", words=self.answers.names[self.lang][session])

    def _at(self, session: int, on: int) -> str:
        """Return the name of an attended session, given by its number, and its day."""
        name = self._name(self._sessions[session])
        return self._say(f"at_{self._form(session)}", name=name, day=day(_date(on), self.lang))

    def _form(self, session: int) -> str:
        return "buffet" if self._day.frames.lessons.is_buffet[session] else "workshop"

    def _people(self, place: int, session: int, on: int) -> int:
        """Return how many people of a territory attended a session on a day, as far as known."""
        visits = self._visits(place)
        return int(np.maximum(visits["people"], 0)[(visits["s"] == session) & (visits["date"] == on)].sum())

    def _visits(self, place: int) -> Mapping[str, Array]:
        """Return what a territory attended up to the day."""
        number, visits = int(self.assessed.rows.number("t")[place]), self._day.frames.visits
        those = np.arange(len(visits.rating))[visits.of.between(number, number + 1)]
        those = those[self._day.came[those]]
        return {name: visits.rows[name][those] for name in ("s", "date", "people")}

    def _within(self) -> str:
        """Say the horizon of follow-ups."""
        days = self._day.follow_ups.horizon_days
        months = round(days / _MONTH)
        key = "days" if days < _FEW else "year" if months == _YEAR else "months"
        return str(self._words["within"][key]).format(days=days, months=months)

    def _elected(self, place: int) -> dt.date | None:
        """Return when the council that an offer is judged under was elected; None if by no election of the calendar."""
        number = int(self._day.renewals[self.assessed.rows.number("t")[place]])
        return None if number == -NEVER else _date(number)

    def _territory(self, place: int) -> str:
        return str(self._day.frames.territories["territory"][int(self.assessed.rows.number("t")[place])])

    def _say(self, key: str, **values: object) -> str:
        return str(self._words[key]).format(**values)

    def _some(self, key: str, count: int, **values: object) -> str:
        form = "one" if singular(count, self.lang) else "other"
        return str(self._words[key][form]).format(count=number(count, 0, self.lang), **values)

    @property
    def _words(self) -> dict[str, Any]:
        return messages("prai_match.explain", "facts", self.lang)

    @property
    def _sessions(self) -> pl.Series:
        return self._day.frames.sessions["session"]

    @property
    def _day(self) -> Snapshot:
        return self.assessed.rows.day


def _date(number: int) -> dt.date:
    return dt.date.fromordinal(number + EPOCH)


_WAITING: Final = frozenset({"needs_waiting", "longest_wait_days", "needs_since_renewal"})  # for any session
# The function that describes the fact of rules that read a column; the first that finds one is used.
_TOLD: Final[tuple[tuple[frozenset[str], Callable[[OfferFacts, int], str]], ...]] = (
    (frozenset({"need_to_confirm"}), OfferFacts.to_confirm),
    (frozenset({"need_age_days"}), OfferFacts.latest_need),
    (frozenset({"need_score", "need_served", "needs", "leads_to_need", "opens_need"}), OfferFacts.need),
    (_WAITING, OfferFacts.waiting),
    (frozenset({"days_since_renewal"}), OfferFacts.council),
    (
        frozenset({"follows", "follow_probability", "follow_count", "follow_support", "next_probability"}),
        OfferFacts.follow_up,
    ),
    (frozenset({"service_gap", "sessions_received"}), OfferFacts.received),
    (frozenset({"wait_days", "trainer_wait_days"}), OfferFacts.soon),
)
