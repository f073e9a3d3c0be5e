"""Known texts: what is compared, what is written, and what a difference says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from goldens import Golden, difference

if TYPE_CHECKING:
    from pathlib import Path


def test_a_text_that_is_known_is_held_to_the_last_space(tmp_path: Path) -> None:
    golden = Golden(tmp_path, writes=False)
    (tmp_path / "a.txt").write_text("3\xa0€\n", "utf-8")
    golden("a.txt", "3\xa0€\n")
    golden(tmp_path / "a.txt", "3\xa0€\n")
    for text in ("", "3 €\n", "3\xa0€", "3\xa0€\n\n", "3\xa0€\r\n", " 3\xa0€\n"):
        with pytest.raises(AssertionError, match=r"(?s)make golden writes it.*3\\xa0€"):
            golden("a.txt", text)


@pytest.mark.parametrize("text", ["", "a\n"])
def test_a_text_that_is_not_known_fails(tmp_path: Path, text: str) -> None:
    with pytest.raises(AssertionError, match=r"there is no .*/b\.txt: make golden writes it"):
        Golden(tmp_path, writes=False)("b.txt", text)


def test_a_text_is_written_as_it_is(tmp_path: Path) -> None:
    Golden(tmp_path / "new", writes=True)("c.txt", "é\n\n")
    assert (tmp_path / "new" / "c.txt").read_bytes() == b"\xc3\xa9\n\n"


def test_the_first_lines_that_differ_are_shown(tmp_path: Path) -> None:
    before = "".join(f"{n}\n" for n in range(500))
    few = difference(before, before.replace("\n7\n", "\n7\xa0000\n"), tmp_path)
    assert few.splitlines()[3:] == ["@@ -6,5 +6,5 @@", " 5", " 6", "-7", r"+7\xa0000", " 8", " 9"]
    many = difference(before, before.replace("1", "un"), tmp_path).splitlines()
    assert len(many) == 82
    assert many[-1].startswith("… and ")
    assert many[-1].endswith(" lines more")
