"""The ways out: results on stdout, messages on stderr, or one JSON document.

With ``--json`` stdout carries exactly one document, whatever happens: it is
collected here and printed when the process ends. With ``--json-stream`` it is the
last of the events that are printed as they happen. Everything that passes is
masked, so that no credential reaches a terminal or a log by accident.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

    from mm_cli.report.event_stream import EventStream
    from mm_cli.report.progress import ConsoleReporter

__all__ = ["Console", "masked", "masked_within"]

NARROWEST = 40
"""Columns that output takes, however narrow the terminal is."""

HANGING = 18
"""Columns that level and source take before a message."""

LEVELS = ("trace", "debug", "info", "warning", "error", "critical", "off")


class Console:
    """Where a command's output goes.

    quiet    -- only results are printed
    json     -- nothing is printed but the document, at the end
    level    -- messages below it are dropped
    debug    -- failures are shown with where in the code they come from
    pattern  -- how messages are laid out; empty: as micromamba does by default
    progress -- "auto", "live", "plain" or "none": how it is shown
    color    -- "auto", "always" or "never"
    document -- the JSON document's keys so far
    reporter -- who shows progress on it, once there is somebody
    stream   -- where events go as they happen, if they are wanted; then ``json`` holds too
    """

    def __init__(
        self, *, quiet: bool = False, json: bool = False, out: IO[str] | None = None
    ) -> None:
        self.quiet = quiet
        self.json = json
        self.level = "warning"
        self.debug = False
        self.pattern = ""
        self.progress = "auto"
        self.color = "auto"
        self.document: dict[str, object] = {}
        self.reporter: ConsoleReporter | None = None
        self.stream: EventStream | None = None
        self._log: list[dict[str, str]] = []
        self._dropped: list[tuple[str, str]] = []
        self._backtrace = 0
        self._out = out

    @property
    def out(self) -> IO[str]:
        """Standard output, as it is now (tests replace it)."""
        return self._out or sys.stdout

    @property
    def interactive(self) -> bool:
        """Whether a person watches: stdout is a terminal that can do more than print."""
        import os

        return (
            not self.quiet
            and not self.json
            and self.out.isatty()
            and os.environ.get("TERM") != "dumb"
        )

    @property
    def width(self) -> int:
        """The columns of the terminal that stdout is; 0, no limit, where it is none.

        What is read by programs is never cut or wrapped.
        """
        if self.json or not self.out.isatty():
            return 0
        import shutil

        return max(NARROWEST, shutil.get_terminal_size().columns)

    @property
    def colour(self) -> bool:
        """Whether colours are wanted; where nobody says, NO_COLOR is honoured."""
        import os

        if self.color != "auto":
            return self.color == "always" and not self.json
        return self.interactive and not os.environ.get("NO_COLOR")

    def say(self, text: str = "") -> None:
        """Print what accompanies a result: hidden by ``--quiet`` and ``--json``."""
        if not self.quiet and not self.json:
            self._write(text)

    def result(self, text: str) -> None:
        """Print what was asked for: hidden by ``--json`` only."""
        if not self.json:
            self._write(text)

    def code(self, text: str) -> None:
        """Print what a shell will evaluate: to the letter, nothing masked.

        File names need not be text: their bytes go out as they came in.
        """
        if self.json:
            return
        self.out.flush()
        buffer = getattr(self.out, "buffer", None)
        if buffer is None:
            self.out.write(text)
        else:
            buffer.write(text.encode("utf-8", "surrogateescape"))
            buffer.flush()

    def log(self, level: str, message: str, hint: str = "") -> None:
        """A message beside the result: on stderr, or in ``log_history``.

        The layout is micromamba's, ``<level> libmamba <message>``: scripts search for it.
        """
        if not self.shows(level):
            if self._backtrace:
                self._dropped = [*self._dropped[1 - self._backtrace :], (level, message)]
            return
        message, hint = masked(message), masked(hint)
        if self.json:
            entry = {"level": level, "message": message, "source": "libmamba"}
            entry |= {"hint": hint} if hint else {}
            self._log.append(entry)
            if self.stream is not None:
                self.stream.emit("logged", **entry)
            return
        print(self._laid_out(level, message, hint), file=sys.stderr, flush=True)

    def _laid_out(self, level: str, message: str, hint: str) -> str:
        # A tree needs the width; a hint stands under the message it belongs to.
        first, *rest = message.split("\n")
        margin = 4 if rest else HANGING
        rest += hint.split("\n") if hint else []
        if self.pattern:
            from mm_cli.report.log_pattern import rendered

            first = rendered(self.pattern, level, first)
        else:
            first = f"{level:<9}libmamba {_on_terminal(first, HANGING)}"
        return "\n".join([first, *(" " * margin + _on_terminal(line, margin) for line in rest)])

    def remember_dropped(self, count: int) -> None:
        """Keep the last *count* messages that are not shown: a failure shows them after all."""
        self._backtrace = count

    def _show_dropped(self) -> None:
        dropped, self._dropped = self._dropped, []
        level, self.level = self.level, LEVELS[0]
        for each in dropped:
            self.log(*each)
        self.level = level

    def shows(self, level: str) -> bool:
        """Whether messages of *level* are shown."""
        return LEVELS.index(level) >= LEVELS.index(self.level)

    def warn(self, message: str, hint: str = "") -> None:
        """Log at level warning."""
        self.log("warning", message, hint)

    def fail(self, message: str, hint: str = "", code: int = 1) -> None:
        """Say why the command failed; with ``--json`` also as ``error``."""
        self._show_dropped()
        self.log("critical", message, hint)
        if self.json:
            self.document["error"] = {
                "code": code,
                "message": masked(message),
                "hint": masked(hint),
            }

    def close(self, code: int) -> None:
        """Print the JSON document, if there is to be one, and the last of the output."""
        document = self.document | {"success": code == 0, "log_history": self._log}
        if self.stream is not None:
            self.stream.end(code, document)
        elif self.json:
            from mm_cli.report.json_document import dump

            encoding = getattr(self.out, "encoding", None)
            text = dump(document, encoding)
            if "@" in text or "/t/" in text:  # else no URL in it can hold a secret
                text = dump(masked_within(document), encoding)
            self.out.write(text + "\n")
        self.out.flush()

    def open_stream(self) -> None:
        """Tell what happens as it happens, as JSON lines."""
        from mm_cli.report.event_stream import EventStream

        self.json, self.stream = True, EventStream(self.out)

    def _write(self, text: str) -> None:
        self.out.write(masked(text) + "\n")


def _on_terminal(line: str, margin: int) -> str:
    """*line*, of which nothing wraps where stderr is a terminal, beside *margin* columns."""
    if not sys.stderr.isatty():
        return line
    import shutil

    from mm_cli.report.wrapping import wrapped

    width = max(NARROWEST, shutil.get_terminal_size().columns) - margin
    return wrapped(line, width).replace("\n", "\n" + " " * margin)


def masked(text: str) -> str:
    """*text* with the secrets of the URLs in it replaced by stars.

    Only URLs of servers: a folder called ``/t/x`` is no token. Text without any
    URL costs no import.
    """
    if "://" not in text:
        return text
    import re

    from mm_channels.masking import mask_secrets

    return re.sub(r"\b(?!file:)[a-zA-Z][\w+.-]*://\S+", lambda url: mask_secrets(url[0]), text)


def masked_within(data: object) -> object:
    """*data* with every text in it masked: before it is written, for marks such as
    quotes have their own meaning afterwards.
    """
    if isinstance(data, str):
        return masked(data)
    if isinstance(data, dict):
        return {masked_within(key): masked_within(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [masked_within(each) for each in data]
    return data
