"""What a lock file says, whatever its format: which packages, for which platforms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

from mm_cli.specfiles.fields import Fields
from mm_cli.specfiles.spec_file import SpecFileError
from mm_pkg.record import RepodataRecord

__all__ = ["Lock", "LockedPackage", "LockedRequirement", "locked_requirement"]

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_URL = re.compile(r"[a-z+]+://[^\s#]+")


class LockedPackage(msgspec.Struct, frozen=True):
    """A conda package as one platform and group of a lock file have it.

    group  -- the category (conda-lock) or the environment (pixi)
    record -- a stub where the format tells little more than the URL
    """

    platform: str
    group: str
    record: RepodataRecord


class LockedRequirement(msgspec.Struct, frozen=True):
    """A package for pip: a wheel or sdist, and the hash it must have."""

    platform: str
    group: str
    name: str
    url: str
    md5: str | None = None
    sha256: str | None = None

    @property
    def requirement(self) -> str:
        """As a line of a requirements file: pip and uv refuse another hash.

        >>> LockedRequirement("", "main", "a", "https://h/a-1.whl", md5="0" * 32).requirement
        'a @ https://h/a-1.whl#md5=00000000000000000000000000000000'
        """
        if self.sha256:
            return f"{self.name} @ {self.url} --hash=sha256:{self.sha256}"
        return f"{self.name} @ {self.url}#md5={self.md5}"


def locked_requirement(
    entry: Fields, url: str, hashes: Fields, *, platform: str, group: str
) -> LockedRequirement:
    """What *entry*, whose file is at *url*, leaves to pip.

    Raises `SpecFileError` for what would be more than one requirement in a file of
    requirements, and for what cannot be verified.
    """
    name = entry.text("name")
    if not _NAME.fullmatch(name):
        raise entry.error(f"{name!r} is not the name of a PyPI package", "name")
    if not _URL.fullmatch(url):
        raise entry.error(f"{entry.what} has no usable URL: {url!r}", "url")
    md5, sha256 = hashes.digest("md5"), hashes.digest("sha256")
    if not (md5 or sha256):
        raise hashes.error(f"{entry.what} has no hash, so it cannot be verified")
    return LockedRequirement(platform, group, name, url, md5=md5, sha256=sha256)


class Lock(msgspec.Struct, frozen=True):
    """The content of a lock file.

    form      -- "conda-lock", "pixi" or "mambajs"
    platforms -- those it has been made for, in its order
    groups    -- its categories or environments, in its order
    ordered   -- whether packages stand after those they need; else they are sorted
    """

    form: Literal["conda-lock", "pixi", "mambajs"]
    label: str
    platforms: tuple[str, ...]
    groups: tuple[str, ...]
    packages: tuple[LockedPackage, ...]
    requirements: tuple[LockedRequirement, ...] = ()
    channels: tuple[str, ...] = ()
    ordered: bool = False

    def check(self, platform: str, groups: Iterable[str]) -> None:
        """Raises `SpecFileError` for a platform or a group that the file knows nothing of."""
        if platform not in self.platforms:
            raise SpecFileError(
                f"{self.label}: locks nothing for {platform}, only for "
                f"{', '.join(self.platforms) or 'no platform at all'}",
                hint="Choose another --platform, or make a lock for this one.",
            )
        what = "environment" if self.form == "pixi" else "category"
        for group in groups:
            if group not in self.groups:
                raise SpecFileError(
                    f"{self.label}: there is no {what} {group!r}, only "
                    f"{', '.join(self.groups) or 'an empty list'}",
                    hint=f"Choose one of them with --{what}.",
                )

    def chosen(self, platform: str, groups: Iterable[str]) -> tuple[RepodataRecord, ...]:
        """The conda packages of *groups* for *platform*, in an order to link them in."""
        wanted = set(groups)
        records = {
            package.record.url: package.record
            for package in self.packages
            if package.platform == platform and package.group in wanted
        }
        if self.ordered or len({r.name for r in records.values()}) < len(records):
            return tuple(records.values())
        from mm_solve import install_order

        return install_order(records.values())

    def required(self, platform: str, groups: Iterable[str]) -> tuple[LockedRequirement, ...]:
        """What pip is to install besides. An empty platform is for all of them."""
        wanted = set(groups)
        chosen = {
            each.url: each
            for each in self.requirements
            if each.platform in ("", platform) and each.group in wanted
        }
        return tuple(chosen.values())
