/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-wait-private.h"

#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-pool-private.h"

static gint64
deadline_after (gint64 timeout)
{
  gint64 now = g_get_monotonic_time ();

  if (timeout < 0 || timeout > G_MAXINT64 - now)
    return -1;

  return now + timeout;
}

static gboolean
is_over (ConvokeEventCore *core,
         gboolean          consume,
         guint             start)
{
  return convoke_event_core_take (core, consume) || (!consume && convoke_event_core_was_set_since (core, start));
}

static gboolean
wait_parked (ConvokeEventCore *core,
             gboolean          consume,
             gint64            deadline)
{
  guint start, seen;
  gboolean over, in_time = TRUE;

  convoke_pool_wait_enter ();
  convoke_event_core_enter (core);

  start = seen = convoke_event_core_peek (core);
  over = is_over (core, consume, start);
  while (!over && in_time)
    {
      in_time = convoke_event_core_park (core, seen, deadline);
      seen = convoke_event_core_peek (core);
      over = is_over (core, consume, start);
    }

  convoke_event_core_leave (core);
  convoke_pool_wait_leave ();

  return over;
}

gboolean
convoke_wait (ConvokeEventCore  *core,
              gboolean           consume,
              guint64            waited_chain,
              ConvokeWaitFlags   flags,
              gint64             timeout,
              GError           **error)
{
  if (convoke_check_forked (error))
    return FALSE;

  if (convoke_event_core_take (core, consume))
    return TRUE;

  if (timeout != 0 && wait_parked (core, consume, deadline_after (timeout)))
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "It was not signalled in time");

  return FALSE;
}
