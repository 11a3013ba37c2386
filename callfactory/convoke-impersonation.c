/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Impersonation: a thread touches files as the user who called.
 *
 * Of the same user there is nothing to change, and it is a state that can be
 * asked for. For another user the thread's own file system ids are changed,
 * which the kernel lets only a privileged thread do; without privileges it is
 * refused. The supplementary groups go too: the caller's are not known, and
 * ours are not the caller's.
 *
 * It belongs to what the thread serves just now. Whatever the thread does for
 * others meanwhile (it waits and serves, it calls) is done as itself: suspended
 * before, resumed afterwards.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-identity-private.h"
#include "convoke-impersonation-private.h"

#include <unistd.h>

struct _ConvokeImpersonation
{
  ConvokeIdentity caller;
  ConvokeIdentity own;
  gboolean        same;    /* nothing is to be changed */
};

static void
impersonation_free (ConvokeImpersonation *self)
{
  convoke_identity_clear (&self->own);
  g_free (self);
}

static gboolean
apply (ConvokeImpersonation *self)
{
  convoke_identity_clear (&self->own);

  return self->same || convoke_identity_assume (&self->caller, &self->own);
}

static ConvokeImpersonation *
impersonation_new (ConvokeRecord *call)
{
  ConvokeImpersonation *self = g_new0 (ConvokeImpersonation, 1);
  ConvokeCaller caller;

  convoke_record_get_caller (call, &caller);
  self->caller.uid = (uid_t) caller.uid;
  self->caller.gid = (gid_t) caller.gid;
  self->same = self->caller.uid == geteuid () && self->caller.gid == getegid ();

  return self;
}

static gboolean
check_level (ConvokeRecord  *call,
             GError        **error)
{
  ConvokeImpersonationLevel level = convoke_record_get_impersonation_level (call);

  if (level == CONVOKE_IMPERSONATION_LEVEL_IMPERSONATE)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED, "The caller of %s %s",
               convoke_record_get_method (call)->callable.name,
               level == CONVOKE_IMPERSONATION_LEVEL_ANONYMOUS ? "is anonymous" : "allows only to be identified");
  return FALSE;
}

gboolean
convoke_impersonation_begin (ConvokeThread  *thread,
                             ConvokeRecord  *call,
                             GError        **error)
{
  ConvokeImpersonation *self;

  if (!check_level (call, error))
    return FALSE;
  if (thread->impersonation != NULL)
    return TRUE;

  self = impersonation_new (call);
  if (apply (self))
    {
      thread->impersonation = self;
      return TRUE;
    }

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ACCESS_DENIED,
               "This process may not act as user %u, group %u, who called: it runs as user %u without the privilege",
               (guint) self->caller.uid, (guint) self->caller.gid, (guint) geteuid ());
  impersonation_free (self);
  return FALSE;
}

void
convoke_impersonation_end (ConvokeThread *thread)
{
  ConvokeImpersonation *self = convoke_impersonation_suspend (thread);

  if (self != NULL)
    impersonation_free (self);
}

ConvokeImpersonation *
convoke_impersonation_suspend (ConvokeThread *thread)
{
  ConvokeImpersonation *self = g_steal_pointer (&thread->impersonation);

  if (self != NULL && !self->same)
    convoke_identity_revert (&self->own);

  return self;
}

void
convoke_impersonation_resume (ConvokeThread        *thread,
                              ConvokeImpersonation *suspended)
{
  if (suspended == NULL)
    return;
  if (!apply (suspended))
    g_error ("A thread could not act as user %u any more", (guint) suspended->caller.uid);

  thread->impersonation = suspended;
}
