"""What a package may ask of an installer, one demo-* package of the real channel each."""

from __future__ import annotations

import pytest
from harness import Micromamba, RealChannel


@pytest.fixture
def install(warm_mm: Micromamba, real_channel: RealChannel):
    """install(spec, ...) -> (program, the environment's path)."""

    def run(*specs: str):
        warm_mm("create", "-y", "-n", "e", "-c", real_channel.path, *specs)
        return warm_mm, warm_mm.env("e")

    return run


@pytest.mark.parametrize("version", ["1.0", "1.1"])  # .tar.bz2 and .conda
def test_the_prefix_is_replaced_in_text_and_binary_files(install, version: str) -> None:
    mm, prefix = install(f"demo-prefix={version}")
    record = mm.records("e")["demo-prefix"]
    for entry in record["paths_data"]["paths"]:
        data = (prefix / entry["_path"]).read_bytes()
        assert b"_placehold" not in data, entry["_path"]
        if entry.get("file_mode") == "text":
            assert str(prefix).encode() in data
        if entry.get("file_mode") == "binary":
            assert len(data) == entry["size_in_bytes"]
    for script in (f for f in record["files"] if f.startswith("bin/")):
        done = mm.run("run", "-n", "e", str(prefix / script))
        assert done.code == 0, str(done)


def test_link_scripts_run_after_linking_and_before_unlinking(install) -> None:
    mm, prefix = install("demo-scripts")
    log = prefix / "var" / "demo-scripts.log"
    assert log.read_text() == "linked demo-scripts 1.0 3\n"
    mm("remove", "-y", "-n", "e", "demo-scripts")
    assert not log.exists()


def test_the_message_of_a_link_script_is_shown(warm_mm, real_channel) -> None:
    done = warm_mm("create", "-y", "-n", "e", "-c", real_channel.path, "demo-scripts")
    assert "demo-scripts: post-link message" in done.out + done.err
    assert not (warm_mm.env("e") / ".messages.txt").exists()


def test_a_failing_link_script_fails_the_command_and_rolls_back(warm_mm, real_channel) -> None:
    done = warm_mm.fails("create", "-y", "-n", "e", "-c", real_channel.path, "demo-scripts-fail")
    assert "demo-scripts-fail" in done.err
    assert not (warm_mm.env("e") / "share").exists()


def test_soft_links_point_where_the_package_says(install) -> None:
    _, prefix = install("demo-links")
    share = prefix / "share" / "demo-links"
    assert str((share / "current").readlink()) == "versions/1.0"
    assert (share / "data.txt").read_text() == "one\n"
    assert str((share / "dangling").readlink()) == "nowhere/at/all"
    assert str((prefix / "bin/demo-links-alias").readlink()) == "demo-links"


def test_an_empty_directory_is_made_and_taken_away(install) -> None:
    mm, prefix = install("demo-directory")
    empty = prefix / "share/demo-directory/empty"
    assert empty.is_dir()
    mm("remove", "-y", "-n", "e", "demo-directory")
    assert not empty.exists()


def test_odd_file_names_survive(install) -> None:
    mm, prefix = install("demo-names")
    folder = prefix / "share" / "demo-names"
    assert (folder / "with space.txt").read_text() == "a\n"
    assert (folder / "größe-日本.txt").read_text() == "b\n"
    assert (folder / "CASE.txt").read_text() == "upper\n"
    assert (folder / "case.txt").read_text() == "lower\n"
    assert (folder / ".hidden").exists()
    assert (folder / ("long" * 50)).exists()
    mm("remove", "-y", "-n", "e", "demo-names")
    assert not folder.exists()


def test_clobbering_packages_install_with_a_warning_and_leave_cleanly(
    warm_mm, real_channel
) -> None:
    specs = ("demo-clobber-a", "demo-clobber-b")
    done = warm_mm("create", "-y", "-n", "e", "-c", real_channel.path, *specs)
    assert "bin/demo-clobber" in done.err
    folder = warm_mm.env("e") / "share/demo-clobber"
    assert {p.name for p in folder.iterdir()} >= {"common.txt", "a.txt", "b.txt"}
    assert (folder / "common.txt").read_text() in ("from a\n", "from b\n")
    warm_mm("remove", "-y", "-n", "e", *specs)
    assert not folder.exists()


def test_noarch_python_gets_entry_points_scripts_and_byte_code(install) -> None:
    mm, prefix = install("python=3.11", "demo-noarch")
    done = mm.run("run", "-n", "e", "demo-noarch")
    assert (done.code, done.out) == (3, "demo_noarch 1.0\n"), str(done)
    assert mm("run", "-n", "e", "demo-noarch-script").out == f"script {prefix}\n"
    module = prefix / "lib/python3.11/site-packages/demo_noarch"
    assert list((module / "__pycache__").glob("__init__.cpython-311*.pyc"))
    assert (prefix / "share/demo-noarch/where.txt").read_text() == f"{prefix}\n"
    mm("remove", "-y", "-n", "e", "demo-noarch")
    assert not module.exists()


def test_a_package_without_files_still_brings_its_dependencies(install) -> None:
    mm, _ = install("demo-meta")
    assert mm.records("e").keys() == {"demo-meta", "demo-links", "demo-names"}


def test_the_build_with_track_features_loses(install) -> None:
    _, prefix = install("demo-variant")
    assert (prefix / "share/demo-variant/which.txt").read_text() == "plain\n"


def test_packages_that_need_each_other_install(install) -> None:
    mm, _ = install("demo-cycle-a")
    assert mm.records("e").keys() == {"demo-cycle-a", "demo-cycle-b"}


def test_a_broken_newest_version_is_passed_over(install) -> None:
    mm, _ = install("demo-app-broken-newest")
    assert mm.records("e")["demo-app-broken-newest"]["version"] == "1.0"


def test_virtual_packages_of_this_machine_satisfy_dependencies(install) -> None:
    mm, _ = install("demo-needs-linux", "demo-needs-unix")
    assert mm.records("e").keys() == {"demo-needs-linux", "demo-needs-unix"}


def test_a_virtual_package_can_be_overridden_by_the_environment(warm_mm, real_channel) -> None:
    channel = ("-c", real_channel.path)
    warm_mm.fails("create", "-y", "-n", "no", *channel, "demo-needs-cuda", CONDA_OVERRIDE_CUDA="")
    warm_mm("create", "-y", "-n", "yes", *channel, "demo-needs-cuda", CONDA_OVERRIDE_CUDA="12.0")
