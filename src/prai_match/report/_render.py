"""The page as data, with charts and their descriptions; rendered as HTML by templates, and written to its file.

The file is never written in part. Everything is escaped, missing values in templates are errors, and only the page's
own style and script run.
"""

from __future__ import annotations

import errno
import os
import re
from base64 import b64encode
from collections.abc import Callable, Iterable
from functools import cache, partial
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prai_match import _arguments as given, charts, gaps, io, register
from prai_match.errors import Lang, missing_extra
from prai_match.files import put
from prai_match.plan import Plan, together_of_all
from prai_match.report._cards import cards
from prai_match.report._case import ReportCase, Row, summary
from prai_match.report._season import together, unserved
from prai_match.text import Code, Document, current_language, day, language, masked, messages, number, plain, tied

if TYPE_CHECKING:
    import altair as alt
    from jinja2 import Environment

    from prai_match.recommend import Answered

    Templates = tuple[Environment, Any]

_PACKAGE = "prai_match.report"
_SORTING = ("prai_match.text", "data/display.js")  # sorts tables in notebooks and in the page
_CODE = re.compile(r"(<code>.*?</code>)")
_IN_THE_TABLE = frozenset({"map", "lorenz", "plan-map"})  # charts whose marks tables of the page tell


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
    parts = _templates(lang)  # first, as templates may be missing
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
    if not (path := Path(path)).parent.is_dir():  # check before the work, not after
        raise FileNotFoundError(errno.ENOENT, "the folder of the report does not exist", str(path.parent))
    put(path, html(recs, lang=current_language(lang), service=service, plan=plan, public=public).encode())
    return path


def _render(own: Row, templates: Templates) -> str:
    environment, markup = templates
    texts, night = messages(_PACKAGE, "report", own["lang"]), charts.dark(".drawing")
    style = _read(_PACKAGE, "assets/report.css") + f"@media screen and (prefers-color-scheme: dark) {{ {night} }}\n"
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
        """Escape a text; HTML made by the library, and values that aren't texts, are unchanged."""
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
    """Collect the data of the page for the templates; ``plan`` None means what can be held together."""
    answers = recs.answers
    case = ReportCase(answers, lang, service, together_of_all(answers) if plan is None else plan, public)
    report = io.report_of(answers.programme)
    each, notice = cards(case)
    offers = {card["offer"]["id"] for card in each if card["offer"]}
    every, forms = len(each), case.texts["cards"]["shown"]
    unknown = () if report is None else report.consequences(lang)  # by the files of the programme
    names = messages("prai_match.explain", "reproduction", lang)["parts"]
    words = {
        "programme": case.answers.programme.name.get(lang),
        "policy": case.answers.policy.name.get(lang),
        "unknown": unknown,
        "lacks": case.count(len(unknown), case.texts["lacks"]) if unknown else "",
        "summary": summary(case),
        "cards": each,
        "listed": sorted(each, key=lambda card: (-card["priority_sort"], card["territory"])),
        "sessions": {code: name for code, name in case.sessions.items() if code in offers},
        "rules": case.answers.policy.describe(lang),
        "together": together(case),
        "unserved": unserved(case),
    }
    return (
        masked(words, lang)
        | {
            "lang": lang,
            "day": day(case.answers.on, lang),
            "service": service,
            "figures": figures(case),
            "season": season(case),
            "marks": marks(case),
            "gaps": relay_gaps(case, case.plan if plan is None else None),
            "count": case.count(every, forms, all=number(every, 0, lang)),
            "forms": {name: form.format(count="{count}") for name, form in forms.items()},  # a script fills in numbers
            "departements": case.departement_names,
            "notice": notice,
            "digest": case.fingerprint.digest,
            "version": case.fingerprint.parts["library"],
            "parts": [  # names begin with a capital, except those of packages
                (names[part][0].upper() + names[part][1:] if " " in names[part] else names[part], value)
                for part, value in case.fingerprint.parts.items()
            ],
            "about": [line.strip() for line in register.about().text(lang).splitlines()],
        }
    )


def figures(case: ReportCase) -> list[Row]:
    answers, programme, lang = case.answers, case.answers.programme, case.lang
    drawings: dict[str, Callable[[], alt.TopLevelMixin]] = {
        "map": lambda: charts.territory_map(answers, by="session", lang=lang),
        "shares": lambda: charts.shares(programme, answers.on, lang=lang),
        "lorenz": lambda: charts.lorenz(programme, answers.on, lang=lang),
        "needs": lambda: charts.need_counts(programme, answers.on, lang=lang),
        "follow_ups": lambda: charts.follow_ups(answers, lang=lang),
        "calendar": lambda: charts.calendar(programme, lang=lang),
    }
    return [figure(case, name, draw) for name, draw in drawings.items()]


def figure(case: ReportCase, name: str, draw: Callable[[], alt.TopLevelMixin]) -> Row:
    """Draw one chart, then for a phone, with what it shows in words and what its marks say.

    Where the page's table tells what they say, that is left out.
    """
    spec = masked(draw().to_dict(validate=False), case.lang)
    with charts.narrow():
        small = masked(draw().to_dict(validate=False), case.lang)
    hints = () if name in _IN_THE_TABLE else tuple(dict.fromkeys(_hints(spec)))
    text, svg = case.texts["charts"][name], "".join(charts.svg_of(each, case.lang) for each in (spec, small))
    return {"id": f"chart-{name}", "text": text, "hints": hints, "svg": svg}


def _hints(spec: object) -> Iterable[str]:
    """Yield the hover texts of a chart's marks, wherever its data are."""
    if isinstance(spec, list):
        for part in spec:
            yield from _hints(part)
    elif isinstance(spec, dict):
        if isinstance(hint := spec.get("told"), str):
            yield hint
        yield from _hints(list(spec.values()))


def season(case: ReportCase) -> list[Row]:
    plan, lang = case.plan, case.lang
    drawings = {"plan-calendar": charts.plan_calendar, "plan-map": charts.plan_map}
    return [figure(case, name, partial(draw, plan, lang)) for name, draw in drawings.items() if plan.sessions.height]


def marks(case: ReportCase) -> dict[str, Row]:
    """Return how charts show each session of the catalogue: its letter, its colours and its shape."""
    return {code: charts.look(key) for code, key in charts.session_keys(case.answers.programme, case.lang).items()}


def relay_gaps(case: ReportCase, season: Plan | None) -> Row | None:
    """Draw and describe where relays are missing; None if nowhere."""
    if not (missing := gaps.gaps_of(case.answers, season=season)):
        return None
    return {
        "document": masked(gaps.document(missing, case.lang), case.lang),
        "figure": figure(case, "gaps", partial(charts.relay_gaps, missing, case.lang)),
    }
