"""The dialogue, on a real terminal and without one."""

from __future__ import annotations

import pexpect
import pytest
from harness import PROGRAM, Micromamba


@pytest.fixture
def terminal(mm: Micromamba):
    """terminal(word, ...) -> the program running on a pseudo-terminal of 100 columns."""
    started = []

    def start(*words) -> pexpect.spawn:
        child = pexpect.spawn(
            str(PROGRAM),
            [str(w) for w in words],
            env=mm.environ,
            cwd=str(mm.home),
            encoding="utf-8",
            timeout=60,
            dimensions=(40, 100),
        )
        started.append(child)
        return child

    yield start
    for child in started:
        child.close(force=True)


def finish(child: pexpect.spawn) -> int:
    child.expect(pexpect.EOF)
    child.wait()
    return child.exitstatus if child.exitstatus is not None else 128 + child.signalstatus


CREATE = ("create", "-n", "e", "greet")
QUESTION = r"Confirm changes: \[Y/n\] "


@pytest.mark.parametrize("answer", ["", "y", "Yes"])
def test_yes_goes_ahead(terminal, mm, small_channel, answer: str) -> None:
    child = terminal(*CREATE, "-c", small_channel)
    child.expect(QUESTION)
    assert "greet-phrases" in child.before
    child.sendline(answer)
    assert finish(child) == 0
    assert mm.records("e").keys() == {"greet", "greet-phrases", "greet-language"}
    assert "To activate this environment, use:" in child.before


def test_no_does_nothing_and_is_no_failure(terminal, mm, small_channel) -> None:
    child = terminal(*CREATE, "-c", small_channel)
    child.expect(QUESTION)
    child.sendline("n")
    assert finish(child) == 0
    assert "Aborted." in child.before
    assert not mm.env("e").exists()


def test_another_answer_asks_again(terminal, mm, small_channel) -> None:
    child = terminal(*CREATE, "-c", small_channel)
    child.expect(QUESTION)
    child.sendline("perhaps")
    child.expect(QUESTION)
    child.sendline("n")
    assert finish(child) == 0


def test_ctrl_c_at_the_question_exits_with_130(terminal, mm, small_channel) -> None:
    child = terminal(*CREATE, "-c", small_channel)
    child.expect(QUESTION)
    child.sendintr()
    assert finish(child) == 130
    assert "Traceback" not in child.before
    assert child.before.endswith("\ncritical libmamba Interrupted.\r\n")  # on its own line
    assert not mm.env("e").exists()


def test_ctrl_c_during_a_download_exits_with_130_and_leaves_nothing(
    terminal, mm, small_channel, serve
) -> None:
    server = serve(small_channel, faults=["path=*.conda,delay=20"])
    child = terminal("create", "-y", "-n", "e", "-c", server.url, "greet")
    child.expect("greet-phrases")
    while not any(r for r in server.http.rules if r.seen):
        pass
    child.sendintr()
    assert finish(child) == 130
    assert "Traceback" not in child.before
    assert not mm.env("e").exists()
    assert not list((mm.root / "pkgs").glob("greet-2.0*"))


def test_the_end_of_input_means_no(mm, small_channel) -> None:
    result = mm.run(*CREATE, "-c", small_channel, stdin="")
    assert result.code != 130
    assert "Confirm changes: [Y/n]" in result.out
    assert not mm.env("e").exists()


def test_an_answer_may_come_through_a_pipe(mm, small_channel) -> None:
    assert mm.run(*CREATE, "-c", small_channel, stdin="y\n").code == 0
    assert mm.env("e").exists()


def test_create_over_an_environment_asks_first(terminal, mm, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet-language")
    child = terminal(*CREATE, "-c", small_channel)
    child.expect(r"Overwrite\?.*\[y/N\] ")
    child.sendline("")
    assert finish(child) == 1
    assert mm.records("e").keys() == {"greet-language"}


def test_the_transaction_table_names_what_comes(mm, small_channel) -> None:
    shown = mm("create", "-y", "-n", "e", "-c", small_channel, "greet").out
    lines = [line.split() for line in shown.splitlines()]
    assert ["Install:"] in lines
    assert any(words[:3] == ["+", "greet", "2.0"] for words in lines)
    assert f"Prefix: {mm.env('e')}" in shown
    assert "Install: 3 packages" in shown


def test_an_upgrade_is_shown_as_one(mm, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet=1.0")
    shown = mm("install", "-y", "-n", "e", "-c", small_channel, "greet>=2").out
    lines = [line.split() for line in shown.splitlines()]
    assert ["Upgrade:"] in lines
    assert any(words[:3] == ["-", "greet", "1.0"] for words in lines)
    assert any(words[:3] == ["+", "greet", "2.0"] for words in lines)


def test_quiet_prints_nothing_at_all(mm, small_channel) -> None:
    result = mm("create", "-q", "-n", "e", "-c", small_channel, "greet")
    assert result.out == ""
    assert mm.env("e").exists()


def test_dry_run_ends_with_its_sentence_and_changes_nothing(mm, small_channel) -> None:
    shown = mm("create", "--dry-run", "-n", "e", "-c", small_channel, "greet").out
    assert shown.splitlines()[-1] == "Dry run. Not executing the transaction."
    assert not mm.env("e").exists()


def test_what_is_installed_already_is_not_installed_again(mm, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet")
    shown = mm("install", "-y", "-n", "e", "-c", small_channel, "greet").out
    assert "All requested packages already installed" in shown
