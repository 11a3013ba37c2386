/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The files of libpeas's plug-ins, read as registrations of classes:
 *
 *   [Plugin]
 *   Module=spell              also what libpeas calls the plug-in; the class is called as the file
 *   Loader=python3            C (default), python3
 *   Name=Spelling             as Description, Icon, Authors, Website, Copyright, Version, Depends
 *   X-Convoke-Distance=thread what [Component] can have beyond that; Interfaces=Peas-1.0.Activatable and Distance=process where it has not
 */

#include "convoke-component-file-private.h"

G_BEGIN_DECLS

/* As convoke_component_file_load (). NOT_SUPPORTED, too: a plug-in of a language that does not run here. */
ConvokeComponentFile *convoke_plugin_file_load (const char *path, GError **error);

G_END_DECLS
