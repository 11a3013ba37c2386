/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What two processes tell each other about an object beside its methods. */

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-call-private.h"
#include "convoke-error.h"
#include "convoke-remote-pair-private.h"
#include "convoke-remote-property-private.h"
#include "convoke-remote-signal-private.h"
#include "test-home.h"
#include "test-pair.h"

/* --- GIO's pairs, as one method --- */

static const ConvokeMethodInfo *
find_method (const char *name)
{
  g_autoptr (GError) error = NULL;
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_EVERY, &error);
  const ConvokeMethodInfo *method;

  g_assert_no_error (error);
  method = convoke_interface_info_find (info, name, &error);
  g_assert_no_error (error);
  return method;
}

static const ConvokeMethodInfo *
find_pair (void)
{
  g_autoptr (GError) error = NULL;
  const ConvokeMethodInfo *pair = convoke_remote_pair_get (find_method ("load_async"), &error);

  g_assert_no_error (error);
  return pair;
}

static void
test_pair_method (void)
{
  const ConvokeMethodInfo *pair = find_pair ();

  g_test_summary ("What goes into x_async and what comes out of x_finish is one method");

  g_assert_true (pair == convoke_remote_pair_get (find_method ("load_async"), NULL));
  g_assert_cmpuint (pair->callable.n_args, ==, 3);
  g_assert_cmpstr (pair->callable.args[0].name, ==, "name");
  g_assert_cmpstr (pair->callable.args[1].name, ==, "cancellable");
  g_assert_cmpstr (pair->callable.args[2].name, ==, "length");
  g_assert_cmpint (pair->callable.ret.type.kind, ==, CONVOKE_TYPE_KIND_UTF8);
  g_assert_true (pair->callable.throws);
  g_assert_cmpuint (pair->index, ==, find_method ("load_async")->index);
}

static ConvokeCall *
make_pair_call (GObject *object)
{
  g_autoptr (GObject) server = convoke_remote_pair_new_server ();
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_call_new_plain (object, CONVOKE_TEST_TYPE_EVERY, 0, server, NULL, &error);

  g_assert_no_error (error);
  return call;
}

static void
begin_pair (ConvokeCall *call,
            const char  *name)
{
  g_autoptr (GError) error = NULL;
  gpointer nothing = NULL;
  void *args[] = { &nothing, &name, &nothing, &nothing, &nothing };

  convoke_call_begin_native (call, find_pair (), args, &error);
  g_assert_no_error (error);
}

static char *
finish_pair (ConvokeCall  *call,
             gsize        *length,
             GError      **error)
{
  gpointer nothing = NULL;
  GError **thrown = NULL;
  void *args[] = { &nothing, &nothing, &nothing, &length, &thrown };
  char *result = NULL;

  return convoke_call_finish_native (call, find_pair (), args, &result, error) ? result : NULL;
}

static void
wait_in_loop (ConvokeCall *call)
{
  while (convoke_call_get_state (call) != CONVOKE_CALL_STATE_SIGNALED)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_REMOVE;
}

static void
completed_cb (ConvokeCall       *call,
              ConvokeCallNotice  notice,
              gpointer           data)
{
  g_idle_add (wake_cb, NULL);
}

static void
test_pair_runs (void)
{
  g_autoptr (GObject) every = G_OBJECT (convoke_test_server_new ());
  g_autoptr (ConvokeCall) call = make_pair_call (every);
  g_autofree char *loaded = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  g_test_summary ("A call of the pair runs x_async, and x_finish in its callback");

  convoke_call_set_callback (call, NULL, completed_cb, NULL, NULL);
  begin_pair (call, "thing");
  wait_in_loop (call);
  loaded = finish_pair (call, &length, &error);
  g_assert_no_error (error);
  g_assert_nonnull (loaded);
  g_assert_cmpuint (length, ==, strlen (loaded));
}

static void
test_pair_throws (void)
{
  g_autoptr (GObject) every = G_OBJECT (convoke_test_server_new ());
  g_autoptr (ConvokeCall) call = make_pair_call (every);
  g_autofree char *loaded = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What x_finish throws is the call's error, as it is");

  convoke_call_set_callback (call, NULL, completed_cb, NULL, NULL);
  begin_pair (call, "missing");
  wait_in_loop (call);
  loaded = finish_pair (call, NULL, &error);
  g_assert_error (error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_null (loaded);
}

/* --- an emission as bytes --- */

/* References are written as one byte, and @held counts those that were not given back. */
typedef struct
{
  ConvokeWireRefs  refs;
  GObject         *object;
  guint            held;
} FakeRefs;

static gboolean
write_fake (gpointer                data,
            ConvokeWireWriter      *writer,
            GObject                *object,
            const ConvokeTypeInfo  *type,
            GError                **error)
{
  FakeRefs *self = data;

  self->held++;
  convoke_wire_put_u8 (writer, 42);
  return TRUE;
}

static GObject *
read_fake (gpointer                data,
           ConvokeWireReader      *reader,
           const ConvokeTypeInfo  *type,
           GError                **error)
{
  FakeRefs *self = data;
  guint8 byte;

  if (!convoke_wire_get_u8 (reader, &byte, error))
    return NULL;

  if (byte != 42)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "holds no reference");
      return NULL;
    }

  self->held--;
  return g_object_ref (self->object);
}

static void
fake_refs_init (FakeRefs *self,
                GObject  *object)
{
  *self = (FakeRefs) { { self, write_fake, read_fake }, object, 0 };
}

static void
describe_signal (ConvokeRemoteSignal *signal,
                 const char          *name)
{
  g_autoptr (GError) error = NULL;
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (CONVOKE_TEST_TYPE_EVERY, &error);

  g_assert_no_error (error);
  *signal = (ConvokeRemoteSignal) { NULL, };
  for (guint i = 0; i < info->n_signals; i++)
    if (strcmp (info->signals[i].callable.name, name) == 0)
      g_assert_true (convoke_remote_signal_init (signal, info, &info->signals[i]));
  g_assert_nonnull (signal->info);
}

static void
write_ticked (ConvokeWireWriter *writer,
              GQuark             detail)
{
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  GValue params[3] = { G_VALUE_INIT, };
  g_autoptr (GError) error = NULL;
  FakeRefs refs;

  fake_refs_init (&refs, NULL);
  describe_signal (&signal, "ticked");
  g_value_init (&params[1], G_TYPE_INT);
  g_value_set_int (&params[1], -7);
  g_value_init (&params[2], G_TYPE_STRING);
  g_value_set_static_string (&params[2], "tock");
  convoke_wire_writer_init (writer);
  convoke_remote_signal_write (&signal, writer, detail, params, &refs.refs, &error);
  g_assert_no_error (error);
}

static void
test_signal_crosses (void)
{
  g_autoptr (GObject) every = G_OBJECT (convoke_test_server_new ());
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  g_autoptr (ConvokeEmission) emission = NULL;
  g_autoptr (GError) error = NULL;
  ConvokeRemoteSignalBody body;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  FakeRefs refs;

  g_test_summary ("A signal's values come as they went");

  write_ticked (&writer, 0);
  fake_refs_init (&refs, NULL);
  convoke_wire_reader_init (&reader, writer.data, writer.length, NULL, 0);
  g_assert_true (convoke_remote_signal_read (&body, &reader, &error));
  g_assert_true (convoke_remote_signal_find (&body, &signal));
  g_assert_cmpuint (signal.id, ==, g_signal_lookup ("ticked", CONVOKE_TEST_TYPE_EVERY));
  g_assert_cmpuint (convoke_remote_signal_find_detail (&body, &signal), ==, 0);

  emission = convoke_emission_new (every, signal.id, 0, 2);
  g_assert_true (convoke_remote_signal_read_values (&body, &signal, emission, &refs.refs, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_value_get_int (&emission->values[1]), ==, -7);
  g_assert_cmpstr (g_value_get_string (&emission->values[2]), ==, "tock");
  convoke_wire_writer_clear (&writer);
}

static void
test_signal_differs (void)
{
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  ConvokeRemoteSignalBody body = { .iface = "ConvokeTestEvery", .signal = "ticked", .types = "(gint32,gint32)void" };

  g_test_summary ("A signal that the other side describes otherwise, or that there is none of, is not found");

  g_assert_false (convoke_remote_signal_find (&body, &signal));
  convoke_remote_signal_clear (&signal);
  body.signal = "never-heard-of";
  g_assert_false (convoke_remote_signal_find (&body, &signal));
  body.iface = "ConvokeTestServer";
  g_assert_false (convoke_remote_signal_find (&body, &signal));
  body.iface = "NoSuchThing";
  g_assert_false (convoke_remote_signal_find (&body, &signal));
}

static void
test_signal_detail (void)
{
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  ConvokeRemoteSignalBody body = { .detail = "a-detail-that-nobody-ever-connected-to" };

  g_test_summary ("A peer's details do not fill the memory, nor come with a signal that has none");

  describe_signal (&signal, "ticked");
  g_assert_cmpuint (convoke_remote_signal_find_detail (&body, &signal), ==, 0);
  g_assert_cmpuint (g_quark_try_string (body.detail), ==, 0);
  body.detail = "known";
  g_assert_cmpuint (g_quark_from_static_string ("known"), !=, 0);
  g_assert_cmpuint (convoke_remote_signal_find_detail (&body, &signal), ==, 0);
}

/* Whatever is done with it, it ends, and an error says why. */
static void
digest (const guint8 *data,
        gsize         length,
        gboolean      drop)
{
  g_autoptr (GObject) every = G_OBJECT (convoke_test_server_new ());
  g_autoptr (ConvokeEmission) emission = NULL;
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  g_autoptr (GError) error = NULL;
  ConvokeRemoteSignalBody body;
  ConvokeWireReader reader;
  FakeRefs refs;
  gboolean ok;

  fake_refs_init (&refs, every);
  convoke_wire_reader_init (&reader, data, length, NULL, 0);
  ok = convoke_remote_signal_read (&body, &reader, &error);
  if (ok && drop)
    ok = convoke_remote_signal_drop (&body, &refs.refs, &error);
  else if (ok && convoke_remote_signal_find (&body, &signal))
    {
      emission = convoke_emission_new (every, signal.id, 0, signal.info->callable.n_args);
      ok = convoke_remote_signal_read_values (&body, &signal, emission, &refs.refs, &error);
    }

  if (ok)
    g_assert_no_error (error);
  else
    g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL);
}

static void
test_signal_hostile (void)
{
  ConvokeWireWriter writer;

  g_test_summary ("A signal that is cut anywhere, or has any byte wrong, is an error or another signal");

  write_ticked (&writer, g_quark_from_static_string ("known"));
  for (gsize i = 0; i <= writer.length; i++)
    {
      g_autofree guint8 *cut = g_memdup2 (writer.data, i);

      digest (cut, i, FALSE);
      digest (cut, i, TRUE);
    }
  for (gsize i = 0; i < writer.length; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        g_autofree guint8 *bent = g_memdup2 (writer.data, writer.length);

        bent[i] ^= 1 << bit;
        digest (bent, writer.length, FALSE);
        digest (bent, writer.length, TRUE);
      }
  convoke_wire_writer_clear (&writer);
}

static void
write_may_go (ConvokeWireWriter *writer,
              FakeRefs          *refs)
{
  g_auto (ConvokeRemoteSignal) signal = { NULL, };
  GValue params[2] = { G_VALUE_INIT, };
  g_autoptr (GError) error = NULL;

  describe_signal (&signal, "may-go");
  g_assert_true (convoke_remote_signal_asks (&signal));
  g_value_init (&params[1], G_TYPE_FILE);
  g_value_take_object (&params[1], g_file_new_for_path ("/"));
  convoke_wire_writer_init (writer);
  convoke_remote_signal_write (&signal, writer, 0, params, &refs->refs, &error);
  g_assert_no_error (error);
  g_value_unset (&params[1]);
}

static void
test_signal_dropped (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/");
  g_autoptr (GError) error = NULL;
  ConvokeRemoteSignalBody body;
  ConvokeWireWriter writer;
  ConvokeWireReader reader;
  FakeRefs refs;

  g_test_summary ("What a signal refers to is given back by who does not want or know it");

  fake_refs_init (&refs, G_OBJECT (file));
  write_may_go (&writer, &refs);
  g_assert_cmpuint (refs.held, ==, 1);

  convoke_wire_reader_init (&reader, writer.data, writer.length, NULL, 0);
  g_assert_true (convoke_remote_signal_read (&body, &reader, &error));
  g_assert_true (convoke_remote_signal_drop (&body, &refs.refs, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (refs.held, ==, 0);
  convoke_wire_writer_clear (&writer);
}

/* --- over a connection --- */

/* A server that lives in a thread of its own, and its proxy at the other end of a connection. */
typedef struct
{
  TestPair           pair;
  TestHome          *home;
  ConvokeTestServer *server;
  GObject           *proxy;
} Far;

static void
far_init (Far *self)
{
  self->home = test_home_new ();
  self->server = test_home_bind (self->home, convoke_test_server_new ());
  test_pair_init (&self->pair);
  test_pair_object = G_OBJECT (self->server);
  self->proxy = test_channel_get_object (self->pair.near);
  test_pair_object = NULL;
  g_assert_true (convoke_is_proxy (self->proxy));
}

static void
gone_cb (gpointer  data,
         GObject  *where_it_was)
{
  g_atomic_int_set ((gint *) data, 1);
  g_main_context_wakeup (NULL);
}

/* Nobody keeps the server. */
static void
far_clear_server (Far *self)
{
  gint gone = 0;

  g_object_weak_ref (G_OBJECT (self->server), gone_cb, &gone);
  g_object_unref (self->server);
  test_iterate_until (&gone);
  test_home_free (self->home);
}

static void
far_clear (Far *self)
{
  g_clear_object (&self->proxy);
  test_pair_clear (&self->pair);
  far_clear_server (self);
}

/* --- properties --- */

static void
test_property (void)
{
  Far far;
  g_autofree char *currency = NULL;
  ConvokeTestMood mood;
  int level;

  g_test_summary ("Properties of the interfaces are the object's");

  far_init (&far);
  g_object_set (far.proxy, "currency", "GBP", "level", 5, NULL);
  g_object_get (far.server, "currency", &currency, NULL);
  g_assert_cmpstr (currency, ==, "GBP");
  g_object_get (far.proxy, "level", &level, "mood", &mood, NULL);
  g_assert_cmpint (level, ==, 5);
  g_assert_cmpint (mood, ==, CONVOKE_TEST_MOOD_GOOD);
  g_assert_null (convoke_dup_last_error (far.proxy));
  far_clear (&far);
}

static void
test_property_object (void)
{
  Far far;
  g_autoptr (GObject) mine = G_OBJECT (convoke_test_server_new ());
  g_autoptr (GObject) got = NULL;
  g_autoptr (GObject) there = NULL;

  g_test_summary ("An object in a property goes by reference, and comes home as itself");

  far_init (&far);
  g_object_set (far.proxy, "feed", mine, NULL);
  g_object_get (far.server, "feed", &there, NULL);
  g_assert_true (convoke_is_proxy (there));
  g_object_get (far.proxy, "feed", &got, NULL);
  g_assert_true (got == mine);
  g_object_set (far.proxy, "feed", NULL, NULL);
  g_clear_object (&there);
  far_clear (&far);
}

static void
property_failed_cb (GObject      *proxy,
                    const char   *name,
                    const GError *error,
                    gpointer      data)
{
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_cmpstr (name, ==, "level");
  ++*(guint *) data;
}

static void
test_property_disconnected (void)
{
  Far far;
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "Enough");
  g_autoptr (GError) last = NULL;
  guint n_failed = 0;
  int level = 7;

  g_test_summary ("D15: a property that cannot be reached reads as zero, and why is told");

  far_init (&far);
  g_object_set (far.proxy, "level", 5, NULL);
  convoke_channel_close (far.pair.far, why);
  g_signal_connect (far.proxy, "call-failed", G_CALLBACK (property_failed_cb), &n_failed);
  g_object_get (far.proxy, "level", &level, NULL);
  g_assert_cmpint (level, ==, 0);
  g_assert_cmpuint (n_failed, ==, 1);
  last = convoke_dup_last_error (far.proxy);
  g_assert_error (last, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  far_clear (&far);
}

/* What a peer that does not keep to the rules asks for; @value: what is behind the three names. */
static void
assert_refused (Far            *far,
                ConvokeRequest  kind,
                const char     *iface,
                const char     *name,
                const char     *type,
                int             value,
                int             code)
{
  ConvokeImport *import = CONVOKE_IMPORT (convoke_proxy_from_object (far->proxy)->target);
  g_autoptr (GError) error = NULL;
  ConvokeChannelReply reply;
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_channel_begin_request (far->pair.near, &writer, kind, import->place->id);
  convoke_wire_put_string (&writer, iface);
  convoke_wire_put_string (&writer, name);
  convoke_wire_put_string (&writer, type);
  if (kind == CONVOKE_REQUEST_SET)
    convoke_wire_put_u32 (&writer, value);
  g_assert_false (convoke_channel_request (far->pair.near, &writer, -1, NULL, &reply, &error));
  g_assert_error (error, CONVOKE_ERROR, code);
  convoke_wire_writer_clear (&writer);
}

static void
test_property_hostile (void)
{
  Far far;
  int level;

  g_test_summary ("A peer gets no property that the interface does not have, cannot be had, or is of another type");

  far_init (&far);
  assert_refused (&far, CONVOKE_REQUEST_GET, "ConvokeTestEvery", "nothing", "gint32", 0, CONVOKE_ERROR_NO_METHOD);
  assert_refused (&far, CONVOKE_REQUEST_GET, "ConvokeTestEvery", "currency", "utf8", 0, CONVOKE_ERROR_NO_METHOD);
  assert_refused (&far, CONVOKE_REQUEST_GET, "ConvokeTestServer", "level", "gint32", 0, CONVOKE_ERROR_NO_INTERFACE);
  assert_refused (&far, CONVOKE_REQUEST_GET, "GAction", "name", "utf8", 0, CONVOKE_ERROR_NO_INTERFACE);
  assert_refused (&far, CONVOKE_REQUEST_GET, "NoSuchThing", "level", "gint32", 0, CONVOKE_ERROR_NO_INTERFACE);
  assert_refused (&far, CONVOKE_REQUEST_GET, "ConvokeTestEvery", "level", "gint64", 0, CONVOKE_ERROR_VERSION_MISMATCH);
  assert_refused (&far, CONVOKE_REQUEST_GET, NULL, "level", "gint32", 0, CONVOKE_ERROR_PROTOCOL);
  assert_refused (&far, CONVOKE_REQUEST_SET, "ConvokeTestEvery", "mood", "ConvokeTest.Mood:6", 0, CONVOKE_ERROR_INVALID_ARGUMENT);
  assert_refused (&far, CONVOKE_REQUEST_SET, "ConvokeTestEvery", "label", "utf8", 1000, CONVOKE_ERROR_PROTOCOL);

  g_object_set (far.proxy, "level", 3, NULL);
  g_object_get (far.proxy, "level", &level, NULL);
  g_assert_cmpint (level, ==, 3);
  far_clear (&far);
}

static void
test_property_confined (void)
{
  Far far;
  gpointer iface = g_type_default_interface_ref (G_TYPE_DTLS_CONNECTION);
  GParamSpec *pspec = g_object_interface_find_property (iface, "certificate");
  g_auto (GValue) value = G_VALUE_INIT;
  g_autoptr (GError) error = NULL;
  ConvokeImport *import;

  g_test_summary ("A property that cannot cross is refused with the reason, and nobody is asked");

  far_init (&far);
  import = CONVOKE_IMPORT (convoke_proxy_from_object (far.proxy)->target);
  g_value_init (&value, G_TYPE_TLS_CERTIFICATE);
  g_assert_false (convoke_remote_property_read (import, pspec, &value, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "certificate"));
  g_assert_nonnull (strstr (error->message, "an object of a class"));
  g_clear_error (&error);
  g_assert_false (convoke_remote_property_write (import, pspec, &value, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED);
  g_type_default_interface_unref (iface);
  far_clear (&far);
}

/* --- notifications and signals --- */

static void
test_signal_confined (void)
{
  gpointer iface = g_type_default_interface_ref (G_TYPE_DTLS_CONNECTION);
  g_autoptr (GError) error = NULL;
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (G_TYPE_DTLS_CONNECTION, &error);
  g_auto (ConvokeRemoteSignal) signal = { NULL, };

  g_test_summary ("A signal with a value that cannot cross is not relayed");

  g_assert_no_error (error);
  g_assert_cmpuint (info->n_signals, ==, 1);
  g_assert_false (convoke_remote_signal_init (&signal, info, &info->signals[0]));
  g_type_default_interface_unref (iface);
}

static void
count_notify_cb (GObject    *object,
                 GParamSpec *pspec,
                 gpointer    data)
{
  g_assert_true (convoke_is_proxy (object));
  g_assert_true (g_main_context_is_owner (g_main_context_default ()));
  g_atomic_int_inc ((gint *) data);
}

static void
test_notify (void)
{
  Far far;
  gint n_labels = 0;

  g_test_summary ("Notifications are relayed to where the proxy was made, one for each change");

  far_init (&far);
  g_main_context_acquire (NULL);
  g_signal_connect (far.proxy, "notify::label", G_CALLBACK (count_notify_cb), &n_labels);
  g_object_set (far.proxy, "label", "new", NULL);
  g_object_set (far.proxy, "label", "new", NULL);
  g_assert_cmpint (n_labels, ==, 0);
  test_iterate_until (&n_labels);

  g_object_set (far.proxy, "label", "newer", NULL);
  while (n_labels < 2)
    g_main_context_iteration (NULL, TRUE);
  g_main_context_release (NULL);
  far_clear (&far);
}

typedef struct
{
  gint     n;
  gint     last;
  GString *texts;
  GThread *thread;
} Ticks;

static void
ticked_cb (GObject    *object,
           int         n,
           const char *text,
           Ticks      *ticks)
{
  g_assert_true (convoke_is_proxy (object));
  g_string_append (ticks->texts, text);
  ticks->thread = g_thread_self ();
  ticks->n++;
  if (n < 0)
    g_atomic_int_set (&ticks->last, 1);
}

static void
tick_cb (gpointer data)
{
  for (int i = 0; i < 100; i++)
    convoke_test_server_tick (data, i, ".");
  convoke_test_server_tick (data, -1, "!");
}

static void
test_signal (void)
{
  Far far;
  Ticks ticks = { 0, };

  g_test_summary ("A signal is emitted again on the proxy, in its home, in order, once");

  far_init (&far);
  ticks.texts = g_string_new (NULL);
  g_signal_connect (far.proxy, "ticked", G_CALLBACK (ticked_cb), &ticks);
  test_home_run (far.home, tick_cb, far.server);
  g_assert_cmpint (ticks.n, ==, 0);
  test_iterate_until (&ticks.last);
  g_assert_cmpint (ticks.n, ==, 101);
  g_assert_cmpint (ticks.texts->str[100], ==, '!');
  g_assert_true (ticks.thread == g_thread_self ());
  g_string_free (ticks.texts, TRUE);
  far_clear (&far);
}

static void
test_signal_unheard (void)
{
  Far far;
  Ticks ticks = { 0, };

  g_test_summary ("A handler hears nothing of what was emitted before it was connected");

  far_init (&far);
  ticks.texts = g_string_new (NULL);
  test_home_run (far.home, tick_cb, far.server);
  convoke_test_every_nothing (CONVOKE_TEST_EVERY (far.proxy));
  g_signal_connect (far.proxy, "ticked", G_CALLBACK (ticked_cb), &ticks);
  test_home_run (far.home, tick_cb, far.server);
  test_iterate_until (&ticks.last);
  g_assert_cmpint (ticks.n, ==, 101);
  g_string_free (ticks.texts, TRUE);
  far_clear (&far);
}

typedef struct
{
  GObject  *server;
  gboolean  answer;
  gint      done;
} MayGo;

static gboolean
may_go_cb (GObject *object,
           GFile   *where,
           gpointer data)
{
  g_autofree char *name = g_file_get_basename (where);

  *(GThread **) data = g_thread_self ();
  return g_str_equal (name, "home");
}

static gboolean
ask_may_go_cb (gpointer data)
{
  MayGo *ask = data;
  g_autoptr (GFile) where = g_file_new_for_path ("/home");

  g_signal_emit_by_name (ask->server, "may-go", where, &ask->answer);
  g_atomic_int_set (&ask->done, 1);
  g_main_context_wakeup (NULL);
  return G_SOURCE_REMOVE;
}

static void
test_signal_answer (void)
{
  Far far;
  GThread *thread = NULL;
  MayGo ask = { NULL, FALSE, 0 };

  g_test_summary ("A signal that returns a value gets it from the proxy's handler");

  far_init (&far);
  ask.server = G_OBJECT (far.server);
  g_signal_connect (far.proxy, "may-go", G_CALLBACK (may_go_cb), &thread);
  test_home_queue (far.home, ask_may_go_cb, &ask);
  test_iterate_until (&ask.done);
  g_assert_true (ask.answer);
  g_assert_true (thread == g_thread_self ());
  far_clear (&far);
}

static void
ask_on_notify_cb (GObject    *server,
                  GParamSpec *pspec,
                  gpointer    data)
{
  g_autoptr (GFile) where = g_file_new_for_path ("/home");

  g_signal_emit_by_name (server, "may-go", where, data);
}

static void
test_signal_answer_in_chain (void)
{
  Far far;
  GThread *thread = NULL;
  gboolean answer = FALSE;

  g_test_summary ("D7: a thread that waits for the other side answers what that asks meanwhile");

  far_init (&far);
  g_signal_connect (far.server, "notify::label", G_CALLBACK (ask_on_notify_cb), &answer);
  g_signal_connect (far.proxy, "may-go", G_CALLBACK (may_go_cb), &thread);
  g_object_set (far.proxy, "label", "x", NULL);
  g_assert_true (answer);
  g_assert_true (thread == g_thread_self ());

  answer = FALSE;
  thread = NULL;
  convoke_test_every_set_label (CONVOKE_TEST_EVERY (far.proxy), "y");
  g_assert_true (answer);
  g_assert_true (thread == g_thread_self ());
  far_clear (&far);
}

static void
note_notify_cb (GObject    *proxy,
                GParamSpec *pspec,
                GString    *order)
{
  g_string_append (order, "notify ");
}

static void
note_completed_cb (ConvokeCall       *call,
                   ConvokeCallNotice  notice,
                   gpointer           data)
{
  g_string_append (data, "completed ");
}

static void
test_signal_order (void)
{
  Far far;
  g_autoptr (GString) order = g_string_new (NULL);
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("What a method tells before it returns comes before its completion");

  far_init (&far);
  g_signal_connect (far.proxy, "notify::label", G_CALLBACK (note_notify_cb), order);
  call = convoke_create_call (far.proxy, CONVOKE_TEST_TYPE_EVERY, &error);
  g_assert_no_error (error);
  convoke_call_set_callback (call, NULL, note_completed_cb, order, NULL);
  convoke_call_begin (call, "set_label", &error, "x");
  g_assert_no_error (error);
  while (strstr (order->str, "completed") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (order->str, ==, "notify completed ");
  g_clear_object (&call);
  far_clear (&far);
}

static void
test_signal_no_answer (void)
{
  Far far;
  MayGo ask = { NULL, TRUE, 0 };

  g_test_summary ("A signal that nobody answers, or nobody is there to answer, keeps its default value");

  far_init (&far);
  ask.server = G_OBJECT (far.server);
  test_home_queue (far.home, ask_may_go_cb, &ask);
  test_iterate_until (&ask.done);
  g_assert_false (ask.answer);

  ask.answer = TRUE;
  ask.done = 0;
  test_pair_clear (&far.pair);
  test_home_queue (far.home, ask_may_go_cb, &ask);
  test_iterate_until (&ask.done);
  g_assert_false (ask.answer);

  g_clear_object (&far.proxy);
  far_clear_server (&far);
}

/* --- pairs --- */

typedef struct
{
  GObject *proxy;
  gint     done;
  char    *loaded;
  gsize    length;
  GError  *error;
} Load;

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      data)
{
  Load *load = data;

  g_assert_true (source == load->proxy);
  load->loaded = convoke_test_every_load_finish (CONVOKE_TEST_EVERY (source), result, &load->length, &load->error);
  g_atomic_int_set (&load->done, 1);
}

static void
load_clear (Load *load)
{
  g_clear_error (&load->error);
  g_free (load->loaded);
}

static void
test_async (void)
{
  Far far;
  Load load = { NULL, };

  g_test_summary ("x_async calls back in the caller's context, and x_finish gives what the object's gave");

  far_init (&far);
  load.proxy = far.proxy;
  convoke_test_every_load_async (CONVOKE_TEST_EVERY (far.proxy), "thing", NULL, loaded_cb, &load);
  g_assert_cmpint (load.done, ==, 0);
  test_iterate_until (&load.done);
  g_assert_no_error (load.error);
  g_assert_cmpstr (load.loaded, ==, "loaded thing");
  g_assert_cmpuint (load.length, ==, strlen ("loaded thing"));
  load_clear (&load);
  far_clear (&far);
}

static void
test_async_throws (void)
{
  Far far;
  Load load = { NULL, };

  g_test_summary ("x_finish throws what the object's x_finish threw; that is no failure on the way");

  far_init (&far);
  load.proxy = far.proxy;
  convoke_test_every_load_async (CONVOKE_TEST_EVERY (far.proxy), "missing", NULL, loaded_cb, &load);
  test_iterate_until (&load.done);
  g_assert_error (load.error, CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
  g_assert_null (load.loaded);
  g_assert_null (convoke_dup_last_error (far.proxy));
  load_clear (&load);
  far_clear (&far);
}

static void
test_async_cancelled (void)
{
  Far far;
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Load load = { NULL, };

  g_test_summary ("The object's x_async is cancelled with the caller's cancellable, and says what becomes of it");

  far_init (&far);
  load.proxy = far.proxy;
  convoke_test_server_set_gate (far.server, gate);
  convoke_test_every_load_async (CONVOKE_TEST_EVERY (far.proxy), "thing", cancellable, loaded_cb, &load);
  g_assert_true (convoke_test_gate_wait_arrived (gate, 1));
  g_cancellable_cancel (cancellable);
  /* Behind the cancel. */
  convoke_test_every_nothing (CONVOKE_TEST_EVERY (far.proxy));
  convoke_test_gate_open (gate);
  test_iterate_until (&load.done);
  g_assert_error (load.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  load_clear (&load);
  far_clear (&far);
}

static void
test_async_disconnected (void)
{
  Far far;
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "Enough");
  Load load = { NULL, };

  g_test_summary ("What becomes of the connection is told by x_finish: under way, and from the start");

  far_init (&far);
  load.proxy = far.proxy;
  convoke_test_server_set_gate (far.server, gate);
  convoke_test_every_load_async (CONVOKE_TEST_EVERY (far.proxy), "thing", NULL, loaded_cb, &load);
  g_assert_true (convoke_test_gate_wait_arrived (gate, 1));
  convoke_channel_close (far.pair.near, why);
  test_iterate_until (&load.done);
  g_assert_error (load.error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  load_clear (&load);

  load = (Load) { far.proxy, };
  convoke_test_every_load_async (CONVOKE_TEST_EVERY (far.proxy), "thing", NULL, loaded_cb, &load);
  test_iterate_until (&load.done);
  g_assert_error (load.error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  load_clear (&load);

  convoke_test_gate_open (gate);
  far_clear (&far);
}

static void
test_async_begun (void)
{
  Far far;
  Load load = { NULL, };
  g_autoptr (ConvokeCall) call = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("A call object of x_async has done its part when that was begun; the callback comes later");

  far_init (&far);
  load.proxy = far.proxy;
  call = convoke_create_call (far.proxy, CONVOKE_TEST_TYPE_EVERY, &error);
  g_assert_no_error (error);
  convoke_call_begin (call, "load_async", &error, "thing", NULL, loaded_cb, &load);
  g_assert_no_error (error);
  g_assert_true (convoke_call_wait (call, -1, &error));
  g_assert_true (convoke_call_finish (call, "load_async", &error));
  g_assert_no_error (error);
  test_iterate_until (&load.done);
  g_assert_no_error (load.error);
  g_assert_cmpstr (load.loaded, ==, "loaded thing");
  load_clear (&load);
  g_clear_object (&call);
  far_clear (&far);
}

static gpointer
cancel_later (gpointer data)
{
  gpointer *what = data;

  g_assert_true (convoke_test_gate_wait_arrived (what[1], 1));
  g_cancellable_cancel (what[0]);
  return NULL;
}

static void
test_cancellable (void)
{
  Far far;
  g_autoptr (ConvokeTestGate) gate = convoke_test_gate_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer what[] = { cancellable, gate };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_test_summary ("A synchronous method's cancellable is cancelled over there with the caller's");

  far_init (&far);
  convoke_test_server_set_gate (far.server, gate);
  thread = g_thread_new ("canceller", cancel_later, what);
  g_assert_false (convoke_test_every_wait_cancelled (CONVOKE_TEST_EVERY (far.proxy), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);

  /* And one that was cancelled before. */
  g_clear_error (&error);
  g_assert_false (convoke_test_every_wait_cancelled (CONVOKE_TEST_EVERY (far.proxy), cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  far_clear (&far);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  test_require ("ConvokeTest", "1");
  test_require ("Gio", "2.0");

  g_test_add_func ("/marshal/remote/pair/method", test_pair_method);
  g_test_add_func ("/marshal/remote/pair/runs", test_pair_runs);

  g_test_add_func ("/marshal/remote/pair/throws", test_pair_throws);
  g_test_add_func ("/marshal/remote/signal/crosses", test_signal_crosses);
  g_test_add_func ("/marshal/remote/signal/differs", test_signal_differs);
  g_test_add_func ("/marshal/remote/signal/detail", test_signal_detail);
  g_test_add_func ("/marshal/remote/signal/hostile", test_signal_hostile);
  g_test_add_func ("/marshal/remote/signal/dropped", test_signal_dropped);
  g_test_add_func ("/marshal/remote/property/value", test_property);
  g_test_add_func ("/marshal/remote/property/object", test_property_object);
  g_test_add_func ("/marshal/remote/property/d15-disconnected", test_property_disconnected);
  g_test_add_func ("/marshal/remote/property/hostile", test_property_hostile);
  g_test_add_func ("/marshal/remote/notify", test_notify);
  g_test_add_func ("/marshal/remote/signal/relayed", test_signal);
  g_test_add_func ("/marshal/remote/signal/unheard", test_signal_unheard);
  g_test_add_func ("/marshal/remote/signal/answer", test_signal_answer);
  g_test_add_func ("/marshal/remote/signal/no-answer", test_signal_no_answer);
  g_test_add_func ("/marshal/remote/signal/d7-answer-in-chain", test_signal_answer_in_chain);
  g_test_add_func ("/marshal/remote/signal/order", test_signal_order);
  g_test_add_func ("/marshal/remote/signal/confined", test_signal_confined);
  g_test_add_func ("/marshal/remote/property/confined", test_property_confined);
  g_test_add_func ("/marshal/remote/pair/async", test_async);
  g_test_add_func ("/marshal/remote/pair/async-throws", test_async_throws);
  g_test_add_func ("/marshal/remote/pair/async-cancelled", test_async_cancelled);
  g_test_add_func ("/marshal/remote/pair/async-disconnected", test_async_disconnected);
  g_test_add_func ("/marshal/remote/pair/begun", test_async_begun);
  g_test_add_func ("/marshal/remote/cancellable", test_cancellable);

  return g_test_run ();
}
