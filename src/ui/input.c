/*
 * input.c - bytes of the outer terminal as keys, pastes and mouse events.
 *
 * A machine that takes one byte at a time, so that it cannot matter how the
 * bytes are cut. ncurses' own decoder loses characters that are cut, and the
 * key behind an invalid byte, so it is not used.
 *
 * What the bytes of a sequence mean is term/keys.c's to say; the forms are
 * those of xterm's ctlseqs.txt.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "ui/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "term/keys.h"

/*
 * A sequence arrives in one piece, nearly always; when its end does not come
 * for so long, it is given up, and later keys are keys again. A paste may stall
 * with the network, and what of it came behind its end would be taken as
 * typed: that waits longer.
 */
#define SEQUENCE_US 500000
#define PASTE_US    30000000

enum {
    PARAMS_MAX = 32
}; /* bytes kept of a sequence; longer ones mean nothing */

enum state {
    GROUND,
    ESCAPED,     /* ESC: a key of its own, Alt with the next, or a sequence */
    SEQUENCE,    /* ESC [ or ESC O: up to the final byte */
    CONSOLE_KEY, /* ESC [ [: one more, F1 to F5 of the Linux console */
    OLD_MOUSE,   /* ESC [ M: three more, which mean nothing to us */
    PASTED,      /* ESC [ 200 ~: up to ESC [ 201 ~ */
    STATES
};

struct input {
    void (*event)(void *ctx, const struct input_event *event);
    void *ctx;
    enum state state;
    uint64_t last_us;       /* when the last byte came */
    unsigned alt;           /* KEYS_ALT: an ESC came before this character */
    uint8_t held[UTF8_MAX]; /* of a character that is not whole */
    size_t held_len;
    char intro; /* of a sequence: '[' or 'O' */
    char params[PARAMS_MAX];
    size_t params_len; /* may be more than PARAMS_MAX: then they are no use */
    int left;          /* bytes to come in OLD_MOUSE */
    struct buf paste;
    size_t end_matched; /* bytes of PASTE_END that came last */
    bool cut;
};

#define PASTE_END "\033[201~"

/* How long a state waits for its next byte; 0: for ever. */
static const uint64_t patience_us[STATES] = {
    [ESCAPED] = INPUT_ESC_US,    [SEQUENCE] = SEQUENCE_US,
    [CONSOLE_KEY] = SEQUENCE_US, [OLD_MOUSE] = SEQUENCE_US,
    [PASTED] = PASTE_US,
};

struct input *
input_new(void (*event)(void *ctx, const struct input_event *event), void *ctx)
{
    struct input *input = xcalloc(1, sizeof *input);

    input->event = event;
    input->ctx = ctx;
    buf_init(&input->paste, INPUT_PASTE_MAX);
    return input;
}

void
input_free(struct input *input)
{
    if (input == NULL)
        return;
    buf_fini(&input->paste);
    free(input);
}

static void
send_key(struct input *input, const char *name)
{
    struct input_event event = { .kind = INPUT_KEY };

    snprintf(event.name, sizeof event.name, "%s", name);
    input->event(input->ctx, &event);
}

static void
send_rune(struct input *input, uint32_t rune, unsigned modifiers)
{
    char name[KEYS_NAME_SIZE];

    if (keys_name_rune(rune, modifiers, name))
        send_key(input, name);
}

/* ---- Pastes ---- */

/*
 * In place: what is pasted is text. Controls but tab and line ends, and what
 * is no UTF-8, become '?' and are not dropped: without them, bytes around
 * them could join to a sequence that was not there. Tells whether any did.
 */
static bool
clean_paste(struct buf *paste)
{
    size_t in = 0, out = 0;
    bool cleaned = false;
    char *bytes = paste->bytes;

    while (in < paste->len) {
        uint32_t rune;
        int len = utf8_decode((uint8_t *)bytes + in, paste->len - in, &rune);

        if (len <= 0 || (rune < 0x20 && strchr("\t\r\n", (int)rune) == NULL) ||
            rune == 0 || (rune >= 0x7F && rune < 0xA0)) {
            /* A cut character is the last there is. */
            in = len == 0 ? paste->len : in + (size_t)abs(len);
            bytes[out++] = '?';
            cleaned = true;
        } else {
            memmove(bytes + out, bytes + in, (size_t)len);
            in += (size_t)len;
            out += (size_t)len;
        }
    }
    paste->len = out;
    if (bytes != NULL)
        bytes[out] = '\0';
    return cleaned;
}

static void
end_paste(struct input *input)
{
    struct input_event event = { .kind = INPUT_PASTE, .cut = input->cut };

    input->state = GROUND;
    /* A character that the maximum cut in two is cut as a whole. */
    if (input->cut && input->paste.len > 0) {
        size_t back = 1;
        uint32_t rune;
        const uint8_t *end;

        while (back < UTF8_MAX && back < input->paste.len &&
               (input->paste.bytes[input->paste.len - back] & 0xC0) == 0x80)
            back++;
        end = (const uint8_t *)input->paste.bytes + input->paste.len - back;
        if (utf8_decode(end, back, &rune) == 0)
            input->paste.len -= back;
    }
    event.cleaned = clean_paste(&input->paste);
    event.text = buf_text(&input->paste);
    event.len = input->paste.len;
    input->event(input->ctx, &event);
    buf_fini(&input->paste);
}

static void
keep_pasted(struct input *input, const void *bytes, size_t len)
{
    if (!input->cut && !buf_add(&input->paste, bytes, len))
        input->cut = true;
}

static void
take_pasted(struct input *input, uint8_t byte)
{
    if (byte == (uint8_t)PASTE_END[input->end_matched]) {
        if (PASTE_END[++input->end_matched] == '\0')
            end_paste(input);
        return;
    }
    /* Only its first byte is an ESC: a new match can only start here. */
    keep_pasted(input, PASTE_END, input->end_matched);
    input->end_matched = 0;
    if (byte == '\033')
        input->end_matched = 1;
    else
        keep_pasted(input, &byte, 1);
}

static void
start_paste(struct input *input)
{
    input->state = PASTED;
    input->end_matched = 0;
    input->cut = false;
}

/* ---- Sequences ---- */

/* A mouse report of mode 1006: CSI < button ; column ; row M, or m. */
static void
send_mouse(struct input *input, const unsigned numbers[3], bool released)
{
    static const struct {
        unsigned code;
        enum input_button button;
    } buttons[] = {
        { 0, BUTTON_LEFT },      { 1, BUTTON_MIDDLE },      { 2, BUTTON_RIGHT },
        { 64, BUTTON_WHEEL_UP }, { 65, BUTTON_WHEEL_DOWN },
    };
    enum { MODIFIERS = 4 | 8 | 16, MOTION = 32 };
    struct input_event event = {
        .kind = INPUT_MOUSE,
        .released = released,
        .dragged = (numbers[0] & MOTION) != 0,
        .col = (uint16_t)(numbers[1] - 1),
        .row = (uint16_t)(numbers[2] - 1),
    };
    unsigned code = numbers[0] & ~(unsigned)(MODIFIERS | MOTION);

    if (numbers[1] - 1 > UINT16_MAX || numbers[2] - 1 > UINT16_MAX)
        return;
    for (size_t i = 0; i < ARRAY_LEN(buttons); i++)
        if (buttons[i].code == code) {
            event.button = buttons[i].button;
            input->event(input->ctx, &event);
        }
}

/* Up to three numbers with ';' between; returns how many, -1: something else */
static int
read_numbers(const char *text, size_t len, unsigned numbers[3])
{
    int count = 0;

    for (size_t i = 0; i < len; i++) {
        if (count == 0)
            count = 1;
        if (text[i] == ';') {
            if (++count > 3)
                return -1;
        } else if (text[i] < '0' || text[i] > '9' ||
                   numbers[count - 1] > 0x10FFFF) {
            return -1;
        } else {
            numbers[count - 1] =
                numbers[count - 1] * 10 + (unsigned)(text[i] - '0');
        }
    }
    return count;
}

/* xterm's parameter of modifiers counts from 1; 0 is one left out. */
static unsigned
modifiers_of(unsigned parameter)
{
    return parameter == 0 ? 0 : parameter - 1;
}

static void
send_sequence(struct input *input, int count, const unsigned numbers[3],
              char final)
{
    struct key_sequence sequence = {
        .intro = input->intro,
        .final = final,
        .number = numbers[0],
        .modifiers = modifiers_of(numbers[1]),
    };
    char name[KEYS_NAME_SIZE];

    if (input->intro == 'O' && count == 1) { /* ESC O 5 A of older ones */
        sequence.number = 0;
        sequence.modifiers = modifiers_of(numbers[0]);
    }
    if (sequence.modifiers > 15)
        return;
    if (keys_name_sequence(&sequence, name))
        send_key(input, name);
    else if (final == 'u' && count > 0) /* xterm's formatOtherKeys */
        send_rune(input, numbers[0], sequence.modifiers);
    else if (final == '~' && numbers[0] == 27 && modifiers_of(numbers[1]) < 16)
        send_rune(input, numbers[2], sequence.modifiers);
}

static void
end_sequence(struct input *input, char final)
{
    size_t len = input->params_len;
    bool mouse = len > 0 && input->params[0] == '<';
    unsigned numbers[3] = { 0 };
    int count;

    input->state = GROUND;
    if (len > PARAMS_MAX)
        return;
    count = read_numbers(input->params + mouse, len - mouse, numbers);
    if (count < 0)
        return;
    if (mouse && (final == 'M' || final == 'm')) {
        if (count == 3)
            send_mouse(input, numbers, final == 'm');
    } else if (!mouse && input->intro == '[' && final == '~' &&
               numbers[0] == 200) {
        start_paste(input);
    } else if (!mouse) {
        send_sequence(input, count, numbers, final);
    }
}

static void take(struct input *input, uint8_t byte);

/* It broke off: with nothing in it, it was no sequence but Alt and a key. */
static void
drop_sequence(struct input *input)
{
    input->state = GROUND;
    if (input->params_len == 0)
        send_rune(input, (uint8_t)input->intro, KEYS_ALT);
}

static void
take_sequence(struct input *input, uint8_t byte)
{
    bool bare = input->params_len == 0 && input->intro == '[';

    if (byte < 0x20 || byte > 0x7E) {
        drop_sequence(input);
        take(input, byte);
    } else if (byte < 0x40) {
        if (input->params_len < PARAMS_MAX)
            input->params[input->params_len] = (char)byte;
        if (input->params_len <= PARAMS_MAX)
            input->params_len++;
    } else if (bare && byte == '[') {
        input->state = CONSOLE_KEY;
    } else if (bare && byte == 'M') {
        input->state = OLD_MOUSE;
        input->left = 3;
    } else {
        end_sequence(input, (char)byte);
    }
}

static void
take_console_key(struct input *input, uint8_t byte)
{
    char name[] = "F1";

    input->state = GROUND;
    if (byte < 0x20 || byte > 0x7E) {
        take(input, byte);
    } else if (byte >= 'A' && byte <= 'E') {
        name[1] = (char)('1' + byte - 'A');
        send_key(input, name);
    }
}

static void
take_old_mouse(struct input *input, uint8_t byte)
{
    if (--input->left == 0 || byte < 0x20)
        input->state = GROUND;
    if (byte < 0x20)
        take(input, byte);
}

/* ---- Characters ---- */

static void
take_escaped(struct input *input, uint8_t byte)
{
    switch (byte) {
    case '\033': /* the second may begin something */
        send_key(input, "Esc");
        return;
    case '[':
    case 'O':
        input->state = SEQUENCE;
        input->intro = (char)byte;
        input->params_len = 0;
        return;
    default:
        input->state = GROUND;
        input->alt = KEYS_ALT;
        take(input, byte);
    }
}

static void
take_character(struct input *input, uint8_t byte)
{
    uint8_t rest[UTF8_MAX];
    uint32_t rune;
    size_t len, bad;
    int decoded;

    input->held[input->held_len++] = byte;
    decoded = utf8_decode(input->held, input->held_len, &rune);
    if (decoded == 0)
        return;
    len = input->held_len;
    input->held_len = 0;
    if (decoded > 0) {
        send_rune(input, rune, input->alt);
        input->alt = 0;
        return;
    }
    /* Invalid up to a byte that may well be the next key. */
    input->alt = 0;
    bad = (size_t)-decoded;
    memcpy(rest, input->held + bad, len - bad);
    for (size_t i = 0; i < len - bad; i++)
        take(input, rest[i]);
}

static void
take_ground(struct input *input, uint8_t byte)
{
    if (byte == '\033' && input->held_len == 0)
        input->state = ESCAPED;
    else
        take_character(input, byte);
}

static void (*const takers[STATES])(struct input *input, uint8_t byte) = {
    [GROUND] = take_ground,       [ESCAPED] = take_escaped,
    [SEQUENCE] = take_sequence,   [CONSOLE_KEY] = take_console_key,
    [OLD_MOUSE] = take_old_mouse, [PASTED] = take_pasted,
};

static void
take(struct input *input, uint8_t byte)
{
    takers[input->state](input, byte);
}

void
input_bytes(struct input *input, uint64_t at_us, const uint8_t *bytes,
            size_t len)
{
    input_quiet(input, at_us);
    if (len > 0)
        input->last_us = at_us;
    for (size_t i = 0; i < len; i++)
        take(input, bytes[i]);
}

/* ---- Silence ---- */

uint64_t
input_due_us(const struct input *input)
{
    uint64_t patience = patience_us[input->state];

    /* ESC [ and ESC O may be all there is: Alt and a key. */
    if (input->state == SEQUENCE && input->params_len == 0)
        patience = INPUT_ESC_US;
    return patience == 0 ? 0 : input->last_us + patience;
}

void
input_quiet(struct input *input, uint64_t at_us)
{
    uint64_t due_us = input_due_us(input);
    enum state state = input->state;

    if (due_us == 0 || at_us < due_us)
        return;
    if (state == PASTED) {
        input->cut = true;
        end_paste(input);
    } else if (state == SEQUENCE) {
        drop_sequence(input);
    } else {
        input->state = GROUND;
        if (state == ESCAPED)
            send_key(input, "Esc");
    }
}
