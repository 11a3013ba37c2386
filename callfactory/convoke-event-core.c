/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The word: bit 0 is "set"; above it a count of pokes, above that a count of
 * changes from unset to set. Either count changes the word, so a thread that
 * looked before the change does not fall asleep after it; the second tells a
 * waiter of a manual-reset event that it was set while it waited, although it
 * was reset before the waiter could look.
 *
 * Order: who sets changes the word, then reads the waiters and the handle; who
 * waits counts itself, then reads the word; who makes the handle publishes it,
 * then reads the word. All of it is sequentially consistent, so one of two
 * sides always sees the other. Setting a set event is a write too, never a mere
 * look: what the second setter did before must be seen by whoever resets.
 *
 * The descriptor follows the word: everyone who changed the word brings the
 * descriptor in line under the handle's lock, reading the word again there. The
 * last to do so does it after the last change, so at rest both agree. The
 * watches are told under the same lock.
 */

#include "config.h"

#include "convoke-event-core-private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include <glib-unix.h>

#if CONVOKE_HAVE_EVENTFD && !defined (CONVOKE_TEST_PORTABLE)
#include <sys/eventfd.h>
#endif

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-futex-private.h"

#define SET_BIT   1u
#define POKE_ONE  (1u << 1)
#define POKE_MASK 0x0000fffeu
#define SET_ONE   (1u << 16)
#define SET_MASK  0xffff0000u

typedef struct
{
  GMutex             lock;
  int                read_fd;    /* LOCK: lock; -1 until it is asked for */
  int                write_fd;   /* LOCK: lock; the same for an eventfd */
  gboolean           readable;   /* LOCK: lock */
  ConvokeEventWatch *watches;    /* LOCK: lock */
} Handle;

static inline guint
load_word (ConvokeEventCore *self)
{
  return __atomic_load_n (&self->word, __ATOMIC_SEQ_CST);
}

static inline Handle *
load_handle (ConvokeEventCore *self)
{
  return __atomic_load_n (&self->handle, __ATOMIC_SEQ_CST);
}

static inline gboolean
has_waiters (ConvokeEventCore *self)
{
  return __atomic_load_n (&self->waiters, __ATOMIC_SEQ_CST) > 0;
}

static void
handle_write (Handle *handle)
{
  guint64 one = 1;
  gssize n;

  do
    n = write (handle->write_fd, &one, sizeof one);
  while (n < 0 && errno == EINTR);
}

static void
handle_drain (Handle *handle)
{
  guint64 count;
  gssize n;

  do
    n = read (handle->read_fd, &count, sizeof count);
  while (n < 0 && errno == EINTR);
}

static void
follow_fd_locked (Handle           *handle,
                  ConvokeEventCore *core)
{
  gboolean set = (load_word (core) & SET_BIT) != 0;

  if (handle->read_fd < 0)
    return;

  if (set && !handle->readable)
    handle_write (handle);
  else if (!set && handle->readable)
    handle_drain (handle);
  handle->readable = set;
}

/* The last wake is left to the caller, without the lock: nearly always it is the only one, and who is woken wants the lock. */
static ConvokeEventCore *
tell_watches_locked (Handle *handle)
{
  ConvokeEventCore *due = NULL;

  for (ConvokeEventWatch *watch = handle->watches; watch != NULL; watch = watch->next)
    {
      ConvokeEventCore *next = watch->changed (watch);

      if (next != NULL && due != NULL)
        convoke_event_core_wake (due);
      if (next != NULL)
        due = next;
    }

  return due;
}

static void
handle_follow (Handle           *handle,
               ConvokeEventCore *core,
               gboolean          tell)
{
  ConvokeEventCore *due;

  g_mutex_lock (&handle->lock);
  follow_fd_locked (handle, core);
  due = tell ? tell_watches_locked (handle) : NULL;
  g_mutex_unlock (&handle->lock);

  if (due != NULL)
    convoke_event_core_wake (due);
}

static gboolean
open_fds (int      fds[2],
          GError **error)
{
  g_autoptr (GError) failure = NULL;

#if CONVOKE_HAVE_EVENTFD && !defined (CONVOKE_TEST_PORTABLE)
  fds[0] = fds[1] = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fds[0] >= 0)
    return TRUE;
  if (errno != ENOSYS)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "Cannot make an event descriptor: %s", g_strerror (errno));
      return FALSE;
    }
#endif

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, &failure))
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "Cannot make an event descriptor: %s", failure->message);
      return FALSE;
    }

  /* Neither can fail on a fresh pipe. */
  g_unix_set_fd_nonblocking (fds[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (fds[1], TRUE, NULL);

  return TRUE;
}

static Handle *
handle_new (void)
{
  Handle *handle = g_new0 (Handle, 1);

  g_mutex_init (&handle->lock);
  handle->read_fd = handle->write_fd = -1;

  return handle;
}

static void
handle_free (Handle *handle)
{
  g_assert (handle->watches == NULL);

  if (handle->write_fd != handle->read_fd)
    close (handle->write_fd);
  if (handle->read_fd >= 0)
    close (handle->read_fd);

  /* In a forked child another thread of the parent may hold it for ever. */
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&handle->lock);

  g_free (handle);
}

static Handle *
ensure_handle (ConvokeEventCore *self)
{
  Handle *handle = load_handle (self);
  gpointer none = NULL;

  if (handle != NULL)
    return handle;

  handle = handle_new ();
  if (!__atomic_compare_exchange_n (&self->handle, &none, (gpointer) handle, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
    {
      handle_free (handle);
      handle = none;
    }

  return handle;
}

static inline void
follow (ConvokeEventCore *self,
        gboolean          tell)
{
  Handle *handle = load_handle (self);

  if (handle != NULL)
    handle_follow (handle, self, tell);
}

void
convoke_event_core_init (ConvokeEventCore *self)
{
  self->word = 0;
  self->waiters = 0;
  self->handle = NULL;
}

void
convoke_event_core_clear (ConvokeEventCore *self)
{
  g_clear_pointer ((Handle **) &self->handle, handle_free);
}

/* TRUE: it was not set before. */
static gboolean
set_word (ConvokeEventCore *self)
{
  guint old = __atomic_load_n (&self->word, __ATOMIC_RELAXED);
  guint new;

  do
    new = old & SET_BIT ? old : (old + SET_ONE) | SET_BIT;
  while (!__atomic_compare_exchange_n (&self->word, &old, new, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));

  return !(old & SET_BIT);
}

gboolean
convoke_event_core_set_begin (ConvokeEventCore *self)
{
  gboolean was_unset = set_word (self);

  follow (self, TRUE);

  return was_unset && has_waiters (self);
}

void
convoke_event_core_wake (ConvokeEventCore *self)
{
  convoke_futex_wake (&self->word, G_MAXUINT);
}

void
convoke_event_core_wake_one (ConvokeEventCore *self)
{
  convoke_futex_wake (&self->word, 1);
}

void
convoke_event_core_set (ConvokeEventCore *self)
{
  if (convoke_event_core_set_begin (self))
    convoke_event_core_wake (self);
}

void
convoke_event_core_set_one (ConvokeEventCore *self)
{
  if (convoke_event_core_set_begin (self))
    convoke_event_core_wake_one (self);
}

void
convoke_event_core_set_last (ConvokeEventCore *self)
{
  set_word (self);
  convoke_event_core_wake (self);
}

void
convoke_event_core_reset (ConvokeEventCore *self)
{
  __atomic_fetch_and (&self->word, ~SET_BIT, __ATOMIC_SEQ_CST);
  follow (self, TRUE);
}

gboolean
convoke_event_core_is_set (ConvokeEventCore *self)
{
  return (load_word (self) & SET_BIT) != 0;
}

gboolean
convoke_event_core_take (ConvokeEventCore *self,
                         gboolean          consume)
{
  if (!convoke_event_core_is_set (self))
    return FALSE;

  if (!consume)
    return TRUE;

  if (!(__atomic_fetch_and (&self->word, ~SET_BIT, __ATOMIC_SEQ_CST) & SET_BIT))
    return FALSE;

  /* Nobody waits for this; the taker itself would be woken. */
  follow (self, FALSE);

  return TRUE;
}

gboolean
convoke_event_core_was_set_since (ConvokeEventCore *self,
                                  guint             seen)
{
  guint word = load_word (self);

  return (word & SET_BIT) != 0 || (word & SET_MASK) != (seen & SET_MASK);
}

void
convoke_event_core_enter (ConvokeEventCore *self)
{
  __atomic_fetch_add (&self->waiters, 1, __ATOMIC_SEQ_CST);
}

void
convoke_event_core_leave (ConvokeEventCore *self)
{
  guint others = __atomic_fetch_sub (&self->waiters, 1, __ATOMIC_SEQ_CST) - 1;

  /* The one wake of an auto-reset event may have come to this thread just as it gave up. */
  if (others > 0 && convoke_event_core_is_set (self))
    convoke_futex_wake (&self->word, 1);
}

guint
convoke_event_core_peek (ConvokeEventCore *self)
{
  return load_word (self);
}

gboolean
convoke_event_core_park (ConvokeEventCore *self,
                         guint             seen,
                         gint64            deadline)
{
  return convoke_futex_wait (&self->word, seen, deadline);
}

void
convoke_event_core_poke (ConvokeEventCore *self)
{
  guint old = __atomic_load_n (&self->word, __ATOMIC_RELAXED);
  guint new;

  do
    new = (old & ~POKE_MASK) | ((old + POKE_ONE) & POKE_MASK);
  while (!__atomic_compare_exchange_n (&self->word, &old, new, FALSE, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));

  if (has_waiters (self))
    convoke_event_core_wake (self);
}

static int
open_handle_locked (Handle            *handle,
                    ConvokeEventCore  *core,
                    GError           **error)
{
  int fds[2];

  if (handle->read_fd < 0 && open_fds (fds, error))
    {
      handle->read_fd = fds[0];
      handle->write_fd = fds[1];
      follow_fd_locked (handle, core);
    }

  return handle->read_fd;
}

int
convoke_event_core_get_fd (ConvokeEventCore  *self,
                           GError           **error)
{
  Handle *handle = ensure_handle (self);
  int fd;

  g_mutex_lock (&handle->lock);
  fd = open_handle_locked (handle, self, error);
  g_mutex_unlock (&handle->lock);

  return fd;
}

void
convoke_event_core_watch (ConvokeEventCore  *self,
                          ConvokeEventWatch *watch)
{
  Handle *handle = ensure_handle (self);

  g_mutex_lock (&handle->lock);
  watch->previous = NULL;
  watch->next = handle->watches;
  if (watch->next != NULL)
    watch->next->previous = watch;
  handle->watches = watch;
  g_mutex_unlock (&handle->lock);
}

void
convoke_event_core_unwatch (ConvokeEventCore  *self,
                            ConvokeEventWatch *watch)
{
  Handle *handle = load_handle (self);

  g_mutex_lock (&handle->lock);
  if (watch->previous != NULL)
    watch->previous->next = watch->next;
  else
    handle->watches = watch->next;
  if (watch->next != NULL)
    watch->next->previous = watch->previous;
  g_mutex_unlock (&handle->lock);
}

void
convoke_event_core_notify (ConvokeEventCore *self)
{
  follow (self, TRUE);
}
