/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * The peers of call-process: each has a server in another process and calls it
 * over a Unix socket.
 */

#include <glib.h>

G_BEGIN_DECLS

/* How many calls are outstanding in call-process-64. */
#define BENCH_OUTSTANDING 64

/* What the peers call it. */
#define BENCH_DBUS_NAME "org.convoke.Bench"
#define BENCH_DBUS_PATH "/org/convoke/Bench"
#define BENCH_DBUS_INTERFACE "org.convoke.Bench.Echo"

/* Servers: return when the socket ends. */
void bench_sd_bus_serve         (int fd);
void bench_sd_bus_serve_context (int fd);
void bench_gdbus_serve          (int fd);

void bench_sd_bus_setup         (void);
void bench_sd_bus_setup_context (void);
void bench_sd_bus_setup_service (void);
void bench_sd_bus_run           (guint64 n);
void bench_sd_bus_run_many      (guint64 n);
void bench_sd_bus_teardown      (void);

void bench_gdbus_setup          (void);
void bench_gdbus_setup_daemon   (void);
void bench_gdbus_setup_service  (void);
void bench_gdbus_run            (guint64 n);
void bench_gdbus_run_many       (guint64 n);
void bench_gdbus_teardown       (void);

void bench_capnp_setup          (void);
void bench_capnp_run            (guint64 n);
void bench_capnp_run_many       (guint64 n);
void bench_capnp_teardown       (void);

void bench_omniorb_setup               (void);
void bench_omniorb_setup_collocated    (void);
void bench_omniorb_run                 (guint64 n);
void bench_omniorb_teardown            (void);
void bench_omniorb_teardown_collocated (void);

G_END_DECLS
