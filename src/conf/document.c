/*
 * document.c - YAML files into structs: the text, its document, its root.
 *
 * libfyaml keeps the text of scalars as written (0333 stays 0333), refuses
 * duplicate keys and knows each token's place. Anchors and aliases are
 * refused: no file here needs them, and they can grow without bound.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "base/xalloc.h"
#include "conf/read-priv.h"

#define FILE_MAX (1u << 20) /* bytes; the largest shipped file has 20 KB */

/* What libfyaml found wrong before there was a document. */
static void
take_syntax_errors(struct reader *reader, struct fy_diag *diag)
{
    struct fy_diag_error *error;
    void *iter = NULL;
    bool any = false;

    while ((error = fy_diag_errors_iterate(diag, &iter)) != NULL) {
        struct place at = { reader->path, (unsigned)MAX(error->line, 1),
                            (unsigned)MAX(error->column, 1) };

        diags_error(reader->diags, &at, "not YAML: %s%s", error->msg,
                    strstr(error->msg, "alias") != NULL
                        ? " (a text that begins with * stands in quotes)"
                        : "");
        any = true;
    }
    if (!any)
        diags_error(reader->diags, &(struct place){ reader->path, 0, 0 },
                    "not YAML: the file is empty or cannot be read as text");
}

/*
 * libfyaml 0.7 reads "%x" and an invalid byte for ever: fy_scan_directive()
 * skips to the end of the line by characters, and never comes past that one
 * (found by fuzz-conf).
 */
static bool
check_utf8(struct reader *reader, const char *text, size_t len)
{
    struct place at = { reader->path, 1, 1 };
    uint32_t rune;
    int n;

    for (size_t i = 0; i < len; i += (size_t)n) {
        n = utf8_decode((const uint8_t *)text + i, len - i, &rune);
        if (n <= 0) {
            diags_error(reader->diags, &at,
                        "not UTF-8: byte 0x%02x cannot stand here",
                        (uint8_t)text[i]);
            return false;
        }
        at.column++;
        if (rune == '\n') {
            at.line++;
            at.column = 1;
        }
    }
    return true;
}

/*
 * Build the document and give its root to read(); the root is read either as
 * one struct or, with as_list, as a list of them.
 */
static bool
read_document(const struct conf_schema *schema, const char *path,
              const char *text, size_t len, bool as_list, void *out,
              struct diags *diags)
{
    const struct conf_key list = { .name = "file", .of = schema };
    const struct place start = { path, 1, 1 };
    struct reader reader = { path, diags, 0 };
    struct fy_diag_cfg diag_cfg;
    struct fy_diag *diag;
    struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET };
    struct fy_document *doc;
    bool ok = false;

    if (!check_utf8(&reader, text, len))
        return false;
    fy_diag_cfg_default(&diag_cfg);
    diag_cfg.fp = NULL;
    diag_cfg.level = FYET_ERROR;
    diag = fy_diag_create(&diag_cfg);
    if (diag == NULL)
        xalloc_die();
    fy_diag_set_collect_errors(diag, true);
    cfg.diag = diag;
    doc = fy_document_build_from_string(&cfg, text, len);
    if (doc == NULL || fy_document_root(doc) == NULL)
        take_syntax_errors(&reader, diag);
    else if (as_list)
        ok = node_list(&reader, &list, fy_document_root(doc), start, out);
    else
        ok = node_mapping(&reader, schema, fy_document_root(doc), start, out);
    fy_document_destroy(doc);
    fy_diag_destroy(diag);
    return ok;
}

bool
conf_read_text(const struct conf_schema *schema, const char *path,
               const char *text, size_t len, void *out, struct diags *diags)
{
    return read_document(schema, path, text, len, false, out, diags);
}

/* The whole file, into text; false when it cannot be had. */
static bool
slurp(const char *path, struct buf *text, struct diags *diags)
{
    struct place at = { path, 0, 0 };
    FILE *file = fopen(path, "re");
    char piece[4096];
    size_t n;
    bool ok = true;

    if (file == NULL) {
        diags_error(diags, &at, "cannot open it: %m");
        return false;
    }
    while (ok && (n = fread(piece, 1, sizeof piece, file)) > 0)
        ok = buf_add(text, piece, n);
    if (!ok)
        diags_error(diags, &at, "larger than %u bytes", FILE_MAX);
    else if (ferror(file)) {
        diags_error(diags, &at, "cannot read it: %m");
        ok = false;
    }
    fclose(file);
    return ok;
}

static bool
read_file(const struct conf_schema *schema, const char *path, bool as_list,
          void *out, struct diags *diags)
{
    struct buf text = BUF_INIT(FILE_MAX);
    bool ok = slurp(path, &text, diags) &&
              read_document(schema, path, buf_text(&text), text.len, as_list,
                            out, diags);

    buf_fini(&text);
    return ok;
}

bool
conf_read_file(const struct conf_schema *schema, const char *path, void *out,
               struct diags *diags)
{
    return read_file(schema, path, false, out, diags);
}

bool
conf_read_list(const struct conf_schema *schema, const char *path,
               struct conf_list *out, struct diags *diags)
{
    return read_file(schema, path, true, out, diags);
}
