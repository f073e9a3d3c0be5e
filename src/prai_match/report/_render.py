"""The page as data, as HTML by the templates, and to its file, which appears whole or not at all.

Everything is escaped, what a template lacks is an error, and only the page's own style and script run.
"""

from __future__ import annotations

import errno
import os
import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prai_match import _arguments as given, register
from prai_match.errors import Lang, missing_extra
from prai_match.files import put
from prai_match.io import report_of
from prai_match.report._cards import cards
from prai_match.report._case import ReportCase, Row, summary
from prai_match.report._figures import figures, season
from prai_match.text import Code, Document, current_language, day, language, masked, messages, number, plain, tied

if TYPE_CHECKING:
    from jinja2 import Environment

    from prai_match.plan import Plan
    from prai_match.recommend import Answered

    Templates = tuple[Environment, Any]

_PACKAGE = "prai_match.report"
_SORTING = ("prai_match.text", "data/display.js")  # the script that sorts tables in notebooks sorts those of the page
_CODE = re.compile(r"(<code>.*?</code>)")


@given.takes()
def html(recs: Answered, *, lang: Lang | None = None, service: str = "", plan: Plan | None = None) -> str:
    """Return the page of recommendations as HTML (see `Recommendations.report`).

    Raises:
        PraiError: The extra ``report`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, report
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3), territories="200066231")
        >>> report.html(recs).splitlines()[:2]
        ['<!DOCTYPE html>', '<html lang="fr">']
    """
    lang = current_language(lang)
    parts = _templates(lang)  # before the page is made, as they may be missing
    with language(lang):
        return _render(page(recs, lang=lang, service=service, plan=plan), parts)


def write(
    recs: Answered,
    path: str | os.PathLike[str],
    *,
    lang: Lang | None = None,
    service: str = "",
    plan: Plan | None = None,
) -> Path:
    if not (path := Path(path)).parent.is_dir():  # before the work is done, not after
        raise FileNotFoundError(errno.ENOENT, "the folder of the report does not exist", str(path.parent))
    put(path, html(recs, lang=current_language(lang), service=service, plan=plan).encode())
    return path


def _render(own: Row, templates: Templates) -> str:
    environment, markup = templates
    texts, style = messages(_PACKAGE, "report", own["lang"]), _read(_PACKAGE, "assets/report.css")
    script = _read(*_SORTING) + _read(_PACKAGE, "assets/report.js")
    nothing, template = "default-src 'none'; base-uri 'none'; form-action 'none'", environment.get_template("page.html")
    policy = f"{nothing}; script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    return template.render(page=own, texts=texts, style=markup(style), script=markup(script), policy=policy) + "\n"


def _templates(lang: Lang) -> Templates:
    try:
        import jinja2  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise missing_extra("report", "report") from None
    return _environment(lang)


@cache
def _environment(lang: Lang) -> Templates:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - an extra
    from markupsafe import Markup  # noqa: PLC0415 - comes with jinja2

    def safe(value: object) -> object:
        """Neutralise a text; HTML that the library made, and what isn't a text, passes."""
        if not isinstance(value, str) or isinstance(value, Markup):
            return value
        return plain(value) if lang == "en" or isinstance(value, Code) else tied(plain(value))

    environment = Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=safe,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["html"] = Markup
    environment.filters["document"] = lambda page: Markup(_document(page, lang))  # noqa: S704 - documents escape
    return environment, Markup


def _document(page: Document, lang: Lang) -> str:
    return "".join(part if lang == "en" or _CODE.match(part) else tied(part) for part in _CODE.split(page.html(3)))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _read(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text("utf-8")


def page(recs: Answered, *, lang: Lang, service: str, plan: Plan | None) -> Row:
    """Gather the page of ``recs`` and, where one is given, of a plan, as the templates name it."""
    case, report = ReportCase(recs.answers, lang, service), report_of(recs.answers.programme)
    each, notice = cards(case)
    offers = {card["offer"]["id"] for card in each if card["offer"]}
    every, forms = len(each), case.texts["table"]["shown"]
    names = messages("prai_match.explain", "reproduction", lang)["parts"]
    words = {
        "programme": case.answers.programme.name.get(lang),
        "policy": case.answers.policy.name.get(lang),
        "unknown": () if report is None else report.consequences(lang),  # by the files of the programme
        "summary": summary(case),
        "cards": each,
        "sessions": {code: name for code, name in case.sessions.items() if code in offers},
        "rules": case.answers.policy.describe(lang),
    }
    return (
        masked(words, lang)
        | {
            "lang": lang,
            "day": day(case.answers.on, lang),
            "service": service,
            "figures": figures(case),
            "season": None if plan is None else season(case, plan),
            "count": case.count(every, forms, all=number(every, 0, lang)),
            "forms": {name: form.format(count="{count}") for name, form in forms.items()},  # a script puts numbers
            "departements": case.departement_names,
            "notice": notice,
            "digest": case.fingerprint.digest,
            "version": case.fingerprint.parts["library"],
            "parts": [  # a name begins with a capital, but for that of a package
                (names[part][0].upper() + names[part][1:] if " " in names[part] else names[part], value)
                for part, value in case.fingerprint.parts.items()
            ],
            "about": [line.strip() for line in register.about().text(lang).splitlines()],
        }
    )
