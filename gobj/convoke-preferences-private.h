/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * What the user of one program said of the classes: which of them it can
 * activate. A keyfile in the user's configuration:
 *
 *   [Enabled]
 *   org.example.Coffee=no
 *
 * Every process of the program reads and writes it.
 */

#include <gio/gio.h>
#include "convoke-path-watch-private.h"

G_BEGIN_DECLS

typedef struct _ConvokePreferences ConvokePreferences;

/* To be used under the owner's lock. */
ConvokePreferences *convoke_preferences_new   (void);
void                convoke_preferences_free  (ConvokePreferences *self);

/* Which program it is: before anything else, or never, which is as the system calls it. FALSE: it is no name for a file. */
gboolean            convoke_preferences_set_program (ConvokePreferences *self, const char *program, GError **error);
/* Where they are; NULL: the program has no name, or no preferences since it runs with privileges. */
const char         *convoke_preferences_get_path    (ConvokePreferences *self);

/* Reads what others wrote, and adds itself to @watch (nullable). FALSE: what was known before counts. */
gboolean            convoke_preferences_load        (ConvokePreferences *self, ConvokePathWatch *watch, GError **error);
gboolean            convoke_preferences_is_enabled  (ConvokePreferences *self, const char *class_name, gboolean fallback);
/* Reads, changes, writes; others who do the same wait for each other, a second at the most. */
gboolean            convoke_preferences_store       (ConvokePreferences *self, const char *class_name, gboolean enabled, GError **error);

G_END_DECLS
