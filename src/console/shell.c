/* shell.c - how a bash is made to mark its prompts and commands. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "console/shell.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/xalloc.h"

bool
shell_nonce(char out[SHELL_NONCE_SIZE], struct err *err)
{
    uint64_t random;

    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return err_sys(err, "no random numbers");
    snprintf(out, SHELL_NONCE_SIZE, "%016llx", (unsigned long long)random);
    return true;
}

char *
shell_quote(const char *text)
{
    struct buf buf = BUF_INIT(0);

    buf_puts(&buf, "'");
    for (; *text != '\0'; text++)
        if (*text == '\'')
            buf_puts(&buf, "'\\''");
        else
            buf_add(&buf, text, 1);
    buf_puts(&buf, "'");
    return buf_take(&buf);
}

/*
 * The function that keeps the marks in PS1, whoever sets it later, on one
 * line. Inside screen(1) ($STY) each mark is wrapped in a DCS, which screen
 * passes on unchanged; plain OSC 133 it drops. $? in PS1 is the last
 * command's, because bash restores it behind PROMPT_COMMAND.
 */
static void
put_marks(struct buf *buf, const char *nonce, unsigned level)
{
    buf_printf(
        buf,
        "__ml=aid=%s-%u;__mo= __mc=;"
        "case ${STY-} in ?*)__mo='\\eP' __mc='\\e\\\\';;esac;"
        "__mm(){ local s=$?;case $PS1 in *\"$__ml\"*);;*)"
        "PS1='\\['$__mo'\\e]133;D;$?;'$__ml'\\a'$__mc$__mo'\\e]133;A;'$__ml"
        "'\\a'$__mc'\\]'$PS1'\\['$__mo'\\e]133;B;'$__ml'\\a'$__mc'\\]';;esac;"
        "PS0=$__mo'\\e]133;C;'$__ml'\\a'$__mc;return $s;};"
        "PROMPT_COMMAND=(__mm \"${PROMPT_COMMAND[@]}\")",
        nonce, level);
}

char *
shell_command(const char *nonce, const char *run, const char *dir)
{
    struct buf buf = BUF_INIT(0);
    char *quoted = dir != NULL ? shell_quote(dir) : NULL;
    char *quoted_run = shell_quote(run);

    buf_printf(&buf,
               "exec env MIGLAB_RUN=%s bash --rcfile /dev/fd/9 -i "
               "9<<'MIGLAB_EOM'\n",
               quoted_run);
    buf_puts(&buf, "exec 9<&-\n"
                   "[ -f /etc/bash.bashrc ] && . /etc/bash.bashrc\n"
                   "[ -f ~/.bashrc ] && . ~/.bashrc\n");
    if (quoted != NULL)
        buf_printf(&buf, "cd %s\n", quoted);
    put_marks(&buf, nonce, 0);
    buf_puts(&buf, "\nMIGLAB_EOM\n");
    free(quoted_run);
    free(quoted);
    return buf_take(&buf);
}

/* The blank in front and history -d keep it out of the user's history. */
char *
shell_setup_line(const char *nonce, unsigned level)
{
    struct buf buf = BUF_INIT(0);

    buf_puts(&buf, " ");
    put_marks(&buf, nonce, level);
    buf_puts(&buf, ";history -d -1 2>/dev/null");
    /* screen(1) keeps this line and would paint it when it is attached. */
    buf_puts(&buf, ";case ${STY-} in ?*)printf '\\033[H\\033[2J';;esac");
    return buf_take(&buf);
}

char *
shell_in_dir(const char *dir, const char *text)
{
    char *quoted, *command;

    if (dir == NULL)
        return xstrdup(text);
    quoted = shell_quote(dir);
    command = xasprintf("cd %s && { %s\n}", quoted, text);
    free(quoted);
    return command;
}
