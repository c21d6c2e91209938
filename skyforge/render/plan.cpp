#include "plan.h"

#include <cmath>

#include "parallel.h"

namespace skyforge {
namespace {

constexpr double PIXEL = static_cast<double>(1 << POSITION_BITS);
constexpr double FARTHEST = 1.0e15;         // pixels; beyond, a source is moved here, where it is as invisible
constexpr i32 HALO_REACH = 512;             // pixels
constexpr std::size_t CHUNK = 1 << 15;      // sources planned at a time
constexpr u32 RULE_FIRST[TRAIL_RULES] = {0, 1, 3, 7}, RULE_NODES[TRAIL_RULES] = {1, 2, 4, 8};

// Gauss-Legendre rules of 1, 2, 4 and 8 nodes on (0, 1).
constexpr double NODES[] = {
    0.5,
    0.2113248654051871, 0.7886751345948129,
    0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970262,
    0.01985507175123191, 0.10166676129318664, 0.2372337950418355, 0.4082826787521751,
    0.591717321247825, 0.7627662049581645, 0.8983332387068134, 0.9801449282487681,
};
constexpr double WEIGHTS[] = {
    1.0,
    0.5, 0.5,
    0.17392742256872692, 0.32607257743127305, 0.32607257743127305, 0.17392742256872692,
    0.05061426814518813, 0.11119051722668724, 0.15685332293894363, 0.1813418916891810,
    0.1813418916891810, 0.15685332293894363, 0.11119051722668724, 0.05061426814518813,
};

struct Frame {
    i32 width, height, tiles_x;
};

// What one chunk of the catalogue adds, in catalogue order.
struct Part {
    std::vector<u32> point_tiles, panel_tiles;
    std::vector<Point> points;
    std::vector<Panels> panels;
    std::vector<Trail> trails;
};

// A source on the grid of positions.
struct Track {
    double x, y, step_x, step_y;  // 2^-14 px
    double electrons;
};

double on_grid(double pixels) {
    const double bounded = pixels < -FARTHEST ? -FARTHEST : pixels > FARTHEST ? FARTHEST : pixels;
    return std::floor(bounded * PIXEL + 0.5);
}

// The part of the track within `reach` pixels of the frame (Liang and Barsky 1984); false if there is none.
bool clip(const Track& track, const Frame& frame, double reach, Track& inside) {
    double begin = 0.0, end = 1.0;
    const double starts[2] = {track.x, track.y}, steps[2] = {track.step_x, track.step_y};
    const double sizes[2] = {static_cast<double>(frame.width), static_cast<double>(frame.height)};
    for (int axis = 0; axis < 2; ++axis) {
        const double low = -(reach + 1.0) * PIXEL - starts[axis], high = (sizes[axis] + reach) * PIXEL - starts[axis];
        if (steps[axis] == 0.0) {
            if (low > 0.0 || high < 0.0) return false;
            continue;
        }
        const double first = (steps[axis] > 0.0 ? low : high) / steps[axis];
        const double last = (steps[axis] > 0.0 ? high : low) / steps[axis];
        begin = first > begin ? first : begin;
        end = last < end ? last : end;
    }
    if (begin > end) return false;
    const double part = end - begin;
    inside = Track{track.x + begin * track.step_x, track.y + begin * track.step_y, part * track.step_x,
                   part * track.step_y, part * track.electrons};
    return true;
}

struct TileRange {
    i32 x_begin, x_end, y_begin, y_end;
};

// The tiles that a stamp touches when its source is anywhere in a box; pixels count from floor to ceiling.
TileRange tiles_of(double x_low, double x_high, double y_low, double y_high, i32 half_width, const Frame& frame) {
    const auto first = [&](double low) {
        const i32 pixel = static_cast<i32>(std::floor(low / PIXEL)) - half_width;
        return pixel < 0 ? 0 : pixel / TILE;
    };
    const auto last = [&](double high, i32 size) {
        i32 pixel = static_cast<i32>(std::ceil(high / PIXEL)) + half_width - 1;
        pixel = pixel < size - 1 ? pixel : size - 1;
        return pixel < 0 ? 0 : pixel / TILE + 1;
    };
    return TileRange{first(x_low), last(x_high, frame.width), first(y_low), last(y_high, frame.height)};
}

template <typename Add>
void for_tiles(const TileRange& range, const Frame& frame, const Add& add) {
    for (i32 y = range.y_begin; y < range.y_end; ++y)
        for (i32 x = range.x_begin; x < range.x_end; ++x) add(static_cast<u32>(y * frame.tiles_x + x));
}

void add_point(const Track& track, u32 stamp_index, i32 half_width, const Frame& frame, Part& part) {
    const double reach = static_cast<double>(half_width) * PIXEL;
    if (track.x < -reach || track.x > static_cast<double>(frame.width) * PIXEL + reach || track.y < -reach ||
        track.y > static_cast<double>(frame.height) * PIXEL + reach)
        return;
    const Point point = {static_cast<i32>(track.x), static_cast<i32>(track.y), static_cast<float>(track.electrons),
                         stamp_index};
    for_tiles(tiles_of(track.x, track.x, track.y, track.y, half_width, frame), frame, [&](u32 tile) {
        part.point_tiles.push_back(tile);
        part.points.push_back(point);
    });
}

void add_trail(const Track& whole, u32 stamp_index, i32 half_width, const double* panel_lengths, const Frame& frame,
               Part& part) {
    Track track{};
    if (!clip(whole, frame, static_cast<double>(half_width), track)) return;
    const double length = std::sqrt(track.step_x * track.step_x + track.step_y * track.step_y) / PIXEL;
    int rule = 0;
    while (rule + 1 < TRAIL_RULES && length > panel_lengths[rule]) ++rule;
    const double wanted = std::ceil(length / panel_lengths[rule]);
    const u32 panels = wanted > 1.0 ? static_cast<u32>(wanted) : 1u;
    const double count = static_cast<double>(panels);
    const Trail trail = {track.x,
                         track.y,
                         track.step_x / count,
                         track.step_y / count,
                         static_cast<float>(track.electrons / count),
                         stamp_index,
                         RULE_FIRST[rule],
                         RULE_NODES[rule]};
    const u32 index = static_cast<u32>(part.trails.size());
    const std::size_t first_run = part.panels.size();
    part.trails.push_back(trail);
    for (u32 panel = 0; panel < panels; ++panel) {
        const double x0 = trail.x + static_cast<double>(panel) * trail.step_x, x1 = x0 + trail.step_x;
        const double y0 = trail.y + static_cast<double>(panel) * trail.step_y, y1 = y0 + trail.step_y;
        const TileRange range = tiles_of(std::fmin(x0, x1), std::fmax(x0, x1), std::fmin(y0, y1), std::fmax(y0, y1),
                                         half_width + 1, frame);
        for_tiles(range, frame, [&](u32 tile) {
            // A straight trail enters a tile once, so that its panels there follow each other. It leaves a tile soon:
            // the run is among the last.
            for (std::size_t run = part.panels.size(); run > first_run; --run) {
                if (part.panel_tiles[run - 1] == tile) {
                    part.panels[run - 1].end = panel + 1;
                    return;
                }
            }
            part.panel_tiles.push_back(tile);
            part.panels.push_back(Panels{index, panel, panel + 1});
        });
    }
}

// Deposits along a track lie at most half a cell of the level's grid apart.
void add_to_halo(const Track& whole, int level, double fraction, const Frame& frame, HaloDeposits& halo) {
    Track track{};
    if (!clip(whole, frame, static_cast<double>(HALO_REACH), track)) return;
    const double length = std::sqrt(track.step_x * track.step_x + track.step_y * track.step_y) / PIXEL;
    const double spacing = std::ldexp(0.5, halo.spacing_bits(level));
    const double wanted = std::ceil(length / spacing);
    const double count = wanted > 1.0 ? wanted : 1.0;
    const double each = track.electrons * fraction / count;
    for (double node = 0.5; node < count; node += 1.0)
        halo.add(level, track.x + node / count * track.step_x, track.y + node / count * track.step_y, each);
}

// The brightness by which a trail's class is chosen: its light within the widest stamp of a class.
i32 class_of(const Track& track, i32 psf, const BankArrays& bank) {
    const bool trailed = track.step_x != 0.0 || track.step_y != 0.0;
    const i32 last = bank.first_class[psf + 1] - 1;
    i32 index = trailed ? bank.first_trail_class[psf] : bank.first_class[psf];
    const double length =
        trailed ? std::sqrt(track.step_x * track.step_x + track.step_y * track.step_y) / PIXEL : 0.0;
    for (; index < last; ++index) {
        const i32 widest = bank.class_stamps[bank.first_class_stamp[index + 1] - 1];
        const double chord = 2.0 * static_cast<double>(bank.stamps[widest].half_width);
        const double electrons = length > chord ? track.electrons * chord / length : track.electrons;
        if (electrons <= bank.class_electrons[index]) break;
    }
    return index;
}

// How far, in pixels, any light of the class reaches.
double reach_of(i32 index, const BankArrays& bank) {
    if (bank.class_halo_level[index] >= 0) return static_cast<double>(HALO_REACH);
    i32 reach = 0;
    for (i32 k = bank.first_class_stamp[index]; k < bank.first_class_stamp[index + 1]; ++k)
        reach = larger(reach, bank.stamps[bank.class_stamps[k]].half_width);
    return static_cast<double>(reach);
}

void plan_source(const SourceArrays& sources, std::size_t i, const BankArrays& bank, const Frame& frame, Part& part,
                 HaloDeposits& halo) {
    const double electrons = static_cast<double>(sources.electrons[i]);
    if (!(electrons > 0.0)) return;
    const double x = on_grid(sources.x_start[i]), y = on_grid(sources.y_start[i]);
    const Track track = {x, y, on_grid(sources.x_end[i]) - x, on_grid(sources.y_end[i]) - y, electrons};
    const bool trailed = track.step_x != 0.0 || track.step_y != 0.0;
    const i32 index = class_of(track, sources.psf[i], bank);
    Track seen{};
    if (!clip(track, frame, reach_of(index, bank), seen)) return;
    for (i32 k = bank.first_class_stamp[index]; k < bank.first_class_stamp[index + 1]; ++k) {
        const i32 stamp = bank.class_stamps[k];
        const i32 half_width = bank.stamps[stamp].half_width;
        if (trailed)
            add_trail(track, static_cast<u32>(stamp), half_width, bank.panel_lengths + TRAIL_RULES * stamp, frame, part);
        else
            add_point(track, static_cast<u32>(stamp), half_width, frame, part);
    }
    if (bank.class_halo_level[index] >= 0 && halo.active())
        add_to_halo(track, bank.class_halo_level[index], bank.class_halo_fraction[index], frame, halo);
}

// Sort every part's items by tile, keeping their order (a counting sort over tile and part).
template <typename Item, typename Tiles, typename Items, typename Convert>
void sort_by_tile(std::vector<Part>& parts, std::size_t tiles, int threads, std::vector<u64>& offsets,
                  std::vector<Item>& sorted, const Tiles& tiles_in, const Items& items_in, const Convert& convert) {
    std::vector<std::vector<u64>> places(parts.size());
    parallel_for(parts.size(), threads, [&](std::size_t p) {
        if (tiles_in(parts[p]).empty()) return;
        places[p].assign(tiles, 0);
        for (const u32 tile : tiles_in(parts[p])) ++places[p][tile];
    });
    offsets.assign(tiles + 1, 0);
    u64 total = 0;
    for (std::size_t tile = 0; tile < tiles; ++tile) {
        offsets[tile] = total;
        for (std::vector<u64>& place : places) {
            if (place.empty()) continue;
            const u64 count = place[tile];
            place[tile] = total;
            total += count;
        }
    }
    offsets[tiles] = total;
    sorted.resize(total);
    parallel_for(parts.size(), threads, [&](std::size_t p) {
        const std::vector<u32>& part_tiles = tiles_in(parts[p]);
        for (std::size_t i = 0; i < part_tiles.size(); ++i)
            sorted[places[p][part_tiles[i]]++] = convert(items_in(parts[p])[i], p);
    });
}

}  // namespace

Plan plan_frame(const SourceArrays& sources, const BankArrays& bank, i32 width, i32 height, int threads,
                HaloDeposits& halo) {
    const Frame frame = {width, height, (width + TILE - 1) / TILE};
    const std::size_t tiles =
        static_cast<std::size_t>(frame.tiles_x) * static_cast<std::size_t>((height + TILE - 1) / TILE);
    std::vector<Part> parts((sources.count + CHUNK - 1) / CHUNK);
    parallel_for(parts.size(), threads, [&](std::size_t p) {
        const std::size_t end = (p + 1) * CHUNK < sources.count ? (p + 1) * CHUNK : sources.count;
        for (std::size_t i = p * CHUNK; i < end; ++i) plan_source(sources, i, bank, frame, parts[p], halo);
    });

    Plan plan;
    std::vector<u32> first_trail(parts.size() + 1, 0);
    for (std::size_t p = 0; p < parts.size(); ++p) {
        first_trail[p + 1] = first_trail[p] + static_cast<u32>(parts[p].trails.size());
        plan.trails.insert(plan.trails.end(), parts[p].trails.begin(), parts[p].trails.end());
    }
    sort_by_tile(
        parts, tiles, threads, plan.point_offsets, plan.points,
        [](const Part& part) -> const std::vector<u32>& { return part.point_tiles; },
        [](const Part& part) -> const std::vector<Point>& { return part.points; },
        [](const Point& point, std::size_t) { return point; });
    sort_by_tile(
        parts, tiles, threads, plan.panel_offsets, plan.panels,
        [](const Part& part) -> const std::vector<u32>& { return part.panel_tiles; },
        [](const Part& part) -> const std::vector<Panels>& { return part.panels; },
        [&](const Panels& run, std::size_t p) { return Panels{run.trail + first_trail[p], run.begin, run.end}; });
    plan.nodes.assign(std::begin(NODES), std::end(NODES));
    for (const double weight : WEIGHTS) plan.weights.push_back(static_cast<float>(weight));
    return plan;
}

}  // namespace skyforge
