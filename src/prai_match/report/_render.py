"""Templates to HTML: everything is escaped, what is missing is an error, only the page's own style and script run."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from prai_match.errors import Lang, missing_extra
from prai_match.text import Code, Document, messages, plain, tied

if TYPE_CHECKING:
    from jinja2 import Environment

    from prai_match.report._page import Page

    Templates = tuple[Environment, Any]

_PACKAGE = "prai_match.report"
_SORTING = ("prai_match.text", "data/display.js")
"""The script that sorts tables in notebooks sorts those of the page."""

_CODE = re.compile(r"(<code>.*?</code>)")


def render(page: Page, templates: Templates) -> str:
    """Return the page as HTML, the same for the same page."""
    environment, markup = templates
    texts = messages(_PACKAGE, "report", page.lang)
    style = _read(_PACKAGE, "assets/report.css")
    script = _read(*_SORTING) + _read(_PACKAGE, "assets/report.js")
    nothing = "default-src 'none'; base-uri 'none'; form-action 'none'"
    policy = f"{nothing}; script-src '{_hash(script)}'; style-src '{_hash(style)}'"
    template = environment.get_template("page.html")
    return template.render(page=page, texts=texts, style=markup(style), script=markup(script), policy=policy) + "\n"


def templates(lang: Lang) -> Templates:
    """Return the templates of a language, and what marks HTML: before the page is made, as they may be missing."""
    try:
        import jinja2  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise missing_extra("report", "report") from None
    return _environment(lang)


@cache
def _environment(lang: Lang) -> Templates:
    """Read and compile the templates, once a process."""
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
    parts = _CODE.split(page.html(3))
    return "".join(part if lang == "en" or _CODE.match(part) else tied(part) for part in parts)


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


@cache
def _read(package: str, name: str) -> str:
    return files(package).joinpath(name).read_text("utf-8")
