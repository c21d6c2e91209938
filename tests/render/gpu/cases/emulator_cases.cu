// Kernels to try the emulator with: some do what a GPU does, and some what a GPU forbids.
#include "entry.h"

namespace skyforge {

struct CaseArguments {
    u32* out;
    const u32* in;
    u32 count;
};

// What a GPU does -----------------------------------------------------------------------------------------------------

// The sum of a block in its first word, by shuffles, shared memory and barriers; the sum of all in out[gridDim.x].
SKY_ENTRY(case_sum, CaseArguments) {
    __shared__ u32 sums[BLOCK_THREADS / WARP_THREADS];
    const u32 i = blockIdx.x * BLOCK_THREADS + threadIdx.x, lane = threadIdx.x % WARP_THREADS;
    u32 value = i < arguments.count ? arguments.in[i] : 0u;
    for (u32 distance = WARP_THREADS / 2; distance > 0; distance /= 2)
        value += __shfl_down_sync(WHOLE_WARP, value, distance);
    if (lane == 0) sums[threadIdx.x / WARP_THREADS] = value;
    __syncthreads();
    if (threadIdx.x < WARP_THREADS) {
        value = lane < BLOCK_THREADS / WARP_THREADS ? sums[lane] : 0u;
        value = __reduce_add_sync(WHOLE_WARP, value);
        if (lane == 0) {
            arguments.out[blockIdx.x] = value;
            atomicAdd(&arguments.out[gridDim.x], value);
        }
    }
}

// Twelve words for each thread: what each function for warps and blocks gives.
SKY_ENTRY(case_functions, CaseArguments) {
    const u32 lane = threadIdx.x % WARP_THREADS, value = arguments.in[threadIdx.x];
    u32* out = arguments.out + 12u * threadIdx.x;
    out[0] = __shfl_sync(WHOLE_WARP, value, (i32)(lane * 7u));
    out[1] = __shfl_up_sync(WHOLE_WARP, value, 3u, 8);
    out[2] = __shfl_down_sync(WHOLE_WARP, value, 5u, 16);
    out[3] = __shfl_xor_sync(WHOLE_WARP, value, 21);
    out[4] = __ballot_sync(WHOLE_WARP, (value & 1u) != 0u);
    out[5] = (u32)__any_sync(WHOLE_WARP, value > 1000u) | (u32)__all_sync(WHOLE_WARP, value > 0u) << 1;
    out[6] = (u32)__syncthreads_count(value > 500u);
    out[7] = (u32)__syncthreads_or(value == 4242u) | (u32)__syncthreads_and(value != 4242u) << 1;
    out[8] = __match_any_sync(WHOLE_WARP, value & 3u);
    out[9] = __reduce_max_sync(WHOLE_WARP, value);
    out[10] = (u32)__reduce_min_sync(WHOLE_WARP, (i32)value - 500);
    // Two halves of a warp that meet apart from each other.
    const u32 half = lane < 16u ? 0x0000FFFFu : 0xFFFF0000u;
    if (lane < 16u)
        out[11] = __shfl_xor_sync(half, value, 1);
    else
        out[11] = __shfl_xor_sync(half, value, 2);
}

// Bits of integers and floats, as instructions have them.
SKY_ENTRY(case_bits, CaseArguments) {
    const u32 a = arguments.in[threadIdx.x], b = arguments.in[(threadIdx.x + 1u) % BLOCK_THREADS];
    u32* out = arguments.out + 10u * threadIdx.x;
    out[0] = (u32)__popc(a);
    out[1] = (u32)__clz((i32)a);
    out[2] = (u32)__ffs((i32)a);
    out[3] = __umulhi(a, b);
    out[4] = __byte_perm(a, b, 0x3175u);
    out[5] = __brev(a);
    out[6] = __funnelshift_l(a, b, 9u);
    out[7] = __funnelshift_r(a, b, 41u);
    out[8] = __float_as_uint(__fmaf_rn(__uint_as_float(0x3F800000u | a >> 9), 1.25f, -0.75f));
    out[9] = (u32)min((i32)a, 7) ^ max(a, b);
}

// What a GPU leaves undefined ------------------------------------------------------------------------------------------

SKY_ENTRY(case_race, CaseArguments) {
    __shared__ u32 buffer[BLOCK_THREADS];
    buffer[threadIdx.x] = threadIdx.x;
    arguments.out[threadIdx.x] = buffer[BLOCK_THREADS - 1 - threadIdx.x];  // no barrier before
}

SKY_ENTRY(case_unwritten, CaseArguments) {
    __shared__ u32 buffer[BLOCK_THREADS];
    if (threadIdx.x > 0) buffer[threadIdx.x] = threadIdx.x;
    __syncthreads();
    arguments.out[threadIdx.x] = buffer[threadIdx.x];  // nobody wrote the first
}

SKY_ENTRY(case_some_are_gone, CaseArguments) {
    if (threadIdx.x >= 200) return;
    __syncthreads();
    arguments.out[threadIdx.x] = 1u;
}

SKY_ENTRY(case_two_barriers, CaseArguments) {
    if (threadIdx.x & 64u)
        __syncthreads();
    else
        __syncthreads();
    arguments.out[threadIdx.x] = 1u;
}

SKY_ENTRY(case_lane_missing, CaseArguments) {
    if (threadIdx.x == 37) return;
    arguments.out[threadIdx.x] = __ballot_sync(WHOLE_WARP, 1);
}

SKY_ENTRY(case_lane_not_asked, CaseArguments) {
    if (threadIdx.x % WARP_THREADS < 8) arguments.out[threadIdx.x] = __shfl_sync(0xFFu, threadIdx.x, 9);
}

SKY_ENTRY(case_behind_the_end, CaseArguments) { arguments.out[threadIdx.x + 16] = 1u; }

SKY_ENTRY(case_just_behind_the_end, CaseArguments) {
    if (threadIdx.x <= arguments.count) arguments.out[threadIdx.x] = 1u;  // < was meant
}

SKY_ENTRY(case_stack, CaseArguments) {
    volatile u32 much[65536];
    for (u32 i = 0; i < 65536u; ++i) much[i] = i;
    arguments.out[threadIdx.x] = much[threadIdx.x];
}

}  // namespace skyforge
