/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One download, begun once, and five who learn that it is done: each in the
 * way of one of the systems from which Convoke comes.
 */

#include <convoke.h>
#include <stdio.h>
#include <stdlib.h>

#include "fetch-diary.h"
#include "fetch-web-download.h"
#include "slow-server.h"
#include "view-callback.h"
#include "view-handle.h"

static const char * const views[] = { "server side", "wait", "callback", "reply message", "status callback", NULL };

typedef struct
{
  SlowServer       *server;   /* (owned) */
  ConvokeCall      *call;     /* (owned): one for all downloads */
  ConvokeEvent     *invoked;  /* (owned): the callback was */
  ConvokeReplyPort *port;     /* (owned) */
  ViewHandle        handle;
} Program;

static void
program_clear (Program *self)
{
  g_clear_object (&self->call);
  g_clear_object (&self->invoked);
  g_clear_object (&self->port);
  view_handle_clear (&self->handle);
  g_clear_pointer (&self->server, slow_server_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Program, program_clear)

/* What a call has ended with, in the words of all. */
static void
learn (const char   *who,
       const GError *error,
       const char   *well)
{
  fetch_diary_write (who, error != NULL ? error->message : well);
}

static void
wait_for (ConvokeEvent *event)
{
  convoke_synchronize_wait (CONVOKE_SYNCHRONIZE (event), CONVOKE_WAIT_DEFAULT, -1, NULL);
}

static gboolean
set_up (Program  *self,
        GError  **error)
{
  g_autoptr (FetchWebDownload) download = fetch_web_download_new ();

  self->server = slow_server_new (error);
  if (self->server == NULL || !convoke_require ("Fetch", "1", error))
    return FALSE;

  self->call = convoke_create_call (G_OBJECT (download), FETCH_TYPE_DOWNLOAD, error);
  return self->call != NULL;
}

/* Who learns of each call that is begun on the call object from now on, beside who waits for it. */
static gboolean
add_views (Program  *self,
           GError  **error)
{
  g_autoptr (ConvokeAsyncCallback) callback = NULL;

  self->invoked = convoke_event_new (FALSE);
  callback = view_callback_new (self->invoked);
  self->port = convoke_reply_port_new (0);

  return convoke_call_add_async_callback (self->call, callback, NULL, error) &&
         convoke_reply_port_attach (self->port, self->call, error) &&
         view_handle_open (&self->handle, self->call, self->server, error);
}

/* COM's way: waits for the call, and takes the result. */
static void
wait_and_finish (Program *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *well = NULL;
  guint64 length = 0;

  convoke_call_wait (self->call, -1, NULL);
  convoke_call_finish (self->call, "fetch", &error, &length);
  well = g_strdup_printf ("there are %" G_GUINT64_FORMAT " bytes", length);
  learn ("wait", error, well);
}

/* TAPI's way: takes a message from a port, which says which request it is about. */
static void
get_message (Program *self)
{
  g_autoptr (ConvokeReplyMessage) message = convoke_reply_port_get_message (self->port, -1, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *well = NULL;

  convoke_reply_message_check (message, &error);
  well = g_strdup_printf ("request %d has ended well", convoke_reply_message_get_request_id (message));
  learn ("reply message", error, well);
}

static gboolean
run (Program  *self,
     GError  **error)
{
  if (!convoke_call_begin (self->call, "fetch", error, slow_server_get_url (self->server)))
    return FALSE;

  wait_and_finish (self);
  get_message (self);
  wait_for (self->invoked);
  wait_for (self->handle.complete);
  return TRUE;
}

static void
print (const char *title)
{
  g_autofree char *text = fetch_diary_tell (views);

  printf ("%s\n%s", title, text);
}

static gboolean
run_both (Program  *self,
          GError  **error)
{
  fetch_diary_start ();
  if (!add_views (self, error) || !run (self, error))
    return FALSE;
  print ("A download, and how each learns that it is done");

  fetch_diary_start ();
  self->handle.cancel = TRUE;
  if (!run (self, error))
    return FALSE;
  view_handle_close (&self->handle);
  print ("\nThe same, cancelled in the middle");
  return TRUE;
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (Program) program = { NULL, };

  if (set_up (&program, &error) && run_both (&program, &error))
    return EXIT_SUCCESS;

  g_printerr ("five-views: %s\n", error->message);
  return EXIT_FAILURE;
}
