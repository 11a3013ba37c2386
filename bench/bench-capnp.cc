/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Cap'n Proto's two-party RPC over a socketpair. */

#include <capnp/rpc-twoparty.h>
#include <kj/async-io.h>
#include <memory>

#include "bench-peer.capnp.h"

#include "bench-call-process.h"
#include "bench-process.h"
#include "bench.h"

namespace
{

class Server final : public BenchPeer::Server
{
public:
  kj::Promise<void> add (AddContext context) override
  {
    auto params = context.getParams ();

    context.getResults (capnp::MessageSize { 4, 0 }).setSum (bench_method (params.getNumber (), params.getText ().cStr ()));
    return kj::READY_NOW;
  }
};

/* In the order in which they are made; they go in the reverse one. */
struct Client
{
  kj::AsyncIoContext io;
  kj::Own<kj::AsyncIoStream> stream;
  capnp::TwoPartyVatNetwork network;
  capnp::RpcSystem<capnp::rpc::twoparty::VatId> rpc;
  BenchPeer::Client peer;

  explicit Client (int fd)
    : io (kj::setupAsyncIo ()),
      stream (io.lowLevelProvider->wrapSocketFd (fd)),
      network (*stream, capnp::rpc::twoparty::Side::CLIENT),
      rpc (capnp::makeRpcClient (network)),
      peer (bootstrap ())
  {
  }

  BenchPeer::Client bootstrap ()
  {
    capnp::MallocMessageBuilder message (8);
    auto id = message.initRoot<capnp::rpc::twoparty::VatId> ();

    id.setSide (capnp::rpc::twoparty::Side::SERVER);
    return rpc.bootstrap (id).castAs<BenchPeer> ();
  }

  auto send (gint32 number)
  {
    auto request = peer.addRequest (capnp::MessageSize { 16, 0 });

    request.setNumber (number);
    request.setText (BENCH_TEXT);
    return request.send ();
  }
};

BenchProcess server;
std::unique_ptr<Client> client;

void
serve (int fd)
{
  auto io = kj::setupAsyncIo ();
  auto stream = io.lowLevelProvider->wrapSocketFd (fd);
  capnp::TwoPartyVatNetwork network (*stream, capnp::rpc::twoparty::Side::SERVER);
  auto rpc = capnp::makeRpcServer (network, kj::heap<Server> ());

  network.onDisconnect ().wait (io.waitScope);
}

void
run_some (guint n)
{
  auto promises = kj::heapArrayBuilder<kj::Promise<void>> (n);

  for (guint i = 0; i < n; i++)
    promises.add (client->send (i).then ([i] (capnp::Response<BenchPeer::AddResults> response)
                                         { bench_check (response.getSum (), i); }));

  kj::joinPromises (promises.finish ()).wait (client->io.waitScope);
}

}

extern "C" void
bench_capnp_setup (void)
{
  bench_process_fork (&server, serve);
  client = std::make_unique<Client> (server.fd);
  bench_capnp_run (1);
}

extern "C" void
bench_capnp_run (guint64 n)
{
  for (guint64 i = 0; i < n; i++)
    {
      gint32 number = i & 0xffff;

      bench_check (client->send (number).wait (client->io.waitScope).getSum (), number);
    }
}

extern "C" void
bench_capnp_run_many (guint64 n)
{
  for (guint64 i = 0; i < n; i += BENCH_OUTSTANDING)
    run_some (MIN (n - i, BENCH_OUTSTANDING));
}

extern "C" void
bench_capnp_teardown (void)
{
  client.reset ();
  bench_process_stop (&server);
}
