/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Between a GValue that a user gives or gets, and the value in C's own form.
 *
 *   kind                        taken from                             given as
 *   numbers                     any integer in range; floats from      their own type
 *                               exact integers too
 *   enums, flags                their type, integers, nicks            their type, or an integer
 *   utf8, filename              string                                 string
 *   C array of bytes            GBytes, GByteArray, variant            GBytes
 *   other sequences             strv, variant, GValueArray,            strv; variant (numbers, variants);
 *                               pointer where it knows its length      GValueArray
 *   hash tables                 GHashTable, variant                    variant, or GHashTable
 *   plain structs               GBytes of their size, pointer          GBytes
 *   GValue                      any value: itself                      the value in it
 *   others                      their type, pointer                    their type
 */

#include "convoke-copy-private.h"

G_BEGIN_DECLS

/* Copies. @n gets the number of elements of an array. Messages begin with "wants" or "holds",
 * for the name of the argument to be put before them. */
gboolean convoke_type_from_gvalue (const ConvokeTypeInfo  *type,
                                   gboolean                nullable,
                                   gpointer                dest,
                                   gssize                 *n,
                                   const GValue           *value,
                                   GError                **error);

/* Copies, too. @value is not yet initialised. */
void     convoke_type_to_gvalue   (const ConvokeTypeInfo  *type,
                                   gpointer                location,
                                   gssize                  n,
                                   GValue                 *value);

/* Fails where a utf8 string, however deep, is not valid. */
gboolean convoke_type_check_utf8  (const ConvokeTypeInfo  *type,
                                   gpointer                location,
                                   gssize                  n,
                                   GError                **error);

/* Whether @number is a value of the integer type; and the message when not. */
gboolean convoke_type_set_integer (const ConvokeTypeInfo  *type,
                                   gpointer                dest,
                                   gboolean                negative,
                                   guint64                 bits,
                                   GError                **error);

G_END_DECLS
