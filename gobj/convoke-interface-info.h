/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeTypeKind:
 * @CONVOKE_TYPE_KIND_VOID: nothing (a method that returns nothing)
 * @CONVOKE_TYPE_KIND_BOOLEAN: `gboolean`
 * @CONVOKE_TYPE_KIND_INT8: 8-bit signed
 * @CONVOKE_TYPE_KIND_UINT8: 8-bit unsigned, a byte
 * @CONVOKE_TYPE_KIND_INT16: 16-bit signed
 * @CONVOKE_TYPE_KIND_UINT16: 16-bit unsigned
 * @CONVOKE_TYPE_KIND_INT32: 32-bit signed
 * @CONVOKE_TYPE_KIND_UINT32: 32-bit unsigned
 * @CONVOKE_TYPE_KIND_INT64: 64-bit signed
 * @CONVOKE_TYPE_KIND_UINT64: 64-bit unsigned
 * @CONVOKE_TYPE_KIND_FLOAT: single precision
 * @CONVOKE_TYPE_KIND_DOUBLE: double precision
 * @CONVOKE_TYPE_KIND_UNICHAR: a Unicode character
 * @CONVOKE_TYPE_KIND_GTYPE: a `GType`; its name where it travels
 * @CONVOKE_TYPE_KIND_UTF8: a string in UTF-8
 * @CONVOKE_TYPE_KIND_FILENAME: a string in the encoding of file names
 * @CONVOKE_TYPE_KIND_ENUM: one value of an enumeration
 * @CONVOKE_TYPE_KIND_FLAGS: a set of flags
 * @CONVOKE_TYPE_KIND_VARIANT: a [struct@GLib.Variant]
 * @CONVOKE_TYPE_KIND_BYTES: a [struct@GLib.Bytes]
 * @CONVOKE_TYPE_KIND_ARRAY: a C array: with a length argument, of a fixed size, or zero-terminated
 * @CONVOKE_TYPE_KIND_GARRAY: a `GArray`
 * @CONVOKE_TYPE_KIND_PTR_ARRAY: a `GPtrArray`
 * @CONVOKE_TYPE_KIND_BYTE_ARRAY: a `GByteArray`
 * @CONVOKE_TYPE_KIND_LIST: a `GList`
 * @CONVOKE_TYPE_KIND_SLIST: a `GSList`
 * @CONVOKE_TYPE_KIND_HASH_TABLE: a `GHashTable`
 * @CONVOKE_TYPE_KIND_ERROR: a `GError` as a value
 * @CONVOKE_TYPE_KIND_VALUE: a [struct@GObject.Value]
 * @CONVOKE_TYPE_KIND_BOXED: a boxed structure
 * @CONVOKE_TYPE_KIND_STRUCT: a plain C structure
 * @CONVOKE_TYPE_KIND_UNION: a C union
 * @CONVOKE_TYPE_KIND_OBJECT: an object of a class
 * @CONVOKE_TYPE_KIND_INTERFACE: an object that implements an interface
 * @CONVOKE_TYPE_KIND_PARAM: a [class@GObject.ParamSpec]
 * @CONVOKE_TYPE_KIND_CALLBACK: a function of the caller
 * @CONVOKE_TYPE_KIND_POINTER: a pointer to nothing that is known
 *
 * How a value of a type is passed in C.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_TYPE_KIND_VOID,
  CONVOKE_TYPE_KIND_BOOLEAN,
  CONVOKE_TYPE_KIND_INT8,
  CONVOKE_TYPE_KIND_UINT8,
  CONVOKE_TYPE_KIND_INT16,
  CONVOKE_TYPE_KIND_UINT16,
  CONVOKE_TYPE_KIND_INT32,
  CONVOKE_TYPE_KIND_UINT32,
  CONVOKE_TYPE_KIND_INT64,
  CONVOKE_TYPE_KIND_UINT64,
  CONVOKE_TYPE_KIND_FLOAT,
  CONVOKE_TYPE_KIND_DOUBLE,
  CONVOKE_TYPE_KIND_UNICHAR,
  CONVOKE_TYPE_KIND_GTYPE,
  CONVOKE_TYPE_KIND_UTF8,
  CONVOKE_TYPE_KIND_FILENAME,
  CONVOKE_TYPE_KIND_ENUM,
  CONVOKE_TYPE_KIND_FLAGS,
  CONVOKE_TYPE_KIND_VARIANT,
  CONVOKE_TYPE_KIND_BYTES,
  CONVOKE_TYPE_KIND_ARRAY,
  CONVOKE_TYPE_KIND_GARRAY,
  CONVOKE_TYPE_KIND_PTR_ARRAY,
  CONVOKE_TYPE_KIND_BYTE_ARRAY,
  CONVOKE_TYPE_KIND_LIST,
  CONVOKE_TYPE_KIND_SLIST,
  CONVOKE_TYPE_KIND_HASH_TABLE,
  CONVOKE_TYPE_KIND_ERROR,
  CONVOKE_TYPE_KIND_VALUE,
  CONVOKE_TYPE_KIND_BOXED,
  CONVOKE_TYPE_KIND_STRUCT,
  CONVOKE_TYPE_KIND_UNION,
  CONVOKE_TYPE_KIND_OBJECT,
  CONVOKE_TYPE_KIND_INTERFACE,
  CONVOKE_TYPE_KIND_PARAM,
  CONVOKE_TYPE_KIND_CALLBACK,
  CONVOKE_TYPE_KIND_POINTER,
} ConvokeTypeKind;

/**
 * ConvokeDirection:
 * @CONVOKE_DIRECTION_IN: to the method
 * @CONVOKE_DIRECTION_OUT: from the method
 * @CONVOKE_DIRECTION_INOUT: to the method and back, in one place
 *
 * Which way the value of an argument goes.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_DIRECTION_IN,
  CONVOKE_DIRECTION_OUT,
  CONVOKE_DIRECTION_INOUT,
} ConvokeDirection;

/**
 * ConvokeTransfer:
 * @CONVOKE_TRANSFER_NONE: the giver keeps it
 * @CONVOKE_TRANSFER_CONTAINER: the taker gets the container, the giver keeps the elements
 * @CONVOKE_TRANSFER_FULL: the taker gets all of it
 *
 * Who owns a value after it was passed.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_TRANSFER_NONE,
  CONVOKE_TRANSFER_CONTAINER,
  CONVOKE_TRANSFER_FULL,
} ConvokeTransfer;

/**
 * ConvokeScope:
 * @CONVOKE_SCOPE_NONE: no callback, or nothing is said
 * @CONVOKE_SCOPE_CALL: until the method returns
 * @CONVOKE_SCOPE_ASYNC: until it was called once
 * @CONVOKE_SCOPE_NOTIFIED: until its destroy notify is called
 * @CONVOKE_SCOPE_FOREVER: for ever
 *
 * How long a callback can be called.
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_SCOPE_NONE,
  CONVOKE_SCOPE_CALL,
  CONVOKE_SCOPE_ASYNC,
  CONVOKE_SCOPE_NOTIFIED,
  CONVOKE_SCOPE_FOREVER,
} ConvokeScope;

typedef struct _ConvokeTypeInfo ConvokeTypeInfo;
typedef struct _ConvokeArgInfo ConvokeArgInfo;
typedef struct _ConvokeMethodInfo ConvokeMethodInfo;
typedef struct _ConvokeSignalInfo ConvokeSignalInfo;
typedef struct _ConvokePropertyInfo ConvokePropertyInfo;
typedef struct _ConvokeInterfaceInfo ConvokeInterfaceInfo;

#define CONVOKE_TYPE_TYPE_INFO (convoke_type_info_get_type ())
#define CONVOKE_TYPE_ARG_INFO (convoke_arg_info_get_type ())
#define CONVOKE_TYPE_METHOD_INFO (convoke_method_info_get_type ())
#define CONVOKE_TYPE_SIGNAL_INFO (convoke_signal_info_get_type ())
#define CONVOKE_TYPE_PROPERTY_INFO (convoke_property_info_get_type ())
#define CONVOKE_TYPE_INTERFACE_INFO (convoke_interface_info_get_type ())

CONVOKE_AVAILABLE_IN_0_1
GType convoke_type_info_get_type (void);
CONVOKE_AVAILABLE_IN_0_1
GType convoke_arg_info_get_type (void);
CONVOKE_AVAILABLE_IN_0_1
GType convoke_method_info_get_type (void);
CONVOKE_AVAILABLE_IN_0_1
GType convoke_signal_info_get_type (void);
CONVOKE_AVAILABLE_IN_0_1
GType convoke_property_info_get_type (void);
CONVOKE_AVAILABLE_IN_0_1
GType convoke_interface_info_get_type (void);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_require (const char  *namespace_,
                          const char  *version,
                          GError     **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_require_from (const char  *directory,
                               const char  *namespace_,
                               const char  *version,
                               GError     **error);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeInterfaceInfo *convoke_interface_info_lookup (GType    gtype,
                                                           GError **error);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_interface_info_get_name (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_interface_info_get_namespace (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_interface_info_get_version (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
GType convoke_interface_info_get_gtype (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_interface_info_get_refusal (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_interface_info_get_required_class (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_interface_info_get_attribute (const ConvokeInterfaceInfo *self,
                                                  const char                 *name);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_interface_info_get_n_methods (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeMethodInfo *convoke_interface_info_get_method (const ConvokeInterfaceInfo *self,
                                                            guint                       index);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeMethodInfo *convoke_interface_info_find_method (const ConvokeInterfaceInfo  *self,
                                                             const char                  *name,
                                                             GError                     **error);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_interface_info_get_n_signals (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeSignalInfo *convoke_interface_info_get_signal (const ConvokeInterfaceInfo *self,
                                                            guint                       index);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_interface_info_get_n_properties (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokePropertyInfo *convoke_interface_info_get_property (const ConvokeInterfaceInfo *self,
                                                                guint                       index);

CONVOKE_AVAILABLE_IN_0_1
const char * const *convoke_interface_info_get_prerequisites (const ConvokeInterfaceInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeInterfaceInfo *convoke_method_info_get_interface (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_method_info_get_name (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_method_info_get_slot_name (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_method_info_get_symbol (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_method_info_get_refusal (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_method_info_get_n_args (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeArgInfo *convoke_method_info_get_arg (const ConvokeMethodInfo *self,
                                                   guint                    index);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeArgInfo *convoke_method_info_get_return (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_method_info_throws (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeMethodInfo *convoke_method_info_get_finish (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeMethodInfo *convoke_method_info_get_begin (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_method_info_get_attribute (const ConvokeMethodInfo *self,
                                               const char              *name);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_method_info_get_fingerprint (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gint64 convoke_method_info_get_deadline (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_method_info_is_idempotent (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_method_info_is_oneway (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_method_info_has_progress (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_method_info_is_signal_slot (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_method_info_get_offset (const ConvokeMethodInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_arg_info_get_name (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeDirection convoke_arg_info_get_direction (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeTransfer convoke_arg_info_get_transfer (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeTypeInfo *convoke_arg_info_get_type_info (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_arg_info_is_nullable (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_arg_info_is_optional (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_arg_info_is_caller_allocates (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_arg_info_is_skipped (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeScope convoke_arg_info_get_scope (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
int convoke_arg_info_get_closure_index (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
int convoke_arg_info_get_destroy_index (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
int convoke_arg_info_get_length_of (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
int convoke_arg_info_get_closure_of (const ConvokeArgInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_arg_info_get_attribute (const ConvokeArgInfo *self,
                                            const char           *name);

CONVOKE_AVAILABLE_IN_0_1
ConvokeTypeKind convoke_type_info_get_kind (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeTypeKind convoke_type_info_get_storage (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_type_info_get_name (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_type_info_get_gtype_name (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_type_info_is_pointer (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeTypeInfo *convoke_type_info_get_element (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeTypeInfo *convoke_type_info_get_value (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
int convoke_type_info_get_fixed_size (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_type_info_is_zero_terminated (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
int convoke_type_info_get_length_index (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
gsize convoke_type_info_get_size (const ConvokeTypeInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_signal_info_get_name (const ConvokeSignalInfo *self);

CONVOKE_AVAILABLE_IN_0_1
GSignalFlags convoke_signal_info_get_flags (const ConvokeSignalInfo *self);

CONVOKE_AVAILABLE_IN_0_1
guint convoke_signal_info_get_n_args (const ConvokeSignalInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeArgInfo *convoke_signal_info_get_arg (const ConvokeSignalInfo *self,
                                                   guint                    index);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeArgInfo *convoke_signal_info_get_return (const ConvokeSignalInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const char *convoke_property_info_get_name (const ConvokePropertyInfo *self);

CONVOKE_AVAILABLE_IN_0_1
GParamFlags convoke_property_info_get_flags (const ConvokePropertyInfo *self);

CONVOKE_AVAILABLE_IN_0_1
const ConvokeTypeInfo *convoke_property_info_get_type_info (const ConvokePropertyInfo *self);

CONVOKE_AVAILABLE_IN_0_1
ConvokeTransfer convoke_property_info_get_transfer (const ConvokePropertyInfo *self);

G_END_DECLS
