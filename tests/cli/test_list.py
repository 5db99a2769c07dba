"""``list`` and ``env list`` (behaviours 52 and 55 of micromamba's tests)."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    assert user.change("create", "-n", "a", "greet") == 0
    folder = user.env("a") / "lib" / "python3.11" / "site-packages" / "Mine-1.5.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Name: Mine\nVersion: 1.5\n")
    return user


def body(user: User, *words: str) -> list[str]:
    """What follows the heading."""
    assert user.run("list", "-n", "a", *words) == 0, user.err
    lines = user.out.splitlines()
    assert lines[:2] == [f'List of packages in environment: "{user.env("a")}"', ""]
    return lines[2:]


def names(user: User, *words: str) -> list[str]:
    return [line.split()[0] for line in body(user, *words)[2:]]


def test_the_table(user: User) -> None:
    header, rule, *rows = body(user)
    assert header.split() == ["Name", "Version", "Build", "Channel"]
    assert set(rule) == {"─"}
    assert [row.split() for row in rows] == [
        ["greet", "2.0", "demo_0", user.channel.as_uri()],
        ["greet-language", "1.0", "demo_0", user.channel.as_uri()],
        ["greet-phrases", "1.1", "demo_0", user.channel.as_uri()],
        ["mine", "1.5", "pypi_0", "pypi"],
    ]
    assert body(user, "-q") == [header, rule, *rows]


def test_which_packages(user: User) -> None:
    assert names(user, "--reverse") == ["mine", "greet-phrases", "greet-language", "greet"]
    assert names(user, "--no-pip") == ["greet", "greet-language", "greet-phrases"]
    assert names(user, "lang|min") == ["greet-language", "mine"]
    assert names(user, "^greet$") == ["greet"]
    assert names(user, "--full-name", "greet") == ["greet"]
    assert names(user, "-f", "greet|min.") == ["greet", "mine"]
    assert body(user, "nothing") == []
    assert user.run("list", "-n", "a", "(") == 1
    assert "not a regular expression" in user.err


@pytest.mark.parametrize("words", [(), ("--md5",), ("--sha256",)])
def test_explicit(user: User, words: tuple[str, ...]) -> None:
    records = [user.records("a")[n] for n in ("greet", "greet-language", "greet-phrases")]
    hashes = [f"#{record[words[0].strip('-')]}" if words else "" for record in records]
    assert body(user, "--explicit", *words) == [
        record["url"] + digest for record, digest in zip(records, hashes, strict=True)
    ]


def test_canonical_and_export(user: User) -> None:
    url = user.channel.as_uri()
    for option in ("-c", "--canonical"):
        assert body(user, option, "--no-pip", "language") == [
            f"{url}/noarch::greet-language-1.0-demo_0"
        ]
    for option in ("-e", "--export"):
        assert body(user, option) == [
            "greet=2.0=demo_0",
            "greet-language=1.0=demo_0",
            "greet-phrases=1.1=demo_0",
            "mine=1.5=pypi_0",
        ]


def test_two_hashes_exclude_each_other(user: User) -> None:
    assert user.run("list", "-n", "a", "--explicit", "--md5", "--sha256") == 108


def test_the_document(user: User) -> None:
    packages = {p["name"]: p for p in user.data("list", "-n", "a", "--explicit")["packages"]}
    record = user.records("a")["greet"]
    assert packages["greet"] == {
        "base_url": user.channel.as_uri(),
        "build_number": 0,
        "build_string": "demo_0",
        "channel": user.channel.as_uri(),
        "dist_name": "greet-2.0-demo_0",
        "md5": record["md5"],
        "name": "greet",
        "platform": "noarch",
        "sha256": record["sha256"],
        "url": record["url"],
        "version": "2.0",
    }
    pip = packages["mine"]
    assert (pip["channel"], pip["build_string"]) == ("pypi", "pypi_0")
    assert pip["platform"] == f"{sys.platform}-{os.uname().machine}"


def test_where_there_is_no_environment(user: User, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert user.run("list", "-p", str(tmp_path / "folder")) == 1
    assert "Expected environment not found at prefix" in user.err
    assert user.run("list", "-n", "nowhere") == 1
    assert "No prefix found at" in user.err


def rows(user: User) -> list[list[str]]:
    assert user.run("env", "list") == 0
    lines = user.out.splitlines()
    assert lines[0].split() == ["Name", "Active", "Path"]
    return [line.split() for line in lines[2:]]


def test_environments_have_names_where_they_are_in_an_envs_dir(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_ENVS_DIRS", str(tmp_path / "other"))
    user.run("create", "-n", "b", "-y")
    user.run("create", "-p", str(tmp_path / "c"), "-y")
    monkeypatch.setenv("CONDA_PREFIX", str(user.env("a")))
    assert rows(user) == [
        [str(tmp_path / "c")],
        ["b", str(tmp_path / "other" / "b")],
        ["base", str(user.root_prefix)],
        ["a", "*", str(user.env("a"))],
    ]
    assert user.data("env", "list")["envs"] == [row[-1] for row in rows(user)]


def test_a_deleted_environment_is_not_listed(user: User) -> None:
    shutil.rmtree(user.env("a"))
    assert rows(user) == [["base", "*", str(user.root_prefix)]]
