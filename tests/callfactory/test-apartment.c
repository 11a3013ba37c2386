/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Apartments (D11), who serves what while it waits (D7, SY-12), and a pool that is full. */

#include "test-feed.h"

#include <convoke-error.h>
#include <convoke-event.h>

#include "convoke-engine-private.h"
#include "convoke-pool-private.h"
#include "convoke-thread-private.h"

#include <unistd.h>

#define LONG (30 * G_USEC_PER_SEC)

/* --- declaring and binding --- */

static void
test_default (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (ConvokeApartment) apartment = NULL;
  g_autoptr (ConvokeApartment) again = NULL;
  g_autoptr (ConvokeApartment) of_context = NULL;

  g_test_summary ("D11: undeclared means the thread-default context where Convoke first saw the object");

  g_main_context_push_thread_default (context);
  apartment = convoke_apartment_dup_for_object (object);
  g_assert_true (convoke_apartment_is_current (apartment));
  g_main_context_pop_thread_default (context);

  again = convoke_apartment_dup_for_object (object);
  of_context = convoke_apartment_new_for_context (context);
  g_assert_true (apartment == again);
  g_assert_true (apartment == of_context);
  g_assert_cmpint (convoke_apartment_get_threading (apartment), ==, CONVOKE_THREADING_CONTEXT);
  g_assert_false (convoke_apartment_is_current (apartment));
}

static void
test_declared (void)
{
  GTypeInfo info = { .class_size = sizeof (GObjectClass), .instance_size = sizeof (GObject) };
  GType base = g_type_register_static (G_TYPE_OBJECT, "TestDeclared", &info, 0);
  GType derived = g_type_register_static (base, "TestDeclaredDerived", &info, 0);
  g_autoptr (GObject) one = NULL;
  g_autoptr (GObject) two = NULL;
  g_autoptr (ConvokeApartment) first = NULL;
  g_autoptr (ConvokeApartment) second = NULL;

  g_test_summary ("D11: a class declares its threading, for the classes derived from it too; serial objects are apart");

  g_assert_cmpint (convoke_type_get_threading (derived), ==, CONVOKE_THREADING_CONTEXT);
  convoke_type_set_threading (base, CONVOKE_THREADING_SERIAL);
  g_assert_cmpint (convoke_type_get_threading (derived), ==, CONVOKE_THREADING_SERIAL);

  one = g_object_new (derived, NULL);
  two = g_object_new (derived, NULL);
  first = convoke_apartment_dup_for_object (one);
  second = convoke_apartment_dup_for_object (two);
  g_assert_cmpint (convoke_apartment_get_threading (first), ==, CONVOKE_THREADING_SERIAL);
  g_assert_true (first != second);
}

static void
test_bind_once (void)
{
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (ConvokeApartment) serial = convoke_apartment_new_serial ();
  g_autoptr (ConvokeApartment) any = convoke_apartment_dup_any ();
  g_autoptr (GError) error = NULL;

  g_test_summary ("An object belongs to one apartment for good");

  g_assert_true (convoke_apartment_bind (serial, object, NULL));
  g_assert_true (convoke_apartment_bind (serial, object, NULL));
  g_assert_false (convoke_apartment_bind (any, object, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED);
}

/* --- where code runs --- */

typedef struct
{
  GMainContext *context;
  GMainLoop    *loop;
  GThread      *thread;
  gint          ready;
} LoopThread;

static gpointer
loop_thread_run (gpointer data)
{
  LoopThread *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

static gboolean
quit_loop (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

static void
loop_thread_start (LoopThread *self)
{
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new ("loop", loop_thread_run, self);
}

static void
loop_thread_stop (LoopThread *self)
{
  g_main_context_invoke (self->context, quit_loop, self->loop);
  g_thread_join (self->thread);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
}

typedef struct
{
  TestGetPrice  get_price;
  gpointer      data;
  TestFeed     *feed;     /* atomic */
} MakeFeed;

static gboolean
make_feed (gpointer data)
{
  MakeFeed *make = data;

  g_atomic_pointer_set (&make->feed, test_feed_new (CONVOKE_THREADING_CONTEXT, make->get_price, make->data));
  return G_SOURCE_REMOVE;
}

/* A feed that belongs to the loop's context: made there, as the loop's thread can own the context at any moment. */
static TestFeed *
feed_in_loop (LoopThread   *loop,
              TestGetPrice  get_price,
              gpointer      data)
{
  MakeFeed make = { get_price, data, NULL };
  GSource *source = g_idle_source_new ();

  g_source_set_callback (source, make_feed, &make, NULL);
  g_source_attach (source, loop->context);
  g_source_unref (source);
  while (g_atomic_pointer_get (&make.feed) == NULL)
    g_thread_yield ();

  return make.feed;
}

static double
note_thread (TestFeed    *feed,
             const char  *item,
             gpointer     data,
             GError     **error)
{
  g_atomic_pointer_set ((GThread **) data, g_thread_self ());
  return strlen (item);
}

static double
call_price (ConvokeCall *call,
            const char  *item)
{
  double price = -1;

  g_assert_true (convoke_call_begin (call, "get_price", NULL, item));
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  g_assert_true (convoke_call_finish (call, "get_price", NULL, &price));
  return price;
}

static void
test_runs_in_context (void)
{
  LoopThread loop;
  GThread *ran_on = NULL;
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (ConvokeCall) call = NULL;

  g_test_summary ("D11: a context object's code runs on the thread that iterates its context, begun or called");

  loop_thread_start (&loop);
  feed = feed_in_loop (&loop, note_thread, &ran_on);
  call = test_call_new (feed);

  g_assert_cmpfloat (call_price (call, "tea"), ==, 3);
  g_assert_true (g_atomic_pointer_get (&ran_on) == loop.thread);
  ran_on = NULL;
  g_assert_cmpfloat (test_call_synchronously (feed, "get_price", NULL), ==, 3);
  g_assert_true (g_atomic_pointer_get (&ran_on) == loop.thread);

  g_clear_object (&call);
  g_clear_object (&feed);
  loop_thread_stop (&loop);
}

static void
test_runs_on_worker (void)
{
  GThread *ran_on = NULL;
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, note_thread, &ran_on);
  g_autoptr (ConvokeCall) call = test_call_new (feed);

  g_test_summary ("D11: a begun call on a free-threaded object runs on a worker; a synchronous one on the caller");

  call_price (call, "tea");
  g_assert_true (g_atomic_pointer_get (&ran_on) != g_thread_self ());
  test_call_synchronously (feed, "get_price", NULL);
  g_assert_true (g_atomic_pointer_get (&ran_on) == g_thread_self ());
}

typedef struct
{
  gint inside;
  gint most;
} Inside;

static double
count_inside (TestFeed    *feed,
              const char  *item,
              gpointer     data,
              GError     **error)
{
  Inside *inside = data;
  gint n = g_atomic_int_add (&inside->inside, 1) + 1;

  if (n > g_atomic_int_get (&inside->most))
    g_atomic_int_set (&inside->most, n);
  g_thread_yield ();
  g_atomic_int_add (&inside->inside, -1);
  return n;
}

typedef struct
{
  TestFeed *feed;
  gboolean  begun;
} Caller;

static gpointer
call_often (gpointer data)
{
  Caller *caller = data;
  g_autoptr (ConvokeCall) call = test_call_new (caller->feed);

  for (guint i = 0; i < 500; i++)
    {
      if ((i + caller->begun) % 2)
        call_price (call, "x");
      else
        test_call_synchronously (caller->feed, "get_price", NULL);
    }

  return NULL;
}

static void
test_serial_excludes (void)
{
  Inside inside = { 0, 0 };
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, count_inside, &inside);
  GThread *threads[4];
  Caller callers[4];

  g_test_summary ("D11: serial: one thread at a time, begun and synchronous callers mixed");

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      callers[i] = (Caller) { feed, i % 2 };
      threads[i] = g_thread_new ("caller", call_often, &callers[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (inside.most, ==, 1);
}

static double
append_item (TestFeed    *feed,
             const char  *item,
             gpointer     data,
             GError     **error)
{
  g_string_append (data, item);
  return 0;
}

static void
test_serial_order (void)
{
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_SERIAL, append_item, order);
  ConvokeCall *calls[8];
  char item[2] = "a";

  g_test_summary ("Section 7, RA-28: one thread's calls to one object start in order");

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      calls[i] = test_call_new (feed);
      item[0] = 'a' + i;
      g_assert_true (convoke_call_begin (calls[i], "get_price", NULL, item));
    }
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_assert_true (convoke_call_wait (calls[i], LONG, NULL));
      g_object_unref (calls[i]);
    }

  g_assert_cmpstr (order->str, ==, "abcdefgh");
}

/* --- causality --- */

typedef struct
{
  TestFeed *back;    /* (unowned) */
  gint      depth;
} Bounce;

static double
bounce (TestFeed    *feed,
        const char  *item,
        gpointer     data,
        GError     **error)
{
  Bounce *self = data;

  if (g_atomic_int_add (&self->depth, -1) <= 0)
    return 0;

  return 1 + test_call_synchronously (self->back, "get_price", error);
}

static void
test_call_back (void)
{
  LoopThread loop;
  Bounce here = { NULL, 8 };
  Bounce there = { NULL, 8 };
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, bounce, &here);
  g_autoptr (TestFeed) theirs = NULL;
  g_autoptr (ConvokeCall) unused = test_call_new (mine);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D7: two contexts call each other to depth 16: a waiting thread serves its own chain");

  loop_thread_start (&loop);
  theirs = feed_in_loop (&loop, bounce, &there);
  here.back = theirs;
  there.back = mine;

  g_assert_cmpfloat (test_call_synchronously (theirs, "get_price", &error), ==, 16);
  g_assert_no_error (error);

  g_clear_object (&theirs);
  loop_thread_stop (&loop);
}

static void
test_call_back_serial (void)
{
  Bounce here = { NULL, 8 };
  Bounce there = { NULL, 8 };
  g_autoptr (TestFeed) a = test_feed_new (CONVOKE_THREADING_SERIAL, bounce, &here);
  g_autoptr (TestFeed) b = test_feed_new (CONVOKE_THREADING_SERIAL, bounce, &there);
  g_autoptr (ConvokeCall) call = test_call_new (a);

  g_test_summary ("D7: two serial objects call each other to depth 16 within a begun call");

  here.back = b;
  there.back = a;
  g_assert_cmpfloat (call_price (call, "x"), ==, 16);
}

typedef struct
{
  TestFeed         *next;    /* (unowned) (nullable) */
  ConvokeApartment *inside;  /* (unowned): where the second visit was */
  gint              visits;
} Visitor;

static double
visit_next (TestFeed    *feed,
            const char  *item,
            gpointer     data,
            GError     **error)
{
  Visitor *self = data;

  if (self->visits++ == 0)
    return test_call_synchronously (self->next, "get_price", error);

  self->inside = convoke_thread_self ()->holds->apartment;
  return 6;
}

static void
test_served_at_home (void)
{
  LoopThread loop;
  Visitor first = { NULL, NULL, 0 };
  Visitor second = { NULL, NULL, 0 };
  Visitor third = { NULL, NULL, 0 };
  g_autoptr (TestFeed) a = test_feed_new (CONVOKE_THREADING_SERIAL, visit_next, &first);
  g_autoptr (TestFeed) b = test_feed_new (CONVOKE_THREADING_SERIAL, visit_next, &second);
  g_autoptr (TestFeed) c = NULL;
  g_autoptr (ConvokeCall) call = test_call_new (a);
  g_autoptr (ConvokeApartment) home = convoke_apartment_dup_for_object (G_OBJECT (a));

  g_test_summary ("D7, D11: what a wait serves is inside of its own apartment, not of the one that was entered last");

  loop_thread_start (&loop);
  c = feed_in_loop (&loop, visit_next, &third);
  first.next = b;
  second.next = c;
  third.next = a;
  g_assert_cmpfloat (call_price (call, "x"), ==, 6);
  g_assert_true (first.inside == home);

  g_clear_object (&c);
  loop_thread_stop (&loop);
}

static double
call_begun_back (TestFeed    *feed,
                 const char  *item,
                 gpointer     data,
                 GError     **error)
{
  return test_call_synchronously (data, "get_price", error);
}

static void
test_waited_chain (void)
{
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (TestFeed) worker = test_feed_new (CONVOKE_THREADING_ANY, call_begun_back, mine);
  g_autoptr (ConvokeCall) call = test_call_new (worker);

  g_test_summary ("D7: a wait serves the chain of the begun call that it waits for");

  g_assert_cmpfloat (call_price (call, "x"), ==, 3);
}

static gpointer
price_in_thread (gpointer feed)
{
  GError *error = NULL;
  double price = test_call_synchronously (feed, "get_price", &error);

  g_assert_no_error (error);
  return GINT_TO_POINTER ((int) price);
}

static double
set_event (TestFeed    *feed,
           const char  *item,
           gpointer     data,
           GError     **error)
{
  g_assert_true (convoke_synchronize_signal (data, NULL));
  return 5;
}

static void
test_dispatch_calls (void)
{
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, set_event, event);
  g_autoptr (ConvokeCall) unused = test_call_new (mine);
  GThread *thread = g_thread_new ("caller", price_in_thread, mine);

  g_test_summary ("SY-12, SY-20, T-SY-15: told to dispatch, a wait serves calls of other chains to its context's objects");

  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DISPATCH_CALLS, LONG, NULL));
  g_assert_cmpint (GPOINTER_TO_INT (g_thread_join (thread)), ==, 5);
}

typedef struct
{
  TestFeed *feed;  /* (unowned) */
  gint64    end;
} Stream;

/* Another call comes for each that is served. */
static double
begin_another (TestFeed    *feed,
               const char  *item,
               gpointer     data,
               GError     **error)
{
  Stream *self = data;
  g_autoptr (ConvokeCall) call = test_call_new (self->feed);

  if (g_get_monotonic_time () < self->end)
    g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  return 0;
}

static void
test_stream_of_calls (void)
{
  Stream stream = { NULL, g_get_monotonic_time () + LONG };
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, begin_another, &stream);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (ConvokeCall) call = test_call_new (mine);
  g_autoptr (GError) poll = NULL;
  g_autoptr (GError) expired = NULL;

  g_test_summary ("P-1, SY-12: a wait that serves calls without end expires all the same");

  stream.feed = mine;
  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DISPATCH_CALLS, 0, &poll));
  g_assert_error (poll, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_false (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DISPATCH_CALLS, 1000, &expired));
  g_assert_error (expired, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpint (g_get_monotonic_time (), <, stream.end);

  stream.end = 0;
  g_assert_true (convoke_call_wait (call, LONG, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_others_not_served (void)
{
  gint n = 0;
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, &n);
  g_autoptr (ConvokeEvent) event = convoke_event_new (TRUE);
  g_autoptr (ConvokeCall) call = test_call_new (mine);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D7: a plain wait does not serve what it does not wait for");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "tea"));
  g_assert_false (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_cmpint (n, ==, 0);
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_DEFAULT, LONG, NULL));
  g_assert_cmpint (n, ==, 1);
}

static double
call_and_report (TestFeed    *feed,
                 const char  *item,
                 gpointer     data,
                 GError     **error)
{
  return test_call_synchronously (data, "get_price", error);
}

static void
test_deadlock (void)
{
  g_autoptr (TestFeed) mine = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  g_autoptr (TestFeed) worker = test_feed_new (CONVOKE_THREADING_ANY, call_and_report, mine);
  g_autoptr (ConvokeCall) call = test_call_new (worker);
  g_autoptr (GError) error = NULL;

  g_test_summary ("D7: a call whose only thread is an ancestor that was told not to serve fails at once, naming both ends");

  g_assert_true (convoke_call_begin (call, "get_price", NULL, "x"));
  g_assert_true (convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (call), CONVOKE_WAIT_NO_SERVE, LONG, NULL));
  g_assert_false (convoke_call_finish (call, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DEADLOCK);
  g_assert_nonnull (strstr (error->message, "default main context"));
}

/* --- the pool --- */

static void
test_full_pool (void)
{
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, test_price_at_gate, gate);
  ConvokeCall *blocked[2] = { test_call_new (feed), test_call_new (feed) };
  g_autoptr (ConvokeCall) late = test_call_new (feed);
  g_autoptr (GError) error = NULL;
  guint limit = convoke_pool_get_limit ();

  g_test_summary ("A pool whose workers all block outside of Convoke reports it within the deadline");

  convoke_pool_set_limit (2);
  for (guint i = 0; i < 2; i++)
    g_assert_true (convoke_call_begin (blocked[i], "get_price", NULL, "x"));
  g_assert_true (convoke_test_gate_wait_held (gate, 2));

  /* Long enough for begin to have queued it before the deadline looks. */
  convoke_call_set_timeout (late, 300 * 1000);
  g_assert_true (convoke_call_begin (late, "get_price", NULL, "x"));
  g_assert_true (convoke_call_wait (late, LONG, NULL));
  g_assert_false (convoke_call_finish (late, "get_price", &error, NULL));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
  g_assert_nonnull (strstr (error->message, "all 2 workers are busy"));

  convoke_test_gate_open (gate);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_true (convoke_call_wait (blocked[i], LONG, NULL));
      g_object_unref (blocked[i]);
    }
  convoke_pool_set_limit (limit);
}

static double
begin_and_wait (TestFeed    *feed,
                const char  *item,
                gpointer     data,
                GError     **error)
{
  g_autoptr (ConvokeCall) call = NULL;

  if (strlen (item) == 1)
    return 1;

  call = test_call_new (feed);
  return 1 + call_price (call, item + 1);
}

static void
test_waits_do_not_count (void)
{
  g_autoptr (TestFeed) feed = test_feed_new (CONVOKE_THREADING_ANY, begin_and_wait, NULL);
  g_autoptr (ConvokeCall) call = test_call_new (feed);
  guint limit = convoke_pool_get_limit ();

  g_test_summary ("A worker inside a Convoke wait does not count against the limit: twelve nested waits on a pool of one");

  convoke_pool_set_limit (1);
  g_assert_cmpfloat (call_price (call, "twelve chars"), ==, 12);
  convoke_pool_set_limit (limit);
}

static gpointer
run_no_loop (gpointer data)
{
  g_autoptr (TestFeed) feed = NULL;
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  feed = test_feed_new (CONVOKE_THREADING_CONTEXT, test_price_by_length, NULL);
  call = test_call_new (feed);
  g_assert_cmpfloat (call_price (call, "tea"), ==, 3);
  g_clear_object (&call);
  g_clear_object (&feed);
  g_main_context_pop_thread_default (context);
  return NULL;
}

static void
test_context_ends (void)
{
  g_test_summary ("A thread with a context of its own and no loop calls its own objects, and takes all with it");

  for (guint i = 0; i < 20; i++)
    g_thread_join (g_thread_new ("no loop", run_no_loop, NULL));
  g_assert_cmpuint (test_feed_count_live (), ==, 0);
}

static void
test_released_at_home (void)
{
  LoopThread loop;
  TestFeed *feed;
  ConvokeCall *call;

  g_test_summary ("The last reference to a context's object is dropped in its context");

  loop_thread_start (&loop);
  feed = feed_in_loop (&loop, test_price_by_length, NULL);
  call = test_call_new (feed);
  call_price (call, "tea");
  g_object_unref (feed);
  g_assert_cmpuint (test_feed_count_live (), ==, 1);
  g_object_unref (call);
  loop_thread_stop (&loop);
  g_assert_cmpuint (test_feed_count_live (), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/callfactory/apartment/context-ends", test_context_ends);
  g_test_add_func ("/callfactory/apartment/released-at-home", test_released_at_home);
  g_test_add_func ("/callfactory/apartment/default", test_default);
  g_test_add_func ("/callfactory/apartment/declared", test_declared);
  g_test_add_func ("/callfactory/apartment/bind-once", test_bind_once);
  g_test_add_func ("/callfactory/apartment/runs-in-context", test_runs_in_context);
  g_test_add_func ("/callfactory/apartment/runs-on-worker", test_runs_on_worker);
  g_test_add_func ("/callfactory/apartment/serial-excludes", test_serial_excludes);
  g_test_add_func ("/callfactory/apartment/serial-order", test_serial_order);
  g_test_add_func ("/callfactory/apartment/call-back", test_call_back);
  g_test_add_func ("/callfactory/apartment/call-back-serial", test_call_back_serial);
  g_test_add_func ("/callfactory/apartment/served-at-home", test_served_at_home);
  g_test_add_func ("/callfactory/apartment/stream-of-calls", test_stream_of_calls);
  g_test_add_func ("/callfactory/apartment/waited-chain", test_waited_chain);
  g_test_add_func ("/callfactory/apartment/dispatch-calls", test_dispatch_calls);
  g_test_add_func ("/callfactory/apartment/others-not-served", test_others_not_served);
  g_test_add_func ("/callfactory/apartment/deadlock", test_deadlock);
  g_test_add_func ("/callfactory/apartment/full-pool", test_full_pool);
  g_test_add_func ("/callfactory/apartment/waits-do-not-count", test_waits_do_not_count);

  return g_test_run ();
}
