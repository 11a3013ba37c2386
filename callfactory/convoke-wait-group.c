/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * One thread waits for several objects.
 *
 * The group has an event of its own, on which the thread sleeps. An event or a
 * call of the library is watched: whoever changes it sets the group's event,
 * and the thread looks at all members again, in their order. So many members
 * cost one sleep and no descriptor. Objects of strangers have a descriptor and
 * nothing else; with one of them among the members the sleep is a poll of these
 * descriptors and of the group's own.
 *
 * What a look finds is taken by the one operation that a wait for a single
 * object uses too, so an automatic event goes to exactly one of all who wait
 * for it, in whichever way. Nothing but what is reported is taken (SY-28). A
 * wait for all takes when all are there, gives back what it took when it was
 * too late for one of them, and waits on. Two waits for all do not do so at the
 * same time, or they could take each other's rests for ever.
 *
 * A call to another process: the thread reads for one of them, as a wait for
 * a single call does; for the others the library's own thread reads. The calls
 * that the members are for count as this thread's own, so those that come back
 * from them, or were begun on objects of its context, are served (design D7).
 *
 * Left to others: sleeping and serving (convoke-wait.c), who gets a member of a
 * container (convoke-wait-set.c).
 */

#include "config.h"

#include "convoke-wait-group-private.h"

#include <errno.h>
#include <poll.h>
#include <time.h>

#include "convoke-apartment-private.h"
#include "convoke-call-private.h"
#include "convoke-carrier-private.h"
#include "convoke-component-private.h"
#include "convoke-error.h"
#include "convoke-event-private.h"
#include "convoke-hooks-private.h"
#include "convoke-synchronize-handle.h"
#include "convoke-unknown.h"
#include "convoke-wait-private.h"

/* After so many looks at a descriptor that is readable for nothing the thread naps, at first a millisecond. */
#define MOST_BARREN 2
#define LONGEST_NAP 6

typedef struct
{
  ConvokeEventWatch   watch;
  ConvokeWaitGroup   *group;
  ConvokeSynchronize *object;     /* (borrowed) as the caller knows it */
  ConvokeEventCore   *core;       /* (borrowed) (nullable): of the library's own objects */
  ConvokeCall        *call;       /* (borrowed) (nullable) */
  ConvokeCallWait     phase;      /* of the call, when it was gathered */
  GObject            *target;     /* (owned) (nullable): what the object stands for; a proxy can let go of it */
  GObject            *handle;     /* (owned) (nullable): of a stranger; keeps the descriptor open */
  int                 fd;         /* of a stranger */
  guint               start;      /* the core's word when it was gathered */
  gboolean            consume;
  gboolean            readable;   /* a stranger's descriptor, at the last look */
  gboolean            taken;      /* by a wait for all */
} Member;

struct _ConvokeWaitGroup
{
  ConvokeEventCore             core;       /* set when there is something to look at */
  const ConvokeWaitGroupFuncs *funcs;      /* (nullable) */
  gpointer                     data;
  ConvokeWaitFlags             flags;

  /* Constant while it is watched: */
  Member                      *members;    /* (owned) */
  guint                        n_members;
  Member                       news;       /* its core is NULL where there is none */
  guint64                     *chains;     /* (owned) */
  guint                        n_chains;
  ConvokeApartment            *remote;     /* (owned) (nullable) */

  struct pollfd               *fds;        /* (owned) (nullable): one for each member, and the core's own */
  guint                        n_barren;   /* looks at strangers that were for nothing */
  ConvokeWaitGroupEnd          end;
  guint                        found;
  GError                      *error;
};

static GMutex all_lock;   /* only one wait for all takes at a time; innermost but for the cores' */

static ConvokeEventCore *
member_changed (ConvokeEventWatch *watch)
{
  ConvokeWaitGroup *group = ((Member *) watch)->group;
  gboolean due = convoke_event_core_set_begin (&group->core);

  if (group->remote != NULL)
    convoke_wait_kick (group->remote);

  return due ? &group->core : NULL;
}

/* --- what can be a member --- */

/* The part of an aggregate that is waited for; a part stays one as long as its aggregate lives. */
static GObject *
get_part (GObject *target)
{
  while (CONVOKE_IS_COMPONENT (target))
    {
      GObject *part = convoke_component_peek_provider (CONVOKE_COMPONENT (target), CONVOKE_TYPE_SYNCHRONIZE);

      if (part == NULL || part == target)
        break;
      target = part;
    }

  return target;
}

static gboolean
is_elsewhere (ConvokeSynchronize *object)
{
  g_autoptr (ConvokeApartment) apartment = NULL;

  /* What Convoke has not seen yet is not bound to an apartment for this. */
  if (convoke_hooks.unwrap == NULL || convoke_hooks.unwrap (G_OBJECT (object)) == NULL)
    return FALSE;

  apartment = convoke_apartment_dup_for_object (G_OBJECT (object));
  return convoke_apartment_is_remote (apartment);
}

/* What a stranger is polled through. */
static GObject *
query_handle (ConvokeSynchronize  *object,
              GError             **error)
{
  if (!is_elsewhere (object))
    return convoke_query_interface (G_OBJECT (object), CONVOKE_TYPE_SYNCHRONIZE_HANDLE, error);

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The %s lives in another process, where its descriptor means nothing: begin a call of its wait there, "
               "and wait for that call", G_OBJECT_TYPE_NAME (object));
  return NULL;
}

gboolean
convoke_wait_group_accepts (ConvokeSynchronize  *object,
                            GError             **error)
{
  g_autoptr (GObject) handle = query_handle (object, error);

  return handle != NULL;
}

/* --- gathering --- */

static gboolean
refuse_member (guint         i,
               ConvokeError  code,
               const char   *why,
               GError      **error)
{
  g_set_error (error, CONVOKE_ERROR, code, "Object %u of the wait %s", i, why);
  return FALSE;
}

static gboolean
gather_call (ConvokeWaitGroup  *self,
             Member            *member,
             ConvokeCall       *call,
             GError           **error)
{
  g_autoptr (ConvokeApartment) remote = NULL;
  guint64 chain = 0;

  member->call = call;
  member->phase = convoke_call_look_for_wait (call, &member->core, &chain, &remote);
  member->start = convoke_event_core_peek (member->core);
  if (chain != 0)
    self->chains[self->n_chains++] = chain;
  if (self->remote == NULL)
    self->remote = g_steal_pointer (&remote);

  if (member->phase == CONVOKE_CALL_WAIT_NOTHING && self->funcs == NULL)
    return refuse_member (member - self->members, CONVOKE_ERROR_NO_SYNC, "is a call object with no call in progress", error);

  return TRUE;
}

static void
gather_event (Member       *member,
              ConvokeEvent *event)
{
  member->core = convoke_event_get_core (event);
  member->consume = !convoke_event_get_manual_reset (event);
  member->start = convoke_event_core_peek (member->core);
}

static gboolean
gather_stranger (ConvokeWaitGroup  *self,
                 Member            *member,
                 GError           **error)
{
  guint i = member - self->members;
  int fd;

  member->handle = query_handle (member->object, error);
  if (member->handle == NULL)
    return FALSE;

  fd = convoke_synchronize_handle_get_fd (CONVOKE_SYNCHRONIZE_HANDLE (member->handle), error);
  if (fd < 0)
    return *error == NULL && refuse_member (i, CONVOKE_ERROR_FAILED, "gave neither a descriptor nor a reason", error);

  member->fd = fd;
  if (self->fds == NULL)
    self->fds = g_new0 (struct pollfd, self->n_members + 1);

  return TRUE;
}

static gboolean
hold_target (Member  *member,
             GError **error)
{
  g_autoptr (GError) local_error = NULL;
  guint since;

  if (convoke_hooks.dup_target != NULL)
    member->target = convoke_hooks.dup_target (G_OBJECT (member->object), &since, &local_error);
  if (local_error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static void
let_go (Member *member)
{
  g_autoptr (ConvokeApartment) apartment = NULL;

  g_clear_object (&member->handle);
  if (member->target == NULL)
    return;

  apartment = convoke_apartment_dup_for_object (member->target);
  convoke_apartment_release (apartment, g_steal_pointer (&member->target));
}

static gboolean
gather_member (ConvokeWaitGroup    *self,
               guint                i,
               ConvokeSynchronize  *object,
               GError             **error)
{
  Member *member = &self->members[i];
  GObject *target;

  if (object == NULL)
    return refuse_member (i, CONVOKE_ERROR_INVALID_ARGUMENT, "is NULL", error);

  member->object = object;
  if (!hold_target (member, error))
    return FALSE;

  target = get_part (member->target != NULL ? member->target : G_OBJECT (object));
  if (CONVOKE_IS_EVENT (target) && convoke_event_get_core (CONVOKE_EVENT (target)) != NULL)
    {
      gather_event (member, CONVOKE_EVENT (target));
      return TRUE;
    }
  if (CONVOKE_IS_CALL (target) && convoke_call_waits_itself (CONVOKE_CALL (target)))
    return gather_call (self, member, CONVOKE_CALL (target), error);

  return gather_stranger (self, member, error);
}

/* The group's own descriptor joins those of strangers. */
static gboolean
open_core (ConvokeWaitGroup  *self,
           GError           **error)
{
  if (self->fds == NULL)
    return TRUE;

  self->fds[self->n_members].fd = convoke_event_core_get_fd (&self->core, error);
  self->fds[self->n_members].events = POLLIN;
  /* Nobody can read and poll at once. */
  g_clear_object (&self->remote);

  return self->fds[self->n_members].fd >= 0;
}

/* Where idle calls are passed over, something else has to be there. */
static gboolean
check_not_idle (ConvokeWaitGroup  *self,
                GError           **error)
{
  for (guint i = 0; i < self->n_members; i++)
    if (self->members[i].call == NULL || self->members[i].phase != CONVOKE_CALL_WAIT_NOTHING)
      return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC,
                       "There is nothing to wait for: no call object has a call in progress");
  return FALSE;
}

static gboolean
gather (ConvokeWaitGroup            *self,
        ConvokeSynchronize * const  *objects,
        GError                     **error)
{
  for (guint i = 0; i < self->n_members; i++)
    if (!gather_member (self, i, objects[i], error))
      return FALSE;

  return check_not_idle (self, error) && open_core (self, error);
}

static void
watch_member (ConvokeWaitGroup *self,
              Member           *member)
{
  if (member->core == NULL)
    return;

  member->group = self;
  member->watch.changed = member_changed;
  convoke_event_core_watch (member->core, &member->watch);
}

static void
unwatch_member (Member *member)
{
  if (member->core != NULL)
    convoke_event_core_unwatch (member->core, &member->watch);
}

/* --- looking --- */

/* Somebody else began or ended a begin: what was gathered of the call is not so any more. */
static gboolean
call_moved_on (const Member *member)
{
  return member->call != NULL && member->phase != CONVOKE_CALL_WAIT_BEGUN &&
         convoke_call_look_for_wait (member->call, NULL, NULL, NULL) != member->phase;
}

static gboolean
is_ready (const ConvokeWaitGroup *self,
          const Member           *member)
{
  if (member->core == NULL)
    return member->readable;
  if (member->call != NULL && member->phase != CONVOKE_CALL_WAIT_BEGUN)
    return FALSE;
  if (member->consume || (self->flags & CONVOKE_WAIT_ALL))
    return convoke_event_core_is_set (member->core);

  return convoke_event_core_was_set_since (member->core, member->start);
}

static gboolean
take_stranger (ConvokeWaitGroup *self,
               Member           *member)
{
  GError *reason = NULL;

  if (convoke_synchronize_wait (member->object, CONVOKE_WAIT_DEFAULT, 0, &reason))
    return TRUE;

  /* Another was faster; or it does not know what its descriptor says. */
  self->n_barren++;
  if (reason == NULL || g_error_matches (reason, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT))
    g_clear_error (&reason);
  else
    self->error = reason;

  return FALSE;
}

static gboolean
take (ConvokeWaitGroup *self,
      Member           *member)
{
  if (member->core == NULL)
    return take_stranger (self, member);

  return !member->consume || convoke_event_core_take (member->core, TRUE);
}

static gboolean
claim (ConvokeWaitGroup *self,
       guint             i)
{
  if (self->funcs == NULL || self->funcs->claim (self->data, i))
    return TRUE;

  if (self->members[i].core == NULL)
    self->n_barren++;
  return FALSE;
}

static gboolean
take_any (ConvokeWaitGroup *self)
{
  for (guint i = 0; i < self->n_members && self->error == NULL; i++)
    {
      gboolean taken;

      if (!is_ready (self, &self->members[i]) || !claim (self, i))
        continue;

      taken = take (self, &self->members[i]);
      if (self->funcs != NULL)
        self->funcs->settle (self->data, i, taken);
      if (taken)
        {
          self->found = i;
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
all_are_ready (ConvokeWaitGroup *self)
{
  for (guint i = 0; i < self->n_members; i++)
    if (!is_ready (self, &self->members[i]))
      return FALSE;

  return TRUE;
}

/* What the thread was too late for goes back to others. A stranger that is still readable had nothing taken. */
static void
give_back (Member              *member,
           const struct pollfd *fd)
{
  struct pollfd now;

  member->taken = FALSE;
  if (member->core != NULL)
    {
      if (member->consume)
        convoke_event_core_set_one (member->core);
      return;
    }

  now = (struct pollfd) { fd->fd, POLLIN, 0 };
  if (poll (&now, 1, 0) == 0)
    convoke_synchronize_signal (member->object, NULL);
}

static void
give_all_back (ConvokeWaitGroup *self)
{
  for (guint i = 0; i < self->n_members; i++)
    if (self->members[i].taken)
      give_back (&self->members[i], self->fds != NULL ? &self->fds[i] : NULL);
}

static gboolean
take_strangers (ConvokeWaitGroup *self)
{
  for (guint i = 0; self->fds != NULL && i < self->n_members; i++)
    {
      Member *member = &self->members[i];

      if (member->core != NULL)
        continue;
      member->taken = take (self, member);
      if (!member->taken)
        return FALSE;
    }

  return TRUE;
}

static gboolean
take_own (ConvokeWaitGroup *self)
{
  gboolean complete = TRUE;

  g_mutex_lock (&all_lock);
  for (guint i = 0; i < self->n_members && complete; i++)
    {
      Member *member = &self->members[i];

      if (member->core != NULL)
        complete = member->taken = convoke_event_core_take (member->core, member->consume);
    }
  if (!complete)
    for (guint i = 0; i < self->n_members; i++)
      if (self->members[i].core != NULL && self->members[i].taken)
        give_back (&self->members[i], NULL);
  g_mutex_unlock (&all_lock);

  return complete;
}

static gboolean
take_all (ConvokeWaitGroup *self)
{
  if (!all_are_ready (self))
    return FALSE;

  if (take_strangers (self) && take_own (self))
    {
      self->found = 0;
      return TRUE;
    }

  give_all_back (self);
  return FALSE;
}

static void
poll_again (struct pollfd         *fds,
            guint                  n_fds,
            const struct timespec *timeout)
{
  /* What interrupts or fails it reads as nothing readable. */
  if (ppoll (fds, n_fds, timeout, NULL) < 0)
    for (guint i = 0; i < n_fds; i++)
      fds[i].revents = 0;
}

/* FALSE: one of them is no descriptor any more. */
static gboolean
look_at_strangers (ConvokeWaitGroup *self)
{
  static const struct timespec at_once = { 0, 0 };

  for (guint i = 0; i < self->n_members; i++)
    self->fds[i] = (struct pollfd) { self->members[i].handle != NULL ? self->members[i].fd : -1, POLLIN, 0 };

  poll_again (self->fds, self->n_members, &at_once);
  for (guint i = 0; i < self->n_members; i++)
    {
      self->members[i].readable = self->fds[i].revents != 0;
      if (self->fds[i].revents & POLLNVAL)
        return refuse_member (i, CONVOKE_ERROR_INVALID_ARGUMENT, "has a descriptor that is not open", &self->error);
    }

  return TRUE;
}

static gboolean
others_came (ConvokeWaitGroup *self)
{
  if (self->news.core != NULL && convoke_event_core_peek (self->news.core) != self->news.start)
    return TRUE;

  for (guint i = 0; i < self->n_members; i++)
    if (call_moved_on (&self->members[i]))
      return TRUE;

  return FALSE;
}

static ConvokeWaitGroupEnd
look (ConvokeWaitGroup *self)
{
  guint n_barren = self->n_barren;

  if (self->fds != NULL && !look_at_strangers (self))
    return CONVOKE_WAIT_GROUP_FAILED;
  if (self->flags & CONVOKE_WAIT_ALL ? take_all (self) : take_any (self))
    return CONVOKE_WAIT_GROUP_FOUND;
  if (self->error != NULL)
    return CONVOKE_WAIT_GROUP_FAILED;
  if (self->n_barren == n_barren)
    self->n_barren = 0;

  return others_came (self) ? CONVOKE_WAIT_GROUP_CHANGED : CONVOKE_WAIT_GROUP_PENDING;
}

gboolean
convoke_wait_group_look (ConvokeWaitGroup *self)
{
  self->end = look (self);

  return self->end != CONVOKE_WAIT_GROUP_PENDING;
}

/* --- sleeping with descriptors --- */

gboolean
convoke_wait_group_has_fds (ConvokeWaitGroup *self)
{
  return self->fds != NULL;
}

/* Somebody's descriptor is readable for nothing: it is not asked again at once. */
static gboolean
nap (ConvokeWaitGroup *self,
     guint             seen,
     gint64            deadline)
{
  gint64 end = g_get_monotonic_time () + (1000 << MIN (self->n_barren - MOST_BARREN, LONGEST_NAP));

  if (deadline >= 0 && deadline < end)
    return convoke_event_core_park (&self->core, seen, deadline);

  convoke_event_core_park (&self->core, seen, end);
  return TRUE;
}

gboolean
convoke_wait_group_park (ConvokeWaitGroup *self,
                         guint             seen,
                         gint64            deadline)
{
  struct timespec left;
  gint64 usecs;

  if (self->n_barren >= MOST_BARREN)
    return nap (self, seen, deadline);

  /* In a wait for all, what is there already would end each sleep. */
  for (guint i = 0; i < self->n_members; i++)
    if (self->members[i].readable && (self->flags & CONVOKE_WAIT_ALL))
      self->fds[i].fd = -1;

  usecs = convoke_wait_get_time_left (deadline);
  left.tv_sec = usecs / G_USEC_PER_SEC;
  left.tv_nsec = (usecs % G_USEC_PER_SEC) * 1000;

  /* Nobody has to wake us with a futex: the descriptor does. */
  convoke_event_core_leave (&self->core);
  poll_again (self->fds, self->n_members + 1, deadline < 0 ? NULL : &left);
  convoke_event_core_enter (&self->core);

  return deadline < 0 || g_get_monotonic_time () < deadline;
}

/* --- the wait --- */

/* What is there already is taken without a watch, and before anything is served (SY-22). */
static void
wait_for_members (ConvokeWaitGroup *self,
                  gint64            timeout)
{
  if (convoke_wait_group_look (self))
    return;

  watch_member (self, &self->news);
  for (guint i = 0; i < self->n_members; i++)
    watch_member (self, &self->members[i]);

  if (!convoke_wait_for_group (self, &self->core, self->chains, self->n_chains, self->remote, self->flags, timeout,
                               &self->error))
    self->end = CONVOKE_WAIT_GROUP_FAILED;

  for (guint i = 0; i < self->n_members; i++)
    unwatch_member (&self->members[i]);
  unwatch_member (&self->news);
}

ConvokeWaitGroupEnd
convoke_wait_for_objects (ConvokeSynchronize * const   *objects,
                          guint                         n_objects,
                          const ConvokeWaitGroupFuncs  *funcs,
                          gpointer                      data,
                          ConvokeEventCore             *news,
                          guint                         seen,
                          ConvokeWaitFlags              flags,
                          gint64                        timeout,
                          guint                        *index,
                          GError                      **error)
{
  ConvokeWaitGroup self = {
    .funcs = funcs,
    .data = data,
    .flags = flags,
    .n_members = n_objects,
    .news = { .core = news, .start = seen },
    .end = CONVOKE_WAIT_GROUP_FAILED,
  };

  convoke_event_core_init (&self.core);
  self.members = g_new0 (Member, n_objects);
  self.chains = g_new (guint64, n_objects);

  if (gather (&self, objects, &self.error))
    wait_for_members (&self, timeout);

  for (guint i = 0; i < n_objects; i++)
    let_go (&self.members[i]);
  g_free (self.members);
  g_free (self.chains);
  g_free (self.fds);
  g_clear_object (&self.remote);
  convoke_event_core_clear (&self.core);

  *index = self.found;
  if (self.error != NULL)
    g_propagate_error (error, self.error);

  return self.end;
}
