/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * References: the list's, which goes when the channel has ended or nobody
 * needs it, the channel's own, and one of each user. Proxies keep the channel
 * only; so a connection is looked at when its channel has been quiet for a
 * moment, which it is some time after the last release, whichever side that
 * was from.
 */

#include "config.h"

#include "convoke-connection-private.h"

#include "convoke-claim-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-peer-private.h"

#include <unistd.h>

struct _ConvokeConnection
{
  gint            ref_count;  /* atomic */
  ConvokePeer    *peer;       /* constant (owned) */
  ConvokeChannel *channel;    /* constant once it is in the list; LOCK: lock; owned as long as it is there */
  guint           n_users;    /* LOCK: lock */
  GList           link;       /* in the list; data is NULL: it is there no more */
};

/* Held while a channel is made, as it can end before it is known here. */
static GMutex lock;
static GQueue connections;  /* LOCK: lock; (element-type ConvokeConnection) (owned) */

/* --- life --- */

static ConvokeConnection *
connection_ref (ConvokeConnection *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
connection_unref (gpointer data)
{
  ConvokeConnection *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  convoke_peer_free (self->peer);
  g_free (self);
}

/* TRUE: its reference to the channel and the list's to itself are the caller's to drop. */
static gboolean
unlist_locked (ConvokeConnection *self)
{
  if (self->link.data == NULL)
    return FALSE;

  g_queue_unlink (&connections, &self->link);
  self->link.data = NULL;
  return TRUE;
}

static void
drop (ConvokeConnection *self)
{
  convoke_channel_unref (self->channel);
  connection_unref (self);
}

static gboolean
is_used_locked (ConvokeConnection *self)
{
  return self->n_users > 0 || convoke_channel_get_n_imports (self->channel) > 0
         || convoke_channel_get_n_exports (self->channel) > 0;
}

/* Whoever has an object can make calls with it, and nobody else can. */
static void
close_unless_used (ConvokeConnection *self)
{
  g_autoptr (GError) why = NULL;
  gboolean unused;

  g_mutex_lock (&lock);
  unused = self->link.data != NULL && !is_used_locked (self) && unlist_locked (self);
  g_mutex_unlock (&lock);

  if (!unused)
    return;

  why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "Nobody has any of its objects");
  convoke_channel_close (self->channel, why);
  drop (self);
}

/* --- the channel's --- */

static void
ended_cb (ConvokeChannel *channel,
          const GError   *why,
          gpointer        data)
{
  ConvokeConnection *self = data;
  gboolean listed;

  g_mutex_lock (&lock);
  listed = unlist_locked (self);
  g_mutex_unlock (&lock);

  if (listed)
    drop (self);
}

static void
quiet_cb (ConvokeChannel *channel,
          gpointer        data)
{
  close_unless_used (data);
}

static GError *
explain_cb (ConvokeChannel *channel,
            gpointer        data)
{
  return convoke_peer_explain (channel, ((ConvokeConnection *) data)->peer);
}

/* --- joining --- */

static gboolean
has_ended (ConvokeConnection *self)
{
  g_autoptr (GError) why = convoke_channel_dup_end_reason (self->channel);

  return why != NULL;
}

static ConvokeConnection *
find_locked (GPid pid)
{
  for (GList *l = connections.head; pid > 0 && l != NULL; l = l->next)
    {
      ConvokeConnection *self = l->data;

      if (convoke_peer_get_pid (self->peer) == pid && !has_ended (self))
        return self;
    }

  return NULL;
}

/* Takes both. */
static ConvokeConnection *
add_locked (const char   *name,
            int           fd,
            ConvokePeer  *peer,
            GError      **error)
{
  ConvokeConnection *self = g_new0 (ConvokeConnection, 1);
  ConvokeChannelOptions options = {
    .peer_name = name,
    .peer_pidfd = convoke_peer_get_pidfd (peer),
    .ended = ended_cb,
    .ended_data = self,
    .explain = explain_cb,
    .ended_data_free = connection_unref,
    .quiet = quiet_cb,
  };

  self->ref_count = 2;
  self->peer = peer;
  self->channel = convoke_channel_new (fd, &options, error);
  if (self->channel == NULL)
    {
      self->ref_count = 1;
      connection_unref (self);
      return NULL;
    }

  self->link.data = self;
  g_queue_push_tail_link (&connections, &self->link);
  return self;
}

/* Takes both. */
static ConvokeConnection *
find_or_add_locked (const char   *name,
                    int           fd,
                    ConvokePeer  *peer,
                    GError      **error)
{
  ConvokeConnection *self = find_locked (convoke_peer_get_pid (peer));

  if (self != NULL)
    {
      convoke_peer_free (peer);
      close (fd);
    }
  else
    self = add_locked (name, fd, peer, error);

  return self;
}

ConvokeConnection *
convoke_connection_join (const char    *name,
                         gint64         deadline,
                         GCancellable  *cancellable,
                         GError       **error)
{
  ConvokeConnection *self;
  int fd = convoke_claim_connect (name, deadline, cancellable, error);

  if (fd < 0)
    return NULL;

  g_mutex_lock (&lock);
  self = find_or_add_locked (name, fd, convoke_peer_new (fd), error);
  if (self != NULL)
    {
      self->n_users++;
      connection_ref (self);
      convoke_channel_ref (self->channel);
    }
  g_mutex_unlock (&lock);

  return self;
}

void
convoke_connection_leave (ConvokeConnection *self)
{
  g_mutex_lock (&lock);
  self->n_users--;
  g_mutex_unlock (&lock);

  close_unless_used (self);
  drop (self);
}

ConvokeChannel *
convoke_connection_get_channel (ConvokeConnection *self)
{
  return self->channel;
}

GPid
convoke_connection_get_pid (ConvokeConnection *self)
{
  return convoke_peer_get_pid (self->peer);
}
