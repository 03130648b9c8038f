/*
 * nodes.h - ask every node of a lab something, all at once.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RUN_NODES_H
#define RUN_NODES_H

#include <stdint.h>

#include "base/macros.h"

struct command_result;
struct lab;
struct lab_node;
struct nodes;
struct stage;

/* Calls come from the loop. */
struct nodes_sink {
    /* What it is asked, for sh in its folder; at once, and it takes yours. */
    char *(*ask)(void *ctx, const struct lab_node *node);
    /* Once a node, as they answer; may not free the question. */
    void (*answer)(void *ctx, const struct lab_node *node,
                   const struct command_result *result);
    void (*done)(void *ctx); /* once, behind the last answer; may free it */
    void *ctx;
};

/*
 * The time counts from now, with connecting. Borrows stage and lab, which has
 * a node.
 */
struct nodes *nodes_ask(struct stage *stage, const struct lab *lab,
                        uint32_t timeout_ms,
                        const struct nodes_sink *sink) MUST_CHECK
    NONNULL(1, 2, 4);
void nodes_free(struct nodes *nodes); /* stops it; NULL is fine */

#endif
