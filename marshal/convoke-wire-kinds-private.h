/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the wire's own files share. */

#include "convoke-copy-private.h"
#include "convoke-wire-private.h"

G_BEGIN_DECLS

/* Written instead of a length or a count. */
#define CONVOKE_WIRE_NULL G_MAXUINT32

/* Values that are not part of an array of numbers, in one message: each costs
 * an allocation, which can be a hundred times what it takes on the wire. */
#define CONVOKE_WIRE_MAX_ELEMENTS (1u << 22)

/* PROTOCOL, and the byte. @format begins with a verb: the name of what is read is put before it. */
gboolean convoke_wire_fail         (const ConvokeWireReader  *reader,
                                    GError                  **error,
                                    const char               *format,
                                    ...) G_GNUC_PRINTF (3, 4);
/* Well said, and no reason to give the other side up: NOT_SUPPORTED. */
gboolean convoke_wire_fail_unknown_type (const char  *name,
                                         GError     **error);
/* INVALID_ARGUMENT. */
gboolean convoke_wire_refuse       (GError     **error,
                                    const char  *format,
                                    ...) G_GNUC_PRINTF (2, 3);

/* Numbers in this machine's order at @dest and @src, little endian on the wire. */
void     convoke_wire_put_numbers  (ConvokeWireWriter *self,
                                    gconstpointer      src,
                                    gsize              size,
                                    gsize              count);
gboolean convoke_wire_get_numbers  (ConvokeWireReader  *self,
                                    gpointer            dest,
                                    gsize               size,
                                    gsize               count,
                                    GError            **error);

/* So that whoever could not write something can write something else. */
typedef struct
{
  gsize length;
  guint n_fds;
  guint depth;
  guint elements;
} ConvokeWireMark;

ConvokeWireMark convoke_wire_mark      (const ConvokeWireWriter *self);
void            convoke_wire_take_back (ConvokeWireWriter       *self,
                                        const ConvokeWireMark   *mark);

/* A count of elements of at least @least bytes each, for which there is room in the message. */
gboolean convoke_wire_get_count    (ConvokeWireReader  *self,
                                    guint32            *count,
                                    gsize               least,
                                    GError            **error);

/* One level deeper, and back. */
gboolean convoke_wire_enter_write  (ConvokeWireWriter  *self,
                                    GError            **error);
gboolean convoke_wire_enter_read   (ConvokeWireReader  *self,
                                    GError            **error);

/* Whether its values are arrays of numbers that are copied as they are; gives the bytes of one, else 0. */
gsize    convoke_wire_number_size  (const ConvokeTypeInfo *type);

/* A string without a copy, in the message. */
gboolean convoke_wire_get_text     (ConvokeWireReader  *self,
                                    gboolean            utf8,
                                    const char        **string,
                                    GError            **error);
gboolean convoke_wire_check_text   (const char         *string,
                                    gboolean            utf8,
                                    GError            **error);

/* The fields of a struct of scalars, at @block. */
gboolean convoke_wire_write_fields (ConvokeWireWriter      *writer,
                                    const ConvokeTypeInfo  *type,
                                    gconstpointer           block,
                                    GError                **error);
gboolean convoke_wire_read_fields  (ConvokeWireReader      *reader,
                                    const ConvokeTypeInfo  *type,
                                    gpointer                block,
                                    GError                **error);

/* A GValue with its type. @value of read is zero. */
gboolean convoke_wire_write_typed  (ConvokeWireWriter      *writer,
                                    const GValue           *value,
                                    const ConvokeWireRefs  *refs,
                                    GError                **error);
gboolean convoke_wire_read_typed   (ConvokeWireReader      *reader,
                                    GValue                 *value,
                                    const ConvokeWireRefs  *refs,
                                    GError                **error);

/* An object or NULL. */
gboolean convoke_wire_write_object (ConvokeWireWriter      *writer,
                                    const ConvokeTypeInfo  *type,
                                    GObject                *object,
                                    const ConvokeWireRefs  *refs,
                                    GError                **error);
gboolean convoke_wire_read_object  (ConvokeWireReader      *reader,
                                    const ConvokeTypeInfo  *type,
                                    GObject               **object,
                                    const ConvokeWireRefs  *refs,
                                    GError                **error);

/* --- the rows of the table of kinds --- */

/* @value is not NULL where the kind is a pointer; @n as in convoke-copy-private.h. */
#define CONVOKE_WIRE_WRITE(name) \
  gboolean convoke_wire_write_ ## name (ConvokeWireWriter *writer, const ConvokeTypeInfo *type, gconstpointer location, \
                                        gssize n, const ConvokeWireRefs *refs, GError **error)
/* *location is zero, and left so on failure. *n: the elements that an array must have, or -1; then those that it has. */
#define CONVOKE_WIRE_READ(name) \
  gboolean convoke_wire_read_ ## name (ConvokeWireReader *reader, const ConvokeTypeInfo *type, gpointer location, \
                                       gssize *n, const ConvokeWireRefs *refs, GError **error)

CONVOKE_WIRE_WRITE (array);
CONVOKE_WIRE_READ (array);
CONVOKE_WIRE_WRITE (garray);
CONVOKE_WIRE_READ (garray);
CONVOKE_WIRE_WRITE (ptr_array);
CONVOKE_WIRE_READ (ptr_array);
CONVOKE_WIRE_WRITE (list);
CONVOKE_WIRE_READ (list);
CONVOKE_WIRE_WRITE (hash_table);
CONVOKE_WIRE_READ (hash_table);

/* Bytes that one takes at least. */
gsize    convoke_wire_least        (const ConvokeTypeInfo *type);

G_END_DECLS
