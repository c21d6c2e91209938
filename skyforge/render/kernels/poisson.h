// Poisson deviates without rejection: the same few steps for every pixel, so that vectors and warps never diverge.
//
// Below POISSON_SPLIT electrons the mean is written in fixed point with two digits of base 64. A Poisson variable is the
// sum of independent ones whose means add, so each digit is one draw from an alias table (Walker 1977, ACM Trans. Math.
// Softw. 3, 253). The rounding to fixed point is dithered with random bits, so that the mean is unbiased. Above, the
// inverse distribution function is expanded in 1/sqrt(mean) (Giles 2016, ACM Trans. Math. Softw. 42, 7, eq. 8 ff.): at
// POISSON_SPLIT its probabilities differ from the exact ones by a chi-squared of 6e-10 per draw, and by less above.
#pragma once
#include "deviates.h"
#include "portable.h"

namespace skyforge {

const float POISSON_SPLIT = 63.0f;
const float POISSON_FINE = 0.984375f;     // 63/64: below it the digits count 1/64 and 1/4096 of an electron
const float POISSON_LARGEST = 2.0e9f;     // so that the result fits 32 bits
const u32 POISSON_DIGITS = 64u;           // digits per level; levels count 1/4096, 1/64 and 1 electron

// header: first entry (16 bits), entries (8), smallest count (8); entry: threshold (24), alias (8).
struct PoissonTables {
    const u32* headers;
    const u32* entries;
};

SKY_FN u32 draw_digit(const PoissonTables& tables, u32 table, u32 word) {
    u32 header = tables.headers[table];
    u32 count = (header >> 16) & 255u;
    u32 cell = high_product(word, count), within = (word * count) >> 8;
    u32 entry = tables.entries[(header & 65535u) + cell];
    return (header >> 24) + (within < (entry >> 8) ? cell : (entry & 255u));
}

// mean < POISSON_SPLIT; `dither` is uniform on 0..255.
SKY_FN i32 poisson_by_digits(float mean, const PoissonTables& tables, u32 word0, u32 word1, u32 dither) {
    bool fine = mean < POISSON_FINE;
    float scaled = fused(mean, fine ? 1048576.0f : 16384.0f, 0.5f);
    u32 fixed = ((u32)(i32)scaled + dither) >> 8;
    u32 level = fine ? 0u : POISSON_DIGITS;
    u32 low = level + (fixed & 63u), high = level + POISSON_DIGITS + ((fixed >> 6) & 63u);
    return (i32)(draw_digit(tables, low, word0) + draw_digit(tables, high, word1));
}

// mean >= POISSON_SPLIT.
SKY_FN i32 poisson_by_expansion(float mean, u32 word) {
    float root = square_root(mean), inverse = quotient(1.0f, root);
    float w = normal_deviate(word), square = w * w;
    float order0 = fused(square, 1.0f / 6.0f, 1.0f / 3.0f);
    float order1 = w * fused(square, -1.0f / 72.0f, -1.0f / 36.0f);
    float order2 = fused(square, fused(square, 1.0f / 270.0f, 7.0f / 810.0f), -8.0f / 405.0f);
    float shift = fused(w, root, fused(inverse, fused(inverse, order2, order1), order0));
    i32 whole = (i32)mean;
    i32 count = whole + floor_to_int((mean - (float)whole) + shift);
    return count < 0 ? 0 : count;
}

}  // namespace skyforge
