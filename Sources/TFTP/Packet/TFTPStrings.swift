/// TFTP: the NUL-terminated strings that requests, OACK and ERROR are made of.

internal import Wire

/// Cuts bytes at each NUL. The last string may lack its NUL; the caller decides what that means.
struct TFTPStrings {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) {
    rest = bytes
  }

  /// The next string; nil when nothing is left.
  mutating func next() -> (bytes: ArraySlice<UInt8>, terminated: Bool)? {
    guard !rest.isEmpty else { return nil }
    guard let end = rest.firstIndex(of: 0) else {
      defer { rest = [] }
      return (rest, false)
    }
    defer { rest = rest[(end + 1)...] }
    return (rest[..<end], true)
  }

  /// Pairs of name and value. An empty name ends the list (clients that pad with zeros), and so
  /// does a pair that is cut off. A name that was there already is left out (RFC 2347: once only).
  mutating func options() -> [TFTPOption] {
    var options: [TFTPOption] = []
    while options.count < 32, let name = next(), name.terminated, !name.bytes.isEmpty,
      let value = next(), value.terminated
    {
      let option = TFTPOption(Self.text(name.bytes), Self.text(value.bytes))
      if !options.contains(where: { $0.kind == option.kind }) { options.append(option) }
    }
    return options
  }

  static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  static func write(
    _ string: some Collection<UInt8>, _ field: String, into writer: inout ByteWriter
  ) throws(WireError) {
    guard !string.contains(0) else {
      throw WireError(field: field, offset: writer.count, reason: .invalid("has a NUL inside"))
    }
    writer.write(string)
    writer.write(UInt8(0))
  }
}
