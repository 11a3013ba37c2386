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
 *
 * A wait for several objects is the same with an event of the wait's own, which
 * whoever has news sets, and with a look of the group's (convoke-wait-group.c).
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-carrier-private.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-impersonation-private.h"
#include "convoke-pool-private.h"
#include "convoke-wait-group-private.h"

/* So many calls of strangers are served although the wait has expired. */
#define MOST_LATE 32

gboolean
convoke_wait_check_timeout (gint64   timeout,
                            GError **error)
{
  if (timeout >= -1)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "A time-out of %" G_GINT64_FORMAT " microseconds; -1 is for ever", timeout);
  return FALSE;
}

gint64
convoke_wait_get_deadline (gint64 timeout)
{
  gint64 now;

  if (timeout < 0)
    return -1;

  now = g_get_monotonic_time ();
  return timeout > G_MAXINT64 - now ? -1 : now + timeout;
}

gint64
convoke_wait_get_time_left (gint64 deadline)
{
  gint64 left;

  if (deadline < 0)
    return -1;

  left = deadline - g_get_monotonic_time ();
  return MAX (0, left);
}

static gboolean
set_timeout (GError **error)
{
  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "The wait expired");
  return FALSE;
}

/* What is waited for. */
typedef struct
{
  ConvokeEventCore *core;
  gboolean          consume;
  gboolean          quiet;
  ConvokeApartment *remote;     /* (nullable) */
  ConvokeWaitGroup *group;      /* (nullable): then the core is its own */
  const guint64    *chains;     /* of the calls that it is for */
  guint             n_chains;
} Target;

/* What the word is before the look that comes next. */
static guint
begin_look (const Target *target)
{
  if (target->group != NULL)
    convoke_event_core_reset (target->core);

  return convoke_event_core_peek (target->core);
}

/* A manual reset event that was set and reset at once frees everyone who waited. */
static gboolean
is_over (const Target *target,
         guint         start)
{
  if (target->group != NULL)
    return convoke_wait_group_look (target->group);

  return convoke_event_core_take (target->core, target->consume) ||
         (!target->consume && convoke_event_core_was_set_since (target->core, start));
}

void
convoke_wait_poke (const ConvokeWait *wait)
{
  if (wait->group != NULL)
    convoke_event_core_set (wait->core);
  else
    convoke_event_core_poke (wait->core);
  if (wait->remote != NULL)
    convoke_wait_kick (wait->remote);
}

void
convoke_wait_kick (ConvokeApartment *remote)
{
  gpointer carrier;
  const ConvokeCarrierFuncs *funcs = convoke_apartment_get_carrier (remote, &carrier);

  funcs->kick (carrier);
}

static gboolean
park (const Target *target,
      guint         seen,
      gint64        deadline)
{
  gpointer carrier;
  const ConvokeCarrierFuncs *funcs;

  /* Something came during the look; what came after it changed the word. */
  if (target->group != NULL && convoke_event_core_is_set (target->core))
    return TRUE;
  if (target->group != NULL && convoke_wait_group_has_fds (target->group))
    return convoke_wait_group_park (target->group, seen, deadline);
  if (target->remote == NULL)
    return convoke_event_core_park (target->core, seen, deadline);

  funcs = convoke_apartment_get_carrier (target->remote, &carrier);
  return funcs->park (carrier, target->core, seen, deadline, target->quiet);
}

/* A thread that holds no apartment has nothing to serve: it only sleeps. */
static gboolean
park_until_set (const Target *target,
                gint64        deadline)
{
  gboolean in_time = TRUE;
  gboolean done;
  guint start;

  convoke_pool_wait_enter ();
  start = convoke_event_core_peek (target->core);
  convoke_event_core_enter (target->core);
  while (TRUE)
    {
      guint seen = begin_look (target);

      done = is_over (target, start);
      if (done || !in_time)
        break;

      in_time = park (target, seen, deadline);
    }
  convoke_event_core_leave (target->core);
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
serve_until_set (ConvokeThread *thread,
                 ConvokeWait   *wait,
                 const Target  *target,
                 gint64         deadline)
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
      guint seen = begin_look (target);

      done = is_over (target, start);
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
      in_time = park (target, seen, deadline);
      convoke_pool_wait_leave ();
    }
  convoke_event_core_leave (wait->core);

  g_mutex_lock (&thread->lock);
  thread->wait = wait->outer;
  g_mutex_unlock (&thread->lock);

  return done;
}

static gboolean
wait_for (const Target      *target,
          ConvokeWaitFlags   flags,
          gint64             timeout,
          GError           **error)
{
  ConvokeThread *thread;
  ConvokeImpersonation *impersonation;
  ConvokeHold hold;
  gboolean entered;
  gboolean done;

  if (target->group == NULL && convoke_event_core_take (target->core, target->consume))
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
      done = timeout != 0 && park_until_set (target, convoke_wait_get_deadline (timeout));
    }
  else
    {
      ConvokeWait wait = {
        .core = target->core,
        .group = target->group,
        .chain = thread->chain,
        .waited_chains = target->chains,
        .n_waited_chains = target->n_chains,
        .remote = target->remote,
        .flags = flags,
      };

      done = serve_until_set (thread, &wait, target, convoke_wait_get_deadline (timeout));
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
  Target target = { .core = core, .consume = consume, .chains = &waited_chain, .n_chains = 1 };

  return wait_for (&target, flags, timeout, error);
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
  Target target = { .core = core, .quiet = quiet, .remote = remote, .chains = &waited_chain, .n_chains = 1 };

  return wait_for (&target, flags, timeout, error);
}

gboolean
convoke_wait_for_group (ConvokeWaitGroup  *group,
                        ConvokeEventCore  *core,
                        const guint64     *waited_chains,
                        guint              n_waited_chains,
                        ConvokeApartment  *remote,
                        ConvokeWaitFlags   flags,
                        gint64             timeout,
                        GError           **error)
{
  Target target = { .core = core, .group = group, .remote = remote, .chains = waited_chains, .n_chains = n_waited_chains };

  return wait_for (&target, flags, timeout, error);
}
