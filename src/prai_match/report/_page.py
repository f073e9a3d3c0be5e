"""The whole page as data, for the templates to lay out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prai_match import explain, register
from prai_match.io import report_of
from prai_match.report._cards import Card, card
from prai_match.report._case import ReportCase
from prai_match.report._figures import Figure, figures
from prai_match.report._notice import common, data, general, states
from prai_match.report._plan import Season, season
from prai_match.report._summary import Summary, summary
from prai_match.text import Document, day, messages, number, tracked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.errors import Lang
    from prai_match.plan import Plan
    from prai_match.recommend import Answered


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows.

    ``unknown`` is what the programme's files leave unknown; ``cards`` stand by département and name; ``count`` says how
    many territories the table shows, ``forms`` the same in the singular and the plural, with braces where a script puts
    numbers; ``departements`` and ``sessions`` (those that are offered) are names by code; ``notice`` is what it says to
    all territories, if there are any; ``parts`` has the digest of each input, ``about`` the lines on the register.
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
    count: str
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
    case = ReportCase(recs.answers, lang, service)
    report = report_of(case.programme)
    cards, notice = _cards(case)
    offers = {card.offer.id for card in cards if card.offer}
    every, forms = len(cards), case.texts["table"]["shown"]
    names = messages("prai_match.explain", "reproduction", lang)["parts"]
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
        count=case.count(every, forms, all=number(every, 0, lang)),
        forms={name: form.format(count="{count}") for name, form in forms.items()},
        departements=case.departement_names,
        sessions={code: name for code, name in case.sessions.items() if code in offers},
        notice=notice,
        rules=case.answers.policy.describe(lang),
        digest=case.fingerprint.digest,
        version=case.fingerprint.parts["library"],
        parts=tuple((_capital(names[part]), value) for part, value in case.fingerprint.parts.items()),
        about=tuple(line.strip() for line in register.about().text(lang).splitlines()),
    )


def _cards(case: ReportCase) -> tuple[tuple[Card, ...], Document | None]:
    """Write the cards, and what the notice says to all."""
    answers, lang, recs = case.answers, case.lang, case.choices
    if not recs:
        return (), None
    notices = [
        explain.notice(answers, rec.territory, case.fingerprint, lang=lang, service=case.service)
        for rec in tracked(recs)
    ]
    tables = [data(notice) for notice in notices]
    shared, names = common(tables), states(case)
    reasons = dict(explain.table(answers, lang).select("territory", "because").iter_rows())
    table = explain.losers(answers.snapshot, answers.policy, answers.furthest, answers.best, lang)
    losers = table.rows_by_key("territory", named=True, include_key=True)
    takes = explain.what_each_takes(answers, lang)
    cards = tuple(
        card(
            case,
            rec,
            notice,
            because=reasons[rec.territory] or "",
            losers=losers.get(rec.territory, ()),
            takes=takes.get(rec.territory),
            data=tuple((row[0], row[1]) for row in rows if row not in shared),
            states=names,
        )
        for rec, notice, rows in zip(recs, notices, tables, strict=True)
    )
    return cards, general(case, notices[0], shared)


def _capital(name: str) -> str:
    """Begin with a capital, but for the name of a package."""
    return name[0].upper() + name[1:] if " " in name else name
