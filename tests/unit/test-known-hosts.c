/* What a known_hosts file says, also where libssh reads it wrongly. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"

#include "base/xalloc.h"
#include "io/known-hosts.h"

/* Public keys made for this test; KEY is the server's. */
#define TYPE "ssh-ed25519 "
#define KEY                                                                    \
    "AAAAC3NzaC1lZDI1NTE5AAAAIKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYK"
#define OTHER                                                                  \
    "AAAAC3NzaC1lZDI1NTE5AAAAIOTHEROTHEROTHEROTHEROTHEROTHEROTHEROTHEROTH"
#define RSA "ssh-rsa AAAAB3NzaC1yc2E="

/* host.lab, port 22 */
static void
each_line_counts_for_what_it_says(void **state)
{
    static const struct {
        const char *file;
        enum known_verdict want;
    } cases[] = {
        { "", KNOWN_UNKNOWN },
        { "host.lab " TYPE KEY "\n", KNOWN_OK },
        { "host.lab " TYPE KEY, KNOWN_OK }, /* the last line without an end */
        { "host.lab\t" TYPE KEY " comment\r\n", KNOWN_OK },
        { "# host.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "HOST.Lab " TYPE KEY "\n", KNOWN_OK },
        { "other.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "a,host.lab,b " TYPE KEY "\n", KNOWN_OK },
        { "*.lab " TYPE KEY "\n", KNOWN_OK },
        { "h??t.lab " TYPE KEY "\n", KNOWN_OK },
        { "h?t.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "host.lab " TYPE OTHER "\n", KNOWN_CHANGED },
        { "host.lab " RSA "\n", KNOWN_CHANGED },
        { "host.lab " TYPE OTHER "\nhost.lab " TYPE KEY "\n", KNOWN_OK },
        { "!host.lab,*.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "*.lab,!host.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "*.lab,!h*.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "*.lab,!other.lab " TYPE KEY "\n", KNOWN_OK },
        { "!host.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "!host.lab,* " TYPE KEY "\nhost.lab " TYPE KEY "\n", KNOWN_OK },
        { "@revoked host.lab " TYPE KEY "\n", KNOWN_REVOKED },
        { "@revoked * " TYPE KEY "\nhost.lab " TYPE KEY "\n", KNOWN_REVOKED },
        { "host.lab " TYPE KEY "\n@REVOKED * " TYPE KEY "\n", KNOWN_REVOKED },
        { "@revoked other " TYPE KEY "\nhost.lab " TYPE KEY "\n", KNOWN_OK },
        { "@revoked * " TYPE OTHER "\nhost.lab " TYPE KEY "\n", KNOWN_OK },
        { "@revoked host.lab " TYPE OTHER "\n", KNOWN_UNKNOWN },
        { "@cert-authority *.lab " TYPE KEY "\n", KNOWN_AUTHORITY },
        { "@future *.lab " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "[host.lab]:2222 " TYPE KEY "\n", KNOWN_UNKNOWN },
        { "host.lab " TYPE "\n", KNOWN_UNKNOWN },
        { "host.lab\n@revoked\n\n \n", KNOWN_UNKNOWN },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct known_hosts hosts = { 0 };
        char *text = xstrdup(cases[i].file);

        print_message("# %zu: %s\n", i, cases[i].file);
        known_hosts_parse(&hosts, text, "host.lab", 22);
        assert_int_equal(known_hosts_judge(&hosts, KEY), cases[i].want);
        known_hosts_fini(&hosts);
        free(text);
    }
}

static void
another_port_is_another_host(void **state)
{
    char text[] = "10.77.0.2 " TYPE OTHER "\n[10.77.0.2]:2222 " TYPE KEY "\n";
    char copy[sizeof text];
    struct known_hosts hosts = { 0 };

    (void)state;
    memcpy(copy, text, sizeof text);
    known_hosts_parse(&hosts, copy, "10.77.0.2", 2222);
    assert_int_equal(known_hosts_judge(&hosts, KEY), KNOWN_OK);
    known_hosts_fini(&hosts);
    memcpy(copy, text, sizeof text);
    known_hosts_parse(&hosts, copy, "10.77.0.2", 2223);
    assert_int_equal(known_hosts_judge(&hosts, KEY), KNOWN_UNKNOWN);
    known_hosts_fini(&hosts);
}

static void
what_cannot_be_read_is_said_and_knows_nobody(void **state)
{
    static const char nul[] = "host.lab " TYPE KEY "\n\0@revoked * " TYPE KEY;
    char dir[] = "/tmp/miglab-known-XXXXXX";
    struct known_hosts hosts = { 0 };
    struct err err = ERR_INIT;
    char *fifo, *file;
    FILE *out;

    (void)state;
    assert_non_null(mkdtemp(dir));
    fifo = xasprintf("%s/fifo", dir);
    file = xasprintf("%s/file", dir);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    out = fopen(file, "we");
    fwrite(nul, 1, sizeof nul, out); /* what is behind it must not be lost */
    fclose(out);
    for (int i = 0; i < 5; i++) {
        const char *const paths[] = { dir, fifo, file, "/nonexistent", NULL };

        err.kind = ERR_NONE;
        assert_false(known_hosts_load(&hosts, paths[i], "host.lab", 22, &err));
        assert_int_equal(err.kind, ERR_FILE);
        assert_int_equal(known_hosts_judge(&hosts, KEY), KNOWN_UNKNOWN);
        known_hosts_fini(&hosts);
    }
    unlink(fifo);
    unlink(file);
    rmdir(dir);
    free(fifo);
    free(file);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_counts_for_what_it_says),
        cmocka_unit_test(another_port_is_another_host),
        cmocka_unit_test(what_cannot_be_read_is_said_and_knows_nobody),
    };

    return cmocka_run_group_tests_name("known-hosts", tests, NULL, NULL);
}
