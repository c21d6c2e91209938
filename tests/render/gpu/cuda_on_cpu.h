// What CUDA gives to device code, for g++: the very files that NVRTC compiles, run thread by thread on a CPU.
//
// Included before any of them. Every thread of a block is a fiber that runs until a barrier; see cuda_on_cpu.cpp. Only
// what is exact and gives the same in any order is here: no atomicAdd of floats, no fast mathematics, no __activemask.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>

#define __CUDACC__ 1
#define __CUDA_ARCH__ 900
#define __device__ __attribute__((unused))
#define __host__
#define __constant__ const
#define __global__ __attribute__((used))
// Filled with rubbish before every block, so that nobody reads what nobody wrote.
#define __shared__ static __attribute__((section("sky_shared")))
#undef __forceinline__
#define __forceinline__ inline __attribute__((always_inline))
#undef __noinline__
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __grid_constant__
#define __align__(n) __attribute__((aligned(n)))

struct dim3 {
    unsigned int x, y, z;
};
struct uint3 {
    unsigned int x, y, z;
};

#define SKY_VECTOR(type, name, align2, align4)                                                       \
    struct __attribute__((aligned(align2))) name##2 { type x, y; };                                  \
    struct __attribute__((aligned(align4))) name##4 { type x, y, z, w; };                            \
    static inline name##2 make_##name##2(type x, type y) { return name##2{x, y}; }                   \
    static inline name##4 make_##name##4(type x, type y, type z, type w) { return name##4{x, y, z, w}; }
SKY_VECTOR(int, int, 8, 16)
SKY_VECTOR(unsigned int, uint, 8, 16)
SKY_VECTOR(float, float, 8, 16)
SKY_VECTOR(unsigned short, ushort, 4, 8)
SKY_VECTOR(unsigned char, uchar, 2, 4)
SKY_VECTOR(double, double, 16, 16)
SKY_VECTOR(unsigned long long, ulonglong, 16, 16)
#undef SKY_VECTOR

extern uint3 threadIdx, blockIdx;
extern dim3 blockDim, gridDim;
const int warpSize = 32;

namespace cuda_on_cpu {

typedef unsigned long long Word;

enum class Meeting { block, block_or, block_and, block_count, warp, shuffle, shuffle_up, shuffle_down, shuffle_xor, ballot,
                     any, all, match_any, reduce_add, reduce_min, reduce_max, reduce_and, reduce_or, reduce_xor };

// Waits until everyone else is there; `operand` is a lane, a distance or a predicate.
Word meet(Meeting meeting, unsigned mask, Word value, Word operand, int width, const char* file, int line);

void declare_entry(const char* name, const char* structure, std::size_t bytes, unsigned threads,
                   void (*run)(const void* arguments));

template <typename T> Word to_word(T value) {
    static_assert(sizeof(T) <= sizeof(Word), "a lane exchanges at most 64 bits");
    Word word = 0;
    std::memcpy(&word, &value, sizeof value);
    return word;
}
template <typename T> T from_word(Word word) {
    T value;
    std::memcpy(&value, &word, sizeof value);
    return value;
}

}  // namespace cuda_on_cpu

#define SKY_DECLARE_ENTRY(name, Arguments, threads)                                                                   \
    extern "C" void name(const Arguments);                                                                            \
    static void sky_run_##name(const void* arguments) { name(*static_cast<const Arguments*>(arguments)); }            \
    __attribute__((constructor)) static void sky_declare_##name() {                                                   \
        cuda_on_cpu::declare_entry(#name, #Arguments, sizeof(Arguments), threads, sky_run_##name);                    \
    }

// Barriers ------------------------------------------------------------------------------------------------------------
#define SKY_HERE const char* file = __builtin_FILE(), int line = __builtin_LINE()
#define SKY_MEET(kind, mask, value, operand, width) \
    cuda_on_cpu::meet(cuda_on_cpu::Meeting::kind, mask, value, operand, width, file, line)

static inline void __syncthreads(SKY_HERE) { SKY_MEET(block, 0, 0, 0, 0); }
static inline int __syncthreads_or(int p, SKY_HERE) { return (int)SKY_MEET(block_or, 0, 0, p != 0, 0); }
static inline int __syncthreads_and(int p, SKY_HERE) { return (int)SKY_MEET(block_and, 0, 0, p != 0, 0); }
static inline int __syncthreads_count(int p, SKY_HERE) { return (int)SKY_MEET(block_count, 0, 0, p != 0, 0); }
static inline void __syncwarp(unsigned mask = 0xFFFFFFFFu, SKY_HERE) { SKY_MEET(warp, mask, 0, 0, 0); }
static inline void __threadfence() {}
static inline void __threadfence_block() {}

// Within a warp -------------------------------------------------------------------------------------------------------
#define SKY_SHUFFLE(function, kind, Operand)                                                                      \
    template <typename T> static inline T function(unsigned mask, T value, Operand operand, int width = 32, SKY_HERE) { \
        return cuda_on_cpu::from_word<T>(                                                                         \
            SKY_MEET(kind, mask, cuda_on_cpu::to_word(value), (cuda_on_cpu::Word)(long long)operand, width));     \
    }
SKY_SHUFFLE(__shfl_sync, shuffle, int)
SKY_SHUFFLE(__shfl_up_sync, shuffle_up, unsigned)
SKY_SHUFFLE(__shfl_down_sync, shuffle_down, unsigned)
SKY_SHUFFLE(__shfl_xor_sync, shuffle_xor, int)
#undef SKY_SHUFFLE

static inline unsigned __ballot_sync(unsigned mask, int p, SKY_HERE) {
    return (unsigned)SKY_MEET(ballot, mask, 0, p != 0, 0);
}
static inline int __any_sync(unsigned mask, int p, SKY_HERE) { return (int)SKY_MEET(any, mask, 0, p != 0, 0); }
static inline int __all_sync(unsigned mask, int p, SKY_HERE) { return (int)SKY_MEET(all, mask, 0, p != 0, 0); }
template <typename T> static inline unsigned __match_any_sync(unsigned mask, T value, SKY_HERE) {
    return (unsigned)SKY_MEET(match_any, mask, cuda_on_cpu::to_word(value), 0, 0);
}
#define SKY_REDUCE(function, kind, T)                                                          \
    static inline T function(unsigned mask, T value, SKY_HERE) {                               \
        return (T)(long long)SKY_MEET(kind, mask, (cuda_on_cpu::Word)(long long)value, 0, 0);  \
    }
SKY_REDUCE(__reduce_add_sync, reduce_add, unsigned)
SKY_REDUCE(__reduce_add_sync, reduce_add, int)
SKY_REDUCE(__reduce_min_sync, reduce_min, unsigned)
SKY_REDUCE(__reduce_min_sync, reduce_min, int)
SKY_REDUCE(__reduce_max_sync, reduce_max, unsigned)
SKY_REDUCE(__reduce_max_sync, reduce_max, int)
SKY_REDUCE(__reduce_and_sync, reduce_and, unsigned)
SKY_REDUCE(__reduce_or_sync, reduce_or, unsigned)
SKY_REDUCE(__reduce_xor_sync, reduce_xor, unsigned)
#undef SKY_REDUCE

// Atomics: a fiber is never interrupted, so plain reads and writes are atomic. For the types that CUDA has, and no others.
#define SKY_ATOMIC(function, T, expression)                      \
    static inline T function(T* address, T value) {              \
        const T old = *address;                                  \
        *address = (expression);                                 \
        return old;                                              \
    }
#define SKY_ATOMIC_INTEGERS(function, expression)    \
    SKY_ATOMIC(function, int, expression)            \
    SKY_ATOMIC(function, unsigned int, expression)   \
    SKY_ATOMIC(function, unsigned long long, expression)
SKY_ATOMIC(atomicAdd, int, (int)((unsigned)old + (unsigned)value))
SKY_ATOMIC(atomicAdd, unsigned int, old + value)
SKY_ATOMIC(atomicAdd, unsigned long long, old + value)
SKY_ATOMIC(atomicSub, int, (int)((unsigned)old - (unsigned)value))
SKY_ATOMIC(atomicSub, unsigned int, old - value)
SKY_ATOMIC_INTEGERS(atomicMax, old > value ? old : value)
SKY_ATOMIC_INTEGERS(atomicMin, old < value ? old : value)
SKY_ATOMIC(atomicMax, long long, old > value ? old : value)
SKY_ATOMIC(atomicMin, long long, old < value ? old : value)
SKY_ATOMIC_INTEGERS(atomicOr, old | value)
SKY_ATOMIC_INTEGERS(atomicAnd, old & value)
SKY_ATOMIC_INTEGERS(atomicXor, old ^ value)
SKY_ATOMIC_INTEGERS(atomicExch, value)
SKY_ATOMIC(atomicExch, float, value)
#undef SKY_ATOMIC_INTEGERS
#undef SKY_ATOMIC
#define SKY_SWAP(T)                                                     \
    static inline T atomicCAS(T* address, T compare, T value) {         \
        const T old = *address;                                         \
        if (old == compare) *address = value;                           \
        return old;                                                     \
    }
SKY_SWAP(int)
SKY_SWAP(unsigned int)
SKY_SWAP(unsigned long long)
SKY_SWAP(unsigned short)
#undef SKY_SWAP

// Integers ------------------------------------------------------------------------------------------------------------
static inline int __popc(unsigned a) { return __builtin_popcount(a); }
static inline int __popcll(unsigned long long a) { return __builtin_popcountll(a); }
static inline int __clz(int a) { return a ? __builtin_clz((unsigned)a) : 32; }
static inline int __clzll(long long a) { return a ? __builtin_clzll((unsigned long long)a) : 64; }
static inline int __ffs(int a) { return __builtin_ffs(a); }
static inline int __ffsll(long long a) { return __builtin_ffsll(a); }
static inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
static inline int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
static inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)(((unsigned __int128)a * b) >> 64);
}
static inline unsigned __byte_perm(unsigned a, unsigned b, unsigned selector) {
    const unsigned long long bytes = (unsigned long long)b << 32 | a;
    unsigned result = 0;
    for (int i = 0; i < 4; ++i) {
        const unsigned select = selector >> (4 * i) & 15u;
        unsigned byte = (unsigned)(bytes >> (8 * (select & 7u))) & 255u;
        if (select & 8u) byte = byte & 128u ? 255u : 0u;
        result |= byte << (8 * i);
    }
    return result;
}
static inline unsigned __brev(unsigned a) {
    unsigned result = 0;
    for (int i = 0; i < 32; ++i) result |= (a >> i & 1u) << (31 - i);
    return result;
}
static inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift) {
    return (unsigned)((((unsigned long long)high << 32 | low) << (shift & 31u)) >> 32);
}
static inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift) {
    return (unsigned)(((unsigned long long)high << 32 | low) >> (shift & 31u));
}

// Floating point, each rounded once -----------------------------------------------------------------------------------
#define SKY_CAST(function, To, From) \
    static inline To function(From a) { return cuda_on_cpu::from_word<To>(cuda_on_cpu::to_word(a)); }
SKY_CAST(__float_as_uint, unsigned, float)
SKY_CAST(__uint_as_float, float, unsigned)
SKY_CAST(__float_as_int, int, float)
SKY_CAST(__int_as_float, float, int)
SKY_CAST(__double_as_longlong, long long, double)
SKY_CAST(__longlong_as_double, double, long long)
#undef SKY_CAST
static inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
static inline double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
static inline float __fadd_rn(float a, float b) { return a + b; }
static inline float __fsub_rn(float a, float b) { return a - b; }
static inline float __fmul_rn(float a, float b) { return a * b; }
static inline float __fdiv_rn(float a, float b) { return a / b; }
static inline float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
static inline double __dadd_rn(double a, double b) { return a + b; }
static inline double __dsub_rn(double a, double b) { return a - b; }
static inline double __dmul_rn(double a, double b) { return a * b; }
static inline double __ddiv_rn(double a, double b) { return a / b; }
static inline double __dsqrt_rn(double a) { return __builtin_sqrt(a); }
static inline float __int2float_rn(int a) { return (float)a; }
static inline float __uint2float_rn(unsigned a) { return (float)a; }
static inline double __ll2double_rn(long long a) { return (double)a; }
// Of the mathematical functions only those that are exact.
extern "C" double floor(double), ceil(double), trunc(double), rint(double), fabs(double);
extern "C" float floorf(float), ceilf(float), truncf(float), rintf(float), fabsf(float);
static inline float floor(float a) { return __builtin_floorf(a); }
static inline float ceil(float a) { return __builtin_ceilf(a); }
static inline float trunc(float a) { return __builtin_truncf(a); }
static inline float rint(float a) { return __builtin_rintf(a); }
static inline float fabs(float a) { return __builtin_fabsf(a); }
static inline int __double2int_rd(double a) { return (int)floor(a); }
static inline int __float2int_rd(float a) { return (int)floor(a); }
static inline long long __double2ll_rd(double a) { return (long long)floor(a); }
template <typename T> static inline T __ldg(const T* address) { return *address; }

// min and max for the pairs of types that CUDA has; those of unlike types take the wider, unsigned before signed.
#define SKY_EXTREMES(R, A, B)                                                      \
    static inline R min(A a, B b) { return (R)a < (R)b ? (R)a : (R)b; }            \
    static inline R max(A a, B b) { return (R)a > (R)b ? (R)a : (R)b; }
SKY_EXTREMES(int, int, int)
SKY_EXTREMES(unsigned, unsigned, unsigned)
SKY_EXTREMES(unsigned, int, unsigned)
SKY_EXTREMES(unsigned, unsigned, int)
SKY_EXTREMES(long, long, long)
SKY_EXTREMES(unsigned long, unsigned long, unsigned long)
SKY_EXTREMES(long long, long long, long long)
SKY_EXTREMES(unsigned long long, unsigned long long, unsigned long long)
SKY_EXTREMES(unsigned long long, long long, unsigned long long)
SKY_EXTREMES(unsigned long long, unsigned long long, long long)
#undef SKY_EXTREMES
static inline float min(float a, float b) { return __builtin_fminf(a, b); }
static inline float max(float a, float b) { return __builtin_fmaxf(a, b); }
static inline double min(double a, double b) { return __builtin_fmin(a, b); }
static inline double max(double a, double b) { return __builtin_fmax(a, b); }
