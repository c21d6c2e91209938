// From a source to what is drawn of it: which stamps, on which tiles, and what goes to the halo.
#pragma once
#include "bank.h"
#include "halo.h"
#include "scene.h"
#include "trail_rules.h"

namespace skyforge {

const double POSITIONS_PER_PIXEL = 16384.0;  // 2^POSITION_BITS
const double FARTHEST = 1.0e15;              // pixels; beyond, a source is moved here, where it is as invisible
const i32 HALO_REACH = 512;                  // pixels

struct FrameSize {
    i32 width, height, tiles_x;
};

// A source on the grid of positions: its start and the way to its end, in units of 2^-14 px.
struct Track {
    double x, y, step_x, step_y;
    double electrons;
};

SKY_FN double on_grid(double pixels) {
    const double bounded = pixels < -FARTHEST ? -FARTHEST : pixels > FARTHEST ? FARTHEST : pixels;
    return round_down(bounded * POSITIONS_PER_PIXEL + 0.5);
}

SKY_FN Track track_of(const SourceArrays& sources, u64 i) {
    const double x = on_grid(sources.x_start[i]), y = on_grid(sources.y_start[i]);
    return Track{x, y, on_grid(sources.x_end[i]) - x, on_grid(sources.y_end[i]) - y, (double)sources.electrons[i]};
}

SKY_FN bool is_trailed(const Track& track) { return track.step_x != 0.0 || track.step_y != 0.0; }

SKY_FN double length_of(const Track& track) {
    return square_root(track.step_x * track.step_x + track.step_y * track.step_y) / POSITIONS_PER_PIXEL;
}

SKY_FN void clip_axis(double start, double step, double size, double reach, double& begin, double& end) {
    const double low = -(reach + 1.0) * POSITIONS_PER_PIXEL - start, high = (size + reach) * POSITIONS_PER_PIXEL - start;
    if (step == 0.0) {
        if (low > 0.0 || high < 0.0) end = -1.0;
        return;
    }
    const double first = quotient(step > 0.0 ? low : high, step), last = quotient(step > 0.0 ? high : low, step);
    begin = first > begin ? first : begin;
    end = last < end ? last : end;
}

// The part of the track within `reach` pixels of the frame (Liang and Barsky 1984); false if there is none.
SKY_FN bool clip(const Track& track, const FrameSize& frame, double reach, Track& inside) {
    double begin = 0.0, end = 1.0;
    clip_axis(track.x, track.step_x, (double)frame.width, reach, begin, end);
    clip_axis(track.y, track.step_y, (double)frame.height, reach, begin, end);
    if (begin > end) return false;
    const double part = end - begin;
    inside = Track{track.x + begin * track.step_x, track.y + begin * track.step_y, part * track.step_x,
                   part * track.step_y, part * track.electrons};
    return true;
}

struct TileRange {
    i32 x_begin, x_end, y_begin, y_end;
};

SKY_FN bool is_in(const TileRange& range, i32 x, i32 y) {
    return x >= range.x_begin && x < range.x_end && y >= range.y_begin && y < range.y_end;
}

SKY_FN i32 first_tile(double low, i32 half_width) {
    const i32 pixel = (i32)round_down(low / POSITIONS_PER_PIXEL) - half_width;
    return pixel < 0 ? 0 : pixel / TILE;
}

SKY_FN i32 end_tile(double high, i32 half_width, i32 size) {
    const i32 pixel = smaller((i32)round_up(high / POSITIONS_PER_PIXEL) + half_width - 1, size - 1);
    return pixel < 0 ? 0 : pixel / TILE + 1;
}

// The tiles that a stamp touches when its source is anywhere in a box; pixels count from floor to ceiling.
SKY_FN TileRange tiles_of(double x_low, double x_high, double y_low, double y_high, i32 half_width,
                          const FrameSize& frame) {
    return TileRange{first_tile(x_low, half_width), end_tile(x_high, half_width, frame.width),
                     first_tile(y_low, half_width), end_tile(y_high, half_width, frame.height)};
}

SKY_FN bool is_near(const Track& track, i32 half_width, const FrameSize& frame) {
    const double reach = (double)half_width * POSITIONS_PER_PIXEL;
    return track.x >= -reach && track.x <= (double)frame.width * POSITIONS_PER_PIXEL + reach && track.y >= -reach &&
           track.y <= (double)frame.height * POSITIONS_PER_PIXEL + reach;
}

// The brightness by which a trail's class is chosen: its light within the widest stamp of a class.
SKY_FN i32 class_of(const Track& track, i32 psf, const BankArrays& bank) {
    const bool trailed = is_trailed(track);
    const i32 last = bank.first_class[psf + 1] - 1;
    const double length = trailed ? length_of(track) : 0.0;
    i32 index = trailed ? bank.first_trail_class[psf] : bank.first_class[psf];
    for (; index < last; ++index) {
        const i32 widest = bank.class_stamps[bank.first_class_stamp[index + 1] - 1];
        const double chord = 2.0 * (double)bank.tables.stamps[widest].half_width;
        const double electrons = length > chord ? quotient(track.electrons * chord, length) : track.electrons;
        if (electrons <= bank.class_electrons[index]) break;
    }
    return index;
}

// How far, in pixels, any light of the class reaches.
SKY_FN double reach_of(i32 index, const BankArrays& bank) {
    if (bank.class_halo_level[index] >= 0) return (double)HALO_REACH;
    i32 reach = 0;
    for (i32 k = bank.first_class_stamp[index]; k < bank.first_class_stamp[index + 1]; ++k)
        reach = larger(reach, bank.tables.stamps[bank.class_stamps[k]].half_width);
    return (double)reach;
}

// Cut the part of a track that a stamp shows into panels; false if there is none.
SKY_FN bool cut_trail(const Track& whole, u32 stamp_index, const BankArrays& bank, const FrameSize& frame, Trail& trail,
                      u32& panels) {
    Track track = whole;
    if (!clip(whole, frame, (double)bank.tables.stamps[stamp_index].half_width, track)) return false;
    const double length = length_of(track);
    const double* panel_lengths = bank.panel_lengths + TRAIL_RULES * stamp_index;
    i32 rule = 0;
    while (rule + 1 < TRAIL_RULES && length > panel_lengths[rule]) ++rule;
    const double wanted = round_up(quotient(length, panel_lengths[rule]));
    panels = wanted > 1.0 ? (u32)wanted : 1u;
    const double count = (double)panels;
    trail = Trail{track.x, track.y, quotient(track.step_x, count), quotient(track.step_y, count),
                  (float)quotient(track.electrons, count), stamp_index, (u32)RULE_FIRST[rule], (u32)RULE_NODES[rule]};
    return true;
}

SKY_FN TileRange tiles_of_panel(const Trail& trail, u32 panel, i32 half_width, const FrameSize& frame) {
    const double x0 = trail.x + (double)panel * trail.step_x, x1 = x0 + trail.step_x;
    const double y0 = trail.y + (double)panel * trail.step_y, y1 = y0 + trail.step_y;
    return tiles_of(x0 < x1 ? x0 : x1, x0 < x1 ? x1 : x0, y0 < y1 ? y0 : y1, y0 < y1 ? y1 : y0, half_width + 1, frame);
}

// Call run(tile, begin, end) for each tile that a trail crosses. A straight trail enters a tile once, so that its panels
// there follow each other.
template <typename Run>
SKY_FN void for_runs(const Trail& trail, u32 panels, i32 half_width, const FrameSize& frame, const Run& run) {
    TileRange before = TileRange{0, 0, 0, 0};
    for (u32 panel = 0; panel < panels; ++panel) {
        const TileRange range = tiles_of_panel(trail, panel, half_width, frame);
        for (i32 y = range.y_begin; y < range.y_end; ++y)
            for (i32 x = range.x_begin; x < range.x_end; ++x) {
                if (is_in(before, x, y)) continue;
                u32 end = panel + 1;
                while (end < panels && is_in(tiles_of_panel(trail, end, half_width, frame), x, y)) ++end;
                run((u32)(y * frame.tiles_x + x), panel, end);
            }
        before = range;
    }
}

// Call deposit(x, y, electrons) along a track, at most half a cell of the level's grid apart.
template <typename Deposit>
SKY_FN void for_deposits(const Track& whole, i32 spacing_bits, double fraction, const FrameSize& frame,
                         const Deposit& deposit) {
    Track track = whole;
    if (!clip(whole, frame, (double)HALO_REACH, track)) return;
    const double spacing = power_of_two(spacing_bits - 1);
    const double wanted = round_up(length_of(track) / spacing);
    const double count = wanted > 1.0 ? wanted : 1.0;
    const double each = quotient(track.electrons * fraction, count);
    for (double node = 0.5; node < count; node += 1.0) {
        const double along = quotient(node, count);
        deposit(track.x + along * track.step_x, track.y + along * track.step_y, each);
    }
}

// Plan source i. What comes of it goes to the sink, in the order in which it is drawn:
//   sink.point(tile, slot, Point), sink.trail(slot, Trail) -> a number, sink.run(tile, slot, Panels{number, begin, end}),
//   sink.deposit(level, x, y, electrons).
// A slot is the place of a stamp among those of the source's class.
template <typename Sink>
SKY_FN void plan_source(const SourceArrays& sources, u64 i, const BankArrays& bank, const FrameSize& frame, Sink& sink) {
    if (!(sources.electrons[i] > 0.0f)) return;
    const Track track = track_of(sources, i);
    const i32 index = class_of(track, sources.psf[i], bank);
    Track seen = track;
    if (!clip(track, frame, reach_of(index, bank), seen)) return;
    const i32 first = bank.first_class_stamp[index], end = bank.first_class_stamp[index + 1];
    for (i32 k = first; k < end; ++k) {
        const u32 stamp = (u32)bank.class_stamps[k], slot = (u32)(k - first);
        const i32 half_width = bank.tables.stamps[stamp].half_width;
        if (is_trailed(track)) {
            Trail trail = {};
            u32 panels = 0;
            if (!cut_trail(track, stamp, bank, frame, trail, panels)) continue;
            const u32 number = sink.trail(slot, trail);
            for_runs(trail, panels, half_width, frame, [&](u32 tile, u32 begin, u32 run_end) {
                sink.run(tile, slot, Panels{number, begin, run_end});
            });
        } else if (is_near(track, half_width, frame)) {
            const Point point = Point{(i32)track.x, (i32)track.y, (float)track.electrons, stamp};
            const TileRange range = tiles_of(track.x, track.x, track.y, track.y, half_width, frame);
            for (i32 y = range.y_begin; y < range.y_end; ++y)
                for (i32 x = range.x_begin; x < range.x_end; ++x)
                    sink.point((u32)(y * frame.tiles_x + x), slot, point);
        }
    }
    const i32 level = bank.class_halo_level[index];
    if (level >= 0 && bank.halo_levels > 0)
        for_deposits(track, bank.halo_spacing_bits + level, bank.class_halo_fraction[index], frame,
                     [&](double x, double y, double electrons) { sink.deposit(level, x, y, electrons); });
}

}  // namespace skyforge
