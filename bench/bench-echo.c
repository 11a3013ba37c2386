/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The component that is called: one interface, one method, no state. */

#include "bench-echo.h"

#include <string.h>

G_DEFINE_INTERFACE (ConvokeBenchEcho, convoke_bench_echo, G_TYPE_OBJECT)

static void
convoke_bench_echo_default_init (ConvokeBenchEchoInterface *iface)
{
}

/**
 * convoke_bench_echo_add:
 * @self: an echo
 * @number: a number
 * @text: a string
 *
 * Adds the length of @text, in bytes, to @number.
 *
 * Returns: the sum
 */
gint32
convoke_bench_echo_add (ConvokeBenchEcho *self,
                        gint32            number,
                        const char       *text)
{
  g_return_val_if_fail (CONVOKE_BENCH_IS_ECHO (self), 0);

  return CONVOKE_BENCH_ECHO_GET_IFACE (self)->add (self, number, text);
}

struct _ConvokeBenchAdder
{
  GObject parent_instance;

  GMutex   lock;
  GCond    cond;
  gboolean held;  /* atomic; changed under the lock */
};

static void convoke_bench_adder_echo_init (ConvokeBenchEchoInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeBenchAdder, convoke_bench_adder, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_BENCH_TYPE_ECHO, convoke_bench_adder_echo_init))

static void
wait_while_held (ConvokeBenchAdder *self)
{
  g_mutex_lock (&self->lock);
  while (self->held)
    g_cond_wait (&self->cond, &self->lock);
  g_mutex_unlock (&self->lock);
}

static gint32
convoke_bench_adder_add (ConvokeBenchEcho *echo,
                         gint32            number,
                         const char       *text)
{
  ConvokeBenchAdder *self = CONVOKE_BENCH_ADDER (echo);

  if (G_UNLIKELY (g_atomic_int_get (&self->held)))
    wait_while_held (self);

  return number + (gint32) strlen (text);
}

static void
convoke_bench_adder_finalize (GObject *object)
{
  ConvokeBenchAdder *self = CONVOKE_BENCH_ADDER (object);

  g_mutex_clear (&self->lock);
  g_cond_clear (&self->cond);

  G_OBJECT_CLASS (convoke_bench_adder_parent_class)->finalize (object);
}

static void
convoke_bench_adder_class_init (ConvokeBenchAdderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = convoke_bench_adder_finalize;
}

static void
convoke_bench_adder_echo_init (ConvokeBenchEchoInterface *iface)
{
  iface->add = convoke_bench_adder_add;
}

static void
convoke_bench_adder_init (ConvokeBenchAdder *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->cond);
}

/**
 * convoke_bench_adder_new:
 *
 * Makes an object that implements [iface@ConvokeBench.Echo].
 *
 * Returns: (transfer full): a new adder
 */
ConvokeBenchAdder *
convoke_bench_adder_new (void)
{
  return g_object_new (CONVOKE_BENCH_TYPE_ADDER, NULL);
}

/**
 * convoke_bench_adder_hold:
 * @self: an adder
 * @hold: whether calls block
 *
 * Makes calls block, or lets all that are blocked go on.
 */
void
convoke_bench_adder_hold (ConvokeBenchAdder *self,
                          gboolean           hold)
{
  g_return_if_fail (CONVOKE_BENCH_IS_ADDER (self));

  g_mutex_lock (&self->lock);
  g_atomic_int_set (&self->held, hold);
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->lock);
}
