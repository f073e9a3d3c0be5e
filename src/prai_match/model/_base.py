"""What every model shares: frozen, closed, and documented field by field in French and English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prai_match.errors import Lang

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=64)]
"""An identifier: letters without accents, digits, ``_``, ``.`` and ``-``."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]
"""A name that people read; never empty."""


def doc(en: str, fr: str, **constraints: Any) -> Any:  # noqa: ANN401 - the shape of pydantic's own Field
    """Describe a field in English (``description``) and French (``description_fr`` in the JSON Schema)."""
    return Field(description=en, json_schema_extra={"description_fr": fr}, **constraints)


class Model(BaseModel):
    """A frozen record: unknown fields are refused, defaults are checked like the rest.

    Its ``repr`` is code that makes an equal one; fields at their default are left out.
    """

    # Built on first use, so that importing the library stays quick.
    model_config: ClassVar[ConfigDict] = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False, defer_build=True
    )

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Give the fields that aren't at their default."""
        for name, value in super().__repr_args__():
            field = type(self).model_fields.get(name or "")
            if field is None or field.is_required() or value != field.get_default(call_default_factory=True):
                yield name, value


class Text(Model):
    """A text that exists in French and in English.

    Example:
        >>> Text(fr="Intercommunalité", en="Inter-municipal body").get("fr")
        'Intercommunalité'
    """

    fr: Annotated[Name, doc("French text", "Texte français")]
    en: Annotated[Name, doc("English text", "Texte anglais")]

    def get(self, lang: Lang) -> str:
        """Return the text in ``lang``.

        Example:
            >>> Text(fr="Oui", en="Yes").get("en")
            'Yes'
        """
        return self.fr if lang == "fr" else self.en
