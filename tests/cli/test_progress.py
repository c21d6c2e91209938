import io
import sys

import pytest

from skyforge.cli.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "wanted"), [(io.StringIO(), True), (Terminal(), False)])
def test_no_bar_where_nobody_looks(monkeypatch, stream, wanted):
    monkeypatch.setattr(sys, "stderr", stream)
    with progress_bar("rendering", wanted) as update:
        assert update is None
    assert stream.getvalue() == ""


def test_a_bar_on_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar("rendering", wanted=True) as update:
        update(1, 8)
    assert "rendering" in sys.stderr.getvalue()
