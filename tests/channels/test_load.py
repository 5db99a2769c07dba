"""Repodata by HTTP and from folders: caching, freshness, what is missing, what is wrong."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from mm_channels import Network, SubdirIndex
from mm_channels.errors import (
    AuthenticationError,
    InvalidChannel,
    MalformedRepodata,
    NetworkError,
    OfflineError,
    SubdirNotFound,
)
from mm_channels.repodata.cache import find_cached
from mm_channels.repodata.state import State
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.reporter import Reporter, Task


class Told(Reporter):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self.tasks: list[tuple[str, str, str]] = []
        self.bytes = 0

    def advanced(self, task: Task, amount: int) -> None:
        if task.phase == "repodata":
            self.bytes += amount

    def finished(self, task: Task, note: str = "") -> None:
        self.tasks.append((task.phase, task.name, note))

    def warned(self, message: str) -> None:
        self.warnings.append(message)


def asked(server: Any) -> list[tuple[str, int]]:
    return sorted((entry["path"], entry["status"]) for entry in server.requests())


def names(indexes: tuple[SubdirIndex, ...]) -> list[tuple[str, list[str]]]:
    return [(index.subdir, sorted(index.names())) for index in indexes]


ROOT = Path(__file__).parents[2]

EXPECTED = [("linux-64", ["a"]), ("noarch", ["b"])]


def age(cache: Path, seconds: float) -> None:
    """Let the cached texts be that old, as if they had been fetched then."""
    for path in cache.glob("*.state.json"):
        text = path.with_name(path.name.replace(".state", ""))
        when = time.time_ns() - int(seconds * 1e9)
        os.utime(text, ns=(when, when))
        state = json.loads(path.read_text())
        path.write_text(json.dumps({**state, "mtime_ns": text.stat().st_mtime_ns}))


# Fresh, expired, offline ------------------------------------------------------------------------


def test_first_compressed_then_cached(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, max_age=3600)
    assert names(load(server.url)) == EXPECTED
    assert asked(server) == [
        ("/linux-64/repodata.json.zst", 200),
        ("/noarch/repodata.json.zst", 200),
    ]
    told = Told()
    assert names(load(server.url, reporter=told)) == EXPECTED
    assert len(server.requests()) == 2
    assert [task[::2] for task in told.tasks] == [("repodata", "cached")] * 2
    assert not list(load.cache.glob("*.partial"))


def test_state_is_micromambas(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, max_age=30)
    load(server.url)
    for path in load.cache.glob("*.state.json"):
        state = json.loads(path.read_text())
        text = path.with_name(path.name.replace(".state", ""))
        assert state["url"].endswith("/repodata.json")
        assert state["cache_control"] == "public, max-age=30"
        assert state["etag"]
        assert state["mod"]
        assert (state["size"], state["mtime_ns"]) == (text.stat().st_size, text.stat().st_mtime_ns)
        assert state["has_zst"]["value"] is True
        assert json.loads(text.read_text())["info"]


def test_expired_is_asked_for_and_not_sent_again(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, max_age=60)
    load(server.url)
    age(load.cache, 61)
    told = Told()
    assert names(load(server.url, reporter=told)) == EXPECTED
    assert [status for _, status in asked(server)] == [200, 304, 200, 304]
    assert {note for phase, _, note in told.tasks if phase == "repodata"} == {"no change"}
    # The index made from the text follows it: it is not built again.
    assert not [task for task in told.tasks if task[0] == "index"]
    assert names(load(server.url)) == EXPECTED
    assert len(server.requests()) == 4


def test_expired_and_changed_is_fetched(
    channel_dir: Path, serve: Any, load: Any, make: Any
) -> None:
    server = serve(channel_dir, max_age=60)
    load(server.url)
    age(load.cache, 61)
    make.subdir(channel_dir / "noarch", make.repodata("z-1.0-0.conda"), zst=True)
    assert names(load(server.url)) == [("linux-64", ["a"]), ("noarch", ["z"])]


@pytest.mark.parametrize(
    ("ttl", "seconds", "requests"),
    [(0, 0, 2), (1, 59, 0), (1, 61, 2), (500, 499, 0), (500, 501, 2)],
)
def test_ttl(
    channel_dir: Path, serve: Any, load: Any, ttl: int, seconds: float, requests: int
) -> None:
    server = serve(channel_dir, max_age=60)
    load(server.url)
    age(load.cache, seconds)
    load(server.url, ttl=ttl)
    assert len(server.requests()) == 2 + requests


def test_offline_uses_any_age_and_asks_nobody(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, max_age=0)
    load(server.url)
    age(load.cache, 1e7)
    assert names(load(server.url, offline=True, ttl=0)) == EXPECTED
    load.network = Network(offline=True)
    assert names(load(server.url, ttl=0)) == EXPECTED
    assert len(server.requests()) == 2


def test_offline_without_a_cache(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir)
    told = Told()
    assert names(load(server.url, str(channel_dir), offline=True, reporter=told)) == EXPECTED
    assert "offline" in told.warnings[0]
    with pytest.raises(OfflineError):
        load(server.url, offline=True)
    assert server.requests() == []


# Which file -------------------------------------------------------------------------------------


def test_without_zst_the_plain_one_and_no_second_try(
    channel_dir: Path, serve: Any, load: Any
) -> None:
    for path in channel_dir.glob("*/*.zst"):
        path.unlink()
    server = serve(channel_dir, max_age=0)
    assert names(load(server.url)) == EXPECTED
    assert [status for _, status in asked(server)] == [200, 404, 200, 404]
    assert names(load(server.url)) == EXPECTED
    # It is known now that there is no compressed one; the plain one's validators are sent.
    assert [status for _, status in asked(server)] == [200, 304, 404, 200, 304, 404]


def test_use_zst_false(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir)
    assert names(load(server.url, use_zst=False)) == EXPECTED
    assert {path for path, _ in asked(server)} == {
        "/linux-64/repodata.json",
        "/noarch/repodata.json",
    }
    assert server.requests()[0]["accept_encoding"] != "identity"


def test_validators_of_one_file_are_not_sent_for_the_other(
    channel_dir: Path, serve: Any, load: Any
) -> None:
    server = serve(channel_dir, max_age=0)
    load(server.url)
    load(server.url, use_zst=False)
    assert [entry["if_none_match"] for entry in server.requests()] == [None] * 4


# What is missing --------------------------------------------------------------------------------


def test_a_missing_platform_is_left_out(channel_dir: Path, serve: Any, load: Any) -> None:
    for path in (channel_dir / "linux-64").iterdir():
        path.unlink()
    server = serve(channel_dir)
    told = Told()
    assert names(load(server.url, reporter=told)) == EXPECTED[1:]
    assert told.warnings == []


def test_a_missing_noarch_earns_a_warning(channel_dir: Path, serve: Any, load: Any) -> None:
    for path in (channel_dir / "noarch").iterdir():
        path.unlink()
    server = serve(channel_dir)
    told = Told()
    assert names(load(server.url, reporter=told)) == EXPECTED[:1]
    assert "noarch" in told.warnings[0]


@pytest.mark.parametrize("local", [True, False])
def test_a_channel_with_nothing_is_an_error(
    tmp_path: Path, serve: Any, load: Any, local: bool
) -> None:
    (tmp_path / "empty").mkdir()
    text = f"{tmp_path}/empty" if local else serve(tmp_path / "empty").url
    with pytest.raises(SubdirNotFound) as caught:
        load(text)
    assert caught.value.url
    assert caught.value.url in str(caught.value)


def test_forbidden_counts_as_missing_only_beside_a_subdir_that_is_there(
    channel_dir: Path, serve: Any, load: Any
) -> None:
    server = serve(channel_dir, faults=["path=/linux-64/*,status=403"])
    assert names(load(server.url)) == EXPECTED[1:]
    server = serve(channel_dir, faults=["status=403"])
    with pytest.raises(AuthenticationError):
        load(server.url)


def test_unauthorised_is_an_error(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, faults=["path=/linux-64/*,status=401"])
    with pytest.raises(AuthenticationError):
        load(server.url)


def test_a_package_is_no_channel(load: Any) -> None:
    with pytest.raises(InvalidChannel):
        load("/x/a-1-0.conda")
    with pytest.raises(InvalidChannel):
        load("<unknown>")


# What is wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize("use_zst", [True, False])
def test_a_web_page_is_called_one(channel_dir: Path, serve: Any, load: Any, use_zst: bool) -> None:
    server = serve(channel_dir, faults=["html=1"])
    with pytest.raises(MalformedRepodata) as caught:
        load(server.url, use_zst=use_zst)
    assert "web page" in str(caught.value)
    assert f"{server.url}/" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert list(load.cache.glob("*")) == []


@pytest.mark.parametrize("use_zst", [True, False])
@pytest.mark.parametrize("fault", ["truncate=20", "truncate=0"])
def test_cut_off_content_is_an_error_and_not_cached(
    channel_dir: Path, serve: Any, load: Any, fault: str, use_zst: bool
) -> None:
    server = serve(channel_dir, faults=[fault])
    with pytest.raises(MalformedRepodata):
        load(server.url, use_zst=use_zst)
    assert not list(load.cache.glob("*.json"))
    server.set_faults([])
    assert names(load(server.url)) == EXPECTED


@pytest.mark.parametrize("use_zst", [True, False])
def test_what_was_damaged_on_its_way_is_fetched_again(
    channel_dir: Path, serve: Any, load: Any, use_zst: bool
) -> None:
    server = serve(channel_dir, faults=["path=/noarch/*,truncate=20,times=1"])
    assert names(load(server.url, use_zst=use_zst)) == EXPECTED


def test_text_that_is_not_utf8_spoils_no_channel(tmp_path: Path, load: Any, make: Any) -> None:
    document = make.repodata("a-1.0-0.conda", "b-1.0-0.conda")
    for record in document["packages.conda"].values():
        record["license"] = "X"
        record["depends"] = ["Y"]
    text = json.dumps(document).encode().replace(b'"X"', b'"\xff"').replace(b'"Y"', b'"y\xff"')
    make.subdir(tmp_path / "chan" / "noarch", text)
    (index,) = load(f"{tmp_path}/chan[noarch]")
    assert index.packages("a")["a-1.0-0.conda"].version == "1.0"
    assert index.record("a", "a-1.0-0.conda").license == "\ufffd"


def test_a_record_nested_too_deep_is_left_out(tmp_path: Path, load: Any, make: Any) -> None:
    document = make.repodata("a-1.0-0.conda", "b-1.0-0.conda")
    document["packages.conda"]["a-1.0-0.conda"]["x"] = "X"
    text = json.dumps(document).encode().replace(b'"X"', b"[" * 5000 + b"]" * 5000)
    make.subdir(tmp_path / "chan" / "noarch", text)
    assert names(load(f"{tmp_path}/chan[noarch]")) == [("noarch", ["b"])]


def test_malformed_names_the_url(tmp_path: Path, load: Any, make: Any) -> None:
    make.subdir(tmp_path / "chan" / "noarch", b'{"packages": {"a": ')
    with pytest.raises(MalformedRepodata) as caught:
        load(f"{tmp_path}/chan")
    assert f"file://{tmp_path}/chan/noarch/repodata.json" in str(caught.value)


def test_server_down_is_a_network_error(load: Any) -> None:
    load.network = Network(backoff=0, max_retries=1)
    with pytest.raises(NetworkError) as caught:
        load("http://127.0.0.1:9/chan")
    assert "http://127.0.0.1:9/chan" in str(caught.value)


@pytest.mark.parametrize("fresh", [True, False])
def test_a_damaged_cached_text_is_fetched_again(
    channel_dir: Path, serve: Any, load: Any, fresh: bool
) -> None:
    server = serve(channel_dir, max_age=3600 if fresh else 0)
    load(server.url)
    for path in load.cache.glob("*.json"):
        if ".state" not in path.name:
            status = path.stat()
            path.write_bytes(b"\0" * status.st_size)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    for path in load.cache.glob("*.index"):
        path.unlink()
    assert names(load(server.url)) == EXPECTED
    (found, _) = load(server.url)
    assert list(found.packages("a")) == ["a-1.0-h1_0.conda"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:30]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text('{"url": 3}'),
        lambda path: path.unlink(),
    ],
    ids=["truncated", "empty", "mistyped", "gone"],
)
def test_a_damaged_state_is_a_miss(channel_dir: Path, serve: Any, load: Any, spoil: Any) -> None:
    server = serve(channel_dir, max_age=3600)
    load(server.url)
    for path in load.cache.glob("*.state.json"):
        spoil(path)
    assert names(load(server.url)) == EXPECTED
    assert len(server.requests()) == 4


def test_a_text_of_another_program_is_a_miss(
    channel_dir: Path, serve: Any, load: Any, make: Any
) -> None:
    server = serve(channel_dir, max_age=3600)
    load(server.url)
    for path in load.cache.glob("*.json"):
        if ".state" not in path.name:
            path.write_text(json.dumps(make.repodata("evil-1.0-0.conda")))
    assert names(load(server.url)) == EXPECTED


def test_the_cache_is_per_url_not_per_name(
    tmp_path: Path, serve: Any, load: Any, make: Any
) -> None:
    from mm_channels import ChannelContext, Transport, load_subdirs, resolve_channels

    found = []
    for which in ("x", "y"):
        make.subdir(tmp_path / which / "chan" / "noarch", make.repodata(f"{which}-1.0-0.conda"))
        server = serve(tmp_path / which, max_age=3600)
        context = ChannelContext(platforms=("noarch",), channel_alias=server.url)
        with Transport() as transport:
            (index,) = load_subdirs(
                resolve_channels(["chan"], context), cache_dirs=[load.cache], transport=transport
            )
        found.append((index.channel_name, list(index.names())))
    assert found == [("chan", ["x"]), ("chan", ["y"])]


def test_a_collision_of_cache_names_is_a_miss() -> None:
    state = State(url="https://other/noarch/repodata.json", size=1, mtime_ns=2)
    assert not state.belongs_to("https://h/noarch/repodata.json", 1, 2)
    starred = State(url="https://u:*****@h/t/*****/noarch/repodata.json", size=1, mtime_ns=2)
    assert starred.belongs_to("https://h/noarch/repodata.json", 1, 2)


# base_url ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base_url", "version", "expected"),
    [
        ("https://files.example/x", 2, "https://files.example/x/"),
        ("../../pool", 2, "{url}/pool/"),
        ("/pool/", 2, "{url}/pool/"),
        ("sub", 2, "{url}/chan/noarch/sub/"),
        ("https://files.example/x", 1, "{url}/chan/noarch/"),
    ],
)
def test_base_url(
    tmp_path: Path, serve: Any, load: Any, base_url: str, version: int, expected: str, make: Any
) -> None:
    document = make.repodata("a-1.0-0.conda", repodata_version=version)
    document["info"]["base_url"] = base_url
    make.subdir(tmp_path / "www" / "chan" / "noarch", document)
    server = serve(tmp_path / "www", max_age=3600)
    for _ in range(2):  # the second time from the cache
        (index,) = load(f"{server.url}/chan[noarch]")
        url = index.record("a", "a-1.0-0.conda").url
        assert url == expected.format(url=server.url) + "a-1.0-0.conda"
        assert index.record("a", "a-1.0-0.conda").channel == f"{server.url}/chan"


# Folders ----------------------------------------------------------------------------------------


def test_a_folder_is_read_in_place(channel_dir: Path, load: Any) -> None:
    assert names(load(str(channel_dir))) == EXPECTED
    assert names(load(f"file://{channel_dir}", offline=True)) == EXPECTED
    assert {path.suffix for path in load.cache.iterdir()} == {".index"}


def test_a_folder_that_changes_is_read_again(channel_dir: Path, load: Any, make: Any) -> None:
    load(str(channel_dir))
    make.subdir(channel_dir / "noarch", make.repodata("z-1.0-0.conda"))
    assert names(load(str(channel_dir)))[1] == ("noarch", ["z"])


def test_a_folder_with_compressed_repodata_only(channel_dir: Path, load: Any, make: Any) -> None:
    for path in channel_dir.glob("*/repodata.json"):
        path.unlink()
    for _ in range(2):
        told = Told()
        assert names(load(str(channel_dir), reporter=told)) == EXPECTED
    assert not [task for task in told.tasks if task[0] == "index"]
    make.subdir(channel_dir / "noarch", make.repodata("z-1.0-0.conda"), zst=True).unlink()
    assert names(load(str(channel_dir)))[1] == ("noarch", ["z"])


def test_order_is_that_of_the_channels(
    tmp_path: Path, channel_dir: Path, load: Any, make: Any
) -> None:
    make.subdir(tmp_path / "other" / "noarch", make.repodata("o-1.0-0.conda"))
    found = load(str(tmp_path / "other"), str(channel_dir))
    assert [Path(index.channel).name for index in found] == ["other", "chan", "chan"]


# Caches that cannot be written ------------------------------------------------------------------


def blocked(tmp_path: Path) -> Path:
    """A folder in which nothing can be made, whoever runs the tests."""
    (tmp_path / "blocked").write_text("not a folder")
    return tmp_path / "blocked" / "cache"


@pytest.mark.parametrize("caches", [[], ["blocked"]])
def test_without_a_writable_cache(
    tmp_path: Path, channel_dir: Path, serve: Any, load: Any, caches: list[str]
) -> None:
    folders = [blocked(tmp_path) for _ in caches]
    server = serve(channel_dir)
    found = load(server.url, str(channel_dir), cache_dirs=folders)
    assert names(found) == EXPECTED * 2
    assert list(found[0].packages("a")) == ["a-1.0-h1_0.conda"]


@pytest.mark.parametrize("first", [True, False])
def test_the_writable_cache_is_used(
    tmp_path: Path, channel_dir: Path, serve: Any, load: Any, first: bool
) -> None:
    folders = [load.cache, blocked(tmp_path)][:: 1 if first else -1]
    server = serve(channel_dir, max_age=3600)
    load(server.url, cache_dirs=folders)
    load(server.url, cache_dirs=folders)
    assert len(server.requests()) == 2


@pytest.fixture
def read_only(monkeypatch: pytest.MonkeyPatch, load: Any) -> Any:
    """Call it to make the cache folder a read-only one (also for root)."""

    def refuse(kind: str) -> None:
        original = getattr(os, kind)

        def guarded(path: Any, *args: Any, **options: Any) -> Any:
            writing = kind != "open" or args[0] & (os.O_CREAT | os.O_WRONLY | os.O_RDWR)
            if writing and str(path).startswith(str(load.cache)):
                raise OSError(errno.EROFS, "Read-only file system", str(path))
            return original(path, *args, **options)

        monkeypatch.setattr(os, kind, guarded)

    def start() -> None:
        for kind in ("open", "utime", "mkdir", "unlink", "replace", "rename"):
            refuse(kind)
        original = io.open

        def opened(path: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
            if set(mode) & set("wax+") and str(path).startswith(str(load.cache)):
                raise OSError(errno.EROFS, "Read-only file system", str(path))
            return original(path, mode, *args, **options)

        monkeypatch.setattr(io, "open", opened)
        monkeypatch.setattr("builtins.open", opened)

    return start


def test_a_read_only_cache_that_is_expired(
    channel_dir: Path, serve: Any, load: Any, read_only: Any, tmp_path: Path, make: Any
) -> None:
    server = serve(channel_dir, max_age=0)
    load(server.url)
    before = {path.name: path.read_bytes() for path in load.cache.iterdir()}
    read_only()
    assert names(load(server.url)) == EXPECTED  # 304: what is there is used
    make.subdir(channel_dir / "noarch", make.repodata("z-1.0-0.conda"), zst=True)
    changed = [("linux-64", ["a"]), ("noarch", ["z"])]
    assert names(load(server.url)) == changed  # 200: kept out of the folder
    second = tmp_path / "second"
    assert names(load(server.url, cache_dirs=[load.cache, second])) == changed
    assert second.is_dir()
    assert before == {path.name: path.read_bytes() for path in load.cache.iterdir()}


def test_a_read_only_cache_without_an_index(
    channel_dir: Path, serve: Any, load: Any, read_only: Any
) -> None:
    server = serve(channel_dir, max_age=3600)
    load(server.url)
    for path in load.cache.glob("*.index"):
        path.unlink()
    read_only()
    assert names(load(server.url)) == EXPECTED
    assert len(server.requests()) == 2


def test_what_killed_processes_left_is_swept(channel_dir: Path, serve: Any, load: Any) -> None:
    from mm_channels.repodata.state import cache_name

    server = serve(channel_dir)
    stem = cache_name(f"{server.url}/noarch")
    load.cache.mkdir(parents=True)
    old, new = (load.cache / f"{stem}.json.{pid}-0.partial" for pid in (1, 2))
    old.write_text("")
    new.write_text("")
    os.utime(old, (1, 1))
    load(server.url)
    assert not old.exists()
    assert new.exists()


# Stopping, speed, company -----------------------------------------------------------------------


def test_cancelled_within_a_second(channel_dir: Path, serve: Any, load: Any) -> None:
    import threading

    server = serve(channel_dir, faults=["delay=20"])
    stop = Cancellation()
    threading.Timer(0.3, stop.cancel).start()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        load(server.url, cancellation=stop)
    assert time.monotonic() - begin < 1.5
    assert list(load.cache.glob("*")) == []


def test_progress_adds_up(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, faults=["drop=50%,times=1"])
    told = Told()
    load(server.url, reporter=told)
    assert told.bytes == sum(path.stat().st_size for path in channel_dir.glob("*/*.zst"))


WARM = """
import sys
from mm_channels import ChannelContext, Transport, load_subdirs, resolve_channels
channels = resolve_channels(sys.argv[1:2], ChannelContext(platforms=("linux-64", "noarch")))
with Transport() as transport:
    found = load_subdirs(channels, cache_dirs=[sys.argv[2]], transport=transport)
assert [len(index.packages("a")) for index in found] == [1, 0], found
heavy = ["urllib3", "zstandard", "ssl", "http.client", "concurrent.futures", "tempfile", "yaml"]
print([name for name in heavy if name in sys.modules])
"""


@pytest.mark.parametrize("local", [True, False])
def test_a_warm_start_imports_nothing_heavy(
    channel_dir: Path, serve: Any, load: Any, local: bool
) -> None:
    text = str(channel_dir) if local else serve(channel_dir, max_age=3600).url
    load(text)
    done = subprocess.run(
        [sys.executable, "-c", WARM, text, str(load.cache)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"


def test_a_renewal_leaves_alone_what_another_process_has_put_there(
    channel_dir: Path, make: Any, serve: Any, load: Any
) -> None:
    server = serve(channel_dir, max_age=3600)
    load(server.url)
    url = f"{server.url}/noarch/repodata.json"
    (slow,) = find_cached([load.cache], url)
    make.subdir(channel_dir / "noarch", make.repodata("c-1.0-0.conda"), zst=True)
    load(server.url, ttl=0)
    slow.renewed(slow.state)
    before = len(server.requests())
    assert names(load(server.url)) == [("linux-64", ["a"]), ("noarch", ["c"])]
    assert len(server.requests()) == before


def test_processes_that_start_together(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, max_age=3600)
    crew = [
        subprocess.Popen([sys.executable, "-c", WARM, server.url, str(load.cache)], cwd=ROOT)
        for _ in range(4)
    ]
    assert [process.wait() for process in crew] == [0] * 4
    assert not list(load.cache.glob("*.partial"))
    before = len(server.requests())
    assert names(load(server.url)) == EXPECTED
    assert len(server.requests()) == before


@pytest.mark.parametrize("base_url", ["file:///etc", "http://[x", "https://h:port/"])
def test_a_base_url_that_cannot_be_used(
    tmp_path: Path, serve: Any, load: Any, make: Any, base_url: str
) -> None:
    document = make.repodata("a-1.0-0.conda", repodata_version=2)
    document["info"]["base_url"] = base_url
    make.subdir(tmp_path / "www" / "noarch", document)
    with pytest.raises(MalformedRepodata, match=r"noarch/repodata\.json"):
        load(f"{serve(tmp_path / 'www').url}[noarch]")


def test_secrets_in_a_base_url_do_not_reach_records(tmp_path: Path, load: Any, make: Any) -> None:
    document = make.repodata("a-1.0-0.conda", repodata_version=2)
    document["info"]["base_url"] = "https://u:s3cr-t@h/t/s3cr-t/x"
    make.subdir(tmp_path / "www" / "noarch", document)
    (index,) = load(f"{tmp_path}/www[noarch]")
    assert index.record("a", "a-1.0-0.conda").url == "https://h/x/a-1.0-0.conda"


def test_no_secret_is_written_or_shown(channel_dir: Path, serve: Any, load: Any) -> None:
    server = serve(channel_dir, auth="token:s3cr-t", max_age=3600)
    told = Told()
    url = server.url.replace("://", "://me:s3cr-t@")
    found = load(f"{url}/t/s3cr-t", reporter=told)
    assert names(found) == EXPECTED
    shown = f"{found} {told.tasks} {[index.channel_name for index in found]}"
    record = found[0].record("a", "a-1.0-h1_0.conda")
    shown += f"{record} {record.to_dict()} {load.channels(url + '/t/s3cr-t')}"
    assert "s3cr-t" not in shown
    for path in load.cache.iterdir():
        assert b"s3cr-t" not in path.read_bytes()
    # Without the secret the cached index serves as well: it is the same channel.
    assert names(load(server.url, offline=True)) == EXPECTED


def test_a_subdir_that_a_channel_lacks_is_asked_for_once_while_fresh(
    tmp_path: Path, make: Any, serve: Any, load: Any
) -> None:
    make.subdir(tmp_path / "chan" / "noarch", make.repodata("b-1.0-0.conda"))
    server = serve(tmp_path / "chan")
    assert names(load(server.url)) == [("noarch", ["b"])]
    before = len(server.requests())
    assert names(load(server.url)) == [("noarch", ["b"])]
    assert len(server.requests()) == before
    load(server.url, ttl=0)
    assert asked(server).count(("/linux-64/repodata.json", 404)) == 2


def test_a_channel_that_is_missing_as_a_whole_is_asked_for_again(
    tmp_path: Path, make: Any, serve: Any, load: Any
) -> None:
    (tmp_path / "chan").mkdir()
    server = serve(tmp_path / "chan")
    with pytest.raises(SubdirNotFound):
        load(server.url)
    make.subdir(tmp_path / "chan" / "noarch", make.repodata("b-1.0-0.conda"))
    assert names(load(server.url)) == [("noarch", ["b"])]
