"""The folders of a dataset: the history that is read, with its problems, and the recommendations written."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import polars as pl

from prai_match import _words, followups, io, model
from prai_match.errors import PraiError, Problem, ProgrammeError, nearest
from prai_match.explain import Fingerprint, digest
from prai_match.files import make_folder, put, read_record, record_bytes
from prai_match.model import Attendance, HistoryCheck, Lang, Model, Need, ProgrammeData, columns
from prai_match.text import LANGUAGES, Facts, Shown, counted, day, display, messages, number, shown

_PACKAGE: Final = "prai_match.datasets"
# The tables of a history, with the model of their rows.
TABLES: dict[str, type[Model]] = {"needs": Need, "attendances": Attendance}
# Partition column, which is ignored, since collectivities determine the département of rows.
PARTITION = "departement"
BATCH = 262_144  # rows read at a time when a whole file is checked


def history(folder: Path) -> dict[str, dict[str, Path]]:
    """Return the files of each table by their paths within the history: ``needs.parquet``, or any below ``needs/``.

    Files and folders whose name begins with a dot or an underscore are skipped, as usual in Parquet datasets.
    """
    if not folder.is_dir():
        raise ProgrammeError(str(folder), [_problem("no_folder", str(folder))])
    files: dict[str, dict[str, Path]] = {name: {} for name in TABLES}
    problems = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or any(part.startswith((".", "_")) for part in name.parts):
            continue
        table = name.parts[0] if len(name.parts) > 1 else name.stem
        if table in files and path.suffix == ".parquet":
            files[table][name.as_posix()] = path
        else:
            problems.append(_problem("other_file", name.as_posix()))
    problems += [_problem("no_file", name, table=name) for name, some in files.items() if not some]
    if problems:
        raise ProgrammeError(str(folder), problems)
    return files


def scan(path: Path) -> pl.LazyFrame:
    """Return the rows of a file, without partition columns from the names of its folders."""
    return pl.scan_parquet(path, hive_partitioning=False).drop(PARTITION, strict=False)


def cast_to(row: type[Model], rows: pl.LazyFrame, names: Sequence[str]) -> pl.LazyFrame:
    """Return rows with the columns and types of the fields of ``row``; missing ones get the default."""
    return rows.select(
        pl.col(column.name).cast(column.dtype, strict=False)
        if column.name in names
        else pl.lit(column.field.get_default(call_default_factory=True), column.dtype).alias(column.name)
        for column in columns(row)
    )


def read(table: str, paths: Sequence[Path], collectivities: pl.Series) -> pl.DataFrame:
    """Return the rows of some collectivities from checked files; row groups without any aren't read."""
    row, parts = TABLES[table], []
    for path in paths:
        rows = scan(path)
        schema = rows.collect_schema()
        # Comparing the unchanged column with bounds lets polars read only row groups that can contain matches.
        if schema["collectivity"] == pl.String:
            first, last = pl.lit(collectivities.min(), pl.String), pl.lit(collectivities.max(), pl.String)
            rows = rows.filter(pl.col("collectivity").is_between(first, last))
        rows = rows.filter(pl.col("collectivity").cast(pl.String).is_in(collectivities.implode()))
        parts.append(cast_to(row, rows, schema.names()))
    empty = pl.LazyFrame(schema={column.name: column.dtype for column in columns(row)})
    return pl.concat([empty, *parts]).collect(engine="streaming")


_EXAMPLES = 3
_problem = partial(Problem.of, _PACKAGE)
_TYPES = {pl.String: "texts", pl.Date: "dates", pl.Int64: "integers"}


def check(programme: ProgrammeData, files: Mapping[str, Mapping[str, Path]], subject: str) -> dict[str, list[str]]:
    """Check a whole history as a programme checks its own, and return the départements of each file, by name."""
    codes = model.Known.of(programme)
    pairs = [(territory.id, territory.departement) for territory in programme.territories]
    departements = pl.DataFrame(pairs, {"territory": pl.String, PARTITION: pl.String}, orient="row")
    home = followups.territory_of(programme).join(departements, on="territory").select("collectivity", PARTITION)
    checks = {table: model.CHECKS[table](codes) for table in TABLES}
    sessions = programme.sessions.to_polars()
    problems: list[Problem] = []
    places: dict[str, list[str]] = {}
    for table, some in files.items():
        for file, path in some.items():
            if not (faults := _of_columns(file, path, TABLES[table])):
                faults, places[file] = _of_rows(file, path, TABLES[table], checks[table], sessions, home)
            problems += faults
    if problems:
        raise ProgrammeError(subject, problems)
    return places


def _of_columns(file: str, path: Path, row: type[Model]) -> list[Problem]:
    try:
        schema = scan(path).collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        return [_problem("no_parquet", file, str(error).splitlines()[0])]
    fields = {column.name: column for column in columns(row)}
    at = f"{file}: {{}}".format
    problems = [
        _problem("unknown_column", at(name), known=", ".join(fields), near=_words.hint(nearest(name, fields)))
        for name in schema
        if name not in fields
    ]
    missing = [name for name, column in fields.items() if name not in schema and column.field.is_required()]
    types = _words.catalogue(_PACKAGE, "errors")["types"]
    others = [
        _problem(
            "column_type", at(name), type=schema[name], values=types[_TYPES.get(column.dtype.base_type(), "numbers")]
        )
        for name, column in fields.items()
        if name in schema and not model.is_readable_as(schema[name], column.dtype)
    ]
    return [*problems, *(_problem("missing_column", at(name)) for name in missing), *others]


def _fault(where: str, count: int, examples: Sequence[tuple[int, Problem]]) -> Problem:
    """Combine all occurrences of one problem in a column of a file, with row numbers from 1."""
    sentences: dict[Lang, str] = {}
    for lang in LANGUAGES:
        texts = messages(_PACKAGE, "errors", lang)["rows"]
        first = [
            texts["example"].format(found=problem.to_json(lang)["found"], row=number(row, 0, lang))
            for row, problem in examples
        ]
        more = ", …" if count > len(examples) else ""
        sentences[lang] = f"{counted(count, texts, lang)} {', '.join(first)}{more}"
    return replace(examples[0][1], where=where, found=sentences["en"], found_fr=sentences["fr"], form="words")


def _of_rows(  # noqa: PLR0913, PLR0917 - what the rows of a file are checked with
    file: str, path: Path, row: type[Model], checks: Sequence[HistoryCheck], sessions: pl.DataFrame, home: pl.DataFrame
) -> tuple[list[Problem], list[str]]:
    counts: Counter[tuple[str, str]] = Counter()
    examples: defaultdict[tuple[str, str], list[tuple[int, Problem]]] = defaultdict(list)
    codes: set[str] = set()
    whole = scan(path)
    for start in range(0, int(whole.select(pl.len()).collect().item()), BATCH):
        batch = whole.slice(start, BATCH).collect(engine="streaming")
        for problem in model.row_problems(batch, row, "rows"):
            number, _, column = problem.where.removeprefix("rows[").partition("].")
            key = column, problem.expected
            counts[key] += 1
            examples[key] += [(start + int(number), problem)][: _EXAMPLES - len(examples[key])]
        rows = cast_to(row, batch.lazy(), batch.columns)
        if row is Attendance:
            rows = model.beside_held(rows, sessions)
        frame = rows.with_row_index("row", start + 1).collect()
        for order, check in enumerate(checks):
            broken = frame.filter(check.broken)
            if broken.height:
                key = check.field, f"{order}"
                counts[key] += broken.height
                first = broken.head(_EXAMPLES - len(examples[key])).iter_rows(named=True)
                examples[key] += [(values["row"], check.problem(file, values)) for values in first]
        codes.update(frame.join(home, on="collectivity")[PARTITION].unique())
    return [_fault(f"{file}: {key[0]}", count, examples[key]) for key, count in counts.items()], sorted(codes)


RUN = "run.json"
RECOMMENDATIONS, RANKING = "recommendations", "ranking"
_FORMAT: Final = 2


@dataclass(frozen=True, eq=False)
class RecommendationDataset(Shown):
    """Recommendations in Parquet files, one per département, which any tool reads as a dataset.

    Attributes:
        folder: Folder of the files: ``recommendations/09.parquet`` has the columns of `Recommendations.to_polars`,
            ``ranking/09.parquet`` those of `Recommendations.ranking`, with the alternatives.
        on: The day.
        fingerprint: Fingerprint of the inputs.
        computed: The départements that this call computed.
        kept: The départements that an earlier, stopped call had computed.

    Example:
        >>> import datetime as dt, tempfile
        >>> from pathlib import Path
        >>> from prai_match import Programme
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Path(folder, "recommendations").mkdir()
        ...     recs.to_polars().write_parquet(f"{folder}/recommendations/76.parquet")
        ...     answers = RecommendationDataset(Path(folder), recs.on, recs.fingerprint, computed=("76",), kept=())
        ...     answers.scan().collect().height, answers.without()
        (101, {'all_attended': 1})
    """

    folder: Path
    on: dt.date
    fingerprint: Fingerprint
    computed: tuple[str, ...]
    kept: tuple[str, ...]

    def scan(self) -> pl.LazyFrame:
        """Return one row per territory, département by département (see `Recommendations.to_polars`).

        Raises:
            PraiError: The file of a département is missing.
        """
        return self._scan(RECOMMENDATIONS)

    def ranking(self) -> pl.LazyFrame:
        """Return one row per territory and rank (see `Recommendations.ranking`).

        Raises:
            PraiError: The file of a département is missing.
        """
        return self._scan(RANKING)

    def without(self) -> dict[str, int]:
        """Return the number of territories without an offer, by reason, most frequent first."""
        reasons = self.scan().drop_nulls("reason").group_by("reason").len()
        counts = reasons.sort(pl.col("len"), "reason", descending=[True, False]).collect(engine="streaming")
        return dict(counts.iter_rows())

    def _scan(self, place: str) -> pl.LazyFrame:
        paths = [self.folder / place / f"{code}.parquet" for code in sorted({*self.computed, *self.kept})]
        for path in paths:
            if not path.is_file():
                raise PraiError.of(_PACKAGE, "gone", path=path)
        return pl.scan_parquet(paths)


def begin(folder: Path, fingerprint: Fingerprint, departements: Mapping[str, list[str]]) -> None:
    """Record in a folder the inputs of its answers, and the départements with rows in each file, by digest."""
    data = {"fingerprint": fingerprint.parts, "departements": departements}
    put(folder / RUN, record_bytes({"format": _FORMAT, **data, "digest": digest(data)}))


def owner(run: str, place: str, name: str) -> str:
    """Return the digest that identifies a file: its run, folder and name."""
    return digest([_FORMAT, run, place, name])


def departements_of(folder: Path, fingerprint: Fingerprint) -> Mapping[str, list[str]] | None:
    """Return the départements of each file of the run begun in a folder, by digest; None if no run was begun."""
    if all(path.name.startswith(".") for path in folder.iterdir()):
        return None
    try:
        record = read_record(folder / RUN)
        data = {"fingerprint": record["fingerprint"], "departements": record["departements"]}
        whole = record["format"] == _FORMAT and digest(data) == record["digest"]
    except (PraiError, KeyError, TypeError):
        whole = False
    if not whole:
        raise PraiError.of(_PACKAGE, "no_run", folder=folder, file=RUN)
    if changed := Fingerprint(data["fingerprint"]).changed(fingerprint):
        raise PraiError.of(_PACKAGE, "other_run", folder=folder, names=", ".join(changed))
    return dict(data["departements"])


def verify(path: Path, run: str) -> bool:
    """Return whether a file of a run exists; refuse one that is damaged or of another run."""
    state = io.seal(path, owner(run, path.parent.name, path.name))
    if state in {"damaged", "foreign"}:
        raise PraiError.of(_PACKAGE, state, path=path)
    return state == "whole"


def complete(folder: Path, run: str, departements: Iterable[str]) -> list[str]:
    """Return the départements whose answers exist; create the folders of answers if missing."""
    codes = list(departements)
    files = {f"{code}.parquet" for code in codes}
    places = [folder / RECOMMENDATIONS, folder / RANKING]
    for place in places:
        make_folder(place)
        for path in sorted(place.glob("*.parquet")):
            if path.name not in files and not path.name.startswith("."):
                raise PraiError.of(_PACKAGE, "no_departement", path=path)
    missing = {name for place in places for name in files if not verify(place / name, run)}
    return [code for code in codes if f"{code}.parquet" not in missing]


@shown.register(RecommendationDataset)
def recommendations(dataset: RecommendationDataset, lang: Lang) -> str:
    texts = messages(_PACKAGE, "display", lang)
    territories = int(dataset.scan().select(pl.len()).collect().item())
    counts = counted(territories, texts["all"], lang), counted(sum(dataset.without().values()), texts["without"], lang)
    facts = {
        "folder": dataset.folder.name,
        "computed": ", ".join(dataset.computed),
        "kept": ", ".join(dataset.kept),
        "fingerprint": dataset.fingerprint.short,
    }
    return display(
        texts["title"].format(day=day(dataset.on, lang)),
        f"{', '.join(counts)}.",
        Facts(tuple((texts[name], text) for name, text in facts.items())),
        lang=lang,
    )
