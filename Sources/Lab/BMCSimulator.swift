/// Lab: a BMC that really switches its machine: ipmi_sim of Debian's openipmi.

internal import Glibc
internal import Synchronization
package import Wire

/// IPMI 2.0 on UDP 623, cipher suites 3 and older: ipmi_sim 2.0.33 has no SHA-256, so no suite 17.
package final class BMCSimulator: Sendable {
  package let address: IPv4Address
  package let username = "admin"
  /// All of them have it. At most 19 bytes: ipmi_sim's configuration takes no more.
  package static let password = "Lab-Passw0rd"
  package var password: String { Self.password }
  private let machine: String
  private let directory: String
  private let control: String
  private let namespace: String
  private let process = Mutex<ChildProcess?>(nil)

  init(
    machine: String, address: IPv4Address, directory: String, control: String, namespace: String
  ) {
    self.machine = machine
    self.address = address
    self.directory = directory
    self.control = control
    self.namespace = namespace
  }

  /// Starts it and waits until it listens. Its machine is not touched.
  package func start() async throws(LabError) {
    if process.withLock({ $0?.isRunning }) == true { return }
    let state = "\(directory)/bmc"
    try LabFile.makeDirectory(state)
    try LabFile.write(configuration, to: "\(directory)/bmc.conf")
    try LabFile.write(Self.emulation, to: "\(directory)/bmc.emu")
    let child = try ChildProcess.start(
      [
        "ip", "netns", "exec", namespace, "ipmi_sim", "-c", "\(directory)/bmc.conf", "-f",
        "\(directory)/bmc.emu", "-s", state, "-d", "-n",
      ], output: "\(directory)/bmc.log")
    process.withLock { $0 = child }
    try await ListeningPort(address: address, port: 623).wait(for: child)
  }

  /// Takes the BMC off the network; its port answers with ICMP "unreachable". The machine runs on.
  package func stop() {
    process.withLock { process in
      process?.kill()
      process = nil
    }
  }

  /// Makes the BMC silent: it takes requests and answers nothing.
  package func freeze() { process.withLock { $0?.signal(SIGSTOP) } }

  /// Ends the silence; requests that are still in its queue are answered late.
  package func thaw() { process.withLock { $0?.signal(SIGCONT) } }

  private var configuration: String {
    """
    name "\(machine)"
    set_working_mc 0x20
      startlan 1
        addr \(address) 623
        priv_limit admin
        allowed_auths_callback none md2 md5 straight
        allowed_auths_user none md2 md5 straight
        allowed_auths_operator none md2 md5 straight
        allowed_auths_admin none md2 md5 straight
        guid a123456789abcdefa123456789abcdef
      endlan
      chassis_control "\(control)"
      user 2 true "\(username)" "\(password)" admin 10 none md2 md5 straight

    """
  }

  /// One management controller with chassis commands and an event log.
  private static let emulation = """
    mc_setbmc 0x20
    mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
    sel_enable 0x20 1000 0x0a
    mc_enable 0x20

    """
}
