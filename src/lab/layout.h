/*
 * layout.h - how panes share the screen: the files of layouts/.
 *
 * A layout is a tree of parts. A part is a row of parts side by side
 * (columns), a stack of parts (rows), consoles of which one shows at a time
 * (tabs), or a view. arrange.h says where each part is on a screen.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LAB_LAYOUT_H
#define LAB_LAYOUT_H

#include <stddef.h>

#include "base/diag.h"
#include "base/macros.h"
#include "conf/conf.h"

enum layout_view { LAYOUT_WIZARD, LAYOUT_TELEMETRY, LAYOUT_LOG };

/* How much of its parent a part asks for; both 0: a share of the rest. */
struct layout_size {
    unsigned cells, percent;
};

/* One part; form tells which one of columns, rows, tabs and view it has. */
struct layout_part {
    const struct conf_schema *form;
    struct conf_list columns, rows; /* struct layout_part */
    struct conf_texts tabs;         /* consoles; "NODE-*" and "*" stand for
                                       those that no tab names closer */
    struct conf_uint view;          /* enum layout_view */
    struct conf_text width, height; /* as written */
    struct conf_uint min;           /* cells along the parent; 0: none */
    struct place at;
    struct layout_size size; /* along the parent: its width or height */
    size_t node;             /* its number in the tree, parents first; root 0 */
};

/* One file of layouts/. Owned by whoever loaded it. */
struct layout {
    struct layout_part root;
    struct conf_text name, title;
    struct conf_size min; /* of a screen that it is for */
    size_t nodes;         /* parts in the tree */
    char *path;
};

struct layouts {
    struct layout **items; /* by name of their files */
    size_t len, cap;
};

extern const struct conf_schema layout_schema;
extern const struct conf_schema layout_part_schema;

/* The parts in a part, or NULL where it has none: columns or rows. */
const struct conf_list *layout_parts(const struct layout_part *part) NONNULL(1);

/* Load this file. NULL when there are errors, which are in diags. */
struct layout *layout_load_file(const char *path,
                                struct diags *diags) MUST_CHECK NONNULL(1, 2);

/* The same for len bytes of text, which diagnostics call path. */
struct layout *layout_load_text(const char *path, const char *text, size_t len,
                                struct diags *diags) MUST_CHECK
    NONNULL(1, 2, 4);
void layout_free(struct layout *layout);

/* Load every file of layouts/. NULL when there are errors, in diags. */
struct layouts *layouts_load(struct diags *diags) MUST_CHECK NONNULL(1);
void layouts_free(struct layouts *layouts);

const struct layout *layouts_find(const struct layouts *layouts,
                                  const char *name) NONNULL(1, 2);

/*
 * The layout for a screen of this size: of those whose min fits the one with
 * the largest; the smallest of all when none fits. NULL: there are none.
 */
const struct layout *layouts_pick(const struct layouts *layouts, int cols,
                                  int rows) NONNULL(1);

#endif
