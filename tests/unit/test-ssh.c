/*
 * test-ssh.c - who a node is, who we are, and how long that may take.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <dlfcn.h>
#include <netdb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "tests/unit/ssh-scene.h"

#include "base/clock.h"
#include "base/xalloc.h"

#define DEADLINE_MS 200

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
    struct ssh_scene *scene = *state;

    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct ssh_spec spec = sshd_spec(scene->sshd);
        char *text = fill_in(scene->sshd, cases[i].file);
        char *path = sshd_file(scene->sshd, "known", text);
        struct ear *ear = &scene->ears[0];

        spec.known_hosts = path;
        sshd_clear_log(scene->sshd);
        if (cases[i].word == NULL) {
            assert_int_equal(ssh_scene_try(scene, &spec), LINK_UP);
        } else {
            assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
            assert_int_equal(ear->reason.kind, ERR_HOSTKEY);
            assert_non_null(strstr(ear->reason.text, "ssh-ed25519 SHA256:"));
            assert_non_null(strstr(ear->reason.text, cases[i].word));
            /* It would name the user, had it heard of one; see below. */
            assert_true(sshd_wait_log(scene->sshd, "[preauth]"));
            assert_false(sshd_logged(scene->sshd, "authenticating user"));
        }
        ssh_scene_close(scene);
        free(text);
        free(path);
    }
}

static void
a_hashed_name_is_known_too(void **state)
{
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;
    char *text, *path, *old;

    spec = sshd_spec(scene->sshd);
    text = fill_in(scene->sshd, HOST ED "%K\nother" ED "%K\n");
    path = sshd_file(scene->sshd, "hashed", text);
    old = sshd_file(scene->sshd, "hashed.old", NULL);
    {
        const char *const argv[] = { "ssh-keygen", "-H", "-f", path, NULL };

        assert_true(run_program(argv));
    }
    spec.known_hosts = path;
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_UP);
    ssh_scene_close(scene);
    spec.host = "localhost"; /* not in the file, hashed or not */
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
    assert_int_equal(scene->ears[0].reason.kind, ERR_HOSTKEY);
    ssh_scene_close(scene);
    free(text);
    free(path);
    free(old);
}

static void
a_file_that_cannot_be_read_knows_nobody(void **state)
{
    struct ssh_scene *scene = *state;
    const char *const paths[] = { "/nonexistent/known_hosts", "/dev/null", "/",
                                  NULL };

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct ssh_spec spec = sshd_spec(scene->sshd);

        spec.known_hosts = paths[i];
        assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
        assert_int_equal(scene->ears[0].reason.kind, ERR_HOSTKEY);
        ssh_scene_close(scene);
    }
}

#define OFFER_MIN 256 /* a banner is shorter, a KEXINIT longer */

/* A banner, and a farewell (RFC 4253 11.1) that would paint a terminal. */
static void
serve_farewell(struct server *server)
{
    static const char words[] = "go\x1b[2J\x9b"
                                "1m\r\naway \xc3\xa9\xc2\x9b\x07";
    uint8_t packet[64] = { 0 };
    char offer[4096];
    size_t len = sizeof words - 1, used = 5;
    ssize_t heard = 0, got;

    server_write(server, "SSH-2.0-x\r\n", 11);
    /* Said before the client has written its offer, its failing write hides
     * what we say. */
    while (heard < OFFER_MIN &&
           (got = recv(server->fd, offer, sizeof offer, 0)) > 0)
        heard += got;
    packet[used++] = 1;    /* SSH_MSG_DISCONNECT */
    packet[used + 3] = 11; /* by application */
    packet[used + 7] = (uint8_t)len;
    memcpy(packet + used + 8, words, len);
    used += 8 + len + 4; /* no language */
    packet[4] = (uint8_t)(8 - used % 8 + 8);
    used += packet[4];
    packet[3] = (uint8_t)(used - 4);
    server_write(server, packet, used);
    server_wait_end(server);
}

static void
a_servers_words_paint_no_terminal(void **state)
{
    struct ssh_scene *scene = *state;
    struct ssh_spec spec = sshd_spec(scene->sshd);
    struct ear *ear = &scene->ears[0];

    scene->server = server_new(serve_farewell, NULL);
    spec.port = scene->server->port;
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
    assert_non_null(strstr(ear->reason.text, "go?[2J?1m??away \xc3\xa9"));
    for (const char *p = ear->reason.text; *p != '\0'; p++)
        assert_true((uint8_t)*p >= ' ' && *p != 0x7F);
}

/* --- who we are --- */

static void
keys_that_do_not_help_say_why(void **state)
{
    struct ssh_scene *scene = *state;

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
        assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
        unsetenv("SSH_AUTH_SOCK");
        assert_int_equal(scene->ears[0].reason.kind, ERR_AUTH);
        assert_non_null(strstr(scene->ears[0].reason.text, cases[i].word));
        ssh_scene_close(scene);
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
    struct ssh_scene *scene = *state;
    const char *identities[3];
    struct ssh_spec spec;
    pid_t pid;

    identities[0] = NULL;
    identities[1] = scene->sshd->encrypted_key;
    identities[2] = scene->sshd->other_key;
    pid = start_agent(scene->sshd, scene->sshd->identity);
    for (size_t i = 0; i < ARRAY_LEN(identities); i++) {
        spec = sshd_spec(scene->sshd);
        spec.identity = identities[i];
        assert_int_equal(ssh_scene_try(scene, &spec), LINK_UP);
        ssh_scene_close(scene);
    }
    stop_agent(pid);
}

static void
an_agent_without_our_key_is_said_to_have_none(void **state)
{
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;
    pid_t pid;

    pid = start_agent(scene->sshd, scene->sshd->other_key);
    spec = sshd_spec(scene->sshd);
    spec.identity = NULL;
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
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
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;
    uint64_t started_us;
    int fd;

    fd = listen_as_agent(scene->sshd);
    spec = sshd_spec(scene->sshd);
    spec.identity = NULL;
    spec.timeout_ms = 500; /* enough for the second try on a slow machine */
    started_us = clock_now_us();
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
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
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;
    int fd;

    fd = listen_as_agent(scene->sshd);
    spec = sshd_spec(scene->sshd);
    spec.identity = NULL;
    scene->node = ssh_node_new(scene->loop, &spec);
    ssh_scene_open(scene, &scene->ears[0], "true");
    assert_true(wait_readable(scene->loop, fd));
    ssh_scene_close(scene); /* a worker has the session now */
    unsetenv("SSH_AUTH_SOCK");
    close(fd);
}

/* --- how long it takes --- */

static void
each_phase_ends_at_its_deadline(void **state)
{
    struct ssh_scene *scene = *state;
    const struct proxy_plan whole = { 0 };
    struct ssh_spec spec;
    size_t all;

    ssh_scene_start_proxy(scene, &whole, &spec);
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_UP);
    ssh_scene_close(scene);
    ssh_scene_stop_proxy(scene);
    all = scene->plan.passed; /* until it was up */
    scene->open_ms = DEADLINE_MS;
    const size_t limits[] = { 1,           15,          41,
                              all / 4,     all * 5 / 8, all * 6 / 8,
                              all * 7 / 8, all - 50,    all - 1 };

    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        struct proxy_plan plan = { .limit = limits[i], .then = HOLD };
        uint64_t started_us, took_ms;

        ssh_scene_start_proxy(scene, &plan, &spec);
        spec.timeout_ms = DEADLINE_MS;
        started_us = clock_now_us();
        assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
        took_ms = (clock_now_us() - started_us) / 1000;
        print_message("# %zu of %zu bytes, %d ms\n", limits[i], all,
                      (int)took_ms);
        assert_int_equal(scene->ears[0].reason.kind, ERR_TIMEOUT);
        assert_true(took_ms >= DEADLINE_MS && took_ms < DEADLINE_MS + 500);
        ssh_scene_close(scene);
        ssh_scene_stop_proxy(scene);
    }
}

static void
a_dead_resolver_ends_at_the_deadline(void **state)
{
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;
    uint64_t took_ms = clock_now_us();

    pthread_mutex_lock(&resolver);
    spec = sshd_spec(scene->sshd);
    spec.host = "dead.test";
    spec.timeout_ms = DEADLINE_MS;
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
    took_ms = (clock_now_us() - took_ms) / 1000;
    assert_int_equal(scene->ears[0].reason.kind, ERR_TIMEOUT);
    assert_true(took_ms >= DEADLINE_MS && took_ms < DEADLINE_MS + 400);
    ssh_scene_close(scene);
    pthread_mutex_unlock(&resolver); /* the worker lets its lookup go */
}

static void
a_name_with_several_addresses_is_tried_to_the_end(void **state)
{
    struct ssh_scene *scene = *state;
    struct ssh_spec spec;
    char *text, *path;

    spec = sshd_spec(scene->sshd);
    text = fill_in(scene->sshd, "[localhost]:%P ssh-ed25519 %K\n");
    path = sshd_file(scene->sshd, "known", text);
    spec.host = "LocalHost"; /* ::1 refuses where it is one of them */
    spec.known_hosts = path;
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_UP);
    ssh_scene_close(scene);
    spec.host = "nosuchhost.invalid";
    assert_int_equal(ssh_scene_try(scene, &spec), LINK_LOST);
    assert_int_equal(scene->ears[0].reason.kind, ERR_RESOLVE);
    free(text);
    free(path);
}

int
main(void)
{
#define SSH(test)                                                              \
    cmocka_unit_test_setup_teardown(test, ssh_scene_begin, ssh_scene_end)
    const struct CMUnitTest tests[] = {
        SSH(only_the_known_server_is_let_near),
        SSH(a_hashed_name_is_known_too),
        SSH(a_file_that_cannot_be_read_knows_nobody),
        SSH(a_servers_words_paint_no_terminal),
        SSH(keys_that_do_not_help_say_why),
        SSH(an_agent_lets_us_in_where_the_file_cannot),
        SSH(an_agent_without_our_key_is_said_to_have_none),
        SSH(an_agent_that_never_answers_ends_at_the_deadline),
        SSH(a_node_is_freed_while_the_agent_thinks),
        SSH(each_phase_ends_at_its_deadline),
        SSH(a_dead_resolver_ends_at_the_deadline),
        SSH(a_name_with_several_addresses_is_tried_to_the_end),
    };

    return ssh_scene_run("ssh", tests, ARRAY_LEN(tests));
}
