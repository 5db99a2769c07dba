"""Activation runs at each shell start: what it imports is part of its contract."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import mm_shell

SOURCE = str(Path(mm_shell.__file__).parent.parent)
ACTIVATION = f"""
import os, sys
bare = set(sys.modules)
sys.path.insert(0, {SOURCE!r})
import mm_shell
changes = mm_shell.activate(os.environ, "/mm/envs/py", "/mm")
mm_shell.render(changes, "bash")
print(*sorted(each for each in set(sys.modules) - bare if not each.startswith("mm_shell")))
"""


def _imported(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_activation_imports_nothing() -> None:
    assert _imported(ACTIVATION) == "__future__"


@pytest.mark.parametrize("function", ["activate", "hook", "run_plan", "detect_shell"])
def test_importing_the_package_imports_none_of_its_modules(function: str) -> None:
    code = f"""
import sys
sys.path.insert(0, {SOURCE!r})
import mm_shell
print(*[each for each in sys.modules if each.startswith("mm_shell.")])
assert {function!r} in dir(mm_shell)
mm_shell.{function}
"""
    assert _imported(code) == ""


def test_all_names_are_there() -> None:
    for name in mm_shell.__all__:
        assert getattr(mm_shell, name).__class__ is not None
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        mm_shell.nothing  # noqa: B018
