/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "test-feed.h"
#include "test-stranger.h"
#include "test-util.h"

#define LONG (30 * G_USEC_PER_SEC)

static void
signal_object (gpointer object)
{
  g_autoptr (GError) error = NULL;

  convoke_synchronize_signal (object, &error);
  g_assert_no_error (error);
}

static gboolean
is_signalled (gpointer object)
{
  return convoke_synchronize_wait (object, CONVOKE_WAIT_DEFAULT, 0, NULL);
}

static void
add (ConvokeWaitSet *set,
     gpointer        object)
{
  g_autoptr (GError) error = NULL;

  convoke_synchronize_container_add (CONVOKE_SYNCHRONIZE_CONTAINER (set), object, &error);
  g_assert_no_error (error);
}

static void
assert_not_added (ConvokeWaitSet *set,
                  gpointer        object,
                  ConvokeError    code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (convoke_synchronize_container_add (CONVOKE_SYNCHRONIZE_CONTAINER (set), object, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

static gpointer
wait_set (ConvokeWaitSet    *set,
          ConvokeWaitFlags   flags,
          gint64             timeout,
          GError           **error)
{
  return convoke_synchronize_container_wait_multiple (CONVOKE_SYNCHRONIZE_CONTAINER (set), flags, timeout, error);
}

static void
assert_comes (ConvokeWaitSet   *set,
              ConvokeWaitFlags  flags,
              gpointer          expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) found = wait_set (set, flags, LONG, &error);

  g_assert_no_error (error);
  g_assert_true ((gpointer) found == expected);
}

static void
assert_none (ConvokeWaitSet   *set,
             ConvokeWaitFlags  flags,
             gint64            timeout,
             ConvokeError      code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (wait_set (set, flags, timeout, &error));
  g_assert_error (error, CONVOKE_ERROR, (gint) code);
}

/* --- what is told --- */

static void
test_codes (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

  g_test_summary ("T-SY-11, SY-32, SY-33: no waiting for all; nothing to wait for; a time that is over, as everywhere (P-1)");

  assert_none (set, CONVOKE_WAIT_ALL, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_none (set, 2, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_none (set, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_NO_SYNC);
  add (set, event);
  assert_none (set, CONVOKE_WAIT_ALL, LONG, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_none (set, CONVOKE_WAIT_DEFAULT, 0, CONVOKE_ERROR_TIMEOUT);
  assert_none (set, CONVOKE_WAIT_DEFAULT, 1000, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpuint (convoke_wait_set_get_n_members (set), ==, 1);
}

static void
test_without_handle (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (GObject) handleless = test_handleless_new ();

  g_test_summary ("SY-30: an object without a descriptor is refused, and not kept");

  assert_not_added (set, handleless, CONVOKE_ERROR_NO_INTERFACE);
  g_assert_cmpuint (handleless->ref_count, ==, 1);
  g_assert_cmpuint (convoke_wait_set_get_n_members (set), ==, 0);
}

static void
test_full (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (ConvokeEvent) last = convoke_event_new (TRUE);

  g_test_summary ("T-SY-9, SY-31: 63 members, and no more until one has come");

  for (guint i = 0; i < 63; i++)
    {
      g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

      if (i == 40)
        signal_object (event);
      add (set, event);
    }
  assert_not_added (set, last, CONVOKE_ERROR_OUT_OF_RESOURCES);
  g_object_unref (wait_set (set, CONVOKE_WAIT_DEFAULT, LONG, NULL));
  add (set, last);
  g_assert_cmpuint (convoke_wait_set_get_n_members (set), ==, 63);
}

static void
test_same_twice (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

  g_test_summary ("SY-30: a member cannot be added again, unless it has come");

  add (set, event);
  assert_not_added (set, event, CONVOKE_ERROR_ALREADY_REGISTERED);
  signal_object (event);
  assert_comes (set, CONVOKE_WAIT_DEFAULT, event);
  add (set, event);
}

/* --- members --- */

static void
test_comes_once (gconstpointer data)
{
  gboolean strange = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (GObject) first = strange ? G_OBJECT (test_stranger_new (TRUE)) : G_OBJECT (convoke_event_new (TRUE));
  g_autoptr (GObject) second = strange ? G_OBJECT (test_stranger_new (FALSE)) : G_OBJECT (convoke_event_new (FALSE));

  g_test_summary ("SY-34, SY-35, P-8: each member comes once, in order, and is not reset, but consumed");

  add (set, first);
  add (set, second);
  signal_object (second);
  signal_object (first);
  assert_comes (set, CONVOKE_WAIT_DEFAULT, first);
  assert_comes (set, CONVOKE_WAIT_DEFAULT, second);
  assert_none (set, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_NO_SYNC);
  g_assert_true (is_signalled (first));
  g_assert_false (is_signalled (second));
}

static void
test_references (void)
{
  ConvokeWaitSet *set = convoke_wait_set_new ();
  ConvokeEvent *taken = convoke_event_new (TRUE);
  ConvokeEvent *left = convoke_event_new (TRUE);
  gpointer weak_taken = taken;
  gpointer weak_left = left;

  g_test_summary ("SY-30, SY-34: a member is kept; the one that comes is the caller's; the rest goes with the container");

  g_object_add_weak_pointer (G_OBJECT (taken), &weak_taken);
  g_object_add_weak_pointer (G_OBJECT (left), &weak_left);
  signal_object (taken);
  add (set, taken);
  add (set, left);
  g_object_unref (taken);
  g_object_unref (left);
  g_assert_nonnull (weak_taken);
  g_object_unref (wait_set (set, CONVOKE_WAIT_DEFAULT, LONG, NULL));
  g_assert_null (weak_taken);
  g_assert_nonnull (weak_left);
  g_object_unref (set);
  g_assert_null (weak_left);
}

static void
test_remove (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);

  g_test_summary ("A member that is not waited for any more can be removed, once");

  add (set, event);
  g_assert_true (convoke_wait_set_remove (set, CONVOKE_SYNCHRONIZE (event)));
  g_assert_false (convoke_wait_set_remove (set, CONVOKE_SYNCHRONIZE (event)));
  g_assert_cmpuint (G_OBJECT (event)->ref_count, ==, 1);
  assert_none (set, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_NO_SYNC);
}

/* --- calls --- */

#define N_CALLS 20

static void
test_calls (gconstpointer data)
{
  ConvokeThreading threading = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (TestFeed) feed = test_feed_new (threading, test_price_by_length, NULL);
  g_autoptr (GError) error = NULL;
  guint n = 0;

  g_test_summary ("CF-24, SY-34: calls that were begun come one by one as they end, until none is left");

  for (guint i = 0; i < N_CALLS; i++)
    {
      g_autoptr (ConvokeCall) call = test_call_new (feed);

      g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
      add (set, call);
    }

  while (error == NULL)
    {
      g_autoptr (ConvokeCall) call = wait_set (set, CONVOKE_WAIT_DEFAULT, LONG, &error);
      double price;

      if (call == NULL)
        break;
      g_assert_true (convoke_call_finish (call, "get_price", NULL, &price));
      g_assert_cmpfloat (price, ==, 3);
      n++;
    }
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC);
  g_assert_cmpuint (n, ==, N_CALLS);
}

static void
test_idle_call (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);

  g_test_summary ("SY-33: an idle call object is passed over; when there is nothing else, there is nothing to wait for");

  /* Finished: its event is still set. */
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_finish (call, "get_price", NULL, NULL));
  add (set, call);
  assert_none (set, CONVOKE_WAIT_DEFAULT, LONG, CONVOKE_ERROR_NO_SYNC);
  add (set, event);
  assert_none (set, CONVOKE_WAIT_DEFAULT, 0, CONVOKE_ERROR_TIMEOUT);
  signal_object (event);
  assert_comes (set, CONVOKE_WAIT_DEFAULT, event);
}

/* --- what happens during a wait: in a method that the wait itself serves --- */

typedef struct
{
  ConvokeWaitSet *set;
  ConvokeEvent   *first;    /* a member */
  gpointer        second;   /* none yet */
  ConvokeCall    *idle;     /* a member */
} Scene;

static void
play (TestGetPrice      what,
      Scene            *scene,
      gpointer          expected,
      ConvokeError      code)
{
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, what, scene);
  g_autoptr (ConvokeCall) call = test_call_new (mine);

  add (scene->set, scene->first);
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  if (expected != NULL)
    assert_comes (scene->set, CONVOKE_WAIT_DISPATCH_CALLS, expected);
  else
    assert_none (scene->set, CONVOKE_WAIT_DISPATCH_CALLS, LONG, code);
  g_assert_true (convoke_call_wait (call, 0, NULL));
}

static double
add_signalled (TestFeed    *feed,
               const char  *item,
               gpointer     data,
               GError     **error)
{
  Scene *scene = data;

  add (scene->set, scene->second);
  signal_object (scene->second);

  return 0;
}

static void
test_added_during_wait (gconstpointer data)
{
  gboolean strange = GPOINTER_TO_INT (data);
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (ConvokeEvent) first = convoke_event_new (TRUE);
  g_autoptr (GObject) second = strange ? G_OBJECT (test_stranger_new (FALSE)) : G_OBJECT (convoke_event_new (FALSE));
  Scene scene = { set, first, second, NULL };

  g_test_summary ("SY-30: a wait that is under way waits for what is added, too");

  play (add_signalled, &scene, second, 0);
}

static double
take_first (TestFeed    *feed,
            const char  *item,
            gpointer     data,
            GError     **error)
{
  Scene *scene = data;

  signal_object (scene->first);
  assert_comes (scene->set, CONVOKE_WAIT_DEFAULT, scene->first);

  return 0;
}

static void
test_emptied_during_wait (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (ConvokeEvent) first = convoke_event_new (TRUE);
  Scene scene = { set, first, NULL, NULL };

  g_test_summary ("SY-33, SY-34: a wait ends when another took the last member, which it does not get as well");

  play (take_first, &scene, NULL, CONVOKE_ERROR_NO_SYNC);
}

static double
begin_idle (TestFeed    *feed,
            const char  *item,
            gpointer     data,
            GError     **error)
{
  Scene *scene = data;

  g_assert_true (convoke_call_begin (scene->idle, "get_price", NULL, "tea"));

  return 0;
}

static void
test_begun_during_wait (void)
{
  g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
  g_autoptr (ConvokeEvent) first = convoke_event_new (TRUE);
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_by_length, NULL);
  g_autoptr (ConvokeCall) idle = test_call_new (feed);
  Scene scene = { set, first, NULL, idle };

  g_test_summary ("A wait that is under way learns of a call that one of its members begins");

  add (set, idle);
  play (begin_idle, &scene, idle, 0);
  g_assert_true (convoke_call_finish (idle, "get_price", NULL, NULL));
}

/* --- several threads --- */

static gpointer
wait_thread (gpointer data)
{
  return wait_set (data, CONVOKE_WAIT_DEFAULT, LONG, NULL);
}

static void
test_added_from_elsewhere (void)
{
  g_autoptr (ConvokeEvent) never = convoke_event_new (TRUE);

  g_test_summary ("SY-30: a thread that sleeps in a wait is woken by what another adds");

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (ConvokeWaitSet) set = convoke_wait_set_new ();
      g_autoptr (ConvokeEvent) event = convoke_event_new (FALSE);
      g_autoptr (GObject) found = NULL;
      GThread *thread;

      add (set, never);
      thread = g_thread_new ("waiter", wait_thread, set);
      if (i % 2 == 0)
        g_usleep (500);   /* mostly it sleeps by then; either way it has to come back */
      add (set, event);
      signal_object (event);
      found = g_thread_join (thread);
      g_assert_true ((gpointer) found == event);
    }
}

#define N_WAITERS 4
#define N_EVENTS  60

typedef struct
{
  ConvokeWaitSet *set;
  gint            came[N_EVENTS];   /* atomic */
  ConvokeEvent   *events[N_EVENTS];
} Crowd;

static gpointer
crowd_thread (gpointer data)
{
  Crowd *crowd = data;
  g_autoptr (GError) error = NULL;
  gpointer found;

  while ((found = wait_set (crowd->set, CONVOKE_WAIT_DEFAULT, LONG, &error)) != NULL)
    {
      for (guint i = 0; i < N_EVENTS; i++)
        if (crowd->events[i] == found)
          g_atomic_int_inc (&crowd->came[i]);
      g_object_unref (found);
    }
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC);

  return NULL;
}

static void
test_never_the_same (void)
{
  Crowd crowd = { convoke_wait_set_new (), };
  GThread *threads[N_WAITERS];

  g_test_summary ("SY-34: several threads that wait for manual events of one container never get the same one, and all end");

  for (guint i = 0; i < N_EVENTS; i++)
    add (crowd.set, crowd.events[i] = convoke_event_new (i % 3 != 0));
  for (guint i = 0; i < N_WAITERS; i++)
    threads[i] = g_thread_new ("waiter", crowd_thread, &crowd);
  for (guint i = 0; i < N_EVENTS; i++)
    signal_object (crowd.events[i]);
  for (guint i = 0; i < N_WAITERS; i++)
    g_thread_join (threads[i]);
  for (guint i = 0; i < N_EVENTS; i++)
    {
      g_assert_cmpint (crowd.came[i], ==, 1);
      g_object_unref (crowd.events[i]);
    }
  g_object_unref (crowd.set);
}

static void
add_both (const char    *path,
          GTestDataFunc  func)
{
  g_autofree char *own = g_strconcat ("/callfactory/wait-set/", path, "/own", NULL);
  g_autofree char *strange = g_strconcat ("/callfactory/wait-set/", path, "/strange", NULL);

  g_test_add_data_func (own, GINT_TO_POINTER (FALSE), func);
  g_test_add_data_func (strange, GINT_TO_POINTER (TRUE), func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/wait-set/codes", test_codes);
  g_test_add_func ("/callfactory/wait-set/without-handle", test_without_handle);
  g_test_add_func ("/callfactory/wait-set/full", test_full);
  g_test_add_func ("/callfactory/wait-set/same-twice", test_same_twice);
  add_both ("comes-once", test_comes_once);
  g_test_add_func ("/callfactory/wait-set/references", test_references);
  g_test_add_func ("/callfactory/wait-set/remove", test_remove);
  g_test_add_data_func ("/callfactory/wait-set/calls/any", GINT_TO_POINTER (CONVOKE_THREADING_ANY), test_calls);
  g_test_add_data_func ("/callfactory/wait-set/calls/serial", GINT_TO_POINTER (CONVOKE_THREADING_SERIAL), test_calls);
  g_test_add_data_func ("/callfactory/wait-set/calls/context", GINT_TO_POINTER (CONVOKE_THREADING_CONTEXT), test_calls);
  g_test_add_func ("/callfactory/wait-set/idle-call", test_idle_call);
  add_both ("added-during-wait", test_added_during_wait);
  g_test_add_func ("/callfactory/wait-set/emptied-during-wait", test_emptied_during_wait);
  g_test_add_func ("/callfactory/wait-set/begun-during-wait", test_begun_during_wait);
  g_test_add_func ("/callfactory/wait-set/added-from-elsewhere", test_added_from_elsewhere);
  g_test_add_func ("/callfactory/wait-set/never-the-same", test_never_the_same);

  return g_test_run ();
}
