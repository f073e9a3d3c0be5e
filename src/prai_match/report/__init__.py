"""The page of a day's recommendations for a meeting: one self-contained HTML file (extra ``report``).

Stability: stable.
"""

from prai_match.report._render import html, write as write

__all__ = ["html"]
