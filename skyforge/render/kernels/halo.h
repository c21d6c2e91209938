// Light far from its source, on grids that grow coarser with distance.
//
// Sources are deposited on a grid (cloud in cell, in integers, so that the order does not matter). Each level convolves
// the light of one ring of the point spread function on a grid twice as coarse as the level before, and adds the level
// above it, interpolated bilinearly; a pixel reads the finest level.
#pragma once
#include "scene.h"

namespace skyforge {

struct HaloTap {
    i32 row, column;  // of the node that gives, relative to the node that receives
    float weight;
};

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

SKY_FN void fill_halo_row(const HaloLevel& level, i32 row, const Team& team) {
    float* values = level.values + (u64)row * (u64)level.width;
    for (i32 chunk = level.column_begin; chunk < level.column_end; chunk += HALO_CHUNK) {
        const i32 count = smaller(HALO_CHUNK, level.column_end - chunk);
        float sums[HALO_CHUNK];
        for (i32 i = team.lane; i < HALO_CHUNK; i += team.lanes) sums[i] = 0.0f;
        if (level.coarser)
            for (i32 i = team.lane; i < count; i += team.lanes) sums[i] = coarser_at(level, row, chunk + i);
        for (i32 t = 0; t < level.tap_count; ++t) {
            const HaloTap tap = level.taps[t];
            const float* from = level.deposits + (u64)(row + tap.row) * (u64)level.width + (u64)(chunk + tap.column);
            if (team.lanes == 1) {
                SKY_VECTORISE
                for (i32 i = 0; i < HALO_CHUNK; ++i) sums[i] = fused(tap.weight, from[i], sums[i]);
            } else {
                for (i32 i = team.lane; i < HALO_CHUNK; i += team.lanes) sums[i] = fused(tap.weight, from[i], sums[i]);
            }
        }
        for (i32 i = team.lane; i < count; i += team.lanes) values[chunk + i] = sums[i];
    }
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
