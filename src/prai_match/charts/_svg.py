"""A chart as an SVG image that a page can hold beside others."""

from __future__ import annotations

import re
from hashlib import sha256
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from prai_match import _arguments as given
from prai_match.charts._theme import library
from prai_match.text import current_language

if TYPE_CHECKING:
    import altair as alt

    from prai_match.errors import Lang

_TAG = re.compile(r"<[a-zA-Z][^>]*>")
_ROLE = re.compile(r" (?:role|aria-[a-z]+)=\"[^\"]*\"")  # in English, of each mark; the whole has its description
_NAME = re.compile(r'(?<= id=")[^"]+|(?<=url\(#)[^)]+')


@given.takes(chart=given.a("TopLevelMixin"))
def svg(chart: alt.TopLevelMixin, lang: Lang | None = None) -> str:
    """Return a chart as one ``<svg>`` element, with its description as text alternative.

    Its identifiers are its own: several charts can stand in one page. The same chart gives the same text.

    Example:
        >>> from prai_match import Programme, charts
        >>> svg(charts.need_counts(Programme.example()))[:31]
        '<svg role="img" lang="fr" aria-'
    """
    return svg_of(chart.to_dict(validate=False), current_language(lang))


def svg_of(spec: dict[str, Any], lang: Lang) -> str:
    """Return the specification of a chart of this module, valid as it is, as one ``<svg>`` element (see `svg`)."""
    vega, convert = library(), import_module("vl_convert")
    version = ".".join(vega.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    body = _with_numbers(convert.vegalite_to_svg(spec, vl_version=version), "")
    body = _with_numbers(body, f"c{sha256(body.encode()).hexdigest()[:8]}-")
    alternative = escape(str(spec.get("description", "")))
    head = f'<svg role="img" lang="{current_language(lang)}" aria-label="{alternative}" '
    return head + body.removeprefix("<svg ")


def _with_numbers(image: str, prefix: str) -> str:
    """Return an image without the roles of marks, whose identifiers are a prefix and a number.

    The drawing library counts them over the life of the process.
    """
    names: dict[str, str] = {}

    def own(tag: re.Match[str]) -> str:
        return _NAME.sub(lambda name: names.setdefault(name[0], f"{prefix}{len(names)}"), _ROLE.sub("", tag[0]))

    return _TAG.sub(own, image)
