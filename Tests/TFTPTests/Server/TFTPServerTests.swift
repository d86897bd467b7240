/// TFTPTests: the whole server over sockets of the loopback interface.

import Datagram
import Logging
import TFTP
import Testing
import Wire

/// A server, its loop, and what it tells.
private final class Station: Sendable {
  static let file = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  let loop: DatagramLoop
  let server: TFTPServer
  let endpoints: [Endpoint]
  let events: AsyncStream<TFTPEvent>

  init(
    addresses: [IPAddress] = [.loopback], capacity: Int = 100, graceful: Duration = .seconds(60)
  ) async throws {
    loop = try DatagramLoop(name: "tftp-test")
    let (stream, continuation) = AsyncStream.makeStream(of: TFTPEvent.self)
    events = stream
    server = TFTPServer(
      configuration: TFTPConfiguration(
        listeners: addresses.map { .init(interface: nil, address: $0, mtu: 1500) }, port: 0,
        maximumTransfers: capacity, graceful: graceful),
      loop: loop, logger: Logger(label: "tftp-test") { _ in SwiftLogNoOpLogHandler() },
      files: { $0.name == "file" ? TFTPFile(FileContents(Self.file)) : nil },
      events: { continuation.yield($0) })
    endpoints = try await server.listen()
  }

  deinit {
    loop.shutdown()
  }

  /// The next event that `wanted` accepts.
  func event(_ wanted: (TFTPEvent.Kind) -> Bool) async -> TFTPEvent? {
    for await event in events where wanted(event.kind) { return event }
    return nil
  }
}

/// A client with one socket, driven by hand.
private final class Client: Sendable {
  let socket: DatagramSocket
  private let stream: AsyncStream<ReceivedDatagram>

  init(_ station: Station, address: IPAddress = .loopback) throws {
    let (stream, continuation) = AsyncStream.makeStream(of: ReceivedDatagram.self)
    self.stream = stream
    socket = try DatagramSocket.bind(
      on: station.loop, interface: nil, address: address, port: 0
    ) { continuation.yield($0) }
  }

  func send(_ packet: TFTPPacket, to endpoint: Endpoint) {
    socket.send(packet.datagram, to: endpoint)
  }

  func next() async throws -> (packet: TFTPPacket, from: Endpoint) {
    for await datagram in stream {
      return (try TFTPPacket(parsing: datagram.payload), datagram.source)
    }
    throw CancellationError()
  }

  func ask(_ name: String, _ options: [TFTPOption], _ server: Endpoint) {
    send(.read(TFTPTransferRequest(filename: name, options: options)), to: server)
  }

  /// Acknowledges each window until the last block.
  func fetch(from server: Endpoint, blockSize: Int, window: Int) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    var expected: UInt16 = 1
    send(.acknowledgment(block: 0), to: server)
    while true {
      guard case (.data(let block, let payload), server) = try await next() else {
        throw CancellationError()
      }
      guard block == expected else { continue }
      bytes += payload
      if payload.count < blockSize || Int(expected) % window == 0 {
        send(.acknowledgment(block: block), to: server)
      }
      if payload.count < blockSize { return bytes }
      expected += 1
    }
  }
}

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
