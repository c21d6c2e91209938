// The alias tables of the Poisson kernel, made from + - * / alone, so that they are the same on every host.
#pragma once
#include <cstdint>
#include <vector>

#include "kernels/poisson.h"

namespace skyforge {

struct PoissonTableStorage {
    std::vector<u32> headers, entries;
    PoissonTables view() const { return PoissonTables{headers.data(), entries.data()}; }
};

// Made once, on first use.
const PoissonTableStorage& poisson_tables();

}  // namespace skyforge
