"""Hook, activate, stack, nest, reactivate, deactivate in real shells: nothing remains."""

from __future__ import annotations

from typing import Any

import pytest

PUSH = """\
export SCRIPT_LOG="${SCRIPT_LOG}+$MM_NAME_IN_ENV"
export OLD_TOOL_DATA_%(name)s="${TOOL_DATA-none}"
export TOOL_DATA="$CONDA_PREFIX/share"
"""
POP = """\
export SCRIPT_LOG="${SCRIPT_LOG}-%(name)s"
if [ "$OLD_TOOL_DATA_%(name)s" = none ]; then
    unset TOOL_DATA
else
    export TOOL_DATA="$OLD_TOOL_DATA_%(name)s"
fi
unset OLD_TOOL_DATA_%(name)s
"""

ROUND = """\
    set -eu
    PS1=$SHOWN # bash lets a script inherit no prompt
    snapshot start
    micromamba activate "$A"
    snapshot a
    micromamba reactivate
    snapshot a-again
    mm activate "$A"
    snapshot a-twice
    micromamba activate "$B"
    snapshot b
    micromamba deactivate
    snapshot a-after-b
    micromamba activate --stack "$B"
    snapshot stacked
    micromamba reactivate
    snapshot stacked-again
    micromamba deactivate
    snapshot a-after-stack
    micromamba activate "$B"
    micromamba activate "$A"
    snapshot a-stepped-back
    mm deactivate
    snapshot end
    micromamba deactivate
    snapshot end-again
    echo "left over: ${__mamba_code-nothing}"
"""

BEFORE = {
    "OLD": "mine: $x 'y'\n",
    "NOTHING": "",
    "SCRIPT_LOG": "",
    "SHOWN": "\\u $ ",
    "KEEP": " k ",
}


def _prefixes(session: Any, kind: str, names: Any) -> dict[str, Any]:
    weird = names[kind]
    file = "a" + weird.replace("\n", "_") if kind == "newline" else "a" + weird
    return {
        letter: session.environment(
            letter + weird,
            {"old": weird + letter, "nothing": "x", "added": weird, "mm_name_in_env": letter},
            {
                f"activate.d/{file}.sh": PUSH % {"name": letter},
                f"deactivate.d/{file}.sh": POP % {"name": letter},
                "activate.d/b.fish": "syntax error (",
            },
        )
        for letter in ("A", "B")
    }


def _without(environ: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in environ.items() if name not in names}


def test_environment_after_equals_before(
    open_session: Any, shell: str, kind: str, name_of: Any
) -> None:
    session = open_session(shell, kind)
    prefixes = _prefixes(session, kind, name_of)
    done = session.run(ROUND, BEFORE, **prefixes)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "left over: nothing\n"

    snapshot = session.snapshot
    start, in_a, in_b, stacked = map(snapshot, ("start", "a", "b", "stacked"))
    assert _without(snapshot("end"), "SCRIPT_LOG") == _without(start, "SCRIPT_LOG")
    assert snapshot("end-again") == snapshot("end")
    for name in ("a-again", "a-twice", "a-after-b", "a-after-stack", "a-stepped-back"):
        assert _without(snapshot(name), "SCRIPT_LOG") == _without(in_a, "SCRIPT_LOG"), name
    assert _without(snapshot("stacked-again"), "SCRIPT_LOG") == _without(stacked, "SCRIPT_LOG")

    a, b = (str(prefixes[letter]) for letter in ("A", "B"))
    path = start["PATH"]
    assert (in_a["CONDA_PREFIX"], in_a["CONDA_SHLVL"]) == (a, "1")
    assert in_a["PATH"] == f"{a}/bin:{path}"
    assert (in_b["CONDA_PREFIX"], in_b["CONDA_PREFIX_1"], in_b["CONDA_SHLVL"]) == (b, a, "2")
    assert in_b["PATH"] == f"{b}/bin:{path}"
    assert (stacked["CONDA_PREFIX"], stacked["CONDA_STACKED_2"]) == (b, "true")
    assert stacked["PATH"] == f"{b}/bin:{a}/bin:{path}"
    assert (in_a["OLD"], in_b["OLD"]) == (name_of[kind] + "A", name_of[kind] + "B")
    assert in_a["ADDED"] == name_of[kind]
    assert (in_a["TOOL_DATA"], stacked["TOOL_DATA"]) == (f"{a}/share", f"{b}/share")
    assert in_a["(PS1)"] == in_a["CONDA_PROMPT_MODIFIER"] + start["(PS1)"]
    assert snapshot("end")["SCRIPT_LOG"] == "+A-A+A-A+A-A+B-B+A+B-B+B-B-A+B-B+A-A"


def test_nothing_else_changes_without_variables_and_scripts(session: Any) -> None:
    prefix = session.environment("py")
    done = session.run(
        """
        export PS1="$SHOWN"
        snapshot start
        micromamba activate "$A"
        snapshot in
        micromamba deactivate
        snapshot end
        """,
        {"SHOWN": "> "},
        A=prefix,
    )
    assert (done.returncode, done.stderr) == (0, "")
    start, inside = session.snapshot("start"), session.snapshot("in")
    assert session.snapshot("end") == start
    assert {k: v for k, v in inside.items() if start.get(k) != v} == {
        "PATH": f"{prefix}/bin:{start['PATH']}",
        "CONDA_PREFIX": str(prefix),
        "CONDA_SHLVL": "1",
        "CONDA_DEFAULT_ENV": "py",
        "CONDA_PROMPT_MODIFIER": "(py) ",
        "PS1": "(py) > ",
        "(PS1)": "(py) > ",
    }


@pytest.mark.parametrize(
    "path",
    [
        "",
        ":",
        "::/usr/bin:/bin:",
        "/usr/bin:/usr/bin:/bin:/usr/bin",
        ".:./bin:../x:/usr/bin:/bin",
        "{prefix}/bin:/usr/bin:/bin",
        "/usr/bin:/bin:{prefix}/bin:{prefix}/bin",
        "/usr/bin:/bin:/somewhere/condabin",
        "/usr/bin:/bin:$(touch pwned):'",
    ],
)
def test_path_is_restored_exactly(session: Any, path: str) -> None:
    prefix = session.environment("py")
    done = session.run(
        """
        set -eu
        PATH=$ODD
        snapshot start
        micromamba activate "$A"
        snapshot in
        micromamba deactivate
        snapshot end
        """,
        {"ODD": path.format(prefix=prefix)},
        A=prefix,
    )
    # With an odd PATH the wrapper of these tests must still find its own interpreter.
    assert (done.returncode, done.stderr) == (0, "")
    start = session.snapshot("start")
    assert start["PATH"] == path.format(prefix=prefix)
    assert session.snapshot("in")["PATH"] == f"{prefix}/bin:{start['PATH']}"
    assert session.snapshot("end") == start


def test_variables_that_told_of_an_environment_before_come_back(session: Any) -> None:
    prefix = session.environment("py")
    stale = {"CONDA_PREFIX": "/image/env", "CONDA_DEFAULT_ENV": "", "CONDA_PROMPT_MODIFIER": "m "}
    script = """
        PS1="m $ "
        snapshot start
        micromamba activate "$A"
        micromamba deactivate
        snapshot end
        """
    done = session.run(script, stale, A=prefix)
    assert (done.returncode, done.stderr) == (0, "")
    assert session.snapshot("start")["CONDA_DEFAULT_ENV"] == ""
    assert session.snapshot("end") == session.snapshot("start")


def test_environment_that_changed_or_went_while_active_is_left_cleanly(session: Any) -> None:
    changed = session.environment("changed", {"OLD": "1", "LATER_GONE": "1"})
    gone = session.environment("gone", {"OLD": "2"})
    done = session.run(
        """
        set -eu
        snapshot start
        micromamba activate "$CHANGED"
        printf '{"env_vars": {"ANOTHER": "3", "TAKEN": "4"}}' > "$CHANGED/conda-meta/state"
        micromamba reactivate
        snapshot in
        micromamba activate --stack "$GONE"
        rm -r "$GONE"
        micromamba deactivate
        snapshot in-again
        micromamba deactivate
        snapshot end
        """,
        {"OLD": "old", "TAKEN": ""},
        CHANGED=changed,
        GONE=gone,
    )
    assert (done.returncode, done.stderr) == (0, "")
    inside = session.snapshot("in")
    assert (inside["OLD"], inside["ANOTHER"], inside["TAKEN"]) == ("old", "3", "4")
    assert "LATER_GONE" not in inside
    assert session.snapshot("in-again") == inside
    assert session.snapshot("end") == session.snapshot("start")


def test_script_sees_no_arguments_and_runs_in_this_shell(session: Any) -> None:
    script = 'seen="$#"; set -- changed; not_exported=yes\n'
    prefix = session.environment("py", {}, {"activate.d/s.sh": script})
    done = session.run(
        """
        set -eu
        set -- mine
        micromamba activate "$A"
        echo "$seen $1 $not_exported"
        """,
        A=prefix,
    )
    assert (done.stdout, done.stderr) == ("0 mine yes\n", "")


def test_scripts_in_order(session: Any) -> None:
    log = 'LOG="${LOG-} %s"\n'
    scripts = {
        f"{folder}/{name}.sh": log % f"{folder[0]}{name}"
        for folder in ("activate.d", "deactivate.d")
        for name in ("10", "9", "b")
    }
    prefix = session.environment("py", {}, scripts)
    done = session.run('micromamba activate "$A"; micromamba deactivate; echo "${LOG# }"', A=prefix)
    assert done.stdout == "a10 a9 ab db d9 d10\n"


def test_failed_activation_changes_nothing(session: Any) -> None:
    done = session.run(
        """
        snapshot start
        micromamba activate /nowhere || echo "status $?"
        snapshot end
        """
    )
    assert done.stdout == "status 1\n"
    assert "does not exist at: /nowhere" in done.stderr
    assert session.snapshot("end") == session.snapshot("start")


def test_unset_prompt_stays_unset(open_session: Any) -> None:
    session = open_session("bash")  # the others always have a prompt
    prefix = session.environment("py")
    done = session.run('set -u; micromamba activate "$A"; echo "${PS1-unset}"', A=prefix)
    assert (done.stdout, done.stderr) == ("unset\n", "")


@pytest.mark.parametrize(
    ("shell", "expand"),
    [("bash", 'printf %s "${PS1@P}"'), ("zsh", 'setopt promptsubst; print -rnP -- "$PS1"')],
)
def test_name_of_environment_is_inert_in_prompt(
    open_session: Any, name_of: Any, kind: str, shell: str, expand: str
) -> None:
    session = open_session(shell, kind)
    prefix = session.environment(name_of[kind])
    done = session.run(f'PS1="$ "; micromamba activate "$A"; {expand}', A=prefix)
    assert done.stderr == ""
    assert done.stdout.startswith("(")
    assert done.stdout.endswith(") $ ")
    assert len(done.stdout) == len(name_of[kind]) + len("() $ ")


def test_zsh_with_unusual_options(open_session: Any, name_of: Any) -> None:
    session = open_session("zsh")
    options = "rcquotes shwordsplit ksharrays extendedglob nomatch nullglob globsubst noclobber"
    prefixes = _prefixes(session, "the-lot", name_of)
    done = session.run(
        f"setopt {options} || exit 9\nunset LOG\n" + ROUND.replace("> ", ">| "), BEFORE, **prefixes
    )
    assert (done.returncode, done.stderr) == (0, "")
    end, start = session.snapshot("end"), session.snapshot("start")
    assert _without(end, "SCRIPT_LOG") == _without(start, "SCRIPT_LOG")
