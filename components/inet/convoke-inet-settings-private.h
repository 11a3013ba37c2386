/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a session says about the requests that are opened in it from now on. */
typedef struct
{
  char   *agent;            /* (owned) (nullable) */
  char   *proxy;            /* (owned) (nullable) */
  char   *ca_file;          /* (owned) (nullable) */
  gint64  connect_timeout;  /* microseconds, 0: none */
} ConvokeInetSettings;

void convoke_inet_settings_copy  (const ConvokeInetSettings *self,
                                  ConvokeInetSettings       *copy);
void convoke_inet_settings_clear (ConvokeInetSettings       *self);

G_END_DECLS
