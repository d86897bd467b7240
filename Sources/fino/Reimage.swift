/// fino: `reimage` and `jobs`.

import ArgumentParser
import ControlAPI
import NIOHTTP1
import Wire

struct Reimage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Install a machine: store the job, and power-cycle the machine over its BMC.")

  @Argument(help: "The MAC address of the NIC that it boots from.")
  var mac: String

  @Option(name: .long, help: "The address of its BMC (out-of-band management).")
  var obm: String

  @Option(name: .long, help: "The folder below the images directory to install from.")
  var location: String

  @Option(
    name: .customLong("kernel-opts"),
    help: ArgumentHelp("The kernel's command line.", valueName: "str"))
  var kernelOptions = ""

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard MACAddress(mac) != nil else {
      throw ValidationError("«\(mac)» is not a MAC address (12 hexadecimal digits)")
    }
  }

  func run() async throws {
    let reply = try await server.client().send(
      .POST, "/reimage",
      json: [
        "mac_address": mac, "obm_address": obm, "location": location, "kernel_opts": kernelOptions,
      ])
    guard reply.status == .accepted || reply.status == .badGateway,
      let answer = try? reply.decoded(ReimageAnswer.self)
    else { throw reply.problem }
    if output.json {
      try JSONLine.print(answer)
    } else {
      print("job \(answer.job.id): \(answer.job.mac) installs from \(answer.job.location)")
      if let text = answer.job.power.text, answer.error == nil { print(text) }
    }
    if let error = answer.error {
      throw ServerProblem(description: "the job is kept, but the power command failed: \(error)")
    }
  }
}

struct Jobs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the reimage jobs that wait or run.", discussion: "Latest first.")

  @Flag(help: "Also those that have ended.")
  var all = false

  @Option(name: .long, help: ArgumentHelp("Cancel this job instead.", valueName: "id"))
  var cancel: Int?

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let client = try server.client()
    if let cancel {
      let reply = try await client.send(.DELETE, "/jobs/\(cancel)")
      guard reply.status == .ok else { throw reply.problem }
      let job = try reply.decoded(JobRepresentation.self)
      if output.json { try JSONLine.print(job) } else { print("job \(job.id) is cancelled") }
      return
    }
    let reply = try await client.send(.GET, all ? "/jobs?all=1" : "/jobs")
    guard reply.status == .ok else { throw reply.problem }
    let list = try reply.decoded(JobList.self)
    if output.json { return try JSONLine.print(list) }
    if list.jobs.isEmpty { return print("No machine waits to be installed.") }
    for job in list.jobs {
      let power = job.power.text.map { " (\($0))" } ?? ""
      print("\(job.id)  \(job.mac)  \(job.state)  \(job.location)  \(job.createdAt)\(power)")
    }
  }
}
