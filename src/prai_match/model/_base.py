"""The base of all models: frozen, each field documented in French and English, and errors of pydantic as problems."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, StringConstraints, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from prai_match import _arguments as given
from prai_match._words import catalogue, filled, quoted
from prai_match.errors import Lang, Problem, ProgrammeError, excerpt

_T = TypeVar("_T")
_LONGEST = 80  # maximum length of a shown value or field name, which may be arbitrary input

# An identifier: letters without accents, digits, ``_``, ``.`` and ``-``.
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]

# A name that people read; never empty.
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class Model(BaseModel):
    """A frozen record: unknown fields are refused, and defaults are checked like given values.

    The descriptions of fields are in ``data/descriptions.toml`` of the package, in both languages.

    ``repr`` gives code that makes an equal record; fields at their default are left out.
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
            raise ProgrammeError(type(self).__name__, map(problem, error.errors(include_url=False))) from None

    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]  # pydantic validates without calling it

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
        """Return a copy with some fields replaced; the copy is checked."""
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


def descriptions(model: type[Model]) -> dict[str, dict[Lang, str]]:
    """Return the descriptions of a model's fields, in both languages; fields added by others have none."""
    texts: dict[str, dict[Lang, str]] = {}
    for owner in reversed(model.__mro__):
        package = owner.__module__.rpartition(".")[0]
        if issubclass(owner, Model) and package.startswith("prai_match.") and owner is not Model:
            tables = catalogue(package, "descriptions")
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

    def get(self, lang: Lang) -> str:
        """Return the text in ``lang``.

        Example:
            >>> Text(fr="Oui", en="Yes").get("en")
            'Yes'
        """
        return self.fr if given.current_language(lang) == "fr" else self.en


def item(where: str, index: int) -> str:
    """Return the place of an item of a list, ``needs[1]`` for the first: counted from 1, like lines of files."""
    return f"{where}[{index + 1}]"


def items(where: str, values: Iterable[_T]) -> Iterator[tuple[str, _T]]:
    return ((item(where, index), value) for index, value in enumerate(values))


def path_of(loc: tuple[int | str, ...], longest: int | None = None) -> str:
    """Return the place that pydantic gives as steps; names are cut to a maximum length."""
    if loc[-1:] == ("[key]",):  # the key of a mapping, not a position
        loc = (*loc[:-2], str(loc[-2]), loc[-1])
    steps = (item("", part) if isinstance(part, int) else f".{part[:longest]}" for part in loc)
    return "".join(steps).removeprefix(".")


def problem(details: Mapping[str, Any]) -> Problem:
    """Turn an error of pydantic ('Input should be a valid date') into a problem that expects 'a valid date'."""
    kind, value = details["type"], details["input"]
    words = catalogue("prai_match.model", "fields")
    nothing = words["nothing"]
    message = str(details["msg"]).removeprefix("Value error, ").removeprefix("Input should be ")
    is_missing, is_sort = value is None or kind == "missing", kind.endswith(("_type", "_parsing"))
    limits = {name: f"{most:g}" if isinstance(most, float) else most for name, most in details.get("ctx", {}).items()}
    expectation = filled(words.get(kind, words["other"]), {**limits, "message": message})
    french = quoted(expectation["fr"].replace(" or ", " ou "))["fr"] if kind == "literal_error" else expectation["fr"]
    found = {**nothing, "en": nothing["en"] if kind == "missing" else "None"} if is_missing else quoted(excerpt(value))
    form: Literal["words", "value", "is"] = "words" if is_missing else "is" if is_sort else "value"
    return Problem(
        path_of(details["loc"], _LONGEST) or "programme", found["en"], expectation["en"], french, found["fr"], form
    )
