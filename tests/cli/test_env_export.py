"""``env export`` (behaviour 56 of micromamba's tests), and the way back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mm_cli.operations.exporting import explicit_lines
from mm_cli.operations.pip_packages import pip_requirements
from mm_cli.specfiles.environment_writer import EnvironmentFile
from mm_pkg.record import PrefixRecord

if TYPE_CHECKING:
    from conftest import User


@pytest.fixture
def user(user: User) -> User:
    assert user.change("create", "-n", "a", "greet>=1", "greet-phrases") == 0
    return user


def export(user: User, *words: str) -> str:
    assert user.run("env", "export", "-n", "a", *words) == 0, user.err
    return user.out


def dependencies(user: User, *words: str) -> list[Any]:
    found: list[Any] = user.data("env", "export", "-n", "a", *words)["dependencies"]
    return found


def add_pip_package(prefix: Path, name: str, version: str, direct: object = None) -> None:
    folder = prefix / "lib" / "python3.11" / "site-packages" / f"{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    if direct is not None:
        (folder / "direct_url.json").write_text(json.dumps(direct))


def test_the_layout_is_micromambas(user: User) -> None:
    add_pip_package(user.env("a"), "Mine_2", "1.5")
    assert export(user) == (
        "name: a\n"
        "channels:\n"
        f"  - {user.channel.as_uri()}\n"
        "dependencies:\n"
        "  - greet=2.0=demo_0\n"
        "  - greet-language=1.0=demo_0\n"
        "  - greet-phrases=1.1=demo_0\n"
        "  - pip:\n"
        "    - mine-2==1.5\n"
        "\n"
        f'prefix: "{user.env("a")}"\n'
    )


def test_how_packages_are_written(user: User) -> None:
    greet = user.records("a")["greet"]
    url = user.channel.as_uri()
    assert dependencies(user)[0] == "greet=2.0=demo_0"
    for option in ("--no-build", "--no-builds"):
        assert dependencies(user, option)[0] == "greet=2.0"
    assert dependencies(user, "--md5")[0] == f"greet=2.0=demo_0[md5={greet['md5']}]"
    assert dependencies(user, "--sha256")[0] == f"greet=2.0=demo_0[sha256={greet['sha256']}]"
    both = dependencies(user, "--sha256", "--md5", "--no-build")[0]
    assert both == f"greet=2.0[md5={greet['md5']},sha256={greet['sha256']}]"
    assert dependencies(user, "--channel-subdir")[0] == f"{url}/noarch::greet=2.0=demo_0"


def test_the_json_document(user: User) -> None:
    add_pip_package(user.env("a"), "mine", "1")
    assert user.data("env", "export", "-n", "a") == {
        "name": "a",
        "channels": [user.channel.as_uri()],
        "dependencies": [
            "greet=2.0=demo_0",
            "greet-language=1.0=demo_0",
            "greet-phrases=1.1=demo_0",
            {"pip": ["mine==1"]},
        ],
        "prefix": str(user.env("a")),
        "success": True,
        "log_history": [],
    }


def test_from_history_has_what_was_asked_for(user: User) -> None:
    add_pip_package(user.env("a"), "mine", "1")
    user.run("remove", "-n", "a", "greet", "--force", "-y")
    assert dependencies(user, "--from-history") == ["greet-phrases", {"pip": ["mine==1"]}]


def test_portable_has_minor_versions_and_no_prefix(user: User) -> None:
    user.run("env", "config", "vars", "set", "-n", "a", "X=1")
    assert export(user, "--portable") == (
        "name: a\n"
        "channels:\n"
        f"  - {user.channel.as_uri()}\n"
        "dependencies:\n"
        "  - greet>=1\n"
        "  - greet-phrases=1.1\n"
        "variables:\n"
        "  X: '1'\n"
    )


@pytest.mark.parametrize("platform", ["linux-64", "osx-arm64", "win-64"])
def test_portable_can_be_solved_elsewhere(user: User, tmp_path: Path, platform: str) -> None:
    path = export_of(user, tmp_path / "e.yml", "--portable")
    words = ("create", "-n", "b", "-f", path, "--platform", platform, "--override-channels")
    document = user.data(*words, "--dry-run")
    versions = {p["name"]: p["version"] for p in document["actions"]["LINK"]}
    assert versions == {"greet": "2.0", "greet-phrases": "1.1", "greet-language": "1.0"}


def test_portable_of_what_nobody_asked_for_has_what_nothing_needs(
    user: User, tmp_path: Path
) -> None:
    export_of(user, tmp_path / "e.txt", "--explicit")
    user.change("create", "-n", "b", "-f", str(tmp_path / "e.txt"))
    history = user.env("b") / "conda-meta" / "history"
    history.write_text("".join(x for x in history.open() if "update specs" not in x))
    assert user.data("env", "export", "-n", "b", "--portable")["dependencies"] == ["greet=2.0"]


def test_builds_are_not_portable(user: User, tmp_path: Path) -> None:
    path = tmp_path / "e.txt"
    export_of(user, path, "--explicit")
    user.change("create", "-n", "b", "-f", str(path))
    assert user.data("env", "export", "-n", "b", "--portable")["dependencies"] == [
        "greet=2.0", "greet-language=1.0", "greet-phrases=1.1",
    ]  # fmt: skip


@pytest.mark.parametrize("hash_option", ["--md5", "--no-md5", "--sha256"])
def test_an_explicit_file_lists_archives_dependencies_first(user: User, hash_option: str) -> None:
    lines = export(user, "--explicit", hash_option).splitlines()
    at = lines.index("@EXPLICIT")
    assert all(line.startswith("#") for line in lines[:at])
    assert any(line.startswith("# platform: ") for line in lines[:at])
    records = user.records("a")
    key = hash_option.strip("-")
    assert lines[at + 1 :] == [
        records[name]["url"] + ("" if key == "no-md5" else f"#{records[name][key]}")
        for name in ("greet-language", "greet-phrases", "greet")
    ]


def test_md5_is_what_explicit_files_have(user: User) -> None:
    assert export(user, "-e") == export(user, "-e", "--md5")


def test_explicit_as_json(user: User) -> None:
    document = user.data("env", "export", "-n", "a", "-e")
    assert document["explicit"] == export(user, "-e").splitlines()[4:]
    assert document["success"] is True


def test_archives_are_named_as_people_write_them() -> None:
    record = PrefixRecord(
        name="a", version="1!2", build="0", build_number=0,
        url="https://h/c/noarch/a-1%212-0.conda", fn="a-1!2-0.conda", md5="0" * 32,
    )  # fmt: skip
    assert explicit_lines([record]) == [f"https://h/c/noarch/a-1!2-0.conda#{'0' * 32}"]
    assert explicit_lines([record], md5=False) == ["https://h/c/noarch/a-1!2-0.conda"]


def export_of(user: User, path: Path, *words: str) -> str:
    path.write_text(export(user, *words))
    return str(path)


@pytest.mark.parametrize(
    "words",
    [(), ("--no-build",), ("--md5",), ("--sha256",), ("--channel-subdir",), ("--from-history",),
     ("--portable",), ("--explicit",), ("--explicit", "--sha256"), ("--explicit", "--no-md5")],
    ids=" ".join,
)  # fmt: skip
def test_what_is_exported_can_be_created(
    user: User, tmp_path: Path, words: tuple[str, ...]
) -> None:
    name = "e.txt" if "--explicit" in words else "e.yml"
    path = export_of(user, tmp_path / name, *words)
    assert user.run("create", "-n", "b", "-f", path, "--override-channels", "-y") == 0, user.err
    assert user.packages("b") == user.packages("a")


def test_an_export_of_what_was_exported_is_the_same(user: User, tmp_path: Path) -> None:
    user.run("env", "config", "vars", "set", "-n", "a", "X=1", "Y=a: b", "Z=")
    path = export_of(user, tmp_path / "e.yml", "--sha256")
    other = tmp_path / "elsewhere" / "a"
    assert user.run("create", "-p", str(other), "-f", path, "-y", "--override-channels") == 0
    user.run("env", "export", "-p", str(other), "--sha256")
    assert user.out.replace(str(other), str(user.env("a"))) == Path(path).read_text()


def test_an_environment_without_packages(user: User) -> None:
    user.run("create", "-n", "empty", "-y")
    user.run("env", "export", "-n", "empty")
    assert user.out.startswith("name: empty\nchannels: []\ndependencies: []\n")


def test_an_environment_that_is_not_there(user: User) -> None:
    assert user.run("env", "export", "-n", "nowhere") == 1
    assert "No prefix found" in user.err
    assert user.out == ""


def test_a_package_of_unknown_origin_cannot_be_in_an_explicit_file(user: User) -> None:
    path = next((user.env("a") / "conda-meta").glob("greet-language-*.json"))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"url": "", "channel": ""}))
    assert user.run("env", "export", "-n", "a", "-e") == 1
    assert "greet-language-1.0-demo_0" in user.err
    assert user.run("env", "export", "-n", "a") == 0


@pytest.mark.parametrize("words", [(), ("--explicit",)])
def test_into_a_file(user: User, tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "made"
    printed = export(user, *words)
    assert export(user, "--file", str(path), *words) == f"Environment exported to {path}\n"
    assert path.read_text() == printed
    assert user.data("env", "export", "-n", "a", "-f", str(path), *words)["file"] == str(path)
    assert user.run("env", "export", "-n", "a", "-f", str(tmp_path / "no" / "x")) == 1
    assert "There is no folder" in user.err


def test_options_without_effect_are_named(user: User) -> None:
    for words, said in (
        (("-e", "--from-history"), "--from-history has no effect beside --explicit"),
        (("-e", "--no-build"), "--no-build has no effect beside --explicit"),
        (("--portable", "--md5"), "--md5 has no effect beside --portable"),
        (("--from-history", "--no-build"), "--no-build has no effect beside --from-history"),
        (("--from-history", "--portable"), "--from-history has no effect beside --portable"),
    ):
        export(user, *words)
        assert said in user.err
    add_pip_package(user.env("a"), "mine", "1")
    export(user, "-e")
    assert "Installed by pip, and not in an explicit file: mine" in user.err


DIRECT: dict[str, tuple[Any, str]] = {
    "git": (
        {"url": "https://h/x.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
        "x @ git+https://h/x.git@abc",
    ),
    "part of a repository": (
        {"url": "https://h/x.git", "vcs_info": {"vcs": "git"}, "subdirectory": "py"},
        "x @ git+https://h/x.git#subdirectory=py",
    ),
    "archive": (
        {"url": "https://h/x-1.whl", "archive_info": {"hashes": {"sha256": "0f"}}},
        "x @ https://h/x-1.whl#sha256=0f",
    ),
    "folder": ({"url": "file:///src/x", "dir_info": {}}, "x @ file:///src/x"),
    "editable": ({"url": "file:///src/x", "dir_info": {"editable": True}}, "-e /src/x"),
    "no object": (["https://h"], "x==1"),
    "no address": ({"vcs_info": {}}, "x==1"),
}


@pytest.mark.parametrize(("direct", "expected"), DIRECT.values(), ids=DIRECT)
def test_pip_is_told_where_a_package_came_from(
    tmp_path: Path, direct: object, expected: str
) -> None:
    add_pip_package(tmp_path, "x", "1", direct)
    assert pip_requirements(tmp_path, {}) == [expected]


def test_a_link_to_a_folder_does_not_double_what_is_in_it(tmp_path: Path) -> None:
    add_pip_package(tmp_path, "x", "1")
    (tmp_path / "lib" / "python3.1").symlink_to("python3.11")
    assert pip_requirements(tmp_path, {}) == ["x==1"]


def test_texts_that_yaml_takes_for_something_else_are_quoted() -> None:
    import yaml

    file = EnvironmentFile(
        "1.10", ["yes", "file:///a b#c"], ["null", "a[version='>=1,<2']", "*"], ["-e /x: y"],
        {"A": "true", "B": "two\nlines", "C": ""}, "/p \"q\" é",
    )  # fmt: skip
    assert yaml.safe_load(file.text()) == file.data()
