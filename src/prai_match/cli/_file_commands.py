"""``prai-match resolve`` and ``classify``: add official codes to the names of a file, workshops to its texts."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import click
import polars as pl

from prai_match import needs, register
from prai_match.cli import _commands
from prai_match.cli._output import ExitCode, one_line, tell, words
from prai_match.cli._table import FileTable, answer, command, read_table, tell_counts
from prai_match.errors import UnknownCodeError
from prai_match.needs import Lexicon
from prai_match.text import current_language

_TO_DECIDE: Final = ("ambiguous", "unknown")
_RESOLVE_COLUMNS: Final = ("code", "name", "kind", "status", "score", "reason", "because", "note", "candidates")


def resolve_command() -> _commands.Command:
    metavars = words()["metavars"]
    own = (
        click.Option(["--department"], metavar=metavars["column_or_value"]),
        click.Option(["--kind"], type=_commands.among(get_args(register.Kind)), metavar=metavars["kind"]),
    )
    return command("resolve", _resolve, own, _commands.reading_options()[1:])


def _resolve(  # noqa: PLR0913 - the options of the command
    file: Path,
    *,
    columns: Sequence[str],
    department: str | None,
    kind: register.Kind | None,
    out: Path | None,
    sheet: str | None,
    max_memory: int,
) -> int:
    table = read_table(file, columns, sheet, out, max_memory)
    places = [table.place(label) for label in columns]
    answers = _codes(table, places, _departments(table, department, places), kind)
    statuses = dict(answers.group_by("status").len().iter_rows())
    tell(words()["told"]["read"].format(file=table.file, count=answers.height))
    tell_counts(((text, statuses.get(status, 0)) for status, text in words()["resolve"]["counts"].items()))
    in_words = answers.with_columns(
        pl.col("status", "kind").replace(words()["resolve"]["values"]),
        pl.col("score").round(1),
        candidates=_candidates(answers),
    )
    undecided = pl.col("status").is_in(_TO_DECIDE)
    answer("resolve", table, answers, out, _RESOLVE_COLUMNS, in_words, undecided, _doubts)
    return ExitCode.SOME_LEFT if any(statuses.get(status) for status in _TO_DECIDE) else ExitCode.DONE


def _departments(table: FileTable, option: str | None, but: Sequence[int]) -> pl.Series | str | None:
    """Return the département of the rows: a column, or the same for all."""
    texts = words()["resolve"]
    if option is None:
        if (place := table.departement(but)) is None:
            return None
        tell(texts["found"].format(label=one_line(table.header[place])))
        return table.texts([place]).to_series()
    if option == "":
        return None
    if table.places(option):
        return table.texts([table.place(option)]).to_series()
    try:
        register.resolve("", department=option)
    except UnknownCodeError:
        labels = ", ".join(one_line(label) for label in table.header if label)
        raise click.UsageError(texts["no_department"].format(asked=option, labels=labels)) from None
    return option


def _codes(
    table: FileTable, places: Sequence[int], departments: pl.Series | str | None, kind: register.Kind | None
) -> pl.DataFrame:
    names = table.texts(places)

    def find(part: slice) -> pl.DataFrame:
        own = departments[part] if isinstance(departments, pl.Series) else departments
        return register.resolve(names[part], department=own, kind=kind).to_polars()

    return table.answers(find, pl.col("because"))


def _doubts(answers: pl.DataFrame) -> Iterator[str]:
    rows = answers.with_columns(candidates=_candidates(answers)).select("line", "text", "because", "candidates")
    for line, text, because, candidates in rows.iter_rows():
        yield words()["resolve"]["left"].format(line=line, text=one_line(text), because=one_line(because))
        if candidates:
            yield f"    {one_line(candidates)}"


def _candidates(answers: pl.DataFrame) -> pl.Series:
    """Return the candidates of each answer as one text; null if there is none."""
    rows = answers.select("candidates", "candidate_names").with_row_index("row")
    some = rows.filter(pl.col("candidates").list.len() > 0).explode("candidates", "candidate_names")
    texts = some.group_by("row").agg(text=pl.concat_str("candidates", "candidate_names", separator=" ").str.join(" | "))
    return rows.select("row").join(texts, on="row", how="left", maintain_order="left")["text"]


_CLASSIFY_COLUMNS: Final = ("workshop", "axis", "score", "terms", "reason", "because")


def classify_command() -> _commands.Command:
    own = (
        _commands.path_option("--lexicon", "file"),
        _commands.path_option("--programme", "folder"),
        click.Option(["--only"], is_flag=True),
    )
    return command("classify", _classify, own, _commands.reading_options())


def _classify(  # noqa: PLR0913 - the options of the command
    file: Path,
    *,
    columns: Sequence[str],
    lexicon: Path | None,
    programme: Path | None,
    out: Path | None,
    sheet: str | None,
    only: bool,
    **reading: Any,  # noqa: ANN401 - as `load` takes them
) -> int:
    texts = words()["classify"]
    if lexicon and programme:
        raise click.UsageError(texts["one_of"])
    table = read_table(file, columns, sheet, out, reading["max_memory"])
    own = _commands.load(programme, **reading)[0].lexicon if programme else lexicon and Lexicon.load(lexicon)
    answers = _workshops(table, [table.place(label) for label in columns], own or Lexicon.bundled())
    tell(words()["told"]["read"].format(file=table.file, count=answers.height))
    for column in ("workshop", "because"):
        counts = answers.drop_nulls(column).group_by(column).len()
        tell_counts(counts.sort("len", column, descending=[True, False]).iter_rows())
    if only:
        tell(texts["kept"].format(kept=answers["workshop"].count(), count=answers.height))
    in_words = answers.with_columns(pl.col("score").round(1), pl.col("terms").list.join(", ").replace("", None))
    asks = pl.col("workshop").is_not_null()
    answer("classify", table, answers, out, _CLASSIFY_COLUMNS, in_words, asks, _requests, only=only)
    return ExitCode.SOME_LEFT if table.faults.count() else ExitCode.DONE


def _workshops(table: FileTable, places: Sequence[int], lexicon: Lexicon) -> pl.DataFrame:
    texts = table.texts(places).select(pl.concat_str(pl.all(), separator=" ", ignore_nulls=True)).to_series()
    sentences = {reason: needs.reason_sentence(reason, current_language()) for reason in needs.REASONS}
    because = pl.col("reason").replace_strict(sentences, default=None, return_dtype=pl.String)
    return table.answers(lambda part: needs.classify(texts[part], lexicon), because)


def _requests(answers: pl.DataFrame) -> Iterator[str]:
    for line, workshop, axis, text in answers.select("line", "workshop", "axis", "text").iter_rows():
        subject = " / ".join(name for name in (workshop, axis) if name)
        yield words()["classify"]["asks"].format(line=line, named=subject, text=one_line(text))
