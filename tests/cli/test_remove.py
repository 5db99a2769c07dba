"""remove: what goes, what stays, and what is said about it."""

from __future__ import annotations

import pytest

ALL = {"greet", "greet-phrases", "greet-language"}


@pytest.fixture
def made(user):
    """An environment with greet, which was asked for, and what it needs."""
    assert user.change("create", "-n", "e", "greet") == 0
    return user


def gone(user, *words: str) -> set[str]:
    """The names in UNLINK of a removal that succeeds."""
    document = user.document("transaction.json", "remove", "-n", "e", *words)
    return {package["name"] for package in document.get("actions", {}).get("UNLINK", ())}


def test_what_only_it_needed_goes_too(made) -> None:
    assert gone(made, "greet") == ALL
    assert made.env("e").is_dir()


def test_what_was_asked_for_stays(made) -> None:
    made.change("install", "-n", "e", "greet-language")
    assert gone(made, "greet") == {"greet", "greet-phrases"}


def test_no_prune_deps_leaves_orphans(made) -> None:
    assert gone(made, "greet", "--no-prune-deps") == {"greet"}
    assert gone(made, "greet-phrases") == {"greet-phrases", "greet-language"}


def test_what_needs_it_goes_and_is_named(made) -> None:
    assert made.run("remove", "-n", "e", "greet-language", "-y") == 0
    assert made.records("e") == {}
    assert "greet was asked for (greet) and goes too: it needs what is removed" in made.err


def test_force_takes_it_alone(made) -> None:
    assert gone(made, "greet-language", "--force") == {"greet-language"}
    assert made.records("e").keys() == ALL - {"greet-language"}


def test_all_leaves_an_empty_environment(made) -> None:
    assert gone(made, "--all") == ALL
    assert (made.env("e") / "conda-meta" / "history").exists()
    assert made.run("remove", "-n", "e", "--all") == 0
    assert made.out == "Nothing to do.\n"


def test_all_by_force(made) -> None:
    assert gone(made, "--all", "--force") == ALL


@pytest.mark.parametrize("spec", ["greet-*", "greet=2", "greet>1", "greet[version=2.0]"])
def test_specs_and_patterns(made, spec: str) -> None:
    assert gone(made, spec) == ALL


def test_a_spec_that_the_package_does_not_meet(made) -> None:
    assert made.run("remove", "-n", "e", "greet=1.0", "-y") == 1
    assert "not found in the environment: greet=1.0" in made.err
    assert made.records("e").keys() == ALL


def test_some_that_are_not_there(made) -> None:
    assert made.run("remove", "-n", "e", "nothing", "greet", "-y") == 0
    assert "nothing is not installed: there is nothing to remove" in made.err
    assert made.records("e") == {}


def test_a_slip_of_the_pen(made) -> None:
    assert made.run("remove", "-n", "e", "greet-langage", "--force", "-y") == 1
    assert "Did you mean greet-language?" in made.err


def test_a_dry_run_and_a_plan(made, tmp_path) -> None:
    plan = str(tmp_path / "plan.json")
    assert gone(made, "greet", "--dry-run", "-o", plan) == ALL
    assert made.records("e").keys() == ALL
    assert made.run("apply", plan, "-y") == 0
    assert made.records("e") == {}


def test_it_is_forgotten_that_it_was_asked_for(made) -> None:
    gone(made, "greet", "--no-prune-deps")
    made.run("env", "export", "-n", "e", "--from-history")
    assert "- greet" not in made.out
    document = made.document("list.json", "list", "-n", "e", "--revisions")
    assert len(document["revisions"][-1]["remove"]) == 1


def test_a_pin_holds(made) -> None:
    """What stays must stay what is pinned: here nothing else could be taken instead."""
    (made.env("e") / "conda-meta" / "pinned").write_text("greet-language 1.0\n")
    assert gone(made, "greet-phrases", "--no-prune-deps") == {"greet", "greet-phrases"}
    assert made.records("e").keys() == {"greet-language"}


def test_uninstall_takes_the_same_words(made) -> None:
    words = ("uninstall", "-n", "e", "greet", "--force", "-y")
    assert made.run(*words) == 0
    assert made.records("e").keys() == ALL - {"greet"}
