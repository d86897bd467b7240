/// Appliance: the file name of a boot program, checked.

/// A name that fits into a DHCP packet, into a TFTP request and behind `/boot/x64/` in a URL:
/// relative, with single slashes, printable ASCII.
package struct LoaderName: Hashable, Sendable {
  package let text: String

  /// Bytes that fit into the `file` field of a DHCP packet beside its NUL (RFC 2131 §2).
  private static let longest = 127

  /// Why a text is no such name; it is a clause: `it is empty`.
  package struct Mistake: Error, Equatable, Sendable {
    package var reason: String
  }

  package init(_ text: String) throws(Mistake) {
    guard !text.isEmpty else { throw Mistake(reason: "it is empty") }
    guard text.utf8.count <= Self.longest else {
      throw Mistake(reason: "it has more than \(Self.longest) bytes, which no DHCP packet carries")
    }
    guard text.utf8.allSatisfy({ (0x21..<0x7f).contains($0) && $0 != UInt8(ascii: "\\") }) else {
      throw Mistake(reason: "firmware takes printable ASCII only, without blanks and backslashes")
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.first?.isEmpty == false else {
      throw Mistake(reason: "it is relative to the TFTP directory, so it begins with no slash")
    }
    guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
      throw Mistake(reason: "it has an empty part, or «.» or «..»")
    }
    self.text = text
  }

  private init(known text: String) { self.text = text }

  /// iPXE on the ROM's own UNDI driver, in the executable.
  package static let undionly = LoaderName(known: "undionly.kpxe")
  /// iPXE on the firmware's own SNP driver, in the executable. It drives only the NIC that it was
  /// loaded from and leaves its link as it is, so it comes before `ipxe.efi`.
  package static let snponly = LoaderName(known: "snponly.efi")

  /// Debian's shim. It asks for GRUB by a name of its own, so these names are not free.
  package static let shimX64 = LoaderName(known: "shimx64.efi")
  package static let shimARM64 = LoaderName(known: "shimaa64.efi")

  /// EDK2's HTTP Boot takes a program by its type or by the end of its path (the type of an image
  /// with parameters does not count).
  package var suitsHTTPBoot: Bool {
    let name = text.lowercased()
    return [".efi", ".iso", ".img"].contains { name.hasSuffix($0) }
  }
}

extension LoaderName: CustomStringConvertible {
  package var description: String { text }
}
