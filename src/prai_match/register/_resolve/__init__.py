"""Typed names turned into official codes."""

from prai_match.register._resolve._resolve import Arrow, Resolution, Resolutions, Status, resolve

__all__ = ["Arrow", "Resolution", "Resolutions", "Status", "resolve"]
