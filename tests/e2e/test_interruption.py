"""Ctrl-C in the midst of work: 130, one document, and everything as it was before."""

from __future__ import annotations

import json
import signal
import subprocess
import time

import pytest
from harness import PROGRAM, tree
from test_schemas import validate

REPODATA, ARCHIVES = "path=*repodata*,delay=30", "path=*.conda,delay=30"

MIDST = {
    "create, reading metadata": (REPODATA, ("create", "-n", "new", "greet")),
    "install, reading metadata": (REPODATA, ("install", "-n", "e", "greet=1.0")),
    "install, downloading": (ARCHIVES, ("install", "-n", "e", "greet=1.0")),
    "update, reading metadata": (REPODATA, ("update", "-n", "e", "--all")),
    "env lock, reading metadata": (REPODATA, ("env", "lock", "greet")),
    "search, reading metadata": (REPODATA, ("search", "greet")),
    "why-not, reading metadata": (REPODATA, ("why-not", "-n", "e", "greet=1.0")),
}


@pytest.mark.parametrize(("fault", "words"), MIDST.values(), ids=MIDST)
def test_interrupted(mm, small_channel, serve, fault: str, words) -> None:
    mm("create", "-y", "-q", "-n", "e", "-c", small_channel, "greet=2.0")
    before = tree(mm.root / "envs")
    server = serve(small_channel, faults=[fault])
    argv = [PROGRAM, *words, "-c", server.url, "--override-channels", "--json"]
    process = subprocess.Popen(
        argv, env=mm.environ, cwd=mm.home,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while not any(rule.seen for rule in server.http.rules) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=25)
    assert process.returncode == 130, out + err
    document = json.loads(out)
    validate(document, "common.json")
    assert document["error"]["code"] == 130
    assert "Traceback" not in err
    assert tree(mm.root / "envs") == before
