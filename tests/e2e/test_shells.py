"""The hook, activate and deactivate in real shells: the environment comes back exactly."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from harness import Micromamba

SHELLS = {"bash": ("bash", "bash"), "zsh": ("zsh", "zsh"), "dash": ("dash", "posix")}
SEPARATOR = "@@@@"


@pytest.fixture(params=SHELLS)
def shell(request, mm: Micromamba, small_channel):
    """shell(script) -> what each ``mark`` in it saw: the exported variables at that point."""
    program, kind = SHELLS[request.param]
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    mm("create", "-y", "-q", "-n", "one", "-c", small_channel, "greet")
    mm("create", "-y", "-q", "-n", "two", "-c", small_channel, "greet-phrases")

    def run(script: str) -> list[dict[str, str]]:
        prologue = f'mark() {{ env -0; printf "{SEPARATOR}\\0"; }}\n'
        hook = f'eval "$(micromamba shell hook -s {kind})"\n'
        flags = ["-f"] if program == "zsh" else []
        done = subprocess.run(
            [program, *flags, "-c", "set -e\n" + prologue + script.replace("HOOK\n", hook)],
            env={**mm.environ, "ODD": "a 'b' \"c\" $d `e` \\", "EMPTY": ""},
            cwd=mm.home,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout.replace("\0", "\n") + done.stderr
        assert done.stderr == ""
        blocks, current = [], {}
        for item in done.stdout.split("\0"):
            if item == SEPARATOR:
                blocks.append(current)
                current = {}
            elif "=" in item:
                name, value = item.split("=", 1)
                current[name] = value
        return [{k: v for k, v in block.items() if k not in ("_", "SHLVL")} for block in blocks]

    run.mm = mm
    return run


def test_deactivate_restores_every_variable(shell) -> None:
    before, inside, after = shell(
        "HOOK\nmark\nmicromamba activate one\nmark\nmicromamba deactivate\nmark\n"
    )
    assert inside != before
    assert {**after, "CONDA_SHLVL": before.get("CONDA_SHLVL", "0")} == {
        "CONDA_SHLVL": "0",
        **before,
    }


def test_activate_sets_the_documented_variables(shell) -> None:
    (inside,) = shell("HOOK\nmicromamba activate one\nmark\n")
    prefix = str(shell.mm.env("one"))
    assert inside["CONDA_PREFIX"] == prefix
    assert inside["CONDA_DEFAULT_ENV"] == "one"
    assert inside["CONDA_SHLVL"] == "1"
    assert inside["PATH"].split(":")[0] == f"{prefix}/bin"
    assert inside["GREET_LANGUAGE"] == "french"


def test_programs_of_the_environment_are_found(shell) -> None:
    (inside,) = shell('HOOK\nmicromamba activate one\nexport SAID="$(greet you)"\nmark\n')
    assert inside["SAID"].startswith("Bonjour, you, from ")


def test_activating_another_environment_replaces_the_first(shell) -> None:
    inside, after = shell(
        "HOOK\nmicromamba activate one\nmicromamba activate two\nmark\n"
        "micromamba deactivate\nmark\n"
    )
    assert inside["CONDA_PREFIX"] == str(shell.mm.env("two"))
    assert str(shell.mm.env("one")) not in inside["PATH"]
    assert after["CONDA_PREFIX"] == str(shell.mm.env("one"))


def test_stacking_keeps_the_first_on_the_path(shell) -> None:
    (inside,) = shell("HOOK\nmicromamba activate one\nmicromamba activate --stack two\nmark\n")
    entries = inside["PATH"].split(":")
    one, two = (f"{shell.mm.env(name)}/bin" for name in ("one", "two"))
    assert entries.index(two) < entries.index(one)


def test_activating_a_missing_environment_fails_and_changes_nothing(shell) -> None:
    before, after = shell(
        "HOOK\nmark\nif micromamba activate missing 2>/dev/null; then exit 9; fi\nmark\n"
    )
    assert after == before


def test_install_into_the_active_environment_reactivates_it(shell, small_channel) -> None:
    (inside,) = shell(
        "HOOK\nmicromamba create -y -q -n three\nmicromamba activate three\n"
        f"micromamba install -y -q -c {small_channel} greet-language >/dev/null\nmark\n"
    )
    assert inside["GREET_LANGUAGE"] == "french"
