/// Lab: the variables of UEFI firmware, as OVMF keeps them in its flash.

package import Wire

/// OVMF_VARS_4M.fd: a firmware volume (PI 1.7 volume 3 §3.2.1) whose first data are a store of
/// authenticated variables (EDK2, MdeModulePkg/Include/Guid/VariableFormat.h):
///
///     firmware volume header   HeaderLength bytes
///     store header             28 bytes: Signature, Size, Format 5a, State fe, reserved
///     variables                each 60 bytes of header, name, data, padded with ff to 4
///     ff until Size
///     the rest of the volume   fault tolerant write's working and spare blocks
package struct UEFIVariableStore: Equatable, Sendable {
  /// Both headers, as they were.
  private let head: [UInt8]
  /// How many bytes the variables may take.
  private let capacity: Int
  package var variables: [UEFIVariable]
  private let tail: [UInt8]

  static let volumeGUID = UEFIGUID(
    0xfff1_2b8d, 0x7696, 0x4c8b, [0xa9, 0x85, 0x27, 0x47, 0x07, 0x5b, 0x4f, 0x50])
  static let authenticatedGUID = UEFIGUID(
    0xaaf3_2c78, 0x947b, 0x439a, [0xa1, 0x80, 0x2e, 0x14, 0x4e, 0xc3, 0x77, 0x92])
  private static let storeHeaderLength = 28

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    try reader.skip(16, "ZeroVector")
    guard try UEFIGUID(parsing: &reader) == Self.volumeGUID else {
      throw reader.invalid("FileSystemGuid", "not a volume of variables", back: 16)
    }
    let volumeLength = try reader.readUInt32LE("FvLength")
    guard try reader.readUInt32LE("FvLength") == 0, Int(volumeLength) == bytes.count else {
      throw reader.invalid("FvLength", "is not the length of the file", back: 8)
    }
    guard try Array(reader.readBytes(4, "Signature")) == Array("_FVH".utf8) else {
      throw reader.invalid("Signature", "is not _FVH", back: 4)
    }
    try reader.skip(4, "Attributes")
    let headerLength = Int(try reader.readUInt16LE("HeaderLength"))
    guard headerLength >= reader.offset else {
      throw reader.invalid("HeaderLength", "is shorter than a header", back: 2)
    }
    try reader.skip(headerLength - reader.offset, "volume header")

    guard try UEFIGUID(parsing: &reader) == Self.authenticatedGUID else {
      throw reader.invalid("Signature", "is not a store of authenticated variables", back: 16)
    }
    let size = Int(try reader.readUInt32LE("Size"))
    guard try Array(reader.readBytes(2, "Format, State")) == [0x5a, 0xfe] else {
      throw reader.invalid("Format, State", "the store is not formatted and healthy", back: 2)
    }
    try reader.skip(6, "Reserved")
    guard size >= Self.storeHeaderLength else {
      throw reader.invalid("Size", "is shorter than its header", back: 12)
    }
    head = Array(bytes[..<reader.offset])
    capacity = size - Self.storeHeaderLength
    var store = try reader.readReader(capacity, "variables")
    tail = Array(reader.readRest())

    variables = []
    while store.remaining > 0, store.peek != 0xff {
      variables.append(try UEFIVariable(parsing: &store))
    }
    guard store.readRest().allSatisfy({ $0 == 0xff }) else {
      throw store.invalid("free space", "is not erased")
    }
  }

  package func encode() throws(WireError) -> [UInt8] {
    var store = ByteWriter(capacity: capacity)
    for variable in variables { try variable.encode(into: &store) }
    guard store.count <= capacity else {
      throw WireError(
        field: "variables", offset: head.count,
        reason: .truncated(needed: store.count, available: capacity))
    }
    store.pad(to: capacity, with: 0xff)
    return head + store.bytes + tail
  }

  /// Puts a variable in the place of an older one of the same name.
  package mutating func set(_ variable: UEFIVariable) {
    variables.removeAll { $0.name == variable.name && $0.vendor == variable.vendor }
    variables.append(variable)
  }

  /// The variable that firmware sees under this name.
  package func value(of name: String, vendor: UEFIGUID = .globalVariable) -> [UInt8]? {
    variables.last { $0.isLive && $0.name == name && $0.vendor == vendor }?.data
  }
}
