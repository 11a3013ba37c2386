/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* An empty GIO program: answers packets on its socket from a main loop. A limit. */

#include <gio/gio.h>

#include "bench-process.h"
#include "bench.h"

static gboolean
socket_cb (GSocket      *socket,
           GIOCondition  condition,
           gpointer      data)
{
  BenchPacket packet;

  if (g_socket_receive (socket, (char *) &packet, sizeof packet, NULL, NULL) != sizeof packet)
    {
      g_main_loop_quit (data);
      return G_SOURCE_REMOVE;
    }

  packet.number = bench_method (packet.number, packet.text);
  g_socket_send (socket, (const char *) &packet, sizeof packet, NULL, NULL);

  return G_SOURCE_CONTINUE;
}

int
main (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GSocket) socket = g_socket_new_from_fd (BENCH_PROCESS_FD, NULL);
  g_autoptr (GSource) source = g_socket_create_source (socket, G_IO_IN, NULL);

  g_source_set_callback (source, G_SOURCE_FUNC (socket_cb), loop, NULL);
  g_source_attach (source, NULL);
  g_main_loop_run (loop);

  return 0;
}
