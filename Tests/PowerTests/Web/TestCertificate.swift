/// PowerTests: a certificate of its own, as BMCs have.

import Foundation

/// Self-signed, with its key, in one file.
final class TestCertificate: Sendable {
  static let program = "/usr/bin/openssl"
  static var isPossible: Bool { FileManager.default.isExecutableFile(atPath: program) }

  let file: String
  /// As openssl prints it.
  let fingerprint: String

  init() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "fino-\(UUID()).pem").path
    self.file = file
    _ = try Self.run([
      "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=bmc",
      "-keyout", file + ".key", "-out", file + ".crt",
    ])
    let parts = try ["key", "crt"].map { try Data(contentsOf: URL(filePath: "\(file).\($0)")) }
    try (parts[0] + parts[1]).write(to: URL(filePath: file))
    fingerprint = try Self.run([
      "x509", "-in", file + ".crt", "-noout", "-fingerprint", "-sha256",
    ]).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit {
    for name in ["", ".key", ".crt"] { try? FileManager.default.removeItem(atPath: file + name) }
  }

  private static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
