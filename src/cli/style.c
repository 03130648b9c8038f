/* style.c - what the terminal behind a stream can show. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/style.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/str.h"
#include "report/headless.h"

bool
style_unicode(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool
style_color(FILE *out)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return (no == NULL || *no == '\0') && term != NULL &&
           strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

int
style_cols(FILE *out)
{
    const char *asked = getenv("COLUMNS");
    struct winsize size;
    uint64_t cols;

    if (!isatty(fileno(out)))
        return 0;
    if (asked != NULL && str_to_u64(asked, 1, 10000, &cols))
        return (int)cols;
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

struct headless *
style_headless(const char *path)
{
    const struct headless_spec spec = {
        .out = stdout,
        .ascii = !style_unicode(),
        .color = style_color(stdout),
        .cols = style_cols(stdout),
        .path = path,
    };

    return headless_new(&spec);
}
