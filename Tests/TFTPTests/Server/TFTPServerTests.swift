/// TFTPTests: the whole server over sockets of the loopback interface.

import Datagram
import TFTP
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct TFTPServerTests {
  private let asked = [TFTPOption("blksize", "600"), TFTPOption("windowsize", "3")]

  @Test func `a file goes out over IPv6, in blocks that fit its longer header`() async throws {
    let station = try await Station(addresses: [.v6(.loopback)])
    let client = try Client(station, address: .v6(.loopback))
    client.ask("/file", [TFTPOption("blksize", "1468")], station.endpoints[0])
    let (offer, transfer) = try await client.next()
    #expect(offer == .optionAcknowledgment([TFTPOption("blksize", "1448")]))
    #expect(transfer.address == .v6(.loopback))
    #expect(try await client.fetch(from: transfer, blockSize: 1448, window: 1) == Station.file)
  }

  @Test func `a file goes out from a port of its own and its story is told`() async throws {
    let station = try await Station()
    let client = try Client(station)
    client.ask("/FILE/../x", asked, station.endpoints[0])
    #expect(
      try await client.next().packet
        == .error(code: .accessViolation, message: "No \"..\" in file names"))
    client.ask("/file", asked, station.endpoints[0])
    let (offer, transfer) = try await client.next()
    #expect(offer == .optionAcknowledgment(asked))
    #expect(transfer.port != station.endpoints[0].port)
    let bytes = try await client.fetch(from: transfer, blockSize: 600, window: 3)
    #expect(bytes == Station.file)

    var kinds: [TFTPEvent.Kind] = []
    for await event in station.events {
      #expect(event.client == Endpoint(IPAddress.loopback, client.socket.local.port))
      #expect(event.localAddress == .loopback)
      kinds.append(event.kind)
      if kinds.count == 4 { break }
    }
    #expect(kinds[0] == .refused(.name(.climbs)))
    #expect(kinds[1] == .requested(mode: .octet, options: asked))
    guard case .started(let terms) = kinds[2], case .finished(let totals) = kinds[3] else {
      Issue.record("\(kinds)")
      return
    }
    #expect(terms.acknowledged == asked)
    #expect(totals.bytes == 5_000 && totals.blocks == 9 && totals.lastAcknowledgment)
    #expect(await station.server.transferCount == 0)
  }

  @Test func `what is not there and what cannot be done gets its ERROR`() async throws {
    let station = try await Station()
    let client = try Client(station)
    client.ask("autoexec.ipxe", [], station.endpoints[0])
    #expect(
      try await client.next().packet == .error(code: .fileNotFound, message: "File not found"))
    client.send(.write(TFTPTransferRequest(filename: "file")), to: station.endpoints[0])
    guard case .error(.illegalOperation, _) = try await client.next().packet else {
      Issue.record("a write request was not refused")
      return
    }
  }

  @Test func `a repeated request gets the OACK of the same transfer`() async throws {
    let station = try await Station()
    let client = try Client(station)
    client.ask("file", asked, station.endpoints[0])
    let first = try await client.next()
    client.ask("file", asked, station.endpoints[0])
    let second = try await client.next()
    #expect(first == second)
    #expect(await station.server.transferCount == 1)
  }

  @Test func `a stranger gets ERROR 5 and the transfer goes on`() async throws {
    let station = try await Station()
    let client = try Client(station)
    let stranger = try Client(station)
    client.ask("file", asked, station.endpoints[0])
    let transfer = try await client.next().from
    stranger.send(.acknowledgment(block: 0), to: transfer)
    let (answer, from) = try await stranger.next()
    #expect(answer == .error(code: .unknownTransferID, message: "Unknown transfer ID"))
    #expect(from == transfer)
    let bytes = try await client.fetch(from: transfer, blockSize: 600, window: 3)
    #expect(bytes == Station.file)
  }

  @Test func `a size probe is no failure`() async throws {
    let station = try await Station()
    let client = try Client(station)
    client.ask("file", [TFTPOption("tsize", "0")], station.endpoints[0])
    let (offer, transfer) = try await client.next()
    #expect(offer == .optionAcknowledgment([TFTPOption("tsize", "5000")]))
    client.send(
      .error(code: .optionsRefused, message: "User aborted the transfer"), to: transfer)
    let event = await station.event { $0 == .probed }
    #expect(event?.file == "file")
    #expect(await station.server.transferCount == 0)
  }

  @Test func `the answer comes from the address that was asked`() async throws {
    let second = IPAddress.v4(IPv4Address(127, 0, 0, 2))
    let station = try await Station(addresses: [.loopback, second])
    let client = try Client(station)
    for (endpoint, address) in zip(station.endpoints, [IPAddress.loopback, second]) {
      client.ask("file", asked, endpoint)
      #expect(try await client.next().from.address == address)
      client.ask("nope", asked, endpoint)
      #expect(try await client.next().from.address == address)
    }
  }

  @Test(arguments: [1, 2])
  func `a request to a broadcast address is ignored by every worker`(workers: Int) async throws {
    let station = try await Station(addresses: [.any], workers: workers)
    let client = try Client(station)
    let port = station.endpoints[0].port
    client.ask("file", asked, Endpoint(IPv4Address(127, 255, 255, 255), port))
    let event = await station.event { $0 == .ignored(.toMany) }
    #expect(event?.client.port == client.socket.local.port)
    // What comes next is the answer to the second request, and nothing is left of the first.
    client.ask("nope", [], Endpoint(IPAddress.loopback, port))
    #expect(
      try await client.next().packet == .error(code: .fileNotFound, message: "File not found"))
    #expect(await station.server.transferCount == 0)
  }

  @Test(arguments: [1, 2])
  func `with a single port a transfer survives that its interface changes`(
    workers: Int
  ) async throws {
    // One that nobody has: the server must find it again.
    let free = try DatagramPort.open(at: .loopback, port: 0, .init())
    let port = free.local.port
    free.close()
    let station = try await Station(workers: workers) {
      $0.singlePort = true
      $0.port = port
    }
    let client = try Client(station)
    client.ask("file", asked, station.endpoints[0])
    let transfer = try await client.next().from
    for place in [
      TFTPConfiguration.Listener(interface: nil, address: .loopback, mtu: 9000),
      .init(interface: nil, address: .loopback, mtu: 1500, index: 7),
    ] {
      await station.server.update([place])
      client.send(.acknowledgment(block: 0), to: transfer)
      let (packet, from) = try await client.next()
      guard case .data(1, _) = packet, from == transfer else {
        Issue.record("\(packet) from \(from)")
        return
      }
      // The rest of the window.
      for _ in 0..<2 { _ = try await client.next() }
    }
    let bytes = try await client.fetch(from: transfer, blockSize: 600, window: 3)
    #expect(bytes == Station.file)
  }

  @Test func `a full server drops the oldest client that has not answered`() async throws {
    let station = try await Station(capacity: 2)
    let clients = try (0..<3).map { _ in try Client(station) }
    for client in clients {
      client.ask("file", asked, station.endpoints[0])
      _ = try await client.next()
    }
    let event = await station.event { if case .failed = $0 { true } else { false } }
    #expect(event?.client.port == clients[0].socket.local.port)
    #expect(await station.server.transferCount == 2)
  }

  @Test func `stopping lets transfers finish`() async throws {
    let station = try await Station()
    let client = try Client(station)
    let service = Task { try await station.server.run() }
    client.ask("file", asked, station.endpoints[0])
    let transfer = try await client.next().from
    service.cancel()
    let bytes = try await client.fetch(from: transfer, blockSize: 600, window: 3)
    #expect(bytes == Station.file)
    try await service.value
  }

  @Test func `stopping tells clients that take too long`() async throws {
    let station = try await Station(graceful: .zero)
    let client = try Client(station)
    let service = Task { try await station.server.run() }
    client.ask("file", asked, station.endpoints[0])
    _ = try await client.next()
    service.cancel()
    #expect(
      try await client.next().packet
        == .error(code: .notDefined, message: "The server was stopped"))
    try await service.value
    #expect(await station.server.transferCount == 0)
  }
}
