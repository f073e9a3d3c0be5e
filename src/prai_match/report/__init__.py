"""The page of a day's recommendations for a meeting: one HTML file that needs nothing else (extra ``report``).

Stability: stable.
"""

from prai_match.report._render import html, write as write

__all__ = ["html"]
