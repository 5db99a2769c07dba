"""fish, tcsh, xonsh, nushell: the same round as in POSIX shells, each in its own words."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest


class Language(NamedTuple):
    """How a shell says what the tests do; ``{}`` is the name of a variable or a word."""

    program: str
    options: tuple[str, ...]
    hook: str
    variable: str
    snapshot: str
    script: str
    push: str


LANGUAGES = {
    "fish": Language(
        "fish",
        ("--no-config",),
        "$MM_TEST_EXE shell hook --shell fish | source",
        '"${}"',
        '/usr/bin/env -0 > "$MM_SNAPSHOTS/{}.env"',
        ".fish",
        'set -gx LOG "$LOG{}"\n',
    ),
    "tcsh": Language(
        "tcsh",
        ("-f",),
        "alias ask '$MM_TEST_EXE:q shell hook --shell tcsh'\neval \"`ask`\"",
        "${}:q",
        "/usr/bin/env -0 > $MM_SNAPSHOTS:q/{}.env",
        ".csh",
        'setenv LOG "$LOG{}"\n',
    ),
    "xonsh": Language(
        "xonsh",
        ("--no-rc", "-DXONSH_SHOW_TRACEBACK=True"),
        "execx($($MM_TEST_EXE shell hook --shell xonsh))",
        "${}",
        '/usr/bin/env -0 > @($MM_SNAPSHOTS + "/{}.env")',
        ".sh",
        'export LOG="${{LOG}}{}"\n',
    ),
    "nu": Language(
        "nu",
        ("--no-config-file",),
        "source {hook}",
        "$env.{}",
        '^/usr/bin/env -0 | save -f -r $"($env.MM_SNAPSHOTS)/{}.env"',
        ".nu",
        '$env.LOG = $"($env.LOG){}"\n',
    ),
}

ROUND = """\
    snapshot start
    micromamba activate A
    snapshot a
    micromamba reactivate
    snapshot a-again
    mm activate A
    snapshot a-twice
    micromamba activate B
    snapshot b
    micromamba deactivate
    snapshot a-after-b
    micromamba activate --stack B
    snapshot stacked
    micromamba deactivate
    snapshot a-after-stack
    mm deactivate
    snapshot end
    micromamba deactivate
    snapshot end-again
"""


def _said(language: Language, text: str) -> str:
    """*text* in the shell's words: A and B are variables."""
    lines = []
    for line in text.splitlines():
        verb, *words = line.split()
        if verb == "snapshot":
            lines.append(language.snapshot.format(*words))
        else:
            values = [language.variable.format(w) if w in ("A", "B") else w for w in words]
            lines.append(" ".join([verb, *values]))
    return "\n".join(lines) + "\n"


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Language:
    return LANGUAGES[request.param]


@pytest.fixture
def play(open_session: Any, language: Language, tmp_path: Path) -> Callable[..., Any]:
    """play(text, environ, kind) -> the session, and what the shell printed."""

    def run(session: Any, text: str, environ: Mapping[str, str]) -> Any:
        variables = {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(session.folder),
            "LANG": "C.UTF-8",
            "MM_TEST_EXE": str(session.executable),
            "MM_SNAPSHOTS": str(session.folder),
            **environ,
        }
        hook = language.hook
        if language.program == "nu":  # it sources files only
            file = tmp_path / "hook.nu"
            command = [session.executable, "shell", "hook", "--shell", "nu"]
            file.write_bytes(subprocess.run(command, env=variables, capture_output=True).stdout)
            hook = hook.format(hook=file)
        script = tmp_path / "script"
        script.write_text(f"{hook}\n{text}")
        done = subprocess.run(
            [session.program, *language.options, script],
            env=variables,
            cwd=session.work,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not list(session.work.glob("pwned*")), "a path was executed"
        return done

    return run


def _without(environ: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name not in names}


def test_environment_after_equals_before(
    open_session: Any, play: Any, language: Language, kind: str, name_of: Any
) -> None:
    if (language.program, kind) == ("xonsh", "dollar"):
        pytest.skip("xonsh expands variables in the folders of PATH, whoever wrote them")
    session = open_session(language.program, kind)
    weird = name_of[kind]
    prefixes = {
        letter: session.environment(
            letter + weird,
            {"old": weird + letter, "added": weird, "mm_path": f"/x{weird}"},
            {
                f"{folder}/1{weird}{language.script}": language.push.format(sign + letter)
                for folder, sign in (("activate.d", "+"), ("deactivate.d", "-"))
            },
        )
        for letter in ("A", "B")
    }
    environ = {name: str(path) for name, path in prefixes.items()}
    environ |= {"OLD": "mine: $x 'y'\n", "LOG": ":", "KEEP": " k "}
    done = play(session, _said(language, ROUND), environ)
    assert done.stdout + done.stderr == ""
    assert done.returncode == 0

    snapshot = session.snapshot
    start, in_a, in_b, stacked = map(snapshot, ("start", "a", "b", "stacked"))
    assert _without(snapshot("end"), "LOG") == _without(start, "LOG")
    assert snapshot("end-again") == snapshot("end")
    for name in ("a-again", "a-twice", "a-after-b", "a-after-stack"):
        assert _without(snapshot(name), "LOG") == _without(in_a, "LOG"), name
    a, b = environ["A"], environ["B"]
    path = start["PATH"]
    assert (in_a["CONDA_PREFIX"], in_a["CONDA_SHLVL"]) == (a, "1")
    assert (in_a["OLD"], in_b["OLD"]) == (weird + "A", weird + "B")
    assert (in_a["ADDED"], in_a["MM_PATH"]) == (weird, f"/x{weird}")
    assert snapshot("end")["LOG"] == ":+A-A+A-A+A-A+B-B+A+B-B-A"
    assert in_a["PATH"] == f"{a}/bin:{path}"
    assert in_b["PATH"] == f"{b}/bin:{path}"
    assert stacked["PATH"] == f"{b}/bin:{a}/bin:{path}"
