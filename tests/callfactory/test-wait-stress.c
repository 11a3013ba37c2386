/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Threads signal, wait and add at random. Each event is signalled again only
 * when its last signal was consumed, so every signal has exactly one taker, and
 * at the end an event is signalled exactly when its last signal had none.
 */

#include "config.h"

#include "test-stranger.h"

#define N_EVENTS  12
#define N_THREADS 4
#define LONG      (30 * G_USEC_PER_SEC)

typedef struct
{
  gpointer        events[N_EVENTS];   /* (owned) the last few are strangers */
  gint            armed[N_EVENTS];    /* atomic; it has a signal that nobody took */
  gint            n_signals;          /* atomic */
  gint            n_taken;            /* atomic */
  ConvokeWaitSet *set;
  guint           n_rounds;
} Crowd;

typedef struct
{
  Crowd *crowd;
  GRand *rand;
} Member;

static void
took (Crowd    *crowd,
      gpointer  event)
{
  guint i = 0;

  while (crowd->events[i] != event)
    i++;

  g_assert_true (g_atomic_int_compare_and_exchange (&crowd->armed[i], 1, 0));
  g_atomic_int_inc (&crowd->n_taken);
}

static void
signal_some (Crowd *crowd,
             GRand *rand)
{
  guint i = g_rand_int_range (rand, 0, N_EVENTS);

  if (!g_atomic_int_compare_and_exchange (&crowd->armed[i], 0, 1))
    return;

  g_atomic_int_inc (&crowd->n_signals);
  g_assert_true (convoke_synchronize_signal (crowd->events[i], NULL));
}

static gint64
some_time (GRand *rand)
{
  return g_rand_int_range (rand, 0, 3) == 0 ? g_rand_int_range (rand, 1, 300) : 0;
}

static void
wait_for_one (Crowd *crowd,
              GRand *rand)
{
  gpointer event = crowd->events[g_rand_int_range (rand, 0, N_EVENTS)];

  if (convoke_synchronize_wait (event, CONVOKE_WAIT_DEFAULT, some_time (rand), NULL))
    took (crowd, event);
}

static void
wait_for_some (Crowd            *crowd,
               GRand            *rand,
               guint             n,
               ConvokeWaitFlags  flags)
{
  guint start = g_rand_int_range (rand, 0, N_EVENTS);
  gpointer some[N_EVENTS];
  g_autoptr (GError) error = NULL;
  guint index;

  for (guint i = 0; i < n; i++)
    some[i] = crowd->events[(start + i) % N_EVENTS];

  if (!convoke_wait_for_multiple ((ConvokeSynchronize **) some, n, flags, some_time (rand), &index, &error))
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  else if (flags & CONVOKE_WAIT_ALL)
    for (guint i = 0; i < n; i++)
      took (crowd, some[i]);
  else
    took (crowd, some[index]);
}

static void
add_some (Crowd *crowd,
          GRand *rand)
{
  g_autoptr (GError) error = NULL;

  if (!convoke_synchronize_container_add (CONVOKE_SYNCHRONIZE_CONTAINER (crowd->set),
                                          crowd->events[g_rand_int_range (rand, 0, N_EVENTS)], &error))
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
}

static void
wait_for_set (Crowd *crowd,
              GRand *rand)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ConvokeSynchronize) event = NULL;

  event = convoke_synchronize_container_wait_multiple (CONVOKE_SYNCHRONIZE_CONTAINER (crowd->set), CONVOKE_WAIT_DEFAULT,
                                                       some_time (rand), &error);
  if (event != NULL)
    took (crowd, event);
  else if (!g_error_matches (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC))
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static gpointer
member_thread (gpointer data)
{
  Member *member = data;
  Crowd *crowd = member->crowd;
  GRand *rand = member->rand;

  for (guint i = 0; i < crowd->n_rounds; i++)
    switch (g_rand_int_range (rand, 0, 10))
      {
      case 0:
        wait_for_one (crowd, rand);
        break;
      case 1:
        wait_for_some (crowd, rand, g_rand_int_range (rand, 1, N_EVENTS + 1), CONVOKE_WAIT_DEFAULT);
        break;
      case 2:
        wait_for_some (crowd, rand, g_rand_int_range (rand, 1, 4), CONVOKE_WAIT_ALL);
        break;
      case 3:
        wait_for_set (crowd, rand);
        break;
      case 4:
        add_some (crowd, rand);
        break;
      default:
        signal_some (crowd, rand);
      }

  return NULL;
}

static void
run_crowd (guint n_strangers)
{
  Crowd crowd = { .set = convoke_wait_set_new (), .n_rounds = g_test_slow () ? 200000 : 4000 };
  Member members[N_THREADS];
  GThread *threads[N_THREADS];

  for (guint i = 0; i < N_EVENTS; i++)
    crowd.events[i] = i < N_EVENTS - n_strangers ? (gpointer) convoke_event_new (FALSE) : test_stranger_new (FALSE);
  for (guint i = 0; i < N_THREADS; i++)
    {
      guint seed = g_test_rand_int ();

      g_test_message ("thread %u: seed %u", i, seed);
      members[i] = (Member) { &crowd, g_rand_new_with_seed (seed) };
      threads[i] = g_thread_new ("member", member_thread, &members[i]);
    }
  for (guint i = 0; i < N_THREADS; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (members[i].rand);
    }

  for (guint i = 0; i < N_EVENTS; i++)
    if (convoke_synchronize_wait (crowd.events[i], CONVOKE_WAIT_DEFAULT, 0, NULL))
      took (&crowd, crowd.events[i]);
  g_assert_cmpint (crowd.n_taken, ==, crowd.n_signals);

  g_object_unref (crowd.set);
  for (guint i = 0; i < N_EVENTS; i++)
    g_object_unref (crowd.events[i]);
}

static void
test_own (void)
{
  g_test_summary ("SY-28: whatever threads do at once, each signal of an automatic event is consumed exactly once");

  run_crowd (0);
}

static void
test_strangers (void)
{
  g_test_summary ("SY-28: the same with objects of the program among the events");

  run_crowd (3);
}

/* Nothing is polled here: each hand-over needs the wake of the one before. */
typedef struct
{
  gpointer events[3];
  guint    first;
  guint    n;
} Relay;

static gpointer
relay_thread (gpointer data)
{
  Relay *relay = data;

  for (guint i = 0; i < relay->n; i++)
    {
      gpointer mine[] = { relay->events[2], relay->events[relay->first] };
      guint index;

      g_assert_true (convoke_wait_for_multiple ((ConvokeSynchronize **) mine, 2, CONVOKE_WAIT_DEFAULT, LONG, &index, NULL));
      g_assert_cmpuint (index, ==, 1);
      g_assert_true (convoke_synchronize_signal (relay->events[1 - relay->first], NULL));
    }

  return NULL;
}

static void
test_relay (void)
{
  g_autoptr (ConvokeEvent) there = convoke_event_new (FALSE);
  g_autoptr (ConvokeEvent) back = convoke_event_new (FALSE);
  g_autoptr (ConvokeEvent) never = convoke_event_new (TRUE);
  Relay forth = { { there, back, never }, 0, 2000 };
  Relay home = { { there, back, never }, 1, 2000 };
  GThread *thread = g_thread_new ("relay", relay_thread, &forth);

  g_test_summary ("SY-11: no wake is lost between a look and a sleep, in thousands of hand-overs");

  g_assert_true (convoke_synchronize_signal (CONVOKE_SYNCHRONIZE (there), NULL));
  relay_thread (&home);
  g_thread_join (thread);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/wait-stress/own", test_own);
  g_test_add_func ("/callfactory/wait-stress/strangers", test_strangers);
  g_test_add_func ("/callfactory/wait-stress/relay", test_relay);

  return g_test_run ();
}
