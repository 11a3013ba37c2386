/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The one file that sees gobj/, callfactory/ and marshal/: it installs what
 * the lower folders call upwards through a table.
 */

#include "config.h"

#include "convoke-apartment-private.h"
#include "convoke-hooks-private.h"
#include "convoke-local-placer-private.h"
#include "convoke-process-placer-private.h"
#include "convoke-proxy-private.h"
#include "convoke-stock-class-private.h"
#include "convoke-trampoline-private.h"

static gpointer
dup_home (void)
{
  return convoke_proxy_dup_home ();
}

static void
release (gpointer  apartment,
         GObject  *object)
{
  convoke_apartment_release (apartment, object);
}

/* When the library is loaded, so that the table is constant for everyone who
 * reads it. Only addresses are stored: nothing runs yet. */
__attribute__ ((constructor)) static void
install_hooks (void)
{
  convoke_hooks = (ConvokeHooks) {
    .map_object = convoke_proxy_map_object,
    .map_callback = convoke_trampoline_map_callback,
    .keep_outs = convoke_proxy_keep_outs,
    .unwrap = convoke_proxy_unwrap,
    .dup_target = convoke_proxy_dup_target_of,
    .enter = convoke_proxy_enter_target,
    .leave = convoke_proxy_leave_target,
    .dup_apartment = convoke_proxy_dup_apartment,
    .dup_public = convoke_proxy_dup_public,
    .identity = convoke_proxy_identity,
    .late_query = convoke_proxy_late_query,
    .dup_home = dup_home,
    .dup_stock_class = convoke_stock_class_dup_object,
    .place_here = convoke_local_placer_place,
    .watch = convoke_proxy_watch,
    .unwatch = convoke_proxy_unwatch,
    .dup_end = convoke_proxy_dup_end,
    .release = release,
  };

  convoke_placers[CONVOKE_DISTANCE_IN_PROCESS].activate = convoke_local_placer_activate;
  convoke_placers[CONVOKE_DISTANCE_THREAD].is_available = convoke_thread_placer_is_available;
  convoke_placers[CONVOKE_DISTANCE_THREAD].activate = convoke_thread_placer_activate;
  convoke_placers[CONVOKE_DISTANCE_PROCESS].is_available = convoke_process_placer_is_available;
  convoke_placers[CONVOKE_DISTANCE_PROCESS].activate = convoke_process_placer_activate;
}
