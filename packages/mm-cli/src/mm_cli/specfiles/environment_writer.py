"""Writing ``environment.yml``, as `mm_cli.specfiles.environment_yaml` reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

__all__ = ["EnvironmentFile"]


class EnvironmentFile(msgspec.Struct, frozen=True):
    """The content of an environment file.

    prefix -- where the environment was; None leaves it out
    """

    name: str
    channels: Sequence[str] = ()
    dependencies: Sequence[str] = ()
    pip: Sequence[str] = ()
    variables: Mapping[str, str] = {}
    prefix: str | None = None

    def data(self) -> dict[str, Any]:
        """As plain values, as the file holds them."""
        dependencies: list[Any] = list(self.dependencies)
        if self.pip:
            dependencies.append({"pip": list(self.pip)})
        data: dict[str, Any] = {
            "name": self.name,
            "channels": list(self.channels),
            "dependencies": dependencies,
        }
        if self.variables:
            data["variables"] = dict(self.variables)
        if self.prefix is not None:
            data["prefix"] = self.prefix
        return data

    def text(self) -> str:
        r"""As YAML, in micromamba's layout; without the last line end.

        >>> file = EnvironmentFile("py", ["conda-forge"], ["python=3.13"], ["x==1"])
        >>> print(file.text())
        name: py
        channels:
          - conda-forge
        dependencies:
          - python=3.13
          - pip:
            - x==1
        """
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"name: {scalar(self.name)}"
        yield "channels:" if self.channels else "channels: []"
        yield from (f"  - {scalar(channel)}" for channel in self.channels)
        yield "dependencies:" if self.dependencies or self.pip else "dependencies: []"
        yield from (f"  - {scalar(spec)}" for spec in self.dependencies)
        if self.pip:
            yield "  - pip:"
            yield from (f"    - {scalar(requirement)}" for requirement in self.pip)
        if self.variables:
            yield "variables:"
            yield from (f"  {scalar(k)}: {scalar(v)}" for k, v in self.variables.items())
        if self.prefix is not None:
            yield ""
            yield f"prefix: {_quoted(self.prefix)}"


def scalar(text: str) -> str:
    """*text* so that YAML reads a text again, quoted only where it must be.

    >>> scalar("numpy=2.1=py_0"), scalar("yes"), scalar("1.10"), scalar("a: b")
    ('numpy=2.1=py_0', "'yes'", "'1.10'", "'a: b'")
    """
    import sys

    import yaml

    dumped: str = yaml.safe_dump(
        [text], default_flow_style=False, allow_unicode=True, width=sys.maxsize
    )
    return dumped.removeprefix("- ").rstrip("\n") if dumped.count("\n") == 1 else _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes, on one line: JSON's escapes are YAML's."""
    import json

    return json.dumps(text, ensure_ascii=False)
