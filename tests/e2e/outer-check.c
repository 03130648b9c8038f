/*
 * outer-check.c - read what a terminal gets: is it all miglab's?
 *
 *     outer-check [-s] [FILE] < BYTES
 *
 * -s: a shell writes, too, as long as miglab has not taken the terminal. FILE
 * is a copy of the bytes, to be looked at. Says how much it saw; its status is
 * 1, and it says where, when there is anything that is not ours
 * (tests/unit/outer.h), and 2 when there is nothing at all.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/outer.h"

int
main(int argc, char **argv)
{
    bool shared = argc > 1 && strcmp(argv[1], "-s") == 0;
    const char *path = argc > 1 + shared ? argv[1 + shared] : NULL;
    FILE *copy = path != NULL ? fopen(path, "wb") : NULL;
    struct outer outer;
    char bytes[4096];
    ssize_t len;

    outer_init(&outer, shared);
    while ((len = read(STDIN_FILENO, bytes, sizeof bytes)) > 0) {
        outer_feed(&outer, bytes, (size_t)len);
        if (copy != NULL) {
            fwrite(bytes, 1, (size_t)len, copy);
            fflush(copy);
        }
    }
    if (copy != NULL)
        fclose(copy);
    printf("%" PRIu64 " bytes, %" PRIu64 " sequences, %" PRIu64
           " characters beyond ASCII, taken %" PRIu64 " times\n",
           outer.bytes, outer.sequences, outer.runes, outer.takes);
    if (outer.wrong[0] != '\0')
        printf("not ours: %s\n", outer.wrong);
    return outer.wrong[0] != '\0' ? 1 : outer.bytes == 0 ? 2 : 0;
}
