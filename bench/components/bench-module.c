/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The component that is called, as a module. */

#include "bench-echo.h"
#include "convoke.h"

#define EXPORT __attribute__ ((visibility ("default")))

EXPORT ConvokeClassFactory *convoke_module_get_class_factory (const char *type_name, GError **error);

ConvokeClassFactory *
convoke_module_get_class_factory (const char  *type_name,
                                  GError     **error)
{
  return convoke_class_factory_new_for_type (CONVOKE_BENCH_TYPE_ADDER);
}
