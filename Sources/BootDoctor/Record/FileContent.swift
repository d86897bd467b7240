/// BootDoctor: what a fetched file is, by its first bytes.

package enum FileContent: Equatable, Sendable {
  /// A program for UEFI, with the machine type of its PE header.
  case program(machine: UInt16)
  case script(BootScript)
  /// A page instead of a file: the mark of an error page, or of a login.
  case page
  /// A Linux kernel for BIOS (x86 boot protocol); newer kernels are programs for UEFI as well.
  case kernel
  case other

  /// The first bytes of the file, some hundred at least; `isWhole` when that is all of it.
  package init(_ bytes: ArraySlice<UInt8>, isWhole: Bool) {
    if bytes.starts(with: "#!ipxe".utf8) || bytes.starts(with: "#!gpxe".utf8) {
      self = .script(BootScript(bytes, isWhole: isWhole))
    } else if Self.isKernel(bytes) {
      self = .kernel
    } else if let machine = Self.machine(bytes) {
      self = .program(machine: machine)
    } else if Self.isPage(bytes) {
      self = .page
    } else {
      self = .other
    }
  }

  /// `HdrS` at 0x202 (Linux Documentation/arch/x86/boot.rst).
  private static func isKernel(_ bytes: ArraySlice<UInt8>) -> Bool {
    bytes.dropFirst(0x202).starts(with: "HdrS".utf8)
  }

  /// `MZ`, the place of the PE header at 0x3c, `PE\0\0`, machine (2), all little endian.
  private static func machine(_ bytes: ArraySlice<UInt8>) -> UInt16? {
    guard bytes.starts(with: "MZ".utf8), bytes.count >= 0x40 else { return nil }
    let place = bytes.dropFirst(0x3c).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let header = bytes.dropFirst(place).prefix(6)
    guard header.count == 6, header.starts(with: [0x50, 0x45, 0, 0]) else { return nil }
    let machine = Array(header.suffix(2))
    return UInt16(machine[1]) << 8 | UInt16(machine[0])
  }

  private static func isPage(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}

extension FileContent {
  /// Microsoft's PE format, «Machine Types», beside IANA's architecture types of PXE.
  private static let machines: [UInt16: (name: String, architectures: Set<UInt16>)] = [
    0x14c: ("ia32", [6, 15]),
    0x8664: ("x64", [7, 9, 16, 17]),
    0x1c0: ("ARM", [10, 18]), 0x1c2: ("ARM", [10, 18]), 0x1c4: ("ARM", [10, 18]),
    0xaa64: ("ARM64", [11, 19, 22, 24]),
    0x5064: ("RISC-V 64", [27, 28]), 0x5032: ("RISC-V 32", [25, 26]),
    0x6264: ("LoongArch 64", [39, 40]), 0x6232: ("LoongArch 32", [37, 38]),
    0x200: ("Itanium", [2]),
  ]

  package static func machineName(_ machine: UInt16) -> String {
    machines[machine]?.name ?? "machine type 0x" + String(machine, radix: 16)
  }

  /// Whether firmware of this architecture can start a program for UEFI of this machine type; nil
  /// where nobody knows.
  package static func fits(machine: UInt16, architecture: UInt16) -> Bool? {
    guard let entry = machines[machine] else { return nil }
    if architecture == 0 { return false }
    guard machines.values.contains(where: { $0.architectures.contains(architecture) }) else {
      return nil
    }
    return entry.architectures.contains(architecture)
  }
}
