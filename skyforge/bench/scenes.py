"""Standard scenes, the same on every machine; made of formulas, so that they need no catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from skyforge.optics import gaussian, moffat
from skyforge.render import Detector, PsfBank, Sources, View, psf_bank

SKY_E = 200.0
"""Electrons of the background in every pixel."""
DETECTOR = Detector(dark_e=3.0, full_well_e=6e4, read_noise_e=5.0, gain_e_per_adu=1.5, bias_adu=100.0)
FIELD_DEG = 5.0
_FAINTEST_E, _BRIGHTEST_E = 20.0, 1e6
_SLOPE = 0.68  # counts of stars grow tenfold for every 1.7 magnitudes
_BETA = 2.5  # of the Moffat function
_BEYOND = 1.02  # of the catalogue's field in units of the frame's: stars come in as the camera turns
_TURN_PX, _TURNS = 1.3, 16  # by which the pointing moves from frame to frame, and after how many it is back
_ORBITAL_SPEED = np.array([6e-5, -7e-5, 3e-5])  # about 30 km/s, in units of the speed of light


@dataclass(frozen=True)
class Scene:
    """
    Stars on a frame.

    Attributes
    ----------
    name, title
        For programs and for people.
    shape
        ``(ny, nx)``, pixels.
    stars
        How many.
    fwhm_px
        Of their images.
    wings
        Whether they are a Moffat function's, whose light reaches over the whole frame, or a Gaussian's.
    projected
        Whether they are a catalogue that is put on the pixels anew for every frame.
    """

    name: str
    title: str
    shape: tuple[int, int]
    stars: int
    fwhm_px: float = 2.5
    wings: bool = False
    projected: bool = False

    @property
    def pixels(self) -> int:
        """Number of pixels of a frame."""
        return self.shape[0] * self.shape[1]

    @property
    def pixel_scale(self) -> float:
        """Side of a pixel over the focal length."""
        return float(2.0 * np.tan(np.radians(0.5 * FIELD_DEG)) / self.shape[1])

    def bank(self) -> PsfBank:
        """Return the point spread function, made ready."""
        return _bank(self.fwhm_px, self.wings)

    def sources(self) -> Sources:
        """Return the stars on the pixels of the first frame."""
        x, y = self._places()
        return Sources.points(x, y, self.electrons())

    def electrons(self) -> NDArray[np.float32]:
        """Return the stars' photo-electrons."""
        fainter = 1.0 - np.random.default_rng(2).random(self.stars)
        return np.minimum(_FAINTEST_E * fainter**-_SLOPE, _BRIGHTEST_E).astype(np.float32)

    def directions(self) -> NDArray[np.float64]:
        """Return the stars' unit vectors ``(stars, 3)`` for a camera that looks along z."""
        x, y = self._places()
        centre_y, centre_x = 0.5 * (self.shape[0] - 1), 0.5 * (self.shape[1] - 1)
        right, up = ((place - centre) * self.pixel_scale for place, centre in ((x, centre_x), (y, centre_y)))
        direction = np.stack([right, up, np.ones_like(right)], axis=1)
        unit: NDArray[np.float64] = direction / np.linalg.norm(direction, axis=1)[:, None]
        return unit

    def view(self, frame: int) -> View:
        """Return how a frame sees the stars: light is bent, the observer moves, the camera turns a little."""
        turn = (frame % _TURNS) * _TURN_PX * self.pixel_scale
        cosine, sine = np.cos(turn), np.sin(turn)
        return View(
            from_mass=np.array([0.6, 0.0, -0.8]),
            bending=2e-8,
            least_opening=1e-5,
            velocity=_ORBITAL_SPEED,
            axes=np.array([[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]]),
            pixel_scale=self.pixel_scale,
            centre=(0.5 * (self.shape[1] - 1), 0.5 * (self.shape[0] - 1)),
        )

    def stamp_pixels(self) -> int:
        """Return how many pixels the stars' images cover, all together, as they are drawn."""
        tables = self.bank().tables
        brightest = tables.class_electrons[:-1]
        chosen = np.searchsorted(brightest, self.electrons(), side="left")
        firsts = tables.first_class_stamp
        areas = (2 * tables.half_width.astype(np.int64)) ** 2
        of_class = [
            int(areas[tables.class_stamps[firsts[k] : firsts[k + 1]]].sum()) for k in range(len(firsts) - 1)
        ]
        return int(np.bincount(chosen, minlength=len(of_class)) @ np.array(of_class))

    def _places(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        generator = np.random.default_rng(1)
        wide = _BEYOND if self.projected else 1.0
        x, y = (
            0.5 * (side - 1) + (generator.random(self.stars) - 0.5) * side * wide
            for side in (self.shape[1], self.shape[0])
        )
        return x, y


SMALL = Scene("small", "2,000 stars on 2048²", (2048, 2048), 2_000)
FIELD = Scene("field", "10⁴ stars on 4096²", (4096, 4096), 10_000)
WINGS = Scene("wings", "10⁴ stars with a Moffat function's wings on 4096²", (4096, 4096), 10_000, wings=True)
WIDE_IMAGES = Scene("wide-images", "10⁵ stars of 31² pixels on 4096²", (4096, 4096), 100_000, 7.0)
GALACTIC_PLANE = Scene(
    "galactic-plane",
    "2.5 million stars, projected anew for every frame of 4096²",
    (4096, 4096),
    2_500_000,
    projected=True,
)
STANDARD = (SMALL, FIELD, WINGS, WIDE_IMAGES, GALACTIC_PLANE)
QUICK_SCENES = (SMALL, FIELD)


@cache
def _bank(fwhm_px: float, wings: bool) -> PsfBank:
    return psf_bank(moffat(fwhm_px=fwhm_px, beta=_BETA) if wings else gaussian(fwhm_px=fwhm_px))
