// The kernels as one instruction set compiled them.
#pragma once
#include "kernels/canvas.h"
#include "kernels/detector.h"
#include "kernels/halo.h"
#include "kernels/stamp.h"

namespace skyforge {

const i32 MULTIPLY_ADDS = 128;  // of a round: enough that none waits for the one before

struct Kernels {
    const char* name;
    void (*expected_tile)(const Scene& scene, i32 tile, float* image);
    // These two return whether every expected value was a number >= 0.
    bool (*exposed_tile)(const Scene& scene, const Detector& detector, i32 tile, u16* image);
    bool (*exposed_row)(const float* expected, i32 width, i32 row, const Detector& detector, u16* image);
    // Electrons alone, for tests of the Poisson law.
    void (*electrons)(const float* expected, u64 count, const Detector& detector, i32* electrons);
    void (*uniforms)(float* values, u64 first_block, u64 count, u32 seed_low, u32 seed_high, u32 stream);
    void (*normals)(float* values, u64 first_block, u64 count, u32 seed_low, u32 seed_high, u32 stream);
    void (*halo_row)(const HaloLevel& level, i32 row);
    // Work for its own sake, for the benchmarks: blocks of four random words, rounds of MULTIPLY_ADDS multiply-adds.
    u32 (*random_words)(u32 first_block, u32 blocks);
    float (*multiply_adds)(u32 rounds);
};

extern const Kernels kernels_baseline;
#if defined(SKYFORGE_X86_64)
extern const Kernels kernels_v3, kernels_v4;
#endif

}  // namespace skyforge
