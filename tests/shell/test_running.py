"""A command in an environment: without a shell where that does, with one where scripts are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import mm_shell

DUMP = "import os, sys; sys.stdout.buffer.write(b'\\0'.join([*map(os.fsencode, sys.argv[1:])]))"


def _environment(prefix: Path, activate: str | None = None, deactivate: str | None = None) -> Path:
    (prefix / "conda-meta").mkdir(parents=True)
    (prefix / "conda-meta" / "state").write_text('{"env_vars": {"OWN": "it\'s"}}')
    for folder, script in (("activate.d", activate), ("deactivate.d", deactivate)):
        if script is not None:
            (prefix / "etc" / "conda" / folder).mkdir(parents=True)
            (prefix / "etc" / "conda" / folder / "s.sh").write_text(script)
    return prefix


def _run(plan: mm_shell.RunPlan, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        plan.argv, env=plan.environ, capture_output=True, text=True, check=False, **options
    )


def test_without_scripts_it_is_the_command_itself(tmp_path: Path) -> None:
    prefix = _environment(tmp_path / "envs" / "py")
    (prefix / "etc" / "conda" / "activate.d").mkdir(parents=True)
    (prefix / "etc" / "conda" / "activate.d" / "s.fish").touch()
    environ = {"PATH": "/bin", "OWN": "mine", "X": "1"}
    plan = mm_shell.run_plan(environ, prefix, tmp_path, ["tool", "-x"], executable="/m/micromamba")
    assert plan.argv == ["tool", "-x"]
    assert plan.scripts == []
    assert plan.environ == {
        "PATH": f"{prefix}/bin:/bin",
        "MAMBA_EXE": "/m/micromamba",
        "X": "1",
        "OWN": "it's",
        "__CONDA_SHLVL_0_OWN": "mine",
        "__MM_SHLVL_0_SET": "OWN",
        "CONDA_PREFIX": str(prefix),
        "CONDA_SHLVL": "1",
        "CONDA_DEFAULT_ENV": "py",
        "CONDA_PROMPT_MODIFIER": "(py) ",
    }
    assert environ == {"PATH": "/bin", "OWN": "mine", "X": "1"}


def test_clean_environment_still_finds_the_system(tmp_path: Path) -> None:
    prefix = _environment(tmp_path / "p")
    assert mm_shell.run_plan({}, prefix, tmp_path, ["x"]).environ["PATH"] == (
        f"{prefix}/bin:{os.defpath}"
    )


def test_scripts_run_first_and_arguments_arrive_as_they_are(
    tmp_path: Path, kind: str, name_of: Any
) -> None:
    script = 'export SEEN="$CONDA_PREFIX|$OWN|$#"; set -- lost; cd /\n'
    prefix = _environment(tmp_path / name_of[kind], script)
    arguments = [name_of[kind], "", "-c", "$OWN", "a  b", "*"]
    code = f"import os; print(os.environ['SEEN'], end='\\0', flush=True); {DUMP}"
    plan = mm_shell.run_plan(os.environ, prefix, tmp_path, [sys.executable, "-c", code, *arguments])
    assert plan.scripts == [f"{prefix}/etc/conda/activate.d/s.sh"]
    done = subprocess.run(
        plan.argv, env=plan.environ, capture_output=True, check=True, cwd=tmp_path
    )
    assert done.stderr == b""
    assert os.fsdecode(done.stdout).split("\0") == [f"{prefix}|it's|0", *arguments]
    assert [each.name for each in tmp_path.iterdir()] == [name_of[kind]]


def test_both_ways_make_the_same_environment(tmp_path: Path) -> None:
    dump = [sys.executable, "-c", "import os; print(sorted(os.environ.items()))"]
    environ = {"PATH": "/usr/bin:/bin", "OWN": "", "PS1": "", "SHLVL": "4", "PWD": str(tmp_path)}
    direct = _environment(tmp_path / "a" / "envs" / "py")
    scripted = _environment(tmp_path / "b" / "envs" / "py", "")
    seen = []
    for prefix in (direct, scripted):
        done = _run(mm_shell.run_plan(environ, prefix, tmp_path, dump), cwd=tmp_path)
        items = dict(eval(done.stdout.replace(str(prefix), "PREFIX")))
        for name in ("_", "OLDPWD", "LC_CTYPE", "PS1"):  # a shell's doings
            items.pop(name, None)
        seen.append(items)
    assert seen[0] == seen[1]


def test_scripts_of_the_environment_left(tmp_path: Path) -> None:
    old = _environment(tmp_path / "old", deactivate='echo "leave $CONDA_PREFIX"\n')
    new = _environment(tmp_path / "new")
    inside = mm_shell.activate(os.environ, old, tmp_path).apply(os.environ)
    plan = mm_shell.run_plan(inside, new, tmp_path, ["/bin/echo", "run"])
    assert _run(plan).stdout == f"leave {old}\nrun\n"


@pytest.mark.parametrize(("code", "status"), [("exit 42", 42), ("kill -TERM $$", -15)])
def test_status_is_the_commands(tmp_path: Path, code: str, status: int) -> None:
    prefix = _environment(tmp_path / "p", "false\n")
    plan = mm_shell.run_plan(os.environ, prefix, tmp_path, ["sh", "-c", code])
    assert _run(plan).returncode == status


def test_same_process(tmp_path: Path) -> None:
    prefix = _environment(tmp_path / "p", "")
    plan = mm_shell.run_plan(os.environ, prefix, tmp_path, ["sh", "-c", "echo $$"])
    with subprocess.Popen(plan.argv, env=plan.environ, stdout=subprocess.PIPE, text=True) as child:
        output, _ = child.communicate()
    assert output == f"{child.pid}\n"


def test_no_such_command(tmp_path: Path) -> None:
    prefix = _environment(tmp_path / "p", "")
    done = _run(mm_shell.run_plan(os.environ, prefix, tmp_path, ["no-such-tool"]))
    assert done.returncode == 127
    assert done.stderr.startswith("micromamba: ")
    assert "no-such-tool: not found" in done.stderr


def test_without_bash_sh_does(tmp_path: Path) -> None:
    prefix = _environment(tmp_path / "p", "export SEEN=1\n")
    plan = mm_shell.run_plan(
        {"PATH": "/nowhere"}, prefix, tmp_path, ["/bin/sh", "-c", "echo $SEEN"]
    )
    assert plan.argv[0] == "/bin/sh"
    assert _run(plan).stdout == "1\n"


@pytest.mark.parametrize("shell", ["bash", "dash"])
def test_a_command_that_looks_like_an_option_of_exec(tmp_path: Path, shell: str) -> None:
    prefix = _environment(tmp_path / "p", "")
    tool = prefix / "bin" / "-c"
    tool.parent.mkdir()
    tool.write_text('#!/bin/sh\necho "$@"\n')
    tool.chmod(0o755)
    plan = mm_shell.run_plan(os.environ, prefix, tmp_path, ["-c", "--", "-l"])
    plan.argv[0] = f"/bin/{shell}"
    done = _run(plan)
    assert (done.stdout, done.stderr) == ("-- -l\n", "")


def test_bash_env_is_for_the_command_only(tmp_path: Path) -> None:
    prefix = _environment(tmp_path / "p", "")
    start = tmp_path / "it's"
    start.write_text("echo started\n")
    environ = {**os.environ, "BASH_ENV": str(start)}
    dump = ["sh", "-c", 'echo "$BASH_ENV"']
    done = _run(mm_shell.run_plan(environ, prefix, tmp_path, dump))
    assert done.stdout == f"{start}\n"
    inside = _run(mm_shell.run_plan(environ, prefix, tmp_path, ["bash", "-c", "true"]))
    assert inside.stdout == "started\n"


def test_only_what_is_wrong_is_remarked_upon(tmp_path: Path) -> None:
    """That a variable will get its value back with deactivation is no matter here."""
    prefix = _environment(tmp_path / "p")
    assert mm_shell.run_plan({"OWN": "mine"}, prefix, tmp_path, ["x"]).warnings == ()
    (prefix / "conda-meta" / "state").write_text("{")
    assert len(mm_shell.run_plan({"OWN": "mine"}, prefix, tmp_path, ["x"]).warnings) == 1


def test_nothing_to_run(tmp_path: Path) -> None:
    with pytest.raises(mm_shell.NoCommand):
        mm_shell.run_plan({}, tmp_path, tmp_path, [])
