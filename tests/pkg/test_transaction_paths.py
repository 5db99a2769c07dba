"""What ends up where: methods, conflicts, hostile packages, removal."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import msgspec
import pytest

import mm_pkg.transaction.execution as execution
from mm_pkg.errors import (
    FrozenEnvironment,
    IncompletePackage,
    NotEnoughSpace,
    PathConflict,
    PrefixChanged,
    PrefixNotWritable,
    PrefixTooLong,
    UnsafePath,
)
from mm_pkg.link.method import LinkMethod
from mm_pkg.prefix import HistoryEntry, Prefix
from mm_pkg.transaction import LinkItem, LinkOptions, Plan, apply, verify


def link(prefix: Path, *packages: Any, **options: Any) -> Any:
    return apply(Plan(prefix, (), tuple(map(LinkItem, packages))), LinkOptions(**options))


def unlink(prefix: Path, *packages: Any, **options: Any) -> Any:
    records = tuple(package.installed(prefix) for package in packages)
    return apply(Plan(prefix, records), LinkOptions(**options))


def upgrade(prefix: Path, old: Any, new: Any) -> Any:
    return apply(Plan(prefix, (old.installed(prefix),), (LinkItem(new),)))


# methods


def test_hard_links_by_default(make: Any, prefix: Path) -> None:
    package = make("a", {"lib/x": b"x"})
    link(prefix, package)
    assert (prefix / "lib" / "x").samefile(package.path / "lib" / "x")
    assert package.installed(prefix).link.type == 1


def test_always_copy(make: Any, file: Any, prefix: Path) -> None:
    package = make("a", {"bin/x": file(b"x", 0o755)})
    link(prefix, package, always_copy=True)
    copied, source = prefix / "bin" / "x", package.path / "bin" / "x"
    assert not copied.samefile(source)
    assert copied.read_bytes() == b"x"
    assert copied.stat().st_mode == source.stat().st_mode
    assert copied.stat().st_mtime == source.stat().st_mtime
    assert package.installed(prefix).link.type == 3


def test_always_softlink(make: Any, prefix: Path) -> None:
    package = make("a", {"lib/x": b"x"})
    link(prefix, package, always_softlink=True)
    assert (prefix / "lib" / "x").readlink() == package.path / "lib" / "x"
    assert package.installed(prefix).link.type == 2


@pytest.mark.parametrize(("allowed", "method"), [(False, 3), (True, 2)])
def test_where_hard_links_fail(
    allowed: bool, method: int, make: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_link(*args: object, **kwargs: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_link)
    package = make("a", {"lib/x": b"x"})
    link(prefix, package, allow_softlinks=allowed)
    assert (prefix / "lib" / "x").read_bytes() == b"x"
    assert package.installed(prefix).link.type == method


def test_one_file_with_too_many_links(
    make: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def mostly(source: Any, target: Any, **kwargs: Any) -> None:
        if str(source).endswith("full"):
            raise OSError(31, "Too many links")
        real(source, target, **kwargs)

    monkeypatch.setattr(os, "link", mostly)
    package = make("a", {"one": b"1", "full": b"2"})
    link(prefix, package)
    assert (prefix / "one").samefile(package.path / "one")
    assert not (prefix / "full").samefile(package.path / "full")
    assert (prefix / "full").read_bytes() == b"2"


def test_no_link_is_copied(make: Any, file: Any, prefix: Path) -> None:
    package = make("a", {"etc/x": file(b"x", no_link=True), "y": b"y"})
    link(prefix, package)
    assert not (prefix / "etc" / "x").samefile(package.path / "etc" / "x")
    assert package.installed(prefix).link.type == LinkMethod.HARD


def test_soft_links_and_directories(make: Any, soft: Any, prefix: Path) -> None:
    package = make(
        "a",
        {
            "lib/libz.so.1": b"z",
            "lib/libz.so": soft("libz.so.1"),
            "lib/liby.so": soft("libz.so"),
            "lib64": soft("lib"),
            "dangling": soft("no/where"),
            "empty/inner": None,
        },
    )
    link(prefix, package)
    assert (prefix / "lib" / "libz.so").readlink() == Path("libz.so.1")
    assert (prefix / "dangling").is_symlink()
    assert (prefix / "empty" / "inner").is_dir()
    entries = {e.path: e for e in package.installed(prefix).paths_data.paths}
    digest = hashlib.sha256(b"z").hexdigest()
    assert entries["lib/libz.so"].sha256_in_prefix == digest
    assert entries["lib/liby.so"].sha256_in_prefix == digest
    assert entries["empty/inner"].path_type == "directory"
    unlink(prefix, package)
    assert sorted(os.listdir(prefix)) == ["conda-meta"]


def test_files_behind_another_packages_link(make: Any, soft: Any, prefix: Path) -> None:
    one = make("one", {"lib/x": b"x", "lib64": soft("lib")})
    two = make("two", {"lib64/y": b"y"})
    link(prefix, one, two)
    assert (prefix / "lib" / "y").read_bytes() == b"y"
    unlink(prefix, one, two)
    assert sorted(os.listdir(prefix)) == ["conda-meta"]


# prefix replacement


def test_prefix_replacement(make: Any, file: Any, placeholder: str, prefix: Path) -> None:
    text = f"#!{placeholder}/bin/sh\nroot={placeholder}\n".encode()
    binary = b"\x7fELF" + placeholder.encode() + b"/lib\0end"
    package = make(
        "a",
        {
            "bin/t": file(text, 0o755, placeholder),
            "bin/b": file(binary, 0o755, placeholder, binary=True),
        },
    )
    link(prefix, package)
    root = str(prefix).encode()
    new_text, new_binary = (prefix / "bin" / n for n in "tb")
    assert new_text.read_bytes().endswith(b"root=" + root + b"\n")
    assert new_binary.read_bytes().startswith(b"\x7fELF" + root + b"/lib\0")
    assert new_binary.stat().st_size == len(binary)
    assert new_text.stat().st_mode & 0o777 == 0o755
    for entry in package.installed(prefix).paths_data.paths:
        content = (prefix / entry.path).read_bytes()
        assert entry.sha256_in_prefix == hashlib.sha256(content).hexdigest()
        assert entry.sha256 != entry.sha256_in_prefix
        assert entry.prefix_placeholder == placeholder


def test_relocate_prefix(make: Any, file: Any, placeholder: str, prefix: Path) -> None:
    package = make("a", {"t": file(placeholder.encode(), placeholder=placeholder)})
    link(prefix, package, relocate_prefix="/srv/final")
    assert (prefix / "t").read_bytes() == b"/srv/final"


def test_prefix_too_long_is_found_before_anything_changes(
    make: Any, file: Any, placeholder: str, prefix: Path
) -> None:
    content = file(placeholder.encode() + b"\0", placeholder=placeholder, binary=True)
    package = make("a", {"lib/b": content})
    with pytest.raises(PrefixTooLong) as caught:
        link(prefix, package, relocate_prefix="/" + "x" * len(placeholder))
    assert caught.value.path == "lib/b"
    assert not prefix.exists()


# conflicts


def clobbered(prefix: Path) -> list[str]:
    root = prefix / "__clobbers__"
    return sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_file())


def test_later_package_wins_and_the_loser_comes_back(make: Any, prefix: Path) -> None:
    one, two = make("one", {"x": b"1", "a": b"a"}), make("two", {"x": b"2", "b": b"b"})
    outcome = link(prefix, one, two)
    assert (prefix / "x").read_bytes() == b"2"
    assert clobbered(prefix) == ["one/x"]
    assert len(outcome.warnings) == 1
    assert "[two]" in outcome.warnings[0]
    entry = next(e for e in one.installed(prefix).paths_data.paths if e.path != "a")
    assert (entry.path, entry.original_path) == ("__clobbers__/one/x", "x")
    unlink(prefix, two)
    assert (prefix / "x").read_bytes() == b"1"
    entry = next(e for e in one.installed(prefix).paths_data.paths if e.path != "a")
    assert (entry.path, entry.original_path) == ("x", None)
    assert set(one.installed(prefix).files) == {"x", "a"}
    assert not (prefix / "__clobbers__").exists()
    unlink(prefix, one)
    assert os.listdir(prefix) == ["conda-meta"]


def test_installed_loser_is_put_aside_and_comes_back(make: Any, prefix: Path) -> None:
    one, two, three = (make(n, {"d/x": n.encode()}) for n in ("one", "two", "three"))
    link(prefix, one)
    link(prefix, two)
    link(prefix, three)
    assert (prefix / "d" / "x").read_bytes() == b"three"
    assert clobbered(prefix) == ["one/d/x", "two/d/x"]
    unlink(prefix, one)
    assert clobbered(prefix) == ["two/d/x"]
    unlink(prefix, three)
    assert (prefix / "d" / "x").read_bytes() == b"two"
    assert two.installed(prefix).files == ("d/x",)
    assert clobbered(prefix) == []


def test_restored_file_yields_to_a_new_owner(make: Any, prefix: Path) -> None:
    one, two = make("one", {"x": b"1"}), make("two", {"x": b"2"})
    link(prefix, one, two)
    new = make("two", {"x": b"3"}, version="2.0")
    upgrade(prefix, two, new)
    assert (prefix / "x").read_bytes() == b"3"
    assert clobbered(prefix) == ["one/x"]


def test_unowned_file_is_replaced_with_a_warning(make: Any, prefix: Path) -> None:
    link(prefix, make("base"))
    (prefix / "x").write_text("mine")
    outcome = link(prefix, make("a", {"x": b"a"}))
    assert (prefix / "x").read_bytes() == b"a"
    assert "[a]" in outcome.warnings[0]


def test_conflicts_can_be_silent_or_refused(make: Any, prefix: Path, picture: Any) -> None:
    one, two = make("one", {"x": b"1"}), make("two", {"x": b"2"})
    link(prefix, one)
    before = picture(prefix)
    with pytest.raises(PathConflict) as caught:
        link(prefix, two, path_conflict="prevent")
    assert caught.value.paths == ("x",)
    assert picture(prefix) == before
    assert link(prefix, two, path_conflict="clobber").warnings == ()


def test_directory_in_the_way_of_a_file(make: Any, prefix: Path, picture: Any) -> None:
    link(prefix, make("one", {"d/inner": b"1"}))
    before = picture(prefix)
    with pytest.raises(PathConflict):
        link(prefix, make("two", {"d": b"2"}))
    assert picture(prefix) == before


def test_users_file_in_the_way_of_a_directory(make: Any, prefix: Path) -> None:
    link(prefix, make("one"))
    (prefix / "d").write_text("mine")
    with pytest.raises(PathConflict):
        link(prefix, make("two", {"d/inner": b"2"}))
    assert (prefix / "d").read_text() == "mine"


def test_package_file_gives_way_to_a_directory(make: Any, prefix: Path) -> None:
    one, two = make("one", {"d": b"1"}), make("two", {"d/inner": b"2"})
    link(prefix, one, two)
    assert (prefix / "d" / "inner").read_bytes() == b"2"
    assert clobbered(prefix) == ["one/d"]


def test_installed_file_gives_way_to_a_directory(make: Any, prefix: Path) -> None:
    one, two = make("one", {"d": b"1"}), make("two", {"d/inner": b"2"})
    link(prefix, one)
    link(prefix, two)
    assert (prefix / "d" / "inner").read_bytes() == b"2"
    assert clobbered(prefix) == ["one/d"]
    unlink(prefix, one)
    assert clobbered(prefix) == []


def test_file_that_two_installed_packages_list_stays_until_both_leave(
    make: Any, prefix: Path
) -> None:
    """As other tools leave an environment, which do not track owners."""
    one, two = make("one", {"x": b"1"}), make("two", {"y": b"2"})
    link(prefix, one, two)
    record = prefix / "conda-meta" / f"{two.record.dist}.json"
    record.write_text(record.read_text().replace('"y"', '"x"'))
    unlink(prefix, one)
    assert (prefix / "x").exists()
    unlink(prefix, two)
    assert not (prefix / "x").exists()


# hostile and broken packages


HOSTILE = [
    "../x",
    "/tmp/x",
    "a/../../x",
    "conda-meta/x.json",
    "Conda-Meta/x",
    "a/./../../x",
    "",
    ".",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_paths_that_lead_out_are_refused(path: str, make: Any, prefix: Path) -> None:
    package = make("evil", listed=[{"_path": path, "path_type": "hardlink"}])
    with pytest.raises(UnsafePath, match="evil"):
        link(prefix, package)
    assert not prefix.exists()


@pytest.mark.parametrize("build", ["../../../../evil", "a/b", "a\\b", "a\nb", "a\0b"])
def test_a_record_whose_name_leads_out_is_refused(build: str, make: Any, prefix: Path) -> None:
    package = make("evil")
    record = dataclasses.replace(
        package, record=msgspec.structs.replace(package.record, build=build)
    )
    with pytest.raises(UnsafePath, match="evil"):
        link(prefix, record)
    assert not prefix.exists()


def test_writing_through_a_link_that_leads_out(
    make: Any, soft: Any, prefix: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    one = make("one", {"door": soft(str(outside))})
    two = make("two", {"door/x": b"x"})
    with pytest.raises(UnsafePath, match="two"):
        link(prefix, one, two)
    link(prefix, one)
    with pytest.raises(UnsafePath, match="two"):
        link(prefix, two)
    assert os.listdir(outside) == []


def test_writing_through_a_relative_link_that_leads_out(make: Any, soft: Any, prefix: Path) -> None:
    one = make("one", {"share/door": soft("../../outside")})
    two = make("two", {"share/door/x": b"x"})
    with pytest.raises(UnsafePath):
        link(prefix, one, two)


def test_writing_into_conda_meta_through_a_link(make: Any, soft: Any, prefix: Path) -> None:
    one = make("one", {"meta": soft("conda-meta")})
    two = make("two", {"meta/history": b"x"})
    with pytest.raises(UnsafePath):
        link(prefix, one, two)
    link(prefix, one)
    with pytest.raises(UnsafePath):
        link(prefix, two)


def test_link_with_placeholder_would_read_any_file(
    make: Any, soft: Any, placeholder: str, prefix: Path
) -> None:
    package = make("evil", {"real": soft("/etc/passwd")})
    paths = package.path / "info" / "paths.json"
    paths.write_text(
        '{"paths_version": 1, "paths": [{"_path": "real", "path_type": "hardlink",'
        f' "prefix_placeholder": "{placeholder}", "file_mode": "text"}}]}}'
    )
    with pytest.raises(IncompletePackage):
        link(prefix, package)


def test_missing_file_is_found_before_anything_changes(
    make: Any, prefix: Path, picture: Any
) -> None:
    old = make("a", {"x": b"1"})
    link(prefix, old)
    before = picture(prefix)
    new = make("a", {"x": b"2", "y": b"3"}, version="2.0")
    (new.path / "y").unlink()
    with pytest.raises(IncompletePackage, match=r"a-2\.0-0.*y is missing"):
        upgrade(prefix, old, new)
    assert picture(prefix) == before


def test_unknown_kind_of_noarch(make: Any, prefix: Path) -> None:
    with pytest.raises(IncompletePackage, match="noarch: wheel"):
        link(prefix, make("a", noarch="wheel"))


# the state of the environment


def test_frozen(make: Any, prefix: Path) -> None:
    link(prefix, make("a"))
    (prefix / "conda-meta" / "frozen").write_text('{"message": "by the admin"}')
    package = make("b", {"x": b""})
    with pytest.raises(FrozenEnvironment, match="by the admin"):
        link(prefix, package)
    link(prefix, package, override_frozen=True)
    assert (prefix / "x").exists()


def test_plan_for_another_state(make: Any, prefix: Path) -> None:
    link(prefix, make("a", {"x": b"1"}))
    with pytest.raises(PrefixChanged):
        link(prefix, make("a", {"x": b"2"}, version="2.0"))


def test_removing_what_is_gone_warns(make: Any, prefix: Path) -> None:
    package = make("a", {"x": b"1"})
    link(prefix, package, make("b"))
    record = package.installed(prefix)
    unlink(prefix, package)
    outcome = apply(Plan(prefix, (record,)))
    assert "a-1.0-0" in outcome.warnings[0]


def test_second_record_of_one_name_goes_too(make: Any, prefix: Path) -> None:
    old, older = make("a", {"x": b"1"}), make("a", {"y": b"0"}, version="0.9")
    link(prefix, older)
    meta = prefix / "conda-meta"
    (meta / "a-0.9-0.json").rename(meta / "keep")
    link(prefix, old)
    (meta / "keep").rename(meta / "a-0.9-0.json")
    upgrade(prefix, old, make("a", {"z": b"2"}, version="2.0"))
    assert sorted(os.listdir(prefix)) == ["conda-meta", "z"]
    assert list(Prefix(prefix).records()) == ["a"]


def test_full_disk_is_found_before_anything_changes(
    make: Any, file: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    package = make("a", {"x": file(b"x" * 1000, no_link=True)})
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 5, 5))
    with pytest.raises(NotEnoughSpace):
        verify(Plan(prefix, (), (LinkItem(package),)))
    assert not prefix.exists()


def test_dry_verification_changes_nothing(make: Any, prefix: Path, picture: Any) -> None:
    link(prefix, make("a", {"x": b"1"}))
    before = picture(prefix)
    checked = verify(Plan(prefix, (), (LinkItem(make("b", {"x": b"2"})),)))
    assert checked.warnings
    assert picture(prefix) == before


def test_reinstalling_the_same_package(make: Any, prefix: Path) -> None:
    package = make("a", {"d/x": b"1"})
    link(prefix, package)
    (prefix / "d" / "x").unlink()
    upgrade(prefix, package, package)
    assert (prefix / "d" / "x").read_bytes() == b"1"
    assert list(Prefix(prefix).records()) == ["a"]


# removal


def test_removal_takes_bytecode_and_empty_directories(make: Any, prefix: Path) -> None:
    package = make("a", {"lib/p/m.py": b"", "lib/p/deep/er/x": b"", "lib/q/n.py": b""})
    link(prefix, package)
    for name in ("m.cpython-311.pyc", "m.cpython-312.opt-1.pyc", "other.cpython-311.pyc"):
        cache = prefix / "lib" / "p" / "__pycache__"
        cache.mkdir(exist_ok=True)
        (cache / name).write_bytes(b"")
    (prefix / "lib" / "q" / "mine").write_text("keep")
    unlink(prefix, package)
    left = sorted(str(p.relative_to(prefix)) for p in prefix.rglob("*") if p.is_file())
    assert left == [
        "conda-meta/history",
        "lib/p/__pycache__/other.cpython-311.pyc",
        "lib/q/mine",
    ]
    assert not (prefix / "lib" / "p" / "deep").exists()


def test_old_noarch_records_list_short_paths(make: Any, prefix: Path) -> None:
    module = make("m", {"site-packages/m.py": b""}, noarch="python")
    link(prefix, make.python(), module, compile_pyc=False)
    (record,) = (prefix / "conda-meta").glob("m-*.json")
    site = module.installed(prefix).files[0].removesuffix("/m.py")
    record.write_text(record.read_text().replace(f"{site}/", "site-packages/"))
    unlink(prefix, module)
    assert not (prefix / site / "m.py").exists()


def test_hostile_record_removes_nothing_outside(make: Any, prefix: Path, tmp_path: Path) -> None:
    package = make("a", {"x": b""})
    link(prefix, package)
    victim = tmp_path / "victim"
    victim.write_text("precious")
    record = prefix / "conda-meta" / "a-1.0-0.json"
    record.write_text(record.read_text().replace('"x"', '"../../victim"'))
    outcome = unlink(prefix, package)
    assert victim.read_text() == "precious"
    assert "victim" in outcome.warnings[0]


def test_a_read_only_file_system(make: Any, prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(
        self: Path, mode: int = 0o777, parents: bool = False, exist_ok: bool = False
    ) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))

    package = make("a", {"x": b""})
    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(PrefixNotWritable, match="Read-only file system"):
        link(prefix, package)


def test_read_only_directories_of_packages(make: Any, prefix: Path) -> None:
    package = make("a", {"d/x": b""})
    link(prefix, package)
    (prefix / "d").chmod(0o555)
    if os.geteuid() == 0:
        unlink(prefix, package)
        return
    with pytest.raises(PrefixNotWritable):
        unlink(prefix, package)


# failures in the middle


@pytest.mark.parametrize("number", [1, 2, 3])
def test_failure_in_the_middle_restores_everything(
    number: int, make: Any, prefix: Path, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make("a", {"x": b"1", "y": b"1", "gone": b"1"})
    link(prefix, old)
    before = picture(prefix)
    new = make("a", {"x": b"2", "y": b"2", "d/z": b"2"}, version="2.0")
    real, calls = os.link, 0

    def failing(source: Any, target: Any, **kwargs: Any) -> None:
        nonlocal calls
        if "probe" not in str(target):
            calls += 1
            if calls == number:
                raise OSError(5, "Input/output error", str(target))
        real(source, target, **kwargs)

    monkeypatch.setattr(execution.os, "link", failing)
    from mm_pkg.errors import LinkFailed

    with pytest.raises(LinkFailed, match="Input/output error"):
        upgrade(prefix, old, new)
    assert picture(prefix) == before


def test_cancelling_restores_everything(make: Any, prefix: Path, picture: Any) -> None:
    from mm_pkg.cancellation import Cancellation, Cancelled
    from mm_pkg.reporter import Reporter, Task

    old = make("a", {"x": b"1"})
    link(prefix, old)
    before = picture(prefix)
    stop = Cancellation()

    class Stopping(Reporter):
        def finished(self, task: Task, note: str = "") -> None:
            if task.phase == "link":
                stop.cancel()

    plan = Plan(
        prefix,
        (old.installed(prefix),),
        (LinkItem(make("a", {"x": b"2"}, version="2.0")), LinkItem(make("b", {"y": b"1"}))),
    )
    with pytest.raises(Cancelled):
        apply(plan, reporter=Stopping(), cancellation=stop)
    assert picture(prefix) == before


def test_history_and_records(make: Any, prefix: Path) -> None:
    one = make("one", {"x": b"1"})
    archive = make.pkgs / "one-1.0-0.conda"
    import dataclasses

    one = dataclasses.replace(one, archive=archive)
    entry = HistoryEntry("mm install one", ("one >=1",))
    apply(Plan(prefix, (), (LinkItem(one, ("one >=1",)),), entry))
    record = one.installed(prefix)
    assert record.requested_specs == ("one >=1",)
    assert record.requested_spec == "one >=1"
    assert record.package_tarball_full_path == str(archive)
    assert record.extracted_package_dir == str(one.path)
    assert record.channel == "https://host/chan"
    apply(Plan(prefix, (record,), (), HistoryEntry("mm remove one", (), ("one",))))
    first, second = Prefix(prefix).history()
    assert first.link == ("https://host/chan/linux-64::one-1.0-0",)
    assert second.unlink == first.link
    assert Prefix(prefix).requested_specs() == {}


def test_cache_on_another_device(make: Any, file: Any, tmp_path: Path) -> None:
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK) or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system here")
    package = make("a", {"bin/x": file(b"x" * 5000, 0o755), "lib/y": b"y"})
    with tempfile.TemporaryDirectory(dir=shared) as folder:
        prefix = Path(folder) / "env"
        link(prefix, package)
        assert (prefix / "bin" / "x").read_bytes() == b"x" * 5000
        assert (prefix / "bin" / "x").stat().st_mode & 0o777 == 0o755
        assert package.installed(prefix).link.type == LinkMethod.COPY
        link(prefix.with_name("soft"), package, allow_softlinks=True)
        assert (prefix.with_name("soft") / "lib" / "y").is_symlink()


@pytest.mark.parametrize("where", ["/d", "/trash"])
def test_disk_that_fills_up_in_the_middle(
    where: str, make: Any, prefix: Path, picture: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(prefix, make("a", {"x": b"1"}))
    package = make("b", {"d/y": b"2"})
    before = picture(prefix)
    real = os.mkdir

    def full(path: Any, *args: Any, **kwargs: Any) -> None:
        if str(path).endswith(where):
            raise OSError(28, "No space left on device")
        real(path, *args, **kwargs)

    monkeypatch.setattr(os, "mkdir", full)
    with pytest.raises(NotEnoughSpace):
        link(prefix, package)
    assert picture(prefix) == before


def test_two_packages_of_one_name_are_refused(make: Any, prefix: Path) -> None:
    old, new = make("tool", {"bin/a": b"1"}), make("tool", {"bin/b": b"2"}, version="2")
    with pytest.raises(PathConflict, match="cannot both be in one environment"):
        link(prefix, old, new)
    assert not prefix.exists()
