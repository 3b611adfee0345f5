"""A pytest in a pytest, for the tests of the plugin."""

import pytest

from simulators.testing.home import Home
from tests.simulators.testing.a_home import in_a_home


@pytest.fixture(scope="session")
def all_is_imported() -> None:
    """A pytest in a pytest forgets what it imported: here it finds the hub, its drivers and the simulators loaded."""

    async def begins(home: Home) -> None:
        await home.begin()

    in_a_home(begins)


@pytest.fixture
def tester(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, all_is_imported: None) -> pytest.Pytester:
    """It has only the plugins that a test names, whatever is installed here."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("PYTHONHASHSEED", raising=False)
    return pytester
