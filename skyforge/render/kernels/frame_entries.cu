// Drawing frames whose sources are planned: a block for each tile of each frame. The tile's electrons stay in shared
// memory, its noise in registers; only ADU are written.
#include "canvas.h"
#include "detector.h"
#include "entry.h"
#include "fits_words.h"
#include "frame_task.h"
#include "stamp.h"

namespace skyforge {

struct DrawArguments {
    const FrameTask* frames;
    BankArrays bank;
};

SKY_FN Point point_of(const FrameTask& task, const BankArrays& bank, u64 key) {
    const u64 i = key >> SLOT_BITS;
    const i32 slot = (i32)(key & ((1u << SLOT_BITS) - 1u));
    const Track track = track_of(task.sources, i);
    const i32 first = bank.first_class_stamp[class_of(track, task.sources.psf[i], bank)];
    return Point{(i32)track.x, (i32)track.y, (float)track.electrons, (u32)bank.class_stamps[first + slot]};
}

SKY_FN void draw_tile(const FrameTask& task, const BankArrays& bank, float* buffer, Point* staged, i32 tile,
                      const Team& team) {
    const i32 tile_y = tile / task.canvas.tiles_x, tile_x = tile - tile_y * task.canvas.tiles_x;
    fill_background(task.canvas, buffer, tile_x, tile_y, team);
    const u64 points = task.points.offsets[tile + 1];
    for (u64 begin = task.points.offsets[tile]; begin < points; begin += BLOCK_THREADS) {
        const i32 count = points - begin < (u64)BLOCK_THREADS ? (i32)(points - begin) : BLOCK_THREADS;
        __syncthreads();  // all have drawn what was staged before
        if (team.thread < count) staged[team.thread] = point_of(task, bank, task.points.keys[begin + (u64)team.thread]);
        __syncthreads();
        for (i32 k = 0; k < count; ++k)
            add_stamp(bank.tables, buffer, tile_x, tile_y, staged[k].x, staged[k].y, staged[k].electrons,
                      staged[k].stamp, team);
    }
    const u64 runs = task.runs.offsets[tile + 1];
    for (u64 i = task.runs.offsets[tile]; i < runs; ++i) {
        const Panels run = task.panels[task.runs.keys[i] & (((u64)1 << PLACE_BITS) - 1)];
        add_panels(bank.tables, buffer, tile_x, tile_y, task.trails[run.trail], run.begin, run.end, team);
    }
}

SKY_FN u32 warp_sum(u32 value) {
    for (u32 distance = (u32)WARP_THREADS / 2; distance > 0; distance /= 2)
        value += __shfl_xor_sync(WHOLE_WARP, value, (i32)distance);
    return value;
}

// Expose the pixels of this thread, and put them where they are wanted.
SKY_FN void write_tile(const FrameTask& task, const float* buffer, i32 tile, const Team& team) {
    const Canvas& canvas = task.canvas;
    const i32 tile_y = tile / canvas.tiles_x, tile_x = tile - tile_y * canvas.tiles_x;
    const i32 rows = smaller(TILE, canvas.height - tile_y * TILE), columns = smaller(TILE, canvas.width - tile_x * TILE);
    // Copies: the compiler cannot know that what is written here does not change the task.
    const Detector detector = task.detector;
    float* const expected = task.expected;
    u16 *const image = task.image, *const words = task.words;
    const bool exposed = image || words;
    u32 even = 0u, odd = 0u;
    bool good = true;
    for (i32 row = team.crew; row < rows; row += team.crews) {
        for (i32 column = team.lane; column < columns; column += team.lanes) {
            const u64 pixel = (u64)(tile_y * TILE + row) * (u64)canvas.width + (u64)(tile_x * TILE + column);
            const float electrons = buffer[row * STRIDE + MARGIN + column];
            if (expected) expected[pixel] = electrons;
            if (!exposed) continue;
            good = good && is_mean(electrons);
            const u16 adu = expose_pixel(electrons, (u32)pixel, detector);
            if (image) image[pixel] = adu;
            if (words) {
                const u32 stored = stored_value(adu);
                words[pixel] = (u16)swapped_pair(stored);
                even += (pixel & 1) ? 0u : stored;
                odd += (pixel & 1) ? stored : 0u;
            }
        }
    }
    if (!good) atomicOr(&task.report->problems, BAD_LIGHT);
    if (!words) return;
    even = warp_sum(even);
    odd = warp_sum(odd);
    if (team.lane == 0) {
        atomicAdd(&task.report->even, (u64)even);
        atomicAdd(&task.report->odd, (u64)odd);
    }
}

SKY_ENTRY(draw_frames, DrawArguments) {
    __shared__ float buffer[TILE_BUFFER];
    __shared__ Point staged[BLOCK_THREADS];
    const FrameTask& task = arguments.frames[blockIdx.y];
    const i32 tile = (i32)blockIdx.x, thread = (i32)threadIdx.x;
    if ((task.report->problems & LISTS_TOO_SMALL) || tile >= task.canvas.tiles_x * task.canvas.tiles_y) return;
    const Team team = {thread, BLOCK_THREADS, thread % WARP_THREADS, WARP_THREADS, thread / WARP_THREADS,
                       BLOCK_THREADS / WARP_THREADS};
    draw_tile(task, arguments.bank, buffer, staged, tile, team);
    write_tile(task, buffer, tile, team);
}

}  // namespace skyforge
