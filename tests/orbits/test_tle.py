from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import load_tle, satellites_from_lines
from skyforge.orbits.tle import tle_checksum

# Vallado 2013, section 2.4.2: the element set of the International Space Station that the format is taught
# with.
FIRST = "1 16609U 86017A   93352.53502934  .00007889  00000-0  10529-3 0    34"
SECOND = "2 16609  51.6190  13.3340 0005770 102.5680 257.5950 15.59114070 44786"


def write(tmp_path, *lines):
    path = tmp_path / "sat.tle"
    path.write_text("\n".join(lines) + "\n")
    return path


def with_checksum(line):
    return line[:68] + str(tle_checksum(line))


FIRST, SECOND = with_checksum(FIRST), with_checksum(SECOND)


def test_names_are_read_where_there_are_any(tmp_path):
    path = write(
        tmp_path, "# a comment", "MIR", FIRST, SECOND, "", FIRST, SECOND, "0 MIR AGAIN", FIRST, SECOND
    )
    assert [one.name for one in load_tle(path)] == ["MIR", "NORAD 16609", "MIR AGAIN"]
    assert [one.catalog_number for one in load_tle(path)] == [16609] * 3


def test_windows_line_ends_and_trailing_blanks_do_no_harm(tmp_path):
    path = tmp_path / "dos.tle"
    path.write_bytes(f"MIR   \r\n{FIRST}  \r\n{SECOND}\r\n".encode())
    assert load_tle(path)[0].name == "MIR"


def test_epoch_is_utc(tmp_path, tdb):
    satellite = load_tle(write(tmp_path, FIRST, SECOND))[0]
    assert satellite.epoch_tdb_s == pytest.approx(tdb("1993-12-18T12:50:26.535"), abs=1e-3)


def test_alpha_5_numbers_are_read(tmp_path):
    first, second = (with_checksum(line[:2] + "E8493" + line[7:]) for line in (FIRST, SECOND))
    assert load_tle(write(tmp_path, first, second))[0].catalog_number == 148493


def test_a_whole_catalogue_of_real_elements_is_read(truth):
    satellites = load_tle(truth("active_satellites_2021-08-07.tle"))
    assert len(satellites) == 4602
    assert all(np.isfinite(one.epoch_tdb_s) for one in satellites)


def test_a_broken_checksum_names_file_line_expected_and_found(tmp_path):
    expected = int(SECOND[68])
    found = (expected + 3) % 10
    path = write(tmp_path, "MIR", FIRST, SECOND[:68] + str(found))
    message = rf"sat\.tle, line 3: the checksum is broken: .* {expected}, its last digit is {found};"
    with pytest.raises(InputError, match=message):
        load_tle(path)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ((FIRST[:60], SECOND), "line 1: an element line has 69 characters, this one has 60"),
        ((FIRST, SECOND + "1"), "line 2: an element line has 69 characters, this one has 70"),
        (
            (FIRST, with_checksum(SECOND.replace("51.6190", "51.x190"))),
            "line 2, columns 9-16: the inclination",
        ),
        (
            (with_checksum(FIRST.replace("93352.5", "93352,5")), SECOND),
            "line 1, columns 21-32: the epoch day",
        ),
        ((FIRST, SECOND[:68] + "x"), "line 2, column 69: the checksum is 'x'"),
        ((FIRST,), "line 1 of an element set must be followed by its line 2"),
        ((SECOND,), "line 2 of an element set without its line 1"),
        ((FIRST, with_checksum(SECOND.replace("16609", "16610"))), "line 2 belongs to satellite 16610"),
        (("MIR", "ZARYA", FIRST, SECOND), "line 2: expected line 1 of the element set of 'MIR'"),
        (("MIR", FIRST, SECOND, "ZARYA"), "the name 'ZARYA' is not followed"),
        (("# nothing",), "no two-line element set"),
    ],
)
def test_broken_files_say_where(tmp_path, lines, message):
    with pytest.raises(InputError, match=message):
        load_tle(write(tmp_path, *lines))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.tle: cannot read"):
        load_tle(tmp_path / "nowhere.tle")


def test_lines_without_a_file_are_checked_too():
    assert satellites_from_lines([("MIR", FIRST, SECOND)])[0].catalog_number == 16609
    with pytest.raises(InputError, match="the elements of MIR, line 2: the checksum is broken"):
        satellites_from_lines([("MIR", FIRST, SECOND[:68] + str((int(SECOND[68]) + 1) % 10))])
    with pytest.raises(InputError, match="the elements of MIR: line 1 begins with '2 '"):
        satellites_from_lines([("MIR", SECOND, FIRST)])
