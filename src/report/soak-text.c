/* soak-text.c - a soak as lines of text: one a run, then tables. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "config.h"

#include "report/soak-priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

/* --- a line a run --- */

static int
name_width(const struct soak *soak)
{
    size_t width = strlen("case");

    for (size_t i = 0; i < soak->spec.len; i++)
        width = MAX(width, strlen(soak->spec.cases[i]));
    return (int)width;
}

/* "  7/80": as wide as the last one. */
static void
print_number(const struct soak *soak, size_t number)
{
    size_t planned = soak->spec.len * soak->spec.rounds;
    int width = snprintf(NULL, 0, "%zu", planned);

    fprintf(soak->spec.out, "%*zu/%zu", width, number, planned);
}

/* The heads of the lines, before the first. */
static void
print_heads(const struct soak *soak)
{
    FILE *out = soak->spec.out;
    int width = snprintf(NULL, 0, "%zu", soak->spec.len * soak->spec.rounds);

    fprintf(out, "%*s  %-*s  verdict          s", 2 * width + 1, "run",
            name_width(soak), "case");
    for (size_t i = 0; i < SOAK_MEASURES; i++)
        fprintf(out, "  %s", soak_measures[i].head);
    fputc('\n', out);
}

/* Glyph and word, eleven columns; colour never stands alone. */
static void
print_verdict(const struct soak *soak, enum verdict verdict)
{
    bool color = soak->spec.color && verdict != VERDICT_PASS;

    fprintf(soak->spec.out, "%s%s %-9s%s", color ? "\033[1;31m" : "",
            verdict_glyph(verdict, soak->spec.ascii), verdict_name(verdict),
            color ? "\033[m" : "");
}

void
soak_print_run(const struct soak *soak)
{
    const struct soak_run *run = &soak->runs[soak->len - 1];
    FILE *out = soak->spec.out;

    if (soak->len == 1)
        print_heads(soak);
    print_number(soak, soak->len);
    fprintf(out, "  %-*s  ", name_width(soak), run->name);
    print_verdict(soak, run->verdict);
    fprintf(out, " %6.1f", run->seconds);
    for (size_t i = 0; i < SOAK_MEASURES; i++) {
        int width = (int)strlen(soak_measures[i].head);

        if (run->measures[i] >= 0)
            fprintf(out, "  %*.10g", width, run->measures[i]);
        else
            fprintf(out, "  %*s", width, "-");
    }
    fputc('\n', out);
    if (run->verdict != VERDICT_PASS)
        fprintf(out, "       %s\n       %s\n", run->reason, run->path);
    fflush(out);
}

/* --- tables --- */

/* Cells, row by row; the first column stands left, the others right. */
struct table {
    size_t cols;
    struct strs cells;
};

static void
print_table(const struct table *table, FILE *out)
{
    int *widths = xcalloc(table->cols, sizeof *widths);

    for (size_t i = 0; i < table->cells.len; i++)
        widths[i % table->cols] =
            MAX(widths[i % table->cols], (int)strlen(table->cells.items[i]));
    for (size_t i = 0; i < table->cells.len; i++) {
        size_t col = i % table->cols;

        fprintf(out, "%s%*s%s", col > 0 ? "  " : "",
                col > 0 ? widths[col] : -widths[col], table->cells.items[i],
                col + 1 == table->cols ? "\n" : "");
    }
    free(widths);
}

/* Cut, not rounded: what is not all is never "100.0 %". */
static char *
rate_cell(const struct soak_sum *sum)
{
    size_t judged = sum->runs - sum->skipped;
    size_t mille = judged > 0 ? sum->passed * 1000 / judged : 0;

    return judged == 0 ? xstrdup("-")
                       : xasprintf("%zu.%zu %%", mille / 10, mille % 10);
}

static void
add_verdicts(const struct soak *soak, const char *name, struct table *table)
{
    struct soak_sum sum;

    soak_add_up(soak, name, &sum);
    strs_add(&table->cells, name != NULL ? name : "all");
    strs_take(&table->cells, xasprintf("%zu", sum.runs));
    strs_take(&table->cells, xasprintf("%zu", sum.passed));
    strs_take(&table->cells, xasprintf("%zu", sum.failed));
    strs_take(&table->cells, xasprintf("%zu", sum.errors));
    strs_take(&table->cells, xasprintf("%zu", sum.skipped));
    strs_take(&table->cells, rate_cell(&sum));
}

static void
print_verdicts(const struct soak *soak)
{
    static const char *const heads[] = { "case",     "runs",   "passed",
                                         "failed",   "errors", "skipped",
                                         "pass rate" };
    struct table table = { .cols = ARRAY_LEN(heads) };

    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        strs_add(&table.cells, heads[i]);
    for (size_t i = 0; i < soak->spec.len; i++)
        add_verdicts(soak, soak->spec.cases[i], &table);
    if (soak->spec.len > 1)
        add_verdicts(soak, NULL, &table);
    print_table(&table, soak->spec.out);
    strs_fini(&table.cells);
}

/* "30/35/60", and of how many runs when it is not known of all. */
static char *
spread_cell(const struct soak_sum *sum, enum soak_measure measure)
{
    const struct spread *spread = &sum->measures[measure];
    char *few =
        spread->n < sum->runs ? xasprintf(" of %zu", spread->n) : xstrdup("");
    char *cell = spread->n == 0 ? xstrdup("-")
                                : xasprintf("%.10g/%.10g/%.10g%s", spread->min,
                                            spread->median, spread->max, few);

    free(few);
    return cell;
}

static void
print_measures(const struct soak *soak)
{
    struct table table = { .cols = 1 + SOAK_MEASURES };

    strs_add(&table.cells, "min/median/max");
    for (size_t i = 0; i < SOAK_MEASURES; i++)
        strs_add(&table.cells, soak_measures[i].head);
    for (size_t i = 0; i < soak->spec.len; i++) {
        struct soak_sum sum;

        soak_add_up(soak, soak->spec.cases[i], &sum);
        strs_add(&table.cells, soak->spec.cases[i]);
        for (size_t m = 0; m < SOAK_MEASURES; m++)
            strs_take(&table.cells, spread_cell(&sum, (enum soak_measure)m));
    }
    print_table(&table, soak->spec.out);
    strs_fini(&table.cells);
}

/* Once more, together: above they are far apart. */
static void
print_not_passed(const struct soak *soak)
{
    bool any = false;

    for (size_t i = 0; i < soak->len; i++) {
        const struct soak_run *run = &soak->runs[i];

        if (run->verdict == VERDICT_PASS)
            continue;
        if (!any)
            fprintf(soak->spec.out, "\nnot passed:\n");
        any = true;
        print_number(soak, i + 1);
        fprintf(soak->spec.out, "  ");
        print_verdict(soak, run->verdict);
        fprintf(soak->spec.out, "  %s\n", run->path);
    }
}

void
soak_print_summary(const struct soak *soak)
{
    FILE *out = soak->spec.out;
    struct soak_sum sum;
    double whole_s = 0;

    soak_add_up(soak, NULL, &sum);
    for (size_t i = 0; i < soak->len; i++)
        whole_s += soak->runs[i].whole_s;
    fprintf(out, "\n%zu of %zu passed on %s in %.1f s\n", sum.passed, sum.runs,
            soak->spec.lab, whole_s);
    if (sum.runs < soak->len)
        fprintf(out, "one was interrupted, and does not count\n");
    if (soak->stopped != NULL)
        fprintf(out, "stopped behind run %zu of %zu: %s\n", soak->len,
                soak->spec.len * soak->spec.rounds, soak->stopped);
    print_not_passed(soak);
    fputc('\n', out);
    print_verdicts(soak);
    fputc('\n', out);
    print_measures(soak);
    fflush(out);
}
