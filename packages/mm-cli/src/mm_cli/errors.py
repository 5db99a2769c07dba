"""Exit codes, and how an exception becomes one (docs/exit-codes.md).

The layers below raise their own exceptions, each with ``message`` and ``hint``;
they know nothing of exit codes, and this module imports none of them: on the
way out an exception is judged by the attributes it carries.
"""

from __future__ import annotations

__all__ = ["EXIT_CODES", "CliError", "Finished", "exit_code", "explain"]

OK, FAILURE, INTERRUPTED, BROKEN_PIPE = 0, 1, 130, 141

EXIT_CODES: dict[int, str] = {
    OK: "Success. Also: help, version, a declined confirmation, nothing to do.",
    FAILURE: "The command failed: no solution, no such environment, bad file, failed download, …",
    104: "An option's value is not of the right type.",
    105: "An option's value is not one of those allowed.",
    106: "A required argument is missing.",
    108: "Two options exclude each other.",
    109: "Unknown option, command or argument.",
    114: "An option lacks its value.",
    126: "`run`: the command is there but cannot be executed.",
    127: "`run`: there is no such command.",
    INTERRUPTED: "Interrupted by Ctrl-C; nothing is half done.",
    BROKEN_PIPE: "Whoever read the output stopped reading (as in `| head`).",
    255: "`run --cwd` names a folder that does not exist.",
}
"""Every exit code of our own; `run` otherwise returns what its command returned."""


class Finished(Exception):
    """What was asked for is done, and the command itself is not to begin."""


class CliError(Exception):
    """A failure that mm_cli itself finds. ``hint`` says what to do."""

    def __init__(self, message: str, *, hint: str = "", code: int = FAILURE) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code


def explain(error: BaseException, *, whole: bool = False) -> tuple[str, str] | None:
    """(what is wrong, what to do), or None when *error* is not a user's matter.

    Operating system errors are a user's matter wherever they come from: they
    name a file and a reason.

    whole -- a long explanation is not cut
    """
    message = getattr(error, "message", None)
    if isinstance(message, str):
        explanation = getattr(error, "explanation", None)
        if whole:
            explanation = getattr(error, "full_explanation", explanation)
        if callable(explanation):
            message = f"{message}\n{explanation()}"
        return message, str(getattr(error, "hint", ""))
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror or error}{where}", ""
    return None


def exit_code(error: BaseException) -> int:
    """The exit code for *error*."""
    code = getattr(error, "code", None)
    return code if isinstance(code, int) and code in EXIT_CODES else FAILURE
