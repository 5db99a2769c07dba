"""``conda-meta/history``: what was done to an environment, and what was asked for.

The file is a log that conda, micromamba and mm append to and all three read::

    ==> 2026-07-24 16:26:21 <==
    # cmd: micromamba install xtl
    # conda version: 3.8.0
    -https://conda.anaconda.org/conda-forge/linux-64::xtl-0.7-0
    +https://conda.anaconda.org/conda-forge/linux-64::xtl-0.8.0-h84d6215_0
    # update specs: ["xtl"]

>>> entries = parse_history('''==> 2026-07-24 16:26:21 <==
... # cmd: conda install 'libcurl>=7,<8'
... +defaults/linux-64::libcurl-7.1-0
... # update specs: ['libcurl[version=">=7,<8"]', 'xz']
... ''')
>>> entries[0].link, entries[0].update_specs
(('defaults/linux-64::libcurl-7.1-0',), ('libcurl[version=">=7,<8"]', 'xz'))
>>> requested_specs(entries)
{'libcurl': 'libcurl[version=">=7,<8"]', 'xz': 'xz'}
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

__all__ = [
    "HistoryEntry",
    "Revision",
    "format_entry",
    "parse_history",
    "requested_specs",
    "revisions",
    "spec_name",
]

CONDA_VERSION = "3.8.0"
"""The version that micromamba writes into every entry; readers ignore it."""

_HEADER = re.compile(r"==>\s*(.+?)\s*<==")
_COMMENT = re.compile(r"#\s*([a-z ]+?)\s*:\s*(.*)")

_UPDATE_ACTIONS = frozenset({"update specs", "install specs", "create specs"})
_REMOVE_ACTIONS = frozenset({"remove specs", "uninstall specs"})

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")


class HistoryEntry(msgspec.Struct, frozen=True):
    """One block of the history.

    ``link`` and ``unlink`` hold ``<channel URL>/<subdir>::<name-version-build>``.
    An empty ``date`` means now, when the entry is written.
    """

    command: str = ""
    update_specs: tuple[str, ...] = ()
    remove_specs: tuple[str, ...] = ()
    neutered_specs: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    unlink: tuple[str, ...] = ()
    date: str = ""
    conda_version: str = CONDA_VERSION


class Revision(msgspec.Struct, frozen=True):
    """An entry that changed packages, and its number, counted from 0."""

    number: int
    entry: HistoryEntry


def parse_history(text: str) -> tuple[HistoryEntry, ...]:
    """All entries, oldest first. Lines that say nothing known are skipped.

    Text before the first header forms an entry without a date.
    """
    entries: list[HistoryEntry] = []
    date = ""
    lines: list[str] = []
    for line in text.splitlines():
        header = _HEADER.match(line)
        if header is None:
            lines.append(line)
            continue
        if date or any(map(str.strip, lines)):
            entries.append(_entry(date, lines))
        date, lines = header.group(1), []
    if date or any(map(str.strip, lines)):
        entries.append(_entry(date, lines))
    return tuple(entries)


def _entry(date: str, lines: Iterable[str]) -> HistoryEntry:
    command, version = "", ""
    specs: dict[str, tuple[str, ...]] = {"update": (), "remove": (), "neutered": ()}
    link: list[str] = []
    unlink: list[str] = []
    for raw in lines:
        line = raw.strip()
        if line.startswith("+"):
            link.append(line[1:])
        elif line.startswith("-"):
            unlink.append(line[1:])
        elif comment := _COMMENT.match(line):
            key, value = comment.groups()
            if key == "cmd":
                command = value
            elif key == "conda version":
                version = value
            elif key in _UPDATE_ACTIONS:
                specs["update"] = _spec_list(value)
            elif key in _REMOVE_ACTIONS:
                specs["remove"] = _spec_list(value)
            elif key == "neutered specs":
                specs["neutered"] = _spec_list(value)
    return HistoryEntry(
        command=command,
        update_specs=specs["update"],
        remove_specs=specs["remove"],
        neutered_specs=specs["neutered"],
        link=tuple(link),
        unlink=tuple(unlink),
        date=date,
        conda_version=version,
    )


def _spec_list(text: str) -> tuple[str, ...]:
    """A list of texts in Python's or JSON's spelling, or the old comma-separated form."""
    if text.startswith("["):
        # specs hold brackets, commas and either quote: only a real parser will do
        import ast

        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return ()
        return tuple(item for item in value if isinstance(item, str))
    return tuple(item.strip() for item in text.split(",") if item.strip())


def format_entry(entry: HistoryEntry) -> str:
    """The block as text, ending in a newline.

    >>> entry = HistoryEntry("mm install a", ("a",), date="2026-01-02 03:04:05")
    >>> print(format_entry(entry), end="")
    ==> 2026-01-02 03:04:05 <==
    # cmd: mm install a
    # conda version: 3.8.0
    # update specs: ["a"]
    """
    date = entry.date
    if not date:
        import time

        date = time.strftime("%Y-%m-%d %H:%M:%S")
    lines = [
        f"==> {date} <==",
        f"# cmd: {' '.join(entry.command.splitlines())}",
        f"# conda version: {entry.conda_version or CONDA_VERSION}",
        *(f"-{dist}" for dist in entry.unlink),
        *(f"+{dist}" for dist in entry.link),
    ]
    for action, specs in (
        ("update", entry.update_specs),
        ("remove", entry.remove_specs),
        ("neutered", entry.neutered_specs),
    ):
        if specs:
            lines.append(f"# {action} specs: [{', '.join(map(_quoted, specs))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # splitlines knows more line ends than "\n"; an entry must stay on its line
    text = " ".join(text.splitlines()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def revisions(entries: Iterable[HistoryEntry]) -> tuple[Revision, ...]:
    """The entries that linked or unlinked something, numbered from 0."""
    changed = (entry for entry in entries if entry.link or entry.unlink)
    return tuple(Revision(number, entry) for number, entry in enumerate(changed))


def requested_specs(entries: Iterable[HistoryEntry]) -> dict[str, str]:
    """Package name -> the spec last asked for and not removed since.

    Within an entry removals come first, since ``update`` writes its specs into
    both lists. Names that are no longer installed may be among them.
    """
    requested: dict[str, str] = {}
    for entry in entries:
        for spec in entry.remove_specs:
            requested.pop(spec_name(spec), None)
        for spec in (*entry.update_specs, *entry.neutered_specs):
            if name := spec_name(spec):
                requested[name] = spec
    return requested


def spec_name(spec: str) -> str:
    """The package name that a spec's text begins with; "" when it has none.

    >>> spec_name("conda-forge/linux-64::numpy >=1.2"), spec_name('xz[version="5.*"]')
    ('numpy', 'xz')
    >>> spec_name("https://host/chan/noarch/tzdata-2026b-0.conda#sha256:ab")
    'tzdata'
    """
    text = spec.split("#", 1)[0].strip()
    if "://" in text and text.endswith((".conda", ".tar.bz2")):
        fn = text.replace("\\", "/").rpartition("/")[2]
        return fn.rsplit("-", 2)[0].lower() if fn.count("-") >= 2 else ""
    head = re.split(r"[\"'=<>!~ ]", text, maxsplit=1)[0]
    if "::" in head:
        text = text[head.rindex("::") + 2 :].strip()
    match = _NAME.match(text)
    return match.group().rstrip("-.").lower() if match else ""
