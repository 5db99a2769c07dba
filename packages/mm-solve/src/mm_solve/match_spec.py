"""Match specs: which packages are meant (CEP 29, CEP 43 to 45).

>>> spec = MatchSpec.parse("conda-forge::NumPy >=1.8,<2 *_0")
>>> spec.name, str(spec.version), str(spec.build), spec.channel
('numpy', '>=1.8,<2', '*_0', 'conda-forge')
>>> str(spec), spec.conda_build_form()
('conda-forge::numpy[version=">=1.8,<2",build="*_0"]', 'numpy >=1.8,<2 *_0')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from .build_number import ANY_BUILD_NUMBER, BuildNumberSpec
from .errors import InvalidVersion, InvalidVersionSpec
from .package_name import is_pattern
from .string_match import ANY_TEXT, StringMatch
from .version import Version
from .version_spec import ANY_VERSION, VersionSpec

if TYPE_CHECKING:
    from mm_pkg.record import PackageRecord

    from .condition import Condition

__all__ = ["MatchSpec"]

_CONTINUES = frozenset(",|<>=!~(")
"""At the end of a word: the version goes on after the blank."""

_CONTINUED = frozenset(",|<>=!~)")
"""At the start of a word: it belongs to the version before the blank."""


class MatchSpec:
    """A question to packages. Immutable, hashable, equal when `str` is equal.

    A field that is not set asks nothing; its default is shown in brackets.

    name -- in lower case; with ``*`` a pattern
    version -- [any] version expression
    build -- [any] pattern of the build string
    build_number -- [any]
    channel -- [""] name, URL or path, without platform
    subdir -- [()] the platforms allowed
    namespace -- [""] of the name, as in ``pypi:requests``
    url -- [""] the URL or path of one archive
    fn, license, license_family -- [any] patterns
    md5, sha256 -- [""] in lower case hexadecimal
    features -- [()] words, sorted
    track_features -- [()] words that the record must all track, sorted
    flags -- [()] patterns; each must match one of the record's flags (CEP 45)
    extras -- [()] groups of optional dependencies wanted (CEP 44)
    when -- [None] the condition under which a dependency counts (CEP 43)
    optional -- [False]

    ``channel``, ``namespace``, ``extras``, ``when`` and ``optional`` play no part in
    `matches`.
    """

    # Defaults live on the class, so that an instance holds only what was asked.
    name: str = "*"
    version: VersionSpec = ANY_VERSION
    build: StringMatch = ANY_TEXT
    build_number: BuildNumberSpec = ANY_BUILD_NUMBER
    channel: str = ""
    subdir: tuple[str, ...] = ()
    namespace: str = ""
    url: str = ""
    fn: StringMatch = ANY_TEXT
    license: StringMatch = ANY_TEXT
    license_family: StringMatch = ANY_TEXT
    md5: str = ""
    sha256: str = ""
    features: tuple[str, ...] = ()
    track_features: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    when: Condition | None = None
    optional: bool = False

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    @classmethod
    def parse(cls, text: str) -> MatchSpec:
        """The spec that *text* spells.

        Raises `InvalidMatchSpec`, whose ``position`` points into *text*.
        """
        from .match_spec_text import parse_fields

        return cls._of(parse_fields(text))

    @classmethod
    def parse_dependency(cls, text: str) -> MatchSpec:
        """The spec that a record's dependency spells; fast for the usual forms.

        As `parse`, but takes names from before CEP 26, which channels do hold.
        Raises `InvalidMatchSpec`.
        """
        fields = _plain_dependency(text)
        if fields is None:
            from .match_spec_text import parse_fields

            fields = parse_fields(text, lenient=True)
        return cls._of(fields)

    @classmethod
    def _of(cls, fields: dict[str, Any]) -> MatchSpec:
        spec = object.__new__(cls)
        spec.__dict__.update(fields)
        return spec

    @staticmethod
    def merge(specs: Iterable[MatchSpec]) -> tuple[MatchSpec, ...]:
        """*specs* with those on one package made one; see `mm_solve.match_spec_merge.merge`."""
        from .match_spec_merge import merge

        return merge(specs)

    # -- matching ----------------------------------------------------------------

    @property
    def is_name_only(self) -> bool:
        """Whether nothing but a name, or a pattern of names, is asked for."""
        return all(key == "name" for key in self.fields())

    @property
    def has_exact_name(self) -> bool:
        """Whether only packages of one name can match: `name`."""
        return not is_pattern(self.name)

    @property
    def needs_full_record(self) -> bool:
        """Whether `matches` needs more than a `PackageRecord` is sure to hold."""
        return not _BEYOND_PACKAGE_RECORD.isdisjoint(self.fields())

    def name_matches(self, name: str) -> bool:
        """Whether packages called *name* can match."""
        if self.has_exact_name:
            return self.name == name
        return StringMatch.parse(self.name).matches(name)

    def matches(self, record: PackageRecord) -> bool:
        """Whether *record* is meant; its channel is not looked at.

        If `needs_full_record`, give a `RepodataRecord`: what a record does not say of
        itself it does not match. A record whose version cannot be read never matches
        a spec that asks for a version.
        """
        if not self.name_matches(record.name):
            return False
        tests = map(_TESTS.get, self.fields())
        return all(test(self, record) for test in tests if test is not None)

    def matches_channel(self, channel: str, channel_name: str) -> bool:
        """Whether packages of the channel with this URL and display name are meant."""
        if not self.channel:
            return True
        from .spec_channel import same_channel

        return same_channel(self.channel, channel, channel_name)

    def fields(self) -> dict[str, Any]:
        """What is asked, by field, as ``MatchSpec(**fields)`` takes it.

        >>> MatchSpec.parse("numpy").fields()
        {'name': 'numpy'}
        """
        return {key: value for key, value in self.__dict__.items() if key != "_text"}

    # -- text --------------------------------------------------------------------

    def conda_build_form(self) -> str:
        """``name``, ``name VERSION`` or ``name VERSION BUILD``: no other field."""
        if not self.build.is_free:
            version = "*" if self.version.is_free else self.version.conda_build_form
            return f"{self.name} {version} {self.build}"
        if self.version.is_free:
            return self.name
        return f"{self.name} {self.version.conda_build_form}"

    def conda_form(self) -> str:
        """As conda writes it (CEP 29, appendix A); `str` is as micromamba does.

        >>> MatchSpec.parse("c::numpy >=1.8 py*").conda_form()
        "c::numpy[version='>=1.8',build=py*]"
        """
        from .match_spec_print import conda_canonical

        return conda_canonical(self)

    def __str__(self) -> str:
        text: str | None = self.__dict__.get("_text")
        if text is None:
            from .match_spec_print import canonical

            text = self.__dict__["_text"] = canonical(self)
        return text

    def __repr__(self) -> str:
        return f"MatchSpec({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, MatchSpec) else NotImplemented

    def __hash__(self) -> int:
        return hash(str(self))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a MatchSpec is immutable")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a MatchSpec is immutable")

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return MatchSpec.parse_dependency, (str(self),)


_NAME = "abcdefghijklmnopqrstuvwxyz0123456789_.*-"
_PLAIN = _NAME + "ABCDEFGHIJKLMNOPQRSTUVWXYZ+!<>=~,|() "
"""What the usual dependencies are made of."""


def _plain_dependency(text: str) -> dict[str, Any] | None:
    """The fields of ``name``, ``name VERSION`` and ``name VERSION BUILD``; None if other."""
    words = text.split()
    count = len(words)
    if not 0 < count <= 3 or text.lstrip(_PLAIN) or words[0].lstrip(_NAME):
        return None
    fields: dict[str, Any] = {"name": words[0]}
    if count == 1:
        return None if text.endswith((".conda", ".tar.bz2")) else fields
    expression = words[1]
    if expression[-1] in _CONTINUES:
        return None
    if count == 3:
        build = words[2]
        if build[0] in _CONTINUED or expression[0] == "=" or "=" in build:
            return None
        fields["build"] = match = StringMatch.parse(build)
        if match.is_free:
            return None
    elif "=" in expression.lstrip("=<>!~("):
        return None
    try:
        version = VersionSpec.parse(expression)
    except InvalidVersionSpec:
        return None  # The full parser says where it goes wrong.
    if not version.is_free:
        fields["version"] = version
    return fields


def _version(spec: MatchSpec, record: PackageRecord) -> bool:
    try:
        return spec.version.contains(Version.parse(record.version or "0"))
    except InvalidVersion:
        return False


def _text(field: str) -> Callable[[MatchSpec, PackageRecord], bool]:
    def matches(spec: MatchSpec, record: PackageRecord) -> bool:
        value = getattr(record, field, None)
        return bool(value) and bool(getattr(spec, field).matches(value))

    return matches


def _hash(field: str) -> Callable[[MatchSpec, PackageRecord], bool]:
    def matches(spec: MatchSpec, record: PackageRecord) -> bool:
        value = getattr(record, field, None) or ""
        return bool(value.lower() == getattr(spec, field))

    return matches


def _url(spec: MatchSpec, record: PackageRecord) -> bool:
    from urllib.parse import unquote

    url = getattr(record, "url", "")
    return url == spec.url or (bool(url) and unquote(url) == unquote(spec.url))


def _features(spec: MatchSpec, record: PackageRecord) -> bool:
    words = getattr(record, "extra", {}).get("features") or ""
    return set(spec.features) <= set(words.split() if isinstance(words, str) else words)


def _flags(spec: MatchSpec, record: PackageRecord) -> bool:
    return all(any(map(StringMatch.parse(flag).matches, record.flags)) for flag in spec.flags)


_TESTS: dict[str, Callable[[MatchSpec, PackageRecord], bool]] = {
    "version": _version,
    "build": lambda spec, record: spec.build.matches(record.build),
    "build_number": lambda spec, record: spec.build_number.matches(record.build_number),
    "track_features": lambda spec, record: set(spec.track_features) <= set(record.features),
    "subdir": lambda spec, record: record.subdir in spec.subdir,
    "flags": _flags,
    "md5": _hash("md5"),
    "sha256": _hash("sha256"),
    "fn": _text("fn"),
    "license": _text("license"),
    "license_family": _text("license_family"),
    "features": _features,
    "url": _url,
}
"""What each field asks of a record."""

_BEYOND_PACKAGE_RECORD = frozenset(
    {"md5", "sha256", "fn", "license", "license_family", "features", "url", "subdir"}
)
