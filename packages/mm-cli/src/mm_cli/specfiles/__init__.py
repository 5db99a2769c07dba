"""Files that say what to install: text, explicit, YAML, and locks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from mm_cli.specfiles.spec_file import ExplicitPackage, SpecFile, SpecFileError

if TYPE_CHECKING:
    from mm_channels import Transport
    from mm_cli.specfiles.source import SpecText
    from mm_cli.specfiles.yaml_nodes import MappingNode

__all__ = ["ExplicitPackage", "SpecFile", "SpecFileError", "parse_spec_file", "read_spec_files"]


def read_spec_files(
    given: Iterable[str], transport: Callable[[], Transport]
) -> tuple[SpecFile, ...]:
    """Read every file: paths, addresses, or ``-``; all must be of one kind.

    transport -- gives the network; called for addresses only
    Raises `SpecFileError`, and for addresses `mm_channels.errors.NetworkError`.
    """
    from mm_cli.specfiles.source import STDIN, read_text

    names = list(given)
    if names.count(STDIN) > 1:
        raise SpecFileError("-f - is given twice", hint="Standard input can be read only once.")
    files = tuple(parse_spec_file(read_text(name, transport)) for name in names)
    if len({_family(file) for file in files}) > 1:
        raise SpecFileError(
            "found multiple spec file types, all spec files must be of same format "
            "(yaml, txt, explicit spec, etc.)",
            hint="Give the files to separate commands, one after the other.",
        )
    return files


def _family(file: SpecFile) -> str:
    return "text" if file.kind == "explicit" else file.kind


def parse_spec_file(source: SpecText) -> SpecFile:
    """Understand one file, whatever it is. Raises `SpecFileError`."""
    from mm_cli.specfiles.recognition import kind_of

    text, label, folder = source.text, source.label, source.folder
    kind = kind_of(text, source.name)
    if kind == "yaml":
        return _parse_yaml(source)
    from mm_cli.specfiles.text import parse_explicit, parse_specs

    return (parse_explicit if kind == "explicit" else parse_specs)(text, label, folder)


def _parse_yaml(source: SpecText) -> SpecFile:
    from mm_cli.specfiles.environment_yaml import parse_environment
    from mm_cli.specfiles.yaml_nodes import MappingNode as Mapping
    from mm_cli.specfiles.yaml_nodes import read_yaml

    document = read_yaml(source.text, source.label)
    if isinstance(document, Mapping):
        lock = _parse_lock(document, source)
        if lock is not None:
            return lock
    return parse_environment(document, source.text, source.label, source.folder)


def _parse_lock(document: MappingNode, source: SpecText) -> SpecFile | None:
    keys = document.entries.keys()
    if not keys & {"package", "packages", "lockVersion"}:
        return None  # an environment: it needs none of the modules below
    from mm_cli.specfiles.conda_lock import is_conda_lock, parse_conda_lock
    from mm_cli.specfiles.mambajs_lock import is_mambajs_lock, parse_mambajs_lock
    from mm_cli.specfiles.pixi_lock import is_pixi_lock, parse_pixi_lock

    if is_mambajs_lock(document):
        lock = parse_mambajs_lock(document, source.label)
    elif is_pixi_lock(document):
        lock = parse_pixi_lock(document, source.label, source.folder)
    elif is_conda_lock(document):
        lock = parse_conda_lock(document, source.label)
    else:
        return None
    return SpecFile(source.label, source.folder, "lock", lock=lock)
