// The kernels as one instruction set compiled them, and whole images made of them.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "kernels/rice.h"

// Pixels and words are taken two and four at a time from memory.
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the codec is written for little-endian machines");

namespace skyforge {

typedef unsigned char u8;

struct RowFault {
    i64 row;           // -1 where every row was sound
    const char* what;  // of the first that was not
};

struct CodecKernels {
    const char* name;
    StoredSums (*to_words)(const u16* pixels, u64 count, u16* words);
    void (*from_words)(const u16* words, u64 count, u16* pixels);
    // The sum of big-endian 32-bit words, not folded; `size` need not be a multiple of four.
    u64 (*word_sum)(const u8* bytes, u64 size);
    // Rows end to end from `to` on, which has room for WRITER_SLACK bytes more than they can take; returns the end.
    u8* (*encode)(const u16* pixels, i64 width, i64 rows, u8* to, i32* sizes);
    // Rows of the given sizes end to end; no byte at or after `end` is read.
    RowFault (*decode)(const u8* from, const u8* end, const i32* sizes, i64 width, i64 rows, u16* pixels);
};

extern const CodecKernels codec_kernels_baseline;
#if defined(SKYFORGE_X86_64)
extern const CodecKernels codec_kernels_v3;  // wider vectors were not faster
#endif

// The kernels of that name, or the best that the processor runs where it is "auto"; nullptr where it runs none such.
const CodecKernels* find_codec_kernels(const std::string& name);
std::vector<std::string> supported_codec_instruction_sets();

// The encoder stores whole words, up to 8 bytes past the end of a part.
const u64 WRITER_SLACK = 8, MOST_PARTS = 64;

inline u64 rice_image_bound(u64 width, u64 rows) { return rows * rice_row_bound(width) + MOST_PARTS * WRITER_SLACK; }

// `to` has room for rice_image_bound(width, rows) bytes; returns how many were used.
u64 compressed_image(const CodecKernels& kernels, const u16* pixels, i64 width, i64 rows, int threads, u8* to, i32* sizes);

RowFault decompressed_image(const CodecKernels& kernels, const u8* bytes, u64 size, const i32* sizes, i64 width, i64 rows,
                            int threads, u16* pixels);

}  // namespace skyforge
