/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>

G_BEGIN_DECLS

/* A callback that counts, and keeps the status of the last result. */
#define TOLD_TYPE_CALLBACK (told_callback_get_type ())
G_DECLARE_FINAL_TYPE (ToldCallback, told_callback, TOLD, CALLBACK, GObject)

struct _ToldCallback
{
  GObject  parent_instance;

  GError  *status; /* (owned) (nullable) read after n_told was */
  gint     n_told; /* (atomic) */
};

G_END_DECLS
