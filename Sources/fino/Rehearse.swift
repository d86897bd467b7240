/// fino: `rehearse`, the main job shown on a virtual machine in private network namespaces.

import Appliance
import ArgumentParser
import ControlAPI
import Foundation
import Lab
import UnixSignals
import Wire

struct Rehearse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a whole boot and a reimage on a virtual machine, away from your network.",
    discussion: """
      Builds a switch, a DHCP server, a BMC and a UEFI machine in network namespaces of its own, and
      runs this program as the appliance between them. Needs root and Debian packages, which it names
      when they are missing. Takes about a minute; Ctrl-C ends it and cleans up.
      """)

  func run() async throws {
    let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
    let interrupted = try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await Rehearsal.perform()
        return false
      }
      group.addTask {
        for await _ in signals { return true }
        return false
      }
      defer { group.cancelAll() }
      return try await group.next() ?? false
    }
    guard interrupted else { return }
    print("Interrupted; the laboratory is gone.")
    throw ExitCode(1)
  }
}

/// The play in three acts.
private struct Rehearsal {
  private static let bootTime = Duration.seconds(150)
  private static let location = "debian"

  let appliance: LabAppliance
  let machine: VirtualMachine
  let laboratory: Laboratory

  static func perform() async throws {
    say("Building the laboratory: a switch, a DHCP server without PXE, a BMC, a UEFI machine …")
    try Laboratory.cleanUpStale()
    let laboratory = try await Laboratory.start()
    defer { laboratory.stop() }
    guard let uuid = SystemUUID("00112233-4455-6677-8899-aabbccddeeff") else { return }
    let machine = try await laboratory.makeMachine(
      MachineSpecification(
        name: "demo", firmware: .uefi, mac: MACAddress(value: 0x5254_00f1_0001), uuid: uuid))
    let appliance = try LabAppliance(
      laboratory, binary: "/proc/\(getpid())/exe", password: machine.bmc?.password ?? "")
    say("Preparing an installer: Debian's kernel and an initrd that prints its command line …")
    try InstallerImage(cache: InstallerImage.defaultCache).write(
      location: location, under: appliance.images)
    try await appliance.start()
    let rehearsal = Rehearsal(appliance: appliance, machine: machine, laboratory: laboratory)
    let story = Task { await rehearsal.tellStory() }
    defer { story.cancel() }
    try await rehearsal.bootToDisk()
    try await rehearsal.reimage()
    // The last lines of the story are on their way.
    try await Task.sleep(for: .milliseconds(300))
    say("Done: it booted from its disk, installed once when asked, and booted from its disk again.")
  }

  private func bootToDisk() async throws {
    Self.act("1. The machine is switched on. Nobody asked for anything, so it goes to its disk.")
    try await machine.powerOn()
    try await disk(after: 0)
  }

  private func reimage() async throws {
    let mac = machine.specification.mac
    let bmc = machine.bmc?.address.description ?? ""
    Self.act("2. One HTTP request asks for a reimage:")
    let parameters = [
      "mac_address=\(mac)", "obm_address=\(bmc)", "location=\(Self.location)",
      "kernel_opts=console=ttyS0 fino.demo=hello",
    ].flatMap { ["--data-urlencode", $0] }
    let command = ["curl", "-sS", "-H", "Accept: application/json"]
    let quoted = parameters.map { $0.contains(" ") ? "'\($0)'" : $0 }
    Self.say("curl \(quoted.joined(separator: " ")) \(appliance.url)/reimage")
    let start = machine.console.end
    let (_, answer) = try await laboratory.run(
      command + parameters + ["\(appliance.url)/reimage"], on: .dhcp)
    guard let reply = try? JSONDecoder().decode(ReimageAnswer.self, from: Data(answer.utf8)) else {
      throw ServerProblem(description: "the reimage was refused: \(answer)")
    }
    Self.say("the BMC: \(reply.job.power.text ?? reply.job.power.state)")
    let line = try await machine.console.waitForLine(
      containing: InstallerImage.greeting, after: start, timeout: Self.bootTime)
    Self.console(line.text)
    Self.act("3. The installer rebooted the machine. The job is done, so it goes to its disk.")
    try await disk(after: line.end)
  }

  private func disk(after start: Int) async throws {
    let line = try await machine.console.waitForLine(
      containing: BootDisk.greeting, after: start, timeout: Self.bootTime)
    Self.console(line.text)
  }

  /// The appliance's log, line by line, as it grows.
  private func tellStory() async {
    var told = 0
    while !Task.isCancelled {
      let lines = appliance.output.split(separator: "\n")
      for line in lines.dropFirst(told) {
        if let text = line.split(separator: " info fino: ", maxSplits: 1).dropFirst().first {
          Self.say("fino     │ \(text)")
        }
      }
      told = max(told, lines.count)
      try? await Task.sleep(for: .milliseconds(100))
    }
  }

  // MARK: Output

  private static func act(_ text: String) { say("\n\(text)") }

  private static func console(_ text: String) { say("console  │ \(text)") }

  /// At once, also into a pipe.
  private static func say(_ text: String) {
    StandardStream.output.write(text + "\n")
  }
}
