#include "engine.h"

#include <atomic>
#include <chrono>
#include <limits>
#include <utility>

#include "parallel.h"

namespace skyforge {
namespace {

constexpr u64 DEVIATES_AT_A_TIME = u64{1} << 16;
constexpr i32 ROWS_AT_A_TIME = 4;
constexpr std::size_t DIRECTIONS_AT_A_TIME = 1 << 13;

double now_s() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A scene and everything that it points into.
class PreparedScene {
public:
    PreparedScene(const SourceArrays& sources, const BankArrays& bank, const Background& background, i32 width,
                  i32 height, const RenderOptions& options)
        : halo_(halo_grid(bank, width, height, sources.electrons, sources.count)),
          plan_(plan_frame(sources, bank, width, height, options.threads, halo_)) {
        scene_.canvas = Canvas{width, height, (width + TILE - 1) / TILE, (height + TILE - 1) / TILE, background, Halo{}};
        scene_.tables = bank.tables;
        scene_.point_offsets = plan_.point_offsets.data();
        scene_.points = plan_.points.data();
        scene_.panel_offsets = plan_.panel_offsets.data();
        scene_.panels = plan_.panels.data();
        scene_.trails = plan_.trails.data();
        planned_s_ = now_s();
        if (halo_.active()) spread_halo(bank, options);
        ready_s_ = now_s();
    }
    PreparedScene(const PreparedScene&) = delete;
    PreparedScene& operator=(const PreparedScene&) = delete;
    const Scene& scene() const { return scene_; }
    double plan_seconds() const { return planned_s_ - began_s_; }
    double halo_seconds() const { return ready_s_ - planned_s_; }
    std::size_t tiles() const {
        return static_cast<std::size_t>(scene_.canvas.tiles_x) * static_cast<std::size_t>(scene_.canvas.tiles_y);
    }

private:
    void spread_halo(const BankArrays& bank, const RenderOptions& options) {
        const HaloGrid& grid = halo_.grid();
        const std::vector<std::vector<float>> deposits = halo_.electrons();
        std::vector<float> coarser;
        for (i32 level = grid.levels - 1; level >= 0; --level) {
            std::vector<float> values(deposits[static_cast<std::size_t>(level)].size(), 0.0f);
            HaloLevel task{};
            task.width = halo_width(grid, level);
            task.height = halo_height(grid, level);
            task.column_begin = task.row_begin = halo_origin(grid, level) - 1;
            task.column_end = halo_end(grid, level, scene_.canvas.width);
            task.row_end = halo_end(grid, level, scene_.canvas.height);
            task.deposits = deposits[static_cast<std::size_t>(level)].data();
            task.taps = bank.taps + bank.first_tap[level];
            task.tap_count = bank.first_tap[level + 1] - bank.first_tap[level];
            task.coarser = coarser.empty() ? nullptr : coarser.data();
            task.coarser_width = level + 1 < grid.levels ? halo_width(grid, level + 1) : 0;
            task.values = values.data();
            parallel_for(static_cast<std::size_t>(task.row_end - task.row_begin), options.threads, [&](std::size_t row) {
                options.kernels->halo_row(task, task.row_begin + static_cast<i32>(row));
            });
            coarser = std::move(values);
        }
        halo_values_ = std::move(coarser);
        scene_.canvas.halo = Halo{halo_values_.data(), grid.spacing_bits, halo_width(grid, 0), halo_origin(grid, 0)};
    }

    const double began_s_ = now_s();
    double planned_s_ = 0.0, ready_s_ = 0.0;
    HaloDeposits halo_;
    Plan plan_;
    std::vector<float> halo_values_;
    Scene scene_{};
};

void draw(const PreparedScene& prepared, const RenderOptions& options, float* image) {
    parallel_for(prepared.tiles(), options.threads, [&](std::size_t tile) {
        options.kernels->expected_tile(prepared.scene(), static_cast<i32>(tile), image);
    });
}

// Returns whether every expected value was a number >= 0.
bool draw_exposed(const PreparedScene& prepared, const Detector& detector, const RenderOptions& options, u16* image) {
    std::atomic<bool> good{true};
    parallel_for(prepared.tiles(), options.threads, [&](std::size_t tile) {
        if (!options.kernels->exposed_tile(prepared.scene(), detector, static_cast<i32>(tile), image)) good = false;
    });
    return good;
}

void interpolate(i32 pixels, i32 nodes, std::vector<i32>& index, std::vector<float>& fraction) {
    index.resize(static_cast<std::size_t>(pixels));
    fraction.resize(static_cast<std::size_t>(pixels));
    for (i32 i = 0; i < pixels; ++i) {
        const double place =
            pixels > 1 ? static_cast<double>(i) * static_cast<double>(nodes - 1) / static_cast<double>(pixels - 1) : 0.0;
        i32 before = static_cast<i32>(place);
        before = before < nodes - 2 ? before : nodes - 2;
        index[static_cast<std::size_t>(i)] = before;
        fraction[static_cast<std::size_t>(i)] = static_cast<float>(place - static_cast<double>(before));
    }
}

}  // namespace

const Kernels* find_kernels(const std::string& name) {
#if defined(SKYFORGE_X86_64)
    __builtin_cpu_init();
    if ((name == "auto" || name == "v4") && __builtin_cpu_supports("x86-64-v4")) return &kernels_v4;
    if ((name == "auto" || name == "v3") && __builtin_cpu_supports("x86-64-v3")) return &kernels_v3;
#endif
    return name == "auto" || name == "baseline" ? &kernels_baseline : nullptr;
}

std::vector<std::string> supported_instruction_sets() {
    std::vector<std::string> names;
    for (const char* name : {"baseline", "v3", "v4"})
        if (find_kernels(name) != nullptr) names.emplace_back(name);
    return names;
}

Background uniform_background(float value) {
    Background background{};
    background.value = value;
    return background;
}

Background background_map(const float* map) {
    Background background{};
    background.map = map;
    return background;
}

Background background_grid(const float* grid, i32 grid_width, i32 grid_height, i32 width, i32 height,
                           BackgroundStorage& storage) {
    interpolate(width, grid_width, storage.column_index, storage.column_fraction);
    interpolate(height, grid_height, storage.row_index, storage.row_fraction);
    Background background{};
    background.grid = grid;
    background.grid_width = grid_width;
    background.column_index = storage.column_index.data();
    background.column_fraction = storage.column_fraction.data();
    background.row_index = storage.row_index.data();
    background.row_fraction = storage.row_fraction.data();
    return background;
}

void expected_image(const SourceArrays& sources, const BankArrays& bank, const Background& background, i32 width,
                    i32 height, const RenderOptions& options, float* image) {
    draw(PreparedScene(sources, bank, background, width, height, options), options, image);
}

bool exposed_image(const SourceArrays& sources, const BankArrays& bank, const Background& background, i32 width,
                   i32 height, const Detector& detector, const RenderOptions& options, u16* image) {
    return draw_exposed(PreparedScene(sources, bank, background, width, height, options), detector, options, image);
}

StageSeconds stage_seconds(const SourceArrays& sources, const BankArrays& bank, const Background& background, i32 width,
                           i32 height, const Detector& detector, const RenderOptions& options, float* expected,
                           u16* image) {
    const PreparedScene prepared(sources, bank, background, width, height, options);
    const double began = now_s();
    draw(prepared, options, expected);
    const double drawn = now_s();
    draw_exposed(prepared, detector, options, image);
    const double splat = drawn - began, both = now_s() - drawn;
    return StageSeconds{prepared.plan_seconds(), prepared.halo_seconds(), splat, both > splat ? both - splat : 0.0};
}

IssueRates issue_rates(const RenderOptions& options) {
    constexpr u32 BLOCKS = u32{1} << 16, ROUNDS = u32{1} << 14;
    constexpr std::size_t PARTS_OF_A_THREAD = 32;
    const std::size_t parts = PARTS_OF_A_THREAD * static_cast<std::size_t>(options.threads);
    std::vector<float> results(parts);  // so that no work can be left out
    const double began = now_s();
    parallel_for(parts, options.threads, [&](std::size_t part) {
        results[part] = static_cast<float>(options.kernels->random_words(static_cast<u32>(part) * BLOCKS, BLOCKS));
    });
    const double drawn = now_s();
    parallel_for(parts, options.threads,
                 [&](std::size_t part) { results[part] = options.kernels->multiply_adds(ROUNDS); });
    const double added = now_s();
    const double all = static_cast<double>(parts);
    return IssueRates{all * BLOCKS / (drawn - began),
                      all * ROUNDS * static_cast<double>(MULTIPLY_ADDS) / (added - drawn)};
}

bool expose_image(const float* expected, i32 width, i32 height, const Detector& detector, const RenderOptions& options,
                  u16* image) {
    std::atomic<bool> good{true};
    const std::size_t strips = static_cast<std::size_t>((height + ROWS_AT_A_TIME - 1) / ROWS_AT_A_TIME);
    parallel_for(strips, options.threads, [&](std::size_t strip) {
        const i32 first = static_cast<i32>(strip) * ROWS_AT_A_TIME;
        for (i32 row = first; row < smaller(first + ROWS_AT_A_TIME, height); ++row)
            if (!options.kernels->exposed_row(expected, width, row, detector, image)) good = false;
    });
    return good;
}

void project(const double* directions, std::size_t count, const View& view, int threads, double* x, double* y) {
    const std::size_t chunks = (count + DIRECTIONS_AT_A_TIME - 1) / DIRECTIONS_AT_A_TIME;
    const double nowhere = std::numeric_limits<double>::quiet_NaN();
    parallel_for(chunks, threads, [&](std::size_t chunk) {
        const std::size_t end = (chunk + 1) * DIRECTIONS_AT_A_TIME < count ? (chunk + 1) * DIRECTIONS_AT_A_TIME : count;
        for (std::size_t i = chunk * DIRECTIONS_AT_A_TIME; i < end; ++i) {
            const Place place = place_of(directions + 3 * i, view);
            x[i] = place.ahead ? place.x : nowhere;
            y[i] = place.ahead ? place.y : nowhere;
        }
    });
}

void electron_counts(const float* expected, u64 count, const Detector& detector, const RenderOptions& options,
                     i32* counts) {
    options.kernels->electrons(expected, count, detector, counts);
}

void uniform_deviates(float* values, u64 count, u64 seed, u32 stream, const RenderOptions& options) {
    parallel_for((count + DEVIATES_AT_A_TIME - 1) / DEVIATES_AT_A_TIME, options.threads, [&](std::size_t part) {
        const u64 first = part * DEVIATES_AT_A_TIME;
        const u64 some = count - first < DEVIATES_AT_A_TIME ? count - first : DEVIATES_AT_A_TIME;
        options.kernels->uniforms(values + first, first / 4, some, static_cast<u32>(seed), static_cast<u32>(seed >> 32),
                                  stream);
    });
}

void normal_deviates(float* values, u64 count, u64 seed, u32 stream, const RenderOptions& options) {
    parallel_for((count + DEVIATES_AT_A_TIME - 1) / DEVIATES_AT_A_TIME, options.threads, [&](std::size_t part) {
        const u64 first = part * DEVIATES_AT_A_TIME;
        const u64 some = count - first < DEVIATES_AT_A_TIME ? count - first : DEVIATES_AT_A_TIME;
        options.kernels->normals(values + first, first / 4, some, static_cast<u32>(seed), static_cast<u32>(seed >> 32),
                                 stream);
    });
}

}  // namespace skyforge
