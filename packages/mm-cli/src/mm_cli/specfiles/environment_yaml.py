"""``environment.yml`` (CEP 24): name, channels, dependencies, variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mm_cli.specfiles.spec_file import SELECTORS, SpecFile, SpecFileError

__all__ = ["parse_environment_yaml"]

_SELECTOR = re.compile(rf"sel\(({'|'.join(SELECTORS)})\)")


def parse_environment_yaml(text: str, path: Path) -> SpecFile:
    """Read a YAML environment. Raises `SpecFileError`."""
    document = _load(text, path)
    if document is None:
        raise SpecFileError(
            f"Got an empty file: {path}", hint="Expected 'dependencies:' and a list."
        )
    if not isinstance(document, dict):
        raise SpecFileError(
            f"{path}: expected keys such as 'dependencies:', found a {_kind(document)}"
        )
    name = document.get("name")
    if name is not None and (not isinstance(name, str) or "/" in name or "\\" in name):
        raise SpecFileError(f"{path}: 'name' is not the name of an environment: {name!r}")
    entries, pip = _dependencies(document.get("dependencies"), path)
    return SpecFile(
        path,
        entries=tuple(entries),
        channels=tuple(_expanded(c) for c in _texts(document.get("channels"), "channels", path)),
        name=name or "",
        pip=tuple(pip),
        variables=_variables(document.get("variables"), path),
    )


def _load(text: str, path: Path) -> Any:
    import yaml

    # The C loader overflows the stack on deeply nested text; Python's raises an exception.
    try:
        return yaml.load(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise SpecFileError(f"{path}: nested too deeply to be an environment file") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else str(path)
        raise SpecFileError(f"{where}: not valid YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        reason = str(error).replace("\n", " ")
        raise SpecFileError(f"{path}: not valid YAML: {reason}") from None


def _dependencies(entries: Any, path: Path) -> tuple[list[tuple[str, str]], list[str]]:
    specs: list[tuple[str, str]] = []
    pip: list[str] = []
    for entry in _list(entries, "dependencies", path):
        if isinstance(entry, str):
            specs.append(("", entry))
        elif isinstance(entry, dict) and len(entry) == 1:
            (key, content), *_ = entry.items()
            selector = _SELECTOR.fullmatch(str(key))
            if key == "pip":
                pip += _texts(content, "pip", path)
            elif selector and isinstance(content, str):
                specs.append((selector[1], content))
            else:
                raise SpecFileError(
                    f"{path}: cannot use the entry {key!r} of 'dependencies'",
                    hint="Known are 'pip:' with a list, and sel(unix|linux|osx|win) with a spec.",
                )
        else:
            raise SpecFileError(
                f"{path}: an entry of 'dependencies' is a {_kind(entry)}: {entry!r}",
                hint="Write a match spec; quote it if it looks like a number.",
            )
    return specs, pip


def _variables(content: Any, path: Path) -> Mapping[str, str]:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise SpecFileError(f"{path}: 'variables' is a {_kind(content)}, expected NAME: value")
    return {str(key).upper(): _scalar(value) for key, value in content.items()}


def _scalar(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _texts(content: Any, key: str, path: Path) -> list[str]:
    entries = _list(content, key, path)
    for entry in entries:
        if not isinstance(entry, str):
            raise SpecFileError(f"{path}: an entry of '{key}' is a {_kind(entry)}: {entry!r}")
    return list(entries)


def _list(content: Any, key: str, path: Path) -> Sequence[Any]:
    if content is None:
        return []
    if not isinstance(content, list):
        raise SpecFileError(
            f"{path}: '{key}' is a {_kind(content)}, expected a list",
            hint=f"Write '{key}:' and '- …' lines.",
        )
    return content


def _kind(value: object) -> str:
    names = {dict: "mapping", list: "list", str: "text", bool: "truth value", type(None): "nothing"}
    return names.get(type(value), "number")


def _expanded(text: str) -> str:
    return os.path.expandvars(text)
