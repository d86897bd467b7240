/// FinoBench: an HTTP client that costs next to nothing: one connection, one question at a time.

import CLoad
import Foundation
import Lab

final class KeepAliveConnection {
  private let socket: Int32
  private var asked = ContinuousClock.now
  /// The answer's head while it is not whole; what follows is only counted.
  private var head: [UInt8] = []
  /// Bytes of the body that are still to come; nil before the head is whole.
  private var missing: Int?
  private var buffer = [UInt8](repeating: 0, count: 1 << 18)

  /// To the loopback address in the network namespace of `process`.
  init(process: Int32, port: UInt16) throws {
    socket = load_connect(process, 0x7f00_0001, port)
    guard socket >= 0 else { throw LabError("connect: \(String(cString: strerror(-socket)))") }
  }

  deinit { close(socket) }

  func ask(_ path: String) throws {
    let request = Array(
      "GET \(path) HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n\r\n".utf8)
    head = []
    missing = nil
    asked = .now
    guard
      send(socket, request, request.count, Int32(truncatingIfNeeded: MSG_NOSIGNAL)) == request.count
    else {
      throw LabError("the connection broke")
    }
  }

  /// Takes what is there; how long the answer took once it is whole.
  func receive() throws -> Duration? {
    let count = recv(socket, &buffer, buffer.count, Int32(truncatingIfNeeded: MSG_DONTWAIT))
    guard count > 0 else {
      if count < 0, errno == EAGAIN { return nil }
      throw LabError("the connection broke in an answer")
    }
    if let missing {
      self.missing = missing - count
    } else {
      head += buffer[..<count]
      try readHead()
    }
    return missing == 0 ? .now - asked : nil
  }

  private func readHead() throws {
    guard let end = head.firstRange(of: Array("\r\n\r\n".utf8)) else { return }
    let lines = String(decoding: head[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
    guard lines.first?.hasPrefix("HTTP/1.1 200") == true else {
      throw LabError("an answer: \(lines.first ?? "")")
    }
    let length = lines.lazy.map { $0.lowercased() }.first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) }
    guard let length else { throw LabError("an answer without Content-Length") }
    missing = length - (head.count - end.upperBound)
  }

  /// Those that have something to read; waits until there is one.
  static func ready(_ connections: [KeepAliveConnection]) throws -> [KeepAliveConnection] {
    var descriptors = connections.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
    guard poll(&descriptors, nfds_t(descriptors.count), 10_000) > 0 else {
      throw LabError("no answer for 10 s")
    }
    return zip(connections, descriptors).filter { $1.revents != 0 }.map { $0.0 }
  }
}
