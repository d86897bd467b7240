/// fino: the command line. Flags in, Appliance out, nothing else.

import Appliance
import ArgumentParser
import Foundation

struct Fino: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fino",
    abstract: "A PXE appliance: machines boot from it, and install when somebody asks.",
    discussion: """
      Exit codes: 0 done, 1 failed, 2 wrong usage.
      Settings: command line, then environment (FINO_…), then --config FILE, then defaults.
      """,
    version: "fino \(Appliance.version)",
    subcommands: [
      Serve.self, Reimage.self, Jobs.self, Boots.self, Power.self, BootDevice.self, BMC.self,
      Console.self, Hosts.self, Groups.self, Templates.self, Import.self, Export.self, Check.self,
      Doctor.self, Explain.self, Capture.self, Replay.self, Rehearse.self, Version.self,
    ])

  /// ArgumentParser's own code for wrong usage is 64; the convention of this tool is 2.
  static func main() async {
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      let code = exitCode(for: error)
      if code == .success {
        print(fullMessage(for: error))
        return
      }
      if code == .validationFailure { Self.fail(fullMessage(for: error), code: 2) }
      if let mistakes = error as? ConfigurationMistakes, mistakes.areAllOnTheCommandLine {
        Self.fail(mistakes.description, code: 2)
      }
      if !(error is ExitCode) { complain("fino: \(error)") }
      Foundation.exit(1)
    }
  }

  static func complain(_ text: String) {
    StandardStream.error.write(text + "\n")
  }

  private static func fail(_ text: String, code: Int32) -> Never {
    complain(text)
    Foundation.exit(code)
  }
}

/// An asynchronous `main` leaves the first thread by unwinding its stack, which looks through the tables
/// of the whole executable: some 20 ms of every command. This one waits instead; nothing here belongs
/// to the main thread.
@main
enum Program {
  static func main() {
    Task.detached {
      await Fino.main()
      Foundation.exit(0)
    }
    while true { pause() }
  }
}

struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Print the version.")

  @OptionGroup var output: OutputOptions

  func run() throws {
    print(output.json ? "{\"version\":\"\(Appliance.version)\"}" : "fino \(Appliance.version)")
  }
}

struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON for programs.")
  var json = false
}
