import pytest

from skyforge.errors import InputError
from skyforge.scenario import load


@pytest.fixture
def scenario_file(tmp_path):
    """Write a scenario file and return its path."""

    def write(text, name="my.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def load_text(scenario_file):
    """Load a scenario from its text."""
    return lambda text, overrides=(): load(scenario_file(text), overrides)


@pytest.fixture
def complaint(scenario_file):
    """Load a wrong scenario and return the message without the folder's name."""

    def load_wrong(text, overrides=()):
        path = scenario_file(text)
        with pytest.raises(InputError) as caught:
            load(path, overrides)
        assert caught.value.exit_status == 2
        return str(caught.value).replace(f"{path.parent}/", "")

    return load_wrong
