/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* GDBus, peer to peer over a socketpair and through a bus daemon of our own. */

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "bench-call-process.h"
#include "bench-process.h"
#include "bench.h"

static struct
{
  BenchProcess     server;
  BenchProcess     daemon;
  char            *folder;       /* of the daemon */
  GDBusConnection *connection;
  const char      *destination;  /* (nullable): with the daemon */
  guint            outstanding;
} client;

static const char description[] =
  "<node><interface name='" BENCH_DBUS_INTERFACE "'><method name='Add'>"
  "<arg direction='in' type='i'/><arg direction='in' type='s'/><arg direction='out' type='i'/>"
  "</method></interface></node>";

static void
check_error (const GError *error)
{
  if (error != NULL)
    g_error ("GDBus: %s", error->message);
}

/* --- the server --- */

static void
serve_call (GDBusConnection       *connection,
            const char            *sender,
            const char            *path,
            const char            *interface,
            const char            *method,
            GVariant              *parameters,
            GDBusMethodInvocation *invocation,
            gpointer               data)
{
  gint32 number;
  const char *text;

  g_variant_get (parameters, "(i&s)", &number, &text);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(i)", bench_method (number, text)));
}

static const GDBusInterfaceVTable vtable = { serve_call };

static GDBusConnection *
connect_socket (int                  fd,
                GDBusConnectionFlags flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_new_from_fd (fd, &error);
  g_autoptr (GSocketConnection) stream = NULL;
  GDBusConnection *connection;

  check_error (error);
  stream = g_socket_connection_factory_create_connection (socket);
  connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL, flags, NULL, NULL, &error);
  check_error (error);

  return connection;
}

static void
register_object (GDBusConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (description, &error);

  check_error (error);
  g_dbus_connection_register_object (connection, BENCH_DBUS_PATH, node->interfaces[0], &vtable, NULL, NULL, &error);
  check_error (error);
}

static void
serve_until_closed (GDBusConnection *connection)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_signal_connect_swapped (connection, "closed", G_CALLBACK (g_main_loop_quit), loop);
  g_dbus_connection_start_message_processing (connection);
  g_main_loop_run (loop);
}

void
bench_gdbus_serve (int fd)
{
  g_autoptr (GDBusConnection) connection =
    connect_socket (fd, G_DBUS_CONNECTION_FLAGS_DELAY_MESSAGE_PROCESSING);

  register_object (connection);
  serve_until_closed (connection);
}

static GDBusConnection *
connect_daemon (void)
{
  g_autofree char *address = g_strdup_printf ("unix:path=%s/bus", client.folder);
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection =
    g_dbus_connection_new_for_address_sync (address,
                                            G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT |
                                            G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
                                            NULL, NULL, &error);

  check_error (error);

  return connection;
}

static void
own_name (GDBusConnection *connection)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply =
    g_dbus_connection_call_sync (connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                                 "RequestName", g_variant_new ("(su)", BENCH_DBUS_NAME, 0), NULL,
                                 G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);

  check_error (error);
}

static void
serve_daemon (int fd)
{
  g_autoptr (GDBusConnection) connection = connect_daemon ();

  register_object (connection);
  own_name (connection);
  bench_write (fd, "", 1);
  serve_until_closed (connection);
}

/* --- the client --- */

static void
connect_client (void)
{
  client.connection = connect_socket (client.server.fd, G_DBUS_CONNECTION_FLAGS_NONE);
  client.server.fd = -1;

  bench_gdbus_run (1);
}

void
bench_gdbus_setup (void)
{
  bench_process_fork (&client.server, bench_gdbus_serve);
  connect_client ();
}

void
bench_gdbus_setup_service (void)
{
  bench_process_exec (&client.server, "bench-service-gdbus", NULL);
  connect_client ();
}

/* Writes what the daemon needs, and nothing of this machine's. */
static char *
write_config (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  char *path;

  client.folder = g_dir_make_tmp ("convoke-bench-XXXXXX", &error);
  check_error (error);

  path = g_build_filename (client.folder, "config", NULL);
  text = g_strdup_printf ("<busconfig><type>session</type><listen>unix:path=%s/bus</listen>"
                          "<policy context='default'><allow send_destination='*' eavesdrop='true'/>"
                          "<allow eavesdrop='true'/><allow own='*'/></policy>"
                          "</busconfig>", client.folder);
  g_file_set_contents (path, text, -1, &error);
  check_error (error);

  return path;
}

static void
start_daemon (void)
{
  g_autofree char *config = write_config ();
  g_autofree char *argument = g_strconcat ("--config-file=", config, NULL);
  char byte;

  /* It prints its address when it listens. */
  bench_process_exec (&client.daemon, "dbus-daemon",
                      (const char *[]) { argument, "--nofork", "--nopidfile", "--print-address=3", NULL });
  if (!bench_read (client.daemon.fd, &byte, 1))
    g_error ("dbus-daemon does not start");
}

void
bench_gdbus_setup_daemon (void)
{
  char byte;

  start_daemon ();
  bench_process_fork (&client.server, serve_daemon);
  if (!bench_read (client.server.fd, &byte, 1))
    g_error ("The server does not start");

  client.connection = connect_daemon ();
  client.destination = BENCH_DBUS_NAME;

  bench_gdbus_run (1);
}

static void
check_reply (GVariant     *reply,
             const GError *error,
             gint32        number)
{
  gint32 sum;

  check_error (error);
  g_variant_get (reply, "(i)", &sum);
  bench_check (sum, number);
}

void
bench_gdbus_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      gint32 number = i & 0xffff;
      g_autoptr (GError) error = NULL;
      g_autoptr (GVariant) reply =
        g_dbus_connection_call_sync (client.connection, client.destination, BENCH_DBUS_PATH, BENCH_DBUS_INTERFACE,
                                     "Add", g_variant_new ("(is)", number, BENCH_TEXT), G_VARIANT_TYPE ("(i)"),
                                     G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, &error);

      check_reply (reply, error, number);
    }
}

static void
many_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (client.connection, result, &error);

  check_reply (reply, error, GPOINTER_TO_INT (data));
  client.outstanding--;
}

void
bench_gdbus_run_many (guint64 n)
{
  for (guint64 i = 0; i < n; i += BENCH_OUTSTANDING)
    {
      for (client.outstanding = 0; client.outstanding < MIN (n - i, BENCH_OUTSTANDING); client.outstanding++)
        g_dbus_connection_call (client.connection, client.destination, BENCH_DBUS_PATH, BENCH_DBUS_INTERFACE,
                                "Add", g_variant_new ("(is)", client.outstanding, BENCH_TEXT), G_VARIANT_TYPE ("(i)"),
                                G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, many_cb,
                                GINT_TO_POINTER (client.outstanding));

      while (client.outstanding > 0)
        g_main_context_iteration (NULL, TRUE);
    }
}

static void
remove_folder (void)
{
  static const char * const names[] = { "config", "bus", "" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (client.folder, names[i], NULL);

      g_remove (path);
    }
}

void
bench_gdbus_teardown (void)
{
  g_dbus_connection_close_sync (client.connection, NULL, NULL);
  g_object_unref (client.connection);
  bench_process_stop (&client.server);

  if (client.folder != NULL)
    {
      bench_process_stop (&client.daemon);
      remove_folder ();
    }
}
