/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-record-private.h"

G_BEGIN_DECLS

/* A call object for a component's @object as it is: no factory is asked. @since: when the proxy was handed out through which it
 * was asked for; 0: there was none. */
ConvokeCall *convoke_call_new_plain (GObject             *object,
                                     GType                iface,
                                     guint                since,
                                     GObject             *server_object,
                                     ConvokeSynchronize  *sink,
                                     GError             **error);

/* For work that is the program's own; @source is nullable. See convoke-call-operation.c. */
ConvokeCall       *convoke_call_new_own   (GObject *source, const ConvokeInterfaceInfo *info);
ConvokeServerCall *convoke_call_begin_own (ConvokeCall *self, GError **error);

/* (nullable): its name, where there is no method. */
const char        *convoke_call_get_operation (ConvokeCall *self);

/* @info is nullable. */
gboolean           convoke_call_is_operation (const ConvokeInterfaceInfo *info);

/* Somebody who is told of each begin and of its end; all but completed may be NULL. */
typedef struct
{
  /* On the beginner's thread, before the call can end; FALSE makes the begin fail. */
  gboolean (*begin)     (ConvokeCall *call, ConvokeRecord *record, gpointer data, GError **error);
  /* That begin failed nevertheless. */
  void     (*withdraw)  (ConvokeCall *call, ConvokeRecord *record, gpointer data);
  /* On the thread where it happens, without a lock; @call is NULL when the call object went away. The record knows what the
   * call ended with, whatever happened to the call object meanwhile. */
  void     (*completed) (ConvokeCall *call, ConvokeRecord *record, gpointer data);
  void     (*progress)  (ConvokeCall *call, ConvokeRecord *record, gpointer data);
  void     (*free)      (gpointer data);
  void     (*sent)      (ConvokeCall *call, ConvokeRecord *record, gpointer data);
} ConvokeCallObserverFuncs;

/* Takes @data over. While the call object is idle, and before it is shared; until it goes. */
void           convoke_call_add_observer (ConvokeCall *self, const ConvokeCallObserverFuncs *funcs, gpointer data);
/* FALSE with INVALID_ARGUMENT: a deadline cannot be before now. */
gboolean       convoke_call_check_timeout (gint64 timeout, GError **error);
gboolean       convoke_call_has_observer (ConvokeCall *self, const ConvokeCallObserverFuncs *funcs, GEqualFunc fits, gconstpointer what);

/* FALSE with DISCONNECTED: its object was disconnected from the proxy through which it was asked for. */
gboolean convoke_call_check_connected (ConvokeCall *self, GError **error);

/* (transfer full) (nullable): the call in progress. */
ConvokeRecord *convoke_call_dup_record (ConvokeCall *self);

/* (transfer full) (nullable): the call in progress, or the one before: what the getters speak of. */
ConvokeRecord *convoke_call_dup_record_or_last (ConvokeCall *self);

/* What there is to wait for. */
typedef enum
{
  CONVOKE_CALL_WAIT_NOTHING,
  CONVOKE_CALL_WAIT_STARTING,   /* a begin is under way; its event is notified when that is over */
  CONVOKE_CALL_WAIT_BEGUN,
} ConvokeCallWait;

/* All but @self are nullable; @chain and @remote (transfer full) are set where there is one. */
ConvokeCallWait convoke_call_look_for_wait (ConvokeCall *self, ConvokeEventCore **core, guint64 *chain, ConvokeApartment **remote);

/* A derived class can have a wait of its own. */
gboolean        convoke_call_waits_itself  (ConvokeCall *self);

/* Bits of ConvokeRecord.state with which the calls begin that are begun from now on. */
void convoke_call_set_record_bit  (ConvokeCall *self, gint bit, gboolean set);
gint convoke_call_get_record_bits (ConvokeCall *self);

/* What the calls that are begun from now on allow the server. */
void                      convoke_call_set_impersonation_level (ConvokeCall *self, ConvokeImpersonationLevel level);
ConvokeImpersonationLevel convoke_call_get_impersonation_level (ConvokeCall *self);

/* The call object of a proxy (convoke-marshaled-call.c). */
GType convoke_marshaled_call_get_type (void);

G_END_DECLS
