/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-identity-private.h"

#include "convoke-nursery-private.h"

#ifdef __linux__
#include <sys/fsuid.h>
#include <sys/syscall.h>
#endif
#include <unistd.h>

/* What the thread is and what it was, while it is somebody else; else NULL. */
static __thread const ConvokeIdentity *assumed;
static __thread const ConvokeIdentity *original;

#ifdef __linux__

/* glibc's own function changes every thread of the process. */
static gboolean
set_groups (const ConvokeIdentity *self)
{
#ifdef SYS_setgroups32
  return syscall (SYS_setgroups32, self->n_groups, self->groups) == 0;
#else
  return syscall (SYS_setgroups, self->n_groups, self->groups) == 0;
#endif
}

/* These two never fail; an id that cannot be set leaves the present one, which is how it is read. */
static uid_t
get_fsuid (void)
{
  return (uid_t) setfsuid ((uid_t) -1);
}

static gid_t
get_fsgid (void)
{
  return (gid_t) setfsgid ((gid_t) -1);
}

static void
get_present (ConvokeIdentity *self)
{
  int n = MAX (getgroups (0, NULL), 0);

  self->uid = get_fsuid ();
  self->gid = get_fsgid ();
  self->groups = g_new0 (gid_t, MAX (n, 1));
  self->n_groups = MAX (getgroups (n, self->groups), 0);
}

/* The user last: the privileges that go with it are not needed any more. */
static gboolean
set_ids (const ConvokeIdentity *self)
{
  setfsgid (self->gid);
  setfsuid (self->uid);

  return get_fsgid () == self->gid && get_fsuid () == self->uid;
}

#else

static gboolean
set_groups (const ConvokeIdentity *self)
{
  return FALSE;
}

static gboolean
set_ids (const ConvokeIdentity *self)
{
  return FALSE;
}

static void
get_present (ConvokeIdentity *self)
{
}

#endif

/* A thread that cannot be who it has to be must not go on. */
static void
become (const ConvokeIdentity *self)
{
  if (!set_groups (self) || !set_ids (self))
    g_error ("A thread could not become user %u, group %u again", (guint) self->uid, (guint) self->gid);
}

void
convoke_identity_clear (ConvokeIdentity *self)
{
  g_clear_pointer (&self->groups, g_free);
}

gboolean
convoke_identity_assume (const ConvokeIdentity *other,
                         ConvokeIdentity       *own)
{
  get_present (own);
  if (!set_groups (other))
    return FALSE;

  if (!set_ids (other))
    {
      become (own);
      return FALSE;
    }

  assumed = other;
  original = own;
  return TRUE;
}

void
convoke_identity_revert (const ConvokeIdentity *own)
{
  become (own);
  assumed = original = NULL;
}

GThread *
convoke_identity_start_thread (const char   *name,
                               GThreadFunc   func,
                               gpointer      data,
                               GError      **error)
{
  GThread *thread;

  if (G_UNLIKELY (convoke_nursery_is_needed ()))
    return convoke_nursery_start (name, func, data, error);
  if (assumed == NULL)
    return g_thread_try_new (name, func, data, error);

  become (original);
  thread = g_thread_try_new (name, func, data, error);
  become (assumed);

  return thread;
}
