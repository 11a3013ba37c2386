/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-frame-steps-private.h"

/*
 * Objects and callbacks that belong elsewhere get something in their place.
 *
 * In a captured frame that happens in the slots, which own what they hold. A
 * borrowed frame's arguments are the blocked caller's: the callee is passed
 * another array, and in it a cell of our own for each argument that has to
 * differ. What the callee consumes is consumed from the caller only when the
 * method is called; before, a failure leaves everything as it was.
 */

typedef struct
{
  ConvokeFrame       *frame;
  ConvokeMapObject    map_object;
  ConvokeMapCallback  map_callback;
  gpointer            user_data;
  gboolean            replaced;     /* something was, since this was last cleared */
} Mapping;

static GObject *
map_object_cb (GObject               *object,
               const ConvokeTypeInfo *type,
               gpointer               user_data)
{
  Mapping *mapping = user_data;
  GObject *other = mapping->map_object (object, type, mapping->user_data);

  mapping->replaced |= other != NULL;
  return other;
}

/* For places that do not own what they point at. */
static GObject *
map_and_keep_cb (GObject               *object,
                 const ConvokeTypeInfo *type,
                 gpointer               user_data)
{
  Mapping *mapping = user_data;
  GObject *other = mapping->map_object (object, type, mapping->user_data);

  return other != NULL ? convoke_frame_keep (mapping->frame, other, g_object_unref) : NULL;
}

/* Whether anything was replaced. */
static gboolean
map_owned (Mapping           *mapping,
           const ConvokeStep *step,
           gpointer           location)
{
  mapping->replaced = FALSE;
  convoke_value_replace_objects (&step->info->type, location, convoke_frame_get_count (mapping->frame, step),
                                 TRUE, map_object_cb, mapping);

  return mapping->replaced;
}

/* A borrowed frame's own place for one argument, instead of the caller's. */
typedef struct
{
  gpointer           value;    /* what is passed */
  gpointer           place;    /* where it is */
  gpointer           copy;     /* (owned) the mapped copy of what the caller gave, until it is consumed */
  gssize             n;
  const ConvokeStep *step;
} Cell;

static void
cell_free (gpointer data)
{
  Cell *cell = data;

  convoke_value_clear (&cell->step->info->type, &cell->copy, cell->n);
  g_free (cell);
}

static Cell *
add_cell (ConvokeFrame      *self,
          const ConvokeStep *step,
          gpointer           value)
{
  void **passed = self->storage;
  Cell *cell = convoke_frame_keep (self, g_new0 (Cell, 1), cell_free);

  cell->step = step;
  cell->value = value;
  cell->place = &cell->value;
  passed[step->native] = step->is_out ? &cell->place : cell->place;

  return cell;
}

static Cell *
get_cell (ConvokeFrame      *self,
          const ConvokeStep *step)
{
  void **passed = self->storage;

  if (!step->refs || passed[step->native] == self->args[step->native])
    return NULL;

  return (Cell *) ((guint8 *) passed[step->native] -
                   (step->is_out ? G_STRUCT_OFFSET (Cell, place) : G_STRUCT_OFFSET (Cell, value)));
}

/* Nothing is read from a place that the callee may leave as the caller's stack
 * happened to be. */
static void
add_out_cell (ConvokeFrame      *self,
              const ConvokeStep *step)
{
  if (!step->in_place && !step->buffer && convoke_frame_get_location (self, step) != NULL)
    add_cell (self, step, NULL);
}

/* The callee is about to consume the mapped copies, so what they stand for is
 * consumed as well. */
void **
convoke_frame_consume_mapped (ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      Cell *cell = get_cell (self, step);
      gpointer given;

      if (cell == NULL || cell->copy == NULL || step->transfer == CONVOKE_TRANSFER_NONE)
        continue;

      given = step->is_out ? **(gpointer **) self->args[step->native] : *(gpointer *) self->args[step->native];
      if (step->transfer == CONVOKE_TRANSFER_CONTAINER)
        {
          cell->value = convoke_container_copy (&step->info->type, cell->copy, cell->n);
          convoke_container_free (&step->info->type, given);
        }
      else
        {
          cell->value = g_steal_pointer (&cell->copy);
          convoke_value_clear (&step->info->type, &given, cell->n);
        }
    }

  return self->storage;
}

void
convoke_frame_copy_mapped_back (ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];
      Cell *cell = step->is_out ? get_cell (self, step) : NULL;

      if (cell == NULL)
        continue;

      /* An inout that the callee only looked at still holds our copy. */
      if (cell->copy == NULL || cell->value != cell->copy)
        *(gpointer *) convoke_frame_get_location (self, step) = cell->value;
    }
}

static void
put_pointer (ConvokeFrame *self,
             int           index,
             gpointer      value)
{
  const ConvokeStep *step;

  if (index < 0)
    return;

  step = &self->plan->steps[index];
  if (self->captured)
    *(gpointer *) convoke_frame_slot (self, step) = value;
  else
    add_cell (self, step, value);
}

static gpointer
get_pointer (ConvokeFrame *self,
             int           index)
{
  return index >= 0 ? *(gpointer *) convoke_frame_get_location (self, &self->plan->steps[index]) : NULL;
}

/* What stands in for a callback that outlives the call is the callee's, unless that never got it. */
typedef struct
{
  ConvokeFrame   *frame;
  gpointer        owned;
  GDestroyNotify  free_owned;
} Offered;

static void
offered_free (gpointer data)
{
  Offered *offered = data;

  if (!offered->frame->invoked)
    offered->free_owned (offered->owned);
  g_free (offered);
}

static void
keep_stand_in (ConvokeFrame         *self,
               const ConvokeArgInfo *info,
               gpointer              owned,
               GDestroyNotify        free_owned)
{
  Offered *offered;

  if (info->scope == CONVOKE_SCOPE_CALL)
    {
      convoke_frame_keep (self, owned, free_owned);
      return;
    }

  /* A captured frame that is not invoked calls the destroy notify, which frees it. */
  if (self->captured && info->scope == CONVOKE_SCOPE_NOTIFIED && info->destroy >= 0)
    return;

  offered = g_new (Offered, 1);
  *offered = (Offered) { self, owned, free_owned };
  convoke_frame_keep (self, offered, offered_free);
}

static gboolean
map_callback_in (Mapping            *mapping,
                 const ConvokeStep  *step,
                 GError            **error)
{
  ConvokeFrame *self = mapping->frame;
  const ConvokeArgInfo *info = step->info;
  int index = (int) (step - self->plan->steps);
  gpointer callback = get_pointer (self, index);
  gpointer data = get_pointer (self, info->closure);
  gpointer destroy = get_pointer (self, info->destroy);
  gpointer owned = NULL;
  GDestroyNotify free_owned = NULL;
  gboolean mapped;

  if (callback == NULL || mapping->map_callback == NULL)
    return TRUE;

  mapped = mapping->map_callback (info, &callback, info->closure >= 0 ? &data : NULL, info->destroy >= 0 ? &destroy : NULL,
                                  &owned, &free_owned, mapping->user_data, error);
  if (free_owned != NULL)
    keep_stand_in (self, info, owned, free_owned);
  if (!mapped)
    return FALSE;

  put_pointer (self, index, callback);
  put_pointer (self, info->closure, data);
  put_pointer (self, info->destroy, destroy);

  return TRUE;
}

static gboolean
map_value_in (Mapping            *mapping,
              const ConvokeStep  *step,
              GError            **error)
{
  ConvokeFrame *self = mapping->frame;
  const ConvokeTypeInfo *type = &step->info->type;
  gpointer *location = convoke_frame_get_location (self, step);
  gpointer copy = NULL;
  gssize n;
  Cell *cell;

  if (location == NULL || *location == NULL)
    return TRUE;

  if (self->captured)
    {
      map_owned (mapping, step, location);
      return TRUE;
    }

  if (convoke_type_get_refusal (type) != NULL)
    return TRUE;

  if (!convoke_value_copy (type, &copy, location, convoke_frame_get_count (self, step), error))
    return convoke_step_fail (self->plan, step, error);

  n = convoke_frame_get_count (self, step);
  if (!map_owned (mapping, step, &copy))
    {
      /* What needs no other in its place passes as it is, and can be changed in place. */
      convoke_value_clear (type, &copy, n);
      return TRUE;
    }

  cell = add_cell (self, step, copy);
  cell->copy = copy;
  cell->n = n;

  return TRUE;
}

static gboolean
map_in_step (Mapping            *mapping,
             const ConvokeStep  *step,
             GError            **error)
{
  if (step->info->type.kind != CONVOKE_TYPE_KIND_CALLBACK)
    return map_value_in (mapping, step, error);

  return step->is_out || map_callback_in (mapping, step, error);
}

gboolean
convoke_frame_map_in (ConvokeFrame        *self,
                      ConvokeMapObject     map_object,
                      ConvokeMapCallback   map_callback,
                      gpointer             user_data,
                      GError             **error)
{
  const ConvokePlan *plan = self->plan;
  Mapping mapping = { self, map_object, map_callback, user_data, FALSE };

  if (!self->captured)
    {
      self->storage = convoke_frame_keep (self, g_memdup2 (self->args, plan->n_native * sizeof (void *)), g_free);
    }

  for (guint i = 0; i < plan->n_args; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (!step->refs)
        continue;

      if (!step->is_in && !self->captured)
        add_out_cell (self, step);
      else if (step->is_in && !map_in_step (&mapping, step, error))
        return FALSE;
    }

  return TRUE;
}

/* Where it can be copied: the container is the callee's. */
static void
map_lent_out (Mapping           *mapping,
              const ConvokeStep *step,
              gpointer          *location)
{
  const ConvokeTypeInfo *type = &step->info->type;
  gssize n = convoke_frame_get_count (mapping->frame, step);
  gpointer copy = NULL;

  if (convoke_type_get_refusal (type) != NULL || !convoke_value_copy (type, &copy, location, n, NULL))
    return;

  if (map_owned (mapping, step, &copy))
    *location = convoke_frame_keep_value (mapping->frame, type, copy, n);
  else
    convoke_value_clear (type, &copy, n);
}

/* A method that fails leaves a struct in the caller's memory as it was. */
static gboolean
has_filled (const ConvokeFrame *self)
{
  const ConvokePlan *plan = self->plan;
  GError **place;

  if (self->captured || !plan->callable->throws)
    return TRUE;

  place = *(GError ***) self->args[plan->n_native - 1];
  if (place != NULL)
    return *place == NULL;

  return plan->callable->ret.type.kind != CONVOKE_TYPE_KIND_BOOLEAN || self->ret == NULL || *(ffi_arg *) self->ret != 0;
}

static void
map_out_step (Mapping           *mapping,
              const ConvokeStep *step)
{
  ConvokeFrame *self = mapping->frame;
  gpointer location = convoke_frame_get_location (self, step);

  if (location == NULL)
    return;
  if (step->in_place && (step->info->type.kind != CONVOKE_TYPE_KIND_VALUE || !has_filled (self)))
    return;

  if (step->in_place)
    map_owned (mapping, step, &location);
  else if (*(gpointer *) location == NULL)
    return;
  else if (self->captured || step->transfer == CONVOKE_TRANSFER_FULL)
    map_owned (mapping, step, location);
  else if (step->transfer == CONVOKE_TRANSFER_NONE)
    map_lent_out (mapping, step, location);
  else
    convoke_value_replace_objects (&step->info->type, location, convoke_frame_get_count (self, step),
                                   FALSE, map_and_keep_cb, mapping);
}

void
convoke_frame_map_out (ConvokeFrame     *self,
                       ConvokeMapObject  map_object,
                       gpointer          user_data)
{
  const ConvokePlan *plan = self->plan;
  Mapping mapping = { self, map_object, NULL, user_data, FALSE };

  for (guint i = 0; i < plan->n_steps; i++)
    {
      const ConvokeStep *step = &plan->steps[i];

      if (step->is_out && step->refs && step->info->type.kind != CONVOKE_TYPE_KIND_CALLBACK)
        map_out_step (&mapping, step);
    }
}
