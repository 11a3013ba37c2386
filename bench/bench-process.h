/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/*
 * A server in a process of its own, at the other end of a socketpair. It ends
 * with the socket, or with us.
 */

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  GPid pid;
  int  fd;  /* our end; -1: somebody else has taken it */
} BenchProcess;

/* The socket of a program that bench_process_exec() started. */
#define BENCH_PROCESS_FD 3

/* What every server by hand answers: 64 bytes with 64 bytes. */
typedef struct
{
  gint32 number;
  char   text[60];
} BenchPacket;

/* Forks: call it while this process has one thread. The child ends when @serve returns. */
void bench_process_fork (BenchProcess *self,
                         void        (*serve) (int fd));

/* Starts the program of that name, beside this one or on PATH. @arguments: (nullable) */
void bench_process_exec (BenchProcess *self,
                         const char   *name,
                         const char  * const *arguments);
void bench_process_stop (BenchProcess *self);

/* The folder of this program. */
char *bench_process_folder (void);

void     bench_packet_fill  (BenchPacket *packet,
                             gint32       number);
void     bench_write        (int           fd,
                             gconstpointer data,
                             gsize         length);
/* FALSE: it has ended. */
gboolean bench_read         (int      fd,
                             gpointer data,
                             gsize    length);
/* Sends a packet and checks the answer. */
void     bench_packet_call  (int    fd,
                             gint32 number);
void     bench_check        (gint32 result,
                             gint32 number);

G_END_DECLS
