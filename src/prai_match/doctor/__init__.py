"""Diagnosis of an installation: versions, and checks that need none of your data.

`check()` names no folder, no user and no machine, so that its text can be pasted anywhere. ``prai-match doctor`` prints
it. It needs no extra: missing extras are listed with the command that installs them.

Stability: provisional.
"""

from prai_match.doctor._diagnosis import Check, Diagnosis, Extra, Package, Status as Status
from prai_match.doctor._trials import check

__all__ = ["Check", "Diagnosis", "Extra", "Package", "check"]
