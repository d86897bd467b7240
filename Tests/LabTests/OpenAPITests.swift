/// LabTests: the OpenAPI document against the appliance that serves it, by schemathesis.

import Foundation
import Lab
import Testing

@Suite struct OpenAPITests {
  private static let port = 8090
  private static let url = "http://127.0.0.1:\(port)"

  /// FINO_SCHEMATHESIS, or the one beside FINO_PYTHON, or the one in PATH.
  private static var schemathesis: String {
    let environment = ProcessInfo.processInfo.environment
    if let program = environment["FINO_SCHEMATHESIS"] { return program }
    guard let python = environment["FINO_PYTHON"], python.contains("/") else {
      return "schemathesis"
    }
    return URL(filePath: python).deletingLastPathComponent().appending(path: "schemathesis").path
  }

  /// Some answers depend on what is stored, which a document can't say: a name that is taken, a
  /// host without power driver, a location without files, a record whose group is not there. So
  /// 400 and 422 are right there for requests that the document allows. `?installed=` is answered
  /// with an empty body, as Bergenholm's clients have it. A job that was cancelled stays.
  private static let configuration = """
    [[operations]]
    include-operation-id = ["readHost"]
    checks.content_type_conformance.enabled = false
    checks.response_schema_conformance.enabled = false

    [[operations]]
    include-operation-id = [
      "createHost", "createGroup", "createTemplate", "register", "reimage", "reimageByQuery",
      "readHost", "readGroup", "readPower", "readPowerStatus", "setPower", "getScript",
      "headScript", "renderTemplate",
    ]
    checks.positive_data_acceptance.enabled = false

    [[operations]]
    include-operation-id = ["readJob", "cancelJob"]
    checks.use_after_free.enabled = false
    """

  @Test func theApplianceAnswersAsItsDocumentSays() async throws {
    let directory = NSTemporaryDirectory() + "fino-openapi-\(UUID())"
    let images = directory + "/images/debian"
    try FileManager.default.createDirectory(atPath: images, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for name in ["vmlinuz", "initrd.img"] {
      try name.write(toFile: "\(images)/\(name)", atomically: true, encoding: .utf8)
    }
    let settings = directory + "/schemathesis.toml"
    try Self.configuration.write(toFile: settings, atomically: true, encoding: .utf8)

    let appliance = try await start(in: directory)
    defer { appliance.kill() }
    // A new machine is in this group.
    let group = try inside(
      appliance,
      [
        "curl", "-sS", "--fail", "--max-time", "10", "-d", #"{"power_driver": "dummy"}"#,
        Self.url + "/api/1.0/groups/default",
      ], output: directory + "/curl")
    #expect(await group.waitForExit(timeout: .seconds(15)) == .status(0), "\(group.outputText)")

    let run = try inside(
      appliance,
      [
        // It leaves files where it runs.
        "env", "--chdir=\(directory)", Self.schemathesis, "--config-file", settings, "run",
        Self.url + "/openapi.yaml",
        "--max-examples", "10", "--seed", "1", "--warnings", "off", "--no-color",
        "-H", "Accept: application/json",
      ], output: directory + "/report")
    defer { run.kill() }
    let exit = await run.waitForExit(timeout: .seconds(120))
    #expect(exit == .status(0), "\(run.outputText)")
    #expect(appliance.isRunning, "\(appliance.outputText)")
  }

  /// In a network of its own, where nothing but itself can be reached. `exec`, so that the process is
  /// the appliance itself.
  private func start(in directory: String) async throws -> ChildProcess {
    let child = try ChildProcess.start(
      [
        "unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh",
        RehearsalLab.binary, "serve", "--interface", "lo", "--http-port", "\(Self.port)",
        "--state", directory + "/state", "--images", directory + "/images",
      ], environment: ["FINO_POWER_DRIVER": "log", "FINO_UNKNOWN": "register"],
      output: directory + "/log")
    let deadline = ContinuousClock.now + .seconds(20)
    while !child.outputText.contains("is ready") {
      guard child.isRunning, ContinuousClock.now < deadline else {
        child.kill()
        throw LabError("the appliance did not become ready: \(child.outputText)")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
    return child
  }

  private func inside(
    _ appliance: ChildProcess, _ command: [String], output: String
  ) throws -> ChildProcess {
    try ChildProcess.start(
      ["nsenter", "--target", "\(appliance.processID)", "--net"] + command, output: output)
  }
}
