// How a kernel is entered from the host: one structure of arguments, passed by value, and blocks of a known size.
//
//     struct ExposeArguments { ... };                          // pointers into the device's memory, numbers, structures of them
//     SKY_ENTRY(expose_image, ExposeArguments) { ... }         // reads `arguments`; blocks of BLOCK_THREADS threads
//
// Memory that the threads of a block share is static (`__shared__ float buffer[N];`), so that a launch is no more than a
// name, a number of blocks and the structure. Its layout is stated a second time in Python; the tests hold one to the other.
#pragma once
#include "portable.h"

namespace skyforge {

const i32 BLOCK_THREADS = 256;
const i32 WARP_THREADS = 32;
const u32 WHOLE_WARP = 0xFFFFFFFFu;

}  // namespace skyforge

// For who runs the entries otherwise than a GPU does, and must know of them.
#ifndef SKY_DECLARE_ENTRY
#define SKY_DECLARE_ENTRY(name, Arguments, threads)
#endif

#define SKY_ENTRY_OF(name, Arguments, threads)  \
    SKY_DECLARE_ENTRY(name, Arguments, threads) \
    extern "C" __global__ void __launch_bounds__(threads, (threads) < 768 ? 768 / (threads) : 1) name(const __grid_constant__ Arguments arguments)

#define SKY_ENTRY(name, Arguments) SKY_ENTRY_OF(name, Arguments, 256)
