/// ControlAPI: the pages of Sherry.

import Wire

enum Pages {
  /// `/`: the jobs that wait, the latest boots, the running configuration (without secrets).
  static func front(
    jobs: [JobRepresentation], boots: [BootRepresentation],
    configuration: [(name: String, value: String)]
  ) -> Page {
    let jobRows = jobs.map { job in
      [
        String(job.id), job.mac, job.location, job.obm, job.state,
        job.power.text ?? job.power.state,
      ]
    }
    let bootRows = boots.map { boot in
      [boot.startedAt, boot.mac ?? boot.address ?? "", boot.events.last?.text ?? ""]
    }
    return Page(
      title: "Machines to install",
      body: """
        \(jobs.isEmpty ? "<p>No machine waits to be installed; all go to their disks.</p>"
          : HTML.table(["Job", "Machine", "Location", "BMC", "State", "Power"], jobRows))
        <h2>Latest boots</h2>
        \(boots.isEmpty ? "<p>No machine has booted yet.</p>"
          : HTML.table(["Since", "Machine", "Last step"], bootRows))
        <h2>Configuration</h2>
        \(HTML.table(["Setting", "Value"], configuration.map { [$0.name, $0.value] }))
        """)
  }

  /// `/reimage` without a parameter.
  static func form(locations: [String]) -> Page {
    let options = locations.map { "<option value=\"\(HTMLText.escaped($0))\">" }.joined()
    return Page(
      title: "Reimage a machine",
      body: """
        <form method="post" action="/reimage">
        <label>MAC address <input name="mac_address" required></label>
        <label>BMC address <input name="obm_address" required></label>
        <label>Location <input name="location" list="locations" required></label>
        <datalist id="locations">\(options)</datalist>
        <label>Kernel options <input name="kernel_opts"></label>
        <button>Reimage</button>
        </form>
        """)
  }

  static func accepted(_ job: JobRepresentation) -> Page {
    Page(title: "Reimage asked for", body: summary(job))
  }

  static func powerFailed(_ job: JobRepresentation, reason: String) -> Page {
    Page(
      title: "The power command failed",
      body: """
        <p>\(HTMLText.escaped(reason))</p>
        <p>The job is kept: the machine installs when it boots next.</p>
        \(summary(job))
        """)
  }

  static func refused(_ sentences: [String]) -> Page {
    let items = sentences.map { "<li>\(HTMLText.escaped($0))</li>" }.joined(separator: "\n")
    return Page(title: "Nothing was stored", body: "<ul>\n\(items)\n</ul>")
  }

  static func log(_ lines: [String]) -> Page {
    Page(title: "Log", body: "<pre>\(HTMLText.escaped(lines.joined(separator: "\n")))</pre>")
  }

  private static func summary(_ job: JobRepresentation) -> String {
    HTML.table(
      ["Asked", "Value"],
      [
        ["Job", String(job.id)], ["mac_address", job.mac], ["obm_address", job.obm],
        ["location", job.location], ["kernel_opts", job.kernelOptions],
      ] + job.parameters.sorted { $0.key < $1.key }.map { [$0.key, $0.value] } + [
        ["Power", job.power.text ?? job.power.state]
      ])
  }
}
