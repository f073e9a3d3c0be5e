"""The version of the library, and of the JSON that it gives."""

from typing import Final

__version__ = "0.1.0"
JSON_SCHEMA: Final = 2
"""``schema`` of what `to_json` gives that stands by itself; rows of tables have none."""
