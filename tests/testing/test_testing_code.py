"""What a failing test prints can be pasted."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from decimal import Decimal
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from made import programme
from prai_match import Policy, Programme, model
from prai_match.testing import IMPORTS, code, joined_columns, models, policies, programmes
from thorough import examples

if TYPE_CHECKING:
    from pathlib import Path

NAMES: dict[str, Any] = {
    "datetime": dt,
    "Decimal": Decimal,
    "Policy": Policy,
    "Programme": Programme,
    **vars(model),
}
MODELS = [
    found
    for name in model.__all__
    if isinstance(found := getattr(model, name), type) and issubclass(found, model.Model)
    if found not in {model.Model, model.ProgrammeData}
]


def pasted(text: str) -> Any:
    return eval(text, dict(NAMES))  # noqa: S307 - our own code


@examples(20)
@given(programmes())
def test_a_programme_is_written_as_code(drawn: Programme) -> None:
    assert pasted(repr(drawn)) == drawn
    assert pasted(code(drawn)) == drawn
    assert max(map(len, code(drawn).splitlines())) <= 120


@pytest.mark.parametrize("kind", MODELS, ids=lambda kind: kind.__name__)
@examples(8)
@given(draw=st.data())
def test_every_model_is_drawn_and_written_as_code(kind: type[model.Model], draw: st.DataObject) -> None:
    drawn = draw.draw(models(kind))
    assert isinstance(drawn, kind)
    assert pasted(repr(drawn)) == drawn
    assert kind.model_validate(drawn.model_dump()) == drawn


@examples(10)
@given(policies())
def test_a_policy_is_written_as_code(drawn: Policy) -> None:
    assert pasted(repr(drawn)) == drawn
    assert pasted(code(drawn)) == drawn
    assert hash(pasted(code(drawn))) == hash(drawn)


def test_long_tables_are_counted_in_a_repr_and_written_out_as_code() -> None:
    need = programme().needs[0]
    many = programme().model_copy(update={"needs": [need] * 51})
    assert "needs=<Rows of Need: 51>" in repr(many)
    assert pasted(code(many)) == many


FAILING = """
    import datetime as dt
    from hypothesis import Phase, given, settings
    from prai_match.testing import SMALL, days, policies, programmes

    @settings(derandomize=True, database=None, deadline=None, phases=[Phase.generate, Phase.shrink])
    @given(programme=programmes(sizes=SMALL), policy=policies(), on=days())
    def test_that_fails(programme, policy, on):
        assert len(programme.territories) < 2
"""


def test_what_a_failing_test_prints_makes_the_programme_again(tmp_path: Path) -> None:
    (tmp_path / "test_fails.py").write_text(dedent(FAILING))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_fails.py"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    printed = re.search(r"test_that_fails\(\n(.*?)^E?\s*\)$", run.stdout, re.MULTILINE | re.DOTALL)
    assert printed, run.stdout
    arguments = re.sub("^E", " ", printed[1], flags=re.MULTILINE)
    drawn, policy, on = pasted(f"(lambda programme, policy, on: (programme, policy, on))({arguments})")
    assert [territory.id for territory in drawn.territories] == ["T0", "T1"]
    assert policy == Policy.default()
    assert on == dt.date(2006, 9, 1)
    names: dict[str, Any] = {}
    exec(f"{IMPORTS}\nagain = {code(drawn)}", names)  # noqa: S102 - our own code
    assert names["again"] == drawn


def test_without_hypothesis_the_extra_is_named() -> None:
    lines = "import sys; sys.modules['hypothesis'] = None\nimport prai_match.testing"
    run = subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=False)
    last = run.stderr.splitlines()[-1]
    assert last.startswith("prai_match.errors.PraiError: ")
    assert 'pip install "prai-match[testing]"' in last


@given(joined_columns(Policy.default(), programme()))
def test_no_column_is_joined_where_none_is_asked_for(frame: object) -> None:
    assert frame is None
