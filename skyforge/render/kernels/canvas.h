// One tile of a frame before its sources: background and halo.
#pragma once
#include "halo.h"
#include "scene.h"

namespace skyforge {

SKY_FN float background_at(const Background& background, i32 x, i32 y, i32 width) {
    if (background.map) return background.map[(u64)y * (u64)width + (u64)x];
    if (!background.grid) return background.value;
    const float* lower = background.grid + (u64)background.row_index[y] * (u64)background.grid_width;
    const float* upper = lower + background.grid_width;
    const i32 i = background.column_index[x];
    const float u = background.column_fraction[x], v = background.row_fraction[y];
    const float left = fused(v, upper[i] - lower[i], lower[i]);
    const float right = fused(v, upper[i + 1] - lower[i + 1], lower[i + 1]);
    return fused(u, right - left, left);
}

SKY_FN void fill_background(const Canvas& canvas, float* buffer, i32 tile_x, i32 tile_y, const Team& team) {
    const i32 rows = smaller(TILE, canvas.height - tile_y * TILE), columns = smaller(TILE, canvas.width - tile_x * TILE);
    for (i32 row = team.crew; row < TILE; row += team.crews) {
        float* to = buffer + row * STRIDE + MARGIN;
        const i32 y = tile_y * TILE + row, x = tile_x * TILE;
        if (row >= rows) {
            for (i32 i = team.lane; i < TILE; i += team.lanes) to[i] = 0.0f;
        } else if (!canvas.background.map && !canvas.background.grid) {
            for (i32 i = team.lane; i < TILE; i += team.lanes) to[i] = canvas.background.value;
        } else {
            for (i32 i = team.lane; i < columns; i += team.lanes)
                to[i] = background_at(canvas.background, x + i, y, canvas.width);
            for (i32 i = first_owned(columns, team.lane, team.lanes); i < TILE; i += team.lanes) to[i] = 0.0f;
        }
        if (canvas.halo.values && row < rows)
            for (i32 i = team.lane; i < TILE; i += team.lanes) to[i] += halo_at(canvas.halo, x + i, y);
    }
}

}  // namespace skyforge
