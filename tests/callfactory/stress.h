/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Threads that do something at random many times. The seed is printed, and
 * CONVOKE_TEST_SEED repeats it.
 */

#include <stdlib.h>
#include <string.h>

#include <glib.h>

#define STRESS_THREADS 4
#define STRESS_CALLS   100000 /* of all threads together */

/* Fewer where each instruction is translated. */
static inline guint
stress_rounds (guint n)
{
  const char *preload = g_getenv ("LD_PRELOAD");

  return preload != NULL && strstr (preload, "vgpreload") != NULL ? MAX (n / 50, 1) : n;
}

static inline guint32
stress_seed (void)
{
  const char *given = g_getenv ("CONVOKE_TEST_SEED");
  guint32 seed = given != NULL ? (guint32) strtoul (given, NULL, 10) : (guint32) g_test_rand_int ();

  g_test_message ("seed %u", seed);
  return seed;
}

typedef struct
{
  GRand    *random;
  gpointer  data;
  guint     number;
  guint     n_rounds;
} StressThread;

typedef void (*StressFunc) (StressThread *thread);

typedef struct
{
  StressThread thread;
  StressFunc   func;
} StressStart;

static inline gpointer
stress_start (gpointer data)
{
  StressStart *start = data;

  start->func (&start->thread);
  return NULL;
}

/* Runs @func on STRESS_THREADS threads, each with its own random numbers and its share of @n_calls. */
static inline void
stress_run (StressFunc func,
            gpointer   data,
            guint      n_calls)
{
  guint32 seed = stress_seed ();
  StressStart starts[STRESS_THREADS];
  GThread *threads[STRESS_THREADS];

  for (guint i = 0; i < STRESS_THREADS; i++)
    {
      starts[i].thread = (StressThread) { g_rand_new_with_seed (seed + i), data, i, stress_rounds (n_calls) / STRESS_THREADS };
      starts[i].func = func;
      threads[i] = g_thread_new ("stress", stress_start, &starts[i]);
    }
  for (guint i = 0; i < STRESS_THREADS; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (starts[i].thread.random);
    }
}

/* Waits until *@count (atomic) is @n; FALSE: not within a minute. */
static inline gboolean
stress_wait (gint *count,
             gint  n)
{
  gint64 limit = g_get_monotonic_time () + 60 * G_USEC_PER_SEC;

  while (g_atomic_int_get (count) != n)
    {
      if (g_get_monotonic_time () > limit)
        return FALSE;
      g_thread_yield ();
    }

  return TRUE;
}
