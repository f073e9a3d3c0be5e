"""``prai-match check``: a programme's folder read, and everything that is wrong with it told."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import polars as pl

from prai_match.cli._commands import DONE, SOME_LEFT, Command
from prai_match.cli._output import one_line, show, tell
from prai_match.cli._programme import loaded, the_reading

if TYPE_CHECKING:
    from prai_match.cli._words import Said
    from prai_match.model import Lang

_SHORT: Final[Said] = {
    "fr": "Lit un programme et dit tout ce qui n'y va pas.",
    "en": "Read a programme and tell all that is wrong with it.",
}
_HELP: Final[Said] = {
    "fr": """\
Lit le programme du DOSSIER (programme.toml et ses tables) et rend compte : lignes lues, acceptées et rejetées de chaque
table, colonnes reconnues, réparations, noms de collectivités, et pour chaque ligne rejetée le fichier, la ligne, la
colonne et le motif.

Sortie : 0 toutes les lignes sont acceptées ; 1 des lignes sont rejetées ; 3 le programme ne peut pas être chargé.""",
    "en": """\
Read the programme of a FOLDER (programme.toml and its tables) and report: rows read, accepted and rejected of each
table, columns recognised, what was mended, names of collectivities, and for each rejected row its file, line, column
and reason.

Exit code: 0 all rows are accepted; 1 rows are rejected; 3 the programme can't be loaded.""",
}
_FOLDER: Final[Said] = {"fr": "DOSSIER", "en": "FOLDER"}
_REJECTED: Final[Said] = {
    "fr": "Écrit les lignes rejetées dans ce dossier, avec leur motif, dans le format de leur fichier.",
    "en": "Write the rejected rows to this folder, with their reason, in the format of their file.",
}
_STRICT: Final[Said] = {
    "fr": "Refuse le programme (sortie 3) si une seule ligne est rejetée.",
    "en": "Refuse the programme (exit code 3) if a single row is rejected.",
}
_RECOGNISED: Final[Said] = {"fr": "Colonnes reconnues :", "en": "Columns recognised:"}
_COLUMN: Final[Said] = {"fr": "  {file} : {label} → {column}", "en": "  {file}: {label} → {column}"}
_HINT: Final[Said] = {
    "fr": "--rejected DOSSIER écrit toutes les lignes rejetées, avec leur motif.",
    "en": "--rejected FOLDER writes all rejected rows, with their reason.",
}
_WRITTEN: Final[Said] = {"fr": "Écrit : {path}", "en": "Written: {path}"}


def command(lang: Lang) -> Command:
    """Return the command."""
    return Command(
        "check",
        lang=lang,
        params=[
            click.Argument(["folder"], metavar=_FOLDER[lang], type=click.Path(path_type=Path)),
            click.Option(["--rejected"], metavar=_FOLDER[lang], type=click.Path(path_type=Path), help=_REJECTED[lang]),
            click.Option(["--strict"], is_flag=True, help=_STRICT[lang]),
            *the_reading(lang),
        ],
        callback=partial(_run, lang),
        help=_HELP[lang],
        short_help=_SHORT[lang],
    )


def _run(lang: Lang, folder: Path, rejected: Path | None, *, strict: bool) -> int:
    _, report = loaded(folder, lang, strict=strict)
    show(report.text(lang))
    recognised = report.headers().filter(pl.col("how").is_in(["synonym", "alike"]))
    if recognised.height:
        show("\n" + _RECOGNISED[lang])
        for file, label, column, _ in recognised.iter_rows():
            show(_COLUMN[lang].format(file=one_line(file), label=one_line(label), column=column))
    if report.rejected and not rejected:
        tell(_HINT[lang])
    if rejected:
        for path in report.save_rejected(rejected, lang):
            tell(_WRITTEN[lang].format(path=path))
    return SOME_LEFT if report.rejected else DONE
