/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (CONVOKE_INSIDE) && !defined (CONVOKE_COMPILATION)
#error "Only <convoke.h> can be included directly."
#endif

#include <glib-object.h>
#include <convoke-version.h>

G_BEGIN_DECLS

/**
 * ConvokeRegistrationFlags:
 * @CONVOKE_REGISTRATION_MULTIPLE_USE: serves activations until it is revoked
 * @CONVOKE_REGISTRATION_SINGLE_USE: serves one activation (OM-28)
 * @CONVOKE_REGISTRATION_SUSPENDED: is not seen before
 *   [func@Convoke.resume_class_objects] (OM-34)
 *
 * How a class object is registered (OM-27).
 *
 * Since: 0.1
 */
typedef enum
{
  CONVOKE_REGISTRATION_MULTIPLE_USE = 0,
  CONVOKE_REGISTRATION_SINGLE_USE   = 1 << 0,
  CONVOKE_REGISTRATION_SUSPENDED    = 1 << 1,
} ConvokeRegistrationFlags;

CONVOKE_AVAILABLE_IN_0_1
guint64 convoke_register_class_object (const char                *class_name,
                                       GObject                   *class_object,
                                       ConvokeRegistrationFlags   flags,
                                       GError                   **error);

CONVOKE_AVAILABLE_IN_0_1
gboolean convoke_revoke_class_object (guint64   cookie,
                                      GError  **error);

CONVOKE_AVAILABLE_IN_0_1
void convoke_suspend_class_objects (void);

CONVOKE_AVAILABLE_IN_0_1
void convoke_resume_class_objects (void);

G_END_DECLS
