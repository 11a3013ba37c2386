/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The wait. A thread that waits parks on the event's own word. When it holds
 * apartments it also serves: a post to one of them looks at the holder's wait
 * and pokes its event, which changes the word and so ends the sleep. A post
 * that came before the wait was registered is seen by the first look, which
 * comes after; so no call is missed.
 *
 * A thread that waits for a call to another process sleeps in the carrier's
 * park, where it may read what comes from there (design D6).
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-carrier-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-impersonation-private.h"
#include "convoke-pool-private.h"

/* So many calls of strangers are served although the wait has expired. */
#define MOST_LATE 32

static gint64
deadline_of (gint64 timeout)
{
  gint64 now;

  if (timeout < 0)
    return -1;

  now = g_get_monotonic_time ();
  return timeout > G_MAXINT64 - now ? -1 : now + timeout;
}

static gboolean
set_timeout (GError **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "The wait expired");
  return FALSE;
}

/* A manual reset event that was set and reset at once frees everyone who waited. */
static gboolean
is_over (ConvokeEventCore *core,
         gboolean          consume,
         guint             start)
{
  return convoke_event_core_take (core, consume) ||
         (!consume && convoke_event_core_was_set_since (core, start));
}

void
convoke_wait_poke (const ConvokeWait *wait)
{
  gpointer carrier;
  const ConvokeCarrierFuncs *funcs;

  convoke_event_core_poke (wait->core);
  if (wait->remote == NULL)
    return;

  funcs = convoke_apartment_get_carrier (wait->remote, &carrier);
  funcs->kick (carrier);
}

static gboolean
park (ConvokeEventCore *core,
      ConvokeApartment *remote,
      gboolean          quiet,
      guint             seen,
      gint64            deadline)
{
  gpointer carrier;
  const ConvokeCarrierFuncs *funcs;

  if (remote == NULL)
    return convoke_event_core_park (core, seen, deadline);

  funcs = convoke_apartment_get_carrier (remote, &carrier);
  return funcs->park (carrier, core, seen, deadline, quiet);
}

/* A thread that holds no apartment has nothing to serve: it only sleeps. */
static gboolean
park_until_set (ConvokeEventCore *core,
                gboolean          consume,
                ConvokeApartment *remote,
                gboolean          quiet,
                gint64            deadline)
{
  gboolean in_time = TRUE;
  gboolean done;
  guint start;

  convoke_pool_wait_enter ();
  start = convoke_event_core_peek (core);
  convoke_event_core_enter (core);
  while (TRUE)
    {
      guint seen = convoke_event_core_peek (core);

      done = is_over (core, consume, start);
      if (done || !in_time)
        break;

      in_time = park (core, remote, quiet, seen, deadline);
    }
  convoke_event_core_leave (core);
  convoke_pool_wait_leave ();

  return done;
}

/* What strangers send has no end: a wait that serves it looks at the clock, and a poll at how much it did. */
static gboolean
may_serve (const ConvokeWait *wait,
           gint64             deadline,
           guint              n_served)
{
  if (!(wait->flags & CONVOKE_WAIT_DISPATCH_CALLS) || deadline < 0 || n_served < MOST_LATE)
    return TRUE;

  return g_get_monotonic_time () < deadline;
}

static gboolean
serve_until_set (ConvokeThread    *thread,
                 ConvokeWait      *wait,
                 gboolean          consume,
                 gboolean          quiet,
                 gint64            deadline)
{
  gboolean in_time = TRUE;
  gboolean done;
  guint n_served = 0;
  guint start;

  g_mutex_lock (&thread->lock);
  wait->outer = thread->wait;
  thread->wait = wait;
  g_mutex_unlock (&thread->lock);

  if (wait->flags & CONVOKE_WAIT_NO_SERVE)
    convoke_apartment_refuse (thread, wait);

  start = convoke_event_core_peek (wait->core);
  convoke_event_core_enter (wait->core);
  while (TRUE)
    {
      guint seen = convoke_event_core_peek (wait->core);

      done = is_over (wait->core, consume, start);
      if (done)
        break;

      if (!may_serve (wait, deadline, n_served))
        break;
      if (convoke_apartment_serve (thread, wait))
        {
          n_served++;
          continue;
        }
      if (!in_time)
        break;

      convoke_pool_wait_enter ();
      in_time = park (wait->core, wait->remote, quiet, seen, deadline);
      convoke_pool_wait_leave ();
    }
  convoke_event_core_leave (wait->core);

  g_mutex_lock (&thread->lock);
  thread->wait = wait->outer;
  g_mutex_unlock (&thread->lock);

  return done;
}

static gboolean
wait_for (ConvokeEventCore  *core,
          gboolean           consume,
          guint64            waited_chain,
          ConvokeApartment  *remote,
          gboolean           quiet,
          ConvokeWaitFlags   flags,
          gint64             timeout,
          GError           **error)
{
  ConvokeThread *thread;
  ConvokeImpersonation *impersonation;
  ConvokeHold hold;
  gboolean entered;
  gboolean done;

  if (convoke_event_core_take (core, consume))
    return TRUE;
  if (convoke_check_forked (error))
    return FALSE;

  thread = convoke_thread_self ();
  impersonation = convoke_impersonation_suspend (thread);
  if (thread->before_wait != NULL && timeout != 0)
    thread->before_wait (thread->before_wait_data);
  entered = convoke_apartment_enter_own_context (&hold);

  if (thread->holds == NULL)
    {
      done = timeout != 0 && park_until_set (core, consume, remote, quiet, deadline_of (timeout));
    }
  else
    {
      ConvokeWait wait = {
        .core = core,
        .chain = thread->chain,
        .waited_chain = waited_chain,
        .remote = remote,
        .flags = flags,
      };

      done = serve_until_set (thread, &wait, consume, quiet, deadline_of (timeout));
    }

  if (entered)
    convoke_apartment_leave_own_context (&hold);
  convoke_impersonation_resume (thread, impersonation);

  return done || set_timeout (error);
}

gboolean
convoke_wait (ConvokeEventCore  *core,
              gboolean           consume,
              guint64            waited_chain,
              ConvokeWaitFlags   flags,
              gint64             timeout,
              GError           **error)
{
  return wait_for (core, consume, waited_chain, NULL, FALSE, flags, timeout, error);
}

gboolean
convoke_wait_for_call (ConvokeEventCore  *core,
                       guint64            waited_chain,
                       ConvokeApartment  *remote,
                       gboolean           quiet,
                       ConvokeWaitFlags   flags,
                       gint64             timeout,
                       GError           **error)
{
  return wait_for (core, FALSE, waited_chain, remote, quiet, flags, timeout, error);
}
