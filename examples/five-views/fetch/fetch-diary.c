/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Who learnt what, when and on which thread: the same for what is in C and what is in Python. */

#include "fetch-diary.h"

#include <sys/syscall.h>
#include <unistd.h>

typedef struct
{
  char   *who;     /* (owned) */
  char   *what;    /* (owned) */
  gint64  when;    /* microseconds since the start */
  pid_t   thread;
} Entry;

static GMutex lock;
static GPtrArray *entries;  /* (owned) LOCK: lock */
static gint64 start;        /* LOCK: lock */

static void
entry_free (Entry *self)
{
  g_free (self->who);
  g_free (self->what);
  g_free (self);
}

/**
 * fetch_diary_start:
 *
 * Begins an empty diary, now.
 */
void
fetch_diary_start (void)
{
  g_mutex_lock (&lock);
  g_clear_pointer (&entries, g_ptr_array_unref);
  entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  start = g_get_monotonic_time ();
  g_mutex_unlock (&lock);
}

/**
 * fetch_diary_write:
 * @who: who learnt something
 * @what: what that was
 *
 * Writes down what somebody learnt, with the time and the thread. Any thread may call this.
 */
void
fetch_diary_write (const char *who,
                   const char *what)
{
  Entry *entry = g_new (Entry, 1);

  g_mutex_lock (&lock);
  *entry = (Entry) { g_strdup (who), g_strdup (what), g_get_monotonic_time () - start, syscall (SYS_gettid) };
  g_ptr_array_add (entries, entry);
  g_mutex_unlock (&lock);
}

/* The main thread has its name; the others are numbered as they come. */
static char *
thread_name (GArray *seen,
             pid_t   thread)
{
  guint i = 0;

  if (thread == getpid ())
    return g_strdup ("main thread");

  while (i < seen->len && g_array_index (seen, pid_t, i) != thread)
    i++;
  if (i == seen->len)
    g_array_append_val (seen, thread);
  return g_strdup_printf ("thread %u", i + 1);
}

static void
tell_one (GString    *text,
          GArray     *seen,
          const char *who)
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];
      g_autofree char *thread = g_str_equal (entry->who, who) ? thread_name (seen, entry->thread) : NULL;

      if (thread != NULL)
        g_string_append_printf (text, "  %-15s  %-44s  %-11s  %6.1f ms\n", entry->who, entry->what, thread,
                                entry->when / 1000.0);
    }
}

/**
 * fetch_diary_tell:
 * @who: (array zero-terminated=1): who is told of, in this order
 *
 * Tells what was written: each in the order in which he learnt it.
 *
 * Returns: (transfer full): lines
 */
char *
fetch_diary_tell (const char * const *who)
{
  g_autoptr (GArray) seen = g_array_new (FALSE, FALSE, sizeof (pid_t));
  GString *text = g_string_new (NULL);

  g_mutex_lock (&lock);
  for (guint i = 0; who[i] != NULL; i++)
    tell_one (text, seen, who[i]);
  g_mutex_unlock (&lock);

  return g_string_free (text, FALSE);
}
