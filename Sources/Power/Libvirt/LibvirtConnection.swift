/// Power: a connection to a libvirt daemon: one call, one answer.

import NIOCore
import NIOPosix
import Wire

/// Calls are made one after the other. What is no answer to the last call (events) is passed over.
actor LibvirtConnection {
  private typealias Pipe = NIOAsyncChannel<[UInt8], ByteBuffer>

  private let pipe: Pipe
  private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  private var inbound: NIOAsyncChannelInboundStream<[UInt8]>.AsyncIterator?
  private var serial: UInt32 = 0

  /// Opens the connection for as long as `work` takes.
  static func with<Value: Sendable>(
    _ address: LibvirtAddress, group: any EventLoopGroup,
    _ work: @escaping @Sendable (LibvirtConnection) async throws(DriverError) -> Value
  ) async throws(DriverError) -> Value {
    let pipe = try await connect(address, group)
    do {
      return try await pipe.executeThenClose { inbound, outbound in
        let connection = LibvirtConnection(pipe, inbound, outbound)
        do throws(DriverError) {
          let value = try await work(connection)
          // Not waited for: the daemon tidies up when the connection ends, too.
          return Result<Value, DriverError>.success(value)
        } catch {
          return .failure(error)
        }
      }.get()
    } catch let error as DriverError {
      throw error
    } catch {
      throw DriverError(.unreachable, "the connection to the daemon broke: \(error)")
    }
  }

  private init(
    _ pipe: Pipe, _ inbound: NIOAsyncChannelInboundStream<[UInt8]>,
    _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
  ) {
    self.pipe = pipe
    self.outbound = outbound
    self.inbound = inbound.makeAsyncIterator()
  }

  private static func connect(
    _ address: LibvirtAddress, _ group: any EventLoopGroup
  ) async throws(DriverError) -> Pipe {
    let bootstrap = ClientBootstrap(group: group).connectTimeout(.seconds(5))
    let initialize: @Sendable (any Channel) -> EventLoopFuture<Pipe> = { channel in
      channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(
          ByteToMessageHandler(
            LibvirtFraming(), maximumBufferSize: LibvirtMessage.limit + 65_536))
        return try Pipe(wrappingChannelSynchronously: channel)
      }
    }
    switch address.place {
    case .tcp(let host, let port):
      do {
        return try await bootstrap.connect(
          host: host, port: Int(port), channelInitializer: initialize)
      } catch {
        throw DriverError(
          .unreachable,
          "no connection to the libvirt daemon at \(host):\(port) (\(error)); it must listen on TCP"
        )
      }
    case .unix(let paths):
      var last: any Error = CancellationError()
      for path in paths {
        do {
          return try await bootstrap.connect(
            unixDomainSocketPath: path, channelInitializer: initialize)
        } catch {
          last = error
        }
      }
      throw DriverError(
        .unreachable,
        "no libvirt daemon at \(paths.joined(separator: " or ")) (\(last)); is it running, and may "
          + "this process use it?")
    }
  }

  /// The payload of the answer. `what` is for people.
  func call(
    _ procedure: LibvirtProcedure, _ what: String, _ payload: [UInt8] = []
  ) async throws(DriverError) -> [UInt8] {
    serial &+= 1
    let call = LibvirtMessage(procedure: procedure, serial: serial, payload: payload)
    do {
      try await outbound.write(ByteBuffer(bytes: call.bytes))
      while let bytes = try await next() {
        let answer = try LibvirtMessage(parsing: bytes)
        guard answer.program == call.program, answer.kind == .reply, answer.serial == serial,
          answer.procedure == procedure
        else { continue }
        guard answer.status == .ok else { throw try Self.refusal(answer.payload, what) }
        return answer.payload
      }
    } catch let error as DriverError {
      throw error
    } catch let error as WireError {
      throw DriverError(.malformed, "its answer to “\(what)” cannot be read: \(error)")
    } catch {
      throw DriverError(
        .unreachable, "the connection to the daemon broke during “\(what)”: \(error)")
    }
    if Task.isCancelled { throw .cancelled }
    throw DriverError(.unreachable, "the daemon closed the connection during “\(what)”")
  }

  private func next() async throws -> [UInt8]? {
    guard var iterator = inbound else { return nil }
    inbound = nil
    let bytes = try await iterator.next(isolation: self)
    inbound = iterator
    return bytes
  }

  private static func refusal(_ payload: [UInt8], _ what: String) throws -> DriverError {
    let failure = try LibvirtFailure(parsing: payload)
    let message = failure.message.oneLine(limit: 300)
    switch failure.code {
    case LibvirtFailure.noDomain: return DriverError(.missing, message)
    case LibvirtFailure.authFailed: return DriverError(.login, message)
    default: return DriverError(.refused, "libvirt refused “\(what)”: \(message)")
    }
  }
}

/// Cuts the stream into messages by their lengths.
private struct LibvirtFraming: ByteToMessageDecoder {
  typealias InboundOut = [UInt8]

  mutating func decode(
    context: ChannelHandlerContext, buffer: inout ByteBuffer
  ) throws -> DecodingState {
    guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self).map(Int.init)
    else { return .needMoreData }
    guard (LibvirtMessage.headerLength...LibvirtMessage.limit).contains(length) else {
      throw WireError(field: "length", offset: 0, reason: .invalid("is \(length)"))
    }
    guard let bytes = buffer.readBytes(length: length) else { return .needMoreData }
    context.fireChannelRead(wrapInboundOut(bytes))
    return .continue
  }

  mutating func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState {
    while try decode(context: context, buffer: &buffer) == .continue {}
    return .needMoreData
  }
}
