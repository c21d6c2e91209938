"""A detector on the device, exposed to a map of expected electrons."""

from __future__ import annotations

import numpy as np

from skyforge.errors import InputError
from skyforge.render.detector import Detector
from skyforge.render.gpu import layouts
from skyforge.render.gpu.runtime import BLOCK_THREADS, DeviceArray, Runtime
from skyforge.render.gpu.structure import arguments
from skyforge.render.gpu.uploads import exposure_record, upload_detector
from skyforge.render.sources import BAD_LIGHT


def expose_map(
    runtime: Runtime, expected: DeviceArray, detector: Detector, seed: int, frame: int
) -> DeviceArray:
    """
    Expose a detector.

    Parameters
    ----------
    runtime
        The device.
    expected
        float32 ``(ny, nx)``: photo-electrons.
    detector, seed, frame
        As for `skyforge.render.expose`.

    Returns
    -------
    DeviceArray, ``(ny, nx)``
        uint16 ADU.

    Raises
    ------
    InputError
        If an expected value is negative or not finite, or a map of the detector does not fit.
    """
    rows, columns = expected.shape
    shared = upload_detector(runtime, detector, (rows, columns))
    image, bad = runtime.empty((rows, columns), np.uint16), runtime.zeros(1, np.uint32)
    runtime.launch(
        "expose_image",
        -(-rows * columns // BLOCK_THREADS),
        arguments(
            layouts.EXPOSE_ARGUMENTS,
            detector=exposure_record(shared, seed, frame),
            expected=runtime.address(expected),
            image=runtime.address(image),
            bad=runtime.address(bad),
            pixels=rows * columns,
        ),
    )
    if runtime.to_host(bad)[0]:
        raise InputError(BAD_LIGHT)
    return image
