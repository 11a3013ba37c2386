/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Values to bytes and back, driven by plans. Knows no sockets and no table of
 * objects: what is passed by reference goes through ConvokeWireRefs. The layout
 * of the bytes is specified in docs/wire.md.
 *
 * What is read is hostile until checked: every length against what is left,
 * every count against what its elements need at least, every string for its
 * NUL and its UTF-8, the depth of nesting against a limit.
 */

#include "convoke-frame-private.h"
#include "convoke-properties-private.h"

G_BEGIN_DECLS

/* Bytes of one message, header included. */
#define CONVOKE_WIRE_MAX_MESSAGE (64u << 20)
/* Containers inside of containers; GVariants have GLib's own limit as well. */
#define CONVOKE_WIRE_MAX_DEPTH 32
/* File descriptors with one message. */
#define CONVOKE_WIRE_MAX_FDS 16
/* A message that is no longer than this needs no allocation. */
#define CONVOKE_WIRE_INLINE 512

/* --- writing --- */

typedef struct
{
  guint8 *data;         /* inline_data, or owned */
  gsize   length;
  gsize   size;
  int     fds[CONVOKE_WIRE_MAX_FDS];  /* (owned): closed by clear unless they were taken (n_fds = 0) */
  guint   n_fds;
  guint   depth;
  guint   elements;     /* that may still come, as for the reader */
  guint8  inline_data[CONVOKE_WIRE_INLINE];
} ConvokeWireWriter;

void     convoke_wire_writer_init    (ConvokeWireWriter *self);
void     convoke_wire_writer_clear   (ConvokeWireWriter *self);
/* Room for @length more bytes, which count as written. Grows; the limit on messages is checked by whoever sends. */
guint8  *convoke_wire_writer_grow    (ConvokeWireWriter *self, gsize length);
void     convoke_wire_put_u8         (ConvokeWireWriter *self, guint8 value);
void     convoke_wire_put_u16        (ConvokeWireWriter *self, guint16 value);
void     convoke_wire_put_u32        (ConvokeWireWriter *self, guint32 value);
void     convoke_wire_put_u64        (ConvokeWireWriter *self, guint64 value);
/* Length (u32), bytes. */
void     convoke_wire_put_bytes      (ConvokeWireWriter *self, gconstpointer data, gsize length);
/* Length without the NUL (u32), bytes, NUL. NULL is written as the length 0xffffffff and nothing else. */
void     convoke_wire_put_string     (ConvokeWireWriter *self, const char *string);
void     convoke_wire_put_error      (ConvokeWireWriter *self, const GError *error);
void     convoke_wire_put_variant    (ConvokeWireWriter *self, GVariant *variant);
/* Takes @fd over in any case; puts its index (u8). */
gboolean convoke_wire_put_fd         (ConvokeWireWriter *self, int fd, GError **error);

/* --- reading --- */

typedef struct
{
  const guint8 *data;
  gsize         length;
  gsize         position;
  int          *fds;      /* (borrowed): the taken ones are -1 afterwards */
  guint         n_fds;
  guint         depth;
  guint         elements; /* that may still come: values that are allocated one by one */
} ConvokeWireReader;

/* All of these fail with PROTOCOL, saying what is wrong and at which byte; messages begin with a verb. */
void     convoke_wire_reader_init    (ConvokeWireReader *self, gconstpointer data, gsize length, int *fds, guint n_fds);
/* A pointer to @length bytes, which count as read. */
gconstpointer convoke_wire_reader_skip (ConvokeWireReader *self, gsize length, GError **error);
gboolean convoke_wire_get_u8         (ConvokeWireReader *self, guint8 *value, GError **error);
gboolean convoke_wire_get_u16        (ConvokeWireReader *self, guint16 *value, GError **error);
gboolean convoke_wire_get_u32        (ConvokeWireReader *self, guint32 *value, GError **error);
gboolean convoke_wire_get_u64        (ConvokeWireReader *self, guint64 *value, GError **error);
gboolean convoke_wire_get_bytes      (ConvokeWireReader *self, gconstpointer *data, gsize *length, GError **error);
/* *string points into the message and is valid UTF-8; NULL where NULL was written. */
gboolean convoke_wire_get_string     (ConvokeWireReader *self, const char **string, GError **error);
/* The same for what must not be NULL. */
gboolean convoke_wire_get_name       (ConvokeWireReader *self, const char **string, GError **error);
/* The error that was written (transfer full); NULL and @error: it could not be read. A domain that this process does not know
 * is taken up while there is room for more, then becomes FOREIGN (design D13). */
GError  *convoke_wire_get_error      (ConvokeWireReader *self, GError **error);
/* (transfer full), in normal form and in this machine's byte order. */
GVariant *convoke_wire_get_variant   (ConvokeWireReader *self, GError **error);
/* (transfer full): -1 and @error on failure. */
int      convoke_wire_get_fd         (ConvokeWireReader *self, GError **error);
/* Fails when anything is left. */
gboolean convoke_wire_reader_end     (ConvokeWireReader *self, GError **error);

/* --- references --- */

typedef struct
{
  gpointer data;
  /* @object is not NULL; a proxy that comes home is the implementation's business. @read gives (transfer full) an object that is
   * checked to be what @type wants. Both can fail; write holds no lock of the wire's. */
  gboolean  (*write_object) (gpointer data, ConvokeWireWriter *writer, GObject *object, const ConvokeTypeInfo *type, GError **error);
  GObject  *(*read_object)  (gpointer data, ConvokeWireReader *reader, const ConvokeTypeInfo *type, GError **error);
} ConvokeWireRefs;

/* --- values --- */

/* Why a value of this type cannot cross to another process, in words that follow "is ..."; NULL when it can. */
const char *convoke_wire_type_get_refusal (const ConvokeTypeInfo *type);

/* Whether calls of @plan can. Fails with NOT_SUPPORTED naming method, argument and reason. Computed once per plan. A method that
 * GIO would have called with a GAsyncReadyCallback can where its _finish can. */
gboolean convoke_wire_can_cross (const ConvokePlan *plan, GError **error);

/* What an argument is that does not travel: whoever carries the call sees to it. It is not written, and read as NULL. */
typedef enum
{
  CONVOKE_WIRE_TRAVELS,
  CONVOKE_WIRE_CANCELLABLE,  /* a GCancellable */
  CONVOKE_WIRE_READY,        /* the GAsyncReadyCallback of an _async method */
  CONVOKE_WIRE_READY_DATA,   /* its user data */
  CONVOKE_WIRE_RESULT,       /* the GAsyncResult of a _finish method */
} ConvokeWirePart;

ConvokeWirePart convoke_wire_get_part        (const ConvokePlan *plan, guint arg);
/* The argument that is a GCancellable, or -1. Looked for once. */
int             convoke_wire_get_cancellable (const ConvokePlan *plan);

/* One value at its location (see convoke-copy-private.h); @n: elements of an array whose length is told elsewhere, or -1. *@n of
 * read (nullable): the number that there must be, or -1; afterwards the number that there is. On failure of read nothing is held
 * and the location is zero. Messages begin with a verb. */
gboolean convoke_wire_write_value (ConvokeWireWriter *writer, const ConvokeTypeInfo *type, gconstpointer location, gssize n, gboolean nullable, const ConvokeWireRefs *refs, GError **error);
gboolean convoke_wire_read_value  (ConvokeWireReader *reader, const ConvokeTypeInfo *type, gpointer location, gssize *n, gboolean nullable, const ConvokeWireRefs *refs, GError **error);

/* A call that fails to write a GValue, inputs or outputs has written nothing: something else can be written instead. */

/* A GValue of a described property, signal parameter or signal result. @value of read is initialised with the type wanted. */
gboolean convoke_wire_write_gvalue (ConvokeWireWriter *writer, const ConvokeTypeInfo *type, const GValue *value, const ConvokeWireRefs *refs, GError **error);
gboolean convoke_wire_read_gvalue  (ConvokeWireReader *reader, const ConvokeTypeInfo *type, GValue *value, const ConvokeWireRefs *refs, GError **error);

/* What an object is made with. @properties: (nullable); of what is read never NULL. On failure of write nothing can be sent. */
gboolean           convoke_wire_write_properties (ConvokeWireWriter *writer, const ConvokeProperties *properties, const ConvokeWireRefs *refs, GError **error);
ConvokeProperties *convoke_wire_read_properties  (ConvokeWireReader *reader, const ConvokeWireRefs *refs, GError **error);

/* --- frames; only of plans that can cross --- */

/* The inputs of a borrowed or captured frame: nothing of it is changed or consumed. A NULL that is not allowed: INVALID_ARGUMENT
 * naming method and argument; bad UTF-8 as well. */
gboolean convoke_wire_write_ins  (ConvokeWireWriter *writer, const ConvokeFrame *frame, const ConvokeWireRefs *refs, GError **error);
/* Makes *frame a captured frame of @plan in @storage (uninitialised memory), with rooms for what the callee fills. Strings of
 * transfer none are lent from the message, whose bytes (frame->lent) must live as long as the frame. On failure nothing is held. */
gboolean convoke_wire_read_ins   (ConvokeWireReader *reader, ConvokeFrame *frame, const ConvokePlan *plan, gpointer storage, const ConvokeWireRefs *refs, GError **error);

/* The stored outputs of a captured frame, or what it failed with (thrown or not), and the numbers that came with that. NULL passes
 * whatever the annotation says, as in one process. */
gboolean convoke_wire_write_outs (ConvokeWireWriter *writer, const ConvokeFrame *frame, const ConvokeWireRefs *refs, GError **error);
/* Stores the outputs into a frame that waits for them: captured (its slots, its error), or borrowed (the caller's places, its
 * GError**; what is lent lives with @keeper, as in convoke_frame_take_native ()). Everything is read and checked before
 * anything is stored: on failure the frame is as it was. */
gboolean convoke_wire_read_outs  (ConvokeWireReader *reader, ConvokeFrame *frame, GObject *keeper, const ConvokeWireRefs *refs, GError **error);

G_END_DECLS
