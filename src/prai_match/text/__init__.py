"""Texts for people: numbers, days, messages in two languages, pages, displays in notebooks.

Stability: provisional.
"""

from prai_match._arguments import LANGUAGES as LANGUAGES, current_language as current_language
from prai_match._language import Readable as Readable
from prai_match.text._display import (
    Block as Block,
    Details as Details,
    Facts as Facts,
    Frame as Frame,
    display as display,
    short_day as short_day,
)
from prai_match.text._document import (
    Code as Code,
    Document,
    Items as Items,
    Section as Section,
    Shown as Shown,
    Table as Table,
    Tabular as Tabular,
    Written as Written,
    page as page,
    plain as plain,
    shown as shown,
    tied as tied,
)
from prai_match.text._language import (
    accepted as accepted,
    asked_language as asked_language,
    both as both,
    counted as counted,
    day as day,
    euros as euros,
    language as language,
    mean as mean,
    messages as messages,
    month as month,
    number as number,
    price as price,
    signed as signed,
    singular as singular,
    total as total,
    without_accents as without_accents,
)
from prai_match.text._masks import masked as masked
from prai_match.text._progress import bar as bar, line as line, tracked as tracked
from prai_match.text._toml import (
    RefusedFileError as RefusedFileError,
    TomlError as TomlError,
    bounded as bounded,
    opened as opened,
    toml as toml,
)

__all__ = ["Document"]
