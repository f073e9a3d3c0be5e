"""Write the pages of the documentation that come from the code: ``python scripts/build_docs.py``."""

from __future__ import annotations

from pathlib import Path

from prai_match.policy import Column, Vocabulary

DOCS = Path(__file__).parents[1] / "docs"

_HEAD = """# The vocabulary of rules

The columns that rules may name, by the first stage that sees them. Written from
`src/prai_match/policy/data/vocabulary.toml` by `scripts/build_docs.py`.
"""

_STAGES = {"session": "The session", "partner": "The relay partner", "trainer": "The trainer"}


def vocabulary() -> str:
    """Return the page of the vocabulary."""
    parts = [_HEAD]
    for stage, title in _STAGES.items():
        parts += [f"\n## {title}\n", "| column | type | values | meaning | sens |", "| --- | --- | --- | --- | --- |"]
        parts += [_row(column) for column in Vocabulary.standard().all if column.stage == stage]
    return "\n".join(parts) + "\n"


def _row(column: Column) -> str:
    values = ", ".join(column.values)
    if column.type == "number":
        high = "" if column.high is None else f" to {column.high:g}"
        low = "" if column.low < 0 else f"{column.low:g}{high or ' or more'}"
        values = " ".join(part for part in (low, column.unit) if part)
    known = "; may be unknown" if column.nullable else ""
    return f"| `{column.name}` | {column.type} | {values}{known} | {column.en} | {column.fr} |"


if __name__ == "__main__":
    (DOCS / "vocabulary.md").write_text(vocabulary(), "utf-8")
