"""Which conda records: versions, match specs, the solver, explanations.

The public names are imported on first use, so that ``import mm_solve`` costs
nothing and a program that only compares versions never loads the solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .change import Action, Actions, changes, explicit_changes
    from .conflict import Conflict
    from .dependency_chains import Why, why
    from .errors import (
        IncompatibleSpecs,
        InvalidBuildNumber,
        InvalidCutoff,
        InvalidMatchSpec,
        InvalidSyntax,
        InvalidVersion,
        InvalidVersionSpec,
        NotInstalled,
        SolveError,
        SolveTimeout,
        Unsolvable,
    )
    from .exclude_newer import ExcludeNewer, Hidden
    from .explanation import explain
    from .hindrance import WhyNot, why_not
    from .match_spec import MatchSpec
    from .memory_source import InvalidPackage, MemorySource
    from .order import install_order
    from .provider import CondaProvider
    from .request import Request, python_pins
    from .resolver import Resolver
    from .solution import Solution, SolveOptions, solve
    from .stalemate import Stalemate, StuckPackage
    from .version import Version
    from .version_spec import VersionSpec
    from .virtual_packages import detect_virtual_packages

__all__ = [
    "Action",
    "Actions",
    "CondaProvider",
    "Conflict",
    "ExcludeNewer",
    "Hidden",
    "IncompatibleSpecs",
    "InvalidBuildNumber",
    "InvalidCutoff",
    "InvalidMatchSpec",
    "InvalidPackage",
    "InvalidSyntax",
    "InvalidVersion",
    "InvalidVersionSpec",
    "MatchSpec",
    "MemorySource",
    "NotInstalled",
    "Request",
    "Resolver",
    "Solution",
    "SolveError",
    "SolveOptions",
    "SolveTimeout",
    "Stalemate",
    "StuckPackage",
    "Unsolvable",
    "Version",
    "VersionSpec",
    "Why",
    "WhyNot",
    "changes",
    "detect_virtual_packages",
    "explain",
    "explicit_changes",
    "install_order",
    "python_pins",
    "solve",
    "why",
    "why_not",
]

_HOMES = {
    "change": ("Action", "Actions", "changes", "explicit_changes"),
    "conflict": ("Conflict",),
    "dependency_chains": ("Why", "why"),
    "errors": (
        "InvalidCutoff",
        "IncompatibleSpecs",
        "InvalidBuildNumber",
        "InvalidMatchSpec",
        "InvalidSyntax",
        "InvalidVersion",
        "InvalidVersionSpec",
        "NotInstalled",
        "SolveError",
        "SolveTimeout",
        "Unsolvable",
    ),
    "exclude_newer": ("ExcludeNewer", "Hidden"),
    "explanation": ("explain",),
    "hindrance": ("WhyNot", "why_not"),
    "match_spec": ("MatchSpec",),
    "memory_source": ("InvalidPackage", "MemorySource"),
    "order": ("install_order",),
    "provider": ("CondaProvider",),
    "request": ("Request", "python_pins"),
    "resolver": ("Resolver",),
    "solution": ("Solution", "SolveOptions", "solve"),
    "stalemate": ("Stalemate", "StuckPackage"),
    "version": ("Version",),
    "version_spec": ("VersionSpec",),
    "virtual_packages": ("detect_virtual_packages",),
}
"""Module -> the public names it holds."""

_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error

    def __getattr__(name: str) -> object:
        from importlib import import_module

        try:
            module = import_module(f".{_MODULE_OF[name]}", __name__)
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
        value: object = getattr(module, name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted(__all__)
