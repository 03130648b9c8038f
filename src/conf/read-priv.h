/*
 * read-priv.h - what reads a document shares: where it is, whom it tells.
 *
 * Each node_*() puts a node's value into *out and returns true, or tells
 * what was expected there, and why this is not it, and returns false. What is
 * in *out then is freed with the object that it belongs to.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CONF_READ_PRIV_H
#define CONF_READ_PRIV_H

#include <libfyaml.h>

#include "conf/conf.h"

struct reader {
    const char *path;
    struct diags *diags;
    unsigned depth; /* of the mapping being read */
};

/* Where a node stands; what has no token of its own stands at its parent. */
struct place node_place(struct reader *reader, struct fy_node *node,
                        struct place parent);

/* "KEY: expected WANT, found ..."; false. */
bool node_wrong_type(struct reader *reader, struct place at, const char *key,
                     const char *want, struct fy_node *node);

/* A plain scalar as a string of the caller's, or NULL and a diagnostic. */
char *node_scalar(struct reader *reader, const char *key, const char *want,
                  struct fy_node *node, struct place at);

bool node_text(struct reader *reader, const char *key, struct fy_node *node,
               struct place at, struct conf_text *out);
bool node_name(struct reader *reader, const char *key, struct fy_node *node,
               struct place at, struct conf_text *out);
bool node_texts(struct reader *reader, const char *key, struct fy_node *node,
                struct place at, struct conf_texts *out);
bool node_pairs(struct reader *reader, const char *key, struct fy_node *node,
                struct place at, struct conf_pairs *out);
bool node_bool(struct reader *reader, const char *key, struct fy_node *node,
               struct place at, struct conf_bool *out);
/* A number or a time; one with variables in it waits for conf_settle(). */
bool node_number(struct reader *reader, const struct conf_key *key,
                 struct fy_node *node, struct place at, struct conf_uint *out);
bool node_size(struct reader *reader, const struct conf_key *key,
               struct fy_node *node, struct place at, struct conf_size *out);
bool node_enum(struct reader *reader, const struct conf_key *key,
               struct fy_node *node, struct place at, struct conf_uint *out);

/* A struct by its schema, and a list of them. */
bool node_mapping(struct reader *reader, const struct conf_schema *schema,
                  struct fy_node *node, struct place at, void *object);
bool node_list(struct reader *reader, const struct conf_key *key,
               struct fy_node *node, struct place at, struct conf_list *out);

/* The known word most like text, if it is alike at all. */
struct nearest {
    const char *word;
    unsigned distance;
};
#define NEAREST_INIT                                                           \
    {                                                                          \
        NULL, 9                                                                \
    }
void nearest_try(struct nearest *nearest, const char *text, const char *word);

#endif
