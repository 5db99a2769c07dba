"""Virtual packages, with a machine and an environment made up for each case (CEP 30, CEP 46)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import pytest
from universe_factory import MemorySource, install, pkg

from mm_solve import Unsolvable, detect_virtual_packages, solve
from mm_solve.cuda_driver import CudaDriver
from mm_solve.host import Host, leading_numbers
from mm_solve.virtual_packages import VirtualPackages, finder, virtual_package


class Library:
    """Stands for libcuda and NVML at once."""

    def __init__(self, version: int = 12040, devices: Sequence[tuple[int, int]] = ()) -> None:
        self.number = version
        self.devices = devices
        self.shut_down = False

    def cuDriverGetVersion(self, answer: Any) -> int:  # noqa: N802
        answer._obj.value = self.number
        return 0

    def nvmlInit_v2(self) -> int:  # noqa: N802
        return 0

    def nvmlShutdown(self) -> int:  # noqa: N802
        self.shut_down = True
        return 0

    def nvmlDeviceGetCount_v2(self, answer: Any) -> int:  # noqa: N802
        answer._obj.value = len(self.devices)
        return 0

    def nvmlDeviceGetHandleByIndex_v2(self, index: int, answer: Any) -> int:  # noqa: N802
        answer._obj.value = index + 1
        return 0

    def nvmlDeviceGetCudaComputeCapability(  # noqa: N802
        self, device: Any, major: Any, minor: Any
    ) -> int:
        major._obj.value, minor._obj.value = self.devices[device.value - 1]
        return 0


def nowhere(library: str) -> Any:
    raise OSError(library)


def silent(command: Sequence[str]) -> str:
    raise FileNotFoundError(command[0])


def driver(
    load: Any = nowhere, run: Any = silent, exists: Any = lambda path: True, system: str = "linux"
) -> CudaDriver:
    return CudaDriver(load, run, exists, system)


class Machine(Host):
    """A machine to the test's liking, which remembers what it was asked."""

    system = "linux"  # type: ignore[assignment]
    kernel: str | None = "6.1.0"
    libc: str | None = "2.36"
    processor: tuple[str, str] | None = ("zen4", "x86_64")
    graphics = driver(exists=lambda path: False)

    def __init__(self, **facts: Any) -> None:
        self.asked: list[str] = []
        self.__dict__.update(facts)

    def linux(self) -> str | None:
        self.asked.append("linux")
        return self.kernel

    def osx(self) -> str | None:
        return "15.3"

    def win(self) -> str | None:
        return "10.0.22631"

    def glibc(self) -> str | None:
        self.asked.append("glibc")
        return self.libc

    def microarchitecture(self) -> tuple[str, str] | None:
        self.asked.append("archspec")
        return self.processor

    def cuda(self) -> CudaDriver:
        self.asked.append("cuda")
        return self.graphics


def found(
    platform: str = "linux-64", machine: Machine | None = None, heard: Any = None, **env: str
) -> dict[str, str]:
    overrides = {f"CONDA_OVERRIDE_{key}": value for key, value in env.items()}
    warn = (lambda message: None) if heard is None else heard.append
    packages = VirtualPackages(platform, overrides, warn, machine or Machine())
    assert all(p.build_number == 0 and p.subdir == platform for p in packages)
    return {p.name: f"{p.version} {p.build}" for p in packages}


HERE = {
    "__unix": "0 0",
    "__linux": "6.1.0 0",
    "__glibc": "2.36 0",
    "__archspec": "1 zen4",
}


def test_this_machine() -> None:
    assert found() == HERE
    assert list(found()) == list(HERE)
    assert found("osx-arm64", Machine(system="osx", processor=("m2", "aarch64"))) == {
        "__unix": "0 0",
        "__osx": "15.3 0",
        "__archspec": "1 m2",
    }
    assert found("win-64", Machine(system="win", processor=("skylake", "x86_64"))) == {
        "__win": "10.0.22631 0",
        "__archspec": "1 skylake",
    }


@pytest.mark.parametrize(
    ("platform", "packages"),
    [
        ("osx-arm64", {"__unix": "0 0", "__osx": "0 0", "__archspec": "1 aarch64"}),
        ("osx-64", {"__unix": "0 0", "__osx": "0 0", "__archspec": "1 x86_64"}),
        ("win-64", {"__win": "0 0", "__archspec": "1 x86_64"}),
        ("win-arm64", {"__win": "0 0", "__archspec": "1 aarch64"}),
        ("emscripten-wasm32", {"__unix": "0 0", "__archspec": "0 wasm32"}),
        ("freebsd-64", {"__unix": "0 0", "__archspec": "1 x86_64"}),
        ("linux-32", {**HERE, "__archspec": "1 x86"}),
        ("linux-aarch64", {**HERE, "__archspec": "1 aarch64"}),
        ("linux-s390x", {**HERE, "__archspec": "0 s390x"}),
        ("zos-z", {"__archspec": "0 z"}),
        ("noarch", {}),
    ],
)
def test_another_platform(platform: str, packages: dict[str, str]) -> None:
    graphics = driver(load=lambda name: Library(devices=[(9, 0)]))
    assert found(platform, Machine(graphics=driver(exists=lambda path: False))) == packages
    if not platform.startswith("linux"):
        assert found(platform, Machine(graphics=graphics)) == packages


def test_linux_from_elsewhere() -> None:
    assert found("linux-64", Machine(system="osx", processor=("m1", "aarch64"))) == {
        "__unix": "0 0",
        "__linux": "0 0",
        "__glibc": "2.17 0",
        "__archspec": "1 x86_64",
    }


def test_what_cannot_be_found_out() -> None:
    heard: list[str] = []
    machine = Machine(kernel=None, libc=None, processor=None)
    assert found("linux-64", machine, heard) == {
        "__unix": "0 0",
        "__linux": "0 0",
        "__glibc": "2.17 0",
        "__archspec": "1 x86_64",
    }
    assert heard == ["the version of linux cannot be found out; it is taken as 0"]


def test_overrides() -> None:
    overrides = {"LINUX": "5.15.2", "GLIBC": " 2.28 ", "ARCHSPEC": "haswell", "CUDA": "12.9"}
    assert found(**overrides, CUDA_ARCH="8.6") == {
        "__unix": "0 0",
        "__linux": "5.15.2 0",
        "__glibc": "2.28 0",
        "__cuda": "12.9 0",
        "__cuda_arch": "8.6 0",
        "__archspec": "1 haswell",
    }
    assert found("osx-64", OSX="14.1", CUDA="11")["__osx"] == "14.1 0"
    assert found("osx-64", CUDA="11")["__cuda"] == "11 0"
    assert found("win-64", WIN="10.0.19045")["__win"] == "10.0.19045 0"
    assert found("linux-s390x", ARCHSPEC="z15")["__archspec"] == "1 z15"


def test_overrides_of_other_platforms_change_nothing() -> None:
    assert found(OSX="14.1", WIN="10.0", UNIX="7") == HERE
    assert "__linux" not in found("win-64", LINUX="5.15", GLIBC="2.28")


def test_an_empty_override_hides_what_may_be_absent() -> None:
    graphics = driver(load=lambda name: Library(devices=[(9, 0)]))
    machine = Machine(graphics=graphics)
    assert "__glibc" not in found(GLIBC="")
    assert {"__cuda", "__cuda_arch"} <= set(found("linux-64", machine))
    assert "__cuda_arch" not in found("linux-64", machine, CUDA_ARCH="")
    assert {"__cuda", "__cuda_arch"}.isdisjoint(found("linux-64", machine, CUDA=""))
    assert found(LINUX="", ARCHSPEC="", UNIX="") == HERE


def test_cuda_arch_needs_cuda() -> None:
    assert "__cuda_arch" not in found(CUDA_ARCH="8.6")
    assert found(CUDA="12", CUDA_ARCH="8.6")["__cuda_arch"] == "8.6 0"
    assert "__cuda_arch" not in found(CUDA="12")


@pytest.mark.parametrize(
    ("variable", "value", "what"),
    [
        ("LINUX", "new", "a kernel version"),
        ("LINUX", "6", "a kernel version"),
        ("LINUX", "6.1-rc", "a kernel version"),
        ("GLIBC", "2..3", "a version"),
        ("CUDA", "12@", "a version"),
        ("ARCHSPEC", "zen 4", "a build"),
    ],
)
def test_an_override_that_cannot_be_is_ignored_with_a_warning(
    variable: str, value: str, what: str
) -> None:
    heard: list[str] = []
    assert found(heard=heard, **{variable: value}) == HERE
    assert heard == [f"CONDA_OVERRIDE_{variable}={value} is not {what}; it is ignored"]


def test_a_capability_has_no_letters() -> None:
    heard: list[str] = []
    assert "__cuda_arch" not in found(heard=heard, CUDA="12.9", CUDA_ARCH="9.0a")
    assert len(heard) == 1


def test_each_is_looked_for_once_and_only_when_asked_for() -> None:
    machine = Machine()
    packages = VirtualPackages("linux-64", {}, host=machine)
    assert packages.find("__glibc") is packages.find("__glibc")
    assert packages.find("zlib") is packages.find("__nothing") is None
    assert machine.asked == ["glibc"]
    assert len(packages) == 4
    assert [packages[0].name, *(p.name for p in packages[1:])] == list(HERE)
    assert sorted(machine.asked) == ["archspec", "cuda", "glibc", "linux"]


def test_a_solve_asks_only_for_what_its_packages_name() -> None:
    machine = Machine()
    packages = VirtualPackages("linux-64", {}, host=machine)
    source = MemorySource(
        [
            pkg("a", depends=["__glibc >=2.17", "b"]),
            pkg("b", constrains=["__linux >=4"]),
            pkg("c", depends=["__cuda >=12"]),
            pkg("d", constrains=["__glibc >=3"]),
        ]
    )
    solve(install("a"), [source], virtual_packages=packages)
    assert sorted(machine.asked) == ["glibc", "linux"]
    for spec in ("c", "d"):
        with pytest.raises(Unsolvable):
            solve(install(spec), [source], virtual_packages=packages)
    new = VirtualPackages("linux-64", {"CONDA_OVERRIDE_CUDA": "12.4"}, host=machine)
    assert solve(install("c"), [source], virtual_packages=new)


def test_finder_of_given_packages() -> None:
    find = finder([virtual_package("__cuda", "12")])
    assert find("__cuda") == virtual_package("__cuda", "12")
    assert find("__glibc") is None


# -- the driver ----------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "version"), [(12040, "12.4"), (9020, "9.2"), (13000, "13.0")])
def test_version_of_the_driver(number: int, version: str) -> None:
    assert driver(load=lambda name: Library(number)).version() == version


def test_no_driver() -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("nothing is loaded or run without a sign of a driver")

    nothing = driver(load=never, run=never, exists=lambda path: False)
    assert nothing.version() is nothing.lowest_capability() is None
    assert driver(load=never, run=never, system="darwin").version() is None
    assert driver().version() is driver().lowest_capability() is None


def test_libraries_are_tried_in_turn() -> None:
    tried: list[str] = []

    def load(name: str) -> Any:
        tried.append(name)
        if not name.startswith("/usr/lib/wsl/"):
            raise OSError(name)
        return Library(11080, [(7, 5)])

    on_wsl = driver(load=load, exists=lambda path: path == "/dev/dxg")
    assert (on_wsl.version(), on_wsl.lowest_capability()) == ("11.8", "7.5")
    assert tried[0] == "libcuda.so.1"
    windows = driver(load=lambda name: Library(), exists=lambda path: False, system="win32")
    assert windows.version() == "12.4"


def test_the_lowest_capability() -> None:
    library = Library(devices=[(9, 0), (12, 0), (8, 6)])
    assert driver(load=lambda name: library).lowest_capability() == "8.6"
    assert library.shut_down
    assert driver(load=lambda name: Library(devices=[])).lowest_capability() is None


def test_nvidia_smi_answers_where_no_library_does() -> None:
    asked: list[Sequence[str]] = []

    def run(command: Sequence[str]) -> str:
        asked.append(command)
        if "-x" in command:
            return "<nvidia_smi_log>\n<cuda_version>12.8</cuda_version>\n</nvidia_smi_log>"
        return "8.9\n7.5\n[N/A]\n12.0\n"

    for load in (nowhere, lambda name: object()):
        assert driver(load, run).version() == "12.8"
        assert driver(load, run).lowest_capability() == "7.5"
    assert {command[0] for command in asked} == {"nvidia-smi"}


@pytest.mark.parametrize("answer", ["", "<cuda_version>N/A</cuda_version>", "<cuda_version>"])
def test_an_answer_that_says_nothing(answer: str) -> None:
    assert driver(run=lambda command: answer).version() is None
    assert driver(run=lambda command: answer).lowest_capability() is None


def test_a_command_that_fails() -> None:
    def run(command: Sequence[str]) -> str:
        raise subprocess.TimeoutExpired(command, 10)

    assert driver(run=run).version() is None
    assert driver(run=lambda command: "0.0").lowest_capability() == "0.0"


# -- the real machine ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "most", "numbers"),
    [
        ("6.1.0-25-amd64", 4, "6.1.0"),
        ("5.15.167.4-microsoft-standard-WSL2", 4, "5.15.167.4"),
        ("6.12-rc1", 4, "6.12"),
        ("5.15.0-x.7", 4, "5.15.0"),
        ("6.x.3", 4, None),
        ("6.1.5.6.7", 4, "6.1.5.6"),
        ("14.2.1", 2, "14.2"),
        ("12.x", 2, None),
        ("6", 2, None),
        ("", 2, None),
    ],
)
def test_leading_numbers(text: str, most: int, numbers: str | None) -> None:
    assert leading_numbers(text, most) == numbers


def test_the_processor_is_the_one_that_archspec_knows() -> None:
    from archspec.cpu import TARGETS, host

    assert Host().microarchitecture() == (host().name, host().family.name)
    assert host().name in TARGETS


def test_a_processor_that_archspec_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "archspec.cpu", None)
    assert Host().microarchitecture() is None


@pytest.mark.skipif(sys.platform != "linux", reason="asks this system")
def test_this_linux() -> None:
    hidden = {"CONDA_OVERRIDE_CUDA": ""}
    versions = {p.name: p.version for p in detect_virtual_packages("linux-64", hidden)}
    assert versions["__linux"] == Host().linux()
    assert versions["__linux"].split(".")[0].isdigit()
    assert versions["__glibc"] == (Host().glibc() or "2.17")
    assert "__cuda" not in versions


def test_detection_imports_nothing_that_takes_long() -> None:
    script = """
from mm_solve import detect_virtual_packages
import sys
packages = detect_virtual_packages("linux-64", {})
before = set(sys.modules)
for name in ("__unix", "__linux", "__glibc"):
    packages.find(name)
print(*(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
