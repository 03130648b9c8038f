/* json.h - what record.c and journal.c share of jansson; private to them. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef JOURNAL_JSON_H
#define JOURNAL_JSON_H

#include <jansson.h>

#include "journal/record.h"

/*
 * A record is a jansson object under another name: floors above see no
 * jansson. The two casts are in record.c.
 */
json_t *record_json(const struct record *record);
struct record *record_of_json(json_t *json);

#endif
