/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The provider's side: TA-1, TA-2, TA-10, TA-31, T-TA-1, T-TA-5, T-TA-19. */

#include <convoke.h>

#include "test-util.h"

#define LONG (30 * G_USEC_PER_SEC)

/* --- a provider that does what the request's name says --- */

#define TEST_TYPE_PROVIDER (test_provider_get_type ())
G_DECLARE_FINAL_TYPE (TestProvider, test_provider, TEST, PROVIDER, ConvokeReplyProvider)

struct _TestProvider
{
  ConvokeReplyProvider parent_instance;

  gint32 kept;          /* atomic; the last id that was kept */
  Count  asked;
};

G_DEFINE_FINAL_TYPE (TestProvider, test_provider, CONVOKE_TYPE_REPLY_PROVIDER)

static gint32
refuse (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "The line is busy");
  return -5;
}

static gint32
test_provider_request (ConvokeReplyProvider  *provider,
                       gint32                 request_id,
                       const char            *name,
                       GVariant              *parameters,
                       GError               **error)
{
  TestProvider *self = TEST_PROVIDER (provider);

  g_assert_cmpint (request_id, >, 0);
  g_atomic_int_set (&self->kept, request_id);
  count_add (&self->asked);

  if (g_str_equal (name, "echo"))
    g_assert_true (convoke_reply_provider_complete (provider, request_id, parameters, NULL));
  else if (g_str_equal (name, "nothing"))
    g_assert_true (convoke_reply_provider_complete (provider, request_id, NULL, NULL));
  else if (g_str_equal (name, "refuse"))
    return refuse (error);
  else if (g_str_equal (name, "refuse-mutely"))
    return -5;
  else if (g_str_equal (name, "zero"))
    return 0;
  else if (g_str_equal (name, "foreign"))
    return request_id + 1;
  else if (g_str_equal (name, "foreign-with-error"))
    {
      refuse (error);
      return request_id + 1;
    }
  else if (g_str_equal (name, "both"))
    {
      g_assert_true (convoke_reply_provider_complete (provider, request_id, NULL, NULL));
      return refuse (error);
    }

  return request_id;
}

static void
test_provider_class_init (TestProviderClass *klass)
{
  CONVOKE_REPLY_PROVIDER_CLASS (klass)->request = test_provider_request;
  convoke_type_set_threading (TEST_TYPE_PROVIDER, CONVOKE_THREADING_SERIAL);
}

static void
test_provider_init (TestProvider *self)
{
}

typedef struct
{
  TestProvider     *provider;
  ConvokeReplyPort *port;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  convoke_require ("Convoke", "1", &error);
  g_assert_no_error (error);
  fixture->provider = g_object_new (TEST_TYPE_PROVIDER, NULL);
  fixture->port = convoke_reply_port_new (0);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  convoke_reply_provider_close (CONVOKE_REPLY_PROVIDER (fixture->provider), NULL);
  g_clear_object (&fixture->port);
  g_clear_object (&fixture->provider);
}

/* @parameters: floating or NULL. */
static gint32
request_of (ConvokeReplyPort  *port,
            gpointer           provider,
            const char        *name,
            GVariant          *parameters,
            GError           **error)
{
  GValue args[2] = { G_VALUE_INIT, G_VALUE_INIT };
  gint32 id;

  g_value_init (&args[0], G_TYPE_STRING);
  g_value_set_string (&args[0], name);
  g_value_init (&args[1], G_TYPE_VARIANT);
  g_value_set_variant (&args[1], parameters);
  id = convoke_reply_port_request (port, provider, CONVOKE_TYPE_REPLY_SERVICE, "perform", args, 2, 0, 0, error);
  g_value_unset (&args[0]);
  g_value_unset (&args[1]);

  return id;
}

static gint32
request (Fixture    *fixture,
         const char *name,
         GVariant   *parameters)
{
  g_autoptr (GError) error = NULL;
  gint32 id = request_of (fixture->port, fixture->provider, name, parameters, &error);

  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);
  return id;
}

static ConvokeReplyMessage *
get_reply (Fixture *fixture,
           gint32   id)
{
  g_autoptr (GError) error = NULL;
  ConvokeReplyMessage *message = convoke_reply_port_get_message (fixture->port, LONG, &error);

  g_assert_no_error (error);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  return message;
}

static void
assert_failed (Fixture    *fixture,
               const char *name,
               GQuark      domain,
               int         code,
               guint32     status)
{
  gint32 id = request (fixture, name, NULL);
  g_autoptr (ConvokeReplyMessage) message = get_reply (fixture, id);

  g_assert_error (convoke_reply_message_get_error (message), domain, code);
  g_assert_cmpint (convoke_reply_message_get_status (message), ==, (gint32) status);
}

/* (transfer full) (nullable) */
static GVariant *
dup_result (ConvokeReplyMessage *message)
{
  GVariant *result;
  GValue *values;
  guint n_values;

  g_assert_no_error (convoke_reply_message_get_error (message));
  values = convoke_reply_message_dup_values (message, &n_values);
  g_assert_cmpuint (n_values, ==, 1);
  result = g_value_dup_variant (values);
  g_value_unset (values);
  g_free (values);

  return result;
}

/* Until it was asked @n times in all; the id that it was given last. */
static gint32
wait_asked (Fixture *fixture,
            guint    n)
{
  g_assert_true (count_wait (&fixture->provider->asked, n));
  return g_atomic_int_get (&fixture->provider->kept);
}

/* --- the request function --- */

static void
test_at_once (Fixture       *fixture,
              gconstpointer  data)
{
  gint32 id = request (fixture, "echo", g_variant_new_string ("hello"));
  g_autoptr (ConvokeReplyMessage) message = get_reply (fixture, id);
  g_autoptr (GVariant) result = dup_result (message);

  g_test_summary ("TA-10, T-TA-5: a provider may complete before its request function returned");

  g_assert_cmpstr (g_variant_get_string (result, NULL), ==, "hello");
}

static void
test_no_result (Fixture       *fixture,
                gconstpointer  data)
{
  gint32 id = request (fixture, "nothing", NULL);
  g_autoptr (ConvokeReplyMessage) message = get_reply (fixture, id);

  g_test_summary ("A request may give nothing");

  g_assert_null (dup_result (message));
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_test_summary ("T-TA-1, TA-31: what a provider refuses has its error as the outcome; the caller's id stays positive");

  assert_failed (fixture, "refuse", G_IO_ERROR, G_IO_ERROR_BUSY, 0x8000004B);
  assert_failed (fixture, "refuse-mutely", CONVOKE_ERROR, CONVOKE_ERROR_FAILED, 0x80000048);
}

static void
test_wrong_answer (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("T-TA-19, TA-31: 0 and foreign positive numbers are a provider's fault and not passed through");

  assert_failed (fixture, "zero", CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT, 0x80000048);
  assert_failed (fixture, "foreign", CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT, 0x80000048);
  assert_failed (fixture, "foreign-with-error", CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT, 0x80000048);
}

static void
test_both (Fixture       *fixture,
           gconstpointer  data)
{
  gint32 id = request (fixture, "both", NULL);
  g_autoptr (ConvokeReplyMessage) message = get_reply (fixture, id);

  g_test_summary ("P-4: a provider that completes a request and then refuses it has completed it; there is one reply");

  g_assert_null (dup_result (message));
  g_assert_null (convoke_reply_port_get_message (fixture->port, 0, NULL));
}

static void
test_direct (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_test_summary ("A method of a provider that is called past Convoke has nothing to complete later, and says so");

  g_assert_null (convoke_reply_service_perform (CONVOKE_REPLY_SERVICE (fixture->provider), "echo", NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
}

static void
test_proxy (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GObject) proxy = convoke_create_proxy (G_OBJECT (fixture->provider), &error);
  g_autoptr (GVariant) result = NULL;

  g_test_summary ("A provider is an ordinary component: it answers a plain call through its proxy, too");

  g_assert_no_error (error);
  result = convoke_reply_service_perform (CONVOKE_REPLY_SERVICE (proxy), "echo", g_variant_new_int32 (42), &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_variant_get_int32 (result), ==, 42);
}

/* --- completion by id --- */

static gpointer
complete_thread (gpointer data)
{
  TestProvider *provider = data;

  g_assert_true (convoke_reply_provider_complete (CONVOKE_REPLY_PROVIDER (provider), g_atomic_int_get (&provider->kept),
                                                  g_variant_new_int32 (7), NULL));
  return NULL;
}

static void
test_later (Fixture       *fixture,
            gconstpointer  data)
{
  gint32 id = request (fixture, "keep", NULL);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GVariant) result = NULL;

  g_test_summary ("A request is handed off and completed by its id from any thread");

  wait_asked (fixture, 1);
  g_thread_join (g_thread_new ("complete", complete_thread, fixture->provider));
  message = get_reply (fixture, id);
  result = dup_result (message);
  g_assert_cmpint (g_variant_get_int32 (result), ==, 7);
}

static void
test_fail (Fixture       *fixture,
           gconstpointer  data)
{
  gint32 id = request (fixture, "keep", NULL);
  g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "Nobody there");
  g_autoptr (ConvokeReplyMessage) message = NULL;

  g_test_summary ("TA-6: a request fails later with the provider's error, unchanged");

  g_assert_true (convoke_reply_provider_fail (CONVOKE_REPLY_PROVIDER (fixture->provider), wait_asked (fixture, 1), reason, NULL));
  message = get_reply (fixture, id);
  g_assert_error (convoke_reply_message_get_error (message), G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_unknown (Fixture       *fixture,
              gconstpointer  data)
{
  ConvokeReplyProvider *provider = CONVOKE_REPLY_PROVIDER (fixture->provider);
  gint32 bad[] = { 0, -1, G_MININT32, 4711, G_MAXINT32 };
  g_autoptr (GError) reason = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "No");

  g_test_summary ("Ids that were never given cannot be completed");

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (convoke_reply_provider_complete (provider, bad[i], NULL, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
      g_clear_error (&error);
      g_assert_false (convoke_reply_provider_fail (provider, bad[i], reason, &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
      g_clear_error (&error);
      g_assert_null (convoke_reply_provider_dup_call (provider, bad[i], &error));
      g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND);
    }
}

static void
test_twice (Fixture       *fixture,
            gconstpointer  data)
{
  gint32 id = request (fixture, "keep", NULL);
  gint32 given = wait_asked (fixture, 1);
  ConvokeReplyProvider *provider = CONVOKE_REPLY_PROVIDER (fixture->provider);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GVariant) result = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("Two who complete one id: the second learns that it was second, and the caller has the first's result");

  g_assert_true (convoke_reply_provider_complete (provider, given, g_variant_new_int32 (1), NULL));
  g_assert_false (convoke_reply_provider_complete (provider, given, g_variant_new_int32 (2), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  message = get_reply (fixture, id);
  result = dup_result (message);
  g_assert_cmpint (g_variant_get_int32 (result), ==, 1);
}

typedef struct
{
  ConvokeReplyProvider *provider;
  gint32                id;
  gint                 *go;    /* atomic */
  gint                 *n;     /* atomic: who was first */
} Racer;

static gpointer
race_thread (gpointer data)
{
  Racer *self = data;
  g_autoptr (GError) error = NULL;

  while (!g_atomic_int_get (self->go))
    ;
  if (convoke_reply_provider_complete (self->provider, self->id, NULL, &error))
    g_atomic_int_inc (self->n);
  else
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);

  return NULL;
}

static void
test_race (Fixture       *fixture,
           gconstpointer  data)
{
  g_test_summary ("P-4: threads that complete one id at once: exactly one is the first");

  for (guint round = 1; round <= 50; round++)
    {
      gint32 id = request (fixture, "keep", NULL);
      gint go = FALSE, n = 0;
      Racer racer = { CONVOKE_REPLY_PROVIDER (fixture->provider), wait_asked (fixture, round), &go, &n };
      g_autoptr (ConvokeReplyMessage) message = NULL;
      GThread *threads[2];

      for (guint i = 0; i < 2; i++)
        threads[i] = g_thread_new ("race", race_thread, &racer);
      g_atomic_int_set (&go, TRUE);
      for (guint i = 0; i < 2; i++)
        g_thread_join (threads[i]);
      g_assert_cmpint (n, ==, 1);
      message = get_reply (fixture, id);
    }
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  gint32 id = request (fixture, "keep", NULL);
  gint32 given = wait_asked (fixture, 1);
  ConvokeReplyProvider *provider = CONVOKE_REPLY_PROVIDER (fixture->provider);
  g_autoptr (ConvokeServerCall) call = convoke_reply_provider_dup_call (provider, given, NULL);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) late = NULL;
  g_autoptr (GError) again = NULL;

  g_test_summary ("A provider sees that its caller has cancelled; what it completes then comes too late, once");

  g_assert_true (convoke_reply_port_cancel (fixture->port, id, 0, NULL));
  message = get_reply (fixture, id);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  convoke_server_call_test_cancel (call, &error);
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED);
  g_assert_false (convoke_reply_provider_complete (provider, given, NULL, &late));
  g_assert_error (late, CONVOKE_ERROR, CONVOKE_ERROR_TOO_LATE);
  g_assert_false (convoke_reply_provider_complete (provider, given, NULL, &again));
  g_assert_error (again, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
}

static void
test_close (Fixture       *fixture,
            gconstpointer  data)
{
  gint32 ids[3];
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) late = NULL;
  gint32 given;

  g_test_summary ("TA-31: a provider that gives up has every request that it accepted fail with OPERATIONFAILED, and takes no more");

  for (guint i = 0; i < 3; i++)
    ids[i] = request (fixture, "keep", NULL);
  given = wait_asked (fixture, 3);
  g_assert_true (convoke_reply_provider_close (CONVOKE_REPLY_PROVIDER (fixture->provider), NULL));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ConvokeReplyMessage) message = convoke_reply_port_get_message (fixture->port, LONG, NULL);

      g_assert_nonnull (message);
      g_assert_cmpint (convoke_reply_message_get_request_id (message), >=, ids[0]);
      g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
      g_assert_cmpint (convoke_reply_message_get_status (message), ==, (gint32) 0x80000048u);
    }
  g_assert_false (convoke_reply_provider_complete (CONVOKE_REPLY_PROVIDER (fixture->provider), given, NULL, &late));
  g_assert_error (late, CONVOKE_ERROR, CONVOKE_ERROR_CALL_COMPLETE);
  g_assert_false (convoke_reply_provider_close (CONVOKE_REPLY_PROVIDER (fixture->provider), &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN);
  assert_failed (fixture, "echo", CONVOKE_ERROR, CONVOKE_ERROR_SHUTDOWN, 0x80000014);
}

static void
test_shutdown_port (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  gint32 given;

  g_test_summary ("TA-27: what a port that was shut down had asked for is cancelled, and its completion dropped");

  request (fixture, "keep", NULL);
  given = wait_asked (fixture, 1);
  g_assert_true (convoke_reply_port_shutdown (fixture->port, NULL));
  g_assert_false (convoke_reply_provider_complete (CONVOKE_REPLY_PROVIDER (fixture->provider), given, NULL, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TOO_LATE);
}

/* --- numbers for any deferred call --- */

typedef struct
{
  GObject              parent_instance;
  ConvokePendingCalls *pending;   /* (unowned) */
  gint32               id;
  Count                asked;
} TestService;

typedef struct
{
  GObjectClass parent_class;
} TestServiceClass;

static GVariant *
test_service_perform (ConvokeReplyService  *service,
                      const char           *name,
                      GVariant             *parameters,
                      GError              **error)
{
  TestService *self = (TestService *) service;
  g_autoptr (ConvokeServerCall) call = convoke_server_call_defer (G_OBJECT (service), error);

  self->id = convoke_pending_calls_add (self->pending, call, NULL);
  count_add (&self->asked);
  return NULL;
}

static void
test_service_service_init (ConvokeReplyServiceInterface *iface)
{
  iface->perform = test_service_perform;
}

GType test_service_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TestService, test_service, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_REPLY_SERVICE, test_service_service_init))

static void
test_service_class_init (TestServiceClass *klass)
{
  convoke_type_set_threading (test_service_get_type (), CONVOKE_THREADING_SERIAL);
}

static void
test_service_init (TestService *self)
{
}

static void
test_pending (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr (ConvokePendingCalls) pending = convoke_pending_calls_new ();
  TestService *service = g_object_new (test_service_get_type (), NULL);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GValue) out = G_VALUE_INIT;
  g_auto (GValue) wrong = G_VALUE_INIT;
  gint32 id;

  g_test_summary ("Any implementation numbers the calls that it defers; results that do not fit leave a call as it was");

  service->pending = pending;
  id = request_of (fixture->port, service, "any", NULL, NULL);
  g_assert_true (count_wait (&service->asked, 1));
  g_assert_cmpuint (convoke_pending_calls_get_n_calls (pending), ==, 1);

  g_value_init (&wrong, G_TYPE_INT);
  g_assert_false (convoke_pending_calls_complete (pending, service->id, &wrong, 1, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_cmpuint (convoke_pending_calls_get_n_calls (pending), ==, 1);

  g_value_init (&out, G_TYPE_VARIANT);
  g_assert_true (convoke_pending_calls_complete (pending, service->id, &out, 1, NULL));
  g_assert_cmpuint (convoke_pending_calls_get_n_calls (pending), ==, 0);
  message = get_reply (fixture, id);
  g_assert_no_error (convoke_reply_message_get_error (message));
  g_object_unref (service);
}

static void
test_pending_dropped (Fixture       *fixture,
                      gconstpointer  data)
{
  ConvokePendingCalls *pending = convoke_pending_calls_new ();
  TestService *service = g_object_new (test_service_get_type (), NULL);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  gint32 id;

  g_test_summary ("TA-31: whoever drops its list of deferred calls has them fail");

  service->pending = pending;
  id = request_of (fixture->port, service, "any", NULL, NULL);
  g_assert_true (count_wait (&service->asked, 1));
  g_object_unref (pending);
  message = get_reply (fixture, id);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_FAILED);
  g_object_unref (service);
}

#define ADD(name, func) g_test_add ("/callfactory/reply-provider/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("at-once", test_at_once);
  ADD ("no-result", test_no_result);
  ADD ("refused", test_refused);
  ADD ("wrong-answer", test_wrong_answer);
  ADD ("both", test_both);
  ADD ("direct", test_direct);
  ADD ("proxy", test_proxy);
  ADD ("later", test_later);
  ADD ("fail", test_fail);
  ADD ("unknown", test_unknown);
  ADD ("twice", test_twice);
  ADD ("race", test_race);
  ADD ("cancelled", test_cancelled);
  ADD ("close", test_close);
  ADD ("shutdown-port", test_shutdown_port);
  ADD ("pending", test_pending);
  ADD ("pending-dropped", test_pending_dropped);

  return g_test_run ();
}
