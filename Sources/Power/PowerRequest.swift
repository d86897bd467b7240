/// Power: what can be asked of a machine's power.

package import IPMI

package enum PowerRequest: Equatable, Sendable {
  case status
  /// With `verify`, waits at most so long until the machine has followed.
  case power(PowerAction, verify: Duration? = nil)
  case bootDevice(BootDevice, efi: Bool = false, persistent: Bool = false)
  /// Boot once from the network, now: switched on if it is off, else power-cycled.
  case reinstall(efi: Bool = false, verify: Duration? = nil)
}

extension PowerRequest: CustomStringConvertible {
  package var description: String {
    switch self {
    case .status: "power status"
    case .power(let action, _): "power \(action)"
    case .bootDevice(let device, let efi, let persistent):
      "boot device \(device)\(efi ? ", EFI" : "")\(persistent ? ", persistent" : "")"
    case .reinstall(let efi, _): "boot once from the network\(efi ? ", EFI" : "")"
    }
  }
}
