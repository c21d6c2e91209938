"""The telescope and its detector as the numbers that every exposure needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from astropy.units import Quantity
from numpy.typing import NDArray

from skyforge import detector, optics, photometry, render
from skyforge.errors import InputError
from skyforge.scenario import Scenario
from skyforge.scenario import psf as scenario_psf
from skyforge.scenario.detector import Detector, QuantumEfficiencyCurve
from skyforge.scenario.passband import Passband
from skyforge.scenario.telescope import Telescope
from skyforge.simulate.camera import Camera
from skyforge.simulate.fields import about
from skyforge.simulate.signal import ImageShape, sampled_image_shape

Floats = NDArray[np.float64]

# One stream of random numbers for each map of the fixed pattern: a detector keeps its pattern over all frames.
_RESPONSE_STREAM, _DARK_STREAM, _HOT_STREAM, _HOT_RATE_STREAM = 101, 102, 103, 104

_PASSBAND_SLICES = 9


@dataclass(frozen=True)
class Instrument:
    """What turns light into electrons, and where it puts them.

    Attributes
    ----------
    camera
        Geometry of the focal plane.
    area_m2
        Collecting area.
    passband, optics_throughput, quantum_efficiency
        What light passes the filter, the share that the optics leave, and electrons per photon at the passband's
        wavelengths.
    response
        The three together.
    psf
        Point spread function with pixel and jitter.
    image_shape
        Its brightest pixel and noise-equivalent area.
    dark_rate
        Mean dark current in electrons per second and pixel, hot pixels aside.
    exposure_s
        Exposure time.
    pixel_area_m2
        Area of a pixel.
    """

    camera: Camera
    area_m2: float
    passband: photometry.SystemResponse
    optics_throughput: float
    quantum_efficiency: Floats
    response: photometry.SystemResponse
    psf: optics.Psf
    image_shape: ImageShape
    dark_rate: float
    exposure_s: float
    pixel_area_m2: float


def instrument(scenario: Scenario) -> Instrument:
    """Work out the instrument of a scenario.

    Raises
    ------
    InputError
        If the passband, the quantum efficiency or the point spread function is not possible.
    """
    telescope, chip = scenario.telescope, scenario.detector
    camera = Camera(chip.shape, float((chip.pixel / telescope.focal_length).to_value("")))
    passband = _passband(scenario.passband)
    efficiency = detector.quantum_efficiency(_quantum_efficiency(chip), passband.wavelength_nm)
    response = passband.times(telescope.throughput).times(efficiency)
    if not np.any(response.response > 0.0):
        ends = f"{passband.wavelength_nm[0]:g} to {passband.wavelength_nm[-1]:g} nm"
        raise InputError(
            f"passband: found {ends}, where the detector {chip.name!r} has no quantum efficiency; nothing would be seen"
        )
    with about("telescope.psf"):
        psf = _psf(telescope, chip, camera, response)
    return Instrument(
        camera=camera,
        area_m2=optics.collecting_area_m2(telescope.aperture.to_value("m"), telescope.obstruction),
        passband=passband,
        optics_throughput=telescope.throughput,
        quantum_efficiency=efficiency,
        response=response,
        psf=psf,
        image_shape=sampled_image_shape(psf),
        dark_rate=_dark_rate(chip),
        exposure_s=float(scenario.time.exposure.to_value("s")),
        pixel_area_m2=float(chip.pixel.to_value("m")) ** 2,
    )


def readout(scenario: Scenario) -> render.Detector:
    """Return the detector of a scenario as the renderer takes it, with its fixed pattern drawn from the seed."""
    chip = scenario.detector
    exposure_s = float(scenario.time.exposure.to_value("s"))
    warmth = _dark_rate(chip) / max(float(chip.dark_current.to_value("electron/s")), 1e-300)
    model = detector.FixedPatternModel(
        dark_e_per_s=_dark_rate(chip),
        prnu=chip.prnu,
        dsnu=chip.dsnu,
        hot_fraction=chip.hot_pixels.fraction,
        hot_e_per_s=float(chip.hot_pixels.rate.to_value("electron/s")) * (warmth if warmth > 0.0 else 1.0),
    )
    pattern = detector.fixed_pattern(
        model,
        response_normals=render.standard_normal(chip.shape, scenario.seed, _RESPONSE_STREAM)
        if model.prnu > 0
        else None,
        dark_normals=render.standard_normal(chip.shape, scenario.seed, _DARK_STREAM)
        if model.dsnu > 0
        else None,
        hot_uniforms=render.uniform(chip.shape, scenario.seed, _HOT_STREAM)
        if model.hot_fraction > 0
        else None,
        hot_rate_uniforms=render.uniform(chip.shape, scenario.seed, _HOT_RATE_STREAM)
        if model.hot_fraction > 0
        else None,
    )
    dark = pattern.dark_e_per_s
    return render.Detector(
        dark_e=dark * np.float32(exposure_s) if isinstance(dark, np.ndarray) else dark * exposure_s,
        prnu=pattern.prnu,
        full_well_e=float(chip.full_well.to_value("electron")),
        read_noise_e=float(chip.read_noise.to_value("electron")),
        gain_e_per_adu=float(chip.gain.to_value("electron/adu")),
        bias_adu=float(chip.bias.to_value("adu")),
        bits=chip.bits,
    )


def saturation_adu(scenario: Scenario) -> float:
    """Return the ADU at which a pixel saturates: at the full well or at the converter's last step."""
    chip = scenario.detector
    full_well = float((chip.full_well / chip.gain).to_value("adu")) + float(chip.bias.to_value("adu"))
    return min(full_well, 2.0**chip.bits - 1.0)


def saturation_e(scenario: Scenario) -> float:
    """Return the electrons at which a pixel saturates."""
    above_bias = saturation_adu(scenario) - float(scenario.detector.bias.to_value("adu"))
    return above_bias * float(scenario.detector.gain.to_value("electron/adu"))


def _passband(passband: Passband) -> photometry.SystemResponse:
    if passband.filter is not None:
        with about("passband.filter"):
            return photometry.named_filter(passband.filter)
    assert passband.shortest is not None  # noqa: S101  (the model holds a filter, or both ends)
    assert passband.longest is not None  # noqa: S101
    return photometry.top_hat(float(passband.shortest.to_value("nm")), float(passband.longest.to_value("nm")))


def _quantum_efficiency(chip: Detector) -> float | detector.QuantumEfficiency:
    curve = chip.quantum_efficiency
    if isinstance(curve, QuantumEfficiencyCurve):
        wavelengths = np.array([wavelength.to_value("nm") for wavelength in curve.wavelengths])
        return detector.QuantumEfficiency(wavelengths, np.array(curve.values))
    return curve


def _dark_rate(chip: Detector) -> float:
    return detector.dark_current(
        float(chip.dark_current.to_value("electron/s")),
        float(chip.dark_reference_temperature.to_value("deg_C")),
        float(chip.dark_doubling.to_value("K")),
        float(chip.temperature.to_value("deg_C")),
    )


def _pixels(size: Quantity, camera: Camera) -> float:
    """Return an angle, or a number of pixels, in pixels."""
    if size.unit.is_equivalent("pix"):
        return float(size.to_value("pix"))
    return float(size.to_value("rad")) / camera.pixel_scale_rad


def _psf(
    telescope: Telescope, chip: Detector, camera: Camera, response: photometry.SystemResponse
) -> optics.Psf:
    """Return the point spread function; diffraction is summed over the passband for a star of the Sun's colour."""
    model = telescope.psf
    jitter_px = _pixels(model.jitter, camera)
    if isinstance(model, scenario_psf.GaussianPsf):
        return optics.gaussian(fwhm_px=_pixels(model.fwhm, camera), jitter_px=jitter_px)
    if isinstance(model, scenario_psf.MoffatPsf):
        return optics.moffat(fwhm_px=_pixels(model.fwhm, camera), beta=model.beta, jitter_px=jitter_px)
    if isinstance(model, scenario_psf.FilePsf):
        samples = model.samples_per_pixel
        if samples is None:
            assert model.sample_scale is not None  # noqa: S101  (the model holds one of the two)
            samples = camera.pixel_scale_rad / float(model.sample_scale.to_value("rad"))
        return optics.from_fits(
            model.path, samples_per_pixel=float(samples), hdu=model.extension, jitter_px=jitter_px
        )
    detected = response.response * photometry.solar_photon_irradiance(response.wavelength_nm)
    wavelength_nm, weight = optics.passband_samples(response.wavelength_nm, detected, _PASSBAND_SLICES)
    aperture_m = float(telescope.aperture.to_value("m"))
    focal_length_m = float(telescope.focal_length.to_value("m"))
    pixel_um = float(chip.pixel.to_value("um"))
    if isinstance(model, scenario_psf.AiryPsf):
        return optics.airy(
            aperture_m=aperture_m,
            focal_length_m=focal_length_m,
            pixel_um=pixel_um,
            wavelength_nm=wavelength_nm,
            weight=weight,
            obstruction=telescope.obstruction,
            jitter_px=jitter_px,
        )
    spiders = model.spiders
    return optics.pupil(
        aperture_m=aperture_m,
        focal_length_m=focal_length_m,
        pixel_um=pixel_um,
        wavelength_nm=wavelength_nm,
        weight=weight,
        obstruction=telescope.obstruction,
        spider=optics.Spider(
            spiders.count, float(spiders.width.to_value("m")), float(spiders.angle.to_value("deg"))
        )
        if spiders.count
        else None,
        wavefront_error_nm=float(model.wavefront_error.to_value("nm")),
        wavefront_seed=model.seed,
        zernikes_nm=tuple((index, float(value.to_value("nm"))) for index, value in model.zernikes.items()),
        jitter_px=jitter_px,
    )
