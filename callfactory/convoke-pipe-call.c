/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The pipes of one call.
 *
 * An end that is passed as an argument belongs to that call: the caller gave
 * it away, so the callee is at that side of the pipe, and at the other one the
 * caller. So a reader that is passed is an input of the call, and a writer an
 * output. Their order is that of the remote procedure calls of old (RA-34 to
 * RA-37): all inputs from left to right, then all outputs from left to right.
 * Each party is held to it on its own side: the caller has to have pushed the
 * inputs before to their ends, the callee to have pulled them.
 *
 * The call that carries an end is seen where the end itself is, in the
 * process where the pipe was made. The first one binds it; a callee that
 * passes it on to others changes nothing.
 */

#include "config.h"

#include "convoke-error.h"
#include "convoke-frame-steps-private.h"
#include "convoke-pipe-private.h"

/* As many as there are bits. */
#define MOST_PIPES 32

struct _ConvokePipeGroup
{
  gint    ref_count;  /* atomic */
  guint32 outputs;    /* bits by rank; constant */
  guint32 unordered;  /* constant */
  guint   passed[2];  /* atomic; bits by rank: through for the writer, and for the reader */
};

typedef struct
{
  ConvokePipeCore *core;    /* owned */
  ConvokePipeSide  given;   /* the callee's side */
} Pipe;

struct _ConvokePipeBinding
{
  ConvokePipeGroup *group;  /* owned */
  char             *method; /* owned */
  GArray           *pipes;  /* (owned) of Pipe, by rank */
  gboolean          ended;  /* the call has */
};

ConvokePipeGroup *
convoke_pipe_group_ref (ConvokePipeGroup *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
convoke_pipe_group_unref (ConvokePipeGroup *self)
{
  if (g_atomic_int_dec_and_test (&self->ref_count))
    g_free (self);
}

void
convoke_pipe_group_pass (ConvokePipeGroup *self,
                         guint             rank,
                         ConvokePipeSide   side)
{
  g_atomic_int_or (&self->passed[side], 1u << rank);
}

static gboolean
is_callee (ConvokePipeGroup *self,
           guint             rank,
           ConvokePipeSide   side)
{
  ConvokePipeSide callee = self->outputs & (1u << rank) ? CONVOKE_PIPE_WRITER : CONVOKE_PIPE_READER;

  return side == callee;
}

gboolean
convoke_pipe_group_check (ConvokePipeGroup  *self,
                          guint              rank,
                          ConvokePipeSide    side,
                          GError           **error)
{
  guint32 written = (guint32) g_atomic_int_get (&self->passed[CONVOKE_PIPE_WRITER]);
  guint32 read = (guint32) g_atomic_int_get (&self->passed[CONVOKE_PIPE_READER]);
  gboolean callee = is_callee (self, rank, side);
  guint32 inputs_through = callee ? read : written;
  guint32 outputs_through = callee ? written : read;
  guint32 through = (inputs_through & ~self->outputs) | (outputs_through & self->outputs) | self->unordered;
  guint32 before = (1u << rank) - 1;

  if ((self->unordered & (1u << rank)) || !(before & ~through))
    return TRUE;

  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PIPE_ORDER,
               "%s before another pipe of the call that comes first is through: inputs from left to right, then outputs",
               side == CONVOKE_PIPE_WRITER ? "Pushed" : "Pulled");
  return FALSE;
}

/* --- the arguments of a call --- */

static void
pipe_clear (gpointer data)
{
  convoke_pipe_core_unref (((Pipe *) data)->core);
}

static gboolean
is_pipe (const ConvokeStep *step)
{
  return step->refs && step->is_in && step->info->type.kind == CONVOKE_TYPE_KIND_INTERFACE &&
         g_strcmp0 (step->info->type.type_name, "ConvokePipe") == 0;
}

/* Ends of pipes that were made here, and that end with the call. */
static void
gather (GArray             *pipes,
        const ConvokeFrame *frame,
        const ConvokeStep  *step,
        ConvokePipeSide     wanted)
{
  gpointer *location = convoke_frame_get_location (frame, step);
  ConvokePipeSide given;
  Pipe pipe = { NULL, wanted };

  if (location != NULL && *location != NULL)
    pipe.core = convoke_pipe_end_get_core (*location, &given);
  if (pipe.core == NULL || given != wanted || (convoke_pipe_core_get_flags (pipe.core) & CONVOKE_PIPE_OUTLIVES_CALL))
    return;

  convoke_pipe_core_ref (pipe.core);
  g_array_append_val (pipes, pipe);
}

/* By rank. */
static GArray *
find_pipes (const ConvokeFrame *frame)
{
  static const ConvokePipeSide order[] = { CONVOKE_PIPE_READER, CONVOKE_PIPE_WRITER };
  GArray *pipes = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    for (guint j = 0; j < frame->plan->n_args; j++)
      {
        if (!is_pipe (&frame->plan->steps[j]))
          continue;
        if (pipes == NULL)
          pipes = g_array_new (FALSE, FALSE, sizeof (Pipe));
        gather (pipes, frame, &frame->plan->steps[j], order[i]);
      }

  if (pipes != NULL)
    g_array_set_clear_func (pipes, pipe_clear);
  return pipes;
}

static ConvokePipeGroup *
group_new (GArray *pipes)
{
  ConvokePipeGroup *self = g_new0 (ConvokePipeGroup, 1);

  self->ref_count = 1;
  for (guint i = 0; i < pipes->len; i++)
    {
      const Pipe *pipe = &g_array_index (pipes, Pipe, i);

      if (pipe->given == CONVOKE_PIPE_WRITER)
        self->outputs |= 1u << i;
      if (convoke_pipe_core_get_flags (pipe->core) & CONVOKE_PIPE_UNORDERED)
        self->unordered |= 1u << i;
    }

  return self;
}

/* One that belongs to a call already does not become this one's. */
static ConvokePipeBinding *
bind (GArray                  *pipes,
      const ConvokeMethodInfo *method)
{
  ConvokePipeBinding *self = g_new0 (ConvokePipeBinding, 1);

  self->group = group_new (pipes);
  self->method = g_strdup (method->callable.name);
  self->pipes = g_array_new (FALSE, FALSE, sizeof (Pipe));
  g_array_set_clear_func (self->pipes, pipe_clear);
  for (guint i = 0; i < pipes->len; i++)
    {
      Pipe pipe = g_array_index (pipes, Pipe, i);

      if (convoke_pipe_core_bind (pipe.core, self->group, i))
        {
          convoke_pipe_core_ref (pipe.core);
          g_array_append_val (self->pipes, pipe);
        }
      else
        {
          convoke_pipe_group_pass (self->group, i, CONVOKE_PIPE_WRITER);
          convoke_pipe_group_pass (self->group, i, CONVOKE_PIPE_READER);
        }
    }

  return self;
}

ConvokePipeBinding *
convoke_pipe_binding_new (const ConvokeFrame  *frame,
                          GError             **error)
{
  g_autoptr (GArray) pipes = find_pipes (frame);

  if (pipes == NULL || pipes->len == 0)
    return NULL;
  if (pipes->len > MOST_PIPES)
    {
      g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES, "A call has %u pipes at most", MOST_PIPES);
      return NULL;
    }

  /* A method begins with its callable. */
  return bind (pipes, (const ConvokeMethodInfo *) convoke_plan_get_callable (frame->plan));
}

void
convoke_pipe_binding_free (ConvokePipeBinding *self)
{
  /* A call that could not begin leaves them to another. */
  for (guint i = 0; i < self->pipes->len && !self->ended; i++)
    convoke_pipe_core_unbind (g_array_index (self->pipes, Pipe, i).core, self->group);
  g_array_unref (self->pipes);
  convoke_pipe_group_unref (self->group);
  g_free (self->method);
  g_free (self);
}

void
convoke_pipe_binding_cancel (ConvokePipeBinding *self)
{
  for (guint i = 0; i < self->pipes->len; i++)
    {
      const Pipe *pipe = &g_array_index (self->pipes, Pipe, i);

      convoke_pipe_core_call_cancel (pipe->core, pipe->given, self->method);
    }
}

void
convoke_pipe_binding_end (ConvokePipeBinding *self,
                          const GError       *why)
{
  self->ended = TRUE;
  for (guint i = 0; i < self->pipes->len; i++)
    {
      const Pipe *pipe = &g_array_index (self->pipes, Pipe, i);

      convoke_pipe_core_call_end (pipe->core, pipe->given, self->method, why);
    }
}
