/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The component that is called, as a plug-in of libpeas's. */

#include <libpeas/peas.h>

#include "bench-echo.h"

G_MODULE_EXPORT void peas_register_types (PeasObjectModule *module);

void
peas_register_types (PeasObjectModule *module)
{
  peas_object_module_register_extension_type (module, CONVOKE_BENCH_TYPE_ECHO, CONVOKE_BENCH_TYPE_ADDER);
}
