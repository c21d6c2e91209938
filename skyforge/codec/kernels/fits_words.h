// Pixels as FITS stores them, and the sums that its checksum is made of.
//
// Unsigned 16-bit pixels are stored as signed ones, BZERO = 32768 below, the more significant byte first (FITS Standard
// 4.0, sections 3.3.2 and 5.2.5). DATASUM adds the data up as 32-bit words in ones' complement (appendix J). Such a word
// is a pixel of even flat index, times 2^16, plus the next one; so two plain sums over the stored values, of even and of
// odd index, say it all, and in whatever order they are taken.
#pragma once
#include "portable.h"

namespace skyforge {

const u32 STORED_OFFSET = 0x8000u;

// The value that is stored for a pixel, as an unsigned number.
SKY_FN u32 stored_value(u32 adu) { return adu ^ STORED_OFFSET; }

// A pixel's word as a little-endian machine holds it, and back.
SKY_FN u16 fits_word(u32 adu) {
    const u32 stored = stored_value(adu);
    return (u16)(stored << 8 | stored >> 8);
}
SKY_FN u16 native_pixel(u32 word) { return (u16)stored_value(((word & 0xFFu) << 8) | (word >> 8)); }

// Two stored values in the halves of a word, each with its bytes exchanged.
SKY_FN u32 swapped_pair(u32 pair) { return ((pair & 0x00FF00FFu) << 8) | ((pair >> 8) & 0x00FF00FFu); }

SKY_FN u32 swapped_word(u32 word) {
    const u32 pair = swapped_pair(word);
    return (pair << 16) | (pair >> 16);
}

// Sums of stored values; 2^48 pixels fit.
struct StoredSums {
    u64 even, odd;
};

// Two neighbouring pixels, the one of even flat index in the lower half, become FITS words; the sums take them in.
SKY_FN u32 fits_pair(u32 pixels, u32& even, u32& odd) {
    const u32 stored = pixels ^ (STORED_OFFSET << 16 | STORED_OFFSET);
    even += stored & 0xFFFFu;
    odd += stored >> 16;
    return swapped_pair(stored);
}

// The ones' complement of a sum: carries out of 32 bits come in again at the low end.
SKY_FN u32 folded_sum(u64 sum) {
    sum = (sum & 0xFFFFFFFFu) + (sum >> 32);
    sum = (sum & 0xFFFFFFFFu) + (sum >> 32);
    return (u32)sum;
}

}  // namespace skyforge
