"""The plan of a change: what it writes down."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mm_cli.operations.transaction import Change, plan
from mm_solve import Actions


def test_no_secret_reaches_the_history(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = "https://user:secret@host/t/tk-123/chan::numpy"
    monkeypatch.setattr(sys, "argv", ["micromamba", "install", spec])
    history = plan(Change(Path("/p"), Actions(), update_specs=[spec]), {}).history
    assert history is not None
    assert history.update_specs == ("https://host/chan::numpy",)
    assert "secret" not in history.command
    assert "tk-123" not in history.command


def test_the_state_that_was_planned_for_is_handed_on() -> None:
    assert plan(Change(Path("/p"), Actions(), fingerprint="sha256:1"), {}).fingerprint == "sha256:1"
    assert plan(Change(Path("/p"), Actions()), {}).fingerprint == ""
