/*
 * Any text as a pane, a lab, a case and a layout: it is read or told to be
 * wrong, what is written of it reads back as the same text, and a layout
 * covers a screen exactly.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/xalloc.h"
#include "lab/arrange.h"
#include "lab/lab.h"
#include "lab/layout.h"
#include "lab/pane.h"
#include "plan/symptom.h"
#include "plan/tcase.h"

#define PATH "fuzz.yaml"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The text as it is written after reading; NULL when it cannot be read. */
static char *
read_and_write(const struct conf_schema *schema, const char *text, size_t len)
{
    struct diags diags = { 0 };
    struct buf written = BUF_INIT(0);
    void *object = xcalloc(1, schema->size);
    char *out = NULL;
    bool ok = conf_read_text(schema, PATH, text, len, object, &diags);

    if (ok != (diags.errors == 0))
        abort();
    if (ok) {
        conf_write(schema, object, &written);
        out = buf_take(&written);
    }
    conf_free(schema, object);
    free(object);
    diags_fini(&diags);
    return out;
}

/* A required key may be an empty list or wait for variables: neither is
   written, and then it is missed when the text is read again. */
static void
check_written(const struct conf_schema *schema, const char *text, size_t len)
{
    char *once = read_and_write(schema, text, len), *twice = NULL;

    if (once != NULL)
        twice = read_and_write(schema, once, strlen(once));
    if (twice != NULL && strcmp(once, twice) != 0)
        abort();
    free(once);
    free(twice);
}

static void
check_covers(const struct arrangement *arrangement, int cols, int rows)
{
    char *cells = xcalloc((size_t)cols * (size_t)rows, 1);
    int covered = 0;

    for (size_t i = 0; i < arrangement->len; i++) {
        const struct arranged *item = &arrangement->items[i];

        for (int r = item->row; r < item->row + item->rows; r++)
            for (int c = item->col; c < item->col + item->cols; c++)
                if (r < 0 || c < 0 || r >= rows || c >= cols ||
                    cells[r * cols + c]++ != 0)
                    abort();
        covered += item->rows * item->cols;
    }
    if (arrangement->len > 0 && covered != cols * rows)
        abort();
    free(cells);
}

static void
check_layout(const char *text, size_t len)
{
    static const char *const consoles[] = { "host-testpmd", "backup-testpmd",
                                            "host-shell", "tester-scapy" };
    static const int sizes[][2] = {
        { 1, 1 }, { 3, 4 }, { 80, 23 }, { 200, 49 }
    };
    struct diags diags = { 0 };
    struct layout *layout = layout_load_text(PATH, text, len, &diags);
    struct arrangement *arrangement;

    if ((layout != NULL) != (diags.errors == 0))
        abort();
    diags_fini(&diags);
    if (layout == NULL)
        return;
    arrangement = arrange(layout, consoles, ARRAY_LEN(consoles), 1, 1);
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        arrangement_resize(arrangement, sizes[i][0], sizes[i][1]);
        check_covers(arrangement, sizes[i][0], sizes[i][1]);
        if (arrangement->len > 0 &&
            arrangement_grow(arrangement, i % arrangement->len, i % 2, 3))
            check_covers(arrangement, sizes[i][0], sizes[i][1]);
    }
    arrangement_free(arrangement);
    layout_free(layout);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct conf_schema *const schemas[] = {
        &layout_schema, &pane_schema,  &panes_schema,
        &lab_schema,    &tcase_schema, &symptom_schema,
    };
    char *text = xmalloc(size + 1);

    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(schemas); i++)
        check_written(schemas[i], text, size);
    check_layout(text, size);
    free(text);
    return 0;
}
