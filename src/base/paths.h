/*
 * paths.h - where miglab's files are.
 *
 * Data (labs, panes, cases ...) lies in the source tree while the program is
 * run from its build tree, and in pkgdatadir once installed; MIGLAB_DATA names
 * another place. A user's own files come first: $XDG_CONFIG_HOME/miglab. What
 * runs leave behind goes to $XDG_STATE_HOME/miglab.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef BASE_PATHS_H
#define BASE_PATHS_H

#include <stdbool.h>

#include "base/err.h"
#include "base/macros.h"
#include "base/str.h"

/* The folder that holds labs/, panes/, cases/; borrowed, the same always. */
const char *paths_data(void);

/* "$XDG_CONFIG_HOME/miglab" and "$XDG_STATE_HOME/miglab"; yours. */
char *paths_config(void) MUST_CHECK;
char *paths_state(void) MUST_CHECK;

/* Where "miglab rehearsal up" keeps a lab of this name; yours. */
char *paths_rehearsal(const char *name) MUST_CHECK NONNULL(1);

/*
 * The file a user means: name itself if it has a slash or ends in ".yaml",
 * else the first of config/KIND/NAME.yaml and data/KIND/NAME.yaml that is
 * there. NULL when there is none. Yours.
 */
char *paths_find(const char *kind, const char *name) MUST_CHECK NONNULL(1, 2);

/* The names of all files KIND/NAME.yaml, sorted, each once. */
void paths_list(const char *kind, struct strs *names) NONNULL(1, 2);

/* Make a folder and its parents, mode 0700. */
bool paths_make(const char *path, struct err *err) MUST_CHECK NONNULL(1, 2);

#endif
