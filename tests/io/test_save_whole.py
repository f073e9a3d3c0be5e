"""A programme's folder is saved whole or not at all, by one writer at a time, and what others did to it is told."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from made import programme
from prai_match import PraiError, Programme, files, io
from prai_match.errors import InterruptedSaveWarning

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """A folder that a programme was saved to."""
    programme().save(tmp_path / "season")
    return tmp_path / "season"


def saved(folder: Path, lang: str = "en") -> list[str]:
    report = Programme.load(folder).load_report
    assert report is not None
    return report.saved(lang)  # type: ignore[arg-type]


def test_what_was_changed_by_hand_loads_and_is_told(season: Path) -> None:
    assert saved(season) == []
    needs = season / "needs.csv"
    needs.write_bytes(needs.read_bytes() + b"\r\n")
    (season / "attendances.csv").unlink()
    assert saved(season) == [
        "Changed since the last save: needs.csv",
        "Removed since the last save: attendances.csv",
    ]
    assert saved(season, "fr")[0] == "Modifiés depuis le dernier enregistrement\N{NO-BREAK SPACE}: needs.csv"
    report = io.load(season).report
    assert "Changed since the last save: needs.csv" in report.text("en")
    assert "needs.csv" in report.html("fr")
    programme().save(season)
    assert saved(season) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 1}', '{"files": {"../x": "0"}}'])
def test_a_manifest_that_is_damaged_is_told(text: str, season: Path) -> None:
    (season / ".manifest.json").write_text(text, "utf-8")
    (told,) = saved(season)
    assert "can't be read" in told
    assert Programme.load(season) == programme()


def test_a_folder_without_a_manifest_loads_as_ever(season: Path) -> None:
    (season / ".manifest.json").unlink()
    assert saved(season) == []


def test_a_folder_where_a_table_should_go_is_found_before_anything_is_changed(season: Path) -> None:
    before = (season / "programme.toml").read_bytes()
    (season / "needs.csv").unlink()
    (season / "needs.csv").mkdir()
    with pytest.raises(PraiError, match=r"folders with the names of files to write \(needs.csv\)") as caught:
        programme(travel_km=12).save(season)
    assert "des dossiers qui portent le nom de fichiers à écrire (needs.csv)" in caught.value.text("fr")
    assert (season / "programme.toml").read_bytes() == before
    assert not [name for name in names(season) if name.startswith((".draft", ".lock"))]
    (season / "needs.csv").rmdir()
    os.mkfifo(season / "needs.csv")
    with pytest.raises(PraiError, match="is not a regular file"):
        programme(travel_km=12).save(season)
    assert (season / "programme.toml").read_bytes() == before


def test_modes_and_links_stay(season: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (season / "needs.csv").rename(shared / "needs.csv")
    (season / "needs.csv").symlink_to(shared / "needs.csv")
    (season / "programme.toml").chmod(0o600)
    changed = programme(travel_km=12)
    changed = changed.model_copy(update={"needs": changed.needs[:1]})
    changed.save(season)
    assert stat.S_IMODE((season / "programme.toml").stat().st_mode) == 0o600
    assert (season / "needs.csv").is_symlink()
    assert names(shared) == ["needs.csv"]
    assert Programme.load(season, follow_links=True) == changed


def test_one_writer_at_a_time(season: Path) -> None:
    with files.lock(season):
        with pytest.raises(PraiError, match=r"being written by process \d+ on .*: wait until it has finished"):
            programme(travel_km=12).save(season)
        assert Programme.load(season) == programme()


def interrupted_save(season: Path, into: str) -> Programme:
    """Leave a folder as a process does that is killed as its files take their places."""
    changed = programme(travel_km=12)
    changed.save(season.parent / "new")
    old, new = season / into / "old", season / into / "new"
    old.mkdir(parents=True)
    new.mkdir()
    pairs: dict[str, list[str]] = {}
    for name in ("programme.toml", ".manifest.json"):
        before, after = (season / name).read_bytes(), (season.parent / "new" / name).read_bytes()
        (old / name).write_bytes(before)
        (new / name).write_bytes(after)
        pairs[name] = [files_digest(before), files_digest(after)]
    (season / into / "journal.json").write_bytes(files.record_bytes({"format": 1, "files": pairs}))
    return changed


def files_digest(data: bytes) -> str:
    import hashlib  # noqa: PLC0415 - here only

    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("into", [".save-complete", ".save-undone"])
def test_an_interrupted_save_is_finished_or_undone_and_told(into: str, season: Path) -> None:
    changed = interrupted_save(season, into)
    with pytest.warns(InterruptedSaveWarning, match="interrupted") as caught:
        loaded = Programme.load(season)
    finished = into == ".save-complete"
    assert loaded == (changed if finished else programme())
    assert isinstance(caught[0].message, InterruptedSaveWarning)
    assert "interrompu" in caught[0].message.text("fr")
    assert caught[0].filename == __file__
    assert loaded.load_report is not None
    assert loaded.load_report.text("en").splitlines()[1] == (
        "The last save had been interrupted: it is now finished."
        if finished
        else "A save was interrupted before it was complete: the files are those of the save before."
    )
    assert not [name for name in names(season) if name.startswith((".save", ".gone"))]
    assert saved(season) == []


@pytest.mark.parametrize("into", [".save-complete", ".save-undone"])
def test_what_was_changed_after_the_interruption_is_not_replaced(into: str, season: Path) -> None:
    changed = interrupted_save(season, into)
    settings = season / "programme.toml"
    settings.write_bytes(settings.read_bytes() + b"\n# mine\n")
    with pytest.raises(PraiError, match=r"programme\.toml has been changed since: to finish the save, move") as caught:
        Programme.load(season)
    assert "programme.toml a été modifié depuis" in caught.value.text("fr")
    assert settings.read_bytes().endswith(b"# mine\n")
    settings.unlink()
    with pytest.warns(InterruptedSaveWarning):
        assert Programme.load(season) == (changed if into == ".save-complete" else programme())


@pytest.mark.parametrize("journal", [None, "{", "[]", '{"files": {"../x": [null, "0"]}}', '{"files": {"x": [[], 1]}}'])
def test_a_journal_that_is_damaged_is_told(journal: str | None, season: Path) -> None:
    interrupted_save(season, ".save-complete")
    path = season / ".save-complete" / "journal.json"
    path.unlink()
    if journal is not None:
        path.write_text(journal, "utf-8")
    with pytest.raises(PraiError, match="to keep all files as they are, delete the folder") as caught:
        Programme.load(season)
    assert "supprimer le dossier" in caught.value.text("fr")


def test_who_loads_while_somebody_saves_reads_one_programme(season: Path) -> None:
    one, other = programme(), programme(travel_km=12)
    other = other.model_copy(update={"needs": other.needs[:1], "attendances": ()})

    def save() -> None:
        for _ in range(3):
            other.save(season)
            one.save(season)

    writer = threading.Thread(target=save)
    writer.start()
    loaded = [Programme.load(season)]
    while writer.is_alive():
        loaded.append(Programme.load(season))
    writer.join()
    assert all(each in (one, other) for each in loaded)


@pytest.mark.french
def test_rejected_rows_that_somebody_mended_are_not_overwritten(season: Path, tmp_path: Path) -> None:
    needs = season / "needs.csv"
    lines = needs.read_text("utf-8-sig").splitlines()
    needs.write_text("\n".join([*lines, lines[1].replace("2007", "20x7")]), "utf-8")
    report = io.load(season).report
    assert report.rejected == 1
    (first,) = report.save_rejected(tmp_path / "rejets")
    before = first.read_bytes()
    assert report.save_rejected(tmp_path / "rejets") == (first,)
    assert names(tmp_path / "rejets") == [first.name]
    first.write_bytes(before + b"mended")
    (second,) = report.save_rejected(tmp_path / "rejets")
    assert (first.name, second.name) == ("needs.rejets.csv", "needs.rejets.2.csv")
    assert first.read_bytes() == before + b"mended"
    assert second.read_bytes() == before
