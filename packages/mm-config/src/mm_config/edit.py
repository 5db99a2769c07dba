"""Changing configuration files: what is not changed stays as it is, to the byte.

Only this module writes. A list of one ``- item``
a line is edited line by line; of anything else the lines of the one setting are
written anew by ruamel.yaml, which keeps comments, order and quotes. Whatever the
way, the result is read again before it counts: it must say what was asked for,
and of all other settings what it said before.
"""

from __future__ import annotations

import os

from mm_config.assignment import key_of, meant, plain_map
from mm_config.atomic_file import alone_in, replace_file
from mm_config.errors import BadValue, InvalidKey, RcFileError
from mm_config.rc_document import DocumentError, parse
from mm_config.rc_outline import Entry, after_comments, outline
from mm_config.rc_rewriting import (
    newline,
    put,
    rewritten,
    style_of,
    with_items,
    with_newlines,
)
from mm_config.rcfiles import LARGEST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, MutableMapping, Sequence
    from typing import Any

    from mm_config.resolve import Config
    from mm_config.values import Located

    Value = str | list[str] | dict[str, Any]
    Document = MutableMapping[str, Any]

__all__ = ["RcEditor", "edited_path"]

BY_HAND = "Edit the file by hand."


def edited_path(
    config: Config, *, file: str = "", system: bool = False, environment: bool = False
) -> str:
    """The file that `config set` and its relatives edit.

    file        -- this one, ``~`` and relative paths understood
    system      -- the one for all users: ``/etc/conda/.condarc``
    environment -- that of the target prefix
    Default: ``~/.condarc``. Raises `NoTargetPrefix`.
    """
    machine = config.machine
    if file:
        return machine.absolute(file)
    if system:
        return machine.join(machine.system_dirs[0], ".condarc")
    if environment:
        prefix = config.text("target_prefix")
        if not prefix:
            from mm_config.errors import NoTargetPrefix

            raise NoTargetPrefix(
                "No target prefix specified", hint="Name one with -n NAME or -p PATH."
            )
        return machine.join(prefix, ".condarc")
    return machine.join(machine.home, ".condarc")


class RcEditor:
    """A configuration file being edited; `save` writes it.

    path  -- the file
    label -- how messages call it
    text  -- as it is to be; "" for a file that is new

    A setting is named as in the file; one entry of a map is ``map.entry``.
    """

    __slots__ = ("_before", "_mark", "_steps", "label", "path", "text")
    path: str
    label: str
    text: str

    def __init__(self, path: str, text: str = "", *, label: str = "") -> None:
        """Edit *text*, to be stored at *path*. Raises `RcFileError` if it holds no settings."""
        self.path = path
        self.label = label or path
        self._steps: list[Callable[[RcEditor], object]] = []
        self._mark = text[:1] if text.startswith("\ufeff") else ""
        self.text = self._before = text.removeprefix("\ufeff")
        self._parsed(self.text)

    @classmethod
    def open(cls, path: str, *, label: str = "", create: bool = False) -> RcEditor:
        """Edit the file at *path*.

        create -- a missing file is an empty one
        Raises `RcFileError` when it is missing or cannot be read, or holds no settings.
        """
        label = label or path
        try:
            with open(path, "rb") as stream:
                data = stream.read(LARGEST + 1)
            if len(data) > LARGEST:
                raise _unusable(label, path, f"has more than {LARGEST} bytes")
            return cls(path, data.decode("utf-8"), label=label)
        except FileNotFoundError:
            if create:
                return cls(path, label=label)
            raise RcFileError(
                f"RC file does not exist at {path}",
                path=path,
                hint="`config sources` shows the files in use; --file names another.",
            ) from None
        except OSError as error:
            raise _unusable(label, path, f"cannot be read: {error.strerror or error}") from None
        except UnicodeDecodeError:
            raise _unusable(label, path, "is not UTF-8 text") from None

    def value(self, name: str) -> Value | None:
        """What the file says of *name*, as texts; None for nothing.

        Other tools' settings, and misspelt ones, can be asked for as well.
        """
        *outer, last = self._place(name)
        found: Any = plain_map(self._parsed(self.text))
        for step in outer:
            found = found.get(step)
            if not isinstance(found, dict):
                return None
        value: Value | None = found.get(last)
        return value

    def set(self, name: str, text: str) -> None:
        """Give the setting *name* the value that *text* means, as an environment variable would.

        Raises `InvalidKey`, `BadValue`, `RcFileError`.

        >>> editor = RcEditor("x", "offline: no  # for now\\n")
        >>> editor.set("offline", "1")
        >>> editor.text
        'offline: true # for now\\n'
        """
        key, entry = key_of(name)
        place = self._place(name)
        value = meant(key, entry, text, self.label)
        self._check_map(place)
        self._change(place, value, lambda document: put(document, place, value))
        self._steps.append(lambda editor: editor.set(name, text))

    def append(self, name: str, items: Iterable[str]) -> None:
        """Have *items* at the end of the list *name*; those that are in it move there.

        Raises `InvalidKey`, `BadValue`, `RcFileError`.
        """
        self._insert(name, items, at_end=True)

    def prepend(self, name: str, items: Iterable[str]) -> None:
        """Have *items* at the beginning of the list *name*; those that are in it move there.

        Raises `InvalidKey`, `BadValue`, `RcFileError`.
        """
        self._insert(name, items, at_end=False)

    def remove(self, name: str, item: str) -> bool:
        """Take *item* out of the list *name*, or out of the map; what is left empty goes.

        Returns whether it was there. Raises `InvalidKey`, `BadValue`, `RcFileError`.
        """
        key, entry = key_of(name)
        if key.is_map and not entry:
            return self.remove_key(f"{key.name}.{item}")
        before = self._list(name)
        if item not in before:
            return False
        if all(each == item for each in before):
            self._delete(self._place(name))
        else:
            self._edit_list(name, before, gone=(item,))
        self._steps.append(lambda editor: editor.remove(name, item))
        return True

    def remove_key(self, name: str) -> bool:
        """Take *name* out of the file, a setting or not. Returns whether it was there.

        Raises `RcFileError`.
        """
        removed = False
        while self._is_written(name):  # it may be there by another of its names as well
            self._delete(self._place(name))
            removed = True
        if removed:
            self._steps.append(lambda editor: editor.remove_key(name))
        return removed

    def _delete(self, place: tuple[str, ...]) -> None:
        if len(place) > 1 and len(self._map(place[0])) == 1:
            place = place[:1]  # an empty map says nothing

        entry = self._entry(place[0])
        if len(place) > 1 and entry is not None and place[1] in entry.parts:
            lines = entry.parts[place[1]]
            new = self.text[: lines.start] + self.text[lines.end :]
            if self._says(new, self._expected(place, None)):
                self.text = new
                return

        def delete(document: Document) -> None:
            for step in place[:-1]:
                document = document[step]
            del document[place[-1]]

        self._change(place, None, delete)

    @property
    def changed(self) -> bool:
        """Whether there is something to save."""
        return self.text != self._before

    def difference(self) -> str:
        """What `save` would change, as a unified diff, secrets masked; "" for nothing."""
        from difflib import unified_diff

        from mm_config.masking import masked

        before, after = (
            [masked(line) for line in text.splitlines()] for text in (self._before, self.text)
        )
        return "\n".join(unified_diff(before, after, self.label, self.label, lineterm=""))

    def save(self) -> bool:
        """Write the file, whole or not at all. Returns whether there was anything to write.

        A symbolic link stays one; what others may do with the file stays as it is, and
        so does what they wrote in it meanwhile: the changes are made to that.
        Raises `RcFileError`, and what the changes may raise.
        """
        if self.text == self._before and os.path.exists(self.path):
            return False
        path = os.path.realpath(self.path)
        if os.path.exists(path) and not os.path.isfile(path):
            raise _unusable(self.label, self.path, "is no file that can be replaced")
        try:
            with alone_in(os.path.dirname(path)):
                self._catch_up()
                replace_file(path, (self._mark + self.text).encode())
        except OSError as error:
            raise RcFileError(
                f"{self.label} cannot be written: {error.strerror or error}",
                path=self.path,
                hint="Choose another file with --file, --env or --system.",
            ) from None
        self._before = self.text
        self._steps.clear()
        return True

    def _catch_up(self) -> None:
        """If somebody else has written the file meanwhile, make the changes to what it says now."""
        if not os.path.exists(self.path):
            return
        now = RcEditor.open(self.path, label=self.label)
        if now.text == self._before:
            return
        for step in self._steps:
            step(now)
        self._mark, self._before, self.text = now._mark, now._before, now.text

    def _parsed(self, text: str) -> dict[str, Located]:
        try:
            return parse(text, {})[0]
        except DocumentError as error:
            raise _unusable(self.label, self.path, f"{error}{error.where}") from None

    def _place(self, name: str) -> tuple[str, ...]:
        """The names that lead to *name* in this file, which may know it by an alias."""
        written = self._parsed(self.text)
        try:
            key, entry = key_of(name)
        except InvalidKey:
            return (name,)
        names = (key.name, *key.aliases)
        top = next((each for each in names if each in written), key.name)
        return (top, entry) if entry else (top,)

    def _is_written(self, name: str) -> bool:
        top, *entries = self._place(name)
        if entries:
            return entries[0] in self._map(top)
        return top in self._parsed(self.text)

    def _map(self, top: str) -> dict[str, Any]:
        found = plain_map(self._parsed(self.text)).get(top)
        return found if isinstance(found, dict) else {}

    def _check_map(self, place: tuple[str, ...]) -> None:
        found = plain_map(self._parsed(self.text)).get(place[0])
        if len(place) > 1 and not isinstance(found, dict | None):
            raise self._bad(place[0], "is no map")

    def _list(self, name: str) -> list[str]:
        """The list *name*, empty if it is not there. Raises `BadValue`."""
        key, entry = key_of(name)
        if not (key.is_sequence or (entry and key.kind == "lists")):
            raise BadValue(
                f"Invalid sequence key '{name}': it holds no list",
                key=key.name,
                source=self.label,
                hint=f"Use `config set {name} VALUE`.",
            )
        found = self.value(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(item, str) for item in found):
            raise self._bad(name, "is no list of texts")
        return found

    def _bad(self, name: str, what: str) -> BadValue:
        return BadValue(
            f"'{name}' in {self.label} {what}",
            key=name,
            source=self.label,
            hint=f"Write it anew with `config set {name} VALUE`.",
        )

    def _insert(self, name: str, items: Iterable[str], *, at_end: bool) -> None:
        before = self._list(name)
        added = list(dict.fromkeys(items))
        self._check_map(self._place(name))
        self._edit_list(name, before, gone=added, added=added, at_end=at_end)
        self._steps.append(lambda editor: editor._insert(name, added, at_end=at_end))

    def _edit_list(
        self,
        name: str,
        before: list[str],
        *,
        gone: Collection[str],
        added: Sequence[str] = (),
        at_end: bool = True,
    ) -> None:
        """Take *gone* out of a list and have *added* at one end of what is left."""
        kept = [item for item in before if item not in gone]
        after = [*kept, *added] if at_end else [*added, *kept]
        if before == after:
            return
        place = self._place(name)
        expected = self._expected(place, after)
        entry = self._entry(place[0])
        if len(place) == 1 and entry is not None and before and len(entry.items) == len(before):
            new = with_items(self.text, entry, before, gone, added, at_end=at_end)
            if self._says(new, expected):
                self.text = new
                return
        self._change(place, after, lambda document: put(document, place, after))

    def _entry(self, name: str) -> Entry | None:
        """Where the setting *name* stands; None if it has no lines of its own."""
        found = outline(self.text) or ()
        return next((entry for entry in reversed(found) if entry.name == name), None)

    def _expected(self, place: tuple[str, ...], value: Value | None) -> dict[str, Any]:
        """What the file has to say once *place* has *value*; None: once it is gone."""
        document = plain_map(self._parsed(self.text))
        *outer, last = place
        inner = document
        for step in outer:
            if not isinstance(inner.get(step), dict):
                inner[step] = {}
            inner = inner[step]
        if value is None:
            inner.pop(last, None)
        else:
            inner[last] = value
        return document

    def _says(self, text: str, expected: dict[str, Any]) -> bool:
        try:
            return plain_map(parse(text, {})[0]) == expected
        except DocumentError:
            return False

    def _change(
        self, place: tuple[str, ...], value: Value | None, change: Callable[[Document], None]
    ) -> None:
        """Have *place* say *value* by *change*, in as few lines as possible."""
        expected = self._expected(place, value)
        for attempt in (self._in_its_lines, self._anew, self._in_the_whole):
            new = attempt(place[0], change)
            if new is not None and self._says(new, expected):
                self.text = new
                return
        raise _unusable(self.label, self.path, "is written in a way that cannot be edited")

    def _in_its_lines(self, name: str, change: Callable[[Document], None]) -> str | None:
        """The text with the lines of *name* written anew; None where it has none."""
        entries = outline(self.text)
        if entries is None:
            return None
        text = self.text
        style = style_of(text, entries)
        lines = [entry.lines for entry in entries if entry.name == name]
        if not lines:
            new = rewritten("", change, style)
            at = _end_of_settings(text, entries)
            gap = newline(text) if text[:at] and not text[:at].endswith("\n") else ""
            return None if new is None else text[:at] + gap + with_newlines(new, text) + text[at:]
        for each in reversed(lines):  # of a name given twice the last counts: the others go
            new = rewritten(text[each.start : each.end], change, style)
            if new is None:
                return None
            new = with_newlines(new, text) if each is lines[-1] else ""
            end = each.end if new else after_comments(text, each.end)
            text = text[: each.start] + new + text[end:]
        return text

    def _anew(self, name: str, change: Callable[[Document], None]) -> str | None:
        """The text with *name* as if it were new: in place of what it was, else at the top.

        Where comments get in the way of its value, or where the last setting hangs on
        the end of the file.
        """
        entries = outline(self.text)
        if not entries:
            return None
        entry = next((each for each in reversed(entries) if each.name == name), None)
        first = entries[0].lines.start
        start, end = (entry.lines.start, entry.lines.end) if entry else (first, first)
        new = rewritten("", change, style_of(self.text, entries))
        return new and self.text[:start] + with_newlines(new, self.text) + self.text[end:]

    def _in_the_whole(self, name: str, change: Callable[[Document], None]) -> str | None:
        """The text written anew, all of it; None where that is impossible."""
        new = rewritten(self.text, change, style_of(self.text, outline(self.text) or ()))
        return None if new is None else with_newlines(new, self.text)


def _end_of_settings(text: str, entries: tuple[Entry, ...]) -> int:
    """Where another setting can be added: at the end, unless other documents follow."""
    after = entries[-1].lines.end if entries else 0
    over = any(line.startswith(("---", "...")) for line in text[after:].splitlines())
    return after if over and entries else len(text)


def _unusable(label: str, path: str, problem: str) -> RcFileError:
    return RcFileError(f"Configuration file '{label}' {problem}", path=path, hint=BY_HAND)
