#include "halo_deposits.h"

#include <cmath>
#include <utility>

namespace skyforge {
namespace {

constexpr int QUANTA_BITS = 53;        // of the total; the restrictions to coarser grids need 2 more bits each
constexpr std::size_t READ_AHEAD = HALO_CHUNK + 64;  // a kernel may read, and drop, what lies behind the last node

}  // namespace

HaloGrid halo_grid(const BankArrays& bank, i32 width, i32 height, const float* electrons, std::size_t count) {
    HaloGrid grid{};
    double total = 0.0;
    for (std::size_t i = 0; i < count; ++i) total += static_cast<double>(electrons[i]);
    if (bank.halo_levels == 0 || !(total > 0.0)) return grid;
    grid.levels = bank.halo_levels;
    grid.spacing_bits = bank.halo_spacing_bits;
    const i32 coarsest = grid.spacing_bits + grid.levels - 1;
    grid.cells_x = ((width + 2 * HALO_PADDING + (1 << coarsest)) >> coarsest) << (grid.levels - 1);
    grid.cells_y = ((height + 2 * HALO_PADDING + (1 << coarsest)) >> coarsest) << (grid.levels - 1);
    int exponent = 0;
    std::frexp(total, &exponent);
    grid.quantum = std::ldexp(1.0, exponent - QUANTA_BITS);
    return grid;
}

HaloDeposits::HaloDeposits(const HaloGrid& grid) : grid_(grid) {
    for (i32 level = 0; level < grid.levels; ++level) quanta_.emplace_back(nodes(level), 0);
}

void HaloDeposits::add(i32 level, double x, double y, double electrons) {
    if (active()) deposit_halo(grid_, quanta_[static_cast<std::size_t>(level)].data(), level, x, y, electrons);
}

std::vector<std::vector<float>> HaloDeposits::electrons() {
    std::vector<std::vector<float>> result;
    for (i32 level = 0; level < grid_.levels; ++level) {
        std::vector<i64>& mine = quanta_[static_cast<std::size_t>(level)];
        if (level > 0) {
            const std::vector<i64>& finer = quanta_[static_cast<std::size_t>(level) - 1];
            const i32 width = halo_width(grid_, level), height = halo_height(grid_, level);
            for (i32 row = 0; row < height; ++row)
                for (i32 column = 0; column < width; ++column) {
                    const std::size_t node = static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                                             static_cast<std::size_t>(column);
                    mine[node] = gathered_quanta(grid_, mine.data(), finer.data(), level, row, column);
                }
        }
        std::vector<float> values(mine.size() + READ_AHEAD, 0.0f);
        for (std::size_t i = 0; i < mine.size(); ++i) values[i] = halo_electrons(grid_, level, mine[i]);
        result.push_back(std::move(values));
    }
    return result;
}

std::size_t HaloDeposits::nodes(i32 level) const {
    return static_cast<std::size_t>(halo_width(grid_, level)) * static_cast<std::size_t>(halo_height(grid_, level));
}

}  // namespace skyforge
