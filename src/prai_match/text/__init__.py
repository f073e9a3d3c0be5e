"""What people read: numbers and days as they are written, messages in two languages, pages, displays in notebooks.

Stability: provisional.
"""

from prai_match.text._display import Block, Details, Facts, display
from prai_match.text._display_frame import Frame, short_day
from prai_match.text._document import Code, Document, Items, Section, Table, plain
from prai_match.text._fold import without_accents
from prai_match.text._formats import counted, day, euros, month, number, price, signed, singular, total
from prai_match.text._language import LANGUAGES, accepted, language
from prai_match.text._messages import messages
from prai_match.text._progress import SECONDS, bar, tracked, watched
from prai_match.text._regular import RefusedFileError as RefusedFileError
from prai_match.text._regular import opened as opened
from prai_match.text._shown import Shown as Shown
from prai_match.text._shown import shown as shown
from prai_match.text._tied import tied
from prai_match.text._toml import TomlError, bounded, toml

__all__ = [
    "LANGUAGES",
    "SECONDS",
    "Block",
    "Code",
    "Details",
    "Document",
    "Facts",
    "Frame",
    "Items",
    "Section",
    "Table",
    "TomlError",
    "accepted",
    "bar",
    "bounded",
    "counted",
    "day",
    "display",
    "euros",
    "language",
    "messages",
    "month",
    "number",
    "plain",
    "price",
    "short_day",
    "signed",
    "singular",
    "tied",
    "toml",
    "total",
    "tracked",
    "watched",
    "without_accents",
]
