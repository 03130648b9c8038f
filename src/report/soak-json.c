/* soak-json.c - a soak as a file of JSON. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "report/soak-priv.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define FORMAT_VERSION 1
#define REAL_DIGITS    9 /* jansson's 17 print 0.1 as 0.10000000000000001 */

static void
set(json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        xalloc_die();
}

/* What another program said may be any bytes; the journal has mended them. */
static void
set_text(json_t *object, const char *key, const char *text)
{
    if (*text != '\0')
        set(object, key, json_string(text));
}

static json_t *
run_json(const struct soak_run *run)
{
    json_t *object = json_object();
    const char *slash = strrchr(run->path, '/');

    set_text(object, "run", slash != NULL ? slash + 1 : run->path);
    set_text(object, "case", run->name);
    set_text(object, "verdict", verdict_name(run->verdict));
    set_text(object, "reason", run->reason);
    set(object, "counts", json_boolean(soak_counts(run)));
    set(object, "seconds", json_real(run->seconds));
    for (size_t i = 0; i < SOAK_MEASURES; i++)
        if (run->measures[i] >= 0)
            set(object, soak_measures[i].key, json_real(run->measures[i]));
    return object;
}

static json_t *
sum_json(const struct soak *soak, const char *name)
{
    json_t *object = json_object();
    struct soak_sum sum;

    soak_add_up(soak, name, &sum);
    set_text(object, "case", name);
    set(object, "runs", json_integer((json_int_t)sum.runs));
    set(object, "passed", json_integer((json_int_t)sum.passed));
    set(object, "failed", json_integer((json_int_t)sum.failed));
    set(object, "errors", json_integer((json_int_t)sum.errors));
    set(object, "skipped", json_integer((json_int_t)sum.skipped));
    if (soak_rate(&sum) >= 0)
        set(object, "pass_rate", json_real(soak_rate(&sum)));
    for (size_t i = 0; i < SOAK_MEASURES; i++) {
        const struct spread *spread = &sum.measures[i];

        if (spread->n > 0)
            set(object, soak_measures[i].key,
                json_pack("{s:I,s:f,s:f,s:f}", "n", (json_int_t)spread->n,
                          "min", spread->min, "median", spread->median, "max",
                          spread->max));
    }
    return object;
}

static json_t *
soak_json(const struct soak *soak)
{
    json_t *object = json_object();
    json_t *cases = json_array(), *runs = json_array();

    for (size_t i = 0; i < soak->spec.len; i++)
        json_array_append_new(cases, sum_json(soak, soak->spec.cases[i]));
    for (size_t i = 0; i < soak->len; i++)
        json_array_append_new(runs, run_json(&soak->runs[i]));
    set(object, "v", json_integer(FORMAT_VERSION));
    set_text(object, "miglab", PACKAGE_VERSION);
    set_text(object, "lab", soak->spec.lab);
    set(object, "planned",
        json_integer((json_int_t)(soak->spec.len * soak->spec.rounds)));
    set_text(object, "stopped", soak->stopped != NULL ? soak->stopped : "");
    set(object, "cases", cases);
    set(object, "runs", runs);
    return object;
}

bool
soak_save(const struct soak *soak, const char *path, struct err *err)
{
    json_t *json = soak_json(soak);
    char *fresh = xasprintf("%s.new", path);
    /* Whoever reads it finds the old one or the new one, whole. */
    bool ok = json_dump_file(json, fresh,
                             JSON_INDENT(2) |
                                 JSON_REAL_PRECISION(REAL_DIGITS)) == 0 &&
              rename(fresh, path) == 0;

    if (!ok)
        err_sys(err, "cannot write %s", path);
    free(fresh);
    json_decref(json);
    return ok;
}
