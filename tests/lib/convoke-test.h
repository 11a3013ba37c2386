/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The introspected library that the tests of all languages share: plain
 * annotated GInterfaces, and classes that implement them. It knows nothing of
 * Convoke, as no library whose interfaces Convoke calls has to.
 */

#include <convoke-test-every.h>
#include <convoke-test-gate.h>
#include <convoke-test-kind-caller.h>
#include <convoke-test-kind-server.h>
#include <convoke-test-kinds.h>
#include <convoke-test-named-feed.h>
#include <convoke-test-partner.h>
#include <convoke-test-pitfalls.h>
#include <convoke-test-price-feed.h>
#include <convoke-test-server.h>
#include <convoke-test-tell.h>
