"""A card for each territory: what is offered, why, why not the others, and what it would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from prai_match.explain import CANDIDATE, Condition, NamedOffer, Needed, Notice, points
from prai_match.policy import weight
from prai_match.text import day, number, price, short_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.recommend import Choice, Offer
    from prai_match.report._case import ReportCase

State = Literal["offer", "waiting", "none"]

_MAIN = 3
"""Points of the score told before the whole of them."""


@dataclass(frozen=True, slots=True)
class SessionOffer:
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
    """All that the page says of one territory, whose identifier is of letters, digits and ``_.-``.

    ``reason`` says why it has no offer now, else is empty; ``main`` what made most of the score; ``detail`` what the
    whole score and the conditions are behind, each with its state and whether it holds, none where nothing is offered;
    ``takes`` what it would take, as a title and answers; ``data`` what was taken into account of it alone.
    """

    territory: str
    name: str
    departement: str
    departement_name: str
    state: State
    reason: str
    because: str
    offer: SessionOffer | None
    main: tuple[str, ...]
    points: tuple[Point, ...]
    detail: str
    conditions: tuple[tuple[str, str, bool], ...]
    others: tuple[Other, ...]
    takes: tuple[str, tuple[str, ...]] | None
    data: tuple[tuple[str, str], ...]


def card(  # noqa: PLR0913 - what there is on a territory
    case: ReportCase,
    rec: Choice,
    notice: Notice,
    *,
    because: str,
    losers: Sequence[Mapping[str, Any]],
    takes: Needed | None,
    data: tuple[tuple[str, str], ...],
    states: Mapping[str, str],
) -> Card:
    """Write the card of a territory, with rows of `Recommendations.why_not` and names of the states of conditions."""
    departement, lang = case.departements[rec.territory], case.lang
    state: State = "offer" if rec.offer else "waiting" if rec.next else "none"
    longest = max((parameter.out_of for parameter in notice.parameters), default=0.0) or 1.0
    return Card(
        territory=rec.territory,
        name=rec.name,
        departement=departement,
        departement_name=case.departement_names[departement],
        state=state,
        reason="" if rec.offer else because,
        because=because,
        offer=_offer(case, rec.next, notice.kept[0]) if rec.next else None,
        main=tuple(_main(case, notice)),
        points=tuple(
            Point(
                parameter.sentence,
                weight(parameter.weight, lang),
                number(parameter.points, 1, lang),
                number(parameter.out_of, 1, lang),
                f"{100 * parameter.points / longest:.1f}",
                f"{100 * parameter.out_of / longest:.1f}",
            )
            for parameter in notice.parameters
        ),
        detail=case.count(len(notice.conditions), case.texts["why"]["all"]),
        conditions=tuple(_condition(condition, states) for condition in notice.conditions if rec.next),
        others=tuple(_others(case, rec, losers)),
        takes=None if takes is None else (takes.title[lang], tuple(answer.text(lang) for answer in takes)),
        data=data,
    )


def _offer(case: ReportCase, offer: Offer, names: NamedOffer) -> SessionOffer:
    texts = case.texts["cards"]
    core = texts["core"] if any(session == offer.session for session, _ in case.axes) else ""
    return SessionOffer(
        id=offer.session,
        kind=case.texts["kinds"][offer.kind],
        session=names.session,
        axis=texts["axis"].format(name=names.axis) if names.axis else core,
        partner=names.partner,
        trainer=names.trainer,
        day=day(offer.earliest, case.lang),
        short_day=short_day(offer.earliest, case.lang),
        day_sort=offer.earliest.isoformat(),
        cost=price(offer.cost, case.lang),
        cost_sort="" if offer.cost is None else str(offer.cost),
        score=number(offer.score, 1, case.lang),
        score_sort=f"{offer.score:.3f}",
        pathway=tuple(case.sessions[session] for session in offer.pathway),
    )


def _main(case: ReportCase, notice: Notice) -> Iterable[str]:
    for parameter in notice.parameters[:_MAIN]:
        if parameter.points > 0:
            amount = number(parameter.points, 1, case.lang)
            yield case.texts["why"]["point"].format(points=amount, sentence=parameter.sentence)


def _condition(condition: Condition, states: Mapping[str, str]) -> tuple[str, str, bool]:
    state = condition.state if condition.state != "unknown" or condition.holds else "unknown_refused"
    return condition.sentence, states[state], condition.holds


def _others(case: ReportCase, rec: Choice, losers: Sequence[Mapping[str, Any]]) -> Iterable[Other]:
    """Tell the sessions that aren't recommended: those that could be, the nearest first, then the others."""
    offers = {offer.session: offer for offer in rec.alternatives}
    coming = rec.next.session if rec.next else None
    for row in sorted(losers, key=lambda row: (row["score"] is None, -(row["score"] or 0.0), row["session"])):
        if row["session"] == coming:
            continue
        name, axis = case.sessions[row["session"]], case.axes.get((row["session"], row["axis"] or ""))
        possible = row["verdict"] != "refused"
        yield Other(
            session=f"{name} ({case.texts['cards']['axis'].format(name=axis)})" if axis else name,
            with_whom=_with_whom(case, row, offers.get(row["session"])) if possible else "",
            score=number(row["score"], 1, case.lang) if possible else "",
            gap=points(-row["gap"], case.lang) if row["gap"] is not None else "",
            why=_why_not(case.texts["others"], row),
        )


def _with_whom(case: ReportCase, row: Mapping[str, Any], offer: Offer | None) -> str:
    parts = [case.actors[row["partner"]], case.actors[row["trainer"]]]
    if offer:
        parts += [price(offer.cost, case.lang), day(offer.earliest, case.lang)]
    return " · ".join(parts)


def _why_not(texts: Mapping[str, str], row: Mapping[str, Any]) -> str:
    if row["rule"] is None:
        return texts["outscored_only"]
    return texts["nobody" if row["rule"] == CANDIDATE else row["verdict"]].format(sentence=row["sentence"])
