/*
 * link-rows.h - a row for each kind of link: how to get its far ends to work.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_LINK_ROWS_H
#define TESTS_LINK_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/unit/ear.h"

#include "io/link.h"
#include "io/loop.h"
#include "io/ssh.h"

struct server;
struct sshd;

#define LINK_CONNECT_MS 300 /* for those that refuse or stay silent */

/* What the far end does once it has said READY. */
enum role {
    ECHO, /* sends back every byte as it was */
    DEAF, /* reads nothing */
    EXIT, /* ends at the first line, with status 3 where there is one */
    SIZE, /* says its size, "ROWS COLS", at each line or change */
    ROLES
};

struct link_scene {
    struct loop *loop;
    struct sshd *sshd; /* NULL: rows that need it are skipped */
    struct ssh *node, *bad_node;
    struct server *server;
    char *file; /* a recording */
    struct ear ear;
    size_t fds;
};

struct link_row {
    const char *name;
    bool needs_sshd;
    /* Fill in the spec for a far end with that role; false: it cannot. */
    bool (*play)(struct link_scene *scene, enum role role,
                 struct link_spec *spec);
    /* One that refuses, and one that accepts and stays silent; NULL: the kind
     * cannot meet one. */
    void (*refuse)(struct link_scene *scene, struct link_spec *spec);
    enum err_kind refusal; /* what a refusal is told as */
    void (*stay_silent)(struct link_scene *scene, struct link_spec *spec);
    const char *const *typed; /* by role: typed once it is up; NULL: nothing */
    bool tells_sizes;         /* by itself, at each change */
    bool replays;             /* takes no input; ECHO is link_rows_fill() */
    int exit_status;          /* of EXIT */
};

extern const struct link_row link_rows[];
extern const size_t link_rows_len;

/* Readable text of which no two places look alike. */
void link_rows_fill(char *text, size_t len);

#endif
