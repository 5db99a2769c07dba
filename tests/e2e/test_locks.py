"""Locks: made for several platforms, read by their own tools, installed bit for bit."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml
from harness import Micromamba

FORMATS = {"conda-lock": "conda-lock.yml", "pixi": "pixi.lock", "explicit": "explicit.txt"}


@pytest.fixture
def channel(small_channel: Path) -> str:
    return str(small_channel)


def record(name: str, version: str, *depends: str, subdir: str = "noarch") -> dict[str, Any]:
    digest = hashlib.sha256(f"{name}-{version}-{subdir}".encode()).hexdigest()
    return {
        "name": name, "version": version, "build": "0", "build_number": 0,
        "depends": list(depends), "subdir": subdir, "size": 10,
        "sha256": digest, "md5": digest[:32],
    }  # fmt: skip


@pytest.fixture
def world_channel(tmp_path: Path) -> Path:
    """A channel of four platforms whose archives nobody will fetch."""
    folder = tmp_path / "world"
    records = [
        record("app", "1.0", "core >=1", "data"),
        record("app", "2.0", "core >=2", "data"),
        record("data", "1.0"),
        record("data", "1.1"),
        record("tool", "1.0", "data"),
        record("core", "2.0", "__glibc >=2.17", subdir="linux-64"),
        record("core", "1.5", "__glibc >=2.17", subdir="linux-64"),
        record("core", "2.0", "__osx >=11.0", subdir="osx-arm64"),
        record("core", "1.0", "__win", subdir="win-64"),
        record("gpu", "1.0", "__cuda >=12", subdir="linux-64"),
        record("native", "1.0", subdir="linux-64"),
        record("native", "2.0", subdir="osx-arm64"),
    ]
    for subdir in ("noarch", "linux-64", "osx-arm64", "win-64"):
        (folder / subdir).mkdir(parents=True)
        chosen = {
            f"{r['name']}-{r['version']}-0.conda": r for r in records if r["subdir"] == subdir
        }
        data = {"info": {"subdir": subdir}, "packages": {}, "packages.conda": chosen}
        (folder / subdir / "repodata.json").write_text(json.dumps(data))
    return folder


ALL = ("--platform", "linux-64", "--platform", "osx-arm64", "--platform", "win-64")


def identity(mm: Micromamba, name: str) -> dict[str, tuple[str, str, str]]:
    return {n: (r["version"], r["build"], r["sha256"]) for n, r in mm.records(name).items()}


# -- made and installed again


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_locked_is_created_bit_for_bit(mm: Micromamba, channel: str, form: str) -> None:
    mm("create", "-y", "-n", "one", "-c", channel, "greet=1.0")
    mm("env", "lock", "-c", channel, "greet=1.0", "--format", form, "-o", FORMATS[form])
    mm("create", "-y", "-n", "two", "-f", FORMATS[form])
    assert identity(mm, "two") == identity(mm, "one")
    assert len(identity(mm, "two")) == 3


@pytest.mark.parametrize("form", FORMATS)
def test_an_environment_is_locked_as_it_is(mm: Micromamba, channel: str, form: str) -> None:
    mm("create", "-y", "-n", "one", "-c", channel, "greet=1.0")
    mm("env", "lock", "-n", "one", "--format", form, "-o", FORMATS[form])
    mm("create", "-y", "-n", "two", "-f", FORMATS[form])
    assert identity(mm, "two") == identity(mm, "one")


def test_a_lock_is_installed_without_metadata_and_in_order(mm, small_channel, serve) -> None:
    server = serve(small_channel)
    mm("env", "lock", "-c", server.url, "greet", "-o", "conda-lock.yml")
    before = len(server.requests())
    document = mm("create", "-y", "-n", "e", "-f", "conda-lock.yml", "--json").json()
    assert all("repodata" not in r["path"] for r in server.requests()[before:])
    linked = [package["name"] for package in document["actions"]["LINK"]]
    assert linked == ["greet-language", "greet-phrases", "greet"]
    assert document["success"] is True


def test_the_real_environment_comes_back_from_every_format(real_channel, warm_mm) -> None:
    mm = warm_mm
    newest = {"CONDA_OVERRIDE_GLIBC": "2.36"}
    request = ("-c", real_channel.path, "--override-channels", "python=3.11", "numpy", "flask")
    mm("create", "-y", "-n", "one", "--no-pyc", *request)
    for form, file in FORMATS.items():
        mm("env", "lock", *request, "--format", form, "-o", file, **newest)
        mm("create", "-y", "-n", form, "--no-pyc", "-f", file)
        assert identity(mm, form) == identity(mm, "one"), form
        assert mm("run", "-n", form, "python", "-c", "import numpy, flask; print(1)").out == "1\n"


def test_the_same_request_gives_the_same_bytes(mm: Micromamba, world_channel: Path) -> None:
    words = ("-c", world_channel, "--override-channels")
    one = mm("env", "lock", *words, "app", "tool", *ALL, PYTHONHASHSEED="1").out
    backwards = ("--platform", "win-64", "--platform", "osx-arm64", "--platform", "linux-64")
    two = mm("env", "lock", *words, "tool", "app", *backwards, PYTHONHASHSEED="2").out
    assert one == two


def test_every_platform_is_solved_for_its_own_system(mm, world_channel) -> None:
    words = ("-c", world_channel, "--override-channels")
    document = mm("env", "lock", *words, "app", *ALL, "--json").json()
    versions = {
        platform: {p["name"]: p["version"] for p in packages}
        for platform, packages in document["packages"].items()
    }
    assert versions["linux-64"] == {"app": "2.0", "core": "2.0", "data": "1.1"}
    assert versions["osx-arm64"] == {"app": "2.0", "core": "2.0", "data": "1.1"}
    assert versions["win-64"] == {"app": "1.0", "core": "1.0", "data": "1.1"}
    assert "__glibc=2.28" in document["virtual_packages"]["linux-64"]
    assert "__osx=11.0" in document["virtual_packages"]["osx-arm64"]
    assert yaml.safe_load(document["content"])["metadata"]["platforms"] == [
        "linux-64",
        "osx-arm64",
        "win-64",
    ]


def test_packages_of_one_platform_are_none_of_the_others(mm, world_channel) -> None:
    words = ("env", "lock", "-c", world_channel, "--override-channels", "native")
    document = mm(*words, *ALL[:4], "--json").json()
    (linux,) = document["packages"]["linux-64"]
    (osx,) = document["packages"]["osx-arm64"]
    assert (linux["subdir"], linux["version"]) == ("linux-64", "1.0")
    assert (osx["subdir"], osx["version"]) == ("osx-arm64", "2.0")


def test_the_system_of_a_lock_is_assumed_and_can_be_told(mm, world_channel) -> None:
    words = ("env", "lock", "-c", world_channel, "--override-channels", "--platform", "linux-64")
    assert "linux-64: " in mm.fails(*words, "gpu").err
    assert "name: gpu" in mm(*words, "gpu", CONDA_OVERRIDE_CUDA="12.4").out
    assert 'version: "1.5"' not in mm(*words, "app").out
    assert "core" in mm.fails(*words, "core", CONDA_OVERRIDE_GLIBC="2.12").err


def test_a_lock_can_be_of_an_earlier_day(mm: Micromamba, world_channel: Path) -> None:
    index = world_channel / "noarch" / "repodata.json"
    data = json.loads(index.read_text())
    for fn, each in data["packages.conda"].items():
        each["timestamp"] = 1_600_000_000_000 if fn != "data-1.1-0.conda" else 1_700_000_000_000
    index.write_text(json.dumps(data))
    words = ("env", "lock", "-c", world_channel, "--override-channels", "data")
    assert "data-1.1-0" in mm(*words).out
    done = mm(*words, "--exclude-newer", "2021-01-01", "--json").json()
    assert "data-1.0-0" in done["content"]
    assert done["excluded"] == {"newer": 1, "undated": 0}


def test_an_environment_for_other_platforms_is_solved_anew(mm, channel, small_channel) -> None:
    mm("create", "-y", "-n", "one", "-c", channel, "greet=1.0")
    words = ("env", "lock", "-n", "one", "-c", channel, "--override-channels")
    document = mm(*words, "--platform", "osx-64", "--platform", "linux-64", "--json").json()
    assert document["platforms"] == ["linux-64", "osx-64"]
    (greet,) = [p for p in document["packages"]["osx-64"] if p["name"] == "greet"]
    assert greet["version"] == "1.0"


def test_categories_hold_what_their_specs_need(mm: Micromamba, world_channel: Path) -> None:
    (mm.home / "environment.yml").write_text(
        f"channels: [{world_channel}]\ndependencies: [app]\nplatforms: [linux-64, osx-arm64]\n"
    )
    (mm.home / "dev.yml").write_text("category: dev\ndependencies: [tool]\n")
    mm("env", "lock", "-f", "environment.yml", "-f", "dev.yml", "-o", "locks.yml")
    document = yaml.safe_load((mm.home / "locks.yml").read_text())
    found = {(p["name"], p["platform"], p["category"]) for p in document["package"]}
    for platform in ("linux-64", "osx-arm64"):
        assert {(n, c) for n, p, c in found if p == platform} == {
            ("app", "main"),
            ("core", "main"),
            ("data", "main"),
            ("data", "dev"),
            ("tool", "dev"),
        }
    assert document["metadata"]["sources"] == ["environment.yml", "dev.yml"]
    plan = ("create", "-n", "e", "-f", "locks.yml", "--dry-run", "--json")
    linked = mm(*plan, "--category", "dev", CONDA_SUBDIR="linux-64").json()["actions"]["LINK"]
    assert {p["name"] for p in linked} == {"data", "tool"}
    both = mm(*plan, "--category", "dev", "main", CONDA_SUBDIR="osx-arm64").json()
    assert {p["name"] for p in both["actions"]["LINK"]} == {"app", "core", "data", "tool"}


@pytest.mark.parametrize("form", FORMATS)
def test_an_update_keeps_the_rest(mm: Micromamba, world_channel: Path, form: str) -> None:
    words = ("-c", world_channel, "--override-channels", "--format", form, "-o", FORMATS[form])
    platform = ("--platform", "linux-64")
    mm("env", "lock", *words, *platform, "app=1.0", "data=1.0")
    text = (mm.home / FORMATS[form]).read_text()
    mm("env", "lock", *words, *platform, "app", "--update", "app")
    updated = (mm.home / FORMATS[form]).read_text()
    assert "app-2.0-0" in updated
    assert "data-1.0-0" in updated, "what is not named stays"
    assert "app-1.0-0" in text
    done = mm.fails("env", "lock", *words, *platform, "app", "--update", "nobody")
    assert "nobody is not in the lock" in done.err


def test_what_nobody_asks_for_any_more_leaves_the_lock(mm, world_channel: Path) -> None:
    words = ("env", "lock", "-c", world_channel, "--override-channels", "-o", "conda-lock.yml")
    mm(*words, "--platform", "linux-64", "app=1.0", "tool")
    mm(*words, "--platform", "linux-64", "tool", "--update", "tool")
    text = (mm.home / "conda-lock.yml").read_text()
    assert "name: tool" in text
    assert "name: data" in text
    assert "name: app" not in text
    assert "name: core" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_a_package_that_was_withdrawn_stays_locked(mm, world_channel: Path, form: str) -> None:
    words = ("-c", world_channel, "--override-channels", "--format", form, "-o", FORMATS[form])
    asked = ("env", "lock", *words, "--platform", "linux-64", "app", "tool")
    mm(*asked)
    before = (mm.home / FORMATS[form]).read_text()
    index = world_channel / "noarch" / "repodata.json"
    data = json.loads(index.read_text())
    del data["packages.conda"]["app-2.0-0.conda"]
    index.write_text(json.dumps(data))
    if form == "explicit":
        done = mm.fails(*asked, "--update", "tool")
        assert "app-2.0-0 has gone from the channels" in done.err
        assert "--update app" in done.err
    else:
        mm(*asked, "--update", "tool")
        assert "app-2.0-0" in (mm.home / FORMATS[form]).read_text()
        assert "app-2.0-0" in before
    mm(*asked, "--update", "app")
    assert "app-1.0-0" in (mm.home / FORMATS[form]).read_text()


def test_a_lock_is_checked_against_its_request(mm: Micromamba, world_channel: Path) -> None:
    words = ("env", "lock", "-c", world_channel, "--override-channels", "-o", "conda-lock.yml")
    mm(*words, "app", "data=1.0", *ALL)
    before = (mm.home / "conda-lock.yml").read_bytes()
    mm(*words, "app", "data=1.0", *ALL, "--check")
    mm(*words, "app", "data", *ALL, "--check")  # satisfied as well: nothing need change
    done = mm.fails(*words, "app", "data=1.1", *ALL, "--check")
    assert "does not fit" in done.err
    assert (mm.home / "conda-lock.yml").read_bytes() == before


def test_a_dry_run_writes_nothing(mm: Micromamba, world_channel: Path) -> None:
    words = ("env", "lock", "-c", world_channel, "--override-channels", "app", *ALL[:2])
    document = mm(*words, "-o", "conda-lock.yml", "--dry-run", "--json").json()
    assert document["dry_run"] is True
    assert len(document["packages"]["linux-64"]) == 3
    assert not (mm.home / "conda-lock.yml").exists()


def test_explicit_files_are_written_one_a_platform(mm: Micromamba, world_channel: Path) -> None:
    words = ("env", "lock", "-c", world_channel, "--override-channels", "app", *ALL)
    done = mm.fails(*words, "--format", "explicit", "-o", "all.txt")
    assert "{platform}" in done.err
    mm(*words, "--format", "explicit", "-o", "x-{platform}.txt")
    text = (mm.home / "x-osx-arm64.txt").read_text()
    assert text.splitlines()[:2] == ["# platform: osx-arm64", "@EXPLICIT"]
    assert "/osx-arm64/core-2.0-0.conda#sha256:" in text
    assert "linux" not in text.replace(str(world_channel), "")


def test_what_cannot_be_locked_is_said(mm: Micromamba, world_channel: Path, channel: str) -> None:
    (mm.home / "pip.yml").write_text(
        f"channels: [{world_channel}]\ndependencies: [data, pip: [x]]\n"
    )
    assert "--no-pip" in mm.fails("env", "lock", "-f", "pip.yml").err
    assert "name: data" in mm("env", "lock", "-f", "pip.yml", "--no-pip", "--override-channels").out
    assert "two things" in mm.fails("env", "lock", "-n", "e", "data").err
    assert "'noarch'" in mm.fails("env", "lock", "data", "--platform", "noarch").err
    words = ("env", "lock", "-c", channel, "greet", "-o", "lock.yml")
    mm(*words)
    assert "nothing to solve" in mm.fails("env", "lock", "-f", "lock.yml").err
    assert "-o FILE" in mm.fails(*words[:-2], "--update", "greet").err
    assert "file not found" in mm.fails(*words[:-1], "none.yml", "--update", "greet").err
    assert "no folder" in mm.fails(*words[:-1], "none/lock.yml").err


def test_secrets_stay_out_of_locks(mm: Micromamba, small_channel, serve) -> None:
    server = serve(small_channel)
    url = server.url.replace("://", "://user:hunter2@")
    for form in FORMATS:
        words = ("env", "lock", "-c", url, "--override-channels", "greet", "--format", form)
        done = mm.run(*words)
        assert done.code == 0, str(done)
        assert "hunter2" not in done.out + done.err
        assert "greet-2.0-demo_0.conda" in done.out


@pytest.mark.parametrize("form", FORMATS)
def test_credentials_of_a_lock_reach_the_server_and_nothing_else(
    mm: Micromamba, small_channel, serve, form: str
) -> None:
    server = serve(small_channel, auth="token:hunter2")
    channel = f"{server.url}/t/hunter2"
    file = FORMATS[form]
    mm("env", "lock", "-c", channel, "--override-channels", "greet", "--format", form, "-o", file)
    text = (mm.home / file).read_text()
    assert "hunter2" not in text
    mm.fails("create", "-y", "-n", "e", "-f", file)
    secret = "$SECRET" if form == "conda-lock" else "hunter2"
    text = text.replace(server.url, f"{server.url}/t/{secret}")
    (mm.home / file).write_text(text.replace("used_env_vars: []", "used_env_vars: [SECRET]"))
    if form == "conda-lock":
        assert "SECRET" in mm.fails("create", "-y", "-n", "e", "-f", file).err
    done = mm("create", "-y", "-n", "e", "-f", file, SECRET="hunter2")
    assert len(mm.records("e")) == 3
    assert "hunter2" not in done.out + done.err
    for path in (*mm.root.rglob("*.json"), *mm.root.rglob("history"), *mm.root.rglob("urls*")):
        assert "hunter2" not in path.read_text(errors="replace"), path


# -- judged by the tools whose formats they are


def test_rattler_reads_the_pixi_lock(mm: Micromamba, world_channel: Path, channel: str) -> None:
    lock_file = pytest.importorskip("rattler.lock").LockFile
    words = ("env", "lock", "-c", world_channel, "-c", channel, "--override-channels")
    document = mm(*words, "app", "greet", *ALL, "--format", "pixi", "--json").json()
    (mm.home / "pixi.lock").write_text(document["content"])
    environment = lock_file.from_path(mm.home / "pixi.lock").default_environment()
    assert environment is not None
    found = {
        str(platform.name): {
            (
                r.name.normalized,
                str(r.version),
                str(r.build),
                r.build_number,
                r.sha256.hex(),
                r.subdir,
            )
            for r in environment.conda_repodata_records_for_platform(platform)
        }
        for platform in environment.platforms()
    }
    keys = ("name", "version", "build", "build_number", "sha256", "subdir")
    assert found == {
        platform: {tuple(p[key] for key in keys) for p in packages}
        for platform, packages in document["packages"].items()
    }


CONDA_LOCK_KEYS = {
    "": {"version", "metadata", "package"},
    "metadata": {"content_hash", "channels", "platforms", "sources", "custom_metadata"},
    "package": {
        "name", "version", "manager", "platform", "dependencies", "url", "hash", "category",
        "optional",
    },
}  # fmt: skip
"""The keys of CEP 37; conda-lock refuses others."""


def test_the_conda_lock_is_as_cep_37_has_it(mm: Micromamba, world_channel: Path) -> None:
    text = mm("env", "lock", "-c", world_channel, "--override-channels", "app", *ALL).out
    document = yaml.safe_load(text)
    assert set(document) == CONDA_LOCK_KEYS[""]
    metadata = document["metadata"]
    assert set(metadata) == CONDA_LOCK_KEYS["metadata"]
    assert document["version"] == 1
    assert metadata["platforms"] == list(metadata["content_hash"])
    assert all(re.fullmatch("[0-9a-f]{64}", h) for h in metadata["content_hash"].values())
    assert metadata["channels"] == [{"url": world_channel.as_uri(), "used_env_vars": []}]
    assert metadata["sources"]
    assert all(isinstance(v, str) for v in metadata["custom_metadata"].values())
    keys = set()
    for package in document["package"]:
        assert set(package) == CONDA_LOCK_KEYS["package"]
        assert set(package["hash"]) == {"md5", "sha256"}
        assert package["platform"] in metadata["platforms"]
        assert isinstance(package["version"], str)
        assert all(isinstance(v, str) for v in package["dependencies"].values())
        keys.add((package["name"], package["manager"], package["platform"], package["category"]))
    assert len(keys) == len(document["package"])


def test_a_pixi_lock_that_rattler_has_rewritten_is_read(mm: Micromamba, channel: str) -> None:
    """py-rattler writes a later version of the format than we do."""
    lock_file = pytest.importorskip("rattler.lock").LockFile
    mm("env", "lock", "-c", channel, "--override-channels", "greet", "-o", "pixi.lock",
       "--format", "pixi", "--platform", "linux-64")  # fmt: skip
    lock_file.from_path(mm.home / "pixi.lock").to_path(mm.home / "rewritten")
    text = (mm.home / "rewritten").read_text()
    assert "version: 6" not in text
    linux = {"CONDA_SUBDIR": "linux-64"}
    mm("create", "-y", "-n", "one", "-f", "pixi.lock", **linux)
    mm("create", "-y", "-n", "two", "-f", "rewritten", **linux)
    assert identity(mm, "two") == identity(mm, "one")
    assert len(identity(mm, "two")) == 3


# -- locks of other tools


CONDA_LOCK = """\
version: 1
metadata:
  content_hash: {{linux-64: {zeros}}}
  channels: [{{url: c, used_env_vars: []}}]
  platforms: [linux-64]
  sources: [environment.yml]
package:
- name: greet-language
  version: 1.0
  manager: conda
  platform: linux-64
  dependencies: {{}}
  url: {url}/noarch/greet-language-1.0-demo_0.conda
  hash: {{md5: {md5}}}
  category: main
  optional: false
"""


def conda_lock(mm: Micromamba, small_channel: Path, **changed: str) -> Path:
    archive = small_channel / "noarch" / "greet-language-1.0-demo_0.conda"
    facts = {
        "url": small_channel.as_uri(),
        "md5": hashlib.md5(archive.read_bytes()).hexdigest(),
        "zeros": "0" * 64,
    }
    path = mm.home / "anything.txt"
    path.write_text(CONDA_LOCK.format(**facts | changed))
    return path


def test_a_lock_is_known_by_its_content(mm: Micromamba, small_channel: Path) -> None:
    mm("create", "-y", "-n", "e", "-f", conda_lock(mm, small_channel), CONDA_SUBDIR="linux-64")
    assert mm.records("e").keys() == {"greet-language"}


def test_a_lock_comes_from_a_server_too(mm: Micromamba, small_channel: Path, serve) -> None:
    conda_lock(mm, small_channel)
    server = serve(mm.home)
    mm("create", "-y", "-n", "e", "-f", f"{server.url}/anything.txt", CONDA_SUBDIR="linux-64")
    assert mm.records("e").keys() == {"greet-language"}
    done = mm.fails("create", "-y", "-n", "f", "-f", f"{server.url}/nothing.yml")
    assert f"{server.url}/nothing.yml" in done.err


def test_a_wrong_hash_in_a_lock_stops_everything(mm: Micromamba, small_channel: Path) -> None:
    path = conda_lock(mm, small_channel, md5="0" * 32)
    done = mm.fails("create", "-y", "-n", "e", "-f", path, CONDA_SUBDIR="linux-64")
    assert "greet-language" in done.err
    assert not mm.env("e").exists()


def test_a_lock_for_other_platforms_says_for_which(mm: Micromamba, small_channel: Path) -> None:
    path = conda_lock(mm, small_channel)
    done = mm.fails("create", "-y", "-n", "e", "-f", path, "--platform", "osx-arm64")
    assert "locks nothing for osx-arm64, only for linux-64" in done.err
    done = mm.fails(
        "create", "-y", "-n", "e", "-f", path, "--category", "dev", CONDA_SUBDIR="linux-64"
    )
    assert "no category 'dev', only main" in done.err


def test_a_lock_and_specs_do_not_mix(mm: Micromamba, small_channel: Path) -> None:
    path = conda_lock(mm, small_channel)
    done = mm.fails("create", "-y", "-n", "e", "-f", path, "greet", CONDA_SUBDIR="linux-64")
    assert "cannot be mixed" in done.err


PIXI_ENVIRONMENTS = """\
version: 5
environments:
{environments}
packages:
- kind: conda
  name: greet-language
  version: 1.0
  build: demo_0
  subdir: noarch
  url: {url}/noarch/greet-language-1.0-demo_0.conda
  sha256: {sha256}
  depends: []
"""


def pixi_lock(mm: Micromamba, small_channel: Path, *environments: str) -> Path:
    archive = small_channel / "noarch" / "greet-language-1.0-demo_0.conda"
    url = small_channel.as_uri()
    block = "".join(
        f"  {name}:\n    channels: [{{url: {url}/}}]\n    packages:\n      linux-64:\n"
        f"      - conda: {url}/noarch/greet-language-1.0-demo_0.conda\n"
        for name in environments
    )
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    path = mm.home / "pixi.lock"
    path.write_text(PIXI_ENVIRONMENTS.format(environments=block, url=url, sha256=digest))
    return path


def test_environments_of_a_pixi_lock_are_chosen_by_name(mm, small_channel) -> None:
    path = pixi_lock(mm, small_channel, "lint", "test")
    linux = {"CONDA_SUBDIR": "linux-64"}
    done = mm.fails("create", "-y", "-n", "e", "-f", path, **linux)
    assert "several environments: lint, test" in done.err
    assert "--environment" in done.err
    done = mm.fails("create", "-y", "-n", "e", "-f", path, "--environment", "docs", **linux)
    assert "no environment 'docs', only lint, test" in done.err
    mm("create", "-y", "-n", "e", "-f", path, "--environment", "lint", **linux)
    assert mm.records("e").keys() == {"greet-language"}
    done = mm.fails("create", "-y", "-n", "f", "-f", path, "--category", "main", **linux)
    assert "use --environment" in done.err


def test_a_mambajs_lock_is_installed(mm: Micromamba, small_channel: Path) -> None:
    fn = "greet-language-1.0-demo_0.conda"
    digest = hashlib.sha256((small_channel / "noarch" / fn).read_bytes()).hexdigest()
    url = small_channel.as_uri()
    package = {
        "name": "greet-language", "version": "1.0", "build": "demo_0", "subdir": "noarch",
        "channel": "demo", "hash": {"sha256": digest},
    }  # fmt: skip
    document = {
        "lockVersion": "1.0.3", "platform": "linux-64", "channels": ["demo"],
        "channelInfo": {"demo": [{"url": url, "protocol": "https"}]},
        "packages": {fn: package}, "pipPackages": {},
    }  # fmt: skip
    (mm.home / "lock.json").write_text(json.dumps(document))
    mm("create", "-y", "-n", "e", "-f", "lock.json", CONDA_SUBDIR="linux-64")
    assert mm.records("e")["greet-language"]["sha256"] == digest


# -- the part for pip


UV = '#!/bin/sh\necho "uv $*" > @PREFIX@/uv-was-called\nwhile [ "$1" != -r ]; do shift; done\n'
UV += 'cat "$2" >> @PREFIX@/uv-was-called\n'


@pytest.fixture
def tools(build_channel) -> str:
    facts: dict[str, Any] = {
        "uv-1.0": {"files": {"bin/uv": UV}},
        "pip-1.0": {},
        "python-3.0": {"files": {"bin/python": UV.replace("uv", "pip")}},
    }
    return str(build_channel("tools", facts))


@pytest.mark.parametrize(
    ("dependencies", "options", "tool"),
    [
        ("[python, pip: [x==1]]", [], "pip"),
        ("[python, uv, pip: [x==1]]", [], "uv"),
        ("[python, uv, pip, {pip: [x==1]}]", [], "uv"),
        ("[python, pip: [x==1]]", ["--use-uv"], "uv"),
    ],
)
def test_pip_or_uv(mm: Micromamba, tools: str, dependencies, options, tool) -> None:
    (mm.home / "environment.yml").write_text(f"channels: [{tools}]\ndependencies: {dependencies}\n")
    words = ("create", "-y", "-n", "e", "-f", "environment.yml", "--override-channels")
    mm(*words, *options)
    called = (mm.env("e") / f"{tool}-was-called").read_text()
    assert called.endswith("x==1\n")
    assert tool in mm.records("e")


def test_the_part_for_pip_is_planned_and_upgraded(mm: Micromamba, tools: str) -> None:
    (mm.home / "environment.yml").write_text(
        f"channels: [{tools}]\ndependencies: [python, pip: [x==1, -r more.txt]]\n"
    )
    words = ("-n", "e", "-f", "environment.yml", "--override-channels")
    mm("create", *words, "--dry-run", "-o", "plan.json")
    assert not mm.env("e").exists()
    mm("apply", "-y", "plan.json")
    called = mm.env("e") / "pip-was-called"
    assert called.read_text().endswith(f"x==1\n-r {mm.home}/more.txt\n")
    assert "--upgrade" not in called.read_text()
    mm("env", "update", "-y", "-n", "e", "-f", "environment.yml")
    assert "--upgrade" in called.read_text()


def wheel(folder: Path) -> tuple[Path, str]:
    """A wheel of one module, and its sha256."""
    path = folder / "x_demo-1-py3-none-any.whl"
    metadata = "Metadata-Version: 2.1\nName: x-demo\nVersion: 1\n"
    kind = "Wheel-Version: 1.0\nGenerator: t\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x_demo.py", "VALUE = 7\n")
        archive.writestr("x_demo-1.dist-info/METADATA", metadata)
        archive.writestr("x_demo-1.dist-info/WHEEL", kind)
        archive.writestr("x_demo-1.dist-info/RECORD", "")
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def test_pip_installs_what_files_and_locks_leave_to_it(real_channel, warm_mm) -> None:
    mm = warm_mm
    path, digest = wheel(mm.home)
    offline = {"PIP_NO_INDEX": "1", "CONDA_OVERRIDE_GLIBC": "2.36"}
    channel = f"channels: [{real_channel.path}, nodefaults]\n"
    environment = mm.home / "project" / "environment.yml"
    environment.parent.mkdir()
    path.rename(environment.parent / path.name)
    path = environment.parent / path.name
    environment.write_text(f"{channel}dependencies: [python=3.11, pip: [./{path.name}]]\n")
    mm("create", "-y", "-n", "one", "-f", environment, **offline)
    show = ("python", "-c", "import x_demo; print(x_demo.VALUE)")
    assert mm("run", "-n", "one", *show).out == "7\n", "paths start at the file's folder"
    words = ("env", "lock", "-f", environment, "--no-pip", "-o", "lock.yml")
    mm(*words, **offline)
    document = yaml.safe_load((mm.home / "lock.yml").read_text())
    entry = {
        "name": "x-demo", "version": "1", "manager": "pip", "platform": "linux-64",
        "dependencies": {}, "url": path.as_uri(), "hash": {"sha256": digest},
        "category": "main", "optional": False,
    }  # fmt: skip
    for name, sha256 in (("good", digest), ("bad", "0" * 64)):
        entry["hash"] = {"sha256": sha256}
        locked = {**document, "package": [*document["package"], entry]}
        (mm.home / f"{name}.yml").write_text(yaml.safe_dump(locked))
    mm("create", "-y", "-n", "good", "-f", "good.yml", **offline)
    assert mm("run", "-n", "good", *show).out == "7\n"
    done = mm.fails("create", "-y", "-n", "bad", "-f", "bad.yml", **offline)
    assert "pip failed to install packages" in done.err
    assert "x-demo" in done.err
    assert mm.run("run", "-n", "bad", *show).code != 0


def test_packages_for_pip_in_a_lock_are_installed_by_their_hashes(mm, tools) -> None:
    mm("env", "lock", "-c", tools, "--override-channels", "python", "uv", "-o", "lock.yml")
    entry = {
        "name": "x", "version": "1", "manager": "pip", "platform": "linux-64",
        "dependencies": {}, "url": "https://h/x-1-py3-none-any.whl",
        "hash": {"sha256": "a" * 64}, "category": "main", "optional": False,
    }  # fmt: skip
    document = yaml.safe_load((mm.home / "lock.yml").read_text())
    document["package"].append(entry)
    (mm.home / "lock.yml").write_text(yaml.safe_dump(document))
    mm("create", "-y", "-n", "e", "-f", "lock.yml", CONDA_SUBDIR="linux-64")
    called = (mm.env("e") / "uv-was-called").read_text()
    assert "--no-deps" in called
    assert called.endswith(f"x @ https://h/x-1-py3-none-any.whl --hash=sha256:{'a' * 64}\n")
