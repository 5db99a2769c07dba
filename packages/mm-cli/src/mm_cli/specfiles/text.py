"""Text files: one match spec a line, or ``@EXPLICIT`` and one archive a line (CEP 23)."""

from __future__ import annotations

import os
import re
from pathlib import Path

from mm_cli.specfiles.spec_file import ExplicitPackage, SpecFile, SpecFileError

__all__ = ["parse_explicit_line", "parse_text"]

_HASH = re.compile(r"(?P<md5>[0-9a-f]{32})|(?:sha256:)?(?P<sha256>[0-9a-f]{64})", re.IGNORECASE)


def parse_text(text: str, path: Path) -> SpecFile:
    r"""Read a text file. Raises `SpecFileError`.

    >>> parse_text("# tools\nnumpy >=1.2  # fast\n\n", Path("t.txt")).specs("linux-64")
    ('numpy >=1.2',)
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]
    marks = [i for i, (_, line) in enumerate(lines) if line.startswith("@EXPLICIT")]
    if marks:
        entries = _meaningful(lines[marks[0] + 1 :])
        explicit = tuple(parse_explicit_line(line, f"{path}:{number}") for number, line in entries)
        return SpecFile(path, explicit=explicit)
    specs = tuple(line.partition(" #")[0].rstrip() for _, line in _meaningful(lines))
    if not specs:
        raise SpecFileError(
            f"Got an empty file: {path}",
            hint="A text file holds one match spec a line, or @EXPLICIT.",
        )
    return SpecFile(path, entries=tuple(("", spec) for spec in specs))


def _meaningful(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(number, line) for number, line in lines if line and line[0] not in "#@"]


def parse_explicit_line(line: str, where: str) -> ExplicitPackage:
    """``URL-or-path[#hash]``; *where* is named in errors. Raises `SpecFileError`.

    A hash that is neither an md5 nor a sha256 is an error: nobody writes one
    to have it ignored.
    """
    url, mark, digest = line.partition("#")
    url = os.path.expandvars(os.path.expanduser(url.strip()))
    fn = url.rpartition("/")[2]
    stem = fn.removesuffix(".conda") if fn.endswith(".conda") else fn.removesuffix(".tar.bz2")
    if stem == fn:
        raise SpecFileError(
            f"{where}: {line!r} does not name a package archive",
            hint="Write the URL or path of a .conda or .tar.bz2 file.",
        )
    if stem.count("-") < 2:
        raise SpecFileError(
            f'{where}: Missing name and version in filename "{fn}"',
            hint="Archives are named name-version-build.conda.",
        )
    if not mark:
        return ExplicitPackage(_as_url(url))
    match = _HASH.fullmatch(digest.strip())
    if match is None:
        raise SpecFileError(
            f"{where}: '#{digest}' is neither an md5 nor a sha256",
            hint="Use 32 or 64 hexadecimal digits after '#', or leave it out.",
        )
    found = {key: value.lower() for key, value in match.groupdict().items() if value}
    return ExplicitPackage(_as_url(url), **found)


def _as_url(text: str) -> str:
    return text if "://" in text else Path(text).resolve().as_uri()
