/// FinoBench: `http`: the command, and its options.

import ArgumentParser
import Foundation
import Lab

struct HTTPDelivery: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "http",
    abstract: "Images, ranges, scripts, mirrors and hostile clients: Fino beside nginx and Flask.",
    discussion: """
      Needs root, two processors, iproute2, util-linux and nginx; for the scripts also FINO_PYTHON, a \
      Python that has Flask and gunicorn.
      """)

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions
  @OptionGroup var http: HTTPOptions

  func run() throws {
    try measure.finish(
      try HTTPRun(measure: measure, appliance: appliance, http: http).reports())
  }
}

struct HTTPOptions: ParsableArguments {
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case files, ranges, memory, scripts, mirror, hostile
  }

  @Option(help: ArgumentHelp("Only these parts; may be repeated."))
  var part: [Part] = []

  @Option(help: ArgumentHelp("Size of the large file.", valueName: "MiB"))
  var fileSize = 1024

  @Flag(
    help: """
      The servers have all processors, which they share with the clients; else the first one is \
      theirs, and the second one the clients'.
      """)
  var spread = false

  func has(_ part: Part) -> Bool { self.part.isEmpty || self.part.contains(part) }

  func validate() throws {
    guard (16...16_384).contains(fileSize) else {
      throw ValidationError("--file-size: 16 to 16384")
    }
  }
}
