"""Typed names turned into official codes."""

from prai_match.register._resolve._resolve import Resolution, Resolutions, Status, resolve

__all__ = ["Resolution", "Resolutions", "Status", "resolve"]
