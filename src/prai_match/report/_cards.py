"""A card for each territory: what is offered, why, why not the others, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from prai_match.explain import CANDIDATE, points
from prai_match.policy import weight
from prai_match.text import day, number, price, short_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.explain import Condition, NamedOffer, Needed, Notice
    from prai_match.recommend import Choice, Offer
    from prai_match.report._case import Case

State = Literal["offer", "waiting", "none"]

_MAIN = 3
"""Points of the score told before the whole of them."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A session in words; ``day_sort``, ``cost_sort`` and ``score_sort`` are the raw values."""

    id: str
    kind: str
    session: str
    axis: str
    partner: str
    trainer: str
    day: str
    short_day: str
    day_sort: str
    cost: str
    cost_sort: str
    score: str
    score_sort: str
    pathway: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """A preference: its sentence, its weight, its points and, of 100, how long its bars are."""

    sentence: str
    weight: str
    points: str
    out_of: str
    is_long: str
    of_long: str


@dataclass(frozen=True, slots=True)
class Other:
    """A session that is not recommended: its name, with whom it would be, its score, the gap, and why not."""

    session: str
    with_whom: str
    score: str
    gap: str
    why: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that the page says of one territory.

    Attributes:
        territory: Its identifier, of letters, digits and ``_.-``.
        name: Its name.
        departement: Code of its département.
        departement_name: Its name with its code.
        state: Whether it has an offer, one to come, or none.
        reason: Why it has none now; empty: it has one.
        because: The main reason, in a sentence.
        offered: What is offered, or comes next.
        main: What made most of the score.
        points: The whole score.
        detail: What the whole score and the conditions are behind.
        conditions: Each condition with its state and whether it holds; none where nothing is offered.
        others: The sessions that are not recommended.
        needed: What it would take, as a title and answers.
        data: What was taken into account of this territory alone.
    """

    territory: str
    name: str
    departement: str
    departement_name: str
    state: State
    reason: str
    because: str
    offered: Offered | None
    main: tuple[str, ...]
    points: tuple[Point, ...]
    detail: str
    conditions: tuple[tuple[str, str, bool], ...]
    others: tuple[Other, ...]
    needed: tuple[str, tuple[str, ...]] | None
    data: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What is known of a territory beside its recommendation.

    Attributes:
        notice: Its notice.
        row: Its row of `Recommendations.to_polars`.
        losers: Its rows of `Recommendations.why_not`.
        needed: What it would take; None: it wasn't looked for.
        data: Rows of its notice that aren't those of all.
        states: Names of the states of a condition, by state.
    """

    notice: Notice
    row: Mapping[str, Any]
    losers: Sequence[Mapping[str, Any]]
    needed: Needed | None
    data: tuple[tuple[str, str], ...]
    states: Mapping[str, str]


def card(case: Case, rec: Choice, told: Told) -> Card:
    """Write the card of a territory."""
    departement, notice = case.departements[rec.territory], told.notice
    state: State = "offer" if rec.offer else "waiting" if rec.next else "none"
    longest = max((parameter.out_of for parameter in notice.parameters), default=0.0) or 1.0
    return Card(
        territory=rec.territory,
        name=rec.name,
        departement=departement,
        departement_name=case.named[departement],
        state=state,
        reason="" if rec.offer else str(told.row["because"] or ""),
        because=str(told.row["because"] or ""),
        offered=_offered(case, rec.next, notice.kept[0]) if rec.next else None,
        main=tuple(_main(case, notice)),
        points=tuple(
            Point(
                parameter.sentence,
                weight(parameter.weight, case.lang),
                number(parameter.points, 1, case.lang),
                number(parameter.out_of, 1, case.lang),
                f"{100 * parameter.points / longest:.1f}",
                f"{100 * parameter.out_of / longest:.1f}",
            )
            for parameter in notice.parameters
        ),
        detail=case.counted(len(notice.conditions), case.said["why"]["all"]),
        conditions=tuple(_condition(condition, told.states) for condition in notice.conditions if rec.next),
        others=tuple(_others(case, rec, told.losers)),
        needed=None if told.needed is None else _needed(case, told.needed),
        data=told.data,
    )


def _offered(case: Case, offer: Offer, kept: NamedOffer) -> Offered:
    return Offered(
        id=offer.session,
        kind=case.said["kinds"][offer.kind],
        session=kept.session,
        axis=_axis(case, offer, kept),
        partner=kept.partner,
        trainer=kept.trainer,
        day=day(offer.earliest, case.lang),
        short_day=short_day(offer.earliest, case.lang),
        day_sort=offer.earliest.isoformat(),
        cost=price(offer.cost, case.lang),
        cost_sort="" if offer.cost is None else str(offer.cost),
        score=number(offer.score, 1, case.lang),
        score_sort=f"{offer.score:.3f}",
        pathway=tuple(case.sessions[session] for session in offer.pathway),
    )


def _axis(case: Case, offer: Offer, kept: NamedOffer) -> str:
    """Say the axis, or that there is none where the session has some."""
    said = case.said["cards"]
    if kept.axis:
        return str(said["axis"].format(name=kept.axis))
    return str(said["core"]) if any(session == offer.session for session, _ in case.axes) else ""


def _main(case: Case, notice: Notice) -> Iterable[str]:
    for parameter in notice.parameters[:_MAIN]:
        if parameter.points > 0:
            written = number(parameter.points, 1, case.lang)
            yield case.said["why"]["point"].format(points=written, sentence=parameter.sentence)


def _condition(condition: Condition, states: Mapping[str, str]) -> tuple[str, str, bool]:
    refused = condition.state == "unknown" and not condition.holds
    return condition.sentence, states["unknown_refused" if refused else condition.state], condition.holds


def _others(case: Case, rec: Choice, losers: Sequence[Mapping[str, Any]]) -> Iterable[Other]:
    """Tell the sessions that aren't recommended: those that could be, the nearest first, then the others."""
    offers = {offer.session: offer for offer in rec.alternatives}
    ordered = sorted(losers, key=lambda row: (row["score"] is None, -(row["score"] or 0.0), row["session"]))
    coming = rec.next.session if rec.next else None
    for row in ordered:
        if row["session"] == coming:
            continue
        name, axis = case.sessions[row["session"]], case.axes.get((row["session"], row["axis"] or ""))
        possible = row["verdict"] != "refused"
        yield Other(
            session=f"{name} ({case.said['cards']['axis'].format(name=axis)})" if axis else name,
            with_whom=_with_whom(case, row, offers.get(row["session"])) if possible else "",
            score=number(row["score"], 1, case.lang) if possible else "",
            gap=points(-row["gap"], case.lang) if row["gap"] is not None else "",
            why=_why_not(case.said["others"], row),
        )


def _with_whom(case: Case, row: Mapping[str, Any], offer: Offer | None) -> str:
    told = [case.actors[row["partner"]], case.actors[row["trainer"]]]
    if offer:
        told += [price(offer.cost, case.lang), day(offer.earliest, case.lang)]
    return " · ".join(told)


def _why_not(said: Mapping[str, str], row: Mapping[str, Any]) -> str:
    if row["rule"] is None:
        return said["outscored_only"]
    return said["nobody" if row["rule"] == CANDIDATE else row["verdict"]].format(sentence=row["sentence"])


def _needed(case: Case, needed: Needed) -> tuple[str, tuple[str, ...]]:
    return needed.title[case.lang], tuple(answer.text(case.lang) for answer in needed)
