// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw (2011, SC '11, "Parallel random numbers:
// as easy as 1, 2, 3"): four random words are a pure function of a 128-bit counter and a 64-bit key.
#pragma once
#include "portable.h"

namespace skyforge {

struct RandomWords {
    u32 a, b, c, d;
};

SKY_FN RandomWords philox(u32 counter0, u32 counter1, u32 counter2, u32 counter3, u32 key0, u32 key1) {
    const u32 multiplier0 = 0xD2511F53u, multiplier1 = 0xCD9E8D57u, weyl0 = 0x9E3779B9u, weyl1 = 0xBB67AE85u;
    for (int round = 0; round < 10; ++round) {
        u32 high0 = high_product(multiplier0, counter0), low0 = multiplier0 * counter0;
        u32 high1 = high_product(multiplier1, counter2), low1 = multiplier1 * counter2;
        counter0 = high1 ^ counter1 ^ key0;
        counter1 = low1;
        counter2 = high0 ^ counter3 ^ key1;
        counter3 = low0;
        key0 += weyl0;
        key1 += weyl1;
    }
    return RandomWords{counter0, counter1, counter2, counter3};
}

// The fourth counter word says what the numbers are for. Streams that a caller names are below 2^31.
const u32 PIXEL_NOISE_STREAM = 0xFFFFFFFFu;

}  // namespace skyforge
