/*
 * history.h - rows that scrolled off, packed: text and runs of style.
 *
 * Bounded twice: in rows, and in bytes, because a hostile row of single-cell
 * styles packs badly. Numbers go on counting whatever is dropped.
 */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TERM_HISTORY_H
#define TERM_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"
#include "term/row.h"

/* On average a row may take this; what is printed in practice takes a third. */
#define HISTORY_ROW_BYTES 1024

struct history;

struct history *history_new(uint32_t rows) MUST_CHECK;
void history_free(struct history *history);

/* Forget everything; the next row pushed gets this number. */
void history_restart(struct history *history, uint64_t next) NONNULL(1);

/*
 * Pack a row as the newest. The rows of an unfinished line stay until it is
 * finished, whatever the limit: its event must have its whole text.
 */
void history_push(struct history *history, const struct row *row) NONNULL(1, 2);

/* The rows within the limit are numbered [top, end). */
uint64_t history_top(const struct history *history) NONNULL(1);
uint64_t history_end(const struct history *history) NONNULL(1);

/* This row is here; also one that only an unfinished line still keeps. */
bool history_has(const struct history *history, uint64_t number) NONNULL(1);

/* All take the number of a row that is here. */
bool history_wrapped(const struct history *history, uint64_t number) NONNULL(1);
void history_row(const struct history *history, uint64_t number,
                 struct term_cell *cells, int cols) NONNULL(1, 3);
void history_text(const struct history *history, uint64_t number,
                  struct buf *text) NONNULL(1, 3);

/* The newest row's line ends with it after all; nothing when empty. */
void history_unwrap_last(struct history *history) NONNULL(1);

#endif
