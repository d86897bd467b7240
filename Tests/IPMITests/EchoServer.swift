/// IPMITests: a TCP server that writes back what it reads: the serial port behind a simulator.

import Foundation
import Glibc

final class EchoServer: Sendable {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    self.descriptor = descriptor
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 4) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isListening else { throw CocoaError(.fileReadUnknown) }
    port = UInt16(bigEndian: address.sin_port)
    // Ends when the listening socket is shut down, or the peer goes away.
    Thread.detachNewThread {
      while true {
        let peer = accept(descriptor, nil, nil)
        guard peer >= 0 else { break }
        var buffer = [UInt8](repeating: 0, count: 1024)
        while true {
          let count = recv(peer, &buffer, buffer.count, 0)
          guard count > 0, send(peer, buffer, count, Int32(MSG_NOSIGNAL)) == count
          else { break }
        }
        Glibc.close(peer)
      }
      Glibc.close(descriptor)
    }
  }

  func close() {
    shutdown(descriptor, Int32(SHUT_RDWR))
  }
}
