/// fino: `explain`, why a machine did not boot.

import Appliance
import ArgumentParser
import BootDoctor
import Foundation
import PacketCapture
import Wire

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Tell why machines did not boot, out of a capture; or what a code on the screen means.",
    discussion: """
      Reads pcap and pcapng files of any PXE server, also compressed by gzip. With -i it listens (root or
      CAP_NET_RAW): steps are told as they happen, a verdict once a machine has begun anew or was silent
      for 40 seconds, and Ctrl-C ends it with the whole report. Exit code 1 when a failure was found.
      """)

  @Argument(help: "Captures, «-» for standard input, or codes such as PXE-E53 and 2d0c618e.")
  var sources: [String] = []

  @Option(name: .long, help: "Write a report with a picture into this file, to attach to a ticket.")
  var html: String?

  @OptionGroup var listening: ListeningOptions

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard sources.isEmpty != listening.interface.isEmpty else {
      throw ValidationError("name a capture or a code, or an interface to listen on (-i eth0)")
    }
    guard !listening.isTuned || sources.isEmpty else {
      throw ValidationError("--port, --snaplen, --seconds and --no-promiscuous are for -i")
    }
    if html != nil, sources.count > 1 { throw ValidationError("--html takes one capture") }
  }

  func run() async throws {
    var hasFailures = sources.isEmpty ? try await explainLive() : false
    for source in sources {
      if source != "-", !FileManager.default.fileExists(atPath: source), ScreenCode.isCode(source) {
        try explain(code: source)
      } else if try explain(capture: source) {
        hasFailures = true
      }
    }
    if hasFailures { throw ExitCode(1) }
  }

  private func explain(code: String) throws {
    let meanings = ScreenCode.meanings(of: code)
    guard !meanings.isEmpty else {
      throw CaptureError("«\(code)» looks like a code, but is not one that is known here")
    }
    if output.json { return try JSONLine.print(meanings.map(CodeDocument.init)) }
    print(meanings.map(\.explanation).joined(separator: "\n\n"))
  }

  /// True when a failure was found.
  private func explain(capture path: String) throws -> Bool {
    var reader =
      path == "-" ? CaptureReader(descriptor: STDIN_FILENO) : try CaptureReader(path: path)
    var explainer = Explainer()
    try explainer.read(&reader)
    let title = path == "-" ? "standard input" : URL(filePath: path).lastPathComponent
    return try show(Explanation(explainer.finish(), title: title, only: listening.machines))
  }

  /// The same of what is heard now.
  private func explainLive() async throws -> Bool {
    let ears = try await Listening(listening)
    let story = CaptureStory()
    // A program gets the report alone.
    let stream = output.json ? StandardStream.error : StandardStream.output
    let result = try await ears.run(story: story, on: stream)
    if !output.json { stream.write("\n") }
    return try show(
      story.explanation(
        title: ears.names, only: listening.machines, lost: result.lost, at: Listening.now))
  }

  private func show(_ explanation: Explanation) throws -> Bool {
    if let html {
      try Data(explanation.html.utf8).write(to: URL(filePath: html))
    }
    let text =
      output.json
      ? String(decoding: try ExplanationDocument(explanation).encoded, as: UTF8.self) + "\n"
      : explanation.text
    StandardStream.output.write(text)
    return explanation.hasFailures
  }
}

/// A code's meaning, for programs.
private struct CodeDocument: Encodable {
  var code: String
  var program: String
  var text: String
  var cause: String
  var remedy: String
  var verdicts: [String]

  init(_ meaning: ScreenCode) {
    code = meaning.code
    program = meaning.program.rawValue
    text = meaning.text
    cause = meaning.cause
    remedy = meaning.remedy
    verdicts = meaning.verdicts.map(\.rawValue)
  }
}
