/// fino: what `capture` and `explain -i` are asked to hear.

import ArgumentParser
import Datagram
import Wire

/// `100MB`, `1GiB`, `4096`.
struct ByteSize: ExpressibleByArgument, Equatable {
  var bytes: Int

  init?(argument text: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), number > 0,
      let unit = Self.units[text.dropFirst(digits.count).lowercased()]
    else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.bytes = bytes
  }

  private static let units = [
    "": 1, "k": 1000, "kb": 1000, "kib": 1 << 10, "m": 1_000_000, "mb": 1_000_000,
    "mib": 1 << 20, "g": 1_000_000_000, "gb": 1_000_000_000, "gib": 1 << 30,
  ]
}

/// Which frames of which interfaces; for every command that listens.
struct ListeningOptions: ParsableArguments {
  @Option(
    name: [.customShort("i"), .long], parsing: .singleValue,
    help: ArgumentHelp("Listen on this network interface; may be repeated.", valueName: "if"))
  var interface: [String] = []

  @Option(
    name: .long, parsing: .singleValue,
    help: "Only this machine; may be repeated. Listening hears all its frames then.")
  var mac: [String] = []

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("One more TCP port of HTTP; may be repeated.", valueName: "n"))
  var port: [UInt16] = []

  @Option(name: .long, help: ArgumentHelp("Cut frames to this many bytes.", valueName: "n"))
  var snaplen = 262_144

  @Flag(name: .customLong("no-promiscuous"), help: "Do not ask for other machines' frames.")
  var isModest = false

  @Option(name: .long, help: ArgumentHelp("End after so many seconds.", valueName: "n"))
  var seconds: Int?

  func validate() throws {
    for mac in mac where MACAddress(mac) == nil {
      throw ValidationError("«\(mac)» is not a MAC address (12 hexadecimal digits)")
    }
    guard mac.count <= CaptureFilter.mostMachines else {
      throw ValidationError("--mac can be given \(CaptureFilter.mostMachines) times at most")
    }
    guard port.count <= 64 else { throw ValidationError("--port can be given 64 times at most") }
    guard (64...262_144).contains(snaplen) else {
      throw ValidationError("--snaplen must be 64 to 262144")
    }
    if let seconds, !(1...31_536_000).contains(seconds) {
      throw ValidationError("--seconds must be 1 to 31536000")
    }
  }

  /// Something is said that only matters to who listens.
  var isTuned: Bool { !port.isEmpty || snaplen != 262_144 || isModest || seconds != nil }

  var machines: Set<MACAddress> { Set(mac.compactMap { MACAddress($0) }) }

  var filter: CaptureFilter {
    var filter = CaptureFilter()
    filter.machines = mac.compactMap { MACAddress($0) }
    filter.tcpPorts += port
    filter.snapLength = snaplen
    return filter
  }

  /// Those that were named, as the kernel has them.
  func interfaces() throws -> [NetworkInterface] {
    guard !interface.isEmpty else {
      throw ValidationError("name the interface to listen on: -i eth0")
    }
    let all = try NetworkInterface.all()
    return try interface.map { name in
      guard let found = all.first(where: { $0.name == name }) else {
        let known = all.map(\.name).joined(separator: ", ")
        throw ValidationError("there is no interface «\(name)»; this machine has \(known)")
      }
      return found
    }
  }
}
