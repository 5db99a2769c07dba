"""Lock files: what is read of each format, what is refused, and that writing is its inverse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from mm_cli.specfiles import SpecFile, SpecFileError, parse_spec_file
from mm_cli.specfiles.conda_lock import conda_lock_text
from mm_cli.specfiles.lock import Lock
from mm_cli.specfiles.lock_content import LockContent
from mm_cli.specfiles.pixi_lock import pixi_lock_text
from mm_cli.specfiles.source import SpecText
from mm_cli.specfiles.text import explicit_text
from mm_cli.specfiles.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode, read_yaml
from mm_cli.specfiles.yaml_output import yaml_text
from mm_pkg.record import RepodataRecord

MD5, SHA = "0" * 32, "a" * 64


def parse(text: str, name: str = "some.lock") -> SpecFile:
    return parse_spec_file(SpecText(text, name, name, Path("/here")))


def lock_of(text: str) -> Lock:
    lock = parse(text).lock
    assert lock is not None
    return lock


CONDA_LOCK: dict[str, Any] = {
    "version": 1,
    "metadata": {
        "content_hash": {"linux-64": SHA, "win-64": SHA},
        "channels": [{"url": "https://h/c", "used_env_vars": []}, "short"],
        "platforms": ["linux-64", "win-64"],
        "sources": ["environment.yml"],
        "time_metadata": {"created_at": "2026-01-01T00:00:00Z"},
    },
    "package": [
        {
            "name": "b", "version": "1", "manager": "conda", "platform": "linux-64",
            "dependencies": {"a": ">=1", "__glibc": ""},
            "url": "https://h/c/linux-64/b-1-h0_0.conda", "hash": {"md5": MD5, "sha256": SHA},
            "category": "main", "optional": False,
        },
        {
            "name": "a", "version": "2.10", "manager": "conda", "platform": "linux-64",
            "url": "https://h/c/noarch/a-2.10-0.tar.bz2", "hash": {"md5": MD5},
            "optional": False, "constrains": {"z": "1"},
        },
        {
            "name": "a", "version": "2.10", "manager": "conda", "platform": "linux-64",
            "url": "https://h/c/noarch/a-2.10-0.tar.bz2", "hash": {"md5": MD5},
            "category": "dev", "optional": True,
        },
        {
            "name": "pip-only", "version": "3", "manager": "pip", "platform": "linux-64",
            "url": "https://h/p-3.whl", "hash": {"sha256": SHA}, "category": "dev",
            "optional": True,
        },
    ],
}  # fmt: skip


def test_conda_locks_are_read() -> None:
    lock = lock_of(yaml.safe_dump(CONDA_LOCK))
    assert (lock.form, lock.platforms) == ("conda-lock", ("linux-64", "win-64"))
    assert set(lock.groups) == {"main", "dev"}
    assert lock.channels == ("https://h/c", "short")
    records = lock.chosen("linux-64", ["main"])
    assert [r.dist for r in records] == ["a-2.10-0", "b-1-h0_0"], "what b needs comes first"
    assert (records[1].sha256, records[1].md5, records[1].subdir) == (SHA, MD5, "linux-64")
    assert set(records[1].depends) == {"a >=1", "__glibc"}
    assert all(r.stub for r in records)
    assert len(lock.chosen("linux-64", ["main", "dev"])) == 2, "one package, two categories"
    assert lock.chosen("win-64", ["main"]) == ()
    assert lock.required("linux-64", ["main"]) == ()
    (pip,) = lock.required("linux-64", ["dev"])
    assert pip.requirement == f"pip-only @ https://h/p-3.whl --hash=sha256:{SHA}"


def test_versions_that_look_like_numbers_stay_as_they_are_written() -> None:
    text = (
        yaml.safe_dump(CONDA_LOCK).replace("'2.10'", "2.10").replace("version: '1'", "version: 1")
    )
    assert "version: 2.10" in text
    assert [r.version for r in lock_of(text).chosen("linux-64", ["main"])] == ["2.10", "1"]


def change(path: str, value: Any) -> str:
    """The lock above with the value at *path* (``package.0.url``) replaced; None deletes it."""
    document = json.loads(json.dumps(CONDA_LOCK))
    *parents, last = path.split(".")
    where: Any = document
    for key in parents:
        where = where[int(key) if isinstance(where, list) else key]
    key = int(last) if isinstance(where, list) else last
    if value is None:
        del where[key]
    else:
        where[key] = value
    return yaml.safe_dump(document, sort_keys=False)


def test_only_variables_that_a_channel_needs_are_expanded(monkeypatch: Any) -> None:
    monkeypatch.setenv("TOKEN", "t-1")
    monkeypatch.setenv("OTHER", "secret")
    url = "https://h/t/${TOKEN}/$OTHER/linux-64/b-1-h0_0.conda"
    text = change("package.0.url", url).replace("used_env_vars: []", "used_env_vars: [TOKEN]")
    b = lock_of(text).chosen("linux-64", ["main"])[-1]
    assert b.url == "https://h/t/t-1/$OTHER/linux-64/b-1-h0_0.conda"
    monkeypatch.delenv("TOKEN")
    with pytest.raises(SpecFileError, match=r"some\.lock:\d+: .* variable TOKEN"):
        parse(text)


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("version", 2, "conda-lock version 2 is not known"),
        ("metadata.platforms", None, "no 'platforms'"),
        ("metadata.content_hash", None, "no 'content_hash'"),
        ("metadata", [1], "'metadata' of the lock file is a list"),
        ("package", "x", "'package' of the lock file is a text"),
        ("package.0.name", None, "a package has no 'name'"),
        ("package.0.name", "c", "the package c 1 has the URL of b-1-h0_0"),
        ("package.0.version", "2", "the package b 2 has the URL of b-1-h0_0"),
        ("package.0.url", None, "the package b has no 'url'"),
        ("package.0.url", "https://h/c/noarch/b.zip", "is not the name of a .conda"),
        ("package.0.url", "https://h/c/noarch/b.conda", "not of the form name-version-build"),
        ("package.0.hash", {}, "neither an md5 nor a sha256"),
        ("package.0.hash", None, "no 'hash'"),
        ("package.0.hash.sha256", "beef", "is no sha256"),
        ("package.0.platform", "osx-64", "not among 'platforms'"),
        ("package.0.manager", "npm", "not conda or pip"),
        ("package.0.dependencies", ["a"], "'dependencies' of the package b is a list"),
        ("package.0", "b", "a package is a text"),
        ("package.3.name", "x\n--index-url=https://evil", "not the name of a PyPI package"),
        ("package.3.name", "-r", "not the name of a PyPI package"),
        ("package.3.url", "https://h/p.whl\n-r other", "no usable URL"),
        ("package.3.url", "https://h/p.whl --no-verify", "no usable URL"),
        ("package.3.url", "https://h/p.whl#sha256=beef", "no usable URL"),
        ("package.3.hash", {}, "has no hash"),
    ],
)
def test_bad_conda_locks_are_explained(path: str, value: Any, named: str) -> None:
    with pytest.raises(SpecFileError) as caught:
        parse(change(path, value))
    assert named in caught.value.message
    assert re.match(r"some\.lock:\d+: ", caught.value.message)
    assert caught.value.hint


PIXI_HEAD = """\
environments:
  default:
    channels: [{url: "https://h/c/"}]
    indexes: ["https://pypi.org/simple"]
    packages:
      linux-64:
      - conda: https://h/c/linux-64/b-1.0-h0_3.conda
      - conda: https://h/c/noarch/a-2-py_0.conda
      - pypi: https://h/x-1-py3-none-any.whl
      osx-arm64:
      - conda: https://h/c/noarch/a-2-py_0.conda
  empty:
    channels: []
    packages: {}
"""

OLD_PACKAGES = f"""\
packages:
- kind: conda
  name: b
  version: 1.0
  build: h0_3
  build_number: 7
  subdir: linux-64
  url: https://h/c/linux-64/b-1.0-h0_3.conda
  sha256: {SHA}
  md5: {MD5}
  depends: [a >=1]
  timestamp: 1700000000000
- kind: conda
  name: a
  version: "2"
  build: py_0
  subdir: noarch
  noarch: generic
  url: https://h/c/noarch/a-2-py_0.conda
  md5: {MD5}
- kind: pypi
  name: x
  version: "1"
  url: https://h/x-1-py3-none-any.whl
  sha256: {SHA}
"""

NEW_PACKAGES = f"""\
packages:
- conda: https://h/c/linux-64/b-1.0-h0_3.conda
  build_number: 7
  sha256: {SHA}
  md5: {MD5}
  depends: [a >=1]
  timestamp: 1700000000000
  purls: []
- conda: https://h/c/noarch/a-2-py_0.conda
  noarch: generic
  md5: {MD5}
- pypi: https://h/x-1-py3-none-any.whl
  name: x
  version: "1"
  sha256: {SHA}
"""


@pytest.mark.parametrize(
    "text",
    [
        f"version: 4\n{PIXI_HEAD}{OLD_PACKAGES}",
        f"version: 5\n{PIXI_HEAD}{OLD_PACKAGES}",
        f"version: 6\n{PIXI_HEAD}{NEW_PACKAGES}",
        f"version: 7\nplatforms: [{{name: linux-64}}, {{name: osx-arm64}}]\n"
        f"{PIXI_HEAD}{NEW_PACKAGES}",
        f"version: 7\nplatforms: [{{name: tiny, subdir: linux-64}}, {{name: osx-arm64}}]\n"
        f"{PIXI_HEAD.replace('      linux-64:', '      tiny:')}{NEW_PACKAGES}",
    ],
    ids=["v4", "v5", "v6", "v7", "v7 named platform"],
)
def test_pixi_locks_are_read(text: str) -> None:
    lock = lock_of(text)
    assert (lock.form, lock.groups) == ("pixi", ("default", "empty"))
    assert lock.platforms == ("linux-64", "osx-arm64")
    a, b = lock.chosen("linux-64", ["default"])
    assert (b.name, b.version, b.build, b.build_number) == ("b", "1.0", "h0_3", 7)
    assert (b.sha256, b.md5, b.depends, b.timestamp) == (SHA, MD5, ("a >=1",), 1700000000000)
    assert (b.channel, b.subdir, b.fn) == ("https://h/c", "linux-64", "b-1.0-h0_3.conda")
    assert (a.name, a.noarch, a.build_number, a.stub) == ("a", "generic", 0, False)
    assert lock.chosen("osx-arm64", ["default"]) == (a,)
    (x,) = lock.required("linux-64", ["default"])
    assert (x.name, x.url, x.sha256) == ("x", "https://h/x-1-py3-none-any.whl", SHA)
    assert lock.required("osx-arm64", ["default"]) == ()


V6 = f"version: 6\n{PIXI_HEAD}{NEW_PACKAGES}"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("version: 6", "version: 8", "version 8 is too new: known are 4, 5, 6, 7"),
        ("version: 6", "version: 3", "version 3 is too old"),
        ("version: 6", "version: x", "version x is too old"),
        ("- conda: https://h/c/linux-64/b-1.0-h0_3.conda\n  b", "- conda: https://h/y\n  b",
         "b-1.0-h0_3.conda is not among 'packages'"),
        ("      - conda: https://h/c/linux-64/b-1.0", "      - conda: ../b-1.0",
         "is not among 'packages'"),
        ("- conda: https://h/c/linux-64/b-1.0-h0_3.conda\n      -",
         "- conda: ../source\n      -", "../source is to be built from source"),
        ("- conda: https://h/c/linux-64/b-1.0-h0_3.conda\n      -",
         "- conda_source: b[12] @ .\n      -", "is to be built from source"),
        (f"version: \"1\"\n  sha256: {SHA}", 'version: "1"', "has no hash"),
        (f"generic\n  md5: {MD5}", "generic", "neither an md5 nor a sha256"),
        ("build_number: 7", "build_number: x", "no whole number: x"),
        ("    packages:\n      linux-64:\n", "    packages: x\n    y:\n      linux-64:\n",
         "'packages' of 'default' of 'environments' of the lock file is a text"),
    ],
)  # fmt: skip
def test_bad_pixi_locks_are_explained(old: str, new: str, named: str) -> None:
    text = V6.replace(old, new)
    assert text != V6
    with pytest.raises(SpecFileError) as caught:
        parse(text)
    assert named in caught.value.message
    assert re.match(r"some\.lock:\d+: ", caught.value.message)
    assert caught.value.hint


def test_a_lock_of_no_environment_is_named(user, tmp_path: Path) -> None:
    (tmp_path / "pixi.lock").write_text("version: 6\nenvironments: {}\npackages: []\n")
    assert user.run("create", "-n", "e", "-f", str(tmp_path / "pixi.lock"), "-y") == 1
    assert "pixi.lock locks no environment" in user.err


def mambajs(**changed: Any) -> str:
    package = {
        "name": "a", "version": "1", "build": "0", "subdir": "noarch", "channel": "c",
        "hash": {"sha256": SHA},
    }  # fmt: skip
    pip = {"name": "x", "version": "1", "url": "https://h/x.whl", "hash": {"md5": MD5}}
    document = {
        "lockVersion": "1.0.1", "platform": "emscripten-wasm32", "channels": ["c"],
        "channelInfo": {"c": [{"url": "https://h/c/", "protocol": "https"}]},
        "packages": {"a-1-0.tar.bz2": package}, "pipPackages": {"x.whl": pip},
    }  # fmt: skip
    return json.dumps({k: v for k, v in (document | changed).items() if v is not None}, indent=1)


def test_mambajs_locks_are_read() -> None:
    lock = lock_of(mambajs())
    assert (lock.form, lock.platforms) == ("mambajs", ("emscripten-wasm32",))
    (a,) = lock.chosen("emscripten-wasm32", ["main"])
    assert (a.url, a.sha256) == ("https://h/c/noarch/a-1-0.tar.bz2", SHA)
    (x,) = lock.required("any-platform", ["main"])
    assert x.requirement == f"x @ https://h/x.whl#md5={MD5}"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"lockVersion": "2.0.0"}, "version 2.0.0 is not known"),
        ({"platform": None}, "no 'platform'"),
        ({"channels": ["d"]}, "name different channels"),
        ({"packages": {"a-1-0.conda": {"name": "a"}}}, "has no 'channel'"),
        ({"packages": [1]}, "is a list"),
    ],
)
def test_bad_mambajs_locks_are_explained(changed: dict[str, Any], named: str) -> None:
    with pytest.raises(SpecFileError, match=re.escape(named)) as caught:
        parse(mambajs(**changed))
    assert re.match(r"some\.lock:\d+: ", caught.value.message)


# -- writing


def plain(node: Node | None) -> Any:
    if node is None:
        return None
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, SequenceNode):
        return [plain(each) for each in node.items]
    assert isinstance(node, MappingNode)
    return {key: plain(each) for key, each in node.entries.items()}


printable = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), max_size=20)
texts = st.one_of(
    printable,
    st.sampled_from(["", "1.10", "true", "No", "~", "null", "1e3", "0x1", "a: b", "a #b", "- a",
                     "x >=1,<2", "https://h/a-1-0.conda#b", "!!x", "*a", "&a", "a:", " a", "a ",
                     "12:30", "2026-01-01", "@x", "`", "|", ">", "%a", "?", "[a", "{a", "é", "\t",
                     "a\nb", "=", "<<", ".inf", "on"]),
)  # fmt: skip
documents = st.recursive(
    st.one_of(texts, st.integers(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=20,
)


@settings(deadline=None, max_examples=60)
@given(documents)
def test_what_is_written_as_yaml_is_what_others_read(document: Any) -> None:
    assert yaml.safe_load(yaml_text(document)) == document


@settings(deadline=None, max_examples=60)
@given(st.dictionaries(texts, st.lists(texts, min_size=1, max_size=3), min_size=1, max_size=3))
def test_what_is_written_as_yaml_is_what_we_read(document: Any) -> None:
    assert plain(read_yaml(yaml_text(document), "x")) == document


names = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True)
versions = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,3}){0,2}", fullmatch=True)
dependencies = st.sampled_from(["zz >=1", "yy", "xx 1.* h0_0"])
hashes = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")


@st.composite
def records(draw: st.DrawFn) -> RepodataRecord:
    name, version, sha256 = draw(names), draw(versions), draw(hashes)
    build = draw(st.sampled_from(["0", "py_1", "h1_2", "abc"]))
    subdir = draw(st.sampled_from(["linux-64", "noarch"]))
    kind = draw(st.sampled_from(["python", "generic"])) if subdir == "noarch" else None
    return RepodataRecord.from_dict(
        {
            "name": name, "version": version, "build": build,
            "build_number": draw(st.integers(0, 9)), "noarch": kind,
            "url": f"https://h/c/{subdir}/{name}-{version}-{build}.conda",
            "sha256": sha256, "md5": sha256[:32], "size": draw(st.integers(1, 10**9)),
            "depends": draw(st.lists(dependencies, unique=True)),
            "constrains": draw(st.lists(st.just("ww <3"), max_size=1)),
            "timestamp": draw(st.integers(10**12, 2 * 10**12)),
        }
    )  # fmt: skip


locked = st.lists(records(), max_size=6, unique_by=lambda record: record.name)


def by_url(chosen: Iterable[RepodataRecord]) -> dict[str, RepodataRecord]:
    return {record.url: record for record in chosen}


def hashes_of(chosen: Iterable[RepodataRecord]) -> set[tuple[str, str | None, str | None]]:
    return {(record.url, record.md5, record.sha256) for record in chosen}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(records(), st.booleans(), st.booleans()), max_size=6))
def test_reading_is_the_inverse_of_writing(drawn: Any) -> None:
    unique = {record.name: (record, *groups) for record, *groups in drawn}.values()
    main = [record for record, in_main, _ in unique if in_main]
    dev = [record for record, _, in_dev in unique if in_dev]
    content = LockContent(
        {"linux-64": {"main": tuple(main), "dev": tuple(dev)}}, ("https://h/c",), ("x",)
    )
    pixi = lock_of(pixi_lock_text(content))
    for group, chosen in (("default", main), ("dev", dev)):
        assert by_url(pixi.chosen("linux-64", [group])) == by_url(chosen)
    conda = lock_of(conda_lock_text(content))
    for group, chosen in (("main", main), ("dev", dev)):
        if chosen:
            assert hashes_of(conda.chosen("linux-64", [group])) == hashes_of(chosen)
    explicit = parse(explicit_text(content, "linux-64")).explicit
    assert {p.sha256 for p in explicit or ()} == {r.sha256 for r in (*main, *dev)}


@settings(deadline=None, max_examples=60)
@given(locked)
def test_writing_does_not_depend_on_the_order(chosen: Any) -> None:
    def content(packages: Any) -> LockContent:
        return LockContent({"linux-64": {"main": tuple(packages)}}, ("https://h/c",), ("x",))

    one, two = content(chosen), content(reversed(chosen))
    assert conda_lock_text(one) == conda_lock_text(two)
    assert pixi_lock_text(one) == pixi_lock_text(two)
    assert explicit_text(one, "linux-64") == explicit_text(two, "linux-64")
