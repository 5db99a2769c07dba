"""What the NVIDIA driver says of itself: asked of the driver, not of a toolkit on disk.

No device is initialised: `cuDriverGetVersion` needs none, and the management
library (NVML) knows the devices without a CUDA context. Where neither can be
loaded ``nvidia-smi`` is asked, which takes a process.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["CudaDriver"]

_WSL = "/usr/lib/wsl/lib/"

_CUDA = {
    "linux": ("libcuda.so.1", f"{_WSL}libcuda.so.1", "libcuda.so"),
    "win32": ("nvcuda.dll",),
}
_MANAGEMENT = {
    "linux": ("libnvidia-ml.so.1", f"{_WSL}libnvidia-ml.so.1"),
    "win32": ("nvml.dll", r"C:\Program Files\NVIDIA Corporation\NVSMI\nvml.dll"),
}

_SIGNS = {
    "linux": (
        "/proc/driver/nvidia/version",
        "/dev/nvidiactl",
        "/dev/dxg",  # Windows Subsystem for Linux
        "/dev/nvhost-gpu",  # Tegra
        "/dev/nvgpu",
    ),
}
"""Files of a driver that runs. The library alone may be there without one, as in containers."""

_PATIENCE = 10
"""Seconds until ``nvidia-smi`` is given up."""


def _load(library: str) -> Any:
    import ctypes

    return ctypes.CDLL(library)


def _run(command: Sequence[str]) -> str:
    import subprocess

    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_PATIENCE,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


class CudaDriver:
    """The driver of this machine; its ways to the machine can be replaced.

    load   -- opens a library by name; raises OSError
    run    -- the output of a command; raises OSError or subprocess.SubprocessError
    exists -- whether a file is there
    """

    def __init__(
        self,
        load: Callable[[str], Any] = _load,
        run: Callable[[Sequence[str]], str] = _run,
        exists: Callable[[str], bool] = os.path.exists,
        system: str = sys.platform,
    ) -> None:
        self._load = load
        self._run = run
        self._exists = exists
        self._system = system

    def version(self) -> str | None:
        """The newest CUDA that the driver supports, such as ``12.4``; None without a driver."""
        if not self._is_there():
            return None
        for driver in self._libraries(_CUDA):
            number = _integer()
            try:
                failed = driver.cuDriverGetVersion(_reference(number))
            except AttributeError:
                continue
            if not failed and number.value > 0:
                return f"{number.value // 1000}.{number.value % 1000 // 10}"
        answer = self._ask("--query", "-u", "-x").partition("<cuda_version>")[2]
        return _two_numbers(answer.partition("<")[0])

    def lowest_capability(self) -> str | None:
        """The lowest compute capability of all devices, such as ``8.6``; None without one."""
        if not self._is_there():
            return None
        for management in self._libraries(_MANAGEMENT):
            try:
                found = list(_capabilities(management))
            except AttributeError:
                continue
            return _dotted(min(found)) if found else None
        answer = self._ask("--query-gpu=compute_cap", "--format=csv,noheader")
        numbers = [_two_numbers(line) for line in answer.splitlines()]
        pairs = [tuple(map(int, each.split("."))) for each in numbers if each]
        return _dotted(min(pairs)) if pairs else None

    def _is_there(self) -> bool:
        signs = _SIGNS.get(self._system)
        return self._system in _CUDA and (signs is None or any(map(self._exists, signs)))

    def _libraries(self, names: Mapping[str, tuple[str, ...]]) -> Iterator[Any]:
        for name in names[self._system]:
            try:
                yield self._load(name)
            except (OSError, ImportError):
                continue

    def _ask(self, *options: str) -> str:
        from subprocess import SubprocessError

        try:
            return self._run(["nvidia-smi", *options])
        except (OSError, SubprocessError):
            return ""


def _capabilities(management: Any) -> Iterator[tuple[int, int]]:
    """Major and minor of every device that NVML knows. Raises AttributeError."""
    if management.nvmlInit_v2():
        return
    try:
        count = _integer()
        if management.nvmlDeviceGetCount_v2(_reference(count)):
            return
        for index in range(count.value):
            device, major, minor = _pointer(), _integer(), _integer()
            if management.nvmlDeviceGetHandleByIndex_v2(index, _reference(device)):
                continue
            if not management.nvmlDeviceGetCudaComputeCapability(
                device, _reference(major), _reference(minor)
            ):
                yield major.value, minor.value
    finally:
        management.nvmlShutdown()


def _integer() -> Any:
    import ctypes

    return ctypes.c_int(0)


def _pointer() -> Any:
    import ctypes

    return ctypes.c_void_p()


def _reference(value: Any) -> Any:
    import ctypes

    return ctypes.byref(value)


def _dotted(numbers: Sequence[int]) -> str:
    return ".".join(map(str, numbers))


def _two_numbers(text: str) -> str | None:
    """``12.4`` of ``12.4`` or ``12.4.1``; None of anything else."""
    numbers = text.strip().split(".")[:2]
    valid = len(numbers) == 2 and all(n.isascii() and n.isdigit() for n in numbers)
    return ".".join(numbers) if valid else None
