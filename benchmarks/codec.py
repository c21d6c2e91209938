"""How fast pixels become files and come back, as ratios to other code in the same process on the same thread.

Times are process CPU time, the least of some repeats, unless they say wall clock. Run it on an otherwise idle machine:

    python benchmarks/codec.py [--json FILE] [--quick]
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import fitsio
import numpy as np
from astropy.io import fits
from figures import tell

from skyforge import codec, optics, render
from skyforge.codec import _codec
from skyforge.frames.compressed import compressed_file
from skyforge.frames.plain import plain_file

SIDE = 4096
GIGABYTE = 1e9
CARDS = fits.Header([(f"KEY{k}", 1.5 * k, "a card") for k in range(60)]).tostring(
    endcard=False, padding=False
)


def least(work: Callable[[], object], repeats: int, clock: Callable[[], float] = time.process_time) -> float:
    """Return the least time of some repeats, seconds."""
    times = []
    for _ in range(repeats):
        start = clock()
        work()
        times.append(clock() - start)
    return min(times)


def star_field():
    """Render 10⁴ stars on a sky of 200 electrons."""
    generator = np.random.default_rng(1)
    x, y = generator.uniform(0.0, SIDE, (2, 10_000))
    electrons = np.minimum(20.0 * (1.0 - generator.random(10_000)) ** -0.68, 1e6)
    detector = render.Detector(
        dark_e=3.0, full_well_e=6e4, read_noise_e=5.0, gain_e_per_adu=1.5, bias_adu=100.0
    )
    bank = render.psf_bank(optics.gaussian(fwhm_px=2.5))
    return render.render_frame(
        render.Sources.points(x, y, electrons), bank, (SIDE, SIDE), 200.0, detector, seed=1
    )


def images():
    """Return the images, by name."""
    generator = np.random.default_rng(2)
    return {
        "stars on 4096^2": star_field(),
        "noise of 1000 adu on 4096^2": generator.normal(3e4, 1e3, (SIDE, SIDE))
        .clip(0, 65535)
        .astype(np.uint16),
    }


def astropy_file(image):
    hdu = fits.CompImageHDU(image, compression_type="RICE_1", tile_shape=(1, image.shape[1]))
    memory = io.BytesIO()
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(memory)
    return memory.getvalue()


def astropy_pixels(file):
    with fits.open(io.BytesIO(file)) as hdus:
        return hdus[1].data


def cfitsio_file(image):
    with fitsio.FITS("mem://", "rw") as file:
        file.write(image, compress="RICE", tile_dims=(1, image.shape[1]))


def our_file(image, out):
    memory = io.BytesIO()
    memory.writelines(compressed_file(CARDS.encode(), codec.rice_compress(image, threads=1, out=out)))
    return memory.getvalue()


def against_others(name, image, repeats):
    """Time a compressed file in memory, from pixels and to pixels."""
    out = np.empty(codec.rice_bound(image.shape), np.uint8)
    compressed = codec.rice_compress(image, threads=1, out=out)
    pixels = codec.rice_decompress(compressed, threads=1)
    assert np.array_equal(pixels, image)
    theirs = astropy_file(image)
    assert np.array_equal(astropy_pixels(our_file(image, np.empty_like(out))), image)
    ours_s = least(lambda: our_file(image, out), repeats)
    few = min(repeats, 3)
    rows = [
        (f"compress {name}, against astropy", least(lambda: astropy_file(image), few), ours_s, ">= 3"),
        (f"compress {name}, against CFITSIO", least(lambda: cfitsio_file(image), few), ours_s, ">= 3"),
        (
            f"decompress {name}, against astropy",
            least(lambda: astropy_pixels(theirs), few),
            least(lambda: codec.rice_decompress(compressed, threads=1), repeats),
            ">= 1",
        ),
    ]
    return [
        {
            "what": what,
            "value": their_s / our_s,
            "unit": "times",
            "target": target,
            "theirs_s": their_s,
            "ours_s": our_s,
        }
        for what, their_s, our_s, target in rows
    ]


def rates(name, image, repeats):
    """Time the codec alone; rates count the pixels' bytes."""
    out = np.empty(codec.rice_bound(image.shape), np.uint8)
    compressed = codec.rice_compress(image, threads=1, out=out)
    words = np.empty(image.shape, ">i2")
    cards = CARDS.encode()
    size = image.nbytes / GIGABYTE
    one, two = (
        least(
            lambda threads=threads: codec.rice_compress(image, threads=threads, out=out),
            repeats,
            time.perf_counter,
        )
        for threads in (1, 2)
    )
    plain_words, datasum = codec.fits_words(image)
    table = [
        (f"compress {name}", size / one, "GB/s", "-"),
        (f"compress {name}, two threads against one", one / two, "times", "-"),
        (
            f"decompress {name}",
            size / least(lambda: codec.rice_decompress(compressed, threads=1), repeats),
            "GB/s",
            ">= 1",
        ),
        (
            f"words and sum of {name}",
            size / least(lambda: codec.fits_words(image, out=words), repeats),
            "GB/s",
            "-",
        ),
        (f"bytes of {name} before against after", image.nbytes / compressed.data.size, "times", "-"),
        (
            f"header of a plain file, {name}",
            1e6 * least(lambda: plain_file(cards, plain_words, datasum), 50, time.perf_counter),
            "us",
            "-",
        ),
    ]
    return [
        {"what": what, "value": value, "unit": unit, "target": target} for what, value, unit, target in table
    ]


def measure(quick):
    repeats = 3 if quick else 7
    table = []
    for name, image in images().items():
        table += against_others(name, image, repeats)
        table += rates(name, image, repeats)
    return table


if __name__ == "__main__":
    tell(__doc__, "fewer repeats", measure, _codec.instruction_sets())
