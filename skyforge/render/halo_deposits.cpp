#include <cmath>

#include "plan.h"

namespace skyforge {
namespace {

constexpr i32 HALO_PADDING = 640;      // pixels around the frame: the halo's reach of 512 and two of its coarsest cells
constexpr int QUANTA_BITS = 53;        // of the total; the restrictions to coarser grids need 2 more bits each
constexpr i32 READ_AHEAD = HALO_CHUNK + 64;  // a kernel may read, and drop, what lies behind the last node

}  // namespace

HaloDeposits::HaloDeposits(const BankArrays& bank, i32 width, i32 height, double total_electrons) {
    if (bank.halo_levels == 0 || !(total_electrons > 0.0)) return;
    spacing_bits_ = bank.halo_spacing_bits;
    padding_ = HALO_PADDING;
    const int coarsest = spacing_bits_ + bank.halo_levels - 1;
    const i32 blocks_x = (width + 2 * padding_ + (1 << coarsest)) >> coarsest;
    const i32 blocks_y = (height + 2 * padding_ + (1 << coarsest)) >> coarsest;
    cells_x_ = blocks_x << (bank.halo_levels - 1);
    cells_y_ = blocks_y << (bank.halo_levels - 1);
    int exponent = 0;
    std::frexp(total_electrons, &exponent);
    quantum_ = std::ldexp(1.0, exponent - QUANTA_BITS);
    for (int level = 0; level < bank.halo_levels; ++level)
        quanta_.emplace_back(static_cast<std::size_t>(this->width(level)) * static_cast<std::size_t>(this->height(level)),
                             0);
}

void HaloDeposits::add(int level, double x, double y, double electrons) {
    const double cell = std::ldexp(1.0, POSITION_BITS + spacing_bits_ + level);
    const double column = x / cell + static_cast<double>(origin(level));
    const double row = y / cell + static_cast<double>(origin(level));
    if (!(column >= 0.0 && row >= 0.0 && column < static_cast<double>(cells_x_ >> level) &&
          row < static_cast<double>(cells_y_ >> level)))
        return;
    const i32 i = static_cast<i32>(column), j = static_cast<i32>(row);
    const double u = column - static_cast<double>(i), v = row - static_cast<double>(j);
    const double amount = electrons / quantum_;
    i64* lower = quanta_[static_cast<std::size_t>(level)].data() +
                 static_cast<std::size_t>(j) * static_cast<std::size_t>(width(level)) + static_cast<std::size_t>(i);
    i64* upper = lower + width(level);
    // Integers add up to the same in any order, so threads need no more than atomicity.
    __atomic_fetch_add(lower, static_cast<i64>(amount * (1.0 - u) * (1.0 - v)), __ATOMIC_RELAXED);
    __atomic_fetch_add(lower + 1, static_cast<i64>(amount * u * (1.0 - v)), __ATOMIC_RELAXED);
    __atomic_fetch_add(upper, static_cast<i64>(amount * (1.0 - u) * v), __ATOMIC_RELAXED);
    __atomic_fetch_add(upper + 1, static_cast<i64>(amount * u * v), __ATOMIC_RELAXED);
}

std::vector<std::vector<float>> HaloDeposits::electrons() {
    std::vector<std::vector<float>> result;
    double unit = quantum_;
    for (int level = 0; level < levels(); ++level, unit *= 0.25) {
        const std::vector<i64>& mine = quanta_[static_cast<std::size_t>(level)];
        std::vector<float> values(mine.size() + READ_AHEAD, 0.0f);
        for (std::size_t i = 0; i < mine.size(); ++i)
            values[i] = static_cast<float>(static_cast<double>(mine[i]) * unit);
        result.push_back(std::move(values));
        if (level + 1 == levels()) break;
        // A coarse node takes a fine one whole, half of each neighbour along an edge, a quarter across a corner; times
        // four, so that it stays in integers.
        std::vector<i64>& coarse = quanta_[static_cast<std::size_t>(level) + 1];
        for (i64& value : coarse) value *= i64{1} << (2 * (level + 1));
        const std::ptrdiff_t fine_width = width(level), fine_height = height(level), coarse_width = width(level + 1);
        for (std::ptrdiff_t row = 0; row < fine_height; ++row)
            for (std::ptrdiff_t column = 0; column < fine_width; ++column) {
                const i64 value = mine[static_cast<std::size_t>(row * fine_width + column)];
                if (value == 0) continue;
                const std::ptrdiff_t odd_x = column & 1, odd_y = row & 1;
                const i64 share = value * (odd_x ? 1 : 2) * (odd_y ? 1 : 2);
                for (std::ptrdiff_t dy = 0; dy <= odd_y; ++dy)
                    for (std::ptrdiff_t dx = 0; dx <= odd_x; ++dx)
                        coarse[static_cast<std::size_t>(((row >> 1) + dy) * coarse_width + (column >> 1) + dx)] += share;
            }
    }
    return result;
}

}  // namespace skyforge
