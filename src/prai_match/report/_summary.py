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
    from prai_match.report._case import Case

_LISTED = 20
"""Territories that a reason names at most."""


@dataclass(frozen=True, slots=True)
class Counts:
    """A table of counts and amounts.

    Attributes:
        title: Its caption.
        header: Labels of the columns, the first being what a row is about.
        texts: How many of the columns hold texts; the others hold numbers.
        rows: The rows.
        total: The last row.
    """

    title: str
    header: tuple[str, ...]
    texts: int
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for having no recommendation, and the territories that have it.

    Attributes:
        sentence: The reason.
        count: How many territories.
        territories: Identifier and name of each; empty: too many to name.
    """

    sentence: str
    count: str
    territories: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What the page says first.

    Attributes:
        sentences: How many territories have a recommendation, or a session to come.
        figures: Key figures: what each is, and its value.
        tables: By session and by département.
        reasons: Why the others have none, the most frequent first.
    """

    sentences: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    tables: tuple[Counts, ...]
    reasons: tuple[Reason, ...]


def summary(case: Case) -> Summary:
    """Sum the recommendations up."""
    offers = [rec.offer for rec in case.ordered if rec.offer]
    later = [rec.next for rec in case.ordered if rec.next and not rec.offer]
    groups = (("now", offers), ("later", later))
    tables = [_by_session(case, case.said["by_session"][name], group) for name, group in groups if group]
    if offers and len(case.named) > 1:
        tables.append(_by_departement(case))
    return Summary(
        sentences=tuple(_sentences(case, len(offers), len(later))),
        figures=tuple(_figures(case, offers)),
        tables=tuple(tables),
        reasons=tuple(_reasons(case)),
    )


def _sentences(case: Case, offers: int, later: int) -> Iterable[str]:
    said, every = case.said["summary"], len(case.ordered)
    if not every:
        yield said["empty"]
    elif offers in {0, every}:
        yield case.counted(every, said["every" if offers else "none"])
    else:
        yield case.counted(offers, said["some"], all=number(every, 0, case.lang))
    if later:
        yield case.counted(later, said["waiting"])


def _figures(case: Case, offers: Sequence[Offer]) -> Iterable[tuple[str, str]]:
    said, lang = case.said["summary"], case.lang
    every = len(case.ordered)
    yield said["territories"], number(every, 0, lang)
    yield said["offers"], number(len(offers), 0, lang)
    yield said["without"], number(every - len(offers), 0, lang)
    if offers:
        yield said["total"], _total(offers, lang)
        yield said["mean"], _mean(offers, lang)
    if case.programme.budget:
        yield said["budget"], euros(case.programme.budget.total, lang)
    if unknown := case.programme.sessions.to_polars()["cost"].null_count():
        yield said["unknown"], number(unknown, 0, lang)


def _by_session(case: Case, title: str, offers: Sequence[Offer]) -> Counts:
    lang = case.lang
    by: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by[offer.session].append(offer)
    ordered = sorted(by.items(), key=lambda item: (-len(item[1]), case.sessions[item[0]]))
    return Counts(
        title,
        tuple(case.said["by_session"]["header"]),
        2,
        tuple(
            (case.sessions[session], case.said["kinds"][case.kinds[session]], *_amounts(case, group))
            for session, group in ordered
        ),
        (case.said["summary"]["all"], "", number(len(offers), 0, lang), *_amounts(case, offers)[1:]),
    )


def _amounts(case: Case, offers: Sequence[Offer]) -> tuple[str, str, str]:
    return number(len(offers), 0, case.lang), _total(offers, case.lang), _mean(offers, case.lang)


def _by_departement(case: Case) -> Counts:
    by: dict[str, list[Choice]] = defaultdict(list)
    for rec in case.ordered:
        by[case.departements[rec.territory]].append(rec)
    return Counts(
        case.said["by_departement"]["title"],
        tuple(case.said["by_departement"]["header"]),
        1,
        tuple((case.named[code], *_coverage(case, group)) for code, group in by.items()),
        (case.said["summary"]["all"], *_coverage(case, case.ordered)),
    )


def _coverage(case: Case, recs: Sequence[Choice]) -> tuple[str, str, str]:
    offers = [rec.offer for rec in recs if rec.offer]
    lang = case.lang
    return number(len(recs), 0, lang), number(len(offers), 0, lang), _total(offers, lang)


def _total(offers: Iterable[Offer], lang: Lang) -> str:
    return total((offer.cost for offer in offers), lang)


def _mean(offers: Iterable[Offer], lang: Lang) -> str:
    """Write the mean of the costs that are known."""
    known = [offer.cost for offer in offers if offer.cost is not None]
    return price(sum(known, Decimal(0)) / len(known) if known else None, lang)


def _reasons(case: Case) -> Iterable[Reason]:
    counts = Counter(rec.reason for rec in case.ordered if rec.reason)
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        named = tuple((rec.territory, rec.name) for rec in case.ordered if rec.reason == reason)
        sentence = reason_sentence(reason, case.answers.policy, case.lang)
        yield Reason(sentence, number(count, 0, case.lang), named if count <= _LISTED else ())
