/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * On Linux the kernel's futex with an absolute monotonic deadline. Elsewhere,
 * or when the build asks for it, a small table of locks found by hashing the
 * word's address; words that share an entry wake each other for nothing, which
 * every caller allows for.
 */

#include "config.h"

#include "convoke-futex-private.h"

#if CONVOKE_HAVE_FUTEX && !defined (CONVOKE_TEST_PORTABLE)

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What the system call reads, which is not always the C library's timespec. */
#ifdef SYS_futex
typedef long FutexTime;
#define FUTEX_CALL SYS_futex
#else
typedef gint64 FutexTime;
#define FUTEX_CALL SYS_futex_time64
#endif

typedef struct
{
  FutexTime seconds;
  FutexTime nanoseconds;
} FutexTimespec;

gboolean
convoke_futex_wait (const guint *word,
                    guint        seen,
                    gint64       deadline)
{
  FutexTimespec time;
  FutexTimespec *until = NULL;

  if (deadline >= 0)
    {
      time.seconds = (FutexTime) (deadline / G_USEC_PER_SEC);
      time.nanoseconds = (FutexTime) (deadline % G_USEC_PER_SEC) * 1000;
      until = &time;
    }

  while (syscall (FUTEX_CALL, word, FUTEX_WAIT_BITSET_PRIVATE, seen, until, NULL, FUTEX_BITSET_MATCH_ANY) != 0)
    {
      switch (errno)
        {
        case EINTR:
          break;
        case EAGAIN:
          return TRUE;
        case ETIMEDOUT:
          return FALSE;
        default:
          g_error ("futex wait: %s", g_strerror (errno));
        }
    }

  return TRUE;
}

void
convoke_futex_wake (const guint *word,
                    guint        n)
{
  /* An address that is not mapped any more is no error here: whoever slept on it is gone too. */
  syscall (FUTEX_CALL, word, FUTEX_WAKE_PRIVATE, (int) MIN (n, INT_MAX), NULL, NULL, 0);
}

#else

#define N_ENTRIES 64

typedef struct
{
  GMutex lock;
  GCond  woken;
} Entry;

static Entry entries[N_ENTRIES];

static Entry *
find_entry (const guint *word)
{
  gsize hash = (gsize) word;

  hash ^= hash >> 7;
  hash ^= hash >> 13;

  return &entries[(hash >> 2) % N_ENTRIES];
}

gboolean
convoke_futex_wait (const guint *word,
                    guint        seen,
                    gint64       deadline)
{
  Entry *entry = find_entry (word);
  gboolean woken = TRUE;

  g_mutex_lock (&entry->lock);
  if (__atomic_load_n (word, __ATOMIC_SEQ_CST) == seen)
    {
      if (deadline < 0)
        g_cond_wait (&entry->woken, &entry->lock);
      else
        woken = g_cond_wait_until (&entry->woken, &entry->lock, deadline);
    }
  g_mutex_unlock (&entry->lock);

  return woken;
}

void
convoke_futex_wake (const guint *word,
                    guint        n)
{
  Entry *entry = find_entry (word);

  /* The lock: a thread between its look at the word and its sleep holds it. All of them: the one that is meant may be
   * behind a stranger. */
  g_mutex_lock (&entry->lock);
  g_cond_broadcast (&entry->woken);
  g_mutex_unlock (&entry->lock);
}

#endif
