/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Who reads (design D6). At any time at most one thread has the reader's role:
 *
 *   a leader    a thread that waits for a call of its own;
 *   I/O         the library's thread, when nobody waits; while calls keep
 *               coming in, it stays with this channel and lets another thread
 *               watch the rest;
 *   a context   a main loop that was told to, in a host, while what comes is for
 *               its objects.
 *
 * The role is one word: a serial number that each change moves on, and what
 * its holder does.
 *
 *   IDLE      nobody reads
 *   READING   the holder reads, or does with a message what has to be done in order
 *   BUSY      the holder runs foreign code; anybody may take the role away
 *
 * A reader that runs a method gives the role away as soon as the method waits
 * inside Convoke, and the ticker takes it away when the method takes longer
 * than a tick. A leader that has its answer makes one of those who wait behind
 * it the next. When nobody does, the reactor is armed: not at once, since the
 * next caller is often near, but by the ticker.
 *
 * What was read belongs to whoever has the role; nothing points into it while
 * foreign code runs.
 */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "convoke-channel-inside-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-remote-emission-private.h"
#include "convoke-thread-private.h"

#define FIRST_BUFFER 16384
#define QUIET_TICKS 16

enum
{
  IDLE,
  READING,
  BUSY,
};

/* What a leader does. */
enum
{
  AWAKE,
  POLLING,
  DEAF,
};

#define STATE(role) ((role) & 3)
#define NEXT(role, state) ((((role) + 4) & ~3u) | (state))

/* How a thread reads, and with which role. */
typedef struct
{
  ConvokeChannel *channel;
  guint           role;      /* as it was given */
  guint           work;      /* of the I/O thread, or 0 */
  gboolean        here;      /* methods may run on this thread */
  gboolean        served;    /* a call came in */
} ConvokeReading;

typedef struct
{
  ConvokeEventCore *core;
} ConvokeFollower;

/*
 * The main context polls an epoll set that has the socket alone. Which events
 * it is there for is any thread's to say, whatever the context does; what
 * GLib's poll records say is not.
 */
typedef struct
{
  GSource         source;
  ConvokeChannel *channel;  /* (owned) */
  int             set;
} ChannelSource;

static void arm_input (ConvokeChannel *self);
static gboolean handle_buffered (ConvokeReading *reading);

/* --- the role --- */

static guint
get_role (ConvokeChannel *self)
{
  return __atomic_load_n (&self->role, __ATOMIC_SEQ_CST);
}

static gboolean
change_role (ConvokeChannel *self,
             guint           from,
             guint           to)
{
  return __atomic_compare_exchange_n (&self->role, &from, to, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

static void
set_armed_locked (ConvokeChannel *self,
                  guint           armed)
{
  __atomic_store_n (&self->armed, armed, __ATOMIC_RELAXED);
}

static void
change_set (ConvokeChannel *self,
            int             operation,
            guint           events)
{
  struct epoll_event event = { .events = events };

  /* A forked child shares the set with its parent. */
  if (!convoke_check_forked (NULL))
    epoll_ctl (((ChannelSource *) self->source)->set, operation, self->fd, &event);
}

static void
set_source_locked (ConvokeChannel *self,
                   gboolean        armed)
{
  if (self->source == NULL || self->source_armed == armed)
    return;

  self->source_armed = armed;
  if (armed)
    convoke_ticker_want (&self->ticker);
  change_set (self, EPOLL_CTL_MOD, armed ? EPOLLIN : 0);
}

/* Input is watched for by the main context, whose thread is not at work just now. */
static gboolean
source_watches_locked (ConvokeChannel *self)
{
  return self->source_armed && self->source_busy == 0;
}

/* While it is read, nobody else is woken by what comes. */
static void
disarm_input (ConvokeChannel *self)
{
  if (!(__atomic_load_n (&self->armed, __ATOMIC_RELAXED) & EPOLLIN))
    return;

  g_mutex_lock (&self->lock);
  if (self->armed & EPOLLIN)
    {
      set_armed_locked (self, self->armed & ~EPOLLIN);
      if (source_watches_locked (self))
        set_source_locked (self, FALSE);
      else
        convoke_reactor_arm (&self->watch, self->armed);
    }
  g_mutex_unlock (&self->lock);
}

static gboolean
take_role (ConvokeReading *reading,
           ConvokeChannel *self)
{
  guint role = get_role (self);

  if (STATE (role) != IDLE || g_atomic_int_get (&self->ended) || !change_role (self, role, NEXT (role, READING)))
    return FALSE;

  *reading = (ConvokeReading) { .channel = self, .role = NEXT (role, READING) };
  return TRUE;
}

/* TRUE: somebody waits for it and was woken. */
static gboolean
appoint_follower (ConvokeChannel *self)
{
  ConvokeFollower *next;

  g_mutex_lock (&self->lock);
  next = g_queue_pop_head (&self->followers);
  if (next != NULL)
    convoke_event_core_poke (next->core);
  g_mutex_unlock (&self->lock);

  return next != NULL;
}

/* The role is free. The follower may not want it any more, so the ticker looks in any case. */
static void
offer_role (ConvokeChannel *self)
{
  appoint_follower (self);
  convoke_ticker_want (&self->ticker);
}

static void
drop_role (ConvokeReading *reading)
{
  ConvokeChannel *self = reading->channel;

  if (change_role (self, reading->role, NEXT (reading->role, IDLE)))
    offer_role (self);
}

static gboolean
has_role (ConvokeReading *reading)
{
  return get_role (reading->channel) == reading->role;
}

/* Messages that were read already wake nobody who waits for the socket. */
static void
read_rest_cb (gpointer data)
{
  ConvokeChannel *self = data;
  ConvokeReading reading;

  /* Whoever reads now has seen them. */
  if (take_role (&reading, self))
    {
      reading.here = TRUE;
      handle_buffered (&reading);
      drop_role (&reading);
    }
  convoke_channel_unref (self);
}

/* Whoever is BUSY may go on, but not as the reader. */
static void
take_away (ConvokeChannel *self,
           guint           role,
           guint           work)
{
  guint mine = NEXT (role, READING);
  gboolean rest;

  if (!change_role (self, role, mine))
    return;

  rest = self->in_end > self->in_start;
  change_role (self, mine, NEXT (mine, IDLE));
  convoke_reactor_relieve (work);
  convoke_channel_flush (self);
  offer_role (self);
  if (rest)
    convoke_pool_push (read_rest_cb, convoke_channel_ref (self));
}

/* The thread is about to wait inside of what it runs. */
static void
before_wait (gpointer data)
{
  ConvokeReading *reading = data;
  ConvokeChannel *self = reading->channel;

  convoke_thread_self ()->before_wait = NULL;
  take_away (self, reading->role, reading->work);
  convoke_reactor_relieve (reading->work);
}

/* --- foreign code --- */

typedef struct
{
  void     (*before_wait) (gpointer data);
  gpointer   data;
} OuterDuty;

static void
begin_duty (ConvokeReading *reading,
            OuterDuty      *outer)
{
  ConvokeThread *thread = convoke_thread_self ();

  *outer = (OuterDuty) { thread->before_wait, thread->before_wait_data };
  thread->before_wait = before_wait;
  thread->before_wait_data = reading;
}

/* Until here nobody took the role away: a message that changes what later ones mean, or has to be queued before them, was dealt
 * with before they are read. */
void
convoke_channel_begin_foreign (void)
{
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeReading *reading = thread->before_wait_data;

  if (thread->before_wait != before_wait || STATE (reading->role) != READING)
    return;

  reading->role = NEXT (reading->role, BUSY);
  __atomic_store_n (&reading->channel->role, reading->role, __ATOMIC_SEQ_CST);
  convoke_ticker_want (&reading->channel->ticker);
}

static void
end_duty (ConvokeReading  *reading,
          const OuterDuty *outer)
{
  ConvokeThread *thread = convoke_thread_self ();

  thread->before_wait = outer->before_wait;
  thread->before_wait_data = outer->data;
  if (change_role (reading->channel, reading->role, NEXT (reading->role, READING)))
    reading->role = NEXT (reading->role, READING);
}

/* --- messages --- */

static gboolean
run_handler (ConvokeReading             *reading,
             const ConvokeMessageHeader *header,
             ConvokeWireReader          *body,
             GError                    **error)
{
  ConvokeChannel *self = reading->channel;

  switch (header->kind)
    {
    case CONVOKE_MESSAGE_HELLO:
      return convoke_channel_handle_hello (self, body, error);
    case CONVOKE_MESSAGE_CALL:
      reading->served = TRUE;
      return convoke_channel_handle_call (self, header, body, reading->here, error);
    case CONVOKE_MESSAGE_REQUEST:
      reading->served = TRUE;
      return convoke_channel_handle_request (self, header->id, body, reading->here, error);
    case CONVOKE_MESSAGE_REPLY:
    case CONVOKE_MESSAGE_FAILURE:
      return convoke_channel_handle_reply (self, header, body, error);
    case CONVOKE_MESSAGE_CANCEL:
      convoke_channel_begin_foreign ();
      convoke_channel_handle_cancel (self, header->id);
      return TRUE;
    case CONVOKE_MESSAGE_PROGRESS:
      return convoke_channel_handle_progress (self, header->id, body, error);
    case CONVOKE_MESSAGE_RELEASE:
      convoke_channel_begin_foreign ();
      return convoke_object_table_read_release (self->objects, body, error);
    case CONVOKE_MESSAGE_TYPE:
      return convoke_object_table_read_type (self->objects, body, error);
    case CONVOKE_MESSAGE_SIGNAL:
      return convoke_remote_emission_receive (self, header->id, body, error);
    case CONVOKE_MESSAGE_NOTIFY:
      return convoke_remote_emission_receive_notify (self, header->id, body, error);
    case CONVOKE_MESSAGE_DISCONNECT:
      convoke_channel_begin_foreign ();
      return convoke_object_table_read_disconnect (self->objects, header->id, body, error);
    case CONVOKE_MESSAGE_GOODBYE:
      return convoke_channel_handle_goodbye (self, body, error);
    default:
      g_assert_not_reached ();
    }
}

static void
close_fds (const int *fds,
           guint      n_fds)
{
  for (guint i = 0; i < n_fds; i++)
    if (fds[i] >= 0)
      close (fds[i]);
}

/* FALSE: the channel has ended. */
static gboolean
handle (ConvokeReading             *reading,
        const ConvokeMessageHeader *header,
        const guint8               *data,
        int                        *fds)
{
  ConvokeChannel *self = reading->channel;
  GError *error = NULL;
  ConvokeWireReader body;
  OuterDuty outer;
  gboolean ok;

  if (self->greeted == (header->kind == CONVOKE_MESSAGE_HELLO))
    {
      convoke_channel_fail (self, g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL, "%s said hello %s",
                                               self->description, self->greeted ? "twice" : "too late"));
      return FALSE;
    }
  self->greeted = TRUE;

  convoke_wire_reader_init (&body, data, header->length - CONVOKE_MESSAGE_HEADER_SIZE, fds, header->n_fds);
  begin_duty (reading, &outer);
  ok = run_handler (reading, header, &body, &error);
  end_duty (reading, &outer);

  if (!ok)
    convoke_channel_fail (self, error);
  return ok;
}

/* --- the buffer --- */

static gboolean
peek_message (ConvokeChannel        *self,
              ConvokeMessageHeader  *header,
              GError               **error)
{
  gsize available = self->in_end - self->in_start;

  if (available < CONVOKE_MESSAGE_HEADER_SIZE)
    return FALSE;
  if (!convoke_wire_parse_header (self->in + self->in_start, available, header, error))
    {
      g_prefix_error (error, "%s sent what is no message: ", self->description);
      return FALSE;
    }

  return header->length <= available;
}

static gboolean
take_fds (ConvokeChannel              *self,
          const ConvokeMessageHeader  *header,
          int                         *fds,
          GError                     **error)
{
  if (header->n_fds > self->n_in_fds)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "%s announced %u descriptors with a message and sent %u",
                   self->description, header->n_fds, self->n_in_fds);
      return FALSE;
    }

  memcpy (fds, self->in_fds, header->n_fds * sizeof (int));
  self->n_in_fds -= header->n_fds;
  memmove (self->in_fds, self->in_fds + header->n_fds, self->n_in_fds * sizeof (int));
  return TRUE;
}

/* What handlers point to is a copy where it is small, since the role can go while they run; a large message is taken out whole. */
typedef struct
{
  guint8  small[1024];
  guint8 *large;      /* (nullable) the buffer that held it */
} Body;

static const guint8 *
take_body (ConvokeChannel             *self,
           const ConvokeMessageHeader *header,
           Body                       *body)
{
  gsize length = header->length - CONVOKE_MESSAGE_HEADER_SIZE;
  const guint8 *data = self->in + self->in_start + CONVOKE_MESSAGE_HEADER_SIZE;
  gsize left = self->in_end - self->in_start - header->length;

  body->large = NULL;
  if (length <= sizeof body->small)
    {
      memcpy (body->small, data, length);
      self->in_start += header->length;
      if (self->in_start == self->in_end)
        self->in_start = self->in_end = 0;
      return body->small;
    }

  body->large = self->in;
  self->in_size = MAX (FIRST_BUFFER, left);
  self->in = g_malloc (self->in_size);
  memcpy (self->in, data + length, left);
  self->in_start = 0;
  self->in_end = left;
  return data;
}

/* Handles what is there whole. FALSE: the role is gone, or the channel. */
static gboolean
handle_buffered (ConvokeReading *reading)
{
  ConvokeChannel *self = reading->channel;
  gboolean corked = FALSE;
  gboolean ok = TRUE;

  while (ok)
    {
      GError *error = NULL;
      ConvokeMessageHeader header, next;
      int fds[CONVOKE_WIRE_MAX_FDS];
      const guint8 *data;
      Body body;

      if (!peek_message (self, &header, &error))
        {
          if (error != NULL)
            {
              convoke_channel_fail (self, error);
              ok = FALSE;
            }
          break;
        }
      if (!take_fds (self, &header, fds, &error))
        {
          convoke_channel_fail (self, error);
          ok = FALSE;
          break;
        }

      data = take_body (self, &header, &body);
      /* Answers to calls that came together leave together. */
      if (!corked && peek_message (self, &next, NULL))
        {
          convoke_channel_cork (self);
          corked = TRUE;
        }

      ok = handle (reading, &header, data, fds) && has_role (reading);
      close_fds (fds, header.n_fds);
      g_free (body.large);
    }

  if (corked)
    convoke_channel_flush (self);
  return ok;
}

static void
make_room (ConvokeChannel *self)
{
  ConvokeMessageHeader header;
  gsize available = self->in_end - self->in_start;
  gsize wanted = FIRST_BUFFER;

  if (available >= CONVOKE_MESSAGE_HEADER_SIZE &&
      convoke_wire_parse_header (self->in + self->in_start, available, &header, NULL))
    wanted = MAX (wanted, header.length);

  if (self->in_start > 0 && (self->in_end == self->in_size || self->in_size - self->in_start < wanted))
    {
      memmove (self->in, self->in + self->in_start, available);
      self->in_start = 0;
      self->in_end = available;
    }
  if (self->in_size < wanted)
    {
      self->in = g_realloc (self->in, wanted);
      self->in_size = wanted;
    }
}

static gboolean
keep_fds (ConvokeChannel *self,
          struct msghdr  *message)
{
  gboolean ok = TRUE;

  for (struct cmsghdr *c = CMSG_FIRSTHDR (message); c != NULL; c = CMSG_NXTHDR (message, c))
    {
      guint n = c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS ? (c->cmsg_len - CMSG_LEN (0)) / sizeof (int) : 0;

      for (guint i = 0; i < n; i++)
        {
          int fd;

          memcpy (&fd, CMSG_DATA (c) + i * sizeof (int), sizeof fd);
          if (self->n_in_fds < G_N_ELEMENTS (self->in_fds))
            self->in_fds[self->n_in_fds++] = fd;
          else
            {
              close (fd);
              ok = FALSE;
            }
        }
    }

  return ok && !(message->msg_flags & MSG_CTRUNC);
}

/* The true cause of an end without a goodbye. */
static void
end_of_stream (ConvokeChannel *self,
               int             code)
{
  GError *why = NULL;

  if (self->options.explain != NULL)
    why = self->options.explain (self, self->options.ended_data);
  if (why == NULL)
    why = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_DISCONNECTED, "%s closed the connection%s%s", self->description,
                       code != 0 ? ": " : "", code != 0 ? g_strerror (code) : "");
  convoke_channel_fail (self, why);
}

/* Bytes; 0: nothing for now; -1: the channel has ended. */
static gssize
receive (ConvokeChannel *self,
         int             flags)
{
  union
  {
    char           data[CMSG_SPACE (CONVOKE_WIRE_MAX_FDS * sizeof (int))];
    struct cmsghdr align;
  } control;
  struct iovec vector;
  struct msghdr message = { .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control.data, .msg_controllen = sizeof control };
  gssize n;

  make_room (self);
  vector.iov_base = self->in + self->in_end;
  vector.iov_len = self->in_size - self->in_end;
  n = recvmsg (self->fd, &message, flags | MSG_CMSG_CLOEXEC);

  if (n > 0 && message.msg_controllen > 0 && !keep_fds (self, &message))
    {
      convoke_channel_fail (self, g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                                               "%s sent more descriptors than messages can have", self->description));
      return -1;
    }
  if (n > 0)
    {
      self->in_end += n;
      return n;
    }
  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return 0;

  end_of_stream (self, n < 0 ? errno : 0);
  return -1;
}

/* Descriptors that no message wants pile up. */
static gboolean
check_fds (ConvokeChannel *self)
{
  if (self->n_in_fds == 0 || self->in_end > self->in_start)
    return TRUE;

  convoke_channel_fail (self, g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                                           "%s sent %u descriptors that no message announced",
                                           self->description, self->n_in_fds));
  return FALSE;
}

/* What receive() answered. FALSE: the role is gone, or the channel. */
static gboolean
handle_received (ConvokeReading *reading,
                 gssize          n)
{
  if (n < 0)
    return FALSE;
  /* What an earlier reader left is there even when nothing new is. */
  if (n == 0 && reading->channel->in_end == reading->channel->in_start)
    return TRUE;

  return handle_buffered (reading) && check_fds (reading->channel);
}

static gboolean
read_once (ConvokeReading *reading,
           int             flags,
           gssize         *n)
{
  *n = receive (reading->channel, flags);
  return handle_received (reading, *n);
}

/* --- leaders and those who wait behind them --- */

static int
get_kick_fd (ConvokeChannel *self)
{
  int fd = g_atomic_int_get (&self->kick_fd);

  if (fd >= 0)
    return fd;

  fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd >= 0 && !g_atomic_int_compare_and_exchange (&self->kick_fd, -1, fd))
    {
      close (fd);
      fd = g_atomic_int_get (&self->kick_fd);
    }

  return fd;
}

void
convoke_channel_kick (gpointer carrier)
{
  ConvokeChannel *self = carrier;
  gint asleep = g_atomic_int_get (&self->asleep);
  guint64 one = 1;

  if (asleep == POLLING && write (g_atomic_int_get (&self->kick_fd), &one, sizeof one) < 0)
    g_assert (errno == EAGAIN);
  if (asleep == DEAF)
    g_atomic_int_set (&self->wary, TRUE);
}

static int
poll_both (ConvokeChannel *self,
           gint64          deadline)
{
  struct pollfd fds[2] = { { self->fd, POLLIN, 0 }, { get_kick_fd (self), POLLIN, 0 } };
  struct timespec left;
  gint64 usecs;

  if (deadline < 0)
    {
      poll (fds, 2, -1);
    }
  else
    {
      usecs = MAX (0, deadline - g_get_monotonic_time ());
      left.tv_sec = usecs / G_USEC_PER_SEC;
      left.tv_nsec = (usecs % G_USEC_PER_SEC) * 1000;
      ppoll (fds, 2, &left, NULL);
    }

  if (fds[1].revents != 0)
    {
      guint64 kicks;

      if (read (fds[1].fd, &kicks, sizeof kicks) < 0)
        g_assert (errno == EAGAIN);
    }

  return fds[0].revents;
}

/* Sleeps until there is something to read (TRUE), or to look at, or @deadline passed. */
static gboolean
sleep_on_socket (ConvokeChannel   *self,
                 ConvokeEventCore *core,
                 guint             seen,
                 gint64            deadline)
{
  gboolean readable = FALSE;

  /* The flag before the look, as whoever kicks changes the word before it looks at the flag. */
  get_kick_fd (self);
  g_atomic_int_set (&self->asleep, POLLING);
  if (convoke_event_core_peek (core) == seen)
    readable = poll_both (self, deadline) != 0;
  g_atomic_int_set (&self->asleep, AWAKE);

  return readable;
}

/* Sleeps in the read itself, which costs a good deal less, and where a kick is heard when the read gives up. */
static gssize
receive_deaf (ConvokeChannel   *self,
              ConvokeEventCore *core,
              guint             seen)
{
  gssize n = 0;

  g_atomic_int_set (&self->asleep, DEAF);
  if (convoke_event_core_peek (core) == seen)
    n = receive (self, 0);
  g_atomic_int_set (&self->asleep, AWAKE);

  return n;
}

/* A call that came in may call back by another way; where that happened before, it happens again. */
static gboolean
may_be_deaf (const ConvokeReading *reading,
             gint64                deadline,
             gboolean              quiet)
{
  return quiet && deadline < 0 && !reading->served && !reading->channel->options.serves &&
         !g_atomic_int_get (&reading->channel->wary);
}

/* TRUE: there is something to look at; FALSE: the deadline passed. */
static gboolean
lead (ConvokeReading   *reading,
      ConvokeEventCore *core,
      guint             seen,
      gint64            deadline,
      gboolean          quiet)
{
  ConvokeChannel *self = reading->channel;

  disarm_input (self);
  /* What an earlier reader left. */
  if (self->in_end > self->in_start && !handle_buffered (reading))
    return TRUE;

  while (convoke_event_core_peek (core) == seen)
    {
      gssize n;

      if (may_be_deaf (reading, deadline, quiet))
        n = receive_deaf (self, core, seen);
      else if (sleep_on_socket (self, core, seen, deadline))
        n = receive (self, MSG_DONTWAIT);
      else
        return deadline < 0 || g_get_monotonic_time () < deadline;

      if (!handle_received (reading, n))
        return TRUE;
    }

  return TRUE;
}

static gboolean
follow (ConvokeChannel   *self,
        ConvokeEventCore *core,
        guint             seen,
        gint64            deadline)
{
  ConvokeFollower follower = { core };
  gboolean in_time = TRUE;

  g_mutex_lock (&self->lock);
  g_queue_push_tail (&self->followers, &follower);
  g_mutex_unlock (&self->lock);

  /* The leader may have gone meanwhile, and then it did not see us. */
  if (STATE (get_role (self)) != IDLE || g_atomic_int_get (&self->ended))
    in_time = convoke_event_core_park (core, seen, deadline);

  g_mutex_lock (&self->lock);
  g_queue_remove (&self->followers, &follower);
  g_mutex_unlock (&self->lock);

  return in_time;
}

gboolean
convoke_channel_park (gpointer          carrier,
                      ConvokeEventCore *core,
                      guint             seen,
                      gint64            deadline,
                      gboolean          quiet)
{
  ConvokeChannel *self = carrier;
  ConvokeReading reading;
  gboolean in_time;

  if (!take_role (&reading, self))
    return follow (self, core, seen, deadline);

  /* Nobody has to wake us with a futex: we look ourselves, or are kicked. */
  convoke_event_core_leave (core);
  in_time = lead (&reading, core, seen, deadline, quiet);
  drop_role (&reading);
  convoke_event_core_enter (core);

  return in_time;
}

/* --- for whom what comes in is --- */

#define MOST_CONTEXT_CALLS 4

/* One call for an object of a main context is enough to have the context read; some for others hand it back. */
void
convoke_channel_note_callee (ConvokeChannel   *self,
                             ConvokeApartment *apartment)
{
  gint n = g_atomic_int_get (&self->context_calls);

  if (convoke_apartment_get_threading (apartment) == CONVOKE_THREADING_CONTEXT)
    n = MOST_CONTEXT_CALLS;
  else if (n > 0)
    n--;
  else
    return;

  g_atomic_int_set (&self->context_calls, n);
}

/* A main loop has more to do for each message than a thread that reads only: it reads where that saves the way to its thread. */
static gboolean
is_for_context (ConvokeChannel *self)
{
  return g_atomic_int_get (&self->context_calls) > 0;
}

/* --- the I/O thread --- */

/* From the first message on, since its method may be the one that does not come back. */
static void
begin_work (ConvokeReading *reading)
{
  reading->work = convoke_reactor_begin_work ();
  __atomic_store_n (&reading->channel->work, reading->work, __ATOMIC_SEQ_CST);
}

static void
end_work (ConvokeReading *reading)
{
  guint work = reading->work;

  /* Where the role was taken away, another may work by now. */
  __atomic_compare_exchange_n (&reading->channel->work, &work, 0, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  convoke_reactor_end_work (reading->work);
}

/* As long as calls keep coming, each is read as it comes. */
static void
stay (ConvokeReading *reading)
{
  gssize n = 1;

  convoke_ticker_want (&reading->channel->ticker);
  while (n > 0 && !is_for_context (reading->channel) && read_once (reading, 0, &n))
    ;
}

static void
read_on_io_thread (ConvokeChannel *self)
{
  ConvokeReading reading;
  gssize n;

  if (!take_role (&reading, self))
    return;

  reading.here = TRUE;
  begin_work (&reading);
  if (read_once (&reading, MSG_DONTWAIT, &n) && reading.served)
    stay (&reading);
  end_work (&reading);

  if (!change_role (self, reading.role, NEXT (reading.role, IDLE)))
    return;

  /* As in offer_role (): who was appointed may have its answer already, and others may still wait. */
  if (appoint_follower (self))
    convoke_ticker_want (&self->ticker);
  else
    arm_input (self);
}

static void
ready (ConvokeWatch *watch,
       guint         events)
{
  ConvokeChannel *self = (ConvokeChannel *) ((guint8 *) watch - G_STRUCT_OFFSET (ConvokeChannel, watch));

  g_mutex_lock (&self->lock);
  set_armed_locked (self, source_watches_locked (self) ? EPOLLIN : 0);
  g_mutex_unlock (&self->lock);

  if (g_atomic_int_get (&self->ended))
    return;
  if (events & EPOLLOUT)
    convoke_channel_flush (self);
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
    read_on_io_thread (self);
  else
    convoke_ticker_want (&self->ticker);
}

/* --- arming --- */

/* Input is the main context's, where one reads and what comes is for its objects, unless its thread is at work. */
static void
arm_locked (ConvokeChannel *self,
            guint           events)
{
  guint for_reactor;

  if (g_atomic_int_get (&self->ended) || (self->armed | events) == self->armed)
    return;

  set_armed_locked (self, self->armed | events);
  if ((events & EPOLLIN) && self->source != NULL && self->source_busy == 0 && is_for_context (self))
    set_source_locked (self, TRUE);

  for_reactor = self->armed & ~(source_watches_locked (self) ? EPOLLIN : 0);
  if (for_reactor != 0)
    convoke_reactor_arm (&self->watch, for_reactor);
}

static void
arm (ConvokeChannel *self,
     guint           events)
{
  g_mutex_lock (&self->lock);
  arm_locked (self, events);
  g_mutex_unlock (&self->lock);
}

static void
arm_input (ConvokeChannel *self)
{
  arm (self, EPOLLIN);
}

void
convoke_channel_want_output (ConvokeChannel *self)
{
  arm (self, EPOLLOUT);
}

/* --- a main context --- */

static void
read_in_source (ConvokeChannel *self)
{
  ConvokeReading reading;
  gssize n;

  if (!take_role (&reading, self))
    return;

  reading.here = TRUE;
  read_once (&reading, MSG_DONTWAIT, &n);
  if (change_role (self, reading.role, NEXT (reading.role, IDLE)))
    appoint_follower (self);
}

/* Meanwhile the source polls for nothing, whatever it is set to: its thread is here. */
static gboolean
dispatch_source (GSource     *source,
                 GSourceFunc  callback,
                 gpointer     data)
{
  ConvokeChannel *self = ((ChannelSource *) source)->channel;

  g_mutex_lock (&self->lock);
  self->source_busy++;
  set_armed_locked (self, self->armed & ~EPOLLIN);
  g_mutex_unlock (&self->lock);

  read_in_source (self);

  g_mutex_lock (&self->lock);
  self->source_busy--;
  if (STATE (get_role (self)) != IDLE || self->followers.length > 0 || self->source_busy > 0)
    {
      /* Whoever reads now, or is about to, arms it again; for a thread that is still at work further out, the ticker does. */
      set_armed_locked (self, self->armed & ~EPOLLIN);
      set_source_locked (self, FALSE);
      convoke_ticker_want (&self->ticker);
    }
  else if (self->source != NULL && !is_for_context (self))
    {
      set_source_locked (self, FALSE);
      arm_locked (self, EPOLLIN);
    }
  else if (self->source != NULL)
    {
      if (self->armed & EPOLLIN)
        convoke_reactor_arm (&self->watch, self->armed & ~EPOLLIN);
      set_source_locked (self, TRUE);
      set_armed_locked (self, self->armed | EPOLLIN);
    }
  g_mutex_unlock (&self->lock);

  return G_SOURCE_CONTINUE;
}

static void
finalize_source (GSource *source)
{
  ChannelSource *self = (ChannelSource *) source;

  close (self->set);
  convoke_channel_unref (self->channel);
}

static GSourceFuncs source_funcs = {
  .dispatch = dispatch_source,
  .finalize = finalize_source,
};

/* Without a set the reactor goes on reading. */
static void
add_source_locked (ConvokeChannel *self,
                   GMainContext   *context)
{
  int set = epoll_create1 (EPOLL_CLOEXEC);
  ChannelSource *source;

  if (set < 0)
    return;

  source = (ChannelSource *) g_source_new (&source_funcs, sizeof (ChannelSource));
  source->channel = convoke_channel_ref (self);
  source->set = set;
  g_source_set_static_name (&source->source, "[convoke] channel");
  /* What a method of the context waits for may come here. */
  g_source_set_can_recurse (&source->source, TRUE);
  self->source = &source->source;
  change_set (self, EPOLL_CTL_ADD, 0);
  g_source_add_unix_fd (self->source, set, G_IO_IN);
  g_source_attach (self->source, context);
}

void
convoke_channel_read_in_context (ConvokeChannel *self,
                                 GMainContext   *context)
{
  g_mutex_lock (&self->lock);
  if (self->source == NULL && !g_atomic_int_get (&self->ended))
    {
      add_source_locked (self, context);
      /* Whoever reads now arms it when it is done. */
      if (self->armed & EPOLLIN)
        {
          set_armed_locked (self, self->armed & ~EPOLLIN);
          convoke_reactor_arm (&self->watch, self->armed);
          arm_locked (self, EPOLLIN);
        }
    }
  g_mutex_unlock (&self->lock);
}

/* --- the tick --- */

static ConvokeChannel *
channel_of_ticker (ConvokeTicker *ticker)
{
  return (ConvokeChannel *) ((guint8 *) ticker - G_STRUCT_OFFSET (ConvokeChannel, ticker));
}

static void
send_releases (ConvokeChannel *self)
{
  ConvokeWireWriter writer;

  convoke_wire_writer_init (&writer);
  if (convoke_object_table_write_releases (self->objects, &writer))
    convoke_channel_send (self, &writer);
  convoke_wire_writer_clear (&writer);
}

/* The context's thread may be at something of its own, which no channel knows: after a quiet time the reactor looks out for
 * what comes next. */
static void
leave_context (ConvokeChannel *self)
{
  g_mutex_lock (&self->lock);
  if (source_watches_locked (self))
    {
      set_source_locked (self, FALSE);
      convoke_reactor_arm (&self->watch, self->armed);
    }
  g_mutex_unlock (&self->lock);
}

/* TRUE: not yet. */
static gboolean
tell_quiet (ConvokeChannel *self)
{
  if (self->options.quiet == NULL)
    return FALSE;

  if (convoke_channel_has_output (self))
    {
      self->n_quiet = 0;
      return TRUE;
    }

  self->options.quiet (self, self->options.ended_data);
  return FALSE;
}

static gboolean
tick (ConvokeTicker *ticker)
{
  ConvokeChannel *self = channel_of_ticker (ticker);
  guint role = get_role (self);
  guint work = __atomic_load_n (&self->work, __ATOMIC_SEQ_CST);
  gboolean same = role == self->last_role;

  if (g_atomic_int_get (&self->ended))
    return FALSE;

  send_releases (self);
  if (work != 0 && work == self->last_work)
    convoke_reactor_relieve (work);
  if (same && STATE (role) == BUSY)
    take_away (self, role, work);
  if (same && STATE (role) == IDLE)
    arm_input (self);

  self->last_role = role;
  self->last_work = work;
  self->n_quiet = same ? self->n_quiet + 1 : 0;
  if (self->n_quiet < QUIET_TICKS)
    return TRUE;

  leave_context (self);
  return tell_quiet (self);
}

static gboolean
hold_ticker (ConvokeTicker *ticker)
{
  return convoke_channel_try_ref (channel_of_ticker (ticker));
}

static void
drop_ticker (ConvokeTicker *ticker)
{
  convoke_channel_unref (channel_of_ticker (ticker));
}

static ConvokeChannel *
channel_of_watch (ConvokeWatch *watch)
{
  return (ConvokeChannel *) ((guint8 *) watch - G_STRUCT_OFFSET (ConvokeChannel, watch));
}

static void
hold_watch (ConvokeWatch *watch)
{
  convoke_channel_ref (channel_of_watch (watch));
}

static void
drop_watch (ConvokeWatch *watch)
{
  convoke_channel_unref (channel_of_watch (watch));
}

/* --- the peer's process --- */

static ConvokeChannel *
channel_of_peer_watch (ConvokeWatch *watch)
{
  return (ConvokeChannel *) ((guint8 *) watch - G_STRUCT_OFFSET (ConvokeChannel, peer_watch));
}

static void
hold_peer_watch (ConvokeWatch *watch)
{
  convoke_channel_ref (channel_of_peer_watch (watch));
}

static void
drop_peer_watch (ConvokeWatch *watch)
{
  convoke_channel_unref (channel_of_peer_watch (watch));
}

/* It can have left somebody behind who has its end of the socket, and then that never ends. After this it does, behind what was
 * sent. */
static void
peer_ended (ConvokeWatch *watch,
            guint         events)
{
  shutdown (channel_of_peer_watch (watch)->fd, SHUT_RD);
}

/* Where it cannot be watched, the socket has to do. */
static void
watch_peer (ConvokeChannel *self)
{
  if (self->options.peer_pidfd <= 0 || !convoke_reactor_add (&self->peer_watch, NULL))
    return;

  convoke_reactor_arm (&self->peer_watch, EPOLLIN);
}

/* --- beginning and end --- */

void
convoke_channel_init_reading (ConvokeChannel *self)
{
  self->watch = (ConvokeWatch) { .ready = ready, .hold = hold_watch, .drop = drop_watch, .fd = self->fd };
  self->peer_watch = (ConvokeWatch) { .ready = peer_ended, .hold = hold_peer_watch, .drop = drop_peer_watch, .fd = self->options.peer_pidfd };
  self->ticker = (ConvokeTicker) { .tick = tick, .hold = hold_ticker, .drop = drop_ticker };
}

void
convoke_channel_start_reading (ConvokeChannel *self)
{
  /* First: the channel can end as soon as it is read. */
  watch_peer (self);
  arm_input (self);
}

/* Those who wait look again. */
void
convoke_channel_stop_reading (ConvokeChannel *self)
{
  GSource *source;

  g_mutex_lock (&self->lock);
  source = g_steal_pointer (&self->source);
  self->source_armed = FALSE;
  g_mutex_unlock (&self->lock);

  if (source != NULL)
    {
      g_source_destroy (source);
      g_source_unref (source);
    }
  convoke_reactor_remove (&self->watch);
  convoke_reactor_remove (&self->peer_watch);
  convoke_ticker_remove (&self->ticker);
  convoke_channel_kick (self);
}
