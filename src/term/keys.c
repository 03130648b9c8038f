/*
 * keys.c - key names as people write them, and the bytes that stand for them.
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
        found |= *at == 'S' ? KEYS_SHIFT : *at == 'M' ? KEYS_ALT : KEYS_CONTROL;
        *name += 2;
    }
    return found;
}

/* 0: no byte has these modifiers. */
static int
form_literal(char *out, char code, unsigned modifiers)
{
    int len = 0;

    if (modifiers & ~(unsigned)KEYS_ALT) {
        if (code != ' ' || (modifiers & ~(unsigned)KEYS_ALT) != KEYS_CONTROL)
            return 0;
        code = '\0'; /* C-Space is the one of these that has a byte */
    }
    if (modifiers & KEYS_ALT)
        out[len++] = '\033';
    out[len++] = code;
    return len;
}

/* Write a key's bytes, at most size; returns how many, 0: there are none. */
static int
form_key(const struct key *key, unsigned modifiers,
         const struct term_modes *modes, char *out, size_t size)
{
    switch (key->form) {
    case KEY_LITERAL:
        if (key->code == '\t' && modifiers == KEYS_SHIFT)
            return snprintf(out, size, "\033[Z");
        return form_literal(out, key->code, modifiers);
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
        return form_literal(out, key->code, modifiers);
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
    if (rune < 0x20 || (rune >= 0x7F && rune < 0xA0) || modifiers & KEYS_SHIFT)
        return 0;
    if (modifiers & KEYS_ALT)
        out[n++] = '\033';
    if (!(modifiers & KEYS_CONTROL)) {
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
    unsigned modifiers = take_modifiers(&base);
    const struct key *key = find_key(base);
    char bytes[16];
    int len;

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

/* Other terminals' bytes for keys that xterm has other bytes for. */
static const struct alias {
    char final;
    unsigned number;
    const char *name;
} aliases[] = {
    /* The Linux console, screen and rxvt. */
    { '~', 1, "Home" }, { '~', 4, "End" }, { '~', 7, "Home" },
    { '~', 8, "End" },  { '~', 11, "F1" }, { '~', 12, "F2" },
    { '~', 13, "F3" },  { '~', 14, "F4" },
};

static bool
is_sequence_of(const struct key *key, const struct key_sequence *sequence)
{
    switch (key->form) {
    case KEY_CURSOR:
    case KEY_FUNCTION:
        return sequence->final == key->code && sequence->number <= 1;
    case KEY_TILDE:
        return sequence->final == '~' && sequence->intro == '[' &&
               sequence->number == (unsigned)key->number;
    case KEY_KEYPAD:
        return sequence->intro == 'O' && sequence->final == key->number;
    case KEY_LITERAL:
        return false;
    }
    return false;
}

static const struct key *
find_sequence(const struct key_sequence *sequence)
{
    for (size_t i = 0; i < ARRAY_LEN(key_names); i++)
        if (is_sequence_of(&key_names[i], sequence))
            return &key_names[i];
    for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
        if (sequence->intro == '[' && sequence->final == aliases[i].final &&
            sequence->number == aliases[i].number)
            return find_key(aliases[i].name);
    return NULL;
}

/* The name with its modifiers, if it has bytes. */
static bool
name_key(const struct key *key, const char *base, unsigned modifiers,
         char name[KEYS_NAME_SIZE])
{
    static const struct term_modes modes = { 0 };
    char bytes[16];
    int len;

    if (modifiers & KEYS_META) /* the same key, by its older name */
        modifiers = (modifiers & ~(unsigned)KEYS_META) | KEYS_ALT;
    len = key != NULL ? form_key(key, modifiers, &modes, bytes, sizeof bytes)
                      : form_character(base, modifiers, bytes);
    if (len == 0)
        return false;
    snprintf(name, KEYS_NAME_SIZE, "%s%s%s%s",
             modifiers & KEYS_CONTROL ? "C-" : "",
             modifiers & KEYS_ALT ? "M-" : "",
             modifiers & KEYS_SHIFT ? "S-" : "", base);
    return true;
}

bool
keys_name_sequence(const struct key_sequence *sequence,
                   char name[KEYS_NAME_SIZE])
{
    const struct key *key = find_sequence(sequence);
    unsigned modifiers = sequence->modifiers;

    if (key == NULL && sequence->final == 'Z' && sequence->intro == '[') {
        key = find_key("Tab");
        modifiers = KEYS_SHIFT; /* xterm sends others in no other way */
    }
    return key != NULL && name_key(key, key->name, modifiers, name);
}

bool
keys_name_rune(uint32_t rune, unsigned modifiers, char name[KEYS_NAME_SIZE])
{
    char text[UTF8_MAX + 1] = { 0 };

    for (size_t i = 0; i < ARRAY_LEN(key_names); i++)
        if (key_names[i].form == KEY_LITERAL &&
            (uint32_t)key_names[i].code == rune)
            return name_key(&key_names[i], key_names[i].name, modifiers, name);
    if (rune > 0x10FFFF)
        return false;
    if (rune == 0)
        return keys_name_rune(' ', modifiers | KEYS_CONTROL, name);
    if (rune < 0x20) { /* C-a is written small, what is no letter as it is */
        rune |= rune <= 'z' - 0x60 ? 0x60 : 0x40;
        modifiers |= KEYS_CONTROL;
    }
    utf8_encode(rune, (uint8_t *)text);
    return name_key(NULL, text, modifiers, name);
}
