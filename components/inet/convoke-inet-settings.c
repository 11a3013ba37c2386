/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "convoke-inet-settings-private.h"

void
convoke_inet_settings_copy (const ConvokeInetSettings *self,
                            ConvokeInetSettings       *copy)
{
  copy->agent = g_strdup (self->agent);
  copy->proxy = g_strdup (self->proxy);
  copy->ca_file = g_strdup (self->ca_file);
  copy->connect_timeout = self->connect_timeout;
}

void
convoke_inet_settings_clear (ConvokeInetSettings *self)
{
  g_clear_pointer (&self->agent, g_free);
  g_clear_pointer (&self->proxy, g_free);
  g_clear_pointer (&self->ca_file, g_free);
}
