/// FinoFuzz: what libFuzzer throws bytes at; `make fuzz` builds and runs it.

import CLibFuzzer
import Foundation

/// A decoder of bytes from the network. FUZZ_TARGET names the one of this run.
enum FuzzTarget: String, CaseIterable {
  /// DHCP and all that is inside it: options 43, 77, 82, 93, 97, 175.
  case dhcp
  /// DHCPv6, relayed or not.
  case dhcpv6
  /// What BMCs answer: logins, sessions, serial consoles.
  case ipmi
  /// What BMCs keep: sensors, events, inventory.
  case records
  /// The XML of vSphere and of libvirt.
  case xml
  /// The JSON of Redfish.
  case redfish
  /// The RPC of libvirt.
  case libvirt
  case tftp
  /// Capture files, and the frames in them.
  case capture
  /// The same, up to the boot doctor's verdicts.
  case explain

  static let chosen: FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
      let known = allCases.map(\.rawValue).joined(separator: ", ")
      print("FUZZ_TARGET is «\(name)»; it must be one of \(known)")
      exit(2)
    }
    return target
  }()

  /// A finding is a trap, here or in the code under test.
  func swallow(_ bytes: [UInt8]) {
    switch self {
    case .dhcp: DHCPFuzz.swallow(bytes)
    case .dhcpv6: DHCPv6Fuzz.swallow(bytes)
    case .ipmi: IPMIFuzz.swallow(bytes)
    case .records: RecordsFuzz.swallow(bytes)
    case .xml: XMLFuzz.swallow(bytes)
    case .redfish: RedfishFuzz.swallow(bytes)
    case .libvirt: LibvirtFuzz.swallow(bytes)
    case .tftp: TFTPFuzz.swallow(bytes)
    case .capture: CaptureFuzz.swallow(bytes)
    case .explain: ExplainFuzz.swallow(bytes)
    }
  }
}

@main
enum Fuzzing {
  static func main() {
    _ = FuzzTarget.chosen
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(
      LLVMFuzzerRunDriver(&count, &arguments) { bytes, size in
        FuzzTarget.chosen.swallow(Array(UnsafeBufferPointer(start: bytes, count: size)))
        return 0
      })
  }
}
