"""The text of the hook: what others rely on, and what an interactive shell does to it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import mm_shell

SHELLCHECK = shutil.which("shellcheck")


@pytest.mark.parametrize("shell", ["bash", "zsh", "posix", "dash", "ksh", "mksh"])
def test_what_others_rely_on(shell: str) -> None:
    text = mm_shell.hook(shell, Path("/opt/x/micromamba"), Path("/root-prefix"))
    assert text.lstrip()[0] == "#"
    assert text.count("/opt/x/micromamba") == 5
    assert f"--shell {shell})" in text


@pytest.mark.parametrize("shell", ["bash", "dash"])
@pytest.mark.parametrize("path", ["/opt/x", '/opt/it\'s "$HOME"/`a`\n'])
def test_shellcheck_finds_nothing(shell: str, path: str, tmp_path: Path) -> None:
    if SHELLCHECK is None:
        pytest.skip("shellcheck is not installed")
    scripts = (f"{path}/etc/conda/activate.d/a.sh",)
    facts = mm_shell.PrefixFacts({"A": path, "B": ""}, scripts, scripts)
    environ = {"PATH": "/bin", "PS1": "$ ", "A": "1"}
    entered = mm_shell.activate(environ, f"{path}/envs/a", path, facts=lambda p: facts)
    inside = entered.apply(environ)
    left = mm_shell.deactivate(inside, path, facts=lambda p: facts)
    program = f"{path}/micromamba"
    codes = {
        "hook": mm_shell.hook(shell, program, path),
        "block": mm_shell.find_shell(shell).block(program, path),
        "activate": mm_shell.render(entered, shell),
        "deactivate": mm_shell.render(left, shell),
    }
    if shell == "bash":
        codes["completion"] = mm_shell.completion(shell, program)
    for name, code in codes.items():
        (tmp_path / name).write_text(code)
    # It cannot follow sourced files (SC1091), takes odd but quoted text for slips
    # (SC1003, SC2016, SC2289), and sees no use of variables that are for others (SC2034).
    done = subprocess.run(
        [SHELLCHECK, "-s", shell, "-e", "SC1091,SC1003,SC2016,SC2289,SC2034", *codes],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.stdout + done.stderr == ""


@pytest.mark.parametrize("shell", ["bash", "dash"])  # zsh does not split words
def test_hook_survives_being_joined_to_one_line(open_session: Any, shell: str) -> None:
    session = open_session(shell)
    done = session.run('eval $("$MM_TEST_EXE" shell hook --shell $MM_SHELL)', hook=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_hook_sets_the_session_up_once(session: Any) -> None:
    again = 'eval "$("$MM_TEST_EXE" shell hook --shell $MM_SHELL)"'
    done = session.run(f"set -eu\nsnapshot once\n{again}\nsnapshot twice")
    assert (done.returncode, done.stderr) == (0, "")
    once = session.snapshot("once")
    assert once["CONDA_SHLVL"] == "0"
    assert once["PATH"] == f"{session.root}/condabin:/usr/local/bin:/usr/bin:/bin"
    assert once["MAMBA_EXE"] == str(session.executable)
    assert once["MAMBA_ROOT_PREFIX"] == str(session.root)
    assert session.snapshot("twice") == once


def test_hook_does_not_repeat_condabin(session: Any) -> None:
    path = f"/usr/bin:{session.root}/condabin:/bin"
    session.run("snapshot start", {"PATH": path})
    assert session.snapshot("start")["PATH"] == path


def test_hook_within_an_active_environment_keeps_it(session: Any) -> None:
    environ = {"CONDA_SHLVL": "1", "CONDA_PREFIX": "/p", "PATH": "/p/bin:/usr/bin:/bin"}
    session.run("snapshot start", environ)
    assert environ.items() <= session.snapshot("start").items()


def test_other_commands_pass_through(session: Any) -> None:
    done = session.run(
        """
        micromamba
        micromamba list 'a  b' "" '*'
        mm env list
        micromamba install --fail || echo "status $?"
        mm remove x
        """
    )
    assert (
        done.stdout
        == "ran\nran list a  b  *\nran env list\nran install --fail\nstatus 3\nran remove x\n"
    )
    assert done.stderr == ""


def test_help_is_shown_not_evaluated(session: Any) -> None:
    done = session.run("micromamba activate --help; mm deactivate --help")
    assert (done.stdout, done.stderr) == ("how to activate\nhow to deactivate\n", "")


@pytest.mark.parametrize("command", ["install", "update", "upgrade", "remove", "uninstall"])
def test_environment_is_reactivated_after(session: Any, command: str) -> None:
    prefix = session.environment("py", {}, {"activate.d/a.sh": "echo activated\n"})
    done = session.run(f'set -eu; mm activate "$A"; mm {command} x; mm {command} --fail', A=prefix)
    assert done.stdout == f"activated\nran {command} x\nactivated\nran {command} --fail\n"
    assert done.returncode == 3


def test_aliases_of_the_user(session: Any) -> None:
    prefix = session.environment("py")
    script = """
        alias mm='echo mine'
        alias micromamba='echo fallback'
        alias local='echo no' eval='echo no' return='echo no' export='echo no' hash='echo no'
        \\eval "$("$MM_TEST_EXE" shell hook --shell $MM_SHELL)"
        unalias export
        \\eval 'mm kept'
        \\eval 'micromamba activate "$A"'
        snapshot in
        """
    options = {"bash": ("-O", "expand_aliases"), "zsh": ("-o", "aliases")}.get(session.shell, ())
    done = session.run(script, hook=False, options=options, A=prefix)
    assert (done.stdout, done.stderr) == ("mine kept\n", "")
    assert session.snapshot("in")["CONDA_PREFIX"] == str(prefix)


def test_interactive_shell(session: Any) -> None:
    prefix = session.environment("py")
    done = session.run('mm activate "$A"; snapshot in', options=("-i",), A=prefix)
    assert done.returncode == 0
    assert session.snapshot("in")["CONDA_PREFIX"] == str(prefix)


def test_no_shell() -> None:
    with pytest.raises(mm_shell.UnknownShell) as raised:
        mm_shell.render(mm_shell.Changes(), "ba\nsh")
    assert raised.value.message == "Unknown shell: 'ba\\nsh'"
    assert raised.value.hint.startswith("Supported shells: bash, zsh, posix, dash, ")
