"""A conda package: record, archive, cache entry, links into a prefix, transactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mm_pkg.lazy_names import lazy_names

if TYPE_CHECKING:
    from .archive import create, extract, read_info
    from .cache import CachedPackage, PackageCache
    from .cancellation import Cancellation, Cancelled
    from .errors import PackageError
    from .prefix import (
        HistoryEntry,
        Prefix,
        known_environments,
        register_environment,
        unregister_environment,
    )
    from .record import PackageRecord, PathEntry, PrefixRecord, RecordSource, RepodataRecord
    from .reporter import SILENT, Reporter, Task
    from .transaction import (
        Carried,
        LinkItem,
        LinkOptions,
        Outcome,
        Plan,
        apply,
        carry_unowned,
        create_empty,
        recover,
        remove_environment,
        remove_unowned,
        verify,
    )

__all__ = [
    "SILENT",
    "CachedPackage",
    "Cancellation",
    "Cancelled",
    "Carried",
    "HistoryEntry",
    "LinkItem",
    "LinkOptions",
    "Outcome",
    "PackageCache",
    "PackageError",
    "PackageRecord",
    "PathEntry",
    "Plan",
    "Prefix",
    "PrefixRecord",
    "RecordSource",
    "RepodataRecord",
    "Reporter",
    "Task",
    "apply",
    "carry_unowned",
    "create",
    "create_empty",
    "extract",
    "known_environments",
    "read_info",
    "recover",
    "register_environment",
    "remove_environment",
    "remove_unowned",
    "unregister_environment",
    "verify",
]

_HOME = {
    "HistoryEntry": "prefix",
    "Outcome": "transaction",
    "Carried": "transaction",
    "carry_unowned": "transaction",
    "create_empty": "transaction",
    "remove_environment": "transaction",
    "remove_unowned": "transaction",
    "register_environment": "prefix",
    "unregister_environment": "prefix",
    "known_environments": "prefix",
    "SILENT": "reporter",
    "CachedPackage": "cache",
    "Cancellation": "cancellation",
    "Cancelled": "cancellation",
    "LinkItem": "transaction",
    "LinkOptions": "transaction",
    "PackageCache": "cache",
    "PackageError": "errors",
    "PackageRecord": "record",
    "PathEntry": "record",
    "Plan": "transaction",
    "Prefix": "prefix",
    "PrefixRecord": "record",
    "RecordSource": "record",
    "RepodataRecord": "record",
    "Reporter": "reporter",
    "Task": "reporter",
    "apply": "transaction",
    "create": "archive",
    "extract": "archive",
    "read_info": "archive",
    "recover": "transaction",
    "verify": "transaction",
}
"""Public name -> the module that has it."""

if not TYPE_CHECKING:  # to type checkers a misspelt name is an error
    __getattr__, __dir__ = lazy_names(__name__, _HOME)
