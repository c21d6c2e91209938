import json

import numpy as np
import pytest

from skyforge.cli.tables import aligned, number, to_json


def test_columns_stand_below_each_other():
    assert aligned([["a", "10", "x"], ["long", "5", ""]], right=[1]) == "a     10  x\nlong   5"
    assert aligned([]) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (12345.678, "12346"),
        (1.5, "1.5000"),
        (-0.0123456, "-0.012346"),
        (1.5e-5, "1.5000e-05"),
        (3.2e12, "3.2000e+12"),
        (7, "7"),
        (np.float64(2.0), "2.0000"),
        (True, "yes"),
        (None, "-"),
        (float("nan"), "-"),
        ("text", "text"),
    ],
)
def test_numbers_have_five_digits_that_matter(value, text):
    assert number(value) == text


def test_json_has_no_nan():
    assert json.loads(to_json({"a": np.array([1.0, np.nan]), "b": float("inf"), "c": np.int64(3)})) == {
        "a": [1.0, None],
        "b": None,
        "c": 3,
    }
