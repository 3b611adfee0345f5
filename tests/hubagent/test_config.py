"""hub.toml: what is read, and what is said of every mistake."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import BaseModel

from hubagent.cli.drivers import InstalledDrivers
from hubagent.config import Config, HubToml, Place, RefusedForSecurity, load_config
from hubagent.toml_lines import Mistakes, read_document
from tests.helpers.fake_driver import FakeKind, FakeSettings

REFERENCE = Path(__file__).parents[2] / "hub.toml"
HOME = {"HOME": "/home/somebody"}


def load(folder: Path, text: str, environment: Mapping[str, str] = HOME) -> Config:
    path = folder / "hub.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path, environment, {"fake": FakeKind()})


def mistakes(folder: Path, text: str, environment: Mapping[str, str] = HOME) -> list[str]:
    with pytest.raises(Mistakes) as caught:
        load(folder, text, environment)
    return [str(mistake).removeprefix(f"{folder}/") for mistake in caught.value.mistakes]


def test_an_empty_file_is_a_hub_without_radios(tmp_path: Path) -> None:
    config = load(tmp_path, "")
    assert config.name == "home"
    assert config.state_dir == Path("/home/somebody/.local/state/hubagent")
    assert config.api == ("127.0.0.1", 5683)
    assert (config.drivers, config.rule_files, config.uplink) == ({}, (), None)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load(tmp_path, '[hub]\nstate_dir = "state"\n[rules]\nfiles = ["a.toml", "/etc/b.toml"]')
    assert config.state_dir == tmp_path / "state"
    assert config.rule_files == (tmp_path / "a.toml", Path("/etc/b.toml"))


def test_the_state_is_where_xdg_says(tmp_path: Path) -> None:
    assert load(tmp_path, "", {"XDG_STATE_HOME": "/var/x"}).state_dir == Path("/var/x/hubagent")


def test_a_drivers_table_is_read_by_the_drivers_own_model(tmp_path: Path) -> None:
    config = load(tmp_path, '[drivers.fake]\nport = "/dev/x"\nspeed = 3')
    assert config.drivers == {"fake": FakeSettings(port="/dev/x", speed=3)}


def test_a_secret_is_not_shown_however_wrong_it_is(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, '[drivers.fake]\nport = "x"\nkey = 12345678')
    assert mistake == "hub.toml:3: drivers.fake.key: is a text in quotes, not what stands there"


def test_every_mistake_is_told_at_once_by_line_and_key(tmp_path: Path) -> None:
    text = """
[hub]
name = 7
[drivers.fake]
prot = "/dev/x"
[api]
lisen = "127.0.0.1:1"
[log]
level = "loud"
"""
    assert mistakes(tmp_path, text) == [
        "hub.toml:3: hub.name: is a text in quotes, not 7 (what the home is called)",
        "hub.toml:7: api.lisen: there is no such key; did you mean 'listen'?; there are: listen",
        "hub.toml:9: log.level: is debug, info, warning or error, not 'loud'",
        "hub.toml:4: drivers.fake.port: is missing",
        "hub.toml:5: drivers.fake.prot: there is no such key; did you mean 'port'?; there are: key, port, speed",
    ]


def test_a_text_that_is_empty_or_too_long_is_told_so_and_not_said_once_more(tmp_path: Path) -> None:
    text = f'[hub]\nname = "{65 * "x"}"\nstate_dir = ""\n[uplink]\nurl = "mqtts://{505 * "x"}"\n'
    assert mistakes(tmp_path, text) == [
        "hub.toml:2: hub.name: has at most 64 letters, not 65",
        "hub.toml:3: hub.state_dir: is empty",
        "hub.toml:5: uplink.url: has at most 512 letters, not 513",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('[hub]\nstate_dir = "a\\u0000b"', "hub.toml:2: hub.state_dir"),
        ('[rules]\nfiles = ["a.toml", "b\\u0000"]', "hub.toml:2: rules.files[2]"),
        ('[drivers.fake]\nport = "/dev/tty\\u0000"', "hub.toml:2: drivers.fake.port"),
        ('[identity]\nseal = "file:a\\u0000b"', "hub.toml:2: identity.seal"),
    ],
)
def test_a_path_that_no_system_takes_is_told_by_its_line(tmp_path: Path, text: str, place: str) -> None:
    assert mistakes(tmp_path, text) == [
        f"{place}: has the character NUL (\\u0000) in it, and neither a path nor a name can have that"
    ]


def test_a_url_that_no_system_takes_is_told_once(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, '[uplink]\nurl = "mqtts://a\\u0000b"')
    assert mistake.startswith("hub.toml:2: uplink.url: has no host that can be")


def test_a_variable_with_a_path_that_no_system_takes_is_told(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, "", {**HOME, "HUBAGENT_HUB__STATE_DIR": '"a\\u0000b"'})
    assert mistake.startswith("HUBAGENT_HUB__STATE_DIR: hub.state_dir: has the character NUL")


def test_an_unknown_driver_is_told_with_those_that_are_installed(tmp_path: Path) -> None:
    assert mistakes(tmp_path, '[drivers.fak]\nport = "x"') == [
        "hub.toml:1: drivers.fak: there is no driver 'fak'; did you mean 'fake'?; installed: fake"
    ]


def test_an_unknown_table_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "[driver.fake]")[0].startswith("hub.toml:1: driver: there is no such key; did you mean")


@pytest.mark.parametrize(
    "listen", ["127.0.0.1", "127.0.0.1:", ":5683", "127.0.0.1:70000", "127.0.0.1:0", "127.0.0.1:x"]
)
def test_an_address_that_is_none_is_told(tmp_path: Path, listen: str) -> None:
    [mistake] = mistakes(tmp_path, f'[api]\nlisten = "{listen}"')
    assert mistake.startswith("hub.toml:2: api.listen: is an address and port")


@pytest.mark.parametrize("listen", ["0.0.0.0:5683", "192.168.1.2:5683", "[::]:5683", "example.org:5683"])
def test_an_api_that_the_network_can_reach_is_refused(tmp_path: Path, listen: str) -> None:
    with pytest.raises(RefusedForSecurity, match=r"hub\.toml:2: api\.listen"):
        load(tmp_path, f'[api]\nlisten = "{listen}"')


def test_the_api_can_be_off(tmp_path: Path) -> None:
    assert load(tmp_path, '[api]\nlisten = "off"').api is None


def test_ipv6_loopback_is_loopback(tmp_path: Path) -> None:
    assert load(tmp_path, '[api]\nlisten = "[::1]:5683"').api == ("::1", 5683)


def test_text_that_is_not_toml_is_told_by_its_line(tmp_path: Path) -> None:
    [mistake] = mistakes(tmp_path, '[hub]\nname = "x\n')
    assert mistake.startswith("hub.toml:2: is not TOML")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistakes, match=r"nowhere.toml: cannot be read: No such file"):
        load_config(tmp_path / "nowhere.toml", HOME)


def test_a_time_zone_that_there_is_not_is_told_with_the_nearest(tmp_path: Path) -> None:
    assert mistakes(tmp_path, '[hub]\ntimezone = "Europe/Amsterdm"') == [
        "hub.toml:2: hub.timezone: there is no time zone 'Europe/Amsterdm'; did you mean 'Europe/Amsterdam'?"
    ]


def test_half_a_place_is_told(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "[hub]\nlatitude = 52.4") == ["hub.toml:2: hub.latitude: says nothing without longitude"]


def test_where_the_home_is_and_whom_rules_may_call(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        """
[hub]
timezone = "Europe/Amsterdam"
latitude = 52.37
longitude = 4.9
[rules]
allow_hosts = ["example.org", "192.0.2.7:8080"]
""",
    )
    assert config.place == Place("Europe/Amsterdam", 52.37, 4.9)
    assert config.http_hosts == {"example.org", "192.0.2.7:8080"}


@pytest.mark.parametrize("host", ["https://example.org", "example.org/path", "*", "a@b", ""])
def test_a_host_that_is_none_is_told(tmp_path: Path, host: str) -> None:
    [mistake] = mistakes(tmp_path, f'[rules]\nallow_hosts = ["{host}"]')
    assert mistake.startswith("hub.toml:2: rules.allow_hosts[1]: ")


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("uplink.url", "mqtts://[....]:8883"),
        ("uplink.url", "mqtts://a..b:8883"),
        ("uplink.url", "coaps+tcp://" + "x" * 64),
        ("uplink.url", "wss://:443/mqtt"),
        ("uplink.url", "mqtts://broker:99999"),
        ("uplink.url", "mqtts://broker:0"),
        ("uplink.proxy", "http://user:secret@a..b:3128"),
        ("identity.cloud", "https://[:::]:8443"),
    ],
)
def test_a_url_whose_host_cannot_be_is_told_without_what_may_be_secret(tmp_path: Path, key: str, url: str) -> None:
    table, _, name = key.partition(".")
    needed = "" if key == "uplink.url" or table != "uplink" else 'url = "mqtts://broker"\n'
    [mistake] = mistakes(tmp_path, f'[{table}]\n{name} = "{url}"\n{needed}')
    assert mistake.startswith(f"hub.toml:2: {key}: has no host that can be")
    assert "secret" not in mistake


@pytest.mark.parametrize(
    "url", ["mqtts://[::1]:8883", "mqtts://my_broker", "wss://bücher.example/mqtt", "coaps+tcp://192.0.2.1:5684"]
)
def test_a_url_whose_host_can_be_is_taken(tmp_path: Path, url: str) -> None:
    uplink = load(tmp_path, f'[uplink]\nurl = "{url}"').uplink
    assert uplink is not None
    assert uplink.url == url


def test_the_environment_counts_over_the_file(tmp_path: Path) -> None:
    environment = {**HOME, "HUBAGENT_DRIVERS__FAKE__PORT": "/dev/other", "HUBAGENT_DRIVERS__FAKE__SPEED": "9"}
    config = load(tmp_path, '[drivers.fake]\nport = "/dev/x"', environment)
    assert config.drivers == {"fake": FakeSettings(port="/dev/other", speed=9)}


def test_a_mistake_in_the_environment_is_told_by_the_variable(tmp_path: Path) -> None:
    environment = {**HOME, "HUBAGENT_API__LISTEN": "7", "HUBAGENT_APY__LISTEN": "127.0.0.1:1"}
    assert mistakes(tmp_path, "", environment) == [
        "HUBAGENT_APY__LISTEN: there is no key 'apy.listen'; did you mean 'api'?",
        "HUBAGENT_API__LISTEN: api.listen: is a text in quotes, not 7 (address and port of the local API, or off)",
    ]


def test_variables_that_do_not_nest_are_somebody_elses(tmp_path: Path) -> None:
    assert load(tmp_path, "", {**HOME, "HUBAGENT_REQUIRE_INTEROP": "1"}).name == "home"


def test_a_client_leaves_the_drivers_tables_alone(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_text("[drivers.unheard_of]\nport = 1")
    assert load_config(path, HOME).drivers == {}


def _commented_out(text: str) -> str:
    """The reference with its commented-out keys in force: a comment of prose does not look like TOML."""
    lines = []
    for line in text.splitlines():
        bare = line.removeprefix("# ")
        looks_like_toml = bare.startswith("[") or (" = " in bare and bare.split(" = ")[0].isidentifier())
        lines.append(bare if looks_like_toml else line)
    return "\n".join(lines)


def test_the_reference_loads_as_it_is() -> None:
    assert load_config(REFERENCE, HOME, InstalledDrivers()).path == REFERENCE


def test_the_reference_names_every_key_and_loads_with_all_of_them_in_force(tmp_path: Path) -> None:
    path = tmp_path / "hub.toml"
    path.write_text(_commented_out(REFERENCE.read_text(encoding="utf-8")), encoding="utf-8")
    kinds = InstalledDrivers()
    load_config(path, HOME, kinds)
    models: dict[str, type[BaseModel]] = {f"drivers.{name}": kind.settings for name, kind in kinds.items()}
    for name, field in HubToml.model_fields.items():
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                models[name] = kind
    keys = {f"{table}.{key}" for table, model in models.items() for key in model.model_fields}
    lines = read_document(path).lines
    assert keys <= {".".join(map(str, key)) for key in lines}
