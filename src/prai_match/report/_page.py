"""The whole page as data, for the templates to lay out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match import register
from prai_match.io import report_of
from prai_match.report._cards import cards
from prai_match.report._case import ReportCase, Row
from prai_match.report._figures import figures
from prai_match.report._plan import season
from prai_match.report._summary import summary
from prai_match.text import day, messages, number

if TYPE_CHECKING:
    from prai_match.errors import Lang
    from prai_match.plan import Plan
    from prai_match.recommend import Answered


def page(recs: Answered, *, lang: Lang, service: str, plan: Plan | None) -> Row:
    """Gather the page of ``recs`` and, where one is given, of a plan, as the templates name it."""
    case = ReportCase(recs.answers, lang, service)
    report = report_of(case.programme)
    each, notice = cards(case)
    offers = {card["offer"]["id"] for card in each if card["offer"]}
    every, forms = len(each), case.texts["table"]["shown"]
    names = messages("prai_match.explain", "reproduction", lang)["parts"]
    return {
        "lang": lang,
        "programme": case.programme.name.get(lang),
        "policy": case.answers.policy.name.get(lang),
        "day": day(case.answers.on, lang),
        "service": service,
        "unknown": () if report is None else report.consequences(lang),  # by the files of the programme
        "summary": summary(case),
        "figures": figures(case),
        "season": None if plan is None else season(case, plan),
        "cards": each,
        "count": case.count(every, forms, all=number(every, 0, lang)),
        "forms": {name: form.format(count="{count}") for name, form in forms.items()},  # a script puts numbers
        "departements": case.departement_names,
        "sessions": {code: name for code, name in case.sessions.items() if code in offers},
        "notice": notice,
        "rules": case.answers.policy.describe(lang),
        "digest": case.fingerprint.digest,
        "version": case.fingerprint.parts["library"],
        "parts": [(_capital(names[part]), value) for part, value in case.fingerprint.parts.items()],
        "about": [line.strip() for line in register.about().text(lang).splitlines()],
    }


def _capital(name: str) -> str:
    """Begin with a capital, but for the name of a package."""
    return name[0].upper() + name[1:] if " " in name else name
