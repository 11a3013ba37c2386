/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-nursery-private.h"

#include "convoke-identity-private.h"

typedef struct _Birth Birth;

/* On the stack of the thread that waits for it. */
struct _Birth
{
  Birth       *next;   /* LOCK: lock */
  const char  *name;
  GThreadFunc  func;
  gpointer     data;
  GThread     *thread; /* LOCK: lock */
  GError      *error;  /* LOCK: lock */
  gboolean     ended;  /* LOCK: lock */
};

static GMutex   lock;
static GCond    changed;
static Birth   *births;  /* LOCK: lock; who waits */
static gboolean is_open; /* LOCK: lock */

static __thread gboolean needed;

void
convoke_nursery_set_needed (gboolean is_needed)
{
  needed = is_needed;
}

gboolean
convoke_nursery_is_needed (void)
{
  return needed;
}

static void
give_birth_locked (Birth *birth)
{
  GThread *thread;
  GError *error = NULL;

  g_mutex_unlock (&lock);
  thread = g_thread_try_new (birth->name, birth->func, birth->data, &error);
  g_mutex_lock (&lock);

  birth->thread = thread;
  birth->error = error;
  birth->ended = TRUE;
  g_cond_broadcast (&changed);
}

static gpointer
nursery_thread (gpointer data)
{
  g_mutex_lock (&lock);
  for (;;)
    {
      Birth *birth = births;

      if (birth == NULL)
        {
          g_cond_wait (&changed, &lock);
          continue;
        }

      births = birth->next;
      give_birth_locked (birth);
    }

  return NULL;
}

void
convoke_nursery_open (void)
{
  g_autoptr (GThread) thread = NULL;

  g_mutex_lock (&lock);
  if (!is_open && !needed)
    thread = convoke_identity_start_thread ("convoke-nursery", nursery_thread, NULL, NULL);
  is_open |= thread != NULL;
  g_mutex_unlock (&lock);
}

GThread *
convoke_nursery_start (const char   *name,
                       GThreadFunc   func,
                       gpointer      data,
                       GError      **error)
{
  Birth birth = { NULL, name, func, data, };

  g_mutex_lock (&lock);
  if (!is_open)
    {
      g_mutex_unlock (&lock);
      return g_thread_try_new (name, func, data, error);
    }

  birth.next = births;
  births = &birth;
  g_cond_broadcast (&changed);
  while (!birth.ended)
    g_cond_wait (&changed, &lock);
  g_mutex_unlock (&lock);

  if (birth.error != NULL)
    g_propagate_error (error, birth.error);

  return birth.thread;
}
