/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-lock-private.h"

typedef struct
{
  ConvokeLock lock;
  guint       count;  /* LOCK: lock */
  guint       n_in;   /* (atomic) threads that are about to take the lock */
} Shared;

#define N_THREADS 4
#define N_TIMES   20000

static gpointer
count_cb (gpointer data)
{
  Shared *shared = data;

  for (guint i = 0; i < N_TIMES; i++)
    {
      convoke_lock_acquire (&shared->lock);
      shared->count++;
      convoke_lock_release (&shared->lock);
    }

  return NULL;
}

static void
test_excludes (void)
{
  GThread *threads[N_THREADS];
  Shared shared = { { 0 }, 0, 0 };

  g_test_summary ("What is done under the lock is done by one thread at a time");

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("counter", count_cb, &shared);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpuint (shared.count, ==, N_THREADS * N_TIMES);
  g_assert_cmpuint (shared.lock.word, ==, 0);
}

static gpointer
take_once_cb (gpointer data)
{
  Shared *shared = data;

  __atomic_fetch_add (&shared->n_in, 1, __ATOMIC_SEQ_CST);
  convoke_lock_acquire (&shared->lock);
  shared->count++;
  convoke_lock_release (&shared->lock);

  return NULL;
}

static void
test_wakes_all (void)
{
  GThread *threads[N_THREADS];
  Shared shared = { { 0 }, 0, 0 };

  g_test_summary ("Everybody who sleeps for the lock gets it, one after the other");

  convoke_lock_acquire (&shared.lock);
  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("sleeper", take_once_cb, &shared);

  /* One at least has seen the lock held; whether it sleeps already or is about to makes no difference. */
  while (__atomic_load_n (&shared.n_in, __ATOMIC_SEQ_CST) < N_THREADS ||
         __atomic_load_n (&shared.lock.word, __ATOMIC_SEQ_CST) != 2)
    g_thread_yield ();
  g_assert_cmpuint (shared.count, ==, 0);
  convoke_lock_release (&shared.lock);

  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (shared.count, ==, N_THREADS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/lock/excludes", test_excludes);
  g_test_add_func ("/callfactory/lock/wakes-all", test_wakes_all);

  return g_test_run ();
}
