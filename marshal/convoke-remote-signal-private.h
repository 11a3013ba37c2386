/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A signal of an interface as two processes describe it to each other, and an
 * emission of it as bytes. What SIGNAL and the EMIT request carry:
 *
 *   size        u32, bytes from here to the references
 *   interface   string, the name of its type
 *   signal      string
 *   types       string: of its values and its result, as text
 *   detail      string or NULL
 *   values      as the types say
 *   references  u16 count, for each u32: where in these bytes one is
 *
 * Where the two sides describe a signal differently it is dropped rather than
 * misread. What is dropped can hold references, which have to be given back;
 * that is what the list at the end is for.
 */

#include "convoke-emission-private.h"
#include "convoke-wire-private.h"

G_BEGIN_DECLS

typedef struct
{
  const ConvokeInterfaceInfo *iface;
  const ConvokeSignalInfo    *info;
  guint                       id;
  char                       *types;  /* (owned) */
} ConvokeRemoteSignal;

/* FALSE: it cannot cross. */
gboolean convoke_remote_signal_init    (ConvokeRemoteSignal *self, const ConvokeInterfaceInfo *iface, const ConvokeSignalInfo *info);
void     convoke_remote_signal_clear   (ConvokeRemoteSignal *self);
/* Whether it returns a value. */
gboolean convoke_remote_signal_asks    (const ConvokeRemoteSignal *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvokeRemoteSignal, convoke_remote_signal_clear)

/* @params: the object, which is not written, then the values. */
gboolean convoke_remote_signal_write   (const ConvokeRemoteSignal *self, ConvokeWireWriter *writer, GQuark detail, const GValue *params, const ConvokeWireRefs *refs, GError **error);

/* --- what came --- */

typedef struct
{
  ConvokeWireReader  values;      /* at the first value */
  ConvokeWireReader  references;  /* at their count */
  gsize              start;
  const char        *iface;
  const char        *signal;
  const char        *types;
  const char        *detail;      /* (nullable) */
} ConvokeRemoteSignalBody;

/* Moves @reader to the values. All fail with PROTOCOL. */
gboolean convoke_remote_signal_read        (ConvokeRemoteSignalBody *self, ConvokeWireReader *reader, GError **error);
/* FALSE: this side does not know it, or knows it otherwise. @signal is to be cleared in any case. */
gboolean convoke_remote_signal_find        (const ConvokeRemoteSignalBody *self, ConvokeRemoteSignal *signal);
/* 0: no detail, or one that nobody here can have connected to. */
GQuark   convoke_remote_signal_find_detail (const ConvokeRemoteSignalBody *self, const ConvokeRemoteSignal *signal);
/* Either of the two: the values go into @emission, or what they refer to is given back. */
gboolean convoke_remote_signal_read_values (ConvokeRemoteSignalBody *self, const ConvokeRemoteSignal *signal, ConvokeEmission *emission, const ConvokeWireRefs *refs, GError **error);
gboolean convoke_remote_signal_drop        (ConvokeRemoteSignalBody *self, const ConvokeWireRefs *refs, GError **error);

G_END_DECLS
