/*
 * A show of the walls: an app that misbehaves more and more.
 *
 *   polite    it does nothing
 *   greedy    in every turn it burns its whole CPU quota, so that the host makes it wait (throttled)
 *   swelling  it takes memory until memory.grow is refused
 *   mad       it never returns from a callback; the host kills it at the callback limit
 *
 * A killed hog is restarted and goes mad again after a second, until the host has had enough (quarantined). How long the
 * phases last: configuration keys "polite-ms", "greedy-ms", "swelling-ms".
 */
#include <bulkhead.h>

#define TURN 1
#define TURN_MS 100
#define PAGES_PER_TURN 4
#define MILLI 1000000LL
#define ENOUGH 4000000 /* steps of burning in one turn, should time stand still meanwhile */

BULKHEAD_APP;

enum phase { POLITE, GREEDY, SWELLING, MAD, PHASES };

static const char *const names[PHASES] = {"polite", "greedy", "swelling", "mad"};
static int64_t ends_ms[PHASES];
static int64_t started_ns;
static enum phase phase;
static volatile uint32_t work;

BH_EXPORT int32_t on_start(void) {
    uint32_t lives = 0;
    app_kv_get(BH_STR("lives"), &lives, sizeof lives);
    lives++;
    app_kv_put(BH_STR("lives"), &lives, sizeof lives);
    bool again = lives > 1;
    ends_ms[POLITE] = again ? 500 : bh_config_int("polite-ms", 2000);
    ends_ms[GREEDY] = ends_ms[POLITE] + (again ? 500 : bh_config_int("greedy-ms", 6000));
    ends_ms[SWELLING] = ends_ms[GREEDY] + (again ? 0 : bh_config_int("swelling-ms", 2000));
    ends_ms[MAD] = INT64_MAX;
    started_ns = app_now_ns();
    bh_logf(BH_INFO, "hog 1.0, life number %u", lives);
    return app_timer_set(TURN, TURN_MS, TURN_MS);
}

static void burn(int32_t steps) {
    for (int32_t i = 0; i < steps; i++) {
        work = work * 1664525u + 1013904223u;
    }
}

/* Works until more than half a period has gone by. The quota ends long before that, so most of the time is spent waiting. */
static void burn_quota(void) {
    int64_t until = app_now_ns() + 60 * MILLI;
    for (int32_t done = 0; done < ENOUGH && app_now_ns() < until; done += 10000) {
        burn(10000);
    }
}

static void swell(void) {
    if (__builtin_wasm_memory_grow(0, PAGES_PER_TURN) == (uintptr_t)-1) {
        bh_logf(BH_WARN, "no more memory at %u KiB", (unsigned)(__builtin_wasm_memory_size(0) * 64));
    }
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    (void)events;
    if (count == 0) {
        return BH_OK;
    }
    int64_t age_ms = (app_now_ns() - started_ns) / MILLI;
    while (age_ms >= ends_ms[phase]) {
        phase++;
        bh_logf(BH_WARN, "the hog gets %s", names[phase]);
    }
    switch (phase) {
        case GREEDY:
            burn_quota();
            break;
        case SWELLING:
            swell();
            break;
        case MAD:
            for (;;) {
                burn(1000);
            }
        default:
            break;
    }
    return BH_OK;
}
