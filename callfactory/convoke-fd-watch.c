/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One thread, which exists while anything is watched and a short while after,
 * and one set of descriptors. A descriptor is in the set once, however many
 * wait for it, and asks for one event at a time; whoever is not served by that
 * asks again.
 *
 * The descriptors are other people's, and may be closed, or be another file's
 * by now. The kernel tells nobody of that, so the thread looks: to ask again
 * for a descriptor that is not the one which was put into the set fails. It
 * looks twice in a second, and whenever somebody adds the same number.
 */

#include "config.h"

#include "convoke-fd-watch-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-identity-private.h"

#define LOOK_TIME      500                  /* milliseconds, between looks whether descriptors are still open */
#define IDLE_TIME      (2 * G_USEC_PER_SEC)
#define MOST_EVENTS    32
#define KNOWN          (G_IO_IN | G_IO_OUT | G_IO_PRI | G_IO_ERR | G_IO_HUP)

/* They are the same numbers. */
G_STATIC_ASSERT ((int) EPOLLIN == G_IO_IN && (int) EPOLLOUT == G_IO_OUT && (int) EPOLLPRI == G_IO_PRI &&
                 (int) EPOLLERR == G_IO_ERR && (int) EPOLLHUP == G_IO_HUP);

/* All who wait for one descriptor. */
typedef struct
{
  int             fd;
  guint32         number;   /* tells an event of this one from an older one's of the same descriptor */
  ConvokeFdWatch *watches;
} Entry;

static GMutex          lock;
static GHashTable     *entries;              /* LOCK: lock; fd -> owned Entry */
static guint32         last_number;          /* LOCK: lock */
static ConvokeFdWatch *closed_watches;       /* LOCK: lock; what somebody else found to be closed */
static ConvokeFdWatch *ready_watches;        /* LOCK: lock; what can never be waited for, and is always ready */
static gboolean        running;              /* LOCK: lock; the thread exists */
static gint64          idle_time = IDLE_TIME;  /* LOCK: lock */
static int             epoll_fd = -1;        /* LOCK: lock to make it; never closed */
static int             wake_fd = -1;         /* the same */

static gboolean
fail (const char  *what,
      GError     **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "Cannot %s: %s", what, g_strerror (errno));
  return FALSE;
}

static gboolean
refuse (ConvokeFdWatch  *watch,
        const char      *why,
        GError         **error)
{
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "Descriptor %d %s", watch->fd, why);
  return FALSE;
}

static void
wake (void)
{
  guint64 one = 1;

  /* A counter that is full is readable, too. */
  if (write (wake_fd, &one, sizeof one) < 0)
    g_assert (errno == EAGAIN);
}

/* --- lists --- */

static void
push_watch (ConvokeFdWatch **list,
            ConvokeFdWatch  *watch)
{
  watch->next = *list;
  *list = watch;
}

static gboolean
unlink_watch (ConvokeFdWatch **list,
              ConvokeFdWatch  *watch)
{
  while (*list != NULL && *list != watch)
    list = &(*list)->next;
  if (*list == NULL)
    return FALSE;

  *list = watch->next;
  return TRUE;
}

/* It is disarmed. */
static void
take_watch_locked (ConvokeFdWatch **list,
                   ConvokeFdWatch  *watch)
{
  watch->added = FALSE;
  watch->hold (watch);
  push_watch (list, watch);
}

static void
take_all_locked (ConvokeFdWatch **from,
                 ConvokeFdWatch **to)
{
  while (*from != NULL)
    {
      ConvokeFdWatch *watch = *from;

      *from = watch->next;
      take_watch_locked (to, watch);
    }
}

static void
tell (ConvokeFdWatch *list,
      gboolean        open)
{
  while (list != NULL)
    {
      ConvokeFdWatch *watch = list;

      list = watch->next;
      watch->ready (watch, open);
      watch->drop (watch);
    }
}

/* --- entries --- */

static Entry *
find_locked (int fd)
{
  return entries != NULL ? g_hash_table_lookup (entries, GINT_TO_POINTER (fd)) : NULL;
}

static gboolean
control_locked (Entry *entry,
                int    operation)
{
  struct epoll_event event = { .events = EPOLLONESHOT, .data.u64 = (guint64) entry->number << 32 | (guint) entry->fd };

  for (ConvokeFdWatch *watch = entry->watches; watch != NULL; watch = watch->next)
    event.events |= watch->condition;

  return epoll_ctl (epoll_fd, operation, entry->fd, &event) == 0;
}

/* The descriptor is another's, or nobody's: the thread tells those who wait. Nothing is in the set any more. */
static void
close_entry_locked (Entry *entry)
{
  while (entry->watches != NULL)
    {
      ConvokeFdWatch *watch = entry->watches;

      entry->watches = watch->next;
      push_watch (&closed_watches, watch);
    }
  g_hash_table_remove (entries, GINT_TO_POINTER (entry->fd));
  wake ();
}

/* Asks again for those who are left. */
static void
ask_again_locked (Entry *entry)
{
  if (entry->watches == NULL)
    {
      epoll_ctl (epoll_fd, EPOLL_CTL_DEL, entry->fd, NULL);
      g_hash_table_remove (entries, GINT_TO_POINTER (entry->fd));
    }
  else if (!control_locked (entry, EPOLL_CTL_MOD))
    close_entry_locked (entry);
}

/* --- the thread --- */

static void
take_ready_locked (const struct epoll_event  *event,
                   ConvokeFdWatch           **ready)
{
  Entry *entry = find_locked ((int) (guint32) event->data.u64);
  ConvokeFdWatch **link;

  if (entry == NULL || entry->number != event->data.u64 >> 32)
    return;

  link = &entry->watches;
  while (*link != NULL)
    {
      ConvokeFdWatch *watch = *link;

      if (!(event->events & (watch->condition | EPOLLERR | EPOLLHUP)))
        {
          link = &watch->next;
          continue;
        }
      *link = watch->next;
      take_watch_locked (ready, watch);
    }

  ask_again_locked (entry);
}

static void
look_for_closed_locked (void)
{
  g_autofree gpointer *all = NULL;
  guint n;

  all = g_hash_table_get_keys_as_array (entries, &n);
  for (guint i = 0; i < n; i++)
    ask_again_locked (find_locked (GPOINTER_TO_INT (all[i])));
}

static void
drain_wake_fd (void)
{
  guint64 count;

  if (read (wake_fd, &count, sizeof count) < 0)
    g_assert (errno == EAGAIN || errno == EINTR);
}

/* FALSE: nothing was watched for a while. */
static gboolean
serve (gint64 *next_look,
       gint64 *idle_since)
{
  struct epoll_event events[MOST_EVENTS];
  ConvokeFdWatch *ready = NULL, *closed = NULL;
  int n = epoll_wait (epoll_fd, events, MOST_EVENTS, LOOK_TIME);
  gint64 now = g_get_monotonic_time ();
  gboolean wanted;

  g_mutex_lock (&lock);
  for (int i = 0; i < n; i++)
    if (events[i].data.u64 == G_MAXUINT64)
      drain_wake_fd ();
    else
      take_ready_locked (&events[i], &ready);
  if (now >= *next_look)
    {
      look_for_closed_locked ();
      *next_look = now + LOOK_TIME * 1000;
    }
  take_all_locked (&ready_watches, &ready);
  take_all_locked (&closed_watches, &closed);
  if (g_hash_table_size (entries) > 0 || ready != NULL || closed != NULL)
    *idle_since = now;
  running = wanted = now - *idle_since < idle_time;
  g_mutex_unlock (&lock);

  tell (ready, TRUE);
  tell (closed, FALSE);

  return wanted;
}

static gpointer
thread_cb (gpointer data)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next_look = now + LOOK_TIME * 1000;
  gint64 idle_since = now;

  while (serve (&next_look, &idle_since))
    ;

  return NULL;
}

static gboolean
ensure_set_locked (GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.u64 = G_MAXUINT64 };

  if (entries == NULL)
    entries = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  if (wake_fd < 0)
    wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd < 0)
    return fail ("make an event descriptor", error);
  if (epoll_fd >= 0)
    return TRUE;

  epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  if (epoll_fd < 0)
    return fail ("watch descriptors", error);

  epoll_ctl (epoll_fd, EPOLL_CTL_ADD, wake_fd, &event);
  return TRUE;
}

static gboolean
ensure_thread_locked (GError **error)
{
  g_autoptr (GError) local_error = NULL;
  GThread *thread;

  if (!ensure_set_locked (error))
    return FALSE;
  if (running)
    return TRUE;

  thread = convoke_identity_start_thread ("convoke-fd", thread_cb, NULL, &local_error);
  if (thread == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "Cannot start the thread that watches descriptors: %s",
                   local_error->message);
      return FALSE;
    }

  running = TRUE;
  g_thread_unref (thread);
  return TRUE;
}

/* --- adding and removing --- */

/* FALSE: the descriptor was closed and opened again, and those who waited for the old one will be told. */
static gboolean
join_locked (Entry          *entry,
             ConvokeFdWatch *watch)
{
  push_watch (&entry->watches, watch);
  if (control_locked (entry, EPOLL_CTL_MOD))
    return TRUE;

  entry->watches = watch->next;
  close_entry_locked (entry);

  return FALSE;
}

static Entry *
add_entry_locked (ConvokeFdWatch *watch)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->fd = watch->fd;
  entry->number = last_number = (last_number + 1) & G_MAXINT32;
  entry->watches = watch;
  watch->next = NULL;
  g_hash_table_insert (entries, GINT_TO_POINTER (watch->fd), entry);

  return entry;
}

static gboolean
enter_locked (ConvokeFdWatch  *watch,
              GError         **error)
{
  Entry *entry = add_entry_locked (watch);
  int reason;

  /* A copy of a descriptor that was closed can have kept it in the set. */
  if (control_locked (entry, EPOLL_CTL_ADD) || (errno == EEXIST && control_locked (entry, EPOLL_CTL_MOD)))
    return TRUE;

  reason = errno;
  g_hash_table_remove (entries, GINT_TO_POINTER (watch->fd));
  if (reason == EPERM)
    {
      /* Files are always ready. */
      push_watch (&ready_watches, watch);
      wake ();
      return TRUE;
    }

  errno = reason;
  return reason == ENOSPC || reason == ENOMEM ? fail ("watch a descriptor", error)
         : refuse (watch, reason == EBADF ? "is not open" : "cannot be waited for", error);
}

static gboolean
add_locked (ConvokeFdWatch  *watch,
            GError         **error)
{
  Entry *entry;

  if (!ensure_thread_locked (error))
    return FALSE;

  entry = find_locked (watch->fd);
  watch->added = (entry != NULL && join_locked (entry, watch)) || enter_locked (watch, error);

  return watch->added;
}

gboolean
convoke_fd_watch_add (ConvokeFdWatch  *self,
                      GError         **error)
{
  gboolean added;

  if (convoke_check_forked (error))
    return FALSE;
  if (self->fd < 0)
    return refuse (self, "is not open", error);
  if (self->condition == 0 || (self->condition & ~KNOWN) != 0)
    return refuse (self, "is to be waited for under no condition, or under one that is not known", error);

  g_mutex_lock (&lock);
  added = add_locked (self, error);
  g_mutex_unlock (&lock);

  return added;
}

void
convoke_fd_watch_remove (ConvokeFdWatch *self)
{
  if (convoke_check_forked (NULL))
    return;

  g_mutex_lock (&lock);
  if (self->added && !unlink_watch (&ready_watches, self) && !unlink_watch (&closed_watches, self))
    {
      Entry *entry = find_locked (self->fd);

      if (entry != NULL && unlink_watch (&entry->watches, self))
        ask_again_locked (entry);
    }
  self->added = FALSE;
  g_mutex_unlock (&lock);
}

gboolean
convoke_fd_watch_has_thread (void)
{
  gboolean has;

  g_mutex_lock (&lock);
  has = running;
  g_mutex_unlock (&lock);

  return has;
}

void
convoke_fd_watch_set_idle_time (gint64 time)
{
  g_mutex_lock (&lock);
  idle_time = time;
  g_mutex_unlock (&lock);
}
