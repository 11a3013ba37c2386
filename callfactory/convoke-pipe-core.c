/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * A pipe: what was pushed and not yet pulled, and who waits at its two sides.
 *
 *   OPEN --end marker--> ENDING --the reader was given the end--> DRAINED
 *     \________________ \____________ abort, close, end of the call --> FAILED, with an error for each side
 *
 * A side's error is its answer from then on. The reader gets what was pushed
 * before first, unless the failure threw that away. DRAINED is the good end:
 * nothing that comes later changes it.
 *
 * An operation that can go on at once does. One that cannot becomes a waiter,
 * in line behind those of its side. It is answered in one of two ways. A call
 * that came through Convoke is deferred, so that no thread waits for it. A
 * plain call blocks its thread in the library's wait.
 *
 * A deferred call can have been cancelled by the time that it is answered, and
 * then what it was to be given goes back to the front of the pipe: a pull
 * that was cancelled in this process has taken nothing. Until that is known
 * nobody else may be given what comes after. So one answer at most is on its
 * way (the flight), outside of the lock, because who is told can be anybody. Who
 * is told can use this pipe from there: then the flight has landed well. Who
 * is given the end has it from the start of the flight.
 *
 * Left to others: which thread may use which side, and the order of several
 * pipes (convoke-pipe-call.c); the objects (convoke-pipe-end.c).
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-event-private.h"
#include "convoke-fork-private.h"
#include "convoke-pipe-private.h"
#include "convoke-record-private.h"
#include "convoke-server-call.h"
#include "convoke-sync-point-private.h"
#include "convoke-wait-private.h"

typedef struct
{
  ConvokeTimer       timer;      /* of a deferred call; holds a reference while armed */
  gint               ref_count;  /* atomic: the line, the timer, the cancellable's handler, who waits */
  ConvokePipeCore   *core;       /* owned */
  ConvokePipeSide    side;       /* constant */
  ConvokeServerCall *call;       /* (nullable) (owned): to be answered; constant until that */
  gboolean           blocked;    /* constant; a thread waits for the event. Neither: an end marker in line */
  ConvokeEventCore   event;
  gsize              max;        /* of a pull; constant */

  GList              link;       /* LOCK: core's, as all below */
  gboolean           in_line;
  gboolean           cancelled;  /* before it came into the line */
  gpointer           data;       /* (nullable) (owned): what it pushes, or was given */
  gsize              n;
  GError            *error;      /* (nullable) (owned): its answer, also before it is its turn */
} Waiter;

/* An answer on its way; lives on the stack of who gives it. */
typedef struct
{
  Waiter  *waiter;
  GThread *thread;
  gboolean landed;
} Flight;

struct _ConvokePipeCore
{
  gint              ref_count;  /* atomic */
  ConvokePipeFlags  flags;      /* constant */
  GVariantType     *type;       /* (nullable) (owned): of an item; constant */
  gsize             capacity;   /* constant */

  GMutex            lock;       /* no foreign code runs under it */
  GQueue            chunks;     /* LOCK: lock, as all below; of owned ConvokePipeChunk */
  gsize             used;
  gboolean          ending;     /* the writer has said the end */
  gboolean          ended;      /* and nothing that it pushed before is still in line */
  gboolean          drained;
  gboolean          discarded;  /* what was in it is thrown away, and so is what comes back */
  GError           *errors[2];  /* (nullable) (owned) of each side */
  GQueue            lines[2];   /* of owned Waiter */
  ConvokeEvent     *events[2];  /* (nullable) (owned): set while the side would not have to wait */
  Flight           *flight;     /* (nullable) */
  GSList           *garbage;    /* (owned) data that is let go of without the lock */
  GError           *cancelled;  /* (nullable) (owned): the callee's side does not wait any more */
  ConvokePipeSide   callee;
  ConvokePipeGroup *group;      /* (nullable) (owned): of the call that it is bound to */
  guint             rank;
};

ConvokePipeCore *
convoke_pipe_core_new (ConvokePipeFlags    flags,
                       const GVariantType *type,
                       gsize               capacity)
{
  ConvokePipeCore *self = g_new0 (ConvokePipeCore, 1);

  convoke_fork_init ();
  self->ref_count = 1;
  self->flags = flags;
  self->type = type != NULL ? g_variant_type_copy (type) : NULL;
  self->capacity = capacity;
  g_mutex_init (&self->lock);

  return self;
}

ConvokePipeCore *
convoke_pipe_core_ref (ConvokePipeCore *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
chunk_free (ConvokePipeChunk *chunk,
            gboolean          items)
{
  if (chunk->data != NULL)
    convoke_pipe_data_unref (chunk->data, items);
  g_free (chunk);
}

void
convoke_pipe_core_unref (ConvokePipeCore *self)
{
  ConvokePipeChunk *chunk;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  while ((chunk = g_queue_pop_head (&self->chunks)) != NULL)
    chunk_free (chunk, self->type != NULL);
  for (guint side = 0; side < 2; side++)
    {
      g_clear_error (&self->errors[side]);
      g_clear_object (&self->events[side]);
    }
  g_clear_error (&self->cancelled);
  g_clear_pointer (&self->group, convoke_pipe_group_unref);
  g_clear_pointer (&self->type, g_variant_type_free);
  g_mutex_clear (&self->lock);
  g_free (self);
}

const GVariantType *
convoke_pipe_core_get_type (ConvokePipeCore *self)
{
  return self->type;
}

ConvokePipeFlags
convoke_pipe_core_get_flags (ConvokePipeCore *self)
{
  return self->flags;
}

/* --- waiters --- */

static Waiter *
waiter_new (ConvokePipeCore *core,
            ConvokePipeSide  side)
{
  Waiter *self = g_new0 (Waiter, 1);

  self->ref_count = 1;
  self->core = convoke_pipe_core_ref (core);
  self->side = side;
  self->link.data = self;
  convoke_event_core_init (&self->event);

  return self;
}

static Waiter *
waiter_ref (Waiter *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

static void
waiter_unref (gpointer data)
{
  Waiter *self = data;

  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  if (self->data != NULL)
    convoke_pipe_data_unref (self->data, self->core->type != NULL);
  g_clear_error (&self->error);
  g_clear_object (&self->call);
  convoke_event_core_clear (&self->event);
  convoke_pipe_core_unref (self->core);
  g_free (self);
}

static GError *
closed_error (const char *why)
{
  return g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED, why);
}

static GError *
ended_error (void)
{
  return closed_error ("The end of the pipe was said before");
}

/* The end can have been said since somebody found that there is no room. */
static void
waiter_enter_line_locked (Waiter *self)
{
  if (self->side == CONVOKE_PIPE_WRITER && self->core->ending && self->data != NULL)
    self->error = ended_error ();
  self->in_line = TRUE;
  g_queue_push_tail_link (&self->core->lines[self->side], &self->link);
  waiter_ref (self);
}

/* (transfer full): the line's reference. */
static Waiter *
waiter_leave_line_locked (Waiter *self)
{
  self->in_line = FALSE;
  g_queue_unlink (&self->core->lines[self->side], &self->link);

  return self;
}

/* Tells who called; no lock is held. FALSE: nobody listens any more. The call stays: with it an end of this pipe can go. */
static gboolean
waiter_answer (Waiter *self)
{
  ConvokeThread *thread = convoke_thread_self ();
  ConvokeServing outer;
  gboolean heard;

  if (convoke_timer_disarm (&self->timer))
    waiter_unref (self);

  /* Whoever is told here is none of what this thread serves. */
  convoke_thread_begin_serving (thread, NULL, thread->chain, &outer);
  if (self->error != NULL)
    heard = convoke_server_call_abort (self->call, self->error, NULL);
  else if (self->side == CONVOKE_PIPE_WRITER)
    heard = convoke_server_call_complete (self->call, NULL, TRUE);
  else
    heard = convoke_server_call_complete (self->call, NULL, self->data);
  convoke_thread_end_serving (thread, &outer);

  return heard;
}

/* It was answered and is nobody's any more. What hangs on the call holds the waiter, so that goes first. */
static void
waiter_free_answered (gpointer data)
{
  Waiter *self = data;

  g_clear_object (&self->call);
  waiter_unref (self);
}

/* --- what is in the pipe --- */

static void
drop_locked (ConvokePipeCore *self,
             gpointer         data)
{
  if (data != NULL)
    self->garbage = g_slist_prepend (self->garbage, data);
}

static void
put_locked (ConvokePipeCore *self,
            gpointer         data,
            gsize            n,
            gboolean         in_front)
{
  ConvokePipeChunk *chunk = g_new0 (ConvokePipeChunk, 1);

  *chunk = (ConvokePipeChunk) { data, 0, n };
  if (in_front)
    g_queue_push_head (&self->chunks, chunk);
  else
    g_queue_push_tail (&self->chunks, chunk);
  self->used += n;
}

static void
discard_locked (ConvokePipeCore *self)
{
  ConvokePipeChunk *chunk;

  while ((chunk = g_queue_pop_head (&self->chunks)) != NULL)
    {
      drop_locked (self, chunk->data);
      g_free (chunk);
    }
  self->used = 0;
  self->ended = FALSE;
  self->discarded = TRUE;
}

/* Elements, or the end marker. */
static gpointer
take_locked (ConvokePipeCore *self,
             gsize            max,
             gsize           *n)
{
  ConvokePipeChunk *chunk = g_queue_peek_head (&self->chunks);
  gpointer part;

  if (chunk == NULL)
    {
      *n = 0;
      return convoke_pipe_data_empty (self->type);
    }

  part = convoke_pipe_chunk_take (chunk, self->type != NULL, max, n);
  self->used -= *n;
  if (chunk->n > 0)
    return part;

  g_queue_pop_head (&self->chunks);
  drop_locked (self, chunk->data);
  g_free (chunk);

  return part;
}

static void
pass_locked (ConvokePipeCore *self,
             ConvokePipeSide  side)
{
  if (self->group != NULL)
    convoke_pipe_group_pass (self->group, self->rank, side);
}

static void
set_drained_locked (ConvokePipeCore *self)
{
  self->drained = TRUE;
  pass_locked (self, CONVOKE_PIPE_READER);
}

/* Takes the errors. What failed first stays; a pipe that is through does not fail. */
static void
fail_locked (ConvokePipeCore *self,
             GError          *for_writer,
             GError          *for_reader,
             gboolean         discard)
{
  GError *errors[] = { for_writer, for_reader };

  for (guint side = 0; side < 2; side++)
    if (self->drained || self->errors[side] != NULL)
      g_error_free (errors[side]);
    else
      self->errors[side] = errors[side];

  if (self->drained)
    return;
  if (discard)
    discard_locked (self);
  pass_locked (self, CONVOKE_PIPE_WRITER);
  pass_locked (self, CONVOKE_PIPE_READER);
}

/* --- who may go on --- */

static gboolean
has_room_locked (ConvokePipeCore *self,
                 gsize            n)
{
  return self->used == 0 || (self->used < self->capacity && n <= self->capacity - self->used);
}

/* What answers an operation of @side that nothing else answers, or NULL: it waits. */
static const GError *
get_error_locked (ConvokePipeCore *self,
                  ConvokePipeSide  side)
{
  if (self->errors[side] != NULL)
    return self->errors[side];

  return side == self->callee ? self->cancelled : NULL;
}

static gboolean
can_pull_locked (ConvokePipeCore *self)
{
  return !g_queue_is_empty (&self->chunks) || self->ended;
}

/* An end marker has no elements. */
static gboolean
can_push_locked (ConvokePipeCore *self,
                 gsize            n)
{
  return self->errors[CONVOKE_PIPE_WRITER] == NULL && (n == 0 || has_room_locked (self, n));
}

static gboolean
can_go_on_locked (Waiter *waiter)
{
  return waiter->side == CONVOKE_PIPE_WRITER ? can_push_locked (waiter->core, waiter->n) : can_pull_locked (waiter->core);
}

static Waiter *
find_next_locked (ConvokePipeCore *self)
{
  for (guint side = 0; side < 2; side++)
    {
      Waiter *first = g_queue_peek_head (&self->lines[side]);

      if (first != NULL && (first->error != NULL || can_go_on_locked (first) || get_error_locked (self, side) != NULL))
        return first;
    }

  return NULL;
}

/* --- answering --- */

/* What @waiter asked for happens, as far as that is known before it was told. */
static void
prepare_locked (ConvokePipeCore *self,
                Waiter          *waiter)
{
  if (waiter->error != NULL)
    return;

  if (!can_go_on_locked (waiter))
    waiter->error = g_error_copy (get_error_locked (self, waiter->side));
  else if (waiter->side == CONVOKE_PIPE_READER)
    waiter->data = take_locked (self, waiter->max, &waiter->n);

  /* Who was given the end goes on at once: to another pipe, or to the end of its call. */
  if (waiter->side == CONVOKE_PIPE_READER && waiter->error == NULL && waiter->n == 0)
    set_drained_locked (self);
}

/* The rest, once it was told, or would not listen. */
static void
land_locked (ConvokePipeCore *self,
             Waiter          *waiter,
             gboolean         heard)
{
  if (waiter->error != NULL)
    return;

  if (waiter->side == CONVOKE_PIPE_WRITER && waiter->data == NULL)
    self->ended = TRUE;
  else if (waiter->side == CONVOKE_PIPE_WRITER && heard && self->errors[CONVOKE_PIPE_WRITER] == NULL)
    put_locked (self, g_steal_pointer (&waiter->data), waiter->n, FALSE);
  else if (waiter->side == CONVOKE_PIPE_READER && !heard && waiter->n == 0)
    self->drained = FALSE;
  else if (waiter->side == CONVOKE_PIPE_READER && !heard && waiter->n > 0 && !self->discarded)
    put_locked (self, g_steal_pointer (&waiter->data), waiter->n, TRUE);
}

static void
land_flight_locked (ConvokePipeCore *self,
                    Flight          *flight,
                    gboolean         heard)
{
  self->flight = NULL;
  flight->landed = TRUE;
  land_locked (self, flight->waiter, heard);
}

/* Lets go of the lock meanwhile. */
static void
fly_locked (ConvokePipeCore *self,
            Waiter          *waiter)
{
  Flight flight = { waiter, g_thread_self (), FALSE };
  gboolean heard;

  self->flight = &flight;
  g_mutex_unlock (&self->lock);
  CONVOKE_SYNC_POINT ("pipe/flight");
  heard = waiter_answer (waiter);
  g_mutex_lock (&self->lock);

  if (!flight.landed)
    land_flight_locked (self, &flight, heard);
}

static void
answer_locked (ConvokePipeCore *self,
               Waiter          *waiter)
{
  prepare_locked (self, waiter);
  if (waiter->call != NULL)
    {
      fly_locked (self, waiter);
      return;
    }

  /* Who blocks takes what it was given. */
  land_locked (self, waiter, TRUE);
  convoke_event_core_set (&waiter->event);
}

static void
update_event_locked (ConvokePipeCore *self,
                     ConvokePipeSide  side,
                     gboolean         ready)
{
  ConvokeEventCore *core = self->events[side] != NULL ? convoke_event_get_core (self->events[side]) : NULL;

  ready = (ready && g_queue_is_empty (&self->lines[side])) || get_error_locked (self, side) != NULL;
  if (core == NULL || ready == convoke_event_core_is_set (core))
    return;

  if (ready)
    convoke_event_core_set (core);
  else
    convoke_event_core_reset (core);
}

static void
update_events_locked (ConvokePipeCore *self)
{
  update_event_locked (self, CONVOKE_PIPE_WRITER, self->used < self->capacity || self->ending);
  update_event_locked (self, CONVOKE_PIPE_READER, can_pull_locked (self));
}

static void
core_lock (ConvokePipeCore *self)
{
  g_mutex_lock (&self->lock);

  /* Who was told uses the pipe from there. */
  if (self->flight != NULL && self->flight->thread == g_thread_self ())
    land_flight_locked (self, self->flight, TRUE);
}

/* With all that follows from what was changed. */
static void
core_unlock (ConvokePipeCore *self)
{
  g_autoptr (GPtrArray) done = NULL;
  GSList *garbage;
  Waiter *waiter;

  while (self->flight == NULL && (waiter = find_next_locked (self)) != NULL)
    {
      if (done == NULL)
        done = g_ptr_array_new_with_free_func (waiter_free_answered);
      g_ptr_array_add (done, waiter_leave_line_locked (waiter));
      answer_locked (self, waiter);
    }
  update_events_locked (self);
  garbage = g_steal_pointer (&self->garbage);
  g_mutex_unlock (&self->lock);

  for (GSList *item = garbage; item != NULL; item = item->next)
    convoke_pipe_data_unref (item->data, self->type != NULL);
  g_slist_free (garbage);
}

/* --- waiting --- */

/* One that gives up: it is answered with an error, unless it has been answered. */
static void
waiter_give_up (Waiter      *self,
                ConvokeError code,
                const char  *why)
{
  ConvokePipeCore *core = self->core;
  Waiter *waiter = NULL;

  core_lock (core);
  if (self->in_line)
    {
      waiter = waiter_leave_line_locked (self);
      if (waiter->error == NULL)
        waiter->error = g_error_new_literal (CONVOKE_ERROR, code, why);
    }
  else
    self->cancelled = TRUE;
  core_unlock (core);

  if (waiter == NULL)
    return;

  waiter_answer (waiter);
  waiter_free_answered (waiter);
}

static void
timer_fired (ConvokeTimer *timer)
{
  Waiter *self = (Waiter *) timer;

  waiter_give_up (self, CONVOKE_ERROR_TIMEOUT, "The time-out of the pipe's operation passed");
  waiter_unref (self);
}

static void
cancelled_cb (GCancellable *cancellable,
              Waiter       *self)
{
  waiter_give_up (self, CONVOKE_ERROR_CANCELLED, "The pipe's operation was cancelled");
}

/* The call that this thread serves is answered later. */
static void
wait_deferred (Waiter *self,
               gint64  timeout)
{
  g_autoptr (ConvokeCallContext) context = convoke_server_call_dup_context (self->call);
  g_autoptr (GCancellable) cancellable = convoke_call_context_dup_cancellable (context);
  ConvokePipeCore *core = self->core;
  gboolean cancelled;

  /* The call goes once it was answered, and with it the cancellable and what hangs on it. */
  g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), waiter_ref (self), waiter_unref);

  core_lock (core);
  cancelled = self->cancelled;
  if (!cancelled && timeout > 0)
    {
      self->timer.func = timer_fired;
      waiter_ref (self);
      convoke_timer_arm (&self->timer, convoke_wait_get_deadline (timeout));
    }
  if (!cancelled)
    waiter_enter_line_locked (self);
  core_unlock (core);

  if (!cancelled)
    return;

  self->error = g_error_new_literal (CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED, "The pipe's operation was cancelled");
  waiter_answer (self);
  g_clear_object (&self->call);
}

static gboolean
wait_blocked (Waiter  *self,
              gint64   timeout,
              GError **error)
{
  ConvokePipeCore *core = self->core;
  g_autoptr (GError) expired = NULL;

  core_lock (core);
  waiter_enter_line_locked (self);
  core_unlock (core);

  if (!convoke_wait (&self->event, FALSE, 0, CONVOKE_WAIT_DEFAULT, timeout, &expired))
    {
      core_lock (core);
      if (self->in_line)
        {
          waiter_unref (waiter_leave_line_locked (self));
          if (self->error == NULL)
            self->error = g_steal_pointer (&expired);
        }
      core_unlock (core);
    }
  if (self->error == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

/* @ready: it need not wait, if nobody else is faster. */
static gboolean
wait_for_turn (Waiter   *self,
               GObject  *end,
               gboolean  ready,
               gint64    timeout,
               GError  **error)
{
  if (timeout == 0 && !ready)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_TIMEOUT, "The pipe %s",
                   self->side == CONVOKE_PIPE_WRITER ? "has no room yet" : "has nothing yet");
      return FALSE;
    }

  CONVOKE_SYNC_POINT ("pipe/before-line");

  self->call = convoke_server_call_defer (end, NULL);
  self->blocked = self->call == NULL;
  if (self->blocked)
    return wait_blocked (self, timeout, error);

  wait_deferred (self, timeout);
  if (timeout == 0)
    waiter_give_up (self, CONVOKE_ERROR_TIMEOUT, "Another was faster at the pipe");
  return TRUE;
}

/* --- operations --- */

static gboolean
is_at_turn_locked (ConvokePipeCore  *self,
                   ConvokePipeSide   side,
                   GError          **error)
{
  return self->group == NULL || self->errors[side] != NULL || self->drained ||
         convoke_pipe_group_check (self->group, self->rank, side, error);
}

/* Whether an operation of @side need not go behind others. */
static gboolean
is_first_locked (ConvokePipeCore *self,
                 ConvokePipeSide  side)
{
  return g_queue_is_empty (&self->lines[side]) && (self->flight == NULL || self->flight->waiter->side != side);
}

static gboolean
may_wait_locked (ConvokePipeCore  *self,
                 ConvokePipeSide   side,
                 GError          **error)
{
  const GError *reason = get_error_locked (self, side);

  if (reason == NULL)
    return TRUE;

  g_propagate_error (error, g_error_copy (reason));
  return FALSE;
}

static gboolean
may_push_locked (ConvokePipeCore  *self,
                 GError          **error)
{
  const GError *reason = self->errors[CONVOKE_PIPE_WRITER];

  if (reason != NULL)
    {
      g_propagate_error (error, g_error_copy (reason));
      return FALSE;
    }
  if (!self->ending)
    return is_at_turn_locked (self, CONVOKE_PIPE_WRITER, error);

  g_propagate_error (error, ended_error ());
  return FALSE;
}

/* What a call in this process asks for, and is given, can come too late for it; what leaves the process is gone. */
static gboolean
can_be_refused (GObject *end)
{
  ConvokeRecord *serving = convoke_thread_self ()->serving;

  return serving != NULL && serving->target == end && serving->frame.captured &&
         !(g_atomic_int_get (&serving->state) & CONVOKE_RECORD_INCOMING);
}

gboolean
convoke_pipe_core_push (ConvokePipeCore  *self,
                        GObject          *end,
                        gpointer          data,
                        gsize             n,
                        gint64            timeout,
                        GError          **error)
{
  Waiter *waiter;
  gboolean may;
  gboolean ready;
  gboolean done;

  if (convoke_check_forked (error) || !convoke_wait_check_timeout (timeout, error))
    return FALSE;

  core_lock (self);
  may = may_push_locked (self, error);
  ready = may && is_first_locked (self, CONVOKE_PIPE_WRITER) && can_push_locked (self, n);
  may = may && (ready || may_wait_locked (self, CONVOKE_PIPE_WRITER, error));
  done = ready && !can_be_refused (end);
  if (done)
    put_locked (self, convoke_pipe_data_ref (data, self->type != NULL), n, FALSE);
  core_unlock (self);
  if (done || !may)
    return done;

  waiter = waiter_new (self, CONVOKE_PIPE_WRITER);
  waiter->data = convoke_pipe_data_ref (data, self->type != NULL);
  waiter->n = n;
  done = wait_for_turn (waiter, end, ready, timeout, error);
  waiter_unref (waiter);

  return done;
}

static gpointer
pull_waiting (ConvokePipeCore  *self,
              GObject          *end,
              gsize             max,
              gboolean          ready,
              gint64            timeout,
              GError          **error)
{
  Waiter *waiter = waiter_new (self, CONVOKE_PIPE_READER);
  gpointer data = NULL;

  waiter->max = max;
  if (wait_for_turn (waiter, end, ready, timeout, error) && waiter->blocked)
    data = g_steal_pointer (&waiter->data);
  waiter_unref (waiter);

  return data;
}

gpointer
convoke_pipe_core_pull (ConvokePipeCore  *self,
                        GObject          *end,
                        gsize             max,
                        gint64            timeout,
                        GError          **error)
{
  gpointer data = NULL;
  gboolean may;
  gboolean ready;
  gsize n;

  if (convoke_check_forked (error) || !convoke_wait_check_timeout (timeout, error))
    return NULL;
  if (max == 0)
    {
      g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_INVALID_ARGUMENT, "A pull of at most nothing");
      return NULL;
    }

  core_lock (self);
  may = is_at_turn_locked (self, CONVOKE_PIPE_READER, error);
  ready = may && is_first_locked (self, CONVOKE_PIPE_READER) && can_pull_locked (self);
  may = may && (can_pull_locked (self) || may_wait_locked (self, CONVOKE_PIPE_READER, error));
  if (ready && !can_be_refused (end))
    data = take_locked (self, max, &n);
  if (data != NULL && n == 0)
    set_drained_locked (self);
  core_unlock (self);
  if (data != NULL || !may)
    return data;

  return pull_waiting (self, end, max, ready, timeout, error);
}

gboolean
convoke_pipe_core_end (ConvokePipeCore  *self,
                       GError          **error)
{
  Waiter *marker;
  gboolean may;

  if (convoke_check_forked (error))
    return FALSE;

  core_lock (self);
  may = may_push_locked (self, error);
  if (may && is_first_locked (self, CONVOKE_PIPE_WRITER))
    self->ended = TRUE;
  else if (may)
    {
      marker = waiter_new (self, CONVOKE_PIPE_WRITER);
      waiter_enter_line_locked (marker);
      waiter_unref (marker);
    }
  if (may)
    {
      self->ending = TRUE;
      pass_locked (self, CONVOKE_PIPE_WRITER);
    }
  core_unlock (self);

  return may;
}

/* --- its bad ends --- */

gboolean
convoke_pipe_core_abort (ConvokePipeCore  *self,
                         ConvokePipeSide   side,
                         const GError     *reason,
                         GError          **error)
{
  GError *own;
  GError *others;
  const GError *before;
  gboolean may;

  if (convoke_check_forked (error))
    return FALSE;

  core_lock (self);
  before = self->errors[side];
  may = before == NULL && !self->drained;
  if (may)
    {
      own = closed_error ("The pipe was aborted from this end");
      others = g_error_copy (reason);
      fail_locked (self, side == CONVOKE_PIPE_WRITER ? own : others, side == CONVOKE_PIPE_WRITER ? others : own, TRUE);
    }
  else
    g_propagate_error (error, before != NULL ? g_error_copy (before) : closed_error ("The pipe has come to its end"));
  core_unlock (self);

  return may;
}

void
convoke_pipe_core_close (ConvokePipeCore *self,
                         ConvokePipeSide  side)
{
  if (convoke_check_forked (NULL))
    return;

  core_lock (self);
  if (side == CONVOKE_PIPE_READER)
    fail_locked (self, closed_error ("The pipe's reader is gone"), closed_error ("This end of the pipe was closed"), TRUE);
  else if (!self->ending)
    fail_locked (self, closed_error ("This end of the pipe was closed"),
                 closed_error ("The pipe's writer is gone, and had not said the end"), FALSE);
  core_unlock (self);
}

gboolean
convoke_pipe_core_check (ConvokePipeCore  *self,
                         ConvokePipeSide   side,
                         GError          **error)
{
  const GError *reason;
  gboolean drained;

  if (convoke_check_forked (error))
    return FALSE;

  core_lock (self);
  reason = self->errors[side];
  drained = self->drained;
  if (reason != NULL)
    g_propagate_error (error, g_error_copy (reason));
  else if (!drained)
    g_set_error_literal (error, CONVOKE_ERROR, CONVOKE_ERROR_CALL_PENDING, "The pipe's end has not been pulled yet");
  core_unlock (self);

  return drained;
}

ConvokeEvent *
convoke_pipe_core_dup_event (ConvokePipeCore *self,
                             ConvokePipeSide  side)
{
  ConvokeEvent *fresh = convoke_event_new (TRUE);
  ConvokeEvent *event;

  /* Nobody can make it use another descriptor any more. */
  convoke_event_get_core (fresh);
  core_lock (self);
  if (self->events[side] == NULL)
    self->events[side] = g_steal_pointer (&fresh);
  event = g_object_ref (self->events[side]);
  core_unlock (self);
  g_clear_object (&fresh);

  return event;
}

guint
convoke_pipe_core_get_n_waiting (ConvokePipeCore *self,
                                 ConvokePipeSide  side)
{
  guint n;

  core_lock (self);
  n = self->lines[side].length;
  core_unlock (self);

  return n;
}

/* --- the call that carries it --- */

gboolean
convoke_pipe_core_bind (ConvokePipeCore  *self,
                        ConvokePipeGroup *group,
                        guint             rank)
{
  gboolean free;

  core_lock (self);
  free = self->group == NULL;
  if (free)
    {
      self->group = convoke_pipe_group_ref (group);
      self->rank = rank;
    }
  if (free && self->ending)
    pass_locked (self, CONVOKE_PIPE_WRITER);
  if (free && (self->drained || self->errors[CONVOKE_PIPE_READER] != NULL))
    {
      pass_locked (self, CONVOKE_PIPE_WRITER);
      pass_locked (self, CONVOKE_PIPE_READER);
    }
  core_unlock (self);

  return free;
}

void
convoke_pipe_core_unbind (ConvokePipeCore  *self,
                          ConvokePipeGroup *group)
{
  ConvokePipeGroup *ours = NULL;

  core_lock (self);
  if (self->group == group)
    ours = g_steal_pointer (&self->group);
  core_unlock (self);

  g_clear_pointer (&ours, convoke_pipe_group_unref);
}

void
convoke_pipe_core_call_cancel (ConvokePipeCore *self,
                               ConvokePipeSide  callee,
                               const char      *method)
{
  core_lock (self);
  if (self->cancelled == NULL)
    self->cancelled = g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_CANCELLED,
                                   "The call of %s, which the pipe belongs to, was cancelled", method);
  self->callee = callee;
  core_unlock (self);
}

static GError *
discipline_error (ConvokePipeSide  callee,
                  const char      *method)
{
  return g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PIPE_DISCIPLINE,
                      callee == CONVOKE_PIPE_READER ? "%s ended its call without having pulled the pipe to its end"
                                                    : "%s ended its call without having said the end of the pipe", method);
}

static void
fail_undrained_locked (ConvokePipeCore *self,
                       const char      *method,
                       const GError    *why)
{
  if (why == NULL)
    fail_locked (self, discipline_error (CONVOKE_PIPE_READER, method), discipline_error (CONVOKE_PIPE_READER, method), TRUE);
  else
    fail_locked (self,
                 g_error_new (CONVOKE_ERROR, CONVOKE_ERROR_PIPE_CLOSED, "The call of %s, which the pipe belongs to, failed: %s",
                              method, why->message),
                 g_error_copy (why), TRUE);
}

/* What was pushed before a call ended well can still be pulled. */
static void
fail_unended_locked (ConvokePipeCore *self,
                     const char      *method,
                     const GError    *why)
{
  if (why == NULL)
    fail_locked (self, discipline_error (CONVOKE_PIPE_WRITER, method), discipline_error (CONVOKE_PIPE_WRITER, method), FALSE);
  else
    fail_locked (self, g_error_copy (why), g_error_copy (why), TRUE);
}

void
convoke_pipe_core_call_end (ConvokePipeCore *self,
                            ConvokePipeSide  callee,
                            const char      *method,
                            const GError    *why)
{
  core_lock (self);
  if (callee == CONVOKE_PIPE_READER)
    fail_undrained_locked (self, method, why);
  else if (!self->ending)
    fail_unended_locked (self, method, why);
  core_unlock (self);
}
