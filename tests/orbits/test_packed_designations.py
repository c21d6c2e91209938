from __future__ import annotations

import pytest

from skyforge.errors import InputError
from skyforge.orbits.packed_designations import unpacked_designation, unpacked_epoch


@pytest.mark.parametrize(
    ("packed", "written"),
    [  # the examples of the Minor Planet Center's own page on packed designations
        ("03202", "3202"),
        ("50000", "50000"),
        ("A0345", "100345"),
        ("a0017", "360017"),
        ("K3289", "203289"),
        ("~0000", "620000"),
        ("~000z", "620061"),
        ("~AZaz", "3140113"),
        ("~zzzz", "15396335"),
        ("J95X00A", "1995 XA"),
        ("J95X01L", "1995 XL1"),
        ("J95F13B", "1995 FB13"),
        ("J98SA8Q", "1998 SQ108"),
        ("J98SC7V", "1998 SV127"),
        ("J98SG2S", "1998 SS162"),
        ("K99AJ3Z", "2099 AZ193"),
        ("K08Aa0A", "2008 AA360"),
        ("K07Tf8A", "2007 TA418"),
        ("PLS2040", "2040 P-L"),
        ("T1S3138", "3138 T-1"),
        ("_QC0000", "2026 CA620"),
        ("_QC0aEM", "2026 CZ6190"),
        ("_QCzzzz", "2026 CL591673"),
        ("Ceres", "Ceres"),
    ],
)
def test_designations_unpack_as_the_minor_planet_center_says(packed, written):
    assert unpacked_designation(packed) == written


@pytest.mark.parametrize(
    ("packed", "date"),
    [  # of its page on packed dates
        ("J9611", (1996, 1, 1.0)),
        ("J961A", (1996, 1, 10.0)),
        ("J969U", (1996, 9, 30.0)),
        ("J96AB", (1996, 10, 11.0)),
        ("K01AM", (2001, 10, 22.0)),
        ("I935E5", (1893, 5, 14.5)),
    ],
)
def test_epochs_unpack(packed, date):
    assert unpacked_epoch(packed) == date


def test_what_is_no_packed_date_is_refused():
    with pytest.raises(InputError, match="'K24A' is no packed date"):
        unpacked_epoch("K24A")
