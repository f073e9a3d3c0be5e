"""Everything is said in French or in English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from prai_match.text import asked_language

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from goldens import Golden

COMMANDS = ("new", "check", "recommend", "needs", "resolve", "classify", "doctor")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_as_it_is_known(prai: Callable[..., Result], golden: Golden, command: str, lang: str) -> None:
    shown = prai(*command.split(), "--help", "--lang", lang)
    assert shown.exit_code == 0
    assert shown.stderr == ""
    golden(f"help_{command or 'prai'}_{lang}.txt", shown.stdout)


def test_help_and_version_have_short_ways(prai: Callable[..., Result]) -> None:
    assert prai("-h").stdout == prai("--help").stdout
    assert prai("--version").stdout.startswith("prai-match, version ")


def test_without_a_command_the_help_is_shown_and_it_is_a_usage_error(prai: Callable[..., Result]) -> None:
    for arguments, word in (((), "Commandes"), (("--lang", "en"), "Commands")):
        shown = prai(*arguments)
        assert shown.exit_code == 2
        assert shown.stdout == ""
        assert word in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "lang"),
    [
        ([], {}, "fr"),
        ([], {"LANG": "de_DE"}, "fr"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LC_ALL": "fr_FR", "LANG": "en_GB"}, "fr"),
        ([], {"LC_ALL": "C", "LANG": "en_GB"}, "en"),
        ([], {"PRAI_LANG": "fr", "LC_ALL": "en_GB"}, "fr"),
        (["--lang", "en", "check"], {"PRAI_LANG": "fr"}, "en"),
        (["check", "--lang=en"], {}, "en"),
        (["--lang", "fr", "check", "--lang", "en"], {}, "en"),
        (["check", "--lang"], {}, "fr"),
        (["check", "--lang", "de"], {"LANG": "en"}, "en"),
        (["check", "--", "--lang", "en"], {}, "fr"),
    ],
)
def test_the_language_is_asked_for_or_that_of_the_terminal(
    arguments: list[str], environment: dict[str, str], lang: str
) -> None:
    assert asked_language(arguments, environment) == lang


def test_lang_goes_before_the_command_or_after_it(prai: Callable[..., Result], small: Path) -> None:
    before, after = prai("--lang", "en", "check", small), prai("check", small, "--lang", "en")
    assert before.stdout == after.stdout
    assert "rows read" in after.stdout


@pytest.mark.parametrize(
    ("arguments", "french", "english"),
    [
        (
            ["chek"],
            "commande inconnue : chek ; vouliez-vous dire check ?",
            "unknown command: chek; did you mean check?",
        ),
        (["check"], "il manque DOSSIER", "FOLDER is missing"),
        (["check", "a", "b", "c"], "argument inattendu : b c", "unexpected argument: b c"),
        (
            ["check", "a", "--stric"],
            "option inconnue : --stric ; vouliez-vous dire --strict ?",
            "unknown option: --stric; did you mean --strict?",
        ),
        (
            ["check", "a", "--strict=1"],
            "l’option --strict n’attend pas de valeur",
            "the option --strict takes no value",
        ),
        (["check", "a", "--rejected"], "l’option --rejected attend une valeur", "the option --rejected needs a value"),
        (["--lang", "de"], "--lang : « de » n’est pas l’une des valeurs fr, en", '--lang: "de" is not one of fr, en'),
        (["recommend", "a", "--on", "2007-09-03"], "il manque --out", "--out is missing"),
        (
            ["recommend", "a", "--on", "31/02/2007", "--out", "-"],
            "--on : « 31/02/2007 » n’est pas une date",
            '--on: "31/02/2007" is not a valid date',
        ),
        (
            ["recommend", "a", "--on", "demain", "--out", "-"],
            "« demain » n’est pas une date",
            '"demain" is not a valid date',
        ),
        (
            ["recommend", "a", "--on", "2007-09-03", "--out", "-", "--top", "0"],
            "--top : « 0 » n’est pas un nombre entier",
            '--top: "0" is not a whole number',
        ),
        (
            ["recommend", "a", "--on", "2007-09-03", "--out", "a.xls"],
            "« a.xls » ne se termine par aucune des extensions .csv",
            '"a.xls" does not end with any of .csv',
        ),
        (
            ["resolve", "a", "--column", "b", "--kind", "comune"],
            "vouliez-vous dire commune, former_commune ?",
            "did you mean commune, former_commune?",
        ),
        (["classify", "a", "--column", "b", "--lexicon", "c", "--programme", "d"], "pas les deux", "not both"),
    ],
)
def test_a_wrong_usage_is_told_in_the_language(
    prai: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, arguments: list[str], french: str, english: str
) -> None:
    for lang, said in (("fr", french), ("en", english)):
        monkeypatch.setenv("PRAI_LANG", lang)
        shown = prai(*arguments)
        assert shown.exit_code == 2
        assert shown.stdout == ""
        assert said in shown.stderr
        assert "--help" in shown.stderr
