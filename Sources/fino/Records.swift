/// fino: `hosts`, `groups` and `templates`, for daily use.

import Appliance
import ArgumentParser
import Foundation
import NIOHTTP1
import Wire

/// One of Bergenholm's three kinds of records, as a word of the command line.
protocol RecordNoun {
  static var plural: String { get }
  static var abstract: String { get }
}

enum HostNoun: RecordNoun {
  static let plural = "hosts"
  static let abstract = "Machines and their parameters."
}

enum GroupNoun: RecordNoun {
  static let plural = "groups"
  static let abstract = "Parameters that hosts inherit."
}

enum TemplateNoun: RecordNoun {
  static let plural = "templates"
  static let abstract = "Scripts, kickstart files and the like, rendered for a host."
}

extension RecordNoun {
  static func path(_ name: String) -> String { "/api/1.0/\(plural)/\(URLPath.encoded(name))" }
}

struct Hosts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: HostNoun.abstract,
    subcommands: [
      ListHosts.self, ShowHost.self, SetRecord<HostNoun>.self, DeleteRecord<HostNoun>.self,
      RenderHost.self,
    ])
}

struct Groups: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: GroupNoun.abstract,
    subcommands: [
      ListRecords<GroupNoun>.self, ShowGroup.self, SetRecord<GroupNoun>.self,
      DeleteRecord<GroupNoun>.self,
    ])
}

struct Templates: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: TemplateNoun.abstract,
    subcommands: [
      ListRecords<TemplateNoun>.self, ShowTemplate.self, SetRecord<TemplateNoun>.self,
      DeleteRecord<TemplateNoun>.self, RenderTemplate.self,
    ])
}

// MARK: List

struct ListRecords<Noun: RecordNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "list", abstract: "List the names.")
  }

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await server.client().list(Noun.plural, query: "", json: output.json)
  }
}

struct ListHosts: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the ids, all or those with certain parameters.")

  @Option(
    name: [.long, .short],
    help: ArgumentHelp(
      "Only hosts whose own parameter is this; may be repeated.", valueName: "key=value"))
  var query: [String] = []

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let pairs = try query.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else {
        throw ValidationError("--query «\(text)» must be key=value")
      }
      return parts.map { URLPath.encoded($0) }.joined(separator: "=")
    }
    let question = pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&")
    try await server.client().list(HostNoun.plural, query: question, json: output.json)
  }
}

// MARK: Show

struct ShowHost: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a host, as JSON.")

  @Argument(help: "Its id, its UUID, or one of its MAC addresses.")
  var name: String

  @Flag(help: "With everything that it inherits, expanded.")
  var all = false

  @Flag(help: "For each parameter, who set it, what it overrode, and its template.")
  var explain = false

  @OptionGroup var server: ServerOptions

  func run() async throws {
    let view = explain ? "?params=explain" : all ? "?params=all" : ""
    try await server.client().show(HostNoun.path(name) + view)
  }
}

struct ShowGroup: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a group, as JSON.")

  @Argument var name: String

  @Flag(help: "With everything that it inherits.")
  var all = false

  @OptionGroup var server: ServerOptions

  func run() async throws {
    try await server.client().show(GroupNoun.path(name) + (all ? "?params=all" : ""))
  }
}

struct ShowTemplate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a template as it is stored.")

  @Argument var name: String
  @OptionGroup var server: ServerOptions

  func run() async throws {
    try await server.client().show(TemplateNoun.path(name))
  }
}

// MARK: Render

struct RenderHost: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Show the boot script that a host would get.")

  @Argument(help: "Its id.")
  var name: String

  @OptionGroup var server: ServerOptions

  func run() async throws {
    try await server.client().show("/ipxe/script/\(URLPath.encoded(name))")
  }
}

struct RenderTemplate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Show a template rendered for a host.")

  @Argument var name: String
  @Argument(help: "The host's id.") var host: String
  @OptionGroup var server: ServerOptions

  func run() async throws {
    try await server.client().show(TemplateNoun.path(name) + "/" + URLPath.encoded(host))
  }
}

// MARK: Change

struct SetRecord<Noun: RecordNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "set", abstract: "Make a record, or replace it whole, from a file.")
  }

  @Argument var name: String
  @Argument(help: "The file; - is standard input.") var file: String
  @OptionGroup var server: ServerOptions

  func run() async throws {
    let data =
      file == "-"
      ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
    guard let data else { throw ServerProblem(description: "the file \(file) cannot be read") }
    let client = try server.client()
    var reply = try await client.send(.PUT, Noun.path(name), body: data)
    if reply.status == .notFound {
      reply = try await client.send(.POST, Noun.path(name), body: data)
    }
    guard (200..<300).contains(reply.status.code) else { throw reply.problem }
    print(reply.status == .created ? "made \(name)" : "replaced \(name)")
  }
}

struct DeleteRecord<Noun: RecordNoun>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "delete", abstract: "Delete a record.")
  }

  @Argument var name: String
  @OptionGroup var server: ServerOptions

  func run() async throws {
    let reply = try await server.client().send(.DELETE, Noun.path(name))
    guard reply.status == .noContent else { throw reply.problem }
    print("deleted \(name)")
  }
}

extension ServerClient {
  fileprivate func list(_ plural: String, query: String, json: Bool) async throws {
    let reply = try await send(.GET, "/api/1.0/\(plural)/\(query)")
    guard reply.status == .ok else { throw reply.problem }
    if json { return print(reply.text, terminator: "") }
    for name in try reply.decoded([String: [String]].self)[plural] ?? [] { print(name) }
  }

  fileprivate func show(_ path: String) async throws {
    let reply = try await send(.GET, path)
    guard reply.status == .ok else { throw reply.problem }
    StandardStream.output.write(reply.text)
  }
}
