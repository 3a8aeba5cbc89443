/*
 * Speed-limit advisor: takes traffic signs from the CAN bus, compares them with the vehicle's speed, and sends advice for
 * the instrument cluster. It remembers over restarts how long each limit was kept and broken.
 */
#include <bulkhead.h>

#define SIGN_ID 0x2F0u   /* byte 0 km/h (0 none, 255 not known), byte 1 confidence in percent, byte 2 kind */
#define ADVICE_ID 0x3F0u /* byte 0 km/h, byte 1 level */
#define SIGN_KNOWN_FOR_NS 60000000000LL
#define LEAST_CONFIDENCE 50
#define ADVISE 1
#define ADVISE_MS 500
#define REMEMBER_EVERY 20 /* turns */

BULKHEAD_APP;

enum level { NONE, INFO, SLOW_DOWN, URGENT };

/* One record per limit, rounded down to tens: 0..9 km/h, 10..19, ... */
typedef struct {
    uint32_t kept_s10;   /* tenths of a second */
    uint32_t broken_s10;
} habit;

#define HABITS 16

static int32_t bus;
static int32_t speed;
static double kmh; /* NaN: not known now */
static uint8_t limit; /* km/h; 0: none */
static int64_t seen_ns;
static uint32_t turns;
static habit habits[HABITS];

BH_EXPORT int32_t on_start(void) {
    static const bh_can_filter signs = {SIGN_ID, 0x7FF};
    speed = hal_signal_open(BH_STR("Vehicle.Speed"), BH_READ);
    bus = hal_can_open(BH_STR("can0"), BH_CAN_RX | BH_CAN_TX);
    if (speed < 0 || bus < 0) {
        bh_logf(BH_ERROR, "speed: %s, can0: %s", bh_status_name(speed), bh_status_name(bus));
        return speed < 0 ? speed : bus;
    }
    kmh = bh_fresh(speed);
    int32_t status = hal_can_filter(bus, &signs, 1);
    if (status >= 0) {
        /* the newest value, at most five times a second, when it differs by half a km/h */
        status = hal_signal_subscribe(speed, BH_LATEST, 200, 0.5, 1);
    }
    if (status < 0) {
        bh_logf(BH_ERROR, "cannot listen: %s", bh_status_name(status));
        return status;
    }
    int32_t length = app_kv_get(BH_STR("habits"), habits, sizeof habits);
    bh_logf(BH_INFO, "speed advisor 1.0, %s", length == (int32_t)sizeof habits ? "knows the driver" : "new here");
    return app_timer_set(ADVISE, ADVISE_MS, ADVISE_MS);
}

static void see(const bh_can_slot *frame) {
    if (frame->id != SIGN_ID || frame->length < 2 || frame->data[0] == 255 || frame->data[1] < LEAST_CONFIDENCE) {
        return;
    }
    if (frame->data[0] != limit) {
        bh_logf(BH_INFO, "limit %u km/h, was %u", frame->data[0], limit);
    }
    limit = frame->data[0];
    seen_ns = frame->time_ns;
}

static void look(void) {
    static bh_can_slot frames[8];
    int32_t n;
    do {
        n = hal_can_read(bus, frames, 8);
        for (int32_t i = 0; i < n; i++) {
            see(&frames[i]);
        }
    } while (n == 8);
}

static enum level judge(void) {
    if (limit == 0) {
        return NONE;
    }
    double over = kmh - limit;
    return over > 20.0 ? URGENT : over > 3.0 ? SLOW_DOWN : INFO;
}

static void remember(enum level level) {
    habit *h = &habits[limit / 10 < HABITS ? limit / 10 : HABITS - 1];
    if (level == SLOW_DOWN || level == URGENT) {
        h->broken_s10 += ADVISE_MS / 100;
    } else if (level == INFO) {
        h->kept_s10 += ADVISE_MS / 100;
    }
    if (++turns % REMEMBER_EVERY == 0) {
        int32_t status = app_kv_put(BH_STR("habits"), habits, sizeof habits);
        bh_logf(status < 0 ? BH_WARN : BH_INFO, "at %u km/h: kept %u s, broken %u s; stored: %s", limit, h->kept_s10 / 10,
                h->broken_s10 / 10, bh_status_name(status));
    }
}

static void advise(void) {
    if (limit != 0 && app_now_ns() - seen_ns > SIGN_KNOWN_FOR_NS) {
        limit = 0;
    }
    if (!bh_known(kmh)) {
        return;
    }
    enum level level = judge();
    bh_can_slot advice = {.id = ADVICE_ID, .length = 8, .data = {limit, (uint8_t)level}};
    int32_t sent = hal_can_send(bus, &advice, 1);
    if (sent < 0 && sent != BH_RATE) {
        bh_logf(BH_WARN, "advice not sent: %s", bh_status_name(sent));
    }
    remember(level);
}

BH_EXPORT int32_t on_event(const bh_event *events, int32_t count) {
    for (int32_t i = 0; i < count; i++) {
        switch (events[i].kind) {
            case BH_CAN_FRAMES:
                look();
                break;
            case BH_SIGNAL_CHANGED:
                kmh = events[i].status == BH_OK ? events[i].value.f64 : __builtin_nan("");
                break;
            case BH_SIGNAL_UNAVAILABLE:
                kmh = __builtin_nan("");
                break;
            case BH_TIMER:
                advise();
                break;
            default:
                break;
        }
    }
    return BH_OK;
}

BH_EXPORT void on_stop(void) {
    app_kv_put(BH_STR("habits"), habits, sizeof habits);
}
