"""The command line ``prai-match``: start, check and use a programme, resolve names, check an installation.

It needs the extra ``cli``; nothing else in the library imports this package.

Stability: stable.
"""

import os
import sys
from collections.abc import Sequence

from prai_match import text as _text

__all__ = ["main"]
_UNUSABLE = 3


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; ``docs/reference/command_line.md`` lists all commands and codes.

    Args:
        arguments: The arguments after the name of the program; None means those of the process.

    Raises:
        SystemExit: Always, with the exit code.

    Example:
        >>> try:
        ...     main(["--version"])
        ... except SystemExit as left:
        ...     print(left.code)
        prai-match, version 0.1.0
        0
    """
    argv = list(sys.argv[1:] if arguments is None else arguments)
    lang = _text.asked_language(argv, os.environ)
    try:
        from prai_match.cli._app import application  # noqa: PLC0415 - an extra
        from prai_match.cli._output import in_utf8  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print(_text.messages("prai_match.cli", "commands", lang)["click"]["no_click"], file=sys.stderr)  # noqa: T201 - a program
        sys.exit(_UNUSABLE)
    in_utf8(sys.stdout, sys.stderr)
    with _text.language(lang):
        application().main(argv)
