"""The preview of any frame there may be: its size, its marks where the truth is, the same bytes each time."""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from astropy.wcs import WCS
from PIL import Image

from skyforge.errors import OutputError
from skyforge.frames.frame import Frame
from skyforge.frames.orientation import orientation
from skyforge.frames.preview import write_preview
from skyforge.frames.preview_panel import PANEL_HEIGHT_PX, caption
from skyforge.frames.preview_targets import brightest_star, main_target, targets_of
from skyforge.frames.truth import TruthFlag

MARGIN_PX = 22


def picture(frame: Frame, tmp_path: Path) -> np.ndarray:
    write_preview(frame, tmp_path / "preview.png")
    return np.asarray(Image.open(tmp_path / "preview.png").convert("RGB")).astype(int)


def sky_part(image: np.ndarray) -> np.ndarray:
    """The frame's part of a preview, first row lowest, as the frame has it."""
    return image[MARGIN_PX : image.shape[0] - PANEL_HEIGHT_PX, MARGIN_PX : image.shape[1] - MARGIN_PX][::-1]


def without_targets(frame: Frame) -> Frame:
    return Frame(frame.index, frame.data, frame.wcs, frame.header, frame.truth.slice(0, 0))


@pytest.mark.parametrize(
    "shape", [(32, 32), (1, 1), (7, 500), (500, 7), (300, 1500), (700, 700), (1367, 64), (2100, 1400)]
)
@pytest.mark.parametrize("targets", [0, 1])
def test_frames_of_any_shape_give_a_picture_that_fits_a_screen(tmp_path, frames, shape, targets):
    places = [("KAZSAT-3", 0.5 * (shape[1] - 1), 0.5 * (shape[0] - 1))] * targets
    image = picture(frames(shape, places), tmp_path)
    assert image.shape[0] <= 1366 + PANEL_HEIGHT_PX + MARGIN_PX
    assert 880 <= image.shape[1] <= 1366 + 2 * MARGIN_PX
    assert image.mean() < 90  # a dark picture


def test_a_ring_surrounds_the_target_and_leaves_it_free(tmp_path, frames):
    frame = frames((512, 512), [("KAZSAT-3", 200.0, 350.0)])
    marked, bare = (sky_part(picture(one, tmp_path)) for one in (frame, without_targets(frame)))
    changed = np.abs(marked - bare).sum(axis=2) > 60
    x, y = 2 * (200.0 + 0.5) - 0.5, 2 * (350.0 + 0.5) - 0.5  # the picture is twice the frame
    rows, columns = np.indices(changed.shape)
    distance = np.hypot(columns - x, rows - y)
    assert not changed[distance < 9].any()
    ring = changed & (distance < 16)
    assert ring.sum() > 40
    assert columns[ring].mean() == pytest.approx(x, abs=1.0)
    assert rows[ring].mean() == pytest.approx(y, abs=1.0)
    assert changed[(distance > 17) & (distance < 160)].any()  # its label


def test_a_trail_is_marked_at_both_ends_and_not_along_its_way(tmp_path, frames):
    frame = frames((512, 512), [("KAZSAT-3", 250.0, 250.0)], trail_px=100.0)
    marked, bare = (sky_part(picture(one, tmp_path)) for one in (frame, without_targets(frame)))
    changed = np.abs(marked - bare).sum(axis=2) > 60
    along = changed[494:509]  # rows close to the trail's
    assert not along[:, 404:598].any()
    assert along[:, 380:402].any()
    assert along[:, 602:622].any()


def test_a_target_that_cannot_be_seen_is_marked_in_another_colour(tmp_path, frames):
    places = [("KAZSAT-3", 250.0, 250.0)]
    seen = sky_part(picture(frames((512, 512), places), tmp_path))
    hidden = sky_part(picture(frames((512, 512), places, flags=int(TruthFlag.ECLIPSED)), tmp_path))
    warmth = [np.count_nonzero(image[..., 0] > image[..., 2] + 60) for image in (seen, hidden)]
    assert warmth[0] > 100
    assert warmth[1] == 0


def test_a_target_outside_the_field_leaves_no_mark_on_it(tmp_path, frames):
    frame = frames((256, 256), [("FAR", 900.0, -80.0)], flags=int(TruthFlag.OUTSIDE))
    marked, bare = (sky_part(picture(one, tmp_path)) for one in (frame, without_targets(frame)))
    assert np.array_equal(marked, bare)
    assert "outside the field" in caption(frame, orientation(frame.wcs, (256, 256)), targets_of(frame)[0])[-1]


def test_hundreds_of_targets_are_marked_and_the_best_seen_labelled(tmp_path, frames):
    generator = np.random.default_rng(0)
    places = [(f"GEO {k:03d}", *generator.normal(256.0, 40.0, 2)) for k in range(300)]
    frame = frames((512, 512), places)
    marked, bare = (sky_part(picture(one, tmp_path)) for one in (frame, without_targets(frame)))
    assert (
        5_000
        < np.count_nonzero(np.abs(marked - bare).sum(axis=2) > 60)
        < 0.3 * marked.shape[0] * marked.shape[1]
    )


def test_the_target_pointed_at_is_labelled_however_faint(tmp_path, frames):
    places = [(f"GEO {k:03d}", 60.0 + 3 * k, 400.0) for k in range(60)]  # each brighter than the next
    known = frames((512, 512), [*places, ("KAZSAT-3", 256.0, 120.0)])
    unknown = frames((512, 512), [*places, ("NOT NAMED IN THE HEADER", 256.0, 120.0)])
    labelled, ringed = (sky_part(picture(one, tmp_path))[200:300, 540:700] for one in (known, unknown))
    warm = [np.count_nonzero(image[..., 0] > image[..., 2] + 60) for image in (labelled, ringed)]
    assert warm[0] > 100
    assert warm[1] == 0


def test_the_same_frame_is_the_same_bytes_whatever_the_user_s_style(tmp_path, frame):
    write_preview(frame, tmp_path / "a.png")
    with mpl.rc_context(
        {"font.size": 30.0, "savefig.dpi": 50, "savefig.facecolor": "white", "axes.linewidth": 9}
    ):
        write_preview(frame, tmp_path / "b.png")
        assert mpl.rcParams["font.size"] == 30.0
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    assert "Software" not in Image.open(BytesIO((tmp_path / "a.png").read_bytes())).info


def test_names_with_signs_of_other_languages_are_drawn_as_they_are(tmp_path, frames):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # as matplotlib gives for letters that its font lacks
        image = picture(frames((64, 64), [("КазСат-3 卫星 $x^2$ & <b>", 30.0, 30.0)]), tmp_path)
    assert image.shape[1] >= 880


def test_a_frame_across_the_pole_and_the_meridian_has_a_compass(tmp_path, frame):
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---TAN", "DEC--TAN"]
    wcs.wcs.crval, wcs.wcs.crpix, wcs.wcs.cd = [0.0, 89.999], [64.0, 48.0], [[-1e-3, 0.0], [0.0, 1e-3]]
    assert picture(Frame(0, frame.data, wcs, frame.header, frame.truth), tmp_path).any()


def test_the_caption_says_what_when_where_and_how_far(frame):
    lines = caption(frame, orientation(frame.wcs, (96, 128)), targets_of(frame)[0])
    assert lines[0] == "kazsat from lunar orbit"
    assert lines[1] == "2024-03-01 00:00:01.000 UTC · 2 s · frame 3"
    assert lines[2].startswith("4.27′ × 3.2′ · 128 × 96 px · 2″ per px")
    assert lines[3].startswith("from elliptic frozen orbit · 30 cm f/4")
    assert lines[4] == "KAZSAT-3 · satellite · V 15.0 · SNR 60 · 384\u2009400 km away"


def test_the_main_target_is_the_one_pointed_at(frames):
    frame = frames((96, 128), [("BRIGHT", 10.0, 10.0), ("KAZSAT-3", 60.0, 40.0)])
    targets = targets_of(frame)
    assert targets[0].name == "BRIGHT"
    main = main_target(frame, targets)
    assert main is not None
    assert main.name == "KAZSAT-3"
    assert main_target(frame, []) is None
    assert brightest_star(frame) is None


def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path, frame):
    with pytest.raises(OutputError, match="does not exist"):
        write_preview(frame, tmp_path / "missing" / "preview.png")
