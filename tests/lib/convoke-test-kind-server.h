/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke-test-kinds.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_TYPE_KIND_SERVER (convoke_test_kind_server_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeTestKindServer, convoke_test_kind_server, CONVOKE_TEST, KIND_SERVER, GObject)

ConvokeTestKindServer *convoke_test_kind_server_new (void);

G_END_DECLS
