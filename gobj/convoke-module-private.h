/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Modules of C: opened once, never closed (P-13: GObject frees no type). */

#include "convoke-class-factory.h"

G_BEGIN_DECLS

/* The file (transfer full) that @path means, which can lack "lib" and ".so". Fails with NOT_FOUND. */
char                *convoke_module_find_file         (const char *path, GError **error);

/* Opens the module at @path, which can lack "lib" and ".so", where it is not open yet, and gets its factory for @type_name
 * (transfer full). Its code runs on the calling thread. Fails with NOT_FOUND, FAILED (the system does not open it),
 * VERSION_MISMATCH (it was built for another version of ours), NOT_SUPPORTED (no module of ours), CLASS_NOT_AVAILABLE,
 * ALREADY_REGISTERED (a name of a type is taken), or what the module says. */
ConvokeClassFactory *convoke_module_get_class_factory (const char *path, const char *type_name, GError **error);

/* The files of the modules that were opened (transfer full). */
char               **convoke_module_list_files        (void);

/* Drops the factories of the module that was opened from @file. FALSE: it is in use, and nothing is dropped. Its code runs on the
 * calling thread. */
gboolean             convoke_module_sweep             (const char *file);

G_END_DECLS
