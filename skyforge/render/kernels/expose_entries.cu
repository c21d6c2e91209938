// The detector alone: from a map of expected electrons to ADU.
#include "detector.h"
#include "entry.h"

namespace skyforge {

struct ExposeArguments {
    Detector detector;
    const float* expected;  // electrons
    u16* image;             // ADU
    u32* bad;               // becomes 1 if an expected value is not a number >= 0
    u64 pixels;
};

SKY_ENTRY(expose_image, ExposeArguments) {
    const u64 pixel = (u64)blockIdx.x * (u64)blockDim.x + (u64)threadIdx.x;
    if (pixel >= arguments.pixels) return;
    const float expected = arguments.expected[pixel];
    if (!is_mean(expected)) *arguments.bad = 1u;
    arguments.image[pixel] = expose_pixel(expected, (u32)pixel, arguments.detector);
}

}  // namespace skyforge
