"""What reading settings costs, since every shell prompt pays for it."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

SCRIPT = """
import sys
before = set(sys.modules)
import mm_config
config = mm_config.load(system_dirs=())
config["changeps1"], config["env_prompt"], config.text("root_prefix")
print(*sorted(name for name in set(sys.modules) - before if not name.startswith("mm_config")))
"""


def imported(home: Any, **variables: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**home.env, **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


def test_without_files_nothing_is_imported(home: Any) -> None:
    variables = {"CONDA_CHANNELS": "a,b", "MAMBA_OFFLINE": "1", "MAMBA_ENV_PROMPT": "({name}) "}
    assert imported(home, **variables) <= {"__future__"}


def test_yaml_is_imported_only_for_files_that_need_it(home: Any) -> None:
    home.write(
        "~/.condarc", "channels: [a]\nalways_yes: true  # of course\nproxy_servers:\n  x: y\n"
    )
    home.write("~/.mambarc", "channels:\n  - 'a'\n  - https://h/$X\n")
    assert "yaml" not in imported(home)
    home.write("~/.mambarc", "channels: &x [a]\n")
    assert "yaml" in imported(home)


def test_the_packages_own_names_are_loaded_on_first_use() -> None:
    import mm_config

    for name in mm_config.__all__:
        assert getattr(mm_config, name) is not None
    with pytest.raises(AttributeError):
        _ = mm_config.no_such_name
