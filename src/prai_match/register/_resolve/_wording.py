"""The words around names, as `data/wording.toml` lists them, compiled."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words before or after a name say about whose name it is.

    ``id`` is `service`, `other`, `CC`, `CA`, `CU`, `METRO`, `EPCI`, `region`, `departement` or `commune`; ``start`` the
    words before the name, with what links them to it (what must be kept is group 1), ``end`` those after it.
    """

    id: str
    start: str
    end: str


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(files("prai_match.register").joinpath("data", "wording.toml").read_text("utf-8"))


@cache
def readings() -> tuple[Wording, ...]:
    """The readings, in the order in which they are tried."""
    return tuple(_reading(row) for row in _tables()["reading"])


def _reading(row: dict[str, Any]) -> Wording:
    acronyms = [" ?".join(acronym) for acronym in row["acronyms"]]
    plain = "|".join([*row["start"], *acronyms])
    starts = [rf"(?:{plain})\b ?(?:de |d )?"] if plain else []
    if row["linked"]:
        starts.append(rf"(?:{'|'.join(row['linked'])}) (?:de |d |(du |des ))")
    start = "|".join(starts)
    after = "|".join(row["end"])
    return Wording(row["id"], f"^(?:{start})", rf" (?:{after})$" if after else r"$^")


@cache
def former_regions() -> dict[str, str]:
    """The present région of each that was merged, by name in the form in which names are compared."""
    return dict(_tables()["former_regions"])


def linking() -> list[str]:
    """Words that link others."""
    return list(_tables()["linking"]["words"])


def generic() -> list[str]:
    """Words that say the kind of an intercommunality."""
    return [*_tables()["linking"]["generic"], "cc", "ca", "cu"]


def core(names: pl.Expr) -> pl.Expr:
    """What tells one intercommunality from another: its words without kind, links and generic ones."""
    numbers = _tables()["numbers"]
    common = "|".join([*linking(), *generic()])
    words = pl.element().filter(~pl.element().str.contains(rf"^(?:{common})$")).replace(numbers)
    return names.str.split(" ").list.eval(words).list.join(" ")


def without_surroundings(names: pl.Expr) -> pl.Expr:
    """The words of an intercommunality's core without "pays", "canton", "vallée"… that stand around a place's name."""
    around = "|".join(_tables()["places"]["around"])
    return names.str.replace_all(rf"\b(?:{around})\b", "").str.replace_all(r"\s+", " ").str.strip_chars()


def distinctive(names: pl.Expr) -> pl.Expr:
    """The words that tell a name from others, without "grand", "pays", "canton"… before them and "environs" behind."""
    before = "|".join(_tables()["places"]["before"])
    links = "(?:(?:de|du|des|d|la|le|les|l) )*"
    return names.str.replace(rf"^(?:(?:{before}) {links})+", "").str.replace(r" (?:et )?(?:ses )?environs$", "")


def common_nouns() -> list[str]:
    """Names of places that before "de" are common nouns."""
    return list(_tables()["places"]["nouns"])
