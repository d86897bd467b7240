/// fino: `serve` and `check`, and the settings that they share.

import Appliance
import ArgumentParser
import Foundation
import Logging

struct SettingsOptions: ParsableArguments {
  @Option(
    name: .long, help: "The configuration file (YAML). Default: /etc/fino/fino.yaml if it is there."
  )
  var config: String?

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp(
      "A network interface to serve; may be repeated. Default: all that are up with IPv4.",
      valueName: "if"))
  var interface: [String] = []

  @Option(name: .long, help: ArgumentHelp("Where jobs and boots are kept.", valueName: "dir"))
  var state: String?

  @Option(
    name: .long,
    help: ArgumentHelp("Where LOCATION/vmlinuz and LOCATION/initrd.img lie.", valueName: "dir"))
  var images: String?

  @Option(name: .customLong("http-port"), help: ArgumentHelp("The HTTP port.", valueName: "n"))
  var httpPort: String?

  /// Checked against this machine too, unless nothing is to run here.
  func read(preflight: Bool = true) throws(ConfigurationMistakes) -> Settings {
    var given: [String: [String]] = [:]
    if !interface.isEmpty { given["interfaces"] = interface }
    if let state { given["state"] = [state] }
    if let images { given["images"] = [images] }
    if let httpPort { given["http.port"] = [httpPort] }
    return try SettingsReader(commandLine: given, file: config).read(preflight: preflight)
  }
}

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the appliance.",
    discussion: """
      Answers ProxyDHCP (67, 4011), TFTP (69) and HTTP (80) next to a DHCP server that somebody else
      runs. SIGTERM and SIGINT stop it; transfers in flight get 5 seconds.
      """)

  @OptionGroup var options: SettingsOptions

  func run() async throws {
    let settings = try options.read()
    let log = LogRing()
    let logger = Logger(label: "fino") { LineLogHandler(label: $0, ring: log) }
    try await Appliance(settings, logger: logger, log: log).run { notice in
      // Standard output may be a pipe; who waits for the line must get it now.
      StandardStream.output.write("\(notice)\n")
    }
  }
}

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say everything that is wrong with the configuration, without starting anything.")

  @OptionGroup var options: SettingsOptions
  @OptionGroup var output: OutputOptions

  private struct Report: Encodable {
    struct Mistake: Encodable {
      var place: String
      var problem: String
    }
    var ok: Bool
    var mistakes: [Mistake]
    var settings: [String: String]
  }

  func run() throws {
    do {
      let settings = try options.read()
      if output.json {
        try JSONLine.print(
          Report(
            ok: true, mistakes: [],
            settings: Dictionary(settings.summary.map { ($0.name, $0.value) }) { $1 }))
      } else {
        for setting in settings.summary { print("\(setting.name): \(setting.value)") }
        print("The configuration is good.")
      }
    } catch let mistakes as ConfigurationMistakes {
      if output.json {
        try JSONLine.print(
          Report(
            ok: false, mistakes: mistakes.list.map { .init(place: $0.place, problem: $0.problem) },
            settings: [:]))
      } else {
        Fino.complain(mistakes.description)
      }
      throw ExitCode(1)
    }
  }
}

enum JSONLine {
  static func print(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Swift.print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
