"""A lexicon as an officer writes it: data that `prai_match.needs` compiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar, Final, Literal

from pydantic import ConfigDict, Field, Strict, StringConstraints

from prai_match.model._attributes import NamedValues
from prai_match.model._base import Model

Level = Literal["fort", "moyen", "faible"]
Reach = Literal["lieu", "objet", "phrase"]
Shared = Literal["mots_vides", "invariables", "tournures"]

MOST_TABLES: Final = 1_000
_Name = Annotated[str, StringConstraints(max_length=100)]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Names = Annotated[tuple[_Name, ...], Strict(strict=False)]
_Phrases = Annotated[tuple[_Words, ...], Strict(strict=False)]


class _Table(Model):
    model_config: ClassVar[ConfigDict] = ConfigDict(strict=True)


class TermTable(_Table):
    """``[[terme]]``: words and combinations that say that a workshop is wanted."""

    atelier: _Name
    axe: _Name | None = None
    niveau: Level
    cede: bool = False
    chez_soi: bool = False
    malgre: _Names = ()
    mots: _Phrases = ()
    ensembles: _Phrases = ()


class ContextTable(_Table):
    """``[[contexte]]``: places and subjects that are not for a workshop of the programme."""

    nom: _Name
    portee: Reach = "lieu"
    ecarte: _Names = ()
    herite: bool = False
    motif: bool = False
    mots: _Phrases = ()
    ensembles: _Phrases = ()


class SpeechTable(_Table):
    """``[tournures]``: the turns of phrase that change what the terms around them mean."""

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
    """The whole lexicon, under the names that its file has."""

    reprend: Annotated[tuple[Shared, ...], Strict(strict=False)] = ()
    mots_vides: _Phrases = ()
    invariables: _Phrases = ()
    sans_faute: _Phrases = ()
    groupes: Annotated[NamedValues[_Phrases], Field(default_factory=NamedValues)]
    terme: Annotated[tuple[TermTable, ...], Strict(strict=False), Field(min_length=1, max_length=MOST_TABLES)]
    contexte: Annotated[tuple[ContextTable, ...], Strict(strict=False), Field(max_length=MOST_TABLES)] = ()
    tournures: Annotated[SpeechTable, Field(default_factory=SpeechTable)]

    @property
    def entries(self) -> dict[str, Sequence[TermTable | ContextTable]]:
        """The tables that have words and combinations."""
        return {"terme": self.terme, "contexte": self.contexte}
