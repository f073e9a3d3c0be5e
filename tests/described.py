"""What docs/reference/openapi.json says of the services of examples/, and what is wrong with an answer by it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema

if TYPE_CHECKING:
    import httpx

OPENAPI: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "docs" / "reference" / "openapi.json").read_text("utf-8")
)


def wrong(name: str, data: object) -> list[str]:
    """What is wrong with data, by one of the schemas."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": OPENAPI["components"]}
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]


def check(answer: httpx.Response) -> None:
    """See that a response is one that is described; where there is no such page or method, that it is an error."""
    answer.read()
    operation = _operation(answer.request.method.lower(), answer.request.url.path)
    if operation is None:
        assert answer.status_code in {404, 405}
        assert wrong("Error", answer.json()) == []
        return
    response = operation["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = OPENAPI["components"]["responses"][response["$ref"].rpartition("/")[2]]
    (kind, content) = next(iter(response["content"].items()))
    assert answer.headers["content-type"] == kind
    assert answer.headers["content-language"] in {"fr", "en"}
    assert wrong(content["schema"]["$ref"].rpartition("/")[2], answer.json()) == []


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template, operations in OPENAPI["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path) and method in operations:
            found: dict[str, Any] = operations[method]
            return found
    return None
