/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the pipe's own files share, and what the engine knows of pipes: that
 * the ends which a call carries are bound to it.
 */

#include "convoke-frame-private.h"
#include "convoke-pipe.h"

G_BEGIN_DECLS

typedef struct _ConvokePipeCore ConvokePipeCore;
typedef struct _ConvokePipeGroup ConvokePipeGroup;
typedef struct _ConvokePipeBinding ConvokePipeBinding;

typedef enum
{
  CONVOKE_PIPE_WRITER,
  CONVOKE_PIPE_READER,
} ConvokePipeSide;

/* --- convoke-pipe-end.c --- */

/* Both ends of a new pipe, whose only references they hold. */
void             convoke_pipe_ends_new       (ConvokePipeCore *core, ConvokePipe **writer, ConvokePipe **reader);
/* (nullable) (borrowed): NULL when @object is no end of the library's own. */
ConvokePipeCore *convoke_pipe_end_get_core   (gpointer object, ConvokePipeSide *side);
gboolean         convoke_pipe_end_push_bytes (ConvokePipe *end, GBytes *bytes, gint64 timeout, GError **error);

/* --- convoke-pipe-core.c --- */

/* @type: of an item, or NULL for bytes. */
ConvokePipeCore    *convoke_pipe_core_new      (ConvokePipeFlags flags, const GVariantType *type, gsize capacity);
ConvokePipeCore    *convoke_pipe_core_ref      (ConvokePipeCore *self);
void                convoke_pipe_core_unref    (ConvokePipeCore *self);
const GVariantType *convoke_pipe_core_get_type (ConvokePipeCore *self);
ConvokePipeFlags    convoke_pipe_core_get_flags (ConvokePipeCore *self);

/* @end: the object that was called, whose served call can be completed later: what is returned then counts for nothing. */
gboolean            convoke_pipe_core_push     (ConvokePipeCore *self, GObject *end, gpointer data, gsize n, gint64 timeout, GError **error);
gpointer            convoke_pipe_core_pull     (ConvokePipeCore *self, GObject *end, gsize max, gint64 timeout, GError **error);
gboolean            convoke_pipe_core_end      (ConvokePipeCore *self, GError **error);
gboolean            convoke_pipe_core_abort    (ConvokePipeCore *self, ConvokePipeSide side, const GError *reason, GError **error);
void                convoke_pipe_core_close    (ConvokePipeCore *self, ConvokePipeSide side);
gboolean            convoke_pipe_core_check    (ConvokePipeCore *self, ConvokePipeSide side, GError **error);
ConvokeEvent       *convoke_pipe_core_dup_event (ConvokePipeCore *self, ConvokePipeSide side);
/* Operations of @side that wait, for tests: nothing outside can tell. */
guint               convoke_pipe_core_get_n_waiting (ConvokePipeCore *self, ConvokePipeSide side);

/* For the call that carries it. FALSE: it is bound to one already. */
gboolean            convoke_pipe_core_bind        (ConvokePipeCore *self, ConvokePipeGroup *group, guint rank);
void                convoke_pipe_core_unbind      (ConvokePipeCore *self, ConvokePipeGroup *group);
void                convoke_pipe_core_call_cancel (ConvokePipeCore *self, ConvokePipeSide callee, const char *method);
void                convoke_pipe_core_call_end    (ConvokePipeCore *self, ConvokePipeSide callee, const char *method, const GError *why);

/* --- convoke-pipe-chunk.c --- */

/* What one push brought, or what is left of it. */
typedef struct
{
  gpointer data;    /* (owned): a GBytes, or a GVariant that is an array of items */
  gsize    first;   /* of the items that are left */
  gsize    n;       /* that are left: bytes or items */
} ConvokePipeChunk;

/* Takes at most @max elements from the front, and never so many that they would not fit into a message with others; @n: how many. */
gpointer convoke_pipe_chunk_take  (ConvokePipeChunk *self, gboolean items, gsize max, gsize *n);
gpointer convoke_pipe_data_empty  (const GVariantType *type);
gpointer convoke_pipe_data_ref    (gpointer data, gboolean items);
void     convoke_pipe_data_unref  (gpointer data, gboolean items);

/* --- convoke-pipe-call.c --- */

/* How far the pipes of one call are; any thread. */
ConvokePipeGroup *convoke_pipe_group_ref      (ConvokePipeGroup *self);
void              convoke_pipe_group_unref    (ConvokePipeGroup *self);
/* The pipe at @rank is through for who writes or reads it. */
void              convoke_pipe_group_pass     (ConvokePipeGroup *self, guint rank, ConvokePipeSide side);
/* Whether it is the turn of @rank, for whoever is at that @side of it. */
gboolean          convoke_pipe_group_check    (ConvokePipeGroup *self, guint rank, ConvokePipeSide side, GError **error);

/* Binds the ends among the arguments of a call. NULL with @error unset: there are none. */
ConvokePipeBinding *convoke_pipe_binding_new    (const ConvokeFrame *frame, GError **error);
void                convoke_pipe_binding_free   (ConvokePipeBinding *self);
/* Without a lock: calls of other programs are completed. */
void                convoke_pipe_binding_cancel (ConvokePipeBinding *self);
/* @why: (nullable): the error that the call ended with. */
void                convoke_pipe_binding_end    (ConvokePipeBinding *self, const GError *why);

G_END_DECLS
