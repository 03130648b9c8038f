/*
 * Any output through every reader: each fact that one publishes is in the
 * table that cases are checked with, and is fit to be shown.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "judge/facts.h"
#include "judge/output.h"
#include "judge/reader.h"
#include "plan/fact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As in test-readers: an echo is behind '>', a repaint behind '~'. */
static void
read_line(void *ctx, const struct line_event *line)
{
    struct line_event event = *line;

    if (*line->text == '>' || *line->text == '~') {
        event.tag = *line->text == '>' ? LINE_ECHO : LINE_REPAINT;
        event.text++;
        event.len--;
    }
    reader_line(ctx, &event);
}

static void
check_value(const struct fact_value *value)
{
    const char *text = value->text;

    if (!utf8_valid(text, strlen(text)))
        abort();
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            abort();
    if (value->is_number && !isfinite(value->number))
        abort();
}

static void
check_facts(const struct facts *facts, const char *kind)
{
    const char *name;
    size_t len;

    for (size_t i = 0; (name = facts_name(facts, i)) != NULL; i++) {
        const struct fact_value *values = facts_history(facts, name, &len);

        if (fact_name_find(kind, name + strlen("c.")) == NULL)
            abort();
        for (size_t j = 0; j < len; j++)
            check_value(&values[j]);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = xmalloc(size + 1);

    memcpy(text, data, size);
    for (size_t i = 0; reader_kinds[i] != NULL; i++) {
        const char *kind = reader_kinds[i]->name;
        struct facts *facts = facts_new();
        struct reader *reader = reader_new(kind, "c", facts);

        output_lines(text, size, 1, read_line, reader);
        check_facts(facts, kind);
        reader_free(reader);
        facts_free(facts);
    }
    free(text);
    return 0;
}
