// From a catalogue of sources to what each tile draws and what the halo receives.
#pragma once
#include <vector>

#include "halo_deposits.h"
#include "kernels/planning.h"

namespace skyforge {

struct Plan {
    std::vector<u64> point_offsets, panel_offsets;
    std::vector<Point> points;
    std::vector<Panels> panels;
    std::vector<Trail> trails;
};

Plan plan_frame(const SourceArrays& sources, const BankArrays& bank, i32 width, i32 height, int threads,
                HaloDeposits& halo);

}  // namespace skyforge
