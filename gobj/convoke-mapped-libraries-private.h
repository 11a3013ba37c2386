/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Which shared libraries the process has, by the names under which others link them. */

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ConvokeMappedLibraries ConvokeMappedLibraries;

/* As they are now. Never changes: any thread may read it. */
ConvokeMappedLibraries *convoke_mapped_libraries_dup   (void);
void                    convoke_mapped_libraries_unref (ConvokeMappedLibraries *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeMappedLibraries, convoke_mapped_libraries_unref)

/* Differs from every earlier one after something was mapped or unmapped; costs next to nothing to ask for. */
guint64     convoke_mapped_libraries_get_state       (void);
guint64     convoke_mapped_libraries_get_state_of    (const ConvokeMappedLibraries *self);

gboolean    convoke_mapped_libraries_has             (const ConvokeMappedLibraries *self, const char *soname);

/* Another version of the same library: libgtk-4.so.1 for libgtk-3.so.0; NULL for none. Only of those that have GObject's types, as
 * others can be in a process in two versions. */
const char *convoke_mapped_libraries_find_other      (const ConvokeMappedLibraries *self, const char *soname);

/* Where they are; NULL-terminated. */
char      **convoke_mapped_libraries_get_directories (const ConvokeMappedLibraries *self);

G_END_DECLS
