/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* omniORB over a Unix socket: a thread per connection there, the caller's own thread here. */

#include <omniORB4/CORBA.h>

#include "bench-peer.hh"

#include <glib/gstdio.h>

#include "bench-call-process.h"
#include "bench-process.h"
#include "bench.h"

namespace
{

class Server : public POA_BenchPeer
{
public:
  CORBA::Long add (CORBA::Long number, const char *text) override
  {
    return bench_method (number, text);
  }
};

BenchProcess server;
CORBA::ORB_var orb;
BenchPeer_var peer;
char *folder;

void
start_orb (const char *option,
           const char *value)
{
  const char *argv[] = { "bench", option, value, nullptr };
  int argc = 3;

  orb = CORBA::ORB_init (argc, const_cast<char **> (argv));
}

/* The reference goes to the client as text, with its NUL. */
void
send_reference (int                fd,
                CORBA::Object_ptr  object)
{
  CORBA::String_var text = orb->object_to_string (object);

  bench_write (fd, text, strlen (text) + 1);
}

void
serve (int fd)
{
  g_autofree char *endpoint = g_strdup_printf ("giop:unix:%s/socket", folder);

  start_orb ("-ORBendPoint", endpoint);

  CORBA::Object_var object = orb->resolve_initial_references ("RootPOA");
  PortableServer::POA_var poa = PortableServer::POA::_narrow (object);
  PortableServer::POAManager_var manager = poa->the_POAManager ();
  Server *servant = new Server;
  PortableServer::ObjectId_var id = poa->activate_object (servant);
  char byte;

  manager->activate ();
  object = servant->_this ();
  send_reference (fd, object);

  /* The ORB has its own threads; this one waits for the end. */
  bench_read (fd, &byte, 1);
}

char *
receive_reference (int fd)
{
  GString *text = g_string_new (nullptr);
  char byte;

  while (bench_read (fd, &byte, 1) && byte != '\0')
    g_string_append_c (text, byte);

  return g_string_free (text, FALSE);
}

}

extern "C" void
bench_omniorb_setup (void)
{
  g_autofree char *reference = nullptr;

  folder = g_dir_make_tmp ("convoke-bench-XXXXXX", nullptr);
  bench_process_fork (&server, serve);
  reference = receive_reference (server.fd);

  start_orb ("-ORBclientTransportRule", "* unix");
  CORBA::Object_var object = orb->string_to_object (reference);
  peer = BenchPeer::_narrow (object);

  bench_omniorb_run (1);
}

/* The object is in this process: omniORB calls it directly. */
extern "C" void
bench_omniorb_setup_collocated (void)
{
  g_autofree char *endpoint = nullptr;

  /* It wants one, though nobody comes. */
  folder = g_dir_make_tmp ("convoke-bench-XXXXXX", nullptr);
  endpoint = g_strdup_printf ("giop:unix:%s/socket", folder);
  start_orb ("-ORBendPoint", endpoint);

  CORBA::Object_var object = orb->resolve_initial_references ("RootPOA");
  PortableServer::POA_var poa = PortableServer::POA::_narrow (object);
  PortableServer::POAManager_var manager = poa->the_POAManager ();
  Server *servant = new Server;
  PortableServer::ObjectId_var id = poa->activate_object (servant);

  manager->activate ();
  peer = servant->_this ();
  bench_omniorb_run (1);
}

extern "C" void
bench_omniorb_teardown_collocated (void)
{
  g_autofree char *path = g_build_filename (folder, "socket", nullptr);

  peer = BenchPeer::_nil ();
  orb->destroy ();
  g_remove (path);
  g_rmdir (folder);
}

extern "C" void
bench_omniorb_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    bench_check (peer->add (i & 0xffff, BENCH_TEXT), i & 0xffff);
}

extern "C" void
bench_omniorb_teardown (void)
{
  g_autofree char *path = g_build_filename (folder, "socket", nullptr);

  orb->destroy ();
  bench_process_stop (&server);
  g_remove (path);
  g_rmdir (folder);
}
