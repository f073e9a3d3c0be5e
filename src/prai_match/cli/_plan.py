"""``prai-match plan``: the dated sessions of a period, to a workbook, CSV or a calendar."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from prai_match.cli._commands import Command
from prai_match.cli._output import STDOUT, show, tell
from prai_match.cli._programme import loaded, the_reading
from prai_match.cli._recommending import WRITTEN, the_folder, the_policy, warned
from prai_match.cli._types import Among, Day, Out, _Type
from prai_match.policy import Policy
from prai_match.text import number

if TYPE_CHECKING:
    import datetime as dt

    from prai_match.cli._words import Said
    from prai_match.model import Lang
    from prai_match.plan import Plan

_SHORT: Final[Said] = {
    "fr": "Planifie les sessions d'une période : où, quand, pour qui.",
    "en": "Plan the sessions of a period: where, when, for whom.",
}
_HELP: Final[Said] = {
    "fr": """\
Charge le programme du DOSSIER et planifie les sessions d'une période : celles à tenir, leur territoire d'accueil, leur
jour, leur relais, leur intervenant et les territoires invités, en respectant les agendas, les effectifs, les distances
et le budget. Ctrl-C arrête le calcul et garde le meilleur plan trouvé.

Sortie : 0 tout est chargé ; 1 des lignes ont été rejetées au chargement (le plan est écrit, sans elles) ; 3 le
programme ou la politique est inutilisable.""",
    "en": """\
Load the programme of a FOLDER and plan the sessions of a period: which to hold, their host territory, day, relay and
trainer, and the territories invited, within diaries, numbers of people, distances and the budget. Ctrl-C ends the
search and keeps the best plan found.

Exit code: 0 all is loaded; 1 rows were rejected on loading (the plan is written, without them); 3 the programme or the
policy can't be used.""",
}
_REQUIRED: Final[Said] = {
    "fr": "--start DATE --end DATE --out FICHIER [OPTIONS]",
    "en": "--start DATE --end DATE --out FILE [OPTIONS]",
}
_START: Final[Said] = {
    "fr": "Premier jour de la période, comme 2007-09-03 ou 03/09/2007.",
    "en": "First day of the period, as 2007-09-03 or 03/09/2007.",
}
_END: Final[Said] = {"fr": "Dernier jour de la période.", "en": "Last day of the period."}
_OUT: Final[Said] = {
    "fr": "Fichier à écrire : .xlsx (sessions et invitations), .csv (deux fichiers), .ics (agenda) ; - : le plan en "
    "texte sur la sortie standard.",
    "en": "File to write: .xlsx (sessions and invitations), .csv (two files), .ics (calendar); -: the plan as text on "
    "the standard output.",
}
_BUDGET: Final[Said] = {
    "fr": "Montant que les nouvelles sessions ne dépassent pas, en euros ; sinon ce qui reste au programme.",
    "en": "Amount that the new sessions don't exceed, in euros; else what the programme has left.",
}
_ON: Final[Said] = {
    "fr": "Jour où le plan est fait : rien de ce qui vient après n'est regardé. Sinon le premier jour.",
    "en": "Day of planning: nothing that comes later is looked at. Else the first day.",
}
_TIME: Final[Said] = {
    "fr": "Durée maximale du calcul, en secondes ; 0 : le plan fait aussitôt. Sinon 60.",
    "en": "Most time of the search, in seconds; 0: the plan made at once. Else 60.",
}
_SCHOOL: Final[Said] = {
    "fr": "Zone dont les vacances scolaires sont fermées ; sinon aucune.",
    "en": "Zone whose school holidays are closed; else none.",
}
_PREVIOUS: Final[Said] = {
    "fr": "Export précédent (.ics) : les sessions qui n'y sont plus deviennent annulées. Pour --out .ics.",
    "en": "Earlier export (.ics): the sessions that are no longer planned become cancelled. For --out .ics.",
}
_FILE: Final[Said] = {"fr": "FICHIER", "en": "FILE"}
_AMOUNT: Final[Said] = {
    "fr": "« {value} » n'est pas un nombre d'au moins 0, comme 12000 ou 1250,50",
    "en": "'{value}' is no number of at least 0, as 12000 or 1250.50",
}
_BACKWARDS: Final[Said] = {
    "fr": "la période finit avant de commencer : --end doit suivre --start",
    "en": "the period ends before it starts: --end must follow --start",
}
_NO_CALENDAR: Final[Said] = {
    "fr": "--previous demande un fichier .ics pour --out",
    "en": "--previous needs an .ics file for --out",
}
_SEARCH: Final[Said] = {
    "fr": "Pour chercher un meilleur plan pendant une minute : --time-limit 60",
    "en": "To search for a better plan during a minute: --time-limit 60",
}
_UNSERVED: Final[Said] = {
    "fr": "Demandes non servies, et ce qui les servirait :",
    "en": "Demands not served, and what would serve them:",
}


class Amount(_Type):
    """A number of at least 0, with a comma or a point."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:  # noqa: ANN401
        """Return the number."""
        text = str(value).replace(",", ".")
        if not re.fullmatch(r"\d{1,12}(\.\d{1,2})?", text, re.ASCII):
            self.fail(_AMOUNT[self.lang].format(value=value), param, ctx)
        return float(text)


def command(lang: Lang) -> Command:
    """Return the command."""
    path = click.Path(path_type=Path, exists=False)
    return Command(
        "plan",
        lang=lang,
        params=[
            the_folder(lang),
            click.Option(["--start"], type=Day(lang), required=True, help=_START[lang]),
            click.Option(["--end"], type=Day(lang), required=True, help=_END[lang]),
            click.Option(["--out"], type=Out(lang, ("xlsx", "csv", "ics")), required=True, help=_OUT[lang]),
            click.Option(["--budget"], type=Amount(lang, "EUROS"), help=_BUDGET[lang]),
            click.Option(["--on"], type=Day(lang), help=_ON[lang]),
            the_policy(lang),
            click.Option(["--school-holidays"], type=Among(("A", "B", "C"), lang), help=_SCHOOL[lang]),
            click.Option(["--time-limit"], type=Amount(lang, "S"), default=60, help=_TIME[lang]),
            click.Option(["--previous"], metavar=_FILE[lang], type=path, help=_PREVIOUS[lang]),
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
    start: dt.date,
    end: dt.date,
    out: Path,
    policy: Path | None,
    previous: Path | None,
    **asked: Any,  # noqa: ANN401 - as they are called by `Programme.plan`
) -> int:
    if end < start:
        raise click.UsageError(_BACKWARDS[lang])
    if previous is not None and out.suffix.lower() != ".ics":
        raise click.UsageError(_NO_CALENDAR[lang])
    before = None if previous is None else previous.read_bytes()
    used = Policy.load(policy) if policy else None
    programme, loading = loaded(folder, lang)
    plan = programme.plan(start, end, policy=used, **asked)
    if out == STDOUT:
        show(plan.text(lang))
    else:
        for path in plan.save(out, lang, previous=before):
            tell(WRITTEN[lang].format(path=path))
        tell("\n".join(plan.summary(lang)[1:]))
    if plan.status == "at_once":
        tell(_SEARCH[lang])
    _unserved(plan, lang)
    return warned(loading, folder, lang)


def _unserved(plan: Plan, lang: Lang) -> None:
    """Tell what would serve the demands that aren't, the most frequent first."""
    counts = plan.unserved(lang).group_by("sentence").len("count").sort("count", "sentence", descending=[True, False])
    if counts.height:
        lines = (f"  {number(count, 0, lang):>5}  {sentence}" for sentence, count in counts.iter_rows())
        tell("\n".join([_UNSERVED[lang], *lines]))
