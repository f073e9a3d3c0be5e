"""``prai-match needs``: what the needs of a programme ask for, those to check, and what an officer states of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import click
import polars as pl

from prai_match import io, needs
from prai_match._front import Programme
from prai_match.cli import _commands, _output
from prai_match.cli._output import STDOUT, ExitCode, one_line, show, tell, tell_files, words
from prai_match.cli._table import FileTable, read_table
from prai_match.errors import did_you_mean
from prai_match.model import Axis, Workshop
from prai_match.text import LANGUAGES, current_language, messages

_SHOWN: Final = ("row", "text", "workshop", "axis")
_NONE: Final = ("none", "aucun")
_KEPT: Final = ("row", "collectivity", "date", "text")


def needs_command() -> _commands.Command:
    return _commands.Command(
        "needs",
        _commands.path_argument("folder"),
        click.Option(["--review"], is_flag=True),
        _commands.path_option("--labels", "file"),
        click.Option(["--out"], type=_commands.out()),
        *_commands.reading_options(),
        callback=_needs,
    )


def _needs(folder: Path, *, review: bool, labels: Path | None, out: Path | None, **reading: Any) -> int:  # noqa: ANN401 - as `load` takes them
    texts = words()["needs"]
    if labels is not None and (review or out is not None):
        raise click.UsageError(texts["one_of"])
    if labels is not None:
        return _label(folder, labels, **reading)
    programme, loading = _commands.load(folder, **reading)
    frame = programme.review(current_language()) if review else _every(programme)
    read = {"workshop": "read_workshop", "axis": "read_axis"}
    blank = [pl.lit(None, pl.String).alias(name) for name in read] if review else []
    table = frame.rename(read).with_columns(blank)
    count = programme.needs.to_polars().filter(pl.col("text").str.contains(r"\S")).height
    if out or not _output.read_by_a_person():
        _output.deliver(table if out and _output.for_programs(out) else _in_words(table), out or STDOUT)
    else:
        _show(frame)
    tell(texts["count"].format(count=count, shown=frame["row"].n_unique()))
    return _commands.warn(loading, folder)


def _every(programme: Programme) -> pl.DataFrame:
    """Return all that the needs with a text name, each with its place in the programme."""
    rows = programme.needs.to_polars().with_row_index("row").cast({"row": pl.Int64})
    rows = rows.filter(pl.col("text").str.contains(r"\S")).select(_KEPT)
    found = programme.read_needs(rows["text"])
    sentences = {reason: needs.reason_sentence(reason, current_language()) for reason in needs.REASONS}
    because = pl.col("reason").replace_strict(sentences, default=None, return_dtype=pl.String)
    return pl.concat([rows[found["text"]], found.drop("text").with_columns(because)], how="horizontal")


def _in_words(table: pl.DataFrame) -> pl.DataFrame:
    labels, values = words()["needs"]["columns"], words()["needs"]["values"]
    told = [pl.col(name).replace(values) for name in ("polarity", "reader") if name in table.columns]
    told += [pl.col("score").round(1), pl.col("words").list.join(", ")]
    return table.with_columns(told).rename({name: labels[name] for name in table.columns})


def _show(frame: pl.DataFrame) -> None:
    texts, group = words()["needs"], None
    for each in frame.iter_rows(named=True):
        if each.get("group") != group:
            group = each["group"]
            show(texts["group"].format(group=one_line(group or "—"), count=each["count"]))
        named = " / ".join(name for name in (each["workshop"], each["axis"]) if name) or "—"
        polarity = texts["values"].get(each.get("polarity") or "wanted")
        if each.get("polarity") not in {None, "wanted"}:
            named += f" ({polarity})"
        text = each["text"][each.get("start") : each.get("end")]
        show(texts["line"].format(row=each["row"], named=named, text=one_line(text)))


def _label(folder: Path, file: Path, **reading: Any) -> int:  # noqa: ANN401 - as `load` takes them
    texts = words()["needs"]
    programme, _ = _commands.load(folder, strict=True, **reading)
    labels = _labels(programme, file, reading["max_memory"])
    if not labels:
        tell(texts["nothing"].format(file=file.name))
        return ExitCode.DONE
    paths, examples = io.save_labels(programme, folder, labels)
    tell_files(paths)
    tell(texts["done"].format(needs=len(labels), examples=examples))
    return ExitCode.DONE


def _labels(programme: Programme, file: Path, max_memory: int) -> dict[int, list[io.Stated]]:
    """Return what a file states of needs, by their place in the programme."""
    texts = words()["needs"]
    columns = [messages("prai_match.cli", "commands", lang)["needs"]["columns"] for lang in LANGUAGES]
    names = {column: {column, *(each[column] for each in columns)} for column in _SHOWN}
    table = read_table(file, sorted({label for each in names.values() for label in each}), None, None, max_memory)
    cells = {column: _cells(table, labels) for column, labels in names.items()}
    rows, said, asked, axes = (cells[column] for column in ("row", "text", "workshop", "axis"))
    if asked is None or (rows is None and said is None):
        raise click.UsageError(texts["no_labels"].format(file=file.name))
    workshops = programme.catalogue.workshops
    known = _names(workshops) | dict.fromkeys(map(io.key, _NONE))
    of_axes = {each.id: _names(each.axes) for each in workshops}
    labels: dict[int, list[io.Stated]] = {}
    places, every = _places(programme), range(len(programme.needs))
    for at, name in enumerate(asked):
        if name is None or not name.strip():
            continue
        line = int(table.lines[at])
        workshop = _known(name, known, file.name, line)
        axis = axes[at] if axes is not None and (axes[at] or "").strip() else None
        if workshop is not None and axis is not None:
            axis = _known(axis, of_axes[workshop], file.name, line)
        number, text = (each[at] if each else None for each in (rows, said))
        found = places.get(_plain(text or ""), []) if text or not number else every
        found = [place for place in found if not number or str(place) == number.strip()]
        if not found:
            raise click.UsageError(texts["no_need"].format(file=file.name, line=line))
        for place in found:
            stated = labels.setdefault(place, [])
            if (workshop, axis) not in stated:
                stated.append((workshop, axis))
    return labels


def _cells(table: FileTable, labels: Iterable[str]) -> list[str | None] | None:
    """Return the cells of the column with one of these labels; None if there is none."""
    place = next((place for label in sorted(labels) for place in table.places(label)), None)
    return None if place is None else table.texts([place]).to_series().to_list()


def _names(things: Iterable[Workshop | Axis]) -> dict[str, str | None]:
    """Return identifiers by what people write for them: themselves, or a name."""
    return {io.key(name): each.id for each in things for name in (each.name.fr, each.name.en, each.id)}


def _known(name: str, known: Mapping[str, str | None], file: str, line: int) -> str | None:
    if io.key(name) not in known:
        near = did_you_mean(name, sorted({each for each in known.values() if each}), current_language())
        text = words()["needs"]["no_session"].format(file=file, line=line, asked=one_line(name), near=near)
        raise click.UsageError(text)
    return known[io.key(name)]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _places(programme: Programme) -> dict[str, list[int]]:
    """Return the places of the needs with a text, by text."""
    places: dict[str, list[int]] = {}
    for place, text in enumerate(programme.needs.to_polars()["text"]):
        places.setdefault(_plain(text), []).append(place)
    return places
