// What is drawn, as plain arrays that a CPU or a GPU can read: sources, and the bank of point spread functions.
#pragma once
#include "portable.h"

namespace skyforge {

struct SourceArrays {
    u64 count;
    const double *x_start, *y_start, *x_end, *y_end;  // pixels
    const float* electrons;
    const i32* psf;
};

// A pixel-integrated point spread function on a grid of sub-pixel phases: for each of (2^phase_bits + 1)^2 phases a
// square of (2 half_width)^2 pixels, [phase y][phase x][pixel y][pixel x].
struct Stamp {
    u64 first_sample;
    i32 half_width;
    i32 phase_bits;
};

struct StampTables {
    const float* samples;
    const Stamp* stamps;
};

struct HaloTap {
    i32 row, column;  // of the node that gives, relative to the node that receives
    float weight;
};

const i32 TRAIL_RULES = 4;  // Gauss-Legendre rules of 1, 2, 4 and 8 nodes

// A bank of point spread functions. Each has classes in order of brightness; a class names the stamps that are drawn,
// and how much of the flux the halo carries, beginning at which level.
struct BankArrays {
    StampTables tables;
    const double* panel_lengths;     // [stamp][rule], pixels
    const i32* first_class;          // [psf + 1]
    const i32* first_trail_class;    // [psf]
    const double* class_electrons;   // the brightest source of each class
    const i32* first_class_stamp;    // [class + 1]
    const i32* class_stamps;
    const i32* class_halo_level;     // -1: none
    const double* class_halo_fraction;
    const i32* first_tap;            // [level + 1]
    const HaloTap* taps;
    i32 halo_levels;                 // 0: no halo
    i32 halo_spacing_bits;           // of level 0
};

}  // namespace skyforge
