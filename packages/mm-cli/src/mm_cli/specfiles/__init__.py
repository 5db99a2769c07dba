"""Files that say what to install: text, YAML and explicit."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mm_cli.specfiles.spec_file import ExplicitPackage, SpecFile, SpecFileError

__all__ = ["ExplicitPackage", "SpecFile", "SpecFileError", "read_spec_files"]


def read_spec_files(paths: Iterable[str]) -> tuple[SpecFile, ...]:
    """Read every file; all must be of one kind. Raises `SpecFileError`."""
    paths = list(paths)
    for text in paths:
        if "://" in text:
            raise SpecFileError(
                f"{text}: spec files are not read from a server yet",
                hint="Download the file, and give its path.",
            )
    files = [_read(Path(text).expanduser()) for text in paths]
    kinds = {_kind(file.path) for file in files}
    if len(kinds) > 1:
        raise SpecFileError(
            "found multiple spec file types, all spec files must be of same format "
            "(yaml, txt, explicit spec, etc.)",
            hint="Give the files to separate commands, one after the other.",
        )
    return tuple(files)


def _kind(path: Path) -> str:
    if path.name.endswith(("-lock.yml", "-lock.yaml", ".json")):
        return "lock"
    return "yaml" if path.suffix in (".yml", ".yaml") else "text"


def _read(path: Path) -> SpecFile:
    from mm_cli.specfiles.environment_yaml import parse_environment_yaml
    from mm_cli.specfiles.text import parse_text

    kind = _kind(path)
    if kind == "lock":
        raise SpecFileError(
            f"{path}: lock files are not understood yet",
            hint="Export the environment as an @EXPLICIT file and use that.",
        )
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecFileError(
            f"{path}: file not found", hint="Check the path given with -f."
        ) from None
    except UnicodeDecodeError as error:
        raise SpecFileError(f"{path}: not a text file ({error.reason})") from None
    except OSError as error:
        raise SpecFileError(f"{path}: {error.strerror}") from None
    return parse_environment_yaml(text, path) if kind == "yaml" else parse_text(text, path)
