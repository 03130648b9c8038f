/*
 * conf.h - YAML files into structs, by tables that say what may stand there.
 *
 * A schema is a list of keys, each with its type, place in the struct and one
 * line of help; the man pages list the same tables. Reading does not stop at
 * a mistake: each is a diagnostic with file, line, column and what would be
 * right, and what is wrong is left as it was (zero).
 *
 * Structs start zeroed. Every string in them is a conf_text, which knows where
 * it stands, so that later stages (variables, patterns) can complain there.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/macros.h"

/* A string and where it was written. text NULL: the key is not there. */
struct conf_text {
    char *text;
    struct place at;
};

/* A list of strings; a lone scalar in the file is a list of one. */
struct conf_texts {
    struct conf_text *items;
    size_t len, cap;
    struct place at; /* of the list; line 0: the key is not there */
};

/* name: value pairs with free names, in the file's order. */
struct conf_pair {
    struct conf_text name;
    struct conf_texts values; /* one, or a list in brackets */
};
struct conf_pairs {
    struct conf_pair *items;
    size_t len, cap;
    struct place at;
};

/* A list of structs; the element type is the schema's. */
struct conf_list {
    void *items; /* len structs of schema->size bytes each */
    size_t len, cap;
    struct place at;
};

enum conf_type {
    CONF_TEXT,     /* struct conf_text */
    CONF_NAME,     /* struct conf_text: a name, see CONF_NAME_MAX */
    CONF_TEXTS,    /* struct conf_texts */
    CONF_BOOL,     /* struct conf_bool: yes, no, true, false */
    CONF_UINT,     /* struct conf_uint: a number within min and max */
    CONF_DURATION, /* struct conf_uint in ms: "500 ms", "3 s", "2 min" */
    CONF_SIZE,     /* struct conf_size: "132x50" */
    CONF_ENUM,     /* struct conf_uint: an index into words */
    CONF_PAIRS,    /* struct conf_pairs */
    CONF_STRUCT,   /* the struct of schema `of`, in place */
    CONF_LIST,     /* struct conf_list of schema `of` */
    CONF_NAMED,    /* struct conf_list of `of`: a mapping, name to struct; the
                      struct's first member is a conf_text that gets the name,
                      which is one as in CONF_NAME */
    CONF_TYPES
};

struct conf_bool {
    bool value, given;
};
struct conf_uint {
    uint64_t value;
    bool given;
    struct place at;
    struct conf_text pending; /* as written, until its variables are known */
};
struct conf_size {
    uint16_t cols, rows; /* 0: not given */
    struct place at;
};

/*
 * A name goes into file names, environments and shells' words, so it is made
 * of a-z, 0-9 and -, does not begin with -, and has at most so many bytes.
 */
#define CONF_NAME_MAX 40

enum { CONF_REQUIRED = 1 };

struct conf_schema;

/* One key that may stand in a mapping. */
struct conf_key {
    const char *name;
    enum conf_type type;
    size_t offset;                /* in the struct */
    unsigned flags;               /* CONF_REQUIRED */
    const char *value;            /* for the man page: "PATTERN", "TIME" */
    const char *help;             /* one sentence, for the man page */
    const struct conf_schema *of; /* CONF_STRUCT, CONF_LIST, CONF_NAMED */
    const char *const *words;     /* CONF_ENUM, NULL-ended */
    uint64_t min, max;            /* CONF_UINT, CONF_DURATION; max 0: none */
};

/*
 * What a mapping may hold. Where the struct has several forms (an action is
 * sent, polled, ...), pick() chooses the schema of one form by the keys that
 * are there; all forms share size and layout.
 */
struct conf_schema {
    const char *name; /* of the thing: "step"; in messages and man pages */
    size_t size;      /* of the struct, bytes */
    const struct conf_key *keys;
    size_t keys_len;
    const struct conf_schema *base; /* whose keys may stand there too */
    /* Offset of a struct place that gets the mapping's place; 0: none. */
    size_t place_offset;
    /* Forms, NULL-ended; the first whose first key is there is taken. */
    const struct conf_schema *const *forms;
    size_t form_offset; /* of a const struct conf_schema *: the one taken */
};

/*
 * Read the file at path into *out, a zeroed struct of the schema. False when
 * there was an error, which is in diags; conf_free() is right in both cases.
 * path is kept by reference in every place: it must live as long.
 */
bool conf_read_file(const struct conf_schema *schema, const char *path,
                    void *out, struct diags *diags) NONNULL(1, 2, 3, 4);

/* The same for len bytes of text, which diagnostics call path. */
bool conf_read_text(const struct conf_schema *schema, const char *path,
                    const char *text, size_t len, void *out,
                    struct diags *diags) NONNULL(1, 2, 3, 5, 6);

/* Free what a struct of the schema holds; the struct is zeroed. */
void conf_free(const struct conf_schema *schema, void *object) NONNULL(1, 2);

/* Write the struct as YAML that reads back equal. */
void conf_write(const struct conf_schema *schema, const void *object,
                struct buf *out) NONNULL(1, 2, 3);

/* Read a file whose root is a list of the schema's structs. */
bool conf_read_list(const struct conf_schema *schema, const char *path,
                    struct conf_list *out, struct diags *diags)
    NONNULL(1, 2, 3, 4);

/*
 * Give every string in the struct to call(), which may replace its text:
 * how variables are resolved in a whole file.
 */
void conf_each_text(const struct conf_schema *schema, void *object,
                    void (*call)(void *ctx, struct conf_text *text), void *ctx)
    NONNULL(1, 2, 3);

/*
 * Read what was pending because of its variables, once these are resolved;
 * false when something is no number or time, which is in diags then.
 */
bool conf_settle(const struct conf_schema *schema, void *object,
                 struct diags *diags) NONNULL(1, 2, 3);

/* Make to, zeroed, an equal struct that shares nothing with from. */
void conf_copy(const struct conf_schema *schema, const void *from, void *to)
    NONNULL(1, 2, 3);

/*
 * The schema whose keys describe the object: the form it was read as, or the
 * schema itself; NULL when no form was recognised.
 */
const struct conf_schema *conf_form(const struct conf_schema *schema,
                                    const void *object) NONNULL(1, 2);

/*
 * The items joined by single blanks; those that are empty vanish, so that a
 * variable may leave no trace in a command. The result is yours.
 */
char *conf_join(const struct conf_texts *texts) MUST_CHECK NONNULL(1);

/* Room for one more struct at the end of a list; zeroed, borrowed. */
void *conf_list_add(struct conf_list *list, size_t size) NONNULL(1);

/* "500 ms", "1.5 s", "2 min" in milliseconds; the unit is required. */
bool conf_parse_duration(const char *text, uint64_t *ms) MUST_CHECK
    NONNULL(1, 2);

#endif
