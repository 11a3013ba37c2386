/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Who waits for an answer, in both directions. A call's number is the caller's:
 * the lower 24 bits say the place in its table, which both sides use to find
 * the call at once, and the rest is never used twice.
 */

#include "config.h"

#include "convoke-channel-inside-private.h"
#include "convoke-error.h"

#define INDEX_BITS 24
#define INDEX_MASK (((guint64) 1 << INDEX_BITS) - 1)
#define NO_TICKET G_MAXUINT

G_STATIC_ASSERT (CONVOKE_CHANNEL_MAX_CALLS <= INDEX_MASK);

/* --- outgoing --- */

static gboolean
grow_locked (ConvokeChannel *self)
{
  guint n = MIN (MAX (16, self->n_tickets * 2), CONVOKE_CHANNEL_MAX_CALLS);

  if (n == self->n_tickets)
    return FALSE;

  self->tickets = g_renew (ConvokeTicket, self->tickets, n);
  for (guint i = self->n_tickets; i < n; i++)
    self->tickets[i] = (ConvokeTicket) { .next_free = i + 1 < n ? i + 1 : NO_TICKET };
  self->first_free = self->n_tickets;
  self->n_tickets = n;
  return TRUE;
}

static gboolean
has_free_locked (ConvokeChannel *self)
{
  return (self->n_tickets > 0 && self->first_free != NO_TICKET) || grow_locked (self);
}

guint64
convoke_channel_add_ticket (ConvokeChannel  *self,
                            gpointer         data,
                            gboolean         is_request,
                            GError         **error)
{
  guint64 id = 0;
  gboolean closed;

  g_mutex_lock (&self->calls_lock);
  closed = self->closed_calls;
  if (!closed && has_free_locked (self))
    {
      guint index = self->first_free;

      id = (++self->last_id << INDEX_BITS) | (index + 1);
      self->first_free = self->tickets[index].next_free;
      self->tickets[index] = (ConvokeTicket) { data, id, is_request, 0 };
      self->n_calls++;
    }
  g_mutex_unlock (&self->calls_lock);

  if (closed)
    convoke_object_table_check (self->objects, error);
  else if (id == 0)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
                 "%s has %u calls to answer already", self->description, CONVOKE_CHANNEL_MAX_CALLS);

  return id;
}

static ConvokeTicket *
find_locked (ConvokeChannel *self,
             guint64         id)
{
  guint64 place = id & INDEX_MASK;

  if (place == 0 || place > self->n_tickets || self->tickets[place - 1].id != id)
    return NULL;

  return &self->tickets[place - 1];
}

static gpointer
take_locked (ConvokeChannel *self,
             ConvokeTicket  *ticket,
             gboolean       *is_request)
{
  gpointer data = ticket->data;

  *is_request = ticket->is_request;
  *ticket = (ConvokeTicket) { .next_free = self->first_free };
  self->first_free = ticket - self->tickets;
  self->n_calls--;
  return data;
}

gpointer
convoke_channel_take_ticket (ConvokeChannel *self,
                             guint64         id,
                             gboolean       *is_request)
{
  ConvokeTicket *ticket;
  gpointer data = NULL;

  g_mutex_lock (&self->calls_lock);
  ticket = find_locked (self, id);
  if (ticket != NULL)
    data = take_locked (self, ticket, is_request);
  g_mutex_unlock (&self->calls_lock);

  return data;
}

gboolean
convoke_channel_pass_ticket (ConvokeChannel *self,
                             guint64         id,
                             gpointer        data,
                             gpointer        heir)
{
  ConvokeTicket *ticket;
  gboolean mine;

  g_mutex_lock (&self->calls_lock);
  ticket = find_locked (self, id);
  mine = ticket != NULL && ticket->data == data;
  if (mine)
    ticket->data = heir;
  g_mutex_unlock (&self->calls_lock);

  return mine;
}

ConvokeRecord *
convoke_channel_dup_ticket (ConvokeChannel *self,
                            guint64         id)
{
  ConvokeRecord *record = NULL;
  ConvokeTicket *ticket;

  g_mutex_lock (&self->calls_lock);
  ticket = find_locked (self, id);
  if (ticket != NULL && !ticket->is_request)
    record = convoke_record_ref (ticket->data);
  g_mutex_unlock (&self->calls_lock);

  return record;
}

gpointer
convoke_channel_drain_ticket (ConvokeChannel *self,
                              gboolean       *is_request)
{
  gpointer data = NULL;

  g_mutex_lock (&self->calls_lock);
  self->closed_calls = TRUE;
  for (guint i = 0; i < self->n_tickets && data == NULL && self->n_calls > 0; i++)
    if (self->tickets[i].data != NULL)
      data = take_locked (self, &self->tickets[i], is_request);
  g_mutex_unlock (&self->calls_lock);

  return data;
}

/* --- incoming --- */

static ConvokeIncomingSlot *
ensure_slot_locked (ConvokeChannel *self,
                    guint64         id)
{
  guint64 place = id & INDEX_MASK;

  if (place == 0 || place > CONVOKE_CHANNEL_MAX_CALLS)
    return NULL;

  if (place > self->n_incoming_slots)
    {
      guint n = MAX (place, MIN (MAX (16, self->n_incoming_slots * 2), CONVOKE_CHANNEL_MAX_CALLS));

      self->incoming = g_renew (ConvokeIncomingSlot, self->incoming, n);
      memset (self->incoming + self->n_incoming_slots, 0, (n - self->n_incoming_slots) * sizeof *self->incoming);
      self->n_incoming_slots = n;
    }

  return &self->incoming[place - 1];
}

gboolean
convoke_channel_add_incoming (ConvokeChannel  *self,
                              guint64          id,
                              ConvokeRecord   *record,
                              GError         **error)
{
  ConvokeIncomingSlot *slot;
  gboolean added;

  g_mutex_lock (&self->calls_lock);
  slot = ensure_slot_locked (self, id);
  added = slot != NULL && slot->id == 0;
  if (added)
    {
      *slot = (ConvokeIncomingSlot) { id, record };
      self->n_incoming++;
    }
  g_mutex_unlock (&self->calls_lock);

  if (!added)
    g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_PROTOCOL,
                 "%s made a call with the number %" G_GUINT64_FORMAT ", which %s",
                 self->description, id, slot != NULL ? "is in use" : "is out of bounds");
  return added;
}

void
convoke_channel_remove_incoming (ConvokeChannel *self,
                                 guint64         id)
{
  guint64 place = id & INDEX_MASK;

  g_mutex_lock (&self->calls_lock);
  if (place > 0 && place <= self->n_incoming_slots && self->incoming[place - 1].id == id)
    {
      self->incoming[place - 1] = (ConvokeIncomingSlot) { 0, NULL };
      self->n_incoming--;
    }
  g_mutex_unlock (&self->calls_lock);
}

ConvokeRecord *
convoke_channel_dup_incoming (ConvokeChannel *self,
                              guint64         id)
{
  guint64 place = id & INDEX_MASK;
  ConvokeRecord *record = NULL;

  g_mutex_lock (&self->calls_lock);
  if (place > 0 && place <= self->n_incoming_slots && self->incoming[place - 1].id == id)
    record = self->incoming[place - 1].record;
  if (record != NULL)
    convoke_record_ref (record);
  g_mutex_unlock (&self->calls_lock);

  return record;
}

ConvokeRecord *
convoke_channel_next_incoming (ConvokeChannel *self,
                               guint          *index)
{
  ConvokeRecord *record = NULL;

  g_mutex_lock (&self->calls_lock);
  for (; *index < self->n_incoming_slots && record == NULL; (*index)++)
    if (self->incoming[*index].record != NULL)
      record = convoke_record_ref (self->incoming[*index].record);
  g_mutex_unlock (&self->calls_lock);

  return record;
}

/* --- the memory of what came in --- */

gssize convoke_channel_max_input = 4 * (gssize) CONVOKE_WIRE_MAX_MESSAGE;

gboolean
convoke_channel_add_input (ConvokeChannel  *self,
                           gsize            size,
                           GError         **error)
{
  if (__atomic_add_fetch (&self->input, (gssize) size, __ATOMIC_RELAXED) <= convoke_channel_max_input)
    return TRUE;

  convoke_channel_remove_input (self, size);
  g_set_error (error, CONVOKE_ERROR, CONVOKE_ERROR_OUT_OF_RESOURCES,
               "The calls of %s that wait here take more than %" G_GSSIZE_FORMAT " bytes",
               self->description, convoke_channel_max_input);
  return FALSE;
}

void
convoke_channel_remove_input (ConvokeChannel *self,
                              gsize           size)
{
  __atomic_sub_fetch (&self->input, (gssize) size, __ATOMIC_RELAXED);
}

/* --- for hosts --- */

guint
convoke_channel_get_n_calls (ConvokeChannel *self)
{
  guint n;

  g_mutex_lock (&self->calls_lock);
  n = self->n_calls + self->n_incoming;
  g_mutex_unlock (&self->calls_lock);

  return n;
}
