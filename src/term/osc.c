/*
 * osc.c - what an OSC string says: prompt marks.
 *
 * The form is FinalTerm's, OSC 133 ; LETTER ; fields, as shells of today send
 * it. Fields stand in any order; the status of D is the one that is a number.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/osc.h"

#include <string.h>

#include "base/str.h"

static const char kinds[] = {
    [MARK_PROMPT] = 'A',
    [MARK_INPUT] = 'B',
    [MARK_COMMAND] = 'C',
    [MARK_DONE] = 'D',
};

static int
field_status(const char *field, size_t len)
{
    int status = 0;

    if (len == 0 || len > 3)
        return -1;
    for (size_t i = 0; i < len; i++) {
        if (field[i] < '0' || field[i] > '9')
            return -1;
        status = status * 10 + (field[i] - '0');
    }
    return status;
}

/* "aid=NONCE" or "aid=NONCE-LEVEL". */
static bool
is_our_aid(const char *field, size_t len, const char *nonce, unsigned *level)
{
    size_t nonce_len = strlen(nonce), at = strlen("aid=") + nonce_len;

    if (len < at || !str_starts(field, "aid=") ||
        memcmp(field + strlen("aid="), nonce, nonce_len) != 0)
        return false;
    *level = 0;
    if (len == at)
        return true;
    if (field[at] != '-' || field_status(field + at + 1, len - at - 1) < 0)
        return false;
    *level = (unsigned)field_status(field + at + 1, len - at - 1);
    return true;
}

bool
osc_mark(const char *text, const char *nonce, struct mark_event *mark)
{
    bool known = false;
    const char *kind;

    if (nonce == NULL || !str_starts(text, "133;") || text[4] == '\0')
        return false;
    kind = memchr(kinds, text[4], sizeof kinds);
    if (kind == NULL || (text[5] != ';' && text[5] != '\0'))
        return false;
    mark->kind = (enum mark_kind)(kind - kinds);
    mark->status = -1;
    mark->level = 0;
    for (const char *field = text + 5; *field == ';';) {
        size_t len = strcspn(++field, ";");

        if (is_our_aid(field, len, nonce, &mark->level))
            known = true;
        else if (mark->kind == MARK_DONE && mark->status < 0)
            mark->status = field_status(field, len);
        field += len;
    }
    return known;
}
