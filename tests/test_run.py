"""Whole runs, as a user makes them: from the command line to files that agree with each other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from astropy.io import fits
from astropy.wcs import WCS

import skyforge
from skyforge import simulate
from skyforge.frames import read_manifest, read_truth
from skyforge.pipeline import render_run
from skyforge.scenario import load
from skyforge.studio import studio

SMALL = ["detector.shape=[300, 400]", "time.frames=2", "stars.limit=18"]


def run_skyforge(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skyforge.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("run") / "demo"
    sets = [part for override in SMALL for part in ("--set", override)]
    done = run_skyforge("render", "--out", str(out), "--json", *sets)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["frames"] == 2
    return out


def test_a_run_has_all_its_files(run: Path) -> None:
    names = sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())
    assert names == [
        "frames/frame_000000.fits",
        "frames/frame_000001.fits",
        "manifest.parquet",
        "preview.png",
        "scenario.yaml",
        "truth.parquet",
    ]


def test_frames_open_as_standard_fits_with_their_target_where_the_truth_says(run: Path) -> None:
    truth = read_truth(run / "truth.parquet", frame=1).to_pylist()
    target = next(row for row in truth if row["name"] == "KAZSAT-3")
    with fits.open(run / "frames" / "frame_000001.fits", checksum=True) as hdus:
        hdus.verify("exception")
        data, header = hdus[0].data, hdus[0].header
    assert data.shape == (300, 400)
    x, y = WCS(header).all_world2pix([target["ra_deg"]], [target["dec_deg"]], 0)
    assert np.hypot(x[0] - target["x"], y[0] - target["y"]) < 0.01
    column, row = round(target["x"]), round(target["y"])
    signal = data[row - 1 : row + 2, column - 1 : column + 2].astype(float) - np.median(data)
    assert signal.sum() * header["GAIN"] == pytest.approx(target["electrons"], rel=0.35)


def test_the_resolved_scenario_renders_the_same_pixels(run: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    done = run_skyforge("render", str(run / "scenario.yaml"), "--out", str(again), "--quiet", "--jobs", "1")
    assert done.returncode == 0, done.stderr
    first, second = (read_manifest(folder / "manifest.parquet").column("sha256") for folder in (run, again))
    assert first.to_pylist() == second.to_pylist()
    assert len(set(first.to_pylist())) == 2


def test_the_truth_has_a_row_for_every_source_of_every_frame(run: Path) -> None:
    table = pq.read_table(run / "truth.parquet")
    assert set(table.column("frame").to_pylist()) == {0, 1}
    assert table.filter(pq.filters_to_expression([("name", "=", "KAZSAT-3")])).num_rows == 2


def test_another_seed_changes_the_noise_and_not_the_sky(tmp_path: Path) -> None:
    frames = [skyforge.render(load("kazsat-from-lunar-orbit", [*SMALL, f"seed={seed}"])) for seed in (1, 2)]
    assert not np.array_equal(frames[0].data, frames[1].data)
    assert frames[0].truth.equals(frames[1].truth)


FOCAL_LENGTHS = {
    "{kind: gaussian, fwhm: 2 px}": "1.2 m",
    "{kind: moffat, fwhm: 2.5 px}": "1.2 m",
    # λ/D of a pixel: a sharper image would be undersampled, and no centroid of its pixels unbiased.
    "{kind: airy}": "4.8 m",
    "{kind: pupil, wavefront_error: 0 nm}": "4.8 m",
}


@pytest.fixture(params=FOCAL_LENGTHS)
def noiseless(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[np.ndarray, list[dict[str, float]]]:
    """Sixteen bright stars, far from each other, at as many sub-pixel places; expected electrons and truth."""
    catalogue = tmp_path / "stars.csv"
    places = [(270.0 + 0.05 * column, 66.53 + 0.02 * row) for row in range(4) for column in range(-2, 2)]
    catalogue.write_text("ra,dec,g_mag\n" + "".join(f"{ra},{dec},9\n" for ra, dec in places))
    overrides = [
        "stars.catalogs=[]",
        "stars.synthetic=false",
        f"stars.table={catalogue}",
        f"telescope.psf={request.param}",
        f"telescope.focal_length={FOCAL_LENGTHS[request.param]}",
    ]
    stage = studio(load("minimal", overrides))
    exposure = simulate.exposure(stage.plan, 0)
    image = stage.renderer.expected_image(exposure.sources, 0.0)
    rows = exposure.truth.to_pylist()
    assert len(rows) == 16
    return image, rows


def test_a_bright_isolated_star_is_centred_where_the_truth_says(noiseless) -> None:
    image, rows = noiseless
    for star in rows:
        left, low = round(star["x"]) - 12, round(star["y"]) - 12
        stamp = image[low : low + 25, left : left + 25].astype(np.float64)
        x, y = _windowed_centroid(stamp, star["x"] - left, star["y"] - low)
        assert np.hypot(x + left - star["x"], y + low - star["y"]) < 0.002


def _windowed_centroid(stamp: np.ndarray, x: float, y: float) -> tuple[float, float]:
    """Centroid under a Gaussian weight, moved until the weight is centred on its own result."""
    rows, columns = np.indices(stamp.shape)
    for _ in range(60):
        weight = stamp * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2.0 * 3.0**2))
        step_x, step_y = (np.sum(weight * (columns - x)), np.sum(weight * (rows - y))) / weight.sum()
        x, y = x + 2.0 * step_x, y + 2.0 * step_y
    return x, y


def test_the_pixels_of_the_stars_sum_to_the_truth_s_electrons(noiseless) -> None:
    image, rows = noiseless
    assert image.sum(dtype=np.float64) == pytest.approx(sum(star["electrons"] for star in rows), rel=1e-4)


def test_the_truth_s_brightest_pixel_is_the_image_s(noiseless) -> None:
    image, rows = noiseless
    for star in rows:
        column, row = round(star["x"]), round(star["y"])
        brightest = image[row - 1 : row + 2, column - 1 : column + 2].max()
        assert star["peak_electrons"] == pytest.approx(brightest, rel=0.03)


def test_threads_do_not_change_the_frame() -> None:
    scenario = load("kazsat-from-lunar-orbit", SMALL)
    one, two = (skyforge.render(scenario, threads=threads).data for threads in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_streaming_gives_the_run_s_frames(run: Path) -> None:
    from skyforge.frames import pixel_sha256

    streamed = [pixel_sha256(frame.data) for frame in skyforge.stream(load(run / "scenario.yaml"))]
    assert streamed == read_manifest(run / "manifest.parquet").column("sha256").to_pylist()


@pytest.mark.disable_socket
def test_no_socket_is_opened(tmp_path: Path) -> None:
    summary = render_run(load("kazsat-from-lunar-orbit", SMALL), tmp_path / "offline")
    assert summary.frames == 2
    site = [
        "observer={site: {longitude: 76.9 deg, latitude: 43.2 deg}}",
        "pointing={ra: 100 deg, dec: 40 deg}",
    ]
    start = ["time.start=2030-03-01T15:00:00Z", "targets=[]"]
    assert skyforge.render(load("kazsat-from-lunar-orbit", [*SMALL, *site, *start])).data.any()


def test_a_compressed_run_holds_the_same_pixels(run: Path, tmp_path: Path) -> None:
    render_run(load(run / "scenario.yaml"), tmp_path / "small", compress=True)
    assert (
        read_manifest(tmp_path / "small" / "manifest.parquet").column("sha256").to_pylist()
        == read_manifest(run / "manifest.parquet").column("sha256").to_pylist()
    )
    path = tmp_path / "small" / "frames" / "frame_000000.fits"
    with fits.open(path) as hdus, fits.open(run / "frames" / "frame_000000.fits") as plain:
        np.testing.assert_array_equal(hdus[-1].data, plain[0].data)
    assert path.stat().st_size < 0.7 * (run / "frames" / "frame_000000.fits").stat().st_size
