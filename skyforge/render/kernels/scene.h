// What a frame is made of once its sources are sorted by tile.
#pragma once
#include "bank.h"
#include "portable.h"

namespace skyforge {

const i32 TILE = 64;                    // pixels along a tile's side
const i32 BLOCK = 8;                    // floats that the CPU adds at a time; stamp widths are multiples of it
const i32 MARGIN = BLOCK;               // columns beside the tile that such blocks may spill into
const i32 STRIDE = TILE + 2 * MARGIN;   // floats from one row of a tile's buffer to the next
const i32 TILE_BUFFER = TILE * STRIDE;
const i32 POSITION_BITS = 14;           // positions count 2^-14 of a pixel

struct Point {
    i32 x, y;
    float electrons;
    u32 stamp;
};

// A straight trail, cut into panels of equal length with the nodes of a Gauss-Legendre rule on each.
struct Trail {
    double x, y, step_x, step_y;  // start, and one panel, in units of 2^-14 px
    float electrons;              // per panel
    u32 stamp;
    u32 first_node, nodes;        // of the rule
};

struct Panels {
    u32 trail, begin, end;
};

// Light that reaches beyond the stamps, on a grid with a node at every 2^spacing_bits px.
struct Halo {
    const float* values;  // null if there is none
    i32 spacing_bits;
    i32 width;            // nodes in a row
    i32 origin;           // index of the node at pixel 0, along both axes
};

// Background in electrons: a value, or a map of the frame, or a coarse grid that spans the frame corner to corner.
struct Background {
    float value;
    const float* map;
    const float* grid;
    i32 grid_width;
    const i32 *column_index, *row_index;        // of the grid's node at or before each column and row
    const float *column_fraction, *row_fraction;
};

// The frame without its sources.
struct Canvas {
    i32 width, height, tiles_x, tiles_y;
    Background background;
    Halo halo;
};

struct Scene {
    Canvas canvas;
    StampTables tables;
    const u64* point_offsets;  // tiles + 1
    const Point* points;       // by tile, in catalogue order
    const u64* panel_offsets;
    const Panels* panels;
    const Trail* trails;
};

}  // namespace skyforge
