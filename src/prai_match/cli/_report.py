"""``prai-match report``: the recommendations of a day as one page for a meeting."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prai_match import Policy, UnknownCodeError, demo, report
from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import STDOUT, tell
from prai_match.cli._programme import loaded
from prai_match.cli._types import Count, Day, Out
from prai_match.cli._words import of_error

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

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
_FOLDER: Final[Said] = {"fr": "DOSSIER", "en": "FOLDER"}
_FILE: Final[Said] = {"fr": "FICHIER", "en": "FILE"}
_REQUIRED: Final[Said] = {
    "fr": "--on DATE --out FICHIER [OPTIONS]",
    "en": "--on DATE --out FILE [OPTIONS]",
}
_ON: Final[Said] = {
    "fr": "Jour de la recommandation, comme 2007-09-03 ou 03/09/2007 ; rien de ce qui vient après n'est regardé.",
    "en": "Day of the recommendation, as 2007-09-03 or 03/09/2007; nothing that comes later is looked at.",
}
_OUT: Final[Said] = {
    "fr": "Page à écrire (.html) ; - : sur la sortie standard.",
    "en": "Page to write (.html); -: on the standard output.",
}
_SERVICE: Final[Said] = {
    "fr": "Service à qui s'adressent les demandes sur l'algorithme ; sinon celui qui prend la décision.",
    "en": "To whom requests about the algorithm are addressed; else the service that takes the decision.",
}
_POLICY: Final[Said] = {
    "fr": "Règles et poids (TOML) ; sinon ceux de la bibliothèque.",
    "en": "Rules and weights (TOML); else those of the library.",
}
_TOP: Final[Said] = {
    "fr": "Sessions retenues par territoire : la recommandation et les suivantes. Sinon 3.",
    "en": "Sessions kept for each territory: the recommendation and the next best. Else 3.",
}
_TERRITORY: Final[Said] = {
    "fr": "Identifiant d'un territoire ; plusieurs fois pour plusieurs. Sinon tous.",
    "en": "Identifier of a territory; several times for several. Else all.",
}
_REJECTED: Final[Said] = {
    "fr": "Attention : {count} lignes rejetées au chargement ; « prai-match check {folder} » dit lesquelles.",
    "en": "Warning: {count} rows rejected on loading; 'prai-match check {folder}' tells which.",
}
_WRITTEN: Final[Said] = {"fr": "Écrit : {path}", "en": "Written: {path}"}


def command(lang: Lang) -> Command:
    """Return the command."""
    path = click.Path(path_type=Path)
    return Command(
        "report",
        lang=lang,
        params=[
            click.Argument(["folder"], metavar=_FOLDER[lang], type=path),
            click.Option(["--on"], type=Day(lang), required=True, help=_ON[lang]),
            click.Option(["--out"], type=Out(lang, ("html", "htm")), required=True, help=_OUT[lang]),
            click.Option(["--service"], metavar="NOM" if lang == "fr" else "NAME", default="", help=_SERVICE[lang]),
            click.Option(["--policy"], metavar=_FILE[lang], type=path, help=_POLICY[lang]),
            click.Option(["--top"], type=Count(lang), default=3, help=_TOP[lang]),
            click.Option(["--territory", "territories"], metavar="ID", multiple=True, help=_TERRITORY[lang]),
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
    used = Policy.load(policy) if policy else None
    programme, loading = loaded(folder)
    try:
        recs = programme.recommend(on=on, top=top, policy=used, territories=territories or None)
    except UnknownCodeError as error:
        raise click.UsageError(of_error(error, lang)) from None
    if out == STDOUT:
        sys.stdout.flush()
        sys.stdout.buffer.write(report.html(recs, lang=lang, service=service).encode())
    else:
        tell(_WRITTEN[lang].format(path=recs.report(out, lang, service)))
    tell(demo.summary(recs, lang))
    if not loading.rejected:
        return DONE
    tell(_REJECTED[lang].format(count=loading.rejected, folder=folder))
    return SOME_LEFT
