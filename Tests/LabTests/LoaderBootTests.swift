/// LabTests: boot programs of an operator's own, for firmware that has none from the appliance.

import Foundation
import Lab
import Testing

@Suite(.serialized) struct LoaderBootTests {
  /// PXE: the file comes by TFTP out of the operator's directory.
  @Test(arguments: [(OpenFirmware.ia32, "ia32"), (.aarch64, "arm64")])
  func aConfiguredLoaderIsServedOverTFTP(
    _ firmware: OpenFirmware, architecture: String
  ) async throws {
    let lab = try await build(firmware, .pxe4, architecture)
    defer { lab.laboratory.stop() }
    try await expectLoaderAndDisk(lab)
    #expect(try !lab.datagrams(to: 69).isEmpty)
  }

  /// HTTP Boot: the same file, without TFTP.
  @Test(arguments: [(OpenFirmware.ia32, "ia32"), (.aarch64, "arm64")])
  func aConfiguredLoaderIsServedOverHTTP(
    _ firmware: OpenFirmware, architecture: String
  ) async throws {
    let lab = try await build(firmware, .http4, architecture)
    defer { lab.laboratory.stop() }
    try await expectLoaderAndDisk(lab)
    #expect(try lab.datagrams(to: 69).isEmpty)
  }

  private func build(
    _ firmware: OpenFirmware, _ boot: MachineSpecification.NetworkBoot, _ architecture: String
  ) async throws -> FirmwareSite {
    try await FirmwareSite.build(.open(firmware, boot: [boot])) { _, appliance in
      try NetworkLoader(firmware).write(to: "\(appliance.tftpDirectory)/lab.efi")
      try appliance.configure(
        """
        tftp:
          directory: \(appliance.tftpDirectory)
        loaders:
          \(architecture): lab.efi

        """)
    }
  }

  private func expectLoaderAndDisk(_ lab: FirmwareSite) async throws {
    try await lab.bootToDisk()
    let lines = lab.machine.console.lines().map(\.text)
    #expect(lines.contains { $0.contains(NetworkLoader.greeting) }, "\(lines.suffix(10))")
  }
}
