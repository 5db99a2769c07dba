"""On a terminal of 80 by 24: nothing wraps, and TERM, NO_COLOR and CI are honoured."""

from __future__ import annotations

import re

import pexpect
import pytest
from harness import PROGRAM

CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")

KNOT = {
    "python-3.8.0": {},
    "python-3.11.0": {},
    "a-package-with-quite-a-long-name-1.0": {"depends": ["python >=3.11", "another-long-name"]},
    "another-long-name-1.0": {"depends": ["python"]},
    "gpu-1.0": {"depends": ["__cuda >=12"]},
}


@pytest.fixture
def channel(build_channel) -> str:
    return str(build_channel("a-channel-that-lies-in-a-folder-with-a-long-name", KNOT))


@pytest.fixture
def terminal(mm):
    """terminal(word, ...) -> what is on the terminal in the end, and the exit code."""

    def run(*words: str, **environ: str) -> tuple[str, int]:
        child = pexpect.spawn(
            str(PROGRAM), [str(word) for word in words], env={**mm.environ, **environ},
            cwd=str(mm.home), encoding="utf-8", timeout=60, dimensions=(24, 80),
        )  # fmt: skip
        child.expect(pexpect.EOF)
        child.wait()
        return child.before, child.exitstatus

    return run


def lines(text: str) -> list[str]:
    """What stands there: a line that is drawn anew replaces the one before."""
    return [
        CONTROL.sub("", line.split("\r")[-1]) for line in text.replace("\r\n", "\n").split("\n")
    ]


COMMANDS = {
    "help": ("create", "--help"),
    "create": ("create", "-n", "f", "-c", "CHANNEL", "a-package-with-quite-a-long-name", "-y"),
    "conflict": ("create", "-n", "f", "-c", "CHANNEL", "another-long-name", "python=3.8",
                 "a-package-with-quite-a-long-name"),
    "virtual package": ("create", "-n", "f", "-c", "CHANNEL", "gpu"),
    "update": ("update", "-n", "e", "-c", "CHANNEL", "--all", "-y"),
    "remove": ("remove", "-n", "e", "another-long-name", "-y"),
    "list": ("list", "-n", "e"),
    "search": ("search", "-c", "CHANNEL", "*"),
    "whoneeds": ("repoquery", "whoneeds", "-c", "CHANNEL", "another-long-name"),
    "why": ("why", "-n", "e", "python"),
    "why-not": ("why-not", "-n", "e", "-c", "CHANNEL", "python=3.8"),
    "no such environment": ("install", "-n", "nobody", "python"),
    "misspelt": ("install", "--chanel", "x"),
    "clean": ("clean", "--tarballs", "--dry-run"),
}  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_nothing_wraps(mm, terminal, channel: str, words) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", channel, "a-package-with-quite-a-long-name")
    shown, _ = terminal(*[channel if word == "CHANNEL" else word for word in words])
    assert "Traceback" not in shown
    assert len(shown.split()) > 5
    wide = [line for line in lines(shown) if len(line) > 80]
    # What is to be copied stays in one piece: paths, and requests as they were typed.
    whole = ("Prefix:", "-p ", "environment:")
    wide = [line for line in wide if len(line.split()) > 1 and not any(w in line for w in whole)]
    assert wide == []


def test_a_pipe_gets_everything(mm, channel: str) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", channel, "another-long-name")
    assert channel in mm("list", "-n", "e").out
    assert "…" not in mm("search", "-c", channel, "*").out


def create(terminal, channel: str, **environ: str) -> str:
    shown, code = terminal("create", "-y", "-n", "f", "-c", channel, "python", **environ)
    assert code == 0, shown
    return shown


def test_a_dumb_terminal_gets_plain_lines(terminal, channel: str) -> None:
    shown = create(terminal, channel, TERM="dumb")
    assert "\x1b" not in shown
    assert "Resolving environment …" in shown


def test_colours(terminal, channel: str) -> None:
    assert "\x1b[32m+" in create(terminal, channel)


def test_no_color_takes_colours_and_nothing_else(terminal, channel: str) -> None:
    shown = create(terminal, channel, NO_COLOR="1")
    assert re.search(r"\x1b\[[0-9;]*m", shown) is None


def test_ci_gets_no_line_that_is_drawn_anew(terminal, channel: str) -> None:
    shown = create(terminal, channel, CI="true")
    assert "\x1b[2K" not in shown
    assert "Resolving environment …" in shown


def test_long_names_in_caches_do_not_wrap(mm, terminal) -> None:
    pkgs = mm.root / "pkgs"
    pkgs.mkdir(parents=True)
    (pkgs / "urls.txt").touch()
    (pkgs / f"first-{'x' * 100}-1.0-last.conda").write_text("x")
    shown, code = terminal("clean", "--tarballs", "--dry-run")
    assert code == 0
    (row,) = [line.rstrip() for line in lines(shown) if "first-" in line]
    assert len(row) <= 80
    assert "1.0-last.conda" in row
