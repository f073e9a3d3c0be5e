"""``prai-match recommend``: the next session of each territory, to a file."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, Final

import click
import polars as pl

from prai_match import demo
from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, deliver, for_programs, show, tell
from prai_match.cli._programme import the_reading
from prai_match.cli._recommending import (
    WRITTEN,
    concluded,
    recommended,
    the_day,
    the_folder,
    the_policy,
    the_territories,
)
from prai_match.cli._types import Count, Out

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from prai_match._front import Recommendations
    from prai_match.cli._words import Said
    from prai_match.model import Lang

_SHORT: Final[Said] = {
    "fr": "Recommande la prochaine session de chaque territoire.",
    "en": "Recommend the next session of each territory.",
}
_HELP: Final[Said] = {
    "fr": """\
Charge le programme du DOSSIER et écrit, pour chaque territoire, la session à proposer à une DATE, avec qui, à partir de
quand, à quel coût et pourquoi, ou la raison pour laquelle rien ne peut être proposé.

Sortie : 0 tout est chargé ; 1 des lignes ont été rejetées au chargement (le fichier est écrit, sans elles) ; 3 le
programme ou la politique est inutilisable.""",
    "en": """\
Load the programme of a FOLDER and write, for each territory, the session to offer on a DATE, with whom, from when, at
what cost and why, or the reason why nothing can be offered.

Exit code: 0 all is loaded; 1 rows were rejected on loading (the file is written, without them); 3 the programme or the
policy can't be used.""",
}
_REQUIRED: Final[Said] = {
    "fr": "--on DATE --out FICHIER [OPTIONS]",
    "en": "--on DATE --out FILE [OPTIONS]",
}
_OUT: Final[Said] = {
    "fr": "Fichier à écrire : .csv, .tsv, .xlsx, .ods, .parquet, .json ; - : un tableau sur la sortie standard.",
    "en": "File to write: .csv, .tsv, .xlsx, .ods, .parquet, .json; -: a table on the standard output.",
}
_TOP: Final[Said] = {
    "fr": "Sessions par territoire : la recommandation et, dans une colonne, les suivantes. Sinon 1.",
    "en": "Sessions for each territory: the recommendation and, in a column, the next best. Else 1.",
}
_DETAILS: Final[Said] = {
    "fr": "Ajoute une colonne qui dit tout : chaque point du score et chaque condition.",
    "en": "Add a column that tells all: each point of the score and each condition.",
}
_ADDED: Final[dict[Lang, dict[str, str]]] = {
    "fr": {"alternatives": "Autres sessions possibles", "explanation": "Explication"},
    "en": {"alternatives": "Other sessions possible", "explanation": "Explanation"},
}


def command(lang: Lang) -> Command:
    """Return the command."""
    return Command(
        "recommend",
        lang=lang,
        params=[
            the_folder(lang),
            the_day(lang),
            click.Option(["--out"], type=Out(lang), required=True, help=_OUT[lang]),
            the_policy(lang),
            click.Option(["--top"], type=Count(lang), default=1, help=_TOP[lang]),
            the_territories(lang),
            click.Option(["--details"], is_flag=True, help=_DETAILS[lang]),
            *the_reading(lang),
        ],
        callback=partial(_run, lang),
        help=_HELP[lang],
        short_help=_SHORT[lang],
        options_metavar=_REQUIRED[lang],
    )


def _run(  # noqa: PLR0913 - the options of the command
    lang: Lang,
    folder: Path,
    *,
    on: dt.date,
    out: Path,
    policy: Path | None,
    top: int,
    territories: Sequence[str],
    details: bool,
) -> int:
    recs, loading = recommended(folder, on, top=top, policy=policy, territories=territories, lang=lang)
    if out == STDOUT:
        show(demo.table(recs, lang, shutil.get_terminal_size().columns))
        if details:
            show("\n" + "\n\n".join(str(rec.why(lang)) for rec in recs))
    else:
        added = [_alternatives(recs)] if top > 1 else []
        added += [_explanations(recs, lang)] if details else []
        deliver(_identified(recs, added, lang) if for_programs(out) else _in_words(recs, added, lang), out)
        tell(WRITTEN[lang].format(path=out))
    return concluded(recs, loading, folder, lang)


def _alternatives(recs: Recommendations) -> pl.Series:
    """For each territory that has a recommendation, the next best sessions with it."""
    best = recs.to_polars().select("territory", "session")
    others = recs.ranking().filter(pl.col("rank") > 1).sort("territory", "rank").group_by("territory").agg("session")
    joined = best.join(others, on="territory", how="left", maintain_order="left")
    listed = pl.when(pl.col("session").is_not_null()).then("session_right").fill_null([])
    return joined.select(listed.alias("alternatives")).to_series()


def _explanations(recs: Recommendations, lang: Lang) -> pl.Series:
    return pl.Series("explanation", [str(rec.why(lang)) for rec in recs], pl.String)


def _identified(recs: Recommendations, added: Sequence[pl.Series], lang: Lang) -> pl.DataFrame:
    """The recommendations with identifiers, for programs."""
    return recs.to_polars(lang).with_columns(added)


def _in_words(recs: Recommendations, added: Sequence[pl.Series], lang: Lang) -> pl.DataFrame:
    """The recommendations with names and labels, for a spreadsheet."""
    names = recs.names(lang)
    spelt = [
        series.list.eval(pl.element().replace(names)).list.join(", ") if series.dtype == pl.List else series
        for series in added
    ]
    return recs.spreadsheet(lang).with_columns(series.alias(_ADDED[lang][series.name]) for series in spelt)
