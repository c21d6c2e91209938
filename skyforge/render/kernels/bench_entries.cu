// What a device can do at best, for the benchmarks: memory copied, multiply-adds issued, random words drawn.
#include "entry.h"
#include "philox.h"

namespace skyforge {

struct Sixteen {
    u64 low, high;
};

struct CopyArguments {
    const Sixteen* from;
    Sixteen* to;
    u64 count;
};

SKY_ENTRY(bench_copy, CopyArguments) {
    const u64 i = (u64)blockIdx.x * (u64)BLOCK_THREADS + (u64)threadIdx.x;
    if (i < arguments.count) arguments.to[i] = arguments.from[i];
}

struct WorkArguments {
    u32* out;  // [threads], so that no work can be left out
    u32 rounds;
};

// Eight chains a thread, so that none waits for the one before: 8 multiply-adds a round.
SKY_ENTRY(bench_multiply_adds, WorkArguments) {
    const u64 i = (u64)blockIdx.x * (u64)BLOCK_THREADS + (u64)threadIdx.x;
    const float factor = 0.999f + (float)(threadIdx.x & 1u) * 0.0005f;
    float sums[8];
#if SKY_ON_GPU
#pragma unroll
#endif
    for (i32 k = 0; k < 8; ++k) sums[k] = (float)k;
    for (u32 round = 0; round < arguments.rounds; ++round) {
#if SKY_ON_GPU
#pragma unroll
#endif
        for (i32 k = 0; k < 8; ++k) sums[k] = fused(sums[k], factor, 1.0f);
    }
    float sum = 0.0f;
    for (i32 k = 0; k < 8; ++k) sum += sums[k];
    arguments.out[i] = float_bits(sum);
}

// A block of four random words a round.
SKY_ENTRY(bench_random_words, WorkArguments) {
    const u64 i = (u64)blockIdx.x * (u64)BLOCK_THREADS + (u64)threadIdx.x;
    u32 mixed = 0u;
    for (u32 round = 0; round < arguments.rounds; ++round) {
        const RandomWords words = philox((u32)i, round, 0u, 0u, arguments.rounds, 2u);
        mixed ^= words.a ^ words.b ^ words.c ^ words.d;
    }
    arguments.out[i] = mixed;
}

}  // namespace skyforge
