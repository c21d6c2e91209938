// What differs between a CPU and a GPU compiler, and nothing else.
//
// The kernels use only + - * / sqrt, integers and an explicit fused multiply-add, each of which IEEE 754 defines to the
// last bit; so every compiler gives the same pixels, provided that it is told neither to contract nor to reassociate.
#pragma once

#if defined(__CUDACC__) || defined(__CUDACC_RTC__)
#define SKY_ON_GPU 1
#define SKY_FN __device__ __forceinline__
#define SKY_MEMBER __device__ __forceinline__  // a member function
#define SKY_TABLE static __device__ const
#define SKY_VECTORISE
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;
typedef unsigned short u16;
#else
#define SKY_ON_GPU 0
#include <stdint.h>
#include <string.h>
#define SKY_FN static inline __attribute__((always_inline))
#define SKY_TABLE static const
#define SKY_VECTORISE _Pragma("omp simd")
typedef int32_t i32;
typedef uint32_t u32;
typedef int64_t i64;
typedef uint64_t u64;
typedef uint16_t u16;
#endif

namespace skyforge {

SKY_FN u32 high_product(u32 a, u32 b) {
#if SKY_ON_GPU
    return __umulhi(a, b);
#else
    return (u32)(((u64)a * (u64)b) >> 32);
#endif
}

SKY_FN u32 float_bits(float a) {
#if SKY_ON_GPU
    return __float_as_uint(a);
#else
    u32 bits;
    memcpy(&bits, &a, sizeof bits);
    return bits;
#endif
}

SKY_FN float bits_float(u32 bits) {
#if SKY_ON_GPU
    return __uint_as_float(bits);
#else
    float a;
    memcpy(&a, &bits, sizeof a);
    return a;
#endif
}

// a * b + c, rounded once.
SKY_FN float fused(float a, float b, float c) {
#if SKY_ON_GPU
    return __fmaf_rn(a, b, c);
#elif defined(__FMA__) || defined(__aarch64__)
    return __builtin_fmaf(a, b, c);
#else
    // The product of two floats is exact in double. The sum is rounded to odd, so that rounding it a second time, to
    // float, gives what a single rounding would have (Boldo and Melquiond 2008, IEEE Trans. Comput. 57, 462).
    double product = (double)a * (double)b, addend = (double)c, sum = product + addend;
    double part = sum - product, error = (product - (sum - part)) + (addend - part);
    u64 bits, error_bits;
    memcpy(&bits, &sum, sizeof bits);
    memcpy(&error_bits, &error, sizeof error_bits);
    const u64 magnitude = error_bits << 1, inexact = (magnitude | (0 - magnitude)) >> 63;
    const u64 inward = (error_bits ^ bits) >> 63;  // the exact sum is nearer to zero
    bits += (inexact & ~bits) * (1 - 2 * inward);
    memcpy(&sum, &bits, sizeof sum);
    return (float)sum;
#endif
}

SKY_FN float square_root(float a) {
#if SKY_ON_GPU
    return __fsqrt_rn(a);
#else
    return __builtin_sqrtf(a);
#endif
}

SKY_FN float quotient(float a, float b) {
#if SKY_ON_GPU
    return __fdiv_rn(a, b);
#else
    return a / b;
#endif
}

SKY_FN double square_root(double a) {
#if SKY_ON_GPU
    return __dsqrt_rn(a);
#else
    return __builtin_sqrt(a);
#endif
}

SKY_FN double quotient(double a, double b) {
#if SKY_ON_GPU
    return __ddiv_rn(a, b);
#else
    return a / b;
#endif
}

SKY_FN double round_down(double a) {
#if SKY_ON_GPU
    return ::floor(a);
#else
    return __builtin_floor(a);
#endif
}

SKY_FN double round_up(double a) { return -round_down(-a); }

// 2^exponent, for exponents of normal numbers.
SKY_FN double power_of_two(i32 exponent) {
    const u64 bits = (u64)(exponent + 1023) << 52;
#if SKY_ON_GPU
    return __longlong_as_double((i64)bits);
#else
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
#endif
}

// Add to a sum that other threads add to; integers add up to the same in any order.
SKY_FN void add_shared(i64* sum, i64 amount) {
#if SKY_ON_GPU
    atomicAdd((u64*)sum, (u64)amount);
#else
    __atomic_fetch_add(sum, amount, __ATOMIC_RELAXED);
#endif
}

// The greatest integer that is not above a; |a| < 2^31.
SKY_FN i32 floor_to_int(float a) {
    i32 whole = (i32)a;
    return whole - ((float)whole > a ? 1 : 0);
}

SKY_FN i32 floor_to_int(double a) {
    i32 whole = (i32)a;
    return whole - ((double)whole > a ? 1 : 0);
}

SKY_FN i32 smaller(i32 a, i32 b) { return a < b ? a : b; }
SKY_FN i32 larger(i32 a, i32 b) { return a > b ? a : b; }

// Who does the work on a tile: one CPU thread alone, or one of the threads of a GPU block. Columns belong to lanes and
// rows to crews, so that a pixel is always summed by the same thread and in catalogue order.
struct Team {
    i32 thread, threads;
    i32 lane, lanes;
    i32 crew, crews;
};

// The first index that is not below `low` and belongs to member `me` of `count`.
SKY_FN i32 first_owned(i32 low, i32 me, i32 count) {
    i32 rest = (me - low) % count;
    return low + (rest < 0 ? rest + count : rest);
}

}  // namespace skyforge
