"""Downloads: verified, in parallel, nothing half done left behind."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from mm_channels import Download, Network, Transport, download
from mm_channels.errors import CacheWriteError, NotFound, VerificationError
from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.reporter import Reporter, Task

QUICK = Network(backoff=0.01, connect_timeout=5, read_timeout=5)


def content(name: str, size: int = 20_000) -> bytes:
    return hashlib.shake_256(name.encode()).digest(size)


@pytest.fixture
def www(tmp_path: Path) -> Path:
    folder = tmp_path / "www"
    folder.mkdir()
    for number in range(6):
        (folder / f"p{number}.conda").write_bytes(content(f"p{number}", 20_000 * (number + 1)))
    return folder


def item(base: str, www: Path, to: Path, name: str, **changes: Any) -> Download:
    data = (www / name).read_bytes()
    facts = {
        "size": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "md5": hashlib.md5(data).hexdigest(),
        "name": name,
    }
    return Download(f"{base}/{name}", to / name, **{**facts, **changes})


def items(base: str, www: Path, to: Path) -> list[Download]:
    return [item(base, www, to, path.name) for path in sorted(www.iterdir())]


class Tally(Reporter):
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.amounts: dict[str, int] = {}
        self.events: list[tuple[str, str]] = []

    def started(self, task: Task) -> None:
        with self.lock:
            self.events.append(("started", task.name))

    def advanced(self, task: Task, amount: int) -> None:
        with self.lock:
            self.amounts[task.name] = self.amounts.get(task.name, 0) + amount

    def finished(self, task: Task, note: str = "") -> None:
        with self.lock:
            self.events.append(("finished", task.name))

    def failed(self, task: Task, reason: str) -> None:
        with self.lock:
            self.events.append(("failed", task.name))


def run(wanted: list[Download], **options: Any) -> None:
    with Transport(QUICK) as transport:
        download(wanted, transport, **options)


@pytest.mark.parametrize("local", [True, False])
def test_all_arrive(www: Path, serve: Any, tmp_path: Path, local: bool) -> None:
    to = tmp_path / "pkgs" / "new"
    tally = Tally()
    wanted = items(f"file://{www}" if local else serve(www).url, www, to)
    run(wanted, reporter=tally)
    assert {path.name: path.read_bytes() for path in to.iterdir()} == {
        path.name: path.read_bytes() for path in www.iterdir()
    }
    assert tally.amounts == {each.name: each.size for each in wanted}
    assert len(tally.events) == 2 * len(wanted)


def test_done_is_called_while_others_arrive(www: Path, serve: Any, tmp_path: Path) -> None:
    server = serve(www, faults=["path=/p5*,rate=100000"])  # 120,000 bytes: over a second
    done: list[tuple[str, float, str]] = []

    def on_done(each: Download, path: Path) -> None:
        assert path.read_bytes() == (www / each.name).read_bytes()
        done.append((each.name, time.monotonic(), threading.current_thread().name))

    run(items(server.url, www, tmp_path), on_done=on_done)
    assert len(done) == 6
    assert done[-1][0] == "p5.conda"
    assert done[-1][1] - done[0][1] > 0.5
    assert threading.main_thread().name not in {name for _, _, name in done}


def test_threads_are_limited_and_the_largest_comes_first(
    www: Path, serve: Any, tmp_path: Path
) -> None:
    server = serve(www, faults=["delay=0.05"])
    run(items(server.url, www, tmp_path), threads=2)
    assert server.http.totals["peak"] == 2
    assert {server.requests()[0]["path"], server.requests()[1]["path"]} == {
        "/p5.conda",
        "/p4.conda",
    }


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"sha256": "0" * 64}, "SHA256"),
        ({"sha256": None, "md5": "0" * 32}, "MD5"),
        ({"size": 7}, "bytes instead of 7"),
    ],
)
def test_what_is_not_as_promised_is_not_kept(
    www: Path, serve: Any, tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    to = tmp_path / "to"
    with pytest.raises(VerificationError, match=says) as caught:
        run([item(serve(www).url, www, to, "p0.conda", **changes)])
    assert "/p0.conda" in str(caught.value)
    assert list(to.iterdir()) == []


def test_upper_case_hashes_and_unknown_ones(www: Path, serve: Any, tmp_path: Path) -> None:
    url = serve(www).url
    known = item(url, www, tmp_path, "p0.conda")
    run([item(url, www, tmp_path, "p0.conda", sha256=(known.sha256 or "").upper())])
    run([Download(f"{url}/p1.conda", tmp_path / "p1.conda")])
    assert (tmp_path / "p1.conda").read_bytes() == (www / "p1.conda").read_bytes()


@pytest.mark.parametrize(
    "fault", ["corrupt=1,times=1", "truncate=100,times=1", "html=1,times=1", "drop=50%,times=1"]
)
def test_one_bad_answer_is_overcome(www: Path, serve: Any, tmp_path: Path, fault: str) -> None:
    tally = Tally()
    server = serve(www, faults=[fault])
    wanted = [item(server.url, www, tmp_path, "p0.conda")]
    run(wanted, reporter=tally)
    assert (tmp_path / "p0.conda").read_bytes() == (www / "p0.conda").read_bytes()
    assert tally.amounts == {"p0.conda": wanted[0].size}


def test_a_lasting_fault_is_an_error(www: Path, serve: Any, tmp_path: Path) -> None:
    server = serve(www, faults=["corrupt=1"])
    with pytest.raises(VerificationError):
        run([item(server.url, www, tmp_path / "to", "p0.conda")])
    assert list((tmp_path / "to").iterdir()) == []


def test_the_first_failure_stops_the_rest(www: Path, serve: Any, tmp_path: Path) -> None:
    server = serve(www, faults=["path=/p0*,status=404", "path=/p[1-5]*,rate=5000"])
    begin = time.monotonic()
    with pytest.raises(NotFound):
        run(items(server.url, www, tmp_path / "to"), threads=6)
    assert time.monotonic() - begin < 2
    assert list((tmp_path / "to").iterdir()) == []


def test_errors_of_done_are_raised(www: Path, serve: Any, tmp_path: Path) -> None:
    def on_done(each: Download, path: Path) -> None:
        raise ZeroDivisionError(each.name)

    with pytest.raises(ZeroDivisionError):
        run(items(serve(www).url, www, tmp_path), on_done=on_done)


@pytest.mark.parametrize("fault", ["delay=20", "rate=1000", "status=503,retry_after=60"])
def test_cancelled_within_a_second(www: Path, serve: Any, tmp_path: Path, fault: str) -> None:
    server = serve(www, faults=[fault])
    stop = Cancellation()
    threading.Timer(0.3, stop.cancel).start()
    begin = time.monotonic()
    with pytest.raises(Cancelled):
        run(items(server.url, www, tmp_path / "to"), cancellation=stop)
    assert time.monotonic() - begin < 1.3
    time.sleep(0.1)
    assert list((tmp_path / "to").iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name.startswith("mm-worker")]


def test_a_full_disk_is_called_one(
    www: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    original = Path.open

    def opened(self: Path, *args: Any, **options: Any) -> Any:
        partial = self.name.endswith(".partial")
        return original(Path("/dev/full") if partial else self, *args, **options)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(CacheWriteError) as caught:
        run([item(f"file://{www}", www, tmp_path, "p0.conda")])
    assert "Disk full" in str(caught.value)
    assert caught.value.hint


def test_a_folder_that_cannot_be_written(www: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheWriteError) as caught:
        run([item(f"file://{www}", www, tmp_path / "file" / "x", "p0.conda")])
    assert os.strerror(errno.ENOTDIR) in str(caught.value) or "exists" in str(caught.value)


def test_nothing_to_do() -> None:
    run([])


def test_more_than_promised_is_not_taken_in(www: Path, serve: Any, tmp_path: Path) -> None:
    (www / "endless").write_bytes(b"x" * 30_000_000)
    server = serve(www)
    tally = Tally()
    with pytest.raises(VerificationError, match="at least"):
        run([item(server.url, www, tmp_path / "to", "endless", size=1000)], reporter=tally)
    assert sum(entry["sent"] for entry in server.requests()) < 30_000_000
    assert tally.amounts.get("endless", 0) == 0
