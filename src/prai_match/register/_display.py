"""How notebooks display answers of the register."""

import polars as pl

from prai_match.errors import Lang
from prai_match.register._data import About, facts
from prai_match.register._resolve._resolve import Resolution, Resolutions
from prai_match.text import Facts, Frame, counted, display, messages, number, shown

_SHOWN = 10


@shown.register(About)
def about(own: About, lang: Lang) -> str:
    title, *others = facts(own, lang)
    return display(title[1], Facts(tuple(others)), lang=lang)


@shown.register(Resolutions)
def resolutions(answers: Resolutions, lang: Lang) -> str:
    texts = messages("prai_match.register", "display", lang)
    counts = tuple((texts["statuses"][status], number(n, 0, lang)) for status, n in answers.counts().items() if n)
    frame = (
        answers[:_SHOWN]
        .to_polars(lang)
        .with_columns(
            pl.col("status").replace(texts["statuses"]),
            pl.col("kind").replace(texts["kinds"]),
            score=pl.when(pl.col("code").is_not_null()).then("score"),
        )
    )
    table = Frame(texts["caption"], frame, texts["columns"], _SHOWN, ".to_polars()", len(answers))
    return display(counted(len(answers), texts["title"], lang), *((Facts(counts), table) if counts else ()), lang=lang)


@shown.register(Resolution)
def resolution(answer: Resolution, lang: Lang) -> str:
    texts = messages("prai_match.register", "display", lang)
    values = {
        "status": texts["statuses"][answer.status],
        "name": answer.name,
        "code": answer.code,
        "kind": texts["kinds"].get(answer.kind),
        "departement": answer.departement,
        "score": number(answer.score, 1, lang) if answer.code else None,
        "because": answer.because(lang),
        "note": answer.note(lang),
        "candidate_names": ", ".join(answer.candidate_names),
    }
    facts = tuple((texts["columns"][name], value or "") for name, value in values.items())
    return display(texts["nothing"] if answer.text is None else answer.text, Facts(facts), lang=lang)
