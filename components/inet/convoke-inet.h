/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <convoke.h>

#define CONVOKE_INET_INSIDE

#include <convoke-inet-service.h>
#include <convoke-inet-file.h>
#include <convoke-inet-request.h>
#include <convoke-inet-connection.h>
#include <convoke-inet-session.h>

#undef CONVOKE_INET_INSIDE
