/*
 * test-ssh.c - a node's session against a real sshd, honest and otherwise.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <dlfcn.h>
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ear.h"
#include "tests/unit/server.h"
#include "tests/unit/sshd.h"

#include "base/clock.h"
#include "base/xalloc.h"

#define DEADLINE_MS 200

struct scene {
    struct loop *loop;
    struct sshd *sshd;
    struct ssh *node;
    struct server *server;
    char *known;      /* the file for the server */
    uint32_t open_ms; /* for a channel; 0: long enough */
    struct ear ears[3];
    size_t fds;
};

/* --- a resolver that can be made to hang --- */

static pthread_mutex_t resolver = PTHREAD_MUTEX_INITIALIZER;

/* Ours comes before libc's for all of this program. */
int
getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
            struct addrinfo **found)
{
    int (*real)(const char *, const char *, const struct addrinfo *,
                struct addrinfo **);

    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    if (strcmp(host, "dead.test") == 0 && !(hints->ai_flags & AI_NUMERICHOST)) {
        pthread_mutex_lock(&resolver);
        pthread_mutex_unlock(&resolver);
        return EAI_AGAIN;
    }
    return real(host, port, hints, found);
}

/* --- before and after --- */

static int
start_sshd(void **state)
{
    struct scene *scene = xcalloc(1, sizeof *scene);

    unsetenv("SSH_AUTH_SOCK");
    loop_free(loop_new()); /* libuv keeps two descriptors from now on */
    scene->sshd = sshd_new();
    *state = scene;
    return 0;
}

static int
stop_sshd(void **state)
{
    struct scene *scene = *state;

    sshd_free(scene->sshd);
    free(scene);
    return 0;
}

static int
setup(void **state)
{
    struct scene *scene = *state;

    *scene = (struct scene){ .sshd = scene->sshd };
    if (scene->sshd == NULL)
        return 0;
    sshd_clear_log(scene->sshd);
    scene->fds = count_fds();
    scene->loop = loop_new();
    return 0;
}

static int
teardown(void **state)
{
    struct scene *scene = *state;

    if (scene->loop == NULL)
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(scene->ears); i++)
        ear_close(&scene->ears[i]);
    ssh_node_free(scene->node);
    loop_free(scene->loop);
    server_free(scene->server);
    free(scene->known);
    assert_int_equal(count_fds(), scene->fds);
    return 0;
}

static void
need_sshd(const struct scene *scene)
{
    if (scene->sshd == NULL)
        skip();
}

static void
open_link(struct scene *scene, struct ear *ear, const char *command)
{
    const struct link_spec spec = { .kind = "ssh",
                                    .node = scene->node,
                                    .command = command,
                                    .connect_timeout_ms = scene->open_ms };

    ear_open(ear, scene->loop, &spec);
}

/* A session and one link with the node's spec; what became of it. */
static enum link_state
try_login(struct scene *scene, const struct ssh_spec *spec)
{
    struct ear *ear = &scene->ears[0];
    enum link_state state;

    scene->node = ssh_node_new(scene->loop, spec);
    open_link(scene, ear, "exec cat");
    assert_true(ear_wait_states(ear, 1));
    state = ear->states[0];
    print_message("# %s %s\n", link_state_name(state), ear->reason.text);
    return state;
}

static void
end_login(struct scene *scene)
{
    ear_close(&scene->ears[0]);
    ssh_node_free(scene->node);
    scene->node = NULL;
    run_turns(scene->loop);
}

/* --- who the server is --- */

/* %K, %E: the server's keys, %O: another, %P: its port. */
static char *
fill_in(const struct sshd *sshd, const char *text)
{
    struct buf out = BUF_INIT(0);

    for (; *text != '\0'; text++) {
        if (*text != '%')
            buf_add(&out, text, 1);
        else if (*++text == 'K')
            buf_puts(&out, sshd->host_key);
        else if (*text == 'E')
            buf_puts(&out, sshd->second_key);
        else if (*text == 'P')
            buf_printf(&out, "%u", sshd->port);
        else
            buf_puts(&out, "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAA"
                           "AAAAAAAAAAAAAAAAAAAA");
    }
    return buf_take(&out);
}

#define HOST "[127.0.0.1]:%P"
#define ED   " ssh-ed25519 "

static void
only_the_known_server_is_let_near(void **state)
{
    static const struct {
        const char *file, *word; /* word NULL: let in */
    } cases[] = {
        { HOST ED "%K\n", NULL },
        { "[127.0.0.*]:*" ED "%K\n", NULL },
        { HOST " ecdsa-sha2-nistp256 %E\n", NULL }, /* not its first choice */
        { "", " is unknown (" },
        { "127.0.0.1" ED "%K\n", " is unknown (" }, /* that is port 22 */
        { HOST ED "%O\n", " has changed: " },
        { HOST " ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAAQ==\n",
          " has changed: " },
        { "@revoked " HOST ED "%K\n", " is revoked (" },
        { "@revoked " HOST ED "%K\n" HOST ED "%K\n", " is revoked (" },
        { "!" HOST ",*" ED "%K\n", " is unknown (" },
        { "*,!" HOST ED "%K\n", " is unknown (" },
        { "@cert-authority *" ED "%K\n", "certificate authority" },
    };
    struct scene *scene = *state;

    need_sshd(scene);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ssh_spec spec = sshd_spec(scene->sshd);
        char *text = fill_in(scene->sshd, cases[i].file);
        char *path = sshd_file(scene->sshd, "known", text);
        struct ear *ear = &scene->ears[0];

        spec.known_hosts = path;
        sshd_clear_log(scene->sshd);
        if (cases[i].word == NULL) {
            assert_int_equal(try_login(scene, &spec), LINK_UP);
        } else {
            assert_int_equal(try_login(scene, &spec), LINK_LOST);
            assert_int_equal(ear->reason.kind, ERR_HOSTKEY);
            assert_non_null(strstr(ear->reason.text, "ssh-ed25519 SHA256:"));
            assert_non_null(strstr(ear->reason.text, cases[i].word));
            /* It would name the user, had it heard of one; see below. */
            assert_true(sshd_wait_log(scene->sshd, "[preauth]"));
            assert_false(sshd_logged(scene->sshd, "authenticating user"));
        }
        end_login(scene);
        free(text);
        free(path);
    }
}

static void
a_hashed_name_is_known_too(void **state)
{
    struct scene *scene = *state;
    struct ssh_spec spec;
    char *text, *path, *old;

    need_sshd(scene);
    spec = sshd_spec(scene->sshd);
    text = fill_in(scene->sshd, HOST ED "%K\nother" ED "%K\n");
    path = sshd_file(scene->sshd, "hashed", text);
    old = sshd_file(scene->sshd, "hashed.old", NULL);
    {
        const char *const argv[] = { "ssh-keygen", "-H", "-f", path, NULL };

        assert_true(run_program(argv));
    }
    spec.known_hosts = path;
    assert_int_equal(try_login(scene, &spec), LINK_UP);
    end_login(scene);
    spec.host = "localhost"; /* not in the file, hashed or not */
    assert_int_equal(try_login(scene, &spec), LINK_LOST);
    assert_int_equal(scene->ears[0].reason.kind, ERR_HOSTKEY);
    end_login(scene);
    free(text);
    free(path);
    free(old);
}

static void
a_file_that_cannot_be_read_knows_nobody(void **state)
{
    struct scene *scene = *state;
    const char *const paths[] = { "/nonexistent/known_hosts", "/dev/null", "/",
                                  NULL };

    need_sshd(scene);
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct ssh_spec spec = sshd_spec(scene->sshd);

        spec.known_hosts = paths[i];
        assert_int_equal(try_login(scene, &spec), LINK_LOST);
        assert_int_equal(scene->ears[0].reason.kind, ERR_HOSTKEY);
        end_login(scene);
    }
}

/* --- who we are --- */

static void
keys_that_do_not_help_say_why(void **state)
{
    struct scene *scene = *state;

    need_sshd(scene);
    const struct {
        const char *identity, *agent, *word;
    } cases[] = {
        { scene->sshd->other_key, NULL, "the server does not take the key of" },
        { scene->sshd->encrypted_key, NULL,
          "is encrypted: add the key to an ssh agent" },
        { "/nonexistent", NULL, "cannot be read as a private key" },
        { "/", NULL, "cannot be read as a private key" },
        { NULL, NULL, "no key file is given, and no ssh agent is running" },
        { NULL, "/nonexistent/agent",
          "the ssh agent at /nonexistent/agent: No such file" },
    };

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ssh_spec spec = sshd_spec(scene->sshd);

        spec.identity = cases[i].identity;
        if (cases[i].agent != NULL)
            setenv("SSH_AUTH_SOCK", cases[i].agent, 1);
        assert_int_equal(try_login(scene, &spec), LINK_LOST);
        unsetenv("SSH_AUTH_SOCK");
        assert_int_equal(scene->ears[0].reason.kind, ERR_AUTH);
        assert_non_null(strstr(scene->ears[0].reason.text, cases[i].word));
        end_login(scene);
        if (i == 0) /* what the test of host keys looks for can be there */
            assert_true(sshd_wait_log(scene->sshd, "authenticating user"));
    }
}

/* A real agent that holds the key; it goes to the background by itself. */
static pid_t
start_agent(const struct sshd *sshd, const char *key)
{
    const char *const add[] = { "ssh-add", "-q", key, NULL };
    static int count; /* the one before may still take its socket away */
    char *path = xasprintf("%s/agent-%d", sshd->dir, count++);
    char *line = xasprintf("ssh-agent -s -a %s", path);
    FILE *in = popen(line, "re");
    int pid = 0;

    if (in == NULL || fscanf(in,
                             "%*[^;]; export SSH_AUTH_SOCK; "
                             "SSH_AGENT_PID=%d",
                             &pid) != 1)
        pid = 0;
    if (in != NULL)
        pclose(in);
    setenv("SSH_AUTH_SOCK", path, 1);
    assert_true(pid > 1 && run_program(add));
    free(path);
    free(line);
    return pid;
}

static void
stop_agent(pid_t pid)
{
    kill(pid, SIGTERM);
    unsetenv("SSH_AUTH_SOCK");
}

static void
an_agent_lets_us_in_where_the_file_cannot(void **state)
{
    struct scene *scene = *state;
    const char *identities[3];
    struct ssh_spec spec;
    pid_t pid;

    need_sshd(scene);
    identities[0] = NULL;
    identities[1] = scene->sshd->encrypted_key;
    identities[2] = scene->sshd->other_key;
    pid = start_agent(scene->sshd, scene->sshd->identity);
    for (size_t i = 0; i < ARRAY_LEN(identities); i++) {
        spec = sshd_spec(scene->sshd);
        spec.identity = identities[i];
        assert_int_equal(try_login(scene, &spec), LINK_UP);
        end_login(scene);
    }
    stop_agent(pid);
}

static void
an_agent_without_our_key_is_said_to_have_none(void **state)
{
    struct scene *scene = *state;
    struct ssh_spec spec;
    pid_t pid;

    need_sshd(scene);
    pid = start_agent(scene->sshd, scene->sshd->other_key);
    spec = sshd_spec(scene->sshd);
    spec.identity = NULL;
    assert_int_equal(try_login(scene, &spec), LINK_LOST);
    assert_int_equal(scene->ears[0].reason.kind, ERR_AUTH);
    assert_non_null(strstr(scene->ears[0].reason.text,
                           "the agent has no key that the server takes"));
    stop_agent(pid);
}

/* A socket that is connected to, and never read from. */
static int
listen_as_agent(const struct sshd *sshd)
{
    struct sockaddr_un at = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(at.sun_path, sizeof at.sun_path, "%s/silent", sshd->dir);
    unlink(at.sun_path);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(fd, 5), 0);
    setenv("SSH_AUTH_SOCK", at.sun_path, 1);
    return fd;
}

static void
an_agent_that_never_answers_ends_at_the_deadline(void **state)
{
    struct scene *scene = *state;
    struct ssh_spec spec;
    uint64_t started_us;
    int fd;

    need_sshd(scene);
    fd = listen_as_agent(scene->sshd);
    spec = sshd_spec(scene->sshd);
    spec.identity = NULL;
    spec.timeout_ms = 500; /* enough for the second try on a slow machine */
    started_us = clock_now_us();
    assert_int_equal(try_login(scene, &spec), LINK_LOST);
    assert_int_equal(scene->ears[0].reason.kind, ERR_TIMEOUT);
    assert_true(clock_now_us() - started_us < 1500 * 1000);
    /* The session is not stuck: the next try goes its way. */
    unsetenv("SSH_AUTH_SOCK");
    link_reconnect(scene->ears[0].link);
    assert_true(ear_wait_states(&scene->ears[0], 3));
    assert_int_equal(scene->ears[0].reason.kind, ERR_AUTH);
    close(fd);
}

static void
a_node_is_freed_while_the_agent_thinks(void **state)
{
    struct scene *scene = *state;
    struct ssh_spec spec;
    int fd;

    need_sshd(scene);
    fd = listen_as_agent(scene->sshd);
    spec = sshd_spec(scene->sshd);
    spec.identity = NULL;
    scene->node = ssh_node_new(scene->loop, &spec);
    open_link(scene, &scene->ears[0], "true");
    assert_true(wait_readable(scene->loop, fd));
    end_login(scene); /* a worker has the session now */
    unsetenv("SSH_AUTH_SOCK");
    close(fd);
}

/* --- how long it takes --- */

/* A server whose bytes pass through a proxy with that plan. */
static void
start_proxy(struct scene *scene, struct proxy_plan *plan, struct ssh_spec *spec)
{
    char *text;

    *spec = sshd_spec(scene->sshd);
    plan->port = spec->port;
    scene->server = server_new(serve_proxy, plan);
    spec->port = scene->server->port;
    text = xasprintf("[127.0.0.1]:%u ssh-ed25519 %s\n", spec->port,
                     scene->sshd->host_key);
    free(scene->known);
    scene->known = sshd_file(scene->sshd, "known", text);
    spec->known_hosts = scene->known;
    free(text);
}

static void
stop_proxy(struct scene *scene)
{
    server_free(scene->server);
    scene->server = NULL;
}

static void
each_phase_ends_at_its_deadline(void **state)
{
    struct scene *scene = *state;
    struct proxy_plan whole = { 0 };
    struct ssh_spec spec;
    size_t all;

    need_sshd(scene);
    start_proxy(scene, &whole, &spec);
    assert_int_equal(try_login(scene, &spec), LINK_UP);
    all = whole.passed; /* until it was up */
    end_login(scene);
    stop_proxy(scene);
    scene->open_ms = DEADLINE_MS;
    const size_t limits[] = { 1,           15,          41,
                              all / 4,     all * 5 / 8, all * 6 / 8,
                              all * 7 / 8, all - 50,    all - 1 };

    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        struct proxy_plan plan = { .limit = limits[i], .then = HOLD };
        uint64_t started_us, took_ms;

        start_proxy(scene, &plan, &spec);
        spec.timeout_ms = DEADLINE_MS;
        started_us = clock_now_us();
        assert_int_equal(try_login(scene, &spec), LINK_LOST);
        took_ms = (clock_now_us() - started_us) / 1000;
        print_message("# %zu of %zu bytes, %d ms\n", limits[i], all,
                      (int)took_ms);
        assert_int_equal(scene->ears[0].reason.kind, ERR_TIMEOUT);
        assert_true(took_ms >= DEADLINE_MS && took_ms < DEADLINE_MS + 500);
        end_login(scene);
        stop_proxy(scene);
    }
}

static void
a_dead_resolver_ends_at_the_deadline(void **state)
{
    struct scene *scene = *state;
    struct ssh_spec spec;
    uint64_t took_ms = clock_now_us();

    need_sshd(scene);
    pthread_mutex_lock(&resolver);
    spec = sshd_spec(scene->sshd);
    spec.host = "dead.test";
    spec.timeout_ms = DEADLINE_MS;
    assert_int_equal(try_login(scene, &spec), LINK_LOST);
    took_ms = (clock_now_us() - took_ms) / 1000;
    assert_int_equal(scene->ears[0].reason.kind, ERR_TIMEOUT);
    assert_true(took_ms >= DEADLINE_MS && took_ms < DEADLINE_MS + 400);
    end_login(scene);
    pthread_mutex_unlock(&resolver); /* the worker lets its lookup go */
}

static void
a_name_with_several_addresses_is_tried_to_the_end(void **state)
{
    struct scene *scene = *state;
    struct ssh_spec spec;
    char *text, *path;

    need_sshd(scene);
    spec = sshd_spec(scene->sshd);
    text = fill_in(scene->sshd, "[localhost]:%P ssh-ed25519 %K\n");
    path = sshd_file(scene->sshd, "known", text);
    spec.host = "LocalHost"; /* ::1 refuses where it is one of them */
    spec.known_hosts = path;
    assert_int_equal(try_login(scene, &spec), LINK_UP);
    end_login(scene);
    spec.host = "nosuchhost.invalid";
    assert_int_equal(try_login(scene, &spec), LINK_LOST);
    assert_int_equal(scene->ears[0].reason.kind, ERR_RESOLVE);
    free(text);
    free(path);
}

/* --- what breaks --- */

static void
a_killed_server_is_a_lost_link_and_can_come_back(void **state)
{
    struct scene *scene = *state;
    struct ear *ears = scene->ears;
    struct ssh_spec spec;

    need_sshd(scene);
    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    for (int i = 0; i < 2; i++) {
        open_link(scene, &ears[i], "stty raw -echo; echo READY; cat");
        ear_drop_line(&ears[i], "READY");
    }
    sshd_kill(scene->sshd);
    for (int i = 0; i < 2; i++) {
        assert_true(ear_wait_state(&ears[i], LINK_UP));
        assert_true(ear_wait_state(&ears[i], LINK_LOST));
        assert_int_equal(ears[i].reason.kind, ERR_PEER);
    }
    print_message("# %s\n", ears[0].reason.text);
    assert_true(sshd_restart(scene->sshd));
    for (int i = 0; i < 2; i++) {
        link_reconnect(ears[i].link);
        ear_drop_line(&ears[i], "READY");
        assert_true(ear_write(&ears[i], "again", 5));
        assert_true(ear_wait_text(&ears[i], "again"));
        assert_int_equal(ears[i].states_len, 4);
    }
}

#define STREAM_LEN 300000

/* Cut anywhere, what came is the beginning of what was sent. */
static void
cuts_lose_and_double_nothing_before_them(void **state)
{
    struct scene *scene = *state;
    const char *runs = getenv("MIGLAB_TEST_CUTS"); /* more than usual */
    struct buf want = BUF_INIT(0);

    need_sshd(scene);
    for (int i = 0; want.len < STREAM_LEN; i++)
        buf_printf(&want, "%d\n", i);
    srandom(11);
    for (int i = runs != NULL ? atoi(runs) : 10; i > 0; i--) {
        struct proxy_plan plan = {
            .limit = 1 + (size_t)random() % (i % 3 == 0 ? 3000 : STREAM_LEN),
            .then = i % 2 == 0 ? RESET : FINISH,
        };
        struct ear *ear = &scene->ears[0];
        struct ssh_spec spec;

        start_proxy(scene, &plan, &spec);
        scene->node = ssh_node_new(scene->loop, &spec);
        open_link(scene, ear, "stty raw; seq 0 200000; exec sleep 1000");
        assert_true(ear_wait_state(ear, LINK_LOST));
        print_message("# cut at %zu: %zu bytes, %s\n", plan.limit,
                      ear->data.len, ear->reason.text);
        assert_int_equal(ear->reason.kind, ERR_PEER);
        assert_true(ear->data.len <= plan.limit);
        /* What a reset leaves in the proxy's own queue is lost there. */
        if (plan.then == FINISH && plan.limit > 50000)
            assert_true(ear->data.len + 40000 > plan.limit);
        if (ear->data.len > 0)
            assert_memory_equal(ear->data.bytes, want.bytes,
                                MIN(ear->data.len, want.len));
        end_login(scene);
        stop_proxy(scene);
    }
    buf_fini(&want);
}

/* --- what is shared --- */

#define LONG_LEN (1024 * 1024)

static void
fill_bytes(uint8_t *bytes, unsigned seed)
{
    srandom(seed);
    for (size_t i = 0; i < LONG_LEN; i++)
        bytes[i] = (uint8_t)random();
}

/* Both ways at once, while a third channel is not read at all. */
static void
channels_share_a_session_and_stay_whole(void **state)
{
    struct scene *scene = *state;
    struct ear *ears = scene->ears;
    uint8_t *bytes[2];
    struct ssh_spec spec;

    need_sshd(scene);
    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    for (int i = 0; i < 2; i++) {
        bytes[i] = xmalloc(LONG_LEN);
        fill_bytes(bytes[i], (unsigned)i);
        open_link(scene, &ears[i], "stty raw -echo; echo READY; exec cat");
    }
    open_link(scene, &ears[2], "exec cat /dev/zero");
    assert_true(ear_wait_len(&ears[2], 1));
    link_pause(ears[2].link, true);
    ears[2].paused = true;
    for (int i = 0; i < 2; i++)
        ear_drop_line(&ears[i], "READY");
    for (size_t at = 0; at < LONG_LEN; at += 32768)
        for (int i = 0; i < 2; i++)
            assert_true(ear_write(&ears[i], bytes[i] + at, 32768));
    for (int i = 0; i < 2; i++) {
        assert_true(ear_wait_len(&ears[i], LONG_LEN));
        assert_int_equal(ears[i].data.len, LONG_LEN);
        assert_memory_equal(ears[i].data.bytes, bytes[i], LONG_LEN);
        free(bytes[i]);
    }
    ears[2].paused = false;
    link_pause(ears[2].link, false);
    assert_true(ear_wait_len(&ears[2], ears[2].data.len + 1000000));
}

static void
pauses_change_no_order(void **state)
{
    struct scene *scene = *state;
    struct ear *ear = &scene->ears[0];
    struct buf want = BUF_INIT(0);
    struct ssh_spec spec;

    need_sshd(scene);
    for (int i = 0; i < 400000; i++)
        buf_printf(&want, "%d\n", i);
    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    open_link(scene, ear, "stty raw; seq 0 399999");
    for (int i = 0; ear->data.len < want.len; i++) {
        ear->paused = true;
        link_pause(ear->link, true);
        for (int turn = 0; turn < i % 5; turn++)
            loop_turn(scene->loop);
        ear->paused = false;
        link_pause(ear->link, false);
        assert_true(ear_wait_len(ear, ear->data.len + 1));
    }
    assert_int_equal(ear->data.len, want.len);
    assert_memory_equal(ear->data.bytes, want.bytes, want.len);
    buf_fini(&want);
}

static void
all_links_of_a_node_use_one_connection(void **state)
{
    struct scene *scene = *state;
    struct proxy_plan plan = { 0 };
    struct ssh_spec spec;

    need_sshd(scene);
    start_proxy(scene, &plan, &spec);
    scene->node = ssh_node_new(scene->loop, &spec);
    run_turns(scene->loop);
    assert_int_equal(scene->server->served, 0); /* nobody needs it yet */
    for (int i = 0; i < 3; i++)
        open_link(scene, &scene->ears[i], "exec cat");
    for (int i = 0; i < 3; i++)
        assert_true(ear_wait_state(&scene->ears[i], LINK_UP));
    assert_int_equal(scene->server->served, 1);
}

static void
what_the_node_refuses_harms_no_other_link(void **state)
{
    struct scene *scene = *state;
    struct ear many[12] = { { 0 } };
    unsigned up = 0, lost = 0;
    struct ssh_spec spec;

    need_sshd(scene);
    spec = sshd_spec(scene->sshd); /* MaxSessions is 10 */
    scene->node = ssh_node_new(scene->loop, &spec);
    for (size_t i = 0; i < ARRAY_LEN(many); i++)
        open_link(scene, &many[i], "stty raw -echo; exec cat");
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        assert_true(ear_wait_states(&many[i], 1));
        up += many[i].states[0] == LINK_UP;
        lost += many[i].states[0] == LINK_LOST;
        if (many[i].states[0] == LINK_LOST) {
            assert_int_equal(many[i].reason.kind, ERR_PEER);
            print_message("# %s\n", many[i].reason.text);
        }
    }
    assert_int_equal(up, 10);
    assert_int_equal(lost, 2);
    for (size_t i = 0; i < ARRAY_LEN(many); i++) {
        if (many[i].states[0] == LINK_UP) {
            assert_true(ear_write(&many[i], "there?", 6));
            assert_true(ear_wait_text(&many[i], "there?"));
        }
        ear_close(&many[i]);
    }
}

static void
a_signal_is_an_exit_status_over_128(void **state)
{
    struct scene *scene = *state;
    struct ssh_spec spec;

    need_sshd(scene);
    spec = sshd_spec(scene->sshd);
    scene->node = ssh_node_new(scene->loop, &spec);
    open_link(scene, &scene->ears[0], "kill -KILL $$");
    assert_true(ear_wait_state(&scene->ears[0], LINK_CLOSED));
    assert_int_equal(scene->ears[0].exit_status, 137);
}

/* Everything is freed after any number of turns, at whatever it is then. */
static void
a_node_may_be_freed_at_any_moment(void **state)
{
    struct scene *scene = *state;

    need_sshd(scene);
    for (int i = 0; i < 24; i++) {
        struct ssh_spec spec = sshd_spec(scene->sshd);
        uint64_t until_us = clock_now_us() + (uint64_t)i * 4000;

        scene->node = ssh_node_new(scene->loop, &spec);
        open_link(scene, &scene->ears[0], NULL);
        open_link(scene, &scene->ears[1], "exec cat /dev/zero");
        while (clock_now_us() < until_us)
            loop_turn(scene->loop);
        ear_close(&scene->ears[1]);
        end_login(scene);
    }
}

static void
free_all(void *ctx, const struct link_status *status)
{
    struct scene *scene = ctx;

    if (status->state != LINK_LOST)
        return;
    link_free(scene->ears[0].link);
    ssh_node_free(scene->node);
    scene->node = NULL;
    loop_stop(scene->loop);
}

static void
ignore_data(void *ctx, const uint8_t *bytes, size_t len)
{
    (void)ctx;
    (void)bytes;
    (void)len;
}

static bool
is_freed(void *ctx)
{
    return ((struct scene *)ctx)->node == NULL;
}

static void
link_and_node_may_be_freed_in_the_last_callback(void **state)
{
    const struct link_sink sink = { ignore_data, free_all, *state };
    struct scene *scene = *state;
    struct ssh_spec spec;
    struct link_spec link = { .kind = "ssh" };
    struct err err;

    need_sshd(scene);
    spec = sshd_spec(scene->sshd);
    spec.port = closed_port();
    link.node = scene->node = ssh_node_new(scene->loop, &spec);
    scene->ears[0].link = link_new(scene->loop, &link, &sink, &err);
    assert_non_null(scene->ears[0].link);
    assert_true(wait_until(scene->loop, is_freed, scene, WAIT_MS));
    scene->ears[0].link = NULL;
}

int
main(void)
{
#define SSH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        SSH(only_the_known_server_is_let_near),
        SSH(a_hashed_name_is_known_too),
        SSH(a_file_that_cannot_be_read_knows_nobody),
        SSH(keys_that_do_not_help_say_why),
        SSH(an_agent_lets_us_in_where_the_file_cannot),
        SSH(an_agent_without_our_key_is_said_to_have_none),
        SSH(an_agent_that_never_answers_ends_at_the_deadline),
        SSH(a_node_is_freed_while_the_agent_thinks),
        SSH(each_phase_ends_at_its_deadline),
        SSH(a_dead_resolver_ends_at_the_deadline),
        SSH(a_name_with_several_addresses_is_tried_to_the_end),
        SSH(a_killed_server_is_a_lost_link_and_can_come_back),
        SSH(cuts_lose_and_double_nothing_before_them),
        SSH(channels_share_a_session_and_stay_whole),
        SSH(pauses_change_no_order),
        SSH(all_links_of_a_node_use_one_connection),
        SSH(what_the_node_refuses_harms_no_other_link),
        SSH(a_signal_is_an_exit_status_over_128),
        SSH(a_node_may_be_freed_at_any_moment),
        SSH(link_and_node_may_be_freed_in_the_last_callback),
    };

    return cmocka_run_group_tests_name("ssh", tests, start_sshd, stop_sshd);
}
