/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-lane-private.h"

#include "convoke-error.h"
#include "convoke-nursery-private.h"
#include "convoke-thread-nice-private.h"

#define LIMIT         64 /* busy threads */
#define LEAST         (-2)
#define MOST          2
#define NICE_OF_STEP  2
#define PATIENCE      (10 * G_USEC_PER_SEC)

typedef struct
{
  const char *name;
  int         nice;
} Class;

/* The names are those that programs know, and one for what may be slower than the rest. */
static const Class classes[] = {
  { "Audio", -10 },
  { "Background", 10 },
  { "Capture", -10 },
  { "DisplayPostProcessing", -8 },
  { "Distribution", -4 },
  { "Games", -6 },
  { "Playback", -8 },
  { "Pro Audio", -14 },
  { "Window Manager", -12 },
};

struct _ConvokeLane
{
  const Class *thread_class; /* constant */
  int          priority;     /* constant */
  int          nice;         /* constant */
  ConvokePool *pool;         /* constant */
  gboolean     by_asking;    /* (atomic) somebody granted it: later threads ask too */
};

static __thread ConvokeLane *granted; /* what the thread runs as */

static const Class *
find_class (const char  *name,
            GError     **error)
{
  GString *names;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    if (g_ascii_strcasecmp (classes[i].name, name) == 0)
      return &classes[i];

  names = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", classes[i].name);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_FOUND,
               "There is no thread class \"%.64s\"; there are %s", name, names->str);
  g_string_free (names, TRUE);

  return NULL;
}

static void
prepare_cb (gpointer data)
{
  ConvokeLane *self = data;

  if (convoke_thread_set_nice (self->nice, __atomic_load_n (&self->by_asking, __ATOMIC_RELAXED), NULL))
    granted = self;
}

static ConvokeLane *
lane_new (const Class *thread_class,
          int          priority)
{
  ConvokeLane *self = g_new0 (ConvokeLane, 1);

  convoke_nursery_open ();
  self->thread_class = thread_class;
  self->priority = priority;
  self->nice = CLAMP (thread_class->nice - NICE_OF_STEP * priority, -20, 19);
  self->pool = convoke_pool_new ("convoke-class", LIMIT, prepare_cb, self);

  return self;
}

ConvokeLane *
convoke_lane_get (const char  *name,
                  int          priority,
                  GError     **error)
{
  static ConvokeLane *lanes[G_N_ELEMENTS (classes)][MOST - LEAST + 1];
  const Class *thread_class = find_class (name, error);
  ConvokeLane **lane;

  if (thread_class == NULL)
    return NULL;

  if (priority < LEAST || priority > MOST)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "A priority within a thread class is from %d to %d, not %d", LEAST, MOST, priority);
      return NULL;
    }

  lane = &lanes[thread_class - classes][priority - LEAST];
  if (g_once_init_enter (lane))
    g_once_init_leave (lane, lane_new (thread_class, priority));

  return *lane;
}

const char *
convoke_lane_get_class (ConvokeLane *self)
{
  return self->thread_class->name;
}

int
convoke_lane_get_priority (ConvokeLane *self)
{
  return self->priority;
}

ConvokePool *
convoke_lane_get_pool (ConvokeLane *self)
{
  return self->pool;
}

gboolean
convoke_lane_enter (ConvokeLane *self,
                    GError     **error)
{
  if (granted == self)
    return TRUE;

  if (convoke_thread_set_nice (self->nice, FALSE, NULL))
    {
      granted = self;
      return TRUE;
    }

  if (!convoke_thread_set_nice (self->nice, TRUE, error))
    return FALSE;

  granted = self;
  __atomic_store_n (&self->by_asking, TRUE, __ATOMIC_RELAXED);

  return TRUE;
}

/* Freed by the second of the waiting thread and the lane's. */
typedef struct
{
  ConvokeLane *lane;
  GMutex       lock;
  GCond        changed;
  gboolean     ended;   /* LOCK: lock */
  GError      *error;   /* (nullable) LOCK: lock */
  gint         n_users; /* (atomic) */
} Trial;

static void
trial_leave (Trial *self)
{
  if (!g_atomic_int_dec_and_test (&self->n_users))
    return;

  g_clear_error (&self->error);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static void
trial_cb (gpointer data)
{
  Trial *self = data;
  GError *error = NULL;

  convoke_lane_enter (self->lane, &error);

  g_mutex_lock (&self->lock);
  self->ended = TRUE;
  self->error = error;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);

  trial_leave (self);
}

static void
trial_wait (Trial   *self,
            GError **error)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  gboolean in_time = TRUE;

  convoke_pool_wait_enter ();
  g_mutex_lock (&self->lock);
  while (!self->ended && in_time)
    in_time = g_cond_wait_until (&self->changed, &self->lock, deadline);
  if (!self->ended)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "No thread of the class came in time");
  else if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  g_mutex_unlock (&self->lock);
  convoke_pool_wait_leave ();
}

gboolean
convoke_lane_try (ConvokeLane *self,
                  GError     **error)
{
  Trial *trial = g_new0 (Trial, 1);
  g_autoptr (GError) cause = NULL;

  trial->lane = self;
  trial->n_users = 2;
  g_mutex_init (&trial->lock);
  g_cond_init (&trial->changed);
  convoke_pool_push_to (self->pool, 1, trial_cb, trial);
  trial_wait (trial, &cause);
  trial_leave (trial);

  if (cause == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}
