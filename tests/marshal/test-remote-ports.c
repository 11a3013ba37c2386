/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Ports of components elsewhere: on other threads and in other processes. TA-22, TA-28, TA-29, TA-31, TA-32, P-4. */

#include "config.h"

#include "hosted.h"

#include "convoke-disconnect.h"
#include "convoke-reply-port.h"
#include "convoke-reply-service.h"

static gint32
request (ConvokeReplyPort *port,
         gpointer          feed,
         const char       *item)
{
  g_autoptr (GError) error = NULL;
  GValue arg = G_VALUE_INIT;
  gint32 id;

  g_value_init (&arg, G_TYPE_STRING);
  g_value_set_string (&arg, item);
  id = convoke_reply_port_request (port, feed, CONVOKE_TEST_TYPE_PRICE_FEED, "get_price", &arg, 1, 0, 0, &error);
  g_value_unset (&arg);
  g_assert_no_error (error);
  g_assert_cmpint (id, >, 0);

  return id;
}

static ConvokeReplyMessage *
get_message (ConvokeReplyPort *port)
{
  g_autoptr (GError) error = NULL;
  ConvokeReplyMessage *message = convoke_reply_port_get_message (port, PATIENCE, &error);

  g_assert_no_error (error);
  return message;
}

static double
get_price (ConvokeReplyMessage *message)
{
  guint n_values;
  GValue *values = convoke_reply_message_dup_values (message, &n_values);
  double price;

  g_assert_no_error (convoke_reply_message_get_error (message));
  g_assert_cmpuint (n_values, ==, 1);
  price = g_value_get_double (values);
  g_value_unset (values);
  g_free (values);

  return price;
}

static void
assert_nothing (ConvokeReplyPort *port)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (convoke_reply_port_get_message (port, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT);
}

static void
open_in (ConvokeReplyPort *port,
         gpointer          feed,
         guint64           key)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (convoke_reply_port_open (port, feed, NULL, key, &error));
  g_assert_no_error (error);
}

static void
assert_changed (ConvokeReplyMessage *message,
                gpointer             feed)
{
  g_autoptr (GObject) object = convoke_reply_message_dup_object (message);
  GValue *values;
  guint n_values;

  g_assert_cmpint (convoke_reply_message_get_kind (message), ==, CONVOKE_REPLY_KIND_EVENT);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, 0);
  g_assert_cmpstr (convoke_reply_message_get_signal (message), ==, "price-changed");
  g_assert_true (object == feed);
  values = convoke_reply_message_dup_values (message, &n_values);
  g_assert_cmpuint (n_values, ==, 2);
  g_assert_cmpstr (g_value_get_string (&values[0]), ==, "cup");
  g_assert_cmpfloat (g_value_get_double (&values[1]), ==, 7);
  for (guint i = 0; i < n_values; i++)
    g_value_unset (&values[i]);
  g_free (values);
}

static void
kill_host (ConvokeTestPriceFeed *feed)
{
  GPid pid = ask_pid (feed);

  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
}

/* --- requests --- */

static void
test_processes (void)
{
  g_autoptr (ConvokeComponentFile) first_file = load_c ("org.example.First", "");
  g_autoptr (ConvokeComponentFile) second_file = load_c ("org.example.Second", "");
  g_autoptr (ConvokeTestPriceFeed) first = activate (first_file);
  g_autoptr (ConvokeTestPriceFeed) second = activate (second_file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  gint32 first_id = request (port, first, "pid");
  gint32 second_id = request (port, second, "pid");
  GPid first_pid = ask_pid (first);
  GPid second_pid = ask_pid (second);

  g_test_summary ("One port serves components of several processes: each id has its own process's reply");

  g_assert_cmpint (first_pid, !=, second_pid);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ConvokeReplyMessage) message = get_message (port);
      gint32 id = convoke_reply_message_get_request_id (message);

      g_assert_true (id == first_id || id == second_id);
      g_assert_cmpfloat (get_price (message), ==, id == first_id ? first_pid : second_pid);
    }
  assert_nothing (port);
}

static void
test_method_error (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Error", "");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  gint32 id = request (port, feed, "missing");
  g_autoptr (ConvokeReplyMessage) message = get_message (port);

  g_test_summary ("TA-6: what a method in another process threw is the reply's error");

  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_TEST_ERROR, CONVOKE_TEST_ERROR_NO_SUCH_ITEM);
}

static void
test_made_object (void)
{
  g_autoptr (GObject) player = G_OBJECT (convoke_test_player_new ());
  g_autoptr (GObject) other = G_OBJECT (convoke_test_player_new ());
  g_autoptr (ConvokeApartment) serial = convoke_apartment_new_serial ();
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GValue) arg = G_VALUE_INIT;
  GValue *values;
  guint n_values;
  gint32 id;

  g_test_summary ("TA-9, TA-13 to TA-15: an object that a request gives is in its reply, as the asker can use it, and nowhere before");

  g_assert_true (convoke_apartment_bind (serial, player, NULL));
  g_value_init (&arg, G_TYPE_OBJECT);
  g_value_set_object (&arg, other);
  id = convoke_reply_port_request (port, player, CONVOKE_TEST_TYPE_PARTNER, "meet", &arg, 1, 0, 0, &error);
  g_assert_no_error (error);
  message = get_message (port);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_no_error (convoke_reply_message_get_error (message));
  values = convoke_reply_message_dup_values (message, &n_values);
  g_assert_cmpuint (n_values, ==, 2);
  g_assert_true (g_value_get_object (&values[0]) == other);
  for (guint i = 0; i < n_values; i++)
    g_value_unset (&values[i]);
  g_free (values);
}

static void
test_cancel (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Cancel", "Threading=any\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  gint32 id = request (port, feed, "until-cancelled");
  g_autoptr (ConvokeReplyMessage) message = NULL;

  g_test_summary ("A request is cancelled by its id across processes");

  g_assert_true (convoke_reply_port_cancel (port, id, -1, NULL));
  message = get_message (port);
  g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
  g_assert_nonnull (convoke_reply_message_get_error (message));
}

static void
test_death (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Death", "Threading=any\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  g_autoptr (GError) error = NULL;
  guint n_replies = 0, n_closed = 0;

  g_test_summary ("TA-29, P-4: of a host that dies each outstanding id has its reply, and one message says that the object is gone, "
                  "which cannot be opened again");

  open_in (port, feed, 9);
  for (guint i = 0; i < 3; i++)
    request (port, feed, "until-cancelled");
  kill_host (feed);
  while (n_replies < 3 || n_closed < 1)
    {
      g_autoptr (ConvokeReplyMessage) message = get_message (port);

      g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
      if (convoke_reply_message_get_kind (message) == CONVOKE_REPLY_KIND_REPLY)
        n_replies++;
      else
        {
          g_assert_cmpint (convoke_reply_message_get_kind (message), ==, CONVOKE_REPLY_KIND_CLOSED);
          g_assert_cmpuint (convoke_reply_message_get_key (message), ==, 9);
          n_closed++;
        }
    }
  g_assert_cmpuint (n_replies, ==, 3);
  g_assert_cmpuint (n_closed, ==, 1);
  assert_nothing (port);
  g_assert_false (convoke_reply_port_close (port, G_OBJECT (feed), NULL));
  g_assert_false (convoke_reply_port_open (port, G_OBJECT (feed), NULL, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
}

/* --- signals --- */

static void
test_event_order (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Change", "");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);

  g_test_summary ("TA-22, TA-32: signals of another process are messages in order with the replies, and no context has to be run");

  open_in (port, feed, 5);
  for (guint i = 0; i < 20; i++)
    {
      gint32 id = request (port, feed, "change");
      g_autoptr (ConvokeReplyMessage) event = get_message (port);
      g_autoptr (ConvokeReplyMessage) reply = get_message (port);

      assert_changed (event, feed);
      g_assert_cmpuint (convoke_reply_message_get_key (event), ==, 5);
      g_assert_cmpint (convoke_reply_message_get_request_id (reply), ==, id);
    }
}

static void
test_every_port (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Every", "");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  ConvokeReplyPort *ports[3];

  g_test_summary ("One emission reaches every port that has the object open, and handlers of the proxy as well");

  for (guint i = 0; i < 3; i++)
    {
      ports[i] = convoke_reply_port_new (i);
      open_in (ports[i], feed, i);
    }
  ask (feed, "change");
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ConvokeReplyMessage) message = get_message (ports[i]);

      assert_changed (message, feed);
      g_assert_cmpuint (convoke_reply_message_get_key (message), ==, i);
      assert_nothing (ports[i]);
      g_object_unref (ports[i]);
    }
}

static void
changed_cb (ConvokeTestPriceFeed *feed,
            const char           *item,
            double                price,
            guint                *n)
{
  *n += 1;
}

static void
test_beside_handlers (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Beside", "");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  guint n = 0;

  g_test_summary ("A port and a handler of the same proxy are each told once, the handler in its main context");

  g_signal_connect (feed, "price-changed", G_CALLBACK (changed_cb), &n);
  open_in (port, feed, 0);
  ask (feed, "change");
  message = get_message (port);
  assert_changed (message, feed);
  while (n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (n, ==, 1);
  assert_nothing (port);
}

static void
test_filter (void)
{
  static const char * const nothing[] = { NULL };
  static const char * const unknown[] = { "no-such-signal", NULL };
  static const char * const prices[] = { "price-changed", NULL };
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Filter", "");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("TA-7: filters choose among the signals of a proxy, too");

  g_assert_true (convoke_reply_port_open (port, G_OBJECT (feed), nothing, 0, NULL));
  ask (feed, "change");
  assert_nothing (port);
  g_assert_false (convoke_reply_port_set_filter (port, G_OBJECT (feed), unknown, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT);
  g_assert_true (convoke_reply_port_set_filter (port, G_OBJECT (feed), prices, NULL));
  ask (feed, "change");
  message = get_message (port);
  assert_changed (message, feed);
}

static void
test_close (void)
{
  g_autoptr (ConvokeComponentFile) file = load_c ("org.example.Close", "Threading=any\n");
  g_autoptr (ConvokeTestPriceFeed) feed = activate (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyPort) other = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyMessage) event = NULL;
  g_autoptr (ConvokeReplyMessage) reply = NULL;
  gint32 id;

  g_test_summary ("T-TA-13: a port that closed an object of another process is silent about it; another port is not");

  open_in (port, feed, 0);
  open_in (other, feed, 0);
  request (port, feed, "change");
  id = request (other, feed, "made");
  g_assert_true (convoke_reply_port_close (port, G_OBJECT (feed), NULL));
  event = get_message (other);
  reply = get_message (other);
  if (convoke_reply_message_get_kind (event) == CONVOKE_REPLY_KIND_EVENT)
    g_assert_cmpint (convoke_reply_message_get_request_id (reply), ==, id);
  assert_nothing (port);
}

static void
test_disconnected (void)
{
  g_autoptr (GObject) object = NULL;
  g_autoptr (GObject) proxy = NULL;
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);
  g_autoptr (ConvokeReplyMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  g_test_summary ("TA-29: an object that its program disconnects is closed in the ports of its clients, with the reason");

  object = G_OBJECT (convoke_test_server_new ());
  proxy = convoke_create_proxy (object, &error);
  g_assert_no_error (error);
  open_in (port, proxy, 3);
  g_assert_true (convoke_disconnect_object (object, NULL));
  message = get_message (port);
  g_assert_cmpint (convoke_reply_message_get_kind (message), ==, CONVOKE_REPLY_KIND_CLOSED);
  g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
  g_assert_cmpuint (convoke_reply_message_get_key (message), ==, 3);
  convoke_test_server_change_price (CONVOKE_TEST_SERVER (object), "cup", 7);
  assert_nothing (port);

  g_assert_false (convoke_reply_port_open (port, proxy, NULL, 0, &error));
  g_assert_error (error, CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED);
}

/* --- a provider --- */

static ConvokeComponentFile *
load_provider (const char *name)
{
  g_autofree char *basename = g_strconcat (name, ".component", NULL);
  g_autofree char *path = g_build_filename (hosted_directory, basename, NULL);
  g_autofree char *text = g_strdup_printf ("[Component]\n"
                                           "Interfaces=Convoke-1.ReplyService\n"
                                           "Loader=c\n"
                                           "Module=%s\n"
                                           "Type=HostedProvider\n"
                                           "Distance=process\n"
                                           "Threading=any\n", g_getenv ("CONVOKE_TEST_PROVIDER_MODULE"));
  g_autoptr (GError) error = NULL;
  ConvokeComponentFile *file;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  file = convoke_component_file_load (path, &error);
  g_assert_no_error (error);
  return file;
}

static GObject *
activate_provider (const ConvokeComponentFile *file)
{
  g_autoptr (ConvokeApartment) home = convoke_apartment_new_for_context (NULL);
  g_auto (GVariantDict) ignored = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GError) error = NULL;
  GObject *object = convoke_process_placer_activate (file, NULL, CONVOKE_TYPE_REPLY_SERVICE, home, -1, NULL, &ignored, &error);

  g_assert_no_error (error);
  return object;
}

static gint32
perform (ConvokeReplyPort *port,
         GObject          *provider,
         const char       *name,
         GVariant         *parameters)
{
  g_autoptr (GError) error = NULL;
  GValue args[2] = { G_VALUE_INIT, G_VALUE_INIT };
  gint32 id;

  g_value_init (&args[0], G_TYPE_STRING);
  g_value_set_string (&args[0], name);
  g_value_init (&args[1], G_TYPE_VARIANT);
  g_value_set_variant (&args[1], parameters);
  id = convoke_reply_port_request (port, provider, CONVOKE_TYPE_REPLY_SERVICE, "perform", args, 2, 0, 0, &error);
  g_value_unset (&args[0]);
  g_value_unset (&args[1]);
  g_assert_no_error (error);

  return id;
}

static void
test_provider (void)
{
  g_autoptr (ConvokeComponentFile) file = load_provider ("org.example.Provider");
  g_autoptr (GObject) provider = activate_provider (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);

  g_test_summary ("TA-31: a provider in a process of its own completes its requests by id, and its faults are told");

  for (int i = 0; i < 20; i++)
    {
      gint32 id = perform (port, provider, "echo", g_variant_new_int32 (i));
      g_autoptr (ConvokeReplyMessage) message = get_message (port);
      guint n_values;
      GValue *values = convoke_reply_message_dup_values (message, &n_values);

      g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
      g_assert_no_error (convoke_reply_message_get_error (message));
      g_assert_cmpint (g_variant_get_int32 (g_value_get_variant (values)), ==, i);
      g_value_unset (values);
      g_free (values);
    }
  {
    gint32 id = perform (port, provider, "zero", NULL);
    g_autoptr (ConvokeReplyMessage) message = get_message (port);

    g_assert_cmpint (convoke_reply_message_get_request_id (message), ==, id);
    g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_SERVER_FAULT);
  }
}

static void
test_provider_dies (void)
{
  g_autoptr (ConvokeComponentFile) file = load_provider ("org.example.Dying");
  g_autoptr (GObject) provider = activate_provider (file);
  g_autoptr (ConvokeReplyPort) port = convoke_reply_port_new (0);

  g_test_summary ("TA-31, P-4: what a provider had accepted fails when its process dies, each request once");

  perform (port, provider, "keep", NULL);
  perform (port, provider, "keep", NULL);
  perform (port, provider, "death", NULL);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ConvokeReplyMessage) message = get_message (port);

      g_assert_error (convoke_reply_message_get_error (message), CONVOKE_ERROR, CONVOKE_ERROR_SERVER_DIED);
      g_assert_cmpint (convoke_reply_message_get_status (message), ==, (gint32) 0x80000052u);
    }
  assert_nothing (port);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GError) error = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  hosted_init ();
  convoke_require ("Convoke", "1", &error);
  g_assert_no_error (error);
  g_test_add_func ("/marshal/remote-ports/processes", test_processes);
  g_test_add_func ("/marshal/remote-ports/method-error", test_method_error);
  g_test_add_func ("/marshal/remote-ports/made-object", test_made_object);
  g_test_add_func ("/marshal/remote-ports/cancel", test_cancel);
  g_test_add_func ("/marshal/remote-ports/death", test_death);
  g_test_add_func ("/marshal/remote-ports/event-order", test_event_order);
  g_test_add_func ("/marshal/remote-ports/every-port", test_every_port);
  g_test_add_func ("/marshal/remote-ports/beside-handlers", test_beside_handlers);
  g_test_add_func ("/marshal/remote-ports/filter", test_filter);
  g_test_add_func ("/marshal/remote-ports/close", test_close);
  g_test_add_func ("/marshal/remote-ports/disconnected", test_disconnected);
  g_test_add_func ("/marshal/remote-ports/provider", test_provider);
  g_test_add_func ("/marshal/remote-ports/provider-dies", test_provider_dies);
  result = g_test_run ();
  hosted_clear ();

  return result;
}
