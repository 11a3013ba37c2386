/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVOKE_TEST_TYPE_GATE (convoke_test_gate_get_type ())
G_DECLARE_FINAL_TYPE (ConvokeTestGate, convoke_test_gate, CONVOKE_TEST, GATE, GObject)

ConvokeTestGate *convoke_test_gate_new          (void);
void             convoke_test_gate_open         (ConvokeTestGate *self);
void             convoke_test_gate_close        (ConvokeTestGate *self);
void             convoke_test_gate_let_pass     (ConvokeTestGate *self,
                                                 guint            n);
gboolean         convoke_test_gate_pass         (ConvokeTestGate *self);
gboolean         convoke_test_gate_wait_held    (ConvokeTestGate *self,
                                                 guint            n);
gboolean         convoke_test_gate_wait_arrived (ConvokeTestGate *self,
                                                 guint            n);
guint            convoke_test_gate_get_held     (ConvokeTestGate *self);

G_END_DECLS
