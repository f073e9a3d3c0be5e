"""The JSON Schema of changes to a programme, from the models."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import create_model
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from prai_match.explain import Changes
from prai_match.model import Model, descriptions

if TYPE_CHECKING:
    from _schema_fields import Schema

_IN_PROCESS = frozenset({"with_policy"})
"""Changes that are Python objects, not JSON."""


class _Untitled(GenerateJsonSchema):
    """JSON Schema without titles, as fields have descriptions and a title made from their name adds nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 - pydantic's own
        return False


def changes_schemas(ref: str) -> dict[str, Schema]:
    """Return the schema of the changes that JSON can name, and of the rows in them, by the name of the model.

    Args:
        ref: The format of references between them, with ``{model}`` for the name.
    """
    fields: dict[str, Any] = {
        name: (field.annotation, field) for name, field in Changes.model_fields.items() if name not in _IN_PROCESS
    }
    model = create_model("Changes", __base__=Model, **fields)
    _, found = models_json_schema([(model, "validation")], ref_template=ref, schema_generator=_Untitled)
    components: dict[str, Schema] = found["$defs"]
    components["Changes"] |= {
        "description": "Changes to the inputs of the recommendation; inputs that are not named are unchanged",
        "description_fr": "Changements des données de la recommandation ; les données non citées sont inchangées",
    }
    for name, texts in descriptions(Changes).items():
        if name in fields:
            components["Changes"]["properties"][name] |= {"description": texts["en"], "description_fr": texts["fr"]}
    for schema in components.values():
        # The rest of a docstring is for readers of Python.
        schema["description"] = schema["description"].split("\n\n")[0]
    return components
