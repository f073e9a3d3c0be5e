"""What every model shares: frozen, closed, and documented field by field in French and English."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, StringConstraints, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from prai_match import _arguments, _arguments as given, _words, errors
from prai_match.model._problems import problem

# An identifier: letters without accents, digits, ``_``, ``.`` and ``-``.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]

# A name that people read; never empty.
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class Model(BaseModel):
    """A frozen record: unknown fields are refused, defaults are checked like the rest.

    What each field is stands in ``data/descriptions.toml`` of its package, in both languages.

    Its ``repr`` is code that makes an equal one; fields at their default are left out.
    """

    # Built on first use, so that importing the library stays quick.
    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False, defer_build=True
    )

    def __init__(self, /, **data: Any) -> None:  # noqa: ANN401 - as pydantic has it
        """Check the fields.

        Raises:
            ProgrammeError: Fields have problems; ``model_validate`` raises pydantic's own error.
        """
        try:
            super().__init__(**data)
        except ValidationError as error:
            raise errors.ProgrammeError(type(self).__name__, map(problem, error.errors(include_url=False))) from None

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # what validates doesn't go through it

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe each field in English (``description``) and in French (``description_fr``)."""
        json = super().__get_pydantic_json_schema__(schema, handler)
        properties = handler.resolve_ref_schema(json)["properties"]
        for name, texts in descriptions(cls).items():
            field = properties[cls.model_fields[name].alias or name]
            field |= {"description": texts["en"], "description_fr": texts["fr"]}
        return json

    @given.takes(update=given.optional(given.mapping))
    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy, with some fields replaced; what results is checked."""
        if update is None:
            return super().model_copy(deep=deep)
        fields = type(self).model_fields
        alias = {name: field.alias or name for name, field in fields.items()}
        before = {alias[name]: getattr(self, name) for name in fields if name in self.model_fields_set}
        return type(self).model_validate(before | {alias.get(name, name): value for name, value in update.items()})

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        for name, value in super().__repr_args__():
            field = type(self).model_fields.get(name or "")
            if field is None or field.is_required() or value != field.get_default(call_default_factory=True):
                yield name, value


def descriptions(model: type[Model]) -> dict[str, dict[errors.Lang, str]]:
    """Return what the fields of a model are, in both languages; those that others add to it have no description."""
    texts: dict[str, dict[errors.Lang, str]] = {}
    for owner in reversed(model.__mro__):
        package = owner.__module__.rpartition(".")[0]
        if issubclass(owner, Model) and package.startswith("prai_match.") and owner is not Model:
            tables = _words.catalogue(package, "descriptions")
            texts |= {**tables.get("shared", {}), **tables.get(owner.__name__, {})}
    return {name: texts[name] for name in model.model_fields if name in texts}


class Text(Model):
    """A text that exists in French and in English.

    Example:
        >>> Text(fr="Intercommunalité", en="Inter-municipal body").get("fr")
        'Intercommunalité'
    """

    fr: Name
    en: Name

    def get(self, lang: errors.Lang) -> str:
        """Return the text in ``lang``.

        Example:
            >>> Text(fr="Oui", en="Yes").get("en")
            'Yes'
        """
        return self.fr if _arguments.current_language(lang) == "fr" else self.en
