"""A fault planted in a module that is already imported: the code of one function is replaced in place."""

from __future__ import annotations

import sys
from functools import cached_property
from types import CodeType, FunctionType


def planted(name: str, source: str, place: str) -> bool:
    """Replace the code of the function at ``place`` by its code in ``source``.

    Args:
        name: The module's name.
        source: Its text with the fault.
        place: The dotted path of the function; functions defined inside it are included.

    Returns:
        Whether the module isn't imported yet, or the fault is now in the function's code. A fault in a constant, a
        class or a default isn't: the module must be imported again.
    """
    if name not in sys.modules:
        return True
    found: object = sys.modules[name]
    code: CodeType | None = compile(source, str(sys.modules[name].__file__), "exec", dont_inherit=True)
    for part in filter(None, place.split(".")):
        found = _function(vars(found).get(part))
        code = _inner(code, part)
        if isinstance(found, FunctionType) or found is None or code is None:
            break
    if not isinstance(found, FunctionType) or code is None:
        return False
    old = found.__code__
    if (old.co_code, old.co_consts, old.co_names) == (code.co_code, code.co_consts, code.co_names):
        return False
    if old.co_freevars != code.co_freevars:
        return False
    found.__code__ = code
    return True


def _function(found: object) -> object:
    """Return the function behind a property, a class method or a decorator with ``__wrapped__``."""
    if isinstance(found, property):
        found = found.fget
    elif isinstance(found, cached_property):
        found = found.func
    found = getattr(found, "__func__", found)
    return getattr(found, "__wrapped__", found)


def _inner(code: CodeType | None, name: str) -> CodeType | None:
    """Return the code of what ``code`` defines under ``name``, if it is unique."""
    codes = [const for const in code.co_consts if isinstance(const, CodeType) and const.co_name == name] if code else []
    return codes[0] if len(codes) == 1 else None
