"""Names as people type them, each with all that is answered.

The names in `typed_names.tsv` were drawn once, of every kind of noise and of every reason.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from prai_match.register import Kind, Resolution, resolve

NAMES = Path(__file__).with_name("typed_names.tsv")
if TYPE_CHECKING:
    from goldens import Golden

HEADER = (
    "text", "department", "wanted", "status", "reason", "score", "code", "kind", "departement", "name", "candidates",
    "note", "note_en",
)  # fmt: skip

Asked = tuple[str, str, str]


@pytest.fixture(scope="module")
def answers() -> dict[Asked, Resolution]:
    """The answer to each text of the file, with the département beside it and the kind that is wanted."""
    lines = NAMES.read_text("utf-8").splitlines()[1:]
    asked = [(text, department, wanted) for text, department, wanted in (line.split("\t") for line in lines)]
    found: dict[Asked, Resolution] = {}
    for kind in (None, *get_args(Kind)):
        some = [one for one in asked if one[2] == (kind or "")]
        found |= zip(some, resolve([one[0] for one in some], [one[1] for one in some], kind), strict=True)
    return {one: found[one] for one in asked}


def table(rows: list[tuple[object, ...]]) -> str:
    return "".join("\t".join("" if value is None else str(value) for value in row) + "\n" for row in rows)


def candidates(answer: Resolution) -> str:
    listed = zip(answer.candidates, answer.candidate_kinds, answer.candidate_names, strict=True)
    return ", ".join(f"{code} {kind} {name}" for code, kind, name in listed)


@pytest.mark.french
def test_each_text_has_the_answer_that_is_known(golden: Golden, answers: dict[Asked, Resolution]) -> None:
    rows = [
        (
            *asked, answer.status, answer.reason, answer.score, answer.code, answer.kind, answer.departement, answer.name,
            candidates(answer), answer.note(), answer.note("en"),
        )
        for asked, answer in answers.items()
    ]  # fmt: skip
    golden("typed.tsv", table([HEADER, *rows]))


def test_each_reason_has_its_sentences(golden: Golden, answers: dict[Asked, Resolution]) -> None:
    reasons = {answer.reason: (answer.because("fr"), answer.because("en")) for answer in answers.values()}
    golden("reasons.tsv", table([(reason, *said) for reason, said in sorted(reasons.items())]))
