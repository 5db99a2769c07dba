"""A setting in force: its value, who gave it, and who was overruled."""

from __future__ import annotations

from mm_config.frozen import Frozen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from mm_config.keys import Key
    from mm_config.values import Lines

    SourceKind = Literal["api", "cli", "env", "rc", "fallback", "default"]

__all__ = ["DEFAULT", "FALLBACK", "Candidate", "Setting", "Source", "merge"]


class Source(Frozen):
    """Where a value stands.

    kind  -- "api", "cli", "env", "rc"; "fallback" and "default" when nobody set it
    label -- as people see it: ``CLI``, a variable's name, ``~/.condarc``
    path  -- the file, for "rc"
    line  -- the line in it, from 1; 0 when unknown
    """

    __slots__ = ("kind", "label", "line", "path")
    kind: SourceKind
    label: str
    path: str
    line: int

    def __init__(self, kind: SourceKind, label: str, path: str = "", line: int = 0) -> None:
        self._set(kind=kind, label=label, path=path, line=line)

    def at(self, line: int) -> Source:
        """The same source, at *line*."""
        return Source(self.kind, self.label, self.path, line)

    def __str__(self) -> str:
        return f"{self.label}:{self.line}" if self.line else self.label


DEFAULT = Source("default", "default")
FALLBACK = Source("fallback", "fallback")


class Candidate(Frozen):
    """The value that one source gives to one setting.

    source -- which, at the line where the value begins
    value  -- of the setting's type; sequences are tuples
    lines  -- for sequences and maps from files: the line of each part
    """

    __slots__ = ("lines", "source", "value")
    source: Source
    value: object
    lines: Lines

    def __init__(self, source: Source, value: object, lines: Lines = ()) -> None:
        self._set(source=source, value=value, lines=lines)


class Setting(Frozen):
    """The value of a setting and where it comes from.

    key        -- the row of the table
    value      -- in force: bool, int, float, str, a tuple of str, or a dict
    candidates -- what every source says, the strongest first
    parts      -- sequences: the source of each element, in order;
                  maps: the sources of each entry, in the order of the names
    """

    __slots__ = ("candidates", "key", "parts", "value")
    key: Key
    value: object
    candidates: tuple[Candidate, ...]
    parts: tuple[tuple[Source, ...], ...]

    def __init__(
        self,
        key: Key,
        value: object,
        candidates: tuple[Candidate, ...] = (),
        parts: tuple[tuple[Source, ...], ...] = (),
    ) -> None:
        self._set(key=key, value=value, candidates=candidates, parts=parts)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Who has a say: one source an element for a sequence that is not empty, else
        all that give a value, the strongest first.
        """
        if self.key.is_sequence and self.parts:
            return tuple(sources[0] for sources in self.parts)
        return tuple(candidate.source for candidate in self.candidates) or (DEFAULT,)

    @property
    def winners(self) -> tuple[Candidate, ...]:
        """The candidates that the value is made of."""
        if not self.parts:
            return self.candidates[:1]
        used = {(sources[0].kind, sources[0].label) for sources in self.parts}
        return tuple(c for c in self.candidates if (c.source.kind, c.source.label) in used)

    @property
    def losers(self) -> tuple[Candidate, ...]:
        """The candidates that had no effect."""
        winners = self.winners
        return tuple(candidate for candidate in self.candidates if candidate not in winners)

    @property
    def configured(self) -> bool:
        """Whether anybody set it: neither its default nor a fallback."""
        return any(c.source.kind not in ("fallback", "default") for c in self.candidates)

    def with_value(
        self, value: object, parts: tuple[tuple[Source, ...], ...] | None = None
    ) -> Setting:
        """The same setting with another *value* (and sources of its *parts*)."""
        return Setting(self.key, value, self.candidates, self.parts if parts is None else parts)

    def __hash__(self) -> int:
        return hash((self.key.name, repr(self.value)))


def merge(key: Key, candidates: Iterable[Candidate]) -> Setting:
    """The setting that *candidates*, the strongest first, amount to.

    Scalars: the strongest counts. Sequences: one after the other, without
    duplicates. Maps: by key, the strongest for each. The default counts only
    when there is no candidate at all.

    >>> from mm_config.keys import KEYS
    >>> cli, rc = Source("cli", "CLI"), Source("rc", "~/.condarc")
    >>> both = [Candidate(cli, ("a", "b")), Candidate(rc, ("b", "c"))]
    >>> setting = merge(KEYS["channels"], both)
    >>> setting.value, [source.label for source in setting.sources]
    (('a', 'b', 'c'), ['CLI', 'CLI', '~/.condarc'])
    """
    given = tuple(candidates)
    if key.is_sequence:
        return _merged_sequence(key, given)
    if key.is_map:
        return _merged_map(key, given)
    return Setting(key, given[0].value if given else key.default, given)


def _merged_sequence(key: Key, candidates: tuple[Candidate, ...]) -> Setting:
    if not candidates:
        default = key.default or ()
        assert isinstance(default, tuple)
        return Setting(key, default, (), ((DEFAULT,),) * len(default))
    elements: dict[str, tuple[Source, ...]] = {}
    for candidate in candidates:
        assert isinstance(candidate.value, tuple)
        lines = candidate.lines
        if not isinstance(lines, tuple) or not lines:
            lines = (candidate.source.line,) * len(candidate.value)
        for element, line in zip(candidate.value, lines, strict=True):
            elements.setdefault(element, (candidate.source.at(line),))
    return Setting(key, tuple(elements), candidates, tuple(elements.values()))


def _merged_map(key: Key, candidates: tuple[Candidate, ...]) -> Setting:
    values: dict[str, object] = {}
    sources: dict[str, list[Source]] = {}
    for candidate in candidates:
        assert isinstance(candidate.value, dict)
        lines = candidate.lines if isinstance(candidate.lines, dict) else {}
        for name, value in candidate.value.items():
            values.setdefault(name, value)
            sources.setdefault(name, []).append(candidate.source.at(lines.get(name, 0)))
    names = sorted(values)
    return Setting(
        key,
        {name: values[name] for name in names},
        candidates,
        tuple(tuple(sources[name]) for name in names),
    )
