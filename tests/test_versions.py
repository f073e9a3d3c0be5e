"""What `make check-versions` installs and runs: `scripts/check_versions.py`."""

from __future__ import annotations

import pytest
from packaging.requirements import Requirement

import check_versions
from check_versions import pins, pythons, requirements


def pinned(*written: str) -> list[str]:
    return pins(map(Requirement, written))


def test_each_lower_bound_is_a_pin() -> None:
    assert pinned("XlsxWriter>=3.2.1", "pymdown-extensions>=11.0,<12", "a==1.0", "b~=2.1") == [
        "a==1.0",
        "b==2.1",
        "pymdown-extensions==11.0",
        "xlsxwriter==3.2.1",
    ]


def test_the_highest_bound_of_a_name_counts_and_versions_are_no_texts() -> None:
    assert pinned("numpy>=2.9", "NumPy[all]>=2.10", "numpy>=2.2,>2.3") == ["numpy==2.10"]


@pytest.mark.parametrize("written", ["a", "a<3", "a>1", "a!=2"])
def test_what_has_no_lower_bound_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=f"{written} has no lower bound"):
        pinned(written)


def test_every_dependency_of_the_project_is_pinned() -> None:
    names = {each.partition("==")[0] for each in pins(requirements())}
    assert names > {"polars", "pydantic", "click", "highspy", "numpy", "altair", "jinja2", "distributed", "hypothesis"}
    assert names > {"pandas", "pyarrow", "duckdb", "pytest"}, "the tests need them"
    assert not names & (check_versions.TOOLS | {"prai-match"})


def test_what_is_left_out_is_a_dependency_and_what_is_run_is_there() -> None:
    extras = check_versions.PROJECT["optional-dependencies"]
    assert {Requirement(each).name for each in extras["dev"]} >= check_versions.TOOLS
    assert all((check_versions.ROOT / path).exists() for path in check_versions.SELECTION)


def test_the_pythons_are_those_of_the_project() -> None:
    assert pythons() == ("3.11", "3.13")
