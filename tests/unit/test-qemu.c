/*
 * test-qemu.c - telnet as a real QEMU speaks it: a monitor and a serial line.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ear.h"
#include "tests/unit/server.h"
#include "tests/unit/sshd.h"

#include "base/clock.h"
#include "base/xalloc.h"

/*
 * A guest of 59 bytes, 16-bit code of a boot sector: says R on COM1, then each
 * byte that comes there as two hexadecimal digits.
 */
static const uint8_t guest[] = {
    0xb0, 0x52, 0xe8, 0x25, 0x00, 0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74,
    0xf8, 0xba, 0xf8, 0x03, 0xec, 0x88, 0xc3, 0xc0, 0xe8, 0x04, 0xe8, 0x09,
    0x00, 0x88, 0xd8, 0x24, 0x0f, 0xe8, 0x02, 0x00, 0xeb, 0xe3, 0x04, 0x30,
    0x3c, 0x39, 0x76, 0x02, 0x04, 0x07, 0x88, 0xc4, 0xba, 0xfd, 0x03, 0xec,
    0xa8, 0x20, 0x74, 0xf8, 0x88, 0xe0, 0xba, 0xf8, 0x03, 0xee, 0xc3,
};

#define GREETING_LEN 12

struct scene {
    struct loop *loop;
    struct ear ears[3];
    size_t fds;
    /* A QEMU that does not run yet; pid 0: there is none (any more). */
    pid_t qemu;
    uint16_t monitor_port, serial_port;
    char disk[64];
};

static void
write_disk(struct scene *scene)
{
    uint8_t sector[512] = { 0 };
    int fd;

    strcpy(scene->disk, "/tmp/miglab-guest-XXXXXX");
    fd = mkstemp(scene->disk);
    assert_true(fd >= 0);
    memcpy(sector, guest, sizeof guest);
    sector[510] = 0x55;
    sector[511] = 0xaa;
    assert_int_equal(write(fd, sector, sizeof sector), sizeof sector);
    close(fd);
}

/* In the child; QMP is only there to say on the pipe that all is ready. */
static void
run_qemu(const struct scene *scene, int out)
{
    char *monitor = xasprintf("telnet:127.0.0.1:%u,server=on,wait=off",
                              scene->monitor_port);
    char *serial =
        xasprintf("telnet:127.0.0.1:%u,server=on,wait=off", scene->serial_port);
    char *disk = xasprintf("file=%s,format=raw,if=floppy", scene->disk);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execlp("qemu-system-x86_64", "qemu-system-x86_64", "-S", "-nodefaults",
           "-display", "none", "-accel", "tcg", "-m", "4", "-net", "none",
           "-monitor", monitor, "-serial", serial, "-drive", disk, "-qmp",
           "stdio", (char *)NULL);
    _exit(127);
}

/* One for all tests, in this order: the last ends it. */
static struct scene shared;

static bool
start_qemu(struct scene *scene)
{
    int ends[2];
    char byte;

    write_disk(scene);
    scene->monitor_port = closed_port();
    scene->serial_port = closed_port();
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    scene->qemu = fork();
    if (scene->qemu == 0)
        run_qemu(scene, ends[1]);
    close(ends[1]);
    if (read(ends[0], &byte, 1) != 1) { /* blocks until it is ready, or not */
        waitpid(scene->qemu, NULL, 0);
        scene->qemu = 0;
    }
    close(ends[0]);
    return scene->qemu > 0;
}

static void
stop_qemu(struct scene *scene)
{
    if (scene->qemu > 0) {
        kill(scene->qemu, SIGKILL);
        waitpid(scene->qemu, NULL, 0);
    }
    unlink(scene->disk);
}

static int
setup(void **state)
{
    struct scene *scene = &shared;

    *state = scene;
    scene->fds = count_fds();
    scene->loop = loop_new();
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(scene->ears); i++)
        ear_close(&scene->ears[i]);
    loop_free(scene->loop);
    assert_int_equal(count_fds(), scene->fds);
    return 0;
}

static void
open_port(struct scene *scene, struct ear *ear, uint16_t port, bool qemu)
{
    const struct link_spec spec = {
        .kind = "telnet", .host = "127.0.0.1", .port = port, .qemu = qemu
    };

    ear_open(ear, scene->loop, &spec);
}

#define BANNER_END "for more information\r\n"

static void
a_monitor_shows_one_clean_prompt(void **state)
{
    struct scene *scene = *state;
    struct ear *ear = &scene->ears[0];

    open_port(scene, ear, scene->monitor_port, true);
    assert_true(ear_wait_state(ear, LINK_UP));
    ear_drop_line(ear, BANNER_END);
    assert_true(ear_write(ear, "info name\r", 10));
    assert_true(ear_wait_text(ear, "\r\n(qemu) "));
    assert_memory_equal(ear->data.bytes, "(qemu) i\x1b[K", 11);
    assert_string_equal(ear->data.bytes + ear->data.len - 9, "\r\n(qemu) ");
}

/* A client that goes away with these bytes as its last. */
static void
die_with(uint16_t port, const char *bytes, size_t len)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port) };
    uint8_t first[GREETING_LEN];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(recv(fd, first, sizeof first, MSG_WAITALL), sizeof first);
    assert_int_equal(send(fd, bytes, len, 0), (ssize_t)len);
    shutdown(fd, SHUT_WR);
    while (recv(fd, first, sizeof first, 0) > 0)
        continue; /* until QEMU has seen the end */
    close(fd);
}

static void
what_a_dead_client_left_eats_no_command(void **state)
{
    static const struct {
        const char *bytes;
        size_t len;
    } last_words[] = {
        { "", 0 },        { "\xff", 1 },        { "\xff\xfd", 2 },
        { "info st", 7 }, { "info st\xff", 8 },
    };
    struct scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(last_words); i++) {
        struct ear *ear = &scene->ears[0];

        print_message("# %zu\n", i);
        die_with(scene->monitor_port, last_words[i].bytes, last_words[i].len);
        open_port(scene, ear, scene->monitor_port, true);
        assert_true(ear_wait_state(ear, LINK_UP));
        ear_drop_line(ear, BANNER_END);
        assert_true(ear_write(ear, "info status\r", 12));
        assert_true(ear_wait_text(ear, "\r\n(qemu) "));
        assert_non_null(strstr(ear->data.bytes, "VM status: paused"));
        assert_null(strstr(ear->data.bytes, "unknown command"));
        ear_close(ear);
    }
}

static void
a_second_client_is_busy_and_types_nothing(void **state)
{
    struct scene *scene = *state;
    struct ear *ears = scene->ears;

    open_port(scene, &ears[0], scene->monitor_port, true);
    assert_true(ear_wait_text(&ears[0], "(qemu) "));
    open_port(scene, &ears[1], scene->monitor_port, true);
    assert_true(ear_wait_state(&ears[1], LINK_LOST));
    assert_int_equal(ears[1].reason.kind, ERR_BUSY);
    link_close(ears[0].link);
    assert_true(ear_wait_state(&ears[0], LINK_CLOSED));
    link_reconnect(ears[1].link);
    assert_true(ear_wait_state(&ears[1], LINK_UP));
    assert_true(ear_wait_text(&ears[1], "(qemu) "));
}

static int
compare_times(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The median of a command's round trip, in microseconds. */
static uint64_t
measure_round_trip(struct ear *ear)
{
    uint64_t times[31];

    ear_drop_line(ear, BANNER_END);
    assert_true(ear_wait_text(ear, "(qemu) "));
    for (size_t i = 0; i < ARRAY_LEN(times); i++) {
        uint64_t sent_us = clock_now_us();

        buf_clear(&ear->data);
        assert_true(ear_write(ear, "info status\r", 12));
        assert_true(ear_wait_text(ear, "\r\n(qemu) "));
        times[i] = clock_now_us() - sent_us;
    }
    qsort(times, ARRAY_LEN(times), sizeof *times, compare_times);
    return times[ARRAY_LEN(times) / 2];
}

static void
a_command_does_not_wait_for_acknowledgements(void **state)
{
    struct scene *scene = *state;
    struct sshd *sshd;
    struct ssh_spec node;
    struct link_spec spec = { .kind = "telnet",
                              .host = "127.0.0.1",
                              .port = scene->monitor_port,
                              .qemu = true };
    uint64_t direct_us, tunnel_us;

    open_port(scene, &scene->ears[0], scene->monitor_port, true);
    assert_true(ear_wait_state(&scene->ears[0], LINK_UP));
    direct_us = measure_round_trip(&scene->ears[0]);
    ear_close(&scene->ears[0]);
    print_message("# direct: %d us\n", (int)direct_us);
    assert_true(direct_us < 20000); /* 44 ms where Nagle waits for us */

    sshd = sshd_new();
    if (sshd == NULL)
        return;
    node = sshd_spec(sshd);
    spec.node = ssh_node_new(scene->loop, &node);
    ear_open(&scene->ears[0], scene->loop, &spec);
    assert_true(ear_wait_state(&scene->ears[0], LINK_UP));
    tunnel_us = measure_round_trip(&scene->ears[0]);
    print_message("# through a node: %d us\n", (int)tunnel_us);
    ear_close(&scene->ears[0]);
    ssh_node_free(spec.node);
    sshd_free(sshd);
    assert_true(tunnel_us < 20000);
}

/* The guest says what it got: nothing, until we type. */
static void
a_serial_line_gets_what_is_typed_and_nothing_else(void **state)
{
    struct scene *scene = *state;
    struct ear *serial = &scene->ears[0], *monitor = &scene->ears[1];

    open_port(scene, serial, scene->serial_port, true);
    assert_true(ear_wait_state(serial, LINK_UP));
    open_port(scene, monitor, scene->monitor_port, true);
    assert_true(ear_wait_text(monitor, "(qemu) "));
    assert_true(ear_write(monitor, "cont\r", 5)); /* the guest starts */
    assert_true(ear_wait_text(serial, "R"));
    assert_true(ear_write(serial, "A\r\xff\0B", 5));
    assert_true(ear_wait_text(serial, "42"));
    assert_string_equal(buf_text(&serial->data), "R410DFF0042");
    ear_close(serial);

    /* After one that died behind IAC: 0xFF is typed, and taken back. */
    die_with(scene->serial_port, "\xff", 1);
    open_port(scene, serial, scene->serial_port, true);
    assert_true(ear_wait_state(serial, LINK_UP));
    assert_true(ear_write(serial, "A", 1));
    assert_true(ear_wait_text(serial, "41"));
    assert_string_equal(buf_text(&serial->data), "FF7F7F41");
    ear_close(serial);
    die_with(scene->serial_port, "\xff\xfb", 2);
    open_port(scene, serial, scene->serial_port, true);
    assert_true(ear_wait_state(serial, LINK_UP));
    assert_true(ear_write(serial, "A", 1));
    assert_true(ear_wait_text(serial, "41"));
    assert_string_equal(buf_text(&serial->data), "7F7F41");
}

static void
quit_is_an_end_in_order(void **state)
{
    struct scene *scene = *state;
    struct ear *ear = &scene->ears[0];

    open_port(scene, ear, scene->monitor_port, true);
    assert_true(ear_wait_text(ear, "(qemu) "));
    assert_true(ear_write(ear, "quit\r", 5));
    assert_true(ear_wait_state(ear, LINK_CLOSED));
    assert_int_equal(ear->reason.kind, ERR_NONE);
    waitpid(scene->qemu, NULL, 0);
    scene->qemu = 0; /* the last test of it */
}

int
main(void)
{
#define TELNET(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        TELNET(a_monitor_shows_one_clean_prompt),
        TELNET(what_a_dead_client_left_eats_no_command),
        TELNET(a_second_client_is_busy_and_types_nothing),
        TELNET(a_command_does_not_wait_for_acknowledgements),
        TELNET(a_serial_line_gets_what_is_typed_and_nothing_else),
        TELNET(quit_is_an_end_in_order),
    };

    int failed = 0;

    loop_free(loop_new()); /* libuv keeps two descriptors from now on */
    if (start_qemu(&shared))
        failed = cmocka_run_group_tests_name("qemu", tests, NULL, NULL);
    else
        printf("1..0 # SKIP there is no qemu-system-x86_64 here\n");
    stop_qemu(&shared);
    return failed;
}
