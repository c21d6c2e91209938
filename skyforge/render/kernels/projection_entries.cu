// The places of a catalogue's stars in frames: their directions stay on the device, a frame brings its views.
#include "entry.h"
#include "planning.h"
#include "projection.h"

namespace skyforge {

struct ProjectArguments {
    const double* directions;  // [count][3], astrometric unit vectors
    u64 count;
    const View* views;         // [frame][2]: as the shutter opens and as it closes
    double* places;            // [frame][x_start, y_start, x_end, y_end][count], pixels
};

// What is behind the camera goes where no light of it comes back from. blockIdx.y is the frame.
SKY_ENTRY(project_stars, ProjectArguments) {
    const u64 i = (u64)blockIdx.x * (u64)BLOCK_THREADS + (u64)threadIdx.x;
    if (i >= arguments.count) return;
    double* places = arguments.places + 4 * (u64)blockIdx.y * arguments.count + i;
    for (u32 end = 0; end < 2; ++end) {
        const Place place = place_of(arguments.directions + 3 * i, arguments.views[2 * blockIdx.y + end]);
        places[0] = place.ahead ? place.x : -FARTHEST;
        places[arguments.count] = place.ahead ? place.y : -FARTHEST;
        places += 2 * arguments.count;
    }
}

}  // namespace skyforge
