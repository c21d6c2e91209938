#include "plan.h"

#include <cstddef>

#include "parallel.h"

namespace skyforge {
namespace {

constexpr std::size_t CHUNK = 1 << 15;  // sources planned at a time

// What one chunk of the catalogue adds, in catalogue order.
struct Part {
    std::vector<u32> point_tiles, panel_tiles;
    std::vector<Point> points;
    std::vector<Panels> panels;
    std::vector<Trail> trails;
};

// Where plan_source puts what comes of a source.
struct PartSink {
    Part& part;
    HaloDeposits& halo;

    void point(u32 tile, u32, const Point& point) {
        part.point_tiles.push_back(tile);
        part.points.push_back(point);
    }
    u32 trail(u32, const Trail& trail) {
        part.trails.push_back(trail);
        return static_cast<u32>(part.trails.size() - 1);
    }
    void run(u32 tile, u32, const Panels& panels) {
        part.panel_tiles.push_back(tile);
        part.panels.push_back(panels);
    }
    void deposit(i32 level, double x, double y, double electrons) { halo.add(level, x, y, electrons); }
};

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
    const FrameSize frame = {width, height, (width + TILE - 1) / TILE};
    const std::size_t tiles =
        static_cast<std::size_t>(frame.tiles_x) * static_cast<std::size_t>((height + TILE - 1) / TILE);
    std::vector<Part> parts((sources.count + CHUNK - 1) / CHUNK);
    parallel_for(parts.size(), threads, [&](std::size_t p) {
        const std::size_t end = (p + 1) * CHUNK < sources.count ? (p + 1) * CHUNK : sources.count;
        PartSink sink{parts[p], halo};
        for (std::size_t i = p * CHUNK; i < end; ++i) plan_source(sources, i, bank, frame, sink);
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
    return plan;
}

}  // namespace skyforge
