/// LabTests: machines that nobody knows make records of themselves, and install by them.

import Foundation
import Lab
import Testing
import Wire

/// A part of the same suite: there is one laboratory, and its machines do one thing at a time.
extension BootTests {
  /// Bergenholm's way: register, be told to install, stream kernel and initrd from a mirror, fetch
  /// the kickstart, tell `installed_url`, boot from disk.
  @Test func unknownMachinesRegisterAndInstallByTheirRecords() async throws {
    let site = try await RehearsalLab.shared.site()
    site.appliance.kill()
    try await site.appliance.start(environment: ["FINO_UNKNOWN": "register"])
    let mirror = try site.laboratory.start(
      [
        "python3", "-u", "-m", "http.server", "--bind", "10.77.0.1", "--directory",
        site.appliance.images, "8000",
      ], on: .dhcp)
    defer { mirror.kill() }
    try await store(site)

    let machines = [site.bios, site.uefi]
    try await each(machines) { try await boot($0, until: BootDisk.greeting) }
    let ids = machines.map(\.specification.uuid.description)
    let known = try await site.curl("/api/1.0/hosts/").json["hosts"] as? [String] ?? []
    #expect(Set(known).isSuperset(of: ids))
    let record = try await site.curl("/api/1.0/hosts/\(ids[0])").json
    #expect(record["manufacturer"] as? String == "QEMU")

    for id in ids {
      #expect(
        try await site.put("/api/1.0/hosts/\(id)", #"{"groups": ["default", "debian"]}"#) == 202)
    }
    try await each(machines) { machine in
      let line = try await boot(machine, until: InstallerImage.greeting)
      #expect(line.text.contains("fino.marker=record"))
      try await expectKickstart(on: machine, after: line)
    }
    // Two machines, two images, one request each: the others were served from the first download.
    let asked = mirror.outputText.split(separator: "\n").filter { $0.contains("\"GET ") }
    #expect(asked.filter { $0.contains("/debian/vmlinuz") }.count == 1, "\(asked)")
    #expect(asked.filter { $0.contains("/debian/initrd.img") }.count == 1, "\(asked)")

    for id in ids {
      let host = try await site.curl("/api/1.0/hosts/\(id)").json
      #expect(host["groups"] as? [String] == ["default", "debian", "installed"], "\(host)")
    }
    try await each(machines) { try await boot($0, until: BootDisk.greeting) }
    site.appliance.kill()
    try await site.appliance.start()
  }

  private func store(_ site: RehearsalLab.Site) async throws {
    let groups = [
      "default": """
      {"base_url": "http://10.77.0.2", "ipxe_url": "{{base_url}}/ipxe",
       "installed_url": "{{base_url}}/api/1.0/hosts/{{uuid}}?installed=mark",
       "ipxe_script": "localboot.ipxe"}
      """,
      "debian": """
      {"mirror": "http://10.77.0.1:8000/debian", "kernel": "{{mirror}}/vmlinuz",
       "module": "{{mirror}}/initrd.img", "ipxe_script": "linux.ipxe",
       "packages": ["openssh-server", "curl"],
       "kickstart_url": "{{base_url}}/api/1.0/templates/debian.ks/{{uuid}}",
       "installer_opts": "fino.after=poweroff fino.kickstart={{kickstart_url}}",
       "kernel_opts": "initrd=initrd.img console=ttyS0 fino.marker=record {{installer_opts}}"}
      """,
      "installed": #"{"ipxe_script": "localboot.ipxe"}"#,
    ]
    for (name, body) in groups { try await site.post("/api/1.0/groups/\(name)", body) }
    try await site.post(
      "/api/1.0/templates/localboot.ipxe",
      "#!ipxe\niseq ${platform} efi && exit 1 ||\nsanboot --no-describe --drive 0x80\n")
    try await site.post(
      "/api/1.0/templates/linux.ipxe",
      """
      #!ipxe
      kernel {{ipxe_url}}/kernel/${uuid} {{kernel_opts}}
      {%- if module is defined %}
      initrd --name initrd.img {{ipxe_url}}/initrd/${uuid}
      {%- endif %}
      boot

      """)
    try await site.post(
      "/api/1.0/templates/debian.ks",
      """
      {% set disk = "vda" -%}
      # {{uuid}} is installed on {{disk}}
      {%- for package in packages %}
      package {{loop.index}} of {{loop.length}}: {{package}}
      {%- endfor %}
      url --installed {{installed_url}}

      """)
  }

  /// The installer shows the kickstart that was rendered for its machine, and says whom it told.
  private func expectKickstart(
    on machine: VirtualMachine, after line: SerialConsole.Line
  ) async throws {
    let id = machine.specification.uuid.description
    let url = "http://10.77.0.2/api/1.0/hosts/\(id)?installed=mark"
    let last = try await machine.console.waitForLine(
      containing: InstallerImage.told, after: line.end, timeout: .seconds(90))
    #expect(last.text == InstallerImage.told + url)
    let kickstart = machine.console.lines(after: line.end).map(\.text)
      .filter { $0.hasPrefix(InstallerImage.kickstartLine) }
      .map { $0.dropFirst(InstallerImage.kickstartLine.count) }
    #expect(
      kickstart == [
        "# \(id) is installed on vda", "package 1 of 2: openssh-server", "package 2 of 2: curl",
        "url --installed \(url)",
      ])
  }

  @discardableResult
  private func boot(
    _ machine: VirtualMachine, until text: String
  ) async throws -> SerialConsole.Line {
    try machine.kill()
    let start = machine.console.end
    try await machine.powerOn()
    return try await machine.console.waitForLine(
      containing: text, after: start, timeout: .seconds(150))
  }

  private func each(
    _ machines: [VirtualMachine], _ work: @escaping @Sendable (VirtualMachine) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup { group in
      for machine in machines { group.addTask { try await work(machine) } }
      try await group.waitForAll()
    }
  }
}

extension RehearsalLab.Site {
  fileprivate func put(_ path: String, _ body: String) async throws -> Int {
    try await curl(path, ["-X", "PUT", "--data-binary", body]).status
  }

  fileprivate func post(_ path: String, _ body: String) async throws {
    let answer = try await curl(path, ["--data-binary", body])
    #expect(answer.status == 201, "\(path): \(answer.body)")
  }
}
