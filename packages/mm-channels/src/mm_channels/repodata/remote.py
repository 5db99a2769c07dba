"""Repodata from a server: ask for what is new, keep what is not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from mm_channels.channel import Subdir
from mm_channels.errors import AuthenticationError, MalformedRepodata, NotFound
from mm_channels.index.scan import describe_beginning
from mm_channels.repodata.cache import Cached, Intake, find_cached
from mm_channels.repodata.progress import TransferProgress
from mm_channels.repodata.state import Checked, State
from mm_channels.transport.sink import Received, Validators
from mm_pkg.cancellation import Cancellation
from mm_pkg.reporter import Reporter

if TYPE_CHECKING:
    from mm_channels.transport import Transport

__all__ = ["refresh"]


def refresh(
    subdir: Subdir,
    transport: Transport,
    cache_dirs: Sequence[str | os.PathLike[str]],
    *,
    use_zst: bool,
    force: bool = False,
    has_shards: Checked | None = None,
    reporter: Reporter,
    cancellation: Cancellation,
) -> Cached:
    """The current repodata text of *subdir*, from the server or known to be unchanged.

    force -- fetch it, even if the cached one is up to date
    has_shards -- what the server has just said of the sharded form, to be remembered

    Raises `NotFound` (also for a server that forbids access to files it does not
    have), `NetworkError`, `MalformedRepodata`, `Cancelled`.
    """
    url = f"{subdir.url}/repodata.json"
    known = [] if force else find_cached(cache_dirs, url)
    old = known[0] if known else None
    progress = TransferProgress(reporter, subdir.name)
    state = State(
        url=url,
        has_zst=old.state.has_zst if old else None,
        has_shards=has_shards or (old.state.has_shards if old else None),
    )
    for compressed in _forms(state, use_zst):
        intake = Intake(cache_dirs, url, compressed=compressed)
        try:
            received = transport.fetch(
                f"{url}.zst" if compressed else url,
                intake,
                validators=_validators(old, compressed),
                encoded=not compressed,
                on_start=progress.start,
                on_bytes=progress.advance,
                cancellation=cancellation,
            )
            if compressed:
                state = msgspec.structs.replace(state, has_zst=Checked.now(True))
            return _conclude(intake, received, state, old, progress)
        except (NotFound, AuthenticationError) as error:
            if not compressed or error.status == 401:
                progress.fail(str(error))
                raise
            state = msgspec.structs.replace(state, has_zst=Checked.now(False))
        except ValueError as error:
            why = describe_beginning(intake.first_bytes)
            why = why if "web page" in why or "empty" in why else str(error)
            progress.fail(why)
            raise MalformedRepodata(
                f"{url} is not repodata: {why}",
                url=url,
                hint="Check the channel's URL, and whether the network wants you to sign in.",
            ) from None
        except BaseException as error:
            progress.fail(str(error))
            raise
        finally:
            intake.close()
    raise NotFound(f"{url} does not exist", url=url)


def _forms(state: State, use_zst: bool) -> Iterator[bool]:
    """Which files to ask for, best first: True for the compressed one."""
    refused = state.has_zst is not None and not state.has_zst.value and state.has_zst.holds
    if use_zst and not refused:
        yield True
    yield False


def _validators(old: Cached | None, compressed: bool) -> Validators:
    """Those of the cached text, if it came from the file that is asked for."""
    if old is None:
        return Validators()
    from_zst = old.state.has_zst is not None and old.state.has_zst.value
    if from_zst != compressed:
        return Validators()
    return Validators(old.state.etag, old.state.mod)


def _conclude(
    intake: Intake, received: Received, state: State, old: Cached | None, progress: TransferProgress
) -> Cached:
    if received.not_modified and old is not None:
        # A 304 need not repeat the headers of the answer it stands for.
        state = msgspec.structs.replace(
            old.state,
            etag=received.etag or old.state.etag,
            mod=received.modified or old.state.mod,
            cache_control=received.cache_control or old.state.cache_control,
            has_zst=state.has_zst,
            has_shards=state.has_shards,
        )
        if not state.url.startswith("file:"):
            old.renewed(state)
        progress.finish("no change")
        return old
    if not intake.complete:
        raise ValueError("the compressed file is cut off")
    state = msgspec.structs.replace(
        state, etag=received.etag, mod=received.modified, cache_control=received.cache_control
    )
    cached = intake.commit(state)
    progress.finish("")
    return cached
