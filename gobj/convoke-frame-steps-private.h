/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What the frame's own files share. */

#include "convoke-copy-private.h"
#include "convoke-frame-private.h"

G_BEGIN_DECLS

static inline gpointer
convoke_frame_slot (const ConvokeFrame *self,
                    const ConvokeStep  *step)
{
  return (guint8 *) self->storage + step->offset;
}

/* Whether what a slot points to is somebody else's. */
static inline gboolean
convoke_frame_is_lent (const ConvokeFrame *self,
                       gconstpointer       pointer)
{
  return (guintptr) pointer - (guintptr) self->lent < self->lent_size;
}

/* Captured: starts with nothing in it. */
void     convoke_frame_begin_capture (ConvokeFrame      *self,
                                      const ConvokePlan *plan,
                                      gpointer           storage);

/* After a failure on the way: as if it had not begun. */
void     convoke_frame_abort_capture (ConvokeFrame *self);

/* @args as for the method. @take: inputs that the callee would consume are left out, to be taken over later. */
gboolean convoke_frame_capture_args  (ConvokeFrame       *self,
                                      const ConvokePlan  *plan,
                                      gpointer            storage,
                                      void              **args,
                                      gboolean            take,
                                      GError            **error);

/* Room for what the callee fills, once the inputs are there. */
gboolean convoke_frame_add_buffers   (ConvokeFrame  *self,
                                      GError       **error);

/* Where the value is: in its slot, or wherever the caller has it (NULL: not wanted). */
gpointer convoke_frame_get_location  (const ConvokeFrame *self,
                                      const ConvokeStep  *step);

/* Elements that a buffer has room for. */
gssize   convoke_frame_get_buffer_size (const ConvokeFrame *self,
                                        const ConvokeStep  *step);

/* The number of elements of @step's array, or -1 when nothing says so. */
gssize   convoke_frame_get_count     (const ConvokeFrame *self,
                                      const ConvokeStep  *step);

/* Whether NULL is a value of @step's type, given that its length is @n. */
gboolean convoke_step_allows_null    (const ConvokeStep *step,
                                      gssize             n);
gboolean convoke_step_fail_null      (const ConvokePlan  *plan,
                                      const ConvokeStep  *step,
                                      GError            **error);

/* Puts the step's name before the message. */
gboolean convoke_step_fail           (const ConvokePlan  *plan,
                                      const ConvokeStep  *step,
                                      GError            **error);

void     convoke_step_move_in_place  (const ConvokeStep *step,
                                      gpointer           dest,
                                      gpointer           slot);

/* What the caller sees as return value: widened as libffi wants it. */
void     convoke_step_store_return   (const ConvokeStep *step,
                                      gpointer           ret,
                                      gconstpointer      value);

/* Moves what is in @outs (deeply owned, one slot per step at the plan's offsets) to where outputs of @self go. */
void     convoke_frame_store_outs    (ConvokeFrame *self,
                                      gpointer      outs);

/* Frees what @step's slot holds. */
void     convoke_frame_clear_step    (ConvokeFrame      *self,
                                      const ConvokeStep *step);

/* The number of elements as a caller of the method says it, or -1. */
gssize   convoke_step_get_native_count (const ConvokePlan  *plan,
                                        const ConvokeStep  *step,
                                        void              **args);

/* --- what lives as long as the frame, or as the object that was called --- */

gpointer convoke_frame_keep          (ConvokeFrame   *self,
                                      gpointer        data,
                                      GDestroyNotify  destroy);

/* Takes a deeply owned value and gives it back. */
gpointer convoke_frame_keep_value    (ConvokeFrame          *self,
                                      const ConvokeTypeInfo *type,
                                      gpointer               value,
                                      gssize                 n);
void     convoke_frame_clear_kept    (ConvokeFrame *self);

/* Takes a deeply owned value, gives what to hand out: perhaps an equal one. */
gpointer convoke_lend_value          (GObject               *keeper,
                                      const ConvokeTypeInfo *type,
                                      gpointer               value,
                                      gssize                 n);

/* --- a borrowed frame that was mapped --- */

/* What to pass. The callee is about to consume what replaces the caller's, so that is consumed here. */
void   **convoke_frame_consume_mapped   (ConvokeFrame *self);

/* Outputs go to the caller's places. */
void     convoke_frame_copy_mapped_back (ConvokeFrame *self);

/* Frees the values of the steps that come out, in storage laid out as a captured frame's. */
void     convoke_plan_clear_outs     (const ConvokePlan *plan,
                                      gpointer           storage);

G_END_DECLS
