"""The version of the library, and of its JSON format."""

from typing import Final

__version__ = "0.1.0"
JSON_SCHEMA: Final = 2
"""Value of ``schema`` in JSON documents that `to_json` returns; rows of tables have no ``schema``."""
