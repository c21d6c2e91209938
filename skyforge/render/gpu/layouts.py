"""The structures that the kernels read, field by field; the tests hold them to the kernels' own."""

from __future__ import annotations

from skyforge.render.gpu.structure import struct_dtype

STAMP = struct_dtype(first_sample="u8", half_width="i4", phase_bits="i4")
HALO_TAP = struct_dtype(row="i4", column="i4", weight="f4")
STAMP_TABLES = struct_dtype(samples="u8", stamps="u8")
BANK = struct_dtype(
    tables=STAMP_TABLES,
    panel_lengths="u8",
    first_class="u8",
    first_trail_class="u8",
    class_electrons="u8",
    first_class_stamp="u8",
    class_stamps="u8",
    class_halo_level="u8",
    class_halo_fraction="u8",
    first_tap="u8",
    taps="u8",
    halo_levels="i4",
    halo_spacing_bits="i4",
)
SOURCES = struct_dtype(
    count="u8", x_start="u8", y_start="u8", x_end="u8", y_end="u8", electrons="u8", psf="u8"
)
BACKGROUND = struct_dtype(
    value="f4",
    map="u8",
    grid="u8",
    grid_width="i4",
    column_index="u8",
    row_index="u8",
    column_fraction="u8",
    row_fraction="u8",
)
HALO = struct_dtype(values="u8", spacing_bits="i4", width="i4", origin="i4")
CANVAS = struct_dtype(width="i4", height="i4", tiles_x="i4", tiles_y="i4", background=BACKGROUND, halo=HALO)
POISSON_TABLES = struct_dtype(headers="u8", entries="u8")
DETECTOR = struct_dtype(
    sensitivity="f4",
    sensitivity_map="u8",
    dark="f4",
    dark_map="u8",
    full_well="f4",
    read_noise="f4",
    adu_per_electron="f4",
    offset="f4",
    largest="f4",
    seed_low="u4",
    seed_high="u4",
    frame="u4",
    poisson=POISSON_TABLES,
)
TILE_LISTS = struct_dtype(counts="u8", filled="u8", offsets="u8", keys="u8", capacity="u8")
PANELS = struct_dtype(trail="u4", begin="u4", end="u4")
TRAIL = struct_dtype(
    x="f8", y="f8", step_x="f8", step_y="f8", electrons="f4", stamp="u4", first_node="u4", nodes="u4"
)
HALO_GRID = struct_dtype(levels="i4", spacing_bits="i4", cells_x="i4", cells_y="i4", quantum="f8")
FRAME_REPORT = struct_dtype(problems="u8", points="u8", runs="u8", trails="u8", even="u8", odd="u8")
FRAME_TASK = struct_dtype(
    canvas=CANVAS,
    sources=SOURCES,
    detector=DETECTOR,
    points=TILE_LISTS,
    runs=TILE_LISTS,
    panels="u8",
    trails="u8",
    trail_capacity="u8",
    grid=HALO_GRID,
    quanta="u8",
    deposits="u8",
    halo_values="u8",
    report="u8",
    expected="u8",
    image="u8",
    words="u8",
)
FRAMES_ARGUMENTS = struct_dtype(frames="u8", bank=BANK, level="i4")
DRAW_ARGUMENTS = struct_dtype(frames="u8", bank=BANK)
EXPOSE_ARGUMENTS = struct_dtype(detector=DETECTOR, expected="u8", image="u8", bad="u8", pixels="u8")
PROJECT_ARGUMENTS = struct_dtype(directions="u8", count="u8", views="u8", places="u8")

TILE = 64
"""Pixels along a tile's side."""
HALO_PADDING = 640
"""Pixels around the frame that the halo's grids cover."""
LISTS_TOO_SMALL, BAD_LIGHT = 1, 2
"""Bits of a report's `problems`."""
MOST_STAMPS, MOST_RUNS = 1 << 4, 1 << 28
"""What a tile list's keys have room for: stamps of a class, runs of a frame."""
