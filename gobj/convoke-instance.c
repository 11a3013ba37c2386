/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#include "convoke-instance-private.h"

/* What is at @address, if anything is; the kernel looks, which fails where we would crash. */
static gboolean
peek (gconstpointer  address,
      gsize         *word)
{
  struct iovec local = { word, sizeof *word };
  struct iovec remote = { (gpointer) address, sizeof *word };
  gssize n;

  if ((gsize) address % sizeof *word != 0)
    return FALSE;

  n = process_vm_readv (getpid (), &local, 1, &remote, 1, 0);
  /* A sandbox may forbid it: then nobody can tell. */
  if (n < 0 && (errno == EPERM || errno == ENOSYS))
    {
      *word = *(const gsize *) address;
      return TRUE;
    }

  return n == sizeof *word;
}

/* Most types are pointers in GObject's eyes, so one that nobody registered must not get there. */
static gboolean
is_registered_below (GType root,
                     GType type)
{
  g_autofree GType *children = NULL;
  guint n_children;

  if (root == type)
    return TRUE;

  children = g_type_children (root, &n_children);
  for (guint i = 0; i < n_children; i++)
    if (is_registered_below (children[i], type))
      return TRUE;

  return FALSE;
}

gboolean
convoke_instance_is_object (gconstpointer candidate)
{
  gsize class, type;

  return candidate != NULL &&
         peek (G_STRUCT_MEMBER_P (candidate, G_STRUCT_OFFSET (GTypeInstance, g_class)), &class) && class != 0 &&
         peek (G_STRUCT_MEMBER_P (class, G_STRUCT_OFFSET (GTypeClass, g_type)), &type) &&
         is_registered_below (G_TYPE_OBJECT, type);
}
