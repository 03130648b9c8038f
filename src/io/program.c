/* program.c - what a child process runs, prepared before the fork. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "io/program.h"

#include <errno.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"

static const char *
find_shell(void)
{
    const char *shell = getenv("SHELL");
    const struct passwd *user;

    if (shell != NULL && *shell != '\0')
        return shell;
    user = getpwuid(getuid());
    return user != NULL && user->pw_shell != NULL && *user->pw_shell != '\0'
               ? user->pw_shell
               : "/bin/sh";
}

static bool
is_of_the_terminal(const char *variable)
{
    static const char *const names[] = { "TERM=", "COLUMNS=", "LINES=" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (str_starts(variable, names[i]))
            return true;
    return false;
}

/* Ours, with the pty's TERM and without sizes that are not the pty's. */
static char **
make_environment(const char *term)
{
    size_t len = 0, used = 0;
    char **list;

    while (environ[len] != NULL)
        len++;
    list = xcalloc(len + 2, sizeof *list);
    list[used++] = xasprintf("TERM=%s", term);
    for (size_t i = 0; i < len; i++)
        if (!is_of_the_terminal(environ[i]))
            list[used++] = xstrdup(environ[i]);
    return list;
}

void
program_init(struct program *program, const char *command, const char *term)
{
    const char *name;

    *program = (struct program){ .exec_fd = -1 };
    if (command != NULL) {
        program->path = "/bin/sh";
        program->argv[0] = xstrdup("sh");
        program->argv[1] = xstrdup("-c");
        program->argv[2] = xstrdup(command);
    } else {
        program->path = find_shell();
        name = strrchr(program->path, '/');
        /* The dash before its name makes it a login shell. */
        program->argv[0] =
            xasprintf("-%s", name != NULL ? name + 1 : program->path);
    }
    if (term != NULL)
        program->envp = make_environment(term);
}

void
program_fini(struct program *program)
{
    for (size_t i = 0; i < ARRAY_LEN(program->argv); i++)
        free(program->argv[i]);
    for (size_t i = 0; program->envp != NULL && program->envp[i] != NULL; i++)
        free(program->envp[i]);
    free(program->envp);
}

void
program_run(const struct program *program)
{
    const struct sigaction normal = { .sa_handler = SIG_DFL };
    sigset_t none;
    int error;

    /* What we ignore and block is ours, not the program's. */
    for (int signum = 1; signum < NSIG; signum++)
        sigaction(signum, &normal, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(program->path, program->argv,
           program->envp != NULL ? program->envp : environ);
    error = errno;
    if (program->exec_fd >= 0 &&
        write(program->exec_fd, &error, sizeof error) < 0)
        _exit(126);
    _exit(127);
}

void
program_run_in_pty(const struct program *program)
{
    struct termios modes;

    /* So that the kernel's line editor erases characters, not bytes. */
    if (tcgetattr(STDIN_FILENO, &modes) == 0) {
        modes.c_iflag |= IUTF8;
        tcsetattr(STDIN_FILENO, TCSANOW, &modes);
    }
    program_run(program);
}
