// Sorting the sources of frames by tile, and their far light onto the halo's grids. blockIdx.y is the frame.
#include "entry.h"
#include "frame_task.h"

namespace skyforge {

struct FramesArguments {
    const FrameTask* frames;
    BankArrays bank;
    i32 level;  // of the halo, where one is meant
};

SKY_FN FrameSize size_of(const Canvas& canvas) { return FrameSize{canvas.width, canvas.height, canvas.tiles_x}; }

// Counts what each tile is going to draw, and deposits the halo.
struct CountingSink {
    const FrameTask& task;

    SKY_MEMBER void point(u32 tile, u32, const Point&) { atomicAdd(&task.points.counts[tile], 1u); }
    SKY_MEMBER u32 trail(u32, const Trail&) {
        atomicAdd(&task.report->trails, (u64)1);
        return 0u;
    }
    SKY_MEMBER void run(u32 tile, u32, const Panels&) { atomicAdd(&task.runs.counts[tile], 1u); }
    SKY_MEMBER void deposit(i32 level, double x, double y, double electrons) {
        if (level < task.grid.levels)
            deposit_halo(task.grid, task.quanta + halo_first(task.grid, level), level, x, y, electrons);
    }
};

SKY_FN u64 next_place(const TileLists& lists, u32 tile) {
    return lists.offsets[tile] + (u64)atomicAdd(&lists.filled[tile], 1u);
}

// Puts every item into its tile's list.
struct FillingSink {
    const FrameTask& task;
    u64 source;

    SKY_MEMBER void point(u32 tile, u32 slot, const Point&) {
        task.points.keys[next_place(task.points, tile)] = order_of(source, slot);
    }
    SKY_MEMBER u32 trail(u32, const Trail& trail) {
        const u64 number = atomicAdd(&task.report->trails, (u64)1);
        task.trails[number] = trail;
        return (u32)number;
    }
    SKY_MEMBER void run(u32 tile, u32 slot, const Panels& panels) {
        const u64 place = next_place(task.runs, tile);
        task.panels[place] = panels;
        task.runs.keys[place] = order_of(source, slot) << PLACE_BITS | place;
    }
    SKY_MEMBER void deposit(i32, double, double, double) {}
};

SKY_ENTRY(plan_count, FramesArguments) {
    const FrameTask& task = arguments.frames[blockIdx.y];
    const u64 i = (u64)blockIdx.x * (u64)BLOCK_THREADS + (u64)threadIdx.x;
    if (i >= task.sources.count) return;
    CountingSink sink = {task};
    plan_source(task.sources, i, arguments.bank, size_of(task.canvas), sink);
}

// The sum over the threads before this one; `scratch` has a place for each.
SKY_FN u64 sum_before(u64 own, u64* scratch) {
    const i32 me = (i32)threadIdx.x;
    scratch[me] = own;
    __syncthreads();
    for (i32 reach = 1; reach < BLOCK_THREADS; reach *= 2) {
        const u64 more = me >= reach ? scratch[me - reach] : 0;
        __syncthreads();
        scratch[me] += more;
        __syncthreads();
    }
    const u64 before = scratch[me] - own;
    __syncthreads();
    return before;
}

// Where each tile's list begins; returns the length of all.
SKY_FN u64 place_lists(const TileLists& lists, i32 tiles, u64* scratch) {
    const i32 each = (tiles + BLOCK_THREADS - 1) / BLOCK_THREADS;
    const i32 begin = smaller((i32)threadIdx.x * each, tiles), end = smaller(begin + each, tiles);
    u64 own = 0;
    for (i32 tile = begin; tile < end; ++tile) own += (u64)lists.counts[tile];
    u64 place = sum_before(own, scratch);
    for (i32 tile = begin; tile < end; ++tile) {
        lists.offsets[tile] = place;
        place += (u64)lists.counts[tile];
    }
    if ((i32)threadIdx.x == BLOCK_THREADS - 1) {
        lists.offsets[tiles] = place;
        scratch[0] = place;
    }
    __syncthreads();
    const u64 total = scratch[0];
    __syncthreads();
    return total;
}

// A block for each frame.
SKY_ENTRY(plan_offsets, FramesArguments) {
    __shared__ u64 scratch[BLOCK_THREADS];
    const FrameTask& task = arguments.frames[blockIdx.y];
    const i32 tiles = task.canvas.tiles_x * task.canvas.tiles_y;
    const u64 points = place_lists(task.points, tiles, scratch), runs = place_lists(task.runs, tiles, scratch);
    if (threadIdx.x != 0) return;
    task.report->points = points;
    task.report->runs = runs;
    if (points > task.points.capacity || runs > task.runs.capacity || task.report->trails > task.trail_capacity)
        task.report->problems |= LISTS_TOO_SMALL;
    else
        task.report->trails = 0;  // counted a second time as they are put down
}

SKY_ENTRY(plan_fill, FramesArguments) {
    const FrameTask& task = arguments.frames[blockIdx.y];
    const u64 i = (u64)blockIdx.x * (u64)BLOCK_THREADS + (u64)threadIdx.x;
    if (i >= task.sources.count || (task.report->problems & LISTS_TOO_SMALL)) return;
    FillingSink sink = {task, i};
    plan_source(task.sources, i, arguments.bank, size_of(task.canvas), sink);
}

const u64 SORTED_NEARBY = 2048;  // keys that are sorted in shared memory

// One step of a sorting network (Batcher 1968, in the form that keeps to ascending order and so needs no padding):
// compare partners `distance` apart, or mirrored within blocks of 2 distance.
SKY_FN void sorting_step(u64* keys, u64 count, u64 pairs, u32 distance_bits, bool mirrored) {
    const u64 distance = (u64)1 << distance_bits;
    for (u64 pair = threadIdx.x; pair < pairs; pair += BLOCK_THREADS) {
        const u64 block = pair >> distance_bits, within = pair & (distance - 1);
        const u64 first = (block << (distance_bits + 1)) + within;
        const u64 second = mirrored ? (block << (distance_bits + 1)) + 2 * distance - 1 - within : first + distance;
        if (second >= count || keys[first] <= keys[second]) continue;
        const u64 smaller_key = keys[second];
        keys[second] = keys[first];
        keys[first] = smaller_key;
    }
    __syncthreads();
}

SKY_FN void sort_block(u64* keys, u64 count) {
    u32 bits = 0;
    while (((u64)1 << bits) < count) ++bits;
    const u64 pairs = ((u64)1 << bits) >> 1;
    for (u32 block_bits = 1; block_bits <= bits; ++block_bits) {
        sorting_step(keys, count, pairs, block_bits - 1, true);
        for (u32 distance_bits = block_bits - 1; distance_bits > 0; --distance_bits)
            sorting_step(keys, count, pairs, distance_bits - 1, false);
    }
}

SKY_FN void sort_list(const TileLists& lists, u32 tile, u64* nearby) {
    u64* keys = lists.keys + lists.offsets[tile];
    const u64 count = lists.offsets[tile + 1] - lists.offsets[tile];
    if (count < 2) return;
    if (count > SORTED_NEARBY) {
        sort_block(keys, count);
        return;
    }
    for (u64 i = threadIdx.x; i < count; i += BLOCK_THREADS) nearby[i] = keys[i];
    __syncthreads();
    sort_block(nearby, count);
    for (u64 i = threadIdx.x; i < count; i += BLOCK_THREADS) keys[i] = nearby[i];
    __syncthreads();
}

// A block for each tile.
SKY_ENTRY(plan_sort, FramesArguments) {
    __shared__ u64 nearby[SORTED_NEARBY];
    const FrameTask& task = arguments.frames[blockIdx.y];
    if ((task.report->problems & LISTS_TOO_SMALL) || (i32)blockIdx.x >= task.canvas.tiles_x * task.canvas.tiles_y) return;
    sort_list(task.points, blockIdx.x, nearby);
    sort_list(task.runs, blockIdx.x, nearby);
}

// The halo's level `level` takes in the finer one and becomes electrons.
SKY_ENTRY(halo_gather, FramesArguments) {
    const FrameTask& task = arguments.frames[blockIdx.y];
    const i32 level = arguments.level;
    if (level >= task.grid.levels) return;
    const i32 width = halo_width(task.grid, level), node = (i32)(blockIdx.x * (u32)BLOCK_THREADS + threadIdx.x);
    if (node >= width * halo_height(task.grid, level)) return;
    const u64 first = halo_first(task.grid, level);
    i64* own = task.quanta + first;
    if (level > 0)
        own[node] = gathered_quanta(task.grid, own, task.quanta + halo_first(task.grid, level - 1), level, node / width,
                                    node % width);
    task.deposits[first + (u64)node] = halo_electrons(task.grid, level, own[node]);
}

// The light of the halo's level `level`, with that of the coarser ones.
SKY_ENTRY(halo_spread, FramesArguments) {
    const FrameTask& task = arguments.frames[blockIdx.y];
    const HaloGrid& grid = task.grid;
    const i32 level = arguments.level;
    if (level >= grid.levels) return;
    const i32 begin = halo_origin(grid, level) - 1, columns = halo_end(grid, level, task.canvas.width) - begin;
    const i32 rows = halo_end(grid, level, task.canvas.height) - begin;
    const i32 index = (i32)(blockIdx.x * (u32)BLOCK_THREADS + threadIdx.x);
    if (index >= rows * columns) return;
    const u64 first = halo_first(grid, level);
    HaloLevel whole = {};
    whole.width = halo_width(grid, level);
    whole.height = halo_height(grid, level);
    whole.deposits = task.deposits + first;
    whole.values = task.halo_values + first;
    whole.taps = arguments.bank.taps + arguments.bank.first_tap[level];
    whole.tap_count = arguments.bank.first_tap[level + 1] - arguments.bank.first_tap[level];
    if (level + 1 < grid.levels) {
        whole.coarser = task.halo_values + halo_first(grid, level + 1);
        whole.coarser_width = halo_width(grid, level + 1);
    }
    fill_halo_node(whole, begin + index / columns, begin + index % columns);
}

}  // namespace skyforge
