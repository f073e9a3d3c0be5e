"""A card for each territory: what is offered, why, why not others, what it would take; the notice to all; a season."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from prai_match import explain, policy
from prai_match.plan import registered
from prai_match.recommend import EQUIVALENT, Choice, Offer
from prai_match.report._case import ReportCase, Row
from prai_match.text import Code, Document, Items, Section, Table, day, messages, number, price, short_day, tracked

_MAIN = 3  # points of the score told before the whole of them


def cards(case: ReportCase) -> tuple[list[Row], Document | None]:
    """Write the cards by département and name, and what the notice says to all territories, if there are any."""
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
        takes, because = needed.get(rec.territory), reasons[rec.territory] or ""
        also = {
            "reason": "" if rec.next else because,  # why it has no offer now
            "because": because,
            "together": [*filter(None, [became.get(rec.territory)]), *case.competes_for.get(rec.territory, ())],
            "others": [*_others(case, rec, losers.get(rec.territory, ()))],
            "takes": None if takes is None else (takes.title[lang], [answer.text(lang) for answer in takes]),
            "data": [row[:2] for row in rows if row not in shared],  # what was taken into account of it alone
        }
        each.append(_card(case, rec, notice) | also)
    return each, _general(case, notices[0], shared)


def _card(case: ReportCase, rec: Choice, notice: explain.Notice) -> Row:
    departement, lang = case.departements[rec.territory], case.lang
    offer = rec.next or case.answers.later_of(rec.territory)
    longest = max((parameter.out_of for parameter in notice.parameters), default=0.0) or 1.0
    states = messages("prai_match.explain", "notice", lang)["states"]
    point = case.texts["why"]["point"].format
    why = explain.why(case.answers, rec.territory, lang, public=case.public)
    main, first = (
        [point(points=number(part.points, 1, lang), sentence=part.sentence) for part in parts if part.points > 0]
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
                "is_long": f"{100 * parameter.points / longest:.1f}",  # of 100, as bars
                "of_long": f"{100 * parameter.out_of / longest:.1f}",
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
    """Return a session in words, with the raw values that the table is sorted by."""
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
        "cost": price(offer.cost, case.lang),
        "cost_sort": "" if offer.cost is None else str(offer.cost),
        "score": number(offer.score, 1, case.lang),
        "score_sort": f"{offer.score:.3f}",
        "pathway": [case.sessions[session] for session in offer.pathway],
    }


def _others(case: ReportCase, rec: Choice, losers: Sequence[Mapping[str, Any]]) -> Iterable[Row]:
    """Tell the sessions that aren't recommended: those that could be, the nearest first, then the others."""
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
        yield {
            "session": f"{name} ({case.texts['cards']['axis'].format(name=axis)})" if axis else name,
            "with_whom": " · ".join([*at, *actors, *costs]) if possible else "",
            "score": number(row["score"], 1, case.lang) if possible else "",
            "gap": explain.points(-row["gap"], case.lang) if row["gap"] is not None else "",
            "why": _why_not(case.texts["others"], row),
        }


def _why_not(texts: Mapping[str, str], row: Mapping[str, Any]) -> str:
    if row["rule"] is None:
        return texts["outscored_only"]
    if row["gap"] is not None and row["gap"] <= EQUIVALENT:
        return texts["equivalent"].format(sentence=row["sentence"])
    return texts["nobody" if row["rule"] == explain.CANDIDATE else row["verdict"]].format(sentence=row["sentence"])


def _used(notice: explain.Notice) -> Table:
    """Return the table of data of a notice: what, what is taken into account, source, fingerprint."""
    return next(block for block in notice.document.sections[1].blocks if isinstance(block, Table))


def _general(case: ReportCase, notice: explain.Notice, shared: Sequence[tuple[str, ...]]) -> Document:
    """Return what the notice says to all territories, from that of any of them and the data that all ``shared``."""
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


_SHOWN = 5  # demands named for each thing that they wait for; the rest is in `Plan.unserved`


def season_page(case: ReportCase) -> Document:
    """Return what a plan comes to, its sessions, and what isn't served."""
    texts, lang, plan = case.texts["plan"], case.lang, case.plan
    title, *lead = plan.summary(lang)
    sections = [Section(texts["sessions"]["title"], (_sessions(case) or texts["sessions"]["none"],))]
    if (demands := plan.unserved(lang)).height:
        sections.append(Section(texts["unserved"]["title"], (texts["unserved"]["lead"], _demands(case, demands))))
    return Document(lang, title, tuple(lead), tuple(sections))


def _sessions(case: ReportCase) -> Table | None:
    texts, lang, plan = case.texts["plan"]["sessions"], case.lang, case.plan
    guests = pl.format("{} ({})", "name", pl.col("elected") + pl.col("technicians")).str.join(", ")
    names = dict(plan.invitations(lang).group_by("id", maintain_order=True).agg(guests).iter_rows())
    known = registered(plan, lang)
    rows = tuple(
        (
            short_day(row["date"], lang) if row["date"] else "",
            row["session"]
            + (f" ({row['axis']})" if row["axis"] else "")
            + (texts["booked"].format(known[row["id"]]) if row["booked"] else ""),
            *(row[name] or "" for name in ("host", "partner", "trainer")),
            names.get(row["id"], ""),
            number(row["elected"] + row["technicians"], 0, lang) if row["territories"] else "",
            price(row["cost"], lang),
        )
        for row in plan.to_polars(lang).iter_rows(named=True)
    )
    return Table(texts["caption"], tuple(texts["header"]), rows) if rows else None


def _demands(case: ReportCase, demands: pl.DataFrame) -> Table:
    """Return how many demands wait for what, the most frequent first, with some of the territories."""
    texts, lang = case.texts["plan"]["unserved"], case.lang
    names = {territory.id: territory.name for territory in case.answers.programme.territories}
    which = pl.format("{} ({})", pl.col("territory").replace(names), pl.col("session").replace(case.sessions))
    groups = demands.group_by("sentence").agg(pl.len().alias("count"), which.sort().alias("which"))
    rows = tuple(
        (sentence, number(count, 0, lang), _some(which, texts["more"], case))
        for sentence, count, which in groups.sort("count", "sentence", descending=[True, False]).iter_rows()
    )
    return Table(texts["caption"], tuple(texts["header"]), rows)


def _some(which: list[str], more: Mapping[str, str], case: ReportCase) -> str:
    rest = len(which) - _SHOWN
    return ", ".join(which[:_SHOWN]) + (f" {case.count(rest, more)}" if rest > 0 else "")
