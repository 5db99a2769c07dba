"""Who wins, and whether the setting says so."""

from __future__ import annotations

from typing import Any

import pytest

import mm_config
from mm_config.keys import KEYS
from mm_config.setting import Candidate, Source, merge


def test_the_example_of_the_user_guide(home: Any) -> None:
    home.write("~/.mambarc", "channels: [conda-forge]\nalways_yes: false\n")
    config = home.load({"channels": ["my-channel"]}, env={"MAMBA_ALWAYS_YES": "true"})
    assert mm_config.list_text(config, sources=True) == (
        "channels:\n"
        "  - my-channel  # 'CLI'\n"
        "  - conda-forge  # '~/.mambarc'\n"
        "always_yes: true  # 'MAMBA_ALWAYS_YES' > '~/.mambarc'"
    )


def test_api_beats_options_beat_variables_beat_files(home: Any) -> None:
    home.write("~/.condarc", "download_threads: 4\n")
    env = {"MAMBA_DOWNLOAD_THREADS": "3"}
    cli = {"download_threads": 2}
    api = {"download_threads": 1}
    assert home.load(cli, api=api, env=env)["download_threads"] == 1
    assert home.load(cli, env=env)["download_threads"] == 2
    assert home.load(env=env)["download_threads"] == 3
    assert home.load()["download_threads"] == 4
    assert home.load({"no_rc": True})["download_threads"] == 5


def test_a_setting_knows_its_file_and_line_and_what_it_beat(home: Any) -> None:
    home.write("~/.condarc", "channels: [a]\n\noffline: true\n")
    mambarc = home.write("~/.mambarc", "# mine\noffline: false\nchannels:\n  - b\n  - c\n")
    config = home.load()
    offline = config.setting("offline")
    assert [str(candidate.source) for candidate in offline.winners] == ["~/.mambarc:2"]
    assert [str(candidate.source) for candidate in offline.losers] == ["~/.condarc:3"]
    assert offline.winners[0].source.path == str(mambarc)
    channels = config.setting("channels")
    assert [str(source) for source in channels.sources] == [
        "~/.mambarc:4",
        "~/.mambarc:5",
        "~/.condarc:1",
    ]
    assert channels.losers == ()


def test_a_source_without_a_new_element_is_a_loser(home: Any) -> None:
    home.write("~/.condarc", "channels: [a]\n")
    setting = home.load({"channels": ["a"]}).setting("channels")
    assert [str(candidate.source) for candidate in setting.losers] == ["~/.condarc:1"]


def test_maps_are_merged_by_key_and_each_entry_keeps_its_source(home: Any) -> None:
    home.write("~/.condarc", "custom_channels:\n  lab: https://old\n  other: https://o\n")
    home.write("~/.mambarc", "custom_channels:\n  lab: https://new\n")
    config = home.load()
    assert config["custom_channels"] == {"lab": "https://new", "other": "https://o"}
    assert mm_config.list_text(config, sources=True) == (
        "custom_channels:\n"
        "  lab: https://new  # '~/.mambarc' > '~/.condarc'\n"
        "  other: https://o  # '~/.condarc'"
    )
    sources = config.setting("custom_channels").parts
    assert [[str(source) for source in part] for part in sources] == [
        ["~/.mambarc:2", "~/.condarc:2"],
        ["~/.condarc:3"],
    ]


@pytest.mark.parametrize("text", ["1", "0", "Yes", "oFF", "true", "n", " true "])
def test_spellings_of_a_bool_are_the_same_everywhere(home: Any, text: str) -> None:
    meaning = text.strip().lower() in ("1", "yes", "true")
    assert home.load(env={"MAMBA_OFFLINE": text})["offline"] is meaning
    assert home.load({"offline": text})["offline"] is meaning
    home.write("~/.condarc", f"offline: {text}\n")
    assert home.load()["offline"] is meaning


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("MAMBA_OFFLINE", "yeap"),
        ("MAMBA_DOWNLOAD_THREADS", "-1"),
        ("MAMBA_DOWNLOAD_THREADS", "1_000"),
        ("MAMBA_DOWNLOAD_THREADS", "9" * 30),
        ("MAMBA_REMOTE_CONNECT_TIMEOUT_SECS", "nan"),
        ("MAMBA_REMOTE_CONNECT_TIMEOUT_SECS", "inf"),
        ("MAMBA_CHANNEL_PRIORITY", "stric"),
        ("MAMBA_LOG_LEVEL", "loud"),
        ("MAMBA_CUSTOM_CHANNELS", "[a]"),
        ("MAMBA_CUSTOM_CHANNELS", "{a: [b"),
        ("CONDA_CHANNELS", "[a"),
    ],
)
def test_a_bad_variable_is_an_error_that_names_it(home: Any, variable: str, text: str) -> None:
    with pytest.raises(mm_config.BadValue) as caught:
        home.load(env={variable: text})
    assert variable in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.source == variable


def test_errors_hold_no_secrets(home: Any) -> None:
    with pytest.raises(mm_config.BadValue) as caught:
        home.load(env={"MAMBA_OFFLINE": "https://ada:hunter2@example.org/t/tk-12/x"})
    assert "hunter2" not in caught.value.message
    assert "tk-12" not in caught.value.message


def test_a_bad_option_is_an_error(home: Any) -> None:
    for cli in ({"channels": "a"}, {"offline": "perhaps"}, {"custom_channels": ["a"]}):
        with pytest.raises(mm_config.BadValue):
            home.load(cli)
    with pytest.raises(KeyError, match="no_such"):
        home.load({"no_such": 1})


def test_text_variables_are_taken_as_they_are(home: Any) -> None:
    env = {"MAMBA_ENV_PROMPT": "[{name}] # ", "MAMBA_LOG_PATTERN": "'%v'", "MAMBA_CACERT_PATH": ""}
    config = home.load(env=env)
    assert config["env_prompt"] == "[{name}] # "
    assert config["log_pattern"] == "%v"
    assert config["cacert_path"] == ""


def test_list_variables_are_yaml_lists_inside(home: Any) -> None:
    config = home.load(env={"CONDA_CHANNELS": "a , 'b c',https://h/x:8,"})
    assert config["channels"] == ["a", "b c", "https://h/x:8"]


def test_what_conda_calls_a_setting_is_understood_in_files(home: Any) -> None:
    home.write("~/.condarc", "verify_ssl: false\nyes: true\nrepodata_use_shards: false\n")
    config = home.load()
    assert config["ssl_verify"] == "<false>"
    assert config["always_yes"] is True
    assert config["use_sharded_repodata"] is False
    assert config.warnings == ()


def test_the_name_itself_is_stronger_than_its_alias(home: Any) -> None:
    home.write("~/.condarc", "always_yes: false\nyes: true\n")
    assert home.load()["always_yes"] is False


def test_channel_priority_shorthands(home: Any) -> None:
    home.write("~/.condarc", "channel_priority: false\n")
    assert home.load()["channel_priority"] == "disabled"
    config = home.load({"strict_channel_priority": True}, env={"MAMBA_CHANNEL_PRIORITY": "true"})
    assert config["channel_priority"] == "strict"
    assert [source.label for source in config.setting("channel_priority").sources] == [
        "CLI",
        "MAMBA_CHANNEL_PRIORITY",
        "~/.condarc",
    ]
    with pytest.raises(mm_config.ConflictingSettings):
        home.load({"strict_channel_priority": True, "channel_priority": "flexible"})
    assert home.load({"strict_channel_priority": True, "channel_priority": "strict"})


def test_spec_file_channels_rank_after_the_options_own(home: Any) -> None:
    home.write("~/.condarc", "channels: [rc]\n")
    spec_file = mm_config.SpecFileSettings(channels=["$LAB", "file"])
    config = home.load({"channels": ["opt"]}, spec_file=spec_file, env={"LAB": "lab"})
    assert config["channels"] == ["opt", "lab", "file", "rc"]
    only = mm_config.SpecFileSettings(channels=["file", "nodefaults"])
    assert home.load(spec_file=only, env={"CONDA_CHANNELS": "e"})["channels"] == ["file"]


@pytest.mark.parametrize(("count", "level"), [(0, "warning"), (1, "info"), (9, "trace")])
def test_verbosity_is_a_log_level_unless_one_is_given(home: Any, count: int, level: str) -> None:
    config = home.load({"verbose": count})
    assert config["log_level"] == level
    assert not config.setting("log_level").configured
    assert home.load({"verbose": count, "log_level": "OFF"})["log_level"] == "off"


def test_repodata_ttl_takes_condas_words(home: Any) -> None:
    home.write("~/.condarc", "local_repodata_ttl: true\n")
    assert home.load()["local_repodata_ttl"] == 1


def test_values_handed_out_can_be_changed_without_harm(home: Any) -> None:
    config = home.load()
    config["channels"].append("x")
    config["custom_channels"]["x"] = "y"
    assert config["channels"] == ["conda-forge"]
    assert config["custom_channels"] == {}


def test_every_default_is_a_value_of_its_kind() -> None:
    types = {"bool": bool, "int": int, "uint": int, "float": float, "str": str, "path": str}
    for key in KEYS.values():
        if key.default is None:
            continue
        assert isinstance(key.default, types.get(key.kind, (tuple, dict, str))), key.name
        if key.choices:
            assert key.default in key.choices


def test_merge_of_nothing_is_the_default() -> None:
    setting = merge(KEYS["channels"], ())
    assert setting.value == ("conda-forge",)
    assert [source.label for source in setting.sources] == ["default"]
    assert not setting.configured


def test_an_empty_list_is_a_value() -> None:
    setting = merge(KEYS["channels"], [Candidate(Source("env", "CONDA_CHANNELS"), ())])
    assert setting.value == ()
    assert [source.label for source in setting.sources] == ["CONDA_CHANNELS"]
    assert setting.configured
