"""What is installed, and whether it works: versions, and checks that need no data of yours.

`check()` names no folder, no user and no machine, so that its text can be pasted anywhere. ``prai-match doctor`` prints
it. It needs no extra: an extra that is not installed is said, with the command that installs it.

Stability: provisional.
"""

from prai_match.doctor._diagnosis import Check, Diagnosis, Extra, Package, Status as Status
from prai_match.doctor._trials import check

__all__ = ["Check", "Diagnosis", "Extra", "Package", "check"]
