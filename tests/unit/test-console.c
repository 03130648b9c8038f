/* A console's link is opened as its pane says. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/clock.h"
#include "console/console.h"
#include "io/loop.h"
#include "lab/pane.h"
#include "plan/script.h"

/* Hears the states and ends the loop at the last that may come. */
struct heard {
    struct loop *loop;
    struct loop_timer *deadline;
    enum link_state states[8];
    size_t len, want;
    uint64_t lost_at_us[8];
};

static void
on_bytes(void *ctx, uint64_t at_us, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    (void)at_us;
    (void)bytes;
    (void)len;
}

static void
on_state(void *ctx, uint64_t at_us, const struct link_status *status)
{
    struct heard *heard = ctx;

    assert_true(heard->len < ARRAY_LEN(heard->states));
    heard->lost_at_us[heard->len] = at_us;
    heard->states[heard->len++] = status->state;
    if (heard->len == heard->want)
        loop_stop(heard->loop);
}

static void
on_broken(void *ctx, const struct err *why)
{
    (void)ctx;
    fail_msg("%s", why->text);
}

static void
on_deadline(void *ctx)
{
    struct heard *heard = ctx;

    loop_stop(heard->loop);
}

/* A port of this machine at which nobody listens: bound, and given back. */
static uint16_t
dead_port(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    close(fd);
    return ntohs(at.sin_port);
}

/* Open a telnet console to nobody; want states, or fewer until the deadline. */
static void
hear(const struct pane *pane, struct heard *heard, size_t want,
     unsigned deadline_ms)
{
    struct script_console what = {
        .name = (char *)(uintptr_t) "host-monitor",
        .pane = pane,
        .kind = "telnet",
        .host = (char *)(uintptr_t) "127.0.0.1",
        .port = dead_port(),
    };
    struct run_clock clock;
    const struct console_spec spec = { .what = &what,
                                       .clock = &clock,
                                       .dirfd = -1 };
    const struct console_sink sink = { on_bytes, on_state, on_broken, heard };
    struct err err = ERR_INIT;
    struct console *console;

    *heard = (struct heard){ .loop = loop_new(), .want = want };
    heard->deadline = loop_timer_new(heard->loop, on_deadline, heard);
    loop_timer_set(heard->deadline, (uint64_t)deadline_ms * 1000);
    run_clock_start(&clock);
    console = console_new(heard->loop, &spec, &sink, &err);
    assert_non_null(console);
    assert_true(console_connect(console, &err));
    loop_run(heard->loop);
    console_free(console);
    loop_timer_free(heard->deadline);
    loop_free(heard->loop);
}

static void
a_lost_link_connects_again_as_its_pane_says(void **state)
{
    struct pane pane = { .size = { .cols = 80, .rows = 24 } };
    struct heard heard;

    (void)state;
    pane.link.retry = (struct conf_uint){ .value = 2, .given = true };
    pane.link.retry_after = (struct conf_uint){ .value = 20, .given = true };
    hear(&pane, &heard, 5, 10000);
    assert_int_equal(heard.len, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(heard.states[i],
                         i % 2 == 0 ? LINK_LOST : LINK_CONNECTING);
    assert_true(heard.lost_at_us[1] - heard.lost_at_us[0] >= 19000);
}

static void
without_a_word_of_it_a_lost_link_stays_lost(void **state)
{
    struct pane pane = { .size = { .cols = 80, .rows = 24 } };
    struct heard heard;

    (void)state;
    pane.link.retry_after = (struct conf_uint){ .value = 1, .given = true };
    hear(&pane, &heard, 2, 50);
    assert_int_equal(heard.len, 1);
    assert_int_equal(heard.states[0], LINK_LOST);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lost_link_connects_again_as_its_pane_says),
        cmocka_unit_test(without_a_word_of_it_a_lost_link_stays_lost),
    };

    return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
