"""Catalogues of words: TOML files beside the code, where each text stands in French and in English under its key."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal


@cache
def catalogue(package: str, name: str) -> dict[str, Any]:
    """Return ``data/<name>.toml`` of a package as it stands, both languages."""
    return tomllib.loads(files(package).joinpath("data", f"{name}.toml").read_text("utf-8"))


def filled(text: Mapping[str, str], values: Mapping[str, object]) -> dict[Literal["fr", "en"], str]:
    """Return a text of a catalogue in both languages, with its values; a value may itself be in both."""
    return {
        lang: text[lang].format_map(
            {name: value[lang] if isinstance(value, dict) else value for name, value in values.items()}
        )
        for lang in ("fr", "en")
    }


def hint(alike: Iterable[str], known: Iterable[str] = ()) -> dict[Literal["fr", "en"], str]:
    """Return the end of a message, in both languages, that suggests what is alike; where nothing is, all that is known.

    Example:
        >>> hint(["Lot"])
        {'fr': ' ; vouliez-vous dire Lot ?', 'en': '; did you mean Lot?'}
        >>> hint([], ["Lot", "Tarn"])["en"]
        ': one of Lot, Tarn'
    """
    for key, names in (("did_you_mean", ", ".join(alike)), ("one_of", ", ".join(known))):
        if names:
            return filled(catalogue("prai_match", "errors")[key], {"names": names})
    return {"fr": "", "en": ""}
