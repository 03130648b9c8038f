/* reader.c - the family of readers. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "judge/facts.h"

const struct reader_kind *const reader_kinds[] = {
    &reader_qemu_migration,   &reader_qemu_status,
    &reader_qemu_log,         &reader_vhost_log,
    &reader_testpmd_stats,    &reader_testpmd_rx,
    &reader_testpmd_info,     &reader_tcpdump,
    &reader_ethtool_channels, &reader_ethtool_driver,
    &reader_scapy_sent,       &reader_flow_times,
    &reader_flow_log,         NULL,
};

struct reader {
    const struct reader_kind *kind;
    char *console;
    struct facts *facts;
    void *state;
};

struct reader *
reader_new(const char *kind, const char *console, struct facts *facts)
{
    struct reader *reader;

    for (size_t i = 0; reader_kinds[i] != NULL; i++) {
        if (strcmp(reader_kinds[i]->name, kind) != 0)
            continue;
        reader = xcalloc(1, sizeof *reader);
        reader->kind = reader_kinds[i];
        reader->console = xstrdup(console);
        reader->facts = facts;
        reader->state = xcalloc(1, reader_kinds[i]->state_size);
        return reader;
    }
    return NULL;
}

void
reader_free(struct reader *reader)
{
    if (reader == NULL)
        return;
    free(reader->console);
    free(reader->state);
    free(reader);
}

void
reader_line(struct reader *reader, const struct line_event *line)
{
    const struct reader_out out = {
        .facts = reader->facts,
        .console = reader->console,
        .at_us = line->at_us,
        .row = line->row,
    };

    reader->kind->line(reader->state, &out, line);
}

static char *
full_name(const struct reader_out *out, const char *name)
{
    return xasprintf("%s.%s", out->console, name);
}

void
reader_text(const struct reader_out *out, const char *name, const char *text)
{
    char *full = full_name(out, name);

    facts_set(out->facts, full, out->at_us, out->row, text);
    free(full);
}

void
reader_number(const struct reader_out *out, const char *name, double number)
{
    char *full = full_name(out, name);

    facts_set_number(out->facts, full, out->at_us, out->row, number);
    free(full);
}

double
reader_last(const struct reader_out *out, const char *name, double fallback)
{
    char *full = full_name(out, name);
    double number = facts_number(out->facts, full, fallback);

    free(full);
    return number;
}
