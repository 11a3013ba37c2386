/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the file of a shared library says of itself. It is read, never mapped
 * nor run, and nothing in it is believed: each place in it is checked, and
 * what is asked of it is bounded.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char  *path;
  char  *soname;        /* (nullable) */
  char **needed;        /* the names of the libraries that it links; never NULL */
  char **directories;   /* where it wants them to be looked for, $ORIGIN replaced; never NULL */
} ConvokeElf;

/* Fails with NOT_FOUND, ACCESS_DENIED, and FAILED: it is no shared library, or none for this machine. */
ConvokeElf *convoke_elf_read (const char *path, GError **error);
void        convoke_elf_free (ConvokeElf *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeElf, convoke_elf_free)

G_END_DECLS
