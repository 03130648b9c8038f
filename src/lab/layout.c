/*
 * layout.c - layout files: their keys, and what keys alone cannot demand.
 *
 * A console that a layout names need not exist: a layout is for many labs.
 * So a name is only checked to be one.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "lab/layout.h"

#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "base/str.h"
#include "base/xalloc.h"

#define CELLS_MAX 1000 /* as many columns as a screen of conf_size has */

/* A row of a schema table below. */
#define KEY(of_struct, key_name, key_type, member, ...)                        \
    {                                                                          \
        .name = key_name, .type = key_type,                                    \
        .offset = offsetof(struct of_struct, member), __VA_ARGS__              \
    }

static const struct conf_key columns_keys[] = {
    KEY(layout_part, "columns", CONF_LIST, columns, .of = &layout_part_schema,
        .value = "PARTS", .help = "Parts side by side, from the left."),
};
static const struct conf_key rows_keys[] = {
    KEY(layout_part, "rows", CONF_LIST, rows, .of = &layout_part_schema,
        .value = "PARTS", .help = "Parts one above the other, from the top."),
};
static const struct conf_key tabs_keys[] = {
    KEY(layout_part, "tabs", CONF_TEXTS, tabs, .value = "CONSOLE, ...",
        .help = "Consoles, NODE-PANE, of which one shows at a time. NODE-* "
                "stands for those of a node that no tabs of the layout name, "
                "\"*\" for all others. One that the lab does not have is left "
                "out."),
};
static const char *const views[] = {
    [LAYOUT_WIZARD] = "wizard",
    [LAYOUT_TELEMETRY] = "telemetry",
    [LAYOUT_LOG] = "log",
    NULL,
};
static const struct conf_key view_keys[] = {
    KEY(layout_part, "view", CONF_ENUM, view, .words = views,
        .help = "The wizard, the telemetry of the migration, or the log of "
                "commands."),
};

static const struct conf_key part_keys[] = {
    KEY(layout_part, "width", CONF_TEXT, width, .value = "CELLS|PERCENT",
        .help = "In columns: its width, such as 45, or 40% of the parent."),
    KEY(layout_part, "height", CONF_TEXT, height, .value = "CELLS|PERCENT",
        .help = "In rows: its height, such as 6, or 25% of the parent."),
    KEY(layout_part, "min", CONF_UINT, min, .value = "CELLS", .min = 1,
        .max = CELLS_MAX,
        .help = "The least width or height that is wanted; where there is not "
                "enough for all, it is less."),
};
static const struct conf_schema part_base = {
    .name = "part",
    .size = sizeof(struct layout_part),
    .keys = part_keys,
    .keys_len = ARRAY_LEN(part_keys),
};

static const struct conf_key head_keys[] = {
    KEY(layout, "layout", CONF_TEXT, name, .flags = CONF_REQUIRED,
        .value = "NAME", .help = "The layout's name."),
    KEY(layout, "title", CONF_TEXT, title, .help = "One line about it."),
    KEY(layout, "min", CONF_SIZE, min, .flags = CONF_REQUIRED,
        .value = "COLSxROWS", .help = "The smallest screen it is for."),
};
static const struct conf_schema head = {
    .name = "layout",
    .size = sizeof(struct layout),
    .keys = head_keys,
    .keys_len = ARRAY_LEN(head_keys),
};

/* The root is its first part: a key of a part has the same offset in it. */
static_assert(offsetof(struct layout, root) == 0, "root comes first");

#define FORM(form_name, of_struct, form_keys, form_base)                       \
    {                                                                          \
        .name = form_name, .size = sizeof(struct of_struct),                   \
        .keys = form_keys, .keys_len = ARRAY_LEN(form_keys), .base = form_base \
    }
static const struct conf_schema columns_part =
    FORM("columns part", layout_part, columns_keys, &part_base);
static const struct conf_schema rows_part =
    FORM("rows part", layout_part, rows_keys, &part_base);
static const struct conf_schema tabs_part =
    FORM("tabs part", layout_part, tabs_keys, &part_base);
static const struct conf_schema view_part =
    FORM("view part", layout_part, view_keys, &part_base);
static const struct conf_schema *const part_forms[] = {
    &columns_part, &rows_part, &tabs_part, &view_part, NULL,
};
const struct conf_schema layout_part_schema = {
    .name = "part",
    .size = sizeof(struct layout_part),
    .forms = part_forms,
    .form_offset = offsetof(struct layout_part, form),
    .place_offset = offsetof(struct layout_part, at),
};

static const struct conf_schema columns_layout =
    FORM("layout", layout, columns_keys, &head);
static const struct conf_schema rows_layout =
    FORM("layout", layout, rows_keys, &head);
static const struct conf_schema tabs_layout =
    FORM("layout", layout, tabs_keys, &head);
static const struct conf_schema *const layout_forms[] = {
    &columns_layout,
    &rows_layout,
    &tabs_layout,
    NULL,
};
const struct conf_schema layout_schema = {
    .name = "layout",
    .size = sizeof(struct layout),
    .forms = layout_forms,
    .form_offset = offsetof(struct layout, root.form),
    .place_offset = offsetof(struct layout, root.at),
};

const struct conf_list *
layout_parts(const struct layout_part *part)
{
    if (part->form->keys == columns_keys)
        return &part->columns;
    return part->form->keys == rows_keys ? &part->rows : NULL;
}

/* What has been seen of a layout while it is checked, part by part. */
struct check {
    struct layout *layout;
    struct diags *diags;
    const struct layout_part *views[ARRAY_LEN(views) - 1]; /* NULL: not yet */
    const struct conf_text **names; /* of all tabs so far */
    size_t names_len, names_cap;
};

/* "host-testpmd", "host-*" or "*". */
static bool
is_console_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
    size_t len = strspn(name, letters);

    if (strcmp(name, "*") == 0)
        return true;
    if (strcmp(name + len, "*") == 0)
        return len >= 2 && name[len - 1] == '-';
    return name[len] == '\0' && len >= 3 &&
           memchr(name + 1, '-', len - 2) != NULL;
}

static bool
check_name(struct check *check, const struct conf_text *name)
{
    if (!is_console_name(name->text)) {
        diags_error(check->diags, &name->at,
                    "tabs: expected a console such as host-testpmd, host-* or "
                    "\"*\", found \"%s\"",
                    name->text);
        return false;
    }
    for (size_t i = 0; i < check->names_len; i++)
        if (strcmp(check->names[i]->text, name->text) == 0) {
            diags_error(check->diags, &name->at,
                        "tabs: \"%s\" stands in line %u already; a console "
                        "has one place",
                        name->text, check->names[i]->at.line);
            return false;
        }
    check->names = xgrow(check->names, check->names_len, &check->names_cap,
                         sizeof(struct conf_text *));
    check->names[check->names_len++] = name;
    return true;
}

static bool
check_tabs(struct check *check, const struct layout_part *part)
{
    bool ok = part->tabs.len > 0;

    if (!ok)
        diags_error(check->diags, &part->tabs.at,
                    "tabs: expected consoles, such as [\"*\"] for all");
    for (size_t i = 0; i < part->tabs.len; i++)
        ok = check_name(check, &part->tabs.items[i]) && ok;
    return ok;
}

static bool
check_view(struct check *check, const struct layout_part *part)
{
    const struct layout_part **seen = &check->views[part->view.value];

    if (*seen != NULL) {
        diags_error(check->diags, &part->view.at,
                    "view: the %s stands in line %u already",
                    views[part->view.value], (*seen)->view.at.line);
        return false;
    }
    *seen = part;
    return true;
}

/* "45" or "40%". */
static bool
parse_size(const char *text, struct layout_size *size)
{
    size_t digits = strspn(text, "0123456789");
    bool percent = strcmp(text + digits, "%") == 0;
    char *number = xstrndup(text, digits);
    uint64_t value;
    bool ok = (percent || text[digits] == '\0') &&
              str_to_u64(number, 1, percent ? 100 : CELLS_MAX, &value);

    free(number);
    if (ok && percent)
        size->percent = (unsigned)value;
    else if (ok)
        size->cells = (unsigned)value;
    return ok;
}

/* A part's size along its parent; across it fills the parent anyway. */
static bool
check_size(struct check *check, struct layout_part *part, bool in_columns)
{
    const struct conf_text *along = in_columns ? &part->width : &part->height;
    const struct conf_text *across = in_columns ? &part->height : &part->width;

    if (across->text != NULL) {
        diags_error(check->diags, &across->at,
                    in_columns ? "height: a part of columns is as high as they "
                                 "are; it can have a width"
                               : "width: a part of rows is as wide as they "
                                 "are; it can have a height");
        return false;
    }
    if (along->text == NULL || parse_size(along->text, &part->size))
        return true;
    diags_error(check->diags, &along->at,
                "%s: expected cells such as 45 (1 to %d) or a part of the "
                "parent such as 40%% (1%% to 100%%), found \"%s\"",
                in_columns ? "width" : "height", CELLS_MAX, along->text);
    return false;
}

static bool check_part(struct check *check, struct layout_part *part);

static bool
check_parts(struct check *check, const struct conf_list *list, bool in_columns)
{
    struct layout_part *parts = list->items;
    unsigned percent = 0;
    bool ok = list->len > 0;

    if (!ok)
        diags_error(check->diags, &list->at, "%s: expected parts, found none",
                    in_columns ? "columns" : "rows");
    for (size_t i = 0; i < list->len; i++) {
        ok = check_size(check, &parts[i], in_columns) && ok;
        ok = check_part(check, &parts[i]) && ok;
        if (percent <= 100 && percent + parts[i].size.percent > 100) {
            diags_error(check->diags, &parts[i].at,
                        "the %s ask for %u%%, with this one; they can have "
                        "100%% together",
                        in_columns ? "columns" : "rows",
                        percent + parts[i].size.percent);
            ok = false;
        }
        percent += parts[i].size.percent;
    }
    return ok;
}

/* Recursion is bounded by how deep conf reads. */
static bool
check_part(struct check *check, struct layout_part *part)
{
    const struct conf_list *parts = layout_parts(part);

    part->node = check->layout->nodes++;
    if (parts != NULL)
        return check_parts(check, parts, parts == &part->columns);
    return part->form->keys == tabs_keys ? check_tabs(check, part)
                                         : check_view(check, part);
}

static struct layout *
finish(struct layout *layout, bool ok, struct diags *diags)
{
    struct check check = { .layout = layout, .diags = diags };

    ok = ok && conf_settle(&layout_schema, layout, diags) &&
         check_part(&check, &layout->root);
    free(check.names);
    if (ok)
        return layout;
    layout_free(layout);
    return NULL;
}

struct layout *
layout_load_file(const char *path, struct diags *diags)
{
    struct layout *layout = xcalloc(1, sizeof *layout);

    layout->path = xstrdup(path);
    return finish(layout,
                  conf_read_file(&layout_schema, layout->path, layout, diags),
                  diags);
}

struct layout *
layout_load_text(const char *path, const char *text, size_t len,
                 struct diags *diags)
{
    struct layout *layout = xcalloc(1, sizeof *layout);

    layout->path = xstrdup(path);
    return finish(
        layout,
        conf_read_text(&layout_schema, layout->path, text, len, layout, diags),
        diags);
}

void
layout_free(struct layout *layout)
{
    if (layout == NULL)
        return;
    free(layout->path);
    conf_free(&layout_schema, layout);
    free(layout);
}

/* Add one file of layouts/, or of the same name in the user's folder. */
static bool
load_one(struct layouts *layouts, const char *name, struct diags *diags)
{
    char *path = paths_find("layouts", name);
    struct layout *layout;
    const struct layout *same;

    BUG_ON(path == NULL); /* it was just listed */
    layout = layout_load_file(path, diags);
    free(path);
    if (layout == NULL)
        return false;
    same = layouts_find(layouts, layout->name.text);
    if (same != NULL) {
        diags_error(diags, &layout->name.at,
                    "layout: %s has the name \"%s\" already; each needs its "
                    "own",
                    same->path, same->name.text);
        layout_free(layout);
        return false;
    }
    layouts->items = xgrow(layouts->items, layouts->len, &layouts->cap,
                           sizeof(struct layout *));
    layouts->items[layouts->len++] = layout;
    return true;
}

struct layouts *
layouts_load(struct diags *diags)
{
    struct layouts *layouts = xcalloc(1, sizeof *layouts);
    struct strs names = { 0 };
    bool ok = true;

    paths_list("layouts", &names);
    for (size_t i = 0; i < names.len; i++)
        ok = load_one(layouts, names.items[i], diags) && ok;
    strs_fini(&names);
    if (ok)
        return layouts;
    layouts_free(layouts);
    return NULL;
}

void
layouts_free(struct layouts *layouts)
{
    if (layouts == NULL)
        return;
    for (size_t i = 0; i < layouts->len; i++)
        layout_free(layouts->items[i]);
    free(layouts->items);
    free(layouts);
}

const struct layout *
layouts_find(const struct layouts *layouts, const char *name)
{
    for (size_t i = 0; i < layouts->len; i++)
        if (strcmp(layouts->items[i]->name.text, name) == 0)
            return layouts->items[i];
    return NULL;
}

const struct layout *
layouts_pick(const struct layouts *layouts, int cols, int rows)
{
    const struct layout *best = NULL, *smallest = NULL;
    int best_area = -1, smallest_area = -1;

    for (size_t i = 0; i < layouts->len; i++) {
        const struct layout *layout = layouts->items[i];
        int area = layout->min.cols * layout->min.rows;

        if (smallest == NULL || area < smallest_area) {
            smallest = layout;
            smallest_area = area;
        }
        if (layout->min.cols <= cols && layout->min.rows <= rows &&
            area > best_area) {
            best = layout;
            best_area = area;
        }
    }
    return best != NULL ? best : smallest;
}
