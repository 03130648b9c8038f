/* known-hosts.c - what a known_hosts file says about one host. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/known-hosts.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libssh/libssh.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"

static const struct {
    const char *word;
    enum known_marker marker;
} markers[] = {
    { "@revoked", KNOWN_MARK_REVOKED },
    { "@cert-authority", KNOWN_MARK_AUTHORITY },
};

static const char *const verdict_texts[KNOWN_VERDICTS] = {
    [KNOWN_OK] = "is known",
    [KNOWN_UNKNOWN] = "is unknown",
    [KNOWN_CHANGED] = "has changed: another key is known for this host",
    [KNOWN_REVOKED] = "is revoked",
    [KNOWN_AUTHORITY] = "is unknown: only a certificate authority is named, "
                        "and host certificates cannot be checked here",
};

/* Wildcards * and ?, letters of any case. */
static bool
matches_pattern(const char *pattern, const char *name)
{
    const char *star = NULL, *retry = NULL;

    while (*name != '\0') {
        if (*pattern == '*') {
            star = ++pattern;
            retry = name;
        } else if (*pattern == '?' || tolower((unsigned char)*pattern) ==
                                          tolower((unsigned char)*name)) {
            pattern++;
            name++;
        } else if (star != NULL) {
            pattern = star;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

/* "a,b*,!c": one of them matches, and none of those that exclude. */
static bool
matches_list(char *list, const char *name)
{
    bool found = false;
    char *rest = NULL;

    for (char *word = strtok_r(list, ",", &rest); word != NULL;
         word = strtok_r(NULL, ",", &rest)) {
        if (*word == '!' && matches_pattern(word + 1, name))
            return false;
        if (*word != '!' && matches_pattern(word, name))
            found = true;
    }
    return found;
}

/* A hashed name is an HMAC, which libssh can compute and we need not. */
static bool
matches_hashed(const char *name, const char *hashed, const char *type,
               const char *blob)
{
    struct ssh_knownhosts_entry *entry = NULL;
    char *line = xasprintf("%s %s %s", hashed, type, blob);
    bool found = ssh_known_hosts_parse_line(name, line, &entry) == SSH_OK;

    if (entry != NULL)
        ssh_knownhosts_entry_free(entry);
    free(line);
    return found;
}

static enum known_marker
find_marker(const char *word)
{
    for (size_t i = 0; i < ARRAY_LEN(markers); i++)
        if (strcasecmp(word, markers[i].word) == 0)
            return markers[i].marker;
    return KNOWN_PLAIN;
}

static void
parse_line(struct known_hosts *hosts, char *line, const char *name)
{
    enum known_marker marker = KNOWN_PLAIN;
    char *rest = NULL;
    char *names = strtok_r(line, " \t\r", &rest);
    const char *type, *blob;

    if (names == NULL || *names == '#')
        return;
    if (*names == '@') {
        marker = find_marker(names);
        if (marker == KNOWN_PLAIN)
            return; /* a marker of the future: not a line to trust */
        names = strtok_r(NULL, " \t\r", &rest);
    }
    type = strtok_r(NULL, " \t\r", &rest);
    blob = strtok_r(NULL, " \t\r", &rest);
    if (names == NULL || type == NULL || blob == NULL)
        return;
    if (*names == '|' ? !matches_hashed(name, names, type, blob)
                      : !matches_list(names, name))
        return;
    hosts->keys =
        xgrow(hosts->keys, hosts->len, &hosts->cap, sizeof *hosts->keys);
    hosts->keys[hosts->len++] = (struct known_key){
        .marker = marker,
        .type = xstrdup(type),
        .blob = xstrdup(blob),
    };
}

void
known_hosts_parse(struct known_hosts *hosts, char *text, const char *host,
                  uint16_t port)
{
    char *name = port == 22 ? xstrdup(host) : xasprintf("[%s]:%u", host, port);
    char *rest = NULL;

    /* Names are hashed in small letters. */
    for (char *p = name; *p != '\0'; p++)
        *p = (char)tolower((unsigned char)*p);
    for (char *line = strtok_r(text, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        hosts->lines++;
        parse_line(hosts, line, name);
    }
    free(name);
}

/* The whole file as a string that is yours, or NULL. */
static char *
read_file(const char *path, struct err *err)
{
    /* Non-blocking, or a fifo would hold the worker. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    char *text = NULL;
    ssize_t len;

    if (fd < 0 || fstat(fd, &st) != 0) {
        err_sys(err, "cannot read %s", path);
        goto out;
    }
    if (!S_ISREG(st.st_mode) || st.st_size > KNOWN_HOSTS_SIZE_MAX) {
        err_set(err, ERR_FILE, "%s is no file of keys: %s", path,
                S_ISREG(st.st_mode) ? "too large" : "not a plain file");
        goto out;
    }
    text = xmalloc((size_t)st.st_size + 1);
    len = read(fd, text, (size_t)st.st_size);
    if (len < 0) {
        err_sys(err, "cannot read %s", path);
        free(text);
        text = NULL;
        goto out;
    }
    text[len] = '\0';
    if (strlen(text) != (size_t)len) { /* would hide the lines behind it */
        err_set(err, ERR_FILE, "%s is no file of keys: a NUL byte", path);
        free(text);
        text = NULL;
    }
out:
    if (fd >= 0)
        close(fd);
    return text;
}

bool
known_hosts_load(struct known_hosts *hosts, const char *path, const char *host,
                 uint16_t port, struct err *err)
{
    char *text;

    *hosts = (struct known_hosts){ 0 };
    if (path == NULL)
        return err_set(err, ERR_FILE, "no known_hosts file is given");
    text = read_file(path, err);
    if (text == NULL) {
        err->kind = ERR_FILE;
        return false;
    }
    known_hosts_parse(hosts, text, host, port);
    free(text);
    return true;
}

enum known_verdict
known_hosts_judge(const struct known_hosts *hosts, const char *blob)
{
    bool seen[] = { false, false, false }, same = false;

    for (size_t i = 0; i < hosts->len; i++) {
        const struct known_key *key = &hosts->keys[i];
        bool equal = str_same(key->blob, blob);

        if (equal && key->marker == KNOWN_MARK_REVOKED)
            return KNOWN_REVOKED;
        same |= equal && key->marker == KNOWN_PLAIN;
        seen[key->marker] = true;
    }
    if (same)
        return KNOWN_OK;
    if (seen[KNOWN_PLAIN])
        return KNOWN_CHANGED;
    return seen[KNOWN_MARK_AUTHORITY] ? KNOWN_AUTHORITY : KNOWN_UNKNOWN;
}

const char *
known_verdict_text(enum known_verdict verdict)
{
    return verdict_texts[verdict];
}

void
known_hosts_fini(struct known_hosts *hosts)
{
    for (size_t i = 0; i < hosts->len; i++) {
        free(hosts->keys[i].type);
        free(hosts->keys[i].blob);
    }
    free(hosts->keys);
    *hosts = (struct known_hosts){ 0 };
}
