"""Catalogues of texts: TOML files next to the code, with each text in French and in English under its key."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

_QUOTE = re.compile(r"""(?<!\w)(['"])((?:\\.|(?!\1)[^\\])*)(?:\1(?!\w)|(?<=…)$)""")


class _French(str):
    """A text that ``{name!r}`` puts between guillemets."""

    __slots__ = ()

    def __repr__(self) -> str:
        return quoted(super().__repr__())["fr"]


def quoted(text: str) -> dict[Literal["fr", "en"], str]:
    """Return values that are written as Python writes them, in both languages: French puts texts between guillemets.

    Example:
        >>> quoted("'Foix' or 'Pau'")["fr"], quoted("12")["fr"]
        ('« Foix » or « Pau »', '12')
    """
    return {"fr": _QUOTE.sub(lambda match: f"« {match[2]} »" if match[2] else "un texte vide", text), "en": text}


@cache
def catalogue(package: str, name: str) -> dict[str, Any]:
    """Return the content of ``data/<name>.toml`` of a package, in both languages."""
    return tomllib.loads(files(package).joinpath("data", f"{name}.toml").read_text("utf-8"))


def filled(text: Mapping[str, str], values: Mapping[str, object]) -> dict[Literal["fr", "en"], str]:
    """Return a text of a catalogue in both languages, with its values; a value may itself be in both.

    ``{name!r}`` quotes a value as its language does.
    """
    own = {name: value if isinstance(value, dict) else {"fr": value, "en": value} for name, value in values.items()}
    french = {
        name: _French(value["fr"]) if isinstance(value["fr"], str) else value["fr"] for name, value in own.items()
    }
    english = {name: value["en"] for name, value in own.items()}
    return {"fr": text["fr"].format_map(french), "en": text["en"].format_map(english)}


def hint(alike: Iterable[str], known: Iterable[str] = ()) -> dict[Literal["fr", "en"], str]:
    """Return the end of a message, in both languages, that suggests similar values or, if none, all known ones.

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
