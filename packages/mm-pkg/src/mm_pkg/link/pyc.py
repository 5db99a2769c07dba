"""Bytecode of ``noarch: python`` packages: compiled once, linked ever after.

The target interpreter compiles all sources of a transaction in one go, in
several processes. What it made for a package is then kept in the package
cache, by the package's sha256 and the bytecode format::

    <pkgs>/.pyc/cpython-311-a70d0d0a/<sha256>/index.json
                                              0.pyc 1.pyc ...

Such files fit any environment: they record no path that matters (import
corrects it), and a linked source keeps the time and size they were made for.
"""

# Text paths and os functions: thousands of files go through here.

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from mm_pkg.cancellation import Cancellation
from mm_pkg.link.method import CANNOT_LINK, copy_file
from mm_pkg.link.noarch_python import PythonLayout

__all__ = [
    "Bytecode",
    "CompileJob",
    "bytecode_format",
    "compile_sources",
    "load_bytecode",
    "store_bytecode",
]

FOLDER = ".pyc"
"""In a package cache directory; the leading dot keeps it apart from packages."""

_JOBS_PER_PROCESS = 12
"""Starting one more interpreter pays from about this many files."""

_POLL_SECONDS = 0.1

_PROGRAM = """\
import os, py_compile, sys
decode = getattr(os, "fsdecode", str)
parent = int(sys.argv[2])
with open(sys.argv[1], "rb") as jobs, open(sys.argv[1] + ".errors", "wb") as errors:
    for line in jobs:
        if hasattr(os, "getppid") and os.getppid() != parent:
            break
        source, target, shown = line.rstrip(b"\\n").split(b"\\t")
        try:
            py_compile.compile(decode(source), decode(target), decode(shown), doraise=True)
        except Exception as error:
            text = " ".join(str(error).split()).encode("utf-8", "replace")
            errors.write(target + b"\\t" + text + b"\\n")
"""
"""Runs in the target interpreter, whatever its version. Ends when its parent does.

Its targets are plain names: py_compile makes missing directories, and would
make the journal anew that a recovery is just deleting.
"""


class CompileJob(msgspec.Struct, frozen=True):
    """One source to compile.

    target -- name of the file to make in the folder of the run
    shown  -- the path to record in the bytecode, the same in every environment
    """

    source: str
    target: str
    shown: str


class _IndexEntry(msgspec.Struct, frozen=True, array_like=True):
    """file is None for a source that this interpreter cannot compile."""

    file: str | None
    size: int
    source_mtime: int
    source_size: int


class Bytecode(msgspec.Struct, frozen=True):
    """Cached bytecode of one package: by the path of its source in the package."""

    sources: dict[str, _IndexEntry]
    folder: str = ""

    def of(self, source: str, mtime: int, size: int) -> tuple[bool, str | None]:
        """Whether *source*, of that time and size, is known, and the file made from it."""
        entry = self.sources.get(source)
        if entry is None or entry.source_mtime != mtime or entry.source_size != size:
            return False, None
        return True, None if entry.file is None else f"{self.folder}/{entry.file}"


def bytecode_format(python: PythonLayout, folders: Sequence[Path], version: str) -> str:
    """A name for the bytecode format of *python*: its cache tag and magic number.

    The magic number is read from a standard library module below one of
    *folders* (the python package or an environment); where none is compiled
    the full *version* of Python stands in.
    """
    name = python.pyc_path(f"{python.site_packages.rpartition('/')[0]}/os.py")
    for folder in folders:
        try:
            with open(folder / name, "rb") as stream:
                magic = stream.read(4)
        except OSError:
            continue
        if len(magic) == 4:
            return f"{python.cache_tag}-{magic.hex()}"
    return f"{python.cache_tag}-{version}"


def load_bytecode(pkgs: Sequence[Path], bytecode: str, sha256: str | None) -> Bytecode | None:
    """The cached bytecode of the package *sha256* from the first of *pkgs* that has it.

    Damage (a missing or cut file) makes the entry count as absent.
    """
    if not sha256:
        return None
    for cache in pkgs:
        folder = cache / FOLDER / bytecode / sha256
        try:
            content = (folder / "index.json").read_bytes()
            index = msgspec.json.decode(content, type=Bytecode)
            with os.scandir(folder) as entries:
                sizes = {entry.name: entry.stat().st_size for entry in entries}
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            continue
        if all(e.file is None or sizes.get(e.file) == e.size for e in index.sources.values()):
            return msgspec.structs.replace(index, folder=str(folder))
    return None


def store_bytecode(
    pkgs: Sequence[Path],
    bytecode: str,
    sha256: str,
    compiled: Mapping[str, tuple[str | None, int, int]],
) -> bool:
    """Keep what was compiled for a package; the first writable of *pkgs* gets it.

    *compiled*: path of the source in the package -> (file with the bytecode,
    or None where there is none; time in seconds and size of the source).
    Returns whether the cache has it now. Never raises OSError: this only saves time.
    """
    for cache in pkgs:
        folder = cache / FOLDER / bytecode / sha256
        temporary = folder.with_name(f".{sha256}.{os.getpid()}.tmp")
        try:
            temporary.mkdir(parents=True)
            _fill(temporary, compiled)
            _put(temporary, folder)
            return True
        except OSError:
            import shutil

            shutil.rmtree(temporary, ignore_errors=True)
    return False


def _fill(folder: Path, compiled: Mapping[str, tuple[str | None, int, int]]) -> None:
    sources: dict[str, _IndexEntry] = {}
    for number, (source, (file, mtime, size)) in enumerate(compiled.items()):
        name, bytes_ = None, 0
        if file is not None:
            name = f"{number}.pyc"
            target = f"{folder}/{name}"
            try:
                os.link(file, target)
            except OSError as error:
                if error.errno not in CANNOT_LINK:
                    raise
                copy_file(file, target)
            bytes_ = os.stat(target).st_size
        sources[source] = _IndexEntry(name, bytes_, mtime, size)
    (folder / "index.json").write_bytes(msgspec.json.encode({"sources": sources}))


def _put(temporary: Path, folder: Path) -> None:
    """Rename in; an entry already there is replaced (it was found damaged or is as good)."""
    try:
        temporary.rename(folder)
    except OSError:
        import shutil

        old = folder.with_name(f"{temporary.name}.old")
        folder.rename(old)
        temporary.rename(folder)
        shutil.rmtree(old, ignore_errors=True)


def compile_sources(
    interpreter: Path,
    jobs: Sequence[CompileJob],
    folder: Path,
    *,
    workers: int = 0,
    isolated: bool = True,
    cancellation: Cancellation | None = None,
) -> tuple[dict[str, str], str]:
    """Compile *jobs* with *interpreter*; results, lists and logs go to *folder*.

    Returns target -> why its source cannot be compiled, and what was wrong with
    the interpreter itself, or "". *workers* 0 means as many processes as pay.
    *isolated* is False for Python 2, which lacks ``-I``.
    """
    cpus = workers or os.cpu_count() or 1
    count = max(1, min(cpus, len(jobs) // _JOBS_PER_PROCESS))
    shares = [list[CompileJob]() for _ in range(count)]
    # neighbours in a package have similar sizes: dealing them out balances well
    for number, job in enumerate(jobs):
        shares[number % count].append(job)
    failed: dict[str, str] = {}
    trouble = _run_shares(interpreter, shares, folder, isolated, cancellation)
    for number in range(count):
        try:
            log = (folder / f"compile-{number}.errors").read_bytes()
        except OSError:
            continue
        for line in log.splitlines():
            target, _, reason = line.partition(b"\t")
            failed[os.fsdecode(target)] = reason.decode("utf-8", "replace")
    return failed, trouble


def _run_shares(
    interpreter: Path,
    shares: Sequence[Sequence[CompileJob]],
    folder: Path,
    isolated: bool,
    cancellation: Cancellation | None,
) -> str:
    """Start one interpreter a share and wait for all; returns what went wrong, or ""."""
    import subprocess

    flags = ["-I", "-S", "-B"] if isolated else ["-E", "-s", "-S", "-B"]
    env = {key: os.environ[key] for key in ("PATH", "SYSTEMROOT", "TMPDIR") if key in os.environ}
    processes: list[subprocess.Popen[bytes]] = []
    trouble = ""
    try:
        for number, share in enumerate(shares):
            path = folder / f"compile-{number}"
            lines = ("\t".join((job.source, job.target, job.shown)) for job in share)
            path.write_bytes(os.fsencode("".join(f"{line}\n" for line in lines)))
            program = ["-Wignore", "-c", _PROGRAM, str(path), str(os.getpid())]
            command = [str(interpreter), *flags, *program]
            try:
                processes.append(
                    subprocess.Popen(
                        command,
                        cwd=folder,
                        env=env,
                        stdin=subprocess.DEVNULL,
                        stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL,
                    )
                )
            except OSError as error:
                return f"{interpreter} cannot be started: {error.strerror}"
        for process in processes:
            while True:
                try:
                    if process.wait(_POLL_SECONDS):
                        trouble = f"{interpreter} ended with status {process.returncode}"
                    break
                except subprocess.TimeoutExpired:
                    if cancellation is not None:
                        cancellation.check()
        return trouble
    finally:
        for process in processes:
            if process.poll() is None:
                process.kill()
                process.wait()
