"""``~/.conda/environments.txt``: the environments known on this machine.

One absolute path a line, shared with conda and micromamba. The list is a
convenience: where it cannot be written, nothing fails.
"""

from __future__ import annotations

from pathlib import Path

from mm_pkg.prefix.atomic_file import replace_file

__all__ = ["known_environments", "register_environment", "unregister_environment"]

_BUILD_MARKS = ("placehold_pl", "skeleton_")
"""Parts of the names of conda-build's temporary environments."""


def known_environments(file: Path) -> tuple[Path, ...]:
    """The listed paths, in order, each once. Empty when *file* cannot be read."""
    try:
        text = file.read_text("utf-8", "surrogateescape")
    except OSError:
        return ()
    lines = (line.strip() for line in text.splitlines())
    return tuple(dict.fromkeys(Path(line) for line in lines if line and not line.startswith("#")))


def register_environment(prefix: Path, file: Path) -> bool:
    """Add *prefix* unless it is listed. True when *file* lists it afterwards.

    conda-build's temporary environments are not listed.
    """
    text = str(prefix).rstrip("/\\") or str(prefix)
    if any(mark in text for mark in _BUILD_MARKS) or "\n" in text:
        return False
    if Path(text) in known_environments(file):
        return True
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # one small append: two processes that register at once both succeed
        with open(file, "ab+") as stream:
            stream.seek(0, 2)
            if stream.tell():
                stream.seek(-1, 2)
                if stream.read(1) != b"\n":
                    text = "\n" + text
            stream.write(text.encode("utf-8", "surrogateescape") + b"\n")
    except OSError:
        return False
    return True


def unregister_environment(prefix: Path, file: Path) -> bool:
    """Take *prefix* off the list. True when *file* does not list it afterwards."""
    known = known_environments(file)
    if prefix not in known:
        return True
    lines = "".join(f"{path}\n" for path in known if path != prefix)
    try:
        replace_file(file, lines.encode("utf-8", "surrogateescape"), durable=False)
    except OSError:
        return False
    return True
