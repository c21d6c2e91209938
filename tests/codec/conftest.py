"""Images for the codec, and what other libraries make of them."""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from astropy.io import fits


def _images():
    spec = importlib.util.spec_from_file_location("codec_images", Path(__file__).parent / "images.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


IMAGES = _images()
KINDS = tuple(IMAGES.every_kind())


@cache
def images():
    return IMAGES.every_kind()


@pytest.fixture(params=KINDS)
def image(request):
    """Each kind of image, one after the other."""
    return images()[request.param]


@pytest.fixture
def stars():
    """A field of stars with noise."""
    return images()["stars"]


@pytest.fixture
def cfitsio_rows(tmp_path):
    """Bytes of the rows of an image, as CFITSIO compresses it."""
    fitsio = pytest.importorskip("fitsio", reason="fitsio carries CFITSIO, the reference of the code")

    def rows(image):
        path = tmp_path / "cfitsio.fits"
        fitsio.write(path, image, compress="RICE", tile_dims=(1, image.shape[1]), clobber=True)
        with fits.open(path, disable_image_compression=True) as hdus:
            column = hdus[1].data.field("COMPRESSED_DATA")
            return [np.array(row, np.uint8).tobytes() for row in column]

    return rows
