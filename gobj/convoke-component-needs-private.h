/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* What a component brings into the process that loads it, as far as that can be known before: nothing is opened or run. */

#include "convoke-component-file-private.h"
#include "convoke-mapped-libraries-private.h"
#include "convoke-typelib-private.h"

G_BEGIN_DECLS

typedef struct
{
  char                     *soname;
  const ConvokeTypelibLook *of;       /* (nullable): the namespace that it is the library of */
} ConvokeNeededLibrary;

typedef struct
{
  GPtrArray *namespaces;    /* (element-type ConvokeTypelibLook) borrowed */
  GPtrArray *libraries;     /* (element-type ConvokeNeededLibrary) owned: those that @mapped does not have */
} ConvokeComponentNeeds;

ConvokeComponentNeeds *convoke_component_needs_new  (const ConvokeComponentFile *file, const ConvokeMappedLibraries *mapped);
void                   convoke_component_needs_free (ConvokeComponentNeeds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvokeComponentNeeds, convoke_component_needs_free)

G_END_DECLS
