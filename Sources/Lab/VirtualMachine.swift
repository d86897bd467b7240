/// Lab: a machine with real firmware, owned by its BMC.

internal import FoundationEssentials
internal import Synchronization
internal import Wire

package final class VirtualMachine: Sendable {
  package let specification: MachineSpecification
  /// Its files: disk, variables of the firmware, console, logs.
  package let directory: String
  package let console: SerialConsole
  /// The program that switches it; the BMC calls the same one.
  let control: String
  /// The socket of the switch that its network card is plugged into.
  let tap: String
  private let switchNamespace: String
  private let owner = Mutex<BMCSimulator?>(nil)

  init(
    _ specification: MachineSpecification, number: Int, laboratory: LabName, _ layout: LabLayout
  ) throws(LabError) {
    guard (1...8).contains(specification.name.utf8.count),
      specification.name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else {
      throw LabError(
        "\"\(specification.name)\" names no machine: one to eight ASCII letters and digits")
    }
    self.specification = specification
    directory = "\(laboratory.directory)/\(specification.name)"
    console = SerialConsole(file: "\(directory)/console")
    control = "\(directory)/control"
    tap = "tap-\(specification.name)"
    switchNamespace = laboratory.namespace(.networkSwitch)

    try LabFile.makeDirectory(directory)
    try LabNetwork(name: laboratory, layout: layout).addTap(tap, on: specification.segment)
    try writeDisk()
    let script = ChassisScript(
      directory: directory,
      command: ["ip", "netns", "exec", switchNamespace] + emulator)
    try LabFile.write(script.text, to: control, mode: 0o700)
    try ShortCommand.run(["mkfifo", "\(directory)/monitor.in", "\(directory)/monitor.out"])
  }

  func attach(_ bmc: BMCSimulator) {
    owner.withLock { $0 = bmc }
  }

  /// Its BMC; nil only while the machine is being made.
  package var bmc: BMCSimulator? { owner.withLock { $0 } }

  /// Switches it on past the BMC, as the button on the case does.
  package func powerOn() async throws(LabError) {
    try ShortCommand.run([control, "set", "power", "1"])
    // A QEMU that does not like its arguments says so at once.
    try? await Task.sleep(for: .milliseconds(300))
    guard try isOn() else {
      let log = (try? LabFile.read("\(directory)/qemu.log")) ?? []
      throw LabError(
        "\(specification.name) did not start: \(String(decoding: log.suffix(400), as: UTF8.self))")
    }
  }

  /// Pulls the plug, past the BMC.
  package func kill() throws(LabError) {
    try ShortCommand.run([control, "set", "power", "0"])
  }

  package func isOn() throws(LabError) -> Bool {
    try ShortCommand.run([control, "get", "power"]).contains("power:1")
  }

  /// The number of the emulator's process; another one after every power cycle.
  package func processID() throws(LabError) -> Int32? {
    guard try isOn() else { return nil }
    let text = String(decoding: try LabFile.read("\(directory)/pid"), as: UTF8.self)
    return Int32(text.split(separator: "\n").first ?? "")
  }

  /// How many bytes the switch has given to the machine's network card, over all its power cycles.
  package func bytesReceived() throws(LabError) -> Int {
    struct Link: Decodable {
      struct Statistics: Decodable {
        struct Counter: Decodable { var bytes: Int }
        var tx: Counter
      }
      var stats64: Statistics
    }
    let text = try ShortCommand.run([
      "ip", "-n", switchNamespace, "-json", "-statistics", "link", "show", "dev", tap,
    ])
    guard let links = try? JSONDecoder().decode([Link].self, from: Data(text.utf8)),
      let link = links.first
    else { throw LabError("cannot read the counters of \(tap): \(text)") }
    return link.stats64.tx.bytes
  }

  /// Waits until the card has received `bytes` more than `start`.
  package func waitForBytes(
    _ bytes: Int, after start: Int, timeout: Duration
  ) async throws(LabError) {
    let deadline = ContinuousClock.now + timeout
    while try bytesReceived() < start + bytes {
      guard ContinuousClock.now < deadline, (try? await Task.sleep(for: .milliseconds(20))) != nil
      else {
        throw LabError("\(specification.name) did not receive \(bytes) bytes within \(timeout)")
      }
    }
  }
}
