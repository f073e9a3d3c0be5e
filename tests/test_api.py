"""The public names, and the direction of imports between layers."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest

import prai_match
from measure_house import House
from prai_match import Programme, backtest, io, recommend, simulate
from prai_match.backtest._settings import settings
from prai_match.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

SOURCE = Path(prai_match.__file__).parent
ROOT = Path(__file__).parents[1]
PUBLIC = sorted(
    module.name
    for module in pkgutil.walk_packages([str(SOURCE)], "prai_match.")
    if not any(part.startswith("_") for part in module.name.split("."))
)


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
@pytest.mark.french
def test_all_is_exactly_what_is_visible(name: str) -> None:
    module = importlib.import_module(name)
    assert len(module.__all__) == len(set(module.__all__))
    assert set(module.__all__) == _own_names(module)


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_name_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    shown = [getattr(module, public) for public in module.__all__]
    own = [value for value in shown if callable(value) and getattr(value, "__module__", "").startswith("prai_match")]
    assert [value.__name__ for value in own if not inspect.getdoc(value)] == []


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_name_has_an_example(name: str) -> None:
    module = importlib.import_module(name)
    shown = [getattr(module, public) for public in module.__all__]
    own = [value for value in shown if callable(value) and getattr(value, "__module__", "").startswith("prai_match")]
    told = {value.__name__: inspect.getdoc(value) or "" for value in own}
    assert [public for public, doc in told.items() if not re.search(r"^Example:$\s+>>> ", doc, re.MULTILINE)] == []


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_method_is_documented(name: str) -> None:
    module = importlib.import_module(name)
    classes = [value for public in module.__all__ if inspect.isclass(value := getattr(module, public))]
    docs = {
        f"{kind.__name__}.{method}": inspect.getdoc(value)
        for kind in classes
        for method, value in inspect.getmembers(kind, inspect.isroutine)
        if not method.startswith("_") and str(getattr(value, "__module__", "")).startswith("prai_match")
    }
    assert [method for method, doc in docs.items() if not doc] == []


@pytest.mark.parametrize("name", ["prai_match", *PUBLIC])
def test_each_public_module_says_how_stable_it_is(name: str) -> None:
    doc = inspect.getdoc(importlib.import_module(name)) or ""
    assert len(re.findall(r"^Stability: (stable|provisional)\.$", doc, re.MULTILINE)) == 1


@pytest.mark.parametrize(
    ("method", "entries", "options"),
    [
        (Programme.recommend, [recommend.recommend], recommend.RecommendationOptions),
        (Programme.simulate, [simulate.simulate], simulate.SimulationOptions),
        (Programme.backtest, [backtest.backtest, settings], backtest.BacktestOptions),
        (Programme.check_policy, [backtest.check_policy], backtest.CheckOptions),
    ],
)
def test_a_method_takes_the_keywords_of_its_function(
    method: Callable[..., object], entries: list[Callable[..., object]], options: type
) -> None:
    keywords = [each for entry in entries for each in inspect.signature(entry).parameters.values()]
    named = {each.name: each.annotation for each in keywords if each.kind is each.KEYWORD_ONLY}
    # Where annotations aren't evaluated, they are texts.
    assert named == {name: getattr(each, "__forward_arg__", each) for name, each in options.__annotations__.items()}
    assert [name for name in named if f"``{name}``" not in (method.__doc__ or "")] == []
    entry = entries[-1]
    positional = [each for each in inspect.signature(entry).parameters.values() if each.default is each.empty]
    with pytest.raises(TypeError, match="buget"):
        inspect.unwrap(entry)(*positional, buget=1)


@pytest.mark.parametrize(
    ("method", "given", "options"),
    [(Programme.load, (".",), io.LoadOptions), (Programme.from_tables, ({}, {}), io.TableOptions)],
)
def test_a_method_takes_the_keywords_that_it_explains(
    method: Callable[..., object], given: tuple[object, ...], options: type
) -> None:
    assert [name for name in options.__annotations__ if f"``{name}``" not in (method.__doc__ or "")] == []
    with pytest.raises(ArgumentError, match="buget") as refused:
        method(*given, buget=1)
    assert [name for name in options.__annotations__ if name not in str(refused.value)] == []


def test_the_modules_within_a_layer_are_private() -> None:
    assert [name for name in PUBLIC if name.count(".") > 1] == []


def _own_names(module: ModuleType) -> set[str]:
    """The names without an underscore that a module defines, or, a package, takes from another part of the library.

    What it takes under its own name (``from … import name as name``) is for the other folders alone.
    """
    file = Path(str(module.__file__))
    tree = ast.parse(file.read_text("utf-8"))
    statements = [
        each for each in _running(tree.body) if file.stem == "__init__" or not isinstance(each, ast.ImportFrom)
    ]
    names = (name for statement in statements for name in _bound(statement))
    return {name for name in names if not name.startswith("_")}


def _running(statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        if isinstance(statement, ast.Try):
            yield from _running(statement.body)
        elif isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING":
            # What is imported on first use: each name is there too, or the module hasn't what it says.
            yield from statement.body
        else:
            yield statement


def _bound(statement: ast.stmt) -> list[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=targets):
            return [inner.id for target in targets for inner in ast.walk(target) if isinstance(inner, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case ast.ImportFrom(module=str(source), names=names) if source.split(".")[0] == "prai_match":
            return [alias.asname or alias.name for alias in names if alias.asname != alias.name]
        case _:
            return []


@pytest.fixture(scope="module")
def house() -> House:
    """The modules and their imports, read once."""
    return House()


def test_the_contract_of_layers_is_kept_by_every_import(house: House) -> None:
    """As import-linter holds it in ``make lint``: types and imports of functions included, and no folder left out."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (contract,) = settings["contracts"]
    assert not settings["exclude_type_checking_imports"]
    assert contract["exhaustive"]
    assert contract.keys() == {"name", "type", "containers", "exhaustive", "layers"}
    place = {folder: number for number, row in enumerate(contract["layers"]) for folder in row.split(" | ")}
    folders = {house.folder(module).removeprefix("prai_match.") for module in house.trees} - {"prai_match"}
    assert folders == place.keys()
    across = {
        (source.removeprefix("prai_match."), target.removeprefix("prai_match."))
        for each in house.imports
        for source, target in [(house.folder(each.source), house.folder(each.target))]
        if source != target and "prai_match" not in {source, target}
    }
    assert len(across) > 100
    assert sorted(pair for pair in across if place[pair[0]] >= place[pair[1]]) == []
    # What imports the root imports the front door.
    rooted = {
        house.folder(each.source).removeprefix("prai_match.") for each in house.imports if each.target == "prai_match"
    }
    assert [folder for folder in rooted if place[folder] >= place["_front"]] == []


def test_what_a_folder_takes_of_another_it_takes_of_the_folder_itself(house: House) -> None:
    apart = {"prai_match", "prai_match._version"}
    reached = {
        (each.source, each.target)
        for each in house.imports
        if house.folder(each.source) not in {house.folder(each.target), "prai_match"}
        and house.folder(each.target) not in apart
        and each.target != house.folder(each.target)
    }
    assert sorted(reached) == []


def test_modules_are_small() -> None:
    lengths = {file: _lines_of_code(file.read_text("utf-8")) for file in SOURCE.rglob("*.py")}
    assert [file.name for file, length in lengths.items() if length > 300] == []


def _lines_of_code(source: str) -> int:
    """The lines of a module that are in no docstring: their examples may be as long as they like."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    told = [node.body[0] for node in ast.walk(ast.parse(source)) if isinstance(node, kinds) and ast.get_docstring(node)]
    return len(source.splitlines()) - sum((doc.end_lineno or doc.lineno) - doc.lineno + 1 for doc in told)


LIGHT = {
    "annotated_types", "numpy", "polars", "prai_match", "pydantic", "pydantic_core", "rapidfuzz", "typing_extensions",
    "typing_inspection",
}  # fmt: skip
"""All that importing the library loads, beside the standard library."""

_ALL = "from prai_match import *"
_IMPORTING = """
import sys
opened, known = [], {*sys.modules}
sys.addaudithook(lambda event, details: opened.append(details[0]) if event == "open" else None)
from prai_match import *
loaded = {name.partition(".")[0] for name in sys.modules.keys() - known} - {*sys.stdlib_module_names}
print(sys.modules["prai_match"].__file__)
print(*sorted(name for name in loaded if not name.startswith("_") and name != "cython_runtime"))
print(*opened, sep="\\n")
"""


def test_importing_reads_no_file_of_data_and_no_heavy_module() -> None:
    run = subprocess.run([sys.executable, "-c", _IMPORTING], capture_output=True, text=True, check=True)
    file, loaded, *opened = run.stdout.splitlines()
    assert Path(file).parent == SOURCE
    assert set(loaded.split()) <= LIGHT
    # pydantic looks for its plugins among all that is installed; Python opens archives of modules.
    python = re.compile(r"\.(py|pyc|zip)$|\.dist-info/entry_points\.txt$")
    assert any(path.startswith(str(SOURCE)) for path in opened)
    assert [path for path in opened if not python.search(path)] == []


@pytest.mark.parametrize(
    ("imported", "most"), [("import prai_match", 2), ("from prai_match import PraiError", 5), (_ALL, 250)]
)
@pytest.mark.french
def test_nothing_is_loaded_before_it_is_asked_for(imported: str, most: int) -> None:
    code = f"import sys\n{imported}\nprint(*(name for name in sys.modules if name.startswith('prai_match')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = run.stdout.split()
    assert "prai_match" in loaded
    assert len(loaded) <= most
    assert {name.split(".")[1] for name in loaded if "." in name}.isdisjoint({"charts", "plan", "report", "simulate"})


def test_the_first_answer_loads_nothing_that_explains_and_no_graph() -> None:
    answer = "print(Programme.example().recommend(on='2007-09-03')['200066231'])"
    code = f"import sys\nfrom prai_match import Programme\nbefore = {{*sys.modules}}\n{answer}\nprint(*before)\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said, before, after = run.stdout.splitlines()
    assert said.startswith("<Recommendation '200066231'")
    needed = {"_arguments", "_front", "_language", "_later", "_version", "_words", "errors", "files", "model", "text"}
    assert {name.split(".")[1] for name in before.split() if name.startswith("prai_match.")} == needed
    assert {"networkx", "numpy", "rapidfuzz"}.isdisjoint(before.split())
    assert "prai_match.io" in after.split()
    assert {"prai_match.explain", "prai_match.datasets", "networkx", "http", "ssl"}.isdisjoint(after.split())


def test_what_shows_something_is_loaded_when_something_is_first_shown() -> None:
    offer = "Programme.example().recommend(on='2007-09-03', territories='200066231')['200066231'].offer"
    code = (
        f"import sys\nfrom prai_match import Programme\noffer = {offer}\nprint(*sys.modules)\nprint(offer.html('en'))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    before, html = run.stdout.split("\n", 1)
    assert [name for name in before.split() if name.startswith("prai_match.") and name.endswith("._display")] == [
        "prai_match.text._display"
    ]
    assert html.startswith('<div class="prai" lang="en">')
    assert "<dd>dematerialisation</dd>" in html


def test_every_folder_is_there_without_being_imported() -> None:
    for name in PUBLIC:
        assert getattr(prai_match, name.removeprefix("prai_match.")) is importlib.import_module(name)
    assert {*prai_match.__all__, *(name.removeprefix("prai_match.") for name in PUBLIC)} <= {*dir(prai_match)}
    with pytest.raises(AttributeError, match="module 'prai_match' has no attribute 'programme'"):
        _ = prai_match.programme  # type: ignore[attr-defined]


def test_every_public_module_is_imported_without_the_files_of_data(tmp_path: Path) -> None:
    copytree(SOURCE, tmp_path / "prai_match", ignore=_data)
    code = f"import importlib\nfor name in {PUBLIC}: print(importlib.import_module(name).__file__)"
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)
    assert run.stderr == ""
    assert len(run.stdout.splitlines()) == len(PUBLIC) > 20
    assert all(path.startswith(str(tmp_path)) for path in run.stdout.splitlines())


def _data(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()]


def test_columns_of_one_letter_are_those_of_the_table() -> None:
    named = set(re.findall(r"^\| `([a-z])` \|", (ROOT / "CONTRIBUTING.md").read_text("utf-8"), re.MULTILINE))
    engine = ("calendar", "datasets", "explain", "offers", "plan", "recommend", "simulate")
    texts = [file.read_text("utf-8") for folder in engine for file in (SOURCE / folder).rglob("*.py")]
    read = {
        name
        for text in texts
        for name in re.findall(r'pl\.col\("([a-z])"\)|on="([a-z])"', text)
        for name in name
        if name
    }
    assert read <= named
    assert named == {letter for letter in named if any(f'"{letter}"' in text for text in texts)}


def test_no_two_public_things_have_one_name() -> None:
    things: dict[str, dict[int, str]] = {}
    for name in ("prai_match", *PUBLIC):
        module = importlib.import_module(name)
        for public in module.__all__:
            things.setdefault(public, {})[id(getattr(module, public))] = name
    assert {public: sorted(places.values()) for public, places in things.items() if len(places) > 1} == {}
