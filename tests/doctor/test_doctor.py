"""What the doctor finds in installations that are sound, incomplete, old or damaged."""

from __future__ import annotations

import importlib
import io
import sys
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from made_installation import CORE, PLAN, VIZ, install, uninstall
from prai_match import Programme, UnknownCodeError, charts, doctor, register
from prai_match.model import substitute

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from prai_match.doctor import Check, Diagnosis

LISTED = ("__init__.py", "register/data/register.parquet")


def named(found: Diagnosis, id: str) -> Check:
    (check,) = (each for each in found.checks if each.id == id)
    return check


def test_with_the_core_alone_all_is_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE, LISTED)
    found = doctor.check()
    assert found.ok
    assert found.failed == ()
    assert named(found, "files").text("en") == "✓ Installed files: all identical to those published (2)"
    assert [package.name for package in found.core] == sorted(CORE)
    assert [extra.name for extra in found.extras] == ["dask", "plan", "report", "viz"]
    assert not any(extra.installed for extra in found.extras)
    assert (named(found, "plan").status, named(found, "plan").remedy) == ("skipped", 'pip install "prai-match[plan]"')
    assert str(found) == found.text("en")


def test_an_extra_of_which_a_part_is_old_is_not_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE | PLAN | {"highspy": "1.9.0"})
    found = doctor.check()
    assert '– plan    absents ou trop anciens : highspy ; pip install "prai-match[plan]"' in found.text("fr")
    assert named(found, "plan").status == "skipped"


def test_an_extra_that_is_installed_and_does_not_work_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE | PLAN)
    monkeypatch.setitem(sys.modules, "highspy", None)
    found = doctor.check()
    plan = named(found, "plan")
    assert found.ok
    assert found.failed == (plan,)
    assert plan.remedy == 'pip install --force-reinstall "prai-match[plan]"'
    assert plan.facts["error"] == "PraiError"
    assert found.text("en").endswith("The core works; 1 extra needs fixing.")


def test_a_chart_that_is_none_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE | VIZ)
    monkeypatch.setattr(charts, "need_counts", lambda _: None)
    monkeypatch.setattr(charts, "svg", lambda _: "")
    assert named(doctor.check(), "viz").text("fr") == "✗ Un graphique : le graphique produit n’est pas une image SVG"


def test_a_plan_that_is_not_proven_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE | PLAN)
    made = Programme.plan
    monkeypatch.setattr(Programme, "plan", lambda *asked, **options: replace(made(*asked, **options), status="at_once"))
    plan = named(doctor.check(), "plan")
    assert (plan.status, plan.found, plan.facts["status"]) == ("failed", "other_plan", "at_once")
    assert "at_once" in plan.text("en")


def broken(error: BaseException) -> Any:
    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def test_a_register_that_can_not_be_read_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE)
    monkeypatch.setattr(register, "about", lambda: pl.read_parquet(io.BytesIO(b"PAR1 and no more")))
    found = doctor.check()
    assert not found.ok
    assert [check.id for check in found.failed] == ["register"]
    assert found.failed[0].facts["error"] == "ComputeError"
    assert found.failed[0].remedy == "pip install --force-reinstall --no-deps prai-match==0.1.0"


def test_a_register_that_lacks_a_commune_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE)
    about = register.about()
    fewer = replace(about, counts=about.counts | {"commune": 34_968})
    monkeypatch.setattr(register, "about", lambda: fewer)
    (check,) = doctor.check().failed
    assert check.text("en") == "✗ Official register: rows of kind commune: 34,968 instead of 34,969"


def test_a_register_whose_codes_are_others_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE)
    foix = register.get("09122")
    monkeypatch.setattr(register, "get", lambda _: foix)
    (check,) = doctor.check().failed
    assert check.text("fr") == "✗ Référentiel officiel : le code 31555 est celui de Foix au lieu de Toulouse"


@pytest.mark.parametrize(
    "error",
    [PermissionError(13, "denied", "/home/marie/register.parquet"), pl.exceptions.PanicException("/home/marie")],
)
def test_what_is_broken_names_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    install(tmp_path, monkeypatch, CORE)
    monkeypatch.setattr(register, "about", broken(error))
    found = doctor.check()
    assert type(error).__name__ in found.text("fr")
    assert "prai_match.doctor._trials:" in found.text("fr")
    for lang in ("fr", "en"):
        assert "marie" not in found.text(lang)
        assert str(tmp_path) not in found.text(lang)


def test_an_example_of_which_rows_are_rejected_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE)
    fewer = substitute(Programme.example("occitanie_2026"), territories=())
    whole = Programme.example()
    monkeypatch.setattr(Programme, "example", lambda name="midi_pyrenees": whole if name == "midi_pyrenees" else fewer)
    (check,) = doctor.check().failed
    assert (check.id, check.facts["territories"], check.facts["expected"]) == ("occitanie_2026", 0, 161)
    assert "161" in check.text("fr")


def test_another_answer_than_the_known_one_is_to_be_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE)
    monkeypatch.setattr("prai_match.doctor._trials._SESSION", "sig")
    found = doctor.check()
    (check,) = found.failed
    assert (check.id, check.remedy) == ("recommendation", "report")
    assert check.text("fr").endswith("dematerialisation pour CC des Portes d'Ariège Pyrénées au lieu de sig")
    assert "Que faire : transmettre ce texte" in found.text("fr")


@pytest.mark.parametrize(
    "line", ["prai_match/register/data/register.parquet,sha256=AAAA,", "prai_match/gone.py,sha256=AAAA,"]
)
def test_a_file_that_is_not_as_published_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    with suppress(ImportError):  # its finder, once there, leaves missing files out of `metadata.files`
        importlib.import_module("importlib_metadata")
    record = install(tmp_path, monkeypatch, CORE, ("__init__.py",))
    record.write_text(record.read_text("utf-8") + line + "\n", "utf-8")
    (check,) = doctor.check().failed
    assert check.id == "files"
    assert check.text("en") == f"✗ Installed files: missing or changed: 1, including {line.partition(',')[0]}"


def test_the_files_of_another_installation_are_not_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE, LISTED)
    (tmp_path / "prai_match").unlink()
    (tmp_path / "prai_match").mkdir()
    (tmp_path / "prai_match" / "__init__.py").write_text("", "utf-8")
    assert named(doctor.check(), "files").status == "skipped"


def test_dependencies_that_are_old_or_missing_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = {name: version for name, version in CORE.items() if name != "snowballstemmer"}
    install(tmp_path, monkeypatch, old | {"polars": "1.30.1", "networkx": "3.4rc1"})
    found = doctor.check()
    (check,) = found.failed
    assert not found.ok
    assert check.text("en") == "✗ Dependencies: missing or too old: polars, snowballstemmer"
    assert check.remedy == 'pip install --upgrade "polars>=2.0" "snowballstemmer"'
    assert "  snowballstemmer (absent)\n" in found.text("fr")


def test_another_version_than_the_installed_one_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE, own="0.0.9")
    (check,) = doctor.check().failed
    assert check.text("en") == "✗ Library: version 0.0.9 is installed, but version 0.1.0 is running"


def test_a_library_that_is_not_installed_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    uninstall(monkeypatch)
    found = doctor.check()
    assert [check.id for check in found.failed] == ["library"]
    assert (found.core, found.extras) == ((), ())
    assert named(found, "dependencies").status == named(found, "files").status == "skipped"


def test_an_unknown_language_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, CORE)
    monkeypatch.setattr("prai_match.doctor._trials.EXAMPLES", {})
    found = doctor.check()
    with pytest.raises(UnknownCodeError):
        found.text("de")  # type: ignore[arg-type]
    with pytest.raises(UnknownCodeError):
        found.checks[0].text("de")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("version", "least", "fits"),
    [("2", "2.0", True), ("2.0", "2", True), ("1.10", "1.9", True), ("2.0rc1", "2.0", True), ("1.9", "1.10", False)],
)
def test_versions_are_compared_as_numbers(version: str, least: str, fits: bool) -> None:  # noqa: FBT001 - a case
    assert doctor.Package("any", version, least).fits is fits
