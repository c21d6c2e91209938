// The codec's kernels for one instruction set. This file is compiled once for each; it must not instantiate templates of
// the standard library, whose copies the linker would share between instruction sets.
#include "codec.h"

#define SKY_JOIN2(a, b) a##b
#define SKY_JOIN(a, b) SKY_JOIN2(a, b)
#define SKY_STRING2(a) #a
#define SKY_STRING(a) SKY_STRING2(a)

namespace skyforge {
namespace {

// ---- FITS words -----------------------------------------------------------------------------------------------------

const u64 SUMMED_PAIRS = 32768;  // so many values of 16 bits add up in 32 bits

StoredSums to_words(const u16* pixels, u64 count, u16* words) {
    StoredSums sums = {0, 0};
    const u64 pairs = count / 2;
    for (u64 first = 0; first < pairs; first += SUMMED_PAIRS) {
        const u64 last = pairs - first < SUMMED_PAIRS ? pairs : first + SUMMED_PAIRS;
        u32 even = 0, odd = 0;
        for (u64 k = first; k < last; ++k) {
            u32 pair;
            memcpy(&pair, pixels + 2 * k, sizeof pair);
            pair = fits_pair(pair, even, odd);
            memcpy(words + 2 * k, &pair, sizeof pair);
        }
        sums.even += even;
        sums.odd += odd;
    }
    if (count & 1) {
        words[count - 1] = fits_word(pixels[count - 1]);
        sums.even += stored_value(pixels[count - 1]);
    }
    return sums;
}

void from_words(const u16* words, u64 count, u16* pixels) {
    for (u64 i = 0; i < count; ++i) pixels[i] = native_pixel(words[i]);
}

u64 word_sum(const u8* bytes, u64 size) {
    u64 sum = 0;
    const u64 words = size / 4;
    for (u64 k = 0; k < words; ++k) {
        u32 word;
        memcpy(&word, bytes + 4 * k, sizeof word);
        sum += swapped_word(word);
    }
    for (u64 i = 4 * words; i < size; ++i) sum += (u64)bytes[i] << (24 - 8 * (i & 3));
    return sum;
}

// ---- Rice: encoder --------------------------------------------------------------------------------------------------

u64 big_endian(u64 a) { return __builtin_bswap64(a); }

// Bits go out from the top of `pending`, of which the `count` (< 8) highest are not yet part of a whole byte.
struct BitWriter {
    u8* next;
    u64 pending;
    u32 count;
};

const u32 WRITER_BITS = 56;  // the most that one call takes

SKY_FN void put(BitWriter& writer, u64 code, u32 length) {
    const u64 bits = writer.pending | code << (64 - length - writer.count);
    const u64 bytes = big_endian(bits);
    memcpy(writer.next, &bytes, sizeof bytes);
    const u32 count = writer.count + length;
    writer.next += count >> 3;
    writer.pending = bits << (count & ~7u);
    writer.count = count & 7u;
}

SKY_FN void put_codes(BitWriter& writer, const u16* mapped, u32 count, u32 split) {
    const u32 run = 32;
    for (u32 i = 0; i < count; ++i) {
        u32 length = rice_length(mapped[i], split);
        for (; length > WRITER_BITS; length -= run) put(writer, 0, run);
        put(writer, rice_code(mapped[i], split), length);
    }
}

SKY_FN void put_raw(BitWriter& writer, const u16* mapped, u32 count) {
    for (u32 i = 0; i < count; ++i) put(writer, mapped[i], RICE_PIXEL_BITS);
}

// Codes of pairs and of fours, put together in registers: pairs in 32 bits, fours in 64. Neighbours are taken from the
// halves of wider words, so that no element moves. Tells whether all of them fit.
struct Fours {
    u64 code[RICE_BLOCK / 4];
    u32 length[RICE_BLOCK / 4];
};

SKY_FN bool join_fours(const u16* mapped, u32 split, Fours& fours) {
    const u32 low = split + 1u, mask = (1u << split) - 1u, one = 1u << split;
    u32 pair_code[RICE_BLOCK / 2], pair_length[RICE_BLOCK / 2], too_far = 0;
    for (u32 k = 0; k < RICE_BLOCK / 2; ++k) {
        u32 both;
        memcpy(&both, mapped + 2 * k, sizeof both);
        const u32 first = both & 0xFFFFu, second = both >> 16;
        const u32 first_top = first >> split, second_top = second >> split;
        pair_code[k] = (one | (first & mask)) << ((second_top + low) & 31u) | one | (second & mask);
        pair_length[k] = first_top + second_top + 2u * low;
        too_far |= (u32)((i32)(32u - 2u * low - second_top));  // negative where the pair's code leaves 32 bits
    }
    for (u32 k = 0; k < RICE_BLOCK / 4; ++k) {
        u64 codes, lengths;
        memcpy(&codes, pair_code + 2 * k, sizeof codes);
        memcpy(&lengths, pair_length + 2 * k, sizeof lengths);
        const u64 second_length = lengths >> 32;
        fours.code[k] = (codes & 0xFFFFFFFFu) << (second_length & 63u) | codes >> 32;
        const u32 length = (u32)lengths + (u32)second_length;
        fours.length[k] = length;
        too_far |= WRITER_BITS - length;
    }
    return (i32)too_far >= 0;
}

// A block of 32 pixels; the pixel before it is in its place.
SKY_FN void put_block(BitWriter& writer, const u16* pixels) {
    alignas(64) u16 mapped[RICE_BLOCK];
    u32 sum = 0;
    for (u32 i = 0; i < RICE_BLOCK; ++i) {
        mapped[i] = (u16)rice_mapped(pixels[i], *(pixels + i - 1));
        sum += mapped[i];
    }
    const u32 split = rice_split(sum, RICE_BLOCK);
    put(writer, rice_selector(split, sum), RICE_SELECTOR_BITS);
    if (sum == 0) return;
    Fours fours;
    if (rice_is_raw(split))
        put_raw(writer, mapped, RICE_BLOCK);
    else if (join_fours(mapped, split, fours))
        for (u32 k = 0; k < RICE_BLOCK / 4; ++k) put(writer, fours.code[k], fours.length[k]);
    else
        put_codes(writer, mapped, RICE_BLOCK, split);
}

SKY_FN void put_short_block(BitWriter& writer, const u16* pixels, u32 count, u16 before) {
    u16 mapped[RICE_BLOCK];
    u32 sum = 0;
    for (u32 i = 0; i < count; ++i) {
        mapped[i] = (u16)rice_mapped(pixels[i], before);
        before = pixels[i];
        sum += mapped[i];
    }
    const u32 split = rice_split(sum, count);
    put(writer, rice_selector(split, sum), RICE_SELECTOR_BITS);
    if (sum == 0) return;
    if (rice_is_raw(split))
        put_raw(writer, mapped, count);
    else
        put_codes(writer, mapped, count, split);
}

u8* encode_row(const u16* pixels, i64 width, u8* to) {
    BitWriter writer = {to, 0, 0};
    put(writer, stored_value(pixels[0]), RICE_PIXEL_BITS);
    i64 x = 0;
    if (width >= (i64)RICE_BLOCK) {
        u16 first[RICE_BLOCK + 1];
        first[0] = pixels[0];
        memcpy(first + 1, pixels, RICE_BLOCK * sizeof(u16));
        put_block(writer, first + 1);
        for (x = RICE_BLOCK; x + (i64)RICE_BLOCK <= width; x += RICE_BLOCK) put_block(writer, pixels + x);
    }
    if (x < width) put_short_block(writer, pixels + x, (u32)(width - x), pixels[x ? x - 1 : 0]);
    return writer.next + (writer.count ? 1 : 0);
}

u8* encode(const u16* pixels, i64 width, i64 rows, u8* to, i32* sizes) {
    for (i64 y = 0; y < rows; ++y) {
        u8* const end = encode_row(pixels + y * width, width, to);
        sizes[y] = (i32)(end - to);
        to = end;
    }
    return to;
}

// ---- Rice: decoder --------------------------------------------------------------------------------------------------

// The next bits stand at the top of `bits`, `count` of them at least. Past the end come zeros.
struct BitReader {
    const u8* from;
    i64 at, readable;  // bytes taken so far; bytes that may be touched
    u64 bits;
    u32 count;
};

u64 last_bytes(const u8* from, i64 at, i64 readable) {
    u64 bits = 0;
    for (i64 i = 0; i < 8; ++i) bits = bits << 8 | (at + i < readable ? from[at + i] : 0u);
    return bits;
}

// 56 bits at least. What is below `count` in `bits` already are the bits that follow, so that setting them again is safe.
SKY_FN void refill(BitReader& reader) {
    u64 more;
    if (__builtin_expect(reader.at + 8 <= reader.readable, 1)) {
        memcpy(&more, reader.from + reader.at, sizeof more);
        more = big_endian(more);
    } else {
        more = last_bytes(reader.from, reader.at, reader.readable);
    }
    reader.bits |= more >> reader.count;
    reader.at += (63 - reader.count) >> 3;
    reader.count |= 56;
}

SKY_FN void skip(BitReader& reader, u32 length) {
    reader.bits <<= length;
    reader.count -= length;
}

SKY_FN u32 take(BitReader& reader, u32 length) {
    const u32 value = (u32)(reader.bits >> (64 - length));
    skip(reader, length);
    return value;
}

SKY_FN i64 bits_taken(const BitReader& reader) { return reader.at * 8 - (i64)reader.count; }

// A code of any length; false where its value is none of 16 bits.
__attribute__((noinline)) bool take_long_code(BitReader& reader, u32 split, u16& mapped) {
    u32 top = 0;
    refill(reader);
    while (reader.bits >> 8 == 0) {
        skip(reader, 56);
        top += 56;
        if (top >> (RICE_PIXEL_BITS - split)) return false;
        refill(reader);
    }
    const u32 zeros = (u32)__builtin_clzll(reader.bits);
    top += zeros;
    if (top >> (RICE_PIXEL_BITS - split)) return false;
    skip(reader, zeros);
    refill(reader);
    mapped = (u16)((top << split) + take(reader, split + 1) - (1u << split));
    return true;
}

const u32 SHORT_CODE = 28;  // two of them are in a full reader

SKY_FN bool take_code(BitReader& reader, u32 split, u16& mapped) {
    const u32 top = (u32)__builtin_clzll(reader.bits | 1u);
    const u32 length = top + 1 + split;
    if (__builtin_expect(length > SHORT_CODE, 0)) {
        const bool good = take_long_code(reader, split, mapped);
        refill(reader);
        return good;
    }
    const u32 value = (top << split) + (u32)(reader.bits << top >> (63 - split)) - (1u << split);
    mapped = (u16)value;
    skip(reader, length);
    return value < 1u << RICE_PIXEL_BITS;
}

SKY_FN bool take_block(BitReader& reader, u16* mapped, u32 count) {
    refill(reader);
    const u32 selector = take(reader, RICE_SELECTOR_BITS);
    if (selector == 0) {
        for (u32 i = 0; i < count; ++i) mapped[i] = 0;
        return true;
    }
    const u32 split = selector - 1;
    if (rice_is_raw(split)) {
        for (u32 i = 0; i < count; ++i) {
            refill(reader);
            mapped[i] = (u16)take(reader, RICE_PIXEL_BITS);
        }
        return true;
    }
    bool good = true;
    u32 i = 0;
    for (; i + 2 <= count; i += 2) {
        refill(reader);
        good &= take_code(reader, split, mapped[i]);
        good &= take_code(reader, split, mapped[i + 1]);
    }
    if (i < count) {
        refill(reader);
        good &= take_code(reader, split, mapped[i]);
    }
    return good;
}

SKY_FN u32 add_up(const u16* mapped, u32 count, u32 pixel, u16* pixels) {
    u16 difference[RICE_BLOCK];
    for (u32 i = 0; i < RICE_BLOCK; ++i) difference[i] = (u16)rice_difference(mapped[i]);
    for (u32 i = 0; i < count; ++i) {
        pixel += difference[i];
        pixels[i] = (u16)pixel;
    }
    return pixel;
}

const char* decode_row(const u8* from, i64 readable, i64 size, i64 width, u16* pixels) {
    BitReader reader = {from, 0, readable, 0, 0};
    refill(reader);
    u32 pixel = stored_value(take(reader, RICE_PIXEL_BITS));
    alignas(64) u16 mapped[RICE_BLOCK] = {};
    for (i64 x = 0; x < width; x += RICE_BLOCK) {
        const u32 count = width - x < (i64)RICE_BLOCK ? (u32)(width - x) : RICE_BLOCK;
        const bool good = count == RICE_BLOCK ? take_block(reader, mapped, RICE_BLOCK) : take_block(reader, mapped, count);
        if (bits_taken(reader) > size * 8) return "ends before its last pixel";
        if (!good) return "holds a difference beyond 16 bits";
        pixel = add_up(mapped, count, pixel, pixels + x);
    }
    return (bits_taken(reader) + 7) / 8 == size ? nullptr : "goes on after its last pixel";
}

RowFault decode(const u8* from, const u8* end, const i32* sizes, i64 width, i64 rows, u16* pixels) {
    for (i64 y = 0; y < rows; ++y) {
        const char* const what = decode_row(from, end - from, sizes[y], width, pixels + y * width);
        if (what) return RowFault{y, what};
        from += sizes[y];
    }
    return RowFault{-1, nullptr};
}

}  // namespace

extern const CodecKernels SKY_JOIN(codec_kernels_, SKYFORGE_ISA);
const CodecKernels SKY_JOIN(codec_kernels_, SKYFORGE_ISA) = {
    SKY_STRING(SKYFORGE_ISA), to_words, from_words, word_sum, encode, decode,
};

}  // namespace skyforge
