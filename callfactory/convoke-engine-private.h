/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-apartment.h"
#include "convoke-call.h"
#include "convoke-frame-private.h"
#include "convoke-wait-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeBusyHandler ConvokeBusyHandler;
typedef struct _ConvokeRecord ConvokeRecord;

/* A synchronous call from a proxy: runs the slot on @target in @apartment with the caller's own frame and blocks until the
 * end (serving this thread's chain meanwhile). FALSE: it failed on its way and @error tells why; the inputs are consumed and
 * the caller's places answered all the same, but for its GError** (convoke_frame_answer_failed ()). What the method itself
 * threw is in the caller's GError** and counts as TRUE. References in the frame are mapped through the hooks.
 * A call for which the callee has no time is made again while @busy (nullable) says so.
 * @since: when the proxy was handed out, as disconnections count; 0: there is none. */
gboolean convoke_engine_call (GObject                  *target,
                              ConvokeApartment         *apartment,
                              const ConvokeMethodInfo  *method,
                              void                    **args,
                              void                     *ret,
                              guint                     since,
                              ConvokeBusyHandler       *busy,
                              GError                  **error);

/* Runs @func in @apartment and blocks until it has run (trampolines, properties). Chain continues. */
gboolean convoke_engine_invoke (ConvokeApartment  *apartment,
                                void             (*func) (gpointer data),
                                gpointer           data,
                                GError           **error);

/* Queues @func to run in @apartment, in order with calls; @destroy runs also when the apartment's context goes away. */
void     convoke_engine_post (ConvokeApartment *apartment,
                              void            (*func) (gpointer data),
                              gpointer          data,
                              GDestroyNotify    destroy);

/* begin and finish with the interface's native arguments (args[0] is ignored). A begin consumes the inputs, also when it fails;
 * a finish does not look at them. */
gboolean convoke_call_begin_native  (ConvokeCall *self, const ConvokeMethodInfo *method, void **args, GError **error);
gboolean convoke_call_finish_native (ConvokeCall *self, const ConvokeMethodInfo *method, void **args, void *ret, GError **error);

G_END_DECLS
