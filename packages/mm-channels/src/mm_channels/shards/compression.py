"""Decompress zstd without trusting what the data says of itself."""

from __future__ import annotations

__all__ = ["decompress"]

_PIECE = 512
"""Bytes taken at a time where the length is unknown: some four can make 128 kB."""


def decompress(data: bytes, limit: int) -> bytes:
    """The one frame that is all of *data*, unpacked; *limit* bytes at most.

    Raises ValueError: it is not zstd, is cut off, or would be longer.
    """
    import zstandard

    try:
        size = zstandard.frame_content_size(data)
        if size > limit:
            raise ValueError(f"unpacked it is longer than {limit} bytes")
        if size > 0:
            return zstandard.ZstdDecompressor().decompress(data, allow_extra_data=False)
        return _streamed(data, limit)
    except zstandard.ZstdError as error:
        raise ValueError(str(error)) from None


def _streamed(data: bytes, limit: int) -> bytes:
    """For a frame that does not say how long it is."""
    import zstandard

    frame = zstandard.ZstdDecompressor().decompressobj()
    pieces, total = [], 0
    for at in range(0, len(data), _PIECE):
        if frame.eof:
            raise ValueError("more follows its end")
        pieces.append(frame.decompress(data[at : at + _PIECE]))
        total += len(pieces[-1])
        if total > limit:
            raise ValueError(f"unpacked it is longer than {limit} bytes")
    if not frame.eof or frame.unused_data:
        raise ValueError("more follows its end" if frame.eof else "it is cut off")
    return b"".join(pieces)
