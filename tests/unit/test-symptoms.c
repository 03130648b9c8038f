/* The true cause of each recorded failure ranks first; good runs fit nothing.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/tape.h"

#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "judge/facts.h"
#include "judge/output.h"
#include "judge/reader.h"
#include "judge/symptoms.h"
#include "lab/pane.h"
#include "plan/symptom.h"

/* A lab's consoles as they were recorded, and who listens. */
struct scene {
    struct diags diags;
    struct symptom_set *set;
    struct panes *panes;
    struct facts *facts;
    struct symptoms *symptoms;
    double from_s, until_s; /* what counts of the recordings */
};

static void
begin(struct scene *scene)
{
    *scene = (struct scene){ .until_s = 1e6 };
    scene->set = symptom_set_load(&scene->diags);
    scene->panes = panes_load(&scene->diags);
    assert_non_null(scene->panes);
    diags_print(&scene->diags, stderr);
    assert_int_equal(scene->diags.errors, 0);
    assert_true(scene->set->list.len > 30);
    scene->facts = facts_new();
    scene->symptoms = symptoms_new(scene->set);
}

static void
end(struct scene *scene)
{
    symptoms_free(scene->symptoms);
    facts_free(scene->facts);
    panes_free(scene->panes);
    symptom_set_free(scene->set);
    diags_fini(&scene->diags);
}

static void
set_fact(struct scene *scene, const char *console, const char *fact,
         uint64_t at_us, const char *text)
{
    char *name = xasprintf("%s.%s", console, fact);

    facts_set(scene->facts, name, at_us, FACT_NO_ROW, text);
    free(name);
}

/* One console of the scene while its recording plays. */
struct player {
    struct scene *scene;
    const char *console;
    struct reader *readers[8]; /* NULL-ended */
};

/*
 * What a live console knows from its link and from what it types, a recording
 * shows as text: behind a prompt, and as the word of the telnet client.
 */
static void
publish(const struct player *player, const struct line_event *line)
{
    static const char *const prompts[] = { "(qemu) ", "# ", "root@vm:~# " };

    for (size_t i = 0; i < ARRAY_LEN(prompts); i++)
        if (str_starts(line->text, prompts[i]))
            set_fact(player->scene, player->console, "typed", line->at_us,
                     line->text + strlen(prompts[i]));
    if (strstr(line->text, "Connection closed by foreign host.") != NULL)
        set_fact(player->scene, player->console, "link", line->at_us, "closed");
}

static void
hear_line(void *ctx, const struct line_event *line)
{
    const struct player *player = ctx;
    double seconds = (double)line->at_us / 1e6;

    if (seconds < player->scene->from_s || seconds > player->scene->until_s)
        return;
    publish(player, line);
    for (size_t i = 0; player->readers[i] != NULL; i++)
        reader_line(player->readers[i], line);
    symptoms_line(player->scene->symptoms, player->console, line);
}

/* With the readers that the console's pane has. */
static void
play(struct scene *scene, const char *tape, const char *console)
{
    const struct pane *pane =
        panes_find(scene->panes, strchr(console, '-') + 1);
    struct player player = { .scene = scene, .console = console };

    if (!tape_exists(tape))
        return;
    assert_non_null(pane);
    assert_true(pane->readers.len < ARRAY_LEN(player.readers));
    for (size_t i = 0; i < pane->readers.len; i++)
        player.readers[i] =
            reader_new(pane->readers.items[i].text, console, scene->facts);
    tape_lines(tape, pane->size.cols, pane->size.rows, hear_line, &player);
    for (size_t i = 0; player.readers[i] != NULL; i++)
        reader_free(player.readers[i]);
}

/* Consoles of the recordings, by the names they have there and here. */
static void
play_all(struct scene *scene, const char *folder)
{
    static const struct {
        const char *tape, *console;
    } rows[] = {
        { "host-testpmd", "host-testpmd" },
        { "backup-testpmd", "backup-testpmd" },
        { "host-shell", "host-shell" },
        { "backup-shell", "backup-shell" },
        { "host-monitor", "host-monitor" },
        { "host-monitor-telnet", "host-monitor" },
        { "backup-monitor", "backup-monitor" },
        { "backup-monitor-telnet", "backup-monitor" },
        { "host-serial", "host-serial" },
        { "host-serial-telnet", "host-serial" },
        { "backup-serial", "backup-serial" },
        { "backup-serial-telnet", "backup-serial" },
        { "host-vm-ssh", "host-guest" },
        { "backup-vm-ssh", "backup-guest" },
        { "tester-scapy", "tester-scapy" },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *tape = xasprintf("%s/%s", folder, rows[i].tape);

        play(scene, tape, rows[i].console);
        free(tape);
    }
}

static void
log_line(void *ctx, const struct line_event *line)
{
    const struct player *player = ctx;

    symptoms_line(player->scene->symptoms, player->console, line);
}

/* QEMU's -D log as the salvage reads it. */
static void
read_log(struct scene *scene, const char *name, const char *text)
{
    struct player player = { .scene = scene, .console = name };

    if (text != NULL)
        output_lines(text, strlen(text), (uint64_t)(scene->until_s * 1e6),
                     log_line, &player);
}

static void
print_likely(const struct likelies *likelies)
{
    for (size_t i = 0; i < likelies->len; i++) {
        const struct likely *likely = &likelies->items[i];

        print_message("#   %s %s\n", likely->symptom->name.text,
                      symptom_weights[likely->symptom->weight.value]);
        for (size_t j = 0; j < likely->len; j++)
            print_message("#     %s: %s\n", likely->evidence[j].console,
                          likely->evidence[j].text);
    }
}

static void
expect_first(const struct scene *scene, const char *want)
{
    struct likelies likelies;

    symptoms_rank(scene->symptoms, scene->facts, &likelies);
    print_likely(&likelies);
    assert_true(likelies.len > 0);
    assert_string_equal(likelies.items[0].symptom->name.text, want);
    assert_true(likelies.items[0].len > 0);
    likelies_fini(&likelies);
}

#define QEMU        "qemu-system-x86_64: "
#define LOAD_FAILED QEMU "load of migration failed: Invalid argument\n"

/*
 * until_s: before it was undone. The logs of a QEMU that died are not in the
 * recordings: the next one wrote over them, so here is what they said.
 */
static void
the_cause_of_each_drill_ranks_first(void **state)
{
    static const struct {
        const char *drill;
        double from_s, until_s;
        const char *host_log, *backup_log;
        const char *want;
    } rows[] = {
        { "nobody-listens", 0, 13.9, NULL, NULL, "nobody-listens" },
        { "queues-differ", 0, 19, NULL,
          QEMU "2 != 4\n" QEMU
               "Failed to load virtio-net-device:max_queue_pairs\n" QEMU
               "Failed to load virtio-net:virtio\n" LOAD_FAILED,
          "queues-differ" },
        { "mq-missing", 0, 49, NULL,
          QEMU "Features 0x130efe7a7 unsupported. Allowed features: "
               "0x178bfe7e7\n" QEMU
               "Failed to load virtio-net:virtio\n" LOAD_FAILED,
          "mq-missing" },
        { "queues-differ", 0, 19, NULL, NULL, "backup-died" },
        { "mem-differs", 0, 17, NULL,
          QEMU "Size mismatch: mem: 0x20000000 != 0x28000000: Invalid "
               "argument\n" LOAD_FAILED,
          "memory-differs" },
        { "mem-differs", 0, 17, NULL, NULL, "backup-died-early" },
        { "packed-one-side", 0, 148, NULL,
          QEMU "Features 0x530afe7a7 unsupported. Allowed features: "
               "0x178bfe7e7\n" LOAD_FAILED,
          "packed-on-source-only" },
        { "packed-backup-only", 0, 172.5, NULL, NULL, "packed-on-backup-only" },
        { "machine-differs", 0, 198, NULL,
          QEMU "Machine type received is 'pc-i440fx-7.2' and local is "
               "'pc-i440fx-6.2'\n" LOAD_FAILED,
          "machine-differs" },
        { "host-testpmd-killed", 0, 42,
          QEMU "Unexpected end-of-file before all data were read\n" QEMU
               "Failed to set msg fds.\n" QEMU
               "vhost VQ 0 ring restore failed: -22: Invalid argument (22)\n",
          NULL, "host-testpmd-died" },
        { "host-testpmd-killed", 0, 42, NULL, NULL, "host-testpmd-died" },
        { "backup-testpmd-not-started", 0, 70, NULL, NULL,
          "backup-testpmd-not-started" },
        { "stale-socket-text", 0, 188.8, NULL, NULL, "no-vhost-socket" },
        { "stale-socket-text", 189, 191, NULL, NULL, "stale-vhost-socket" },
        { "stale-socket", 74.9, 78, NULL, NULL, "vhost-socket-in-the-way" },
        { "no-incoming", 0, 98.7, NULL,
          QEMU "-drive file=/x.img: Failed to get \"write\" lock\n",
          "image-locked" },
        { "no-incoming-nodisk", 0, 122.2, NULL, NULL, "second-vm" },
        { "stale-qemu-ports-text", 0, 192.1, NULL, NULL, "ports-taken" },
        { "stale-qemu-ports-text", 192.1, 192.2, NULL, NULL, "ports-taken" },
        { "stale-qemu-ports-text", 192.6, 192.7, NULL, NULL, "ports-taken" },
        { "switch-old-port", 0, 156, NULL, NULL, "switch-keeps-old-port" },
        { "never-converging", 0, 383.2, NULL, NULL, "too-slow" },
        { "never-converging-real", 0, 109.5, NULL, NULL, "not-converging" },
        { "cancel-in-flight", 0, 18, NULL,
          QEMU "check_section_footer: Read section footer failed: -5\n",
          "migrate-cancelled" },
        { "cancel-in-flight", 0, 15.65, NULL, NULL, "migration-in-progress" },
        { "hugepages-then-testpmd", 0, 63, NULL, NULL, "guest-out-of-memory" },
        { "guest-hung-hugepages", 0, 311, NULL, NULL, "guest-short-of-memory" },
        { "ethtool-refused-1q", 0, 50.3, NULL, NULL, "ethtool-beyond-maximum" },
        { "ethtool-refused", 37.9, 38.1, NULL, NULL, "ethtool-wrong-device" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char *folder = xasprintf("drills/%s", rows[i].drill);
        struct scene scene;

        begin(&scene);
        scene.from_s = rows[i].from_s;
        scene.until_s = rows[i].until_s;
        print_message("# %s until %g s\n", rows[i].drill, rows[i].until_s);
        play_all(&scene, folder);
        read_log(&scene, "host-qemu", rows[i].host_log);
        read_log(&scene, "backup-qemu", rows[i].backup_log);
        expect_first(&scene, rows[i].want);
        end(&scene);
        free(folder);
    }
}

/* A good run is to look like no failure at all. */
static void
nothing_fits_a_good_run(void **state)
{
    (void)state;
    for (int n = 1; n <= 8; n++) {
        char *folder = xasprintf("case%d", n);
        struct likelies likelies;
        struct scene scene;

        begin(&scene);
        print_message("# %s\n", folder);
        play_all(&scene, folder);
        symptoms_rank(scene.symptoms, scene.facts, &likelies);
        print_likely(&likelies);
        assert_int_equal(likelies.len, 0);
        likelies_fini(&likelies);
        end(&scene);
        free(folder);
    }
}

/* As testpmd of DPDK 21.11 and older says it. */
static void
an_old_testpmd_s_words_are_known(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene);
    read_log(&scene, "host-testpmd",
             "VHOST_CONFIG: failed to bind to ./vhost-net: Address already in "
             "use; remove it and try again\n");
    expect_first(&scene, "vhost-socket-in-the-way");
    end(&scene);
}

/* What the recordings do not hold, as facts: the newest last. */
static void
facts_and_their_phases_are_signs(void **state)
{
    struct moment {
        uint64_t at_us;
        const char *console, *fact, *text;
    };
    static const struct {
        const char *want; /* NULL: nothing fits */
        struct moment moments[12];
    } rows[] = {
        { "nothing-reaches-the-host",
          { { 10, "host-testpmd", "port.0.rx_packets", "7" },
            { 15, "tester-scapy", "typed", "sendp(p, inter=1, loop=1)" },
            { 20, "host-testpmd", "port.0.rx_packets", "7" } } },
        /* And as the measured flow is sent. */
        { "nothing-reaches-the-host",
          { { 10, "host-testpmd", "port.0.rx_packets", "7" },
            { 15, "tester-scapy", "typed",
              "S = sendp((p.copy() for p in F), inter=0.007)" },
            { 20, "host-testpmd", "port.0.rx_packets", "7" } } },
        /* Nothing was sent. */
        { NULL,
          { { 10, "host-testpmd", "port.0.rx_packets", "7" },
            { 20, "host-testpmd", "port.0.rx_packets", "7" } } },
        /* One look shows nothing. */
        { NULL,
          { { 10, "host-testpmd", "port.0.rx_packets", "7" },
            { 15, "tester-scapy", "typed", "sendp(p, inter=1, loop=1)" } } },
        { "host-testpmd-not-started",
          { { 5, "host-testpmd", "vhost.ready", "1" },
            { 10, "host-testpmd", "port.0.rx_packets", "0" },
            { 10, "host-testpmd", "port.1.rx_packets", "0" } } },
        /* The host's counters stand still once the VM has left. */
        { NULL,
          { { 10, "host-testpmd", "port.0.rx_packets", "7" },
            { 15, "tester-scapy", "typed", "sendp(p, inter=1, loop=1)" },
            { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "completed" },
            { 40, "host-testpmd", "port.0.rx_packets", "7" } } },
        /* Both grew before the switch-over, and stand since. */
        { "flow-stopped",
          { { 10, "host-testpmd", "port.0.rx_packets", "1" },
            { 10, "backup-testpmd", "port.0.rx_packets", "2" },
            { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "completed" },
            { 40, "host-testpmd", "port.0.rx_packets", "7" },
            { 40, "backup-testpmd", "port.0.rx_packets", "2" },
            { 50, "backup-monitor", "vm.status", "running" },
            { 50, "host-testpmd", "port.0.rx_packets", "7" },
            { 50, "backup-testpmd", "port.0.rx_packets", "2" } } },
        /* One look at the host's shows nothing of it. */
        { "backup-not-announced",
          { { 10, "backup-testpmd", "port.0.rx_packets", "2" },
            { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "completed" },
            { 40, "host-testpmd", "port.0.rx_packets", "7" },
            { 40, "backup-testpmd", "port.0.rx_packets", "2" },
            { 50, "backup-monitor", "vm.status", "running" },
            { 50, "backup-testpmd", "port.0.rx_packets", "2" } } },
        /* The backup's VM is not there: the switch is not to blame. */
        { NULL,
          { { 10, "backup-testpmd", "port.0.rx_packets", "2" },
            { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "completed" },
            { 40, "host-testpmd", "port.0.rx_packets", "7" },
            { 40, "backup-testpmd", "port.0.rx_packets", "2" },
            { 50, "host-testpmd", "port.0.rx_packets", "9" },
            { 50, "backup-testpmd", "port.0.rx_packets", "2" } } },
        /* They are given to the VM, and it prints none. */
        { "guest-does-not-take-them",
          { { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "completed" },
            { 35, "backup-guest", "typed", "screen -r vm" },
            { 40, "backup-testpmd", "port.1.tx_packets", "0" },
            { 50, "backup-testpmd", "port.1.tx_packets", "14" } } },
        { "packed-ring-not-carried-over",
          { { 10, "host-testpmd", "vhost.ring", "packed" },
            { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "completed" },
            { 35, "backup-guest", "typed", "screen -r vm" },
            { 40, "backup-testpmd", "port.1.tx_packets", "1" },
            { 50, "backup-testpmd", "port.1.tx_packets", "14" } } },
        { NULL,
          { { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "completed" },
            { 35, "backup-guest", "typed", "screen -r vm" },
            { 40, "backup-guest", "rx.packets", "1" },
            { 40, "backup-testpmd", "port.1.tx_packets", "0" },
            { 50, "backup-testpmd", "port.1.tx_packets", "14" } } },
        { "guest-hangs-on-hugepages",
          { { 10, "host-guest", "typed", "echo 1024 > /sys/.../nr_hugepages" },
            { 10, "host-guest", "prompt", "" } } },
        { NULL,
          { { 10, "host-guest", "typed", "echo 1024 > /sys/.../nr_hugepages" },
            { 10, "host-guest", "prompt", "" },
            { 20, "host-guest", "prompt", "bash" } } },
        { "log-base-unanswered",
          { { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "migration.status", "setup" } } },
        { "host-qemu-died",
          { { 20, "host-monitor", "typed", "migrate -d tcp:10.77.0.3:4444" },
            { 30, "host-monitor", "link", "closed" } } },
        /* It was never there. */
        { NULL, { { 10, "host-monitor", "link", "closed" } } },
        { "memory-not-shared",
          { { 10, "host-shell", "typed",
              "qemu-system-x86_64 -netdev type=vhost-user,id=n" } } },
        { NULL,
          { { 10, "host-shell", "typed",
              "qemu-system-x86_64 -object memory-backend-file,share=on "
              "-netdev type=vhost-user,id=n" } } },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct likelies likelies;
        struct scene scene;

        begin(&scene);
        for (size_t j = 0; j < ARRAY_LEN(rows[i].moments); j++) {
            const struct moment *moment = &rows[i].moments[j];

            if (moment->console != NULL)
                set_fact(&scene, moment->console, moment->fact, moment->at_us,
                         moment->text);
        }
        symptoms_rank(scene.symptoms, scene.facts, &likelies);
        print_message("# %zu\n", i);
        print_likely(&likelies);
        assert_int_equal(likelies.len > 0, rows[i].want != NULL);
        if (rows[i].want != NULL)
            assert_string_equal(likelies.items[0].symptom->name.text,
                                rows[i].want);
        likelies_fini(&likelies);
        end(&scene);
    }
}

static void
say(struct scene *scene, const char *console, uint64_t at_us, enum line_tag tag,
    const char *text)
{
    const struct line_event line = {
        .at_us = at_us, .tag = tag, .text = text, .len = strlen(text)
    };

    symptoms_line(scene->symptoms, console, &line);
}

static void
echoes_repaints_and_other_consoles_are_no_signs(void **state)
{
    static const char text[] = "Out of memory: Killed process 1";
    struct likelies likelies;
    struct scene scene;

    (void)state;
    begin(&scene);
    say(&scene, "host-guest", 1, LINE_ECHO, text);
    say(&scene, "host-guest", 2, LINE_REPAINT, text);
    say(&scene, "host-monitor", 3, LINE_OUTPUT, text);
    symptoms_rank(scene.symptoms, scene.facts, &likelies);
    assert_int_equal(likelies.len, 0);
    say(&scene, "host-guest", 4, LINE_OUTPUT, text);
    expect_first(&scene, "guest-out-of-memory");
    likelies_fini(&likelies);
    end(&scene);
}

/* A guest may say it a million times, in a line of a megabyte. */
static void
evidence_is_the_last_and_short(void **state)
{
    char *text = xmalloc(1 << 20);
    struct likelies likelies;
    struct scene scene;
    const struct symptom_evidence *evidence;

    (void)state;
    begin(&scene);
    for (size_t i = 0; i + 2 < 1 << 20; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    text[(1 << 20) - 2] = '\0';
    memcpy(text + 500000, "Out of memory: Killed process", 29);
    text[500029] = ' ';
    for (uint64_t i = 0; i < 100; i++)
        say(&scene, "host-guest", i, LINE_OUTPUT,
            "Out of memory: Killed process 1");
    say(&scene, "host-guest", 100, LINE_OUTPUT, text);
    symptoms_rank(scene.symptoms, scene.facts, &likelies);
    evidence = &likelies.items[0].evidence[0];
    assert_true(strlen(evidence->text) < 200);
    assert_non_null(strstr(evidence->text, "Killed process"));
    assert_true(str_starts(evidence->text, "..."));
    assert_true(utf8_valid(evidence->text, strlen(evidence->text)));
    likelies_fini(&likelies);
    end(&scene);
    free(text);
}

static void
mistakes_are_told_with_their_place(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *says;
    } rows[] = {
        { "- symptom: a\n  cause: c\n  weight: proof\n  whose: lab\n"
          "  remedy: r\n  when: [{line: 'a(b', in: host-shell}]\n",
          6, 21, "missing closing parenthesis" },
        { "- symptom: a\n  cause: c\n  weight: sure\n  whose: lab\n"
          "  remedy: r\n  when: [{line: x, in: host-shell}]\n",
          3, 11, "proof" },
        { "- symptom: a\n  cause: c\n  weight: weak\n  whose: lab\n"
          "  remedy: r\n  when: [{line: x}]\n",
          6, 11, "\"in\" which consoles?" },
        { "- symptom: a\n  cause: c\n  weight: weak\n  whose: lab\n"
          "  remedy: r\n  when: [{facts: {host-shell.color: red}}]\n",
          6, 19, "no reader publishes \"host-shell.color\"" },
        { "- symptom: a\n  cause: c\n  weight: weak\n  whose: lab\n"
          "  remedy: r\n  when: [{facts: {host-shell.link: up}, in: x}]\n",
          6, 45, "facts begin with" },
        { "- symptom: a\n  cause: c\n  weight: weak\n  whose: lab\n"
          "  remedy: r\n  when: []\n",
          1, 3, "it would fit everything" },
        { "- symptom: a\n  cause: c\n  weight: weak\n  whose: lab\n"
          "  remedy: r\n  when: [{unknown: vm.status}]\n",
          6, 20, "no reader publishes \"vm.status\"" },
        /* Of another pane, or of none. */
        { "- symptom: a\n  cause: c\n  weight: weak\n  whose: lab\n"
          "  remedy: r\n  when: [{line: x, in: tester-testpmd}]\n",
          6, 24, "neither NODE-PANE" },
        { "- symptom: a\n  cause: c\n  weight: weak\n  whose: lab\n"
          "  remedy: r\n  when: [{facts: {host-shell.vm.status: any}}]\n",
          6, 19, "no reader of a console or log \"host-shell\"" },
    };
    char path[] = "/tmp/test-symptoms-XXXXXX";
    int fd = mkstemp(path);

    (void)state;
    assert_true(fd >= 0);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct diags diags = { 0 };
        struct panes *panes = panes_load(&diags);
        struct symptom_set *set;

        assert_int_equal(ftruncate(fd, 0), 0);
        assert_int_equal(pwrite(fd, rows[i].text, strlen(rows[i].text), 0),
                         strlen(rows[i].text));
        set = symptom_set_load_file(path, &diags);
        symptom_set_check(set, panes, &diags);
        assert_true(diags.len >= 1);
        print_message("# %zu:%u:%u: %s\n", i, diags.items[0].line,
                      diags.items[0].column, diags.items[0].text);
        assert_int_equal(diags.items[0].line, rows[i].line);
        assert_int_equal(diags.items[0].column, rows[i].column);
        assert_non_null(strstr(diags.items[0].text, rows[i].says));
        symptom_set_free(set);
        panes_free(panes);
        diags_fini(&diags);
    }
    close(fd);
    unlink(path);
}

/* A user's own symptoms: new ones, and another word on a shipped one. */
static void
a_users_own_file_is_merged(void **state)
{
    static const char text[] =
        "- symptom: mine\n  cause: c\n  weight: proof\n  whose: lab\n"
        "  remedy: r\n  when: [{line: 'process 1', in: host-guest}]\n"
        "- symptom: guest-out-of-memory\n  cause: of my own\n"
        "  weight: weak\n  whose: lab\n  remedy: r\n"
        "  when: [{line: 'Killed process', in: host-guest}]\n";
    char config[] = "/tmp/test-symptoms-XXXXXX";
    char *miglab, *cases, *path;
    struct likelies likelies;
    struct scene scene;
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(config));
    miglab = xasprintf("%s/miglab", config);
    cases = xasprintf("%s/cases", miglab);
    path = xasprintf("%s/symptoms.yaml", cases);
    assert_int_equal(mkdir(miglab, 0700) | mkdir(cases, 0700), 0);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    setenv("XDG_CONFIG_HOME", config, 1);
    begin(&scene);
    setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
    say(&scene, "host-guest", 1, LINE_OUTPUT,
        "Out of memory: Killed process 1");
    symptoms_rank(scene.symptoms, scene.facts, &likelies);
    print_likely(&likelies);
    assert_int_equal(likelies.len, 2);
    assert_string_equal(likelies.items[0].symptom->name.text, "mine");
    assert_string_equal(likelies.items[1].symptom->cause.text, "of my own");
    likelies_fini(&likelies);
    end(&scene);
    unlink(path);
    rmdir(cases);
    rmdir(miglab);
    rmdir(config);
    free(path);
    free(cases);
    free(miglab);
}

static int
no_config(void **state)
{
    (void)state;
    return setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cause_of_each_drill_ranks_first),
        cmocka_unit_test(nothing_fits_a_good_run),
        cmocka_unit_test(an_old_testpmd_s_words_are_known),
        cmocka_unit_test(facts_and_their_phases_are_signs),
        cmocka_unit_test(echoes_repaints_and_other_consoles_are_no_signs),
        cmocka_unit_test(evidence_is_the_last_and_short),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(a_users_own_file_is_merged),
    };

    return cmocka_run_group_tests_name("symptoms", tests, no_config, NULL);
}
