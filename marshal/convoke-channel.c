/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A connection to another process.
 *
 * Here is how it comes and goes and how messages leave. Who reads is in
 * convoke-channel-read.c, calls that go out in convoke-remote-call.c, calls
 * that come in in convoke-stub.c, what else is asked in
 * convoke-channel-request.c, and the objects in convoke-object-table.c.
 *
 * Messages leave in the order in which they are sent. What the socket does not
 * take at once waits in a buffer, which whoever sends next and the I/O thread
 * empty. Nobody who reads ever waits for room, so that two sides that send much
 * to each other go on; who makes calls waits while a megabyte is unsent.
 *
 * A channel ends once. Whoever finds it broken, or wants to, ends it; then all
 * calls end with the cause, and what the other side held is released.
 */

#include "config.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "convoke-channel-inside-private.h"
#include "convoke-error.h"
#include "convoke-revival-private.h"
#include "convoke-fork-private.h"
#include "convoke-remote-relay-private.h"
#include "convoke-version.h"

/* A reader that reads on without being asked to gives its turn back after so long without a message; a time that costs a little
 * with each message, and is not needed where nearly all that comes is calls. */
#define RECEIVE_TIMEOUT_MS 20

#define MAGIC 0x454b5643u   /* "CVKE" */
#define WIRE_VERSION 1
#define OLDEST_WIRE_VERSION 1

/* --- sending --- */

static gssize
send_with_fds (int           fd,
               const guint8 *data,
               gsize         length,
               const int    *fds,
               guint         n_fds)
{
  struct iovec vector = { (gpointer) data, length };
  union
  {
    char           data[CMSG_SPACE (CONVOKE_WIRE_MAX_FDS * sizeof (int))];
    struct cmsghdr align;
  } control = { { 0, } };
  struct msghdr message = {
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = control.data,
    .msg_controllen = CMSG_SPACE (n_fds * sizeof (int)),
  };
  struct cmsghdr *rights = CMSG_FIRSTHDR (&message);

  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN (n_fds * sizeof (int));
  memcpy (CMSG_DATA (rights), fds, n_fds * sizeof (int));

  return sendmsg (fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* Bytes that left; 0: the socket is full; -1: it is broken, and whoever reads finds its end behind what came before. */
static gssize
send_some (ConvokeChannel *self,
           const guint8   *data,
           gsize           length,
           const int      *fds,
           guint           n_fds)
{
  while (TRUE)
    {
      gssize n = n_fds > 0 ? send_with_fds (self->fd, data, length, fds, n_fds)
                           : send (self->fd, data, length, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n >= 0)
        return n;
      if (errno == EAGAIN || errno == ENOBUFS)
        return 0;
      if (errno != EINTR)
        {
          shutdown (self->fd, SHUT_RDWR);
          return -1;
        }
    }
}

static void
close_fds (const int *fds,
           guint      n_fds)
{
  for (guint i = 0; i < n_fds; i++)
    close (fds[i]);
}

static void
drop_output_locked (ConvokeChannel *self)
{
  for (guint i = 0; i < self->out_fds->len; i++)
    {
      ConvokeOutFds *out_fds = &g_array_index (self->out_fds, ConvokeOutFds, i);

      close_fds (out_fds->fds, out_fds->n_fds);
    }
  g_array_set_size (self->out_fds, 0);
  if (self->out->len > CONVOKE_CHANNEL_HIGH_WATER)
    {
      /* What one large message needed is not kept. */
      g_byte_array_unref (self->out);
      self->out = g_byte_array_new ();
    }
  g_byte_array_set_size (self->out, 0);
  self->out_start = 0;
  g_cond_broadcast (&self->drained);
}

/* One piece: descriptors go with the first byte of theirs. */
static gssize
flush_piece_locked (ConvokeChannel *self)
{
  ConvokeOutFds *first = self->out_fds->len > 0 ? &g_array_index (self->out_fds, ConvokeOutFds, 0) : NULL;
  gsize end = self->out->len;
  guint n_fds = 0;
  gssize n;

  if (first != NULL && first->at > self->out_start)
    end = first->at;
  else if (first != NULL)
    {
      n_fds = first->n_fds;
      if (self->out_fds->len > 1)
        end = g_array_index (self->out_fds, ConvokeOutFds, 1).at;
    }

  n = send_some (self, self->out->data + self->out_start, end - self->out_start,
                 n_fds > 0 ? first->fds : NULL, n_fds);
  if (n > 0 && n_fds > 0)
    {
      close_fds (first->fds, n_fds);
      g_array_remove_index (self->out_fds, 0);
    }

  return n;
}

/* TRUE: something is left that the socket does not take now. */
static gboolean
flush_locked (ConvokeChannel *self)
{
  while (self->out_start < self->out->len)
    {
      gssize n = flush_piece_locked (self);

      if (n == 0)
        return TRUE;
      if (n < 0)
        {
          drop_output_locked (self);
          return FALSE;
        }
      self->out_start += n;
    }

  if (self->out->len > 0)
    drop_output_locked (self);

  return FALSE;
}

/* What is kept is moved to the front before it grows again. */
static void
append_locked (ConvokeChannel    *self,
               ConvokeWireWriter *message,
               gsize              sent)
{
  if (self->out_start > 0)
    {
      for (guint i = 0; i < self->out_fds->len; i++)
        g_array_index (self->out_fds, ConvokeOutFds, i).at -= self->out_start;
      g_byte_array_remove_range (self->out, 0, self->out_start);
      self->out_start = 0;
    }

  if (message->n_fds > 0 && sent == 0)
    {
      ConvokeOutFds fds = { .at = self->out->len, .n_fds = message->n_fds };

      memcpy (fds.fds, message->fds, message->n_fds * sizeof (int));
      g_array_append_val (self->out_fds, fds);
      message->n_fds = 0;
    }
  g_byte_array_append (self->out, message->data + sent, message->length - sent);
}

/* TRUE: something is left. */
static gboolean
send_locked (ConvokeChannel    *self,
             ConvokeWireWriter *message)
{
  gssize sent;

  if (self->out->len > 0 || (self->corker != NULL && self->corker == g_thread_self ()))
    {
      append_locked (self, message, 0);
      return self->corker == NULL && flush_locked (self);
    }

  sent = send_some (self, message->data, message->length, message->fds, message->n_fds);
  if (sent < 0 || (gsize) sent == message->length)
    return FALSE;

  append_locked (self, message, sent);
  return TRUE;
}

static void
finish_header (ConvokeWireWriter *message)
{
  guint32 length = GUINT32_TO_LE (message->length);
  guint16 n_fds = GUINT16_TO_LE (message->n_fds);

  memcpy (message->data, &length, sizeof length);
  memcpy (message->data + G_STRUCT_OFFSET (ConvokeMessageHeader, n_fds), &n_fds, sizeof n_fds);
}

void
convoke_channel_send (ConvokeChannel    *self,
                      ConvokeWireWriter *message)
{
  gboolean left = FALSE;
  gboolean too_much = FALSE;

  if (g_atomic_int_get (&self->ended) || convoke_check_forked (NULL))
    return;

  finish_header (message);

  g_mutex_lock (&self->send_lock);
  if (!self->said_goodbye)
    {
      left = send_locked (self, message);
      too_much = self->out->len - self->out_start > CONVOKE_CHANNEL_MAX_OUTPUT;
    }
  g_mutex_unlock (&self->send_lock);

  if (too_much)
    convoke_channel_fail (self, g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                                             "%s does not read what it is sent", self->description));
  else if (left)
    convoke_channel_want_output (self);
}

void
convoke_channel_flush (ConvokeChannel *self)
{
  gboolean left;

  g_mutex_lock (&self->send_lock);
  self->corker = NULL;
  left = flush_locked (self);
  g_mutex_unlock (&self->send_lock);

  if (left)
    convoke_channel_want_output (self);
}

void
convoke_channel_cork (ConvokeChannel *self)
{
  g_mutex_lock (&self->send_lock);
  self->corker = g_thread_self ();
  g_mutex_unlock (&self->send_lock);
}

gboolean
convoke_channel_has_output (ConvokeChannel *self)
{
  gboolean has;

  g_mutex_lock (&self->send_lock);
  has = self->out->len > 0;
  g_mutex_unlock (&self->send_lock);

  return has;
}

static gboolean
is_crowded_locked (ConvokeChannel *self)
{
  return self->out->len - self->out_start > CONVOKE_CHANNEL_HIGH_WATER && self->corker != g_thread_self ()
         && !g_atomic_int_get (&self->ended);
}

void
convoke_channel_wait_for_room (ConvokeChannel *self,
                               ConvokeRecord  *record)
{
  g_mutex_lock (&self->send_lock);
  /* The number before the look, as whoever ends the record does that before it looks at the number. */
  g_atomic_int_inc (&self->n_crowded);
  while (is_crowded_locked (self) && !(g_atomic_int_get (&record->state) & CONVOKE_RECORD_CLOSED))
    g_cond_wait (&self->drained, &self->send_lock);
  g_atomic_int_add (&self->n_crowded, -1);
  g_mutex_unlock (&self->send_lock);
}

void
convoke_channel_look_for_room (ConvokeChannel *self)
{
  if (g_atomic_int_get (&self->n_crowded) == 0)
    return;

  g_mutex_lock (&self->send_lock);
  g_cond_broadcast (&self->drained);
  g_mutex_unlock (&self->send_lock);
}

void
convoke_channel_send_failure (ConvokeChannel *self,
                              guint64         id,
                              const GError   *error)
{
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_FAILURE, 0, id);
  convoke_wire_put_error (&writer, error);
  convoke_channel_send (self, &writer);
  convoke_wire_writer_clear (&writer);
}

/* --- the first and the last message --- */

static void
send_hello (ConvokeChannel *self)
{
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_HELLO, 0, 0);
  convoke_wire_put_u32 (&writer, MAGIC);
  convoke_wire_put_u16 (&writer, OLDEST_WIRE_VERSION);
  convoke_wire_put_u16 (&writer, WIRE_VERSION);
  convoke_wire_put_string (&writer, CONVOKE_VERSION);
  convoke_channel_send (self, &writer);
  convoke_wire_writer_clear (&writer);
}

gboolean
convoke_channel_handle_hello (ConvokeChannel     *self,
                              ConvokeWireReader  *body,
                              GError            **error)
{
  guint32 magic;
  guint16 oldest, newest;
  const char *version;

  if (!convoke_wire_get_u32 (body, &magic, error))
    return FALSE;
  if (magic != MAGIC)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "%s does not speak Convoke's protocol", self->description);
      return FALSE;
    }
  if (!convoke_wire_get_u16 (body, &oldest, error) ||
      !convoke_wire_get_u16 (body, &newest, error) ||
      !convoke_wire_get_name (body, &version, error))
    return FALSE;

  /* What newer versions add comes behind. */
  if (oldest > WIRE_VERSION || newest < OLDEST_WIRE_VERSION)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH,
                   "%s is Convoke %s and speaks versions %u to %u of the wire, this is Convoke %s with %u to %u",
                   self->description, version, oldest, newest,
                   CONVOKE_VERSION, OLDEST_WIRE_VERSION, WIRE_VERSION);
      return FALSE;
    }

  g_mutex_lock (&self->lock);
  self->ready = TRUE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
cancelled_cb (GCancellable   *cancellable,
              ConvokeChannel *self)
{
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* Until HELLO has come, or nobody waits for it any more. */
static void
wait_for_hello_locked (ConvokeChannel *self,
                       gint64          deadline,
                       GCancellable   *cancellable)
{
  gboolean in_time = TRUE;

  while (in_time && !self->ready && self->why == NULL && !g_cancellable_is_cancelled (cancellable))
    {
      if (deadline < 0)
        g_cond_wait (&self->changed, &self->lock);
      else
        in_time = g_cond_wait_until (&self->changed, &self->lock, deadline);
    }
}

gboolean
convoke_channel_wait_ready (ConvokeChannel  *self,
                            gint64           deadline,
                            GCancellable    *cancellable,
                            GError         **error)
{
  gulong handler = 0;
  gboolean ready;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);

  g_mutex_lock (&self->lock);
  wait_for_hello_locked (self, deadline, cancellable);
  ready = self->ready && self->why == NULL;
  if (self->why != NULL)
    g_propagate_error (error, g_error_copy (self->why));
  else if (!ready && g_cancellable_is_cancelled (cancellable))
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "Nobody waits for %s any more", self->description);
  else if (!ready)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "%s did not say hello in time", self->description);
  g_mutex_unlock (&self->lock);

  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  return ready;
}

static void
send_goodbye (ConvokeChannel *self,
              const GError   *why)
{
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  convoke_wire_begin_message (&writer, CONVOKE_MESSAGE_GOODBYE, 0, 0);
  convoke_wire_put_error (&writer, why);
  finish_header (&writer);

  g_mutex_lock (&self->send_lock);
  if (!self->said_goodbye)
    {
      self->corker = NULL;
      send_locked (self, &writer);
      self->said_goodbye = TRUE;
    }
  g_mutex_unlock (&self->send_lock);

  convoke_wire_writer_clear (&writer);
}

gboolean
convoke_channel_handle_goodbye (ConvokeChannel     *self,
                                ConvokeWireReader  *body,
                                GError            **error)
{
  g_autoptr (GError) why = convoke_wire_get_error (body, error);

  if (why == NULL)
    return FALSE;

  g_set_error (error, CONVOKE_ERROR,
               why->domain == CONVOKE_ERROR && why->code != CONVOKE_ERROR_FOREIGN ? why->code : CONVOKE_ERROR_DISCONNECTED,
               "%s ended the connection: %s", self->description, why->message);
  return FALSE;
}

/* --- the end --- */

/* TRUE for the one who ends it. */
static gboolean
claim_end (ConvokeChannel *self,
           const GError   *why)
{
  gboolean mine;

  g_mutex_lock (&self->lock);
  mine = self->why == NULL;
  if (mine)
    self->why = g_error_copy (why);
  g_mutex_unlock (&self->lock);

  return mine;
}

static void
end (ConvokeChannel *self,
     const GError   *why)
{
  g_autoptr (ConvokeApartment) apartment = NULL;

  if (!claim_end (self, why))
    return;

  convoke_channel_ref (self);
  g_atomic_int_set (&self->ended, TRUE);
  convoke_channel_stop_reading (self);
  shutdown (self->fd, SHUT_RDWR);

  g_mutex_lock (&self->send_lock);
  drop_output_locked (self);
  g_mutex_unlock (&self->send_lock);

  convoke_object_table_end (self->objects, why);
  convoke_channel_end_calls (self, why);
  convoke_channel_abandon_incoming (self);

  g_mutex_lock (&self->lock);
  apartment = g_steal_pointer (&self->apartment);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  if (self->options.ended != NULL)
    self->options.ended (self, why, self->options.ended_data);
  convoke_revival_tell_end (self->objects, why);
  convoke_channel_unref (self);
}

void
convoke_channel_close (ConvokeChannel *self,
                       const GError   *why)
{
  if (convoke_check_forked (NULL))
    return;

  if (!g_atomic_int_get (&self->ended))
    send_goodbye (self, why);
  end (self, why);
}

void
convoke_channel_fail (ConvokeChannel *self,
                      GError         *error)
{
  if (!g_atomic_int_get (&self->ended))
    send_goodbye (self, error);
  end (self, error);
  g_error_free (error);
}

GError *
convoke_channel_dup_end_reason (ConvokeChannel *self)
{
  GError *why;

  g_mutex_lock (&self->lock);
  why = self->why != NULL ? g_error_copy (self->why) : NULL;
  g_mutex_unlock (&self->lock);

  return why;
}

/* --- life --- */

ConvokeApartment *
convoke_channel_dup_apartment (ConvokeChannel *self)
{
  ConvokeApartment *apartment;

  g_mutex_lock (&self->lock);
  apartment = self->apartment != NULL ? g_object_ref (self->apartment) : NULL;
  g_mutex_unlock (&self->lock);

  return apartment;
}

static void
releases_due (ConvokeChannel *self)
{
  convoke_ticker_want (&self->ticker);
}

static gboolean
query (ConvokeChannel     *self,
       guint64             object,
       const char         *name,
       const char         *type_name,
       ConvokeAnswerFunc   answer,
       gpointer            data,
       GError            **error)
{
  ConvokeWireWriter writer;
  ConvokeChannelReply reply;
  gboolean ok;

  convoke_wire_writer_init (&writer);
  convoke_channel_begin_request (self, &writer, CONVOKE_REQUEST_QUERY, object);
  convoke_wire_put_string (&writer, name);
  convoke_wire_put_string (&writer, type_name);
  ok = convoke_channel_request (self, &writer, -1, NULL, &reply, error);
  convoke_wire_writer_clear (&writer);
  if (!ok)
    return FALSE;

  ok = answer (&reply.reader, data, error);
  convoke_channel_clear_reply (&reply);
  return ok;
}

static gpointer
watch (ConvokeChannel *self,
       GObject        *object,
       guint64         id)
{
  return convoke_remote_relay_new (self, object, id);
}

static void
unwatch (gpointer  relay,
         GObject  *object)
{
  convoke_remote_relay_stop (relay, object);
}

static const ConvokeObjectTableFuncs table_funcs = {
  .ref = convoke_channel_ref,
  .unref = convoke_channel_unref,
  .dup_apartment = convoke_channel_dup_apartment,
  .send = convoke_channel_send,
  .watch = watch,
  .unwatch = unwatch,
  .releases_due = releases_due,
  .query = query,
};

static gboolean
answer_query (ConvokeChannel     *self,
              GObject            *object,
              ConvokeWireReader  *body,
              ConvokeWireWriter  *reply,
              GError            **error)
{
  return convoke_object_table_answer_query (self->objects, object, body, reply, error);
}

ConvokeRequestHandler convoke_request_handlers[CONVOKE_N_REQUESTS] = {
  [CONVOKE_REQUEST_QUERY] = answer_query,
};

/* The other end is of the same user (design D14). On a socketpair the kernel names whoever made it, which is the user too. */
static gboolean
check_peer (int          fd,
            struct ucred *peer,
            GError      **error)
{
  socklen_t size = sizeof *peer;

  if (getsockopt (fd, SOL_SOCKET, SO_PEERCRED, peer, &size) < 0)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
                   "The kernel does not say who is at the other end: %s", g_strerror (errno));
      return FALSE;
    }

  if (peer->uid == geteuid ())
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
               "The other end belongs to user %u, and this is user %u", (guint) peer->uid, (guint) geteuid ());
  return FALSE;
}

static GCredentials *
make_credentials (const struct ucred *peer,
                  GPid                pid)
{
  GCredentials *credentials = g_credentials_new ();
  struct ucred native = *peer;

  if (pid > 0)
    native.pid = pid;
  g_credentials_set_native (credentials, G_CREDENTIALS_TYPE_LINUX_UCRED, &native);
  return credentials;
}

static char *
make_description (const char *name,
                  GPid        pid)
{
  return name != NULL ? g_strdup_printf ("process %d (%s)", (int) pid, name) : g_strdup_printf ("process %d", (int) pid);
}

static void
set_receive_timeout (int fd)
{
  struct timeval timeout = { 0, RECEIVE_TIMEOUT_MS * 1000 };

  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
}

static ConvokeChannel *
allocate (int                          fd,
          const ConvokeChannelOptions *options,
          const struct ucred          *peer)
{
  ConvokeChannel *self = g_new0 (ConvokeChannel, 1);
  GPid pid = options->peer_pid > 0 ? options->peer_pid : peer->pid;

  self->ref_count = 1;
  self->fd = fd;
  self->options = *options;
  self->credentials = make_credentials (peer, pid);
  self->description = make_description (options->peer_name, pid);
  self->options.peer_name = NULL;
  self->kick_fd = -1;
  g_mutex_init (&self->lock);
  g_mutex_init (&self->calls_lock);
  g_mutex_init (&self->send_lock);
  g_cond_init (&self->changed);
  g_cond_init (&self->drained);
  g_queue_init (&self->followers);
  self->out = g_byte_array_new ();
  self->out_fds = g_array_new (FALSE, FALSE, sizeof (ConvokeOutFds));
  self->apartment = convoke_apartment_new_remote (&convoke_channel_carrier_funcs, convoke_channel_ref (self),
                                                  (GDestroyNotify) convoke_channel_unref);
  self->objects = convoke_object_table_new (&table_funcs, self);
  convoke_channel_init_reading (self);

  return self;
}

ConvokeChannel *
convoke_channel_new (int                           fd,
                     const ConvokeChannelOptions  *options,
                     GError                      **error)
{
  ConvokeChannel *self;
  struct ucred peer;

  convoke_fork_init ();
  if (convoke_check_forked (error) || !check_peer (fd, &peer, error))
    {
      close (fd);
      return NULL;
    }

  if (!options->serves)
    set_receive_timeout (fd);
  self = allocate (fd, options, &peer);
  if (!convoke_reactor_add (&self->watch, error))
    {
      g_autoptr (GError) why = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "It never began");

      self->options.ended = NULL;
      self->options.ended_data_free = NULL;
      end (self, why);
      convoke_channel_unref (self);
      return NULL;
    }

  send_hello (self);
  convoke_channel_start_reading (self);
  return self;
}

ConvokeChannel *
convoke_channel_ref (ConvokeChannel *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

gboolean
convoke_channel_try_ref (ConvokeChannel *self)
{
  gint count = g_atomic_int_get (&self->ref_count);

  while (count > 0 && !g_atomic_int_compare_and_exchange_full (&self->ref_count, count, count + 1, &count))
    ;

  return count > 0;
}

void
convoke_channel_unref (ConvokeChannel *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  /* A leader that left after the end may have wanted it once more. */
  convoke_ticker_remove (&self->ticker);
  close_fds (self->in_fds, self->n_in_fds);
  convoke_object_table_unref (self->objects);
  g_mutex_lock (&self->send_lock);
  drop_output_locked (self);
  g_mutex_unlock (&self->send_lock);
  g_byte_array_unref (self->out);
  g_array_unref (self->out_fds);
  g_clear_object (&self->credentials);
  g_clear_error (&self->why);
  if (self->kick_fd >= 0)
    close (self->kick_fd);
  close (self->fd);
  g_free (self->in);
  g_free (self->tickets);
  g_free (self->incoming);
  g_free (self->description);
  g_mutex_clear (&self->lock);
  g_mutex_clear (&self->calls_lock);
  g_mutex_clear (&self->send_lock);
  g_cond_clear (&self->changed);
  g_cond_clear (&self->drained);
  if (self->options.ended_data_free != NULL)
    self->options.ended_data_free (self->options.ended_data);
  g_free (self);
}

/* --- what others ask --- */

GCredentials *
convoke_channel_dup_credentials (ConvokeChannel *self)
{
  return g_object_ref (self->credentials);
}

char *
convoke_channel_describe (ConvokeChannel *self)
{
  return g_strdup (self->description);
}

guint
convoke_channel_get_n_exports (ConvokeChannel *self)
{
  return convoke_object_table_get_n_exports (self->objects);
}

guint
convoke_channel_get_n_imports (ConvokeChannel *self)
{
  return convoke_object_table_get_n_imports (self->objects);
}

ConvokeObjectTable *
convoke_channel_get_objects (ConvokeChannel *self)
{
  return self->objects;
}
