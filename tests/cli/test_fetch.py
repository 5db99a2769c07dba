"""Downloads and extractions as one: what happens when a part of it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from mm_cli.operations.fetch import Located, fetch
from mm_pkg.cancellation import Cancellation
from mm_pkg.record import RepodataRecord
from mm_pkg.reporter import SILENT


class Broken(Exception):
    """An extraction that fails."""


class BrokenCache:
    """A package cache that can extract nothing."""

    def archive_path(self, record: RepodataRecord) -> Path:
        return Path("/nowhere") / record.fn

    def extract(self, *_: Any, **__: Any) -> None:
        raise Broken


def test_a_failed_extraction_stops_the_downloads_and_is_what_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[bool] = []

    def endless_download(*_: Any, cancellation: Cancellation, **__: Any) -> None:
        waited.append(True)
        cancellation.wait(30)  # raises Cancelled as soon as somebody cancels
        pytest.fail("the download was not stopped")

    monkeypatch.setattr("mm_channels.download", endless_download)
    archived = RepodataRecord.from_url("https://h/c/noarch/a-1-0.conda")
    missing = RepodataRecord.from_url("https://h/c/noarch/b-1-0.conda")
    located = Located({}, ((Path("/nowhere/a-1-0.conda"), archived),), (missing,))
    with pytest.raises(Broken):
        fetch(
            located,
            cast(Any, BrokenCache()),
            cast(Any, None),
            threads=1,
            extract_threads=1,
            reporter=SILENT,
            cancellation=Cancellation(),
        )
    assert waited
