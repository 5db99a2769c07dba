"""Events told as they happen: how often, in which order, and what becomes of a lost reader."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

import pytest

from mm_cli.report.console import Console
from mm_cli.report.event_stream import EventStream
from mm_cli.report.progress import reporter_for
from mm_pkg.reporter import Task

TASK = Task("download", "a-1-0.conda", 1000, "bytes")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_progress_is_told_ten_times_a_second_at_most_and_never_lost(clock: Clock) -> None:
    out = io.StringIO()
    stream = EventStream(out, clock)
    stream.started(TASK)
    for _ in range(40):
        stream.advanced(TASK, 10)
        clock.now += 0.025
    told = [event for event in lines(out) if event["event"] == "advanced"]
    assert [event["done"] for event in told] == [10 + 40 * n for n in range(10)]
    assert {event["total"] for event in told} == {1000}
    assert [event["seconds"] for event in told] == pytest.approx([0.1 * n for n in range(10)])


def test_tasks_at_work_when_the_run_ends_have_failed(clock: Clock) -> None:
    out = io.StringIO()
    stream = EventStream(out, clock)
    done, stopped = Task("solve", ""), Task("download", "b")
    for task in (done, TASK, stopped):
        stream.started(task)
    stream.finished(done, "")
    stream.failed(TASK, "no such file")
    stream.end(130, {"success": False})
    last = [(event["event"], event.get("name"), event.get("reason")) for event in lines(out)[-3:]]
    assert last == [
        ("failed", "a-1-0.conda", "no such file"),
        ("failed", "b", "stopped before it was done"),
        ("result", None, None),
    ]


def test_threads_do_not_mix_their_lines(clock: Clock) -> None:
    out = io.StringIO()
    stream = EventStream(out, clock)

    def work(name: str) -> None:
        for number in range(50):
            stream.started(Task("extract", f"{name}{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({event["name"] for event in lines(out)}) == 200


def test_work_goes_on_without_a_reader_up_to_the_next_question(clock: Clock) -> None:
    class Gone(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    stream = EventStream(Gone(), clock)
    stream.started(TASK)
    stream.finished(TASK, "")
    with pytest.raises(BrokenPipeError):
        stream.prompt("Confirm changes", answer=True)
    with pytest.raises(BrokenPipeError):
        stream.end(0, {})


def test_the_console_tells_messages_and_masks_secrets() -> None:
    out = io.StringIO()
    console = Console(out=out)
    console.open_stream()
    reporter = reporter_for(console)
    reporter.warned("slow: https://user:secret@host/t/tk-1/chan")
    console.say("chatter")
    console.result("a table")
    console.log("debug", "not asked for")
    console.document["url"] = "https://user:secret@host/x"
    console.close(0)
    warned, result = lines(out)
    assert warned == {
        "event": "logged",
        "seconds": warned["seconds"],
        "level": "warning",
        "message": "slow: https://user:*****@host/t/*****/chan",
        "source": "libmamba",
    }
    assert result["document"]["url"] == "https://user:*****@host/x"
    assert [each["message"] for each in result["document"]["log_history"]] == [warned["message"]]


def test_file_names_that_are_no_text_are_escaped(clock: Clock) -> None:
    out = io.StringIO()
    EventStream(out, clock).end(0, {"prefix": "/b\udcff"})
    assert lines(out)[0]["document"]["prefix"] == "/b\udcff"
    assert out.getvalue().isascii()
