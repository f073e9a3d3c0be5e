"""Lexicon and policy as officers write them: data that `prai_match.needs` and `prai_match.policy` compile."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal

from pydantic import ConfigDict, Field, Strict, StringConstraints

from prai_match.model._attributes import NO_VALUES, NamedValues
from prai_match.model._base import Id, Model, Text
from prai_match.model._catalogue import SessionForm

Level = Literal["fort", "moyen", "faible"]
Reach = Literal["lieu", "objet", "phrase"]
Shared = Literal["mots_vides", "invariables", "tournures", "tout"]

MOST_TABLES: Final = 1_000
_Name = Annotated[str, StringConstraints(max_length=100)]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Names = Annotated[tuple[_Name, ...], Strict(strict=False)]
_Texts = Annotated[tuple[Annotated[str, StringConstraints(min_length=1, max_length=2_000)], ...], Strict(strict=False)]
_Phrases = Annotated[tuple[_Words, ...], Strict(strict=False)]


class _Table(Model):
    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True)


class TermTable(_Table):
    """``[[terme]]``: words and combinations that mean that a workshop is wanted."""

    atelier: _Name
    axe: _Name | None = None
    niveau: Level
    cede: bool = False
    chez_soi: bool = False
    malgre: _Names = ()
    mots: _Phrases = ()
    ensembles: _Phrases = ()


class ContextTable(_Table):
    """``[[contexte]]``: places and subjects that aren't subjects of the programme's workshops."""

    nom: _Name
    portee: Reach = "lieu"
    ecarte: _Names = ()
    herite: bool = False
    motif: bool = False
    mots: _Phrases = ()
    ensembles: _Phrases = ()


class SpeechTable(_Table):
    """``[tournures]``: phrases that change the meaning of the terms around them."""

    negation: _Phrases = ()
    deja: _Phrases = ()
    satisfait: _Phrases = ()
    a_refaire: _Phrases = ()
    souhait: _Phrases = ()
    refus: _Phrases = ()
    opposition: _Phrases = ()
    action: _Phrases = ()
    neutre: _Phrases = ()
    lieu_interne: _Phrases = ()


class LexiconTable(_Table):
    """The whole lexicon, with the field names of its file."""

    reprend: Annotated[tuple[Shared, ...], Strict(strict=False)] = ()
    mots_vides: _Phrases = ()
    invariables: _Phrases = ()
    sans_faute: _Phrases = ()
    groupes: Annotated[NamedValues[_Phrases], Field(default_factory=NamedValues)]
    terme: Annotated[tuple[TermTable, ...], Strict(strict=False), Field(max_length=MOST_TABLES)] = ()
    contexte: Annotated[tuple[ContextTable, ...], Strict(strict=False), Field(max_length=MOST_TABLES)] = ()
    tournures: Annotated[SpeechTable, Field(default_factory=SpeechTable)]
    exemples: Annotated[NamedValues[_Texts], Field(default_factory=NamedValues)]

    @property
    def entries(self) -> dict[str, Sequence[TermTable | ContextTable]]:
        """The tables that contain words and combinations."""
        return {"terme": self.terme, "contexte": self.contexte}


ColumnType = Literal["number", "boolean", "text"]
Stage = Literal["territory", "session", "place", "partner", "trainer"]

_Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
_Weight = Annotated[float, Field(ge=0, le=1e6)]
_Sentence = Annotated[str, Field(max_length=2_000)]
_Share = Annotated[float, Field(ge=0, le=1)]


class RequireRow(Model):
    """A ``require`` rule as written."""

    id: _Identifier
    stage: Stage
    kind: Id | None = None
    require: str
    unknown: Literal["accept", "refuse"] = "refuse"
    reason: _Identifier | None = None
    fr: _Sentence
    en: _Sentence


class PreferRow(Model):
    """A ``prefer`` rule as written."""

    id: _Identifier
    stage: Stage
    kind: SessionForm | None = None
    prefer: str
    weight: _Weight
    unknown: _Share = 0.0
    fr: _Sentence
    en: _Sentence


class ColumnRow(Model):
    """A column that the user provides by territory, as declared in the policy."""

    name: _Identifier
    type: ColumnType
    fr: _Sentence
    en: _Sentence
    unit: str = ""


class PolicyRows(Model):
    """A policy as written: its rules or, with ``extends``, how it differs from the policy that it extends."""

    id: _Identifier
    extends: Literal["default"] | None = None
    without: tuple[_Identifier, ...] = ()
    name: Text
    weights: NamedValues[_Weight] = NO_VALUES
    column: tuple[ColumnRow, ...] = ()
    rule: tuple[RequireRow | PreferRow, ...] = ()
