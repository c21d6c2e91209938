// The kernels for one instruction set. This file is compiled once for each; it must not instantiate templates of the
// standard library, whose copies the linker would share between instruction sets.
#include "core.h"

#define SKY_JOIN2(a, b) a##b
#define SKY_JOIN(a, b) SKY_JOIN2(a, b)
#define SKY_STRING2(a) #a
#define SKY_STRING(a) SKY_STRING2(a)

namespace skyforge {
namespace {

const Team ALONE = {0, 1, 0, 1, 0, 1};

void fill_tile(const Scene& scene, i32 tile, float* buffer) {
    const i32 tile_y = tile / scene.canvas.tiles_x, tile_x = tile - tile_y * scene.canvas.tiles_x;
    fill_background(scene.canvas, buffer, tile_x, tile_y, ALONE);
    for (u64 i = scene.point_offsets[tile]; i < scene.point_offsets[tile + 1]; ++i) {
        const Point point = scene.points[i];
        add_stamp(scene.tables, buffer, tile_x, tile_y, point.x, point.y, point.electrons, point.stamp, ALONE);
    }
    for (u64 i = scene.panel_offsets[tile]; i < scene.panel_offsets[tile + 1]; ++i) {
        const Panels run = scene.panels[i];
        add_panels(scene.tables, buffer, tile_x, tile_y, scene.trails[run.trail], run.begin, run.end, ALONE);
    }
}

void expected_tile(const Scene& scene, i32 tile, float* image) {
    alignas(64) float buffer[TILE_BUFFER];
    fill_tile(scene, tile, buffer);
    const Canvas& canvas = scene.canvas;
    const i32 tile_y = tile / canvas.tiles_x, tile_x = tile - tile_y * canvas.tiles_x;
    const i32 rows = smaller(TILE, canvas.height - tile_y * TILE), columns = smaller(TILE, canvas.width - tile_x * TILE);
    for (i32 row = 0; row < rows; ++row)
        memcpy(image + (u64)(tile_y * TILE + row) * (u64)canvas.width + (u64)(tile_x * TILE),
               buffer + row * STRIDE + MARGIN, (size_t)columns * sizeof(float));
}

bool exposed_tile(const Scene& scene, const Detector& detector, i32 tile, u16* image) {
    alignas(64) float buffer[TILE_BUFFER];
    fill_tile(scene, tile, buffer);
    const Canvas& canvas = scene.canvas;
    const i32 tile_y = tile / canvas.tiles_x, tile_x = tile - tile_y * canvas.tiles_x;
    const i32 rows = smaller(TILE, canvas.height - tile_y * TILE), columns = smaller(TILE, canvas.width - tile_x * TILE);
    bool good = true;
    for (i32 row = 0; row < rows; ++row) {
        const u64 first = (u64)(tile_y * TILE + row) * (u64)canvas.width + (u64)(tile_x * TILE);
        good &= expose_row(buffer + row * STRIDE + MARGIN, (u32)first, columns, detector, image + first);
    }
    return good;
}

bool exposed_row(const float* expected, i32 width, i32 row, const Detector& detector, u16* image) {
    bool good = true;
    for (i32 x = 0; x < width; x += TILE) {
        const u64 first = (u64)row * (u64)width + (u64)x;
        good &= expose_row(expected + first, (u32)first, smaller(TILE, width - x), detector, image + first);
    }
    return good;
}

void electrons(const float* expected, u64 count, const Detector& detector, i32* result) {
    for (u64 first = 0; first < count; first += TILE) {
        const i32 part = count - first < (u64)TILE ? (i32)(count - first) : TILE;
        ExposedRow row;
        count_electrons(expected + first, (u32)first, part, detector, row);
        memcpy(result + first, row.electrons, (size_t)part * sizeof(i32));
    }
}

void uniforms(float* values, u64 first_block, u64 count, u32 seed_low, u32 seed_high, u32 stream) {
    for (u64 i = 0; i < count; i += 4) {
        const u64 block = first_block + i / 4;
        const RandomWords words = philox((u32)block, (u32)(block >> 32), 0u, stream, seed_low, seed_high);
        const u32 each[4] = {words.a, words.b, words.c, words.d};
        for (u64 k = 0; k < 4 && i + k < count; ++k) values[i + k] = uniform_deviate(each[k]);
    }
}

void normals(float* values, u64 first_block, u64 count, u32 seed_low, u32 seed_high, u32 stream) {
    for (u64 i = 0; i < count; i += 4) {
        const u64 block = first_block + i / 4;
        const RandomWords words = philox((u32)block, (u32)(block >> 32), 0u, stream, seed_low, seed_high);
        const u32 each[4] = {words.a, words.b, words.c, words.d};
        for (u64 k = 0; k < 4 && i + k < count; ++k) values[i + k] = normal_deviate(each[k]);
    }
}

void halo_row(const HaloLevel& level, i32 row) { fill_halo_row(level, row); }

u32 random_words(u32 first_block, u32 blocks) {
    u32 mixed = 0u;
#pragma omp simd reduction(^ : mixed)
    for (u32 i = 0; i < blocks; ++i) {
        const RandomWords words = philox(first_block + i, 0u, 0u, 0u, 1u, 2u);
        mixed ^= words.a ^ words.b ^ words.c ^ words.d;
    }
    return mixed;
}

float multiply_adds(u32 rounds) {
    alignas(64) float sums[MULTIPLY_ADDS];
    for (i32 i = 0; i < MULTIPLY_ADDS; ++i) sums[i] = (float)i;
    for (u32 round = 0; round < rounds; ++round) {
        SKY_VECTORISE
        for (i32 i = 0; i < MULTIPLY_ADDS; ++i) sums[i] = fused(sums[i], 0.999f, 1.0f);
    }
    float sum = 0.0f;
    for (i32 i = 0; i < MULTIPLY_ADDS; ++i) sum += sums[i];
    return sum;
}

}  // namespace

extern const Kernels SKY_JOIN(kernels_, SKYFORGE_ISA);
const Kernels SKY_JOIN(kernels_, SKYFORGE_ISA) = {
    SKY_STRING(SKYFORGE_ISA), expected_tile, exposed_tile, exposed_row, electrons, uniforms, normals, halo_row,
    random_words, multiply_adds,
};

}  // namespace skyforge
