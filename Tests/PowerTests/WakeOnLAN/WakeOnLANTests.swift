/// PowerTests: the magic packet, and the driver that sends it.

import IPMI
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Power

struct WakeOnLANTests {
  private let machine = MACAddress(value: 0x5254_0000_0007)

  @Test func thePacketIsSixTimesFFAndSixteenTimesTheAddress() throws {
    let packet = MagicPacket(machine)
    #expect(packet.bytes.count == 102)
    #expect(packet.bytes.prefix(6).allSatisfy { $0 == 0xff })
    #expect(Array(packet.bytes.suffix(6)) == machine.bytes)
    #expect(try MagicPacket(parsing: packet.bytes) == packet)
    for count in 0..<102 {
      #expect(throws: WireError.self) {
        try MagicPacket(parsing: Array(packet.bytes.prefix(count)))
      }
    }
    #expect(throws: WireError.self) { try MagicPacket(parsing: packet.bytes + [0]) }
  }

  @Test func onlyOnIsPossible() async throws {
    let driver = WakeOnLANDriver(machine, destination: IPv4Address(127, 0, 0, 1), port: 9)
    #expect(!driver.setsBootDevice)
    for request: PowerRequest in [.status, .power(.off), .power(.cycle), .bootDevice(.pxe)] {
      let error = await #expect(throws: PowerError.self) {
        try await driver.perform(request, limit: .seconds(5))
      }
      guard case .driver(let inner)? = error?.cause else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(inner.kind == .unsupported)
    }
  }

  /// To a broadcast address, which needs the socket's permission.
  @Test func thePacketArrives() async throws {
    let (packets, continuation) = AsyncStream<[UInt8]>.makeStream()
    let listener = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Ear(continuation))
        }
      }
      .bind(host: "0.0.0.0", port: 0).get()
    let port = UInt16(listener.localAddress?.port ?? 0)
    let driver = WakeOnLANDriver(machine, destination: IPv4Address(127, 255, 255, 255), port: port)
    let outcome = try await driver.perform(.power(.on), limit: .seconds(5))
    #expect(outcome.sent == "magic packet")
    var iterator = packets.makeAsyncIterator()
    let bytes = try #require(await iterator.next())
    #expect(try MagicPacket(parsing: bytes).address == machine)
    try await listener.close()
  }
}

private final class Ear: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let continuation: AsyncStream<[UInt8]>.Continuation

  init(_ continuation: AsyncStream<[UInt8]>.Continuation) {
    self.continuation = continuation
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    continuation.yield(Array(unwrapInboundIn(data).data.readableBytesView))
  }
}
