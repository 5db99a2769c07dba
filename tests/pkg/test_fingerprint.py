from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mm_pkg.errors import PrefixChanged
from mm_pkg.prefix import HistoryEntry, Prefix
from mm_pkg.transaction import LinkItem, Plan, apply, create_empty


def test_what_is_not_there_is_like_what_is_empty(tmp_path: Path) -> None:
    create_empty(tmp_path / "empty")
    assert Prefix(tmp_path / "none").fingerprint() == Prefix(tmp_path / "empty").fingerprint()


def test_every_change_of_packages_and_history_shows(make: Any, tmp_path: Path) -> None:
    prefix = Prefix(tmp_path / "env")
    seen = [prefix.fingerprint()]
    apply(Plan(prefix.path, link=(LinkItem(make("a", {"f": b"x"})),)))
    seen.append(prefix.fingerprint())
    prefix.append_history(HistoryEntry(command="c", update_specs=("a",)))
    seen.append(prefix.fingerprint())
    apply(Plan(prefix.path, unlink=tuple(prefix.records().values())))
    seen.append(prefix.fingerprint())
    assert len(set(seen)) == len(seen)
    assert prefix.fingerprint() == seen[-1]


def test_notes_that_others_leave_do_not(make: Any, tmp_path: Path) -> None:
    prefix = Prefix(tmp_path / "env")
    apply(Plan(prefix.path, link=(LinkItem(make("a", {"f": b"x"})),)))
    before = prefix.fingerprint()
    (prefix.meta / "pinned").write_text("a 1.*\n")
    prefix.set_env_vars({"A": "1"})
    assert prefix.fingerprint() == before


def test_a_plan_for_another_state_changes_nothing(make: Any, tmp_path: Path) -> None:
    prefix = Prefix(tmp_path / "env")
    planned_for = prefix.fingerprint()
    item = LinkItem(make("a", {"f": b"x"}))
    apply(Plan(prefix.path, link=(item,), fingerprint=planned_for))
    assert (prefix.path / "f").read_bytes() == b"x"
    before = prefix.fingerprint()
    other = LinkItem(make("b", {"g": b"y"}))
    with pytest.raises(PrefixChanged, match="not as it was"):
        apply(Plan(prefix.path, link=(other,), fingerprint=planned_for))
    assert prefix.fingerprint() == before
    assert not (prefix.path / "g").exists()
