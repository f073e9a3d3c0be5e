"""What can be carried out together, for a terminal: sessions by day, participants, first-choice offers."""

import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest

import polars as pl

from prai_match import plan
from prai_match._front import Recommendations
from prai_match.explain import own_place
from prai_match.model import Lang
from prai_match.plan import Plan
from prai_match.text import messages, number, short_day

_words = partial(messages, "prai_match.demo", "demo")
_WIDTHS = (11, 40, 30, 30, 42)  # of all columns but the last
_MARK_WIDTH = 20
_CONTENTIONS = 3  # number of resources shown that first-choice offers compete for


def columns(
    head: Sequence[str], lines: Iterable[Sequence[str]], widths: Sequence[int], right: Collection[int] = ()
) -> str:
    """Return a text in columns from lines of cells (see `wrapped`); columns in ``right`` are aligned to the right."""
    return "\n".join(
        "  ".join(
            part.rjust(width) if place in right else part.ljust(width)
            for place, (part, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in (*wrapped(head, widths), ["─" * width for width in widths], *lines)
    )


def wrapped(cells: Sequence[str], widths: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a row, whose cells are wrapped to the widths."""
    return zip_longest(*map(textwrap.wrap, cells, widths), fillvalue="")


def season(recs: Recommendations, made: Plan, lang: Lang, width: int) -> str:
    """Return a plan's sessions by day, with those of ``recs`` that attend, and what became of first-choice offers.

    The text has a table at least ``width`` characters wide, the number of first-choice offers kept, and which
    territories had precedence over the others.

    Example:
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend(on="2007-09-03")
        >>> season(recs, recs.together(), "en", 80).splitlines()[0].split()[:3]
        ['Date', 'Session,', 'host']
    """
    texts, compared = _words(lang), made.compare(recs, lang)
    if not made.sessions.height and not compared.height:
        return str(texts["running"]["nothing"])
    widths = (*_WIDTHS, max(_MARK_WIDTH, width - sum(_WIDTHS) - 2 * len(_WIDTHS)))
    table = columns(tuple(texts["season"].values()), _lines(recs, made, compared, lang, widths), widths)
    names = dict(recs.to_polars(lang).select("territory", "name").iter_rows())
    rest = compared.filter(pl.col("outcome").is_in(["other", "none"])).select("territory", "sentence").iter_rows()
    lines = [texts["running"]["became"].format(name=names[code], sentence=text) for code, text in rest]
    return "\n".join([table, "", plan.outcomes(compared, lang), *made.summary(lang)[1:2], *_items(lines, width)])


def _items(lines: Iterable[str], width: int) -> Iterator[str]:
    return (textwrap.fill(f"- {line}", max(width, 40), subsequent_indent="  ") for line in lines)


def _lines(
    recs: Recommendations, made: Plan, compared: pl.DataFrame, lang: Lang, widths: Sequence[int]
) -> Iterator[tuple[str, ...]]:
    marks, texts = plan.marks(lang), _words(lang)["running"]
    names = recs.to_polars(lang).select("territory", name=pl.format("{} ({})", "name", "departement"))
    seats = made.seats.select("territory", "km", id="session").join(names, on="territory")
    outcomes = compared.select("territory", "id", "outcome")
    seats = seats.join(outcomes, on=["territory", "id"], how="left").sort("km", "territory")
    guests = seats.partition_by("id", as_dict=True)
    for row in made.to_polars(lang).filter(pl.col("id").is_in(seats["id"].implode())).iter_rows(named=True):
        booked = texts["booked"] if row["booked"] else ""
        session = texts["elsewhere"].format(session=row["session"] + booked, place=row["host"])
        cells = (short_day(row["date"], lang), session, row["partner"] or "", row["trainer"] or "")
        own: list[tuple[str, ...]] = []
        for name, km, outcome in guests[row["id"],].select("name", "km", "outcome").iter_rows():
            away = own_place(lang) if km == 0 else f"{number(km, 0, lang)} km"
            own += wrapped((f"{name}, {away}", marks[outcome or "more"]), widths[4:])
        both = zip_longest(wrapped(cells, widths[:4]), own)
        yield from ((*(left or ("",) * 4), *(right or ("",) * 2)) for left, right in both)
    for (name,) in names.join(compared.filter(outcome="none"), on="territory").sort("name").select("name").iter_rows():
        yield from wrapped(("", "—", "", "", name, marks["none"]), widths)


def pistes(recs: Recommendations, lang: Lang, width: int) -> str:
    """Return what most first-choice offers compete for, one line each: independent answers are only possibilities."""
    each = recs.contention(lang).unique("sentence").sort("wanted", "sentence", descending=[True, False])
    if each.is_empty():
        return str(_words(lang)["running"]["apart"])
    return "\n".join([_words(lang)["running"]["pistes"], *_items(each["sentence"].head(_CONTENTIONS), width)])
