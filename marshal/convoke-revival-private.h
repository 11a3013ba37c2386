/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A proxy names a component, not a process (design D10): what was activated
 * from a keyfile with Restart=yes is activated again when its process is gone,
 * as often as the keyfile allows.
 */

#include "convoke-component-file-private.h"
#include "convoke-import-private.h"
#include "convoke-object-table-private.h"
#include "convoke-record-private.h"

G_BEGIN_DECLS

typedef struct _ConvokeRevival ConvokeRevival;

typedef enum
{
  CONVOKE_REVIVAL_SEND,    /* the object is there, as far as anybody knows */
  CONVOKE_REVIVAL_HELD,    /* the record was taken; it is sent, or failed, later */
  CONVOKE_REVIVAL_FAILED,  /* the object will never be there again */
} ConvokeRevivalAnswer;

/* @import was activated from @file with @properties (nullable) just now. Nothing happens without Restart=yes, or when it was attached before. */
void                      convoke_revival_attach   (ConvokeImport *import, const ConvokeComponentFile *file,
                                                     const ConvokeProperties *properties);
/* (nullable) */
void                      convoke_revival_free     (ConvokeRevival *self);

/* What becomes of a call of an import that has a revival. Takes a reference to @record over when it is held. */
ConvokeRevivalAnswer      convoke_revival_hold     (ConvokeImport *import, ConvokeRecord *record, GError **error);
/* TRUE: it was held; the reference is the caller's again. */
gboolean                  convoke_revival_withdraw (ConvokeImport *import, ConvokeRecord *record);
/* Where @import is, once it is there again if it will be. Blocks meanwhile. */
const ConvokeImportPlace *convoke_revival_wait     (ConvokeImport *import);

/* A connection has ended: the proxies of what was at its other end are told, and what can be is activated again. */
void                      convoke_revival_tell_end (ConvokeObjectTable *objects, const GError *why);

G_END_DECLS
