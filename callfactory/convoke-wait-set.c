/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The container of the library. A wait works on a copy of the list of members,
 * and claims a member before it takes its signal: nobody else looks at that
 * member then, and what is signalled but belongs to another is left alone. Each
 * change of the list is news to the waits that are under way; they copy it
 * anew.
 *
 * No member's code runs under the lock, not even its last unref.
 */

#include "config.h"

#include "convoke-wait-set.h"

#include "convoke-apartment.h"
#include "convoke-error.h"
#include "convoke-fork-private.h"
#include "convoke-wait-group-private.h"
#include "convoke-wait-private.h"

#define MOST_MEMBERS 63

typedef struct
{
  ConvokeSynchronize *object;   /* (owned) */
  gboolean            claimed;  /* a wait takes its signal at the moment */
  gboolean            missed;   /* another wait passed it over meanwhile */
} Slot;

/**
 * ConvokeWaitSet:
 *
 * Up to 63 objects that are waited for together: a
 * [iface@SynchronizeContainer].
 *
 * Add call objects as they are begun, wait, finish the one that comes, and so
 * on until nothing is left. All of it may be used from any thread.
 *
 * Since: 0.1
 */
struct _ConvokeWaitSet
{
  GObject          parent_instance;

  GMutex           lock;      /* innermost but for the event's */
  GArray          *slots;     /* LOCK: lock; of Slot, in the order in which they were added */
  ConvokeEventCore news;      /* its generation changes with the slots */
};

/* One wait's copy. */
typedef struct
{
  ConvokeWaitSet *set;
  GPtrArray      *objects;    /* (owned) of objects that are owned */
  guint           seen;       /* the news when it was made */
} Copy;

static void
announce_locked (ConvokeWaitSet *self)
{
  convoke_event_core_poke (&self->news);
  convoke_event_core_notify (&self->news);
}

/* --- members --- */

static Slot *
get_slot_locked (ConvokeWaitSet *self,
                 guint           i)
{
  return &g_array_index (self->slots, Slot, i);
}

static Slot *
find_locked (ConvokeWaitSet *self,
             gpointer        object,
             guint          *index)
{
  for (guint i = 0; i < self->slots->len; i++)
    if (get_slot_locked (self, i)->object == object)
      {
        if (index != NULL)
          *index = i;
        return get_slot_locked (self, i);
      }

  return NULL;
}

/* (transfer full) (nullable) */
static ConvokeSynchronize *
remove_locked (ConvokeWaitSet *self,
               gpointer        object)
{
  ConvokeSynchronize *owned;
  guint i;

  if (find_locked (self, object, &i) == NULL)
    return NULL;

  owned = get_slot_locked (self, i)->object;
  g_array_remove_index (self->slots, i);
  announce_locked (self);

  return owned;
}

static gboolean
add_locked (ConvokeWaitSet      *self,
            ConvokeSynchronize  *object,
            GError             **error)
{
  Slot slot = { object, FALSE, FALSE };

  if (find_locked (self, object, NULL) != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_ALREADY_REGISTERED,
                   "This %s is a member of the container already", G_OBJECT_TYPE_NAME (object));
      return FALSE;
    }
  if (self->slots->len >= MOST_MEMBERS)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                   "A container has at most %d members", MOST_MEMBERS);
      return FALSE;
    }

  g_object_ref (object);
  g_array_append_val (self->slots, slot);
  announce_locked (self);

  return TRUE;
}

static gboolean
convoke_wait_set_add (ConvokeSynchronizeContainer  *container,
                      ConvokeSynchronize           *object,
                      GError                      **error)
{
  ConvokeWaitSet *self = CONVOKE_WAIT_SET (container);
  gboolean added;

  if (convoke_check_forked (error) || !convoke_wait_group_accepts (object, error))
    return FALSE;

  g_mutex_lock (&self->lock);
  added = add_locked (self, object, error);
  g_mutex_unlock (&self->lock);

  return added;
}

/* --- waiting --- */

static gboolean
claim (gpointer data,
       guint    i)
{
  Copy *copy = data;
  Slot *slot;
  gboolean mine;

  g_mutex_lock (&copy->set->lock);
  slot = find_locked (copy->set, copy->objects->pdata[i], NULL);
  mine = slot != NULL && !slot->claimed;
  if (mine)
    slot->claimed = TRUE;
  else if (slot != NULL)
    slot->missed = TRUE;
  g_mutex_unlock (&copy->set->lock);

  return mine;
}

/* Others may have passed over what this wait did not take after all. */
static void
release_locked (ConvokeWaitSet *self,
                Slot           *slot)
{
  if (slot->missed)
    convoke_event_core_notify (&self->news);
  slot->claimed = slot->missed = FALSE;
}

static void
settle (gpointer data,
        guint    i,
        gboolean taken)
{
  Copy *copy = data;
  gpointer object = copy->objects->pdata[i];
  g_autoptr (ConvokeSynchronize) owned = NULL;
  Slot *slot;

  g_mutex_lock (&copy->set->lock);
  slot = find_locked (copy->set, object, NULL);
  if (taken)
    owned = remove_locked (copy->set, object);
  else if (slot != NULL)
    release_locked (copy->set, slot);
  g_mutex_unlock (&copy->set->lock);
}

static const ConvokeWaitGroupFuncs group_funcs = { claim, settle };

static gboolean
copy_members (Copy    *copy,
              GError **error)
{
  ConvokeWaitSet *self = copy->set;

  g_ptr_array_set_size (copy->objects, 0);

  g_mutex_lock (&self->lock);
  copy->seen = convoke_event_core_peek (&self->news);
  for (guint i = 0; i < self->slots->len; i++)
    g_ptr_array_add (copy->objects, g_object_ref (get_slot_locked (self, i)->object));
  g_mutex_unlock (&self->lock);

  if (copy->objects->len > 0)
    return TRUE;

  g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_SYNC, "There is nothing to wait for: the container is empty");
  return FALSE;
}

static ConvokeSynchronize *
wait_for_members (ConvokeWaitSet    *self,
                  ConvokeWaitFlags   flags,
                  gint64             deadline,
                  GError           **error)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func (g_object_unref);
  Copy copy = { self, objects, 0 };
  ConvokeWaitGroupEnd end = CONVOKE_WAIT_GROUP_CHANGED;
  guint found = 0;

  while (end == CONVOKE_WAIT_GROUP_CHANGED)
    {
      if (!copy_members (&copy, error))
        return NULL;

      end = convoke_wait_for_objects ((ConvokeSynchronize **) objects->pdata, objects->len, &group_funcs, &copy,
                                      &self->news, copy.seen, flags, convoke_wait_get_time_left (deadline), &found, error);
    }

  return end == CONVOKE_WAIT_GROUP_FOUND ? g_object_ref (objects->pdata[found]) : NULL;
}

static ConvokeSynchronize *
convoke_wait_set_wait_multiple (ConvokeSynchronizeContainer  *container,
                                ConvokeWaitFlags              flags,
                                gint64                        timeout,
                                GError                      **error)
{
  if (convoke_check_forked (error))
    return NULL;
  if (flags & ~(CONVOKE_WAIT_FLAGS_KNOWN & ~CONVOKE_WAIT_ALL))
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                           flags & CONVOKE_WAIT_ALL ? "A container is waited for one member at a time"
                                                    : "The flags of the wait are not known");
      return NULL;
    }

  return wait_for_members (CONVOKE_WAIT_SET (container), flags, convoke_wait_get_deadline (timeout), error);
}

static void
convoke_wait_set_container_init (ConvokeSynchronizeContainerInterface *iface)
{
  iface->add = convoke_wait_set_add;
  iface->wait_multiple = convoke_wait_set_wait_multiple;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvokeWaitSet, convoke_wait_set, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (CONVOKE_TYPE_SYNCHRONIZE_CONTAINER, convoke_wait_set_container_init))

static void
convoke_wait_set_finalize (GObject *object)
{
  ConvokeWaitSet *self = CONVOKE_WAIT_SET (object);

  /* Nobody waits any more, so nobody else looks at the slots. */
  for (guint i = 0; i < self->slots->len; i++)
    g_object_unref (get_slot_locked (self, i)->object);
  g_array_unref (self->slots);
  convoke_event_core_clear (&self->news);

  /* In a forked child another thread of the parent may hold it for ever. */
  if (!convoke_check_forked (NULL))
    g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (convoke_wait_set_parent_class)->finalize (object);
}

static void
convoke_wait_set_class_init (ConvokeWaitSetClass *klass)
{
  convoke_fork_init ();
  convoke_type_set_threading (G_TYPE_FROM_CLASS (klass), CONVOKE_THREADING_ANY);

  G_OBJECT_CLASS (klass)->finalize = convoke_wait_set_finalize;
}

static void
convoke_wait_set_init (ConvokeWaitSet *self)
{
  g_mutex_init (&self->lock);
  self->slots = g_array_new (FALSE, FALSE, sizeof (Slot));
  convoke_event_core_init (&self->news);
}

/**
 * convoke_wait_set_new:
 *
 * Makes a container without members. Any thread may call this.
 *
 * Returns: (transfer full): a new container
 *
 * Since: 0.1
 */
ConvokeWaitSet *
convoke_wait_set_new (void)
{
  return g_object_new (CONVOKE_TYPE_WAIT_SET, NULL);
}

/**
 * convoke_wait_set_remove:
 * @self: a container
 * @object: an object that is not waited for any more
 *
 * Takes a member out although it was not signalled.
 *
 * A wait that is under way on another thread goes on without it. Any thread may
 * call this.
 *
 * Returns: %FALSE when it was no member, or has gone to a wait
 *
 * Since: 0.1
 */
gboolean
convoke_wait_set_remove (ConvokeWaitSet     *self,
                         ConvokeSynchronize *object)
{
  g_autoptr (ConvokeSynchronize) owned = NULL;
  Slot *slot;

  g_return_val_if_fail (CONVOKE_IS_WAIT_SET (self), FALSE);
  g_return_val_if_fail (CONVOKE_IS_SYNCHRONIZE (object), FALSE);

  if (convoke_check_forked (NULL))
    return FALSE;

  g_mutex_lock (&self->lock);
  slot = find_locked (self, object, NULL);
  if (slot != NULL && !slot->claimed)
    owned = remove_locked (self, object);
  g_mutex_unlock (&self->lock);

  return owned != NULL;
}

/**
 * convoke_wait_set_get_n_members:
 * @self: a container
 *
 * Tells how many members there are. Any thread may call this; others can have
 * changed it by the time it returns.
 *
 * Returns: the number of members
 *
 * Since: 0.1
 */
guint
convoke_wait_set_get_n_members (ConvokeWaitSet *self)
{
  guint n;

  g_return_val_if_fail (CONVOKE_IS_WAIT_SET (self), 0);

  if (convoke_check_forked (NULL))
    return 0;

  g_mutex_lock (&self->lock);
  n = self->slots->len;
  g_mutex_unlock (&self->lock);

  return n;
}
