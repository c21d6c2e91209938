// Light far from its source, on grids that grow coarser with distance.
//
// Sources are deposited on a grid (cloud in cell, in integers, so that the order does not matter). Each level convolves
// the light of one ring of the point spread function on a grid twice as coarse as the level before, and adds the level
// above it, interpolated bilinearly; a pixel reads the finest level.
#pragma once
#include "bank.h"
#include "scene.h"

namespace skyforge {

const i32 HALO_PADDING = 640;  // pixels around the frame: the halo's reach of 512 and two of its coarsest cells

// The grids of a frame's halo. Level k has a node at every 2^(spacing_bits + k) px; nodes 2i of a level are those of the
// level above.
struct HaloGrid {
    i32 levels;        // 0: no halo
    i32 spacing_bits;  // of level 0
    i32 cells_x, cells_y;  // of level 0
    double quantum;    // deposits are whole multiples of it, electrons
};

SKY_FN i32 halo_width(const HaloGrid& grid, i32 level) { return (grid.cells_x >> level) + 1; }
SKY_FN i32 halo_height(const HaloGrid& grid, i32 level) { return (grid.cells_y >> level) + 1; }

// Index of the node at pixel 0, along both axes.
SKY_FN i32 halo_origin(const HaloGrid& grid, i32 level) { return HALO_PADDING >> (grid.spacing_bits + level); }

// Deposit electrons at (x, y), in 2^-14 px, on a level's four nodes around; safe to call from several threads.
SKY_FN void deposit_halo(const HaloGrid& grid, i64* quanta, i32 level, double x, double y, double electrons) {
    const double cell = power_of_two(POSITION_BITS + grid.spacing_bits + level);
    const double column = x / cell + (double)halo_origin(grid, level), row = y / cell + (double)halo_origin(grid, level);
    if (!(column >= 0.0 && row >= 0.0 && column < (double)(grid.cells_x >> level) &&
          row < (double)(grid.cells_y >> level)))
        return;
    const i32 i = (i32)column, j = (i32)row, width = halo_width(grid, level);
    const double u = column - (double)i, v = row - (double)j, amount = electrons / grid.quantum;  // a power of two
    i64* lower = quanta + (u64)j * (u64)width + (u64)i;
    i64* upper = lower + width;
    add_shared(lower, (i64)(amount * (1.0 - u) * (1.0 - v)));
    add_shared(lower + 1, (i64)(amount * u * (1.0 - v)));
    add_shared(upper, (i64)(amount * (1.0 - u) * v));
    add_shared(upper + 1, (i64)(amount * u * v));
}

// What a node of `level` holds once all finer levels have been added, in quanta / 4^level: itself and what the finer
// level gives it. A node takes a fine one whole, half of each neighbour along an edge, a quarter across a corner; times
// four, so that it stays in integers. `finer` is the level below, added up already.
SKY_FN i64 gathered_quanta(const HaloGrid& grid, const i64* own, const i64* finer, i32 level, i32 row, i32 column) {
    const i32 width = halo_width(grid, level - 1), height = halo_height(grid, level - 1);
    i64 sum = own[(u64)row * (u64)halo_width(grid, level) + (u64)column] * ((i64)1 << (2 * level));
    for (i32 dy = -1; dy <= 1; ++dy)
        for (i32 dx = -1; dx <= 1; ++dx) {
            const i32 y = 2 * row + dy, x = 2 * column + dx;
            if (y < 0 || x < 0 || y >= height || x >= width) continue;
            sum += finer[(u64)y * (u64)width + (u64)x] * ((dx ? 1 : 2) * (dy ? 1 : 2));
        }
    return sum;
}

SKY_FN float halo_electrons(const HaloGrid& grid, i32 level, i64 quanta) {
    return (float)((double)quanta * (grid.quantum * power_of_two(-2 * level)));
}

struct HaloLevel {
    i32 width, height;      // nodes
    i32 row_begin, row_end, column_begin, column_end;  // nodes whose light the frame can see
    const float* deposits;  // electrons
    const HaloTap* taps;
    i32 tap_count;
    const float* coarser;   // values of the level above (nodes 2i of this one), or null
    i32 coarser_width;
    float* values;
};

const i32 HALO_CHUNK = 64;  // nodes summed at a time, so that the sums stay near

SKY_FN float coarser_at(const HaloLevel& level, i32 row, i32 column) {
    const float* lower = level.coarser + (u64)(row >> 1) * (u64)level.coarser_width + (u64)(column >> 1);
    const float* upper = lower + ((row & 1) ? level.coarser_width : 0);
    const i32 next = column & 1;
    return 0.25f * ((lower[0] + lower[next]) + (upper[0] + upper[next]));
}

SKY_FN void fill_halo_row(const HaloLevel& level, i32 row) {
    float* values = level.values + (u64)row * (u64)level.width;
    for (i32 chunk = level.column_begin; chunk < level.column_end; chunk += HALO_CHUNK) {
        const i32 count = smaller(HALO_CHUNK, level.column_end - chunk);
        float sums[HALO_CHUNK] = {};
        if (level.coarser)
            for (i32 i = 0; i < count; ++i) sums[i] = coarser_at(level, row, chunk + i);
        for (i32 t = 0; t < level.tap_count; ++t) {
            const HaloTap tap = level.taps[t];
            const float* from = level.deposits + (u64)(row + tap.row) * (u64)level.width + (u64)(chunk + tap.column);
            SKY_VECTORISE
            for (i32 i = 0; i < HALO_CHUNK; ++i) sums[i] = fused(tap.weight, from[i], sums[i]);
        }
        for (i32 i = 0; i < count; ++i) values[chunk + i] = sums[i];
    }
}

// One node, as fill_halo_row would: for a thread of its own.
SKY_FN void fill_halo_node(const HaloLevel& level, i32 row, i32 column) {
    float sum = level.coarser ? coarser_at(level, row, column) : 0.0f;
    for (i32 t = 0; t < level.tap_count; ++t) {
        const HaloTap tap = level.taps[t];
        const float from = level.deposits[(u64)(row + tap.row) * (u64)level.width + (u64)(column + tap.column)];
        sum = fused(tap.weight, from, sum);
    }
    level.values[(u64)row * (u64)level.width + (u64)column] = sum;
}

// The nodes of a level that a frame of this size can see, along one axis.
SKY_FN i32 halo_end(const HaloGrid& grid, i32 level, i32 size) {
    return halo_origin(grid, level) + ((size - 1) >> (grid.spacing_bits + level)) + 3;
}

// Electrons in pixel (x, y), bilinearly between the four nodes around it.
SKY_FN float halo_at(const Halo& halo, i32 x, i32 y) {
    const i32 mask = (1 << halo.spacing_bits) - 1;
    const i32 column = halo.origin + (x >> halo.spacing_bits), row = halo.origin + (y >> halo.spacing_bits);
    const float inverse = 1.0f / (float)(1 << halo.spacing_bits);  // a power of two: exact
    const float u = (float)(x & mask) * inverse, v = (float)(y & mask) * inverse;
    const float* lower = halo.values + (u64)row * (u64)halo.width + (u64)column;
    const float* upper = lower + halo.width;
    const float left = fused(v, upper[0] - lower[0], lower[0]);
    const float right = fused(v, upper[1] - lower[1], lower[1]);
    return fused(u, right - left, left);
}

}  // namespace skyforge
