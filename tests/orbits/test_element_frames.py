from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import ELEMENT_FRAMES
from skyforge.orbits.element_frames import icrf_from_frame


@pytest.mark.parametrize("center", ["moon", "earth"])
@pytest.mark.parametrize("frame", ELEMENT_FRAMES)
def test_frames_are_right_handed_rotations(frame, center):
    rotation = icrf_from_frame(frame, center, 3e8)
    assert rotation.T @ rotation == pytest.approx(np.eye(3), abs=1e-14)
    assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_planes_stand_at_their_known_angles():
    def angle(first, second):
        return np.degrees(np.arccos(first[:, 2] @ second[:, 2]))

    ecliptic = icrf_from_frame("ecliptic", "earth", 3e8)
    assert angle(icrf_from_frame("equator", "earth", 3e8), ecliptic) == pytest.approx(23.44, abs=0.01)
    assert angle(icrf_from_frame("orbit", "earth", 3e8), ecliptic) == pytest.approx(0.0, abs=0.02)
    assert angle(icrf_from_frame("orbit", "moon", 3e8), ecliptic) == pytest.approx(5.14, abs=0.2)
    assert angle(icrf_from_frame("equator", "moon", 3e8), ecliptic) == pytest.approx(1.54, abs=0.05)


def test_unknown_frame_suggests_the_nearest():
    with pytest.raises(InputError, match="did you mean 'ecliptic'"):
        icrf_from_frame("eclptic", "moon", 0.0)
