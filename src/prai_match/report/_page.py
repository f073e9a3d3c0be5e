"""The whole page as data, for the templates to lay out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match import explain, register
from prai_match.io import report_of
from prai_match.report._cards import Card, Told, card
from prai_match.report._case import Case
from prai_match.report._figures import Figure, figures
from prai_match.report._notice import common, data, general, states
from prai_match.report._plan import Season, season
from prai_match.report._summary import Summary, summary
from prai_match.text import day, messages, number, tracked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.errors import Lang
    from prai_match.plan import Plan
    from prai_match.recommend import Answered
    from prai_match.text import Document


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows.

    Attributes:
        lang: Its language.
        programme: Name of the programme.
        policy: Name of the policy.
        day: Day of the recommendations.
        service: To whom requests about the algorithm are addressed; may be empty.
        unknown: What the programme's files leave unknown, as they were read.
        summary: What it says first.
        figures: The charts.
        season: The plan; None: none is shown.
        cards: A card a territory, by département and name.
        shown: How many territories the table shows, in words.
        forms: The same in the singular and the plural, with braces where a script puts numbers.
        departements: Name of each département, by code.
        sessions: Name of each session that is offered, by identifier.
        notice: What the notice says to all territories; None: there are none.
        rules: How the algorithm works.
        digest: Fingerprint of the inputs.
        version: Of the library.
        parts: Name and digest of each input.
        about: What the register is made from; the first line is its title.
    """

    lang: Lang
    programme: str
    policy: str
    day: str
    service: str
    unknown: tuple[str, ...]
    summary: Summary
    figures: tuple[Figure, ...]
    season: Season | None
    cards: tuple[Card, ...]
    shown: str
    forms: Mapping[str, str]
    departements: Mapping[str, str]
    sessions: Mapping[str, str]
    notice: Document | None
    rules: Document
    digest: str
    version: str
    parts: tuple[tuple[str, str], ...]
    about: tuple[str, ...]


def page(recs: Answered, *, lang: Lang, service: str, plan: Plan | None) -> Page:
    """Gather the page of ``recs`` and, where one is given, of a plan."""
    case = Case(recs.answers, lang, service)
    report = report_of(case.programme)
    cards, notice = _told(case)
    offered = {told.offered.id for told in cards if told.offered}
    every, forms = len(cards), case.said["table"]["shown"]
    return Page(
        lang=lang,
        programme=case.programme.name.get(lang),
        policy=case.answers.policy.name.get(lang),
        day=day(case.answers.on, lang),
        service=service,
        unknown=() if report is None else tuple(report.consequences(lang)),
        summary=summary(case),
        figures=figures(case),
        season=None if plan is None else season(case, plan),
        cards=cards,
        shown=case.counted(every, forms, all=number(every, 0, lang)),
        forms={name: form.format(count="{count}") for name, form in forms.items()},
        departements=case.named,
        sessions={code: name for code, name in case.sessions.items() if code in offered},
        notice=notice,
        rules=case.answers.policy.describe(lang),
        digest=case.fingerprint.digest,
        version=case.fingerprint.parts["library"],
        parts=_parts(case),
        about=tuple(line.strip() for line in register.about().text(lang).splitlines()),
    )


def _told(case: Case) -> tuple[tuple[Card, ...], Document | None]:
    """Write the cards, and what the notice says to all."""
    answers, lang = case.answers, case.lang
    ordered = case.ordered
    if not ordered:
        return (), None
    notices = [
        explain.notice(answers, rec.territory, case.fingerprint, lang=lang, service=case.service)
        for rec in tracked(ordered)
    ]
    tables = [data(notice) for notice in notices]
    shared, named = common(tables), states(case)
    rows = {row["territory"]: row for row in explain.table(answers, lang).iter_rows(named=True)}
    table = explain.losers(answers.snapshot, answers.policy, answers.furthest, answers.best, lang)
    losers = table.rows_by_key("territory", named=True, include_key=True)
    needed = explain.what_each_takes(answers, lang)
    cards = tuple(
        card(
            case,
            rec,
            Told(
                notice,
                rows[rec.territory],
                losers.get(rec.territory, ()),
                needed.get(rec.territory),
                tuple((row[0], row[1]) for row in table if row not in shared),
                named,
            ),
        )
        for rec, notice, table in zip(ordered, notices, tables, strict=True)
    )
    return cards, general(case, notices[0], shared)


def _parts(case: Case) -> tuple[tuple[str, str], ...]:
    names = messages("prai_match.explain", "reproduction", case.lang)["parts"]
    return tuple((_begun(names[part]), value) for part, value in case.fingerprint.parts.items())


def _begun(name: str) -> str:
    """Begin with a capital, but for the name of a package."""
    return name[0].upper() + name[1:] if " " in name else name
