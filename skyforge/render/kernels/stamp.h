// Adding point sources and trails to a tile.
#pragma once
#include "scene.h"
#include "trail_rules.h"

namespace skyforge {

// The four phases around a position along one axis: the first pixel, the phase before it and the fraction beyond.
struct Phase {
    i32 first_pixel;
    i32 index;
    float fraction;
};

SKY_FN Phase phase_of(i32 position, const Stamp& stamp) {
    i32 edge = position - stamp.half_width * (1 << POSITION_BITS);
    i32 first = (edge + (1 << POSITION_BITS) - 1) >> POSITION_BITS;
    i32 offset = first * (1 << POSITION_BITS) - edge;  // from the stamp's edge to its first pixel's centre
    i32 scaled = offset << stamp.phase_bits;
    i32 index = scaled >> POSITION_BITS;
    return Phase{first, index, (float)(scaled & ((1 << POSITION_BITS) - 1)) * (1.0f / (float)(1 << POSITION_BITS))};
}

// Add `electrons` at (x, y), bilinearly interpolated between the nearest phases.
SKY_FN void add_stamp(const StampTables& tables, float* buffer, i32 tile_x, i32 tile_y, i32 x, i32 y, float electrons,
                      u32 stamp_index, const Team& team) {
    const Stamp stamp = tables.stamps[stamp_index];
    const i32 size = 2 * stamp.half_width;
    const Phase across = phase_of(x, stamp), up = phase_of(y, stamp);
    const i32 left = across.first_pixel - tile_x * TILE, bottom = up.first_pixel - tile_y * TILE;
    i32 row_begin = larger(0, -bottom), row_end = smaller(size, TILE - bottom);
    i32 column_begin = larger(0, -left), column_end = smaller(size, TILE - left);
    if (row_begin >= row_end || column_begin >= column_end) return;

    const float below = electrons * (1.0f - up.fraction), above = electrons * up.fraction;
    const float weight00 = below * (1.0f - across.fraction), weight01 = below * across.fraction;
    const float weight10 = above * (1.0f - across.fraction), weight11 = above * across.fraction;
    const u64 phases = (u64)(1 << stamp.phase_bits) + 1, area = (u64)size * (u64)size;
    const float* phase00 = tables.samples + stamp.first_sample + ((u64)up.index * phases + (u64)across.index) * area;
    const float* phase01 = phase00 + area;
    const float* phase10 = phase00 + phases * area;
    const float* phase11 = phase10 + area;
#define SKY_ADD(i)                                   \
    to[i] = fused(weight11, from11[i],               \
                  fused(weight10, from10[i], fused(weight01, from01[i], fused(weight00, from00[i], to[i]))))
    if (team.lanes == 1) {  // whole blocks; what spills into the margins is never read
        column_begin &= ~(BLOCK - 1);
        column_end = (column_end + BLOCK - 1) & ~(BLOCK - 1);
    }
    for (i32 row = first_owned(row_begin, team.crew - bottom, team.crews); row < row_end; row += team.crews) {
        float* to = buffer + (bottom + row) * STRIDE + MARGIN + left;
        const i32 at = row * size;
        const float *from00 = phase00 + at, *from01 = phase01 + at, *from10 = phase10 + at, *from11 = phase11 + at;
        if (team.lanes == 1) {
            i32 column = column_begin;
            for (; column + 2 * BLOCK <= column_end; column += 2 * BLOCK) {
                SKY_VECTORISE
                for (i32 i = column; i < column + 2 * BLOCK; ++i) SKY_ADD(i);
            }
            if (column < column_end) {
                SKY_VECTORISE
                for (i32 i = column; i < column + BLOCK; ++i) SKY_ADD(i);
            }
        } else {
            for (i32 i = first_owned(column_begin, team.lane - left, team.lanes); i < column_end; i += team.lanes)
                SKY_ADD(i);
        }
    }
#undef SKY_ADD
}

// The panels begin to end of a trail.
SKY_FN void add_panels(const StampTables& tables, float* buffer, i32 tile_x, i32 tile_y, const Trail& trail, u32 begin,
                       u32 end, const Team& team) {
    for (u32 panel = begin; panel < end; ++panel) {
        for (u32 k = trail.first_node; k < trail.first_node + trail.nodes; ++k) {
            const double along = (double)panel + TRAIL_NODES[k];
            const i32 x = floor_to_int(trail.x + along * trail.step_x + 0.5);
            const i32 y = floor_to_int(trail.y + along * trail.step_y + 0.5);
            add_stamp(tables, buffer, tile_x, tile_y, x, y, trail.electrons * (float)TRAIL_WEIGHTS[k], trail.stamp, team);
        }
    }
}

}  // namespace skyforge
