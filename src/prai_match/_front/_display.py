"""What notebooks show of recommendations: names where data have codes, and the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match._front._recommendations import Recommendation, Recommendations
from prai_match.explain import reason_sentence, why_blocks
from prai_match.text import Facts, Frame, Items, counted, day, display, messages, number, price, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.model import Catalogue, Lang
    from prai_match.recommend import Answers, Offer
    from prai_match.text import Block

_TABLE = ("name", "departement", "session", "partner", "trainer", "earliest", "cost", "score", "because")
_ALTERNATIVE = pl.Schema(
    {
        **dict.fromkeys(("session", "partner", "trainer"), pl.String()),
        "earliest": pl.Date(),
        "cost": pl.Decimal(12, 2),
        "score": pl.Float64(),
    }
)


@shown.register(Recommendations)
def recommendations(recs: Recommendations, lang: Lang) -> str:
    """Show how many territories have an offer, why others have none, and the first of them."""
    texts = _texts(lang)
    words, none = texts["recommendations"], recs.without()
    missing = sum(none.values())
    counts = [counted(len(recs), words["all"], lang), counted(len(recs) - missing, words["offers"], lang)]
    counts += [counted(missing, words["without"], lang)] if missing else []
    reasons = tuple(
        words["times"].format(count=number(count, 0, lang), sentence=reason_sentence(reason, recs.policy, lang))
        for reason, count in none.items()
    )
    return display(
        words["title"].format(programme=recs.programme.name.get(lang), day=day(recs.on, lang)),
        f"{', '.join(counts)}. {words['policy'].format(name=recs.policy.name.get(lang))}.",
        *([Items(reasons)] if reasons else []),
        Frame(
            words["caption"], in_words(recs, lang), {name: texts["offer"][name] for name in _TABLE}, rest=".to_polars()"
        ),
        lang=lang,
    )


def in_words(recs: Recommendations, lang: Lang) -> pl.DataFrame:
    """Return the table of the recommendations with names in place of codes; the session's name has its kind and axis.

    Columns: ``territory``, ``name``, ``departement``, ``session``, ``partner``, ``trainer``, ``earliest``, ``cost``
    (€), ``score`` (0 to 100) and ``because`` (the main reason, or why there is no offer), null where there is none.
    """
    names, sessions = recs.names(lang), session_names(recs.programme.catalogue, lang)
    keys = pl.DataFrame(
        [(*key, name) for key, name in sessions.items()],
        schema={"session": pl.String, "axis": pl.String, "said": pl.String},
        orient="row",
    )
    return (
        recs.to_polars(lang)
        .join(keys, on=["session", "axis"], how="left", nulls_equal=True, maintain_order="left")
        .select(
            *("territory", "name", "departement"),
            pl.col("said").alias("session"),
            pl.col("partner", "trainer").replace(names),
            *("earliest", "cost", "score", "because"),
        )
    )


def session_names(catalogue: Catalogue, lang: Lang) -> dict[tuple[str, str | None], str]:
    """Return what each session is called, with its kind, alone and with each of its axes."""
    patterns = _texts(lang)["kinds"]
    names: dict[tuple[str, str | None], str] = {}
    for session in catalogue.sessions:
        name = patterns[session.kind].format(name=session.name.get(lang))
        names[session.id, None] = name
        for axis in session.axes:
            names[session.id, axis.id] = patterns["axis"].format(session=name, axis=axis.name.get(lang))
    return names


@shown.register(Recommendation)
def recommendation(rec: Recommendation, lang: Lang) -> str:
    """Show an offer or why there is none, with the points, the conditions and the alternatives."""
    texts, answers = _texts(lang), rec.answers
    blocks: list[Block] = [] if rec.reason is None else [reason_sentence(rec.reason, answers.policy, lang)]
    if rec.next:
        blocks += [texts["offer"]["next"]] if rec.reason else []
        blocks.append(_offer(rec.next, answers, lang))
    blocks += why_blocks(rec.why(lang))
    if rec.alternatives:
        blocks.append(_alternatives(rec.alternatives, answers, lang))
    return display(texts["named"].format(name=rec.name, code=rec.territory), *blocks, lang=lang)


def _offer(offer: Offer, answers: Answers, lang: Lang) -> Facts:
    labels, names = _texts(lang)["offer"], answers.names[lang]
    way = " → ".join(names[session] for session in offer.pathway) if len(offer.pathway) > 1 else ""
    return Facts(
        (
            (labels["session"], session_names(answers.programme.catalogue, lang)[offer.session, offer.axis]),
            (labels["partner"], names[offer.partner]),
            (labels["trainer"], names[offer.trainer]),
            (labels["earliest"], day(offer.earliest, lang)),
            (labels["price"], price(offer.cost, lang)),
            (labels["score"], labels["of_100"].format(score=number(offer.score, 1, lang))),
            (labels["pathway"], way),
        )
    )


def _alternatives(offers: Sequence[Offer], answers: Answers, lang: Lang) -> Frame:
    labels, names = _texts(lang)["offer"], answers.names[lang]
    sessions = session_names(answers.programme.catalogue, lang)
    rows = [
        (sessions[o.session, o.axis], names[o.partner], names[o.trainer], o.earliest, o.cost, o.score) for o in offers
    ]
    frame = pl.DataFrame(rows, schema=_ALTERNATIVE, orient="row")
    return Frame(labels["alternatives"], frame, {name: labels[name] for name in _ALTERNATIVE}, frame.height)


def _texts(lang: Lang) -> dict[str, Any]:
    return messages("prai_match", "display", lang)
