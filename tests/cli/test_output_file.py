"""Where ``-o`` and ``--file`` write: files are replaced, links and pipes are not."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Thread

import pytest

from mm_cli.errors import CliError
from mm_cli.report.output_file import write_output


def test_a_file_is_replaced_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "link").symlink_to("file")
    assert write_output(str(tmp_path / "link"), "it", b"new") == tmp_path / "link"
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"file", "link"}


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    write_output(str(tmp_path / "pipe"), "it", b"new")
    reader.join()
    assert read == [b"new"]
    assert (tmp_path / "pipe").is_fifo()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CliError, match=r"no folder .*/none to write the plan to"):
        write_output(str(tmp_path / "none" / "plan.json"), "the plan", b"")
