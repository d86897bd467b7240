/// fino: `import` and `export` of a Bergenholm installation's files.

import Appliance
import ArgumentParser
import Inventory

struct StateOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The state directory of the appliance.", valueName: "dir"))
  var state: String?

  @Option(name: .long, help: "The configuration file.")
  var config: String?

  func open() throws -> Inventory {
    let given = state.map { ["state": [$0]] } ?? [:]
    return try Inventory.open(
      state: try SettingsReader(commandLine: given, file: config).read().state)
  }
}

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take over the records of another system: all of them, or nothing.",
    subcommands: [ImportBergenholm.self])
}

struct ImportBergenholm: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bergenholm",
    abstract: "Read a folder with hosts/, groups/ and templates/.",
    discussion: "A running appliance with the same state sees the records within two seconds.")

  @Argument(help: "The folder.")
  var folder: String

  @Flag(help: "Replace records that are there with other contents.")
  var replace = false

  @OptionGroup var options: StateOptions

  func run() async throws {
    let inventory = try options.open()
    let report = try await inventory.catalogue.importRecords(
      BergenholmFiles(reading: folder), replacing: replace)
    await inventory.close()
    if report.isDone { return print(report) }
    Fino.complain(report.description)
    throw ExitCode(1)
  }
}

struct Export: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write all hosts, groups and templates as files, as Bergenholm has them.")

  @Argument(help: "The folder; it is made where it is missing.")
  var folder: String

  @OptionGroup var options: StateOptions

  func run() async throws {
    let inventory = try options.open()
    let count = try inventory.catalogue.snapshot.export(to: folder)
    await inventory.close()
    print("wrote \(count) records to \(folder)")
  }
}
