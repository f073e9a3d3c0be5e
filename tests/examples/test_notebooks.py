"""The notebooks of examples/: each runs whole in a kernel of its own, without a warning, and is kept without outputs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "examples"
NOTEBOOKS = ["embed_in_a_tool", "policy_and_compare", "premiere_recommandation"]

# All warnings are told on the standard error, also those that a library would catch; the kernel's are not ours.
_TOLD = """\
import warnings
warnings.simplefilter("always")
warnings.filterwarnings("ignore", module=r"(ipykernel|traitlets|jupyter_client)\\.")"""
_WARNING = re.compile(r"\b\w+Warning\b")
WARNINGS = {"premiere_recommandation": {"RejectedRowsWarning"}}
"""Those that are part of a lesson."""

EXPECTED: dict[str, dict[str, Any]] = {
    "premiere_recommandation": {
        "rec.session": "dematerialisation",
        "charge.load_report.rejected": 2,
        "[row['column'] for row in charge.load_report.rejections().iter_rows(named=True)]": [
            "Date de la demande",
            "Collectivité",
        ],
        "a_verifier.select('group', 'count').row(0)": ("parler", 7),
        "autre.what_if(**besoin.answers[0].applied).after['200034064'].session": "teleservices",
        "sorted(chemin.name for chemin in dossier.iterdir())": [
            "mon_programme",
            "rapport.html",
            "recommandations.csv",
            "recommandations.xlsx",
            "rejets",
        ],
    },
    "policy_and_compare": {
        "difference.changes()['lost'], difference.changes()['session'] > 4": (2, True),
        "[rule.id for rule in sooner.requirements if rule.id not in {r.id for r in policy.requirements}]": [
            "nearby_trainer"
        ],
        "{rec.why().contributions.keys() >= {'fresh_memory'} for rec in after if rec.offer}": {True},
        "(programme.recommend(on=day, policy=policy.with_weights(equity=25)) - before).changes().keys() == {'priority'}": True,
        "sorted(path.name for path in folder.iterdir())": [
            "policy.html",
            "policy_proposed.html",
            "what_would_change.xlsx",
        ],
    },
    "embed_in_a_tool": {
        "[name.status for name in names]": [
            "alias",
            "fuzzy",
            "unknown",
            "exact",
            "ambiguous",
            "not_a_collectivity_here",
        ],
        "read['workshop'].to_list()": ["site_internet", None, "dematerialisation", None],
        "wishes.select('workshop', 'polarity', 'rank').rows()": [
            ("sig", "refused", None),
            ("site_internet", "wanted", 1),
            ("teleservices", "wanted", 2),
        ],
        "[rec.session for rec in recs]": ["site_internet"] * 3,
        "pl.DataFrame(table).equals(recs.to_polars())": True,
        "pm.reproduce(kept, programme).same_answer": True,
        "pm.reproduce(kept, later).changed": ("needs",),
    },
}


def _notebook(name: str) -> Any:
    return nbformat.read(FOLDER / f"{name}.ipynb", 4)  # type: ignore[no-untyped-call]


def _cell(source: str) -> Any:
    return nbformat.v4.new_code_cell(source)  # type: ignore[no-untyped-call]


def _output(cell: Any, kind: str) -> str:
    return "".join(output.text for output in cell.outputs if output.get("name") == kind)


@pytest.fixture
def _apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a kernel writes, and the notebook's temporary folders, stay under the test's folder."""
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "TMPDIR"):
        folder = tmp_path / name.lower()
        folder.mkdir()
        monkeypatch.setenv(name, str(folder))


def test_every_notebook_is_run() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == NOTEBOOKS


@pytest.mark.usefixtures("_apart")
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_runs_whole_and_finds_what_it_tells(name: str, tmp_path: Path) -> None:
    notebook = _notebook(name)
    questions = "\n".join(f"print(repr(({question})))" for question in EXPECTED[name])
    notebook.cells = [_cell(_TOLD), *notebook.cells, _cell(questions)]
    work = tmp_path / "work"
    work.mkdir()
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(work)}}).execute()
    answers = [ast.literal_eval(line) for line in _output(notebook.cells[-1], "stdout").splitlines()]
    assert dict(zip(EXPECTED[name], answers, strict=True)) == EXPECTED[name]
    said = "".join(_output(cell, "stderr") for cell in notebook.cells if cell.cell_type == "code")
    assert set(_WARNING.findall(said)) == WARNINGS.get(name, set())
    assert not list(work.iterdir())


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_is_kept_without_what_a_run_leaves(name: str) -> None:
    notebook = _notebook(name)
    nbformat.validate(notebook)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in cells if cell.outputs or cell.execution_count is not None]
    assert not [cell for cell in notebook.cells if cell.metadata]
    assert notebook.metadata == {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_it_uses_the_public_library_only(name: str) -> None:
    source = "\n".join(cell.source for cell in _notebook(name).cells if cell.cell_type == "code")
    imported = [
        alias.name if isinstance(node, ast.Import) else f"{node.module}.{alias.name}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    attributes = [node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)]
    assert not [name for name in (*imported, *attributes) if any(part.startswith("_") for part in name.split("."))]
