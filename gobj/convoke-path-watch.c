/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One inotify instance. A directory that is there is watched for what happens
 * to the names in it; of one that is not, the nearest directory above that is
 * there is watched for the next name on the way. What is watched is made anew
 * each time that the owner looks, which it does when anything happened.
 */

#include "config.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "convoke-error.h"
#include "convoke-path-watch-private.h"

#define EVENTS (IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | \
                IN_DELETE_SELF | IN_MOVE_SELF)
#define LONGEST_WAY 64
#define MOST_READS 1024

/* One directory, which can be on the way to several. */
typedef struct
{
  gboolean   wanted;    /* since _begin () */
  GPtrArray *filters;   /* of who watches it itself */
  GPtrArray *names;     /* (owned): the next ones on the way to others */
} Place;

struct _ConvokePathWatch
{
  int         fd;        /* -1: the system gives none */
  int         number;    /* errno of what cannot be watched; 0: nothing */
  guint       fork;      /* in which process fd was made */
  GHashTable *places;    /* watch descriptor -> owned Place */
};

/* --- a child made by fork () shares the instance, and would take events away from its parent --- */

static guint forks;

static void
child_cb (void)
{
  forks++;
}

static void
count_forks (void)
{
  static gsize once;

  if (g_once_init_enter (&once))
    {
      pthread_atfork (NULL, NULL, child_cb);
      g_once_init_leave (&once, 1);
    }
}

/* --- life --- */

static void
place_free (gpointer data)
{
  Place *self = data;

  g_ptr_array_unref (self->filters);
  g_ptr_array_unref (self->names);
  g_free (self);
}

static void
open_instance (ConvokePathWatch *self)
{
  self->fork = forks;
  self->fd = inotify_init1 (IN_NONBLOCK | IN_CLOEXEC);
  self->number = self->fd < 0 ? errno : 0;
}

ConvokePathWatch *
convoke_path_watch_new (void)
{
  ConvokePathWatch *self = g_new0 (ConvokePathWatch, 1);

  count_forks ();
  self->places = g_hash_table_new_full (NULL, NULL, NULL, place_free);
  open_instance (self);
  return self;
}

void
convoke_path_watch_free (ConvokePathWatch *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_hash_table_unref (self->places);
  g_free (self);
}

/* --- what is watched --- */

void
convoke_path_watch_begin (ConvokePathWatch *self)
{
  GHashTableIter iter;
  gpointer value;

  if (self->fd >= 0)
    self->number = 0;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Place *place = value;

      place->wanted = FALSE;
      g_ptr_array_set_size (place->filters, 0);
      g_ptr_array_set_size (place->names, 0);
    }
}

void
convoke_path_watch_end (ConvokePathWatch *self)
{
  GHashTableIter iter;
  gpointer wd;
  gpointer value;

  g_hash_table_iter_init (&iter, self->places);
  while (g_hash_table_iter_next (&iter, &wd, &value))
    if (!((Place *) value)->wanted)
      {
        inotify_rm_watch (self->fd, GPOINTER_TO_INT (wd));
        g_hash_table_iter_remove (&iter);
      }
}

/* NULL: errno says why not. */
static Place *
watch_directory (ConvokePathWatch *self,
                 const char       *directory)
{
  int wd = inotify_add_watch (self->fd, directory, EVENTS | IN_ONLYDIR);
  Place *place;

  if (wd < 0)
    return NULL;

  place = g_hash_table_lookup (self->places, GINT_TO_POINTER (wd));
  if (place == NULL)
    {
      place = g_new0 (Place, 1);
      place->filters = g_ptr_array_new ();
      place->names = g_ptr_array_new_with_free_func (g_free);
      g_hash_table_insert (self->places, GINT_TO_POINTER (wd), place);
    }

  place->wanted = TRUE;
  return place;
}

static gboolean
can_come_to_be (int number)
{
  return number == ENOENT || number == ENOTDIR || number == EACCES || number == ELOOP || number == ENAMETOOLONG;
}

/* The nearest directory above @path that is there. TRUE: the next one on the way has come to be meanwhile. */
static gboolean
watch_above (ConvokePathWatch *self,
             const char       *path)
{
  gboolean is_missing = errno == ENOENT;
  g_autofree char *child = g_strdup (path);

  while (strcmp (child, "/") != 0)
    {
      g_autofree char *parent = g_path_get_dirname (child);
      Place *place = watch_directory (self, parent);

      if (place != NULL)
        {
          g_ptr_array_add (place->names, g_path_get_basename (child));
          return is_missing && access (child, F_OK) == 0;
        }
      if (!can_come_to_be (errno))
        {
          self->number = errno;
          return FALSE;
        }

      g_free (child);
      child = g_steal_pointer (&parent);
    }

  return FALSE;
}

void
convoke_path_watch_add (ConvokePathWatch       *self,
                        const char             *directory,
                        ConvokePathWatchFilter  filter)
{
  if (self->fd < 0)
    return;

  /* Somebody can make the way while it is walked. */
  for (guint i = 0; i < LONGEST_WAY; i++)
    {
      Place *place = watch_directory (self, directory);

      if (place != NULL)
        {
          g_ptr_array_add (place->filters, (gpointer) filter);
          return;
        }
      if (!can_come_to_be (errno))
        {
          self->number = errno;
          return;
        }
      if (!watch_above (self, directory))
        return;
    }
}

/* --- what happened --- */

static gboolean
has_name (const Place *place,
          const char  *name)
{
  return g_ptr_array_find_with_equal_func (place->names, name, g_str_equal, NULL);
}

static gboolean
passes (const Place *place,
        const char  *name)
{
  for (guint i = 0; i < place->filters->len; i++)
    if (((ConvokePathWatchFilter) place->filters->pdata[i]) (name))
      return TRUE;

  return FALSE;
}

static gboolean
matters (ConvokePathWatch           *self,
         const struct inotify_event *event)
{
  const Place *place = g_hash_table_lookup (self->places, GINT_TO_POINTER (event->wd));

  if (event->mask & IN_Q_OVERFLOW)
    return TRUE;
  /* Of a directory that is not watched any more. */
  if (place == NULL)
    return FALSE;
  /* The directory itself. */
  if (event->len == 0)
    return event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED | IN_UNMOUNT | IN_ATTRIB);

  return has_name (place, event->name) || passes (place, event->name);
}

static gboolean
any_matters (ConvokePathWatch *self,
             const char       *events,
             gssize            size)
{
  gboolean found = FALSE;

  while (size > 0)
    {
      const struct inotify_event *event = (const struct inotify_event *) events;
      gsize length = sizeof *event + event->len;

      found = matters (self, event) || found;
      if (event->mask & IN_IGNORED)
        g_hash_table_remove (self->places, GINT_TO_POINTER (event->wd));
      events += length;
      size -= length;
    }

  return found;
}

static void
leave_parents (ConvokePathWatch *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_hash_table_remove_all (self->places);
  open_instance (self);
}

gboolean
convoke_path_watch_check (ConvokePathWatch *self)
{
  char events[4096] __attribute__ ((aligned (__alignof__ (struct inotify_event))));
  gboolean found = FALSE;
  gssize size;
  guint n = 0;

  if (self->fork != forks)
    {
      leave_parents (self);
      return TRUE;
    }
  /* Somebody can write faster than this reads. */
  while (self->fd >= 0 && n++ < MOST_READS && ((size = read (self->fd, events, sizeof events)) > 0 || (size < 0 && errno == EINTR)))
    found = any_matters (self, events, size) || found;

  return found || n > MOST_READS || self->number != 0;
}

int
convoke_path_watch_get_fd (ConvokePathWatch *self)
{
  return self->fd;
}

gboolean
convoke_path_watch_is_complete (ConvokePathWatch  *self,
                                GError           **error)
{
  if (self->number == 0)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
               "The directories of components cannot be watched: %s", g_strerror (self->number));
  return FALSE;
}
