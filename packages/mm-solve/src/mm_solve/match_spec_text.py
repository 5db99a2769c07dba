"""Reading match specs: from text to the fields of `MatchSpec` (CEP 29).

Shapes, each part optional but the name::

    [CHANNEL[/SUBDIR]:NAMESPACE:] NAME [VERSION [BUILD]] [key=value, ...] # comment
    URL or path of an archive [#HASH]

Where tools differ this follows CEP 29 and conda: what is in brackets wins over what
stands outside (but for the name), and ``NAME=VERSION=BUILD`` is an exact version.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .errors import InvalidMatchSpec, InvalidSyntax
from .match_spec_brackets import field_of, invalid, split_items
from .package_name import why_invalid
from .spec_channel import split_channel
from .string_match import StringMatch
from .version_spec import VersionSpec

__all__ = ["parse_fields"]

_EXTENSIONS = (".conda", ".tar.bz2")

_NAME = re.compile(r"[^\s=<>!~]*")
_LEGACY_PARENTHESES = re.compile(
    r"\(\s*(?P<items>(?:optional|target\s*=[^(),]*)(?:\s*,\s*(?:optional|target\s*=[^(),]*))*)\s*\)$"
)
_BLANKS = re.compile(r"(?<=[=<>!~,|(])\s+|\s+(?=[,|)])")
_HASHES = {32: "md5", 64: "sha256"}


class _Part(NamedTuple):
    """A part of the spec and its place in the whole."""

    text: str
    at: int

    def strip(self) -> _Part:
        stripped = self.text.lstrip()
        return _Part(stripped.rstrip(), self.at + len(self.text) - len(stripped))

    def tail(self, start: int) -> _Part:
        return _Part(self.text[start:], self.at + start)


def parse_fields(text: str, *, lenient: bool = False) -> dict[str, Any]:
    """The fields that *text* sets, by name; those that ask nothing are left out.

    With *lenient*, names only need the right characters.
    Raises `InvalidMatchSpec`, about *text*.
    """
    spec = _Part(text.partition(" #")[0], 0).strip()
    if not spec.text:
        raise invalid(text, 0, "it is empty")
    archive, mark, digest = spec.text.partition("#")
    if archive.endswith(_EXTENSIONS):
        fields = _archive(text, spec.at, archive)
        fields.update(_digest(text, spec.at + len(archive) + 1, digest) if mark else {})
        return fields
    channel, namespace, rest = _split_channel(text, spec)
    rest, bracketed = _bracketed(text, rest)
    fields = _positional(text, rest, bracketed.pop("name", ""), lenient)
    fields.update(_channel_fields(text, channel, namespace, bracketed))
    fields.update(bracketed)
    return {key: value for key, value in fields.items() if _asks(value)}


def _asks(value: Any) -> bool:
    return bool(value) and not getattr(value, "is_free", False)


# -- archives --------------------------------------------------------------------------


def _archive(text: str, at: int, url: str) -> dict[str, Any]:
    """Name, version and build are read from the end of the file's name."""
    fn = re.split(r"[/\\]", url)[-1]
    dist = fn.removesuffix(".conda").removesuffix(".tar.bz2")
    words = dist.rsplit("-", 2)
    if len(words) < 3 or not all(words):
        raise invalid(
            text,
            at + len(url) - len(fn),
            f"{fn!r} is not NAME-VERSION-BUILD and an extension",
        )
    name, version, build = words
    if "%" in version:
        from urllib.parse import unquote

        version = unquote(version)
    where = at + len(url) - len(fn) + len(name) + 1
    return {
        "name": name.lower(),
        "version": _version(text, _Part(version, where), "=="),
        "build": StringMatch.parse(build),
        "url": url,
    }


def _digest(text: str, at: int, digest: str) -> dict[str, str]:
    value = digest.strip().removeprefix("sha256:").lower()
    kind = _HASHES.get(len(value))
    named_otherwise = digest.strip().startswith("sha256:") and kind != "sha256"
    if kind is None or named_otherwise or not re.fullmatch("[0-9a-f]+", value):
        raise invalid(text, at, "what follows '#' is neither an md5 nor a sha256")
    return {kind: value}


# -- channel and namespace -------------------------------------------------------------


def _split_channel(text: str, spec: _Part) -> tuple[_Part, _Part, _Part]:
    """``CHANNEL:NAMESPACE:REST``, from the right; missing parts are empty."""
    nothing = _Part("", spec.at)
    colon = _last_colon(spec.text)
    if colon < 0:
        return nothing, nothing, spec
    rest = spec.tail(colon + 1)
    before = spec.text[:colon]
    colon = before.rfind(":")
    channel = _Part(before[: max(colon, 0)], spec.at)
    namespace = _Part(before[colon + 1 :], spec.at + colon + 1).strip()
    if colon == 0 or channel.text.endswith(":"):
        raise invalid(text, spec.at + colon, "a ':' too many")
    if not re.fullmatch(r"[\w.-]*", namespace.text):
        raise invalid(
            text,
            namespace.at,
            f"{namespace.text!r} is not a namespace",
            "A channel is followed by '::'.",
        )
    return channel.strip(), namespace, rest


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
    if any(quote in name for quote in "\"'"):
        raise invalid(text, channel.at, "a channel has no quotes")
    return {"channel": name, "subdir": platforms, "namespace": namespace.text}


# -- brackets --------------------------------------------------------------------------


def _bracketed(text: str, rest: _Part) -> tuple[_Part, dict[str, Any]]:
    """Take the brackets off the end of *rest*, and read them."""
    fields: dict[str, Any] = {}
    rest = rest.strip()
    if found := _LEGACY_PARENTHESES.search(rest.text):
        if "optional" in re.split(r"[\s,]+", found["items"]):
            fields["optional"] = True
        rest = _Part(rest.text[: found.start()], rest.at).strip()
    if not rest.text.endswith("]"):
        return rest, fields
    start = _opening(rest.text)
    if start < 0:
        raise invalid(text, rest.at + len(rest.text) - 1, "']' was never opened")
    before = _Part(rest.text[:start], rest.at).strip()
    if before.text.endswith("]"):
        raise invalid(text, rest.at + start, "a second pair of brackets")
    for item in split_items(text, rest.at + start + 1, rest.at + len(rest.text) - 1):
        try:
            field, value = field_of(item, text)
        except InvalidSyntax as error:
            if error.text == text:
                raise
            position = item.value_at + error.position
            raise invalid(text, position, error.message, error.hint) from None
        fields[field] = value
    return before, fields


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
    found = _NAME.match(rest.text)
    word = found[0] if found else ""
    name = word.lower() or bracket_name
    if rest.text and not word:
        raise invalid(text, rest.at, "no package is named")
    if problem := why_invalid(name, lenient=lenient):
        why, offset = problem
        raise invalid(text, rest.at + offset, why, _hint(name, rest.text))
    version, build = _split_build(text, rest.tail(len(word)))
    fields: dict[str, Any] = {"name": name}
    if version.text:
        exact = build is not None and _is_single(version.text)
        fields["version"] = _version(text, version, "=" if exact else "")
    if build is not None:
        fields["build"] = _build(text, build)
    return fields


def _hint(name: str, rest: str) -> str:
    if ";" in name:
        return 'Write a condition as NAME[when="..."].'
    if "[" in name and "]" in rest:
        return "Brackets come last; extras are written NAME[extras=[...]]."
    if "[" in name:
        return "A bracket is not closed."
    return ""


def _split_build(text: str, rest: _Part) -> tuple[_Part, _Part | None]:
    """Version and build; blanks and a single ``=`` separate them."""
    rest = _Part(_BLANKS.sub("", rest.text.strip()), rest.strip().at)
    if rest.text == "=":
        return _Part("", rest.at), None
    words = rest.text.split()
    if len(words) > 2:
        raise invalid(
            text,
            _place(text, words[2], rest.at),
            f"{words[2]!r} is one word too many",
            "Join conditions on the version with ',' or '|'.",
        )
    if len(words) == 2:
        build = words[1].removeprefix("=")
        return _Part(words[0], rest.at), _Part(build, _place(text, build, rest.at))
    equals = rest.text.rfind("=")
    if equals > 0 and rest.text[equals - 1] not in "=!<>~,|(":
        return _Part(rest.text[:equals], rest.at), rest.tail(equals + 1)
    return rest, None


def _is_single(version: str) -> bool:
    """Whether it is ``=V``. With a build that is exact: so tools print a package."""
    single = version.startswith("=") and not version.startswith("==")
    return single and not any(mark in version for mark in "*,|()")


def _version(text: str, version: _Part, added: str = "") -> VersionSpec:
    """Read *version*, with the operator *added* before it."""
    expression = added + version.text
    try:
        return VersionSpec.parse(expression)
    except InvalidSyntax as error:
        # Blanks were taken out of the version: count the others.
        before = expression[len(added) : error.position]
        place = _skip(text, version.at, len("".join(before.split())))
        raise invalid(text, place, error.message, error.hint) from None


def _skip(text: str, position: int, count: int) -> int:
    """The place in *text* after *count* characters from *position*, blanks not counted."""
    while position < len(text) and (count or text[position].isspace()):
        count -= not text[position].isspace()
        position += 1
    return position


def _build(text: str, build: _Part) -> StringMatch:
    if not build.text or any(quote in build.text for quote in "\"'") or build.text[0] in "<>!~=":
        hint = "Join conditions on the version with ',' or '|'."
        raise invalid(text, build.at, f"{build.text!r} is not a build", hint if build.text else "")
    try:
        return StringMatch.parse(build.text)
    except InvalidMatchSpec as error:
        raise invalid(text, build.at + error.position, error.message) from None


def _place(text: str, word: str, start: int) -> int:
    """Where *word* is in *text* at or after *start*; *start* if it cannot be found."""
    found = text.find(word, start) if word else -1
    return start if found < 0 else found
