/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * (int32, 32-byte string) -> int32 in another process: call-process, the same
 * with the object in a main context, and with 64 calls outstanding.
 */

#include "bench-call-process.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <unistd.h>

#include "bench-component.h"
#include "bench-process.h"
#include "bench.h"
#include "convoke.h"

/* --- the limits: 64 bytes there and back over a stream socket --- */

static BenchProcess echo;

static void
echo_serve (int fd)
{
  BenchPacket packet;

  while (bench_read (fd, &packet, sizeof packet))
    {
      packet.number = bench_method (packet.number, packet.text);
      bench_write (fd, &packet, sizeof packet);
    }
}

static void
echo_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    bench_packet_call (echo.fd, i & 0xffff);
}

static void
echo_setup (void)
{
  bench_process_fork (&echo, echo_serve);
  echo_run (1);
}

static void
echo_teardown (void)
{
  bench_process_stop (&echo);
}

/* --- the same in a main loop --- */

static gboolean
context_cb (int          fd,
            GIOCondition condition,
            gpointer     data)
{
  BenchPacket packet;

  if (!bench_read (fd, &packet, sizeof packet))
    {
      g_main_loop_quit (data);
      return G_SOURCE_REMOVE;
    }

  packet.number = bench_method (packet.number, packet.text);
  bench_write (fd, &packet, sizeof packet);

  return G_SOURCE_CONTINUE;
}

static void
context_serve (int fd)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);

  g_unix_fd_add (fd, G_IO_IN, context_cb, loop);
  g_main_loop_run (loop);
}

static void
context_setup (void)
{
  bench_process_fork (&echo, context_serve);
  echo_run (1);
}

/* --- one write per message, reads as they come --- */

/* How many whole packets have come; the rest of a broken one is fetched. 0: the end. */
static gsize
read_packets (int          fd,
              BenchPacket *packets)
{
  gssize got = read (fd, packets, BENCH_OUTSTANDING * sizeof *packets);
  gsize rest;

  if (got <= 0)
    return 0;

  rest = -got % sizeof *packets;
  if (rest != 0 && !bench_read (fd, (char *) packets + got, rest))
    return 0;

  return (got + rest) / sizeof *packets;
}

static void
many_serve (int fd)
{
  BenchPacket packets[BENCH_OUTSTANDING];
  gsize n;

  while ((n = read_packets (fd, packets)) > 0)
    {
      for (gsize i = 0; i < n; i++)
        {
          packets[i].number = bench_method (packets[i].number, packets[i].text);
          bench_write (fd, &packets[i], sizeof packets[i]);
        }
    }
}

static void
many_write (guint n)
{
  BenchPacket packet;

  for (guint i = 0; i < n; i++)
    {
      bench_packet_fill (&packet, i);
      bench_write (echo.fd, &packet, sizeof packet);
    }
}

static void
many_read (guint n)
{
  BenchPacket packets[BENCH_OUTSTANDING];

  for (guint i = 0; i < n;)
    {
      gsize got = read_packets (echo.fd, packets);

      if (got == 0)
        g_error ("The server has ended");

      for (gsize j = 0; j < got; j++)
        bench_check (packets[j].number, i++);
    }
}

static void
many_run (guint64 n)
{
  for (guint64 i = 0; i < n; i += BENCH_OUTSTANDING)
    {
      guint some = MIN (n - i, BENCH_OUTSTANDING);

      many_write (some);
      many_read (some);
    }
}

static void
many_setup (void)
{
  bench_process_fork (&echo, many_serve);
  many_run (1);
}

/* --- ours --- */

static ConvokeBenchEcho *component;
static ConvokeCall *calls[BENCH_OUTSTANDING];

static void
convoke_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    bench_check (convoke_bench_echo_add (component, i & 0xffff, BENCH_TEXT), i & 0xffff);
}

static void
convoke_setup (void)
{
  component = bench_component_activate (BENCH_COMPONENT);
  convoke_run (1);
}

static void
convoke_setup_context (void)
{
  component = bench_component_activate (BENCH_COMPONENT_CONTEXT);
  convoke_run (1);
}

static void
convoke_teardown (void)
{
  g_clear_object (&component);
  bench_end_children ();
}

static void
begin_calls (guint n)
{
  for (guint i = 0; i < n; i++)
    if (!convoke_call_begin (calls[i], "add", NULL, i, BENCH_TEXT))
      g_error ("The call cannot begin");
}

static void
finish_calls (guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      gint32 result = 0;

      if (!convoke_call_wait (calls[i], -1, &error) || !convoke_call_finish (calls[i], "add", &error, &result))
        g_error ("%s", error->message);
      bench_check (result, i);
    }
}

static void
convoke_run_many (guint64 n)
{
  for (guint64 i = 0; i < n; i += BENCH_OUTSTANDING)
    {
      guint some = MIN (n - i, BENCH_OUTSTANDING);

      begin_calls (some);
      finish_calls (some);
    }
}

static void
convoke_setup_many (void)
{
  g_autoptr (GError) error = NULL;

  convoke_setup ();
  for (guint i = 0; i < BENCH_OUTSTANDING; i++)
    {
      calls[i] = convoke_create_call (G_OBJECT (component), CONVOKE_BENCH_TYPE_ECHO, &error);
      if (calls[i] == NULL)
        g_error ("%s", error->message);
    }

  convoke_run_many (BENCH_OUTSTANDING);
}

static void
convoke_teardown_many (void)
{
  for (guint i = 0; i < BENCH_OUTSTANDING; i++)
    g_clear_object (&calls[i]);

  convoke_teardown ();
}

static const BenchCase cases[] = {
  { "limit", echo_setup, echo_run, echo_teardown, .process = TRUE },
  { "convoke", convoke_setup, convoke_run, convoke_teardown, .process = TRUE },
#ifdef BENCH_HAVE_OMNIORB
  { "omniORB", bench_omniorb_setup, bench_omniorb_run, bench_omniorb_teardown, .process = TRUE },
#endif
#ifdef BENCH_HAVE_SYSTEMD
  { "sd-bus", bench_sd_bus_setup, bench_sd_bus_run, bench_sd_bus_teardown, .process = TRUE },
#endif
#ifdef BENCH_HAVE_CAPNP
  { "Cap'n Proto", bench_capnp_setup, bench_capnp_run, bench_capnp_teardown, .process = TRUE },
#endif
  { "GDBus", bench_gdbus_setup, bench_gdbus_run, bench_gdbus_teardown, .process = TRUE },
#ifdef BENCH_HAVE_DBUS_DAEMON
  { "GDBus daemon", bench_gdbus_setup_daemon, bench_gdbus_run, bench_gdbus_teardown, .process = TRUE },
#endif

  { "context:limit", context_setup, echo_run, echo_teardown, .process = TRUE },
  { "context:convoke", convoke_setup_context, convoke_run, convoke_teardown, .process = TRUE },
#ifdef BENCH_HAVE_SYSTEMD
  { "context:sd-bus", bench_sd_bus_setup_context, bench_sd_bus_run, bench_sd_bus_teardown, .process = TRUE },
#endif
  { "context:GDBus", bench_gdbus_setup, bench_gdbus_run, bench_gdbus_teardown, .process = TRUE },

  { "64:limit", many_setup, many_run, echo_teardown, .process = TRUE },
  { "64:convoke", convoke_setup_many, convoke_run_many, convoke_teardown_many, .process = TRUE },
#ifdef BENCH_HAVE_SYSTEMD
  { "64:sd-bus", bench_sd_bus_setup, bench_sd_bus_run_many, bench_sd_bus_teardown, .process = TRUE },
#endif
#ifdef BENCH_HAVE_CAPNP
  { "64:Cap'n Proto", bench_capnp_setup, bench_capnp_run_many, bench_capnp_teardown, .process = TRUE },
#endif
  { "64:GDBus", bench_gdbus_setup, bench_gdbus_run_many, bench_gdbus_teardown, .process = TRUE },
};

int
main (int    argc,
      char **argv)
{
  return bench_main (argc, argv, cases, G_N_ELEMENTS (cases));
}
