from __future__ import annotations

import numpy as np
import pytest

from skyforge.errors import InputError
from skyforge.orbits import read_gfc, shipped_field

FIELD = """begin_of_head
gravity_constant  0.4902D+13
radius            0.1738D+07
max_degree        2
norm              fully_normalized
end_of_head
gfc 2 0 -9.0D-05 0.0
gfc 2 1 1.0e-10 2.0e-10
gfc 2 2 3.4E-05 -1.0e-10
"""


def write(tmp_path, text):
    path = tmp_path / "field.gfc"
    path.write_text(text)
    return path


def test_numbers_are_read_in_kilometres(tmp_path):
    field = read_gfc(write(tmp_path, FIELD), "moon")
    assert field.gravitational_parameter_km3_s2 == pytest.approx(4902.0)
    assert field.reference_radius_km == pytest.approx(1738.0)
    assert field.cosine[0, 0] == 1.0
    assert field.cosine[2, 0] == -9e-5
    assert field.sine[2, 1] == 2e-10


def test_shipped_field_is_the_published_one(truth):
    published = read_gfc(truth("lro/GRGM660PRIM_to50.gfc"), "moon", degree=20)
    shipped = shipped_field("moon")
    assert np.array_equal(shipped.cosine, published.cosine)
    assert np.array_equal(shipped.sine, published.sine)
    assert shipped.gravitational_parameter_km3_s2 == published.gravitational_parameter_km3_s2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("end_of_head", "end", "no line 'end_of_head'"),
        ("fully_normalized", "unnormalized", "only 'fully_normalized'"),
        ("0.4902D+13", "heavy", "gravity_constant is 'heavy'"),
        ("radius ", "size ", "has no radius"),
        ("1.0e-10 2.0e-10", "1.0e-10", "line 8: expected 'gfc degree order C S'"),
        ("gfc 2 1", "gfc 1 2", "order 2 of degree 1 does not exist"),
        ("max_degree        2", "max_degree        3", "no coefficients of degree 3"),
        ("gfc 2 0", "gfct 2 0", "changes with time"),
        ("3.4E-05", "nan", "not a finite number"),
    ],
)
def test_a_broken_file_says_where(tmp_path, old, new, message):
    with pytest.raises(InputError, match=message):
        read_gfc(write(tmp_path, FIELD.replace(old, new)), "moon")


def test_missing_file_and_missing_degree_are_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.gfc: cannot read"):
        read_gfc(tmp_path / "nowhere.gfc", "moon")
    with pytest.raises(InputError, match="reaches degree 2, not 8"):
        read_gfc(write(tmp_path, FIELD), "moon", degree=8)
