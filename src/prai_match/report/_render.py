"""The page as data, with its charts and what they show in words; as HTML by the templates, and to its file.

The file appears whole or not at all. Everything is escaped, what a template lacks is an error, and only the page's own
style and script run.
"""

from __future__ import annotations

import errno
import os
import re
from base64 import b64encode
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prai_match import _arguments as given, charts, gaps, io, register
from prai_match.errors import Lang, missing_extra
from prai_match.files import put
from prai_match.plan import together_of_all
from prai_match.report._cards import cards, season_page
from prai_match.report._case import ReportCase, Row, summary
from prai_match.text import Code, Document, current_language, day, language, masked, messages, number, plain, tied

if TYPE_CHECKING:
    import altair as alt
    from jinja2 import Environment

    from prai_match.plan import Plan
    from prai_match.recommend import Answered

    Templates = tuple[Environment, Any]

_PACKAGE = "prai_match.report"
_SORTING = ("prai_match.text", "data/display.js")  # the script that sorts tables in notebooks sorts those of the page
_CODE = re.compile(r"(<code>.*?</code>)")
_OPEN = 3  # départements whose gaps are shown unfolded
_IN_THE_TABLE = frozenset({"map", "lorenz"})  # charts whose marks are the territories


@given.takes(public=given.yes)
def html(
    recs: Answered, *, lang: Lang | None = None, service: str = "", plan: Plan | None = None, public: bool = False
) -> str:
    """Return the page of recommendations as HTML (see `Recommendations.report`).

    Raises:
        PraiError: The extra ``report`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> from prai_match import Programme, report
        >>> recs = Programme.example().recommend(on="2007-09-03", territories="200066231")
        >>> report.html(recs).splitlines()[:2]
        ['<!DOCTYPE html>', '<html lang="fr">']
    """
    lang = current_language(lang)
    parts = _templates(lang)  # before the page is made, as they may be missing
    with language(lang):
        return _render(page(recs, lang=lang, service=service, plan=plan, public=public), parts)


def write(  # noqa: PLR0913 - as for `html`
    recs: Answered,
    path: str | os.PathLike[str],
    *,
    lang: Lang | None = None,
    service: str = "",
    plan: Plan | None = None,
    public: bool = False,
) -> Path:
    if not (path := Path(path)).parent.is_dir():  # before the work is done, not after
        raise FileNotFoundError(errno.ENOENT, "the folder of the report does not exist", str(path.parent))
    put(path, html(recs, lang=current_language(lang), service=service, plan=plan, public=public).encode())
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


def page(recs: Answered, *, lang: Lang, service: str, plan: Plan | None, public: bool) -> Row:
    """Gather the page of ``recs`` and of a plan (None: what can be held together), as the templates name it."""
    answers = recs.answers
    case = ReportCase(answers, lang, service, together_of_all(answers) if plan is None else plan, public)
    report = io.report_of(answers.programme)
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
        "listed": sorted(each, key=lambda card: (-card["priority_sort"], card["territory"])),
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
            "season": season(case),
            "gaps": relay_gaps(case, case.plan if plan is None else None),
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


def figures(case: ReportCase) -> list[Row]:
    answers, programme, lang = case.answers, case.answers.programme, case.lang
    drawings: dict[str, alt.TopLevelMixin] = {
        "map": charts.territory_map(answers, by="session", lang=lang),
        "shares": charts.shares(programme, answers.on, lang=lang),
        "lorenz": charts.lorenz(programme, answers.on, lang=lang),
        "needs": charts.need_counts(programme, answers.on, lang=lang),
        "follow_ups": charts.follow_ups(answers, lang=lang),
        "calendar": charts.calendar(programme, lang=lang),
    }
    return [figure(case, name, chart) for name, chart in drawings.items()]


def figure(case: ReportCase, name: str, chart: alt.TopLevelMixin) -> Row:
    """Draw one chart, with what it shows in words and, where the page's table doesn't tell it, what its marks say."""
    spec = masked(chart.to_dict(validate=False), case.lang)
    hints = () if name in _IN_THE_TABLE else tuple(dict.fromkeys(_hints(spec)))
    text, svg = case.texts["charts"][name], charts.svg_of(spec, case.lang)
    return {"id": f"chart-{name}", "text": text, "hints": hints, "svg": svg}


def _hints(spec: object) -> Iterable[str]:
    """Return what the marks of a chart say on hovering, wherever its data stand."""
    if isinstance(spec, list):
        for part in spec:
            yield from _hints(part)
    elif isinstance(spec, dict):
        if isinstance(hint := spec.get("told"), str):
            yield hint
        yield from _hints(list(spec.values()))


def season(case: ReportCase) -> Row:
    plan, lang = case.plan, case.lang
    drawings = {"plan-calendar": charts.plan_calendar(plan, lang), "plan-map": charts.plan_map(plan, lang)}
    figures = [figure(case, name, chart) for name, chart in drawings.items() if plan.sessions.height]
    return {"document": masked(season_page(case), lang), "figures": figures}


def relay_gaps(case: ReportCase, season: Plan | None) -> Row | None:
    """Draw and tell where relays are missing; None: nowhere."""
    if not (missing := gaps.gaps_of(case.answers, season=season)):
        return None
    return {
        "document": masked(gaps.document(missing, case.lang), case.lang),
        "figure": figure(case, "gaps", charts.relay_gaps(missing, case.lang)),
        "is_open": missing.gaps["departement"].n_unique() <= _OPEN,
    }
