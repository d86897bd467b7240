/// LabTests: the appliance's own verdict, and that of `fino explain` on the packets that it kept.

import Foundation
import Lab
import Testing
import Wire

extension BootTests {
  private struct Document: Decodable {
    struct Machine: Decodable { var boots: [Boot] }
    struct Boot: Decodable { var verdicts: [Finding] }
    struct Finding: Decodable {
      var code: String
      var severity: String
    }
    var machines: [Machine]
  }

  @Test func aKernelThatIsGoneIsNamedByTheStoryAndByExplain() async throws {
    let site = try await RehearsalLab.shared.site()
    let machine = site.bios
    let folder = "\(site.appliance.images)/broken"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for file in ["vmlinuz", "initrd.img"] {
      try Data(repeating: 1, count: 1000).write(to: URL(filePath: "\(folder)/\(file)"))
    }
    let answer = try await site.reimage(machine, location: "broken", options: "quiet")
    #expect(answer.status == 202, "\(answer.body)")
    try FileManager.default.removeItem(atPath: "\(folder)/vmlinuz")

    let (boot, code) = try await verdict(of: machine, site)
    #expect(code == "http-not-found")
    let told = try await site.curl("/boots/\(boot)/explanation")
    #expect(told.status == 200 && told.body.contains("404"), "\(told.body)")

    let file = "\(site.laboratory.directory)/boot.pcapng"
    let fetched = try await site.curl("/boots/\(boot)/capture.pcapng", ["-o", file])
    #expect(fetched.status == 200)
    let check = try await site.laboratory.run(
      ["tshark", "-r", file, "-Y", "frame.comment"], on: .dhcp, timeout: .seconds(60))
    #expect(check.exit == .status(0) && check.output.contains("DHCP"), "\(check.output)")
    let explained = try await site.laboratory.run(
      [
        RehearsalLab.binary, "explain", "--json", "--mac", "\(machine.specification.mac)", file,
      ], on: .dhcp, timeout: .seconds(60))
    #expect(explained.exit == .status(1), "a failure is exit code 1: \(explained.output)")
    let document = try JSONDecoder().decode(Document.self, from: Data(explained.output.utf8))
    let codes = document.machines.flatMap(\.boots).flatMap(\.verdicts)
      .filter { $0.severity == "failure" }.map(\.code)
    #expect(codes.contains(code))

    try machine.kill()
    let jobs = try await site.jobStates()
    for (id, state) in jobs where !["installed", "cancelled", "expired"].contains(state) {
      _ = try await site.curl("/jobs/\(id)", ["-X", "DELETE"])
    }
  }

  /// The number of the boot and the code, once the machine has been silent for a while.
  private func verdict(
    of machine: VirtualMachine, _ site: RehearsalLab.Site
  ) async throws -> (boot: Int, code: String) {
    let path = "/boots?mac=\(machine.specification.mac.plain)&limit=3"
    for _ in 0..<90 {
      let boots = try await site.curl(path).json["boots"] as? [[String: Any]] ?? []
      for boot in boots {
        let events = boot["events"] as? [[String: Any]] ?? []
        guard let event = events.last(where: { $0["kind"] as? String == "verdict" }),
          let id = boot["id"] as? Int,
          let code = (event["details"] as? [String: String])?["code"]
        else { continue }
        return (id, code)
      }
      try await Task.sleep(for: .seconds(2))
    }
    throw LabError("no verdict: \(try await site.curl(path).body)")
  }
}
