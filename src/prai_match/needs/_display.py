"""How notebooks display lexicons."""

import polars as pl

from prai_match.errors import Lang
from prai_match.needs._lexicon import Lexicon
from prai_match.text import Frame, display, messages, shown

_EXAMPLES = 5


@shown.register(Lexicon)
def display_lexicon(lexicon: Lexicon, lang: Lang) -> str:
    texts = messages("prai_match.needs", "display", lang)
    phrases: dict[str, list[str]] = {workshop: [] for workshop in lexicon.workshops}
    for term in lexicon.compiled.table.terme:
        if term.atelier in phrases:
            phrases[term.atelier] += (*term.mots, *term.ensembles)
    frame = pl.DataFrame(
        [(name, list(axes), len(phrases[name]), phrases[name][:_EXAMPLES]) for name, axes in lexicon.workshops.items()],
        schema={"workshop": pl.String, "axes": pl.List(pl.String), "words": pl.Int64, "example": pl.List(pl.String)},
        orient="row",
    )
    table = Frame(texts["caption"], frame, texts["columns"], frame.height)
    return display(texts["title"].format(name=lexicon.name), table, lang=lang)
