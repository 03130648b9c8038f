/* nodes.c - ask every node of a lab something, all at once. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "run/nodes.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "io/command.h"
#include "lab/lab.h"
#include "run/stage.h"

struct asked {
    struct nodes *nodes;
    const struct lab_node *node;
    struct command *command; /* NULL: it has answered */
};

struct nodes {
    struct nodes_sink sink;
    struct asked *asked;
    size_t len, busy;
};

static void
on_answer(void *ctx, const struct command_result *result)
{
    struct asked *asked = ctx;
    struct nodes *nodes = asked->nodes;
    struct command *command = asked->command;

    asked->command = NULL;
    nodes->sink.answer(nodes->sink.ctx, asked->node, result);
    if (--nodes->busy == 0)
        nodes->sink.done(nodes->sink.ctx);
    command_free(command); /* last: the result is its */
}

struct nodes *
nodes_ask(struct stage *stage, const struct lab *lab, uint32_t timeout_ms,
          const struct nodes_sink *sink)
{
    struct nodes *nodes = xcalloc(1, sizeof *nodes);
    const struct lab_node *list = lab->nodes.items;

    nodes->sink = *sink;
    nodes->len = nodes->busy = lab->nodes.len;
    nodes->asked = xcalloc(nodes->len, sizeof *nodes->asked);
    for (size_t i = 0; i < nodes->len; i++) {
        struct asked *asked = &nodes->asked[i];
        char *text = sink->ask(sink->ctx, &list[i]);

        asked->nodes = nodes;
        asked->node = &list[i];
        asked->command =
            stage_command(stage, &list[i], text, timeout_ms, on_answer, asked);
        free(text);
    }
    return nodes;
}

void
nodes_free(struct nodes *nodes)
{
    if (nodes == NULL)
        return;
    for (size_t i = 0; i < nodes->len; i++)
        command_free(nodes->asked[i].command);
    free(nodes->asked);
    free(nodes);
}
