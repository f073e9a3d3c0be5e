"""What the page says first: how many territories have a recommendation, for which sessions, at what cost."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from prai_match.explain import reason_sentence
from prai_match.text import euros, number, price, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from prai_match.recommend import Choice, Offer
    from prai_match.report._case import ReportCase, Row

_LISTED = 20  # territories that a reason names at most


def summary(case: ReportCase) -> Row:
    """Sum the recommendations up: sentences, key figures, tables, and the most frequent reasons first."""
    offers = [rec.offer for rec in case.choices if rec.offer]
    later = [rec.next for rec in case.choices if rec.next and not rec.offer]
    groups = (("now", offers), ("later", later))
    tables = [_by_session(case, case.texts["by_session"][name], group) for name, group in groups if group]
    if offers and len(case.departement_names) > 1:
        tables.append(_by_departement(case))
    return {
        "sentences": [*_sentences(case, len(offers), len(later))],
        "figures": [*_figures(case, offers)],
        "tables": tables,
        "reasons": [*_reasons(case)],
    }


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
    texts, lang, programme = case.texts["summary"], case.lang, case.answers.programme
    every = len(case.choices)
    yield texts["territories"], number(every, 0, lang)
    yield texts["offers"], number(len(offers), 0, lang)
    yield texts["without"], number(every - len(offers), 0, lang)
    if offers:
        yield from zip((texts["total"], texts["mean"]), _amounts(case, offers)[1:], strict=True)
    if programme.budget:
        yield texts["budget"], euros(programme.budget.total, lang)
    if unknown := programme.sessions.to_polars()["cost"].null_count():
        yield texts["unknown"], number(unknown, 0, lang)


def _by_session(case: ReportCase, title: str, offers: Sequence[Offer]) -> Row:
    by: dict[str, list[Offer]] = defaultdict(list)
    for offer in offers:
        by[offer.session].append(offer)
    groups = sorted(by.items(), key=lambda item: (-len(item[1]), case.sessions[item[0]]))
    rows = [(case.sessions[session], case.kinds[group[0].kind], *_amounts(case, group)) for session, group in groups]
    last = (case.texts["summary"]["all"], "", *_amounts(case, offers))
    return _table(case.texts["by_session"], rows, last, 2) | {"title": title}


def _by_departement(case: ReportCase) -> Row:
    by: dict[str, list[Choice]] = defaultdict(list)
    for rec in case.choices:
        by[case.departements[rec.territory]].append(rec)
    rows = [(case.departement_names[code], *_coverage(case, group)) for code, group in by.items()]
    return _table(case.texts["by_departement"], rows, (case.texts["summary"]["all"], *_coverage(case, case.choices)), 1)


def _table(texts: Mapping[str, Any], rows: Sequence[tuple[str, ...]], last: tuple[str, ...], words: int) -> Row:
    """Return a table of counts and amounts, whose first columns, so many, hold words."""
    return {"title": texts.get("title"), "header": texts["header"], "texts": words, "rows": rows, "total": last}


def _amounts(case: ReportCase, offers: Sequence[Offer]) -> tuple[str, str, str]:
    """Write how many offers there are, what they cost together, and the mean of the costs that are known."""
    costs = [offer.cost for offer in offers if offer.cost is not None]
    mean = price(sum(costs, Decimal(0)) / len(costs) if costs else None, case.lang)
    return number(len(offers), 0, case.lang), total((offer.cost for offer in offers), case.lang), mean


def _coverage(case: ReportCase, recs: Sequence[Choice]) -> tuple[str, str, str]:
    count, costs, _ = _amounts(case, [rec.offer for rec in recs if rec.offer])
    return number(len(recs), 0, case.lang), count, costs


def _reasons(case: ReportCase) -> Iterable[Row]:
    """Give the reasons for having no recommendation, with the territories that have each; none where they're many."""
    counts = Counter(rec.reason for rec in case.choices if rec.reason)
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        names = [(rec.territory, rec.name) for rec in case.choices if rec.reason == reason]
        sentence = reason_sentence(reason, case.answers.policy, case.lang)
        yield {
            "sentence": sentence,
            "count": number(count, 0, case.lang),
            "territories": names if count <= _LISTED else (),
        }
