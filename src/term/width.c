/* width.c - how many columns a character takes: what libvterm thinks. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "term/width.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "base/utf8.h"
#include "base/xalloc.h"

enum {
    FIRST_ODD = 0x300, /* below, every printable character takes one column */
    PAGE = 4096,
    PAGES = 0x110000 / PAGE,
};

struct widths {
    VTerm *probe;
    uint8_t *pages[PAGES]; /* width + 1; 0: not tried yet */
};

struct widths *
widths_new(void)
{
    struct widths *widths = xcalloc(1, sizeof *widths);

    widths->probe = vterm_new(2, 10);
    if (widths->probe == NULL)
        xalloc_die();
    vterm_set_utf8(widths->probe, 1);
    vterm_state_reset(vterm_obtain_state(widths->probe), 1);
    return widths;
}

void
widths_free(struct widths *widths)
{
    if (widths == NULL)
        return;
    for (int i = 0; i < PAGES; i++)
        free(widths->pages[i]);
    vterm_free(widths->probe);
    free(widths);
}

static int
try(VTerm *probe, uint32_t rune)
{
    /* From column 1, behind an A: what combines needs something to do it. */
    char bytes[8] = "\033[HA";
    size_t len = strlen(bytes);
    VTermPos pos;

    len += utf8_encode(rune, (uint8_t *)bytes + len);
    vterm_input_write(probe, bytes, len);
    vterm_state_get_cursorpos(vterm_obtain_state(probe), &pos);
    return MIN(MAX(pos.col - 1, 0), 2);
}

int
width_of(struct widths *widths, uint32_t rune)
{
    uint8_t **page = &widths->pages[rune / PAGE];
    uint8_t *known;

    if (rune < FIRST_ODD)
        return 1;
    if (*page == NULL)
        *page = xcalloc(PAGE, 1);
    known = &(*page)[rune % PAGE];
    if (*known == 0)
        *known = (uint8_t)(try(widths->probe, rune) + 1);
    return *known - 1;
}
