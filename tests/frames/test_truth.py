"""The truth of a run: its columns, its units, and that it survives being written frame by frame."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from skyforge.errors import InputError, OutputError, SkyforgeError
from skyforge.frames.truth import (
    ROW_GROUP_FRAMES,
    ROW_GROUP_ROWS,
    TRUTH_SCHEMA,
    TruthFlag,
    TruthWriter,
    read_truth,
    truth_table,
)


def stars(frame: int, count: int = 100) -> pa.Table:
    generator = np.random.default_rng(frame)
    place = generator.uniform(0.0, 4096.0, count)
    return truth_table(
        frame=frame,
        source_id=generator.integers(0, 2**62, count),
        kind="star",
        ra_deg=place,
        dec_deg=place / 100.0,
        ra_app_deg=place,
        dec_app_deg=place / 100.0,
        x=place,
        y=place[::-1],
        mag=generator.normal(15.0, 1.0, count),
        band="G",
        electrons=generator.uniform(1.0, 1e5, count),
        flags=int(TruthFlag.SYNTHETIC),
    )


def satellite(frame: int) -> pa.Table:
    return truth_table(
        frame=frame,
        source_id=np.array([1]),
        name="KAZSAT-3",
        kind="satellite",
        ra_deg=10.0,
        dec_deg=-5.0,
        ra_app_deg=10.001,
        dec_app_deg=-5.001,
        x=np.nan,
        y=np.nan,
        mag=16.5,
        band="V",
        electrons=0.0,
        range_km=384_400.0,
        flags=int(TruthFlag.OUTSIDE | TruthFlag.ECLIPSED),
    )


def test_what_is_written_is_read_back_bit_for_bit_with_units(tmp_path):
    written = [pa.concat_tables([stars(frame), satellite(frame)]) for frame in range(3)]
    with TruthWriter.open(tmp_path / "truth.parquet") as truth:
        for table in written:
            truth.append(table)
    back = pq.read_table(tmp_path / "truth.parquet")
    assert back.schema.equals(TRUTH_SCHEMA, check_metadata=True)
    assert back.to_pylist() == pa.concat_tables(written).to_pylist()
    assert back.schema.field("range_km").metadata[b"unit"] == b"km"


def test_a_large_frame_is_a_row_group_and_can_be_read_alone(tmp_path):
    rows = [ROW_GROUP_ROWS + frame for frame in range(3)]
    with TruthWriter.open(tmp_path / "truth.parquet") as truth:
        for frame, count in enumerate(rows):
            truth.append(stars(frame, count))
    groups = pq.ParquetFile(tmp_path / "truth.parquet").metadata
    assert [groups.row_group(group).num_rows for group in range(groups.num_row_groups)] == rows
    alone = read_truth(tmp_path / "truth.parquet", frame=2, columns=["frame", "x"])
    assert alone.column_names == ["frame", "x"]
    assert alone["frame"].to_pylist() == [2] * rows[2]


def test_small_frames_share_row_groups_in_their_order_and_can_be_read_alone(tmp_path):
    frames = 2 * ROW_GROUP_FRAMES + 5
    with TruthWriter.open(tmp_path / "truth.parquet") as truth:
        for frame in range(frames):
            truth.append(pa.concat_tables([stars(frame, frame % 4), satellite(frame)]))
    assert pq.ParquetFile(tmp_path / "truth.parquet").num_row_groups == 3
    column = read_truth(tmp_path / "truth.parquet", columns=["frame"])["frame"].to_pylist()
    assert column == [frame for frame in range(frames) for _ in range(frame % 4 + 1)]
    alone = read_truth(tmp_path / "truth.parquet", frame=ROW_GROUP_FRAMES + 3)
    assert alone["name"].to_pylist() == [None] * ((ROW_GROUP_FRAMES + 3) % 4) + ["KAZSAT-3"]


def test_a_frame_without_sources_has_an_empty_truth(tmp_path):
    with TruthWriter.open(tmp_path / "truth.parquet") as truth:
        truth.append(TRUTH_SCHEMA.empty_table())
        truth.append(stars(1, 5))
    assert read_truth(tmp_path / "truth.parquet").num_rows == 5


def test_pixel_coordinates_keep_a_ten_thousandth_of_a_pixel_on_the_largest_detectors():
    # Single precision would not: its steps are 1e-3 px there.
    columns = dict.fromkeys(("ra_deg", "dec_deg", "ra_app_deg", "dec_app_deg", "electrons"), 0.0)
    table = truth_table(frame=0, source_id=1, kind="star", flags=0, x=np.array([9999.12345]), **columns)
    assert table["x"].to_pylist()[0] == pytest.approx(9999.12345, abs=1e-9)


def test_what_is_unknown_is_null_not_a_number():
    table = pa.concat_tables([stars(0, 3), satellite(0)])
    assert table["range_km"].to_pylist() == [None, None, None, 384_400.0]
    assert table["name"].to_pylist() == [None, None, None, "KAZSAT-3"]
    assert table["x"].to_pylist()[3] is None


def test_flags_combine_and_come_apart():
    flags = TruthFlag(satellite(0)["flags"].to_pylist()[0])
    assert TruthFlag.OUTSIDE in flags
    assert TruthFlag.SATURATED not in flags
    bits = [flag.value for flag in TruthFlag]
    assert bits == [2**power for power in range(len(bits))]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"x": np.zeros(2), "y": np.zeros(3)}, "differ in length"),
        ({"x": np.zeros(2), "colour": 1.0}, "no column 'colour'"),
        ({"x": np.zeros(2)}, "'frame' of the truth needs a value"),
        ({"frame": 1}, "at least one column given as an array"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns, message):
    with pytest.raises(SkyforgeError, match=message):
        truth_table(**columns)


def test_a_right_ascension_that_is_not_a_number_is_refused():
    columns = dict.fromkeys(("ra_deg", "dec_deg", "ra_app_deg", "dec_app_deg", "electrons"), 0.0)
    columns["ra_deg"] = np.array([1.0, np.nan])
    with pytest.raises(SkyforgeError, match="'ra_deg'"):
        truth_table(frame=0, source_id=1, kind="star", flags=0, **columns)


def test_an_interrupted_run_leaves_no_truth(tmp_path):
    def break_off():
        with TruthWriter.open(tmp_path / "truth.parquet") as truth:
            truth.append(stars(0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert list(tmp_path.iterdir()) == []


def test_an_error_of_the_simulation_is_not_taken_for_one_of_the_disk(tmp_path):
    def simulate():
        with TruthWriter.open(tmp_path / "truth.parquet"):
            raise FileNotFoundError("de440.bsp")

    with pytest.raises(FileNotFoundError, match=r"de440\.bsp"):
        simulate()


def test_a_full_disk_is_an_output_error_and_leaves_nothing(small_disk):
    def write_too_much():
        with TruthWriter.open(small_disk / "truth.parquet") as truth:
            for frame in range(20):
                truth.append(stars(frame, 1000))

    with pytest.raises(OutputError, match=r"truth\.parquet: the disk is full"):
        write_too_much()
    assert list(small_disk.iterdir()) == []


def test_tables_of_other_columns_are_refused(tmp_path):
    def write_other():
        with TruthWriter.open(tmp_path / "truth.parquet") as truth:
            truth.append(pa.table({"x": [1.0]}))

    with pytest.raises(SkyforgeError, match="TRUTH_SCHEMA"):
        write_other()


@pytest.mark.parametrize("content", [None, b"not a table"])
def test_reading_what_is_no_truth_is_an_input_error(tmp_path, content):
    if content is not None:
        (tmp_path / "truth.parquet").write_bytes(content)
    with pytest.raises(InputError, match=r"truth\.parquet"):
        read_truth(tmp_path / "truth.parquet")
