"""What leaves for others tells nobody: notices, pages, plans, tables to hand out, folders that are public."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import python_calamine
from click.testing import CliRunner
from hypothesis import given

import persons
from made import ON
from prai_match import Programme, io, report, testing
from prai_match.cli._app import application
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

    from prai_match import Recommendations
    from prai_match.errors import Lang
    from prai_match.plan import Plan

pytestmark = pytest.mark.french
SERVICE = "Mme Martin, 05 61 33 50 50"
SIZES = testing.Sizes(territories=3, partners=2, trainers=2, needs=6, sessions=2, attendances=4)


@cache
def made() -> Programme:
    return persons.telling_programme()


@cache
def recs() -> Recommendations:
    return made().recommend(on=ON)


@cache
def season() -> Plan:
    return made().plan(ON, dt.date(2008, 1, 31), time_limit=0)


def told(text: str) -> list[str]:
    """The persons that a text tells."""
    return [person for person in persons.TOLD if person in text]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_notice_tells_nobody_but_the_service(lang: Lang) -> None:
    for rec in recs():
        notice = rec.notice(lang, SERVICE)
        for text in (notice.text(), notice.html(), json.dumps(notice.to_json(), ensure_ascii=False)):
            assert told(text) == []
            assert persons.MASKED[lang] in text
            assert SERVICE in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_brief_tells_nobody(lang: Lang) -> None:
    own = [rec.brief(lang, public=public) for rec in recs() if rec.next for public in (False, True)]
    own += [season().brief(code, lang) for code in season().sessions["id"]]
    for brief in own:
        for text in (brief.text(), brief.page(), json.dumps(brief.to_json(), ensure_ascii=False)):
            assert told(text) == []
            assert persons.MASKED[lang] in text


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_page_tells_nobody_but_the_service(lang: Lang) -> None:
    page = report.html(recs(), lang=lang, service=SERVICE, plan=season())
    assert told(page) == []
    assert page.count(SERVICE) == 2
    assert f"Territoire 1 {persons.MASKED[lang]}" in page


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_plans_and_tables_to_hand_out_tell_nobody(lang: Lang, tmp_path: Path) -> None:
    files = [path for name in ("p.csv", "p.ics") for path in season().save(tmp_path / name, lang)]
    texts = [path.read_text("utf-8").replace("\r\n ", "") for path in files]
    season().save(tmp_path / "p.xlsx", lang)
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "p.xlsx")
    texts += [str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    texts += [str(recs().spreadsheet(lang).to_dicts()), str(season().invitations(lang).to_dicts())]
    assert [told(text) for text in texts] == [[]] * 7
    assert all(persons.MASKED[lang].split(",")[0] in text for text in texts)


@pytest.mark.parametrize(
    ("file", "asked"),
    [
        ("r.csv", ("recommend", "--on", ON, "--details", "--top", 3)),
        ("r.html", ("report", "--on", ON, "--territory", "T1")),
        ("p.ics", ("plan", "--start", ON, "--end", "2007-12-21", "--time-limit", 0)),
    ],
)
def test_the_command_line_tells_nobody_in_what_it_writes(file: str, asked: tuple[Any, ...], tmp_path: Path) -> None:
    made().save(tmp_path / "own")
    command, *options = map(str, asked)
    program = CliRunner(catch_exceptions=False)
    run = program.invoke(application(), [command, str(tmp_path / "own"), *options, "--out", str(tmp_path / file)])
    assert run.exit_code == 0, run.output
    written = (tmp_path / file).read_text("utf-8").replace("\r\n ", "")
    assert told(written) == []
    assert "[nom]" in written


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_a_public_folder_tells_nobody_and_answers_as_the_programme_does(format: Any, tmp_path: Path) -> None:
    made().save(tmp_path / "public", format, public=True)
    public = Programme.load(tmp_path / "public", strict=True)
    assert told(public.model_dump_json()) == []
    assert [told(file.read_text("utf-8")) for file in (tmp_path / "public").glob("*.toml")] == [[], []]
    assert public.name.fr == f"Essai {persons.MASKED['fr']}"
    assert public.name.en == f"Essai {persons.MASKED['en']}"
    needs = public.needs.to_polars().select("text", "workshop", "axis", "score")
    assert needs.rows()[-2] == (f"refonte du site internet {persons.MASKED['fr']}", "site_internet", "refonte", 87.3)
    assert needs.rows()[-1] == ("", None, None, 0.0)  # its mask would be read
    assert public.decisions[0].why == f"retiré {persons.MASKED['fr']}"
    columns = ["territory", "session", "axis", "partner", "trainer", "score", "cost", "day", "reason"]
    assert public.recommend(ON).to_polars().select(columns).equals(recs().to_polars().select(columns))


def test_a_folder_of_its_own_keeps_every_word(tmp_path: Path) -> None:
    made().save(tmp_path / "own")
    assert Programme.load(tmp_path / "own", strict=True) == made()


@examples(15)
@given(testing.programmes(sizes=SIZES, texts=testing.need_texts()))
def test_what_tells_nobody_is_written_as_it_is(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> None:
    folder = tmp_path_factory.mktemp("drawn")
    whole = Programme.model_validate(programme.model_dump())
    whole.save(folder / "own")
    whole.save(folder / "public", public=True)
    for file in (folder / "own").iterdir():
        assert (folder / "public" / file.name).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", ["midi_pyrenees", "occitanie_2026"])
def test_nothing_of_the_bundled_regions_is_masked(name: str, tmp_path: Path) -> None:
    region = Programme.example(name)
    region.save(tmp_path / "own")
    region.save(tmp_path / "public", public=True)
    files = [
        file.name for file in (tmp_path / "own").iterdir() if file.suffix == ".csv" or file.name == "programme.toml"
    ]
    assert len(files) == len(io.TABLES) + 1
    for file in files:
        assert (tmp_path / "public" / file).read_bytes() == (tmp_path / "own" / file).read_bytes()


def test_comments_of_files_stay_at_home(tmp_path: Path) -> None:
    made().save(tmp_path / "own")
    file = tmp_path / "own" / "policy.toml"
    file.write_text(f"# Règles de {persons.PERSON}\n{file.read_text('utf-8')}", "utf-8")
    own = Programme.load(tmp_path / "own")
    own.save(tmp_path / "again")
    own.save(tmp_path / "public", public=True)
    assert told((tmp_path / "again" / "policy.toml").read_text("utf-8"))
    assert told((tmp_path / "public" / "policy.toml").read_text("utf-8")) == []


def test_public_is_yes_or_no(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        Programme.example().save(tmp_path, public="csv")  # type: ignore[arg-type]
