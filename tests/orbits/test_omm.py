from __future__ import annotations

import json

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import load_omm, load_tle
from skyforge.orbits.tle import tle_checksum

FIRST = "1 16609U 86017A   93352.53502934  .00007889  00000-0  10529-3 0    3"
SECOND = "2 16609  51.6190  13.3340 0005770 102.5680 257.5950 15.59114070 4478"
FIELDS = {
    "OBJECT_NAME": "MIR",
    "OBJECT_ID": "1986-017A",
    "CENTER_NAME": "EARTH",
    "REF_FRAME": "TEME",
    "TIME_SYSTEM": "UTC",
    "MEAN_ELEMENT_THEORY": "SGP4",
    "EPOCH": "1993-12-18T12:50:26.534976",
    "MEAN_MOTION": "15.59114070",
    "ECCENTRICITY": ".0005770",
    "INCLINATION": "51.6190",
    "RA_OF_ASC_NODE": "13.3340",
    "ARG_OF_PERICENTER": "102.5680",
    "MEAN_ANOMALY": "257.5950",
    "NORAD_CAT_ID": "16609",
    "BSTAR": ".00010529",
    "MEAN_MOTION_DOT": ".00007889",
    "MEAN_MOTION_DDOT": "0",
}


def kvn(fields):
    return "CCSDS_OMM_VERS = 2.0\nCOMMENT made by hand\n" + "".join(f"{k} = {v}\n" for k, v in fields.items())


def xml(fields):
    def group(tag, keys):
        return f"<{tag}>" + "".join(f"<{k}>{fields[k]}</{k}>" for k in keys if k in fields) + f"</{tag}>"

    keys = list(fields)
    body = group("metadata", keys[:6]) + "<data>" + group("meanElements", keys[6:13])
    body += group("tleParameters", keys[13:]) + "</data>"
    message = f"<ndm><omm><body><segment>{body}</segment></body></omm></ndm>"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{message}'


def csv(fields):
    return ",".join(fields) + "\n" + ",".join(fields.values()) + "\n"


FORMATS = {"kvn": kvn, "xml": xml, "csv": csv, "json": lambda fields: json.dumps([fields])}


def write(tmp_path, text):
    path = tmp_path / "sat.omm"
    path.write_text(text)
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_gives_the_orbit_of_the_element_lines(tmp_path, form):
    lines = tmp_path / "sat.tle"
    lines.write_text("\n".join(line + str(tle_checksum(line)) for line in (FIRST, SECOND)))
    from_lines = load_tle(lines)[0]
    from_message = load_omm(write(tmp_path, FORMATS[form](FIELDS)))[0]
    assert (from_message.name, from_message.catalog_number) == ("MIR", 16609)
    times = from_lines.epoch_tdb_s + np.linspace(-1.0, 1.0, 9) * 86400.0
    # The epoch of the lines is rounded to a millisecond's fraction: 1e-8 d is 0.9 ms, 7 m; here both agree to
    # 1 us.
    assert (
        np.abs(from_lines.geocentric_state(times)[0] - from_message.geocentric_state(times)[0]).max() < 1e-4
    )


@pytest.mark.parametrize("form", FORMATS)
def test_six_digit_catalogue_numbers_are_kept(tmp_path, form):
    satellite = load_omm(write(tmp_path, FORMATS[form](FIELDS | {"NORAD_CAT_ID": "799501"})))[0]
    assert satellite.catalog_number == 799501
    assert np.isfinite(satellite.geocentric_state(satellite.epoch_tdb_s)[0]).all()


def test_many_messages_in_one_file(tmp_path):
    second = FIELDS | {"OBJECT_NAME": "OTHER"}
    assert [one.name for one in load_omm(write(tmp_path, kvn(FIELDS) + kvn(second)))] == ["MIR", "OTHER"]
    assert [one.name for one in load_omm(write(tmp_path, json.dumps([FIELDS, second])))] == ["MIR", "OTHER"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"MEAN_MOTION": "fast"}, r"message 1 \(MIR\): MEAN_MOTION is 'fast', not a number"),
        ({"INCLINATION": ""}, "INCLINATION is missing"),
        ({"EPOCH": "yesterday"}, "EPOCH is 'yesterday', not a time"),
        ({"ECCENTRICITY": "1.2"}, "are no orbit's"),
        ({"MEAN_ELEMENT_THEORY": "SGP4-XP"}, "MEAN_ELEMENT_THEORY is 'SGP4-XP'; skyforge reads SGP4"),
        ({"REF_FRAME": "ICRF"}, "REF_FRAME is 'ICRF'"),
        ({"NORAD_CAT_ID": "x"}, "NORAD_CAT_ID is 'x'"),
    ],
)
def test_broken_messages_name_the_keyword(tmp_path, change, message):
    with pytest.raises(InputError, match=message):
        load_omm(write(tmp_path, kvn(FIELDS | change)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<ndm><omm>", "not well-formed XML"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><ndm/>", "must not declare"),
        ("<ndm></ndm>", "there is no orbit mean-elements message"),
        ('[{"OBJECT_NAME": ', "not JSON"),
        ("[1, 2]", "expected a list of objects"),
        ("OBJECT_NAME = A\nnonsense\n", "line 2: expected KEYWORD = value"),
        ("A,B\n1\n", "more or fewer columns"),
        ("", "there is no orbit mean-elements message"),
    ],
)
def test_broken_files_say_how(tmp_path, text, message):
    with pytest.raises(InputError, match=message):
        load_omm(write(tmp_path, text))
