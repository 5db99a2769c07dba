"""--json-stream: events as they happen, one JSON object a line, the result last."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from harness import PROGRAM, Micromamba, Result
from test_schemas import validate

Events = list[dict[str, Any]]


def events(result: Result, code: int = 0) -> Events:
    """What was printed; each line keeps to the schema, and the result comes last."""
    assert result.code == code, str(result)
    told = [json.loads(line) for line in result.out.splitlines()]
    for event in told:
        validate(event, "event.json")
    assert [event["event"] for event in told].index("result") == len(told) - 1
    assert told[-1]["code"] == code
    assert told[-1]["document"]["success"] is (code == 0)
    times = [event["seconds"] for event in told]
    assert times == sorted(times)
    return told


def of(told: Events, kind: str, phase: str = "") -> Events:
    return [e for e in told if e["event"] == kind and (not phase or e["phase"] == phase)]


@pytest.fixture
def stream(mm: Micromamba) -> Callable[..., Events]:
    def run(*words: object, code: int = 0, **environ: str) -> Events:
        return events(mm.run(*map(str, words), "--json-stream", **environ), code)

    return run


def test_a_transaction_from_the_first_task_to_the_document(mm, stream, small_channel) -> None:
    words = ("-n", "e", "-c", small_channel, "--override-channels", "greet")
    told = stream("create", *words)
    phases = list(dict.fromkeys(e["phase"] for e in told if "phase" in e))
    assert phases == ["index", "solve", "download", "extract", "link"]
    for phase in ("solve", "download", "extract", "link"):
        begun = [e["name"] for e in of(told, "started", phase)]
        assert sorted(begun) == sorted(e["name"] for e in of(told, "finished", phase))
        assert len(begun) == (1 if phase == "solve" else 3)
    assert of(told, "prompt") == [
        {**of(told, "prompt")[0], "question": "Confirm changes", "answer": True}
    ]
    whole = [e for e in of(told, "advanced", "download") if e["done"] == e["total"]]
    assert len(whole) == 3
    document = told[-1]["document"]
    validate(document, "transaction.json")
    assert len(document["actions"]["LINK"]) == 3
    assert mm.records("e").keys() == {"greet", "greet-phrases", "greet-language"}


def test_the_last_document_is_the_one_of_json(mm, stream, small_channel) -> None:
    words = ("create", "-n", "e", "-c", small_channel, "greet", "--dry-run")
    assert stream(*words)[-1]["document"] == mm(*words, "--json").json()


def test_failures(stream, small_channel) -> None:
    told = stream("create", "-n", "e", "-c", small_channel, "greet>9", code=1)
    assert of(told, "failed", "solve")
    assert of(told, "logged")[-1]["level"] == "critical"
    assert told[-1]["document"]["solver_problems"]
    told = stream("create", "--no-such-option", code=109)
    assert [e["event"] for e in told] == ["logged", "result"]
    assert stream("list", "--json", code=108)[-1]["document"]["error"]["code"] == 108
    assert stream("list", "-n", "nobody", code=1)[-1]["document"]["error"]["hint"]


def test_results_of_short_commands(mm, stream, small_channel) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet-language")
    packages = stream("list", "-n", "e")[-1]["document"]["packages"]
    assert [package["name"] for package in packages] == ["greet-language"]
    assert stream("--version")[-1]["document"]["version"]
    assert stream("clean", "--all")[-1]["event"] == "result"


def test_it_beats_the_setting_called_json(mm, stream, small_channel) -> None:
    words = ("search", "-c", small_channel, "greet")
    assert stream(*words, MAMBA_JSON="true")[-1]["event"] == "result"


def test_help_is_help(mm) -> None:
    assert mm("create", "--json-stream", "--help").out.startswith("Create an environment.")


def test_secrets_are_masked(mm, stream, small_channel, serve) -> None:
    server = serve(small_channel)
    url = server.url.replace("http://", "http://user:hidden-word@") + "/t/hidden-token/nowhere"
    for word in (url, f"{url}::greet", "greet"):
        done = mm.run("create", "-n", "e", "-c", url, word, "--json-stream", "-vv")
        assert done.code == 1
        assert "hidden" not in done.out + done.err
    done = mm.run("create", "-n", "e", "-f", f"{url}/environment.yml", "--json-stream")
    assert "hidden" not in done.out + done.err
    assert "/nowhere/environment.yml" in done.out


def test_ctrl_c_ends_what_was_under_way_and_still_tells_the_result(
    mm, small_channel, serve
) -> None:
    server = serve(small_channel, faults=["path=*.conda,delay=20"])
    words = ["create", "-n", "e", "-c", server.url, "greet", "--json-stream"]
    process = subprocess.Popen(
        [PROGRAM, *words], env=mm.environ, cwd=mm.home, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if '"download"' in line:
            process.send_signal(signal.SIGINT)
            break
    lines += process.stdout
    told = events(Result(tuple(words), process.wait(60), "".join(lines), ""), 130)
    assert told[-1]["document"]["error"]["code"] == 130
    assert of(told, "failed", "download")
    assert not mm.env("e").exists()


def test_a_reader_that_goes_away(mm, small_channel) -> None:
    words = f"create -n e -c {small_channel} greet --json-stream --dry-run"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{PROGRAM}' {words} | head -n 1"],
        env=mm.environ, cwd=mm.home, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout)["event"] == "started"
    assert done.stderr == ""
