// Light deposited on the halo's grids, level by level, in whole quanta.
#pragma once
#include <cstddef>
#include <vector>

#include "kernels/halo.h"

namespace skyforge {

// The grids for a frame, with quanta that hold the light of all sources; no levels if there is no halo, or no light.
HaloGrid halo_grid(const BankArrays& bank, i32 width, i32 height, const float* electrons, std::size_t count);

class HaloDeposits {
public:
    explicit HaloDeposits(const HaloGrid& grid);
    bool active() const { return grid_.levels > 0; }
    const HaloGrid& grid() const { return grid_; }
    // x and y in 2^-14 px; safe to call from several threads.
    void add(i32 level, double x, double y, double electrons);
    // Each level's electrons per node, its own and those of all finer levels; call it once.
    std::vector<std::vector<float>> electrons();

private:
    std::size_t nodes(i32 level) const;

    HaloGrid grid_;
    std::vector<std::vector<i64>> quanta_;
};

}  // namespace skyforge
