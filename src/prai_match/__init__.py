"""Which session to offer next to each territory, with which relay partner and trainer, and why."""

__version__ = "0.1.0"
