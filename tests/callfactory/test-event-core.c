/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <unistd.h>

#include "convoke-event-core-private.h"
#include "convoke-futex-private.h"

#include "test-util.h"

static void
test_initial (void)
{
  ConvokeEventCore core;

  g_test_summary ("A new event is not set (SY-5)");

  convoke_event_core_init (&core);
  g_assert_false (convoke_event_core_is_set (&core));
  g_assert_false (convoke_event_core_take (&core, FALSE));
  g_assert_false (convoke_event_core_take (&core, TRUE));
  convoke_event_core_clear (&core);
}

static void
test_set_reset (void)
{
  ConvokeEventCore core;

  g_test_summary ("Set and reset work in any state, any number of times (SY-4)");

  convoke_event_core_init (&core);
  convoke_event_core_set (&core);
  convoke_event_core_set (&core);
  g_assert_true (convoke_event_core_take (&core, FALSE));
  g_assert_true (convoke_event_core_take (&core, FALSE));
  convoke_event_core_reset (&core);
  convoke_event_core_reset (&core);
  g_assert_false (convoke_event_core_is_set (&core));
  convoke_event_core_clear (&core);
}

static void
test_consume (void)
{
  ConvokeEventCore core;

  g_test_summary ("One taker consumes; two signals count as one (SY-7)");

  convoke_event_core_init (&core);
  convoke_event_core_set_one (&core);
  convoke_event_core_set_one (&core);
  g_assert_true (convoke_event_core_take (&core, TRUE));
  g_assert_false (convoke_event_core_take (&core, TRUE));
  convoke_event_core_clear (&core);
}

static void
test_set_begin (void)
{
  ConvokeEventCore core;

  g_test_summary ("A wake is due only for waiters, and only for the first set");

  convoke_event_core_init (&core);
  g_assert_false (convoke_event_core_set_begin (&core));
  convoke_event_core_reset (&core);
  convoke_event_core_enter (&core);
  g_assert_true (convoke_event_core_set_begin (&core));
  g_assert_false (convoke_event_core_set_begin (&core));
  convoke_event_core_leave (&core);
  convoke_event_core_clear (&core);
}

static void
test_wake_after_free (void)
{
  ConvokeEventCore *core = g_new0 (ConvokeEventCore, 1);

  g_test_summary ("The wake needs the address only, not the memory");

  convoke_event_core_init (core);
  convoke_event_core_enter (core);
  g_assert_true (convoke_event_core_set_begin (core));
  convoke_event_core_clear (core);
  g_free (core);
  convoke_event_core_wake (core);
}

typedef struct
{
  ConvokeEventCore *core; /* (atomic) the waiter's, freed as soon as it is set */
} Posted;

static gpointer
set_last_cb (gpointer data)
{
  Posted *posted = data;

  for (guint i = 0; i < 2000; i++)
    {
      ConvokeEventCore *core;

      while ((core = __atomic_exchange_n (&posted->core, NULL, __ATOMIC_ACQUIRE)) == NULL)
        g_thread_yield ();
      convoke_event_core_set_last (core);
    }

  return NULL;
}

static void
test_set_last (void)
{
  Posted posted = { NULL };
  GThread *thread = g_thread_new ("setter", set_last_cb, &posted);

  g_test_summary ("The last set touches nothing once the waiter can see it");

  for (guint i = 0; i < 2000; i++)
    {
      ConvokeEventCore *core = g_new (ConvokeEventCore, 1);

      convoke_event_core_init (core);
      __atomic_store_n (&posted.core, core, __ATOMIC_RELEASE);
      convoke_event_core_enter (core);
      for (guint seen = convoke_event_core_peek (core); !convoke_event_core_is_set (core);
           seen = convoke_event_core_peek (core))
        convoke_event_core_park (core, seen, -1);
      convoke_event_core_clear (core);
      g_free (core);
    }
  g_thread_join (thread);
}

static void
test_park_deadline (void)
{
  ConvokeEventCore core;
  guint seen;

  g_test_summary ("Parking ends at the deadline, a past one included");

  convoke_event_core_init (&core);
  convoke_event_core_enter (&core);
  seen = convoke_event_core_peek (&core);
  g_assert_false (convoke_event_core_park (&core, seen, g_get_monotonic_time () + 2000));
  g_assert_false (convoke_event_core_park (&core, seen, 0));
  convoke_event_core_leave (&core);
  convoke_event_core_clear (&core);
}

static void
test_no_sleep_after_change (void)
{
  ConvokeEventCore core;
  guint seen;

  g_test_summary ("Who looked before a change does not fall asleep after it");

  convoke_event_core_init (&core);
  convoke_event_core_enter (&core);

  seen = convoke_event_core_peek (&core);
  convoke_event_core_poke (&core);
  g_assert_true (convoke_event_core_park (&core, seen, -1));
  g_assert_false (convoke_event_core_was_set_since (&core, seen));

  seen = convoke_event_core_peek (&core);
  convoke_event_core_set (&core);
  convoke_event_core_reset (&core);
  g_assert_true (convoke_event_core_park (&core, seen, -1));
  g_assert_true (convoke_event_core_was_set_since (&core, seen));

  convoke_event_core_leave (&core);
  convoke_event_core_clear (&core);
}

static void
test_poke_is_no_set (void)
{
  ConvokeEventCore core;
  guint seen;

  g_test_summary ("Any number of pokes never looks like a set");

  convoke_event_core_init (&core);
  seen = convoke_event_core_peek (&core);
  for (guint i = 0; i < 100000; i++)
    {
      convoke_event_core_poke (&core);
      g_assert_false (convoke_event_core_was_set_since (&core, seen));
    }
  convoke_event_core_clear (&core);
}

static void
test_fd_follows (void)
{
  ConvokeEventCore core;
  g_autoptr (GError) error = NULL;
  int fd;

  g_test_summary ("The descriptor is readable exactly while set (SY-13)");

  convoke_event_core_init (&core);
  fd = convoke_event_core_get_fd (&core, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (convoke_event_core_get_fd (&core, NULL), ==, fd);
  g_assert_false (is_readable (fd));

  for (guint i = 0; i < 3; i++)
    {
      convoke_event_core_set (&core);
      convoke_event_core_set (&core);
      g_assert_true (is_readable (fd));
      convoke_event_core_reset (&core);
      convoke_event_core_reset (&core);
      g_assert_false (is_readable (fd));
    }

  convoke_event_core_set_one (&core);
  g_assert_true (is_readable (fd));
  g_assert_true (convoke_event_core_take (&core, TRUE));
  g_assert_false (is_readable (fd));
  convoke_event_core_clear (&core);
}

static void
test_fd_late (void)
{
  ConvokeEventCore core;

  g_test_summary ("A descriptor made while set is readable at once (SY-13)");

  convoke_event_core_init (&core);
  convoke_event_core_set (&core);
  g_assert_true (is_readable (convoke_event_core_get_fd (&core, NULL)));
  convoke_event_core_clear (&core);
}

#define N_ROUNDS 300

typedef struct
{
  ConvokeEventCore core;
  Count            ready;
  guint            go;    /* atomic: the round */
  gint             fds[2];
} Stress;

static gpointer
stress_cb (gpointer data)
{
  Stress *stress = data;

  for (guint round = 1; round <= N_ROUNDS; round++)
    {
      while (__atomic_load_n (&stress->go, __ATOMIC_ACQUIRE) < round)
        g_thread_yield ();

      for (guint i = 0; i < 20; i++)
        {
          convoke_event_core_set (&stress->core);
          convoke_event_core_reset (&stress->core);
          if (i == 10)
            convoke_event_core_get_fd (&stress->core, NULL);
        }
      if (round % 2)
        convoke_event_core_set (&stress->core);
      count_add (&stress->ready);
    }

  return NULL;
}

static void
test_fd_at_rest (void)
{
  Stress stress = { 0, };
  GThread *threads[3];

  g_test_summary ("At rest the descriptor and the word agree, whatever raced before");

  convoke_event_core_init (&stress.core);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("stress", stress_cb, &stress);

  for (guint round = 1; round <= N_ROUNDS; round++)
    {
      __atomic_store_n (&stress.go, round, __ATOMIC_RELEASE);
      g_assert_true (count_wait (&stress.ready, round * G_N_ELEMENTS (threads)));
      g_assert_cmpint (is_readable (convoke_event_core_get_fd (&stress.core, NULL)), ==,
                       convoke_event_core_is_set (&stress.core));
    }

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  convoke_event_core_clear (&stress.core);
}

typedef struct
{
  ConvokeEventCore ping;
  ConvokeEventCore pong;
  guint            payload; /* guarded by the events only */
} PingPong;

#define N_PINGS 20000

static void
park_until_taken (ConvokeEventCore *core)
{
  convoke_event_core_enter (core);
  for (;;)
    {
      guint seen = convoke_event_core_peek (core);

      if (convoke_event_core_take (core, TRUE))
        break;
      convoke_event_core_park (core, seen, -1);
    }
  convoke_event_core_leave (core);
}

static gpointer
ping_cb (gpointer data)
{
  PingPong *game = data;

  for (guint i = 0; i < N_PINGS; i++)
    {
      park_until_taken (&game->ping);
      game->payload++;
      convoke_event_core_set_one (&game->pong);
    }

  return NULL;
}

static void
test_ping_pong (void)
{
  PingPong game = { 0, };
  GThread *thread;

  g_test_summary ("No wake is lost, and what was written before a set is seen after it");

  thread = g_thread_new ("ping", ping_cb, &game);
  for (guint i = 0; i < N_PINGS; i++)
    {
      game.payload++;
      convoke_event_core_set_one (&game.ping);
      park_until_taken (&game.pong);
    }
  g_thread_join (thread);
  g_assert_cmpuint (game.payload, ==, 2 * N_PINGS);
}

typedef struct
{
  ConvokeEventWatch watch;
  guint             n;
} Tally;

static ConvokeEventCore *
count_change (ConvokeEventWatch *watch)
{
  ((Tally *) watch)->n++;

  return NULL;
}

static void
test_watch (void)
{
  ConvokeEventCore core;
  Tally first = { { .changed = count_change }, 0 };
  Tally second = { { .changed = count_change }, 0 };

  g_test_summary ("Each change is told to all who watch, with and without a descriptor, and to nobody who stopped");

  convoke_event_core_init (&core);
  convoke_event_core_watch (&core, &first.watch);
  convoke_event_core_set (&core);
  convoke_event_core_watch (&core, &second.watch);
  convoke_event_core_get_fd (&core, NULL);
  convoke_event_core_reset (&core);
  g_assert_cmpuint (first.n, ==, 2);
  g_assert_cmpuint (second.n, ==, 1);
  convoke_event_core_unwatch (&core, &first.watch);
  convoke_event_core_set_one (&core);
  convoke_event_core_unwatch (&core, &second.watch);
  convoke_event_core_reset (&core);
  g_assert_cmpuint (first.n, ==, 2);
  g_assert_cmpuint (second.n, ==, 2);
  convoke_event_core_clear (&core);
}

static void
test_watch_opens_nothing (void)
{
  ConvokeEventCore core;
  Tally tally = { { .changed = count_change }, 0 };
  int fds[2];

  g_test_summary ("A watch needs no descriptor; one that is asked for later follows all the same (SY-13)");

  convoke_event_core_init (&core);
  g_assert_cmpint (fds[0] = dup (0), >=, 0);
  close (fds[0]);
  convoke_event_core_watch (&core, &tally.watch);
  convoke_event_core_set (&core);
  g_assert_cmpint (fds[1] = dup (0), ==, fds[0]);
  close (fds[1]);
  g_assert_true (is_readable (convoke_event_core_get_fd (&core, NULL)));
  convoke_event_core_reset (&core);
  g_assert_false (is_readable (convoke_event_core_get_fd (&core, NULL)));
  convoke_event_core_unwatch (&core, &tally.watch);
  convoke_event_core_clear (&core);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/event-core/initial", test_initial);
  g_test_add_func ("/callfactory/event-core/set-reset", test_set_reset);
  g_test_add_func ("/callfactory/event-core/consume", test_consume);
  g_test_add_func ("/callfactory/event-core/set-begin", test_set_begin);
  g_test_add_func ("/callfactory/event-core/wake-after-free", test_wake_after_free);
  g_test_add_func ("/callfactory/event-core/set-last", test_set_last);
  g_test_add_func ("/callfactory/event-core/park-deadline", test_park_deadline);
  g_test_add_func ("/callfactory/event-core/no-sleep-after-change", test_no_sleep_after_change);
  g_test_add_func ("/callfactory/event-core/poke-is-no-set", test_poke_is_no_set);
  g_test_add_func ("/callfactory/event-core/fd-follows", test_fd_follows);
  g_test_add_func ("/callfactory/event-core/fd-late", test_fd_late);
  g_test_add_func ("/callfactory/event-core/fd-at-rest", test_fd_at_rest);
  g_test_add_func ("/callfactory/event-core/watch", test_watch);
  g_test_add_func ("/callfactory/event-core/watch-opens-nothing", test_watch_opens_nothing);
  g_test_add_func ("/callfactory/event-core/ping-pong", test_ping_pong);

  return g_test_run ();
}
