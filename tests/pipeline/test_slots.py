"""Memory that processes share: on pages, without a name, nothing left of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from skyforge.pipeline.slots import PAGE_BYTES, Slots


def test_slots_begin_on_pages_and_do_not_overlap():
    with Slots.open(3, 2 * 100 * 101) as slots:
        addresses = [slots.slot(index).ctypes.data for index in range(3)]
        assert all(address % PAGE_BYTES == 0 for address in addresses)
        assert slots.slot_bytes >= 2 * 100 * 101
        for index in range(3):
            slots.slot(index)[:] = index
        assert [set(np.unique(slots.slot(index))) for index in range(3)] == [{0}, {1}, {2}]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_another_process_sees_the_same_memory_and_it_has_no_name():
    with Slots.open(2, 4096) as slots:
        slots.slot(1)[:6] = [1, 2, 3, 4, 5, 6]
        program = (
            "from skyforge.pipeline.slots import Slots\n"
            f"octets = Slots({slots.descriptor}, 2, {slots.slot_bytes}).slot(1)[:6]\n"
            "octets += 10"
        )
        subprocess.run([sys.executable, "-c", program], pass_fds=(slots.descriptor,), check=True)
        assert slots.slot(1)[:6].tolist() == [11, 12, 13, 14, 15, 16]
        place = Path(f"/proc/self/fd/{slots.descriptor}").readlink()
        assert place.name.endswith("(deleted)")
        assert not place.exists()
