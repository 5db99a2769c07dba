"""The one JSON document of ``--json``: shapes and layout of micromamba's."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mm_pkg.record import RepodataRecord

__all__ = ["actions", "dump", "package"]


def dump(document: object, encoding: str | None = None) -> str:
    r"""Four spaces, keys sorted; text as it is, or escaped where *encoding* cannot hold it.

    >>> dump(["é"]), dump(["é"], "ascii")
    ('[\n    "é"\n]', '[\n    "\\u00e9"\n]')
    """
    text = _dumped(document)
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        import json

        return json.dumps(document, indent=4, sort_keys=True)
    return text


def _dumped(document: object) -> str:
    # Where records were read msgspec is there already, and ten times as fast; elsewhere
    # it would take longer to load than to write a short document without it.
    if "msgspec" in sys.modules:
        import msgspec

        try:
            compact = msgspec.json.encode(document, order="sorted")
        except UnicodeEncodeError:  # names of files that are no text
            pass
        else:
            return msgspec.json.format(compact, indent=4).decode()
    import json

    return json.dumps(document, indent=4, sort_keys=True, ensure_ascii=False)


def package(record: RepodataRecord) -> dict[str, Any]:
    """One package as the keys that scripts read (``build`` under both its names)."""
    data: dict[str, Any] = {
        "name": record.name,
        "version": record.version,
        "build": record.build,
        "build_string": record.build,
        "build_number": record.build_number,
        "channel": record.platform_url,
        "url": record.url,
        "subdir": record.subdir or "",
        "fn": record.fn,
        "size": record.size or 0,
        "timestamp": record.timestamp_ms,
        "license": record.license or "",
        "track_features": ",".join(record.features),
        "depends": list(record.depends),
        "constrains": list(record.constrains),
    }
    optional = {
        "noarch": record.noarch_kind,
        "md5": record.md5,
        "sha256": record.sha256,
        "python_site_packages_path": record.python_site_packages_path,
    }
    data.update({key: value for key, value in optional.items() if value})
    return data


def actions(
    prefix: str,
    fetch: Iterable[RepodataRecord],
    link: Iterable[RepodataRecord],
    unlink: Iterable[RepodataRecord],
) -> dict[str, Any]:
    """The ``actions`` object; LINK is in install order, empty lists are left out."""
    lists = {
        "FETCH": [package(record) for record in fetch],
        "LINK": [package(record) for record in link],
        "UNLINK": [package(record) for record in unlink],
    }
    return {"PREFIX": prefix} | {key: value for key, value in lists.items() if value}
