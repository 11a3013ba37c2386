/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The seam between the engine and what takes calls out of the process.
 *
 * An apartment whose objects live elsewhere has a carrier: tasks that are
 * posted to it are records of the engine, and the carrier sends them. Whoever
 * waits for such a call may do the carrier's reading meanwhile (design D6).
 */

#include "convoke-event-core-private.h"
#include "convoke-apartment.h"

G_BEGIN_DECLS

typedef struct _ConvokeRecord ConvokeRecord;

typedef struct
{
  /* Takes a reference to @record over, which goes when the server side has ended. On failure nothing was taken. */
  gboolean (*send)     (gpointer carrier, ConvokeRecord *record, GError **error);
  /* TRUE: it had not been sent and never will be; the reference is the caller's again. */
  gboolean (*withdraw) (gpointer carrier, ConvokeRecord *record);
  /* A cancel of the call was sent, by whoever; tells the other side. No lock is held. */
  void     (*cancel)   (gpointer carrier, ConvokeRecord *record);
  /* Like convoke_event_core_park (), but may read meanwhile. @quiet: as good as nobody but the carrier itself changes @core, so
   * that it need not be quick to notice others: some milliseconds will do. */
  gboolean (*park)     (gpointer carrier, ConvokeEventCore *core, guint seen, gint64 deadline, gboolean quiet);
  /* Ends the sleep of whoever is in park, so that it looks again. Any thread; locks may be held. */
  void     (*kick)     (gpointer carrier);
  /* For messages: "process 4711 (org.example.Coffee)". */
  char    *(*describe) (gpointer carrier);
} ConvokeCarrierFuncs;

/* An apartment of objects that live elsewhere. @destroy drops @carrier when the apartment goes. */
ConvokeApartment *convoke_apartment_new_remote (const ConvokeCarrierFuncs *funcs, gpointer carrier, GDestroyNotify destroy);

/* (nullable): NULL for apartments of this process. */
const ConvokeCarrierFuncs *convoke_apartment_get_carrier (ConvokeApartment *self, gpointer *carrier);

static inline gboolean
convoke_apartment_is_remote (ConvokeApartment *self)
{
  return convoke_apartment_get_carrier (self, NULL) != NULL;
}

G_END_DECLS
