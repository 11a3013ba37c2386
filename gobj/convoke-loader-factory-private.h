/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The class object of a component that a loader makes. */

#include "convoke-class-factory.h"
#include "convoke-component-file-private.h"

G_BEGIN_DECLS

/* Fails with what keeps the loader from being opened. */
ConvokeClassFactory *convoke_loader_factory_new (const ConvokeComponentFile *file, GError **error);

G_END_DECLS
