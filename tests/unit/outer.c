/* outer.c - whether bytes for the terminal that miglab runs on are miglab's. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/outer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"

enum { CAN = 0x18, ESC = 0x1B, DEL = 0x7F };

/* Cursor, erase, insert, delete, scroll: at most two plain numbers. */
static const char moves[] = "@ABCDGHJKLMPSTXbdr";

/* What tty.c and terminfo's civis, cnorm, smir and the like switch. */
static const char *const modes[] = {
    "4h",      "4l",     "34h",    "34l",    "?1h",    "?1l",    "?7h",
    "?7l",     "?12h",   "?12l",   "?25h",   "?25l",   "?0c",    "?1c",
    "?12;25h", "?1000h", "?1000l", "?1002h", "?1002l", "?1003l", "?1006h",
    "?1006l",  "?1049h", "?1049l", "?2004h", "?2004l", "?2026l",
};

/* Behind an ESC: graphic sets, reverse linefeed, keypad; 7 and 8 around
 * margins, which move the cursor. */
static const char *const escapes[] = { "(B", "(0", ")0", ")B", "7",
                                       "8",  "M",  "=",  ">" };

static void
complain(struct outer *outer, const char *what)
{
    size_t len = 0;
    char shown[OUTER_SEQUENCE_MAX + 1];

    if (outer->wrong[0] != '\0')
        return;
    for (; len < outer->seen_len; len++)
        shown[len] = outer->seen[len] >= ' ' && outer->seen[len] < DEL
                         ? outer->seen[len]
                         : '.';
    shown[len] = '\0';
    snprintf(outer->wrong, sizeof outer->wrong, "byte %" PRIu64 ": %s \"%s\"",
             outer->bytes, what, shown);
}

/* Not ours, unless it is not us who write. */
static void
refuse(struct outer *outer, const char *what)
{
    if (!outer->shared || outer->taken)
        complain(outer, what);
}

static bool
is_one_of(const char *text, const char *const *words, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (strcmp(text, words[i]) == 0)
            return true;
    return false;
}

/* Numbers of up to four digits between separators, at most so many. */
static bool
are_numbers(const char *text, size_t len, const char *separators, int most)
{
    int numbers = 1, digits = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] >= '0' && text[i] <= '9') {
            if (++digits > 4)
                return false;
        } else if (strchr(separators, text[i]) != NULL) {
            digits = 0;
            numbers++;
        } else {
            return false;
        }
    }
    return numbers <= most;
}

static bool
is_our_csi(const char *text)
{
    size_t params = strlen(text) - 1;
    char final = text[params];

    if (final == 'm')
        return are_numbers(text, params, ";:", 16);
    if (strchr(moves, final) != NULL && are_numbers(text, params, ";", 2))
        return true;
    return is_one_of(text, modes, ARRAY_LEN(modes));
}

static void
end_csi(struct outer *outer)
{
    outer->state = OUTER_GROUND;
    outer->seen[outer->seen_len] = '\0';
    outer->sequences++;
    if (strcmp(outer->seen, "?1049h") == 0) {
        outer->taken = true;
        outer->takes++;
    }
    /* Before and behind the screen it is lines, coloured at most. */
    if (!is_our_csi(outer->seen) ||
        (!outer->taken && outer->seen[outer->seen_len - 1] != 'm'))
        refuse(outer, "no sequence of ours: ESC [");
    if (strcmp(outer->seen, "?1049l") == 0)
        outer->taken = false;
}

static void
on_csi(struct outer *outer, uint8_t byte)
{
    if (byte < ' ' || byte >= DEL) {
        refuse(outer, "a control in a sequence: ESC [");
        outer->state = OUTER_GROUND;
        return;
    }
    if (outer->seen_len + 1 == OUTER_SEQUENCE_MAX) {
        refuse(outer, "an endless sequence: ESC [");
        outer->seen_len--;
    }
    outer->seen[outer->seen_len++] = (char)byte;
    if (byte >= '@')
        end_csi(outer);
}

static void
end_escape(struct outer *outer, uint8_t byte)
{
    char text[3] = { (char)byte };

    outer->state = OUTER_GROUND;
    outer->sequences++;
    if (outer->inter != 0) {
        text[0] = outer->inter;
        text[1] = (char)byte;
    }
    memcpy(outer->seen, text, 2);
    outer->seen_len = strlen(text);
    if (strcmp(text, "\\") == 0 && outer->cancelled)
        return; /* tty.c ends what may have been cut */
    if (!outer->taken || !is_one_of(text, escapes, ARRAY_LEN(escapes)))
        refuse(outer, "no sequence of ours: ESC");
}

static void
on_escape(struct outer *outer, uint8_t byte)
{
    if (byte == '[') {
        outer->state = OUTER_CSI;
        outer->seen_len = 0;
    } else if (outer->state == OUTER_ESCAPE && (byte == '(' || byte == ')')) {
        outer->state = OUTER_INTER;
        outer->inter = (char)byte;
    } else {
        end_escape(outer, byte);
    }
}

/* Left-to-right and right-to-left marks, embeddings, overrides, isolates. */
static bool
turns_direction(uint32_t rune)
{
    return rune == 0x061C || rune == 0x200E || rune == 0x200F ||
           (rune >= 0x202A && rune <= 0x202E) ||
           (rune >= 0x2066 && rune <= 0x2069);
}

static void
on_rune(struct outer *outer, uint8_t byte)
{
    if ((byte & 0xC0) != 0x80) {
        refuse(outer, "a character that is cut");
        outer->state = OUTER_GROUND;
        return;
    }
    outer->rune = outer->rune << 6 | (byte & 0x3F);
    if (--outer->rest > 0)
        return;
    outer->state = OUTER_GROUND;
    outer->runes++;
    if (outer->rune < 0xA0)
        refuse(outer, "a control as UTF-8");
    else if (turns_direction(outer->rune))
        refuse(outer, "a character that turns the direction of others");
    else if (outer->rune == 0x2028 || outer->rune == 0x2029)
        refuse(outer, "a separator of lines");
}

static void
begin_rune(struct outer *outer, uint8_t byte)
{
    outer->rest = byte >= 0xF0 ? 3 : byte >= 0xE0 ? 2 : 1;
    outer->rune = byte & (0x3F >> outer->rest);
    outer->state = OUTER_RUNE;
    if (byte < 0xC2 || byte > 0xF4) {
        refuse(outer, "no UTF-8");
        outer->state = OUTER_GROUND;
    }
}

static void
on_ground(struct outer *outer, uint8_t byte)
{
    static const char controls[] = "\b\t\n\r\016\017";

    outer->seen_len = 0;
    if (byte >= 0x80)
        begin_rune(outer, byte);
    else if (byte < ' ' && (byte == 0 || strchr(controls, byte) == NULL))
        refuse(outer, byte == '\a' ? "a bell" : "a control");
    else if (byte == DEL)
        refuse(outer, "DEL");
}

void
outer_init(struct outer *outer, bool shared)
{
    *outer = (struct outer){ .shared = shared };
}

static void
step(struct outer *outer, uint8_t byte)
{
    outer->bytes++;
    /* A frame may be cut anywhere: an ESC begins anew, and CAN ends it. */
    if (byte == ESC) {
        outer->state = OUTER_ESCAPE;
        outer->inter = 0;
        return;
    }
    if (byte == CAN && outer->taken) {
        outer->state = OUTER_GROUND;
        outer->cancelled = true;
        return;
    }
    switch (outer->state) {
    case OUTER_GROUND:
        on_ground(outer, byte);
        break;
    case OUTER_ESCAPE:
    case OUTER_INTER:
        on_escape(outer, byte);
        break;
    case OUTER_CSI:
        on_csi(outer, byte);
        break;
    case OUTER_RUNE:
        on_rune(outer, byte);
        break;
    }
    if (outer->state == OUTER_GROUND)
        outer->cancelled = false;
}

void
outer_feed(struct outer *outer, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        step(outer, ((const uint8_t *)bytes)[i]);
}

void
outer_feed_asked(struct outer *outer, const void *bytes, size_t len)
{
    static const char question[] = OUTER_QUESTION;
    const char *text = bytes;

    for (size_t i = 0; i < len; i++) {
        if (text[i] != question[outer->asked]) {
            outer_feed(outer, question, outer->asked);
            outer->asked = 0;
        }
        if (text[i] != question[outer->asked])
            outer_feed(outer, &text[i], 1);
        else if (++outer->asked == strlen(question))
            outer->asked = 0;
    }
}
