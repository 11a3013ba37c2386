/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Two players in two processes. The other process is the test program again. */

#include <stdlib.h>
#include <unistd.h>

#include "test-pair.h"

#include "convoke-apartment.h"
#include "convoke-child-private.h"

typedef struct
{
  ConvokeChild       *child;
  ConvokeChannel     *channel;
  ConvokeTestPartner *remote;  /* the other process's player */
  ConvokeTestPartner *own;
} Table;

static inline ConvokeTestPartner *
make_player (ConvokeThreading threading)
{
  ConvokeTestPartner *player = CONVOKE_TEST_PARTNER (convoke_test_player_new ());
  g_autoptr (ConvokeApartment) apartment = NULL;

  switch (threading)
    {
    case CONVOKE_THREADING_ANY:
      apartment = convoke_apartment_dup_any ();
      break;
    case CONVOKE_THREADING_SERIAL:
      apartment = convoke_apartment_new_serial ();
      break;
    default:
      apartment = convoke_apartment_new_for_context (g_main_context_default ());
    }
  convoke_apartment_bind (apartment, G_OBJECT (player), NULL);
  return player;
}

/* --- the other process --- */

static void
ended_cb (ConvokeChannel *channel,
          const GError   *why,
          gpointer        data)
{
  _exit (0);
}

static inline void
serve (ConvokeThreading threading)
{
  ConvokeChannelOptions options = { .peer_name = "the first", .ended = ended_cb };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  ConvokeChannel *channel;

  convoke_request_handlers[CONVOKE_REQUEST_ACTIVATE] = test_pair_activate;
  test_pair_object = G_OBJECT (make_player (threading));
  channel = convoke_channel_new (3, &options, NULL);
  if (threading == CONVOKE_THREADING_CONTEXT)
    convoke_channel_read_in_context (channel, g_main_context_default ());
  g_main_loop_run (loop);
}

/* --- this one --- */

static char *program;

static inline void
table_init (Table            *self,
            ConvokeThreading  own,
            ConvokeThreading  remote)
{
  ConvokeChannelOptions options = { .peer_name = "the second" };
  g_autofree char *threading = g_strdup_printf ("%d", remote);
  const char *argv[] = { program, "--serve", threading, NULL };
  g_auto (GStrv) envp = g_get_environ ();
  GError *error = NULL;
  int fd;

  self->child = convoke_child_spawn ("the second", argv, (const char * const *) envp, &fd, &error);
  g_assert_no_error (error);
  options.peer_pid = convoke_child_get_pid (self->child);
  self->channel = convoke_channel_new (fd, &options, &error);
  g_assert_no_error (error);
  self->remote = CONVOKE_TEST_PARTNER (test_channel_get_object (self->channel));
  self->own = make_player (own);
}

static inline void
table_clear (Table *self)
{
  g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "The test is over");

  g_object_unref (self->remote);
  g_object_unref (self->own);
  convoke_channel_close (self->channel, why);
  convoke_channel_unref (self->channel);
  g_assert_true (convoke_child_wait (self->child, 20 * G_USEC_PER_SEC));
  convoke_child_unref (self->child);
}

/* First in main (). TRUE: this is the other process, and it is over. */
static inline gboolean
table_is_served (int    argc,
                 char **argv)
{
  g_type_ensure (CONVOKE_TEST_TYPE_PARTNER);
  g_assert_true (convoke_require ("ConvokeTest", "1", NULL));
  program = g_file_read_link ("/proc/self/exe", NULL);
  if (argc != 3 || !g_str_equal (argv[1], "--serve"))
    return FALSE;

  serve (atoi (argv[2]));
  return TRUE;
}
