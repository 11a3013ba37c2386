/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "bench.h"

#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct
{
  guint in;        /* the producer's own */
  guint done;      /* atomic; written by the worker */
  guint target;    /* atomic; what the sleeping producer waits for, valid while asleep */
  guint asleep;    /* atomic; the producer's futex */
} window;

static gint64
now_ns (clockid_t clock)
{
  struct timespec ts;

  clock_gettime (clock, &ts);

  return (gint64) ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void
pin (int cpu)
{
  cpu_set_t set;

  if (cpu < 0)
    return;

  CPU_ZERO (&set);
  CPU_SET (cpu, &set);
  if (sched_setaffinity (0, sizeof set, &set) != 0)
    {
      perror ("sched_setaffinity");
      exit (1);
    }
}

void
bench_futex_wait (guint *word,
                  guint  seen)
{
  syscall (SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

void
bench_futex_wake (guint *word)
{
  syscall (SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* What every call does, here or there: little, but not nothing. */
gint32
bench_method (gint32      number,
              const char *text)
{
  return number + (gint32) strlen (text);
}

void
bench_window_reset (void)
{
  memset (&window, 0, sizeof window);
}

static void
window_wait (guint target)
{
  if ((int) (__atomic_load_n (&window.done, __ATOMIC_ACQUIRE) - target) >= 0)
    return;

  __atomic_store_n (&window.target, target, __ATOMIC_RELAXED);
  __atomic_store_n (&window.asleep, 1, __ATOMIC_SEQ_CST);

  if ((int) (__atomic_load_n (&window.done, __ATOMIC_SEQ_CST) - target) >= 0)
    __atomic_store_n (&window.asleep, 0, __ATOMIC_RELAXED);

  while (__atomic_load_n (&window.asleep, __ATOMIC_ACQUIRE) != 0)
    bench_futex_wait (&window.asleep, 1);
}

void
bench_window_in (void)
{
  if (window.in - __atomic_load_n (&window.done, __ATOMIC_ACQUIRE) >= BENCH_WINDOW)
    window_wait (window.in - BENCH_WINDOW / 2);

  window.in++;
}

void
bench_window_out (void)
{
  guint done = __atomic_add_fetch (&window.done, 1, __ATOMIC_SEQ_CST);

  if (__atomic_load_n (&window.asleep, __ATOMIC_SEQ_CST) == 0 ||
      (int) (done - __atomic_load_n (&window.target, __ATOMIC_RELAXED)) < 0)
    return;

  __atomic_store_n (&window.asleep, 0, __ATOMIC_RELEASE);
  bench_futex_wake (&window.asleep);
}

void
bench_window_drain (void)
{
  window_wait (window.in);
}

/* Doubles the count until a batch fills the time, so that the last, longest batch is the result. */
static void
run_timed (const BenchCase *bench,
           gint64           budget)
{
  gint64 wall = 0;
  gint64 cpu = 0;
  guint64 n = 1;

  for (;;)
    {
      cpu = now_ns (CLOCK_PROCESS_CPUTIME_ID);
      wall = now_ns (CLOCK_MONOTONIC);
      bench->run (n);
      wall = now_ns (CLOCK_MONOTONIC) - wall;
      cpu = now_ns (CLOCK_PROCESS_CPUTIME_ID) - cpu;

      if (wall >= budget / 2)
        break;

      n = wall < budget / 32 ? n * 8 : n * 2;
    }

  printf ("{\"value\": %.2f, \"cpu_ns\": %.2f, \"ops\": %" G_GUINT64_FORMAT "}\n",
          (double) wall / n, (double) cpu / n, n);
}

static const BenchCase *
find_case (const BenchCase *cases,
           gsize            n_cases,
           const char      *name)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      if (g_str_equal (cases[i].name, name))
        return &cases[i];
    }

  return NULL;
}

int
bench_main (int               argc,
            char            **argv,
            const BenchCase  *cases,
            gsize             n_cases)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("CASE");
  g_autoptr (GError) error = NULL;
  int ms = 100;
  int cpu = -1;
  int worker_cpu = -1;
  gboolean list = FALSE;
  const GOptionEntry entries[] = {
    { "ms", 0, 0, G_OPTION_ARG_INT, &ms, "How long to measure", "MILLISECONDS" },
    { "cpu", 0, 0, G_OPTION_ARG_INT, &cpu, "Pin the caller, and the worker if not told otherwise", "CPU" },
    { "worker-cpu", 0, 0, G_OPTION_ARG_INT, &worker_cpu, "Pin the worker", "CPU" },
    { "list", 0, 0, G_OPTION_ARG_NONE, &list, "List the cases that were built", NULL },
    { NULL }
  };
  const BenchCase *bench;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }

  if (list)
    {
      for (gsize i = 0; i < n_cases; i++)
        puts (cases[i].name);
      return 0;
    }

  bench = argc == 2 ? find_case (cases, n_cases, argv[1]) : NULL;
  if (bench == NULL)
    {
      fprintf (stderr, "Name one case; --list lists them\n");
      return 2;
    }

  pin (worker_cpu >= 0 ? worker_cpu : cpu);

  if (bench->measure != NULL)
    {
      printf ("{\"value\": %.2f}\n", bench->measure ());
      return 0;
    }

  if (bench->setup != NULL)
    bench->setup ();

  if (worker_cpu >= 0)
    pin (cpu);

  run_timed (bench, ms * (gint64) 1000000);

  if (bench->teardown != NULL)
    bench->teardown ();

  return 0;
}
