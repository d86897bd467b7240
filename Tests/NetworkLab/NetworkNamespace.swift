/// NetworkLab: network namespaces with cables between them, for tests of sockets.

package import Datagram
import Foundation
import Glibc

/// A network namespace of this test alone; deleted, with what runs in it, when nobody holds it.
package final class NetworkNamespace: Sendable {
  package let name: String

  /// Why such tests can't run here; nil when they can.
  package static let obstacle: String? = {
    guard geteuid() == 0 else { return "network namespaces need root" }
    guard let namespace = try? NetworkNamespace("probe") else {
      return "`ip netns` does not work here"
    }
    withExtendedLifetime(namespace) {}
    return nil
  }()

  /// Whether this kernel has VLAN interfaces (8021q).
  package static let hasVLANs: Bool = {
    guard obstacle == nil, let namespace = try? NetworkNamespace("probe") else { return false }
    let isMade: Void? = try? namespace.ip(
      "link", "add", "link", "lo", "lo.10", "type", "vlan", "id", "10")
    return isMade != nil
  }()

  /// Whether all of these programs are installed.
  package static func has(_ programs: String...) -> Bool {
    programs.allSatisfy { program in
      ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].contains {
        access("\($0)/\(program)", X_OK) == 0
      }
    }
  }

  /// `role` is for people who look at `ip netns`.
  package init(_ role: String) throws(LabFailure) {
    name = "fino-\(role)-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    try Command.run("ip", "netns", "add", name)
    try ip("link", "set", "lo", "up")
  }

  deinit {
    _ = try? Command.run("ip", "netns", "delete", name)
  }

  /// `ip` in this namespace.
  package func ip(_ arguments: String...) throws(LabFailure) {
    try Command.run(["ip", "-n", name] + arguments)
  }

  /// Any other command that ends by itself.
  @discardableResult
  package func run(_ arguments: String...) throws(LabFailure) -> String {
    try run(arguments)
  }

  @discardableResult
  package func run(_ arguments: [String]) throws(LabFailure) -> String {
    try Command.run(["ip", "netns", "exec", name] + arguments)
  }

  /// A program that goes on until it is stopped.
  package func start(_ arguments: String...) throws(LabFailure) -> Daemon {
    try start(arguments)
  }

  package func start(_ arguments: [String]) throws(LabFailure) -> Daemon {
    try Daemon(["ip", "netns", "exec", name] + arguments)
  }

  /// A cable: `interface` here to `otherInterface` there; both ends are up.
  package func connect(
    _ interface: String, to other: NetworkNamespace, _ otherInterface: String
  ) throws(LabFailure) {
    try ip(
      "link", "add", interface, "type", "veth", "peer", "name", otherInterface, "netns", other.name)
    try ip("link", "set", interface, "up")
    try other.ip("link", "set", otherInterface, "up")
  }

  /// An event loop whose sockets are in this namespace: a namespace belongs to a thread, and so does
  /// the right to raw sockets, which can be taken away.
  package func loop(mayCapture: Bool = true) async throws -> DatagramLoop {
    let loop = try DatagramLoop(name: "fino-test")
    let path = "/run/netns/\(name)"
    let entered = await withCheckedContinuation { continuation in
      loop.execute {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { close(file) }
        continuation.resume(
          returning:
            file >= 0 && Self.enter(file) && (mayCapture || Self.dropRawSockets()))
      }
    }
    guard entered else { throw LabFailure("cannot enter \(path): \(errno)") }
    return loop
  }

  /// setns(2), which Swift's Glibc module lacks.
  private static func enter(_ namespace: Int32) -> Bool {
    typealias SetNamespace = @convention(c) (Int32, Int32) -> Int32
    guard let symbol = dlsym(nil, "setns") else { return false }
    let network: Int32 = 0x4000_0000  // CLONE_NEWNET
    return unsafeBitCast(symbol, to: SetNamespace.self)(namespace, network) == 0
  }

  /// capset(2) without CAP_NET_RAW, for this thread alone.
  private static func dropRawSockets() -> Bool {
    typealias Capabilities =
      @convention(c) (UnsafeMutablePointer<UInt32>, UnsafeMutablePointer<UInt32>) -> Int32
    guard let get = dlsym(nil, "capget"), let set = dlsym(nil, "capset") else { return false }
    var header: [UInt32] = [0x2008_0522, 0]  // _LINUX_CAPABILITY_VERSION_3, this thread
    var sets = [UInt32](repeating: 0, count: 6)  // effective, permitted, inheritable; twice
    guard unsafeBitCast(get, to: Capabilities.self)(&header, &sets) == 0 else { return false }
    for index in 0..<2 { sets[index] &= ~(1 << 13) }
    return unsafeBitCast(set, to: Capabilities.self)(&header, &sets) == 0
  }

  /// An interface of this namespace.
  package func interface(_ name: String, on loop: DatagramLoop) async throws -> NetworkInterface {
    let all = await interfaces(on: loop)
    guard let found = all.first(where: { $0.name == name }) else {
      throw LabFailure("no interface \(name) among \(all.map(\.name))")
    }
    return found
  }

  package func interfaces(on loop: DatagramLoop) async -> [NetworkInterface] {
    await withCheckedContinuation { continuation in
      loop.execute { continuation.resume(returning: (try? NetworkInterface.all()) ?? []) }
    }
  }
}

/// What went wrong with the laboratory itself.
package struct LabFailure: Error, CustomStringConvertible {
  package let description: String

  package init(_ description: String) {
    self.description = description
  }
}
