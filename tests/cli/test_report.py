from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from mm_cli.report.console import Console
from mm_cli.report.prompt import confirm
from mm_cli.report.transaction_table import Row, Section, transaction_text
from mm_pkg.record import RepodataRecord


def record(name: str, version: str, size: int = 1234567) -> RepodataRecord:
    return RepodataRecord.from_dict(
        {
            "name": name,
            "version": version,
            "build": "h0_0",
            "build_number": 0,
            "size": size,
            "url": f"https://host/chan/linux-64/{name}-{version}-h0_0.conda",
        }
    )


EXPECTED = """\
Transaction

  Prefix: /r/envs/demo

  Updating specs:

   - zlib

  Package     Version  Build  Channel       Size
──────────────────────────────────────────────────
  Install:
──────────────────────────────────────────────────

  + ca-certs      2.0  h0_0   chan        Cached
  + zlib          1.3  h0_0   chan           1MB

──────────────────────────────────────────────────
  Upgrade:
──────────────────────────────────────────────────

  - xz            5.2  h0_0   chan
  + xz            5.6  h0_0   chan           1MB

  Summary:

  Install: 2 packages
  Upgrade: 1 package

  Total download: 2MB

──────────────────────────────────────────────────"""


def test_the_transaction_is_a_table() -> None:
    cached = record("ca-certs", "2.0")
    text = transaction_text(
        Path("/r/envs/demo"),
        [
            Section("Install", [Row("+", cached), Row("+", record("zlib", "1.3"))], 2),
            Section("Upgrade", [Row("-", record("xz", "5.2")), Row("+", record("xz", "5.6"))], 1),
        ],
        updating=["zlib"],
        cached={cached.url},
        channel_names={"https://host/chan": "chan"},
    )
    assert text == EXPECTED
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [
        ("\n", True, True),
        ("\n", False, False),
        ("y\n", False, True),
        ("No\n", True, False),
        ("perhaps\nyes\n", False, True),
        ("", True, False),
    ],
)
def test_answers(typed: str, default: bool, answer: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    out = io.StringIO()
    got = confirm(Console(out=out), "Confirm changes", default=default, always_yes=False)
    assert got is answer
    assert out.getvalue().startswith(
        "Confirm changes: [Y/n] " if default else "Confirm changes: [y/N] "
    )
    assert ("Aborted." in out.getvalue()) is not answer


def test_json_is_one_document_with_messages_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    console = Console(json=True, out=out)
    console.say("not shown")
    console.result("not shown")
    console.warn("careful")
    console.fail("It failed: https://user:secret@host/t/tk-123/chan", "Try again.", 1)
    console.document["prefix"] = "/p"
    console.close(1)
    document = json.loads(out.getvalue())
    assert document["success"] is False
    assert document["prefix"] == "/p"
    assert document["error"]["hint"] == "Try again."
    assert [entry["level"] for entry in document["log_history"]] == ["warning", "critical"]
    assert "secret" not in out.getvalue()
    assert "tk-123" not in out.getvalue()
    assert capsys.readouterr().err == ""


def test_messages_go_to_stderr_in_micromambas_layout(capsys: pytest.CaptureFixture[str]) -> None:
    Console().fail("The given prefix does not exist: /p", "Create it.")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "critical libmamba The given prefix does not exist: /p",
        "                  Create it.",
    ]


def test_quiet_shows_results_and_errors_only(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(quiet=True)
    console.say("chatter")
    console.result("result")
    assert capsys.readouterr().out == "result\n"


def test_only_urls_are_masked() -> None:
    from mm_cli.report.console import masked

    assert masked("/mnt/t/env at a:b@c") == "/mnt/t/env at a:b@c"
    assert masked("file:///mnt/t/env/pkgs") == "file:///mnt/t/env/pkgs"
    assert masked("see https://u:pw@h/t/tk-1/c now") == "see https://u:*****@h/t/*****/c now"
