/// Lab: the appliance under rehearsal: a real `fino` process on the laboratory's own host.

internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// Started, killed and started again with the same state, as a machine that loses power would.
package final class LabAppliance: Sendable {
  private let laboratory: Laboratory
  private let binary: String
  /// State, images, password and log lie here.
  package let directory: String
  private let process = Mutex<ChildProcess?>(nil)
  private let log = Mutex("")

  /// `binary` is the path of a `fino`; the password is what its BMCs know.
  package init(_ laboratory: Laboratory, binary: String, password: String) throws(LabError) {
    self.laboratory = laboratory
    self.binary = binary
    directory = "\(laboratory.directory)/appliance"
    try LabFile.makeDirectory("\(directory)/images")
    try LabFile.makeDirectory("\(directory)/tftp")
    try LabFile.write(password + "\n", to: passwordFile, mode: 0o600)
  }

  package var images: String { "\(directory)/images" }
  package var passwordFile: String { "\(directory)/ipmi-password" }

  /// Files that it serves over TFTP, once its configuration says so.
  package var tftpDirectory: String { "\(directory)/tftp" }

  /// What its configuration file says (YAML); settings of `start` come before it. Read at every start.
  package func configure(_ text: String) throws(LabError) {
    try LabFile.write(text, to: configurationFile, mode: 0o644)
  }

  private var configurationFile: String { "\(directory)/fino.yaml" }

  /// The URL of the appliance on the laboratory's network.
  package var url: String { "http://\(LabHost.fino.address.map(String.init(describing:)) ?? "")" }

  /// Everything that it has printed and logged, over all its lives.
  package var output: String {
    log.withLock { $0 } + (process.withLock { $0?.outputText } ?? "")
  }

  /// Returns once it says that it is ready.
  package func start(environment: [String: String] = [:]) async throws(LabError) {
    let isConfigured = FileManager.default.fileExists(atPath: configurationFile)
    let configuration = isConfigured ? ["--config", configurationFile] : []
    let child = try laboratory.start(
      [
        binary, "serve", "--interface", "eth0", "--state",
        "\(directory)/state", "--images", images,
      ] + configuration, on: .fino,
      environment: ["FINO_IPMI_PASSWORD_FILE": passwordFile].merging(environment) { $1 })
    process.withLock { $0 = child }
    let deadline = ContinuousClock.now + .seconds(20)
    while !child.outputText.contains("is ready") {
      guard child.isRunning, ContinuousClock.now < deadline,
        (try? await Task.sleep(for: .milliseconds(20))) != nil
      else { throw LabError("the appliance did not become ready: \(child.outputText)") }
    }
  }

  /// SIGKILL: no chance to write anything.
  package func kill() {
    end { $0.kill() }
  }

  /// SIGTERM, and what it ended with; nil when it had to be killed.
  package func terminate() async -> ChildProcess.Exit? {
    guard let child = process.withLock({ $0 }) else { return nil }
    child.signal(SIGTERM)
    let exit = await child.waitForExit(timeout: .seconds(15))
    end { $0.kill() }
    return exit
  }

  private func end(_ how: (ChildProcess) -> Void) {
    let child = process.withLock { process in
      defer { process = nil }
      return process
    }
    guard let child else { return }
    how(child)
    log.withLock { $0 += child.outputText }
  }
}
