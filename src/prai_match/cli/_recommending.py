"""What the commands that recommend share: their folder and options, the run, and the last word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prai_match import demo
from prai_match.cli._commands import DONE, SOME_LEFT
from prai_match.cli._output import one_line, tell
from prai_match.cli._programme import loaded
from prai_match.cli._types import Day
from prai_match.cli._words import of_error
from prai_match.errors import UnknownCodeError
from prai_match.policy import Policy
from prai_match.text import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from prai_match._front import Recommendations
    from prai_match.cli._words import Said
    from prai_match.io import LoadReport
    from prai_match.model import Lang

WRITTEN: Final[Said] = {"fr": "Écrit : {path}", "en": "Written: {path}"}
_FOLDER: Final[Said] = {"fr": "DOSSIER", "en": "FOLDER"}
_FILE: Final[Said] = {"fr": "FICHIER", "en": "FILE"}
_ON: Final[Said] = {
    "fr": "Jour de la recommandation, comme 2007-09-03 ou 03/09/2007 ; rien de ce qui vient après n'est regardé.",
    "en": "Day of the recommendation, as 2007-09-03 or 03/09/2007; nothing that comes later is looked at.",
}
_POLICY: Final[Said] = {
    "fr": "Règles et poids (TOML) ; sinon ceux du programme.",
    "en": "Rules and weights (TOML); else those of the programme.",
}
_TERRITORY: Final[Said] = {
    "fr": "Identifiant d'un territoire ; plusieurs fois pour plusieurs. Sinon tous.",
    "en": "Identifier of a territory; several times for several. Else all.",
}
_REJECTED: Final[Said] = {
    "fr": "Attention : {rows} au chargement ; « prai-match check {folder} » dit pourquoi.",
    "en": "Warning: {rows} on loading; 'prai-match check {folder}' tells why.",
}
_UNKNOWN: Final[Said] = {"fr": "Attention : {consequence}", "en": "Warning: {consequence}"}
_ROWS: Final[dict[Lang, dict[str, str]]] = {
    "fr": {"one": "{count} ligne rejetée", "other": "{count} lignes rejetées"},
    "en": {"one": "{count} row rejected", "other": "{count} rows rejected"},
}


def the_folder(lang: Lang) -> click.Argument:
    """Return the argument that names the programme's folder."""
    return click.Argument(["folder"], metavar=_FOLDER[lang], type=click.Path(path_type=Path))


def the_day(lang: Lang) -> click.Option:
    """Return the option of the day."""
    return click.Option(["--on"], type=Day(lang), required=True, help=_ON[lang])


def the_policy(lang: Lang) -> click.Option:
    """Return the option of the policy."""
    return click.Option(["--policy"], metavar=_FILE[lang], type=click.Path(path_type=Path), help=_POLICY[lang])


def the_territories(lang: Lang) -> click.Option:
    """Return the option of the territories."""
    return click.Option(["--territory", "territories"], metavar="ID", multiple=True, help=_TERRITORY[lang])


def recommended(  # noqa: PLR0913 - what the options say
    folder: Path, on: dt.date, *, top: int, policy: Path | None, territories: Sequence[str], lang: Lang
) -> tuple[Recommendations, LoadReport]:
    """Load the programme and recommend.

    Raises:
        UsageError: A territory isn't in the programme.
        PraiError: The programme or the policy can't be used.
    """
    used = Policy.load(policy) if policy else None
    programme, loading = loaded(folder, lang)
    try:
        return programme.recommend(on=on, top=top, policy=used, territories=territories or None), loading
    except UnknownCodeError as error:
        raise click.UsageError(of_error(error, lang)) from None


def concluded(recs: Recommendations, loading: LoadReport, folder: Path, lang: Lang) -> int:
    """Tell how many have a recommendation and how many rows were rejected; return the exit code."""
    tell(demo.summary(recs, lang))
    return warned(loading, folder, lang)


def warned(loading: LoadReport, folder: Path, lang: Lang) -> int:
    """Tell what isn't known and how many rows were rejected; return the exit code."""
    for consequence in loading.consequences(lang):
        tell(_UNKNOWN[lang].format(consequence=one_line(consequence)))
    if not loading.rejected:
        return DONE
    tell(_REJECTED[lang].format(rows=counted(loading.rejected, _ROWS[lang], lang), folder=folder))
    return SOME_LEFT
