"""Version literals and their order (CEP 33).

A version is ``[EPOCH!]MAIN[+LOCAL]``. MAIN and LOCAL are *segments* between
``.``, ``-`` or ``_``; a segment is *atoms*, each a number and the letters after it.

The order of versions is that of a tuple computed once, `Version.key`, so that
sorting thousands costs no call into Python code. What starts with a prefix, and
what is compatible with a release, are each one interval of keys.

>>> Version.parse("1.0.1a") < Version.parse("1.0.1") < Version.parse("1.0.1post")
True
>>> Version.parse("1.1") == Version.parse("1.1.0")
True
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

from .errors import InvalidVersion

__all__ = ["Key", "Version"]

Key = tuple[Any, ...]
"""Orders versions; also a bound between versions (then it is no version's key)."""

_LONGEST = 255
"""Longer texts are refused: CEP 26 allows 64 characters, keys need a bound."""

_RUN_BASE: Final = _LONGEST + 1

_END: Final = 0

_DIGITS: Final = "0123456789"
_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz*_"
_CHARACTERS: Final = _DIGITS + _ALPHABET + _ALPHABET.upper() + ".-"
"""What MAIN and LOCAL may hold."""

_PLAIN = "4"
"""How a key spells "no letters"."""

_LETTERS = {"*": "0", "dev": "1", "_": "2", "": _PLAIN, "post": "5"}
_OTHER_LETTERS = "3"

# How a key is made. Think of all atoms of all segments in one row, every segment
# closed by a zero atom, zero atoms without end after the last. Whole zero atoms
# (number 0, no letters) say nothing, so the row is kept as what interrupts the
# zeros: how many zeros went before, then number and letters. An interruption above
# zero (1, or 0post) makes a version the greater the sooner it comes, one below
# zero (0a) the smaller; hence +(256 - zeros) or -(256 - zeros), and 0 for "no more
# interruptions". MAIN's and LOCAL's rows follow each other after the epoch.


class Version:
    """A version. Immutable, hashable; equal when equal in order (``1.1 == 1.1.0``).

    text -- as written, without outer blanks: what to show and to store
    key  -- a tuple that orders versions

    >>> str(Version.parse(" 1.0-RC1 ")), Version.parse("1.0-RC1").canonical()
    ('1.0-RC1', '1.0.rc1')
    """

    __slots__ = ("_hash", "key", "text")

    text: str
    key: Key

    def __init__(self, text: str) -> None:
        stripped = text.strip()
        try:
            key = _key(stripped)
        except InvalidVersion as error:
            if stripped == text:
                raise
            position = len(text) - len(text.lstrip()) + error.position
            raise InvalidVersion(error.why, text=text, position=position, hint=error.hint) from None
        _set_text(self, stripped)
        _set_key(self, key)
        _set_hash(self, hash(key))

    @staticmethod
    def parse(text: str) -> Version:
        """The version that *text* spells; parsed once for each text.

        Raises `InvalidVersion`.
        """
        version = _PARSED.get(text)
        if version is None:
            if len(_PARSED) >= _CACHE_LIMIT:
                _PARSED.clear()
            version = _PARSED[text] = Version(text)
        return version

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Version is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Version is immutable")

    def __reduce__(self) -> tuple[type[Version], tuple[str]]:
        return Version, (self.text,)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Version({self.text!r})"

    def __hash__(self) -> int:
        return self._hash  # type: ignore[attr-defined, no-any-return]

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Version) else NotImplemented

    def __lt__(self, other: Version) -> bool:
        return self.key < other.key

    def __le__(self, other: Version) -> bool:
        return self.key <= other.key

    def __gt__(self, other: Version) -> bool:
        return self.key > other.key

    def __ge__(self, other: Version) -> bool:
        return self.key >= other.key

    @property
    def epoch(self) -> int:
        """The number before ``!``; 0 when there is none."""
        epoch: int = self.key[0]
        return epoch

    @property
    def segments(self) -> tuple[str, ...]:
        """MAIN's segments as `canonical` prints them, trailing zeros included.

        >>> Version.parse("1.02-RC1.0").segments
        ('1', '2', 'rc1', '0')
        """
        return tuple(map(_without_leading_zeros, _split(self.text)[1]))

    @property
    def local(self) -> tuple[str, ...]:
        """LOCAL's segments, in the same way; empty when there is none."""
        return tuple(map(_without_leading_zeros, _split(self.text)[2]))

    def canonical(self, segments: int | None = None) -> str:
        """In lower case, joined with dots, without leading zeros.

        With *segments*, MAIN and LOCAL are cut or filled with zeros to that many.

        >>> Version.parse("2021_04_05").canonical(), Version.parse("1.2+3").canonical(3)
        ('2021.4.5', '1.2.0+3.0.0')
        """
        epoch, main, local = _split(self.text)
        text = f"{epoch}!" if epoch else ""
        text += _join(main, segments)
        return f"{text}+{_join(local, segments)}" if local else text

    def starts_with(self, prefix: Version) -> bool:
        """Whether this is *prefix* or a version of that series.

        >>> Version.parse("1.7.3").starts_with(Version.parse("1.7"))
        True
        >>> Version.parse("1.70").starts_with(Version.parse("1.7"))
        False
        """
        low, high = prefix.series()
        return low <= self.key < high

    def series(self, segments: int | None = None) -> tuple[Key, Key]:
        """Bounds ``low <= key < high`` of all versions that start with this one.

        Its last number stands for that number with any letters and anything after
        (``1.7``: ``1.7rc1``, ``1.7post``, ``1.7.3``); letters must be equal. A
        LOCAL is looked at only if this version has one.
        With *segments*, exactly that many leading segments of MAIN count (missing
        ones are zero); with 0 of them, all versions of the epoch are in the series.
        """
        epoch, main, local = _split(self.text)
        if segments == 0:
            return (epoch,), (epoch + 1,)
        key: list[Any] = [epoch]
        row = main if segments is None else _fit(main, segments)
        if local and segments is None:
            _append(key, main)
            key.append(_END)
            row = local
        return _series(key, row)

    def compatible(self, segments: int | None = None) -> tuple[Key, Key]:
        """Bounds ``low <= key < high`` of what is compatible with this version.

        That is: not lower, and alike in the first *segments* segments; by default
        in all but the last (``~=1.4.2`` is ``>=1.4.2,1.4.*``).
        """
        if segments is None:
            segments = len(_split(self.text)[1]) - 1
        return self.key, self.series(segments)[1]


# Its attributes cannot be set in any other way, nor in a faster one.
_set_text = Version.text.__set__  # type: ignore[attr-defined, misc]
_set_key = Version.key.__set__  # type: ignore[attr-defined, misc]
_set_hash = Version._hash.__set__  # type: ignore[attr-defined]

_PARSED: dict[str, Version] = {}
_CACHE_LIMIT = 1 << 17


def _key(text: str) -> Key:
    numbers = text.split(".")
    if text.isascii() and len(text) <= _LONGEST and all(map(str.isdigit, numbers)):
        key: list[Any] = [0]
        run = _RUN_BASE
        for number in map(int, numbers):
            if number:
                key += (run, number, _PLAIN)
                run = _RUN_BASE
            run -= 1
        key += (_END, _END)
        return tuple(key)
    epoch, main, local = _split(text)
    key = [epoch]
    _append(key, main)
    key.append(_END)
    _append(key, local)
    key.append(_END)
    return tuple(key)


def _append(key: list[Any], row: list[str]) -> int:
    """Add the segments of *row* to *key*; returns 256 less the zeros at its end."""
    run = _RUN_BASE
    for segment in row:
        if segment.isdigit():  # As most are.
            if number := int(segment):
                key += (run, number, _PLAIN)
                run = _RUN_BASE
            run -= 1
            continue
        for number, letters in _atoms(segment):
            if number or letters:
                sign = 1 if number or letters == "post" else -1
                key += (sign * run, number, _rank(letters))
                run = _RUN_BASE
        run -= 1
    return run


def _series(key: list[Any], row: list[str]) -> tuple[Key, Key]:
    """The bounds of what continues *key* with *row*, or with more than *row*."""
    *before, (number, letters) = _atoms(row[-1])
    run = _append(key, row[:-1])
    for earlier_number, earlier_letters in before:
        sign = 1 if earlier_number or earlier_letters == "post" else -1
        key += (sign * run, earlier_number, _rank(earlier_letters))
        run = _RUN_BASE
    if letters:
        sign = 1 if number or letters == "post" else -1
        low = (*key, sign * run, number, _rank(letters))
        return low, (*low[:-1], low[-1] + "\0")
    if number:
        return (*key, run, number), (*key, run, number + 1)
    return (*key, -run), (*key, run, 1)


def _rank(letters: str) -> str:
    return _LETTERS.get(letters) or _OTHER_LETTERS + letters


def _atoms(segment: str) -> list[tuple[int, str]]:
    atoms: list[tuple[int, str]] = []
    while segment:
        rest = segment.lstrip(_DIGITS)
        digits = segment[: len(segment) - len(rest)]
        segment = rest.lstrip(_ALPHABET)
        atoms.append((int(digits or 0), rest[: len(rest) - len(segment)]))
    return atoms


def _join(row: list[str], segments: int | None) -> str:
    if segments is not None:
        row = _fit(row, segments)
    return ".".join(map(_without_leading_zeros, row))


def _fit(row: list[str], segments: int) -> list[str]:
    return row[:segments] + ["0"] * (segments - len(row))


def _without_leading_zeros(segment: str) -> str:
    implicit = segment[:1] not in _DIGITS
    text = "".join(f"{number}{letters}" for number, letters in _atoms(segment))
    return text[1:] if implicit else text


def _split(text: str) -> tuple[int, list[str], list[str]]:
    """Epoch, segments of MAIN, segments of LOCAL. Raises `InvalidVersion`."""
    if not text:
        raise _invalid(text, 0, "it is empty")
    if len(text) > _LONGEST:
        raise _invalid(text, _LONGEST, f"it is longer than {_LONGEST} characters")
    epoch, bang, rest = text.partition("!")
    if not bang:
        epoch, rest = "0", text
    elif not (epoch.isascii() and epoch.isdigit()):
        place = len(epoch) - len(epoch.lstrip(_DIGITS))
        found = repr(epoch[place]) if epoch else "nothing"
        raise _invalid(text, place, f"{found} before '!', where the epoch is a number")
    start = len(text) - len(rest)
    main, plus, local = rest.partition("+")
    if plus and not local:
        raise _invalid(text, len(text), "nothing follows '+'")
    segments = _row(text, main, start)
    return int(epoch), segments, _row(text, local, start + len(main) + 1) if plus else []


def _row(text: str, part: str, start: int) -> list[str]:
    """The segments of *part*, which is at *start* in *text*."""
    if not part:
        found = repr(text[start]) if start < len(text) else "the end"
        raise _invalid(text, start, f"{found} where a number or a letter is expected")
    if wrong := part.lstrip(_CHARACTERS):
        raise _invalid(text, start + len(part) - len(wrong), f"{wrong[0]!r} is not allowed in it")
    # Not before: lower() maps some characters outside ASCII to letters inside.
    lower = part.lower()
    # One underscore at the very end is no separator but letters: openssl's "1.0.1_".
    body, tail = (lower[:-1], "_") if lower[-1] == "_" else (lower, "")
    if "_" in body or "-" in body:
        if "_" in body and "-" in body:
            second = max(body.index("_"), body.index("-"))
            raise _invalid(text, start + second, "it holds '-' and '_', where one of them may be")
        body = body.replace("-", ".").replace("_", ".")
    row = body.split(".")
    row[-1] += tail
    if "" in row:
        before = row[: row.index("")]
        place = min(start + sum(map(len, before)) + len(before), len(text))
        found = repr(text[place]) if place < len(text) else "the end"
        raise _invalid(text, place, f"{found} where a number or a letter is expected")
    return row


_HINT = "A version is numbers and letters joined with '.', '-' or '_': 1.2.0rc1."


def _invalid(text: str, position: int, why: str) -> InvalidVersion:
    return InvalidVersion(why, text=text, position=position, hint=_HINT)
