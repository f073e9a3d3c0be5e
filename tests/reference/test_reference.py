"""Today's code answers as the reference says, for a sample; all of it is compared by `make reference`."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
import subprocess
import sys
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from compare_reference import main
from reference import archive, library, questions
from reference.accounts import Tally, accounts
from reference.causes import causes
from reference.comparison import differences
from reference.days import BOOKED, FIRST_DAY, FREEZE, LAG, NAMED, TRAINER
from reference.programmes import COUNT, drawn
from reference.questions import ANSWERS, DAYS, FOLDER, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reference.archive import Question, Tables


MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
SAMPLE = ["0272", "0628"]
"""Nothing would account for a difference of any of their territories, on both days; most of them have an offer."""
CHANGED = ["0083", "0143"]
REGION_DAYS = [
    ("midi_pyrenees", "2006-10-02", {TRAINER}),
    ("midi_pyrenees", "2007-05-02", {BOOKED, LAG, NAMED, "need met", "need met, near", *(f"need of one who attended{near}" for near in ("", ", near"))}),
    ("midi_pyrenees", "2008-03-17", {FREEZE, "need met", "need to confirm"}),
    ("occitanie_2026", "2024-10-07", {BOOKED, LAG}),
    ("occitanie_2026", "2026-01-12", {FIRST_DAY, "need met", "need of one who attended"}),
]  # fmt: skip
"""What accounts for what differs, or the first of it."""
PART = 100
"""Programmes, the first ones, of which the causes are counted."""


def test_nothing_that_is_frozen_has_changed() -> None:
    frozen = [*(FOLDER / "regions").rglob("*"), *ANSWERS.iterdir(), FOLDER / "readings.jsonl.xz"]
    found = {
        path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in frozen
        if path.is_file()
    }
    assert found == MANIFEST["files"]


def test_every_programme_is_drawn_as_it_was() -> None:
    digests = "".join(drawn(number).digest for number in range(COUNT))
    assert hashlib.sha256(digests.encode()).hexdigest() == MANIFEST["programmes"]


def test_programmes_are_drawn_without_the_library_and_whatever_the_hash_seed() -> None:
    program = "import sys; from reference.programmes import drawn; print(drawn(7).digest, 'prai_match' in sys.modules)"
    command = [sys.executable, "-S", "-c", program]
    environment = {"PYTHONPATH": str(FOLDER.parent), "PYTHONHASHSEED": "5"}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [drawn(7).digest, "False"]


def test_the_reference_holds_every_question_once_and_its_digests_are_those_of_its_rows() -> None:
    digests = archive.digests(ANSWERS)
    assert set(digests["regions"]) == {(name, day) for name, days in DAYS.items() for day in days}
    names = [f"{number:04}" for number in range(COUNT)]
    assert list(dict.fromkeys(name for name, _ in digests["programmes"])) == names
    for group in archive.GROUPS:
        rows = {
            question: {name: archive.digest(each) for name, each in found.items()}
            for question, found in archive.read(ANSWERS, group)
        }
        assert rows == digests[group]


def test_programmes_are_of_all_kinds() -> None:
    counts = Counter(cause for number in range(PART) for found in known_causes(number) for cause in found)
    assert len(counts) >= 55
    assert max(counts.values()) < 2 * PART
    for cause in ("day in a freeze", "day after an election", "day after the end", "session booked on the day"):
        assert counts[cause] >= PART // 10


@cache
def known_causes(number: int) -> list[frozenset[str]]:
    made = drawn(number)
    return [causes(made.files, day) for day in made.days]


def test_causes_are_told_from_the_files() -> None:
    made = drawn(7)
    held = causes(made.files, made.days[0])
    header = made.files["trainers.csv"].split(b"\r\n")[0] + b"\r\n"
    found = causes({**made.files, "trainers.csv": header}, made.days[0])
    assert found - held == {"empty table of trainers"}
    assert held - found == {"unknown fee"}


@pytest.mark.parametrize(("region", "date", "expected"), REGION_DAYS)
def test_regions_are_answered_as_they_were_but_for_what_accounts_for_it(
    region: str, date: str, expected: set[str]
) -> None:
    source, day, tally = Source("regions", region), dt.date.fromisoformat(date), Tally()
    with questions.folder(source) as folder:
        programme = library.load(folder)
    now = library.tables(programme, day, plan_days=0)
    before = part("regions")[region, date]
    told = {each.key[0] for each in differences((region, date), before, now, library.COLUMNS)}
    tally.add(accounts(library.needs(programme, day), source.files, day), told)
    assert tally.counts.keys() == expected


def test_drawn_programmes_are_answered_as_they_were(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", *SAMPLE]) == 0
    assert capsys.readouterr().out == f"0 of {2 * len(SAMPLE)} questions differ\n"


def test_others_differ_by_what_accounts_for_it_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", *CHANGED, "--accounted"]) == 0
    *_, other, _, last = capsys.readouterr().out.splitlines()
    assert other.strip().startswith("other: 0 of ")
    assert last.endswith(" of 4 questions differ, 0 of them for no cause given")


def test_nothing_accounts_for_a_planted_difference(capsys: pytest.CaptureFixture[str]) -> None:
    def planted(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
        found = kept(source, days, plans=plans)
        found[days[1]]["answers"][0][-1] = "no_trainer"
        return found

    assert main(["--only", "0272", "--accounted"], planted) == 1
    assert "1 of 2 questions differ, 1 of them for no cause given\n" in capsys.readouterr().out


def kept(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
    """Answer as the reference does."""
    found = {day: copy.deepcopy(part(source.group)[source.name, day.isoformat()]) for day in days}
    left_out = () if plans else library.PLANS
    return {day: {name: rows for name, rows in each.items() if name not in left_out} for day, each in found.items()}


@cache
def part(group: str) -> dict[Question, Tables]:
    """A region and some programmes, as they are in the reference."""
    asked = {(region, date) for region, date, _ in REGION_DAYS}
    names = {"midi_pyrenees", *SAMPLE, "0001", "0002", "0003"}
    known = archive.digests(ANSWERS)[group]
    wanted = [question for question in known if question[0] in names or question in asked]
    return dict(archive.read(ANSWERS, group, wanted))


def test_a_difference_is_told_with_its_place_and_its_field(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    told = []

    def planted(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
        found = kept(source, days, plans=plans)
        first = found[days[0]]["answers"][0]
        score = " ".join(library.COLUMNS["answers"]).split().index("score")
        told.append((days[0], first[0], first[score]))
        first[score] = (first[score] or 0) + 2**-40
        found[days[1]]["why_nots"].pop()
        return found

    kept_in = tmp_path / "all.txt"
    assert main(["--only", "0003", "--all", str(kept_in)], planted) == 1
    [(day, territory, score)] = told
    said = capsys.readouterr().out
    assert f"0003 {day} answers[{territory}].score: {score!r} -> {(score or 0) + 2**-40!r}\n" in said
    assert "answers.score: 1 in 1 questions" in said
    assert "why_nots.row: 1 in 1 questions" in said
    assert " -> 'gone'" in said
    assert "2 of 2 questions differ" in said
    assert len(kept_in.read_text("utf-8").splitlines()) == 2


@pytest.mark.parametrize(("because", "expected"), [("unknown fee", 0), ("equal needs", 1)])
def test_programmes_that_differ_are_told_by_what_they_hold(
    because: str, expected: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def planted(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
        found = kept(source, days, plans=plans)
        if "unknown fee" in causes(source.files, days[0]):
            for tables in found.values():
                tables["answers"][0][-1] = "fee_unknown"
        return found

    assert ["unknown fee" in known_causes(number)[0] for number in (1, 2)] == [False, True]
    assert main(["--only", "0001", "0002", "--because", because], planted) == expected
    said = capsys.readouterr().out.split("By cause, as questions\n")[1].splitlines()
    assert "  unknown fee: 2 of 2 with it, 0 of 2 without it" in said
    assert said[0].endswith(": 2 of 2 with it, 0 of 2 without it"), "the clearest come first"


def test_an_error_of_today_is_a_difference_too(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
        raise ValueError(source.name, len(days), plans)

    assert main(["--only", "0001"], broken) == 1
    assert "error[].row: None -> \"ValueError: ('0001', 2, False)\"" in capsys.readouterr().out


def test_a_reference_is_not_written_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--write"], kept) == 2
    assert "never renewed" in capsys.readouterr().out
    folder = tmp_path / "answers"
    assert main(["--only", "0001", "midi_pyrenees", "--write", "--folder", str(folder)], kept) == 0
    assert main(["--only", "0001", "midi_pyrenees", "--folder", str(folder)], kept) == 0
