/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the table of convoke-copy.c is made of. */

#include "convoke-copy-private.h"

G_BEGIN_DECLS

gboolean convoke_copy_array (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error);
void     convoke_clear_array (const ConvokeTypeInfo *type, gpointer value, gssize n);
gboolean convoke_copy_garray (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error);
void     convoke_clear_garray (const ConvokeTypeInfo *type, gpointer value, gssize n);
gboolean convoke_copy_ptr_array (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error);
void     convoke_clear_ptr_array (const ConvokeTypeInfo *type, gpointer value, gssize n);
gboolean convoke_copy_list (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error);
void     convoke_clear_list (const ConvokeTypeInfo *type, gpointer value, gssize n);
gboolean convoke_copy_slist (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error);
void     convoke_clear_slist (const ConvokeTypeInfo *type, gpointer value, gssize n);
gboolean convoke_copy_hash_table (const ConvokeTypeInfo *type, gpointer *dest, gpointer src, gssize n, GError **error);
void     convoke_clear_hash_table (const ConvokeTypeInfo *type, gpointer value, gssize n);

gboolean       convoke_kind_is_string     (ConvokeTypeKind kind);
gboolean       convoke_element_is_plain   (const ConvokeTypeInfo  *element);
gboolean       convoke_fail_unregistered  (const ConvokeTypeInfo  *type,
                                           GError                **error);
void           convoke_instance_unref     (gpointer                instance);

/* What frees one element of a GArray in place; NULL where nothing does. */
GDestroyNotify convoke_garray_get_clear   (const ConvokeTypeInfo  *element);

/* A function that frees boxed values of this one type. NULL when there are too many such types. */
GDestroyNotify convoke_boxed_get_destroy  (GType gtype);

G_END_DECLS
