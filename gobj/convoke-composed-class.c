/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The class of an aggregate (design D1). Its slots are thunks, which know no
 * signature; where the table of thunks ends, or there is none for the
 * processor, they are functions that libffi makes. What does not lead to a
 * part is left alone: slots that the typelib does not know, which may be
 * anything, keep what the interface's own initialisation put there.
 *
 * The names of the classes tell the combination, for people; what finds one
 * again is its key.
 */

#include "config.h"

#include <string.h>

#include "convoke-closure-private.h"
#include "convoke-component-private.h"
#include "convoke-error.h"
#include "convoke-frame-private.h"

static GMutex      classes_lock;
static GHashTable *classes;       /* LOCK: classes_lock; key -> ConvokeComposed, for ever */

const ConvokeComposed *
convoke_composed_class_peek (gconstpointer klass)
{
  return ((const ConvokeComponentClass *) klass)->composed;
}

/* --- slots that are no thunks --- */

static const ConvokePart *
find_part (ConvokeComponent           *self,
           const ConvokeInterfaceInfo *info)
{
  const ConvokeComposed *composed = convoke_composed_class_peek (CONVOKE_COMPONENT_GET_CLASS (self));

  for (guint i = 0; i < composed->n_interfaces; i++)
    if (composed->interfaces[i].info == info)
      return convoke_component_get_part (self, i);

  g_assert_not_reached ();
}

/* A ConvokeClosureFunc. */
static void
forward (const ConvokeCallableInfo  *callable,
         const ConvokePlan          *plan,
         void                      **args,
         void                       *ret)
{
  const ConvokeMethodInfo *method = (const ConvokeMethodInfo *) callable;
  const ConvokePart *part = find_part (*(gpointer *) args[0], method->owner);
  gpointer object = part->object;
  gpointer instance = args[0];

  args[0] = &object;
  convoke_plan_call (plan, G_STRUCT_MEMBER (GCallback, part->vtable, method->offset), ret, args);
  args[0] = instance;
}

static void
answer (const ConvokePlan  *plan,
        void              **args,
        void               *ret,
        GError             *error)
{
  const ConvokeCallableInfo *callable = convoke_plan_get_callable (plan);
  GError **location = callable->throws ? *(GError ***) args[convoke_plan_get_n_native (plan) - 1] : NULL;

  convoke_frame_answer_failed (plan, args, ret);
  g_propagate_error (location, error);
}

/* A ConvokeClosureFunc: of an interface that is reserved and not filled. */
static void
answer_unfilled (const ConvokeCallableInfo  *callable,
                 const ConvokePlan          *plan,
                 void                      **args,
                 void                       *ret)
{
  const ConvokeMethodInfo *method = (const ConvokeMethodInfo *) callable;

  answer (plan, args, ret,
          g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
                       "%s was reserved and nothing fills it yet: it has no %s", method->owner->name, callable->name));
}

/* A ConvokeClosureFunc: the part that came later has nothing in this slot. */
static void
answer_empty (const ConvokeCallableInfo  *callable,
              const ConvokePlan          *plan,
              void                      **args,
              void                       *ret)
{
  const ConvokeMethodInfo *method = (const ConvokeMethodInfo *) callable;

  answer (plan, args, ret,
          g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "The part that gives %s does not implement %s", method->owner->name, callable->name));
}

/* What can stand in any slot where functions cannot be made. */
static gpointer
answer_nothing (void)
{
  return NULL;
}

static gboolean
leads_to_part (const ConvokeMethodInfo *method)
{
  return !method->signal_slot && convoke_method_info_has_slot (method);
}

static GCallback
make_answer (const ConvokeMethodInfo *method,
             ConvokeClosureFunc       func)
{
  GCallback made = convoke_closure_get (&method->callable, func, NULL);

  return made != NULL ? made : (GCallback) answer_nothing;
}

gpointer
convoke_composed_interface_get_unfilled (const ConvokeComposedInterface *self)
{
  gpointer *place = (gpointer *) &self->unfilled;
  gpointer vtable = g_atomic_pointer_get (place);
  gpointer made;

  if (vtable != NULL)
    return vtable;

  made = g_malloc0 (self->info->struct_size);
  for (guint i = 0; i < self->info->n_methods; i++)
    if (leads_to_part (&self->info->methods[i]))
      G_STRUCT_MEMBER (GCallback, made, self->info->methods[i].offset) = make_answer (&self->info->methods[i], answer_unfilled);

  if (g_atomic_pointer_compare_and_exchange (place, NULL, made))
    return made;

  g_free (made);
  return g_atomic_pointer_get (place);
}

gpointer
convoke_composed_interface_complete (const ConvokeComposedInterface *self,
                                     gpointer                        vtable,
                                     gpointer                       *copy)
{
  *copy = NULL;

  for (guint i = 0; i < self->info->n_methods; i++)
    {
      const ConvokeMethodInfo *method = &self->info->methods[i];

      if (!leads_to_part (method) || G_STRUCT_MEMBER (GCallback, vtable, method->offset) != NULL)
        continue;

      if (*copy == NULL)
        *copy = g_memdup2 (vtable, self->info->struct_size);
      G_STRUCT_MEMBER (GCallback, *copy, method->offset) = make_answer (method, answer_empty);
    }

  return *copy != NULL ? *copy : vtable;
}

/* --- the plan of a class --- */

static void
composed_free (ConvokeComposed *self)
{
  for (guint i = 0; i < self->n_interfaces; i++)
    g_free (self->interfaces[i].slots);
  for (guint i = 0; i < self->n_properties; i++)
    g_param_spec_unref (self->properties[i].pspec);
  g_free (self->interfaces);
  g_free (self->properties);
  g_free (self->key);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeComposed, composed_free)

static gboolean
check_slot (const ConvokeMethodInfo  *method,
            GError                  **error)
{
  const ConvokeTypeInfo *type = &method->callable.ret.type;
  gboolean is_record = type->kind == CONVOKE_TYPE_KIND_BOXED || type->kind == CONVOKE_TYPE_KIND_STRUCT ||
                       type->kind == CONVOKE_TYPE_KIND_UNION || type->kind == CONVOKE_TYPE_KIND_VALUE;

  if (!is_record || type->is_pointer)
    return TRUE;

  /* The instance is not the first argument then: that is the place of the result. */
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED, "%s cannot be a part's: %s returns a %s by value",
               method->owner->name, method->callable.name, type->name);
  return FALSE;
}

static gboolean
is_filled (const ConvokeComposedInterface *self,
           const ConvokeMethodInfo        *method)
{
  return leads_to_part (method) &&
         (self->source == NULL || G_STRUCT_MEMBER (GCallback, self->source, method->offset) != NULL);
}

static gboolean
plan_slot (ConvokeComposedInterface  *self,
           guint                      part,
           guint                      index,
           GError                   **error)
{
  const ConvokeMethodInfo *method = &self->info->methods[index];

  if (!is_filled (self, method))
    return TRUE;
  if (!check_slot (method, error))
    return FALSE;

  self->slots[index] = convoke_thunks_get (part, method->offset);
  if (self->slots[index] == NULL)
    self->slots[index] = convoke_closure_get (&method->callable, forward, error);

  return self->slots[index] != NULL;
}

static gboolean
plan_interface (ConvokeComposedInterface  *self,
                guint                      part,
                const ConvokeAddition     *addition,
                GError                   **error)
{
  self->info = addition->info;
  self->slots = g_new0 (GCallback, self->info->n_methods);
  if (addition->inner != NULL)
    self->source = g_type_interface_peek (G_OBJECT_GET_CLASS (addition->inner), self->info->gtype);

  for (guint i = 0; i < self->info->n_methods; i++)
    if (!plan_slot (self, part, i, error))
      return FALSE;

  return TRUE;
}

/* What of the interface is the class's: which slots are empty, and the numbers. */
static void
append_interface (GString                        *key,
                  const ConvokeComposedInterface *self)
{
  g_string_append_printf (key, "\n%s", g_type_name (self->info->gtype));
  if (self->source == NULL)
    {
      g_string_append (key, " reserved");
      return;
    }

  for (guint i = 0; i < self->info->n_methods; i++)
    if (self->slots[i] == NULL && leads_to_part (&self->info->methods[i]))
      g_string_append_printf (key, " -%u", i);
  for (guint i = 0; i < self->info->n_scalars; i++)
    for (guint j = 0; j < self->info->scalars[i].size; j++)
      g_string_append_printf (key, " %02x", G_STRUCT_MEMBER (guint8, self->source, self->info->scalars[i].offset + j));
}

static char *
make_key (GType                  outer,
          const ConvokeComposed *self)
{
  GString *key = g_string_new (g_type_name (outer));

  for (guint i = 0; i < self->n_interfaces; i++)
    append_interface (key, &self->interfaces[i]);
  if (convoke_thunks_off)
    g_string_append (key, "\nwithout thunks");

  return g_string_free (key, FALSE);
}

/* --- properties --- */

const ConvokeComposedProperty *
convoke_composed_find_property (const ConvokeComposed *self,
                                const char            *name)
{
  for (guint i = 0; i < self->n_properties; i++)
    if (g_str_equal (self->properties[i].pspec->name, name))
      return &self->properties[i];

  return NULL;
}

static void
add_property (ConvokeComposed *self,
              GParamSpec      *pspec,
              guint            part)
{
  self->properties = g_renew (ConvokeComposedProperty, self->properties, self->n_properties + 1);
  self->properties[self->n_properties].pspec = g_param_spec_ref (pspec);
  self->properties[self->n_properties].part = part;
  self->n_properties++;
}

/* The outer's own property of that name stands for the interface's, where it can. */
static gboolean
check_own_property (GType         outer,
                    GParamSpec   *own,
                    GParamSpec   *pspec,
                    GError      **error)
{
  GParamFlags wanted = pspec->flags & G_PARAM_READWRITE;

  if ((own->flags & wanted) == wanted && g_type_is_a (own->value_type, pspec->value_type))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
               "%s has a property “%s” of its own, which is not what %s needs",
               g_type_name (outer), pspec->name, g_type_name (pspec->owner_type));
  return FALSE;
}

static gboolean
plan_property (ConvokeComposed        *self,
               const ConvokeAddition  *additions,
               GObjectClass           *outer,
               guint                   part,
               GParamSpec             *pspec,
               GError                **error)
{
  const ConvokeComposedProperty *other = convoke_composed_find_property (self, pspec->name);
  GParamSpec *own = g_object_class_find_property (outer, pspec->name);

  if (other != NULL && additions[other->part].inner == additions[part].inner)
    return TRUE;

  if (other != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT,
                   "Two parts have a property “%s”: that of %s and that of %s; an object can have one", pspec->name,
                   self->interfaces[other->part].info->name, self->interfaces[part].info->name);
      return FALSE;
    }

  if (own != NULL && !g_type_is_a (G_OBJECT_CLASS_TYPE (outer), self->interfaces[part].info->gtype))
    return check_own_property (G_OBJECT_CLASS_TYPE (outer), own, pspec, error);

  add_property (self, pspec, part);
  return TRUE;
}

static gboolean
plan_properties (ConvokeComposed        *self,
                 const ConvokeAddition  *additions,
                 GObjectClass           *outer,
                 guint                   part,
                 GError                **error)
{
  gpointer iface = g_type_default_interface_ref (self->interfaces[part].info->gtype);
  guint n_properties;
  g_autofree GParamSpec **properties = g_object_interface_list_properties (iface, &n_properties);
  gboolean ok = TRUE;

  for (guint i = 0; ok && i < n_properties; i++)
    ok = plan_property (self, additions, outer, part, properties[i], error);

  g_type_default_interface_unref (iface);
  return ok;
}

static ConvokeComposed *
composed_new (GType                   outer,
              const ConvokeAddition  *additions,
              guint                   n_additions,
              GError                **error)
{
  g_autoptr (ConvokeComposed) self = g_new0 (ConvokeComposed, 1);
  g_autoptr (GTypeClass) outer_class = g_type_class_ref (outer);

  self->interfaces = g_new0 (ConvokeComposedInterface, n_additions);
  self->n_interfaces = n_additions;

  for (guint i = 0; i < n_additions; i++)
    if (!plan_interface (&self->interfaces[i], i, &additions[i], error))
      return NULL;
  for (guint i = 0; i < n_additions; i++)
    if (!plan_properties (self, additions, G_OBJECT_CLASS (outer_class), i, error))
      return NULL;

  self->key = make_key (outer, self);
  return g_steal_pointer (&self);
}

/* --- registering it --- */

static void
get_property (GObject    *object,
              guint       id,
              GValue     *value,
              GParamSpec *pspec)
{
  ConvokeComponent *self = CONVOKE_COMPONENT (object);
  const ConvokeComposed *composed = convoke_composed_class_peek (CONVOKE_COMPONENT_GET_CLASS (self));
  const ConvokeComposedProperty *property = &composed->properties[id - 1];
  const ConvokePart *part = convoke_component_get_part (self, property->part);

  if (part->object != self)
    g_object_get_property (part->object, property->pspec->name, value);
}

static void
set_property (GObject      *object,
              guint         id,
              const GValue *value,
              GParamSpec   *pspec)
{
  ConvokeComponent *self = CONVOKE_COMPONENT (object);
  const ConvokeComposed *composed = convoke_composed_class_peek (CONVOKE_COMPONENT_GET_CLASS (self));
  const ConvokeComposedProperty *property = &composed->properties[id - 1];
  const ConvokePart *part = convoke_component_get_part (self, property->part);

  if (part->object != self && convoke_component_is_made (self))
    g_object_set_property (part->object, property->pspec->name, value);
}

static void
init_class (gpointer klass,
            gpointer data)
{
  const ConvokeComposed *composed = data;
  GObjectClass *object_class = klass;

  ((ConvokeComponentClass *) klass)->composed = data;
  /* GObject does not let a class inherit these two. */
  object_class->get_property = get_property;
  object_class->set_property = set_property;

  for (guint i = 0; i < composed->n_properties; i++)
    g_object_class_override_property (object_class, i + 1, composed->properties[i].pspec->name);
}

static void
init_interface (gpointer iface,
                gpointer data)
{
  const ConvokeComposedInterface *plan = data;

  for (guint i = 0; i < plan->info->n_methods; i++)
    if (leads_to_part (&plan->info->methods[i]))
      G_STRUCT_MEMBER (GCallback, iface, plan->info->methods[i].offset) = plan->slots[i];

  for (guint i = 0; plan->source != NULL && i < plan->info->n_scalars; i++)
    memcpy ((guint8 *) iface + plan->info->scalars[i].offset,
            (const guint8 *) plan->source + plan->info->scalars[i].offset, plan->info->scalars[i].size);
}

static char *
make_name (GType                  outer,
           const ConvokeComposed *self)
{
  GString *name = g_string_new (g_type_name (outer));
  gsize length;

  for (guint i = 0; i < self->n_interfaces; i++)
    g_string_append_printf (name, "+%s", g_type_name (self->interfaces[i].info->gtype));

  /* The same interfaces with other slots empty, or reserved. */
  length = name->len;
  for (guint n = 2; g_type_from_name (name->str) != G_TYPE_INVALID; n++)
    {
      g_string_truncate (name, length);
      g_string_append_printf (name, "-%u", n);
    }

  return g_string_free (name, FALSE);
}

static gboolean
has_prerequisites (GType type,
                   GType iface)
{
  guint n;
  g_autofree GType *prerequisites = g_type_interface_prerequisites (iface, &n);

  for (guint i = 0; i < n; i++)
    if (!g_type_is_a (type, prerequisites[i]))
      return FALSE;

  return TRUE;
}

/* In an order in which each finds what it requires; a composition has all of that. */
static void
add_interfaces (ConvokeComposed *self)
{
  g_autofree gboolean *added = g_new0 (gboolean, self->n_interfaces);

  for (guint n_added = 0; n_added < self->n_interfaces;)
    for (guint i = 0; i < self->n_interfaces; i++)
      {
        const GInterfaceInfo info = { init_interface, NULL, &self->interfaces[i] };

        if (added[i] || !has_prerequisites (self->type, self->interfaces[i].info->gtype))
          continue;

        g_type_add_interface_static (self->type, self->interfaces[i].info->gtype, &info);
        added[i] = TRUE;
        n_added++;
      }
}

static void
register_class (GType            outer,
                ConvokeComposed *self)
{
  g_autofree char *name = make_name (outer, self);
  GTypeInfo info = { 0, };
  GTypeQuery query;

  g_type_query (outer, &query);
  info.class_size = query.class_size;
  info.class_init = init_class;
  info.class_data = self;
  info.instance_size = query.instance_size;

  self->type = g_type_register_static (outer, name, &info, G_TYPE_FLAG_FINAL);
  add_interfaces (self);
}

const ConvokeComposed *
convoke_composed_class_get (GType                   outer,
                            const ConvokeAddition  *additions,
                            guint                   n_additions,
                            GError                **error)
{
  g_autoptr (ConvokeComposed) made = composed_new (outer, additions, n_additions, error);
  const ConvokeComposed *found;

  if (made == NULL)
    return NULL;

  g_mutex_lock (&classes_lock);
  if (classes == NULL)
    classes = g_hash_table_new (g_str_hash, g_str_equal);
  found = g_hash_table_lookup (classes, made->key);
  if (found == NULL)
    {
      register_class (outer, made);
      g_hash_table_insert (classes, made->key, made);
      found = g_steal_pointer (&made);
    }
  g_mutex_unlock (&classes_lock);

  return found;
}
