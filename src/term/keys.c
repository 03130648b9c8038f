/*
 * keys.c - key names as people write them, and the bytes a program expects.
 *
 * The bytes are those of xterm's ctlseqs.txt: modifiers of special keys are a
 * parameter, 1 + shift 1 + alt 2 + control 4; with characters alt is an ESC
 * before, and control takes the three upper bits away.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

enum { MOD_SHIFT = 1, MOD_ALT = 2, MOD_CONTROL = 4 };

enum key_form {
    KEY_LITERAL,  /* .code; alt puts an ESC before it */
    KEY_CURSOR,   /* ESC [ code, in application mode ESC O code */
    KEY_FUNCTION, /* ESC O code */
    KEY_TILDE,    /* ESC [ number ~ */
    KEY_KEYPAD,   /* .code; in application mode ESC O number */
};

static const struct key {
    const char *name;
    enum key_form form;
    char code;
    int number;
} key_names[] = {
    { "Enter", KEY_LITERAL, '\r' },
    { "Tab", KEY_LITERAL, '\t' },
    { "Esc", KEY_LITERAL, '\033' },
    { "Space", KEY_LITERAL, ' ' },
    { "BSpace", KEY_LITERAL, '\177' },
    { "C-Space", KEY_LITERAL, '\0' },
    { "Up", KEY_CURSOR, 'A' },
    { "Down", KEY_CURSOR, 'B' },
    { "Right", KEY_CURSOR, 'C' },
    { "Left", KEY_CURSOR, 'D' },
    { "Home", KEY_CURSOR, 'H' },
    { "End", KEY_CURSOR, 'F' },
    { "Insert", KEY_TILDE, .number = 2 },
    { "Delete", KEY_TILDE, .number = 3 },
    { "PageUp", KEY_TILDE, .number = 5 },
    { "PageDown", KEY_TILDE, .number = 6 },
    { "F1", KEY_FUNCTION, 'P' },
    { "F2", KEY_FUNCTION, 'Q' },
    { "F3", KEY_FUNCTION, 'R' },
    { "F4", KEY_FUNCTION, 'S' },
    { "F5", KEY_TILDE, .number = 15 },
    { "F6", KEY_TILDE, .number = 17 },
    { "F7", KEY_TILDE, .number = 18 },
    { "F8", KEY_TILDE, .number = 19 },
    { "F9", KEY_TILDE, .number = 20 },
    { "F10", KEY_TILDE, .number = 21 },
    { "F11", KEY_TILDE, .number = 23 },
    { "F12", KEY_TILDE, .number = 24 },
    { "KP0", KEY_KEYPAD, '0', 'p' },
    { "KP1", KEY_KEYPAD, '1', 'q' },
    { "KP2", KEY_KEYPAD, '2', 'r' },
    { "KP3", KEY_KEYPAD, '3', 's' },
    { "KP4", KEY_KEYPAD, '4', 't' },
    { "KP5", KEY_KEYPAD, '5', 'u' },
    { "KP6", KEY_KEYPAD, '6', 'v' },
    { "KP7", KEY_KEYPAD, '7', 'w' },
    { "KP8", KEY_KEYPAD, '8', 'x' },
    { "KP9", KEY_KEYPAD, '9', 'y' },
    { "KP*", KEY_KEYPAD, '*', 'j' },
    { "KP+", KEY_KEYPAD, '+', 'k' },
    { "KP-", KEY_KEYPAD, '-', 'm' },
    { "KP.", KEY_KEYPAD, '.', 'n' },
    { "KP/", KEY_KEYPAD, '/', 'o' },
    { "KPEnter", KEY_KEYPAD, '\r', 'M' },
};

static const struct key *
find_key(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(key_names); i++)
        if (strcmp(key_names[i].name, name) == 0)
            return &key_names[i];
    return NULL;
}

/* Pass the modifiers that name begins with, and add them up. */
static unsigned
take_modifiers(const char **name)
{
    unsigned found = 0;

    while ((*name)[0] != '\0' && (*name)[1] == '-' && (*name)[2] != '\0') {
        const char *at = strchr("SMC", (*name)[0]);

        if (at == NULL)
            break;
        found |= *at == 'S' ? MOD_SHIFT : *at == 'M' ? MOD_ALT : MOD_CONTROL;
        *name += 2;
    }
    return found;
}

static int
form_literal(char *out, char code, unsigned modifiers)
{
    int len = 0;

    if (modifiers & MOD_ALT)
        out[len++] = '\033';
    out[len++] = code;
    return len;
}

/* Write a key's bytes, at most size; returns how many, 0: there are none. */
static int
form_key(const struct key *key, unsigned modifiers,
         const struct term_modes *modes, char *out, size_t size)
{
    bool only_alt = (modifiers & ~(unsigned)MOD_ALT) == 0;

    switch (key->form) {
    case KEY_LITERAL:
        if (key->code == '\t' && modifiers == MOD_SHIFT)
            return snprintf(out, size, "\033[Z");
        return only_alt ? form_literal(out, key->code, modifiers) : 0;
    case KEY_CURSOR:
    case KEY_FUNCTION:
        if (modifiers != 0)
            return snprintf(out, size, "\033[1;%u%c", 1 + modifiers, key->code);
        if (key->form == KEY_FUNCTION || modes->application_cursor)
            return snprintf(out, size, "\033O%c", key->code);
        return snprintf(out, size, "\033[%c", key->code);
    case KEY_TILDE:
        if (modifiers != 0)
            return snprintf(out, size, "\033[%d;%u~", key->number,
                            1 + modifiers);
        return snprintf(out, size, "\033[%d~", key->number);
    case KEY_KEYPAD:
        if (modes->application_keypad && modifiers == 0)
            return snprintf(out, size, "\033O%c", key->number);
        return only_alt ? form_literal(out, key->code, modifiers) : 0;
    }
    return 0;
}

/* One printable character with modifiers; 0: it is none, or has no bytes. */
static int
form_character(const char *text, unsigned modifiers, char *out)
{
    uint32_t rune;
    size_t len = strlen(text);
    int n = 0;

    if (len > UTF8_MAX ||
        utf8_decode((const uint8_t *)text, len, &rune) != (int)len)
        return 0;
    if (rune < 0x20 || (rune >= 0x7F && rune < 0xA0) || modifiers & MOD_SHIFT)
        return 0;
    if (modifiers & MOD_ALT)
        out[n++] = '\033';
    if (!(modifiers & MOD_CONTROL)) {
        memcpy(out + n, text, len);
        return n + (int)len;
    }
    if (rune >= 'a' && rune <= 'z')
        rune -= 'a' - 'A';
    if (rune != '?' && (rune < '@' || rune > '_'))
        return 0;
    out[n++] = rune == '?' ? '\177' : (char)(rune & 0x1F);
    return n;
}

static bool
encode_word(const char *word, const struct term_modes *modes, struct buf *out,
            struct err *err)
{
    const char *base = word;
    const struct key *key = find_key(word);
    unsigned modifiers = 0;
    char bytes[16];
    int len;

    if (key == NULL) {
        modifiers = take_modifiers(&base);
        key = find_key(base);
    }
    len = key != NULL ? form_key(key, modifiers, modes, bytes, sizeof bytes)
                      : form_character(base, modifiers, bytes);
    if (len == 0)
        return err_set(err, ERR_SYNTAX,
                       "'%s' is no key; a key is a character, or a name like "
                       "Enter, C-a, M-x, Up, F5",
                       word);
    if (!buf_add(out, bytes, (size_t)len))
        return err_set(err, ERR_LIMIT, "too many keys at once");
    return true;
}

bool
keys_encode(const char *names, const struct term_modes *modes, struct buf *out,
            struct err *err)
{
    size_t start = out->len;
    char word[32];
    bool ok = true;

    while (ok && *(names += strspn(names, " ")) != '\0') {
        size_t len = strcspn(names, " ");

        snprintf(word, sizeof word, "%.*s", (int)MIN(len, sizeof word), names);
        ok = encode_word(word, modes, out, err);
        names += len;
    }
    if (ok && out->len == start)
        ok = err_set(err, ERR_SYNTAX, "there is no key to send");
    if (!ok && out->len > start) {
        out->len = start; /* all or none */
        out->bytes[start] = '\0';
    }
    return ok;
}
