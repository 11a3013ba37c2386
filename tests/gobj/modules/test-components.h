/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

/* The symbol "test_components" of the module: what happened to it. */
typedef struct
{
  gint      n_opened;
  gint      n_asked;                    /* the entry point */
  gint      n_created;
  guint64   last_thread;                /* that made one */
  GObject  *last_object;                /* (borrowed): what it made */
  void    (*creating) (gpointer data);  /* (nullable): run by the factory */
  gpointer  data;
} TestComponents;
