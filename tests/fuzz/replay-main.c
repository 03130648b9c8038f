/*
 * replay-main.c - run a fuzz target over its corpus, as an ordinary test.
 *
 *     fuzz-NAME [FILE...]
 *
 * Without files: all of tests/fuzz/corpus-NAME, in order. Speaks TAP, a line a
 * file; a target that finds something aborts, which is the failure.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

#define INPUT_BYTES_MAX ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
run_file(const char *path)
{
    uint8_t *bytes, *exact;
    FILE *file = fopen(path, "rb");
    size_t len;

    if (file == NULL)
        return false;
    bytes = xmalloc(INPUT_BYTES_MAX);
    len = fread(bytes, 1, INPUT_BYTES_MAX, file);
    fclose(file);
    /* Nothing behind the last byte: a sanitizer sees who reads it. */
    exact = xmalloc(len > 0 ? len : 1);
    memcpy(exact, bytes, len);
    free(bytes);
    LLVMFuzzerTestOneInput(exact, len);
    free(exact);
    return true;
}

static int
is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The corpus of the program called "[lt-]fuzz-NAME". */
static void
find_corpus(const char *program, struct strs *paths)
{
    const char *top = getenv("top_srcdir"), *name = strstr(program, "fuzz-");
    struct dirent **entries = NULL;
    char *dir;
    int len;

    for (const char *next = name; next != NULL;
         next = strstr(next + 1, "fuzz-"))
        name = next;
    dir = xasprintf("%s/tests/fuzz/corpus-%s", top != NULL ? top : ".",
                    name != NULL ? name + strlen("fuzz-") : "");
    len = scandir(dir, &entries, is_input, alphasort);
    for (int i = 0; i < len; i++) {
        strs_take(paths, xasprintf("%s/%s", dir, entries[i]->d_name));
        free(entries[i]);
    }
    free(entries);
    free(dir);
}

int
main(int argc, char **argv)
{
    struct strs paths = { 0 };
    bool ok, all = true;

    for (int i = 1; i < argc; i++)
        strs_add(&paths, argv[i]);
    if (argc == 1)
        find_corpus(argv[0], &paths);
    printf("1..%zu\n", paths.len);
    for (size_t i = 0; i < paths.len; i++) {
        const char *slash = strrchr(paths.items[i], '/');

        fflush(stdout);
        ok = run_file(paths.items[i]);
        all = all && ok;
        printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1,
               slash != NULL ? slash + 1 : paths.items[i]);
    }
    ok = paths.len > 0;
    strs_fini(&paths);
    return all && ok ? 0 : 1;
}
