"""``env diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mm_cli.operations.comparison import compare
from mm_pkg.record import RepodataRecord

if TYPE_CHECKING:
    from conftest import User


def package(name: str, version: str, **facts: Any) -> dict[str, RepodataRecord]:
    known = {"build": "0", "channel": "https://h/c"} | facts
    return {name: RepodataRecord(name=name, version=version, build_number=0, **known)}


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (package("a", "1.9"), package("a", "1.10"), "upgraded"),
        (package("a", "1.10"), package("a", "1.9"), "downgraded"),
        (package("a", "1.0"), package("a", "1.0.0"), "changed"),
        (package("a", "1"), package("a", "1", build="1"), "changed"),
        (package("a", "1"), package("a", "1", channel="https://h/d"), "changed"),
        (package("a", "1", md5="0"), package("a", "1", md5="1"), "changed"),
        (package("a", "!"), package("a", "?"), "changed"),
        (package("a", "1"), {}, "removed"),
        ({}, package("a", "1"), "added"),
    ],
)
def test_kinds_of_differences(
    old: dict[str, RepodataRecord], new: dict[str, RepodataRecord], kind: str
) -> None:
    assert [each.kind for each in compare(old, new)] == [kind]
    assert compare(old, old) == compare(new, new) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (package("a", "1"), package("a", "1", build="")),
        (package("a", "1"), package("a", "1", channel="")),
        (package("a", "1"), package("a", "1", channel="c")),
        (package("a", "1", md5="0", sha256="1"), package("a", "1", md5="0", channel="https://x/y")),
    ],
)
def test_what_is_not_known_makes_no_difference(
    old: dict[str, RepodataRecord], new: dict[str, RepodataRecord]
) -> None:
    assert compare(old, new) == ()


@pytest.fixture
def user(user: User) -> User:
    """a: greet 1.0; b: greet 2.0 (its revision 0), then without it."""
    assert user.change("create", "-n", "a", "greet=1") == 0
    assert user.change("create", "-n", "b", "greet") == 0
    assert user.run("remove", "-n", "b", "greet-phrases", "--no-prune-deps", "-y") == 0
    return user


def differences(user: User, *words: str) -> list[tuple[str, str]]:
    document = user.data("env", "diff", *words)
    assert document["success"] is True, document
    assert document["identical"] is (document["differences"] == [])
    return [(each["name"], each["kind"]) for each in document["differences"]]


def test_environments_by_name_and_path(user: User) -> None:
    expected = [("greet", "removed"), ("greet-phrases", "removed")]
    assert differences(user, "a", "b") == expected
    assert differences(user, str(user.env("a")), str(user.env("b"))) == expected
    assert differences(user, "a", "a") == []


def test_revisions(user: User) -> None:
    assert differences(user, "a", "b@0") == [("greet", "upgraded")]
    assert differences(user, "b@0", "a") == [("greet", "downgraded")]
    gone = [("greet", "removed"), ("greet-phrases", "removed")]
    assert differences(user, "b@0", "b@1") == gone
    assert differences(user, "-n", "b", "@0", "@1") == gone
    assert differences(user, f"{user.env('b')}@1", "b") == []


def test_a_revision_has_its_own_versions(user: User) -> None:
    user.change("install", "-n", "a", "greet=2")
    assert differences(user, "a@0", "a") == [("greet", "upgraded")]


def test_hashes_count(user: User, tmp_path: Path) -> None:
    path = tmp_path / "e.yml"
    user.run("env", "export", "-n", "a", "--md5")
    path.write_text(user.out.replace(user.records("a")["greet"]["md5"], "0" * 32))
    assert differences(user, "a", str(path)) == [("greet", "changed")]


@pytest.mark.parametrize("form", ["conda-lock", "pixi", "explicit"])
def test_locks(user: User, tmp_path: Path, form: str) -> None:
    path = str(tmp_path / {"conda-lock": "l.yml", "pixi": "pixi.lock", "explicit": "l.txt"}[form])
    assert user.run("env", "lock", "-n", "a", "--format", form, "-o", path) == 0, user.err
    assert differences(user, "a", path) == []
    assert differences(user, path, "b@0") == [("greet", "upgraded")]
    if form != "explicit":
        assert user.run("env", "diff", "a", path, "--platform", "win-arm64") == 1
        assert "win-arm64" in user.err


def test_the_document_says_what_was_and_what_is(user: User) -> None:
    document = user.data("env", "diff", "a", "b@0")
    assert (document["from"], document["to"]) == (str(user.env("a")), f"{user.env('b')}@0")
    assert document["differences"] == [
        {
            "name": "greet",
            "kind": "upgraded",
            "from": {
                "version": "1.0",
                "build_string": "demo_0",
                "channel": user.channel.as_uri(),
                "url": user.records("a")["greet"]["url"],
            },
            "to": {
                "version": "2.0",
                "build_string": "demo_0",
                "channel": user.channel.as_uri(),
                "url": "",
            },
        }
    ]


def test_the_table(user: User) -> None:
    assert user.run("env", "diff", "a", "b@0") == 0
    assert user.out.splitlines() == [
        f"From: {user.env('a')}",
        f"To:   {user.env('b')}@0",
        "",
        "  Package  From        To",
        "─" * 33,
        "↑ greet    1.0 demo_0  2.0 demo_0",
        "",
        "1 upgraded.",
    ]
    assert user.run("env", "diff", "a", "a", "-q") == 0
    assert user.out == "No differences.\n"


@pytest.mark.parametrize(
    ("name", "words"),
    [("e.txt", ["--explicit"]), ("e.txt", ["-e", "--sha256"]), ("e.yml", []), ("e.yml", ["--md5"])],
)
def test_files(user: User, tmp_path: Path, name: str, words: list[str]) -> None:
    path = tmp_path / name
    user.run("env", "export", "-n", "a", *words)
    path.write_text(user.out)
    assert differences(user, str(path), "a") == []
    assert differences(user, str(path), "b@0") == [("greet", "upgraded")]


def test_packages_of_pip_count_where_both_sides_know_of_them(user: User, tmp_path: Path) -> None:
    folder = user.env("a") / "lib" / "python3.11" / "site-packages" / "Mine_2-1.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Name: Mine_2\nVersion: 1\n")
    user.run("env", "export", "-n", "a")
    path = tmp_path / "e.yml"
    path.write_text(user.out)
    assert differences(user, str(path), "a") == []
    assert ("mine-2", "removed") in differences(user, "a", "b")
    assert ("mine-2", "removed") not in differences(user, "a", "b", "--no-pip")
    assert ("mine-2", "removed") not in differences(user, "a", "b@0")


def test_the_exit_code_tells_when_it_is_asked_to(user: User) -> None:
    assert user.run("env", "diff", "a", "b") == 0
    assert user.run("env", "diff", "a", "b", "--exit-code") == 1
    assert user.run("env", "diff", "a", "a", "--exit-code") == 0


def test_what_cannot_be_compared(user: User, tmp_path: Path) -> None:
    loose = tmp_path / "loose.yml"
    loose.write_text("dependencies: [greet>=1]\n")
    for words, said in (
        (["a", "nowhere"], "nowhere is neither an environment nor a file"),
        (["a", "nowhere@1"], "there is no environment nowhere"),
        (["a", "a@7"], "There is no revision 7"),
        (["a", "../x@1"], "there is no environment ../x"),
        (["a", str(loose)], "greet>=1 leaves open which version is meant"),
    ):
        assert user.run("env", "diff", *words) == 1
        assert said in user.err
    assert user.run("env", "diff", "a") == 106
    assert user.run("env", "diff", "a", "b", "a") == 109
