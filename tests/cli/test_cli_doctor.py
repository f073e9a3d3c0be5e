"""``prai-match doctor``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from made_installation import CORE, PLAN, VIZ, install
from prai_match import doctor
from prai_match.doctor import Check

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    from goldens import Golden


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> doctor.Diagnosis:
    """What is found where the extras ``plan`` and ``viz`` are installed, on a machine that is known."""
    with pytest.MonkeyPatch.context() as patch:
        install(tmp_path_factory.mktemp("installed"), patch, CORE | PLAN | VIZ)
        found = doctor.check()
    return replace(found, python="CPython 3.13.5", platform="Linux 6.12.9 (x86_64)")


@pytest.fixture
def diagnosed(prai: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Run the command where something is found."""

    def run(found: doctor.Diagnosis, *arguments: str) -> Result:
        monkeypatch.setattr(doctor, "check", lambda: found)
        return prai("doctor", *arguments)

    return run


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_sound_installation_is_told(
    diagnosed: Callable[..., Result], golden: Golden, sound: doctor.Diagnosis, lang: str
) -> None:
    shown = diagnosed(sound, "--lang", lang)
    assert (shown.exit_code, shown.stderr) == (0, "")
    golden(f"doctor_{lang}.txt", shown.stdout)


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (Check("register", "failed", "error", {"error": "ComputeError", "place": ""}, "report"), 3),
        (Check("viz", "failed", "other_chart", remedy="report", extra="viz"), 1),
        (Check("viz", "skipped", "missing", extra="viz"), 0),
    ],
)
def test_the_exit_code_says_what_is_broken(
    diagnosed: Callable[..., Result], sound: doctor.Diagnosis, check: Check, code: int
) -> None:
    shown = diagnosed(replace(sound, checks=(*sound.checks, check)))
    assert shown.exit_code == code
    assert check.text("fr") in shown.stdout
