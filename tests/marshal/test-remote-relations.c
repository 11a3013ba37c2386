/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What two processes tell each other about an object beside its methods. */

#include <convoke-test.h>

#define CONVOKE_INSIDE
#include "convoke-call-private.h"
#include "convoke-error.h"
#include "convoke-remote-pair-private.h"
#include "convoke-remote-signal-private.h"
#include "test-home.h"

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
  g_assert_cmpuint (pair->callable.n_args, ==, 2);
  g_assert_cmpstr (pair->callable.args[0].name, ==, "name");
  g_assert_cmpstr (pair->callable.args[1].name, ==, "length");
  g_assert_cmpint (pair->callable.ret.type.kind, ==, CONVOKE_TYPE_KIND_UTF8);
  g_assert_true (pair->callable.throws);
  g_assert_cmpuint (pair->index, ==, find_method ("load_async")->index);
}

static ConvokeCall *
make_pair_call (GObject *object)
{
  g_autoptr (GObject) server = convoke_remote_pair_new_server ();
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_call_new_plain (object, CONVOKE_TEST_TYPE_EVERY, FALSE, server, NULL, &error);

  g_assert_no_error (error);
  return call;
}

static void
begin_pair (ConvokeCall *call,
            const char  *name)
{
  g_autoptr (GError) error = NULL;
  gpointer nothing = NULL;
  void *args[] = { &nothing, &name, &nothing, &nothing };

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
  void *args[] = { &nothing, &nothing, &length, &thrown };
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

  return g_test_run ();
}
