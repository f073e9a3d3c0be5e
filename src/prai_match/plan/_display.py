"""How notebooks display a plan and the difference from another, with names in place of codes."""

from collections.abc import Iterator

import polars as pl

from prai_match.model import Lang
from prai_match.plan._conditions import names
from prai_match.plan._plan import Plan, PlanDifference
from prai_match.plan._text import choices, sessions
from prai_match.text import Block, Frame, Items, Section, day, display, messages, number, shown

_COLUMNS = ("session", "date", "host", "axis", "territories", "elected", "technicians", "partner", "trainer", "cost")
_ROWS, _SENTENCES = 20, 10  # of sessions, and of conditions broken


@shown.register(Plan)
def plan(season: Plan, lang: Lang) -> str:
    """Show the totals of a plan, its violations if any, its sessions, and what would serve the other demands."""
    title, *sentences = season.summary(lang)
    texts = messages("prai_match.plan", "exports", lang)
    columns = {name: texts["sessions"][name] for name in (*_COLUMNS, "status")}
    rows = sessions(season, lang).with_columns(session=pl.concat_str("kind", pl.lit(texts["colon"]), "session"))
    frame = [Frame(texts["display"]["sessions"], rows, columns, _ROWS, ".to_polars()")] if rows.height else []
    heading, own = messages("prai_match.plan", "plan", lang)["choice"]["title"], choices(season, lang)
    chosen = [Section(heading, (Items(own),))] if own else []
    blocks = (*_faults(season, texts["display"], lang), *frame, *chosen, *_unserved(season, texts["display"], lang))
    return display(title, *sentences, *blocks, lang=lang)


@shown.register(PlanDifference)
def difference(changes: PlanDifference, lang: Lang) -> str:
    texts = messages("prai_match.plan", "exports", lang)
    words = texts["difference"]
    heading = words["title"].format(start=day(changes.after.start, lang), end=day(changes.after.end, lang))
    if not changes:
        return display(heading, changes.text(lang), lang=lang)
    codes = names(changes.before.inputs.programme, lang) | names(changes.after.inputs.programme, lang)
    days = pl.col("date_before", "date_after").dt.to_string({"fr": "%d/%m/%Y", "en": "%Y-%m-%d"}[lang])
    frame = changes.sessions.with_columns(
        days, pl.col("^(session|host|trainer|partner).*$").replace(codes), pl.col("joined", "left").replace(0, None)
    ).with_columns(
        change=pl.col("change").replace(texts["changes"]),
        date=pl.coalesce(_arrow("date"), "date_before"),
        trainer=_arrow("trainer"),
        partner=_arrow("partner"),
    )
    columns = {name: text for name, text in words.items() if name in frame.columns}
    return display(heading, Frame(words["caption"], frame, columns, _ROWS, ".sessions"), lang=lang)


def _arrow(name: str) -> pl.Expr:
    before, after = pl.col(f"{name}_before"), pl.col(f"{name}_after")
    return pl.when(before.ne_missing(after)).then(pl.concat_str(before, after, separator=" → ", ignore_nulls=True))


def _faults(season: Plan, texts: dict[str, str], lang: Lang) -> Iterator[Block]:
    sentences = season.check(lang)["sentence"]
    if sentences.len():
        more = sentences.len() - _SENTENCES
        rest = [texts["more"].format(count=number(more, 0, lang))] if more > 0 else []
        yield Section(texts["broken"], (Items((*sentences.head(_SENTENCES), *rest)),))


def _unserved(season: Plan, texts: dict[str, str], lang: Lang) -> Iterator[Block]:
    """Say what would serve the demands not served, the most frequent remedy first."""
    counts = season.unserved(lang).group_by("sentence").len("count").sort("count", "sentence", descending=[True, False])
    rows = ((number(count, 0, lang), sentence) for sentence, count in counts.iter_rows())
    if items := tuple(texts["times"].format(count=count, sentence=sentence) for count, sentence in rows):
        yield Section(texts["unserved"], (Items(items),))
