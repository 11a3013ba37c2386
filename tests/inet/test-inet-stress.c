/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Threads that send, read, write, close, drop, cancel and let expire in an
 * order that a seed decides. What is pending completes once, a handle that was
 * created says closing once, and what its context stands for is freed then, as
 * a program would (WI-17, WI-32).
 */

#include <convoke-inet.h>

#include "callfactory/stress.h"
#include "test-http.h"

typedef struct
{
  TestHttp           *server;
  ConvokeInetSession *session;

  /* (atomic) */
  gint                n_begun;
  gint                n_complete;
  gint                n_created;
  gint                n_closing;
} Tally;

/* What a request's context value stands for. */
typedef struct
{
  Tally               *tally;
  ConvokeHandleStatus  close_at;    /* 0: nowhere */

  GMutex               lock;
  GCond                changed;
  guint                n_complete;  /* LOCK: lock */
  gboolean             good;        /* LOCK: lock; the last one was */
} Slot;

static void
slot_free (Slot *self)
{
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_free (self);
}

static void
slot_complete (Slot         *self,
               const GValue *information)
{
  g_atomic_int_inc (&self->tally->n_complete);
  g_mutex_lock (&self->lock);
  self->n_complete++;
  self->good = convoke_handle_result_check (g_value_get_object (information), NULL);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static void
told (ConvokeHandle       *handle,
      gsize                context,
      ConvokeHandleStatus  status,
      const GValue        *information,
      gpointer             user_data)
{
  Slot *slot = (Slot *) context;

  if (status == slot->close_at)
    convoke_handle_close (handle, NULL);

  if (status == CONVOKE_HANDLE_STATUS_HANDLE_CREATED)
    g_atomic_int_inc (&slot->tally->n_created);
  else if (status == CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE)
    slot_complete (slot, information);
  else if (status == CONVOKE_HANDLE_STATUS_HANDLE_CLOSING)
    {
      Tally *tally = slot->tally;

      slot_free (slot);
      g_atomic_int_inc (&tally->n_closing);
    }
}

/* Whether it was done; waits where it is pending. Only while the thread alone can close the handle. */
static gboolean
settle (Slot                 *slot,
        guint                *n_pending,
        ConvokeHandleOutcome  outcome)
{
  gboolean good;

  if (outcome != CONVOKE_HANDLE_OUTCOME_PENDING)
    return outcome == CONVOKE_HANDLE_OUTCOME_DONE;

  g_atomic_int_inc (&slot->tally->n_begun);
  ++*n_pending;
  g_mutex_lock (&slot->lock);
  while (slot->n_complete < *n_pending)
    g_cond_wait (&slot->changed, &slot->lock);
  good = slot->good;
  g_mutex_unlock (&slot->lock);

  return good;
}

/* Returns how many operations it made. */
static guint
read_some (ConvokeInetRequest *request,
           Slot               *slot,
           guint              *n_pending,
           GRand              *random)
{
  guint n = 0;
  gboolean good = TRUE;

  while (good && n < 40)
    {
      g_autoptr (GBytes) bytes = NULL;
      ConvokeHandleOutcome outcome =
        convoke_inet_file_read (CONVOKE_INET_FILE (request), g_rand_int_range (random, 1, 20000), &bytes, NULL);

      n++;
      good = settle (slot, n_pending, outcome) && (bytes == NULL || g_bytes_get_size (bytes) > 0);
    }

  return n;
}

static const char * const paths[] = {
  "/plain/100", "/plain/100000", "/chunked/20/500", "/close/1000", "/redirect/2", "/status/404", "/announced/1000/sent/10",
  "/closed", "/garbage", "/reset", "/endless", "/until-close/5000", "/plain/1000", "/plain/10",
};

/* What is done to a request that was sent. */
typedef enum { READ, READ_MORE, CLOSE, DROP, CANCEL, EXPIRE, CLOSE_INSIDE, N_FATES } Fate;

static void
cancel (ConvokeInetRequest *request)
{
  g_autoptr (ConvokeCall) call = convoke_handle_dup_operation (CONVOKE_HANDLE (request));

  if (call != NULL)
    convoke_call_cancel (call, 0, NULL);
}

static Slot *
slot_new (Tally *tally,
          Fate   fate,
          GRand *random)
{
  static const ConvokeHandleStatus statuses[] = {
    CONVOKE_HANDLE_STATUS_SENDING_REQUEST, CONVOKE_HANDLE_STATUS_RESPONSE_RECEIVED, CONVOKE_HANDLE_STATUS_REQUEST_COMPLETE,
    CONVOKE_HANDLE_STATUS_REDIRECT,
  };
  Slot *self = g_new0 (Slot, 1);

  self->tally = tally;
  if (fate == CLOSE_INSIDE)
    self->close_at = statuses[g_rand_int_range (random, 0, G_N_ELEMENTS (statuses))];
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);

  return self;
}

/* With CLOSE_INSIDE the slot can be gone already, after CLOSE and DROP it is soon. Returns how many operations it made. */
static guint
meet_fate (ConvokeInetRequest   *request,
           Tally                *tally,
           Slot                 *slot,
           Fate                  fate,
           ConvokeHandleOutcome  outcome,
           GRand                *random)
{
  guint n_pending = 0;

  switch (fate)
    {
    case CLOSE:
    case DROP:
    case CLOSE_INSIDE:
      if (outcome == CONVOKE_HANDLE_OUTCOME_PENDING)
        g_atomic_int_inc (&tally->n_begun);
      if (fate == CLOSE)
        convoke_handle_close (CONVOKE_HANDLE (request), NULL);
      return 1;

    case CANCEL:
      cancel (request);
      settle (slot, &n_pending, outcome);
      return 1;

    default:
      return settle (slot, &n_pending, outcome) ? 1 + read_some (request, slot, &n_pending, random) : 1;
    }
}

static guint
make_request (ConvokeInetConnection *connection,
              Tally                 *tally,
              GRand                 *random)
{
  Fate fate = g_rand_int_range (random, 0, N_FATES);
  const char *path = paths[g_rand_int_range (random, 0, G_N_ELEMENTS (paths))];
  Slot *slot = slot_new (tally, fate, random);
  g_autoptr (ConvokeInetRequest) request = NULL;
  g_autoptr (GBytes) body = g_rand_int_range (random, 0, 4) == 0 ? g_bytes_new ("tea", 3) : NULL;
  ConvokeHandleOutcome outcome;

  request = convoke_inet_connection_open_request (connection, body != NULL ? "POST" : "GET", path,
                                                  CONVOKE_INET_REQUEST_NONE, (gsize) slot, NULL);
  g_assert_nonnull (request);
  if (fate == EXPIRE)
    convoke_handle_set_timeout (CONVOKE_HANDLE (request), g_rand_int_range (random, 1, 3000));
  outcome = convoke_inet_request_send (request, NULL, body, NULL);
  g_assert_cmpint (outcome, ==, CONVOKE_HANDLE_OUTCOME_PENDING);

  return meet_fate (request, tally, slot, fate, outcome, random);
}

static void
ask (StressThread *thread)
{
  Tally *tally = thread->data;
  g_autoptr (ConvokeInetConnection) connection =
    convoke_inet_session_connect (tally->session, "127.0.0.1", test_http_get_port (tally->server), CONVOKE_INET_SERVICE_HTTP,
                                  NULL, NULL, 0, NULL);
  guint n = 0;

  g_assert_nonnull (connection);
  while (n < thread->n_rounds)
    n += make_request (connection, tally, thread->random);
}

static void
test_stress (void)
{
  g_autoptr (ConvokeWorkQueue) queue = convoke_work_queue_new (CONVOKE_WORK_QUEUE_MULTITHREADED);
  Tally tally = { .server = test_http_new (), .session = convoke_inet_session_new (NULL, TRUE, NULL) };

  g_test_summary ("WI-17, WI-32: whatever threads do to requests, what is pending completes once and what was made closes once");

  convoke_inet_session_set_proxy (tally.session, "");
  convoke_handle_set_work_queue (CONVOKE_HANDLE (tally.session), queue);
  convoke_handle_set_status_callback (CONVOKE_HANDLE (tally.session), told, NULL, NULL, NULL);

  stress_run (ask, &tally, STRESS_CALLS);

  g_assert_true (stress_wait (&tally.n_closing, g_atomic_int_get (&tally.n_created)));
  g_assert_cmpint (g_atomic_int_get (&tally.n_complete), ==, g_atomic_int_get (&tally.n_begun));
  g_assert_cmpint (g_atomic_int_get (&tally.n_created), >, 0);
  g_object_unref (tally.session);
  g_assert_true (test_http_wait_open (tally.server, 0));
  test_http_free (tally.server);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/inet/stress/all", test_stress);

  return g_test_run ();
}
