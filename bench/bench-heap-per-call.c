/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * heap-per-call: the heap that one begun call holds, with a 32-byte string
 * among its arguments, while 10,000 are pending.
 *
 * Counted by malloc itself, rounding and headers included. The driver turns
 * malloc's per-thread cache off (GLIBC_TUNABLES), since that counts as used.
 */

#include "bench.h"

#include <gio/gio.h>
#include <malloc.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef BENCH_HAVE_SYSTEMD
#include <systemd/sd-bus.h>
#endif

#include "bench-echo.h"
#include "convoke.h"

#define N_CALLS 10000

static double
heap_in_use (void)
{
  struct mallinfo2 info;

  malloc_trim (0);
  info = mallinfo2 ();

  return (double) info.uordblks + info.hblkhd;
}

/* The array that remembers the calls is not theirs. */
static double
measure (void (*begin) (guint i))
{
  double before;

  /* Types, pools and the first pages of every size belong to nobody. */
  for (guint i = 0; i < 100; i++)
    begin (i);

  before = heap_in_use ();
  for (guint i = 0; i < N_CALLS; i++)
    begin (100 + i);

  return (heap_in_use () - before) / N_CALLS;
}

static gpointer kept[100 + N_CALLS];

/* --- the limit: a GTask that carries nothing; and one with the same argument --- */

static void
task_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
}

static void
task_begin (guint i)
{
  kept[i] = g_task_new (NULL, NULL, task_cb, NULL);
}

static double
task_measure (void)
{
  return measure (task_begin);
}

static void
task_string_begin (guint i)
{
  task_begin (i);
  g_task_set_task_data (kept[i], g_strdup (BENCH_TEXT), g_free);
}

static double
task_string_measure (void)
{
  return measure (task_string_begin);
}

/* --- GDBus: calls to a peer that reads and never answers --- */

static GDBusConnection *connection;

static gpointer
drain_thread (gpointer data)
{
  static char buffer[65536];

  while (read (GPOINTER_TO_INT (data), buffer, sizeof buffer) > 0)
    ;

  return NULL;
}

static void
gdbus_begin (guint i)
{
  g_dbus_connection_call (connection, NULL, "/adder", "org.example.Echo", "Add",
                          g_variant_new ("(is)", i, BENCH_TEXT), G_VARIANT_TYPE ("(i)"),
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, task_cb, NULL);
}

static double
gdbus_measure (void)
{
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) stream = NULL;
  g_autoptr (GError) error = NULL;
  double before;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    g_error ("No socket pair");

  g_thread_unref (g_thread_new ("drain", drain_thread, GINT_TO_POINTER (fds[1])));

  socket = g_socket_new_from_fd (fds[0], &error);
  if (socket == NULL)
    g_error ("%s", error->message);

  stream = g_socket_connection_factory_create_connection (socket);
  connection = g_dbus_connection_new_sync (G_IO_STREAM (stream), NULL, G_DBUS_CONNECTION_FLAGS_NONE, NULL, NULL, &error);
  if (connection == NULL)
    g_error ("%s", error->message);

  for (guint i = 0; i < 100; i++)
    gdbus_begin (i);
  g_dbus_connection_flush_sync (connection, NULL, NULL);

  before = heap_in_use ();
  for (guint i = 0; i < N_CALLS; i++)
    {
      gdbus_begin (i);
      /* What waits to be written is not what a pending call holds. */
      if (i % 100 == 99)
        g_dbus_connection_flush_sync (connection, NULL, NULL);
    }

  return (heap_in_use () - before) / N_CALLS;
}

/* --- sd-bus: the same --- */

#ifdef BENCH_HAVE_SYSTEMD
static int
sd_reply (sd_bus_message *message,
          void           *user_data,
          sd_bus_error   *error)
{
  return 0;
}

static void
sd_begin (sd_bus *bus,
          guint   i)
{
  sd_bus_slot *slot = NULL;
  int r;

  r = sd_bus_call_method_async (bus, &slot, NULL, "/adder", "org.example.Echo", "Add",
                                sd_reply, NULL, "is", (int) i, BENCH_TEXT);
  if (r < 0)
    g_error ("sd-bus: %s", g_strerror (-r));
  kept[i] = slot;

  while (sd_bus_flush (bus) > 0)
    ;
}

/* The other end: a bus that lets clients in, then reads whatever comes. */
static gpointer
sd_server_thread (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  sd_id128_t id = { 0 };
  sd_bus *bus = NULL;

  sd_id128_randomize (&id);
  if (sd_bus_new (&bus) < 0 ||
      sd_bus_set_fd (bus, fd, fd) < 0 ||
      sd_bus_set_server (bus, 1, id) < 0 ||
      sd_bus_set_anonymous (bus, 1) < 0 ||
      sd_bus_start (bus) < 0)
    g_error ("sd-bus: no server");

  while (sd_bus_is_ready (bus) == 0)
    {
      if (sd_bus_process (bus, NULL) < 0 || sd_bus_wait (bus, 10000) < 0)
        g_error ("sd-bus: no client");
    }

  return drain_thread (data);
}

static double
sd_measure (void)
{
  sd_bus *bus = NULL;
  double before;
  int fds[2];

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
    g_error ("No socket pair");

  g_thread_unref (g_thread_new ("server", sd_server_thread, GINT_TO_POINTER (fds[1])));

  if (sd_bus_new (&bus) < 0 ||
      sd_bus_set_fd (bus, fds[0], fds[0]) < 0 ||
      sd_bus_set_anonymous (bus, 1) < 0 ||
      sd_bus_start (bus) < 0)
    g_error ("sd-bus: no client");

  while (sd_bus_is_ready (bus) == 0)
    {
      if (sd_bus_process (bus, NULL) < 0 || sd_bus_wait (bus, 10000) < 0)
        g_error ("sd-bus: no server");
    }

  for (guint i = 0; i < 100; i++)
    sd_begin (bus, i);

  before = heap_in_use ();
  for (guint i = 0; i < N_CALLS; i++)
    sd_begin (bus, 100 + i);

  return (heap_in_use () - before) / N_CALLS;
}
#endif

/* --- ours: calls to one object that is busy with the first --- */

static GObject *adder;

static void
convoke_begin (guint i)
{
  g_autoptr (GError) error = NULL;
  ConvokeCall *call = convoke_create_call (adder, CONVOKE_BENCH_TYPE_ECHO, &error);

  if (call == NULL || !convoke_call_begin (call, "add", &error, (gint32) i, BENCH_TEXT))
    g_error ("%s", error->message);

  kept[i] = call;
}

static double
convoke_measure (void)
{
  g_autoptr (GError) error = NULL;
  double bytes;

  convoke_type_set_threading (CONVOKE_BENCH_TYPE_ADDER, CONVOKE_THREADING_SERIAL);
  if (!convoke_require ("ConvokeBench", "1", &error))
    g_error ("%s", error->message);

  adder = G_OBJECT (convoke_bench_adder_new ());
  convoke_bench_adder_hold (CONVOKE_BENCH_ADDER (adder), TRUE);

  bytes = measure (convoke_begin);

  convoke_bench_adder_hold (CONVOKE_BENCH_ADDER (adder), FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      gint32 result = 0;

      if (!convoke_call_wait (kept[i], -1, &error) ||
          !convoke_call_finish (kept[i], "add", &error, &result))
        g_error ("%s", error->message);
      g_assert_cmpint (result, ==, bench_method (i, BENCH_TEXT));
      g_object_unref (kept[i]);
    }
  g_object_unref (adder);

  return bytes;
}

static const BenchCase cases[] = {
  { "limit", .measure = task_measure },
  { "convoke", .measure = convoke_measure },
#ifdef BENCH_HAVE_SYSTEMD
  { "sd-bus", .measure = sd_measure },
#endif
  { "GTask+string", .measure = task_string_measure },
  { "GDBus", .measure = gdbus_measure },
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
