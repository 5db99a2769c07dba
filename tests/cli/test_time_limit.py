"""A solve whose time is used up: what is told of it."""

from __future__ import annotations

import pytest

from mm_solve import search


def test_a_solve_that_takes_too_long(user, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CLOCK_EVERY", 1)
    words = ("create", "-n", "e", "-c", str(user.channel), "greet", "--solver-timeout", "1e-9")
    document = user.document("transaction.json", *words, code=1)
    assert document["stalemate"].keys() == {"packages", "conflicts", "decisions", "names"}
    assert document["advice"] == document["error"]["hint"]
    assert "no solution was found in" in document["error"]["message"]
    assert user.run(*words) == 1
    assert "solver_timeout" in user.err
