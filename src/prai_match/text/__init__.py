"""What people read: numbers and days as they are written, messages in two languages, pages, displays in notebooks.

Stability: provisional.
"""

from prai_match._arguments import LANGUAGES as LANGUAGES
from prai_match._arguments import current_language as current_language
from prai_match._language import Readable as Readable
from prai_match.text._display import Block as Block
from prai_match.text._display import Details as Details
from prai_match.text._display import Facts as Facts
from prai_match.text._display import Frame as Frame
from prai_match.text._display import display as display
from prai_match.text._display import short_day as short_day
from prai_match.text._display_shell import Shown as Shown
from prai_match.text._display_shell import Tabular as Tabular
from prai_match.text._display_shell import shown as shown
from prai_match.text._document import Code as Code
from prai_match.text._document import Document
from prai_match.text._document import Items as Items
from prai_match.text._document import Section as Section
from prai_match.text._document import Table as Table
from prai_match.text._document import plain as plain
from prai_match.text._document import tied as tied
from prai_match.text._language import accepted as accepted
from prai_match.text._language import asked_language as asked_language
from prai_match.text._language import counted as counted
from prai_match.text._language import day as day
from prai_match.text._language import euros as euros
from prai_match.text._language import language as language
from prai_match.text._language import messages as messages
from prai_match.text._language import month as month
from prai_match.text._language import number as number
from prai_match.text._language import price as price
from prai_match.text._language import signed as signed
from prai_match.text._language import singular as singular
from prai_match.text._language import total as total
from prai_match.text._language import without_accents as without_accents
from prai_match.text._masks import masked as masked
from prai_match.text._progress import bar as bar
from prai_match.text._progress import line as line
from prai_match.text._progress import tracked as tracked
from prai_match.text._toml import RefusedFileError as RefusedFileError
from prai_match.text._toml import TomlError as TomlError
from prai_match.text._toml import bounded as bounded
from prai_match.text._toml import opened as opened
from prai_match.text._toml import toml as toml

__all__ = ["Document"]
