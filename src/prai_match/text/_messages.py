"""Messages kept beside the code: TOML files in which each text stands in French and in English."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from prai_match._words import catalogue
from prai_match.text._language import current_language

if TYPE_CHECKING:
    from prai_match.errors import Lang


@cache
def messages(package: str, name: str, lang: Lang) -> dict[str, Any]:
    """Return the messages of ``data/<name>.toml`` in ``package``, each table as a dictionary, in one language."""
    current_language(lang)
    return {key: _chosen(value, lang) for key, value in catalogue(package, name).items()}


def _chosen(value: dict[str, Any], lang: Lang) -> Any:  # noqa: ANN401 - a text, or a tree of them
    return value[lang] if value.keys() == {"fr", "en"} else {key: _chosen(item, lang) for key, item in value.items()}
