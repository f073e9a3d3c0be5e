"""``prai-match new``: a folder to begin a programme with."""

from __future__ import annotations

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from prai_match import io
from prai_match.cli._commands import DONE, Command
from prai_match.cli._output import show

if TYPE_CHECKING:
    from prai_match.cli._words import Said
    from prai_match.model import Lang

_SHORT: Final[Said] = {
    "fr": "Écrit un petit programme à remplacer par le vôtre.",
    "en": "Write a small programme to replace with your own.",
}
_HELP: Final[Said] = {
    "fr": """\
Écrit dans un DOSSIER nouveau ou vide un petit programme qui se charge et recommande aussitôt : programme.toml, dont
chaque réglage est expliqué, les tables en CSV avec quelques lignes d'exemple, et une page qui les présente. Les
en-têtes et les explications sont dans la langue de la commande.

Sortie : 0 le dossier est écrit ; 3 il n'est pas vide ou ne peut pas être écrit.""",
    "en": """\
Write to a new or empty FOLDER a small programme that loads and recommends at once: programme.toml, which explains each
setting, the tables as CSV with a few example rows, and a page that presents them. Labels and explanations are in the
language of the command.

Exit code: 0 the folder is written; 3 it is not empty or can't be written.""",
}
_FOLDER: Final[Said] = {"fr": "DOSSIER", "en": "FOLDER"}
_DONE: Final[Said] = {
    "fr": """\
Écrit : {folder}
À remplacer par vos données ; {page} présente les tables. Puis :
  prai-match check {quoted}
  prai-match recommend {quoted} --on 2027-01-11 --out -""",
    "en": """\
Written: {folder}
Replace it with your data; {page} presents the tables. Then:
  prai-match check {quoted}
  prai-match recommend {quoted} --on 2027-01-11 --out -""",
}
_PAGE: Final[Said] = {"fr": "LISEZMOI.md", "en": "README.md"}


def command(lang: Lang) -> Command:
    """Return the command."""
    return Command(
        "new",
        lang=lang,
        params=[click.Argument(["folder"], metavar=_FOLDER[lang], type=click.Path(path_type=Path))],
        callback=partial(_run, lang),
        help=_HELP[lang],
        short_help=_SHORT[lang],
    )


def _run(lang: Lang, folder: Path) -> int:
    io.template(folder, lang)
    show(_DONE[lang].format(folder=folder, page=_PAGE[lang], quoted=shlex.quote(str(folder))))
    return DONE
