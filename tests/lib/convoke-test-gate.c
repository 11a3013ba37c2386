/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-test-gate.h"

/* Longer than any machine needs; a test that waits so long has failed. */
#define BOUND (20 * G_TIME_SPAN_SECOND)

/**
 * ConvokeTestGate:
 *
 * Holds whoever passes it until it is opened, and tells who is held: with it
 * a test decides the order of what threads do.
 *
 * Any thread may use it. No wait is for ever.
 */
struct _ConvokeTestGate
{
  GObject  parent_instance;

  GMutex   lock;
  GCond    changed;
  gboolean is_open;     /* LOCK: lock */
  guint    n_tickets;   /* LOCK: lock; that many may pass though it is closed */
  guint    n_held;      /* LOCK: lock */
  guint    n_arrived;   /* LOCK: lock; ever */
};

G_DEFINE_FINAL_TYPE (ConvokeTestGate, convoke_test_gate, G_TYPE_OBJECT)

static void
convoke_test_gate_finalize (GObject *object)
{
  ConvokeTestGate *self = CONVOKE_TEST_GATE (object);

  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);

  G_OBJECT_CLASS (convoke_test_gate_parent_class)->finalize (object);
}

static void
convoke_test_gate_class_init (ConvokeTestGateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_test_gate_finalize;
}

static void
convoke_test_gate_init (ConvokeTestGate *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
}

/**
 * convoke_test_gate_new:
 *
 * Makes a gate, which is closed.
 *
 * Returns: (transfer full): the gate
 */
ConvokeTestGate *
convoke_test_gate_new (void)
{
  return g_object_new (CONVOKE_TEST_TYPE_GATE, NULL);
}

static void
set_open (ConvokeTestGate *self,
          gboolean         is_open)
{
  g_mutex_lock (&self->lock);
  self->is_open = is_open;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/**
 * convoke_test_gate_open:
 * @self: a gate
 *
 * Lets everyone pass, now and later.
 */
void
convoke_test_gate_open (ConvokeTestGate *self)
{
  set_open (self, TRUE);
}

/**
 * convoke_test_gate_close:
 * @self: a gate
 *
 * Holds everyone who comes from now on.
 */
void
convoke_test_gate_close (ConvokeTestGate *self)
{
  set_open (self, FALSE);
}

/**
 * convoke_test_gate_let_pass:
 * @self: a closed gate
 * @n: how many
 *
 * Lets @n pass, of those who are held or of those who come next.
 */
void
convoke_test_gate_let_pass (ConvokeTestGate *self,
                            guint            n)
{
  g_mutex_lock (&self->lock);
  self->n_tickets += n;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

static gboolean
wait_until_locked (ConvokeTestGate *self,
                   gint64           end)
{
  return g_cond_wait_until (&self->changed, &self->lock, end);
}

/**
 * convoke_test_gate_pass:
 * @self: a gate
 *
 * Passes, when it may.
 *
 * Returns: %FALSE if nobody opened the gate in a long time
 */
gboolean
convoke_test_gate_pass (ConvokeTestGate *self)
{
  gint64 end = g_get_monotonic_time () + BOUND;
  gboolean in_time = TRUE;

  g_mutex_lock (&self->lock);
  self->n_held++;
  self->n_arrived++;
  g_cond_broadcast (&self->changed);

  while (in_time && !self->is_open && self->n_tickets == 0)
    in_time = wait_until_locked (self, end);

  if (!self->is_open && self->n_tickets > 0)
    {
      self->n_tickets--;
      in_time = TRUE;
    }

  self->n_held--;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);

  return in_time;
}

/**
 * convoke_test_gate_wait_held:
 * @self: a gate
 * @n: how many
 *
 * Waits until exactly @n are held.
 *
 * Returns: %FALSE if it took too long
 */
gboolean
convoke_test_gate_wait_held (ConvokeTestGate *self,
                             guint            n)
{
  gint64 end = g_get_monotonic_time () + BOUND;
  gboolean in_time = TRUE;

  g_mutex_lock (&self->lock);
  while (in_time && self->n_held != n)
    in_time = wait_until_locked (self, end);
  in_time = self->n_held == n;
  g_mutex_unlock (&self->lock);

  return in_time;
}

/**
 * convoke_test_gate_wait_arrived:
 * @self: a gate
 * @n: how many
 *
 * Waits until at least @n have come, whether or not they passed.
 *
 * Returns: %FALSE if it took too long
 */
gboolean
convoke_test_gate_wait_arrived (ConvokeTestGate *self,
                                guint            n)
{
  gint64 end = g_get_monotonic_time () + BOUND;
  gboolean in_time = TRUE;

  g_mutex_lock (&self->lock);
  while (in_time && self->n_arrived < n)
    in_time = wait_until_locked (self, end);
  in_time = self->n_arrived >= n;
  g_mutex_unlock (&self->lock);

  return in_time;
}

/**
 * convoke_test_gate_get_held:
 * @self: a gate
 *
 * How many are held now.
 *
 * Returns: the number
 */
guint
convoke_test_gate_get_held (ConvokeTestGate *self)
{
  guint n_held;

  g_mutex_lock (&self->lock);
  n_held = self->n_held;
  g_mutex_unlock (&self->lock);

  return n_held;
}
