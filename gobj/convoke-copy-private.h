/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What a value of each kind is in memory, and how it is copied and freed.
 *
 * A value is always met through its location: the address of the 1, 2, 4 or 8
 * bytes that C would hold it in. "Deep" means the container and its elements.
 *
 * @n is the number of elements of an array whose length is another argument;
 * other kinds and other arrays know their own and ignore it.
 */

#include <ffi.h>
#include "convoke-interface-info-private.h"

G_BEGIN_DECLS

/* The kind that decides how the value lies in memory: the storage of an enum,
 * POINTER for an unexplained pointer to a scalar. */
ConvokeTypeKind convoke_type_get_layout   (const ConvokeTypeInfo *type);

/* Bytes of the value itself; structs are pointers here. */
gsize           convoke_type_get_size     (const ConvokeTypeInfo *type);
ffi_type       *convoke_type_get_ffi      (const ConvokeTypeInfo *type);
gboolean        convoke_type_is_integer   (const ConvokeTypeInfo *type);
gboolean        convoke_type_is_signed    (const ConvokeTypeInfo *type);

/* Neither owned nor counted: copying the bits copies the value. */
gboolean        convoke_type_is_plain     (const ConvokeTypeInfo *type);

/* Whether "transfer container" differs from "transfer full". */
gboolean        convoke_type_is_container (const ConvokeTypeInfo *type);

/* Whether an object or callback is in it that may be bound to an apartment. */
gboolean        convoke_type_has_references (const ConvokeTypeInfo *type);

/* In arrays and GArrays: bytes per element, structs by value included. */
gboolean        convoke_element_is_inline (const ConvokeTypeInfo *element);
gsize           convoke_element_get_size  (const ConvokeTypeInfo *element);

/* Why a copy of it cannot be made, in words that follow "is ..."; NULL when it can. */
const char     *convoke_type_get_refusal  (const ConvokeTypeInfo *type);

/* G_TYPE_INVALID where it has none or is not registered; no code is loaded to find it. */
GType           convoke_type_find_gtype   (const ConvokeTypeInfo *type);

/* Frees one value given by pointer, for containers that free their elements. NULL for scalars. */
GDestroyNotify  convoke_type_get_destroy  (const ConvokeTypeInfo *type);

gsize           convoke_array_count       (const ConvokeTypeInfo *type,
                                           gconstpointer          array,
                                           gssize                 n);

gint64          convoke_integer_read      (const ConvokeTypeInfo *type,
                                           gconstpointer          location);
gboolean        convoke_integer_write     (const ConvokeTypeInfo *type,
                                           gpointer               location,
                                           gint64                 value);

/* Fails only where a boxed type is not registered (yet); then *dest is zero. */
gboolean        convoke_value_copy        (const ConvokeTypeInfo *type,
                                           gpointer               dest,
                                           gconstpointer          src,
                                           gssize                 n,
                                           GError               **error);

/* Frees deeply and leaves zero. */
void            convoke_value_clear       (const ConvokeTypeInfo *type,
                                           gpointer               location,
                                           gssize                 n);

/* The container alone: a copy that shares the elements, and its end. */
gpointer        convoke_container_copy    (const ConvokeTypeInfo *type,
                                           gpointer               container,
                                           gssize                 n);
void            convoke_container_free    (const ConvokeTypeInfo *type,
                                           gpointer               container);

/* One element of an array or GArray, in place. */
gboolean        convoke_element_copy      (const ConvokeTypeInfo *element,
                                           gpointer               dest,
                                           gconstpointer          src,
                                           GError               **error);
void            convoke_element_clear     (const ConvokeTypeInfo *element,
                                           gpointer               location);

/* Elements of the containers of pointers: scalars are stuffed into the pointer. */
gboolean        convoke_type_is_stuffed   (const ConvokeTypeInfo *element);
gpointer        convoke_stuff             (const ConvokeTypeInfo *element,
                                           gconstpointer          location);
void            convoke_unstuff           (const ConvokeTypeInfo *element,
                                           gpointer               location,
                                           gpointer               stuffed);

/* An empty container that frees its elements of this type. */
GArray         *convoke_garray_new        (const ConvokeTypeInfo *type);
GPtrArray      *convoke_ptr_array_new     (const ConvokeTypeInfo *type);
GHashTable     *convoke_hash_table_new    (const ConvokeTypeInfo *type);

/* Replaces every object, deeply, by what @func gives (transfer full), where it gives one. */
typedef GObject *(*ConvokeReplaceFunc) (GObject               *object,
                                        const ConvokeTypeInfo *type,
                                        gpointer               user_data);
void            convoke_value_replace_objects (const ConvokeTypeInfo *type,
                                               gpointer               location,
                                               gssize                 n,
                                               gboolean               owned,
                                               ConvokeReplaceFunc     func,
                                               gpointer               user_data);

G_END_DECLS
