/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

/* The symbol "test_swept" of the module: what happened to it. */
typedef struct
{
  gint       n_opened;
  gint       n_asked;        /* the entry point */
  gint       n_factories;    /* that live */
  gint       n_questions;    /* whether it can be unloaded */
  gboolean   stays;          /* what it says to that */
  GType      iface;          /* that a factory was asked for last */
  void     (*creating) (void);  /* (nullable): run by a factory */
  GObject   *only;           /* (owned) (nullable): what the type "Only" always gives */
} TestSwept;
