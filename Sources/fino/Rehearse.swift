/// fino: `rehearse`, the main job shown on a virtual machine in private network namespaces.

import ArgumentParser

struct Rehearse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a whole boot and a reimage on a virtual machine, away from your network.")

  func run() async throws {
    throw CleanExit.message("not yet")
  }
}
