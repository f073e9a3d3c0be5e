"""Types that stand for programme data of whatever class."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Type checkers know defaults of type variables before Python 3.13 does.
    from typing_extensions import TypeVar

    from prai_match.model._programme import ProgrammeData

    ProgrammeT = TypeVar("ProgrammeT", bound=ProgrammeData)
    ProgrammeT_co = TypeVar("ProgrammeT_co", bound=ProgrammeData, covariant=True, default=ProgrammeData)
else:
    from typing import TypeVar

    ProgrammeT = TypeVar("ProgrammeT")
    ProgrammeT_co = TypeVar("ProgrammeT_co", covariant=True)
