"""`shell init`, a new interactive shell in a terminal, activation there, `shell deinit`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pexpect
import pytest
from harness import PROGRAM, Micromamba


class Interactive(NamedTuple):
    """A program, and what makes it read its start-up files."""

    program: str
    options: tuple[str, ...] = ()
    rc: str = ""


DUMB_XONSH = ("-i", "--shell-type=dumb", "-DPROMPT=@ ", "-DRIGHT_PROMPT=", "-DTITLE=")

SHELLS = {
    "bash": Interactive("bash", ("-i",), ".bashrc"),
    "zsh": Interactive("zsh", ("-i",), ".zshrc"),
    "ksh": Interactive("ksh93", ("-i",), ".kshrc"),
    "mksh": Interactive("mksh", ("-i",), ".mkshrc"),
    "posix": Interactive("dash", ("-l", "-i"), ".profile"),
    "fish": Interactive("fish", ("-i",), ".config/fish/config.fish"),
    "tcsh": Interactive("tcsh", ("-i",), ".tcshrc"),
    "xonsh": Interactive(
        "xonsh",
        DUMB_XONSH,
        ".xonshrc",
    ),
}

WAIT = 20


class Terminal:
    """A shell in a terminal; `do` types a line and waits until it is done."""

    def __init__(self, mm: Micromamba, shell: str, **environ: str) -> None:
        program, options, _ = SHELLS[shell]
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
        self.home = mm.home
        self.shell = shell
        self.marks = 0
        variables = {name: value for name, value in mm.environ.items() if name[:5] != "MAMBA"}
        path = variables["PATH"].removeprefix(f"{PROGRAM.parent}:")
        variables |= {"PATH": path, "MARK": "it-is-done", "PS1": "$ ", **environ}
        self.child = pexpect.spawn(
            shutil.which(program) or program,
            list(options),
            env=variables,
            cwd=mm.home,
            encoding="utf-8",
            timeout=WAIT,
            dimensions=(50, 500),
        )

    def type(self, line: str) -> None:
        """Type *line*, when the shell is ready for it."""
        if self.shell == "xonsh":  # it drops what was typed before it asks
            self.child.expect("@")
        self.child.sendline(line)

    def do(self, line: str) -> str:
        """Type *line*; what was printed until it was done."""
        self.type(line)
        self.type("printenv MARK")
        self.child.expect("it-is-done")
        return str(self.child.before)

    def environ(self) -> dict[str, str]:
        """What a child of the shell sees now."""
        self.marks += 1
        file = self.home / f"environ-{self.marks}"
        self.do(f"env -0 > {file}")
        pairs = [each.partition("=") for each in file.read_text().split("\0") if each]
        own = ("_", "_AST_FEATURES", "OLDPWD", "BASH_COMPLETION_USER_DIR", "LAST_RETURN_CODE")
        return {name: value for name, _, value in pairs if name not in own}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    if shutil.which(SHELLS[request.param].program) is None:
        pytest.skip(f"{SHELLS[request.param].program} is not installed")
    return str(request.param)


def _environment(mm: Micromamba, name: str) -> Path:
    meta = mm.env(name) / "conda-meta"
    meta.mkdir(parents=True)
    (meta / "history").touch()
    (meta / "state").write_text('{"env_vars": {"SAID": "it\'s $HOME `x`"}}')
    return mm.env(name)


def test_a_new_shell_knows_environments(mm: Micromamba, shell: str) -> None:
    prefix = _environment(mm, "one")
    rc = mm.home / SHELLS[shell].rc
    rc.parent.mkdir(parents=True, exist_ok=True)
    rc.write_text("# mine")
    mm("shell", "init", "--shell", shell)
    once = rc.read_bytes()
    mm("shell", "init", "--shell", shell)
    assert rc.read_bytes() == once

    terminal = Terminal(mm, shell)
    before = terminal.environ()
    terminal.do("micromamba activate one")
    inside = terminal.environ()
    terminal.do("mm deactivate")
    after = terminal.environ()
    terminal.type("exit")
    terminal.child.expect(pexpect.EOF)
    assert inside["CONDA_PREFIX"] == str(prefix)
    assert inside["SAID"] == "it's $HOME `x`"
    assert inside["PATH"].split(":")[0] == f"{prefix}/bin"
    assert before["CONDA_SHLVL"] == "0"
    assert after == before

    assert mm("shell", "reinit").out.strip() == f"{shell} already initialized."
    mm("shell", "deinit", "--shell", shell)
    assert rc.read_text() == "# mine"
    assert not (mm.root / "etc").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_in_a_terminal(mm: Micromamba, shell: str) -> None:
    prefix = _environment(mm, "onlyone")
    mm("shell", "init", "--shell", shell)
    terminal = Terminal(mm, shell)
    terminal.do("printenv HOME")
    terminal.child.send("micromamba activ\tonly\t")
    terminal.child.expect("onlyone")
    inside = terminal.environ() if terminal.do("") is not None else {}
    assert inside["CONDA_PREFIX"] == str(prefix)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_packages_and_files_are_completed_in_a_terminal(
    mm: Micromamba, shell: str, small_channel: Path
) -> None:
    meta = _environment(mm, "one") / "conda-meta"
    (meta / "installed-thing-1-0.json").write_text("{}")
    (mm.home / "spec-file.yml").touch()
    mm("search", "greet", "-c", str(small_channel))
    mm("shell", "init", "--shell", shell)
    terminal = Terminal(mm, shell, CONDA_CHANNELS=str(small_channel))
    terminal.do("printenv HOME")
    for typed, rest in (
        ("mm remove -n one insta", "lled-thing"),
        ("mm install -n one greet-l", "anguage"),
        ("micromamba create -f spec-", "file.yml"),
    ):
        terminal.child.send(f"{typed}\t")
        terminal.child.expect_exact(rest)
        terminal.child.send("\x15")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_base_is_activated_when_wanted(mm: Micromamba, shell: str) -> None:
    mm("shell", "init", "--shell", shell)
    terminal = Terminal(mm, shell, MAMBA_AUTO_ACTIVATE_BASE="true")
    inside = terminal.environ()
    assert (inside["CONDA_DEFAULT_ENV"], inside["CONDA_SHLVL"]) == ("base", "1")


def test_dry_run_writes_nothing_and_shows_what_would_be_written(mm: Micromamba, shell: str) -> None:
    before = {path: path.stat().st_mtime_ns for path in mm.home.rglob("*")}
    done = mm("shell", "init", "--shell", shell, "--dry-run")
    assert "+# >>> mamba initialize >>>" in done.out
    assert {path: path.stat().st_mtime_ns for path in mm.home.rglob("*")} == before
    assert not mm.root.exists()
    document = mm("shell", "init", "--shell", shell, "--dry-run", "--json").json()
    assert document["operation"] == "shell_init"
    assert any("mamba initialize" in change["diff"] for change in document["changes"])


def test_a_shell_in_an_environment(mm: Micromamba) -> None:
    prefix = _environment(mm, "one")
    script = mm.home / "sh"
    script.write_text('#!/bin/sh\necho "$CONDA_PREFIX|$PATH|$#"\nexit 42\n')
    script.chmod(0o755)
    for words in (("-n", "one"), ("one",), ("-p", prefix), (prefix,)):
        done = mm.run("shell", *words, SHELL=str(script))
        assert done.code == 42, str(done)
        assert done.out.startswith(f"{prefix}|{prefix}/bin:")
        assert done.out.endswith("|0\n")
    mm.fails("shell", "-n", "nowhere", SHELL=str(script))
    mm.fails("shell", "-n", "one", "-p", prefix, SHELL=str(script), code=108)


def test_activation_as_data(mm: Micromamba) -> None:
    prefix = _environment(mm, "one")
    script = prefix / "etc" / "conda" / "activate.d" / "a.sh"
    script.parent.mkdir(parents=True)
    script.touch()
    document = mm("shell", "activate", "one", "--json", "-s", "bash", PS1="$ ").json()
    assert document["path"]["PATH"][0] == f"{prefix}/bin"
    assert document["vars"]["export"]["CONDA_PREFIX"] == str(prefix)
    assert document["vars"]["set"] == {"PS1": "(one) $ "}
    assert document["vars"]["unset"] == []
    assert document["scripts"] == {"activate": [str(script)], "deactivate": []}
    assert "export SAID=" in document["actions"]["print"][0]


def test_shells_that_cannot_be_set_up_here(mm: Micromamba) -> None:
    mm.fails("shell", "init", "--shell", "cmd.exe")
    mm.fails("shell", "init", "--shell", "powershell", PATH="/usr/bin:/bin")
    mm.fails("shell", "hook", "--shell", "ba", code=105)
    mm.fails("shell", "enable_long_path_support")
    mm.fails("shell", "completion", "--shell", "dash")


def test_cmd_gets_files(mm: Micromamba) -> None:
    assert mm("shell", "hook", "--shell", "cmd.exe").out == ""
    names = {path.name for path in mm.root.rglob("*.bat")}
    assert names == {
        "micromamba.bat",
        "_micromamba_activate.bat",
        "activate.bat",
        "mamba_hook.bat",
    }
    _environment(mm, "one")
    file = Path(mm("shell", "activate", "one", "--shell", "cmd.exe").out.rstrip("\n"))
    assert f'@SET "CONDA_PREFIX={mm.env("one")}"' in file.read_text()
    file.unlink()
