"""With the core dependencies alone the library imports and recommends; what needs an extra says which one to install."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

PROGRAM = """
import datetime as dt
import importlib.abc, json, sys

EXTRAS = {
    "altair", "click", "dask", "distributed", "highspy", "holidays", "hypothesis", "icalendar", "jinja2",
    "pandas", "pyarrow", "python_calamine", "tomli_w", "tqdm", "vacances_scolaires_france", "vl_convert", "xlsxwriter",
}

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())

import prai_match as pm
import prai_match.cli
import prai_match.doctor
import prai_match.io
import prai_match.simulate

programme = pm.Programme.example()
found = programme.recommend(on=dt.date(2007, 9, 1))

def tried(use):
    try:
        use()
    except pm.PraiError as error:
        return str(error)
    except SystemExit as left:
        return f"left with {left.code}"
    return "nothing was missing"

def workbook():
    prai_match.io.write(found.to_polars(), "recommendations.xlsx")

def charts():
    import prai_match.charts
    prai_match.charts.contributions(next(iter(found)))

def testing():
    import prai_match.testing

said = {
    "io": tried(lambda: programme.save("saved")),
    "workbook": tried(workbook),
    "plan": tried(lambda: programme.plan(dt.date(2007, 9, 1), dt.date(2007, 12, 1))),
    "viz": tried(charts),
    "report": tried(lambda: found.report("page.html")),
    "pandas": tried(found.to_pandas),
    "testing": tried(testing),
    "cli": tried(lambda: prai_match.cli.main(["--version"])),
}
found_well = prai_match.doctor.check().ok
print(json.dumps({"well": found_well, "said": said, "count": len(found), "missing": sorted(EXTRAS & set(sys.modules))}))
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        cwd=tmp_path_factory.mktemp("minimal"),
    )


def test_the_core_recommends_by_itself(ran: subprocess.CompletedProcess[str]) -> None:
    told = json.loads(ran.stdout)
    assert told["count"] > 100
    assert told["missing"] == []
    assert told["well"]


@pytest.mark.parametrize(
    ("use", "extra"),
    [
        ("io", "io"),
        ("workbook", "io"),
        ("plan", "plan"),
        ("viz", "viz"),
        ("report", "report"),
        ("pandas", "pandas"),
        ("testing", "testing"),
    ],
)
def test_what_is_missing_is_an_extra_with_its_command(
    ran: subprocess.CompletedProcess[str], use: str, extra: str
) -> None:
    assert f'pip install "prai-match[{extra}]"' in json.loads(ran.stdout)["said"][use]


def test_the_command_line_says_what_it_needs(ran: subprocess.CompletedProcess[str]) -> None:
    assert json.loads(ran.stdout)["said"]["cli"] == "left with 3"
    assert "prai-match[cli]" in ran.stderr
