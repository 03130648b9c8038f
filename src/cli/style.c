/* style.c - what the terminal behind a stream can show. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "cli/style.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

struct headless *
style_headless(const char *path)
{
    const struct headless_spec spec = {
        .out = stdout,
        .ascii = !style_unicode(),
        .color = style_color(stdout),
        .path = path,
    };

    return headless_new(&spec);
}
