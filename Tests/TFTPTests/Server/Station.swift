/// TFTPTests: a server on the loopback interface, and a client that is driven by hand.

import Datagram
import Logging
import TFTP
import Wire

/// A server, its loop, and what it tells.
final class Station: Sendable {
  static let file = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

  let loop: DatagramLoop
  let server: TFTPServer
  let endpoints: [Endpoint]
  let events: AsyncStream<TFTPEvent>

  init(
    addresses: [IPAddress] = [.loopback], capacity: Int = 100, graceful: Duration = .seconds(60),
    workers: Int = 1, change: (inout TFTPConfiguration) -> Void = { _ in },
    files: @escaping TFTPFileProvider = {
      $0.name == "file" ? TFTPFile(FileContents(Station.file)) : nil
    }
  ) async throws {
    loop = try DatagramLoop(name: "tftp-test")
    var configuration = TFTPConfiguration(
      listeners: addresses.map { .init(interface: nil, address: $0, mtu: 1500) }, port: 0,
      maximumTransfers: capacity, graceful: graceful)
    configuration.workers = workers
    change(&configuration)
    let (stream, continuation) = AsyncStream.makeStream(of: TFTPEvent.self)
    events = stream
    server = TFTPServer(
      configuration: configuration, loop: loop,
      logger: Logger(label: "tftp-test") { _ in SwiftLogNoOpLogHandler() }, files: files,
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
final class Client: Sendable {
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
