/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke-test-every.h>
#include <convoke-test-gate.h>
#include <convoke-test-price-feed.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_TYPE_SERVER (convoke_test_server_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeTestServer, convoke_test_server, CONVOKE_TEST, SERVER, GObject)

ConvokeTestServer *convoke_test_server_new             (void);
void               convoke_test_server_set_gate        (ConvokeTestServer *self,
                                                        ConvokeTestGate   *gate);
guint              convoke_test_server_get_n_calls     (ConvokeTestServer *self);
guint64            convoke_test_server_get_last_thread (ConvokeTestServer *self);
gboolean           convoke_test_server_has_run_on      (ConvokeTestServer *self,
                                                        guint64            thread);
guint              convoke_test_server_count_threads   (ConvokeTestServer *self);
char              *convoke_test_server_dup_last_note   (ConvokeTestServer *self);
void               convoke_test_server_change_price    (ConvokeTestServer *self,
                                                        const char        *item,
                                                        double             price);
void               convoke_test_server_tick            (ConvokeTestServer *self,
                                                        int                n,
                                                        const char        *text);
guint              convoke_test_server_count_live      (void);
guint64            convoke_test_get_thread             (void);

G_END_DECLS
