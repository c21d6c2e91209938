// From a catalogue of sources to what each tile draws and what the halo receives.
#pragma once
#include <cstddef>
#include <vector>

#include "kernels/halo.h"
#include "kernels/scene.h"

namespace skyforge {

struct SourceArrays {
    std::size_t count;
    const double *x_start, *y_start, *x_end, *y_end;  // pixels
    const float* electrons;
    const i32* psf;
};

constexpr int TRAIL_RULES = 4;  // Gauss-Legendre rules of 1, 2, 4 and 8 nodes
constexpr int MAX_HALO_LEVELS = 8;

// A bank of point spread functions. Each has classes in order of brightness; a class names the stamps that are drawn,
// and how much of the flux the halo carries, beginning at which level.
struct BankArrays {
    const float* samples;
    const Stamp* stamps;
    std::size_t stamp_count;
    const double* panel_lengths;     // [stamp][rule], pixels
    std::size_t psf_count;
    const i32* first_class;          // [psf + 1]
    const i32* first_trail_class;    // [psf]
    const double* class_electrons;   // the brightest source of each class
    const i32* first_class_stamp;    // [class + 1]
    const i32* class_stamps;
    const i32* class_halo_level;     // -1: none
    const double* class_halo_fraction;
    int halo_levels;                 // 0: no halo
    int halo_spacing_bits;           // of level 0
    const i32* first_tap;            // [level + 1]
    const HaloTap* taps;
};

struct Plan {
    std::vector<u64> point_offsets, panel_offsets;
    std::vector<Point> points;
    std::vector<Panels> panels;
    std::vector<Trail> trails;
    std::vector<double> nodes;
    std::vector<float> weights;
};

// Light deposited on the halo's grids, level by level, in whole quanta.
class HaloDeposits {
public:
    HaloDeposits(const BankArrays& bank, i32 width, i32 height, double total_electrons);
    bool active() const { return !quanta_.empty(); }
    // x and y in 2^-14 px; safe to call from several threads.
    void add(int level, double x, double y, double electrons);
    int levels() const { return static_cast<int>(quanta_.size()); }
    i32 width(int level) const { return (cells_x_ >> level) + 1; }
    i32 height(int level) const { return (cells_y_ >> level) + 1; }
    i32 origin(int level) const { return padding_ >> (spacing_bits_ + level); }
    int spacing_bits(int level) const { return spacing_bits_ + level; }
    // Each level's electrons per node, its own and those of all finer levels.
    std::vector<std::vector<float>> electrons();

private:
    int spacing_bits_ = 0;
    i32 padding_ = 0, cells_x_ = 0, cells_y_ = 0;
    double quantum_ = 1.0;
    std::vector<std::vector<i64>> quanta_;
};

Plan plan_frame(const SourceArrays& sources, const BankArrays& bank, i32 width, i32 height, int threads,
                HaloDeposits& halo);

}  // namespace skyforge
