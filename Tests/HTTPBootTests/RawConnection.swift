/// Tests of HTTPBoot: a TCP connection of which every byte is seen.

import Foundation
import NIOPosix

/// Blocks; it is used on a thread of its own.
final class RawConnection: Sendable {
  struct Failure: Error {
    var what: String
  }

  struct Answer {
    var status: Int
    /// The status line and the headers, as they came.
    var lines: [String]
    var body: [UInt8]

    func value(_ name: String) -> String? {
      lines.dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        .map { String($0.dropFirst(name.count + 1)).trimmingCharacters(in: .whitespaces) }
    }
  }

  private let descriptor: Int32

  /// `source` is an address of 127/8, so that one test can be many machines.
  init(port: Int, source: String = "127.0.0.1", receiveBuffer: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
    var limit = timeval(tv_sec: 20, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    try call("bind", Glibc.bind, source, 0)
    try call("connect", Glibc.connect, "127.0.0.1", port)
  }

  deinit {
    close(descriptor)
  }

  private func call(
    _ name: String, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32,
    _ host: String, _ port: Int
  ) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(what: "\(name): \(errno)") }
  }

  /// Runs `work` where it may block.
  static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try work() }) }.start()
    }
  }

  func send(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    else { throw Failure(what: "send: \(errno)") }
  }

  /// Nothing more is sent; answers still come.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  func request(_ method: String, _ path: String, _ headers: [String] = []) throws {
    let lines = ["\(method) \(path) HTTP/1.1", "Host: fino"] + headers
    try send(lines.joined(separator: "\r\n") + "\r\n\r\n")
  }

  /// Up to `count` bytes; empty at the end of the connection, however it ended.
  func some(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = recv(descriptor, &bytes, count, 0)
    guard got >= 0 || errno != EAGAIN else { throw Failure(what: "nothing came in time") }
    return Array(bytes.prefix(max(0, got)))
  }

  /// Exactly `count`, or what there is up to the end.
  func exactly(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try some(min(count - bytes.count, 1 << 20))
      if more.isEmpty { break }
      bytes += more
    }
    return bytes
  }

  func toEnd() throws -> [UInt8] { try exactly(.max) }

  /// Whether the other end, which must be of this host, closes its socket within 20 seconds, though we
  /// may not have read all of what it sent.
  func isClosedByPeer() throws -> Bool {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard result == 0 else { throw Failure(what: "getsockname: \(errno)") }
    let mine = String(format: ":%04X", in_port_t(bigEndian: address.sin_port))
    for _ in 0..<400 {
      // The table of sockets, in the order of columns: number, local, remote, state (1: established).
      let isOpen = try Self.sockets().contains { line in
        let words = line.split(separator: " ")
        return words.count > 3 && words[2].hasSuffix(mine) && words[3] == "01"
      }
      if !isOpen { return true }
      usleep(50_000)
    }
    return false
  }

  private static func sockets() throws -> [Substring] {
    guard let file = fopen("/proc/net/tcp", "r") else { throw Failure(what: "no table of sockets") }
    defer { fclose(file) }
    var text: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&piece, 1, piece.count, file), count > 0 {
      text += piece.prefix(count)
    }
    return String(decoding: text, as: UTF8.self).split(separator: "\n")
  }

  var isAtEnd: Bool {
    get throws { try some(1).isEmpty }
  }

  /// A head, and nothing of the body.
  func head() throws -> Answer {
    var text: [UInt8] = []
    while !text.suffix(4).elementsEqual("\r\n\r\n".utf8) {
      let byte = try some(1)
      if byte.isEmpty { throw Failure(what: "ended in «\(String(decoding: text, as: UTF8.self))»") }
      text += byte
    }
    let lines = String(decoding: text.dropLast(4), as: UTF8.self).components(separatedBy: "\r\n")
    let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
    return Answer(status: status, lines: lines, body: [])
  }

  /// A head, and as much body as it announces.
  func answer() throws -> Answer {
    var answer = try head()
    answer.body = try exactly(answer.value("Content-Length").flatMap { Int($0) } ?? 0)
    return answer
  }
}
