/// PacketCapture: numbers in network byte order; each access is checked.

import Wire

extension Span<UInt8> {
  @inline(__always)
  func uint16(_ at: Int) -> UInt16 {
    UInt16(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt16.self))
  }

  @inline(__always)
  func uint32(_ at: Int) -> UInt32 {
    UInt32(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  @inline(__always)
  func uint64(_ at: Int) -> UInt64 {
    UInt64(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  @inline(__always)
  func hardware(_ at: Int) -> MACAddress {
    MACAddress(value: UInt64(uint32(at)) << 16 | UInt64(uint16(at + 4)))
  }

  @inline(__always)
  func address4(_ at: Int) -> IPAddress { .v4(IPv4Address(value: uint32(at))) }

  @inline(__always)
  func address6(_ at: Int) -> IPAddress {
    .v6(IPv6Address(high: uint64(at), low: uint64(at + 8)))
  }

  /// Before every access: there must be `size` bytes at `offset`.
  @inline(__always)
  func need(_ size: Int, at offset: Int, _ field: StaticString) throws(WireError) {
    if offset < 0 || size < 0 || offset > count || size > count - offset {
      throw WireError(
        field: "\(field)", offset: offset,
        reason: .truncated(needed: size, available: Swift.max(0, count - offset)))
    }
  }
}
