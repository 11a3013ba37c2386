/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the benchmark programs share.
 *
 * A program measures one row. It has named cases (the limit, the peers, ours)
 * and runs the one that it is told to, pinned, for a bounded time; the driver
 * (run-bench) interleaves the cases and takes the medians.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;

  /* Makes what the case needs and runs it once, so that its worker exists. With two cores the process is on the
   * worker's core meanwhile: the worker inherits that, then the caller moves away. */
  void (*setup)    (void);
  void (*run)      (guint64 n);
  void (*teardown) (void);

  /* Instead of the three: the figure itself, and of how many operations the CPU time is meant; 0: it is not. */
  double (*measure) (void);
  guint    operations;

  /* The worker is another process: all threads of this one move away. */
  gboolean process;
} BenchCase;

int  bench_main (int               argc,
                 char            **argv,
                 const BenchCase  *cases,
                 gsize             n_cases);

/* A process that this one started; 0: there is none. */
GPid bench_child        (void);
void bench_end_children (void);

/* A futex as the limits use it. */
void bench_futex_wait (guint *word,
                       guint  seen);
void bench_futex_wake (guint *word);

/* The argument of every call: 32 bytes. */
#define BENCH_TEXT "0123456789abcdef0123456789abcdef"

gint32 bench_method (gint32      number,
                     const char *text);

/*
 * A bounded number of items under way. The producer counts them in and sleeps
 * while BENCH_WINDOW are; the one worker counts them out and wakes it when
 * half of them are done.
 */
#define BENCH_WINDOW 1024

void bench_window_reset (void);
void bench_window_in    (void);
void bench_window_out   (void);
void bench_window_drain (void);

G_END_DECLS
