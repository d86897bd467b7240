/// TFTP: the body of RRQ and WRQ (RFC 1350 §5, RFC 2347).

package import Wire

/// ```
///  2 bytes    string  1 byte  string 1 byte  string 1 byte string 1 byte
/// | opcode | Filename |  0  |  Mode  |  0  |  opt1  |  0  | value1 |  0  | ...
/// ```
package struct TFTPTransferRequest: Equatable, Sendable {
  /// The bytes of the wire; `TFTPFilename` makes a name of them.
  package var filename: [UInt8]
  package var mode: TFTPMode
  package var options: [TFTPOption]

  /// RFC 2347 gives the whole request 512 bytes.
  package static let longestName = 512

  package init(filename: String, mode: TFTPMode = .octet, options: [TFTPOption] = []) {
    self.filename = Array(filename.utf8)
    self.mode = mode
    self.options = options
  }

  /// Reads after the opcode, to the end. Lenient where old ROMs are known to be sloppy: a name
  /// without NUL goes to the end of the packet (Samsung NC10), and no mode means octet. An empty
  /// name is one that does not exist: the client gets an answer.
  package init(parsing reader: inout ByteReader) throws(WireError) {
    let start = reader.offset
    var strings = TFTPStrings(reader.readRest())
    guard let name = strings.next()?.bytes else {
      throw WireError(
        field: "Filename", offset: start, reason: .truncated(needed: 1, available: 0))
    }
    guard name.count <= Self.longestName else {
      throw WireError(
        field: "Filename", offset: start,
        reason: .invalid("has \(name.count) bytes, more than \(Self.longestName)"))
    }
    let word = strings.next().map { TFTPStrings.text($0.bytes) } ?? ""
    filename = Array(name)
    mode = word.isEmpty ? .octet : TFTPMode(rawValue: word)
    options = strings.options()
  }

  package func encode(into writer: inout ByteWriter) throws(WireError) {
    guard !filename.isEmpty else {
      throw WireError(field: "Filename", offset: writer.count, reason: .invalid("is empty"))
    }
    try TFTPStrings.write(filename, "Filename", into: &writer)
    try TFTPStrings.write(mode.rawValue.utf8, "Mode", into: &writer)
    for option in options { try option.encode(into: &writer) }
  }
}
