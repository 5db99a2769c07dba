"""Text files: one match spec a line, or ``@EXPLICIT`` and one archive a line (CEP 23)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from mm_cli.specfiles.spec_file import ExplicitPackage, SpecFile, SpecFileError, check_spec

if TYPE_CHECKING:
    from mm_cli.specfiles.lock_content import LockContent

__all__ = ["explicit_text", "parse_explicit", "parse_explicit_line", "parse_specs"]

_HASH = r"(?P<md5>[0-9a-fA-F]{32})|(?:sha256:)?(?P<sha256>[0-9a-fA-F]{64})"
_PLATFORM = r"#\s*platform:\s*(\S+)\s*$"


def parse_specs(text: str, label: str, folder: Path) -> SpecFile:
    r"""Read a file of match specs. Raises `SpecFileError`.

    >>> parse_specs("# tools\nnumpy >=1.2  # fast\n\n", "t.txt", Path()).specs("linux-64")
    ('numpy >=1.2',)
    """
    specs = [
        check_spec(line.partition(" #")[0].rstrip(), f"{label}:{number}")
        for number, line in _meaningful(_numbered(text))
    ]
    if not specs:
        raise SpecFileError(
            f"Got an empty file: {label}",
            hint="A text file holds one match spec a line, or @EXPLICIT.",
        )
    return SpecFile(label, folder, "text", entries=tuple(("", spec) for spec in specs))


def parse_explicit(text: str, label: str, folder: Path) -> SpecFile:
    """Read an explicit file: what follows its mark. Raises `SpecFileError`."""
    lines = _numbered(text)
    mark = next(i for i, (_, line) in enumerate(lines) if line.startswith("@EXPLICIT"))
    platforms = [match[1] for _, line in lines if (match := re.match(_PLATFORM, line))]
    entries = _meaningful(lines[mark + 1 :])
    return SpecFile(
        label,
        folder,
        "explicit",
        explicit=tuple(parse_explicit_line(line, f"{label}:{number}") for number, line in entries),
        platforms=tuple(platforms),
    )


def _numbered(text: str) -> list[tuple[int, str]]:
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1)]


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
    match = re.fullmatch(_HASH, digest.strip())
    if match is None:
        raise SpecFileError(
            f"{where}: '#{digest}' is neither an md5 nor a sha256",
            hint="Use 32 or 64 hexadecimal digits after '#', or leave it out.",
        )
    found = {key: value.lower() for key, value in match.groupdict().items() if value}
    return ExplicitPackage(_as_url(url), **found)


def _as_url(text: str) -> str:
    return text if "://" in text else Path(text).resolve().as_uri()


def explicit_text(content: LockContent, platform: str) -> str:
    """The packages of one platform as an explicit file, dependencies first."""
    lines = [f"# platform: {platform}", "@EXPLICIT"]
    for record in content.records(platform):
        digest = f"#sha256:{record.sha256}" if record.sha256 else f"#{record.md5}"
        lines.append(record.url + (digest if record.sha256 or record.md5 else ""))
    return "\n".join(lines) + "\n"
