"""Writing of a programme, or of a template, to its folder: completely, or the folder stays unchanged."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from importlib.resources import files as resources
from pathlib import Path
from typing import Any, get_args

import polars as pl

from prai_match import _arguments as given
from prai_match.errors import Lang, PraiError, missing_extra
from prai_match.files import put_all
from prai_match.io import _labels
from prai_match.io._grids._grid import unreadable
from prai_match.io._kinds import TEXT
from prai_match.io._schema import EXPERTISE, FIELDS, PROGRAMME, TABLES, TRAINER_DAYS, TableSpec
from prai_match.io._writing import FORMATS, Format, encoded
from prai_match.model import LexiconTable, Model, PolicyRows, ProgrammeData, Rows, SessionForm
from prai_match.offers import needs_read, spelled
from prai_match.policy import file
from prai_match.text import LANGUAGES, current_language, masked

_EXAMPLES = re.compile(r"(?ms)^\[exemples\][ \t\r]*$.*?(?=^\[|\Z)")
_FIRST = 3  # number of files named for a folder that isn't empty


def save(
    programme: ProgrammeData,
    folder: str | os.PathLike[str],
    format: Format = "csv",  # noqa: A002 - the word for it
    *,
    public: bool = False,
) -> Path:
    """Write a programme to a folder, which ``load`` reads back as an equal one: see `Programme.save`."""
    root, rows = Path(folder), frames(programme)
    rows = _public(programme, rows, current_language(None)) if public else rows
    tables = {f"{name}.{format}": encoded(frame, format, sheet=name) for name, frame in rows.items()}
    named = _named_files(programme, public=public)
    files = {
        **dict(named.values()),
        PROGRAMME: _toml(programme, {field: name for field, (name, _) in named.items()}, public=public),
        **tables,
    }

    def check(names: list[str]) -> None:
        if in_the_way := sorted(name for name in files if (root / name).is_dir()):
            raise PraiError.of("prai_match.io", "folders_in_the_way", folder=root, names=", ".join(in_the_way))
        tables, left = _labels.table_names(), (Path(name) for name in names if name not in files)
        read_too = (each for each in left if each.suffix.lower()[1:] in FORMATS and _labels.key(each.stem) in tables)
        if others := sorted(each.name for each in read_too):
            raise PraiError.of("prai_match.io", "tables_in_the_way", folder=root, names=", ".join(others))

    put_all(root, files, manifest=True, check=check)
    return root


def frames(programme: ProgrammeData) -> dict[str, pl.DataFrame]:
    """Return the tables of a programme by name, with the types of their columns."""
    tables = {
        table.name: _rows(table.with_attributes(programme.attributes), getattr(programme, table.name))
        for table in FIELDS
    }
    expertise = [(trainer.id, item.session, item.axes) for trainer in programme.trainers for item in trainer.expertise]
    days = [
        (trainer.id, start, end, free)
        for trainer in programme.trainers
        for start, end, free in [
            *((period.start, period.end, True) for period in trainer.free),
            *((day, day, False) for day in trainer.taken),
        ]
    ]
    tables |= {EXPERTISE.name: _frame(EXPERTISE, expertise), TRAINER_DAYS.name: _frame(TRAINER_DAYS, days)}
    return {table.name: tables[table.name] for table in TABLES}


def _public(programme: ProgrammeData, tables: Mapping[str, pl.DataFrame], lang: Lang) -> dict[str, pl.DataFrame]:
    """Return the tables with masked texts; needs also get what was read in them, or lose their text."""
    texts = {
        table.name: [c.name for c in table.with_attributes(programme.attributes).columns if c.kind is TEXT]
        for table in TABLES
    }
    after = {name: rows.with_columns(masked(rows[text], lang) for text in texts[name]) for name, rows in tables.items()}
    needs, read = after["needs"], needs_read(programme)
    is_other = (needs["text"] != tables["needs"]["text"]) & needs["workshop"].is_null() & needs["score"].is_null()
    told = spelled(needs, read, is_other)
    is_silent = is_other[told["cell"]] & told["workshop"].is_null()
    return after | {"needs": told.with_columns(text=pl.when(is_silent).then(pl.lit("")).otherwise("text")).drop("cell")}


def _public_settings(value: Any, lang: Lang) -> Any:  # noqa: ANN401 - any tree
    """Return settings with masked texts, but unchanged identifiers."""
    if isinstance(value, dict):
        return {
            key: masked(item, key if key in LANGUAGES else lang)
            if key in {*LANGUAGES, "synonyms"} or (key == "attributes" and isinstance(item, dict))
            else _public_settings(item, lang)
            for key, item in value.items()
        }
    return [_public_settings(item, lang) for item in value] if isinstance(value, list | tuple) else value


def _rows(table: TableSpec, rows: Sequence[Model]) -> pl.DataFrame:
    if isinstance(rows, Rows):
        return rows.to_polars().select(column.name for column in table.columns)
    own = [column.name for column in table.attributes]
    names = {column.name for column in table.columns if column.name not in own}
    values = ((row.model_dump(include=names).values(), map(row.attributes.get, own)) for row in rows)  # type: ignore[attr-defined]
    cells = [(*core, *(float(each) if isinstance(each, Decimal) else each for each in extra)) for core, extra in values]
    return _frame(table, cells)


def _frame(table: TableSpec, rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, {column.name: column.kind.dtype for column in table.columns}, orient="row")


def _named_files(programme: ProgrammeData, *, public: bool) -> dict[str, tuple[str, bytes]]:
    """Return the files of lexicon and policy, by field: as they were read or, if ``public``, written from data."""
    files: dict[str, tuple[str, bytes]] = {}
    for field, value in {"lexicon": programme.lexicon_table, "policy": programme.policy_rows}.items():
        if value is not None:
            name, content, before = programme.files.get(field, (f"{field}.toml", b"", None))
            if public or value != before:
                content = (
                    file(value, current_language(None)).encode()
                    if isinstance(value, PolicyRows)
                    else lexicon_file(value, content, None if public else before)
                )
            files[field] = (name, masked(content.decode(), current_language(None)).encode() if public else content)
    return files


def lexicon_file(value: LexiconTable, content: bytes = b"", before: LexiconTable | None = None) -> bytes:
    """Return a lexicon as TOML: the file that it was read from, with its examples, if only these changed."""
    if before is not None and value.model_copy(update={"exemples": before.exemples}) == before:
        text = _EXAMPLES.sub("", content.decode("utf-8-sig", errors="replace")).rstrip()
        text = f"{text}\n\n{_encoded({'exemples': value.exemples}).decode()}"
        with suppress(ValueError):  # what was taken for the examples was something else
            if LexiconTable.model_validate(tomllib.loads(text)) == value:
                return text.encode()
    return _encoded(value.model_dump(exclude_defaults=True))


def _toml(programme: ProgrammeData, files: Mapping[str, str], *, public: bool) -> bytes:
    settings = programme.model_dump(
        exclude={*(table.name for table in FIELDS), "lexicon_table", "policy_rows"}, exclude_none=True
    )
    catalogue = settings["catalogue"]
    if not catalogue["kinds"]:
        del catalogue["kinds"]
    for table in (settings, *catalogue["buffets"], *catalogue["workshops"]):
        if not table["attributes"]:
            del table["attributes"]
        if table.get("kind") in get_args(SessionForm):
            del table["kind"]
    for workshop in catalogue["workshops"]:
        if not any(workshop["scope"].values()):
            del workshop["scope"]
    return _encoded({**files, **(_public_settings(settings, current_language(None)) if public else settings)})


def _encoded(data: Mapping[str, Any]) -> bytes:
    try:
        import tomli_w  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra("save", "io") from None
    return tomli_w.dumps(data).encode()


@given.takes()
def template(folder: str | os.PathLike[str], lang: Lang | None = None) -> Path:
    """Write a small programme to start your own from; it can be loaded, and used for recommendations and plans.

    The folder has a ``programme.toml`` that explains each setting, one CSV file per table, with column headings in the
    language and a few rows, and a page that explains the tables. The collectivities are real, the rest is invented.

    Args:
        folder: The folder; it is created if it doesn't exist, and must be empty if it does.
        lang: Language of file names, column headings and explanations.

    Raises:
        ProgrammeError: The folder is not empty, or is a file.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.
        OSError: The folder can't be written.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> from prai_match import Programme
        >>> with TemporaryDirectory() as folder:
        ...     Programme.load(template(folder, "en")).name.en
        'Example programme'
    """
    root = Path(folder)
    texts = {
        # Tables have the UTF-8 mark, and line ends as in a French spreadsheet.
        file.name: text.replace("\n", "\r\n").encode("utf-8-sig") if file.name.endswith(".csv") else text.encode()
        for file in resources("prai_match.io").joinpath("templates", current_language(lang)).iterdir()
        for text in [file.read_text("utf-8")]
    }
    if root.exists() and not root.is_dir():
        raise unreadable(str(root), "file_for_new_folder")

    def empty(names: list[str]) -> None:
        if names:
            first = ", ".join(names[:_FIRST]) + (", …" if len(names) > _FIRST else "")
            raise unreadable(str(root), "full_folder", first)

    put_all(root, texts, check=empty)
    return root
