"""Days, amounts and counts as French or English readers write them.

The forms are few and fixed (two languages, two plurals, one currency), so they are written here rather than taken from
a library of every locale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from prai_match.policy._sentences import number

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from decimal import Decimal

    from prai_match.model import Lang

_MONTHS: dict[Lang, tuple[str, ...]] = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def day(date: dt.date, lang: Lang) -> str:
    """Write a day in full.

    Example:
        >>> import datetime as dt
        >>> day(dt.date(2008, 3, 1), "fr"), day(dt.date(2007, 9, 3), "en")
        ('1er mars 2008', '3 September 2007')
    """
    first = "er" if lang == "fr" and date.day == 1 else ""
    return f"{date.day}{first} {_MONTHS[lang][date.month - 1]} {date.year}"


def euros(amount: Decimal, lang: Lang) -> str:
    r"""Write an amount to the cent.

    Example:
        >>> from decimal import Decimal
        >>> euros(Decimal("1470.79"), "fr"), euros(Decimal("1470.79"), "en")
        ('1\u202f470,79\xa0€', '€1,470.79')
    """
    written = number(amount, 2, lang)
    return f"{written}\N{NO-BREAK SPACE}€" if lang == "fr" else f"€{written}"


def counted(count: int, forms: Mapping[str, str], lang: Lang) -> str:
    """Write a count in the form that it asks for: in French 0 and 1 are singular, in English 1 only.

    Args:
        count: How many.
        forms: The texts ``one`` and ``other``, with ``{count}`` where the number stands.
        lang: The language.

    Example:
        >>> forms = {"one": "{count} besoin", "other": "{count} besoins"}
        >>> counted(0, forms, "fr"), counted(1234, forms, "fr")
        ('0 besoin', '1\u202f234 besoins')
    """
    single = count in ({0, 1} if lang == "fr" else {1})
    return forms["one" if single else "other"].format(count=number(count, 0, lang))
