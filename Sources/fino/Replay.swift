/// fino: `replay`, a capture's questions with the answers of today.

import Appliance
import ArgumentParser
import BootDoctor
import Dispatch
import Foundation
import Glibc
import PacketCapture
import Wire

struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask a capture's DHCP questions again and compare the answers.",
    discussion: """
      Answers as «fino serve» would with today's configuration and state, but offline: nothing is sent,
      and nothing is written. Exit code 1 says that an answer differs.
      """)

  @Argument(help: "A pcap or pcapng file, also of gzip; - is standard input.")
  var file: String

  @OptionGroup var options: SettingsOptions

  @Option(
    name: .long,
    help: "Whose answers are compared. Default: the server that answers without giving addresses.")
  var server: String?

  @Flag(
    name: .customLong("as-captured"),
    help: ArgumentHelp(
      "Boot what the captured answers name instead of what the configuration says, so that only the "
        + "way of telling it is compared."))
  var isAsCaptured = false

  @Flag(name: .long, help: "Show every message whole, also where nothing differs.")
  var full = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let server, IPv4Address(server) == nil {
      throw ValidationError("--server «\(server)» is not an IPv4 address")
    }
  }

  func run() async throws {
    var replayed = BootDoctor.Replay.Options()
    replayed.server = server.flatMap { IPv4Address($0) }
    var forecast: BootForecast?
    if !isAsCaptured {
      let today = try BootForecast(options.read(preflight: false))
      (replayed.plan, replayed.rules) = (today.plan, today.rules)
      if let interface = today.interface { replayed.interface = interface }
      forecast = today
    }
    let ends = forecast.map(Self.discardAtEnd) ?? []
    let result = Result { try replay(replayed) }
    for end in ends { end.cancel() }
    await forecast?.close()
    if try result.get() { throw ExitCode(1) }
  }

  /// A signal must not leave the copy of the state, in which passwords are.
  private static func discardAtEnd(_ forecast: BootForecast) -> [any DispatchSourceSignal] {
    let queue = DispatchQueue(label: "fino.replay.signals")
    return [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        forecast.discard()
        Glibc.exit(128 + number)
      }
      source.activate()
      return source
    }
  }

  /// True when an answer differs.
  private func replay(_ options: BootDoctor.Replay.Options) throws -> Bool {
    var reader = file == "-" ? CaptureReader(descriptor: 0) : try CaptureReader(path: file)
    let replay = try BootDoctor.Replay(&reader, options)
    let text = output.json ? try json(replay) : replay.text(isFull: full)
    _ = StandardStream.output.write(text + "\n")
    if reader.isTruncated { Fino.complain("fino: the capture is cut short; that was all of it.") }
    return replay.hasDifferences
  }

  private struct Report: Encodable {
    struct Step: Encodable {
      var packet: Int
      var question: String
      var compared: Bool
      var captured: String
      var today: String
      var differences: [String]
    }
    var same: Bool
    var server: String?
    var omitted: Int
    var steps: [Step]
  }

  private func json(_ replay: BootDoctor.Replay) throws -> String {
    let report = Report(
      same: !replay.hasDifferences, server: replay.server?.description, omitted: replay.omitted,
      steps: replay.steps.map {
        Report.Step(
          packet: $0.number, question: $0.question, compared: $0.isCompared, captured: $0.captured,
          today: $0.today,
          differences: $0.differences)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }
}
