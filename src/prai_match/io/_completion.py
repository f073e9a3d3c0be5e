"""Completion of rows from elsewhere: collectivities and territories from the register, trainers from three files."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import polars as pl

from prai_match import register
from prai_match._words import hint
from prai_match.errors import UnknownCodeError, nearest
from prai_match.io._grids import Repair
from prai_match.io._outcomes import PART, ROW, At, Fault, Read, Rejection, Stack, short, wrong
from prai_match.io._references import Index, look_up, names

_KINDS = {"commune": "commune", "epci": "epci", "departement": "departement", "region": "other"}
_OF_COLLECTIVITIES = ("name", "kind", "departement", "population")
_POSITION = ("latitude", "longitude")
_OF_TERRITORIES = ("name", "departement", "population", *_POSITION)
_OTHERWISE = register.normalised(pl.col("name")) != register.normalised(pl.col("name_register"))  # another's?


def collectivities(read: Read) -> Read:
    """Give each collectivity its code and, from the register, values for its empty cells; otherwise reject it."""
    read = _with_codes(read.with_all_columns())
    beside = read.rows.join(_register(read), on="code", how="left", suffix="_register", maintain_order="left")
    labels = {match.column for match in read.matches}
    rows = beside.with_columns(
        pl.coalesce(name, f"{name}_register").alias(name)
        for name in _OF_COLLECTIVITIES
        # An empty population stays unknown in a file with populations: the register has only today's.
        if name != "population" or name not in labels
    ).select(read.rows.columns)
    read = _without_disputes(replace(read, rows=rows), beside)
    return read.without(
        read.rejection(row, name, wrong("not_in_register", code=code))
        for name in ("name", "kind", "departement")
        for row, code in read.rows.filter(pl.col(name).is_null()).select(ROW, "code").iter_rows()
    )


def _without_disputes(read: Read, beside: pl.DataFrame) -> Read:
    """Reject rows whose name or département doesn't fit their code; ``beside`` has both theirs and the register's."""
    faults = beside.filter(
        pl.col("kind_register") == "commune", pl.col("departement") != pl.col("departement_register")
    ).select(ROW, "departement", "departement_register", "code")
    rows = [("departement", *row) for row in faults.iter_rows()]
    if (others := beside.filter(pl.col("name") != pl.col("name_register")).filter(_OTHERWISE)).height:
        # First within its département: elsewhere, a former or common name another's? commune.
        elsewhere = look_up(others["name"], others["name"].unique(), None, Index(places=True))
        faults = (
            _by_name(others)
            .join(elsewhere.select("value", elsewhere="id"), left_on="name", right_on="value")
            .filter(pl.coalesce("other", "elsewhere") != pl.col("code"))
        )
        rows += [("name", *row) for row in faults.select(ROW, "name", "name_register", "code").iter_rows()]
    return read.without(
        read.rejection(row, name, wrong(f"other_{name}", short(value), right=right, code=code))
        for name, row, value, right, code in rows
    )


def _by_name(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with the code that the register has for their name in their département, as ``other``."""
    answers = look_up(rows["name"], rows["name"].unique(), rows["departement_register"], Index(places=True))
    others = answers.select("value", "hint", other="id")
    return rows.join(others, left_on=["name", "departement_register"], right_on=["value", "hint"])


def _register(read: Read) -> pl.DataFrame:
    """Return the data of the register on each code that was read, with kinds of the model."""
    is_asked = pl.col("code").is_in(read.rows["code"].implode()), pl.col("kind").is_in(list(_KINDS))
    places = register.frame().select("code", *_OF_COLLECTIVITIES).filter(*is_asked)
    itself = pl.when(pl.col("kind") == "departement").then("code")
    places = places.with_columns(pl.col("kind").replace(_KINDS), departement=pl.coalesce("departement", itself))
    return places.unique("code", keep="first", maintain_order=True)


def _with_codes(read: Read) -> Read:
    """Find codes by names if the file gives none; restore leading zeros that a spreadsheet dropped."""
    code, repairs = pl.col("code"), list(read.repairs)
    with_zero = pl.concat_str(pl.lit("0"), code)
    is_asked = pl.col("code").is_in(read.rows.select(with_zero).to_series().implode())
    eaten = with_zero.is_in(register.frame().select("code", "kind").filter(is_asked, kind="commune")["code"].implode())
    if len(first := read.rows.filter(eaten)["code"]):
        repairs.append(Repair("zero", len(first), f"{first[0]} → 0{first[0]}", read.label("code")))
        rows = read.rows.with_columns(code=pl.when(eaten).then(with_zero).otherwise(code))
        read = replace(read, rows=rows, repairs=tuple(repairs))
    if not (bare := read.rows.filter(code.is_null())).height:
        return read
    values, hints = bare["name"].rename("value"), bare["departement"].rename("hint")
    answers = look_up(values, values.unique(), hints, Index(places=True))
    by_row = bare.select(ROW, value="name", hint="departement").join(
        answers, on=["value", "hint"], how="left", nulls_equal=True, maintain_order="left"
    )
    if (codes := by_row.filter(pl.col("id").is_not_null())).height:
        repairs.append(Repair("name", codes.height, f"{codes['value'][0]} → {codes['id'][0]}", read.label("name")))
    rows = read.rows.join(codes.select(ROW, "id"), on=ROW, how="left", maintain_order="left")
    rows = rows.with_columns(code=pl.coalesce("code", "id")).drop("id")
    read = replace(read, rows=rows, repairs=tuple(repairs), names=names(answers, read.label("name")))
    return read.without(
        read.rejection(
            row,
            "name" if value else "code",
            wrong(
                "one_collectivity" if english else "no_code",
                short(value) if value else None,
                why={"fr": french, "en": english},
            ),
            candidates or "",
        )._replace(label=read.label("name"))
        for row, value, english, french, candidates in by_row.filter(pl.col("id").is_null())
        .select(ROW, "value", "why_en", "why_fr", "candidates")
        .iter_rows()
    )


def territories(read: Read, collectivities: pl.Series) -> Read:
    """Complete each territory from the register and, if it names no members, with its ``collectivities`` (codes)."""
    read = read.with_all_columns()
    lone = pl.col("latitude").is_null() != pl.col("longitude").is_null()
    nowhere = pl.col("latitude").is_null() & pl.col("longitude").is_null()
    rows = read.rows.join(_epcis_and_communes(), on="id", how="left", suffix="_register", maintain_order="left")
    rows = rows.with_columns(
        *(pl.coalesce(name, f"{name}_register").alias(name) for name in ("name", "departement", "population")),
        *(pl.when(nowhere).then(f"{name}_register").otherwise(name).alias(name) for name in _POSITION),
        lone.alias("lone"),
    ).join(_members(collectivities), on="id", how="left", suffix="_register", maintain_order="left")
    bare = pl.col("members").list.len().fill_null(0) == 0
    rows = rows.with_columns(members=pl.when(bare).then(pl.col("members_register").fill_null([])).otherwise("members"))
    faults = [
        read.rejection(row, name, wrong("lone_coordinate" if lone else "not_in_register", code=code))
        for name in _OF_TERRITORIES
        for row, code, lone in rows.filter(pl.col(name).is_null()).select(ROW, "id", "lone").iter_rows()
    ]
    alone = rows.filter(pl.col("members").list.len() == 0)[ROW]
    faults += [*(read.rejection(row, "members", wrong("no_member")) for row in alone), *_other_names(read, rows)]
    return replace(read, rows=rows.select(ROW, *(column.name for column in read.table.columns))).without(faults)


def _other_names(read: Read, rows: pl.DataFrame) -> Iterator[Rejection]:
    """Reject EPCI whose name belongs to another one: a code from the wrong line would serve the wrong communes."""
    if not (epcis := rows.filter(pl.col("name") != pl.col("name_register"), kind="epci").filter(_OTHERWISE)).height:
        return
    codes = _epcis_and_communes().filter(kind="epci")["id"].implode()
    others = _by_name(epcis).filter(pl.col("other") != pl.col("id"), pl.col("other").is_in(codes))
    for row, name, code, right in others.select(ROW, "name", "id", "name_register").iter_rows():
        yield read.rejection(row, "name", wrong("other_name", short(name), code=code, right=right))


@cache
def _epcis_and_communes() -> pl.DataFrame:
    places = register.frame().select("kind", "epci", *_OF_TERRITORIES, id="code")
    return places.filter(pl.col("kind").is_in(["epci", "commune"]))


def _members(collectivities: pl.Series) -> pl.DataFrame:
    """Return the programme's collectivities by EPCI, and each by its own code: the territory first, then by code."""
    codes = collectivities.drop_nulls().unique().sort().to_frame("code")
    epci = _epcis_and_communes().select("epci", code="id").drop_nulls()
    within = codes.join(epci, on="code", maintain_order="left").select(pl.col("epci").alias("id"), "code")
    both = pl.concat([codes.select(pl.col("code").alias("id"), "code"), within])
    return both.group_by("id", maintain_order=True).agg(members_register="code")


_LONGEST = 3660  # maximum number of days of one taken period: ten years. More is a typo.
_HOMES = frozenset({"commune", "arrondissement_municipal", "former_commune"})
_OTHER = {"latitude": "longitude", "longitude": "latitude"}
Row = dict[str, Any]


@dataclass(slots=True)
class Trainers:
    """Trainers as the model takes them, places of their items by list (themselves under ""), faults by table."""

    values: list[Row] = field(default_factory=list)
    items: list[dict[str, list[At]]] = field(default_factory=list)
    faults: dict[str, list[Fault]] = field(default_factory=lambda: defaultdict(list))


def join(tables: Mapping[str, Stack]) -> Trainers:
    result = Trainers()
    trainers, expertise, days = (tables[name] for name in ("trainers", "expertise", "trainer_days"))
    ids = set(trainers.rows["id"])
    leads, when = (table.rows.rows_by_key("trainer", named=True, include_key=True) for table in (expertise, days))
    for table in (expertise, days):
        for row in table.rows.iter_rows(named=True):
            if (name := row["trainer"]) not in ids:
                problem = wrong("cited_trainer", repr(name), near=hint(nearest(name, ids)))
                result.faults[table.name].append(Fault(_at(row), "trainer", problem))
    lost = expertise.lost("trainer")
    for row in trainers.rows.iter_rows(named=True):
        at = (row.pop(PART), row.pop(ROW))
        items: dict[str, list[At]] = {"": [at]}
        trainer = {name: value for name, value in row.items() if value is not None}
        own = {column.name: trainer.pop(column.name) for column in trainers.table.attributes if column.name in trainer}
        trainer |= {"attributes": own} if own else {}
        trainer |= _days(when.get(trainer["id"], []), items, result.faults["trainer_days"])
        faults, sessions = [*_position(trainer, at)], leads.get(trainer["id"], [])
        items["expertise"] = [_at(row) for row in sessions]
        trainer["expertise"] = tuple(
            {name: row[name] for name in ("session", "axes") if row.get(name) is not None} for row in sessions
        )
        if not sessions:
            faults.append(Fault(at, "id", wrong("no_expertise", repr(trainer["id"])), follows=trainer["id"] in lost))
        if faults:
            result.faults["trainers"] += faults
        else:
            result.values.append(trainer)
            result.items.append(items)
    return result


def _at(row: Row) -> At:
    return row[PART], row[ROW]


def _days(rows: Iterable[Row], items: dict[str, list[At]], faults: list[Fault]) -> Row:
    """Convert free periods as they are written, and taken periods to single days."""
    periods: list[Row] = []
    days: list[dt.date] = []
    items["free"], items["taken"] = [], []
    for row in rows:
        at, start, end = _at(row), row["start"], row["end"]
        count = (end - start).days + 1
        if row["free"]:
            periods.append({"start": start, "end": end})
            items["free"].append(at)
        elif 1 <= count <= _LONGEST:
            days += [start + dt.timedelta(days=day) for day in range(count)]
            items["taken"] += [at] * count
        else:
            faults.append(Fault(at, "end", wrong("long_period", end.isoformat(), start=start, most=_LONGEST)))
    return {"free": tuple(periods), "taken": tuple(days)}


def _position(trainer: Row, at: At) -> Iterable[Fault]:
    """Give a trainer the position of the home commune if the row gives none."""
    coordinates, home = [name for name in _OTHER if name in trainer], trainer["home"]
    if len(coordinates) == 1:
        yield Fault(at, _OTHER[coordinates[0]], wrong("lone_coordinate_of", home=home))
    if coordinates:
        return
    try:
        entry = register.get(home)
    except UnknownCodeError as error:
        yield Fault(at, "home", wrong("unknown_home", repr(home), near=hint(error.suggestions)))
        return
    if entry.kind not in _HOMES:
        yield Fault(at, "home", wrong("unknown_home", repr(home), near=hint(())))
    elif entry.position:
        trainer |= dict(zip(_OTHER, entry.position, strict=True))
    else:
        yield Fault(at, "home", wrong("home_without_position", repr(home)))
