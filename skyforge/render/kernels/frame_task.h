// One frame of a launch: what is drawn, and the memory that planning and drawing it needs.
#pragma once
#include "bank.h"
#include "detector.h"
#include "halo.h"
#include "planning.h"
#include "scene.h"

namespace skyforge {

// Items by tile. They are counted, given a place each in whatever order threads come, and sorted by their keys, which
// follow the catalogue; so every tile draws in catalogue order, as a CPU does.
struct TileLists {
    u32* counts;   // [tiles], zero at first
    u32* filled;   // [tiles], zero at first
    u64* offsets;  // [tiles + 1]
    u64* keys;     // [capacity]
    u64 capacity;
};

// What the host wants to know afterwards.
struct FrameReport {
    u64 problems;              // bits
    u64 points, runs, trails;  // how many were wanted
    u64 even, odd;             // sums of the stored words of even and odd index, for FITS checksums
};

const u64 LISTS_TOO_SMALL = 1, BAD_LIGHT = 2;

struct FrameTask {
    Canvas canvas;
    SourceArrays sources;
    Detector detector;
    TileLists points, runs;
    Panels* panels;        // [runs.capacity], unsorted; a run's key ends with its place here
    Trail* trails;         // [trail_capacity]
    u64 trail_capacity;
    HaloGrid grid;
    i64* quanta;           // level after level, zero at first
    float* deposits;       // the same
    float* halo_values;    // the same
    FrameReport* report;   // zero at first
    float* expected;       // the frame in electrons, or null
    u16* image;            // in ADU, or null
    u16* words;            // as FITS stores it, or null
};

const u32 SLOT_BITS = 4;      // stamps of a class: 16 at most
const u32 PLACE_BITS = 28;    // runs of a frame: 2^28 at most; sources: 2^32 at most

SKY_FN u64 order_of(u64 source, u32 slot) { return source << SLOT_BITS | (u64)slot; }

SKY_FN u64 halo_first(const HaloGrid& grid, i32 level) {
    u64 first = 0;
    for (i32 k = 0; k < level; ++k) first += (u64)halo_width(grid, k) * (u64)halo_height(grid, k);
    return first;
}

}  // namespace skyforge
