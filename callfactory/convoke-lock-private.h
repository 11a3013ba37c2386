/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A lock for a few instructions, where a GMutex would cost more than what it
 * guards: four bytes, taken and released inline, asleep on its own word when
 * it must wait. All zeros is a free lock; there is nothing to clear. Not
 * recursive, and no foreign code may run under it.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint word; /* (atomic) 0: free, 1: held, 2: held, and somebody may sleep */
} ConvokeLock;

void convoke_lock_wait (ConvokeLock *self);
void convoke_lock_wake (ConvokeLock *self);

static inline void
convoke_lock_acquire (ConvokeLock *self)
{
  guint free = 0;

  if (G_UNLIKELY (!__atomic_compare_exchange_n (&self->word, &free, 1, FALSE, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)))
    convoke_lock_wait (self);
}

static inline void
convoke_lock_release (ConvokeLock *self)
{
  /* Once it is free the memory may be gone: the wake uses the address only. */
  if (G_UNLIKELY (__atomic_exchange_n (&self->word, 0, __ATOMIC_RELEASE) == 2))
    convoke_lock_wake (self);
}

G_END_DECLS
