"""Typed names turned into official codes."""
