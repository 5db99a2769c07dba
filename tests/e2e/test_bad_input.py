"""Bad input: one clear error, the documented exit code, no traceback, nothing half-written."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from harness import Micromamba, RealChannel, tree

CREATE = ("create", "-y", "-n", "e")


def nothing_made(mm: Micromamba) -> None:
    assert not mm.env("e").exists()
    registered = mm.home / ".conda" / "environments.txt"
    assert not registered.exists() or str(mm.env("e")) not in registered.read_text()


def test_an_unknown_package_is_named(mm: Micromamba, small_channel: Path) -> None:
    done = mm.fails(*CREATE, "-c", small_channel, "gret")
    assert "gret" in done.err
    nothing_made(mm)


def test_an_unsolvable_request_is_explained_in_the_users_words(mm, build_channel) -> None:
    channel = build_channel(
        "knot",
        {
            "lib-1.0": {},
            "lib-2.0": {},
            "old-app-1.0": {"depends": ["lib <2"]},
            "new-app-1.0": {"depends": ["lib >=2"]},
            **{f"bystander{i}-1.0": {} for i in range(5)},
        },
    )
    specs = ["old-app", "new-app", *(f"bystander{i}" for i in range(5))]
    done = mm.fails(*CREATE, "-c", channel, *specs)
    for word in ("old-app", "new-app", "lib"):
        assert word in done.err
    assert "bystander" not in done.err
    assert len(done.err.splitlines()) <= 20
    nothing_made(mm)


def test_every_unsatisfiable_request_of_the_real_channel_is_explained(
    warm_mm, real_channel: RealChannel
) -> None:
    for case in real_channel.manifest["unsatisfiable"]:
        done = warm_mm.fails(*CREATE, "-c", real_channel.path, *case["specs"])
        named = [spec for spec in case["specs"] if spec.split()[0] in done.err]
        assert len(named) == len(case["specs"]) or len(named) >= 2, str(done)
    nothing_made(warm_mm)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"<html>Sign in</html>",
        b'{"packages": 3, "packages.conda": []}',
        b"\xff\xfe",
    ],
    ids=["empty", "cut off", "a list", "a web page", "wrong types", "not text"],
)
def test_malformed_repodata_names_its_address(mm, small_channel, serve, tmp_path, damage) -> None:
    channel = tmp_path / "damaged"
    (channel / "noarch").mkdir(parents=True)
    (channel / "noarch" / "repodata.json").write_bytes(damage)
    server = serve(channel)
    done = mm.fails(*CREATE, "-c", server.url, "greet")
    assert f"{server.url}/noarch" in done.err
    nothing_made(mm)


def test_malformed_repodata_is_not_remembered(mm, small_channel, serve) -> None:
    server = serve(small_channel, faults=["path=*/repodata*,html=1"])
    mm.fails(*CREATE, "-c", server.url, "greet")
    server.set_faults([])
    mm(*CREATE, "-c", server.url, "greet")


def test_a_damaged_archive_is_not_kept(mm, small_channel, serve) -> None:
    server = serve(small_channel, faults=["path=*/greet-2.0*,corrupt=3"])
    done = mm.fails(*CREATE, "-c", server.url, "greet")
    assert "greet-2.0-demo_0.conda" in done.err
    nothing_made(mm)
    assert not list((mm.root / "pkgs").glob("greet-2.0*"))
    server.set_faults([])
    mm(*CREATE, "-c", server.url, "greet")


def test_a_wrong_hash_in_the_repodata_stops_the_install(mm, build_channel) -> None:
    channel = build_channel("lying", {"tool-1.0": {}})
    repodata = channel / "noarch" / "repodata.json"
    document = json.loads(repodata.read_text())
    for record in document["packages.conda"].values():
        record["sha256"] = "0" * 64
        record["md5"] = "0" * 32
    for path in (channel / "noarch").glob("repodata*"):
        path.unlink()
    repodata.write_text(json.dumps(document))
    done = mm.fails(*CREATE, "-c", channel, "tool")
    assert "tool-1.0" in done.err
    nothing_made(mm)


def test_an_unreachable_host_is_named(mm) -> None:
    done = mm.fails(
        *CREATE, "-c", "http://127.0.0.1:9/channel", "greet", MAMBA_REMOTE_MAX_RETRIES="0"
    )
    assert "127.0.0.1:9" in done.err
    nothing_made(mm)


def test_a_channel_that_is_not_there_is_named(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    done = mm.fails(*CREATE, "-c", f"{server.url}/no/such/channel", "greet")
    assert "no/such/channel" in done.err
    nothing_made(mm)


def test_a_folder_that_is_no_channel_is_named(mm, tmp_path) -> None:
    done = mm.fails(*CREATE, "-c", tmp_path / "nowhere", "greet")
    assert str(tmp_path / "nowhere") in done.err
    nothing_made(mm)


@pytest.mark.parametrize("text", ["channels: [", "- a\n- b\n", "channels: {a: b: c}\n"])
def test_a_broken_rc_file_is_named(mm, small_channel, text: str) -> None:
    rc = mm.home / "broken.yml"
    rc.write_text(text)
    done = mm.fails(*CREATE, "-c", small_channel, "greet", "--rc-file", rc)
    assert str(rc) in done.err
    nothing_made(mm)


def test_an_rc_file_that_is_not_there_is_named(mm, small_channel) -> None:
    done = mm.fails(*CREATE, "-c", small_channel, "greet", "--rc-file", "/no/such/rc.yml")
    assert "/no/such/rc.yml" in done.err
    nothing_made(mm)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_rc_file_that_was_asked_for_is_named(mm, small_channel) -> None:
    rc = mm.home / "mine.yml"
    rc.write_text("channels: []\n")
    rc.chmod(0)
    done = mm.fails(*CREATE, "-c", small_channel, "greet", "--rc-file", rc)
    assert "mine.yml" in done.err
    nothing_made(mm)


@pytest.mark.parametrize("text", ["channels: [", "just words", "offline: perhaps\n"])
def test_an_rc_file_that_was_found_and_cannot_be_used_is_warned_about(mm, text: str) -> None:
    (mm.home / ".condarc").write_text(text)
    done = mm("config", "list")
    assert ".condarc" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("text", ["channels: [", "just words"])
def test_commands_that_act_refuse_to_guess_what_a_broken_rc_file_meant(
    mm, small_channel, text: str
) -> None:
    rc = mm.home / ".condarc"
    rc.write_text(text)
    done = mm.fails(*CREATE, "-c", small_channel, "greet")
    assert "~/.condarc" in done.err
    assert "--no-rc" in done.err
    nothing_made(mm)
    mm(*CREATE, "-c", small_channel, "greet", "--no-rc")


SPEC_FILES = {
    "not yaml.yml": "dependencies: [",
    "a list.yml": "- greet\n",
    "wrong dependencies.yml": "dependencies: greet: 3\n",
    "number.yml": "dependencies: 3\n",
    "empty.txt": "# nothing\n\n",
    "bad spec.txt": "greet >=>= 3\n",
    "bad url.txt": "@EXPLICIT\nhttp://127.0.0.1:9/noarch/no-version.conda\n",
    "bad selector.yml": "dependencies:\n  - sel(amiga): greet\n",
}


@pytest.mark.parametrize("name", SPEC_FILES)
def test_a_bad_spec_file_is_refused(mm, small_channel, name: str) -> None:
    (mm.home / name).write_text(SPEC_FILES[name])
    mm.fails(*CREATE, "-c", small_channel, "-f", name)
    nothing_made(mm)


def test_a_missing_spec_file_is_named(mm, small_channel) -> None:
    for name in ("missing.yml", "missing.txt"):
        done = mm.fails(*CREATE, "-c", small_channel, "-f", name)
        assert name in done.err
    nothing_made(mm)


@pytest.mark.parametrize("spec", ["", "=", "greet[", "greet[version=", "greet==", ">=3", "a b c d"])
def test_a_bad_spec_is_quoted(mm, small_channel, spec: str) -> None:
    done = mm.fails(*CREATE, "-c", small_channel, spec)
    assert spec in done.err
    nothing_made(mm)


@pytest.mark.parametrize("command", ["install", "remove", "list"])
def test_a_missing_prefix_is_named(mm, command: str) -> None:
    done = mm.fails(command, "-n", "missing", *([] if command == "list" else ["greet"]))
    assert str(mm.env("missing")) in done.err
    assert not mm.env("missing").exists()


def test_run_in_a_missing_prefix_says_so(mm) -> None:
    done = mm.fails("run", "-p", mm.home / "missing", "true")
    assert "critical libmamba The given prefix does not exist:" in done.err


@pytest.mark.parametrize("command", ["install", "remove", "list"])
def test_a_folder_that_is_no_environment_is_left_alone(mm, small_channel, command: str) -> None:
    foreign = mm.home / "foreign"
    foreign.mkdir()
    (foreign / "precious.txt").write_text("keep me")
    words = {
        "install": ("install", "-y", "-c", small_channel, "greet"),
        "remove": ("remove", "-y", "greet"),
        "list": ("list",),
    }[command]
    done = mm.fails(*words, "-p", foreign)
    assert str(foreign) in done.err
    assert tree(foreign) == {"precious.txt"}


def test_create_refuses_a_folder_with_something_in_it(mm, small_channel) -> None:
    foreign = mm.home / "foreign"
    foreign.mkdir()
    (foreign / "precious.txt").write_text("keep me")
    mm.fails("create", "-y", "-p", foreign, "-c", small_channel, "greet")
    assert tree(foreign) == {"precious.txt"}


def test_create_refuses_a_file(mm, small_channel) -> None:
    target = mm.home / "file"
    target.write_text("keep me")
    mm.fails("create", "-y", "-p", target, "-c", small_channel, "greet")
    assert target.read_text() == "keep me"


def test_name_and_prefix_together_are_refused(mm, small_channel) -> None:
    mm.fails(*CREATE, "-p", mm.home / "x", "-c", small_channel, "greet")
    nothing_made(mm)


def test_create_without_a_target_is_refused(mm, small_channel) -> None:
    done = mm.fails("create", "-y", "-c", small_channel, "greet")
    assert "No target prefix specified" in done.err


def test_no_writable_package_cache_is_said(mm, small_channel, serve) -> None:
    blocked = mm.home / "blocked"
    blocked.write_text("a file where a folder should be")
    server = serve(small_channel)
    words = (*CREATE, "-c", server.url, "greet")
    done = mm.fails(*words, CONDA_PKGS_DIRS=str(blocked))
    assert str(blocked) in done.err
    nothing_made(mm)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_package_cache_is_named(mm, small_channel, serve) -> None:
    cache = mm.home / "cache"
    cache.mkdir(mode=0o555)
    done = mm.fails(*CREATE, "-c", serve(small_channel).url, "greet", CONDA_PKGS_DIRS=str(cache))
    assert str(cache) in done.err
    nothing_made(mm)


def test_a_read_only_cache_that_has_everything_is_enough(mm, small_channel) -> None:
    cache, second = mm.home / "cache", mm.home / "second"
    mm("create", "-y", "-n", "first", "-c", small_channel, "greet", CONDA_PKGS_DIRS=str(cache))
    for folder, _, _ in os.walk(cache):
        Path(folder).chmod(0o555)
    try:
        mm(*CREATE, "-c", small_channel, "greet", CONDA_PKGS_DIRS=f"{cache},{second}")
    finally:
        for folder, _, _ in os.walk(cache):
            Path(folder).chmod(0o755)


def test_an_unknown_option_is_refused_with_its_code(mm) -> None:
    done = mm.fails("create", "--no-such-option", "greet", code=109)
    assert "--no-such-option" in done.err


def test_a_misspelt_option_gets_a_suggestion(mm) -> None:
    assert "--override-channels" in mm.fails("create", "--overide-channels", code=109).err


def test_an_unknown_command_is_refused_with_its_code(mm) -> None:
    done = mm.fails("frobnicate", code=109)
    assert "frobnicate" in done.err


def test_a_damaged_record_of_an_environment_is_named(mm, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet")
    record = next((mm.env("e") / "conda-meta").glob("greet-2.0*.json"))
    record.write_text("{")
    done = mm.fails("install", "-y", "-n", "e", "-c", small_channel, "greet=1.0")
    assert record.name in done.err


def test_a_file_in_the_way_of_a_package_is_reported_before_anything_changes(
    mm, small_channel
) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet-language")
    (mm.env("e") / "bin").write_text("a file where a folder should be")
    before = tree(mm.env("e"))
    mm.fails("install", "-y", "-n", "e", "-c", small_channel, "greet")
    assert tree(mm.env("e")) == before
    assert mm.records("e").keys() == {"greet-language"}
