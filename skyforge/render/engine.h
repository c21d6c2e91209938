// Rendering on the CPU: which instruction set, which threads, in what order.
#pragma once
#include <string>

#include "core.h"
#include "kernels/projection.h"
#include "plan.h"

namespace skyforge {

// The kernels of an instruction set: "auto" (the best that this processor runs), "baseline", "v3" or "v4"; null if the
// name is unknown or the processor lacks it.
const Kernels* find_kernels(const std::string& name);
std::vector<std::string> supported_instruction_sets();

// A coarse background grid needs its interpolation tables kept alive while a scene is drawn.
struct BackgroundStorage {
    std::vector<i32> column_index, row_index;
    std::vector<float> column_fraction, row_fraction;
};
Background uniform_background(float value);
Background background_map(const float* map);
Background background_grid(const float* grid, i32 grid_width, i32 grid_height, i32 width, i32 height,
                           BackgroundStorage& storage);

struct RenderOptions {
    const Kernels* kernels;
    int threads;
};

void expected_image(const SourceArrays& sources, const BankArrays& bank, const Background& background, i32 width,
                    i32 height, const RenderOptions& options, float* image);
// These two return whether every expected value was a number >= 0.
bool exposed_image(const SourceArrays& sources, const BankArrays& bank, const Background& background, i32 width,
                   i32 height, const Detector& detector, const RenderOptions& options, u16* image);
bool expose_image(const float* expected, i32 width, i32 height, const Detector& detector, const RenderOptions& options,
                  u16* image);
// How long the steps of a frame take, seconds on the wall.
struct StageSeconds {
    double plan, halo, splat, noise;
};
// Draws the scene twice, without noise and with it; the noise is what the second time takes longer.
StageSeconds stage_seconds(const SourceArrays& sources, const BankArrays& bank, const Background& background, i32 width,
                           i32 height, const Detector& detector, const RenderOptions& options, float* expected,
                           u16* image);
// How much all threads together compute in a second when they do nothing else: blocks of four random words, multiply-adds.
struct IssueRates {
    double random_blocks, multiply_adds;
};
IssueRates issue_rates(const RenderOptions& options);
// Places of directions [count][3] as a view sees them; NaN for what is behind the camera.
void project(const double* directions, std::size_t count, const View& view, int threads, double* x, double* y);
void electron_counts(const float* expected, u64 count, const Detector& detector, const RenderOptions& options,
                     i32* counts);
void uniform_deviates(float* values, u64 count, u64 seed, u32 stream, const RenderOptions& options);
void normal_deviates(float* values, u64 count, u64 seed, u32 stream, const RenderOptions& options);

}  // namespace skyforge
