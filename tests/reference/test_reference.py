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
from reference.causes import causes
from reference.comparison import differences
from reference.lives import NEEDS, OTHER, by_need, lives
from reference.programmes import COUNT, drawn
from reference.questions import ANSWERS, DAYS, FOLDER, Source

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from reference.archive import Question, Tables


MANIFEST: dict[str, Any] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
SAMPLE = ["0005", "0037", "0085"]
MEANT = (
    "unknown fee", "unknown people", "unknown elected", "unknown technicians", "unknown monthly limit",
    "unknown cost of a session", "unknown cost of a room", "rule that may give no number", *NEEDS,
)  # fmt: skip
"""What was meant to change since the reference: what isn't given, and what is no number, is unknown; needs have a life."""
CHANGED = ["0007", "0040"]
REGION_DAYS = {
    "midi_pyrenees": ("2006-10-02", "2007-09-03", "2008-03-17"),
    "occitanie_2026": ("2024-10-07", "2026-05-11"),
}
FEW = 8
PART = 100
"""Programmes, the first ones, of which the causes are counted."""


def test_nothing_that_is_frozen_has_changed() -> None:
    frozen = [*(FOLDER / "regions").rglob("*"), *ANSWERS.iterdir()]
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


@pytest.mark.parametrize("region", DAYS)
def test_regions_are_answered_as_they_were_but_for_what_became_of_needs(region: str) -> None:
    source = Source("regions", region)
    days = [day for day in source.days if day.isoformat() in REGION_DAYS[region]]
    found = {(region, day.isoformat()): tables for day, tables in questions.answers(source, days, plans=False).items()}
    with questions.folder(source) as folder:
        programme = library.load(folder)
    changes = Counter[str]()
    for question, before in archive.read(ANSWERS, "regions", found):
        day = dt.date.fromisoformat(question[1])
        told = list(differences(question, before, found[question], library.COLUMNS))
        counts = by_need(told, library.needs(programme, day), source.files, day)
        assert bool(counts) is bool(lives(source.files, day)), "nothing differs before anything became of a need"
        changes += counts
    assert OTHER not in changes
    assert {"need met", "need to confirm"} <= changes.keys()


def test_drawn_programmes_are_answered_and_planned_as_they_were(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", *SAMPLE]) == 0
    assert capsys.readouterr().out == f"0 of {2 * len(SAMPLE)} questions differ\n"


def test_others_differ_by_what_was_meant_to_change_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert not any(set(MEANT) & found for number in SAMPLE for found in known_causes(int(number)))
    because = [argument for cause in MEANT for argument in ("--because", cause)]
    assert main(["--only", *CHANGED, *because]) == 0
    assert " 0 of them for no cause given\n" in capsys.readouterr().out


def kept(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
    """Answer as the reference does."""
    return {day: copy.deepcopy(part(source.group)[source.name, day.isoformat()]) for day in days if plans}


@cache
def part(group: str) -> dict[Question, Tables]:
    """A region and the first programmes, as they are in the reference."""
    names = {"midi_pyrenees", *(f"{number:04}" for number in range(FEW))}
    wanted = [question for question in archive.digests(ANSWERS)[group] if question[0] in names]
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
    assert main(["--only", "0007", "--all", str(kept_in)], planted) == 1
    [(day, territory, score)] = told
    said = capsys.readouterr().out
    assert f"0007 {day} answers[{territory}].score: {score!r} -> {(score or 0) + 2**-40!r}\n" in said
    assert "answers.score: 1 in 1 questions" in said
    assert "why_nots.row: 1 in 1 questions" in said
    assert " -> 'gone'" in said
    assert "2 of 2 questions differ" in said
    assert len(kept_in.read_text("utf-8").splitlines()) == 2


def test_programmes_that_differ_are_told_by_what_they_hold(capsys: pytest.CaptureFixture[str]) -> None:
    def planted(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
        found = kept(source, days, plans=plans)
        if "unknown fee" in causes(source.files, days[0]):
            for tables in found.values():
                tables["answers"][0][-1] = "fee_unknown"
        return found

    arguments = [str(FEW), "--no-regions"]
    with_it = sum("unknown fee" in known_causes(number)[0] for number in range(FEW))
    assert 0 < with_it < FEW
    assert main(arguments, planted) == 1
    said = capsys.readouterr().out.split("By cause, as questions\n")[1].splitlines()
    assert (
        said[0].strip() == f"unknown fee: {2 * with_it} of {2 * with_it} with it, 0 of {2 * (FEW - with_it)} without it"
    )
    assert main([*arguments, "--because", "unknown fee"], planted) == 0
    assert main([*arguments, "--because", "equal needs"], planted) == 1


def test_an_error_of_today_is_a_difference_too(capsys: pytest.CaptureFixture[str]) -> None:
    def broken(source: Source, days: Sequence[dt.date], *, plans: bool = True) -> dict[dt.date, Tables]:
        raise ValueError(source.name, len(days), plans)

    assert main(["--only", "0001"], broken) == 1
    assert "error[].row: None -> \"ValueError: ('0001', 2, True)\"" in capsys.readouterr().out


def test_a_reference_is_not_written_over(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["--write"], kept) == 2
    assert "never renewed" in capsys.readouterr().out
    folder = tmp_path / "answers"
    assert main(["--only", "0001", "midi_pyrenees", "--write", "--folder", str(folder)], kept) == 0
    assert main(["--only", "0001", "midi_pyrenees", "--folder", str(folder)], kept) == 0
