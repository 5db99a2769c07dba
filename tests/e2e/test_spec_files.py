"""Requests from files: text, YAML, explicit."""

from __future__ import annotations

import hashlib
import json

import pytest
from harness import Micromamba


@pytest.fixture
def channel(small_channel) -> str:
    return str(small_channel)


def test_a_text_file_lists_specs(mm: Micromamba, channel: str) -> None:
    specs = mm.home / "specs.txt"
    specs.write_text("# what I need\n\ngreet=1.0\n  greet-language  \n")
    mm("create", "-y", "-n", "e", "-c", channel, "-f", specs)
    assert mm.records("e")["greet"]["version"] == "1.0"


def test_specs_of_the_command_line_and_of_files_add_up(mm, channel) -> None:
    (mm.home / "a.txt").write_text("greet-language\n")
    (mm.home / "b.txt").write_text("greet-phrases\n")
    mm("create", "-y", "-n", "e", "-c", channel, "-f", "a.txt", "-f", "b.txt", "greet<2")
    history = (mm.env("e") / "conda-meta/history").read_text()
    assert all(spec in history for spec in ("greet-language", "greet-phrases", "greet<2"))
    assert mm.records("e")["greet"]["version"] == "1.0"


def test_a_yaml_file_names_the_environment_channels_and_specs(mm, channel) -> None:
    (mm.home / "environment.yml").write_text(
        f"name: from-yaml\nchannels:\n  - {channel}\ndependencies:\n  - greet=1.0\n"
        "variables:\n  demo_variable: some value\n"
    )
    mm("create", "-y", "-f", "environment.yml")
    assert mm.records("from-yaml")["greet"]["version"] == "1.0"
    shown = mm("run", "-n", "from-yaml", "sh", "-c", 'echo "$DEMO_VARIABLE"')
    assert shown.out == "some value\n"


def test_a_name_on_the_command_line_beats_the_file(mm, channel) -> None:
    (mm.home / "environment.yml").write_text(
        f"name: from-yaml\nchannels: [{channel}]\ndependencies: [greet]\n"
    )
    mm("create", "-y", "-n", "given", "-f", "environment.yml")
    assert mm.env("given").exists()
    assert not mm.env("from-yaml").exists()


def test_yaml_dependencies_can_be_chosen_by_platform(mm, channel) -> None:
    (mm.home / "environment.yml").write_text(
        f"name: e\nchannels: [{channel}]\ndependencies:\n"
        "  - sel(linux): greet-language\n  - sel(win): greet\n"
    )
    mm("create", "-y", "-f", "environment.yml", CONDA_SUBDIR="linux-64")
    assert mm.records("e").keys() == {"greet-language"}


def explicit_lines(server, channel, algorithm: str) -> list[str]:
    files = ["greet-language-1.0-demo_0.conda", "greet-phrases-1.1-demo_0.tar.bz2"]
    lines = []
    for name in files:
        data = (channel / "noarch" / name).read_bytes()
        tag = hashlib.new(algorithm, data).hexdigest()
        lines.append(f"{server.url}/noarch/{name}#{tag}")
    return lines


@pytest.mark.parametrize("algorithm", ["md5", "sha256"])
def test_an_explicit_file_is_installed_without_solving(mm, small_channel, serve, algorithm) -> None:
    server = serve(small_channel)
    lines = explicit_lines(server, small_channel, algorithm)
    (mm.home / "explicit.txt").write_text("\n".join(["# comment", "@EXPLICIT", *lines]) + "\n")
    mm("create", "-y", "-n", "e", "-f", "explicit.txt")
    assert mm.records("e").keys() == {"greet-language", "greet-phrases"}
    assert all("repodata" not in r["path"] for r in server.requests())


def test_a_wrong_hash_in_an_explicit_file_stops_everything(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    lines = explicit_lines(server, small_channel, "sha256")
    lines[1] = lines[1][:-4] + ("0000" if not lines[1].endswith("0000") else "1111")
    (mm.home / "explicit.txt").write_text("\n".join(["@EXPLICIT", *lines]) + "\n")
    done = mm.fails("create", "-y", "-n", "e", "-f", "explicit.txt")
    assert "greet-phrases-1.1" in done.err
    assert not mm.env("e").exists()


def test_what_list_explicit_prints_can_be_installed(mm, small_channel) -> None:
    mm("create", "-y", "-n", "one", "-c", small_channel, "greet")
    shown = mm("list", "-n", "one", "--explicit", "--sha256").out
    urls = [line for line in shown.splitlines() if "://" in line]
    assert len(urls) == 3
    (mm.home / "explicit.txt").write_text("@EXPLICIT\n" + "\n".join(urls) + "\n")
    mm("create", "-y", "-n", "two", "-f", "explicit.txt")
    assert mm.records("two").keys() == mm.records("one").keys()


def test_files_of_two_kinds_are_refused(mm, channel) -> None:
    (mm.home / "a.txt").write_text("greet\n")
    (mm.home / "b.yml").write_text("dependencies: [greet]\n")
    done = mm.fails("create", "-y", "-n", "e", "-c", channel, "-f", "a.txt", "-f", "b.yml")
    assert "found multiple spec file types" in done.err
    assert not mm.env("e").exists()


# -- by other ways than a path


def test_standard_input_is_a_file(mm: Micromamba, channel: str) -> None:
    text = f"name: piped\nchannels: [{channel}]\ndependencies: [greet=1.0]\n"
    done = mm.run("create", "-y", "-f", "-", stdin=text)
    assert done.code == 0, str(done)
    assert mm.records("piped")["greet"]["version"] == "1.0"
    done = mm.run("create", "-f", "-", stdin=text.replace("piped", "other"))
    assert done.code == 0, "nobody is there to agree, so nothing is done"
    assert not mm.env("other").exists()


@pytest.mark.parametrize("name", ["environment.yml", "specs.txt", "explicit.txt"])
def test_files_come_from_servers(mm, small_channel, serve, name: str) -> None:
    server = serve(small_channel)
    texts = {
        "environment.yml": f"channels: [{server.url}]\ndependencies: [greet-language]\n",
        "specs.txt": "greet-language\n",
        "explicit.txt": f"@EXPLICIT\n{server.url}/noarch/greet-language-1.0-demo_0.conda\n",
    }
    (mm.home / "served").mkdir()
    (mm.home / "served" / name).write_text(texts[name])
    files = serve(mm.home / "served", auth="basic:user:hunter2")
    url = files.url.replace("://", "://user:hunter2@")
    done = mm("create", "-y", "-n", "e", "-c", server.url, "-f", f"{url}/{name}")
    assert mm.records("e").keys() == {"greet-language"}
    assert "hunter2" not in done.out + done.err
    refused = mm.fails("create", "-y", "-n", "f", "-f", f"{files.url}/{name}")
    assert files.url in refused.err


def test_a_file_that_is_not_on_the_server_is_named(mm: Micromamba, small_channel, serve) -> None:
    url = f"{serve(small_channel).url}/environment.yml"
    document = mm.run("create", "-n", "e", "-f", url, "--json").json()
    assert document["success"] is False
    assert url in document["error"]["message"]
    assert document["error"]["hint"]
    done = mm.fails("create", "-n", "e", "-f", url, "--offline")
    assert "--offline" in done.err


# -- what they say


def test_several_yaml_files_add_up(mm: Micromamba, channel: str) -> None:
    (mm.home / "a.yml").write_text(
        f"name: first\nchannels: [{channel}]\ndependencies: [greet-language]\n"
        "variables: {x: one, y: two}\n"
    )
    (mm.home / "b.yml").write_text(
        "name: second\ndependencies: [greet-phrases]\nvariables: {x: three, z: four}\n"
    )
    done = mm("create", "-y", "-f", "a.yml", "-f", "b.yml", "greet<2")
    assert "first counts, not second" in done.err
    assert mm.records("first").keys() == {"greet", "greet-language", "greet-phrases"}
    shown = mm("run", "-n", "first", "sh", "-c", 'echo "$X $Y $Z"')
    assert shown.out == "one two four\n"


def test_selectors_in_comments(mm: Micromamba, channel: str) -> None:
    (mm.home / "environment.yml").write_text(
        f"name: e\nchannels: [{channel}]\ndependencies:\n"
        "  - greet-language  # [linux]\n  - greet  # [win or osx]\n"
    )
    mm("create", "-y", "-f", "environment.yml", CONDA_SUBDIR="linux-64")
    assert mm.records("e").keys() == {"greet-language"}


def test_unknown_keys_and_other_platforms_are_remarked_upon(mm, channel) -> None:
    (mm.home / "environment.yml").write_text(
        f"name: e\nchannels: [{channel}]\ndependencies: [greet-language]\n\ndependancies: [x]\n"
    )
    done = mm("create", "-y", "-f", "environment.yml")
    assert "environment.yml:5: 'dependancies'" in done.err
    url = f"file://{channel}/noarch/greet-language-1.0-demo_0.conda"
    (mm.home / "explicit.txt").write_text(f"# platform: osx-arm64\n@EXPLICIT\n{url}\n")
    done = mm("create", "-y", "-n", "f", "-f", "explicit.txt", CONDA_SUBDIR="linux-64")
    assert "explicit.txt is for osx-arm64, not for linux-64" in done.err


def test_an_explicit_file_keeps_its_order(mm: Micromamba, small_channel) -> None:
    names = ["greet-2.0-demo_0.conda", "greet-language-1.0-demo_0.conda"]
    lines = [(small_channel / "noarch" / name).as_uri() for name in names]
    (mm.home / "explicit.txt").write_text("\n".join(["@EXPLICIT", *lines]) + "\n")
    document = mm("create", "-y", "-n", "e", "-f", "explicit.txt", "--json").json()
    assert [p["fn"] for p in document["actions"]["LINK"]] == names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name: [x]\n", ":1: 'name'"),
        ("dependencies:\n- a\n- {b: c}\n", ":3: cannot use the entry 'b'"),
        ("dependencies: &a [*a]\n", "environment.yml:1"),
        ("dependencies: !!set {a}\n", "tag"),
        ("[" * 10_000, "nested too deeply"),
    ],
)
def test_bad_files_are_one_document_and_one_line(mm: Micromamba, text: str, named: str) -> None:
    (mm.home / "environment.yml").write_text(text)
    done = mm.fails("create", "-y", "-n", "e", "-f", "environment.yml")
    assert named in done.err.splitlines()[0]
    document = mm.run("create", "-y", "-n", "e", "-f", "environment.yml", "--json").json()
    assert document["success"] is False
    assert named in document["error"]["message"]
    assert not mm.env("e").exists()


def test_variables_are_stored_in_capitals_unless_no_env(mm: Micromamba, channel: str) -> None:
    text = f"channels: [{channel}]\ndependencies: [greet-language]\nvariables: {{some_Name: X}}\n"
    (mm.home / "environment.yml").write_text(text)
    mm("create", "-y", "-n", "one", "-f", "environment.yml")
    state = json.loads((mm.env("one") / "conda-meta" / "state").read_text())
    assert state["env_vars"] == {"SOME_NAME": "X"}
    done = mm("create", "-y", "-n", "two", "-f", "environment.yml", "--no-env")
    assert "SOME_NAME" in done.err
    assert not (mm.env("two") / "conda-meta" / "state").exists()


def test_several_explicit_files_add_up(mm: Micromamba, small_channel) -> None:
    for file, name in (("a", "greet-language-1.0-demo_0.conda"), ("b", "greet-2.0-demo_0.conda")):
        url = (small_channel / "noarch" / name).as_uri()
        (mm.home / f"{file}.txt").write_text(f"@EXPLICIT\n{url}\n")
    mm("create", "-y", "-n", "e", "-f", "a.txt", "-f", "b.txt")
    assert mm.records("e").keys() == {"greet", "greet-language"}
