"""Frames as FITS files: what is written is read back, by skyforge and by astropy, and the bytes are always the same."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest
from astropy.io import fits
from astropy.wcs import WCS

from skyforge.errors import InputError, OutputError, SkyforgeError
from skyforge.frames.fits import read_fits, wcs_header, write_fits
from skyforge.frames.frame import Frame
from skyforge.frames.wcs import fit_wcs

BOTH = pytest.mark.parametrize("compress", [False, True], ids=["plain", "compressed"])


def with_distortion(frame: Frame) -> Frame:
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(0, 127, 12), np.linspace(0, 95, 12)))
    ra_deg, dec_deg = frame.wcs.all_pix2world(x, y, 0)
    bent_x = x + 3e-6 * (x - 63.5) * ((x - 63.5) ** 2 + (y - 47.5) ** 2)
    wcs, _ = fit_wcs(bent_x, y, ra_deg, dec_deg, 120.0, -12.0, (63.5, 47.5))
    assert wcs.sip is not None
    return Frame(frame.index, frame.data, wcs, frame.header, frame.truth)


@BOTH
def test_pixels_header_and_wcs_come_back(tmp_path, frame, compress):
    frame = with_distortion(frame)
    write_fits(frame, tmp_path / "frame.fits", compress=compress)
    back = read_fits(tmp_path / "frame.fits", truth=frame.truth)
    assert np.array_equal(back.data, frame.data)
    assert back.data.dtype == np.uint16
    assert back.index == frame.index
    assert fits.HeaderDiff(back.header, frame.header).identical
    assert back.truth.equals(frame.truth)
    x, y = np.meshgrid(np.arange(0.0, 128.0, 9.0), np.arange(0.0, 96.0, 9.0))
    before, after = (wcs.all_pix2world(x, y, 0) for wcs in (frame.wcs, back.wcs))
    # 14 digits of a card of 20 characters: a millionth of a pixel of 2 arcsec, with room to spare.
    assert np.abs(np.array(before) - np.array(after)).max() < 1e-6 * 2.0 / 3600.0


@BOTH
def test_astropy_finds_standard_files_with_true_checksums(tmp_path, frame, compress):
    write_fits(frame, tmp_path / "frame.fits", compress=compress)
    for as_stored in (False, True):
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a wrong checksum is a warning
            with fits.open(
                tmp_path / "frame.fits", checksum=True, disable_image_compression=as_stored
            ) as hdus:
                hdus.verify("exception")
                if as_stored or not compress:
                    assert all("CHECKSUM" in hdu.header and "DATASUM" in hdu.header for hdu in hdus)
                    assert all(card.comment for hdu in hdus for card in hdu.header.cards)
    header = fits.getheader(tmp_path / "frame.fits", 1 if compress else 0)
    assert "HIERARCH" not in repr(header)
    assert header["RADESYS"] == "ICRS"


def test_a_damaged_pixel_fails_the_checksum(tmp_path, frame):
    write_fits(frame, tmp_path / "frame.fits")
    content = bytearray((tmp_path / "frame.fits").read_bytes())
    content[-3000] ^= 1
    (tmp_path / "frame.fits").write_bytes(content)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fits.open(tmp_path / "frame.fits", checksum=True).close()
    assert [str(warning.message).split(" ")[0] for warning in caught] == ["Checksum", "Datasum"]


@BOTH
def test_the_whole_range_of_the_converter_is_kept(tmp_path, frames, compress):
    frame = frames((16, 64))
    data = np.linspace(0, 65535, 16 * 64).round().astype(np.uint16).reshape(16, 64)
    write_fits(
        Frame(0, data, frame.wcs, frame.header, frame.truth), tmp_path / "frame.fits", compress=compress
    )
    assert np.array_equal(read_fits(tmp_path / "frame.fits").data, data)
    assert np.array_equal(fits.getdata(tmp_path / "frame.fits"), data)


@BOTH
def test_the_same_frame_is_the_same_bytes(tmp_path, frames, compress, monkeypatch):
    write_fits(frames(), tmp_path / "a.fits", compress=compress)
    monkeypatch.setenv("TZ", "Asia/Almaty")
    write_fits(frames(), tmp_path / "b.fits", compress=compress)
    assert (tmp_path / "a.fits").read_bytes() == (tmp_path / "b.fits").read_bytes()
    assert b"20" + b"26" not in (tmp_path / "a.fits").read_bytes()[:2880]  # no date but the observation's


def test_compression_saves_room(tmp_path, frames):
    frame = frames((512, 512))
    for compress in (False, True):
        write_fits(frame, tmp_path / f"{compress}.fits", compress=compress)
    assert (tmp_path / "True.fits").stat().st_size < 0.6 * (tmp_path / "False.fits").stat().st_size


def test_the_cards_of_the_wcs_mean_what_the_wcs_means(frame):
    again = WCS(wcs_header(frame.wcs))
    there, here = (np.array(wcs.all_pix2world(10.0, 20.0, 0)) for wcs in (again, frame.wcs))
    assert there == pytest.approx(here, abs=1e-11)


def test_another_projection_is_refused(frame):
    wcs = WCS(naxis=2)
    wcs.wcs.ctype = ["RA---ZEA", "DEC--ZEA"]
    with pytest.raises(SkyforgeError, match="TAN or TAN-SIP"):
        wcs_header(wcs)


def test_pixels_of_another_type_are_no_frame(frame):
    with pytest.raises(SkyforgeError, match="uint16 pixels"):
        Frame(0, frame.data.astype(np.float32), frame.wcs, frame.header, frame.truth)  # type: ignore[arg-type]


def test_a_full_disk_says_how_much_is_needed_and_leaves_nothing(small_disk, frames):
    with pytest.raises(OutputError, match=r"frame\.fits: the disk is full \(\d+\.\d kB are needed"):
        write_fits(frames((512, 512)), small_disk / "frame.fits")
    assert list(small_disk.iterdir()) == []


@BOTH
def test_a_killed_process_leaves_no_half_frame(tmp_path, compress):
    program = f"""
        import os, sys, time
        sys.path.insert(0, {str(__file__).rpartition("/")[0]!r})
        from conftest import make_frame
        from skyforge.frames.fits import write_fits
        frame = make_frame((64, 64))
        fsync = os.fsync
        def stop(descriptor):
            print("written", flush=True)
            time.sleep(60)
        os.fsync = stop
        write_fits(frame, {str(tmp_path / "frame.fits")!r}, compress={compress})
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert not (tmp_path / "frame.fits").exists()


def test_what_is_no_frame_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_fits(tmp_path / "missing.fits")
    (tmp_path / "text.fits").write_text("not a FITS file")
    with pytest.raises(InputError, match="cannot be read as a FITS file"):
        read_fits(tmp_path / "text.fits")
    fits.PrimaryHDU().writeto(tmp_path / "empty.fits")
    with pytest.raises(InputError, match="no image"):
        read_fits(tmp_path / "empty.fits")
    fits.PrimaryHDU(np.zeros((4, 4), np.float32)).writeto(tmp_path / "float.fits")
    with pytest.raises(InputError, match="unsigned 16-bit"):
        read_fits(tmp_path / "float.fits")
