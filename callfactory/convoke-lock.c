/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-lock-private.h"

#include "convoke-futex-private.h"

/* Whoever slept takes it as "somebody may sleep", since it cannot know that it was the last. */
void
convoke_lock_wait (ConvokeLock *self)
{
  while (__atomic_exchange_n (&self->word, 2, __ATOMIC_ACQUIRE) != 0)
    convoke_futex_wait (&self->word, 2, -1);
}

void
convoke_lock_wake (ConvokeLock *self)
{
  convoke_futex_wake (&self->word, 1);
}
