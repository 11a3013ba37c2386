/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A proxy's class says what its object is, so it is the object's interfaces
 * and the pattern of its empty slots that name it: an empty slot carries a
 * meaning of its own (many interfaces test for it), and a class that filled it
 * would hide that.
 *
 * A class's slots are
 *   - closures, where the object has the slot;
 *   - empty, where the object's slot is empty;
 *   - empty for the default handlers of signals: an emission on the proxy,
 *     which is how a signal is relayed, would otherwise call the object again;
 *   - what the interface's default_init put there, for what no typelib
 *     describes.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-proxy-class-private.h"

static GMutex classes_lock;

/* --- the set of interfaces --- */

static void
leave_out (ConvokeInterfaceSet *self,
           const GError        *why)
{
  gboolean can_change = g_error_matches (why, CONVOKE_ERROR, CONVOKE_ERROR_NO_TYPELIB);

  if (can_change)
    self->settled = FALSE;

  if (self->left_out == NULL)
    {
      self->left_out = g_string_new (NULL);
      self->left_code = can_change ? CONVOKE_ERROR_NO_TYPELIB : CONVOKE_ERROR_NOT_SUPPORTED;
    }
  else
    g_string_append (self->left_out, "; ");

  g_string_append (self->left_out, why->message);
}

static const ConvokeInterfaceInfo *collect (ConvokeInterfaceSet *self, GType iface, GError **error);

static gboolean
collect_prerequisites (ConvokeInterfaceSet  *self,
                       GType                 iface,
                       GError              **error)
{
  guint n_prerequisites;
  g_autofree GType *prerequisites = g_type_interface_prerequisites (iface, &n_prerequisites);

  for (guint i = 0; i < n_prerequisites; i++)
    {
      g_autoptr (GError) local_error = NULL;

      if (prerequisites[i] == G_TYPE_OBJECT)
        continue;

      if (!G_TYPE_IS_INTERFACE (prerequisites[i]))
        {
          g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                       "%s requires the class %s, and a proxy has no class but its own",
                       g_type_name (iface), g_type_name (prerequisites[i]));
          return FALSE;
        }

      if (collect (self, prerequisites[i], &local_error) == NULL)
        {
          g_set_error (error, local_error->domain, local_error->code,
                       "%s requires %s: %s",
                       g_type_name (iface), g_type_name (prerequisites[i]), local_error->message);
          return FALSE;
        }
    }

  return TRUE;
}

static const ConvokeInterfaceInfo *
describe (GType    iface,
          GError **error)
{
  const ConvokeInterfaceInfo *info = convoke_interface_info_lookup (iface, error);

  if (info != NULL && info->refusal != NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
                   "%s: %s", info->name, info->refusal);
      return NULL;
    }

  return info;
}

static const ConvokeInterfaceInfo *
find (const ConvokeInterfaceSet *self,
      GType                      iface)
{
  for (guint i = 0; i < self->infos->len; i++)
    {
      const ConvokeInterfaceInfo *info = g_ptr_array_index (self->infos, i);

      if (info->gtype == iface)
        return info;
    }

  return NULL;
}

/* NULL and @error: it cannot be in the set. */
static const ConvokeInterfaceInfo *
collect (ConvokeInterfaceSet  *self,
         GType                 iface,
         GError              **error)
{
  const ConvokeInterfaceInfo *info = find (self, iface);

  if (info != NULL)
    return info;

  if (!collect_prerequisites (self, iface, error))
    return NULL;

  info = describe (iface, error);
  if (info == NULL)
    return NULL;

  g_ptr_array_add (self->infos, (gpointer) info);
  return info;
}

void
convoke_interface_set_init (ConvokeInterfaceSet *self)
{
  self->infos = g_ptr_array_new ();
  self->left_out = NULL;
  self->left_code = 0;
  self->settled = TRUE;
}

void
convoke_interface_set_add (ConvokeInterfaceSet *self,
                           GType                iface)
{
  g_autoptr (GError) why = NULL;

  if (collect (self, iface, &why) == NULL)
    leave_out (self, why);
}

static int
compare_types_by_name (gconstpointer a,
                       gconstpointer b)
{
  return strcmp (g_type_name (*(const GType *) a), g_type_name (*(const GType *) b));
}

void
convoke_interface_set_init_for_type (ConvokeInterfaceSet *self,
                                     GType                type)
{
  guint n_interfaces;
  g_autofree GType *interfaces = g_type_interfaces (type, &n_interfaces);

  convoke_interface_set_init (self);

  /* The order in which a type got its interfaces is no part of what it is. */
  qsort (interfaces, n_interfaces, sizeof *interfaces, compare_types_by_name);

  for (guint i = 0; i < n_interfaces; i++)
    convoke_interface_set_add (self, interfaces[i]);
}

gboolean
convoke_interface_set_init_for_interface (ConvokeInterfaceSet  *self,
                                          GType                 iface,
                                          GError              **error)
{
  convoke_interface_set_init (self);
  if (collect (self, iface, error) != NULL)
    return TRUE;

  convoke_interface_set_clear (self);
  return FALSE;
}

void
convoke_interface_set_clear (ConvokeInterfaceSet *self)
{
  g_clear_pointer (&self->infos, g_ptr_array_unref);
  if (self->left_out != NULL)
    g_string_free (g_steal_pointer (&self->left_out), TRUE);
}

/* --- what one class's slots hold --- */

typedef struct
{
  const ConvokeInterfaceInfo *info;
  GCallback                  *slots;  /* one for each of the info's methods; NULL: empty */
} InterfaceSlots;

typedef struct
{
  const ConvokeClassKind *kind;
  InterfaceSlots         *interfaces;
  guint                   n_interfaces;
} ClassPlan;

static void
class_plan_free (ClassPlan *self)
{
  for (guint i = 0; i < self->n_interfaces; i++)
    g_free (self->interfaces[i].slots);
  g_free (self->interfaces);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ClassPlan, class_plan_free)

typedef struct
{
  ConvokeSlotFilter has_slot;  /* (nullable): all of them */
  gpointer          data;
} Filter;

gboolean
convoke_proxy_class_object_has_slot (const ConvokeMethodInfo *method,
                                     gpointer                 object)
{
  return convoke_method_info_get_slot (method, object) != NULL;
}

static gboolean
is_filled (const ConvokeMethodInfo *method,
           const Filter            *filter)
{
  if (method->signal_slot || !convoke_method_info_has_slot (method))
    return FALSE;

  return filter->has_slot == NULL || filter->has_slot (method, filter->data);
}

static gboolean
plan_slot (const ConvokeClassKind   *kind,
           const ConvokeMethodInfo  *method,
           GCallback                *slot,
           GError                  **error)
{
  g_autoptr (GError) local_error = NULL;

  *slot = convoke_closure_get (&method->callable, kind->slot, &local_error);
  if (*slot != NULL)
    return TRUE;

  /* Where the description is too poor for a signature there is nothing to
   * make a function of, and an empty slot is what is left. */
  if (method->refusal != NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
plan_interface (const ConvokeClassKind  *kind,
                InterfaceSlots          *self,
                const Filter            *filter,
                GError                 **error)
{
  self->slots = g_new0 (GCallback, self->info->n_methods);

  for (guint i = 0; i < self->info->n_methods; i++)
    {
      const ConvokeMethodInfo *method = &self->info->methods[i];

      if (is_filled (method, filter) && !plan_slot (kind, method, &self->slots[i], error))
        return FALSE;
    }

  return TRUE;
}

static ClassPlan *
class_plan_new (const ConvokeClassKind     *kind,
                const ConvokeInterfaceSet  *set,
                const Filter               *filter,
                GError                    **error)
{
  g_autoptr (ClassPlan) self = g_new0 (ClassPlan, 1);

  self->kind = kind;
  self->n_interfaces = set->infos->len;
  self->interfaces = g_new0 (InterfaceSlots, self->n_interfaces);

  for (guint i = 0; i < self->n_interfaces; i++)
    {
      self->interfaces[i].info = g_ptr_array_index (set->infos, i);
      if (!plan_interface (kind, &self->interfaces[i], filter, error))
        return NULL;
    }

  return g_steal_pointer (&self);
}

/* --- its name --- */

static int
compare_by_name (gconstpointer a,
                 gconstpointer b)
{
  const InterfaceSlots *one = *(const InterfaceSlots * const *) a;
  const InterfaceSlots *other = *(const InterfaceSlots * const *) b;

  return strcmp (g_type_name (one->info->gtype), g_type_name (other->info->gtype));
}

/* The empty slots in hexadecimal, one bit each; nothing when all is filled. */
static void
append_mask (GString         *name,
             const GPtrArray *interfaces)
{
  g_autoptr (GString) mask = g_string_new (NULL);
  guint nibble = 0;
  guint n_bits = 0;
  gboolean any = FALSE;

  for (guint i = 0; i < interfaces->len; i++)
    {
      const InterfaceSlots *iface = g_ptr_array_index (interfaces, i);

      for (guint j = 0; j < iface->info->n_methods; j++)
        {
          if (iface->slots[j] == NULL && !iface->info->methods[j].signal_slot)
            {
              nibble |= 1u << (n_bits % 4);
              any = TRUE;
            }

          if (++n_bits % 4 == 0)
            {
              g_string_append_printf (mask, "%x", nibble);
              nibble = 0;
            }
        }
    }

  if (n_bits % 4 != 0)
    g_string_append_printf (mask, "%x", nibble);

  if (any)
    g_string_append_printf (name, "-%s", mask->str);
}

/* The same whatever order the interfaces were found in: a set and its mask
 * have one name, and a name one meaning. */
static char *
name_class (const ClassPlan *plan)
{
  g_autoptr (GPtrArray) interfaces = g_ptr_array_new ();
  GString *name = g_string_new (plan->kind->prefix);

  for (guint i = 0; i < plan->n_interfaces; i++)
    g_ptr_array_add (interfaces, &plan->interfaces[i]);
  g_ptr_array_sort (interfaces, compare_by_name);

  for (guint i = 0; i < interfaces->len; i++)
    {
      const InterfaceSlots *iface = g_ptr_array_index (interfaces, i);

      g_string_append_printf (name, "+%s", g_type_name (iface->info->gtype));
    }

  /* The prefix alone is the base's name. */
  if (interfaces->len == 0)
    g_string_append_c (name, '+');

  append_mask (name, interfaces);
  return g_string_free (name, FALSE);
}

/* --- making it --- */

static void
override_properties (GObjectClass               *class,
                     const ConvokeInterfaceInfo *info,
                     guint                      *next_id)
{
  gpointer iface = g_type_default_interface_ref (info->gtype);
  guint n_properties;
  g_autofree GParamSpec **properties = g_object_interface_list_properties (iface, &n_properties);

  for (guint i = 0; i < n_properties; i++)
    {
      /* Two interfaces can have a property of one name: one override stands for both. */
      if (g_object_class_find_property (class, properties[i]->name) == NULL)
        g_object_class_override_property (class, (*next_id)++, properties[i]->name);
    }

  g_type_default_interface_unref (iface);
}

static void
init_class (gpointer class,
            gpointer data)
{
  const ClassPlan *plan = data;
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  guint next_id = 1;

  /* GObject does not let a class inherit these two. */
  object_class->get_property = plan->kind->get_property;
  object_class->set_property = plan->kind->set_property;

  for (guint i = 0; i < plan->n_interfaces; i++)
    override_properties (object_class, plan->interfaces[i].info, &next_id);
}

static void
init_interface (gpointer iface,
                gpointer data)
{
  const InterfaceSlots *plan = data;

  for (guint i = 0; i < plan->info->n_methods; i++)
    if (convoke_method_info_has_slot (&plan->info->methods[i]))
      G_STRUCT_MEMBER (GCallback, iface, plan->info->methods[i].offset) = plan->slots[i];
}

static GType
register_class (const char *name,
                ClassPlan  *plan)
{
  GType base = plan->kind->get_base ();
  GTypeQuery query;
  GTypeInfo info = { 0, };
  GType type;

  g_type_query (base, &query);
  info.class_size = query.class_size;
  info.class_init = init_class;
  info.class_data = plan;
  info.instance_size = query.instance_size;

  type = g_type_register_static (base, name, &info, G_TYPE_FLAG_FINAL);

  for (guint i = 0; i < plan->n_interfaces; i++)
    {
      const GInterfaceInfo iface_info = { init_interface, NULL, &plan->interfaces[i] };

      g_type_add_interface_static (type, plan->interfaces[i].info->gtype, &iface_info);
    }

  return type;
}

GType
convoke_proxy_class_get (const ConvokeClassKind     *kind,
                         const ConvokeInterfaceSet  *set,
                         ConvokeSlotFilter           has_slot,
                         gpointer                    data,
                         GError                    **error)
{
  const Filter filter = { has_slot, data };
  g_autoptr (ClassPlan) plan = class_plan_new (kind, set, &filter, error);
  g_autofree char *name = NULL;
  GType type;

  if (plan == NULL)
    return G_TYPE_INVALID;

  name = name_class (plan);
  /* Registered outside of the lock: it can run a type's own initialisation. */
  kind->get_base ();

  g_mutex_lock (&classes_lock);
  type = g_type_from_name (name);
  if (type == G_TYPE_INVALID)
    type = register_class (name, g_steal_pointer (&plan));
  g_mutex_unlock (&classes_lock);

  return type;
}
