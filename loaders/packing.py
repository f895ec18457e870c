"""Compressed files opened: gzip and zstd, with an end to how much may come out of them."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final, cast

import zstandard

from ..graph.errors import HakushoError

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"

RATIO: Final = 200
"""How many bytes may come out for one that goes in; texts of statements have some 10 to 50."""

FLOOR: Final = 1_000_000
"""How many bytes may come out of the shortest file."""

BLOCK: Final = 1 << 20

# What a decoder may keep in memory: 128 MiB is as far as `zstd --ultra` goes by itself.
_WINDOW: Final = 128 << 20

# A few bytes of zstd may stand for 128 KiB: how much is in memory follows how much is fed at once.
_PIECE: Final = 512


class BadPacking(HakushoError):
    """A compressed file that is damaged or unfolds without end; `code` is that of the defect."""

    def __init__(self, code: str, most: int = 0) -> None:
        super().__init__(code, most)
        self.code = code
        self.most = most

    def __str__(self) -> str:
        if self.code == "damaged-packing":
            return "the compressed file is damaged or cut off"
        return f"the compressed file unfolds beyond {self.most:,} bytes"


def bare(name: str) -> str:
    """Gives a file's name without the ending of its compression.

    >>> bare("r07.nq.gz"), bare("r07.nq.zst"), bare("r07.nq")
    ('r07.nq', 'r07.nq', 'r07.nq')
    """
    for ending in (".gz", ".zst"):
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def unpacked(content: bytes, most: int) -> bytes:
    """Gives the bytes of a file that may be compressed, and at most so many of them.

    >>> unpacked(gzip.compress(b"facts"), 100), unpacked(b"facts", 100)
    (b'facts', b'facts')
    """
    with opened(io.BytesIO(content), len(content), most) as file:
        return b"".join(blocks(file))


def blocks(file: IO[bytes]) -> Iterator[bytes]:
    """Gives the rest of a file piece by piece."""
    while block := file.read(BLOCK):
        yield block


@contextmanager
def opened(file: IO[bytes], size: int, most: int | None = None) -> Iterator[IO[bytes]]:
    """Gives a file of so many bytes as it reads uncompressed, whatever its name says.

    More than `most`, or than any honest compression holds, is refused while it is read.
    """
    start = file.read(len(ZSTD))
    file.seek(0)
    honest = FLOOR + RATIO * size
    if start.startswith(GZIP):
        source: IO[bytes] = cast(IO[bytes], gzip.GzipFile(fileobj=file))
    elif start == ZSTD:
        source = cast(IO[bytes], _Zstd(file))
    else:
        source, honest = file, size
    limit = honest if most is None else min(most, honest)
    with io.BufferedReader(_Counted(source, limit), BLOCK) as counted:
        yield counted


class _Zstd:
    """The content of a zstd file; unlike the library's own reader, it sees where one is cut off."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._frame = self._next_frame()
        self._out = b""
        self._begun = False

    @staticmethod
    def _next_frame() -> zstandard.ZstdDecompressionObj:
        return zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()

    def read(self, size: int) -> bytes:
        """Gives at most so many bytes, and none at the end."""
        while not self._out:
            piece = self._file.read(_PIECE)
            if not piece:
                if self._begun:
                    raise EOFError
                return b""
            self._out = self._decompressed(piece)
        taken, self._out = self._out[:size], self._out[size:]
        return taken

    def _decompressed(self, piece: bytes) -> bytes:
        out = []
        while piece:
            out.append(self._frame.decompress(piece))
            self._begun = not self._frame.eof
            piece = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame = self._next_frame()
        return b"".join(out)


class _Counted(io.RawIOBase):
    """A file that fails when more comes out of it than may."""

    def __init__(self, source: IO[bytes], most: int) -> None:
        self._source = source
        self._most = most
        self._came = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer)).cast("B")
        try:
            piece = self._source.read(len(view))
        except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
            raise BadPacking("damaged-packing") from error
        self._came += len(piece)
        if self._came > self._most:
            raise BadPacking("unfolds-too-far", self._most)
        view[: len(piece)] = piece
        return len(piece)
