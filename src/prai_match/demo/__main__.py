"""Run the demonstration: ``python -m prai_match.demo``."""

import sys

from prai_match.demo import run

sys.exit(run())
