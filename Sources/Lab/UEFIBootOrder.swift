/// Lab: what UEFI firmware boots, in which order: exactly the entries that we give it.

package import Wire

/// The variables Boot####, BootOrder and Timeout (UEFI 2.10 §3.1.3 and §3.3).
///
/// OVMF finds every way to boot by itself and puts PXEv4, PXEv6, HTTPv4 and HTTPv6 of a card before
/// the disk; a machine that leaves the first one then waits minutes in the others. Entries that are
/// already in the variable store stay first.
package struct UEFIBootOrder: Equatable, Sendable {
  package struct Entry: Equatable, Sendable {
    package var description: String
    package var path: UEFIDevicePath

    package init(_ description: String, _ path: UEFIDevicePath) {
      self.description = description
      self.path = path
    }

    /// EFI_LOAD_OPTION: Attributes (1 = active), FilePathListLength, Description, FilePathList.
    package func encode() throws(WireError) -> [UInt8] {
      var path = ByteWriter()
      self.path.encode(into: &path)
      guard let length = UInt16(exactly: path.count) else {
        throw WireError(field: "FilePathListLength", offset: 4, reason: .invalid("path too long"))
      }
      var writer = ByteWriter()
      writer.writeLE(UInt32(1))
      writer.writeLE(length)
      writer.write(UEFIText.encode(description))
      writer.write(path.bytes)
      return writer.bytes
    }
  }

  package var entries: [Entry]

  package init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// Writes the entries as Boot0000, Boot0001 …, and the order, and no pause for a key.
  package func write(into store: inout UEFIVariableStore) throws(WireError) {
    var order = ByteWriter()
    for (number, entry) in entries.prefix(0xffff).enumerated() {
      let number = UInt16(truncatingIfNeeded: number)
      store.set(UEFIVariable(Self.name(number), data: try entry.encode()))
      order.writeLE(number)
    }
    store.set(UEFIVariable("BootOrder", data: order.bytes))
    store.set(UEFIVariable("Timeout", data: [0, 0]))
  }

  /// `Boot` and four hexadecimal digits, capitals (UEFI 2.10 §3.1.1).
  package static func name(_ number: UInt16) -> String {
    let digits = String(number, radix: 16, uppercase: true)
    return "Boot" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
