// RICE_1, the lossless code of FITS tile compression, for 16-bit pixels (FITS Standard 4.0, section 10.4.1; Rice, Yeh and
// Miller 1993, JPL 93-15; White 1992; Pence, White and Seaman 2010, A&A 524, A42).
//
// A row is its first pixel, 16 bits, and then blocks of 32 pixels. The differences of neighbouring pixels, modulo 2^16 and
// with the sign moved into the lowest bit, are small where the image is smooth. A block says in 4 bits how many low bits
// of each are written as they are ("split"); what is above is written in unary: so many zeros and a one. Bits run from
// the most significant of a byte to the least.
#pragma once
#include "fits_words.h"

namespace skyforge {

const u32 RICE_BLOCK = 32;
const u32 RICE_PIXEL_BITS = 16;
const u32 RICE_SELECTOR_BITS = 4;
const u32 RICE_SPLIT_RAW = 14;  // from this split on, differences are written in full

SKY_FN u32 bit_length(u32 a) {
#if SKY_ON_GPU
    return 32u - (u32)__clz((int)a);
#else
    return a ? 32u - (u32)__builtin_clz(a) : 0u;
#endif
}

// A pixel's difference from the one before it, mapped to an unsigned number: 0, -1, 1, -2, 2 ... become 0, 1, 2, 3, 4 ...
SKY_FN u32 rice_mapped(u32 pixel, u32 before) {
    const u16 difference = (u16)(pixel - before);
    const u16 sign = (u16)(0 - (difference >> 15));
    return (u16)((u16)(difference << 1) ^ sign);
}

SKY_FN u32 rice_difference(u32 mapped) { return (mapped >> 1) ^ (0u - (mapped & 1u)); }

// How many low bits are written as they are, in a block of `count` pixels whose mapped differences add up to `sum`.
SKY_FN u32 rice_split(u32 sum, u32 count) {
    const u32 rounding = count / 2u + 1u;
    const u32 above = sum > rounding ? sum - rounding : 0u;
    return bit_length(count == RICE_BLOCK ? above / (2u * RICE_BLOCK) : above / count >> 1);
}

SKY_FN bool rice_is_raw(u32 split) { return split >= RICE_SPLIT_RAW; }

// What a block begins with. A block without any difference (sum 0) is its selector alone.
SKY_FN u32 rice_selector(u32 split, u32 sum) {
    if (sum == 0u) return 0u;
    return rice_is_raw(split) ? RICE_SPLIT_RAW + 1u : split + 1u;
}

// Bits of one difference: zeros, a one, the low bits; for splits that are not raw.
SKY_FN u32 rice_length(u32 mapped, u32 split) { return (mapped >> split) + 1u + split; }

// The one and the low bits; the zeros before it are what is left of its length.
SKY_FN u32 rice_code(u32 mapped, u32 split) {
    const u32 one = 1u << split;
    return one | (mapped & (one - 1u));
}

// The most bytes that a row can take: no block takes more than its selector and its pixels in full. With split s, the sum
// of n differences is below n * (2^(s+1) + 1/2) + 1, so that a difference takes (s + 1) + 2 bits on average: 16 at most.
SKY_FN u64 rice_row_bound(u64 width) {
    const u64 blocks = (width + RICE_BLOCK - 1u) / RICE_BLOCK;
    return (RICE_PIXEL_BITS * (width + 1u) + RICE_SELECTOR_BITS * blocks + 7u) / 8u;
}

}  // namespace skyforge
