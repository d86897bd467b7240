/// Tests of DHCPv6Proxy: a cable between two interfaces, in a network namespace of its own.

import Datagram
import Foundation
import Wire

#if canImport(Glibc)
  import Glibc
#endif

/// The namespace belongs to the loop's thread alone: sockets that are made there are in it, and it
/// ends with the thread. Both ends of the cable are in it, so that only link-local addresses cross.
struct Cable {
  let loop: DatagramLoop
  /// fino0, ours.
  let ours = MACAddress(value: 0x0200_0000_0002)
  /// peer0, the client's.
  let client = MACAddress(value: 0x5254_0077_0006)

  /// Namespaces need root, and iproute2 makes the cable.
  static let isPossible = run("unshare --net ip link >/dev/null 2>&1")

  struct NotMade: Error {}

  init() async throws {
    let loop = try DatagramLoop(name: "cable")
    let script = """
      set -e
      ip link set lo up
      ip link add fino0 address \(ours) type veth peer name peer0 address \(client)
      ip link set fino0 addrgenmode none
      ip link set peer0 addrgenmode none
      ip address add \(IPv6Address(linkLocal: ours))/64 dev fino0 nodad
      ip address add fd77::2/64 dev fino0 nodad
      ip address add \(IPv6Address(linkLocal: client))/64 dev peer0 nodad
      ip link set fino0 up
      ip link set peer0 up
      # The kernel sees the carrier a little later; until then there is no way to the group.
      for end in fino0 peer0; do
        tries=0
        until ip -6 route show table all dev $end | grep -q "ff00::/8"; do
          tries=$((tries + 1))
          test $tries -lt 100
          sleep 0.02
        done
      done
      """
    let isMade = await withCheckedContinuation { continuation in
      loop.execute {
        continuation.resume(returning: Self.leaveNamespace() && Self.run(script))
      }
    }
    guard isMade else { throw NotMade() }
    self.loop = loop
  }

  /// Runs on the loop's thread, in the namespace.
  func inside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      loop.execute { continuation.resume(with: Result { try body() }) }
    }
  }

  /// unshare(CLONE_NEWNET), which is not in Swift's Glibc.
  private static func leaveNamespace() -> Bool {
    typealias Unshare = @convention(c) (CInt) -> CInt
    guard let symbol = dlsym(nil, "unshare") else { return false }
    return unsafeBitCast(symbol, to: Unshare.self)(0x4000_0000) == 0
  }

  /// A child of this thread, and so in its namespace.
  private static func run(_ script: String) -> Bool {
    let words: [String] = ["/bin/sh", "-c", script]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    guard posix_spawn(&child, "/bin/sh", nil, nil, &arguments, environ) == 0 else { return false }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 { guard errno == EINTR else { return false } }
    return status == 0
  }
}

extension IPv6Address {
  /// The address that firmware makes for an interface (RFC 4862 §5.3, RFC 4291 appendix A).
  init(linkLocal mac: MACAddress) {
    let flipped = mac.value ^ 0x0200_0000_0000
    self.init(
      high: 0xfe80_0000_0000_0000,
      low: (flipped & 0xffff_ff00_0000) << 16 | 0xff_fe00_0000 | flipped & 0xff_ffff)
  }
}
