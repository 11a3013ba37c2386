/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A module of one class, which links what it is told to. */

#include <convoke.h>
#include <convoke-test.h>

#define EXPORT __attribute__ ((visibility ("default")))

#ifndef TEA
#define TEA test_tea
#endif

extern GType TEA (void);
EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
#ifndef WITHOUT_TEA
  if (TEA () == G_TYPE_INVALID)
    return NULL;
#endif

  return convoke_class_factory_new_for_type (CONVOKE_TEST_TYPE_SERVER);
}
