"""``update``, and what it has to do with ``install`` and ``remove``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness import Micromamba


def versions(mm: Micromamba) -> dict[str, str]:
    return {name: record["version"] for name, record in mm.records("e").items()}


@pytest.fixture
def channel(build_channel: Callable[..., Path]) -> Path:
    """app 1 -> lib, old; app 2 -> lib >=2; app 3 -> lib <2."""
    return build_channel(
        "channel",
        {
            "app-1.0": {"depends": ["lib", "old"]},
            "app-2.0": {"depends": ["lib >=2"]},
            "app-3.0": {"depends": ["lib <2"]},
            "lib-1.0": {},
            "lib-2.0": {},
            "old-1.0": {},
            "tool-1.0": {},
            "tool-2.0": {},
            "rival-1.0": {"constrains": ["tool <0"]},
        },
    )


@pytest.fixture
def made(mm: Micromamba, channel: Path) -> Micromamba:
    """app 1, lib 2, old, tool 1."""
    mm("create", "-y", "-n", "e", "-c", channel, "app=1", "tool=1")
    assert versions(mm) == {"app": "1.0", "lib": "2.0", "old": "1.0", "tool": "1.0"}
    return mm


def change(mm: Micromamba, channel: Path, *words: str) -> dict[str, Any]:
    """What a command does, by its JSON document: unlinked and linked packages."""
    document = mm(*words[:1], "-y", "--json", "-n", "e", "-c", channel, *words[1:]).json()
    actions = document.get("actions", {})
    return {
        key.lower(): sorted(f"{p['name']} {p['version']}" for p in actions.get(key, []))
        for key in ("UNLINK", "LINK")
    }


@pytest.mark.parametrize("command", ["update", "upgrade"])
def test_one_package_goes_as_far_as_nothing_goes_down(
    made: Micromamba, channel: Path, command: str
) -> None:
    assert change(made, channel, command, "app") == {
        "unlink": ["app 1.0", "old 1.0"],
        "link": ["app 2.0"],
    }
    assert versions(made) == {"app": "2.0", "lib": "2.0", "tool": "1.0"}
    history = (made.env("e") / "conda-meta" / "history").read_text()
    assert '# update specs: ["app"]' in history


def test_downgrades_must_be_allowed(made: Micromamba, channel: Path) -> None:
    change(made, channel, "update", "--allow-downgrade", "app")
    assert versions(made) == {"app": "3.0", "lib": "1.0", "tool": "1.0"}


def test_without_pruning_nothing_goes(made: Micromamba, channel: Path) -> None:
    change(made, channel, "update", "--no-prune-deps", "app")
    assert versions(made)["old"] == "1.0"


def test_everything(made: Micromamba, channel: Path) -> None:
    change(made, channel, "update", "--all")
    assert versions(made) == {"app": "2.0", "lib": "2.0", "tool": "2.0"}
    again = made("update", "-y", "-n", "e", "-c", channel, "--all")
    assert "All requested packages already installed" in again.out


def test_everything_and_something_new(made: Micromamba, channel: Path, tmp_path: Path) -> None:
    file = tmp_path / "more.txt"
    file.write_text("greet\n")
    made.fails("update", "-y", "-n", "e", "-c", channel, "--all", "-f", file)
    file.write_text("lib\n")
    change(made, channel, "update", "--all", "-f", str(file))
    assert versions(made) == {"app": "2.0", "lib": "2.0", "tool": "2.0"}


def test_a_dry_run_changes_nothing(made: Micromamba, channel: Path) -> None:
    done = made("update", "-n", "e", "-c", channel, "--dry-run", "--all")
    assert done.out.rstrip().endswith("Dry run. Not executing the transaction.")
    assert versions(made)["app"] == "1.0"


def test_what_is_not_installed_is_named_before_anything_is_fetched(made: Micromamba) -> None:
    done = made.fails("update", "-y", "-n", "e", "-c", "https://nowhere.invalid/c", "greet", "app")
    assert f"Package is not installed in prefix {made.env('e')}" in done.err
    assert "package name: greet" in done.err


def test_nothing_better_changes_and_remembers_nothing(made: Micromamba, channel: Path) -> None:
    before = (made.env("e") / "conda-meta" / "history").read_text()
    assert change(made, channel, "update", "lib") == {"unlink": [], "link": []}
    assert (made.env("e") / "conda-meta" / "history").read_text() == before


def test_nothing_asked_for_is_nothing_to_do(made: Micromamba) -> None:
    assert "Nothing to do." in made("update", "-n", "e").out


def test_pins_hold(made: Micromamba, channel: Path) -> None:
    (made.env("e") / "conda-meta" / "pinned").write_text("# as it was\n\ntool 1.*\n")
    change(made, channel, "update", "--all")
    assert versions(made) == {"app": "2.0", "lib": "2.0", "tool": "1.0"}
    change(made, channel, "update", "--all", "--no-pin")
    assert versions(made)["tool"] == "2.0"


def test_an_install_drives_nothing_out_that_was_asked_for(made: Micromamba, channel: Path) -> None:
    done = made.fails("install", "-y", "-n", "e", "-c", channel, "rival")
    assert "tool was asked for and must stay" in done.err
    change(made, channel, "install", "--allow-uninstall", "rival")
    assert "tool" not in versions(made)


def test_a_removal_says_which_packages_asked_for_go_too(made: Micromamba) -> None:
    done = made("remove", "-y", "-n", "e", "lib")
    assert "app was asked for" in done.err
    assert versions(made) == {"tool": "1.0"}


def test_the_lowest_versions(mm: Micromamba, channel: Path) -> None:
    mm("create", "-y", "-n", "e", "-c", channel, "--solver-strategy", "lowest-direct", "app")
    assert versions(mm) == {"app": "1.0", "lib": "2.0", "old": "1.0"}
    environ = {"MAMBA_SOLVER_STRATEGY": "lowest-version"}
    mm("create", "-y", "-n", "e", "-c", channel, "app", **environ)
    assert versions(mm) == {"app": "1.0", "lib": "1.0", "old": "1.0"}


def test_a_solve_may_take_its_time(made: Micromamba, channel: Path) -> None:
    change(made, channel, "update", "--all", "--solver-timeout", "60")
    assert versions(made)["app"] == "2.0"
    made.fails("update", "-n", "e", "--all", "--solver-timeout", "soon", code=104)


def test_packages_too_new_are_left_out_and_counted(mm: Micromamba, channel: Path) -> None:
    create = ("create", "-y", "-n", "e", "-c", channel, "tool")
    done = mm.fails(*create, "--exclude-newer", "2001-01-01")
    assert "tool" in done.err
    said = mm.fails(*create, MAMBA_EXCLUDE_NEWER="soon").err
    assert "'soon' is neither a time nor an age" in said
    rc = mm.home / ".mambarc"
    rc.write_text("exclude_newer: 2001-01-01\nexclude_newer_package:\n  tool: never\n")
    assert mm(*create, "--json", "--dry-run").json()["success"] is True
    rc.write_text("exclude_newer: 2001-01-01\nexclude_newer_channel:\n  channel: never\n")
    assert mm(*create).code == 0
    assert versions(mm) == {"tool": "2.0"}
