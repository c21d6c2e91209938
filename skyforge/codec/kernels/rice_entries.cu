// RICE_1 on a GPU: rows into a scratch of equal strides, where each ends up, and all of them end to end.
#include "entry.h"
#include "rice.h"

#if defined(__CUDACC_RTC__) || defined(__NVCC__)
#define SKY_UNROLL _Pragma("unroll")
#else
#define SKY_UNROLL
#endif

namespace skyforge {

const i32 RICE_WARPS = BLOCK_THREADS / WARP_THREADS;
// A block of threads codes so many blocks of pixels at a time, each warp its share; 4096 pixels.
const i32 RICE_WARP_BLOCKS = 16, RICE_CHUNK_BLOCKS = RICE_WARPS * RICE_WARP_BLOCKS;
// Their bits at worst, after up to 31 from before and a row's first pixel; and the word that the last may spill into.
const i32 RICE_CHUNK_WORDS = 2 + (31 + 16 + RICE_CHUNK_BLOCKS * (4 + 16 * 32)) / 32;

// Sets bits that are still zero; length <= 16.
SKY_FN void put_bits(u32* words, u32 at, u32 value, u32 length) {
    const u32 end = (at & 31u) + length;
    u32* const word = words + (at >> 5);
    if (end <= 32u) {
        atomicOr(word, value << (32u - end));
    } else {
        atomicOr(word, value >> (end - 32u));
        atomicOr(word + 1, value << (64u - end));
    }
}

// The sum of the values of all lanes below, and of all.
SKY_FN u32 sum_before(u32 value, i32 lane, u32& total) {
    u32 sum = value;
    for (i32 distance = 1; distance < WARP_THREADS; distance *= 2) {
        const u32 other = __shfl_up_sync(WHOLE_WARP, sum, (u32)distance);
        if (lane >= distance) sum += other;
    }
    total = __shfl_sync(WHOLE_WARP, sum, WARP_THREADS - 1);
    return sum - value;
}

SKY_FN u32 warp_sum(u32 value) {
    for (i32 distance = WARP_THREADS / 2; distance > 0; distance /= 2)
        value += __shfl_xor_sync(WHOLE_WARP, value, distance);
    return value;
}

// What a lane remembers of its pixel between the two passes: selector of the block, bits of the lanes before, difference.
SKY_FN u32 rice_note(u32 selector, u32 before, u32 mapped) { return selector << 26 | before << 16 | mapped; }

// First pass over one block of pixels, a lane a pixel; `bits` is what the block takes.
SKY_FN u32 measure_block(const u16* row, i32 width, i32 first, i32 lane, u32& bits) {
    const i32 x = first + lane, count = smaller(width - first, (i32)RICE_BLOCK);
    bits = 0;
    if (count <= 0) return 0;
    const u32 pixel = x < width ? row[x] : 0;
    u32 before = __shfl_up_sync(WHOLE_WARP, pixel, 1u);
    if (lane == 0) before = first > 0 ? row[first - 1] : pixel;
    const u32 mapped = x < width ? rice_mapped(pixel, before) : 0u;
    const u32 sum = warp_sum(mapped), split = rice_split(sum, (u32)count), selector = rice_selector(split, sum);
    u32 length = 0, total;
    if (x < width && sum > 0) length = rice_is_raw(split) ? RICE_PIXEL_BITS : rice_length(mapped, split);
    const u32 lanes_before = sum_before(length, lane, total);
    bits = RICE_SELECTOR_BITS + total;
    return rice_note(selector, lanes_before, mapped);
}

// Second pass: the selector, which starts at bit `at`, and each lane's code.
SKY_FN void write_block(u32* words, u32 at, u32 note, bool has_pixel, i32 lane) {
    const u32 selector = note >> 26, before = note >> 16 & 0x3FFu, mapped = note & 0xFFFFu;
    if (selector == 0) return;
    if (lane == 0) put_bits(words, at, selector, RICE_SELECTOR_BITS);
    if (!has_pixel) return;
    const u32 split = selector - 1u, start = at + RICE_SELECTOR_BITS + before;
    if (rice_is_raw(split))
        put_bits(words, start, mapped, RICE_PIXEL_BITS);
    else
        put_bits(words, start + (mapped >> split), rice_code(mapped, split), split + 1u);
}

// Bits of a chunk's blocks become where they start; one warp. Returns where the last ends.
SKY_FN u32 start_blocks(u32* block_bits, u32 start, i32 lane) {
    const i32 share = RICE_CHUNK_BLOCKS / WARP_THREADS;
    u32 own = 0, total;
    for (i32 k = 0; k < share; ++k) own += block_bits[lane * share + k];
    u32 at = start + sum_before(own, lane, total);
    for (i32 k = 0; k < share; ++k) {
        const u32 bits = block_bits[lane * share + k];
        block_bits[lane * share + k] = at;
        at += bits;
    }
    return start + total;
}

// Whole words of a chunk go to memory, most significant byte first; what is left of the last is where the next begins.
SKY_FN void flush_words(u32* words, u32 count, u32* to, i32 thread) {
    for (u32 k = (u32)thread; k < count; k += BLOCK_THREADS) {
        to[k] = swapped_word(words[k]);
        words[k] = 0;
    }
    if (thread == 0 && count > 0) {
        const u32 rest = words[count];
        words[count] = 0;
        words[0] = rest;
    }
}

struct RiceRowsArguments {
    const u16* pixels;  // [row][x]: the rows of all frames
    u32* scratch;       // [row][stride_words]
    i32* sizes;         // bytes of each row
    u64 rows;
    i32 width;
    u32 stride_words;  // rice_row_bound(width) bytes at least
};

// A block of threads a row.
SKY_ENTRY(rice_rows, RiceRowsArguments) {
    __shared__ u32 words[RICE_CHUNK_WORDS];
    __shared__ u32 block_bits[RICE_CHUNK_BLOCKS];
    __shared__ u32 chunk_end;
    const u64 y = blockIdx.x;
    if (y >= arguments.rows) return;
    const i32 thread = (i32)threadIdx.x, lane = thread % WARP_THREADS, warp = thread / WARP_THREADS;
    const i32 width = arguments.width;
    const u16* const row = arguments.pixels + y * (u64)width;
    u32* to = arguments.scratch + y * (u64)arguments.stride_words;
    for (i32 k = thread; k < RICE_CHUNK_WORDS; k += BLOCK_THREADS) words[k] = 0;
    __syncthreads();
    if (thread == 0) put_bits(words, 0, stored_value(row[0]), RICE_PIXEL_BITS);
    u32 at = RICE_PIXEL_BITS;
    for (i32 chunk = 0; chunk < width; chunk += RICE_CHUNK_BLOCKS * (i32)RICE_BLOCK) {
        u32 notes[RICE_WARP_BLOCKS];
        SKY_UNROLL
        for (i32 k = 0; k < RICE_WARP_BLOCKS; ++k) {
            const i32 block = k * RICE_WARPS + warp;
            u32 bits;
            notes[k] = measure_block(row, width, chunk + block * (i32)RICE_BLOCK, lane, bits);
            if (lane == 0) block_bits[block] = bits;
        }
        __syncthreads();
        if (warp == 0) {
            const u32 end = start_blocks(block_bits, at, lane);
            if (lane == 0) chunk_end = end;
        }
        __syncthreads();
        SKY_UNROLL
        for (i32 k = 0; k < RICE_WARP_BLOCKS; ++k) {
            const i32 block = k * RICE_WARPS + warp, x = chunk + block * (i32)RICE_BLOCK + lane;
            write_block(words, block_bits[block], notes[k], x < width, lane);
        }
        at = chunk_end;
        __syncthreads();
        flush_words(words, at / 32u, to, thread);
        to += at / 32u;
        at %= 32u;
        __syncthreads();
    }
    if (thread == 0) {
        if (at > 0) to[0] = swapped_word(words[0]);
        const u64 whole = (u64)(to - (arguments.scratch + y * (u64)arguments.stride_words));
        arguments.sizes[y] = (i32)(4u * whole + (at + 7u) / 8u);
    }
}

struct RiceOffsetsArguments {
    const i32* sizes;
    u64* offsets;  // rows + 1 of them; the last is where all end
    u64 rows;
};

const i32 RICE_SIZES_A_THREAD = 16;

// One block of threads, from one stretch of rows to the next.
SKY_ENTRY(rice_offsets, RiceOffsetsArguments) {
    __shared__ u64 warp_totals[RICE_WARPS];
    const i32 thread = (i32)threadIdx.x, lane = thread % WARP_THREADS, warp = thread / WARP_THREADS;
    u64 start = 0;
    for (u64 stretch = 0; stretch < arguments.rows; stretch += BLOCK_THREADS * RICE_SIZES_A_THREAD) {
        const u64 first = stretch + (u64)(thread * RICE_SIZES_A_THREAD);
        u64 own = 0;
        for (i32 k = 0; k < RICE_SIZES_A_THREAD; ++k)
            if (first + (u64)k < arguments.rows) own += (u64)arguments.sizes[first + (u64)k];
        u64 sum = own;
        for (i32 distance = 1; distance < WARP_THREADS; distance *= 2) {
            const u64 other = __shfl_up_sync(WHOLE_WARP, sum, (u32)distance);
            if (lane >= distance) sum += other;
        }
        if (lane == WARP_THREADS - 1) warp_totals[warp] = sum;
        __syncthreads();
        u64 at = start + sum - own;
        for (i32 k = 0; k < RICE_WARPS; ++k) {
            if (k < warp) at += warp_totals[k];
            start += warp_totals[k];
        }
        for (i32 k = 0; k < RICE_SIZES_A_THREAD; ++k)
            if (first + (u64)k < arguments.rows) {
                arguments.offsets[first + (u64)k] = at;
                at += (u64)arguments.sizes[first + (u64)k];
            }
        __syncthreads();
    }
    if (thread == 0) arguments.offsets[arguments.rows] = start;
}

struct RiceGatherArguments {
    const u32* scratch;
    const i32* sizes;
    const u64* offsets;
    u32* heap;  // room for offsets[rows] bytes, rounded up to whole words
    u64* sums;  // a frame's: zero before; the sum of the heap's words with its bytes alone in them, most significant byte first
    u64 rows;
    u32 stride_words;
    u32 frame_rows;
};

SKY_FN u64 place_byte(unsigned char* heap, u64 at, u32 octet) {
    heap[at] = (unsigned char)octet;
    return (u64)octet << (24u - 8u * (u32)(at & 3u));
}

// Words of a row in the heap, each from two of the scratch; bytes before the first and after the last one by one.
SKY_FN u64 gather_row(const u32* row, u64 size, u32* heap, u64 offset, i32 lane) {
    u64 head = (4u - (offset & 3u)) & 3u;
    if (head > size) head = size;
    const u64 count = (size - head) / 4u, tail = head + 4u * count;
    unsigned char* const octets = (unsigned char*)heap;
    const u32 shift = 8u * (u32)head;
    u32* const to = heap + (offset + head) / 4u;
    u64 sum = 0;
    for (u64 k = (u64)lane; k < count; k += WARP_THREADS) {
        u32 word = row[k];
        if (shift) word = word >> shift | row[k + 1] << (32u - shift);
        to[k] = word;
        sum += swapped_word(word);
    }
    const u64 loose = (u64)lane < head ? (u64)lane : tail + (u64)lane - head;
    if (loose < size && (u64)lane < head + (size - tail))
        sum += place_byte(octets, offset + loose, row[loose / 4u] >> (8u * (u32)(loose & 3u)) & 0xFFu);
    return sum;
}

// A warp a row.
SKY_ENTRY(rice_gather, RiceGatherArguments) {
    const i32 lane = (i32)threadIdx.x % WARP_THREADS;
    const u64 y = (u64)blockIdx.x * (u64)RICE_WARPS + (u64)((i32)threadIdx.x / WARP_THREADS);
    if (y >= arguments.rows) return;
    u64 sum = gather_row(arguments.scratch + y * (u64)arguments.stride_words, (u64)arguments.sizes[y], arguments.heap,
                         arguments.offsets[y], lane);
    for (i32 distance = WARP_THREADS / 2; distance > 0; distance /= 2) sum += __shfl_xor_sync(WHOLE_WARP, sum, distance);
    if (lane == 0) atomicAdd(arguments.sums + y / arguments.frame_rows, sum);
}

}  // namespace skyforge
