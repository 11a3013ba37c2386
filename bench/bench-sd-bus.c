/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* sd-bus over a socketpair, without a bus daemon. */

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

#include "bench-call-process.h"
#include "bench-process.h"
#include "bench.h"

static struct
{
  BenchProcess server;
  sd_bus      *bus;
  guint        outstanding;
} client;

static void
check_result (int         result,
              const char *what)
{
  if (result < 0)
    g_error ("sd-bus: %s: %s", what, g_strerror (-result));
}

/* --- the server --- */

static int
serve_add (sd_bus_message *message,
           void           *data,
           sd_bus_error   *error)
{
  gint32 number;
  const char *text;
  int result = sd_bus_message_read (message, "is", &number, &text);

  if (result < 0)
    return result;

  return sd_bus_reply_method_return (message, "i", bench_method (number, text));
}

static const sd_bus_vtable vtable[] = {
  SD_BUS_VTABLE_START (0),
  SD_BUS_METHOD ("Add", "is", "i", serve_add, SD_BUS_VTABLE_UNPRIVILEGED),
  SD_BUS_VTABLE_END
};

static sd_bus *
make_server (int fd)
{
  sd_bus *bus = NULL;
  sd_id128_t id;

  check_result (sd_id128_randomize (&id), "id");
  check_result (sd_bus_new (&bus), "new");
  check_result (sd_bus_set_fd (bus, fd, fd), "fd");
  check_result (sd_bus_set_server (bus, TRUE, id), "server");
  check_result (sd_bus_add_object_vtable (bus, NULL, BENCH_DBUS_PATH, BENCH_DBUS_INTERFACE, vtable, NULL), "vtable");
  check_result (sd_bus_start (bus), "start");

  return bus;
}

void
bench_sd_bus_serve (int fd)
{
  sd_bus *bus = make_server (fd);
  int result;

  do
    {
      result = sd_bus_process (bus, NULL);
      if (result == 0)
        result = sd_bus_wait (bus, UINT64_MAX);
    }
  while (result >= 0);

  sd_bus_unref (bus);
}

void
bench_sd_bus_serve_context (int fd)
{
  sd_bus *bus = make_server (fd);
  sd_event *event = NULL;

  check_result (sd_event_new (&event), "event");
  check_result (sd_bus_attach_event (bus, event, SD_EVENT_PRIORITY_NORMAL), "attach");
  check_result (sd_bus_set_exit_on_disconnect (bus, TRUE), "exit");
  sd_event_loop (event);

  sd_bus_unref (bus);
  sd_event_unref (event);
}

/* --- the client --- */

static void
connect_client (void)
{
  check_result (sd_bus_new (&client.bus), "new");
  check_result (sd_bus_set_fd (client.bus, client.server.fd, client.server.fd), "fd");
  check_result (sd_bus_start (client.bus), "start");
  client.server.fd = -1;

  bench_sd_bus_run (1);
}

void
bench_sd_bus_setup (void)
{
  bench_process_fork (&client.server, bench_sd_bus_serve);
  connect_client ();
}

void
bench_sd_bus_setup_context (void)
{
  bench_process_fork (&client.server, bench_sd_bus_serve_context);
  connect_client ();
}

void
bench_sd_bus_setup_service (void)
{
  bench_process_exec (&client.server, "bench-service-sd-bus", NULL);
  connect_client ();
}

static sd_bus_message *
make_call (gint32 number)
{
  sd_bus_message *message = NULL;

  check_result (sd_bus_message_new_method_call (client.bus, &message, NULL, BENCH_DBUS_PATH,
                                                BENCH_DBUS_INTERFACE, "Add"), "message");
  check_result (sd_bus_message_append (message, "is", number, BENCH_TEXT), "append");

  return message;
}

static void
check_reply (sd_bus_message *reply,
             gint32          number)
{
  gint32 sum;

  check_result (sd_bus_message_read (reply, "i", &sum), "read");
  bench_check (sum, number);
}

void
bench_sd_bus_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      sd_bus_message *message = make_call (i & 0xffff);
      sd_bus_message *reply = NULL;

      check_result (sd_bus_call (client.bus, message, 0, NULL, &reply), "call");
      check_reply (reply, i & 0xffff);

      sd_bus_message_unref (reply);
      sd_bus_message_unref (message);
    }
}

static int
many_cb (sd_bus_message *reply,
         void           *data,
         sd_bus_error   *error)
{
  check_reply (reply, GPOINTER_TO_INT (data));
  client.outstanding--;

  return 0;
}

static void
begin_many (guint64 n)
{
  for (client.outstanding = 0; client.outstanding < n; client.outstanding++)
    {
      sd_bus_message *message = make_call (client.outstanding);

      check_result (sd_bus_call_async (client.bus, NULL, message, many_cb,
                                       GINT_TO_POINTER (client.outstanding), 0), "call");
      sd_bus_message_unref (message);
    }
}

void
bench_sd_bus_run_many (guint64 n)
{
  for (guint64 i = 0; i < n; i += BENCH_OUTSTANDING)
    {
      begin_many (MIN (n - i, BENCH_OUTSTANDING));

      while (client.outstanding > 0)
        {
          int result = sd_bus_process (client.bus, NULL);

          check_result (result, "process");
          if (result == 0)
            check_result (sd_bus_wait (client.bus, UINT64_MAX), "wait");
        }
    }
}

void
bench_sd_bus_teardown (void)
{
  sd_bus_unref (client.bus);
  bench_process_stop (&client.server);
}
