/* load.h - labs and cases as several subcommands need them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <stdbool.h>

#include "base/macros.h"
#include "base/str.h"

struct cli_args;
struct lab;
struct script;

#define LOAD_LAB_DEFAULT "rehearsal"

/*
 * The case on the lab of --lab, with --set; errors and warnings go to stderr.
 * NULL when something is wrong. Yours.
 */
struct script *load_script(const struct cli_args *args,
                           const char *case_name) MUST_CHECK NONNULL(1, 2);
/* The same for a run that somebody watches: "attended" is yes. */
struct script *load_attended(const struct cli_args *args,
                             const char *case_name) MUST_CHECK NONNULL(1, 2);
/* The same without a case. */
struct script *load_consoles(const struct cli_args *args) MUST_CHECK NONNULL(1);

/* The names of all cases there are, the user's own too, sorted. */
void load_case_names(struct strs *names) NONNULL(1);

/*
 * The files that speaking to the lab's machines needs are there. False after
 * a word on stderr that says what to do: nothing was touched.
 */
bool load_lab_is_there(const struct lab *lab) MUST_CHECK NONNULL(1);

#endif
