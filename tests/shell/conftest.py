"""Real shells driving mm_shell: an executable, environments, sessions."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

import mm_shell

SHELLS = ("bash", "zsh", "dash", "ksh93", "mksh")
"""Programs that read POSIX shell language."""

NAMES_OF_SHELLS = {"ksh93": "ksh"}
"""Program -> what `--shell` calls it, where that is not the same."""

NAMES = {
    "plain": "env-1",
    "space": " a  b",
    "single-quote": "it's'",
    "double-quote": 'say "hi"',
    "dollar": "$HOME$(touch pwned)${x",
    "backtick": "`touch pwned`",
    "newline": "a\nb; touch pwned\n",
    "unicode": "Ünï-Ёй-日本-𝒳-\u0308",
    "the-lot": "'\";$(touch pwned)`touch pwned`\\'*?[!]{a,b}~#&|<>%n\t\r\n%s\\n",
}
"""What may stand in a path: everything but NUL, "/" and (in PATH) ":"."""

PROGRAM = """\
#!/bin/sh
exec {python} -I -S {program} "$@"
"""

DISPATCH = '''\
"""In place of the command line: `shell activate|deactivate|reactivate|hook` on mm_shell."""
import os
import sys

sys.path.insert(0, {source!r})
import mm_shell

ROOT = {root!r}


def main(words):
    if words[:1] != ["shell"]:
        print("ran", *words)
        return 3 if "--fail" in words else 0
    if "--help" in words:
        print("how to", words[1])
        return 0
    shell = words[words.index("--shell") + 1]
    if words[1] == "hook":
        code = mm_shell.hook(shell, os.environ["MM_TEST_EXE"], ROOT)
    elif words[1] == "activate":
        prefix = next(word for word in words[2:] if not word.startswith("--"))
        if not os.path.isdir(prefix):
            print("Cannot activate, prefix does not exist at:", prefix, file=sys.stderr)
            return 1
        changes = mm_shell.activate(os.environ, prefix, ROOT, stack="--stack" in words)
        code = mm_shell.render(changes, shell)
    else:
        changes = getattr(mm_shell, words[1])(os.environ, ROOT)
        code = mm_shell.render(changes, shell)
    sys.stdout.buffer.write(os.fsencode(code.rstrip("\\n") + "\\n"))
    return 0


sys.exit(main(sys.argv[1:]))
'''


class Session:
    """A shell, an executable called micromamba in a folder called *kind*, a root prefix."""

    def __init__(self, shell: str, folder: Path, kind: str = "plain") -> None:
        found = shutil.which(shell)
        if found is None:
            pytest.skip(f"{shell} is not installed")
        self.shell, self.folder, self.program = shell, folder, found
        self.name = NAMES_OF_SHELLS.get(shell, shell)
        self.root = folder / "root" / NAMES[kind]
        self.root.mkdir(parents=True)
        self.executable = folder / "bin" / NAMES[kind] / "micromamba"
        self.executable.parent.mkdir(parents=True)
        dispatch = folder / "dispatch.py"
        source = str(Path(mm_shell.__file__).parent.parent)
        dispatch.write_text(DISPATCH.format(source=source, root=str(self.root)))
        self.executable.write_text(
            PROGRAM.format(python=shlex.quote(sys.executable), program=shlex.quote(str(dispatch)))
        )
        self.executable.chmod(0o755)
        self.work = folder / "work"
        self.work.mkdir()

    def environment(
        self,
        name: str,
        env_vars: Mapping[str, str] = {},
        scripts: Mapping[str, str] = {},
    ) -> Path:
        """An environment with variables in its state and *scripts* ("activate.d/x.sh")."""
        prefix = self.root / "envs" / name
        (prefix / "bin").mkdir(parents=True)
        (prefix / "conda-meta").mkdir()
        if env_vars:
            state = json.dumps({"version": 1, "env_vars": dict(env_vars)})
            (prefix / "conda-meta" / "state").write_text(state)
        for path, text in scripts.items():
            file = prefix / "etc" / "conda" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return prefix

    def run(
        self,
        script: str,
        environ: Mapping[str, str] = {},
        *,
        options: tuple[str, ...] = (),
        hook: bool = True,
        unquoted: bool = False,
        **paths: Path,
    ) -> subprocess.CompletedProcess[str]:
        """Run *script*; ``snapshot NAME`` in it keeps the environment for `snapshot`."""
        prelude = 'eval "$("$MM_TEST_EXE" shell hook --shell $MM_SHELL)"\n' if hook else ""
        code = SNAPSHOT + prelude + dedent(script)
        done = subprocess.run(
            [self.program, *OPTIONS.get(self.shell, ()), *options, "-c", code],
            env={
                "PATH": "/usr/local/bin:/usr/bin:/bin",
                "HOME": str(self.folder),
                "LANG": "C.UTF-8",
                "MM_TEST_EXE": str(self.executable),
                "MM_SHELL": self.name,
                "MM_SNAPSHOTS": str(self.folder),
                **{name: str(path) for name, path in paths.items()},
                **environ,
            },
            cwd=self.work,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not list(self.work.glob("pwned*")), "a path was executed"
        return done

    def snapshot(self, name: str) -> dict[str, str]:
        """The environment, and PS1 as ``(PS1)``, when ``snapshot NAME`` was called."""
        content = (self.folder / f"{name}.env").read_bytes()
        pairs = [os.fsdecode(each).partition("=") for each in content.split(b"\0") if each]
        environ = {name: value for name, _, value in pairs if name not in OWN}
        prompt = self.folder / f"{name}.ps1"
        if prompt.exists():
            environ["(PS1)"] = os.fsdecode(prompt.read_bytes())
        return environ


OPTIONS = {"zsh": ("-f",), "bash": ("--norc",)}

OWN = ("_", "_AST_FEATURES", "SHLVL")
"""Variables that shells set as they go."""

SNAPSHOT = """\
snapshot() {
    /usr/bin/env -0 > "$MM_SNAPSHOTS/$1.env"
    if [ -n "${PS1+x}" ]; then /usr/bin/printf %s "$PS1" > "$MM_SNAPSHOTS/$1.ps1"; fi
}
"""


@pytest.fixture(params=SHELLS)
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Session:
    """A session of each shell; all paths are plain."""
    return Session(request.param, tmp_path)


@pytest.fixture
def open_session(tmp_path: Path) -> Callable[..., Session]:
    """(shell, kind of path, a key of `NAMES`) -> a session."""
    return lambda shell, kind="plain": Session(shell, tmp_path, kind)


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest) -> str:
    """The name of each shell."""
    return str(request.param)


@pytest.fixture(params=list(NAMES))
def kind(request: pytest.FixtureRequest) -> str:
    """A kind of path."""
    return str(request.param)


@pytest.fixture
def name_of() -> Mapping[str, str]:
    """Kind -> what a path of that kind contains."""
    return NAMES
