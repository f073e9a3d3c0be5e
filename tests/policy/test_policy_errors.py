"""Every bad policy is refused when it is loaded, with its place, what was found and what was expected."""

from __future__ import annotations

import pickle
import re
from typing import TYPE_CHECKING

import pytest

from made import programme
from prai_match import Policy, PolicyError

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'id = "mine"\nname = { fr = "Ma politique", en = "My policy" }\n'


def rule(condition: str, *more: str, key: str = "require", id: str = "mine", stage: str = "session") -> str:
    lines = ["[[rule]]", f'id = "{id}"', f'stage = "{stage}"', f'{key} = "{condition}"', 'fr = "f"', 'en = "e"', *more]
    return "\n".join(lines) + "\n"


def problems(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        Policy.from_toml(text, source="mine.toml")
    return [str(problem) for problem in caught.value.problems]


FAULTS = [
    (HEAD + rule("need_scor >= 60"), "mine.toml:3 (mine): found unknown column 'need_scor', expected a column known at this stage; did you mean need_score"),
    (HEAD + rule("trainer_rating > 1"), "unknown column 'trainer_rating'"),
    (HEAD + rule("partner_covers", stage="trainer"), "unknown column 'partner_covers'"),
    (HEAD + rule("kind = 'bufet'"), "found unknown kind 'bufet', expected a known kind; did you mean buffet"),
    (HEAD + rule("'atelier' = kind"), "unknown kind 'atelier', expected a known kind: one of buffet, workshop"),
    (HEAD + rule("kind NOT IN ('buffet', 'atelier')"), "unknown kind 'atelier'"),
    (HEAD + rule("kind IN ('atelier')"), "unknown kind 'atelier'"),
    (HEAD + rule("people > 20 AND people < 10"), "expected a condition that can be met: this one never is"),
    (HEAD + rule("need_score > 100"), "this one never is"),
    (HEAD + rule("kind = 'buffet' AND kind = 'workshop'"), "this one never is"),
    (HEAD + rule("need_score > 100", "weight = 1", key="prefer"), "this one never is"),
    (HEAD + rule("1 = 1"), "this one always has the same value"),
    (HEAD + rule("people"), "found 'people', a number, expected a condition, true or false"),
    (HEAD + rule("kind", "weight = 1", key="prefer"), "a text, expected a number from 0 to 1"),
    (HEAD + rule("people > 'a'"), "expected a correct SQL expression"),
    (HEAD + rule("people >"), "expected a correct SQL expression"),
    (HEAD + rule(""), "found nothing, expected an expression"),
    (HEAD + rule("people > 1" + " OR people > 1" * 200), "expected an expression of at most 2000"),
    (HEAD + rule("people > 2; DROP"), "found '; DROP' at character 11"),
    (HEAD + rule("people > $1"), "found '$1' at character 10"),
    (HEAD + rule("people > 1 -- comment"), "unknown column 'comment'"),
    (HEAD + rule("people > 1", "weight = 3"), "found unknown field 'weight'"),
    (HEAD + rule("people > 1", "unknwon = 'accept'"), "unknown field 'unknwon', expected a known field; did you mean unknown"),
    (HEAD + rule("people > 1", "zzzzzz = 1"), "unknown field 'zzzzzz', expected a known field: one of id, stage, "),
    (HEAD + rule("people > 1", "unknown = 'maybe'"), "(mine).unknown: found 'maybe', expected 'accept' or 'refuse'"),
    (HEAD + rule("people > 1", "postpones = true"), "(mine): found unknown field 'postpones', expected a known field: one of id, stage, "),
    (HEAD + rule("people > 1") + rule("people > 2", id="trainer_free"), "mine.toml:9: found rule 'trainer_free' again, expected an identifier used only once"),
    (HEAD + rule("people / 20", "weight = 1", key="prefer", id="open_day"), "mine.toml:3: found rule 'open_day' again"),
    (HEAD + rule("people / 20", "weight = -1", key="prefer"), "(mine).weight: found -1, expected a value of at least 0"),
    (HEAD + rule("people / 20", key="prefer"), "found no field 'weight', expected this field: it is required"),
    (HEAD + rule("people / 20", "weight = 1", "unknown = 2", key="prefer"), "(mine).unknown: found 2"),
    (HEAD + rule("people > 1", stage="seance"), "(mine).stage: found 'seance'"),
    (HEAD + rule("people > 1").replace('"f"', '"{peopel}"'), "found {peopel} in the sentence, expected a column known at this stage; did you mean people"),
    (HEAD + rule("people > 1").replace('"f"', '"{people:one}"'), "found {people:one} in the sentence, expected {column:one|many}"),
    (HEAD + rule("people > 1").replace('"f"', '"{people:a|b|c|d}"'), "found {people:a|b|c|d} in the sentence"),
    (HEAD + rule("people > 1").replace('"f"', '"{kind:a|b}"'), "of a numeric column"),
    (HEAD + rule("people > 1", "kind = 'atelier'"), "(mine): found unknown kind 'atelier', expected a known kind: one of buffet, workshop"),
    (HEAD + rule("people / 20", "weight = 1", "kind = 'atelier'", key="prefer"), "kind: found 'atelier', expected 'buffet' or 'workshop'"),
    (HEAD + rule("population > 1").replace('"session"', '"territory"'), "expected a preference, without a kind of session"),
    (HEAD + rule("population / 9", "weight = 1", "kind = 'buffet'", key="prefer").replace('"session"', '"territory"'), "expected a preference, without a kind of session"),
    (HEAD + rule("people / 9", "weight = 1", key="prefer").replace('"session"', '"territory"'), "found unknown column 'people', expected a column known at this stage"),
    (HEAD + rule("population / 9 + strong_need", "weight = 1", key="prefer"), 'found population, strong_need, expected `stage = "territory"`: these data are the same'),
    (HEAD + rule("population / 9", "weight = 1", key="prefer").replace('"session"', '"place"'), 'found population, expected `stage = "territory"`: these data are the same'),
    (HEAD + rule("1 = 1", "kind = 'workshop'"), "this one always has the same value"),
    (HEAD + rule("need_score > 100", "kind = 'workshop'"), "this one never is"),
    (HEAD + rule("people > 1".ljust(1995), "kind = 'workshop'"), "expected an expression of at most 2000"),
    (HEAD + rule("people > 1") + rule("people > 2"), "mine.toml:9: found rule 'mine' again, expected an identifier used only once"),
    (HEAD + rule("people > 20", id="a") + rule("people < 10", id="b"), "found a (people > 20) and b (people < 10), expected rules that can be met together: these never are"),
    (HEAD, "found no rule, expected at least one [[rule]]"),
    (HEAD + "rule = 3", "expected tables written [[rule]]"),
    ("id = 3", "3 is not text"),
    (HEAD + "[[column]]\nname = 'people'\ntype = 'number'\nfr = 'f'\nen = 'e'\n" + rule("people > 1"), "mine.toml:3: found column 'people' again"),
    ("id = ", "mine.toml: found Invalid value (at end of document), expected a TOML file"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_each_fault_is_named_with_its_place(text: str, said: str) -> None:
    assert any(said in problem for problem in problems(text)), problems(text)


@pytest.mark.parametrize(
    "name",
    [
        "able", "axis", "core", "day", "next", "per_month", "per_year", "rank", "reason", "row", "score",
        "session_cost", "served", "step", "stop", "territory_name", "p_points", "r_points", "s_points", "s_step",
        "x_points", "ab", "case",
    ],
)  # fmt: skip
def test_a_column_has_no_name_of_the_engine_or_of_sql(name: str) -> None:
    column = f'[[column]]\nname = "{name}"\ntype = "number"\nfr = "f"\nen = "e"\n'
    assert problems(HEAD + column + rule("people > 1")) == [
        f"mine.toml:3: found column '{name}', expected another name: this one is reserved for the library"
    ]


# Columns that no condition reads any more: their stage, and what took their place.
REPLACED = {
    "in_blackout": (
        "session",
        "the calendar closes blackouts, and open_days counts its open days",
        "le calendrier ferme les périodes de gel, et open_days compte ses jours ouverts",
    ),
    "budget_left": (
        "session",
        "the programme's budget already limits every session",
        "le budget du programme (budget) limite déjà chaque session",
    ),
    "partner_room": (
        "partner",
        "the relay's sessions_a_year already limits it",
        "le nombre de sessions par an du relais (sessions_a_year) le limite déjà",
    ),
    "trainer_wait_days": (
        "trainer",
        "the wait for a trainer is a setting of the programme (trainer_wait_limit), and wait_days counts the whole wait",
        "l’attente de l’intervenant est un réglage du programme (trainer_wait_limit), et wait_days compte toute l’attente",
    ),
    "trainer_load": (
        "trainer",
        "the load of a trainer is a setting of the programme (trainer_load_limit)",
        "la charge de l’intervenant est un réglage du programme (trainer_load_limit)",
    ),
}


@pytest.mark.parametrize("column", REPLACED)
def test_a_condition_on_what_is_a_limit_is_told_what_took_its_place(column: str) -> None:
    stage, english, french = REPLACED[column]
    text = HEAD + rule(f"{column} = {'TRUE' if column == 'in_blackout' else 1}", stage=stage)
    assert problems(text) == [
        f"mine.toml:3 (mine): found unknown column '{column}', expected a column known at this stage; {english}"
    ]
    assert in_french(text) == [
        f"  - mine.toml:3 (mine) : colonne inconnue : « {column} » ; il faut une colonne connue à cette étape ; {french}"
    ]


def in_french(text: str) -> list[str]:
    with pytest.raises(PolicyError) as caught:
        Policy.from_toml(text, source="mine.toml")
    return caught.value.text("fr").splitlines()[1:]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (rule("need_scor >= 60"), "colonne inconnue : « need_scor » ; il faut une colonne connue à cette étape ; vouliez-vous dire need_score"),
        (rule("kind = 'bufet'"), "valeur inconnue de kind : « bufet » ; il faut une valeur connue de kind ; vouliez-vous dire buffet ?"),
        (rule("people > 20 AND people < 10"), "il faut une condition qui puisse être remplie : celle-ci ne l’est jamais"),
        (rule("people"), "« people », qui est un nombre ; il faut une condition, qui soit vraie ou fausse"),
        (rule("kind", "weight = 1", key="prefer"), "« kind », qui est un texte ; il faut un nombre de 0 à 1, ou une condition"),
        (rule("people > 2; DROP"), "« ; DROP » au caractère 11 ; il faut des colonnes"),
        (rule("MAX(people) > 1"), "fonction inconnue : « MAX » ; il faut l’une de ces fonctions : ABS"),
        (rule("people > 1", "unknown = 'maybe'"), "mine.toml:3 (mine).unknown : « maybe » ne convient pas ; il faut « accept » ou « refuse »"),
        (rule("people > 1", "unknwon = 'accept'"), "champ inconnu : « unknwon » ; il faut un champ connu ; vouliez-vous dire unknown"),
        (rule("people / 20", key="prefer"), "aucun champ « weight » ; il faut ce champ"),
        (rule("people / 20", "weight = -1", key="prefer"), "-1 ne convient pas ; il faut une valeur supérieure ou égale à 0"),
        (rule("people > 1", id="Été"), "« Été » ne convient pas ; il faut un identifiant : une lettre"),
        (rule("people > 1").replace('"f"', '"{peopel}"'), "{peopel} dans la phrase ; il faut une colonne connue à cette étape ; vouliez-vous dire people ?"),
        (rule("people > 20", id="a") + rule("people < 10", id="b"), "a (people > 20) et b (people < 10) ; il faut des règles qui puissent être remplies ensemble"),
        ("", "aucune règle ; il faut au moins une règle [[rule]]"),
        ("x = ", "mine.toml : une erreur de syntaxe ; il faut un fichier TOML"),
        ("x = ]", "mine.toml : une erreur de syntaxe à la ligne 3, colonne 5 ; il faut un fichier TOML"),
    ],
)  # fmt: skip
def test_officers_are_told_in_french(text: str, said: str) -> None:
    assert any(said in line for line in in_french(HEAD + text)), in_french(HEAD + text)


@pytest.mark.parametrize("text", [text for text, _ in FAULTS])
def test_every_fault_has_its_french(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.from_toml(text, source="mine.toml")
    for problem in caught.value.problems:
        assert problem.expected_fr
        assert problem.found_fr or not re.match(r"[a-z]{3,} ", problem.found, re.IGNORECASE)


@pytest.mark.parametrize(
    "attack",
    [
        "read_csv('/etc/passwd') = 1",
        "(SELECT 1) = 1",
        "people IN (SELECT people FROM self)",
        "SUM(people) OVER (PARTITION BY session) > 1",
        "MAX(people) > 1",
        "EXISTS (SELECT 1)",
        "people > 1 UNION SELECT 1",
        "REGEXP_LIKE(session, '(a+)+$')",
        "REPEAT(session, 1000000000) = 'a'",
        "LEAST(people, 1) = 1",
        "CAST(people AS VARCHAR) = '1'",
        "people::varchar = '1'",
        '"people" > 1',
        "people > 0x10",
        "people > 1e999 /* */",
    ],
)
def test_an_expression_reaches_nothing_but_columns(attack: str) -> None:
    assert problems(HEAD + rule(attack.replace('"', '\\"')))


def test_all_problems_come_at_once() -> None:
    text = (
        HEAD
        + rule("peopel > 1", id="a")
        + rule("x > 1", "weight = -1", key="prefer", id="b")
        + rule("people > 1", id="a")
    )
    assert len(problems(text)) == 1, "the shape is checked first"
    text = HEAD + rule("peopel > 1", id="a") + rule("x > 1", id="b") + rule("people > 1", id="a")
    assert len(problems(text)) == 3


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name, english, french in (
        ("none.toml", "no such file", "aucun fichier de ce nom"),
        ("binary.toml", "byte 0xff", "l’octet 0xff"),
    ):
        with pytest.raises(PolicyError, match=f"found {english}, expected a TOML file in UTF-8") as caught:
            Policy.load(tmp_path / name)
        assert f"{french} ; il faut un fichier TOML en UTF-8" in caught.value.text("fr")
    with pytest.raises(PolicyError, match="found a folder, expected an ordinary file") as caught:
        Policy.load(tmp_path)
    assert "un dossier ; il faut un fichier ordinaire" in caught.value.text("fr")


def test_an_unknown_session_is_refused_with_the_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + rule("session <> 'sigg'"), "utf-8")
    with pytest.raises(PolicyError, match="unknown session 'sigg', expected a known session; did you mean sig"):
        Policy.load(path, programme=programme())
    with pytest.raises(PolicyError, match="did you mean sig"):
        programme().recommend(on=programme().period.start, policy=Policy.load(path))
    path.write_text(HEAD + rule("session IN ('sig', 'site_internet')"), "utf-8")
    assert Policy.load(path, programme=programme()).id == "mine"


def test_changes_are_checked_too() -> None:
    default = Policy.default()
    with pytest.raises(
        PolicyError, match="weight for 'equit', expected a preference of this policy; did you mean equity"
    ):
        default.with_weights(equit=1)
    with pytest.raises(PolicyError, match=r"politique_prai\.toml, rule \d+ \(equity\).weight: found -3"):
        default.with_weights(equity=-3)
    with pytest.raises(
        PolicyError, match="unknown rule 'not_atended', expected a rule of this policy; did you mean not_attended"
    ):
        default.without("not_atended")
    with pytest.raises(PolicyError, match="one of") as caught:
        default.with_weights(zzz=1)
    assert "un poids pour « zzz » ; il faut une préférence parmi " in caught.value.text("fr")
    with pytest.raises(PolicyError) as caught:
        default.without("equit")
    assert (
        "règle inconnue : « equit » ; il faut une règle de cette politique ; vouliez-vous dire equity ?"
        in caught.value.text("fr")
    )
    with pytest.raises(PolicyError, match=r"partner_covers \(partner_covers\) and again \(NOT partner_covers\)"):
        default.require("NOT partner_covers", id="again", stage="partner")
    with pytest.raises(PolicyError, match="no rule"):
        Policy.from_toml(HEAD + rule("people > 1")).without("mine")


def test_the_error_keeps_its_problems_across_processes() -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.from_toml(HEAD)
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert copy.problems == caught.value.problems
    assert str(copy) == str(caught.value)
