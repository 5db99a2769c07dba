from __future__ import annotations

import threading
import time

import pytest

from mm_pkg.cancellation import Cancellation, Cancelled
from mm_pkg.transaction.bulk import link_all

PAIRS = [(str(n), str(-n)) for n in range(400)]


@pytest.mark.parametrize("pause", [0.0, 0.001])
def test_every_pair_is_linked_once(pause: float) -> None:
    done: list[tuple[str, str]] = []
    threads = set()

    def link(source: str, target: str) -> None:
        time.sleep(pause)
        threads.add(threading.current_thread().name)
        done.append((source, target))

    link_all(PAIRS, link)
    assert sorted(done) == sorted(PAIRS)
    if pause:  # without it one thread is enough, unless the machine is busy elsewhere
        assert len(threads) > 1


def test_nothing_runs_on_after_an_error() -> None:
    calls = 0

    def link(source: str, target: str) -> None:
        nonlocal calls
        calls += 1
        time.sleep(0.001)
        if source == "100":
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        link_all(PAIRS, link)
    before = calls
    time.sleep(0.02)
    assert calls == before


def test_cancelling() -> None:
    stop = Cancellation()

    def link(source: str, target: str) -> None:
        time.sleep(0.001)
        stop.cancel()

    with pytest.raises(Cancelled):
        link_all(PAIRS, link, stop)
