"""Reading match specs: from text to the fields of `MatchSpec` (CEP 29).

Shapes, each part optional but the name::

    [CHANNEL[/SUBDIR]:NAMESPACE:] NAME [VERSION [BUILD]] [key=value, ...] # comment
    URL or path of an archive [#HASH]

Where tools differ this follows CEP 29 and conda: what is in brackets wins over what
stands outside (but for the name), and ``NAME=VERSION=BUILD`` is an exact version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .errors import InvalidMatchSpec, InvalidVersionSpec
from .package_name import why_invalid
from .spec_channel import split_channel
from .string_match import StringMatch
from .version_spec import VersionSpec

__all__ = ["parse_fields"]

_EXTENSIONS = (".conda", ".tar.bz2")
_FOREIGN_EXTENSIONS = (".whl", ".tar.gz")

_OPERATORS = frozenset("=<>!~")
_HASHES = {32: "md5", 64: "sha256"}
_JOIN_HINT = "Join conditions on the version with ',' or '|'."


class _Part:
    """A part of the spec; ``places[n]`` is where its character *n*, or its end, is in the whole."""

    __slots__ = ("places", "text")

    def __init__(self, text: str, places: Sequence[int]) -> None:
        self.text = text
        self.places = places

    @property
    def at(self) -> int:
        return self.places[0]

    def cut(self, start: int, end: int | None = None) -> _Part:
        end = len(self.text) if end is None else end
        return _Part(self.text[start:end], self.places[start : end + 1])

    def strip(self) -> _Part:
        end = len(self.text.rstrip())
        return self.cut(min(len(self.text) - len(self.text.lstrip()), end), end)

    def words(self) -> Iterator[_Part]:
        end = 0
        for word in self.text.split():
            start = self.text.index(word, end)
            end = start + len(word)
            yield self.cut(start, end)


def parse_fields(text: str, *, lenient: bool = False) -> dict[str, Any]:
    """The fields that *text* sets, by name; those that ask nothing are left out.

    With *lenient*, names only need the right characters.
    Raises `InvalidMatchSpec`, about *text*.
    """
    whole = _Part(text, range(len(text) + 1))
    spec = whole.cut(0, len(text.partition(" #")[0])).strip()
    if not spec.text:
        raise _invalid(text, spec.at, "it is empty", "'*' stands for every package.")
    archive, mark, _ = spec.text.partition("#")
    if archive.endswith(_EXTENSIONS):
        fields = _archive(text, spec.cut(0, len(archive)))
        fields.update(_digest(text, spec.cut(len(archive) + 1)) if mark else {})
        return fields
    channel, namespace, rest = _split_channel(text, spec)
    if archive.endswith(_FOREIGN_EXTENSIONS) and "[" not in archive:
        place = spec.places[archive.rindex(".tar.gz" if archive[-1] == "z" else ".whl")]
        raise _invalid(
            text,
            place,
            "a conda package ends in .conda or .tar.bz2",
            "Wheels and source archives are installed by pip.",
        )
    rest, bracketed = _bracketed(text, rest)
    fields = _positional(text, rest, bracketed.pop("name", ""), lenient)
    fields.update(_channel_fields(text, channel, namespace, bracketed))
    fields.update(bracketed)
    return {key: value for key, value in fields.items() if _asks(value)}


def _asks(value: Any) -> bool:
    return bool(value) and not getattr(value, "is_free", False)


def _invalid(text: str, position: int, why: str, hint: str = "") -> InvalidMatchSpec:
    return InvalidMatchSpec(why, text=text, position=position, hint=hint)


# -- archives --------------------------------------------------------------------------


def _archive(text: str, url: _Part) -> dict[str, Any]:
    """Name, version and build are read from the end of the file's name."""
    start = max(url.text.rfind("/"), url.text.rfind("\\")) + 1
    fn = _decoded(url.cut(start))
    stem = len(fn.text.removesuffix(".conda").removesuffix(".tar.bz2"))
    second = fn.text.rfind("-", 0, stem)
    first = fn.text.rfind("-", 0, max(second, 0))
    name, version, build = (
        fn.cut(0, max(first, 0)),
        fn.cut(first + 1, second),
        fn.cut(second + 1, stem),
    )
    if first < 0 or not (name.text and version.text and build.text):
        raise _invalid(text, fn.at, f"{fn.text!r} is not NAME-VERSION-BUILD and an extension")
    return {
        "name": name.text.lower(),
        "version": _version(text, version, "=="),
        "build": StringMatch.parse(build.text),
        "url": url.text,
    }


def _decoded(part: _Part) -> _Part:
    """*part* without percent-encoding; that moves characters, so that all count as the first."""
    if "%" not in part.text:
        return part
    from urllib.parse import unquote

    text = unquote(part.text)
    return _Part(text, [part.at] * (len(text) + 1))


def _digest(text: str, digest: _Part) -> dict[str, str]:
    digest = digest.strip()
    value = digest.text.removeprefix("sha256:")
    kind = _HASHES.get(len(value))
    named_otherwise = value != digest.text and kind != "sha256"
    wrong = value.lstrip("0123456789abcdefABCDEF")
    if kind is None or named_otherwise or wrong:
        place = digest.places[len(digest.text) - len(wrong)] if wrong else digest.at
        raise _invalid(
            text,
            place,
            f"{wrong[0]!r} where a hexadecimal digit is expected" if wrong else "no such hash",
            "What follows '#' is an md5 (32 digits) or a sha256 (64 digits).",
        )
    return {kind: value.lower()}


# -- channel and namespace -------------------------------------------------------------


def _split_channel(text: str, spec: _Part) -> tuple[_Part, _Part, _Part]:
    """``CHANNEL:NAMESPACE:REST``, from the right; missing parts are empty."""
    nothing = spec.cut(0, 0)
    last = _last_colon(spec.text)
    if last < 0:
        return nothing, nothing, spec
    rest = spec.cut(last + 1)
    colon = spec.text.rfind(":", 0, last)
    channel = spec.cut(0, max(colon, 0)).strip()
    namespace = spec.cut(colon + 1, last).strip()
    if colon == 0 or channel.text.endswith(":"):
        raise _invalid(text, spec.places[colon], "a ':' too many", _CHANNEL_HINT)
    name = namespace.text
    if not name.replace(".", "").replace("-", "").replace("_", "a").isalnum() and name:
        # part of a URL may be a secret, which nobody would know for one out of its URL
        what = "this" if "://" in text else repr(name)
        raise _invalid(text, namespace.at, f"{what} is not a namespace", _CHANNEL_HINT)
    return channel, namespace, rest


_CHANNEL_HINT = "A channel is followed by '::'."


def _last_colon(text: str) -> int:
    """The last ``:`` outside brackets, parentheses and quotes; -1 when there is none."""
    depth, quote, last = 0, "", -1
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and depth:
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == ":" and depth == 0:
            last = position
    return last


def _channel_fields(
    text: str, channel: _Part, namespace: _Part, bracketed: dict[str, Any]
) -> dict[str, Any]:
    """Channel, platforms and namespace; a platform of the channel beats ``subdir``."""
    named = bracketed.pop("channel", "")
    name, platforms = split_channel(named or channel.text)
    if named and not platforms:
        platforms = split_channel(channel.text)[1]
    if platforms:
        bracketed.pop("subdir", None)
    for place, character in enumerate(channel.text):
        if character in "\"'":
            raise _invalid(text, channel.places[place], "a channel has no quotes")
    return {"channel": name, "subdir": platforms, "namespace": namespace.text}


# -- brackets --------------------------------------------------------------------------


def _bracketed(text: str, rest: _Part) -> tuple[_Part, dict[str, Any]]:
    """Take the brackets off the end of *rest*, and read them."""
    fields: dict[str, Any] = {}
    rest = _without_parentheses(rest.strip(), fields)
    if not rest.text.endswith("]"):
        return rest, fields
    start = _opening(rest.text)
    if start < 0:
        raise _invalid(text, rest.places[-2], "']' that was never opened")
    before = rest.cut(0, start).strip()
    if before.text.endswith("]"):
        raise _invalid(text, rest.places[start], "a second pair of brackets")
    from .match_spec_brackets import read_items

    fields.update(read_items(text, rest.places[start] + 1, rest.places[-2]))
    return before, fields


def _without_parentheses(rest: _Part, fields: dict[str, Any]) -> _Part:
    """Take the oldest form of ``optional`` off the end: ``name (target=..., optional)``."""
    start = rest.text.rfind("(")
    if start < 0 or not rest.text.endswith(")"):
        return rest
    words = {word.partition("=")[0].strip() for word in rest.text[start + 1 : -1].split(",")}
    if not words <= {"optional", "target", "legacy"}:
        return rest
    if "optional" in words:
        fields["optional"] = True
    return rest.cut(0, start).strip()


def _opening(text: str) -> int:
    """Where the bracket opens that ends *text*; -1 when none does."""
    opened: list[int] = []
    quote = ""
    for position, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'" and opened:
            quote = character
        elif character == "[":
            opened.append(position)
        elif character == "]" and opened:
            start = opened.pop()
            if position == len(text) - 1:
                return -1 if opened or quote else start
    return -1


# -- name, version, build --------------------------------------------------------------


def _positional(text: str, rest: _Part, bracket_name: str, lenient: bool) -> dict[str, Any]:
    end = 0
    while end < len(rest.text) and not (rest.text[end].isspace() or rest.text[end] in _OPERATORS):
        end += 1
    name = rest.text[:end].lower() or bracket_name
    if rest.text and not end:
        raise _invalid(text, rest.at, f"{rest.text[0]!r} where a package's name is expected")
    if problem := why_invalid(name, lenient=lenient):
        why, offset = problem
        raise _invalid(text, rest.places[min(offset, end)], why, _name_hint(name, rest.text))
    version, build = _split_build(text, rest.cut(end))
    fields: dict[str, Any] = {"name": name}
    if version.text:
        exact = build is not None and _is_single(version.text)
        fields["version"] = _version(text, version, "=" if exact else "")
    if build is not None:
        fields["build"] = _build(text, build)
    return fields


def _name_hint(name: str, rest: str) -> str:
    if ";" in name:
        return 'Write a condition as NAME[when="..."].'
    if "[" in name and "]" in rest:
        return "Brackets come last; extras are written NAME[extras=[...]]."
    if "[" in name:
        return "A bracket is not closed."
    if "(" in name:
        return "A version with parentheses follows a blank: NAME (>=1,<2)|>3."
    return "A name is letters, digits, '.', '-' and '_'."


def _split_build(text: str, rest: _Part) -> tuple[_Part, _Part | None]:
    """Version and build; blanks and a single ``=`` separate them."""
    rest = _squeezed(rest.strip())
    if rest.text == "=":
        return rest.cut(0, 0), None
    words = list(rest.words())
    if len(words) > 2:
        why = f"{words[2].text!r} is one word too many"
        raise _invalid(text, words[2].at, why, _JOIN_HINT)
    if len(words) == 2:
        version, build = words
        return version, build.cut(1) if build.text[0] == "=" else build
    equals = rest.text.rfind("=")
    if equals > 0 and rest.text[equals - 1] not in "=!<>~,|(":
        return rest.cut(0, equals), rest.cut(equals + 1)
    return rest, None


def _squeezed(part: _Part) -> _Part:
    """*part* without blanks after operators, ``,``, ``|``, ``(`` and before ``,``, ``|``, ``)``."""
    kept: list[int] = []
    pieces = part.text.split()
    place = 0
    for number, piece in enumerate(pieces):
        start = part.text.index(piece, place)
        if number and pieces[number - 1][-1] not in "=<>!~,|(" and piece[0] not in ",|)":
            kept.append(start - 1)
        place = start + len(piece)
        kept += range(start, place)
    text = "".join(" " if part.text[n].isspace() else part.text[n] for n in kept)
    return _Part(text, [*(part.places[n] for n in kept), part.places[-1]])


def _is_single(version: str) -> bool:
    """Whether it is ``=V``. With a build that is exact: so tools print a package."""
    single = version.startswith("=") and not version.startswith("==")
    return single and not any(mark in version for mark in "*,|()")


def _version(text: str, version: _Part, added: str = "") -> VersionSpec:
    """Read *version*, with the operator *added* before it."""
    try:
        return VersionSpec.parse(added + version.text)
    except InvalidVersionSpec as error:
        place = version.places[max(error.position - len(added), 0)]
        raise _invalid(text, place, error.why, error.hint) from None


def _build(text: str, build: _Part) -> StringMatch:
    for place, character in enumerate(build.text):
        if character in "\"'" or (not place and character in _OPERATORS):
            why = f"{character!r} in {build.text!r}, where a build is expected"
            raise _invalid(text, build.places[place], why, _JOIN_HINT)
    if not build.text:
        raise _invalid(text, build.at, "the end where a build is expected", _JOIN_HINT)
    try:
        return StringMatch.parse(build.text)
    except InvalidMatchSpec as error:
        place = build.places[min(error.position, len(build.text))]
        raise _invalid(text, place, error.why, error.hint) from None
