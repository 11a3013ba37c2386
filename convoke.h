/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define CONVOKE_INSIDE

#include <convoke-version.h>
#include <convoke-error.h>
#include <convoke-interface-info.h>
#include <convoke-unknown.h>
#include <convoke-query-result.h>
#include <convoke-loader.h>
#include <convoke-component.h>
#include <convoke-composition.h>
#include <convoke-class-factory.h>
#include <convoke-class-table.h>
#include <convoke-server-process.h>
#include <convoke-sweep.h>
#include <convoke-construct.h>
#include <convoke-class-info.h>
#include <convoke-activation.h>
#include <convoke-catalog.h>
#include <convoke-catalog-problem.h>

#include <convoke-synchronize.h>
#include <convoke-synchronize-handle.h>
#include <convoke-synchronize-event.h>
#include <convoke-event.h>
#include <convoke-wait-for-multiple.h>
#include <convoke-synchronize-container.h>
#include <convoke-wait-set.h>
#include <convoke-async-result.h>
#include <convoke-work-queue.h>
#include <convoke-platform.h>
#include <convoke-work-item.h>
#include <convoke-apartment.h>
#include <convoke-call-context.h>
#include <convoke-call-filter.h>
#include <convoke-cancel-method-calls.h>
#include <convoke-call.h>
#include <convoke-call-factory.h>
#include <convoke-server-call.h>
#include <convoke-call-operation.h>
#include <convoke-call-begin.h>
#include <convoke-server-security.h>
#include <convoke-client-security.h>
#include <convoke-completion-queue.h>
#include <convoke-context-watch.h>
#include <convoke-handle-result.h>
#include <convoke-handle.h>
#include <convoke-reply-message.h>
#include <convoke-reply-queue.h>
#include <convoke-reply-port.h>

#include <convoke-proxy.h>
#include <convoke-busy.h>
#include <convoke-disconnect.h>
#include <convoke-call-face.h>
#include <convoke-crossing.h>
#include <convoke-host.h>
#include <convoke-publish.h>
#include <convoke-attach.h>
#include <convoke-token.h>
#include <convoke-interface-table.h>
#include <convoke-plugin.h>
#include <convoke-plugin-list.h>

#undef CONVOKE_INSIDE
