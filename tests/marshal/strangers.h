/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * Objects of GIO, whose interfaces nobody here wrote, in a GListModel: where
 * that lives they all do. What they can is claimed once for every place.
 */

#include <gio/gio.h>

typedef enum
{
  STRANGER_LIST,    /* GListModel of GAction */
  STRANGER_ACTION,  /* GAction "go" (i); its state tells what became of it */
  STRANGER_GROUP,   /* GActionGroup with "volume", of the state u */
  STRANGER_SEEKABLE,
  STRANGER_INITABLE,
  STRANGER_FILE,
  STRANGER_POKE,    /* GActionGroup: "append" to the list, "late" comes into the group */
} Stranger;

GListModel *strangers_new (void);

/* @open gives the model's proxy; @close gets it back when a claim is done with it. */
void        strangers_add_claims (const char *path, GListModel *(*open) (void), void (*close) (GListModel *strangers));
