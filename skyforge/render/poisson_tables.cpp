#include "poisson_tables.h"

#include <cstddef>

namespace skyforge {
namespace {

// Outcomes less likely than this are left out: all 3e8 draws of twenty 16-megapixel frames would miss less than one.
constexpr double SMALLEST_PROBABILITY = 1.0e-11;
constexpr double THRESHOLD_SCALE = 16777216.0;  // 2^24, the thresholds' resolution

// exp(-x) for x >= 0: the series of exp(-x / 2^10), squared ten times.
double exp_minus(double x) {
    const double part = -x / 1024.0;
    double term = 1.0, sum = 1.0;
    for (int n = 1; n <= 12; ++n) {
        term = term * part / static_cast<double>(n);
        sum += term;
    }
    for (int n = 0; n < 10; ++n) sum *= sum;
    return sum;
}

struct Probabilities {
    u32 smallest;
    std::vector<double> values;
};

Probabilities poisson_probabilities(double mean) {
    Probabilities result{0, {}};
    double probability = exp_minus(mean), total = 0.0;
    for (u32 k = 0;; ++k) {
        if (k > 0) probability = probability * mean / static_cast<double>(k);
        if (probability >= SMALLEST_PROBABILITY) {
            if (result.values.empty()) result.smallest = k;
            result.values.push_back(probability);
            total += probability;
        } else if (static_cast<double>(k) > mean) {
            break;
        }
    }
    for (double& value : result.values) value /= total;
    return result;
}

// Vose's construction (1991, IEEE Trans. Softw. Eng. 17, 972), in integers' order.
void append_alias_table(const Probabilities& probabilities, PoissonTableStorage& storage) {
    const std::size_t count = probabilities.values.size();
    std::vector<double> height(count);
    std::vector<std::size_t> small, large;
    std::vector<std::size_t> alias(count);
    for (std::size_t i = 0; i < count; ++i) {
        height[i] = probabilities.values[i] * static_cast<double>(count);
        alias[i] = i;
        (height[i] < 1.0 ? small : large).push_back(i);
    }
    while (!small.empty() && !large.empty()) {
        const std::size_t low = small.back(), high = large.back();
        small.pop_back();
        alias[low] = high;
        height[high] -= 1.0 - height[low];
        if (height[high] < 1.0) {
            large.pop_back();
            small.push_back(high);
        }
    }
    storage.headers.push_back(static_cast<u32>(storage.entries.size()) | static_cast<u32>(count) << 16 |
                              probabilities.smallest << 24);
    for (std::size_t i = 0; i < count; ++i) {
        double threshold = alias[i] == i ? THRESHOLD_SCALE : height[i] * THRESHOLD_SCALE + 0.5;
        if (threshold > THRESHOLD_SCALE - 1.0) threshold = THRESHOLD_SCALE - 1.0;
        storage.entries.push_back(static_cast<u32>(threshold) << 8 | static_cast<u32>(alias[i]));
    }
}

PoissonTableStorage build() {
    PoissonTableStorage storage;
    for (const double unit : {1.0 / 4096.0, 1.0 / 64.0, 1.0})
        for (u32 digit = 0; digit < POISSON_DIGITS; ++digit)
            append_alias_table(poisson_probabilities(unit * static_cast<double>(digit)), storage);
    return storage;
}

}  // namespace

const PoissonTableStorage& poisson_tables() {
    static const PoissonTableStorage storage = build();
    return storage;
}

}  // namespace skyforge
