"""micromamba, re-made in Python: the command that composes the mm distributions."""

__all__ = ["__version__"]

__version__ = "2.8.100"
"""Numbered after the interface it implements: micromamba 2.8."""
