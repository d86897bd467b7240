/// BootDoctor: one machine and all its attempts to boot.

package import DHCPProxy
package import Wire

package struct ClientRecord: Equatable, Sendable {
  /// nil where only its traffic behind a router was seen.
  package var mac: MACAddress?
  /// That it had, at most eight.
  package var addresses: [IPAddress] = []
  package var uuid: SystemUUID?
  package var architecture: UInt16?
  package var family: FirmwareFamily?
  package var boots: [BootRecord] = []
  package var omittedBoots = 0
  /// Frames that it sent, and frames that were sent to it alone, in this capture.
  package var sent = 0
  package var received = 0

  package init(mac: MACAddress? = nil) {
    self.mac = mac
  }

  /// `52:54:00:12:34:56`, or its address where that is all that is known.
  package var name: String {
    mac?.description ?? addresses.first?.description ?? "unknown machine"
  }

  /// Who made its interface, as far as the small table knows.
  package var vendor: String? { mac.flatMap(HardwareVendor.name) }

  /// `UEFI x64`.
  package var kind: String? {
    let name = architecture.map { Architecture(rawValue: $0).description }
    switch family {
    case .raspberryPi: return "Raspberry Pi"
    case .uBoot: return "U-Boot" + (name.map { " (\($0))" } ?? "")
    default: return name
    }
  }
}

/// What a capture, or an appliance's memory, tells about a whole network.
package struct NetworkRecord: Equatable, Sendable {
  package var clients: [ClientRecord] = []
  package var begin: UInt64 = 0
  package var end: UInt64 = 0
  /// Packets that were read.
  package var packets = 0
  /// What was too much to keep, by what it is: «packets of more machines», «steps», «connections».
  package var omitted: [String: Int] = [:]
  /// One sentence each: a cut file, frames that can't be read.
  package var remarks: [String] = []

  package init() {}
}
