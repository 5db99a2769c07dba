"""What can go wrong in a solve, and what to do about it.

Every exception that a user of this distribution may meet derives from
`SolveError`. Messages are one line and hold no secrets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .conflict import Conflict
    from .exclude_newer import Hidden
    from .stalemate import Stalemate

__all__ = [
    "IncompatibleSpecs",
    "InvalidBuildNumber",
    "InvalidCutoff",
    "InvalidMatchSpec",
    "InvalidSyntax",
    "InvalidVersion",
    "InvalidVersionSpec",
    "NotInstalled",
    "SolveError",
    "SolveTimeout",
    "Unsolvable",
]


_LONGEST_WHY = 150
"""What is wrong may quote part of a text, which may be very long."""


class SolveError(Exception):
    """The base of this distribution's errors.

    message -- one line: what is wrong, with which spec
    hint    -- one line: what to do about it; may be empty
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class InvalidSyntax(SolveError):
    """A text does not follow its grammar.

    text     -- the whole text, as it was given
    position -- where in it the trouble starts; its length when something is missing at the end
    why      -- what was found there and what was expected, without the text
    """

    what = "a valid text"
    """What the text was meant to be."""

    def __init__(
        self, why: str, *, text: str, position: int = 0, hint: str = "", what: str = ""
    ) -> None:
        from .caret import quoted

        if len(why) > _LONGEST_WHY:
            why = f"{why[:_LONGEST_WHY]}..."
        super().__init__(f"{quoted(text)} is not {what or self.what}: {why}", hint=hint)
        self.text = text
        self.position = position
        self.why = why

    def explanation(self) -> str:
        """Two lines: the text, and a caret under the place.

        >>> print(InvalidVersion("what is '&'?", text="1.2&3", position=3).explanation())
          1.2&3
             ^
        """
        from .caret import point_at

        return point_at(self.text, self.position)


class InvalidVersion(InvalidSyntax):
    """A text is not a version (CEP 33)."""

    what = "a version"


class InvalidVersionSpec(InvalidSyntax):
    """A text is not a version expression (CEP 29)."""

    what = "a version expression"


class InvalidMatchSpec(InvalidSyntax):
    """A text is not a match spec, or not what one of its parts may be (CEP 29)."""

    what = "a match spec"


class InvalidBuildNumber(InvalidMatchSpec):
    """A text is not a condition on a build number."""

    what = "a condition on a build number"


class IncompatibleSpecs(SolveError):
    """No package can be all that several specs ask of it."""


class InvalidCutoff(SolveError):
    """A text is neither a time nor an age; see `mm_solve.exclude_newer`.

    text -- the whole text
    """

    def __init__(self, message: str, *, text: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.text = text


class Unsolvable(SolveError):
    """No set of packages satisfies the request.

    conflict -- why, as data; see `mm_solve.conflict`
    hidden   -- by name, what `exclude_newer` kept from view of the packages that were
        looked at; see `mm_solve.exclude_newer.Hidden`
    """

    def __init__(
        self,
        message: str,
        conflict: Conflict,
        *,
        hint: str = "",
        hidden: Mapping[str, Hidden] | None = None,
    ) -> None:
        super().__init__(message, hint=hint)
        self.conflict = conflict
        self.hidden = hidden or {}

    def explanation(self) -> str:
        """Why, as a tree of at most 15 lines."""
        from .explanation import LINES, explain

        return explain(self.conflict, LINES, "-v shows them")

    def full_explanation(self) -> str:
        """Why, as a tree of as many lines as it takes."""
        from .explanation import explain

        return explain(self.conflict, None)

    @property
    def problems(self) -> list[str]:
        """Why, one sentence a rule, for machines and logs."""
        from .explanation import problems

        return problems(self.conflict)

    def to_dict(self) -> dict[str, Any]:
        """Everything that is known of the failure, as plain JSON values.

        ``solver_problems``: sentences; ``conflict``: see `mm_solve.conflict_graph`;
        ``explanation``: the lines of the whole tree; ``advice``: what to do, or "".
        """
        return {
            "solver_problems": self.problems,
            "conflict": self.conflict.to_dict(),
            "explanation": self.full_explanation().splitlines(),
            "advice": self.hint,
        }


class NotInstalled(SolveError):
    """An update is asked for of packages that are not installed.

    names -- their names, or patterns that no installed name fits, as asked for
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        listed = ", ".join(self.names)
        verb = "is" if len(self.names) == 1 else "are"
        super().__init__(
            f"{listed} {verb} not installed: there is nothing to update",
            hint="Ask for it to be installed instead, or correct its name.",
        )


class SolveTimeout(SolveError):
    """The time allowed for a solve is used up; whether there is a solution is not known.

    stalemate -- what the search was stuck on; see `mm_solve.stalemate`
    """

    def __init__(self, message: str, *, hint: str = "", stalemate: Stalemate | None = None) -> None:
        super().__init__(message, hint=hint)
        self.stalemate = stalemate

    def to_dict(self) -> dict[str, Any]:
        """Everything that is known of where the search stood, as plain JSON values.

        ``stalemate``: its packages, what it counted; None where nothing is known.
        ``advice``: what to do, or "".
        """
        import msgspec

        return {"stalemate": msgspec.to_builtins(self.stalemate), "advice": self.hint}
