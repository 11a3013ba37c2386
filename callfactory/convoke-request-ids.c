/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "convoke-request-ids-private.h"

#define LARGEST_ID 0x7FFFFFFF

void
convoke_request_ids_init (ConvokeRequestIds *self)
{
  *self = (ConvokeRequestIds) { .used = g_hash_table_new (NULL, NULL) };
}

void
convoke_request_ids_clear (ConvokeRequestIds *self)
{
  g_clear_pointer (&self->used, g_hash_table_unref);
}

gpointer
convoke_request_ids_lookup (ConvokeRequestIds *self,
                            gint32             id)
{
  return id > 0 ? g_hash_table_lookup (self->used, GINT_TO_POINTER (id)) : NULL;
}

static void
advance (ConvokeRequestIds *self)
{
  self->wrapped |= self->last == LARGEST_ID;
  self->last = self->last == LARGEST_ID ? 1 : self->last + 1;
}

gint32
convoke_request_ids_add (ConvokeRequestIds *self,
                         gpointer           what)
{
  if (g_hash_table_size (self->used) == LARGEST_ID)
    return 0;

  advance (self);
  while (self->wrapped && convoke_request_ids_lookup (self, self->last) != NULL)
    advance (self);
  g_hash_table_insert (self->used, GINT_TO_POINTER (self->last), what);

  return self->last;
}

void
convoke_request_ids_set (ConvokeRequestIds *self,
                         gint32             id,
                         gpointer           what)
{
  g_hash_table_insert (self->used, GINT_TO_POINTER (id), what);
}

gboolean
convoke_request_ids_remove (ConvokeRequestIds *self,
                            gint32             id,
                            gpointer           what)
{
  return convoke_request_ids_lookup (self, id) == what && g_hash_table_remove (self->used, GINT_TO_POINTER (id));
}

gboolean
convoke_request_ids_was_given (ConvokeRequestIds *self,
                               gint32             id)
{
  return id > 0 && (self->wrapped || id <= self->last);
}
