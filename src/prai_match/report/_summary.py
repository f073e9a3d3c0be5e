"""What the page says first: how many territories have a recommendation, for which sessions, at what cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from prai_match.explain import reason_sentence
from prai_match.text import euros, number, price, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prai_match.model import Lang
    from prai_match.recommend import Choice, Offer
    from prai_match.report._case import ReportCase

_LISTED = 20
"""Territories that a reason names at most."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A table of counts and amounts, with its totals; its first columns, ``texts`` of them, hold no numbers."""

    title: str
    header: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for having no recommendation, and the codes and names of those that have it; empty: too many."""

    sentence: str
    count: str
    territories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the page says first: sentences, key figures, tables, and the most frequent reasons first."""

    sentences: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    tables: tuple[Counts, ...]
    reasons: tuple[Reason, ...]


def summary(case: ReportCase) -> Summary:
    """Sum the recommendations up."""
    offers = [rec.offer for rec in case.choices if rec.offer]
    later = [rec.next for rec in case.choices if rec.next and not rec.offer]
    groups = (("now", offers), ("later", later))
    tables = [_by_session(case, case.texts["by_session"][name], group) for name, group in groups if group]
    if offers and len(case.departement_names) > 1:
        tables.append(_by_departement(case))
    return Summary(
        sentences=tuple(_sentences(case, len(offers), len(later))),
        figures=tuple(_figures(case, offers)),
        tables=tuple(tables),
        reasons=tuple(_reasons(case)),
    )


def _sentences(case: ReportCase, offers: int, later: int) -> Iterable[str]:
    texts, every = case.texts["summary"], len(case.choices)
    if not every:
        yield texts["empty"]
    elif offers in {0, every}:
        yield case.count(every, texts["every" if offers else "none"])
    else:
        yield case.count(offers, texts["some"], all=number(every, 0, case.lang))
    if later:
        yield case.count(later, texts["waiting"])


def _figures(case: ReportCase, offers: Sequence[Offer]) -> Iterable[tuple[str, str]]:
    texts, lang = case.texts["summary"], case.lang
    every = len(case.choices)
    yield texts["territories"], number(every, 0, lang)
    yield texts["offers"], number(len(offers), 0, lang)
    yield texts["without"], number(every - len(offers), 0, lang)
    if offers:
        yield texts["total"], _total(offers, lang)
        yield texts["mean"], _mean(offers, lang)
    if case.programme.budget:
        yield texts["budget"], euros(case.programme.budget.total, lang)
    if unknown := case.programme.sessions.to_polars()["cost"].null_count():
        yield texts["unknown"], number(unknown, 0, lang)


def _by_session(case: ReportCase, title: str, offers: Sequence[Offer]) -> Counts:
    lang = case.lang
    by: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by[offer.session].append(offer)
    groups = sorted(by.items(), key=lambda item: (-len(item[1]), case.sessions[item[0]]))
    return Counts(
        title,
        tuple(case.texts["by_session"]["header"]),
        2,
        tuple(
            (case.sessions[session], case.texts["kinds"][case.kinds[session]], *_amounts(case, group))
            for session, group in groups
        ),
        (case.texts["summary"]["all"], "", number(len(offers), 0, lang), *_amounts(case, offers)[1:]),
    )


def _amounts(case: ReportCase, offers: Sequence[Offer]) -> tuple[str, str, str]:
    return number(len(offers), 0, case.lang), _total(offers, case.lang), _mean(offers, case.lang)


def _by_departement(case: ReportCase) -> Counts:
    by: dict[str, list[Choice]] = defaultdict(list)
    for rec in case.choices:
        by[case.departements[rec.territory]].append(rec)
    return Counts(
        case.texts["by_departement"]["title"],
        tuple(case.texts["by_departement"]["header"]),
        1,
        tuple((case.departement_names[code], *_coverage(case, group)) for code, group in by.items()),
        (case.texts["summary"]["all"], *_coverage(case, case.choices)),
    )


def _coverage(case: ReportCase, recs: Sequence[Choice]) -> tuple[str, str, str]:
    offers = [rec.offer for rec in recs if rec.offer]
    lang = case.lang
    return number(len(recs), 0, lang), number(len(offers), 0, lang), _total(offers, lang)


def _total(offers: Iterable[Offer], lang: Lang) -> str:
    return total((offer.cost for offer in offers), lang)


def _mean(offers: Iterable[Offer], lang: Lang) -> str:
    """Write the mean of the costs that are known."""
    costs = [offer.cost for offer in offers if offer.cost is not None]
    return price(sum(costs, Decimal(0)) / len(costs) if costs else None, lang)


def _reasons(case: ReportCase) -> Iterable[Reason]:
    counts = Counter(rec.reason for rec in case.choices if rec.reason)
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        names = tuple((rec.territory, rec.name) for rec in case.choices if rec.reason == reason)
        sentence = reason_sentence(reason, case.answers.policy, case.lang)
        yield Reason(sentence, number(count, 0, case.lang), names if count <= _LISTED else ())
