/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A TYPE message describes a class as its owner's typelibs do:
 *
 *   u32 id, string class, u16 interfaces, and for each of them
 *     string name, string GType name, u16 methods, and for each of them
 *       string slot name, string fingerprint, u8: 1 when the slot is filled
 *
 * Methods are called by their number in the owner's description. The other
 * side finds the number of a method of its own by the slot's name, once per
 * interface, and compares the fingerprints: what is absent or of another shape
 * there fails when it is called, and what is there and unknown here never
 * matters.
 *
 * An interface that is not known here (its library is not here, or nothing
 * describes it) stays as bytes until somebody asks for it.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-remote-type-private.h"
#include "convoke-typelib-private.h"

#define METHOD_FILLED 1u

/* --- writing --- */

static gboolean
check_limit (const char  *class_name,
             const char  *what,
             gsize        count,
             gsize        limit,
             GError     **error)
{
  if (count <= limit)
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NOT_SUPPORTED,
               "The class %s cannot be described to another process: it has %s of %" G_GSIZE_FORMAT ", and the limit is %" G_GSIZE_FORMAT,
               class_name, what, count, limit);
  return FALSE;
}

static gboolean
write_name (ConvokeWireWriter  *writer,
            const char         *class_name,
            const char         *name,
            GError            **error)
{
  if (!check_limit (class_name, "a name with a length", strlen (name), CONVOKE_REMOTE_MAX_NAME, error))
    return FALSE;

  convoke_wire_put_string (writer, name);
  return TRUE;
}

static gboolean
is_filled (const ConvokeMethodInfo *method,
           ConvokeSlotFilter        has_slot,
           gpointer                 data)
{
  return !method->signal_slot && convoke_method_info_has_slot (method) && has_slot (method, data);
}

static gboolean
write_interface (ConvokeWireWriter           *writer,
                 const char                  *class_name,
                 const ConvokeInterfaceInfo  *info,
                 ConvokeSlotFilter            has_slot,
                 gpointer                     data,
                 GError                     **error)
{
  if (!write_name (writer, class_name, info->name, error) ||
      !write_name (writer, class_name, g_type_name (info->gtype), error) ||
      !check_limit (class_name, "an interface with a number of methods", info->n_methods, CONVOKE_REMOTE_MAX_METHODS, error))
    return FALSE;

  convoke_wire_put_u16 (writer, info->n_methods);
  for (guint i = 0; i < info->n_methods; i++)
    {
      const ConvokeMethodInfo *method = &info->methods[i];

      if (!write_name (writer, class_name, method->slot_name, error) ||
          !write_name (writer, class_name, method->fingerprint, error))
        return FALSE;
      convoke_wire_put_u8 (writer, is_filled (method, has_slot, data) ? METHOD_FILLED : 0);
    }

  return TRUE;
}

gboolean
convoke_remote_type_write (ConvokeWireWriter  *writer,
                           guint32             id,
                           const char         *class_name,
                           const GPtrArray    *infos,
                           ConvokeSlotFilter   has_slot,
                           gpointer            data,
                           GError            **error)
{
  convoke_wire_put_u32 (writer, id);
  if (!write_name (writer, class_name, class_name, error) ||
      !check_limit (class_name, "a number of interfaces", infos->len, CONVOKE_REMOTE_MAX_INTERFACES, error))
    return FALSE;

  convoke_wire_put_u16 (writer, infos->len);
  for (guint i = 0; i < infos->len; i++)
    if (!write_interface (writer, class_name, g_ptr_array_index (infos, i), has_slot, data, error))
      return FALSE;

  return TRUE;
}

/* --- reading --- */

void
convoke_remote_type_free (ConvokeRemoteType *self)
{
  for (guint i = 0; i < self->n_interfaces; i++)
    {
      ConvokeRemoteInterface *iface = &self->interfaces[i];

      for (guint j = 0; j < iface->n_methods; j++)
        {
          g_free (iface->methods[j].slot_name);
          g_free (iface->methods[j].fingerprint);
        }
      g_free (iface->methods);
      g_free (iface->by_index);
      g_free (iface->name);
      g_free (iface->type_name);
    }
  g_free (self->interfaces);
  g_free (self->class_name);
  g_free (self);
}

guint
convoke_remote_type_count (const ConvokeRemoteType *self)
{
  guint count = 0;

  for (guint i = 0; i < self->n_interfaces; i++)
    count += self->interfaces[i].n_methods;

  return count;
}

static gboolean
read_name (ConvokeWireReader  *reader,
           char              **name,
           GError            **error)
{
  const char *string;

  if (!convoke_wire_get_name (reader, &string, error))
    return FALSE;

  if (*string == '\0' || strlen (string) > CONVOKE_REMOTE_MAX_NAME)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "A type's description has a name of %" G_GSIZE_FORMAT " bytes", strlen (string));
      return FALSE;
    }

  *name = g_strdup (string);
  return TRUE;
}

static gboolean
read_count (ConvokeWireReader  *reader,
            const char         *what,
            guint               limit,
            guint              *count,
            GError            **error)
{
  guint16 value;

  if (!convoke_wire_get_u16 (reader, &value, error))
    return FALSE;

  if (value > limit)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "A type's description has %u %s, and the limit is %u", value, what, limit);
      return FALSE;
    }

  *count = value;
  return TRUE;
}

static gboolean
read_method (ConvokeWireReader    *reader,
             ConvokeRemoteMethod  *self,
             GError              **error)
{
  guint8 flags;

  if (!read_name (reader, &self->slot_name, error) ||
      !read_name (reader, &self->fingerprint, error) ||
      !convoke_wire_get_u8 (reader, &flags, error))
    return FALSE;

  if (flags & ~METHOD_FILLED)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                   "The description of a method has the flags %#x", flags);
      return FALSE;
    }

  self->filled = (flags & METHOD_FILLED) != 0;
  return TRUE;
}

static gboolean
read_interface (ConvokeWireReader       *reader,
                ConvokeRemoteInterface  *self,
                GError                 **error)
{
  if (!read_name (reader, &self->name, error) ||
      !read_name (reader, &self->type_name, error) ||
      !read_count (reader, "methods in one interface", CONVOKE_REMOTE_MAX_METHODS, &self->n_methods, error))
    return FALSE;

  self->methods = g_new0 (ConvokeRemoteMethod, self->n_methods);
  for (guint i = 0; i < self->n_methods; i++)
    if (!read_method (reader, &self->methods[i], error))
      return FALSE;

  return TRUE;
}

ConvokeRemoteType *
convoke_remote_type_read (ConvokeWireReader  *reader,
                          GError            **error)
{
  g_autoptr (ConvokeRemoteType) self = g_new0 (ConvokeRemoteType, 1);
  guint n_interfaces;

  if (!convoke_wire_get_u32 (reader, &self->id, error) ||
      !read_name (reader, &self->class_name, error) ||
      !read_count (reader, "interfaces", CONVOKE_REMOTE_MAX_INTERFACES, &n_interfaces, error))
    return NULL;

  self->interfaces = g_new0 (ConvokeRemoteInterface, n_interfaces);
  while (self->n_interfaces < n_interfaces)
    if (!read_interface (reader, &self->interfaces[self->n_interfaces++], error))
      return NULL;

  return convoke_wire_reader_end (reader, error) ? g_steal_pointer (&self) : NULL;
}

/* --- finding one's own in it --- */

static int
compare_method (const ConvokeRemoteInterface *self,
                GHashTable                   *numbers,
                const ConvokeMethodInfo      *method)
{
  gpointer number;

  if (!g_hash_table_lookup_extended (numbers, method->slot_name, NULL, &number))
    return CONVOKE_REMOTE_ABSENT;

  if (!g_str_equal (self->methods[GPOINTER_TO_UINT (number)].fingerprint, method->fingerprint))
    return CONVOKE_REMOTE_DIFFERENT;

  return GPOINTER_TO_INT (number);
}

static int *
match_methods (const ConvokeRemoteInterface *self,
               const ConvokeInterfaceInfo   *info)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  int *by_index = g_new (int, MAX (info->n_methods, 1));

  for (guint i = 0; i < self->n_methods; i++)
    g_hash_table_insert (numbers, self->methods[i].slot_name, GUINT_TO_POINTER (i));
  for (guint i = 0; i < info->n_methods; i++)
    by_index[i] = compare_method (self, numbers, &info->methods[i]);

  return by_index;
}

/* A library can be here without anybody having asked for its types. */
static GType
find_type (const ConvokeRemoteInterface *self)
{
  GType type = g_type_from_name (self->type_name);

  if (type != G_TYPE_INVALID)
    return type;

  type = convoke_typelib_find (self->name);
  return g_strcmp0 (g_type_name (type), self->type_name) == 0 ? type : G_TYPE_INVALID;
}

/* The interface as it is known here now. A type's name comes from outside, so it can be any type's. */
static const ConvokeInterfaceInfo *
describe (const ConvokeRemoteInterface *self)
{
  GType type = find_type (self);
  const ConvokeInterfaceInfo *info;

  if (!G_TYPE_IS_INTERFACE (type) || type == G_TYPE_INTERFACE)
    return NULL;

  info = convoke_interface_info_lookup (type, NULL);
  return info != NULL && g_str_equal (info->name, self->name) ? info : NULL;
}

/* NULL: not known here. */
static const ConvokeInterfaceInfo *
learn (ConvokeRemoteInterface *self)
{
  const ConvokeInterfaceInfo *info = g_atomic_pointer_get (&self->info);
  int *by_index;

  if (info != NULL)
    return info;

  info = describe (self);
  if (info == NULL)
    return NULL;

  by_index = match_methods (self, info);
  if (g_atomic_pointer_compare_and_exchange (&self->by_index, NULL, by_index))
    g_atomic_pointer_set (&self->info, info);
  else
    g_free (by_index);

  return info;
}

static ConvokeRemoteInterface *
find_interface (ConvokeRemoteType          *self,
                const ConvokeInterfaceInfo *info)
{
  for (guint i = 0; i < self->n_interfaces; i++)
    if (g_atomic_pointer_get (&self->interfaces[i].info) == info)
      return &self->interfaces[i];

  for (guint i = 0; i < self->n_interfaces; i++)
    if (learn (&self->interfaces[i]) == info)
      return &self->interfaces[i];

  return NULL;
}

gboolean
convoke_remote_type_implements (ConvokeRemoteType          *self,
                                const ConvokeInterfaceInfo *info)
{
  return find_interface (self, info) != NULL;
}

/* What the owner has for @method: a number, ABSENT or DIFFERENT. */
static int
get_number (ConvokeRemoteInterface  *self,
            const ConvokeMethodInfo *method)
{
  const int *by_index = g_atomic_pointer_get (&self->by_index);

  return by_index[method->index];
}

static const char *
find_fingerprint (const ConvokeRemoteInterface *self,
                  const char                   *slot_name)
{
  for (guint i = 0; i < self->n_methods; i++)
    if (g_str_equal (self->methods[i].slot_name, slot_name))
      return self->methods[i].fingerprint;

  return "";
}

static void
set_no_number (ConvokeRemoteType        *self,
               ConvokeRemoteInterface   *iface,
               const ConvokeMethodInfo  *method,
               GError                  **error)
{
  if (get_number (iface, method) == CONVOKE_REMOTE_ABSENT)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_METHOD,
                 "%s.%s is not known in the process of this %s: its %s has no such method",
                 method->owner->name, method->callable.name, self->class_name, iface->name);
  else
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_VERSION_MISMATCH,
                 "%s.%s has another shape in the process of this %s: %s there, %s here",
                 method->owner->name, method->callable.name, self->class_name,
                 find_fingerprint (iface, method->slot_name), method->fingerprint);
}

gboolean
convoke_remote_type_find_method (ConvokeRemoteType        *self,
                                 const ConvokeMethodInfo  *method,
                                 guint                    *iface,
                                 guint                    *index,
                                 GError                  **error)
{
  ConvokeRemoteInterface *found = find_interface (self, method->owner);
  int number;

  if (found == NULL)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_NO_INTERFACE,
                   "%s, as its process describes it, does not implement %s", self->class_name, method->owner->name);
      return FALSE;
    }

  number = get_number (found, method);
  if (number < 0)
    {
      set_no_number (self, found, method, error);
      return FALSE;
    }

  *iface = found - self->interfaces;
  *index = number;
  return TRUE;
}

/* What the owner cannot be asked stays filled: a call of it tells what is wrong. */
gboolean
convoke_remote_type_has_slot (const ConvokeMethodInfo *method,
                              gpointer                 self)
{
  ConvokeRemoteInterface *iface = find_interface (self, method->owner);
  int number = iface != NULL ? get_number (iface, method) : CONVOKE_REMOTE_ABSENT;

  return number < 0 || iface->methods[number].filled;
}

void
convoke_remote_type_init_set (ConvokeRemoteType   *self,
                              ConvokeInterfaceSet *set)
{
  convoke_interface_set_init (set);
  for (guint i = 0; i < self->n_interfaces; i++)
    {
      const ConvokeInterfaceInfo *info = learn (&self->interfaces[i]);

      if (info != NULL)
        convoke_interface_set_add (set, info->gtype);
      else
        set->settled = FALSE;
    }
}
