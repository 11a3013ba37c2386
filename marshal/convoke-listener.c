/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A stranger is a guest that has not got what it came for. When there are too
 * many of them the oldest has to go, so that those who come in earnest, and
 * say at once what they want, get in however many others come. When there are
 * too many guests, who comes next is told so.
 *
 * Where the process has no descriptors left, those who come wait in the
 * kernel's line, and the listener looks again after a while.
 */

#include "config.h"

#include "convoke-listener-private.h"

#include "convoke-error.h"
#include "convoke-peer-private.h"
#include "convoke-reactor-private.h"
#include "convoke-timer-private.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* So many are let in before somebody else gets the thread's attention. */
#define AT_ONCE 8
/* How long a listener without descriptors waits, in microseconds. */
#define PAUSE (G_USEC_PER_SEC / 10)

guint  convoke_listener_max_guests = 128;
guint  convoke_listener_max_strangers = 32;
gint64 convoke_listener_patience = 10 * G_USEC_PER_SEC;

struct _ConvokeListener
{
  ConvokeWatch  watch;
  ConvokeTimer  pause;      /* has a reference while it is armed */
  gint          ref_count;  /* atomic */
  ConvokeClaim *claim;      /* (owned) constant */
  gint          closed;     /* atomic */
};

typedef struct
{
  ConvokeChannel *channel;  /* (owned) */
  gint64          since;    /* monotonic */
  GList           link;     /* in strangers; data is NULL: it is none any more */
} Guest;

/* Held while a guest is let in, as it can speak before it is known here. */
static GMutex      lock;
static GHashTable *guests;     /* LOCK: lock; ConvokeChannel -> owned Guest */
static GQueue      strangers;  /* LOCK: lock; (element-type Guest) the oldest first */

/* --- guests --- */

static void
remove_stranger_locked (Guest *guest)
{
  if (guest->link.data == NULL)
    return;

  g_queue_unlink (&strangers, &guest->link);
  guest->link.data = NULL;
}

static void
ended_cb (ConvokeChannel *channel,
          const GError   *why,
          gpointer        peer)
{
  Guest *guest;

  g_mutex_lock (&lock);
  g_hash_table_steal_extended (guests, channel, NULL, (gpointer *) &guest);
  if (guest != NULL)
    remove_stranger_locked (guest);
  g_mutex_unlock (&lock);

  /* Who was turned away at the door is in no list. */
  if (guest == NULL)
    return;

  convoke_channel_unref (guest->channel);
  g_free (guest);
}

static Guest *
find_locked (ConvokeChannel *channel)
{
  return guests != NULL ? g_hash_table_lookup (guests, channel) : NULL;
}

gboolean
convoke_listener_has_guest (ConvokeChannel *channel)
{
  gboolean has;

  g_mutex_lock (&lock);
  has = find_locked (channel) != NULL;
  g_mutex_unlock (&lock);

  return has;
}

void
convoke_listener_admit (ConvokeChannel *channel)
{
  Guest *guest;

  g_mutex_lock (&lock);
  guest = find_locked (channel);
  if (guest != NULL)
    remove_stranger_locked (guest);
  g_mutex_unlock (&lock);
}

/* --- strangers --- */

static void turn_out_cb (ConvokeTimer *timer);

static ConvokeTimer patience = { .func = turn_out_cb };

/* The oldest one, which came before @until (transfer full), or NULL. */
static ConvokeChannel *
take_oldest_locked (gint64 until)
{
  Guest *guest = g_queue_peek_head (&strangers);

  if (guest == NULL || guest->since > until)
    return NULL;

  remove_stranger_locked (guest);
  return convoke_channel_ref (guest->channel);
}

static void
watch_oldest_locked (void)
{
  Guest *guest = g_queue_peek_head (&strangers);

  if (guest != NULL)
    convoke_timer_arm (&patience, guest->since + convoke_listener_patience);
}

/* Takes @channel. */
static void
turn_out (ConvokeChannel *channel,
          ConvokeError    code,
          const char     *why)
{
  g_autoptr (GError) error = g_error_new_literal (CONVOKE_ERROR, code, why);

  convoke_channel_close (channel, error);
  convoke_channel_unref (channel);
}

static void
turn_out_cb (ConvokeTimer *timer)
{
  ConvokeChannel *channel;

  do
    {
      g_mutex_lock (&lock);
      channel = take_oldest_locked (g_get_monotonic_time () - convoke_listener_patience);
      if (channel == NULL)
        watch_oldest_locked ();
      g_mutex_unlock (&lock);

      if (channel != NULL)
        turn_out (channel, CONVOKE_ERROR_TIMEOUT, "It did not say in time which object it wants");
    }
  while (channel != NULL);
}

/* --- the door --- */

static ConvokeChannel *
open_channel (int      fd,
              GError **error)
{
  ConvokePeer *peer = convoke_peer_new (fd);
  ConvokeChannelOptions options = {
    .peer_pidfd = convoke_peer_get_pidfd (peer),
    .ended = ended_cb,
    .ended_data = peer,
    .ended_data_free = convoke_peer_free,
  };
  ConvokeChannel *channel = convoke_channel_new (fd, &options, error);

  if (channel == NULL)
    convoke_peer_free (peer);
  return channel;
}

/* Takes @channel. */
static void
add_guest_locked (ConvokeChannel *channel)
{
  Guest *guest = g_new0 (Guest, 1);

  guest->channel = channel;
  guest->since = g_get_monotonic_time ();
  guest->link.data = guest;
  g_queue_push_tail_link (&strangers, &guest->link);
  g_hash_table_insert (guests, channel, guest);
  if (strangers.length == 1)
    watch_oldest_locked ();
}

/* Takes @fd, and gives who has to go instead (transfer full), or NULL. A stranger of another user, or for whom there is no memory,
 * never becomes a guest. */
static ConvokeChannel *
let_in_locked (int           fd,
               ConvokeError *code,
               const char  **why)
{
  ConvokeChannel *channel = open_channel (fd, NULL);
  g_autoptr (GError) over = NULL;

  if (channel == NULL)
    return NULL;

  if (g_hash_table_size (guests) >= convoke_listener_max_guests)
    {
      *code = CONVOKE_ERROR_OUT_OF_RESOURCES;
      *why = "It has as many connections as it may have";
      return channel;
    }

  add_guest_locked (channel);
  if (strangers.length <= convoke_listener_max_strangers)
    return NULL;

  *code = CONVOKE_ERROR_TIMEOUT;
  *why = "It did not say which object it wants, and others came";
  return take_oldest_locked (G_MAXINT64);
}

static void
let_in (int fd)
{
  ConvokeError code = CONVOKE_ERROR_FAILED;
  const char *why = NULL;
  ConvokeChannel *unwelcome;

  g_mutex_lock (&lock);
  if (guests == NULL)
    guests = g_hash_table_new (NULL, NULL);
  unwelcome = let_in_locked (fd, &code, &why);
  g_mutex_unlock (&lock);

  if (unwelcome != NULL)
    turn_out (unwelcome, code, why);
}

/* --- the listener --- */

static ConvokeListener *
listener_ref (ConvokeListener *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
listener_unref (ConvokeListener *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  convoke_claim_unref (self->claim);
  g_free (self);
}

/* 0: as many as were there, or as may come at once; else why no more could be let in. */
static int
accept_some (ConvokeListener *self)
{
  for (guint i = 0; i < AT_ONCE && !g_atomic_int_get (&self->closed); i++)
    {
      int fd = accept4 (convoke_claim_get_fd (self->claim), NULL, NULL, SOCK_CLOEXEC);

      if (fd >= 0)
        let_in (fd);
      else if (errno == EAGAIN)
        return 0;
      else if (errno != EINTR && errno != ECONNABORTED)
        return errno;
    }

  return 0;
}

static void
look_later (ConvokeListener *self)
{
  listener_ref (self);
  convoke_timer_arm (&self->pause, g_get_monotonic_time () + PAUSE);
}

static ConvokeListener *
listener_of_watch (ConvokeWatch *watch)
{
  return (ConvokeListener *) ((guint8 *) watch - G_STRUCT_OFFSET (ConvokeListener, watch));
}

static void
ready (ConvokeWatch *watch,
       guint         events)
{
  ConvokeListener *self = listener_of_watch (watch);

  if (accept_some (self) != 0)
    look_later (self);
  else if (!g_atomic_int_get (&self->closed))
    convoke_reactor_arm (&self->watch, EPOLLIN);
}

static void
look_again_cb (ConvokeTimer *timer)
{
  ConvokeListener *self = (ConvokeListener *) ((guint8 *) timer - G_STRUCT_OFFSET (ConvokeListener, pause));

  if (!g_atomic_int_get (&self->closed))
    convoke_reactor_arm (&self->watch, EPOLLIN);
  listener_unref (self);
}

static void
hold (ConvokeWatch *watch)
{
  listener_ref (listener_of_watch (watch));
}

static void
drop (ConvokeWatch *watch)
{
  listener_unref (listener_of_watch (watch));
}

ConvokeListener *
convoke_listener_new (ConvokeClaim  *claim,
                      GError       **error)
{
  ConvokeListener *self = g_new0 (ConvokeListener, 1);

  self->ref_count = 1;
  self->claim = convoke_claim_ref (claim);
  self->watch = (ConvokeWatch) { .ready = ready, .hold = hold, .drop = drop, .fd = convoke_claim_get_fd (claim) };
  self->pause.func = look_again_cb;
  if (!convoke_reactor_add (&self->watch, error))
    {
      listener_unref (self);
      return NULL;
    }

  convoke_reactor_arm (&self->watch, EPOLLIN);
  return self;
}

void
convoke_listener_close (ConvokeListener *self)
{
  g_atomic_int_set (&self->closed, TRUE);
  convoke_reactor_remove (&self->watch);
  if (convoke_timer_disarm (&self->pause))
    listener_unref (self);
  listener_unref (self);
}
