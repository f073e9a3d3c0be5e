"""``prai-match report``: the recommendations of a day as one page for a meeting."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from prai_match import report
from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, tell
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

    from prai_match.cli._words import Said
    from prai_match.model import Lang

_SHORT: Final[Said] = {
    "fr": "Met les recommandations en une page pour une réunion.",
    "en": "Put the recommendations in a page for a meeting.",
}
_HELP: Final[Said] = {
    "fr": """\
Charge le programme du DOSSIER et écrit les recommandations d'une DATE en une page HTML : synthèse, carte, tableau,
fiche de chaque territoire, notice légale et règles. La page s'ouvre sans connexion et s'imprime en A4.

Sortie : 0 tout est chargé ; 1 des lignes ont été rejetées au chargement (la page est écrite, sans elles) ; 3 le
programme ou la politique est inutilisable.""",
    "en": """\
Load the programme of a FOLDER and write the recommendations of a DATE as an HTML page: summary, map, table, a card for
each territory, legal notice and rules. The page opens offline and prints on A4.

Exit code: 0 all is loaded; 1 rows were rejected on loading (the page is written, without them); 3 the programme or the
policy can't be used.""",
}
_REQUIRED: Final[Said] = {
    "fr": "--on DATE --out FICHIER [OPTIONS]",
    "en": "--on DATE --out FILE [OPTIONS]",
}
_OUT: Final[Said] = {
    "fr": "Page à écrire (.html) ; - : sur la sortie standard.",
    "en": "Page to write (.html); -: on the standard output.",
}
_SERVICE: Final[Said] = {
    "fr": "Service à qui s'adressent les demandes sur l'algorithme ; sinon celui qui prend la décision.",
    "en": "To whom requests about the algorithm are addressed; else the service that takes the decision.",
}
_TOP: Final[Said] = {
    "fr": "Sessions retenues par territoire : la recommandation et les suivantes. Sinon 3.",
    "en": "Sessions kept for each territory: the recommendation and the next best. Else 3.",
}


def command(lang: Lang) -> Command:
    """Return the command."""
    return Command(
        "report",
        lang=lang,
        params=[
            the_folder(lang),
            the_day(lang),
            click.Option(["--out"], type=Out(lang, ("html", "htm")), required=True, help=_OUT[lang]),
            click.Option(["--service"], metavar="NOM" if lang == "fr" else "NAME", default="", help=_SERVICE[lang]),
            the_policy(lang),
            click.Option(["--top"], type=Count(lang), default=3, help=_TOP[lang]),
            the_territories(lang),
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
    service: str,
    policy: Path | None,
    top: int,
    territories: Sequence[str],
) -> int:
    recs, loading = recommended(folder, on, top=top, policy=policy, territories=territories, lang=lang)
    if out == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(report.html(recs, lang=lang, service=service).encode())
    else:
        tell(WRITTEN[lang].format(path=recs.report(out, lang, service)))
    return concluded(recs, loading, folder, lang)
