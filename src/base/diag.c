/* diag.c - collect and print what is wrong in files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"

static void
add(struct diags *diags, enum diag_level level, const struct place *at,
    char *text)
{
    struct diag *diag;

    if (level == DIAG_ERROR)
        diags->errors++;
    else
        diags->warnings++;
    if (diags->len == DIAGS_MAX) {
        free(text);
        return;
    }
    diags->items =
        xgrow(diags->items, diags->len, &diags->cap, sizeof *diags->items);
    diag = &diags->items[diags->len++];
    *diag = (struct diag){
        .level = level,
        .file = xstrdup(at->file != NULL ? at->file : "-"),
        .line = at->line,
        .column = at->column,
        /* Words of a file are in it: none paints the user's terminal. */
        .text = utf8_plain(text, strlen(text), '?'),
    };
    free(text);
}

void
diags_error(struct diags *diags, const struct place *at, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(diags, DIAG_ERROR, at, xvasprintf(fmt, ap));
    va_end(ap);
}

void
diags_warning(struct diags *diags, const struct place *at, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    add(diags, DIAG_WARNING, at, xvasprintf(fmt, ap));
    va_end(ap);
}

/* The line and a caret below; nothing if the file cannot be read again. */
static void
print_source(const struct diag *diag, FILE *out)
{
    FILE *file = diag->line > 0 ? fopen(diag->file, "re") : NULL;
    char *text = NULL, *plain;
    size_t cap = 0;
    ssize_t len = -1;

    if (file == NULL)
        return;
    for (unsigned line = 0; line < diag->line; line++)
        if ((len = getline(&text, &cap, file)) < 0)
            break;
    if (len > 0) {
        plain = utf8_plain(text, strcspn(text, "\r\n"), ' ');
        fprintf(out, "  %s\n  %*s^\n", plain,
                diag->column > 1 ? (int)diag->column - 1 : 0, "");
        free(plain);
    }
    free(text);
    fclose(file);
}

void
diags_print(const struct diags *diags, FILE *out)
{
    size_t kept = diags->len, all = diags->errors + diags->warnings;

    for (size_t i = 0; i < kept; i++) {
        const struct diag *diag = &diags->items[i];

        fprintf(out, "%s:", diag->file);
        if (diag->line > 0)
            fprintf(out, "%u:%u:", diag->line, diag->column);
        fprintf(out, " %s%s\n", diag->level == DIAG_WARNING ? "warning: " : "",
                diag->text);
        print_source(diag, out);
    }
    if (all > kept)
        fprintf(out, "... and %zu more\n", all - kept);
}

void
diags_fini(struct diags *diags)
{
    for (size_t i = 0; i < diags->len; i++) {
        free(diags->items[i].file);
        free(diags->items[i].text);
    }
    free(diags->items);
    *diags = (struct diags){ 0 };
}
