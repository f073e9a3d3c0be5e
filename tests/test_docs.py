"""The README and the pages of docs/ tell the truth: their examples run, what is written from the code is up to date."""

from __future__ import annotations

import datetime as dt
import json
import re
import runpy
import tomllib
from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import jsonschema
import polars as pl
import pytest

import build_docs
import walk
from _french import spaced
from _schemas_of_results import RESULTS
from prai_match import Policy, Programme, io
from prai_match.policy import Vocabulary
from schemas import SCHEMAS, wrong_rows

if TYPE_CHECKING:
    from goldens import Golden

pytestmark = pytest.mark.french

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
]


# They show what the default policy gives: one test follows them all, so that a rule added to it breaks one test.
OF_THE_DEFAULT_POLICY = [
    "docs/explanation/hosts.md",
    "docs/explanation/together.md",
    "docs/fr/guides/ecrire_une_regle.md",
    "docs/fr/guides/tenir_ensemble.md",
    "docs/fr/guides/utiliser_ce_que_votre_region_sait.md",
    "docs/fr/tutoriel.md",
    "docs/how_to/check_a_plan.md",
    "docs/how_to/use_what_your_region_knows.md",
    "docs/how_to/write_a_rule.md",
    "docs/tutorial.md",
]


def named(page: Path) -> str:
    return "/".join(page.relative_to(ROOT).parts)


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if walk.runs(page) and named(page) not in OF_THE_DEFAULT_POLICY], ids=named
)
def test_a_page_followed_to_the_letter_gives_what_it_shows(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page, tmp_path, monkeypatch)
    walk.follow(page)


def test_pages_show_what_the_default_policy_gives(
    golden: Golden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in OF_THE_DEFAULT_POLICY:
        if golden.writes:
            begin(ROOT / name, tmp_path / "written" / Path(name).stem, monkeypatch)
            walk.rewrite(ROOT / name)
        begin(ROOT / name, tmp_path / Path(name).stem, monkeypatch)
        walk.follow(ROOT / name)


def begin(page: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be where a reader of a page is: in a folder that has the bundled region's, with a terminal in the page's language."""
    with as_file(files("prai_match").joinpath("data", "midi_pyrenees")) as region:
        copytree(region, folder / "my_programme")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("PRAI_LANG", "fr" if "fr" in page.parts else "en")


def test_a_page_that_shows_something_else_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    right = (
        '```csv title="a.csv"\nNom\nFoix\n```\n\n'
        "```python\nfrom pathlib import Path\n1 + 1  # → 2\nfor n in range(9):\n    print(n)\n```\n\n"
        "```text\n0\n…\n8\n```\n\n```console\n$ make test  # it takes long\n$ prai-match --version\nprai-match, version 0.1.0\n```\n"
    )
    page = tmp_path / "page.md"
    page.write_text(right, "utf-8")
    walk.follow(page)
    assert Path("a.csv").read_text("utf-8") == "Nom\nFoix\n"
    for old, new in (
        ("→ 2", "→ 3"),
        ("\n8\n", "\n9\n"),
        ("…", "2\n…"),
        ("0.1.0", "0.2.0"),
        ("$ make", "$ rm"),
        ("range(9)", "no"),
    ):
        assert old in right
        page.write_text(right.replace(old, new), "utf-8")
        with pytest.raises((AssertionError, NameError)):
            walk.follow(page)


def test_a_page_is_written_anew_with_what_comes_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    right = (
        "```python\n1 + 1  # → 2\nfor n in range(9):\n    print('n =', n)\nprint('end')\n```\n\n"
        "```text\nn = 0\n…\nn = 4\n…\nend\n```\n\n```console\n$ prai-match --version\nprai-match, version 0.1.0\n```\n"
    )
    page = tmp_path / "page.md"
    for old, new in (("→ 2", "→ 3"), ("n = 0\n", "m = 7\n"), ("end\n```", "End.\n```"), ("0.1.0", "0.2.0")):
        assert old in right
        page.write_text(right.replace(old, new), "utf-8")
        walk.rewrite(page)
        walk.follow(page)
        assert page.read_text("utf-8") == right


def test_the_readme_recommends_and_explains() -> None:
    (first, *_) = blocks(ROOT / "README.md", "python")
    assert "recommend" in first
    assert "200066231" in Programme.example().recommend(on=Programme.example().period.start)


@pytest.mark.french
def test_pages_that_come_from_the_code_are_up_to_date(golden: Golden) -> None:
    written = build_docs.pages()
    for path, text in written.items():
        golden(ROOT / "docs" / path, text)
    for folder in ("reference/api", "reference/schemas"):
        files = (path for path in (ROOT / "docs" / folder).rglob("*") if path.is_file())
        names = {path.relative_to(ROOT / "docs").as_posix() for path in files}
        assert names == {path for path in written if path.startswith(folder)}


def test_no_line_of_a_french_page_can_begin_with_a_colon() -> None:
    page = "Voici (« ceci ») : 20 000 € ?\n\n```text\na : b ; 20 000 €\n```\n\n- `a ; b` ; c\n"
    expected = (
        "Voici («\xa0ceci\xa0»)\xa0: 20\u202f000\xa0€\u202f?\n\n```text\na : b ; 20 000 €\n```\n\n- `a ; b`\u202f; c\n"
    )
    assert spaced(page) == spaced(expected) == expected


def test_the_vocabulary_page_has_every_column_and_its_formula_in_both_languages() -> None:
    page = build_docs.vocabulary()
    for column in Vocabulary.standard().all:
        assert column.formula is not None, column.name
        assert (column.formula.fr[-1], column.formula.en[-1]) == (".", "."), column.name
        assert f"`{column.name}`" in page
        assert f"| {column.formula.en} | {spaced(column.formula.fr)} |" in page


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_of_a_schema_is_described_in_both_languages(name: str) -> None:
    schema = SCHEMAS[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    for described in (schema, *schema["properties"].values()):
        assert described["description"].strip()
        assert described["description_fr"].strip()


def test_the_bundled_region_is_written_as_its_schemas_say(tmp_path: Path) -> None:
    folder = io.save(Programme.example(), tmp_path / "region", "json")
    tables = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("[!.]*.json")}
    assert set(tables) == set(SCHEMAS) - set(RESULTS)
    for name, rows in tables.items():
        assert rows
        assert not wrong_rows(name, rows)
        assert [list(row) for row in rows[:1]] == [list(SCHEMAS[name]["properties"])]
    assert wrong_rows("needs", [{**tables["needs"][0], "date": "03/09/2007"}])
    assert wrong_rows("sessions", [{**tables["sessions"][0], "cost": "1250,50"}])
    assert wrong_rows("partners", [{**tables["partners"][0], "hosted": [{"departement": "9", "sessions": 3}]}])


@pytest.mark.parametrize("on", [dt.date(2007, 9, 3), dt.date(2008, 3, 1)])
def test_recommendations_are_written_as_their_schemas_say(on: dt.date, tmp_path: Path) -> None:
    recs = Programme.example().recommend(on=on)
    tables = {"recommendation": recs.to_polars("en"), "offer": recs.ranking()}
    for name, frame in tables.items():
        rows = json.loads(io.write(frame, tmp_path / f"{name}.json").read_text("utf-8"))
        assert not wrong_rows(name, rows)
        assert list(rows[0]) == list(SCHEMAS[name]["properties"])
        assert pl.DataFrame(rows, infer_schema_length=None)["territory"].to_list() == frame["territory"].to_list()


def test_the_rules_on_the_policy_page_are_those_of_the_default_policy() -> None:
    shown = [
        rule
        for block in blocks(ROOT / "docs" / "explanation" / "policy.md", "toml")
        for rule in tomllib.loads(block)["rule"]
    ]
    rows = {row.id: row.model_dump() for row in Policy.default().rows.rule}
    assert {rule["id"] for rule in shown} == {"enough_people", "equity"}
    for rule in shown:
        assert rule.items() <= rows[rule["id"]].items()


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_registry_host_is_named_in_the_constraints() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    assert lines
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+]+", line) for line in lines)


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / "first_recommendation.py"), run_name="__main__")
    assert "territories" in capsys.readouterr().out


def test_the_threat_model_names_tests_that_are_there() -> None:
    page = (ROOT / "docs" / "explanation" / "threat_model.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 60
    for file, test in named:
        assert f"def {test}(" in (ROOT / file).read_text("utf-8") if test else (ROOT / file).is_file(), (file, test)
    assert not re.findall(r"`(?:\w+\.py::|::|test_)\w*", page), "a test is named with its file"


def test_each_threat_has_the_test_that_holds_it() -> None:
    page = (ROOT / "docs" / "explanation" / "threat_model.md").read_text("utf-8")
    tables = re.findall(r'^<div class="paths".*?^</div>', page, re.MULTILINE | re.DOTALL)
    rows = [row for table in tables for row in re.findall(r"^\|.*\|$", table, re.MULTILINE)[2:]]
    assert len(rows) > 30
    assert not [row for row in rows if not re.search(r"\| `tests/[^|]+ \|$", row)]
