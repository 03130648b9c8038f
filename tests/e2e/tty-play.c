/*
 * tty-play.c - write a file to the terminal, and tell when it was taken.
 *
 *     tty-play FILE FIFO
 *
 * The terminal answers "ESC [ 5 n" after everything before it has been seen:
 * once the answers are here, one byte goes into FIFO. Then the program stays,
 * so that the screen does too.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static bool
write_all(const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes, len);

        if (n < 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* How often the file itself asks; bytes are whole lines of a recording. */
static int
count_questions(FILE *file)
{
    static const char question[] = "\033[5n";
    size_t at = 0;
    int found = 0, c;

    while ((c = getc(file)) != EOF) {
        at = c == question[at] ? at + 1 : c == question[0];
        if (question[at] == '\0') {
            found++;
            at = 0;
        }
    }
    rewind(file);
    return found;
}

static bool
wait_for_answers(int wanted)
{
    static const char answer[] = "\033[0n";
    size_t at = 0;
    char c;

    while (wanted > 0 && read(STDIN_FILENO, &c, 1) == 1) {
        at = c == answer[at] ? at + 1 : c == answer[0];
        if (answer[at] == '\0') {
            wanted--;
            at = 0;
        }
    }
    return wanted == 0;
}

int
main(int argc, char **argv)
{
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    struct termios modes;
    char bytes[4096];
    size_t len;
    int fifo, wanted;

    if (file == NULL || tcgetattr(STDIN_FILENO, &modes) != 0)
        return 66;
    cfmakeraw(&modes);
    tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    wanted = count_questions(file) + 1;
    while ((len = fread(bytes, 1, sizeof bytes, file)) > 0)
        if (!write_all(bytes, len))
            return 74;
    if (!write_all("\033[5n", 4) || !wait_for_answers(wanted))
        return 74;
    fifo = open(argv[2], O_WRONLY);
    if (fifo < 0 || write(fifo, ".", 1) != 1)
        return 74;
    pause();
    return 0;
}
