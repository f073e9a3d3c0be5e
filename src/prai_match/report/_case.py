"""The data of a page (answers, plan, names), and its first part, the summary."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

import polars as pl

from prai_match import explain, io, register
from prai_match.model import Lang, kind_names
from prai_match.packing import contention
from prai_match.plan import Plan, outcomes
from prai_match.recommend import Answers, Choice, Offer
from prai_match.text import counted, day, euros, mean, messages, number, without_accents

Row = dict[str, Any]  # the values that templates read, by name
_LISTED = 20  # maximum number of territories listed for a reason


@dataclass(frozen=True, eq=False)
class ReportCase:
    """The recommendations and the plan to show, the language, and the service responsible; if empty, who decides.

    With ``public``, the words of needs aren't quoted.
    """

    answers: Answers
    lang: Lang
    service: str
    plan: Plan
    public: bool

    @cached_property
    def fingerprint(self) -> explain.Fingerprint:
        return io.fingerprint_of(self.answers)

    @cached_property
    def texts(self) -> dict[str, Any]:
        return messages("prai_match.report", "report", self.lang)

    @cached_property
    def compared(self) -> pl.DataFrame:
        """What became of first-choice offers in the plan (see `Plan.compare`)."""
        return self.plan.compare(self.answers, self.lang)

    @cached_property
    def competes_for(self) -> dict[str, list[str]]:
        """The sentences on what the first-choice offer of each territory competes for."""
        sentences = contention(self.answers, self.lang).group_by("territory", maintain_order=True).agg("sentence")
        return dict(sentences.iter_rows())

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        def order(rec: Choice) -> tuple[str, str]:
            return self.departements[rec.territory], without_accents(rec.name).casefold()

        return tuple(sorted(self.answers.choices(), key=order))

    @cached_property
    def departements(self) -> dict[str, str]:
        """Code of the département, by territory."""
        return {territory.id: territory.departement for territory in self.answers.programme.territories}

    @cached_property
    def departement_names(self) -> Mapping[str, str]:
        return {code: register.department_label(code) for code in sorted(set(self.departements.values()))}

    @cached_property
    def sessions(self) -> dict[str, str]:
        """Name of each session, by identifier, in the order of the catalogue."""
        return {session.id: session.name.get(self.lang) for session in self.answers.programme.catalogue.sessions}

    @cached_property
    def kinds(self) -> dict[str, str]:
        return kind_names(self.answers.programme.catalogue, self.texts["kinds"], self.lang)

    @cached_property
    def axes(self) -> dict[tuple[str, str], str]:
        return {
            (session.id, axis.id): axis.name.get(self.lang)
            for session in self.answers.programme.catalogue.sessions
            for axis in session.axes
        }

    def count(self, count: int, forms: Mapping[str, str], **values: object) -> str:
        return counted(count, forms, self.lang).format_map(values)


def summary(case: ReportCase) -> Row:
    """Summarise the recommendations: sentences, key figures, tables, and reasons, the most frequent first."""
    offers = [rec.next for rec in case.choices if rec.next]
    later = [offer for rec in case.choices if (offer := case.answers.later_of(rec.territory))]
    groups = (("now", offers), ("later", later))
    tables = [_by_session(case, case.texts["by_session"][name], group) for name, group in groups if group]
    tables += [_by_departement(case)] if offers and len(case.departement_names) > 1 else []
    return {
        "sentences": [*_sentences(case, len(offers), later)],
        "figures": [*_figures(case, offers)],
        "tables": tables,
        "reasons": [*_reasons(case)],
    }


def _sentences(case: ReportCase, offers: int, later: Sequence[Offer]) -> Iterable[str]:
    texts, every = case.texts["summary"], len(case.choices)
    if not every:
        yield texts["empty"]
    elif offers in {0, every}:
        yield case.count(every, texts["every" if offers else "none"])
    else:
        yield case.count(offers, texts["some"], all=number(every, 0, case.lang))
    if offers:
        yield outcomes(case.compared, case.lang)
    if later:
        first = day(min(offer.day for offer in later), case.lang)
        yield case.count(len(later), texts["waiting" if offers else "closed"], day=first)


def _figures(case: ReportCase, offers: Sequence[Offer]) -> Iterable[tuple[str, str]]:
    texts, lang, programme, every = case.texts["summary"], case.lang, case.answers.programme, len(case.choices)
    counts = {"territories": every, "offers": len(offers), "without": every - len(offers)}
    yield from ((texts[name], number(count, 0, lang)) for name, count in counts.items())
    if offers:
        yield texts["mean"], _amounts(case, offers)[1]
    if programme.budget:
        yield texts["budget"], euros(programme.budget.total, lang, cents=False)
        left = Decimal(str(case.answers.snapshot.whole.budget_left[0]))
        yield texts["left"], euros(left, lang, cents=False)
    if unknown := programme.sessions.to_polars()["cost"].null_count():
        yield texts["unknown"], number(unknown, 0, lang)


def _by_session(case: ReportCase, title: str, offers: Sequence[Offer]) -> Row:
    every = {session: [offer for offer in offers if offer.session == session] for session in case.sessions}
    groups = sorted(every.items(), key=lambda item: (-len(item[1]), case.sessions[item[0]]))
    rows = [(case.sessions[code], case.kinds[own[0].kind], *_amounts(case, own)) for code, own in groups if own]
    last = (case.texts["summary"]["all"], "", *_amounts(case, offers))
    return _table(case.texts["by_session"], rows, last, 2) | {"title": title}


def _by_departement(case: ReportCase) -> Row:
    groups = groupby(case.choices, lambda rec: case.departements[rec.territory])  # already sorted in this order
    rows = [(case.departement_names[code], *_coverage(case, [*group])) for code, group in groups]
    return _table(case.texts["by_departement"], rows, (case.texts["summary"]["all"], *_coverage(case, case.choices)), 1)


def _table(texts: Mapping[str, Any], rows: Sequence[tuple[str, ...]], last: tuple[str, ...], words: int) -> Row:
    """Return a table of counts and amounts, whose first ``words`` columns hold texts."""
    return {"title": texts.get("title"), "header": texts["header"], "texts": words, "rows": rows, "total": last}


def _amounts(case: ReportCase, offers: Sequence[Offer]) -> tuple[str, str]:
    """Write how many offers there are, and what a session costs on average: a new one once, whoever shares it."""
    costs = {replace(offer, score=0.0, pathway=()): offer.cost for offer in offers if not offer.joins}
    return number(len(offers), 0, case.lang), mean(costs.values(), case.lang)


def _coverage(case: ReportCase, recs: Sequence[Choice]) -> tuple[str, str]:
    return number(len(recs), 0, case.lang), number(sum(rec.next is not None for rec in recs), 0, case.lang)


def _reasons(case: ReportCase) -> Iterable[Row]:
    """Yield the reasons for missing recommendations, with their territories unless there are many."""
    counts = Counter(rec.reason for rec in case.choices if rec.reason)
    for reason, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        names = [(rec.territory, rec.name) for rec in case.choices if rec.reason == reason]
        yield {
            "sentence": explain.reason_sentence(reason, case.answers.policy, case.lang),
            "count": number(count, 0, case.lang),
            "territories": names if count <= _LISTED else (),
        }
