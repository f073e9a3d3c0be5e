"""Cards of territories: the offer, why, why not others, what it would take; also the notice, and the season."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prai_match import explain, policy
from prai_match.recommend import EQUIVALENT, Choice, Offer
from prai_match.report._case import ReportCase, Row
from prai_match.text import (
    Code,
    Document,
    Items,
    Section,
    Table,
    day,
    messages,
    number,
    price,
    short_day,
    singular,
    tracked,
)

_MAIN = 3  # points of the score told before the whole of them
_NEAR, _ALL = 5, 12  # other sessions that a printed card tells, where something is offered and where nothing is


def cards(case: ReportCase) -> tuple[list[Row], Document | None]:
    """Write the cards by département and name, and the part of the notice common to all territories, if any."""
    answers, lang, recs = case.answers, case.lang, case.choices
    if not recs:
        return [], None
    notices = [
        explain.notice(answers, rec.territory, case.fingerprint, lang=lang, service=case.service)
        for rec in tracked(recs)
    ]
    tables = [_used(notice).rows for notice in notices]
    shared = [row for row in tables[0] if len(tables) > 1 and all(row in rows for rows in tables)]
    reasons = dict(explain.table(answers, lang, public=case.public).select("territory", "because").iter_rows())
    table = explain.losers(answers.snapshot, answers.policy, answers.furthest, answers.best, lang)
    losers = table.rows_by_key("territory", named=True, include_key=True)
    needed = explain.what_each_takes(answers, lang)
    became = dict(case.compared.select("territory", "sentence").iter_rows())
    each: list[Row] = []
    for rec, notice, rows in zip(recs, notices, tables, strict=True):
        others, near = [*_others(case, rec, losers.get(rec.territory, ()))], _NEAR if rec.next else _ALL
        takes, because = needed.get(rec.territory), reasons[rec.territory] or ""
        also = {
            "reason": "" if rec.next else because,  # why it has no offer now
            "because": because,
            "together": [*filter(None, [became.get(rec.territory)]), *case.competes_for.get(rec.territory, ())],
            "others": (others[:near], others[near:]),
            "rest": case.count(len(others) - near, case.texts["others"]["rest"]),
            "takes": None if takes is None else (takes.title[lang], [answer.text(lang) for answer in takes]),
            "data": [row[:2] for row in rows if row not in shared],  # data that concern only this territory
        }
        each.append(_card(case, rec, notice) | also)
    return each, _general(case, notices[0], shared)


def _card(case: ReportCase, rec: Choice, notice: explain.Notice) -> Row:
    departement, lang = case.departements[rec.territory], case.lang
    offer = rec.next or case.answers.later_of(rec.territory)
    longest = max((parameter.out_of for parameter in notice.parameters), default=0.0) or 1.0
    states = messages("prai_match.explain", "notice", lang)["states"]
    forms = case.texts["why"]["point"]
    why = explain.why(case.answers, rec.territory, lang, public=case.public)
    main, first = (
        [
            forms["one" if singular(round(part.points, 1), lang) else "other"].format(
                points=number(part.points, 1, lang), sentence=part.sentence
            )
            for part in parts
            if part.points > 0
        ]
        for parts in (notice.parameters[:_MAIN], notice.priority)
    )
    return {
        "territory": Code(rec.territory),
        "name": rec.name,
        "priority": number(rec.priority, 0, lang),
        "priority_sort": rec.priority,
        "departement": departement,
        "departement_name": case.departement_names[departement],
        "state": "offer" if rec.next else "waiting" if offer else "none",
        "replacement": notice.replacement,
        "booked": notice.booked,
        "action": notice.action,
        "offer": _offer(case, rec.territory, offer) if offer else None,
        "inform": explain.informed(case.answers, rec.territory, offer, lang),
        "facts": why.facts,
        "main": main,
        "first": first,
        "points": [
            {
                "sentence": parameter.sentence,
                "weight": policy.weight(parameter.weight, lang),
                "points": number(parameter.points, 1, lang),
                "out_of": number(parameter.out_of, 1, lang),
                "is_long": f"{100 * parameter.points / longest:.0f}",  # of 100, as bars
                "of_long": f"{100 * parameter.out_of / longest:.0f}",
            }
            for parameter in notice.parameters
        ],
        "detail": case.count(len(notice.conditions), case.texts["why"]["all"]),
        "conditions": [
            (each.sentence, states[explain.state_key(each.state, holds=each.holds)], each.holds)
            for each in notice.conditions
            if rec.next
        ],
    }


def _offer(case: ReportCase, territory: str, offer: Offer) -> Row:
    """Return an offer in words, with the raw values that the table is sorted by."""
    texts, axis = case.texts["cards"], case.axes.get((offer.session, offer.axis or ""))
    core = texts["core"] if any(session == offer.session for session, _ in case.axes) else ""
    return {
        "id": offer.session,
        "kind": case.kinds[offer.kind],
        "session": case.sessions[offer.session],
        "axis": texts["axis"].format(name=axis) if axis else core,
        "host": explain.place(case.answers, territory, offer.host, case.lang, offer.joins),
        "joins": offer.joins,
        "partner": case.answers.actor(offer.partner, case.lang),
        "trainer": case.answers.actor(offer.trainer, case.lang),
        "day": day(offer.day, case.lang),
        "short_day": short_day(offer.day, case.lang),
        "day_sort": offer.day.isoformat(),
        "cost": texts["joined"] if offer.joins else price(offer.cost, case.lang),
        "cost_sort": "" if offer.cost is None else str(offer.cost),
        "score": number(offer.score, 1, case.lang),
        "score_sort": f"{offer.score:.3f}",
        "pathway": [case.sessions[session] for session in offer.pathway],
    }


def _others(case: ReportCase, rec: Choice, losers: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    """Yield the sessions that aren't recommended: first possible ones, by increasing gap, then the others."""
    offers = {offer.session: offer for offer in rec.alternatives}
    offered = rec.next or case.answers.later_of(rec.territory)
    others = [row for row in losers if offered is None or row["session"] != offered.session]
    for row in sorted(others, key=lambda row: (row["score"] is None, -(row["score"] or 0.0), row["session"])):
        name, axis = case.sessions[row["session"]], case.axes.get((row["session"], row["axis"] or ""))
        possible, offer = row["verdict"] != "refused", offers.get(row["session"])
        host = explain.place(case.answers, rec.territory, row["host"], case.lang, row["joins"])
        at = [case.texts["cards"]["at"].format(place=host)] if host else []
        actors = [case.answers.actor(row[who], case.lang) for who in ("partner", "trainer")] if possible else []
        costs = [price(offer.cost, case.lang), day(offer.day, case.lang)] if offer else []
        is_equivalent = row["gap"] is not None and row["gap"] <= EQUIVALENT
        yield {
            "session": f"{name} ({case.texts['cards']['axis'].format(name=axis)})" if axis else name,
            "with_whom": " · ".join([*at, *actors, *costs]) if possible else "",
            "score": number(row["score"], 1, case.lang) if possible else "",
            "gap": explain.points(-row["gap"], case.lang) if row["gap"] is not None else "",
            "is_equivalent": is_equivalent,
            "why": _why_not(case.texts["others"], row, is_equivalent=is_equivalent),
        }


def _why_not(texts: Mapping[str, str], row: Mapping[str, Any], *, is_equivalent: bool) -> str:
    if row["rule"] is None:
        return texts["outscored_only"]
    if is_equivalent:
        return texts["difference"].format(sentence=row["sentence"])
    return texts["nobody" if row["rule"].startswith("engine:") else row["verdict"]].format(sentence=row["sentence"])


def _used(notice: explain.Notice) -> Table:
    """Return the table of data of a notice: name, part taken into account, source, fingerprint."""
    return next(block for block in notice.document.sections[1].blocks if isinstance(block, Table))


def _general(case: ReportCase, notice: explain.Notice, shared: Sequence[tuple[str, ...]]) -> Document:
    """Return the common part of notices, from any one of them and the data that are ``shared`` by all."""
    texts, page = case.texts["notice"], notice.document
    # Its four parts are those of the regulation, in its order.
    contribution, read, parameters, operations = page.sections
    steps = tuple(block for block in operations.blocks if isinstance(block, Items))
    limits = tuple(block for block in read.blocks if isinstance(block, str))
    return Document(
        case.lang,
        texts["title"],
        tuple(block for block in page.lead if isinstance(block, str)),
        (
            contribution,
            Section(read.title, (*limits, Table(texts["data"], _used(notice).header, tuple(shared)))),
            Section(parameters.title, (texts["parameters"],)),
            Section(operations.title, (*steps, texts["operations"])),
        ),
    )
