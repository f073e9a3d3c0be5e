"""The program itself: its entry point, its streams, its ends."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from prai_match import PraiError
from prai_match.cli import main
from prai_match.cli._output import forget_output, in_utf8, of_error
from prai_match.text import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

ROOT = Path(__file__).parents[2]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "prai_match.cli", *arguments],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def test_the_entry_point_is_the_program() -> None:
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    module, _, name = scripts["prai-match"].partition(":")
    assert getattr(import_module(module), name) is main


def test_it_writes_utf8_whatever_the_terminal_says(small: Path) -> None:
    ran = run("check", str(small), PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert ran.returncode == 0
    assert "acceptées" in ran.stdout.decode("utf-8")
    assert ran.stderr == b""


def test_a_reader_that_leaves_is_no_error() -> None:
    Path("n.csv").write_text("Nom\n" + "Foix\n" * 30_000, "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "prai_match.cli", "classify", "n.csv", "--column", "Nom"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as ran:
        assert ran.stdout
        assert ran.stderr
        ran.stdout.close()
        assert b"Traceback" not in ran.stderr.read()
        assert ran.wait() == 141


def test_what_is_left_goes_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w")
    monkeypatch.setattr(sys, "stdout", stream)
    stream.write("lost")
    with pytest.raises(BrokenPipeError):
        stream.flush()
    forget_output()
    stream.close()


def test_a_broken_pipe_has_its_code(prai: Callable[..., Result], small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("prai_match.cli._app.show", broken)
    monkeypatch.setattr("prai_match.cli._commands.forget_output", lambda: None)
    assert prai("check", small).exit_code == 141


def test_an_interruption_has_its_code(prai: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("prai_match.cli._commands.load", interrupted)
    shown = prai("check", "x")
    assert shown.exit_code == 130
    assert "Interrompu." in shown.stderr


def test_without_click_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in [name for name in sys.modules if name.startswith("prai_match.cli._")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "click", None)
    for lang, word in (("fr", "installer"), ("en", "install")):
        with pytest.raises(SystemExit) as left:
            main(["--lang", lang, "check", "x"])
        assert left.value.code == 3
        out, err = capsys.readouterr()
        assert out == ""
        assert f"{word} prai-match[cli]" in err


def test_another_module_that_is_missing_is_no_matter_of_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "prai_match.cli._app", raising=False)
    monkeypatch.setitem(sys.modules, "prai_match.cli._commands", None)
    monkeypatch.delattr("prai_match.cli._commands", raising=False)
    with pytest.raises(ImportError):
        main([])


def test_arguments_are_those_of_the_program(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["prai-match", "--version"])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == 0
    assert capsys.readouterr().out.startswith("prai-match, version ")


def test_streams_that_have_no_encoding_are_left_alone() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    in_utf8(stream, io.StringIO())
    stream.write("é\udc80")
    stream.flush()
    assert stream.buffer.getvalue() == "é?".encode()


def test_errors_are_said_in_words() -> None:
    assert of_error(PraiError("needs the extra io")) == "needs the extra io"
    with language("fr"):
        assert of_error(PermissionError(13, "Permission denied", "a.csv")) == "a.csv : Permission denied"
    assert of_error(OSError("odd")) == "odd"
