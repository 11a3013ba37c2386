/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A frame is one call in memory: the values of the interface's own C calling
 * convention, and the plan that says what they are.
 *
 * Borrowed: the values are the blocked caller's (what an ffi closure gets).
 * Nothing is copied or owned.
 *
 * Captured: the values are copies in storage that comes with the frame. The
 * frame owns its inputs until convoke_frame_clear(), and owns its outputs from
 * the moment they are stored until somebody takes them.
 *
 * A frame has no lock: the engine's gate says who may touch it when. The
 * invoking side writes outputs; after the gate closed the delivering side
 * reads them.
 */

#include <stdarg.h>
#include "convoke-plan-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeFrame ConvokeFrame;

struct _ConvokeFrame
{
  const ConvokePlan  *plan;
  void              **args;      /* borrowed: the caller's, args[0] is the instance; captured: NULL */
  gpointer            storage;   /* captured: convoke_frame_get_storage_size () bytes, not freed by the frame;
                                  * borrowed: what is passed instead of args once it was mapped, or NULL */
  union
  {
    void             *ret;       /* borrowed: the caller's return slot (ffi_arg wide) */
    GError           *error;     /* captured: what the method threw, owned */
  };
  gpointer            kept;      /* what lives as long as the frame: mapped values, trampolines */
  gconstpointer       lent;      /* captured: inputs without a transfer may lie in these bytes of somebody else's, who */
  gsize               lent_size; /* keeps them for as long as the frame; what lies there is not freed, only copied */
  /* Bytes, not bits: another thread may ask whether a frame is captured while the callee's writes the others. */
  guint8              captured;
  guint8              has_outs;  /* outputs are stored and not yet taken (set also by void methods) */
  guint8              invoked;   /* the callee has got the inputs, and consumes what it is to consume */
  guint32             tag;       /* whose frame it is puts here what it likes, once the frame is made */
};

/* Bytes of storage (8-aligned) that a captured frame of @plan needs. */
gsize    convoke_frame_get_storage_size (const ConvokePlan *plan);

/* --- making --- */

void     convoke_frame_init_borrowed (ConvokeFrame *self, const ConvokePlan *plan, void **args, void *ret);

/* All three copy; on failure nothing is held and *self needs no clear. @storage is uninitialised memory.
 * The plan must be one that can be captured.
 * Inputs that the callee would consume (transfer full) are taken over from native args as a callee would (native form only);
 * from values and va_list they are copied. NULL where not nullable: INVALID_ARGUMENT naming method and argument.
 * Native: strings are trusted to be UTF-8; out arguments are ignored; an inout that is taken over leaves NULL in its place.
 * Values: one per argument that goes in; lengths of arrays, user data and destroy notifies are implied.
 * va_list: every argument that goes in, by its C type (inouts too: the value, not its address), lengths, user data
 * and destroy notifies included, as in the method's own declaration; out arguments are left out. */
gboolean convoke_frame_capture_native (ConvokeFrame *self, const ConvokePlan *plan, gpointer storage, void **args, GError **error);
gboolean convoke_frame_capture_values (ConvokeFrame *self, const ConvokePlan *plan, gpointer storage, const GValue *values, guint n_values, GError **error);
gboolean convoke_frame_capture_valist (ConvokeFrame *self, const ConvokePlan *plan, gpointer storage, va_list *ap, GError **error);

/* --- mapping between apartments; only for plans with references --- */

/* Gives what to pass instead of @object (transfer full), or NULL to keep it. */
typedef GObject *(*ConvokeMapObject) (GObject *object, const ConvokeTypeInfo *type, gpointer user_data);
/* May replace *callback, *data and *destroy (of which @data and @destroy can be NULL: the method has no such argument);
 * sets *owned (and *free_owned) to a thing that lives as long as the frame, or leaves them NULL. Where the callback's scope is
 * longer than the call, the thing is the callee's: it is freed only if the callee never got it. */
typedef gboolean (*ConvokeMapCallback) (const ConvokeArgInfo *arg, gpointer *callback, gpointer *data, gpointer *destroy,
                                        gpointer *owned, GDestroyNotify *free_owned, gpointer user_data, GError **error);

/* Before invoke. A borrowed frame's own args are not modified: it gets a private copy of the array. */
gboolean convoke_frame_map_in  (ConvokeFrame *self, ConvokeMapObject map_object, ConvokeMapCallback map_callback, gpointer user_data, GError **error);
/* After outputs are stored, before completion. Objects in outputs. What replaces a transfer-none output is kept until the
 * frame is cleared. */
void     convoke_frame_map_out (ConvokeFrame *self, ConvokeMapObject map_object, gpointer user_data);

/* --- calling --- */

/* Calls @slot on @instance. Outputs and GError are stored in the frame (captured) or in the caller's places (borrowed).
 * The return value, and for a captured frame the outs and the GError, are written by the method to scratch memory first;
 * after it returned @keep (keep_data) is asked: FALSE means that the call was deferred while it ran: another thread
 * may have stored the real outputs and ended the call already, so nothing of the frame or of the caller's memory may be
 * touched any more (the scratch is dropped; a GError in it is freed). */
void     convoke_frame_invoke (ConvokeFrame *self, gpointer instance, GCallback slot,
                               gboolean (*keep) (gpointer keep_data), gpointer keep_data);

/* Makes the call itself: @args and @ret as for a slot of the plan's signature. */
typedef void (*ConvokeFrameCallee) (void **args, void *ret, gpointer data);

/* The same for a captured frame that something else than a slot answers. */
void     convoke_frame_invoke_callee (ConvokeFrame *self, gpointer instance, ConvokeFrameCallee callee, gpointer data,
                                      gboolean (*keep) (gpointer keep_data), gpointer keep_data);

/* Copies of the inputs, as convoke_frame_capture_values() would take them; for a server that completes by hand. Once a method
 * was called, what it consumed (transfer full) reads as NULL. */
GValue  *convoke_frame_dup_in_values (ConvokeFrame *self, guint *n_values);

/* --- the implementation completes by hand (server call) --- */

/* Return value first (when there is one), then outs and inouts in order. Values: lengths of arrays are counted, not given.
 * va_list: by C type, lengths included, as a finish would name the places. Everything is copied. On failure nothing was set. */
gboolean convoke_frame_set_outs_values (ConvokeFrame *self, const GValue *values, guint n_values, GError **error);
gboolean convoke_frame_set_outs_valist (ConvokeFrame *self, va_list *ap, GError **error);
/* Zero values for return and outs, "" for a string that is not nullable where the method cannot throw (D15); inouts keep
 * what they hold; and, where the method throws, @error (copied). Inputs that the callee would have consumed are left alone. */
void     convoke_frame_set_failed (ConvokeFrame *self, const GError *error);

/* --- a call that does not reach its method (convoke-frame-consume.c) --- */

/* Takes from native args what the method would have consumed: inputs with a transfer, floating references, the data of
 * notified callbacks. @inouts: and what an inout holds, leaving NULL there. */
void     convoke_frame_consume_native (const ConvokePlan *plan, void **args, gboolean inouts);
/* convoke_frame_set_failed () in the caller's places, but for the GError. */
void     convoke_frame_answer_failed  (const ConvokePlan *plan, void **args, void *ret);
/* Where the method throws and the caller asked for it, @error (copied). */
void     convoke_frame_throw_native   (const ConvokePlan *plan, void **args, const GError *error);

/* --- taking the outputs of a captured frame --- */

/* Writes to the places that a caller of the method would give: @args as for the method itself (the GError** included), @ret
 * one ffi_arg wide (or NULL).
 * What the method only lends (transfer none; the elements of transfer container) stays alive with @keeper, usually the proxy
 * that was called; where @keeper is NULL, until the frame is cleared. */
void     convoke_frame_take_native (ConvokeFrame *self, void **args, void *ret, GObject *keeper);
/* An array of owned values: return value first, then outs and inouts; lengths are in their arrays. */
GValue  *convoke_frame_take_values (ConvokeFrame *self, guint *n_values);
/* Pointers to the C types: return value first (when there is one), then outs and inouts in the method's order, lengths
 * included; NULL: not wanted, and freed. The caller owns all that it gets, whatever the method's transfer. */
void     convoke_frame_take_valist (ConvokeFrame *self, va_list *ap);

/* Frees what the frame owns: inputs, outputs that nobody took, the error. */
void     convoke_frame_clear (ConvokeFrame *self);

/* --- D4: the caller's own count, for messages --- */
guint    convoke_plan_get_n_ins  (const ConvokePlan *plan);
guint    convoke_plan_get_n_outs (const ConvokePlan *plan);

G_END_DECLS
