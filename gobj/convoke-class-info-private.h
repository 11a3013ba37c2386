/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "convoke-class-info.h"
#include "convoke-component-file-private.h"

G_BEGIN_DECLS

ConvokeClassInfo           *convoke_class_info_new      (const ConvokeComponentFile *file);
const ConvokeComponentFile *convoke_class_info_get_file (ConvokeClassInfo *self);

/* The state of its file, as it was read last; the store's lock guards it. */
const ConvokeFileStamp     *convoke_class_info_get_stamp (ConvokeClassInfo *self);
void                        convoke_class_info_set_stamp (ConvokeClassInfo *self, const ConvokeFileStamp *stamp);

/* By what people read, then by class: never 0 for two classes. */
int                         convoke_class_info_compare  (ConvokeClassInfo *self, ConvokeClassInfo *other);

/* What counts from now on (any thread; emits nothing), and the telling of it (in the catalog's context, without a lock). */
void                        convoke_class_info_set_enabled  (ConvokeClassInfo *self, gboolean enabled);
void                        convoke_class_info_tell_enabled (ConvokeClassInfo *self);

G_END_DECLS
