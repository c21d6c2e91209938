// Runs a launch on the CPU: blocks one after another, the threads of a block as fibers that take turns at barriers.
//
// The order of blocks and threads is the caller's, so that whatever depends on it shows as a difference between two runs.
// What hardware would leave undefined or hang on ends the launch with a message: barriers that not all threads reach,
// shuffles from lanes that are not there, memory outside of the arrays.
#include "cuda_on_cpu.h"

#include <csetjmp>
#include <csignal>
#include <cstdio>
#include <map>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

uint3 threadIdx, blockIdx;
dim3 blockDim, gridDim;

// The linker names the ends of the section that holds all shared memory, if there is any.
extern "C" __attribute__((weak, visibility("hidden"))) char __start_sky_shared[];
extern "C" __attribute__((weak, visibility("hidden"))) char __stop_sky_shared[];

namespace cuda_on_cpu {
namespace {

constexpr unsigned MOST_THREADS = 1024, WARP = 32;
constexpr std::size_t STACK_BYTES = 64 * 1024;
constexpr std::size_t SLACK_ALIGNMENT = 16;  // of an array's beginning; its end lies as near to the guard as this lets it
constexpr unsigned char CANARY = 0xC5;

struct Entry {
    std::string name, structure;
    std::size_t bytes;
    unsigned threads;
    void (*run)(const void* arguments);
};

std::vector<Entry>& entries() {
    static std::vector<Entry> all;
    return all;
}

enum class State : unsigned char { ready, at_block, at_warp, ended };

struct Fiber {
    State state;
    Meeting meeting;
    unsigned mask;
    int width, line;
    const char* file;
    Word value, operand, result;
#if defined(__x86_64__)
    void* stack_pointer;
#else
    ucontext_t context;
#endif
};

struct Launch {
    const Entry* entry = nullptr;
    const void* arguments = nullptr;
    unsigned threads = 0, current = 0;
};

Fiber fibers[MOST_THREADS];
char* stacks = nullptr;
Launch launch;
std::string error;
sigjmp_buf out_of_bounds;

// Changing from one stack to another ----------------------------------------------------------------------------------
#if defined(__x86_64__)
void* scheduler_pointer;
extern "C" void sky_switch(void** from, void* to);
asm(R"(
.text
.hidden sky_switch
.type sky_switch,@function
sky_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size sky_switch, .-sky_switch
)");
void leave() { sky_switch(&fibers[launch.current].stack_pointer, scheduler_pointer); }
void enter() { sky_switch(&scheduler_pointer, fibers[launch.current].stack_pointer); }
#else
ucontext_t scheduler_context;
void leave() { swapcontext(&fibers[launch.current].context, &scheduler_context); }
void enter() { swapcontext(&scheduler_context, &fibers[launch.current].context); }
#endif

// What a fiber does: a thread of one block after another.
void live() {
    for (;;) {
        launch.entry->run(launch.arguments);
        fibers[launch.current].state = State::ended;
        leave();
    }
}

char* stack_of(unsigned thread) {
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    if (!stacks) {
        stacks = static_cast<char*>(mmap(nullptr, MOST_THREADS * (STACK_BYTES + page), PROT_READ | PROT_WRITE,
                                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
        for (unsigned i = 0; i < MOST_THREADS; ++i) mprotect(stacks + i * (STACK_BYTES + page), page, PROT_NONE);
    }
    return stacks + thread * (STACK_BYTES + page) + page;
}

void prepare(unsigned thread) {
    char* stack = stack_of(thread);
#if defined(__x86_64__)
    // As if `live` had just been called, stack aligned as a call leaves it: its return address, and six registers for
    // sky_switch to take off.
    void** top = reinterpret_cast<void**>(stack + STACK_BYTES) - 1;
    *top = nullptr;
    *--top = reinterpret_cast<void*>(live);
    for (int i = 0; i < 6; ++i) *--top = nullptr;
    fibers[thread].stack_pointer = top;
#else
    getcontext(&fibers[thread].context);
    fibers[thread].context.uc_stack.ss_sp = stack;
    fibers[thread].context.uc_stack.ss_size = STACK_BYTES;
    fibers[thread].context.uc_link = nullptr;
    makecontext(&fibers[thread].context, live, 0);
#endif
}

// Messages ------------------------------------------------------------------------------------------------------------
std::string place(const Fiber& fiber) {
    const char* slash = std::strrchr(fiber.file, '/');
    return std::string(slash ? slash + 1 : fiber.file) + ":" + std::to_string(fiber.line);
}

std::string describe(unsigned thread) {
    const Fiber& fiber = fibers[thread];
    const std::string who = "thread " + std::to_string(thread);
    if (fiber.state == State::ended) return who + " has ended";
    if (fiber.state == State::at_block) return who + " waits for the block at " + place(fiber);
    char mask[16];
    std::snprintf(mask, sizeof mask, "0x%08x", fiber.mask);
    return who + " waits for lanes " + mask + " of its warp at " + place(fiber);
}

bool fail(const std::string& what) {
    error = launch.entry->name + ", block (" + std::to_string(blockIdx.x) + ", " + std::to_string(blockIdx.y) + "): " + what;
    return false;
}

bool same_place(const Fiber& a, const Fiber& b) {
    return a.meeting == b.meeting && a.line == b.line && (a.file == b.file || std::strcmp(a.file, b.file) == 0);
}

// Meetings ------------------------------------------------------------------------------------------------------------
bool resolve_block() {
    long long count = 0;
    for (unsigned i = 0; i < launch.threads; ++i) {
        if (fibers[i].state != State::at_block || !same_place(fibers[i], fibers[0])) {
            const unsigned other = fibers[0].state == State::at_block || i == 0 ? 0 : i;
            unsigned different = i;
            for (unsigned k = 0; i == 0 && k < launch.threads; ++k)
                if (fibers[k].state != fibers[0].state) different = k;
            return fail("the threads do not meet: " + describe(other) + ", but " + describe(different));
        }
        count += fibers[i].operand != 0;
    }
    const long long threads = launch.threads;
    for (unsigned i = 0; i < launch.threads; ++i) {
        Fiber& fiber = fibers[i];
        fiber.result = fiber.meeting == Meeting::block_count ? static_cast<Word>(count)
                       : fiber.meeting == Meeting::block_and ? static_cast<Word>(count == threads)
                                                             : static_cast<Word>(count != 0);
        fiber.state = State::ready;
    }
    return true;
}

unsigned source_lane(const Fiber& fiber, unsigned lane) {
    const unsigned width = static_cast<unsigned>(fiber.width), begin = lane & ~(width - 1), end = begin + width;
    const long long operand = static_cast<long long>(fiber.operand);
    long long source = lane;
    if (fiber.meeting == Meeting::shuffle) return begin | (static_cast<unsigned>(operand) & (width - 1));
    if (fiber.meeting == Meeting::shuffle_up) source = static_cast<long long>(lane) - operand;
    if (fiber.meeting == Meeting::shuffle_down) source = static_cast<long long>(lane) + operand;
    if (fiber.meeting == Meeting::shuffle_xor) return (lane ^ static_cast<unsigned>(operand)) < end ? lane ^ static_cast<unsigned>(operand) : lane;
    return source < static_cast<long long>(begin) || source >= static_cast<long long>(end) ? lane : static_cast<unsigned>(source);
}

Word combine(Meeting meeting, Word a, Word b) {
    const long long x = static_cast<long long>(a), y = static_cast<long long>(b);
    switch (meeting) {
        case Meeting::reduce_add: return a + b;
        case Meeting::reduce_min: return x < y ? a : b;
        case Meeting::reduce_max: return x > y ? a : b;
        case Meeting::reduce_and: return a & b;
        case Meeting::reduce_or: return a | b;
        default: return a ^ b;
    }
}

bool answer(unsigned first, unsigned lane, unsigned mask) {
    Fiber& me = fibers[first + lane];
    unsigned ballot = 0, matches = 0;
    Word total = 0;
    bool started = false;
    for (unsigned k = 0; k < WARP; ++k) {
        if (!(mask >> k & 1u)) continue;
        const Fiber& other = fibers[first + k];
        ballot |= other.operand ? 1u << k : 0u;
        matches |= other.value == me.value ? 1u << k : 0u;
        total = started ? combine(me.meeting, total, other.value) : other.value;
        started = true;
    }
    switch (me.meeting) {
        case Meeting::warp: me.result = 0; return true;
        case Meeting::ballot: me.result = ballot; return true;
        case Meeting::any: me.result = ballot != 0; return true;
        case Meeting::all: me.result = ballot == mask; return true;
        case Meeting::match_any: me.result = matches; return true;
        case Meeting::shuffle:
        case Meeting::shuffle_up:
        case Meeting::shuffle_down:
        case Meeting::shuffle_xor: {
            const unsigned source = source_lane(me, lane);
            if (!(mask >> source & 1u))
                return fail("thread " + std::to_string(first + lane) + " reads lane " + std::to_string(source) +
                            ", which does not take part, at " + place(me));
            me.result = fibers[first + source].value;
            return true;
        }
        default: me.result = total; return true;
    }
}

// Lets go of the lanes that are complete; false if something is wrong.
bool resolve_warp(unsigned first, bool& progress) {
    const unsigned lanes = launch.threads - first < WARP ? launch.threads - first : WARP;
    for (unsigned lane = 0; lane < lanes; ++lane) {
        const Fiber& leader = fibers[first + lane];
        if (leader.state != State::at_warp) continue;
        const unsigned mask = leader.mask;
        if (!(mask >> lane & 1u)) return fail(describe(first + lane) + " and is not one of them");
        bool complete = lanes == WARP || mask >> lanes == 0;
        for (unsigned k = 0; k < lanes && complete; ++k)
            if (mask >> k & 1u) complete = fibers[first + k].state == State::at_warp && fibers[first + k].mask == mask;
        if (!complete) continue;
        for (unsigned k = 0; k < lanes; ++k)
            if ((mask >> k & 1u) && !same_place(fibers[first + k], leader))
                return fail("the lanes do not meet: " + describe(first + lane) + ", but " + describe(first + k));
        for (unsigned k = 0; k < lanes; ++k)
            if ((mask >> k & 1u) && !answer(first, k, mask)) return false;
        for (unsigned k = 0; k < lanes; ++k)
            if (mask >> k & 1u) fibers[first + k].state = State::ready;
        progress = true;
    }
    return true;
}

bool resolve_warps(bool& progress) {
    for (unsigned first = 0; first < launch.threads; first += WARP)
        if (!resolve_warp(first, progress)) return false;
    if (progress) return true;
    for (unsigned i = 0; i < launch.threads; ++i) {
        if (fibers[i].state != State::at_warp) continue;
        for (unsigned lane = 0; lane < WARP; ++lane) {
            const unsigned other = i / WARP * WARP + lane;
            if (!(fibers[i].mask >> lane & 1u)) continue;
            if (other >= launch.threads) return fail(describe(i) + ", but the block has no thread " + std::to_string(other));
            if (fibers[other].state != State::at_warp || fibers[other].mask != fibers[i].mask)
                return fail("the lanes do not meet: " + describe(i) + ", but " + describe(other));
        }
    }
    return true;
}

// Launches ------------------------------------------------------------------------------------------------------------
Word mix(Word& state) {  // SplitMix64 (Steele, Lea and Flood 2014)
    Word z = state += 0x9E3779B97F4A7C15ull;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ z >> 27) * 0x94D049BB133111EBull;
    return z ^ z >> 31;
}

void arrange(std::vector<unsigned>& order, int kind, Word& random) {
    const std::size_t count = order.size();
    for (std::size_t i = 0; i < count; ++i) order[i] = static_cast<unsigned>(kind == 1 ? count - 1 - i : i);
    if (kind == 2)
        for (std::size_t i = count; i > 1; --i) std::swap(order[i - 1], order[mix(random) % i]);
}

bool run_block(const std::vector<unsigned>& order, Word& random) {
    if (__start_sky_shared)
        std::memset(__start_sky_shared, static_cast<int>(mix(random) & 0xFF) | 1,
                    static_cast<std::size_t>(__stop_sky_shared - __start_sky_shared));
    for (unsigned i = 0; i < launch.threads; ++i) fibers[i].state = State::ready;
    for (;;) {
        unsigned ended = 0, at_warp = 0;
        for (const unsigned thread : order) {
            Fiber& fiber = fibers[thread];
            if (fiber.state == State::ready) {
                launch.current = thread;
                threadIdx = uint3{thread, 0, 0};
                enter();
            }
            ended += fiber.state == State::ended;
            at_warp += fiber.state == State::at_warp;
        }
        if (ended == launch.threads) return true;
        bool progress = false;
        if (at_warp && !resolve_warps(progress)) return false;
        if (!progress && !resolve_block()) return false;
    }
}

// Device memory -------------------------------------------------------------------------------------------------------
struct Mapping {
    char* base;
    std::size_t mapped, bytes;
};

std::map<char*, Mapping>& mappings() {
    static std::map<char*, Mapping> all;
    return all;
}

bool canaries_live() {
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    for (const auto& [address, mapping] : mappings()) {
        const char* last = mapping.base + mapping.mapped - page;
        for (const char* c = address + mapping.bytes; c < last; ++c)
            if (static_cast<unsigned char>(*c) != CANARY)
                return fail("something wrote behind an array of " + std::to_string(mapping.bytes) + " bytes");
        for (const char* c = address - 1; c >= mapping.base + page && c >= address - 64; --c)
            if (static_cast<unsigned char>(*c) != CANARY)
                return fail("something wrote before an array of " + std::to_string(mapping.bytes) + " bytes");
    }
    return true;
}

std::string nearest_array(char* address) {
    for (const auto& [begin, mapping] : mappings()) {
        if (address < mapping.base || address >= mapping.base + mapping.mapped) continue;
        const std::string array = " an array of " + std::to_string(mapping.bytes) + " bytes";
        if (address < begin) return std::to_string(begin - address) + " bytes before" + array;
        return std::to_string(address - begin - static_cast<std::ptrdiff_t>(mapping.bytes)) + " bytes behind" + array;
    }
    return "where there is no array (freed, null, or the host's)";
}

void on_fault(int, siginfo_t* information, void*) {
    char* address = static_cast<char*>(information->si_addr);
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const bool overflow = address >= stacks && address < stacks + MOST_THREADS * (STACK_BYTES + page);
    fail("thread " + std::to_string(launch.current) +
         (overflow ? " has used up its stack" : " touches memory " + nearest_array(address)));
    siglongjmp(out_of_bounds, 1);
}

// Turns a fault within a launch into a message, and leaves the process's own handlers as they were.
class FaultHandler {
public:
    FaultHandler() {
        static char stack[64 * 1024];
        stack_t mine{};
        mine.ss_sp = stack;
        mine.ss_size = sizeof stack;
        sigaltstack(&mine, &old_stack_);
        struct sigaction action {};
        action.sa_sigaction = on_fault;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        sigaction(SIGSEGV, &action, &old_segv_);
        sigaction(SIGBUS, &action, &old_bus_);
    }
    ~FaultHandler() {
        sigaction(SIGSEGV, &old_segv_, nullptr);
        sigaction(SIGBUS, &old_bus_, nullptr);
        sigaltstack(&old_stack_, nullptr);
    }
    FaultHandler(const FaultHandler&) = delete;
    FaultHandler& operator=(const FaultHandler&) = delete;

private:
    stack_t old_stack_{};
    struct sigaction old_segv_ {}, old_bus_ {};
};

bool run_blocks(unsigned grid_x, unsigned grid_y, int order, Word seed) {
    Word random = seed;
    std::vector<unsigned> blocks(static_cast<std::size_t>(grid_x) * grid_y), threads(launch.threads);
    arrange(blocks, order, random);
    arrange(threads, order, random);
    for (const unsigned block : blocks) {
        blockIdx = uint3{block % grid_x, block / grid_x, 0};
        if (order == 2) arrange(threads, order, random);
        if (!run_block(threads, random)) return false;
    }
    return canaries_live();
}

}  // namespace

Word meet(Meeting meeting, unsigned mask, Word value, Word operand, int width, const char* file, int line) {
    Fiber& me = fibers[launch.current];
    me.meeting = meeting;
    me.mask = mask;
    me.value = value;
    me.operand = operand;
    me.width = width;
    me.file = file;
    me.line = line;
    me.state = meeting <= Meeting::block_count ? State::at_block : State::at_warp;
    leave();
    return me.result;
}

void declare_entry(const char* name, const char* structure, std::size_t bytes, unsigned threads,
                   void (*run)(const void* arguments)) {
    entries().push_back(Entry{name, structure, bytes, threads, run});
}

}  // namespace cuda_on_cpu

// For Python ----------------------------------------------------------------------------------------------------------
using namespace cuda_on_cpu;
#define SKY_EXPORT extern "C" __attribute__((visibility("default")))

SKY_EXPORT const char* sky_error() { return error.c_str(); }
SKY_EXPORT unsigned sky_entry_count() { return static_cast<unsigned>(entries().size()); }
SKY_EXPORT const char* sky_entry_name(unsigned i) { return entries()[i].name.c_str(); }
SKY_EXPORT const char* sky_entry_structure(unsigned i) { return entries()[i].structure.c_str(); }
SKY_EXPORT std::size_t sky_entry_bytes(unsigned i) { return entries()[i].bytes; }
SKY_EXPORT unsigned sky_entry_threads(unsigned i) { return entries()[i].threads; }

// Order 0: ascending, 1: descending, 2: shuffled. Returns whether all went well; else sky_error() says what did not.
SKY_EXPORT int sky_launch(unsigned entry, unsigned grid_x, unsigned grid_y, const void* arguments, int order,
                          unsigned long long seed) {
    launch = Launch{&entries()[entry], arguments, entries()[entry].threads, 0};
    gridDim = dim3{grid_x, grid_y, 1};
    blockDim = dim3{launch.threads, 1, 1};
    for (unsigned i = 0; i < launch.threads; ++i) prepare(i);
    const FaultHandler handler;
    if (sigsetjmp(out_of_bounds, 1) != 0) return 0;
    return run_blocks(grid_x, grid_y, order, seed) ? 1 : 0;
}

// An array between two pages that nobody may touch.
SKY_EXPORT void* sky_allocate(std::size_t bytes) {
    const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    const std::size_t inner = (bytes + page) / page * page, mapped = inner + 2 * page;
    void* memory = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    char* base = static_cast<char*>(memory);
    const std::size_t rounded = (bytes + SLACK_ALIGNMENT - 1) / SLACK_ALIGNMENT * SLACK_ALIGNMENT;
    char* address = base + page + inner - rounded;
    std::memset(base + page, CANARY, static_cast<std::size_t>(address - base) - page);
    std::memset(address + bytes, CANARY, rounded - bytes);
    mprotect(base, page, PROT_NONE);
    mprotect(base + page + inner, page, PROT_NONE);
    mappings()[address] = Mapping{base, mapped, bytes};
    return address;
}

SKY_EXPORT void sky_free(void* address) {
    const auto found = mappings().find(static_cast<char*>(address));
    if (found == mappings().end()) return;
    munmap(found->second.base, found->second.mapped);
    mappings().erase(found);
}
