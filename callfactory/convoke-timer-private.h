/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * One-shot timers on one library thread, which exists only while a timer is
 * armed or for a short while after. Functions run on that thread, without a
 * lock held, and must be short. However many timers are armed, it costs no
 * memory but their own.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeTimer ConvokeTimer;
typedef void (*ConvokeTimerFunc) (ConvokeTimer *timer);

struct _ConvokeTimer
{
  ConvokeTimerFunc func;
  gint64           due;      /* g_get_monotonic_time () */
  gsize            slot;     /* 0: not armed; LOCK: the wheel's, like the next two */
  ConvokeTimer    *next;
  ConvokeTimer    *previous;
};

/* Re-arming an armed timer moves it (TRUE); FALSE: it was not armed before. */
gboolean convoke_timer_arm    (ConvokeTimer *self, gint64 due);
/* TRUE: it was armed and will not fire. FALSE: it fired, is firing, or was never armed. */
gboolean convoke_timer_disarm (ConvokeTimer *self);

G_END_DECLS
