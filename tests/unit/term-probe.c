/* term-probe.c - a terminal whose events are kept, for tests to look at. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "tests/unit/term-probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "term/reply.h"

static void
on_line(void *ctx, const struct line_event *line)
{
    struct probe *probe = ctx;

    if (strlen(line->text) != line->len || !utf8_valid(line->text, line->len))
        abort();
    if (line->len > 0 && line->text[line->len - 1] == ' ')
        abort();
    probe->lines[line->tag]++;
    buf_printf(&probe->events, "%s: %s\n", line_tag_name(line->tag),
               line->text);
    buf_printf(&probe->places, "%" PRIu64 " %" PRIu64 "\n", line->at_us,
               line->row);
}

static void
on_mark(void *ctx, const struct mark_event *mark)
{
    struct probe *probe = ctx;

    buf_printf(&probe->events, "mark: %c %d\n", "ABCD"[mark->kind],
               mark -> status);
    buf_printf(&probe->places, "%" PRIu64 " %" PRIu64 "\n", mark->at_us,
               mark->row);
}

static void
on_reply(void *ctx, const uint8_t *bytes, size_t len)
{
    struct probe *probe = ctx;

    if (!reply_is_known((const char *)bytes, len))
        abort();
    buf_add(&probe->replies, bytes, len);
}

void
probe_init(struct probe *probe, uint16_t cols, uint16_t rows)
{
    struct term_spec spec = {
        .cols = cols, .rows = rows, .history_rows = 1000, .nonce = PROBE_NONCE
    };
    struct term_sink sink = {
        .line = on_line, .mark = on_mark, .reply = on_reply, .ctx = probe
    };

    *probe = (struct probe){ 0 };
    probe->term = term_new(&spec, &sink);
}

void
probe_fini(struct probe *probe)
{
    term_free(probe->term);
    buf_fini(&probe->events);
    buf_fini(&probe->places);
    buf_fini(&probe->replies);
}

void
probe_feed_bytes(struct probe *probe, uint64_t at_us, const void *bytes,
                 size_t len)
{
    struct utf8_gate gate = { 0 };
    struct buf text = BUF_INIT(0);

    utf8_gate_pass(&gate, bytes, len, &text);
    utf8_gate_end(&gate, &text);
    term_feed(probe->term, at_us, (const uint8_t *)buf_text(&text), text.len);
    buf_fini(&text);
}

void
probe_feed(struct probe *probe, uint64_t at_us, const char *text)
{
    probe_feed_bytes(probe, at_us, text, strlen(text));
}

const char *
probe_screen(struct probe *probe)
{
    /* .places is not looked at by tests that look at the screen. */
    buf_clear(&probe->places);
    term_screen_text(probe->term, &probe->places);
    while (probe->places.len > 1 && str_ends(buf_text(&probe->places), "\n\n"))
        probe->places.bytes[--probe->places.len] = '\0';
    return buf_text(&probe->places);
}

struct term_cell
probe_cell(const struct probe *probe, int row, int col)
{
    struct term_cell cells[TERM_COLS_MAX];
    uint16_t cols, rows;

    term_size(probe->term, &cols, &rows);
    if (!term_row(probe->term, term_screen_top(probe->term) + (uint64_t)row,
                  cells, cols, NULL))
        abort();
    return cells[col];
}

static uint64_t
hash_number(uint64_t hash, uint64_t number)
{
    return str_hash(hash, &number, sizeof number);
}

static uint64_t
hash_cell(uint64_t hash, const struct term_cell *cell)
{
    hash = hash_number(hash, cell->rune);
    for (int i = 0; i < TERM_MARKS_MAX && cell->combining[i] != 0; i++)
        hash = hash_number(hash, cell->combining[i]);
    hash = hash_number(hash, (uint64_t)cell->fg << 32 | cell->bg);
    return hash_number(hash, (uint64_t)cell->attrs << 8 | cell->width);
}

uint64_t
probe_hash(const struct probe *probe)
{
    struct term_cell cells[TERM_COLS_MAX];
    struct term_cursor cursor = term_cursor(probe->term);
    struct term_modes modes = term_modes(probe->term);
    uint64_t top = term_screen_top(probe->term), hash = STR_HASH_SEED;
    uint16_t cols, rows;

    term_size(probe->term, &cols, &rows);
    hash = hash_number(hash, (uint64_t)cols << 16 | rows);
    hash = hash_number(hash, (uint64_t)cursor.col << 16 | cursor.row);
    hash = hash_number(hash, cursor.visible);
    hash = hash_number(hash, (uint64_t)modes.mouse << 1 | modes.mouse_sgr);
    hash = hash_number(hash, (uint64_t)modes.application_cursor |
                                 (uint64_t)modes.application_keypad << 1 |
                                 (uint64_t)modes.bracketed_paste << 2 |
                                 (uint64_t)modes.alternate_screen << 3);
    hash = hash_number(hash, top);
    for (uint64_t n = term_history_top(probe->term); n < top + rows; n++) {
        bool wrapped = false;

        if (!term_row(probe->term, n, cells, cols, &wrapped))
            abort();
        hash = hash_number(hash, wrapped);
        for (uint16_t i = 0; i < cols; i++)
            hash = hash_cell(hash, &cells[i]);
    }
    return hash;
}

/* Halves of wide characters stand together, and no control is a character. */
static bool
is_sound(const struct term_cell *cells, uint16_t cols)
{
    for (uint16_t i = 0; i < cols; i++) {
        const struct term_cell *cell = &cells[i];

        if (cell->width > 2 || (cell->width == 0) != (cell->rune == 0))
            return false;
        if (cell->width == 0 && (i == 0 || cells[i - 1].width != 2))
            return false;
        if (cell->width == 2 && (i + 1 == cols || cells[i + 1].width != 0))
            return false;
        if (cell->rune != 0 && (cell->rune < 0x20 || cell->rune > 0x10FFFF ||
                                (cell->rune >= 0x7F && cell->rune < 0xA0)))
            return false;
    }
    return true;
}

void
probe_check(const struct probe *probe)
{
    struct term_cell cells[TERM_COLS_MAX];
    struct term_cursor cursor = term_cursor(probe->term);
    uint64_t top = term_screen_top(probe->term), row;
    struct buf line = BUF_INIT(0);
    uint16_t cols, rows;

    term_size(probe->term, &cols, &rows);
    if (cursor.col >= cols || cursor.row >= rows ||
        term_history_top(probe->term) > top)
        abort();
    for (uint64_t n = top; n < top + rows; n++)
        if (!term_row(probe->term, n, cells, cols, NULL) ||
            !is_sound(cells, cols))
            abort();
    if (term_row(probe->term, top + rows, cells, cols, NULL))
        abort();
    term_cursor_line(probe->term, &line, &row);
    if (row > top + cursor.row || !utf8_valid(buf_text(&line), line.len))
        abort();
    buf_fini(&line);
}

uint64_t
probe_random(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545F4914F6CDD1DULL >> 32;
}

/* Sequences; %n becomes a number, mostly small. */
static const char *const pieces[] = {
    "\r\n",
    "\r\n",
    "\n",
    "\r",
    "\b",
    "\t",
    "\033[%n;%nH",
    "\033[%nA",
    "\033[%nB",
    "\033[%nC",
    "\033[%nD",
    "\033[%nG",
    "\033[%nd",
    "\033[%nE",
    "\033[K",
    "\033[1K",
    "\033[2K",
    "\033[J",
    "\033[1J",
    "\033[2J",
    "\033[%n@",
    "\033[%nP",
    "\033[%nX",
    "\033[%nL",
    "\033[%nM",
    "\033[%nS",
    "\033[%nT",
    "\033[%nb",
    "\033[%n;%nr",
    "\033[r",
    "\0337",
    "\0338",
    "\033M",
    "\033D",
    "\033E",
    "\033c",
    "\033[4h",
    "\033[4l",
    "\033[?7h",
    "\033[?7l",
    "\033[?6h",
    "\033[?6l",
    "\033[?1049h",
    "\033[?1049l",
    "\033[?47h",
    "\033[?1047l",
    "\033[?3h",
    "\033[!p",
    "\033(0",
    "\033(B",
    "\016",
    "\017",
    "\033[%nm",
    "\033[3%nm",
    "\033[4%nm",
    "\033[38;5;%nm",
    "\033[48;2;%n;%n;%nm",
    "\033[m",
    "\033[4:3m",
    "\033[38:2::%n:%n:%nm",
    "\033[6n",
    "\033[c",
    "\033]133;A;aid=7f3a\a",
    "\033]133;B;aid=7f3a\a",
    "\033]133;C;aid=7f3a\033\\",
    "\033]133;D;%n;aid=7f3a\a",
    "\033]0;title\a",
    "\033P$qm\033\\",
    "\033[?2004h",
    "\033#8",
    "\033H",
    "\033[g",
    "\033[Z",
    "\033[%nI",
    "\033[;;;;;;;;;;;;;;;;;;m",
    "\xe6\xbc\xa2",
    "\xc3\xa9",
    "e\xcc\x81",
    "\xcc\x82",
    "\xf0\x9f\x98\x80",
    "\xe2\x94\x80",
    "\xc2\x9b",
};

void
probe_stream(uint64_t *seed, size_t tokens, struct buf *out)
{
    static const char letters[] = "abcdefgh XYZ 0123456789";

    while (tokens-- > 0) {
        const char *piece;

        if (probe_random(seed) % 3 == 0) {
            static const uint8_t lengths[] = { 1, 1, 2, 3, 5, 8, 20, 80, 200 };
            unsigned len = lengths[probe_random(seed) % sizeof lengths];

            while (len-- > 0)
                buf_add(out,
                        &letters[probe_random(seed) % (sizeof letters - 1)], 1);
            continue;
        }
        piece = pieces[probe_random(seed) % (sizeof pieces / sizeof *pieces)];
        for (; *piece != '\0'; piece++) {
            if (*piece != '%') {
                buf_add(out, piece, 1);
                continue;
            }
            buf_printf(out, "%d",
                       (int)(probe_random(seed) %
                             (probe_random(seed) % 8 == 0 ? 300 : 8)));
            piece++;
        }
    }
}
