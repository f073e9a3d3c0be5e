"""Write the pages of measured performance, as the last step of ``make bench``.

``python scripts/build_performance.py`` takes the rows that the benchmarks left in ``build/bench``, keeps them with the
machine in ``benchmarks/measured.json`` and writes the pages in both languages. It fails where a row is missing.
"""

from __future__ import annotations

import json
import math
import os
import platform
import re
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from _french import spaced
from prai_match.text import LANGUAGES, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.errors import Lang

ROOT = Path(__file__).parents[1]
ROWS, MEASURED = ROOT / "build" / "bench", ROOT / "benchmarks" / "measured.json"
_WORDS = tomllib.loads((Path(__file__).parent / "performance.toml").read_text("utf-8"))
_LIBRARIES = ("numpy", "polars", "pydantic", "duckdb")
_SIZES = ("region", "communes", "france", "tenfold")
_BY_HAND = frozenset(_SIZES)
_SHOWN = frozenset([*_WORDS["en"]["rows"], *_WORDS["en"]["ways"], *_SIZES, "memory"])
_MILLI, _HUNDRED, _TEN = 1e-3, 100, 10


def machine() -> dict[str, str | int]:
    """Return the properties of the machine on which figures depend, without its name or any path."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return {
        "cores": os.cpu_count() or 0,
        "processor": _processor(),
        "memory_gb": round(pages / 2**30),
        "python": platform.python_version(),
        "system": platform.system(),
        **{name: version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    about = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.+)$", about.read_text("utf-8"), re.MULTILINE) if about.exists() else None
    return found[1] if found else platform.machine()


def page(measured: dict[str, Any], lang: Lang) -> str:
    """Return the page in a language."""
    words, rows, on = _WORDS[lang], measured["rows"], measured["machine"]
    libraries = " · ".join(f"{name} {on[name]}" for name in _LIBRARIES)
    cells = {
        "processor": words["cores"].format(cores=on["cores"], kind=on["processor"]),
        "memory": _amount(on["memory_gb"] * 1000, "memory", lang),
        "python": f"{on['python']} · {libraries}",
        "system": on["system"],
    }
    sizes = [rows[name] for name in _SIZES if name in rows]
    parts = [
        f"# {words['title']}\n\n{words['other']}\n\n{words['written']}\n",
        f"## {words['machine']}\n\n{words['machine_head']}",
        *(f"| {words['machine_rows'][name]} | {cell} |" for name, cell in cells.items()),
        words["how"].format(passes=len(next(iter(rows.values()))["ours"])),
        f"\n## {words['beside']}\n\n{words['beside_head']}",
        *(_row(name, rows[name], lang) for name in words["rows"] if name in rows),
        f"\n## {words['ways_title']}\n\n{words['ways_head']}",
        *(_way(name, rows[name], lang) for name in words["ways"] if name in rows),
        f"\n## {words['growth']}\n\n{words['growth_head']}",
        *(_size(row, lang) for row in sizes),
    ]
    if {"memory", "tenfold_memory"} <= rows.keys():
        whole = {name: median(rows[name]["ours"]) for name in ("memory", "tenfold_memory")}
        arrays = {f"{name}_arrays": rows[name]["facts"]["arrays"] for name in whole}
        amounts = {name: _amount(value, "memory", lang) for name, value in (whole | arrays).items()}
        parts.append("\n" + words["memory"].format(**amounts))
    territories = number(max((row["facts"]["territories"] for row in sizes[:3]), default=0), 0, lang)
    about = words["baselines_text"].format(commit=measured["before"], territories=territories)
    text = "\n".join([*parts, "\n" + words["rest"], f"\n## {words['baselines']}\n{about}"]) + "\n"
    return spaced(text) if lang == "fr" else text


def _row(name: str, row: dict[str, Any], lang: Lang) -> str:
    words = _WORDS[lang]
    ours, baseline, ratio, most = (row[key] for key in ("ours", "baseline", "ratio", "most"))
    what = words["rows"][name]
    title, beside = what if isinstance(what, list) else (what, words["hand" if name in _BY_HAND else "before"])
    unit = "memory" if name.endswith("memory") else "seconds"
    ratios = [] if baseline is None else [mine / other for mine, other in zip(ours, baseline, strict=True)]
    wanted = "" if ratio is None else f"{_short(ratio, lang)} ×" if most is None else ""
    if most is not None:
        wanted = _amount(most, unit, lang)
    if (ratio is not None and median(ratios) > ratio) or (most is not None and median(ours) > most):
        wanted = words["missed"].format(wanted=wanted)
    cells = (
        *(title, _passes(ours, unit, lang)),
        *(("", "", "") if baseline is None else (beside, _passes(baseline, unit, lang), _passes(ratios, "×", lang))),
        wanted,
    )
    return _line(cells)


def _way(name: str, row: dict[str, Any], lang: Lang) -> str:
    ratios = [1.0] if row["baseline"] is None else [a / b for a, b in zip(row["ours"], row["baseline"], strict=True)]
    clock = row["facts"].get("clock")
    cells = (
        _WORDS[lang]["ways"][name],
        *(_passes(row["ours"], "seconds", lang), _passes(ratios, "×", lang)),
        "" if clock is None else _amount(clock, "seconds", lang),
    )
    return _line(cells)


def _line(cells: Sequence[str]) -> str:
    return "|" + "".join(f" {cell} |" if cell else " |" for cell in cells)


def _size(row: dict[str, Any], lang: Lang) -> str:
    territories, offers = (row["facts"][name] for name in ("territories", "offers"))
    times = (_amount(median(row[name]), "seconds", lang) for name in ("ours", "baseline"))
    each = _amount(median(row["ours"]) / territories * 1000, "seconds", lang)
    return _line([number(territories, 0, lang), number(offers, 0, lang), *times, each])


def _passes(passes: Sequence[float], unit: str, lang: Lang) -> str:
    least, middle = (_amount(value, unit, lang) for value in (min(passes), median(passes)))
    return least if least == middle else f"{least} ({middle})"


def _amount(value: float, unit: str, lang: Lang) -> str:
    """Write seconds, MB or a ratio with only significant digits."""
    if unit == "×":
        return f"{_short(value, lang)} ×"
    if unit == "memory":
        large, mega = ("Go", "Mo") if lang == "fr" else ("GB", "MB")
        return (
            f"{number(value / 1000, 0, lang)} {large}" if value >= 1000 * _TEN else f"{number(value, 0, lang)} {mega}"
        )
    return f"{_short(value * 1000, lang)} ms" if value < 1 else f"{_short(value, lang)} s"


def _short(value: float, lang: Lang) -> str:
    decimals = 0 if value >= _HUNDRED else 1 if value >= _TEN else max(2, 1 - math.floor(math.log10(value or 1)))
    text = number(value, decimals, lang)
    return re.sub(r"([.,]\d*?)0+$", r"\1", text).rstrip(".,") if decimals else text


def pages() -> dict[str, str]:
    """Return the page in each language, by its path in ``docs``, from what was measured last."""
    measured = json.loads(MEASURED.read_text("utf-8"))
    return {_WORDS[lang]["page"]: page(measured, lang) for lang in LANGUAGES}


def main() -> None:
    """Store the results of the benchmarks, and write the pages from them; without results, leave both as they are."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(ROWS.glob("*.json"))}
    rows = {name: found[name] for name in found if name in _SHOWN}
    if not rows:
        sys.exit("nothing was measured: run make bench")
    measured = {"machine": machine(), "before": "323be5d", "rows": rows}
    MEASURED.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    for path, text in pages().items():
        (ROOT / "docs" / path).write_text(text, "utf-8")
    if missing := sorted(_SHOWN - rows.keys()):
        sys.exit(f"not measured: {', '.join(missing)}")


if __name__ == "__main__":
    main()
