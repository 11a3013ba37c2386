/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What cannot be in this process together with what is in it already: Gtk-3.0 beside Gtk-4.0. */

#include "convoke-component-file-private.h"

G_BEGIN_DECLS

/* Whether the component can be loaded here. Loads nothing. FALSE: @error (VERSION_MISMATCH, half a sentence) says which version of
 * what it needs, and which one is here. Any thread; costs next to nothing when nothing was mapped since the last time. */
gboolean convoke_firewall_admits (const ConvokeComponentFile *file, GError **error);

G_END_DECLS
