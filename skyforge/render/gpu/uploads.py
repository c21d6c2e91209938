"""What frames share, in the device's memory: the bank of point spread functions and the detector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skyforge.errors import InputError
from skyforge.render import _core
from skyforge.render.detector import Detector
from skyforge.render.gpu import layouts
from skyforge.render.gpu.runtime import DeviceArray, Runtime
from skyforge.render.psf_bank import PsfBank


@dataclass(frozen=True, eq=False)
class Shared:
    """
    A structure for the kernels, with the device's arrays that it points into.

    Attributes
    ----------
    record
        The structure, ``()``.
    arrays
        What must live as long as the structure is used.
    """

    record: NDArray[np.void]
    arrays: tuple[DeviceArray, ...]


def upload_bank(runtime: Runtime, psf: PsfBank) -> Shared:
    """
    Copy a bank to the device.

    Raises
    ------
    InputError
        If a function is drawn with more stamps than the device's lists can number.
    """
    tables = psf.tables
    if int(np.diff(tables.first_class_stamp).max()) > layouts.MOST_STAMPS:
        raise InputError(f"a GPU draws a source with {layouts.MOST_STAMPS} stamps at most")
    stamps = np.zeros(len(tables.half_width), layouts.STAMP)
    stamps["first_sample"] = tables.first_sample
    stamps["half_width"], stamps["phase_bits"] = tables.half_width, tables.phase_bits
    taps = np.zeros(len(tables.tap_weights), layouts.HALO_TAP)
    taps["row"], taps["column"] = tables.tap_offsets[:, 0], tables.tap_offsets[:, 1]
    taps["weight"] = tables.tap_weights
    record = np.zeros((), layouts.BANK)
    arrays = []

    def upload(host: np.ndarray[Any, Any]) -> int:
        arrays.append(runtime.array(host if host.size else np.zeros(1, host.dtype)))
        return runtime.address(arrays[-1])

    record["tables"] = (upload(tables.samples), upload(stamps))
    for name in (
        "panel_lengths",
        "first_class",
        "first_trail_class",
        "class_electrons",
        "first_class_stamp",
        "class_stamps",
        "class_halo_level",
        "class_halo_fraction",
        "first_tap",
    ):
        record[name] = upload(getattr(tables, name))
    record["taps"] = upload(taps)
    record["halo_levels"] = len(tables.first_tap) - 1
    record["halo_spacing_bits"] = tables.halo_spacing_bits
    return Shared(record, tuple(arrays))


def upload_detector(runtime: Runtime, detector: Detector, shape: tuple[int, int]) -> Shared:
    """
    Copy a detector to the device; seed and number of the frame are left open.

    Raises
    ------
    InputError
        If a map does not fit the frame.
    """
    detector.compiled(shape)  # refuses maps that do not fit
    arrays = [runtime.array(np.array(table, np.uint32)) for table in _core.poisson_tables()]
    record = np.zeros((), layouts.DETECTOR)
    record["poisson"] = tuple(runtime.address(array) for array in arrays)
    for field, value in (("sensitivity", detector.prnu), ("dark", detector.dark_e)):
        if isinstance(value, float):
            record[field] = value
        else:
            arrays.append(runtime.array(value))
            record[f"{field}_map"] = runtime.address(arrays[-1])
    record["full_well"] = detector.full_well_e
    record["read_noise"] = detector.read_noise_e
    record["adu_per_electron"] = 1.0 / detector.gain_e_per_adu
    record["offset"] = np.float32(detector.bias_adu) + np.float32(0.5)
    record["largest"] = (1 << detector.bits) - 1
    return Shared(record, tuple(arrays))


def exposure_record(detector: Shared, seed: int, frame: int) -> NDArray[np.void]:
    """Return a detector's structure with seed and number of a frame filled in."""
    record = detector.record.copy()
    record["seed_low"], record["seed_high"] = seed & 0xFFFFFFFF, seed >> 32
    record["frame"] = frame
    return record
