/*
 * reader-qemu.c - what QEMU's monitor says of a migration and of the VM, and
 * what its log says of a failed load.
 *
 * "info migrate" has two dialects: up to 10.0 one "key: value
 * unit" a line, from 10.1 tab-separated lists of "key=value". Both are read
 * line by line, so a line that a later version adds or drops harms nothing.
 * Units are read, not assumed: "ms" was "milliseconds" before 5.1, and from
 * 10.1 sizes are rounded ("16 GiB"), which a development version before it
 * gave as numbers under a heading with their unit ("Sizes (KiB)").
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "judge/reader.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

static const struct {
    const char *unit;
    double kib;
} size_units[] = {
    { "kbytes", 1 },          { "KiB", 1 },          { "MiB", 1024 },
    { "GiB", 1024.0 * 1024 }, { "TiB", 1073741824 }, { "B", 1 / 1024.0 },
};

/* How many KiB the unit at the start of text is; 0: it is none. */
static double
unit_kib(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(size_units); i++)
        if (str_starts(text, size_units[i].unit))
            return size_units[i].kib;
    return 0;
}

/*
 * A size in KiB from "118726 kbytes", "4 KiB", "1.5 GiB", "512 B"; or from a
 * bare number, when its heading has the unit.
 */
static bool
parse_kib(const char *text, const char *unit, double *kib)
{
    char *end;
    double number = strtod(text, &end), each;

    if (end == text)
        return false;
    end += strspn(end, " \t");
    each = unit_kib(*end == '\0' || *end == ',' ? unit : end);
    *kib = number * each;
    return each > 0;
}

static bool
parse_number(const char *text, const char *unit, double *number)
{
    char *end;

    (void)unit;
    *number = strtod(text, &end);
    return end != text;
}

/* "key: value unit" lines, and "key=value" items of lists. */
static const struct {
    const char *key;
    const char *fact;
    bool (*parse)(const char *text, const char *unit, double *number);
} old_keys[] = {
    { "total time", "migration.total_time", parse_number },
    { "downtime", "migration.downtime", parse_number },
    { "expected downtime", "migration.expected_downtime", parse_number },
    { "setup", "migration.setup", parse_number },
    { "transferred ram", "migration.transferred", parse_kib },
    { "throughput", "migration.throughput", parse_number },
    { "remaining ram", "migration.remaining", parse_kib },
    { "total ram", "migration.total", parse_kib },
    { "dirty sync count", "migration.passes", parse_number },
    { "pages-per-second", "migration.page_rate", parse_number },
    { "dirty pages rate", "migration.dirty_rate", parse_number },
    { "page size", "migration.page_size", parse_kib },
}, new_keys[] = {
    { "Time/total", "migration.total_time", parse_number },
    { "Time/down", "migration.downtime", parse_number },
    { "Time/exp_down", "migration.expected_downtime", parse_number },
    { "Time/setup", "migration.setup", parse_number },
    { "Throughput/", "migration.throughput", parse_number },
    { "Sizes/pagesize", "migration.page_size", parse_kib },
    { "Sizes/total", "migration.total", parse_kib },
    { "Transfers/transferred", "migration.transferred", parse_kib },
    { "Transfers/remain", "migration.remaining", parse_kib },
    { "Page Rates/transfer", "migration.page_rate", parse_number },
    { "Page Rates/dirty", "migration.dirty_rate", parse_number },
    { "Others/dirty_syncs", "migration.passes", parse_number },
};

struct migration_state {
    bool has_reason; /* of the status before */
    bool in_blocked; /* below "Outgoing migration blocked:" */
};

/* "completed", or "failed (why)": the word and what is in the brackets. */
static void
take_status(struct migration_state *state, const struct reader_out *out,
            const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz-");
    const char *why = text + len + strspn(text + len, " ");
    char *word;

    if (len == 0)
        return;
    word = xstrndup(text, len);
    if (*why == '(' && str_ends(why, ")")) {
        char *reason = xstrndup(why + 1, strlen(why) - 2);

        reader_text(out, "migration.reason", reason);
        state->has_reason = true;
        free(reason);
    } else if (state->has_reason) { /* that was another migration's */
        reader_text(out, "migration.reason", "");
        state->has_reason = false;
    }
    reader_text(out, "migration.status", word); /* last: waits look at it */
    free(word);
}

static void
take_old_key(const struct reader_out *out, const char *text)
{
    const char *colon = strchr(text, ':');
    double number;

    for (size_t i = 0; colon != NULL && i < ARRAY_LEN(old_keys); i++)
        if (strlen(old_keys[i].key) == (size_t)(colon - text) &&
            str_starts(text, old_keys[i].key) &&
            old_keys[i].parse(colon + 1, "", &number))
            reader_number(out, old_keys[i].fact, number);
}

/* A heading of the new dialect: "Sizes", with its unit if it has one. */
struct heading {
    char *name;
    char *unit; /* "KiB" of "Sizes (KiB)"; else "" */
};

static void
take_new_item(const struct reader_out *out, const struct heading *heading,
              const char *key, size_t key_len, const char *value)
{
    char *path = xasprintf("%s/%.*s", heading->name, (int)key_len, key);
    double number;

    for (size_t i = 0; i < ARRAY_LEN(new_keys); i++)
        if (strcmp(new_keys[i].key, path) == 0 &&
            new_keys[i].parse(value, heading->unit, &number))
            reader_number(out, new_keys[i].fact, number);
    free(path);
}

/* "key=value, key=value", or one value without a key. */
static void
take_new_items(const struct reader_out *out, const struct heading *heading,
               const char *item)
{
    if (strchr(item, '=') == NULL)
        take_new_item(out, heading, "", 0, item);
    while (*item != '\0') {
        size_t len = strcspn(item, ",");
        const char *equal = memchr(item, '=', len);

        if (equal != NULL)
            take_new_item(out, heading, item, (size_t)(equal - item),
                          equal + 1);
        item += len;
        item += strspn(item, ", ");
    }
}

/* "Heading: \t\tkey=value, key=value", "Heading (unit): value". */
static void
take_new_list(const struct reader_out *out, const char *text)
{
    const char *colon = strchr(text, ':'), *bracket;
    struct heading heading;

    if (colon == NULL)
        return;
    bracket = memchr(text, '(', (size_t)(colon - text));
    if (bracket != NULL && bracket > text && colon[-1] == ')') {
        heading.unit = xstrndup(bracket + 1, (size_t)(colon - bracket) - 2);
        while (bracket > text && bracket[-1] == ' ')
            bracket--;
    } else {
        heading.unit = xstrdup("");
        bracket = colon;
    }
    heading.name = xstrndup(text, (size_t)(bracket - text));
    take_new_items(out, &heading, colon + 1 + strspn(colon + 1, " \t"));
    free(heading.name);
    free(heading.unit);
}

/* Why nothing can be migrated: in one line, or in lines below a heading. */
static bool
take_blocked(struct migration_state *state, const struct reader_out *out,
             const char *line, const char *text)
{
    bool heading = str_starts(text, "Outgoing migration blocked");

    if (heading || str_starts(text, "Error: Migration disabled") ||
        str_starts(text, "Error: State blocked by")) {
        reader_text(out, "migration.blocked", text);
        state->in_blocked = heading;
        return true;
    }
    state->in_blocked = state->in_blocked && text > line && *text != '\0';
    if (state->in_blocked)
        reader_text(out, "migration.blocked", text);
    return state->in_blocked;
}

static void
migration_line(void *state, const struct reader_out *out,
               const struct line_event *line)
{
    static const char *const heads[] = { "Migration status:", "Status:" };
    const char *text = line->text + strspn(line->text, " \t");

    if (line->tag != LINE_OUTPUT || take_blocked(state, out, line->text, text))
        return;
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (str_starts(text, heads[i])) {
            text += strlen(heads[i]);
            take_status(state, out, text + strspn(text, " \t"));
            return;
        }
    take_old_key(out, text);
    take_new_list(out, text);
}

static void
status_line(void *state, const struct reader_out *out,
            const struct line_event *line)
{
    static const char head[] = "VM status: ";

    (void)state;
    if (line->tag == LINE_OUTPUT && str_starts(line->text, head))
        reader_text(out, "vm.status", line->text + strlen(head));
}

/*
 * Lines of QEMU's log that tell of a migration that was not loaded, or of a
 * device that went wrong. A deprecation warning is none.
 */
static const char *const load_errors[] = {
    "load of migration failed",
    "error while loading state",
    "Failed to load",
    "Bad config data",
    "Size mismatch",
    "Unknown ramblock",
    "Machine type received",
    "unsupported. Allowed features",
    "Read section footer failed",
    "failed to save SaveStateEntry",
    "Unexpected end-of-file before all data were read",
    "Failed to set msg fds",
    "ring restore failed",
    "Failed to connect to",
    "Guest index inconsistent",
    "< last_avail_idx",
    "curr_queue_pairs",
    NULL,
};

/* That it could not start, because something of the lab was in its way. */
static const char *const start_errors[] = {
    "Failed to find an available port",
    "Address already in use",
    "Could not set up host forwarding rule",
    "Failed to get \"write\" lock",
    "Failed to get shared \"write\" lock",
    "Cannot lock pid file",
    NULL,
};

enum { LOG_KINDS = 2 };
static const struct {
    const char *fact;
    const char *const *words;
} log_kinds[LOG_KINDS] = {
    { "log.blocked", start_errors },
    { "log.error", load_errors },
};

struct log_state {
    double lines;
    bool bad[LOG_KINDS];
};

static bool
has_word(const char *text, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strstr(text, words[i]) != NULL)
            return true;
    return false;
}

static void
log_line(void *state, const struct reader_out *out,
         const struct line_event *line)
{
    struct log_state *log = state;

    if (line->tag != LINE_OUTPUT)
        return;
    /* A log that was read and is clean must be told from one never read. */
    for (size_t i = 0; log->lines == 0 && i < LOG_KINDS; i++)
        if (!log->bad[i])
            reader_text(out, log_kinds[i].fact, "");
    if (line->len > 0)
        reader_number(out, "log.lines", ++log->lines);
    for (size_t i = 0; i < LOG_KINDS; i++)
        if (!log->bad[i] && has_word(line->text, log_kinds[i].words)) {
            reader_text(out, log_kinds[i].fact, line->text);
            log->bad[i] = true;
        }
}

const struct reader_kind reader_qemu_migration = {
    .name = "qemu-migration",
    .state_size = sizeof(struct migration_state),
    .line = migration_line,
};
const struct reader_kind reader_qemu_status = {
    .name = "qemu-status",
    .line = status_line,
};
const struct reader_kind reader_qemu_log = {
    .name = "qemu-log",
    .state_size = sizeof(struct log_state),
    .line = log_line,
};
