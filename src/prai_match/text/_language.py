"""French and English texts: the current language, messages, days, amounts, counts, words for comparison.

The forms are few and fixed (two languages, two plurals, one currency), so they are written here instead of using a
library of all locales.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from prai_match import _language, _words
from prai_match._arguments import LANGUAGES, current_language
from prai_match.errors import Lang


class language:  # noqa: N801 - called like a function, as `warnings.catch_warnings` is
    """Set the default language of the library's texts: displays, errors, warnings, tables, reports.

    It applies from then on or, in a ``with`` statement, until its end; only in the current context (see `contextvars`).
    Without it, the language is French.

    Raises:
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import prai_match as pm
        >>> with pm.language("en"):
        ...     pm.register.about().text().split()[:2]
        ['Register', 'of']
    """

    def __init__(self, lang: Lang) -> None:
        self._token = _language.CURRENT.set(current_language(lang))

    def __enter__(self) -> None:
        """Do nothing: the language is already set."""

    def __exit__(self, *_: object) -> None:
        _language.CURRENT.reset(self._token)


_RANGE = r"(?i)\s*(\*|fr|en)(?:-[a-z0-9-]*)?\s*(?:;\s*q\s*=\s*([01](?:\.\d*)?)\s*)?"


def accepted(header: str, otherwise: Lang = "fr") -> Lang:
    """Return the language that an HTTP header ``Accept-Language`` prefers; ``otherwise`` if it has no preference."""
    languages: dict[str, Lang] = {lang: lang for lang in LANGUAGES} | {"*": otherwise}
    first, best = otherwise, 0.0
    for part in header.split(","):
        if (match := re.fullmatch(_RANGE, part)) and (weight := float(match[2] or 1)) > best:
            first, best = languages[match[1].lower()], weight
    return first


_OPTION = "--lang"


def asked_language(arguments: Sequence[str], environment: Mapping[str, str], otherwise: Lang = "fr") -> Lang:
    """Return the language of a program: that of the last ``--lang``, else of the first variable that sets one.

    It is determined before parsing, since help and usage errors are in this language.
    """
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    values = [
        after if option == _OPTION else option.partition("=")[2]
        for option, after in zip(options, [*options[1:], ""], strict=False)
        if option.partition("=")[0] == _OPTION
    ]
    variables = (environment.get(name, "") for name in ("PRAI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    every = (*reversed(values), *variables)
    return next((lang for value in every for lang in LANGUAGES if value.lower().startswith(lang)), otherwise)


@cache
def messages(package: str, name: str, lang: Lang) -> dict[str, Any]:
    """Return the messages of ``data/<name>.toml`` in ``package``, each table as a dictionary, in one language."""
    current_language(lang)
    return {key: _in_language(value, lang) for key, value in _words.catalogue(package, name).items()}


def _in_language(value: dict[str, Any], lang: Lang) -> Any:  # noqa: ANN401 - a text, or a tree of them
    both = value.keys() == {"fr", "en"}
    return value[lang] if both else {key: _in_language(item, lang) for key, item in value.items()}


def both(write: Callable[..., str], *values: object) -> dict[Lang, str]:
    """Write values in both languages; the function takes the language last."""
    return {lang: write(*values, lang) for lang in LANGUAGES}


def number(value: float | Decimal, decimals: int, lang: Lang) -> str:
    r"""Write a number, with a no-break space between thousands and a comma in French."""
    text = f"{value:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text


def signed(value: float | Decimal, decimals: int, lang: Lang) -> str:
    r"""Write a number with its sign, as a difference; without sign if it is 0 when rounded."""
    sign = "" if not round(value, decimals) else "+" if value > 0 else "\N{MINUS SIGN}"
    return sign + number(-value if value < 0 else value, decimals, lang)


def day(date: dt.date, lang: Lang) -> str:
    first = "er" if lang == "fr" and date.day == 1 else ""
    return f"{date.day}{first} {month(date, lang)}"


def month(date: dt.date, lang: Lang) -> str:
    return f"{messages('prai_match.text', 'display', lang)['months'][date.month - 1]} {date.year}"


def euros(amount: Decimal, lang: Lang, *, cents: bool = True) -> str:
    text = number(amount, 2 if cents else 0, lang)
    return f"{text}\N{NO-BREAK SPACE}€" if lang == "fr" else f"€{text}"


def price(amount: Decimal | None, lang: Lang, *, cents: bool = True) -> str:
    unknown = messages("prai_match.text", "display", lang)["costs"]["unknown"]
    return str(unknown) if amount is None else euros(amount, lang, cents=cents)


def total(amounts: Iterable[Decimal | None], lang: Lang) -> str:
    """Write the sum of the amounts that are known, in whole euros, and how many aren't."""
    return _of_known(amounts, lang, lambda costs: sum(costs, Decimal(0)))


def mean(amounts: Iterable[Decimal | None], lang: Lang) -> str:
    """Write the mean of the amounts that are known, in whole euros, and how many aren't."""
    return _of_known(amounts, lang, lambda costs: sum(costs, Decimal(0)) / max(1, len(costs)))


def _of_known(amounts: Iterable[Decimal | None], lang: Lang, of: Callable[[list[Decimal]], Decimal]) -> str:
    every = list(amounts)
    costs = [amount for amount in every if amount is not None]
    text = euros(of(costs), lang, cents=False)
    if len(costs) == len(every):
        return text
    words = messages("prai_match.text", "display", lang)["costs"]
    unknown = counted(len(every) - len(costs), words["others"], lang)
    return str(words["and"]).format(known=text, unknown=unknown) if costs else unknown


def singular(value: float, lang: Lang) -> bool:
    """Return whether a number takes the singular: in French below 2 (1,5 point), in English only 1 (1.5 points)."""
    return abs(value) < 2 if lang == "fr" else abs(value) == 1  # noqa: PLR2004 - where the French plural begins


def counted(count: int, forms: Mapping[str, str], lang: Lang) -> str:
    """Write a count in the right form (see `singular`): ``one`` or ``other``, with ``{count}`` in it."""
    return forms["one" if singular(count, lang) else "other"].format(count=number(count, 0, lang))


def without_accents(text: str) -> str:
    """Return a text without accents; compatible characters become plain letters."""
    if text.isascii():
        return text
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
