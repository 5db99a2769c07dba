"""What the system's refusals mean for an environment."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mm_pkg.errors import LinkFailed, NotEnoughSpace, PrefixNotWritable

__all__ = ["plain_errors"]


@contextmanager
def plain_errors(prefix: Path, failed: str, hint: str = "Try again.") -> Iterator[None]:
    """Turn an OSError into `NotEnoughSpace`, `PrefixNotWritable` or `LinkFailed`.

    *failed* says what was tried and what state it left, such as "removing failed".
    """
    try:
        yield
    except OSError as error:
        what = f"{error.strerror or error}: {error.filename2 or error.filename or prefix}"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NotEnoughSpace(
                f"{prefix}: {failed}: the disk is full", hint="Make room and try again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise PrefixNotWritable(
                f"{prefix}: {failed}: {what}",
                hint="Check the owner and the permissions of the environment.",
            ) from error
        raise LinkFailed(f"{prefix}: {failed}: {what}", hint=hint) from error
