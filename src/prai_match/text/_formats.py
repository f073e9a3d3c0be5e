"""Days, amounts and counts as French or English readers write them, and words as they are compared.

The forms are few and fixed (two languages, two plurals, one currency), so they are written here rather than taken from
a library of every locale.
"""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from prai_match.text._language import messages

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from prai_match.errors import Lang


def number(value: float | Decimal, decimals: int, lang: Lang) -> str:
    r"""Write a number, with a no-break space between thousands and a comma in French."""
    text = f"{value:,.{decimals}f}"
    return text.replace(",", "\u202f").replace(".", ",") if lang == "fr" else text


def signed(value: float | Decimal, decimals: int, lang: Lang) -> str:
    r"""Write a number with its sign, as a difference; one that is 0 when rounded has none."""
    sign = "" if not round(value, decimals) else "+" if value > 0 else "\N{MINUS SIGN}"
    return sign + number(-value if value < 0 else value, decimals, lang)


def day(date: dt.date, lang: Lang) -> str:
    """Write a day in full."""
    first = "er" if lang == "fr" and date.day == 1 else ""
    return f"{date.day}{first} {month(date, lang)}"


def month(date: dt.date, lang: Lang) -> str:
    return f"{messages('prai_match.text', 'display', lang)['months'][date.month - 1]} {date.year}"


def euros(amount: Decimal, lang: Lang) -> str:
    r"""Write an amount to the cent."""
    text = number(amount, 2, lang)
    return f"{text}\N{NO-BREAK SPACE}€" if lang == "fr" else f"€{text}"


def price(amount: Decimal | None, lang: Lang) -> str:
    return (
        str(messages("prai_match.text", "display", lang)["costs"]["unknown"]) if amount is None else euros(amount, lang)
    )


def total(amounts: Iterable[Decimal | None], lang: Lang) -> str:
    """Write the sum of the amounts that are known, and how many aren't."""
    every = list(amounts)
    costs = [amount for amount in every if amount is not None]
    text = euros(sum(costs, Decimal(0)), lang)
    if len(costs) == len(every):
        return text
    words = messages("prai_match.text", "display", lang)["costs"]
    unknown = counted(len(every) - len(costs), words["others"], lang)
    return str(words["and"]).format(known=text, unknown=unknown) if costs else unknown


def singular(value: float, lang: Lang) -> bool:
    """Whether a number asks for the singular: in French below 2 (1,5 point), in English 1 only (1.5 points)."""
    return abs(value) < 2 if lang == "fr" else abs(value) == 1  # noqa: PLR2004 - where the French plural begins


def counted(count: int, forms: Mapping[str, str], lang: Lang) -> str:
    """Write a count in the form that it asks for (see `singular`): ``one`` or ``other``, with ``{count}`` in it."""
    return forms["one" if singular(count, lang) else "other"].format(count=number(count, 0, lang))


def without_accents(text: str) -> str:
    """Return a text in which no letter bears an accent; compatible forms are those of plain letters."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
