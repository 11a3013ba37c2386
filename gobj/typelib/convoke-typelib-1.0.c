/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The typelib reader on girepository 1.0: makes the structs of
 * convoke-interface-info-private.h of what a typelib has. Whoever calls holds
 * one lock over all of it, because GIRepository has none.
 *
 * A typelib is only ever read. Asking it for a GType would open the shared
 * library that it describes, which can end the process (GTK 3 beside GTK 4):
 * types are compared by name.
 */

#include "config.h"

#include <girepository.h>
#include <gmodule.h>
#include <string.h>

#include "convoke-typelib-private.h"

/* A callback that takes a callback, and so on: typelibs may have loops there. */
#define MAX_CALLBACK_DEPTH 3

#define CONTRACT_PREFIX "convoke."

typedef GIBaseInfo BaseInfo;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseInfo, g_base_info_unref)
typedef GIRepository Repository;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Repository, g_object_unref)

static void read_callable (GICallableInfo      *info,
                           ConvokeCallableInfo *self,
                           guint                depth);

/* --- types --- */

static const struct
{
  ConvokeTypeKind  kind;
  const char      *name;
} basic_kinds[] = {
  [GI_TYPE_TAG_VOID]     = { CONVOKE_TYPE_KIND_VOID, "none" },
  [GI_TYPE_TAG_BOOLEAN]  = { CONVOKE_TYPE_KIND_BOOLEAN, "boolean" },
  [GI_TYPE_TAG_INT8]     = { CONVOKE_TYPE_KIND_INT8, "int8" },
  [GI_TYPE_TAG_UINT8]    = { CONVOKE_TYPE_KIND_UINT8, "uint8" },
  [GI_TYPE_TAG_INT16]    = { CONVOKE_TYPE_KIND_INT16, "int16" },
  [GI_TYPE_TAG_UINT16]   = { CONVOKE_TYPE_KIND_UINT16, "uint16" },
  [GI_TYPE_TAG_INT32]    = { CONVOKE_TYPE_KIND_INT32, "int32" },
  [GI_TYPE_TAG_UINT32]   = { CONVOKE_TYPE_KIND_UINT32, "uint32" },
  [GI_TYPE_TAG_INT64]    = { CONVOKE_TYPE_KIND_INT64, "int64" },
  [GI_TYPE_TAG_UINT64]   = { CONVOKE_TYPE_KIND_UINT64, "uint64" },
  [GI_TYPE_TAG_FLOAT]    = { CONVOKE_TYPE_KIND_FLOAT, "float" },
  [GI_TYPE_TAG_DOUBLE]   = { CONVOKE_TYPE_KIND_DOUBLE, "double" },
  [GI_TYPE_TAG_GTYPE]    = { CONVOKE_TYPE_KIND_GTYPE, "gtype" },
  [GI_TYPE_TAG_UTF8]     = { CONVOKE_TYPE_KIND_UTF8, "utf8" },
  [GI_TYPE_TAG_FILENAME] = { CONVOKE_TYPE_KIND_FILENAME, "filename" },
  [GI_TYPE_TAG_ARRAY]    = { CONVOKE_TYPE_KIND_ARRAY, "array" },
  [GI_TYPE_TAG_GLIST]    = { CONVOKE_TYPE_KIND_LIST, "list" },
  [GI_TYPE_TAG_GSLIST]   = { CONVOKE_TYPE_KIND_SLIST, "slist" },
  [GI_TYPE_TAG_GHASH]    = { CONVOKE_TYPE_KIND_HASH_TABLE, "hash-table" },
  [GI_TYPE_TAG_ERROR]    = { CONVOKE_TYPE_KIND_ERROR, "error" },
  [GI_TYPE_TAG_UNICHAR]  = { CONVOKE_TYPE_KIND_UNICHAR, "unichar" },
};

static ConvokeTypeKind
kind_of_array (GIArrayType array_type)
{
  switch (array_type)
    {
    case GI_ARRAY_TYPE_ARRAY:
      return CONVOKE_TYPE_KIND_GARRAY;
    case GI_ARRAY_TYPE_PTR_ARRAY:
      return CONVOKE_TYPE_KIND_PTR_ARRAY;
    case GI_ARRAY_TYPE_BYTE_ARRAY:
      return CONVOKE_TYPE_KIND_BYTE_ARRAY;
    case GI_ARRAY_TYPE_C:
    default:
      return CONVOKE_TYPE_KIND_ARRAY;
    }
}

static char *
qualified_name (GIBaseInfo *info)
{
  return g_strconcat (g_base_info_get_namespace (info), ".", g_base_info_get_name (info), NULL);
}

static gboolean
append_scalar_field (GString     *layout,
                     GIFieldInfo *field)
{
  g_autoptr (BaseInfo) type = g_field_info_get_type (field);
  g_autoptr (BaseInfo) named = NULL;
  GITypeTag tag = g_type_info_get_tag (type);

  if (g_type_info_is_pointer (type))
    return FALSE;

  if (tag == GI_TYPE_TAG_INTERFACE)
    {
      named = g_type_info_get_interface (type);
      if (!GI_IS_ENUM_INFO (named))
        return FALSE;
      tag = g_enum_info_get_storage_type (named);
    }

  if (!GI_TYPE_TAG_IS_NUMERIC (tag) && tag != GI_TYPE_TAG_BOOLEAN && tag != GI_TYPE_TAG_UNICHAR)
    return FALSE;

  g_string_append_printf (layout, "%s%s@%d", layout->len > 0 ? " " : "",
                          basic_kinds[tag].name, g_field_info_get_offset (field));
  return TRUE;
}

/* The fields of a structure that has scalars only, else NULL. */
static char *
read_scalar_layout (GIStructInfo *info)
{
  g_autoptr (GString) layout = g_string_new (NULL);
  int n_fields = g_struct_info_get_n_fields (info);

  for (int i = 0; i < n_fields; i++)
    {
      g_autoptr (BaseInfo) field = g_struct_info_get_field (info, i);

      if (!append_scalar_field (layout, field))
        return NULL;
    }

  return n_fields > 0 ? g_strdup (layout->str) : NULL;
}

static ConvokeTypeKind
kind_of_struct (const char *name,
                const char *type_name)
{
  static const struct
  {
    const char      *name;
    ConvokeTypeKind  kind;
  } special[] = {
    { "GLib.Variant", CONVOKE_TYPE_KIND_VARIANT },
    { "GLib.Bytes", CONVOKE_TYPE_KIND_BYTES },
    { "GLib.Error", CONVOKE_TYPE_KIND_ERROR },
    { "GObject.Value", CONVOKE_TYPE_KIND_VALUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (special); i++)
    if (strcmp (name, special[i].name) == 0)
      return special[i].kind;

  return type_name != NULL ? CONVOKE_TYPE_KIND_BOXED : CONVOKE_TYPE_KIND_STRUCT;
}

static void
read_enum_type (GIBaseInfo      *named,
                ConvokeTypeInfo *self)
{
  GITypeTag storage = g_enum_info_get_storage_type (named);

  self->kind = g_base_info_get_type (named) == GI_INFO_TYPE_FLAGS ? CONVOKE_TYPE_KIND_FLAGS
                                                                 : CONVOKE_TYPE_KIND_ENUM;
  self->storage = basic_kinds[storage].kind;
}

static void
read_named_type (GITypeInfo      *info,
                 ConvokeTypeInfo *self,
                 guint            depth)
{
  g_autoptr (BaseInfo) named = g_type_info_get_interface (info);

  self->name = qualified_name (named);
  if (GI_IS_REGISTERED_TYPE_INFO (named))
    {
      self->type_name = g_strdup (g_registered_type_info_get_type_name (named));
      self->type_init = g_strdup (g_registered_type_info_get_type_init (named));
    }

  switch ((int) g_base_info_get_type (named))
    {
    case GI_INFO_TYPE_STRUCT:
    case GI_INFO_TYPE_BOXED:
      self->kind = kind_of_struct (self->name, self->type_name);
      self->size = g_struct_info_get_size (named);
      self->layout = read_scalar_layout (named);
      self->scalar_struct = self->layout != NULL;
      break;

    case GI_INFO_TYPE_UNION:
      self->kind = CONVOKE_TYPE_KIND_UNION;
      self->size = g_union_info_get_size (named);
      break;

    case GI_INFO_TYPE_ENUM:
    case GI_INFO_TYPE_FLAGS:
      read_enum_type (named, self);
      break;

    case GI_INFO_TYPE_OBJECT:
      self->kind = strcmp (self->name, "GObject.ParamSpec") == 0 ? CONVOKE_TYPE_KIND_PARAM
                                                                : CONVOKE_TYPE_KIND_OBJECT;
      break;

    case GI_INFO_TYPE_INTERFACE:
      self->kind = CONVOKE_TYPE_KIND_INTERFACE;
      break;

    case GI_INFO_TYPE_CALLBACK:
      self->kind = CONVOKE_TYPE_KIND_CALLBACK;
      if (depth < MAX_CALLBACK_DEPTH)
        {
          self->callback = g_new0 (ConvokeCallableInfo, 1);
          read_callable (named, self->callback, depth + 1);
        }
      break;

    default:
      self->kind = CONVOKE_TYPE_KIND_POINTER;
      break;
    }
}

static void read_type (GITypeInfo      *info,
                       ConvokeTypeInfo *self,
                       guint            depth);

static ConvokeTypeInfo *
read_param_type (GITypeInfo *info,
                 int         n,
                 guint       depth)
{
  g_autoptr (BaseInfo) param = g_type_info_get_param_type (info, n);
  ConvokeTypeInfo *self;

  if (param == NULL)
    return NULL;

  self = g_new0 (ConvokeTypeInfo, 1);
  read_type (param, self, depth);
  return self;
}

static void
read_type (GITypeInfo      *info,
           ConvokeTypeInfo *self,
           guint            depth)
{
  GITypeTag tag = g_type_info_get_tag (info);

  self->is_pointer = g_type_info_is_pointer (info);
  self->length_arg = -1;
  self->fixed_size = -1;

  if (tag == GI_TYPE_TAG_INTERFACE)
    {
      read_named_type (info, self, depth);
      return;
    }

  self->kind = basic_kinds[tag].kind;
  self->name = g_strdup (basic_kinds[tag].name);

  if (tag == GI_TYPE_TAG_VOID && self->is_pointer)
    {
      self->kind = CONVOKE_TYPE_KIND_POINTER;
      g_free (self->name);
      self->name = g_strdup ("pointer");
    }
  else if (tag == GI_TYPE_TAG_ARRAY)
    {
      self->kind = kind_of_array (g_type_info_get_array_type (info));
      self->zero_terminated = g_type_info_is_zero_terminated (info);
      self->length_arg = g_type_info_get_array_length (info);
      self->fixed_size = g_type_info_get_array_fixed_size (info);
      self->element = read_param_type (info, 0, depth);
    }
  else if (tag == GI_TYPE_TAG_GLIST || tag == GI_TYPE_TAG_GSLIST)
    {
      self->element = read_param_type (info, 0, depth);
    }
  else if (tag == GI_TYPE_TAG_GHASH)
    {
      self->element = read_param_type (info, 0, depth);
      self->value = read_param_type (info, 1, depth);
    }
}

/* --- attributes --- */

/* A typelib has each attribute of an info; of two infos the first's value stays
 * and a contract that differs is noted, so that it can be refused. */
static void
add_attribute (GHashTable **attributes,
               const char  *name,
               const char  *value,
               char       **conflict)
{
  const char *old;

  if (*attributes == NULL)
    *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  old = g_hash_table_lookup (*attributes, name);

  if (old == NULL)
    g_hash_table_insert (*attributes, g_strdup (name), g_strdup (value));
  else if (strcmp (old, value) != 0 && g_str_has_prefix (name, CONTRACT_PREFIX) && *conflict == NULL)
    *conflict = g_strdup_printf ("%s is both “%s” and “%s”", name, old, value);
}

static void
add_attributes (GHashTable **attributes,
                GIBaseInfo  *info,
                char       **conflict)
{
  GIAttributeIter iter = { 0 };
  char *name, *value;

  while (g_base_info_iterate_attributes (info, &iter, &name, &value))
    add_attribute (attributes, name, value, conflict);
}

static void
add_return_attributes (GHashTable     **attributes,
                       GICallableInfo  *info,
                       char           **conflict)
{
  GIAttributeIter iter = { 0 };
  char *name, *value;

  while (g_callable_info_iterate_return_attributes (info, &iter, &name, &value))
    add_attribute (attributes, name, value, conflict);
}

static void
add_callable_attributes (ConvokeMethodInfo  *self,
                         GICallableInfo     *info,
                         char              **conflict)
{
  add_attributes (&self->attributes, info, conflict);
  add_return_attributes (&self->callable.ret.attributes, info, conflict);

  for (guint i = 0; i < self->callable.n_args; i++)
    {
      g_autoptr (BaseInfo) arg = g_callable_info_get_arg (info, i);

      add_attributes (&self->callable.args[i].attributes, arg, conflict);
    }
}

static char *
find_contract (GIBaseInfo *info)
{
  GIAttributeIter iter = { 0 };
  char *name, *value;

  while (g_base_info_iterate_attributes (info, &iter, &name, &value))
    if (g_str_has_prefix (name, CONTRACT_PREFIX))
      return g_strdup (name);

  return NULL;
}

static char *
find_callable_contract (GICallableInfo *info)
{
  GIAttributeIter iter = { 0 };
  char *name, *value;
  char *found = find_contract (info);

  while (found == NULL && g_callable_info_iterate_return_attributes (info, &iter, &name, &value))
    if (g_str_has_prefix (name, CONTRACT_PREFIX))
      found = g_strdup (name);

  for (int i = 0; found == NULL && i < g_callable_info_get_n_args (info); i++)
    {
      g_autoptr (BaseInfo) arg = g_callable_info_get_arg (info, i);

      found = find_contract (arg);
    }

  return found;
}

/* --- callables --- */

static ConvokeDirection
direction_of (GIDirection direction)
{
  switch (direction)
    {
    case GI_DIRECTION_OUT:
      return CONVOKE_DIRECTION_OUT;
    case GI_DIRECTION_INOUT:
      return CONVOKE_DIRECTION_INOUT;
    case GI_DIRECTION_IN:
    default:
      return CONVOKE_DIRECTION_IN;
    }
}

static ConvokeTransfer
transfer_of (GITransfer transfer)
{
  switch (transfer)
    {
    case GI_TRANSFER_CONTAINER:
      return CONVOKE_TRANSFER_CONTAINER;
    case GI_TRANSFER_EVERYTHING:
      return CONVOKE_TRANSFER_FULL;
    case GI_TRANSFER_NOTHING:
    default:
      return CONVOKE_TRANSFER_NONE;
    }
}

static ConvokeScope
scope_of (GIScopeType scope)
{
  switch ((int) scope)
    {
    case GI_SCOPE_TYPE_CALL:
      return CONVOKE_SCOPE_CALL;
    case GI_SCOPE_TYPE_ASYNC:
      return CONVOKE_SCOPE_ASYNC;
    case GI_SCOPE_TYPE_NOTIFIED:
      return CONVOKE_SCOPE_NOTIFIED;
#if GI_CHECK_VERSION (1, 76, 0)
    case GI_SCOPE_TYPE_FOREVER:
      return CONVOKE_SCOPE_FOREVER;
#endif
    default:
      return CONVOKE_SCOPE_NONE;
    }
}

static void
read_arg (GIArgInfo      *info,
          ConvokeArgInfo *self,
          guint           depth)
{
  g_autoptr (BaseInfo) type = g_arg_info_get_type (info);

  self->name = g_strdup (g_base_info_get_name (info));
  self->direction = direction_of (g_arg_info_get_direction (info));
  self->transfer = transfer_of (g_arg_info_get_ownership_transfer (info));
  self->nullable = g_arg_info_may_be_null (info);
  self->optional = g_arg_info_is_optional (info);
  self->caller_allocates = g_arg_info_is_caller_allocates (info);
  self->skip = g_arg_info_is_skip (info);
  self->scope = scope_of (g_arg_info_get_scope (info));
  self->closure = g_arg_info_get_closure (info);
  self->destroy = g_arg_info_get_destroy (info);
  self->length_of = -1;
  self->closure_of = -1;
  read_type (type, &self->type, depth);
}

static void
read_return (GICallableInfo *info,
             ConvokeArgInfo *self,
             guint           depth)
{
  g_autoptr (BaseInfo) type = g_callable_info_get_return_type (info);

  self->name = g_strdup ("return");
  self->direction = CONVOKE_DIRECTION_OUT;
  self->transfer = transfer_of (g_callable_info_get_caller_owns (info));
  self->nullable = g_callable_info_may_return_null (info);
  self->skip = g_callable_info_skip_return (info);
  self->closure = -1;
  self->destroy = -1;
  self->length_of = -1;
  self->closure_of = -1;
  read_type (type, &self->type, depth);
}

static void
read_callable (GICallableInfo      *info,
               ConvokeCallableInfo *self,
               guint                depth)
{
  self->name = g_strdup (g_base_info_get_name (info));
  self->n_args = g_callable_info_get_n_args (info);
  self->args = g_new0 (ConvokeArgInfo, self->n_args);
  self->throws = g_callable_info_can_throw_gerror (info);
  read_return (info, &self->ret, depth);

  for (guint i = 0; i < self->n_args; i++)
    {
      g_autoptr (BaseInfo) arg = g_callable_info_get_arg (info, i);

      read_arg (arg, &self->args[i], depth);
    }
}

/* --- methods --- */

static gboolean
is_taken (GHashTable     *slots,
          GIFunctionInfo *method,
          GIVFuncInfo    *by_other_than)
{
  const char *slot = g_hash_table_lookup (slots, g_function_info_get_symbol (method));

  return slot != NULL && strcmp (slot, g_base_info_get_name (by_other_than)) != 0;
}

/* The method that calls the slot. Where the scanner lost it (it compares the
 * annotated return types), the method of the same name, number of arguments
 * and throws has the annotations that the slot should have, unless it is
 * known to call another slot. */
static GIFunctionInfo *
find_method (GIInterfaceInfo *iface,
             GIVFuncInfo     *vfunc,
             GHashTable      *slots,
             gboolean        *is_donor)
{
  g_autoptr (BaseInfo) method = g_vfunc_info_get_invoker (vfunc);

  *is_donor = method == NULL;
  if (method == NULL)
    method = g_interface_info_find_method (iface, g_base_info_get_name (vfunc));

  if (method == NULL || is_taken (slots, method, vfunc))
    return NULL;

  if (*is_donor &&
      (!g_callable_info_is_method (method) ||
       g_callable_info_get_n_args (method) != g_callable_info_get_n_args (vfunc) ||
       g_callable_info_can_throw_gerror (method) != g_callable_info_can_throw_gerror (vfunc)))
    return NULL;

  return g_steal_pointer (&method);
}

static guint
find_offset (GIStructInfo *iface_struct,
             const char   *slot)
{
  g_autoptr (BaseInfo) field = NULL;

  if (iface_struct == NULL)
    return G_MAXUINT;

  field = g_struct_info_find_field (iface_struct, slot);
  if (field == NULL)
    return G_MAXUINT;

  return g_field_info_get_offset (field);
}

static void
read_method (GIInterfaceInfo   *iface,
             GIStructInfo      *iface_struct,
             GIVFuncInfo       *vfunc,
             ConvokeMethodInfo *self,
             GHashTable        *slots)
{
  gboolean is_donor = FALSE;
  g_autoptr (BaseInfo) method = find_method (iface, vfunc, slots, &is_donor);
  g_autofree char *conflict = NULL;

  read_callable (method != NULL && is_donor ? method : vfunc, &self->callable, 0);
  self->callable.is_method = TRUE;
  self->slot_name = g_strdup (g_base_info_get_name (vfunc));
  self->offset = find_offset (iface_struct, self->slot_name);

  add_callable_attributes (self, vfunc, &conflict);

  if (method != NULL)
    {
      g_free (self->callable.name);
      self->callable.name = g_strdup (g_base_info_get_name (method));
      self->invoker = g_strdup (g_function_info_get_symbol (method));
      if ((guint) g_callable_info_get_n_args (method) == self->callable.n_args)
        add_callable_attributes (self, method, &conflict);
      g_hash_table_insert (slots, g_strdup (self->invoker), g_strdup (self->slot_name));
    }

  self->refusal = g_steal_pointer (&conflict);
}

static int
compare_offsets (gconstpointer a,
                 gconstpointer b)
{
  const ConvokeMethodInfo *left = a;
  const ConvokeMethodInfo *right = b;

  return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/* Finds for each method the slot that it calls. The scanner can name one method
 * for two slots: by its name for one and as its author said for the other,
 * which is the one with another name. */
static void
collect_slots (GIInterfaceInfo *info,
               GHashTable      *slots)
{
  for (int i = 0; i < g_interface_info_get_n_vfuncs (info); i++)
    {
      g_autoptr (BaseInfo) vfunc = g_interface_info_get_vfunc (info, i);
      g_autoptr (BaseInfo) method = g_vfunc_info_get_invoker (vfunc);

      if (method == NULL ||
          (g_hash_table_contains (slots, g_function_info_get_symbol (method)) &&
           strcmp (g_base_info_get_name (method), g_base_info_get_name (vfunc)) == 0))
        continue;

      g_hash_table_insert (slots, g_strdup (g_function_info_get_symbol (method)),
                           g_strdup (g_base_info_get_name (vfunc)));
    }
}

/* 0: it is no number. */
static gsize
get_scalar_size (GIFieldInfo *field)
{
  static const guint8 sizes[] = {
    [GI_TYPE_TAG_BOOLEAN] = sizeof (gboolean), [GI_TYPE_TAG_INT8] = 1, [GI_TYPE_TAG_UINT8] = 1,
    [GI_TYPE_TAG_INT16] = 2, [GI_TYPE_TAG_UINT16] = 2, [GI_TYPE_TAG_INT32] = 4, [GI_TYPE_TAG_UINT32] = 4,
    [GI_TYPE_TAG_INT64] = 8, [GI_TYPE_TAG_UINT64] = 8, [GI_TYPE_TAG_FLOAT] = sizeof (float),
    [GI_TYPE_TAG_DOUBLE] = sizeof (double), [GI_TYPE_TAG_GTYPE] = sizeof (GType), [GI_TYPE_TAG_UNICHAR] = 4,
  };
  g_autoptr (BaseInfo) type = g_field_info_get_type (field);
  GITypeTag tag = g_type_info_get_tag (type);
  g_autoptr (BaseInfo) named = NULL;

  if (g_type_info_is_pointer (type))
    return 0;

  if (tag == GI_TYPE_TAG_INTERFACE)
    {
      named = g_type_info_get_interface (type);
      if (!GI_IS_ENUM_INFO (named))
        return 0;
      tag = g_enum_info_get_storage_type (named);
    }

  return (guint) tag < G_N_ELEMENTS (sizes) ? sizes[tag] : 0;
}

static void
read_scalars (GIStructInfo         *iface_struct,
              ConvokeInterfaceInfo *self)
{
  int n_fields = iface_struct != NULL ? g_struct_info_get_n_fields (iface_struct) : 0;

  self->scalars = g_new0 (ConvokeScalarField, n_fields);
  for (int i = 0; i < n_fields; i++)
    {
      g_autoptr (BaseInfo) field = g_struct_info_get_field (iface_struct, i);
      gsize size = get_scalar_size (field);
      gsize offset = g_field_info_get_offset (field);

      if (size == 0 || offset < sizeof (GTypeInterface) || offset + size > self->struct_size)
        continue;

      self->scalars[self->n_scalars].offset = offset;
      self->scalars[self->n_scalars].size = size;
      self->n_scalars++;
    }
}

/* @slots: gets, for the C symbol of each method that calls a slot, the slot. */
static void
read_methods (GIInterfaceInfo      *info,
              ConvokeInterfaceInfo *self,
              GHashTable           *slots)
{
  g_autoptr (BaseInfo) iface_struct = g_interface_info_get_iface_struct (info);

  self->struct_size = iface_struct != NULL ? g_struct_info_get_size (iface_struct) : 0;
  read_scalars (iface_struct, self);
  self->n_methods = g_interface_info_get_n_vfuncs (info);
  self->methods = g_new0 (ConvokeMethodInfo, self->n_methods);
  collect_slots (info, slots);

  for (guint i = 0; i < self->n_methods; i++)
    {
      g_autoptr (BaseInfo) vfunc = g_interface_info_get_vfunc (info, i);

      read_method (info, iface_struct, vfunc, &self->methods[i], slots);
    }

  if (self->n_methods > 1)
    qsort (self->methods, self->n_methods, sizeof (ConvokeMethodInfo), compare_offsets);
}

/* A contract that nobody will look at must not be believed by its author. */
static char *
find_lost_contract (GIInterfaceInfo *info,
                    GHashTable      *slots)
{
  for (int i = 0; i < g_interface_info_get_n_methods (info); i++)
    {
      g_autoptr (BaseInfo) method = g_interface_info_get_method (info, i);
      g_autofree char *contract = NULL;

      if (g_hash_table_contains (slots, g_function_info_get_symbol (method)))
        continue;

      contract = find_callable_contract (method);
      if (contract != NULL)
        return g_strdup_printf ("the attribute %s of %s() reaches no virtual function: "
                                "none has its name, number of arguments and throws",
                                contract, g_function_info_get_symbol (method));
    }

  for (int i = 0; i < g_interface_info_get_n_signals (info); i++)
    {
      g_autoptr (BaseInfo) signal = g_interface_info_get_signal (info, i);
      g_autofree char *contract = find_callable_contract (signal);

      if (contract != NULL)
        return g_strdup_printf ("the attribute %s of the signal “%s” has no meaning there",
                                contract, g_base_info_get_name (signal));
    }

  for (int i = 0; i < g_interface_info_get_n_properties (info); i++)
    {
      g_autoptr (BaseInfo) property = g_interface_info_get_property (info, i);
      g_autofree char *contract = find_contract (property);

      if (contract != NULL)
        return g_strdup_printf ("the attribute %s of the property “%s” has no meaning there",
                                contract, g_base_info_get_name (property));
    }

  return NULL;
}

/* --- interfaces --- */

static void
read_signals (GIInterfaceInfo      *info,
              ConvokeInterfaceInfo *self)
{
  self->n_signals = g_interface_info_get_n_signals (info);
  self->signals = g_new0 (ConvokeSignalInfo, self->n_signals);

  for (guint i = 0; i < self->n_signals; i++)
    {
      g_autoptr (BaseInfo) signal = g_interface_info_get_signal (info, i);

      read_callable (signal, &self->signals[i].callable, 0);
      self->signals[i].run_flags = g_signal_info_get_flags (signal);
    }
}

static void
read_properties (GIInterfaceInfo      *info,
                 ConvokeInterfaceInfo *self)
{
  self->n_properties = g_interface_info_get_n_properties (info);
  self->properties = g_new0 (ConvokePropertyInfo, self->n_properties);

  for (guint i = 0; i < self->n_properties; i++)
    {
      g_autoptr (BaseInfo) property = g_interface_info_get_property (info, i);
      g_autoptr (BaseInfo) type = g_property_info_get_type (property);

      self->properties[i].name = g_strdup (g_base_info_get_name (property));
      self->properties[i].flags = g_property_info_get_flags (property);
      self->properties[i].transfer = transfer_of (g_property_info_get_ownership_transfer (property));
      read_type (type, &self->properties[i].type, 0);
    }
}

static void
read_prerequisites (GIInterfaceInfo      *info,
                    ConvokeInterfaceInfo *self)
{
  GPtrArray *names = g_ptr_array_new ();

  for (int i = 0; i < g_interface_info_get_n_prerequisites (info); i++)
    {
      g_autoptr (BaseInfo) prerequisite = g_interface_info_get_prerequisite (info, i);
      g_autofree char *name = qualified_name (prerequisite);

      if (GI_IS_REGISTERED_TYPE_INFO (prerequisite))
        g_ptr_array_add (names, g_strdup (g_registered_type_info_get_type_name (prerequisite)));

      if (!GI_IS_INTERFACE_INFO (prerequisite) &&
          strcmp (name, "GObject.Object") != 0 &&
          self->required_class == NULL)
        self->required_class = g_steal_pointer (&name);
    }

  g_ptr_array_add (names, NULL);
  self->prerequisites = (char **) g_ptr_array_free (names, FALSE);
}

static ConvokeInterfaceInfo *
read_info (GIInterfaceInfo *info,
           const char      *version)
{
  g_autoptr (GHashTable) slots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *conflict = NULL;
  ConvokeInterfaceInfo *self = g_new0 (ConvokeInterfaceInfo, 1);

  self->namespace_ = g_strdup (g_base_info_get_namespace (info));
  self->version = g_strdup (version);
  self->name = g_strdup_printf ("%s-%s.%s", self->namespace_, version, g_base_info_get_name (info));
  self->type_name = g_strdup (g_registered_type_info_get_type_name (info));
  add_attributes (&self->attributes, info, &conflict);

  read_methods (info, self, slots);
  read_signals (info, self);
  read_properties (info, self);
  read_prerequisites (info, self);
  self->refusal = find_lost_contract (info, slots);

  return self;
}

/* --- what the library calls --- */

static gpointer
repository_new (void)
{
  return g_object_new (G_TYPE_IREPOSITORY, NULL);
}

static ConvokeTypelibResult
require (gpointer      repository,
         const char   *directory,
         const char   *namespace_,
         const char   *version,
         char        **message)
{
  g_autoptr (GError) error = NULL;
  GITypelib *typelib;

  if (directory != NULL)
    typelib = g_irepository_require_private (repository, directory, namespace_, version, 0, &error);
  else
    typelib = g_irepository_require (repository, namespace_, version, 0, &error);

  if (typelib != NULL)
    return CONVOKE_TYPELIB_OK;

  *message = g_strdup (error->message);
  return g_error_matches (error, G_IREPOSITORY_ERROR, G_IREPOSITORY_ERROR_NAMESPACE_VERSION_CONFLICT)
         ? CONVOKE_TYPELIB_OTHER_VERSION : CONVOKE_TYPELIB_NOT_FOUND;
}

static gboolean
has_interface (gpointer    repository,
               const char *namespace_,
               const char *name)
{
  g_autoptr (BaseInfo) info = g_irepository_find_by_name (repository, namespace_, name);

  return info != NULL && GI_IS_INTERFACE_INFO (info);
}

static char *
find_type_init (gpointer    repository,
                const char *namespace_,
                const char *version,
                const char *name)
{
  g_autoptr (BaseInfo) info = NULL;

  if (!g_irepository_is_registered (repository, namespace_, version))
    return NULL;

  info = g_irepository_find_by_name (repository, namespace_, name);
  return info != NULL && GI_IS_INTERFACE_INFO (info) ? g_strdup (g_registered_type_info_get_type_init (info)) : NULL;
}

static const char *
get_libraries (gpointer repository,
               GType    gtype)
{
  g_autoptr (BaseInfo) info = g_irepository_find_by_gtype (repository, gtype);

  return info != NULL ? g_irepository_get_shared_library (repository, g_base_info_get_namespace (info)) : NULL;
}

/* Where a typelib of that namespace was not looked at yet. They are never freed, as they would not free their typelibs. */
static GIRepository *
find_room (const char *namespace_)
{
  static GPtrArray *rooms;

  if (rooms == NULL)
    rooms = g_ptr_array_new ();

  for (guint i = 0; i < rooms->len; i++)
    if (!g_irepository_is_registered (rooms->pdata[i], namespace_, NULL))
      return rooms->pdata[i];

  g_ptr_array_add (rooms, repository_new ());
  return rooms->pdata[rooms->len - 1];
}

/* Lazily, which leaves out what the typelib depends on: it meets no other version of anything. */
static ConvokeTypelibResult
look (const char   *directory,
      const char   *namespace_,
      const char   *version,
      char        **libraries,
      char       ***dependencies,
      char        **message)
{
  GIRepository *repository = find_room (namespace_);
  g_autoptr (GError) error = NULL;
  GITypelib *typelib;

  if (directory != NULL)
    typelib = g_irepository_require_private (repository, directory, namespace_, version,
                                             G_IREPOSITORY_LOAD_FLAG_LAZY, &error);
  else
    typelib = g_irepository_require (repository, namespace_, version, G_IREPOSITORY_LOAD_FLAG_LAZY, &error);

  if (typelib == NULL)
    {
      *message = g_strdup (error->message);
      return CONVOKE_TYPELIB_NOT_FOUND;
    }

  *libraries = g_strdup (g_irepository_get_shared_library (repository, namespace_));
  *dependencies = g_irepository_get_immediate_dependencies (repository, namespace_);
  return CONVOKE_TYPELIB_OK;
}

static char **
list_versions (const char *namespace_)
{
  g_autoptr (Repository) repository = repository_new ();
  GList *versions = g_irepository_enumerate_versions (repository, namespace_);
  char **list = g_new0 (char *, g_list_length (versions) + 1);
  gsize n = 0;

  for (GList *l = versions; l != NULL; l = l->next)
    list[n++] = l->data;
  g_list_free (versions);

  return list;
}

static const char *
get_loaded_version (const char *namespace_)
{
  GIRepository *others = g_irepository_get_default ();

  return g_irepository_is_registered (others, namespace_, NULL) ? g_irepository_get_version (others, namespace_) : NULL;
}

static ConvokeTypelibResult
read_interface (gpointer               repository,
                GType                  gtype,
                ConvokeInterfaceInfo **result)
{
  g_autoptr (BaseInfo) info = g_irepository_find_by_gtype (repository, gtype);

  if (info == NULL)
    return CONVOKE_TYPELIB_NOT_FOUND;

  if (!GI_IS_INTERFACE_INFO (info))
    return CONVOKE_TYPELIB_NOT_AN_INTERFACE;

  *result = read_info (info, g_irepository_get_version (repository, g_base_info_get_namespace (info)));
  (*result)->gtype = gtype;
  return CONVOKE_TYPELIB_OK;
}

G_MODULE_EXPORT const ConvokeTypelibReader convoke_typelib_reader;

G_MODULE_EXPORT const ConvokeTypelibReader convoke_typelib_reader = {
  .version = CONVOKE_TYPELIB_READER_VERSION,
  .sizes = { sizeof (ConvokeInterfaceInfo), sizeof (ConvokeMethodInfo), sizeof (ConvokeArgInfo) },
  .repository_new = repository_new,
  .require = require,
  .has_interface = has_interface,
  .find_type_init = find_type_init,
  .read_interface = read_interface,
  .get_libraries = get_libraries,
  .look = look,
  .list_versions = list_versions,
  .get_loaded_version = get_loaded_version,
};
